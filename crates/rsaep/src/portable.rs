//! Montgomery arithmetic in safe Rust, for any CPU and any size: the reference.
//!
//! Factors are taken two limbs at a time, a digit of 128 bits, so that two carry chains run
//! side by side. Hence the number of limbs, `L`, is even. It gives R = 2^(64 L). Between
//! steps a number is below R but not always below n ("almost Montgomery"): for a, b < R the
//! reduced product (a b + q n) / R is below R + n, so one subtraction of n, masked by the
//! carry, brings it below R again. A last masked subtraction brings the result below n.
//!
//! Exponentiation takes the message into Montgomery form by one product with R^2 mod n,
//! goes through the bits of e from the top, and multiplies by the plain message for
//! the last bit, which is set because e is odd. That product leaves Montgomery form
//! by itself. For e = 65537 these are 16 squarings and 2 products.

use alloc::boxed::Box;
use alloc::vec;

use zeroize::Zeroizing;

use crate::backend::Implementation;
use crate::exponent::{Step, steps};
use crate::{limbs, residue};

/// The inner loop, which CPUs differ in.
pub(crate) trait MulAdd: Copy {
    /// `acc += a * b + top * 2^(64 len)` for `a` of `len` limbs and `acc` of two more. `top` is a
    /// bit, and so is what is carried out of `acc` and returned.
    fn mul_add(self, acc: &mut [u64], a: &[u64], b: Digit, top: u64) -> u64;
}

/// Two limbs, the lower one first.
pub(crate) type Digit = [u64; 2];

/// The inner loop in Rust, for even numbers of limbs.
#[derive(Clone, Copy)]
struct AnyCpu;

impl MulAdd for AnyCpu {
    #[inline(always)]
    fn mul_add(self, acc: &mut [u64], a: &[u64], b: Digit, top: u64) -> u64 {
        let (low, high) = acc.split_at_mut(a.len());
        let (low, a) = (low.as_chunks_mut::<2>().0, a.as_chunks::<2>().0);
        // One chain of carries for each limb of `b`. The second is a limb of `a` behind.
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
}

/// A modulus with what Montgomery reduction needs of it.
#[derive(Clone)]
pub(crate) struct Portable {
    n: Box<[u64]>,
    /// -n^-1 mod 2^128
    n0: u128,
    /// R^2 mod n
    rr: Box<[u64]>,
}

impl Implementation for Portable {
    fn is_available() -> bool {
        true
    }

    fn new(modulus: &[u8]) -> Option<Self> {
        Some(Self::set_up(modulus))
    }

    fn power(&self, e: &[u8], size: usize, blocks: &mut [u8]) {
        self.power_with(AnyCpu, e, size, blocks);
    }
}

impl Portable {
    /// As [`Implementation::new`], which always succeeds.
    pub(crate) fn set_up(modulus: &[u8]) -> Self {
        let count = limbs::count(modulus.len());
        let len = count.next_multiple_of(2);
        let mut n = vec![0; len];
        limbs::from_be_bytes(&mut n, modulus);
        let mut rr = vec![0; len];
        rr[..count].copy_from_slice(&residue::power_of_two(&n[..count], 2 * 64 * len));
        Self {
            n0: residue::inverse_of_two(limbs::join([n[0], n[1]])).wrapping_neg(),
            n: n.into(),
            rr: rr.into(),
        }
    }

    /// [`Implementation::power`] with an inner loop of the caller's, and with the common lengths
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
            reduce(cpu, base, wide, n, self.n0);
            x.copy_from_slice(base);
            for step in steps(e) {
                match step {
                    Step::Square => square(cpu, wide, x),
                    Step::Multiply => multiply(cpu, wide, x, base),
                    Step::Last => multiply(cpu, wide, x, message),
                }
                reduce(cpu, x, wide, n, self.n0);
            }
            // x is below 2n here: the last factor was the message, which is below n.
            let below = limbs::sub_borrow(x, n);
            limbs::sub_masked(x, n, limbs::mask(1 - below));
            limbs::to_be_bytes(x, block);
        }
    }
}

/// Montgomery reduction: `x = wide / R mod n`, below R. `n0` is -n^-1 mod 2^128.
#[inline(always)]
fn reduce(cpu: impl MulAdd, x: &mut [u64], wide: &mut [u64], n: &[u64], n0: u128) {
    let len = n.len();
    let mut top = 0;
    for row in (0..len).step_by(2) {
        let q = limbs::join([wide[row], wide[row + 1]]).wrapping_mul(n0);
        let q = limbs::split(q).into();
        top = cpu.mul_add(&mut wide[row..row + len + 2], n, q, top);
    }
    x.copy_from_slice(&wide[len..]);
    limbs::sub_masked(x, n, limbs::mask(top));
}

/// `wide = a * b`
#[inline(always)]
fn multiply(cpu: impl MulAdd, wide: &mut [u64], a: &[u64], b: &[u64]) {
    let len = a.len();
    wide.fill(0);
    for row in (0..len).step_by(2) {
        cpu.mul_add(&mut wide[row..row + len + 2], a, [b[row], b[row + 1]], 0);
    }
}

/// `wide = a * a`: the products of different limbs once, doubled, then the squares of limbs.
#[inline(always)]
fn square(cpu: impl MulAdd, wide: &mut [u64], a: &[u64]) {
    let len = a.len();
    // The products of the two limbs of each digit, which no row below has.
    for (wide, a) in wide.as_chunks_mut().0.iter_mut().zip(a.as_chunks().0) {
        let [low, high]: [u64; 2] = *a;
        let (middle, above) = limbs::mul_add(0, low, high, 0);
        *wide = [0, middle, above, 0];
    }
    let mut top = 0;
    for row in (0..len).step_by(2) {
        let acc = &mut wide[2 * row + 2..row + len + 2];
        top = cpu.mul_add(acc, &a[row + 2..], [a[row], a[row + 1]], top);
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
