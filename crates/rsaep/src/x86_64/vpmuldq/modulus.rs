//! A modulus, and the table by which numbers are reduced, in signed digits.

use alloc::boxed::Box;
use alloc::vec;

use super::carry::bias;
use crate::{fault, limbs, residue};

/// How many columns of a fold are summed at once: as many as there are registers for.
pub(super) const FOLD_WIDTH: usize = 12;

/// How many bits a number has to spare above those of the modulus, at least.
const SPARE: usize = 37;

/// By how many bits the first of two quotients is above the second.
pub(super) const QUOTIENT_SHIFT: usize = 32;
/// How many bits of a number are read for a quotient, beside those of the quotient.
pub(super) const QUOTIENT_FROM: usize = 12;
/// By how many bits the reciprocal of n is moved up beside those of n.
pub(super) const RECIPROCAL: usize = 43;

/// The bits of a digit, and how many digits a number has, for a modulus of `bits` bits.
pub(in crate::x86_64) const fn digits(bits: usize) -> (usize, usize) {
    let width = match bits {
        0..=3443 => 29,
        3444..=14_000 => 28,
        _ => 27,
    };
    (width, (bits + SPARE).div_ceil(width))
}

/// A modulus. W is 2^width.
#[derive(Clone)]
pub(in crate::x86_64) struct Modulus {
    /// The length of n in bits
    pub(super) bits: usize,
    /// The bits of a digit
    width: usize,
    /// The number of digits
    pub(super) len: usize,
    /// For each `FOLD_WIDTH` columns, so many digits of W^(len + i) mod n for each i below `len`
    pub(super) table: Box<[[i32; FOLD_WIDTH]]>,
    /// The least multiple of n that is at least W^len, in one more digit, without a sign, each with its bias
    pub(super) offset: Box<[u64]>,
    /// n, in limbs
    n: Box<[u64]>,
    /// 2^(64 words) - n and 2^(64 words) - n 2^32
    negated: [Box<[u64]>; 2],
    /// floor(2^(bits + 43) / n)
    reciprocal: u64,
}

impl Modulus {
    /// From an odd modulus, big-endian, without leading zeros.
    pub(in crate::x86_64) fn new(modulus: &[u8], bits: usize) -> Self {
        let (width, len) = digits(bits);
        let count = limbs::count(modulus.len());
        let mut n = vec![0; count];
        limbs::from_be_bytes(&mut n, modulus);

        let mut row = residue::power_of_two(&n, width * (2 * len - 1));
        let n0 = residue::inverse(n[0]).wrapping_neg();
        let mut table = vec![[0; FOLD_WIDTH]; len * len.div_ceil(FOLD_WIDTH)];
        for i in (0..len).rev() {
            let mut carry = 0;
            for (c, digit) in split(&row, width).take(len).enumerate() {
                let digit = digit + carry;
                carry = (digit + half(width)) >> width;
                let digit = digit.wrapping_sub(carry << width);
                table[c / FOLD_WIDTH * len + i][c % FOLD_WIDTH] = low_half(digit);
            }
            if i > 0 {
                divide(&mut row, &n, n0, width);
            }
        }

        // W^len - (W^len mod n) + n
        let mut above = n.clone();
        limbs::sub_masked(&mut above, &row, u64::MAX);
        let digits = split(&above, width).take(len + 1);
        let mut offset: Box<[u64]> = digits.map(|digit| digit + bias(width)).collect();
        offset[len] += 1;

        let negated = [0, QUOTIENT_SHIFT].map(|shift| {
            let shifted = |at| limbs::shifted(&n, shift, at);
            let mut negated: Box<[u64]> = (0..words_len(bits)).map(shifted).collect();
            limbs::negate(&mut negated);
            negated
        });
        Self {
            bits,
            width,
            len,
            table: table.into(),
            offset,
            reciprocal: reciprocal(&n, bits),
            n: n.into(),
            negated,
        }
    }

    /// The bits of a digit, and the number of digits
    pub(in crate::x86_64) fn shape(&self) -> (usize, usize) {
        (self.width, self.len)
    }

    /// Reduces a number below 2 W^len + n modulo n, and writes it as big-endian bytes.
    pub(super) fn write(&self, y: &mut [u64], bytes: &mut [u8]) {
        for (negated, shift) in self.negated.iter().zip([0, QUOTIENT_SHIFT]).rev() {
            let from = self.bits + shift - QUOTIENT_FROM;
            let top = u128::from(limbs::bits_from(y, from)) * u128::from(self.reciprocal);
            let quotient = limbs::split(top >> (RECIPROCAL + QUOTIENT_FROM)).0;
            limbs::mul_add_row(y, negated, quotient, 0);
            fault::place("a quotient taken off", y);
        }
        let (low, high) = y.split_at_mut(self.n.len());
        let borrow = limbs::sub_borrow(low, &self.n);
        // The number is below 2n, which has at most a bit more than n.
        let not_below = high[0] | (1 - borrow);
        limbs::sub_masked(low, &self.n, limbs::mask(not_below));
        fault::place("n taken off", low);
        limbs::to_be_bytes(low, bytes);
    }
}

/// How many limbs a number has before it is reduced to one below n.
pub(super) const fn words_len(bits: usize) -> usize {
    (bits + 68).div_ceil(64) + 1
}

/// The digits of a number, from the lowest on, without a sign; zeros above.
fn split(number: &[u64], width: usize) -> impl Iterator<Item = u64> {
    let mut limbs = number.iter();
    let (mut bits, mut count) = (0, 0);
    core::iter::from_fn(move || {
        if count < width {
            bits |= u128::from(limbs.next().copied().unwrap_or(0)) << count;
            count += 64;
        }
        let digit = limbs::split(bits).0 & ((1 << width) - 1);
        bits >>= width;
        count -= width;
        Some(digit)
    })
}

/// The digit in the lower half of a word.
#[expect(clippy::cast_possible_truncation, reason = "that is what is wanted")]
fn low_half(word: u64) -> i32 {
    word as i32
}

/// 2^(width - 1)
const fn half(width: usize) -> u64 {
    1 << (width - 1)
}

/// `row / 2^width mod n`, for a row below n, which it stays.
fn divide(row: &mut [u64], n: &[u64], n0: u64, width: usize) {
    let digit = row[0].wrapping_mul(n0) & ((1 << width) - 1);
    let mut above = limbs::mul_add_row(row, n, digit, 0);
    for limb in row.iter_mut().rev() {
        (*limb, above) = ((above << (64 - width)) | (*limb >> width), *limb);
    }
}

/// floor(2^(bits + 43) / n), at most 1 too small, of an n of `bits` bits.
fn reciprocal(n: &[u64], bits: usize) -> u64 {
    let top = u128::from(limbs::bits_from(n, bits - 64)) + 1;
    limbs::split((1 << (64 + RECIPROCAL)) / top).0
}
