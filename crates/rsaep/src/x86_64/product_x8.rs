//! Products of eight pairs of numbers: limb j of eight numbers in one register.
//!
//! A product is made column by column, several at once, whose sums stay in registers. Its lower half is left in
//! columns, or in limbs; its upper half is brought to limbs. What was carried out of a limb may still be above its 52
//! bits: multiplications do not read it. docs/ifma.md has the bounds.

use core::ops::Range;

use super::cpu::Avx512;
use super::ifma_x8::Limbs;
use super::radix52::mask;
use super::simd::Vector;
use crate::fault;

/// How many columns of a product are summed at once: enough chains of sums to keep the multipliers busy. A number
/// that is a factor has as many limbs of zero above it.
pub(super) const WIDTH: usize = 4;

/// How much scratch memory [`square`] takes for `len` limbs: the difference of the halves of x, and its square.
pub(super) fn scratch_len(len: usize) -> usize {
    len / 2 + len
}

/// x^2
#[inline(always)]
pub(super) fn square<const B: usize>(
    cpu: Avx512,
    len: usize,
    x: &mut [Limbs],
    product: &mut [Limbs],
    scratch: &mut [Limbs],
) {
    match len {
        42 if B == 51 => by_sums(cpu, x, 21, Avx512::square_21, product, scratch),
        62 if B == 51 => by_sums(cpu, x, 31, Avx512::square_31, product, scratch),
        82 if B == 51 => by_sums(cpu, x, 41, Avx512::square_41, product, scratch),
        40 if B == 52 => {
            cpu.square_40(x, product);
            fault::place("a square", product.as_flattened_mut());
            normalise::<B>(cpu, cpu.zero(), &mut product[len..]);
        }
        60 if B == 52 => by_halves(cpu, x, 30, Avx512::square_30, product, scratch),
        80 if B == 52 => by_halves(cpu, x, 40, Avx512::square_40, product, scratch),
        _ => {
            let mut carry = cpu.zero();
            for c in (0..2 * len).step_by(WIDTH) {
                let mut sums = Columns::zero(cpu);
                sums.add_products(cpu, x, x, c, (c + 1).saturating_sub(len)..c / 2);
                for k in 0..WIDTH {
                    // Column c + k has products with i < j up to i = (c + k - 1) / 2.
                    for i in c / 2..c / 2 + k.div_ceil(2) {
                        sums.add(cpu, k, cpu.load(&x[i]), cpu.load(&x[c + k - i]));
                    }
                }
                sums.store_square::<B>(cpu, &mut carry, x, c, product);
            }
            fault::place("a square", product.as_flattened_mut());
            normalise::<B>(cpu, cpu.zero(), &mut product[len..]);
        }
    }
}

/// a b
#[inline(always)]
pub(super) fn multiply<const B: usize>(
    cpu: Avx512,
    len: usize,
    a: &[Limbs],
    b: &[Limbs],
    product: &mut [Limbs],
) {
    let mut carry = cpu.zero();
    for c in (0..2 * len).step_by(WIDTH) {
        let mut sums = Columns::zero(cpu);
        if c < len {
            sums.add_products(cpu, a, b, c, 0..c + 1);
            for above in 1..WIDTH {
                let a = cpu.load(&a[c + above]);
                for k in above..WIDTH {
                    sums.add(cpu, k, a, cpu.load(&b[k - above]));
                }
            }
        } else {
            sums.add_products(cpu, a, b, c, c - len + 1..len);
        }
        for k in 0..WIDTH {
            cpu.store(&mut product[c + k], cpu.add(sums.lo[k], carry));
            carry = cpu.above::<B>(sums.hi[k]);
        }
    }
    normalise::<B>(cpu, cpu.zero(), &mut product[len..]);
}

/// The columns of x^2 from three squares of half the length (Karatsuba): of a, of b and of a - b, x being a + b W^half.
/// Those from W^half on are brought to limbs.
#[inline(always)]
fn by_halves(
    cpu: Avx512,
    x: &mut [Limbs],
    half: usize,
    square: impl Fn(Avx512, &mut [Limbs], &mut [Limbs]),
    product: &mut [Limbs],
    scratch: &mut [Limbs],
) {
    let (a, b) = x.split_at_mut(half);
    let (low, high) = product.split_at_mut(2 * half);
    let (difference, middle) = scratch.split_at_mut(half);
    let mask = cpu.splat(mask(52));
    // 0 or -1
    let mut borrow = cpu.zero();
    for ((d, a), b) in difference.iter_mut().zip(&*a).zip(&*b) {
        let (a, b) = (cpu.and(cpu.load(a), mask), cpu.and(cpu.load(b), mask));
        let sum = cpu.add(cpu.sub(a, b), borrow);
        cpu.store(d, cpu.and(sum, mask));
        borrow = cpu.shift_right_52_signed(sum);
    }
    square(cpu, a, low);
    square(cpu, b, high);
    square(cpu, difference, middle);
    fault::place("the square of a half", low.as_flattened_mut());
    fault::place("the square of the other half", high.as_flattened_mut());
    fault::place("the square of the difference", middle.as_flattened_mut());

    // 2 a b = a^2 + b^2 - (a - b)^2, and with a borrow a - b is d - W^half.
    let mut carry = cpu.zero();
    for j in 0..half {
        let both = cpu.add(cpu.load(&low[half + j]), cpu.load(&high[j]));
        let lower = cpu.sub(cpu.add(both, cpu.load(&low[j])), cpu.load(&middle[j]));
        let sum = cpu.add(lower, carry);
        cpu.store(&mut low[half + j], cpu.and(sum, mask));
        carry = cpu.shift_right_52_signed(sum);
        let upper = cpu.sub(
            cpu.add(both, cpu.load(&high[half + j])),
            cpu.load(&middle[half + j]),
        );
        let borrowed = cpu.and(cpu.load(&difference[j]), borrow);
        cpu.store(&mut high[j], cpu.add(upper, cpu.add(borrowed, borrowed)));
    }
    let sum = cpu.add(cpu.load(&high[half]), borrow);
    cpu.store(&mut high[half], sum);
    normalise::<52>(cpu, carry, high);
}

/// As [`by_halves`], from the squares of a, of b and of a + b, whose limbs have 52 bits.
#[inline(always)]
fn by_sums(
    cpu: Avx512,
    x: &mut [Limbs],
    half: usize,
    square: impl Fn(Avx512, &mut [Limbs], &mut [Limbs]),
    product: &mut [Limbs],
    scratch: &mut [Limbs],
) {
    let (a, b) = x.split_at_mut(half);
    let (low, high) = product.split_at_mut(2 * half);
    let (sum, middle) = scratch.split_at_mut(half);
    for ((sum, a), b) in sum.iter_mut().zip(&*a).zip(&*b) {
        cpu.store(sum, cpu.add(cpu.load(a), cpu.load(b)));
    }
    square(cpu, a, low);
    square(cpu, b, high);
    square(cpu, sum, middle);
    fault::place("the square of a half", low.as_flattened_mut());
    fault::place("the square of the other half", high.as_flattened_mut());
    fault::place("the square of the sum", middle.as_flattened_mut());

    // 2 a b = (a + b)^2 - a^2 - b^2
    let mask = cpu.splat(mask(51));
    let mut carry = cpu.zero();
    for j in 0..half {
        let between = cpu.sub(cpu.load(&low[half + j]), cpu.load(&high[j]));
        let lower = cpu.sub(cpu.load(&middle[j]), cpu.load(&low[j]));
        let upper = cpu.sub(cpu.load(&middle[half + j]), cpu.load(&high[half + j]));
        let sum = cpu.add(cpu.add(lower, between), carry);
        cpu.store(&mut low[half + j], cpu.and(sum, mask));
        carry = cpu.shift_right_signed(sum, 51);
        cpu.store(&mut high[j], cpu.sub(upper, between));
    }
    normalise::<51>(cpu, carry, high);
}

/// The columns of x^2, for a length of which all products are laid out when this is compiled: no loop has a
/// last turn that a CPU could fail to foresee.
#[inline(always)]
pub(super) fn square_columns<const L: usize, const B: usize>(
    cpu: Avx512,
    x: &mut [Limbs],
    columns: &mut [Limbs],
) {
    const {
        assert!(
            L <= 41 && WIDTH == 4,
            "the lists below have all groups and all products of these"
        );
    }
    let (x, columns) = (&mut x[..L], &mut columns[..2 * L]);
    let mut carry = cpu.zero();
    each_below!(L.div_ceil(2), [0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20] GROUP => {
        // What is loaded here is not kept for the next columns: there are not so many registers.
        cpu.settle(x.as_flattened_mut());
        let c = WIDTH * GROUP;
        let mut sums = Columns::zero(cpu);
        each_below!(L / 2 + 2, [0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21] AT => {
            let i = (c + 1).saturating_sub(L) + AT;
            for k in 0..WIDTH {
                let j = (c + k).saturating_sub(i);
                if i < j && j < L {
                    sums.add(cpu, k, cpu.load(&x[i]), cpu.load(&x[j]));
                }
            }
        });
        sums.store_square::<B>(cpu, &mut carry, x, c, columns);
    });
}

/// Carries what exceeds a limb, and leaves it there: multiplications read the lower 52 bits. Columns may be negative, the
/// number is not.
#[inline(always)]
fn normalise<const B: usize>(cpu: Avx512, mut carry: Vector, columns: &mut [Limbs]) {
    for limbs in columns {
        let sum = cpu.add(cpu.load(limbs), carry);
        cpu.store(limbs, cpu.limb::<B>(sum));
        carry = cpu.shift_right_signed(sum, B);
    }
}

/// The sums of `N` neighbouring columns.
pub(super) struct Columns<const N: usize> {
    pub(super) lo: [Vector; N],
    /// One column further up.
    pub(super) hi: [Vector; N],
}

impl<const N: usize> Columns<N> {
    #[inline(always)]
    pub(super) fn zero(cpu: Avx512) -> Self {
        Self {
            lo: [cpu.zero(); N],
            hi: [cpu.zero(); N],
        }
    }

    #[inline(always)]
    pub(super) fn add(&mut self, cpu: Avx512, k: usize, a: Vector, b: Vector) {
        self.lo[k] = cpu.madd_lo(self.lo[k], a, b);
        self.hi[k] = cpu.madd_hi(self.hi[k], a, b);
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

    /// Stores the columns of a square from `c` on, of which these are the products with i < j. `carry` is what reaches
    /// up into them, and then what reaches up from them.
    #[inline(always)]
    fn store_square<const B: usize>(
        self,
        cpu: Avx512,
        carry: &mut Vector,
        x: &[Limbs],
        c: usize,
        columns: &mut [Limbs],
    ) {
        let mut sums = self.lo;
        for (sum, hi) in sums.iter_mut().zip(self.hi) {
            let once = cpu.add(*sum, *carry);
            *sum = cpu.add(once, once);
            *carry = cpu.above::<B>(hi);
        }
        for k in (0..WIDTH).step_by(2) {
            if let Some(diagonal) = x.get((c + k) / 2) {
                let diagonal = cpu.load(diagonal);
                sums[k] = cpu.madd_lo(sums[k], diagonal, diagonal);
                sums[k + 1] = cpu.madd_above::<B>(sums[k + 1], diagonal, diagonal);
            }
        }
        for (limbs, sum) in columns[c..].iter_mut().zip(sums) {
            cpu.store(limbs, sum);
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
