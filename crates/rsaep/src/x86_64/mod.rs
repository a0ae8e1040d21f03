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
mod carry;
mod cpu;
mod ifma;
mod ifma_x8;
mod lanes;
mod product_x8;
mod radix52;
mod registers;
mod simd;
mod table;

use alloc::vec;

pub(crate) use registers::wipe as wipe_registers;

use crate::portable::Portable;

/// From how many blocks on a rest of fewer than eight takes all eight lanes, the others unused. Eight
/// blocks at once take as long as 5.1 (2048 bits) to 5.9 (4096) one by one.
const FILLED_FROM: usize = 6;

/// Whether this CPU, and the operating system, have what the IFMA backends need.
pub(crate) fn has_ifma() -> bool {
    cpu::Avx512::detect().is_some()
}

/// Whether this CPU has what the ADX backend needs.
pub(crate) fn has_adx() -> bool {
    cpu::Adx::detect().is_some()
}

/// A modulus for MULX and two carry chains.
#[derive(Clone)]
pub(crate) struct Adx {
    cpu: cpu::Adx,
    modulus: Portable,
}

impl Adx {
    /// From an odd modulus, big-endian, without leading zeros. `None` where the CPU is not able.
    pub(crate) fn new(modulus: &[u8]) -> Option<Self> {
        let cpu = cpu::Adx::detect()?;
        let modulus = Portable::new(modulus);
        Some(Self { cpu, modulus })
    }

    /// As [`Portable::power`].
    pub(crate) fn power(&self, e: &[u8], size: usize, blocks: &mut [u8]) {
        self.cpu.power(&self.modulus, e, size, blocks);
    }
}

/// A modulus for AVX-512 IFMA.
#[derive(Clone)]
pub(crate) struct Ifma {
    cpu: cpu::Avx512,
    modulus: radix52::Modulus,
}

impl Ifma {
    /// From an odd modulus of `bits` bits, big-endian, without leading zeros. `None` where
    /// the CPU is not able.
    pub(crate) fn new(modulus: &[u8], bits: usize) -> Option<Self> {
        let cpu = cpu::Avx512::detect()?;
        let modulus = cpu.set_up(modulus, bits);
        Some(Self { cpu, modulus })
    }

    /// Replaces each block of `size` bytes by its power, one at a time. `e` and the blocks
    /// are as for [`Portable::power`](crate::portable::Portable::power).
    pub(crate) fn power(&self, e: &[u8], size: usize, blocks: &mut [u8]) {
        let mut scratch = vec![0; simd::LANES + ifma::scratch_len(self.modulus.len)];
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

    /// As [`power`](Self::power), eight at a time.
    pub(crate) fn power_x8(&self, e: &[u8], size: usize, blocks: &mut [u8]) {
        let (eights, rest) =
            blocks.split_at_mut(blocks.len() - blocks.len() % (simd::LANES * size));
        let filled = rest.len() >= FILLED_FROM * size;
        if !eights.is_empty() || filled {
            let len = simd::LANES * ifma_x8::scratch_len(self.modulus.len);
            let mut scratch = vec![0; simd::LANES + len];
            let (scratch, _) = aligned(&mut scratch).as_chunks_mut();
            for blocks in eights.chunks_exact_mut(simd::LANES * size) {
                self.cpu.power_x8(&self.modulus, e, size, blocks, scratch);
            }
            if filled {
                self.cpu.power_x8(&self.modulus, e, size, rest, scratch);
            }
            self.cpu.wipe(scratch.as_flattened_mut());
        }
        if !filled && !rest.is_empty() {
            self.power(e, size, rest);
        }
    }
}

/// The words from the first cache line that begins in them. A load of a whole register that lies
/// across two lines costs two.
fn aligned(words: &mut [u64]) -> &mut [u64] {
    let start = words.as_ptr().align_offset(size_of::<[u64; simd::LANES]>());
    &mut words[start..]
}
