//! `N` blocks at a time, digit j of each block in one register.
//!
//! A product is reduced without quotient digits, as in [`ifma`](crate::x86_64::ifma): its upper half is replaced, digit by
//! digit, by what it is modulo n, from the table of a [`Modulus`]. docs/vpmuldq.md has the bounds and the proofs.

use super::carry::Carry;
use super::modulus::{self, FOLD_WIDTH, Modulus};
use super::product::{self, WIDTH};
use super::simd::Lanes;
use crate::exponent::{Step, steps};
use crate::{fault, limbs};

/// How much scratch memory [`power`] takes for a modulus, in registers.
pub(in crate::x86_64) fn scratch_len(modulus: &Modulus) -> usize {
    let len = modulus.len;
    // The message, x between zeros, a product, what a square takes, and the words of one block.
    4 * len + 2 * WIDTH + product::scratch_len(len.div_ceil(4)) + modulus::words_len(modulus.bits)
}

/// Declares the kernels for one length, or for all lengths of a width of digits: the width, a quarter of the length or 0, and
/// the square of two quarters.
macro_rules! kernels {
    ($($name:ident = <$width:literal, $quarter:literal>, $square:expr;)+) => {
        $(#[inline(always)]
        pub(in crate::x86_64) fn $name<C: Lanes<N>, const N: usize>(
            cpu: C,
            modulus: &Modulus,
            e: &[u8],
            size: usize,
            blocks: &mut [u8],
            scratch: &mut [[u64; N]],
        ) {
            power::<C, N, $width, $quarter>(cpu, $square, modulus, e, size, blocks, scratch);
        })+
    };
}

kernels! {
    power_72 = <29, 18>, C::square_36;
    power_108 = <29, 27>, C::square_54;
    power_148 = <28, 37>, C::square_74;
    power_29 = <29, 0>, |_, _, _, _| {};
    power_28 = <28, 0>, |_, _, _, _| {};
    power_27 = <27, 0>, |_, _, _, _| {};
}

/// Replaces up to `N` blocks of `size` bytes, messages below the modulus, by their powers. `e` is as [`steps`] wants it.
#[inline(always)]
fn power<C: Lanes<N>, const N: usize, const B: usize, const QUARTER: usize>(
    cpu: C,
    square: impl Fn(C, &[[u64; N]], &mut [[u64; N]], &mut [[u64; N]]),
    modulus: &Modulus,
    e: &[u8],
    size: usize,
    blocks: &mut [u8],
    scratch: &mut [[u64; N]],
) {
    let len = if QUARTER > 0 {
        4 * QUARTER
    } else {
        modulus.len
    };
    let (message, rest) = scratch.split_at_mut(len);
    let (x, rest) = rest.split_at_mut(len + 2 * WIDTH);
    let (digits, scratch) = rest.split_at_mut(2 * len);

    read::<_, N, B>(cpu, size, blocks, scratch.as_flattened_mut(), message);
    x[WIDTH..WIDTH + len].copy_from_slice(message);
    for step in steps(e) {
        match step {
            Step::Square if QUARTER > 0 => {
                let x = &x[WIDTH..];
                product::square_by_halves::<_, N, B>(cpu, 2 * QUARTER, &square, x, digits, scratch);
            }
            Step::Square => product::square::<_, N, B>(cpu, len, x, digits),
            Step::Multiply | Step::Last => product::multiply::<_, N, B>(cpu, message, x, digits),
        }
        fault::place("a product", digits.as_flattened_mut());
        let (low, high) = digits.split_at_mut(len);
        fold::<_, N, B>(cpu, &modulus.table, high, low, &mut x[WIDTH..]);
        fault::place("a fold", x[WIDTH..WIDTH + len].as_flattened_mut());
    }
    write::<_, N, B>(
        cpu,
        modulus,
        &x[WIDTH..],
        digits,
        scratch.as_flattened_mut(),
        size,
        blocks,
    );
}

/// x = low + W^len high mod n
#[inline(always)]
fn fold<C: Lanes<N>, const N: usize, const B: usize>(
    cpu: C,
    table: &[[i32; FOLD_WIDTH]],
    high: &[[u64; N]],
    low: &[[u64; N]],
    x: &mut [[u64; N]],
) {
    let mut carry = Carry::<_, N, B>::new(cpu);
    let len = low.len();
    let last = (len - 1) / FOLD_WIDTH;
    let parts = low.chunks(FOLD_WIDTH).zip(x.chunks_mut(FOLD_WIDTH));
    for (block, (rows, (low, x))) in table.chunks_exact(len).zip(parts).enumerate() {
        let mut sums = [cpu.splat(0); FOLD_WIDTH];
        for (sum, low) in sums.iter_mut().zip(low) {
            *sum = cpu.load(low);
        }
        for (digit, row) in high.iter().zip(rows) {
            let digit = cpu.load(digit);
            for (sum, row) in sums.iter_mut().zip(row) {
                *sum = cpu.add(*sum, cpu.mul(digit, cpu.splat_digit(row)));
            }
        }
        for (k, (x, sum)) in x[..low.len()].iter_mut().zip(sums).enumerate() {
            let digit = if block == last && k == low.len() - 1 {
                carry.highest(sum)
            } else {
                carry.digit(sum)
            };
            cpu.store(x, digit);
        }
    }
}

/// Reads at most `N` blocks into signed digits. A lane without a block keeps what it had.
#[inline(always)]
fn read<C: Lanes<N>, const N: usize, const B: usize>(
    cpu: C,
    size: usize,
    blocks: &[u8],
    words: &mut [u64],
    digits: &mut [[u64; N]],
) {
    let words = &mut words[..limbs::count(size)];
    for (lane, block) in blocks.chunks_exact(size).enumerate() {
        limbs::from_be_bytes(words, block);
        for (j, digit) in digits.iter_mut().enumerate() {
            digit[lane] = limbs::bits_from(words, B * j) & ((1 << B) - 1);
        }
    }
    Carry::<_, N, B>::new(cpu).digits(digits);
}

/// Reduces a number for each block, and writes it.
#[inline(always)]
fn write<C: Lanes<N>, const N: usize, const B: usize>(
    cpu: C,
    modulus: &Modulus,
    x: &[[u64; N]],
    digits: &mut [[u64; N]],
    words: &mut [u64],
    size: usize,
    blocks: &mut [u8],
) {
    let digits = &mut digits[..=modulus.len];
    let mut carry = Carry::<_, N, B>::new(cpu);
    for ((digit, x), offset) in digits.iter_mut().zip(x).zip(&modulus.offset) {
        let sum = cpu.add(cpu.load(x), cpu.splat(*offset));
        cpu.store(digit, carry.bits(sum));
    }
    let words = &mut words[..modulus::words_len(modulus.bits)];
    for (lane, block) in blocks.chunks_exact_mut(size).enumerate() {
        let digit = |j: usize| digits.get(j).map_or(0, |digit| digit[lane]);
        for (i, word) in words.iter_mut().enumerate() {
            let (at, bit) = (64 * i / B, 64 * i % B);
            *word = digit(at) >> bit | digit(at + 1) << (B - bit) | digit(at + 2) << (2 * B - bit);
            if 3 * B - bit < 64 {
                *word |= digit(at + 3) << (3 * B - bit);
            }
        }
        modulus.write(words, block);
    }
}
