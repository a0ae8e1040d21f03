//! Eight blocks at a time with AVX-512 IFMA: limb j of eight messages in one register.
//!
//! The arithmetic is that of [`ifma`](super::ifma), the upper half of a product replaced by what it
//! is modulo n. A product is made column by column, several at once, whose sums stay in
//! registers from the first product to the carry. docs/ifma.md has the bounds and the proofs.

use core::ops::Range;

use super::cpu::Avx512;
use super::radix52::{self, BITS, MASK, Modulus};
use super::simd::{LANES, Vector};
use crate::exponent::{Step, steps};

/// How many columns of a product are summed at once: enough chains of sums to keep the multipliers busy.
const WIDTH: usize = 4;

/// How many columns of a fold are: as many limbs of the table as a cache line has.
const FOLD_WIDTH: usize = 8;

/// One limb of each of eight messages.
pub(super) type Limbs = [u64; LANES];

/// How much scratch memory [`power`] takes for a modulus of `len` limbs.
pub(super) fn scratch_len(len: usize) -> usize {
    // The message, x with its zeros, the halves of a product, and one block's limbs.
    4 * len + 2 * LANES + len.div_ceil(LANES)
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
    let (message, rest) = scratch.split_at_mut(len + WIDTH);
    let (x, rest) = rest.split_at_mut(len + WIDTH);
    let (low, rest) = rest.split_at_mut(len);
    let (high, rest) = rest.split_at_mut(len);
    let one = &mut rest.as_flattened_mut()[..len];

    // A block that is missing is 0, or what the lane held before.
    for (lane, block) in blocks.chunks_exact(size).enumerate() {
        radix52::from_be_bytes(one, block);
        for (limbs, limb) in message.iter_mut().zip(one.iter()) {
            limbs[lane] = *limb;
        }
    }
    x.copy_from_slice(message);
    for step in steps(e) {
        let factors = match step {
            Step::Square => Factors::Square(x),
            Step::Multiply | Step::Last => Factors::Product(message, x),
        };
        factors.halves(cpu, len, low, high);
        fold(cpu, modulus, len, low, high, x);
    }
    for shift in (0..modulus.quotients).rev() {
        subtract_multiple(cpu, modulus, len, x, shift);
    }
    subtract_once(cpu, modulus, len, x, low);
    for (lane, block) in blocks.chunks_exact_mut(size).enumerate() {
        for (limb, limbs) in one.iter_mut().zip(x.iter()) {
            *limb = limbs[lane];
        }
        radix52::to_be_bytes(one, block);
    }
}

/// What a product is made of.
#[derive(Clone, Copy)]
enum Factors<'a> {
    Square(&'a [Limbs]),
    Product(&'a [Limbs], &'a [Limbs]),
}

impl Factors<'_> {
    /// The product: columns `0..len` as they are, the rest as limbs.
    #[inline(always)]
    fn halves(self, cpu: Avx512, len: usize, low: &mut [Limbs], high: &mut [Limbs]) {
        let mut carry = cpu.zero();
        for c in (0..len).step_by(WIDTH) {
            let columns = self.columns(cpu, len, c);
            for k in 0..WIDTH {
                cpu.store(&mut low[c + k], cpu.add(columns.lo[k], carry));
                carry = columns.hi[k];
            }
        }
        let mask = cpu.splat(MASK);
        for c in (len..2 * len).step_by(WIDTH) {
            let columns = self.columns(cpu, len, c);
            for k in 0..WIDTH {
                let sum = cpu.add(columns.lo[k], carry);
                cpu.store(&mut high[c - len + k], cpu.and(sum, mask));
                carry = cpu.add(cpu.shift_right_52(sum), columns.hi[k]);
            }
        }
    }

    /// The sums of the columns from `c` on, without the carries.
    #[inline(always)]
    fn columns(self, cpu: Avx512, len: usize, c: usize) -> Columns<WIDTH> {
        let mut columns = Columns::zero(cpu);
        match self {
            Self::Square(x) => {
                let first = (c + 1).saturating_sub(len);
                columns.add_products(cpu, x, x, c, first..c / 2);
                // Column c + k holds the products with i < j up to i = (c + k - 1) / 2.
                for k in 0..WIDTH {
                    for above in 0..k.div_ceil(2) {
                        let i = c / 2 + above;
                        columns.add(cpu, k, cpu.load(&x[i]), cpu.load(&x[c + k - i]));
                    }
                }
                columns.double(cpu);
                for k in (0..WIDTH).step_by(2) {
                    let diagonal = cpu.load(&x[(c + k) / 2]);
                    columns.add(cpu, k, diagonal, diagonal);
                }
            }
            Self::Product(a, b) if c < len => {
                columns.add_products(cpu, a, b, c, 0..c + 1);
                for above in 1..WIDTH {
                    let a = cpu.load(&a[c + above]);
                    for k in above..WIDTH {
                        columns.add(cpu, k, a, cpu.load(&b[k - above]));
                    }
                }
            }
            Self::Product(a, b) => columns.add_products(cpu, a, b, c, c - len + 1..len),
        }
        columns
    }
}

/// The sums of `N` neighbouring columns.
struct Columns<const N: usize> {
    lo: [Vector; N],
    /// One column further up.
    hi: [Vector; N],
}

impl<const N: usize> Columns<N> {
    #[inline(always)]
    fn zero(cpu: Avx512) -> Self {
        Self {
            lo: [cpu.zero(); N],
            hi: [cpu.zero(); N],
        }
    }

    #[inline(always)]
    fn add(&mut self, cpu: Avx512, k: usize, a: Vector, b: Vector) {
        self.lo[k] = cpu.madd_lo(self.lo[k], a, b);
        self.hi[k] = cpu.madd_hi(self.hi[k], a, b);
    }

    #[inline(always)]
    fn double(&mut self, cpu: Avx512) {
        for k in 0..N {
            self.lo[k] = cpu.add(self.lo[k], self.lo[k]);
            self.hi[k] = cpu.add(self.hi[k], self.hi[k]);
        }
    }

    /// Adds the limb of each message times eight limbs of a row of the table.
    #[inline(always)]
    fn add_row(&mut self, cpu: Avx512, limb: Vector, row: &[u64], c: usize) {
        let row: &[u64; N] = row[c..].first_chunk().expect("rows are whole lines");
        for (k, word) in row.iter().enumerate() {
            self.add(cpu, k, limb, cpu.splat(*word));
        }
    }
}

impl Columns<WIDTH> {
    /// Adds a_i b_(c + k - i) to column c + k, for all k and the given i. Above b there are zeros.
    #[inline(always)]
    fn add_products(
        &mut self,
        cpu: Avx512,
        a: &[Limbs],
        b: &[Limbs],
        c: usize,
        range: Range<usize>,
    ) {
        let (odd, turns) = (range.len() % WIDTH, range.len() / WIDTH);
        for i in range.start..range.start + odd {
            let a = cpu.load(&a[i]);
            for k in 0..WIDTH {
                self.add(cpu, k, a, cpu.load(&b[c + k - i]));
            }
        }
        if turns == 0 {
            return;
        }
        let mut i = range.start + odd;
        // The limbs of b above b_(c - i): each turn takes as many new ones from below.
        let mut above = limbs(cpu, b, c + 1 - i);
        for _ in 0..turns {
            let below = limbs(cpu, b, c + 1 - i - WIDTH);
            let a = limbs(cpu, a, i);
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
}

/// [`WIDTH`] limbs from `index` on.
#[inline(always)]
fn limbs(cpu: Avx512, number: &[Limbs], index: usize) -> [Vector; WIDTH] {
    let mut limbs = [cpu.zero(); WIDTH];
    for (limb, words) in limbs.iter_mut().zip(&number[index..][..WIDTH]) {
        *limb = cpu.load(words);
    }
    limbs
}

/// x = low + 2^(52 len) high mod n
#[inline(always)]
fn fold(
    cpu: Avx512,
    modulus: &Modulus,
    len: usize,
    low: &mut [Limbs],
    high: &[Limbs],
    x: &mut [Limbs],
) {
    // The highest columns first: what exceeds 2^(52 len) there is a multiplier itself.
    let top = (len - 1) / FOLD_WIDTH * FOLD_WIDTH;
    let columns = folded(cpu, modulus, len, high, top);
    let mut above = cpu.zero();
    for (k, limbs) in low[top..len].iter_mut().enumerate() {
        let sum = cpu.add(cpu.load(limbs), cpu.add(columns.lo[k], above));
        cpu.store(limbs, sum);
        above = columns.hi[k];
    }
    let highest = cpu.load(&low[len - 1]);
    let multiplier = cpu.add(
        cpu.shift_left(above, modulus.over_shift),
        cpu.shift_right(highest, modulus.top_shift),
    );
    let rest = cpu.and(highest, cpu.splat(modulus.top_mask.0[(len - 1) % LANES]));
    cpu.store(&mut low[len - 1], rest);

    let mask = cpu.splat(MASK);
    let row = modulus.row(len);
    let mut carry = cpu.zero();
    for c in (0..len).step_by(FOLD_WIDTH) {
        let mut columns = if c < top {
            folded(cpu, modulus, len, high, c)
        } else {
            Columns::zero(cpu)
        };
        columns.add_row(cpu, multiplier, row, c);
        let x = x[c..].iter_mut().zip(&low[c..len]);
        for (k, (x, limbs)) in x.enumerate().take(FOLD_WIDTH) {
            let sum = cpu.add(cpu.add(columns.lo[k], carry), cpu.load(limbs));
            cpu.store(x, cpu.and(sum, mask));
            carry = cpu.add(cpu.shift_right_52(sum), columns.hi[k]);
        }
    }
}

/// The sums, for the columns from `c` on, of the limbs of `high` times their rows of the table.
#[inline(always)]
fn folded(
    cpu: Avx512,
    modulus: &Modulus,
    len: usize,
    high: &[Limbs],
    c: usize,
) -> Columns<FOLD_WIDTH> {
    let mut columns = Columns::zero(cpu);
    for (i, limbs) in high[..len].iter().enumerate() {
        columns.add_row(cpu, cpu.load(limbs), modulus.row(i), c);
    }
    columns
}

/// Subtracts n 2^(40 shift) as often as x holds it, or once less.
#[inline(always)]
fn subtract_multiple(cpu: Avx512, modulus: &Modulus, len: usize, x: &mut [Limbs], shift: usize) {
    let (at, bit) = modulus.quotient_at(shift);
    // The bits that are read lie below those of the limb above.
    let top = cpu.add(
        cpu.shift_right(cpu.load(&x[at]), bit),
        cpu.shift_left(cpu.load(&x[at + 1]), BITS - bit),
    );
    let quotient = cpu.madd_hi(cpu.zero(), top, cpu.splat(modulus.reciprocal));
    let mask = cpu.splat(MASK);
    let mut carry = cpu.zero();
    for (limbs, negated) in x[..len].iter_mut().zip(modulus.row(len + 1 + shift)) {
        let negated = cpu.splat(*negated);
        let sum = cpu.madd_lo(cpu.add(cpu.load(limbs), carry), quotient, negated);
        carry = cpu.madd_hi(cpu.shift_right_52(sum), quotient, negated);
        cpu.store(limbs, cpu.and(sum, mask));
    }
}

/// Subtracts n where x is not below it. `y` is scratch.
#[inline(always)]
fn subtract_once(cpu: Avx512, modulus: &Modulus, len: usize, x: &mut [Limbs], y: &mut [Limbs]) {
    let mask = cpu.splat(MASK);
    let mut carry = cpu.zero();
    for ((x, y), negated) in x.iter().zip(&mut y[..len]).zip(modulus.row(len + 1)) {
        let sum = cpu.add(cpu.add(cpu.load(x), carry), cpu.splat(*negated));
        carry = cpu.shift_right_52(sum);
        cpu.store(y, cpu.and(sum, mask));
    }
    // x - n + 2^(52 len) has a bit above the limbs where x is not below n.
    let not_below = cpu.is_equal(carry, cpu.splat(1));
    for (x, y) in x.iter_mut().zip(&y[..len]) {
        let chosen = cpu.select(not_below, cpu.load(y), cpu.load(x));
        cpu.store(x, chosen);
    }
}
