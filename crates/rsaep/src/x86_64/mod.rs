//! The backends for x86-64. The only place of unsafe code in this crate.
#![allow(unsafe_code)]

/// The body for each of the numbers below a constant, as a constant.
macro_rules! each_below {
    ($end:expr, [$($k:literal)+] $K:ident => $body:block) => {
        $(if $k < $end {
            const $K: usize = $k;
            $body
        })+
    };
}

mod adx;
#[cfg(test)]
mod bounds;
mod carry;
mod cpu;
mod entry;
mod features;
mod ifma;
mod ifma_x8;
mod lanes;
mod product_x8;
mod radix52;
mod registers;
mod simd;
mod table;
mod vpmuldq;

use alloc::boxed::Box;
use alloc::vec;

use features::Features;
use once_cell::race::OnceBox;
use simd::LANES;

pub(crate) use registers::wipe as wipe_registers;

use crate::backend::Implementation;
use crate::fault;
use crate::key::bit_len;
use crate::portable::Portable;
use crate::radix64;

/// From how many blocks on a rest of fewer than eight takes all eight lanes, the others unused. Eight
/// blocks at once take as long as 5.1 (2048 bits) to 5.9 (4096) one by one.
const FILLED_FROM: usize = 6;

/// A modulus for MULX and two carry chains.
#[derive(Clone)]
pub(crate) struct Adx {
    cpu: cpu::Adx,
    modulus: radix64::Modulus,
}

impl Implementation for Adx {
    fn is_available() -> bool {
        cpu::Adx::detect().is_some()
    }

    fn new(modulus: &[u8]) -> Option<Self> {
        let cpu = cpu::Adx::detect()?;
        let modulus = radix64::Modulus::new(modulus);
        Some(Self { cpu, modulus })
    }

    fn tested_by(modulus: &[u8]) -> usize {
        radix64::tested_by(modulus)
    }

    fn power(&self, e: &[u8], size: usize, blocks: &mut [u8]) {
        self.cpu.power(&self.modulus, e, size, blocks);
    }
}

/// Declares a backend that works with VPMULDQ on as many blocks as a register has lanes, and on one block with what
/// else the CPU has: its token, the lanes, and from how many blocks on a rest of fewer takes all lanes, the others unused.
macro_rules! vpmuldq_backend {
    ($(#[$doc:meta])* $Name:ident, $Token:ty, $lanes:literal, $filled_from:literal) => {
        $(#[$doc])*
        #[derive(Clone)]
        pub(crate) struct $Name {
            cpu: $Token,
            one: One,
            n: Box<[u8]>,
            /// Made when there are several blocks for the first time: a key that is used once pays nothing for it.
            modulus: OnceBox<vpmuldq::Modulus>,
        }

        impl Implementation for $Name {
            fn is_available() -> bool {
                <$Token>::detect().is_some()
            }

            fn new(modulus: &[u8]) -> Option<Self> {
                Some(Self {
                    cpu: <$Token>::detect()?,
                    one: One::new(modulus)?,
                    n: modulus.into(),
                    modulus: OnceBox::new(),
                })
            }

            fn tested_by(modulus: &[u8]) -> usize {
                radix64::tested_by(modulus)
            }

            fn several_tested_by(modulus: &[u8]) -> usize {
                match vpmuldq::digits(bit_len(modulus)) {
                    (29, 72) => 2048,
                    (29, 108) => 3072,
                    (28, 148) => 4096,
                    (29, _) => 1024,
                    (28, _) => 4224,
                    _ => 14_080,
                }
            }

            // All lanes and one alone, and all lanes for fewer.
            const BATCHES: &'static [usize] = &[$lanes + 1, $filled_from];

            fn power(&self, e: &[u8], size: usize, blocks: &mut [u8]) {
                let rest = blocks.len() / size % $lanes;
                let alone = if rest < $filled_from { rest } else { 0 };
                let (several, alone) = blocks.split_at_mut(blocks.len() - alone * size);
                if !several.is_empty() {
                    let new = || Box::new(vpmuldq::Modulus::new(&self.n, bit_len(&self.n)));
                    let modulus = self.modulus.get_or_init(new);
                    let kernel = match modulus.shape() {
                        (29, 72) => <$Token>::power_72,
                        (29, 108) => <$Token>::power_108,
                        (28, 148) => <$Token>::power_148,
                        (29, _) => <$Token>::power_29,
                        (28, _) => <$Token>::power_28,
                        _ => <$Token>::power_27,
                    };
                    let mut scratch = vec![0; LANES + $lanes * vpmuldq::scratch_len(modulus)];
                    let (scratch, _) = aligned(&mut scratch).as_chunks_mut();
                    for blocks in several.chunks_mut($lanes * size) {
                        kernel(self.cpu, modulus, e, size, blocks, scratch);
                    }
                    fault::place("all lanes", several);
                    vpmuldq::wipe(scratch.as_flattened_mut());
                }
                if !alone.is_empty() {
                    self.one.power(e, size, alone);
                    fault::place("the rest of a batch", alone);
                }
            }
        }
    };
}

vpmuldq_backend! {
    /// A modulus for AVX2, and four blocks at a time. They take as long as two one by one.
    Avx2X4, cpu::Avx2, 4, 3
}

vpmuldq_backend! {
    /// A modulus for AVX-512, and eight blocks at a time.
    Avx512X8, cpu::Avx512F, 8, 5
}

/// A modulus for one block at a time, without vectors.
#[derive(Clone)]
enum One {
    Adx(Adx),
    Portable(Portable),
}

impl One {
    fn new(modulus: &[u8]) -> Option<Self> {
        match Adx::new(modulus) {
            Some(adx) => Some(Self::Adx(adx)),
            None => Portable::new(modulus).map(Self::Portable),
        }
    }

    fn power(&self, e: &[u8], size: usize, blocks: &mut [u8]) {
        match self {
            Self::Adx(adx) => adx.power(e, size, blocks),
            Self::Portable(portable) => portable.power(e, size, blocks),
        }
    }
}

/// A modulus for AVX-512 IFMA, and one block at a time.
#[derive(Clone)]
pub(crate) struct Ifma {
    cpu: cpu::Avx512,
    modulus: radix52::Modulus<52>,
}

impl Implementation for Ifma {
    fn is_available() -> bool {
        cpu::Avx512::detect().is_some()
    }

    fn new(modulus: &[u8]) -> Option<Self> {
        let cpu = cpu::Avx512::detect()?;
        let modulus = cpu.set_up(modulus, bit_len(modulus));
        Some(Self { cpu, modulus })
    }

    fn tested_by(modulus: &[u8]) -> usize {
        // The last three differ in how many limbs are brought below 2^52 at a time.
        match radix52::len(52, bit_len(modulus)) {
            40 => 1984,
            60 => 3008,
            80 => 4032,
            32 | 64 => 1024,
            48 => 2240,
            _ => 4224,
        }
    }

    fn power(&self, e: &[u8], size: usize, blocks: &mut [u8]) {
        let mut scratch = vec![0; LANES + ifma::scratch_len(self.modulus.len)];
        let scratch = aligned(&mut scratch);
        for block in blocks.chunks_exact_mut(size) {
            match self.modulus.len {
                40 => self.cpu.power_40(&self.modulus, e, block, scratch),
                60 => self.cpu.power_60(&self.modulus, e, block, scratch),
                80 => self.cpu.power_80(&self.modulus, e, block, scratch),
                _ => self.cpu.power_any(&self.modulus, e, block, scratch),
            }
        }
        self.cpu.wipe(scratch);
    }
}

/// A modulus for AVX-512 IFMA, and eight blocks at a time.
#[derive(Clone)]
pub(crate) struct IfmaX8(Ifma);

impl Implementation for IfmaX8 {
    fn is_available() -> bool {
        Ifma::is_available()
    }

    fn new(modulus: &[u8]) -> Option<Self> {
        Ifma::new(modulus).map(Self)
    }

    fn tested_by(modulus: &[u8]) -> usize {
        Ifma::tested_by(modulus)
    }

    // Eight at once and one alone, and eight lanes for fewer.
    const BATCHES: &'static [usize] = &[LANES + 1, FILLED_FROM];

    fn power(&self, e: &[u8], size: usize, blocks: &mut [u8]) {
        let Ifma { cpu, modulus } = &self.0;
        let kernel = |blocks: &mut [u8], scratch: &mut [_]| {
            cpu.power_x8(modulus, e, size, blocks, scratch);
        };
        let alone = eights(*cpu, modulus.len, size, blocks, kernel);
        if !alone.is_empty() {
            self.0.power(e, size, alone);
            fault::place("the rest of a batch", alone);
        }
    }
}

/// A modulus for AVX-512 IFMA and eight blocks at a time, reduced by Winograd's inner products, and one block at a time.
#[derive(Clone)]
pub(crate) struct IfmaX8Winograd {
    one: Ifma,
    n: Box<[u8]>,
    /// Made when there are several blocks for the first time.
    modulus: OnceBox<radix52::Modulus<51>>,
}

impl Implementation for IfmaX8Winograd {
    fn is_available() -> bool {
        Ifma::is_available()
    }

    fn is_for_this_cpu() -> bool {
        Self::is_available() && Features::of_this_cpu().has(Features::ADDS_BESIDE_MULTIPLYING)
    }

    fn new(modulus: &[u8]) -> Option<Self> {
        Some(Self {
            one: Ifma::new(modulus)?,
            n: modulus.into(),
            modulus: OnceBox::new(),
        })
    }

    fn tested_by(modulus: &[u8]) -> usize {
        Ifma::tested_by(modulus)
    }

    fn several_tested_by(modulus: &[u8]) -> usize {
        match radix52::len(51, bit_len(modulus)) {
            42 => 2048,
            62 => 3072,
            82 => 4096,
            32 | 64 => 1024,
            48 => 2240,
            80 => 4032,
            _ => 4224,
        }
    }

    // Eight at once and one alone, and eight lanes for fewer.
    const BATCHES: &'static [usize] = &[LANES + 1, FILLED_FROM];

    fn power(&self, e: &[u8], size: usize, blocks: &mut [u8]) {
        let cpu = self.one.cpu;
        let alone = if blocks.len() < FILLED_FROM * size {
            blocks
        } else {
            let new = || Box::new(cpu.set_up_51(&self.n, bit_len(&self.n)));
            let modulus = self.modulus.get_or_init(new);
            let kernel = |blocks: &mut [u8], scratch: &mut [_]| {
                cpu.power_x8_51(modulus, e, size, blocks, scratch);
            };
            eights(cpu, modulus.len, size, blocks, kernel)
        };
        if !alone.is_empty() {
            self.one.power(e, size, alone);
            fault::place("the rest of a batch", alone);
        }
    }
}

/// Calls `kernel` for each eight blocks, and for what is left if it is as many as fill the lanes. Returns what is
/// left then.
fn eights(
    cpu: cpu::Avx512,
    len: usize,
    size: usize,
    blocks: &mut [u8],
    kernel: impl Fn(&mut [u8], &mut [ifma_x8::Limbs]),
) -> &mut [u8] {
    let rest = blocks.len() / size % LANES;
    let alone = if rest < FILLED_FROM { rest } else { 0 };
    let (several, alone) = blocks.split_at_mut(blocks.len() - alone * size);
    if !several.is_empty() {
        let words = LANES * ifma_x8::scratch_len(len);
        let mut scratch = vec![0; LANES + words];
        let (scratch, _) = aligned(&mut scratch).as_chunks_mut();
        for blocks in several.chunks_mut(LANES * size) {
            kernel(blocks, scratch);
            fault::place("eight lanes", blocks);
        }
        cpu.wipe(scratch.as_flattened_mut());
    }
    alone
}

/// The words from the first cache line that begins in them. A load of a whole register that lies
/// across two lines costs two.
fn aligned(words: &mut [u64]) -> &mut [u64] {
    let start = words.as_ptr().align_offset(size_of::<[u64; LANES]>());
    &mut words[start..]
}
