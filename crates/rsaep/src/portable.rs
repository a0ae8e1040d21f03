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

use crate::exponent::{Step, steps};
use crate::{limbs, residue};

/// The inner loop, which CPUs differ in.
pub(crate) trait MulAdd: Copy {
    /// `acc += a * b` over the limbs of `a`; returns the carry.
    fn mul_add_row(self, acc: &mut [u64], a: &[u64], b: u64) -> u64;
}

/// The inner loop in Rust.
#[derive(Clone, Copy)]
pub(crate) struct AnyCpu;

impl MulAdd for AnyCpu {
    #[inline(always)]
    fn mul_add_row(self, acc: &mut [u64], a: &[u64], b: u64) -> u64 {
        mul_add_row(acc, a, b, 0)
    }
}

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
            n0: residue::inverse(n[0]).wrapping_neg(),
            rr: residue::power_of_two(&n, 2 * 64 * n.len()),
            n: n.into(),
        }
    }

    /// Replaces each block `m` of `size` bytes by `m^e mod n`. `size` is the length of the
    /// modulus, every block is below it, and `e` is odd, at least 3, big-endian, without
    /// leading zeros.
    pub(crate) fn power(&self, e: &[u8], size: usize, blocks: &mut [u8]) {
        self.power_with(AnyCpu, e, size, blocks);
    }

    /// [`power`](Self::power) with an inner loop of the caller's, and with the common lengths
    /// known to the compiler.
    #[inline(always)]
    pub(crate) fn power_with(&self, cpu: impl MulAdd, e: &[u8], size: usize, blocks: &mut [u8]) {
        match self.n.len() {
            32 => self.power_sized(cpu, 32, e, size, blocks),
            48 => self.power_sized(cpu, 48, e, size, blocks),
            64 => self.power_sized(cpu, 64, e, size, blocks),
            len => self.power_sized(cpu, len, e, size, blocks),
        }
    }

    #[inline(always)]
    fn power_sized(&self, cpu: impl MulAdd, len: usize, e: &[u8], size: usize, blocks: &mut [u8]) {
        let n = &self.n[..len];
        let mut scratch = Zeroizing::new(vec![0; 5 * len]);
        let (message, rest) = scratch.split_at_mut(len);
        let (base, rest) = rest.split_at_mut(len);
        let (x, wide) = rest.split_at_mut(len);

        for block in blocks.chunks_exact_mut(size) {
            limbs::from_be_bytes(message, block);
            multiply(cpu, wide, message, &self.rr[..len]);
            base.copy_from_slice(reduce(cpu, wide, n, self.n0));
            x.copy_from_slice(base);
            for step in steps(e) {
                match step {
                    Step::Square => square(cpu, wide, x),
                    Step::Multiply => multiply(cpu, wide, x, base),
                    Step::Last => multiply(cpu, wide, x, message),
                }
                x.copy_from_slice(reduce(cpu, wide, n, self.n0));
            }
            // x is below 2n here: the last factor was the message, which is below n.
            let below = limbs::sub_borrow(x, n);
            limbs::sub_masked(x, n, limbs::mask(1 - below));
            limbs::to_be_bytes(x, block);
        }
    }
}

/// Montgomery reduction: the upper half of `wide` becomes `wide / R mod n`, below R.
/// `n0` is -n^-1 mod 2^64.
#[inline(always)]
fn reduce<'w>(cpu: impl MulAdd, wide: &'w mut [u64], n: &[u64], n0: u64) -> &'w [u64] {
    let len = n.len();
    let mut top = 0;
    for row in 0..len {
        let q = wide[row].wrapping_mul(n0);
        let carry = cpu.mul_add_row(&mut wide[row..row + len], n, q);
        (wide[row + len], top) = limbs::add_with_carry(wide[row + len], carry, top);
    }
    let result = &mut wide[len..];
    limbs::sub_masked(result, n, limbs::mask(top));
    result
}

/// `wide = a * b`
#[inline(always)]
fn multiply(cpu: impl MulAdd, wide: &mut [u64], a: &[u64], b: &[u64]) {
    let len = a.len();
    wide[..len].fill(0);
    for (row, b) in b.iter().enumerate() {
        wide[row + len] = cpu.mul_add_row(&mut wide[row..row + len], a, *b);
    }
}

/// `wide = a * a`: the products above the diagonal once, doubled, then the diagonal.
#[inline(always)]
fn square(cpu: impl MulAdd, wide: &mut [u64], a: &[u64]) {
    let len = a.len();
    wide[..len].fill(0);
    for row in 0..len {
        let above = &a[row + 1..];
        wide[row + len] = cpu.mul_add_row(&mut wide[2 * row + 1..row + len], above, a[row]);
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

/// `acc += a * b + carry` over the limbs of `a`; returns the carry.
#[inline(always)]
pub(crate) fn mul_add_row(acc: &mut [u64], a: &[u64], b: u64, mut carry: u64) -> u64 {
    for (acc, a) in acc.iter_mut().zip(a) {
        (*acc, carry) = limbs::mul_add(*acc, *a, b, carry);
    }
    carry
}
