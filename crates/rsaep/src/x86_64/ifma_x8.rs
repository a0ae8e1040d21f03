//! Eight blocks at a time with AVX-512 IFMA: limb j of eight messages in one register.
//!
//! A product is made column by column, [`WIDTH`] columns at once, whose sums stay in registers
//! from the first product to the carry: the sums of a square, then those of the quotient
//! digits times n are added to the same registers (Montgomery, finely integrated product
//! scanning). docs/ifma.md has the bounds and the proofs.

use core::ops::Range;

use super::cpu::Avx512;
use super::radix52::{self, MASK, Modulus, PAD};
use super::simd::{LANES, Vector};
use crate::exponent::{Step, steps};

/// How many columns are summed at once: enough chains of sums to keep the multipliers busy.
const WIDTH: usize = 4;

/// One limb of each of eight messages.
pub(super) type Limbs = [u64; LANES];

/// How much scratch memory [`power`] takes for a modulus of `len` limbs.
pub(super) fn scratch_len(len: usize) -> usize {
    // The message, its Montgomery form, q, y, x with its zeros, and one block's limbs.
    5 * len + WIDTH + len.div_ceil(LANES)
}

/// Replaces up to eight blocks of `size` bytes, messages below the modulus, by their powers.
/// `e` is as [`steps`] wants it.
#[inline(always)]
pub(super) fn power(
    cpu: Avx512,
    modulus: &Modulus,
    e: &[u8],
    size: usize,
    blocks: &mut [u8],
    scratch: &mut [Limbs],
) {
    match modulus.len {
        40 => power_sized(cpu, modulus, 40, e, size, blocks, scratch),
        60 => power_sized(cpu, modulus, 60, e, size, blocks, scratch),
        80 => power_sized(cpu, modulus, 80, e, size, blocks, scratch),
        len => power_sized(cpu, modulus, len, e, size, blocks, scratch),
    }
}

#[inline(always)]
fn power_sized(
    cpu: Avx512,
    modulus: &Modulus,
    len: usize,
    e: &[u8],
    size: usize,
    blocks: &mut [u8],
    scratch: &mut [Limbs],
) {
    let (message, rest) = scratch.split_at_mut(len);
    let (base, rest) = rest.split_at_mut(len);
    let (q, rest) = rest.split_at_mut(len);
    let (y, rest) = rest.split_at_mut(len);
    let (x, one) = rest.split_at_mut(len + WIDTH);
    let one = &mut one.as_flattened_mut()[..len];

    // A block that is missing is 0, or what the lane held before.
    for (lane, block) in blocks.chunks_exact(size).enumerate() {
        radix52::from_be_bytes(one, block);
        for (limbs, limb) in message.iter_mut().zip(one.iter()) {
            limbs[lane] = *limb;
        }
    }
    for (x, limb) in x.iter_mut().zip(&modulus.rr[PAD..][..len]) {
        *x = [*limb; LANES];
    }
    for step in steps(e) {
        let number = Number::Each(x);
        let factors = match step {
            Step::Square => Factors::Square(number),
            Step::TimesBase => Factors::Product(Number::Each(base), number),
            Step::Enter | Step::Leave => Factors::Product(Number::Each(message), number),
        };
        montgomery(cpu, modulus, len, factors, q, y);
        x[..len].copy_from_slice(y);
        if step == Step::Enter {
            base.copy_from_slice(y);
        }
    }
    for (lane, block) in blocks.chunks_exact_mut(size).enumerate() {
        for (limb, limbs) in one.iter_mut().zip(x.iter()) {
            *limb = limbs[lane];
        }
        modulus.write_below(one, block);
    }
}

/// A number: of each message its own, or one for all.
#[derive(Clone, Copy)]
enum Number<'a> {
    Each(&'a [Limbs]),
    All(&'a [u64]),
}

impl Number<'_> {
    #[inline(always)]
    fn limb(self, cpu: Avx512, index: usize) -> Vector {
        match self {
            Self::Each(limbs) => cpu.load(&limbs[index]),
            Self::All(limbs) => cpu.splat(limbs[index]),
        }
    }
}

impl Number<'_> {
    /// [`WIDTH`] limbs from `index` on.
    #[inline(always)]
    fn limbs(self, cpu: Avx512, index: usize) -> [Vector; WIDTH] {
        let mut limbs = [cpu.zero(); WIDTH];
        match self {
            Self::Each(number) => {
                for (limb, words) in limbs.iter_mut().zip(&number[index..][..WIDTH]) {
                    *limb = cpu.load(words);
                }
            }
            Self::All(number) => {
                for (limb, word) in limbs.iter_mut().zip(&number[index..][..WIDTH]) {
                    *limb = cpu.splat(*word);
                }
            }
        }
        limbs
    }
}

/// What a Montgomery product is made of.
#[derive(Clone, Copy)]
enum Factors<'a> {
    Square(Number<'a>),
    Product(Number<'a>, Number<'a>),
}

impl Factors<'_> {
    /// The sums of the columns from `c` on, without the carries.
    #[inline(always)]
    fn columns(self, cpu: Avx512, len: usize, c: usize) -> Columns {
        let mut columns = Columns::zero(cpu);
        match self {
            Self::Square(x) => {
                let first = (c + 1).saturating_sub(len);
                columns.add_products(cpu, x, x, c, first..c / 2);
                // Column c + k holds the products with i < j up to i = (c + k - 1) / 2.
                for k in 0..WIDTH {
                    for above in 0..k.div_ceil(2) {
                        let i = c / 2 + above;
                        columns.add(cpu, k, x.limb(cpu, i), x.limb(cpu, c + k - i));
                    }
                }
                columns.double(cpu);
                for k in (0..WIDTH).step_by(2) {
                    let diagonal = x.limb(cpu, (c + k) / 2);
                    columns.add(cpu, k, diagonal, diagonal);
                }
            }
            Self::Product(a, b) if c < len => {
                columns.add_products(cpu, a, b, c, 0..c + 1);
                for above in 1..WIDTH {
                    let a = a.limb(cpu, c + above);
                    for k in above..WIDTH {
                        columns.add(cpu, k, a, b.limb(cpu, k - above));
                    }
                }
            }
            Self::Product(a, b) => columns.add_upper_products(cpu, a, b, c, len),
        }
        columns
    }
}

/// The sums of `WIDTH` neighbouring columns.
struct Columns {
    lo: [Vector; WIDTH],
    /// One column further up.
    hi: [Vector; WIDTH],
}

impl Columns {
    #[inline(always)]
    fn zero(cpu: Avx512) -> Self {
        Self {
            lo: [cpu.zero(); WIDTH],
            hi: [cpu.zero(); WIDTH],
        }
    }

    #[inline(always)]
    fn add(&mut self, cpu: Avx512, k: usize, a: Vector, b: Vector) {
        self.lo[k] = cpu.madd_lo(self.lo[k], a, b);
        self.hi[k] = cpu.madd_hi(self.hi[k], a, b);
    }

    /// Adds a_i b_(c + k - i) to column c + k, for all k and the given i.
    #[inline(always)]
    fn add_products(&mut self, cpu: Avx512, a: Number, b: Number, c: usize, range: Range<usize>) {
        let (odd, turns) = (range.len() % WIDTH, range.len() / WIDTH);
        for i in range.start..range.start + odd {
            let a = a.limb(cpu, i);
            for k in 0..WIDTH {
                self.add(cpu, k, a, b.limb(cpu, c + k - i));
            }
        }
        if turns == 0 {
            return;
        }
        let mut i = range.start + odd;
        // The limbs of b above b_(c - i): each turn takes as many new ones from below.
        let mut above = b.limbs(cpu, c + 1 - i);
        for _ in 0..turns {
            let below = b.limbs(cpu, c + 1 - i - WIDTH);
            let a = a.limbs(cpu, i);
            for step in 0..WIDTH {
                for k in 0..WIDTH {
                    let b = if k > step {
                        above[k - step - 1]
                    } else {
                        below[WIDTH - 1 + k - step]
                    };
                    self.add(cpu, k, a[step], b);
                }
            }
            above = below;
            i += WIDTH;
        }
    }

    /// All products of the columns from `c` on, where `c` is at least `len`.
    #[inline(always)]
    fn add_upper_products(&mut self, cpu: Avx512, a: Number, b: Number, c: usize, len: usize) {
        let first = c - len + 1;
        for below in 0..WIDTH - 1 {
            let a = a.limb(cpu, first + below);
            for k in 0..=below {
                self.add(cpu, k, a, b.limb(cpu, len - 1 + k - below));
            }
        }
        self.add_products(cpu, a, b, c, first + WIDTH - 1..len);
    }

    #[inline(always)]
    fn double(&mut self, cpu: Avx512) {
        for k in 0..WIDTH {
            self.lo[k] = cpu.add(self.lo[k], self.lo[k]);
            self.hi[k] = cpu.add(self.hi[k], self.hi[k]);
        }
    }
}

/// y = t / R mod n, where t is what the factors make.
#[inline(always)]
fn montgomery(
    cpu: Avx512,
    modulus: &Modulus,
    len: usize,
    factors: Factors,
    q: &mut [Limbs],
    y: &mut [Limbs],
) {
    let mask = cpu.splat(MASK);
    let n0 = cpu.splat(modulus.inverse[PAD]);
    let n = Number::All(&modulus.n[PAD..]);
    // What the columns below add to the lowest of the next.
    let mut carry = cpu.zero();
    for c in (0..len).step_by(WIDTH) {
        let mut columns = factors.columns(cpu, len, c);
        columns.add_products(cpu, Number::Each(q), n, c, 0..c);
        for k in 0..WIDTH {
            let sum = cpu.add(columns.lo[k], carry);
            let digit = cpu.madd_lo(cpu.zero(), sum, n0);
            cpu.store(&mut q[c + k], digit);
            // The digits found in this round meet the lowest limbs of n here.
            columns.lo[k] = sum;
            for above in k..WIDTH {
                columns.add(cpu, above, digit, n.limb(cpu, above - k));
            }
            carry = cpu.add(cpu.shift_right_52(columns.lo[k]), columns.hi[k]);
        }
    }
    for c in (len..2 * len).step_by(WIDTH) {
        let mut columns = factors.columns(cpu, len, c);
        columns.add_upper_products(cpu, Number::Each(q), n, c, len);
        for k in 0..WIDTH {
            let sum = cpu.add(columns.lo[k], carry);
            cpu.store(&mut y[c - len + k], cpu.and(sum, mask));
            carry = cpu.add(cpu.shift_right_52(sum), columns.hi[k]);
        }
    }
}
