//! The inner loops in safe Rust, for any CPU and any size: the reference.

use crate::backend::Implementation;
use crate::limbs;
use crate::radix64::{self, BLOCK, Block, Kernel, Modulus};

/// A modulus, and the inner loops in Rust.
#[derive(Clone)]
pub(crate) struct Portable(Modulus);

impl Implementation for Portable {
    fn is_available() -> bool {
        true
    }

    fn new(modulus: &[u8]) -> Option<Self> {
        Some(Self(Modulus::new(modulus)))
    }

    fn tested_by(modulus: &[u8]) -> usize {
        radix64::tested_by(modulus)
    }

    fn power(&self, e: &[u8], size: usize, blocks: &mut [u8]) {
        self.0.power(AnyCpu, e, size, blocks);
    }
}

/// The inner loops of this module.
#[derive(Clone, Copy)]
pub(crate) struct AnyCpu;

impl Kernel for AnyCpu {
    /// The products of different limbs once, doubled, then the squares of limbs.
    #[inline(always)]
    fn square(self, wide: &mut [Block], x: &[Block]) {
        let (wide, x) = (wide.as_flattened_mut(), x.as_flattened());
        let len = x.len();
        // The products of the two limbs of each digit, which no row below has.
        for (wide, x) in wide.as_chunks_mut().0.iter_mut().zip(x.as_chunks().0) {
            let [low, high]: [u64; 2] = *x;
            let (middle, above) = limbs::mul_add(0, low, high, 0);
            *wide = [0, middle, above, 0];
        }
        let mut top = 0;
        for row in (0..len).step_by(2) {
            let acc = &mut wide[2 * row + 2..row + len + 2];
            top = mul_add_digit(acc, &x[row + 2..], [x[row], x[row + 1]], top);
        }
        let (mut shifted_out, mut carry) = (0, 0);
        for (pair, x) in wide.chunks_exact_mut(2).zip(x) {
            let (low, high) = limbs::split(u128::from(*x) * u128::from(*x));
            let doubled = [
                (pair[0] << 1) | shifted_out,
                (pair[1] << 1) | (pair[0] >> 63),
            ];
            shifted_out = pair[1] >> 63;
            (pair[0], carry) = limbs::add_with_carry(doubled[0], low, carry);
            (pair[1], carry) = limbs::add_with_carry(doubled[1], high, carry);
        }
    }

    #[inline(always)]
    fn mul_add(self, acc: &mut [Block], a: &[Block], digits: &Block) -> u64 {
        let (acc, a) = (acc.as_flattened_mut(), a.as_flattened());
        let mut top = 0;
        for (at, digit) in (0..BLOCK).step_by(2).zip(digits.as_chunks().0) {
            top = mul_add_digit(&mut acc[at..at + a.len() + 2], a, *digit, top);
        }
        top
    }

    #[inline(always)]
    fn divide(self, acc: &mut [Block], n: &[Block], n0: u128) -> u64 {
        let (acc, n) = (acc.as_flattened_mut(), n.as_flattened());
        let mut top = 0;
        for at in (0..BLOCK).step_by(2) {
            let q = limbs::join([acc[at], acc[at + 1]]).wrapping_mul(n0);
            let q = limbs::split(q).into();
            top = mul_add_digit(&mut acc[at..at + n.len() + 2], n, q, top);
        }
        top
    }

    #[inline(always)]
    fn mul_add_limb(self, sum: &mut [Block], acc: &[Block], a: &[Block], digit: u64) {
        let mut carry = 0;
        let (acc, a) = (acc.as_flattened(), a.as_flattened());
        for ((sum, acc), a) in sum.as_flattened_mut().iter_mut().zip(acc).zip(a) {
            (*sum, carry) = limbs::mul_add(*acc, *a, digit, carry);
        }
    }
}

/// `acc += a * b + top * W^len` for an even number `len` of limbs of `a` and `acc` of two more. `top` is a
/// bit, and so is what is carried out of `acc` and returned.
///
/// Two limbs of `b` at a time, so that two chains of carries run side by side.
#[inline(always)]
fn mul_add_digit(acc: &mut [u64], a: &[u64], b: [u64; 2], top: u64) -> u64 {
    let (low, high) = acc.split_at_mut(a.len());
    let (low, a) = (low.as_chunks_mut::<2>().0, a.as_chunks::<2>().0);
    // The second chain is a limb of `a` behind.
    let (mut c0, mut c1, mut before) = (0, 0, 0);
    for (acc, a) in low.iter_mut().zip(a) {
        for (acc, a) in acc.iter_mut().zip(a) {
            let sum;
            (sum, c0) = limbs::mul_add(*acc, *a, b[0], c0);
            (*acc, c1) = limbs::mul_add(sum, before, b[1], c1);
            before = *a;
        }
    }
    (c0, c1) = limbs::mul_add(c0, before, b[1], c1);
    let carry;
    (high[0], carry) = limbs::add_with_carry(high[0], c0, top);
    let top;
    (high[1], top) = limbs::add_with_carry(high[1], c1, carry);
    top
}
