//! Powers modulo a number of 64-bit limbs, for the portable and the ADX backend.
//!
//! W is 2^64. Numbers are taken in blocks of eight limbs, and have `L` limbs, a multiple of eight. A product is
//! reduced from both ends: its upper blocks, from W^(L + 8) on, are folded, each by its residue, and its
//! lowest block goes by Montgomery's division by W^8. What still exceeds W^L is taken away by a
//! quotient of few bits, estimated from the top. So a number between steps is below W^L, and not always below
//! the modulus. docs/portable.md has the bounds.
//!
//! Exponentiation multiplies the message by W^8, goes through the bits of e from the top, and multiplies by the
//! plain message for the last bit, which is set because e is odd: that product leaves the factor W^8 behind.

use alloc::boxed::Box;
use alloc::vec;

use zeroize::Zeroizing;

use crate::exponent::{Step, steps};
use crate::key::bit_len;
use crate::{fault, limbs, residue};

/// The limbs of a block.
pub(crate) const BLOCK: usize = 8;

/// Eight limbs.
pub(crate) type Block = [u64; BLOCK];

/// The inner loops, which CPUs differ in.
pub(crate) trait Kernel: Copy {
    /// `wide = x * x`, for a `wide` of twice as many blocks.
    fn square(self, wide: &mut [Block], x: &[Block]);

    /// `acc += a * digits`, for an `acc` of one block more than `a`; returns the carry, 0 or 1.
    fn mul_add(self, acc: &mut [Block], a: &[Block], digits: &Block) -> u64;

    /// `acc += q * n` for the `q` of one block that makes `acc` a multiple of W^8; returns the carry, 0 or 1.
    /// `acc` has one block more than `n`, and `n0` is -n^-1 mod W^2. What it leaves in the lowest block is not said.
    fn divide(self, acc: &mut [Block], n: &[Block], n0: u128) -> u64;

    /// `sum = acc + a * digit`, all of one length. What exceeds it is dropped.
    fn mul_add_limb(self, sum: &mut [Block], acc: &[Block], a: &[Block], digit: u64);
}

/// A modulus with what its reduction needs.
#[derive(Clone)]
pub(crate) struct Modulus {
    n: Box<[Block]>,
    /// -n^-1 mod W^2
    n0: u128,
    /// A residue of W^(L + 8 + 8k) modulo n, below W^L, for each k below L / 8 - 1
    residues: Box<[Block]>,
    /// W^L - n 2^shift
    negated: Box<[Block]>,
    /// n 2^shift has 64 L bits, or where n begins with 32 ones one bit less.
    shift: usize,
    quotient: Quotient,
}

/// 1 for a modulus that begins with 32 ones, else 0: how many bits are to spare above it.
fn spare(modulus: &[u8]) -> usize {
    let (first, _) = modulus.split_first_chunk().expect("a kilobit at least");
    let first = u64::from_be_bytes(*first);
    usize::from((first << first.leading_zeros()) >> 32 == u64::from(u32::MAX))
}

/// How many blocks a modulus of `bits` bits takes.
pub(crate) const fn blocks(bits: usize, spare: usize) -> usize {
    (bits + spare).div_ceil(64 * BLOCK)
}

/// By how many bits a modulus of `bits` bits is moved up to the top of its blocks.
pub(crate) const fn shift(bits: usize, spare: usize) -> usize {
    64 * BLOCK * blocks(bits, spare) - spare - bits
}

/// As [`Implementation::tested_by`](crate::backend::Implementation::tested_by).
pub(crate) fn tested_by(modulus: &[u8]) -> usize {
    match blocks(bit_len(modulus), spare(modulus)) {
        4 => 1984,
        6 => 3008,
        8 => 4032,
        _ => 2240,
    }
}

impl Modulus {
    /// From an odd modulus, big-endian, without leading zeros.
    pub(crate) fn new(modulus: &[u8]) -> Self {
        let mut n = vec![0; limbs::count(modulus.len())];
        limbs::from_be_bytes(&mut n, modulus);
        let (bits, spare) = (bit_len(modulus), spare(modulus));
        let (blocks, shift) = (blocks(bits, spare), shift(bits, spare));
        let len = BLOCK * blocks;

        let mut residues = vec![[0; BLOCK]; (blocks - 1) * blocks];
        let mut rows = residues.as_flattened_mut().chunks_exact_mut(len);
        residue::limb_powers(&n, (len + BLOCK..2 * len).step_by(BLOCK), |residue| {
            let row = rows.next().expect("one for each");
            row[..n.len()].copy_from_slice(residue);
        });
        let n0 = residue::inverse_of_two(limbs::join([n[0], n[1]])).wrapping_neg();
        let quotient = Quotient::new(&n, bits + spare);
        n.resize(len, 0);
        let mut negated = vec![[0; BLOCK]; blocks];
        for (at, limb) in negated.as_flattened_mut().iter_mut().enumerate() {
            *limb = limbs::shifted(&n, shift, at);
        }
        limbs::negate(negated.as_flattened_mut());
        Self {
            n: n.as_chunks().0.into(),
            n0,
            residues: residues.into(),
            negated: negated.into(),
            shift,
            quotient,
        }
    }

    /// Replaces each block `m` of `size` bytes by `m^e mod n`. `size` is the length of the
    /// modulus, every block is below it, and `e` is odd, at least 3, big-endian, without
    /// leading zeros.
    #[inline(always)]
    pub(crate) fn power(&self, cpu: impl Kernel, e: &[u8], size: usize, bytes: &mut [u8]) {
        // The common lengths are known to the compiler.
        match self.n.len() {
            4 => self.power_sized(cpu, 4, e, size, bytes),
            6 => self.power_sized(cpu, 6, e, size, bytes),
            8 => self.power_sized(cpu, 8, e, size, bytes),
            blocks => self.power_sized(cpu, blocks, e, size, bytes),
        }
    }

    #[inline(always)]
    fn power_sized(
        &self,
        cpu: impl Kernel,
        blocks: usize,
        e: &[u8],
        size: usize,
        bytes: &mut [u8],
    ) {
        let mut scratch = Zeroizing::new(vec![0; 5 * blocks * BLOCK]);
        let (message, rest) = scratch.as_chunks_mut().0.split_at_mut(blocks);
        let (base, rest) = rest.split_at_mut(blocks);
        let (x, wide) = rest.split_at_mut(blocks);

        for bytes in bytes.chunks_exact_mut(size) {
            limbs::from_be_bytes(message.as_flattened_mut(), bytes);
            // m W^16, the highest block of which is folded.
            wide.fill([0; BLOCK]);
            wide[2..blocks + 2].copy_from_slice(message);
            self.reduce(cpu, base, wide, 1);
            x.copy_from_slice(base);
            for step in steps(e) {
                match step {
                    Step::Square => cpu.square(wide, x),
                    Step::Multiply => multiply(cpu, wide, x, base),
                    Step::Last => multiply(cpu, wide, x, message),
                }
                fault::place("a product", wide.as_flattened_mut());
                self.reduce(cpu, x, wide, blocks - 1);
            }
            self.reduce_fully(x.as_flattened_mut());
            limbs::to_be_bytes(x.as_flattened(), bytes);
        }
    }

    /// `x = wide / W^8 mod n`, below W^L, of a `wide` below W^(L + 8 + 8 folds).
    #[inline(always)]
    fn reduce(&self, cpu: impl Kernel, x: &mut [Block], wide: &mut [Block], folds: usize) {
        let blocks = x.len();
        let (acc, upper) = wide.split_at_mut(blocks + 1);
        let residues = self.residues.chunks_exact(blocks);
        let mut carry = 0;
        for (digits, residue) in upper[..folds].iter().zip(residues) {
            carry += cpu.mul_add(acc, residue, digits);
        }
        fault::place("the folds", acc.as_flattened_mut());
        carry += cpu.divide(acc, &self.n[..blocks], self.n0);
        let sum = &acc[1..];
        let q = self.quotient.estimate(carry, sum[blocks - 1][BLOCK - 1]);
        cpu.mul_add_limb(x, sum, &self.negated[..blocks], q);
        fault::place("a reduction", x.as_flattened_mut());
    }

    /// `x mod n` of an x that [`reduce`](Self::reduce) gave.
    fn reduce_fully(&self, x: &mut [u64]) {
        let n = self.n.as_flattened();
        // x is below 2 n 2^shift.
        let mut shift = self.shift;
        while shift > 0 {
            shift = shift.saturating_sub(Quotient::STEP);
            let q = self.quotient.estimate_at(x, shift);
            let (mut carry, mut borrow) = (0, 0);
            for (at, limb) in x.iter_mut().enumerate() {
                let product;
                (product, carry) = limbs::mul_add(0, limbs::shifted(n, shift, at), q, carry);
                (*limb, borrow) = limbs::sub_with_borrow(*limb, product, borrow);
            }
            fault::place("a quotient taken off", x);
        }
        // x is below 2n.
        let below = limbs::sub_borrow(x, n);
        limbs::sub_masked(x, n, limbs::mask(1 - below));
        fault::place("n taken off", x);
    }
}

/// Estimates quotients of numbers by n 2^shift, never too large, from their highest bits.
#[derive(Clone, Copy)]
pub(crate) struct Quotient {
    /// floor(2^102 / t), where t - 1 are the highest bits of n, as many as `BITS`, and where n begins with 32 ones one
    /// less.
    reciprocal: u64,
    /// The lowest bit of n that was read
    from: usize,
}

impl Quotient {
    /// How many bits of a divisor are read.
    pub(crate) const BITS: usize = 40;
    /// By how many bits a number may exceed a divisor, so that no more than 64 bits of it are read.
    pub(crate) const STEP: usize = 20;

    /// For a divisor of at most `bits` bits, and at least one less.
    fn new(n: &[u64], bits: usize) -> Self {
        let from = bits - Self::BITS;
        let above = limbs::bits_from(n, from) + 1;
        let reciprocal = (1 << (64 + Self::BITS - 2)) / u128::from(above);
        Self {
            reciprocal: limbs::split(reciprocal).0,
            from,
        }
    }

    /// Of a number of L limbs and a carry, by n 2^shift.
    fn estimate(&self, carry: u64, top: u64) -> u64 {
        self.of(carry << Self::BITS | top >> (64 - Self::BITS))
    }

    /// Of a number below 2^(STEP + 1) n 2^shift, by n 2^shift.
    fn estimate_at(&self, x: &[u64], shift: usize) -> u64 {
        self.of(limbs::bits_from(x, self.from + shift))
    }

    fn of(&self, bits: u64) -> u64 {
        let product = u128::from(bits) * u128::from(self.reciprocal);
        limbs::split(product).1 >> (Self::BITS - 2)
    }
}

/// `wide = a * b`
#[inline(always)]
fn multiply(cpu: impl Kernel, wide: &mut [Block], a: &[Block], b: &[Block]) {
    wide.fill([0; BLOCK]);
    for (at, digits) in b.iter().enumerate() {
        cpu.mul_add(&mut wide[at..=at + a.len()], a, digits);
    }
}
