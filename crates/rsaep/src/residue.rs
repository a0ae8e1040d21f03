//! Key set-up: residues of powers of two, and inverses modulo powers of two.
//!
//! It works on the modulus only, which is public, so that its time may depend on the data.

use alloc::boxed::Box;
use alloc::vec;

use crate::limbs;

/// A long division of a power of two, 64 bits a step, by `n 2^normal(n)`, which has its top bit set: then a guessed
/// quotient digit is at most 2 too large (Knuth, The Art of Computer Programming, volume 2, section 4.3.1, theorem B).
struct Division {
    divisor: Box<[u64]>,
    /// 2^(64 len) - divisor, which is also 2^(64 len) mod divisor, because the divisor is more than half of it
    complement: Box<[u64]>,
}

impl Division {
    /// By an odd number whose highest limb is not 0.
    fn by(n: &[u64]) -> Self {
        let mut divisor: Box<[u64]> = n.into();
        shift_left(&mut divisor, normal(n));
        let mut complement = divisor.clone();
        limbs::negate(&mut complement);
        Self {
            divisor,
            complement,
        }
    }

    /// Takes as many digits of 2^(64 (len + digits)), and calls `each` with how many there are left and the
    /// remainder before the first and after each. Returns the last remainder.
    fn run(&self, digits: usize, mut each: impl FnMut(usize, &[u64])) -> Box<[u64]> {
        let len = self.divisor.len();
        let mut dividend = vec![0; digits];
        dividend.extend_from_slice(&self.complement);
        each(digits, &dividend[digits..]);
        for at in (0..digits).rev() {
            let (remainder, highest) = dividend[at..].split_at_mut(len);
            reduce(remainder, highest[0], &self.divisor, &self.complement);
            each(at, remainder);
        }
        dividend.truncate(len);
        dividend.into()
    }
}

/// How many bits of the highest limb are above the number.
fn normal(n: &[u64]) -> usize {
    n[n.len() - 1].leading_zeros() as usize
}

/// `2^exponent mod n` by long division. `n` is odd, its highest limb is
/// not 0, and `2^exponent` is at least `2^(64 len)`. Only vector kernels want it.
#[cfg(all(target_arch = "x86_64", not(rsaep_portable_only)))]
pub(crate) fn power_of_two(n: &[u64], exponent: usize) -> Box<[u64]> {
    let (division, normal) = (Division::by(n), normal(n));
    let left = exponent + normal - 64 * n.len();
    let mut remainder = division.run(left / 64, |_, _| {});
    if !left.is_multiple_of(64) {
        let highest = shift_left(&mut remainder, left % 64);
        reduce(
            &mut remainder,
            highest,
            &division.divisor,
            &division.complement,
        );
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

/// Calls `each` with a residue of 2^(64 k) modulo n, of as many limbs as n, for each k of a rising sequence. None
/// is less than these limbs. `n` is odd, and its highest limb is
/// not 0.
pub(crate) fn limb_powers(
    n: &[u64],
    powers: impl DoubleEndedIterator<Item = usize> + Clone,
    mut each: impl FnMut(&[u64]),
) {
    let Some(last) = powers.clone().next_back() else {
        return;
    };
    let mut powers = powers.peekable();
    Division::by(n).run(last - n.len(), |left, remainder| {
        if powers.next_if_eq(&(last - left)).is_some() {
            each(remainder);
        }
    });
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
