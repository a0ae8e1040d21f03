//! A modulus in limbs of 52 bits, as both IFMA backends read it, and the way in and out.

use alloc::boxed::Box;
use alloc::vec;

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
    pub(super) fn new(modulus: &[u8], bits: usize) -> Self {
        let mut n = vec![0; limbs::count(modulus.len())];
        limbs::from_be_bytes(&mut n, modulus);
        let len = (bits + 2).div_ceil(BITS).next_multiple_of(4).max(28);
        let padded = |number: &[u64]| {
            let mut padded = vec![0; len.next_multiple_of(40) + 40 + 2 * PAD];
            from_limbs(&mut padded[PAD..][..len], number);
            padded.into_boxed_slice()
        };
        let inverse = residue::negated_inverse(&n, (BITS * len).div_ceil(64));
        let rr = residue::power_of_two(&n, 2 * BITS * len);
        let n = padded(&n);
        let mut reversed = n.clone();
        reversed.fill(0);
        for i in 0..len {
            reversed[i] = n[PAD + len - 1 - i];
        }
        Self { len, reversed, inverse: padded(&inverse), rr: padded(&rr), n }
    }

    /// Writes `x`, which is below 2n, as the big-endian bytes of x mod n.
    pub(super) fn write_below(&self, x: &[u64], bytes: &mut [u8]) {
        let n = &self.n[PAD..][..self.len];
        let borrow = x.iter().zip(n).fold(0, |borrow, (x, n)| x.wrapping_sub(*n).wrapping_sub(borrow) >> 63);
        let mask = limbs::mask(1 - borrow);
        let mut borrow = 0;
        let mut below = |at: usize| {
            let limb = x[at].wrapping_sub(n[at] & mask).wrapping_sub(borrow);
            borrow = limb >> 63;
            limb & MASK
        };
        for (pair, chunk) in bytes.rchunks_mut(13).enumerate() {
            let (low, high) = (below(2 * pair), below(2 * pair + 1));
            let wide = (u128::from(low) | u128::from(high) << BITS).to_be_bytes();
            chunk.copy_from_slice(&wide[16 - chunk.len()..]);
        }
    }
}

/// Reads big-endian bytes into limbs of 52 bits.
pub(super) fn from_be_bytes(limbs: &mut [u64], bytes: &[u8]) {
    for (pair, chunk) in limbs.chunks_mut(2).zip(bytes.rchunks(13)) {
        let mut wide = [0; 16];
        wide[16 - chunk.len()..].copy_from_slice(chunk);
        let wide = u128::from_be_bytes(wide);
        pair[0] = wide as u64 & MASK;
        pair[1] = (wide >> BITS) as u64;
    }
}

/// Limbs of 64 bits to limbs of 52 bits. What does not fit is dropped.
fn from_limbs(limbs: &mut [u64], wide: &[u64]) {
    let word = |at: usize| u128::from(wide.get(at).copied().unwrap_or(0));
    for (index, limb) in limbs.iter_mut().enumerate() {
        let (at, shift) = (BITS * index / 64, BITS * index % 64);
        *limb = ((word(at) | word(at + 1) << 64) >> shift) as u64 & MASK;
    }
}
