//! Key set-up: residues of powers of two, and inverses modulo powers of two.
//!
//! It works on the modulus only, which is public, so that its time may depend on the data.

use alloc::boxed::Box;
use alloc::vec;

use crate::limbs;

/// `2^exponent mod n` by long division, 64 bits a step. `n` is odd, its highest limb is
/// not 0, and `2^exponent` is at least `2^(64 len)`.
pub(crate) fn power_of_two(n: &[u64], exponent: usize) -> Box<[u64]> {
    let len = n.len();
    // With the top bit of the divisor set, a guessed quotient digit is at most 2 too
    // large (Knuth, The Art of Computer Programming, volume 2, section 4.3.1, theorem B).
    let normal = n[len - 1].leading_zeros() as usize;
    let mut divisor: Box<[u64]> = n.into();
    shift_left(&mut divisor, normal);

    // 2^(64 len) mod divisor is 2^(64 len) - divisor, because the divisor is more than half of it.
    let mut complement = vec![0; len].into_boxed_slice();
    limbs::sub_masked(&mut complement, &divisor, u64::MAX);
    let left = exponent + normal - 64 * len;
    let digits = left / 64;
    let mut dividend = vec![0; digits];
    dividend.extend_from_slice(&complement);
    for at in (0..digits).rev() {
        let (remainder, highest) = dividend[at..].split_at_mut(len);
        reduce(remainder, highest[0], &divisor, &complement);
    }
    dividend.truncate(len);
    let mut remainder = dividend.into_boxed_slice();
    if !left.is_multiple_of(64) {
        let highest = shift_left(&mut remainder, left % 64);
        reduce(&mut remainder, highest, &divisor, &complement);
    }
    // 2^exponent mod n = (2^(exponent + normal) mod (n 2^normal)) / 2^normal
    if normal > 0 {
        let mut above = 0;
        for limb in remainder.iter_mut().rev() {
            (*limb, above) = ((*limb >> normal) | above, *limb << (64 - normal));
        }
    }
    remainder
}

/// `remainder = (remainder + highest * 2^(64 len)) mod divisor`, for a number whose limbs from the second
/// on were below the divisor: one digit of a long division. `complement` is 2^(64 len) - divisor.
fn reduce(remainder: &mut [u64], highest: u64, divisor: &[u64], complement: &[u64]) {
    let top = divisor.len() - 1;
    let digit = if highest == divisor[top] {
        u64::MAX
    } else {
        let dividend = limbs::join([remainder[top], highest]);
        limbs::split(dividend / u128::from(divisor[top])).0
    };

    // remainder - digit * divisor = remainder + digit * complement - digit * 2^(64 len)
    let carry = limbs::mul_add_row(remainder, complement, digit, 0);
    let mut above = highest.wrapping_add(carry).wrapping_sub(digit);
    while above != 0 {
        let mut carry = 0;
        for (limb, d) in remainder.iter_mut().zip(divisor) {
            (*limb, carry) = limbs::add_with_carry(*limb, *d, carry);
        }
        above = above.wrapping_add(carry);
    }
}

/// `number *= 2^bits` for 0 to 63 bits; returns what was shifted out.
fn shift_left(number: &mut [u64], bits: usize) -> u64 {
    let mut out = 0;
    for limb in number {
        let shifted = (u128::from(*limb) << bits) | u128::from(out);
        (*limb, out) = limbs::split(shifted);
    }
    out
}

/// The inverse of an odd limb modulo 2^64, by Newton's iteration: `n` itself is right
/// in the lowest three bits, and each round doubles the number of right bits.
pub(crate) fn inverse(n: u64) -> u64 {
    let mut inverse = n;
    for _ in 0..5 {
        inverse = inverse.wrapping_mul(2_u64.wrapping_sub(n.wrapping_mul(inverse)));
    }
    inverse
}

/// As [`inverse`], modulo 2^128: one more round.
pub(crate) fn inverse_of_two(n: u128) -> u128 {
    let inverse = u128::from(inverse(limbs::split(n).0));
    inverse.wrapping_mul(2_u128.wrapping_sub(n.wrapping_mul(inverse)))
}
