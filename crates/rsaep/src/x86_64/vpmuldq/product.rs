//! Products of `N` pairs of numbers: digit j of `N` numbers in one register.
//!
//! A product is made column by column, several at once, whose sums stay in registers. docs/avx2.md has the bounds.

use super::carry::Halves;
use super::simd::Lanes;
use crate::fault;

/// How many columns of a product are summed at once.
pub(super) const WIDTH: usize = 8;

/// How much scratch memory [`square_by_halves`] takes for numbers of four times `quarter` digits: three squares of halves, a sum of
/// halves, and of quarters one of each.
pub(super) const fn scratch_len(quarter: usize) -> usize {
    17 * quarter
}

/// a b, in digits as [`Halves`] makes them. `b` has `WIDTH` digits of zero below and above.
#[inline(always)]
pub(super) fn multiply<C: Lanes<N>, const N: usize, const B: usize>(
    cpu: C,
    a: &[[u64; N]],
    b: &[[u64; N]],
    digits: &mut [[u64; N]],
) {
    let len = a.len();
    let mut halves = Halves::<_, N, B>::new(cpu, digits);
    for c in (0..2 * len).step_by(WIDTH) {
        let mut sums = [cpu.splat(0); WIDTH];
        for i in (c + 1).saturating_sub(len)..len.min(c + WIDTH) {
            add_products(cpu, &mut sums, &a[i], &b[c + WIDTH - i..]);
        }
        halves.columns(len, c, sums);
    }
}

/// Adds a digit of each number times neighbouring ones to neighbouring columns.
#[inline(always)]
fn add_products<C: Lanes<N>, const N: usize>(
    cpu: C,
    sums: &mut [C::Vector; WIDTH],
    a: &[u64; N],
    b: &[[u64; N]],
) {
    let a = cpu.load(a);
    let b: &[[u64; N]; WIDTH] = b.first_chunk().expect("padded");
    for (sum, b) in sums.iter_mut().zip(b) {
        *sum = cpu.add(*sum, cpu.mul(a, cpu.load(b)));
    }
}

/// x^2, of any length, in digits as [`Halves`] makes them. `x` has `WIDTH` digits of zero below and above.
#[inline(always)]
pub(super) fn square<C: Lanes<N>, const N: usize, const B: usize>(
    cpu: C,
    len: usize,
    x: &[[u64; N]],
    digits: &mut [[u64; N]],
) {
    let mut halves = Halves::<_, N, B>::new(cpu, digits);
    for c in (0..2 * len).step_by(WIDTH) {
        let mut sums = [cpu.splat(0); WIDTH];
        for i in (c + 1).saturating_sub(len)..c / 2 {
            add_products(cpu, &mut sums, &x[WIDTH + i], &x[WIDTH + c - i..]);
        }
        // Column c + k has products with i < j up to i = (c + k - 1) / 2.
        for i in c / 2..len.min((c + WIDTH) / 2) {
            let a = cpu.load(&x[WIDTH + i]);
            for (k, sum) in sums.iter_mut().enumerate() {
                if 2 * i < c + k {
                    *sum = cpu.add(*sum, cpu.mul(a, cpu.load(&x[WIDTH + c + k - i])));
                }
            }
        }
        for (k, sum) in sums.iter_mut().enumerate() {
            *sum = cpu.add(*sum, *sum);
            if k % 2 == 0 {
                let digit = cpu.load(&x[WIDTH + (c + k) / 2]);
                *sum = cpu.add(*sum, cpu.mul(digit, digit));
            }
        }
        halves.columns(len, c, sums);
    }
}

/// x^2 from three squares of half the length, in digits as [`Halves`] makes them. As [`by_halves`], with the carries in the same pass, those
/// of the lowest columns while the other squares are made.
#[inline(always)]
pub(super) fn square_by_halves<C: Lanes<N>, const N: usize, const B: usize>(
    cpu: C,
    half: usize,
    square: impl Fn(C, &[[u64; N]], &mut [[u64; N]], &mut [[u64; N]]),
    x: &[[u64; N]],
    digits: &mut [[u64; N]],
    scratch: &mut [[u64; N]],
) {
    let (a, b) = x[..2 * half].split_at(half);
    let (low, rest) = scratch.split_at_mut(2 * half);
    let (high, rest) = rest.split_at_mut(2 * half);
    let (middle, rest) = rest.split_at_mut(2 * half);
    let (sum, scratch) = rest.split_at_mut(half);
    let mut halves = Halves::<_, N, B>::new(cpu, &mut digits[..4 * half]);
    square(cpu, a, low, scratch);
    for column in &low[..half] {
        halves.low(cpu.load(column));
    }
    square(cpu, b, high, scratch);
    add(cpu, a, b, sum);
    square(cpu, sum, middle, scratch);

    fault::place("the square of a half", low[half..].as_flattened_mut());
    fault::place("the square of the other half", high.as_flattened_mut());
    fault::place("the square of the sum", middle.as_flattened_mut());

    let (low, high, middle) = (&*low, &*high, &middle[..2 * half]);
    let between = |at: usize, above: &[[u64; N]], from: usize| {
        let both = cpu.add(cpu.load(&low[at]), cpu.load(&high[at]));
        cpu.add(cpu.load(&above[from]), cpu.sub(cpu.load(&middle[at]), both))
    };
    for j in 0..half {
        halves.low(between(j, low, half + j));
    }
    for j in 0..half {
        halves.high(between(half + j, high, j));
    }
    for column in &high[half..2 * half - 1] {
        halves.high(cpu.load(column));
    }
    halves.highest(cpu.load(&high[2 * half - 1]));
}

/// The sum of two numbers, digit by digit
#[inline(always)]
fn add<C: Lanes<N>, const N: usize>(cpu: C, a: &[[u64; N]], b: &[[u64; N]], sum: &mut [[u64; N]]) {
    for ((sum, a), b) in sum.iter_mut().zip(a).zip(b) {
        cpu.store(sum, cpu.add(cpu.load(a), cpu.load(b)));
    }
}

/// The columns of x^2 from three squares of half the length (Karatsuba): of a, of b and of a + b, x being a + b W^half.
///
/// 2 a b = (a + b)^2 - a^2 - b^2. Columns are modulo 2^64: those of (a + b)^2 may exceed it, those of 2 a b do not.
#[inline(always)]
pub(super) fn by_halves<C: Lanes<N>, const N: usize>(
    cpu: C,
    half: usize,
    square: impl Fn(C, &[[u64; N]], &mut [[u64; N]], &mut [[u64; N]]),
    x: &[[u64; N]],
    columns: &mut [[u64; N]],
    scratch: &mut [[u64; N]],
) {
    let (a, b) = x[..2 * half].split_at(half);
    let (low, high) = columns[..4 * half].split_at_mut(2 * half);
    let (sum, rest) = scratch.split_at_mut(half);
    let (middle, scratch) = rest.split_at_mut(2 * half);
    add(cpu, a, b, sum);
    square(cpu, a, low, scratch);
    square(cpu, b, high, scratch);
    square(cpu, sum, middle, scratch);
    fault::place("the square of a quarter", low.as_flattened_mut());
    fault::place("the square of the other quarter", high.as_flattened_mut());
    fault::place(
        "the square of a sum of quarters",
        middle[..2 * half].as_flattened_mut(),
    );
    for j in 0..half {
        let between = cpu.sub(cpu.load(&low[half + j]), cpu.load(&high[j]));
        let lower = cpu.sub(cpu.load(&middle[j]), cpu.load(&low[j]));
        let upper = cpu.sub(cpu.load(&middle[half + j]), cpu.load(&high[half + j]));
        cpu.store(&mut low[half + j], cpu.add(lower, between));
        cpu.store(&mut high[j], cpu.sub(upper, between));
    }
}

/// The columns of x^2, for a length of which all products are laid out when this is compiled.
#[inline(always)]
pub(super) fn square_columns<C: Lanes<N>, const N: usize, const L: usize>(
    cpu: C,
    x: &[[u64; N]],
    columns: &mut [[u64; N]],
) {
    const {
        assert!(
            L <= 40 && WIDTH == 8,
            "the lists below have all groups and all products of these"
        );
    }
    let (x, columns) = (&x[..L], &mut columns[..2 * L]);
    each_below!(L.div_ceil(4), [0 1 2 3 4 5 6 7 8 9] GROUP => {
        let c = WIDTH * GROUP;
        let mut sums = [cpu.splat(0); WIDTH];
        each_below!(L / 2 + 4, [0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23] AT => {
            let i = (c + 1).saturating_sub(L) + AT;
            for (k, sum) in sums.iter_mut().enumerate() {
                let j = (c + k).saturating_sub(i);
                if i < j && j < L {
                    *sum = cpu.add(*sum, cpu.mul(cpu.load(&x[i]), cpu.load(&x[j])));
                }
            }
        });
        for (k, (column, sum)) in columns[c..].iter_mut().zip(sums).enumerate() {
            let mut sum = cpu.add(sum, sum);
            if k % 2 == 0 {
                let digit = cpu.load(&x[(c + k) / 2]);
                sum = cpu.add(sum, cpu.mul(digit, digit));
            }
            cpu.store(column, sum);
        }
    });
}

/// Declares the columns of a square of two quarters of a length, and of one.
macro_rules! squares {
    ($($half:ident: $quarter:ident, $len:literal;)+) => {
        $(#[inline(always)]
        pub(in crate::x86_64) fn $quarter<C: Lanes<N>, const N: usize>(
            cpu: C,
            x: &[[u64; N]],
            columns: &mut [[u64; N]],
        ) {
            square_columns::<C, N, $len>(cpu, x, columns);
        }

        #[inline(always)]
        pub(in crate::x86_64) fn $half<C: Lanes<N>, const N: usize>(
            cpu: C,
            x: &[[u64; N]],
            columns: &mut [[u64; N]],
            scratch: &mut [[u64; N]],
        ) {
            let square = |cpu: C, x: &[[u64; N]], columns: &mut [[u64; N]], _: &mut [[u64; N]]| {
                cpu.$quarter(x, columns);
            };
            by_halves(cpu, $len, square, x, columns, scratch);
        })+
    };
}

squares! {
    square_36: square_18, 18;
    square_54: square_27, 27;
    square_74: square_37, 37;
}
