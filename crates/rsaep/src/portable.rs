//! Montgomery arithmetic in safe Rust, for any CPU and any size: the reference.
//!
//! A modulus of `L` limbs gives R = 2^(64 L). Between steps a number is below R but not
//! always below n ("almost Montgomery"): for a, b < R the reduced product
//! (a b + q n) / R is below R + n, so one subtraction of n, masked by the carry,
//! brings it below R again. A last masked subtraction brings the result below n.
//!
//! Exponentiation takes the message into Montgomery form by one product with R^2 mod n,
//! goes through the bits of e from the top, and multiplies by the plain message for
//! the last bit, which is set because e is odd. That product leaves Montgomery form
//! by itself. For e = 65537 these are 16 squarings and 2 products.

use alloc::boxed::Box;
use alloc::vec;

use zeroize::Zeroizing;

use crate::limbs;

/// A modulus with what Montgomery reduction needs of it.
#[derive(Clone)]
pub(crate) struct Portable {
    n: Box<[u64]>,
    /// -n^-1 mod 2^64
    n0: u64,
    /// R^2 mod n
    rr: Box<[u64]>,
}

impl Portable {
    /// From an odd modulus, big-endian, without leading zeros.
    pub(crate) fn new(modulus: &[u8]) -> Self {
        let mut n = vec![0; limbs::count(modulus.len())];
        limbs::from_be_bytes(&mut n, modulus);
        Self {
            n0: inverse(n[0]).wrapping_neg(),
            rr: r_squared(&n),
            n: n.into(),
        }
    }

    /// Replaces each block `m` of `size` bytes by `m^e mod n`. `size` is the length of the
    /// modulus, every block is below it, and `e` is odd, at least 3, big-endian, without
    /// leading zeros.
    pub(crate) fn power(&self, e: &[u8], size: usize, blocks: &mut [u8]) {
        let len = self.n.len();
        let mut scratch = Zeroizing::new(vec![0; 5 * len]);
        let (message, rest) = scratch.split_at_mut(len);
        let (base, rest) = rest.split_at_mut(len);
        let (x, wide) = rest.split_at_mut(len);

        for block in blocks.chunks_exact_mut(size) {
            limbs::from_be_bytes(message, block);
            multiply(wide, message, &self.rr);
            base.copy_from_slice(self.reduce(wide));
            x.copy_from_slice(base);
            for bit in (0..top_bit(e)).rev() {
                square(wide, x);
                x.copy_from_slice(self.reduce(wide));
                if is_set(e, bit) {
                    multiply(wide, x, if bit == 0 { message } else { base });
                    x.copy_from_slice(self.reduce(wide));
                }
            }
            // x is below 2n here: the last factor was the message, which is below n.
            let below = limbs::sub_borrow(x, &self.n);
            limbs::sub_masked(x, &self.n, limbs::mask(1 - below));
            limbs::to_be_bytes(x, block);
        }
    }

    /// Montgomery reduction: the upper half of `wide` becomes `wide / R mod n`, below R.
    fn reduce<'w>(&self, wide: &'w mut [u64]) -> &'w [u64] {
        let len = self.n.len();
        let mut top = 0;
        for row in 0..len {
            let q = wide[row].wrapping_mul(self.n0);
            let carry = mul_add_row(&mut wide[row..row + len], &self.n, q);
            (wide[row + len], top) = limbs::add_with_carry(wide[row + len], carry, top);
        }
        let result = &mut wide[len..];
        limbs::sub_masked(result, &self.n, limbs::mask(top));
        result
    }
}

/// `wide = a * b`
fn multiply(wide: &mut [u64], a: &[u64], b: &[u64]) {
    let len = a.len();
    wide[..len].fill(0);
    for (row, b) in b.iter().enumerate() {
        wide[row + len] = mul_add_row(&mut wide[row..row + len], a, *b);
    }
}

/// `wide = a * a`: the products above the diagonal once, doubled, then the diagonal.
fn square(wide: &mut [u64], a: &[u64]) {
    let len = a.len();
    wide[..len].fill(0);
    for row in 0..len {
        let above = &a[row + 1..];
        wide[row + len] = mul_add_row(&mut wide[2 * row + 1..row + len], above, a[row]);
    }
    let (mut shifted_out, mut carry) = (0, 0);
    for (pair, a) in wide.chunks_exact_mut(2).zip(a) {
        let (low, high) = limbs::split(u128::from(*a) * u128::from(*a));
        let doubled = [
            (pair[0] << 1) | shifted_out,
            (pair[1] << 1) | (pair[0] >> 63),
        ];
        shifted_out = pair[1] >> 63;
        (pair[0], carry) = limbs::add_with_carry(doubled[0], low, carry);
        (pair[1], carry) = limbs::add_with_carry(doubled[1], high, carry);
    }
}

/// `acc += a * b` over the limbs of `a`; returns the carry.
fn mul_add_row(acc: &mut [u64], a: &[u64], b: u64) -> u64 {
    let mut carry = 0;
    for (acc, a) in acc.iter_mut().zip(a) {
        (*acc, carry) = limbs::mul_add(*acc, *a, b, carry);
    }
    carry
}

/// The inverse of an odd limb modulo 2^64, by Newton's iteration: `n` itself is right
/// in the lowest three bits, and each round doubles the number of right bits.
fn inverse(n: u64) -> u64 {
    let mut inverse = n;
    for _ in 0..5 {
        inverse = inverse.wrapping_mul(2_u64.wrapping_sub(n.wrapping_mul(inverse)));
    }
    inverse
}

/// R^2 mod n by long division. Its time depends on n, which is public.
fn r_squared(n: &[u64]) -> Box<[u64]> {
    let len = n.len();
    // With the top bit of the divisor set, a guessed quotient digit is at most 2 too
    // large (Knuth, The Art of Computer Programming, volume 2, section 4.3.1, theorem B).
    let shift = n[len - 1].leading_zeros();
    let mut divisor: Box<[u64]> = n.into();
    for _ in 0..shift {
        double(&mut divisor);
    }

    // R mod divisor is R - divisor, because R / 2 < divisor < R.
    let mut remainder = vec![0; len].into_boxed_slice();
    limbs::sub_masked(&mut remainder, &divisor, u64::MAX);
    for _ in 0..len {
        shift_in_zero_limb(&mut remainder, &divisor);
    }
    // R^2 mod n = (R^2 2^shift mod (n 2^shift)) / 2^shift
    for _ in 0..shift {
        let out = double(&mut remainder);
        if out == 1 || limbs::sub_borrow(&remainder, &divisor) == 0 {
            limbs::sub_masked(&mut remainder, &divisor, u64::MAX);
        }
    }
    if shift > 0 {
        let mut above = 0;
        for limb in remainder.iter_mut().rev() {
            (*limb, above) = ((*limb >> shift) | above, *limb << (u64::BITS - shift));
        }
    }
    remainder
}

/// `remainder = remainder * 2^64 mod divisor`: one digit of a long division.
fn shift_in_zero_limb(remainder: &mut [u64], divisor: &[u64]) {
    let top = divisor.len() - 1;
    let highest = remainder[top];
    let digit = if highest == divisor[top] {
        u64::MAX
    } else {
        let dividend = (u128::from(highest) << 64) | u128::from(remainder[top - 1]);
        limbs::split(dividend / u128::from(divisor[top])).0
    };

    remainder.copy_within(..top, 1);
    remainder[0] = 0;
    let (mut carry, mut borrow) = (0, 0);
    for (limb, d) in remainder.iter_mut().zip(divisor) {
        let product;
        (product, carry) = limbs::mul_add(0, *d, digit, carry);
        (*limb, borrow) = limbs::sub_with_borrow(*limb, product, borrow);
    }
    let (mut above, _) = limbs::sub_with_borrow(highest, carry, borrow);
    while above != 0 {
        let mut carry = 0;
        for (limb, d) in remainder.iter_mut().zip(divisor) {
            (*limb, carry) = limbs::add_with_carry(*limb, *d, carry);
        }
        above = above.wrapping_add(carry);
    }
}

/// `number *= 2`; returns the bit shifted out.
fn double(number: &mut [u64]) -> u64 {
    let mut out = 0;
    for limb in number {
        (*limb, out) = ((*limb << 1) | out, *limb >> 63);
    }
    out
}

/// The position of the highest bit that is set, counted from 0.
fn top_bit(e: &[u8]) -> usize {
    e.len() * 8 - 1 - e[0].leading_zeros() as usize
}

fn is_set(e: &[u8], bit: usize) -> bool {
    (e[e.len() - 1 - bit / 8] >> (bit % 8)) & 1 == 1
}
