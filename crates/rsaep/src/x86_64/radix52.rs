//! A modulus in limbs of 52 bits, as both IFMA backends read it, and the way in and out.

use alloc::boxed::Box;
use alloc::vec;

use zeroize::Zeroizing;

use super::cpu::Avx512;
use super::ifma;
use crate::{limbs, residue};

/// The bits of a limb: what an IFMA instruction multiplies.
pub(super) const BITS: usize = 52;
/// The largest limb.
pub(super) const MASK: u64 = (1 << BITS) - 1;
/// How many zeros stand before and after a number, so that shifted reads stay in the buffer.
pub(super) const PAD: usize = 24;

/// A modulus with what Montgomery reduction needs of it, R being 2^(52 len).
#[derive(Clone)]
pub(crate) struct Modulus {
    /// The number of limbs: R > 4n
    pub(super) len: usize,
    /// n, padded
    pub(super) n: Box<[u64]>,
    /// The limbs of n in reverse order, zeros after them
    pub(super) reversed: Box<[u64]>,
    /// -n^-1 mod R, padded
    pub(super) inverse: Box<[u64]>,
    /// R^2 mod n, padded
    pub(super) rr: Box<[u64]>,
}

impl Modulus {
    /// From an odd modulus, big-endian, without leading zeros.
    #[inline(always)]
    pub(super) fn new(cpu: Avx512, modulus: &[u8], bits: usize) -> Self {
        let mut n = vec![0; limbs::count(modulus.len())];
        limbs::from_be_bytes(&mut n, modulus);
        let len = (bits + 2).div_ceil(BITS).next_multiple_of(4).max(28);
        let padded = |number: &[u64]| {
            let mut padded = vec![0; len.next_multiple_of(40) + 40 + 2 * PAD];
            from_limbs(&mut padded[PAD..][..len], number);
            padded.into_boxed_slice()
        };
        let inverse = residue::negated_inverse(&n, (BITS * len).div_ceil(64));
        // 2^(52 len + j) is 2^j in Montgomery form. Squared twice, for j a quarter of 52 len,
        // it is R^2: sooner than a longer division.
        let mut rr = padded(&residue::power_of_two(&n, BITS * len + BITS * len / 4));
        let n = padded(&n);
        let mut reversed = vec![0; n.len()].into_boxed_slice();
        for (reversed, limb) in reversed.iter_mut().zip(n[PAD..][..len].iter().rev()) {
            *reversed = *limb;
        }
        let inverse = padded(&inverse);
        let mut modulus = Self {
            len,
            reversed,
            inverse,
            rr: Box::default(),
            n,
        };
        ifma::square_twice(cpu, &modulus, &mut rr);
        modulus.rr = rr;
        modulus
    }

    /// Writes `x`, which is below 2n, as the big-endian bytes of x mod n.
    #[inline(always)]
    pub(super) fn write_below(&self, x: &mut [u64], bytes: &mut [u8]) {
        let n = &self.n[PAD..][..self.len];
        let borrow = x.iter().zip(n).fold(0, |borrow, (x, n)| {
            x.wrapping_sub(*n).wrapping_sub(borrow) >> 63
        });
        let mask = limbs::mask(1 - borrow);
        let mut borrow = 0;
        for (x, n) in x.iter_mut().zip(n) {
            let limb = x.wrapping_sub(n & mask).wrapping_sub(borrow);
            borrow = limb >> 63;
            *x = limb & MASK;
        }
        to_be_bytes(x, bytes);
    }
}

/// Two limbs are 13 bytes.
const PAIR_BYTES: usize = 2 * BITS / 8;

/// Reads big-endian bytes into limbs of 52 bits. There are limbs enough; those above are left.
#[inline(always)]
pub(super) fn from_be_bytes(limbs: &mut [u64], bytes: &[u8]) {
    let (rest, chunks) = bytes.as_rchunks::<PAIR_BYTES>();
    let (pairs, _) = limbs.as_chunks_mut::<2>();
    for (pair, chunk) in pairs.iter_mut().zip(chunks.iter().rev()) {
        *pair = unpack(chunk);
    }
    let mut chunk = Zeroizing::new([0; PAIR_BYTES]);
    chunk[PAIR_BYTES - rest.len()..].copy_from_slice(rest);
    if let Some(pair) = pairs.get_mut(chunks.len()) {
        *pair = unpack(&chunk);
    }
}

/// Writes limbs of 52 bits as big-endian bytes. The number must fit.
#[inline(always)]
fn to_be_bytes(limbs: &[u64], bytes: &mut [u8]) {
    let (rest, chunks) = bytes.as_rchunks_mut::<PAIR_BYTES>();
    let (pairs, _) = limbs.as_chunks::<2>();
    if let Some(pair) = pairs.get(chunks.len()) {
        rest.copy_from_slice(&pack(*pair)[PAIR_BYTES - rest.len()..]);
    }
    for (pair, chunk) in pairs.iter().zip(chunks.iter_mut().rev()) {
        *chunk = pack(*pair);
    }
}

#[inline(always)]
fn unpack(chunk: &[u8; PAIR_BYTES]) -> [u64; 2] {
    let [b0, b1, b2, b3, b4, b5, b6, b7, b8, b9, b10, b11, b12] = *chunk;
    [
        u64::from_be_bytes([b5, b6, b7, b8, b9, b10, b11, b12]) & MASK,
        u64::from_be_bytes([b0, b1, b2, b3, b4, b5, b6, b7]) >> (64 - BITS),
    ]
}

#[inline(always)]
fn pack([low, high]: [u64; 2]) -> [u8; PAIR_BYTES] {
    let upper = (high << (64 - BITS)) | (low >> (2 * BITS - 64));
    let lower = low | (high << BITS);
    let mut chunk = [0; PAIR_BYTES];
    chunk[..8].copy_from_slice(&upper.to_be_bytes());
    chunk[PAIR_BYTES - 8..].copy_from_slice(&lower.to_be_bytes());
    chunk
}

/// Limbs of 64 bits to limbs of 52 bits. What does not fit is dropped.
fn from_limbs(number: &mut [u64], wide: &[u64]) {
    let word = |at: usize| u128::from(wide.get(at).copied().unwrap_or(0));
    for (index, limb) in number.iter_mut().enumerate() {
        let (at, shift) = (BITS * index / 64, BITS * index % 64);
        *limb = limbs::split((word(at) | word(at + 1) << 64) >> shift).0 & MASK;
    }
}
