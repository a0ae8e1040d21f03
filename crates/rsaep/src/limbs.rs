//! Big-endian bytes to 64-bit limbs and back, and constant-time subtraction.
//!
//! A number is a slice of limbs, the least significant first.

/// The length in bytes of one limb.
const LIMB_BYTES: usize = 8;

/// How many limbs a number of `len` bytes takes.
pub(crate) fn count(len: usize) -> usize {
    len.div_ceil(LIMB_BYTES)
}

/// Reads big-endian bytes into limbs, at least [`count`] of them. Those above are left as they are.
pub(crate) fn from_be_bytes(limbs: &mut [u64], bytes: &[u8]) {
    debug_assert!(limbs.len() >= count(bytes.len()));
    let (rest, chunks) = bytes.as_rchunks();
    for (limb, chunk) in limbs.iter_mut().zip(chunks.iter().rev()) {
        *limb = u64::from_be_bytes(*chunk);
    }
    if !rest.is_empty() {
        limbs[chunks.len()] = be_limb(rest);
    }
}

/// Writes limbs, at least [`count`] of them, as big-endian bytes. The number must fit.
pub(crate) fn to_be_bytes(limbs: &[u64], bytes: &mut [u8]) {
    debug_assert!(limbs.len() >= count(bytes.len()));
    let (rest, chunks) = bytes.as_rchunks_mut();
    for (limb, chunk) in limbs.iter().zip(chunks.iter_mut().rev()) {
        *chunk = limb.to_be_bytes();
    }
    if !rest.is_empty() {
        let limb = limbs[chunks.len()].to_be_bytes();
        rest.copy_from_slice(&limb[LIMB_BYTES - rest.len()..]);
    }
}

/// Whether `a < b`, both big-endian and of one length, in a time that does not depend on them.
pub(crate) fn is_below(a: &[u8], b: &[u8]) -> bool {
    debug_assert_eq!(a.len(), b.len());
    let (a, a_limbs) = a.as_rchunks::<LIMB_BYTES>();
    let (b, b_limbs) = b.as_rchunks::<LIMB_BYTES>();
    let borrow = a_limbs.iter().zip(b_limbs).rev().fold(0, |borrow, (a, b)| {
        sub_with_borrow(u64::from_be_bytes(*a), u64::from_be_bytes(*b), borrow).1
    });
    let borrow = sub_with_borrow(be_limb(a), be_limb(b), borrow).1;
    core::hint::black_box(borrow) == 1
}

/// The limb of at most eight big-endian bytes.
fn be_limb(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .fold(0, |limb, byte| (limb << 8) | u64::from(*byte))
}

/// `a + b + carry` as a limb and a carry of 0 or 1.
pub(crate) fn add_with_carry(a: u64, b: u64, carry: u64) -> (u64, u64) {
    split(u128::from(a) + u128::from(b) + u128::from(carry))
}

/// `a - b - borrow` as a limb and a borrow of 0 or 1.
pub(crate) fn sub_with_borrow(a: u64, b: u64, borrow: u64) -> (u64, u64) {
    let (low, high) = split(
        u128::from(a)
            .wrapping_sub(u128::from(b))
            .wrapping_sub(u128::from(borrow)),
    );
    (low, high & 1)
}

/// `acc + a * b + carry` as a limb and a carry: it never exceeds two limbs,
/// because (2^64 - 1)^2 + 2 (2^64 - 1) = 2^128 - 1.
///
/// The carry comes last, so that what waits for it is two additions and not the product.
pub(crate) fn mul_add(acc: u64, a: u64, b: u64, carry: u64) -> (u64, u64) {
    let (low, high) = split(u128::from(acc) + u128::from(a) * u128::from(b));
    let (low, over) = low.overflowing_add(carry);
    (low, high + u64::from(over))
}

/// `acc += a * b + carry` over the limbs of `a`; returns the carry.
#[inline(always)]
pub(crate) fn mul_add_row(acc: &mut [u64], a: &[u64], b: u64, mut carry: u64) -> u64 {
    for (acc, a) in acc.iter_mut().zip(a) {
        (*acc, carry) = mul_add(*acc, *a, b, carry);
    }
    carry
}

/// The low and the high limb.
#[expect(
    clippy::cast_possible_truncation,
    reason = "the low limb is what is wanted"
)]
pub(crate) fn split(wide: u128) -> (u64, u64) {
    (wide as u64, (wide >> 64) as u64)
}

/// The opposite of [`split`].
pub(crate) fn join([low, high]: [u64; 2]) -> u128 {
    u128::from(low) | (u128::from(high) << 64)
}

/// All ones for 1 and all zeros for 0, hidden from the optimiser, which could
/// otherwise turn the masking that follows into a branch.
pub(crate) fn mask(bit: u64) -> u64 {
    core::hint::black_box(0_u64.wrapping_sub(bit))
}

/// `a -= b & mask`; returns the borrow.
pub(crate) fn sub_masked(a: &mut [u64], b: &[u64], mask: u64) -> u64 {
    let mut borrow = 0;
    for (a, b) in a.iter_mut().zip(b) {
        (*a, borrow) = sub_with_borrow(*a, b & mask, borrow);
    }
    borrow
}

/// The borrow of `a - b`: 1 when `a < b`.
pub(crate) fn sub_borrow(a: &[u64], b: &[u64]) -> u64 {
    a.iter()
        .zip(b)
        .fold(0, |borrow, (a, b)| sub_with_borrow(*a, *b, borrow).1)
}

/// The 64 bits of a number from a bit on; above its limbs there are zeros.
pub(crate) fn bits_from(number: &[u64], from: usize) -> u64 {
    let (at, bit) = (from / 64, from % 64);
    let limb = |at: usize| number.get(at).copied().unwrap_or(0);
    split(join([limb(at), limb(at + 1)]) >> bit).0
}

/// The limb at a place of `number * 2^bits`.
pub(crate) fn shifted(number: &[u64], bits: usize, at: usize) -> u64 {
    match (64 * at).checked_sub(bits) {
        Some(from) => bits_from(number, from),
        None if bits < 64 * (at + 1) => number[0] << (bits % 64),
        None => 0,
    }
}

/// `2^(64 len) - number`, for a number that is not 0.
pub(crate) fn negate(number: &mut [u64]) {
    let mut borrow = 0;
    for limb in number {
        (*limb, borrow) = sub_with_borrow(0, *limb, borrow);
    }
}
