//! A modulus in limbs of 52 bits, as both IFMA backends read it, and the way in and out.

use alloc::boxed::Box;
use alloc::vec;

use zeroize::Zeroizing;

use super::cpu::Avx512;
use super::simd::{LANES, Line, flat, flat_mut};
use super::table;
use crate::{limbs, residue};

/// The bits of a limb: what an IFMA instruction multiplies.
pub(super) const BITS: usize = 52;
/// The largest limb.
pub(super) const MASK: u64 = (1 << BITS) - 1;

/// The largest limb of so many bits.
pub(super) const fn mask(width: usize) -> u64 {
    (1 << width) - 1
}

/// From which limb on the upper half of a product is folded by one residue. What is below is folded by a row of
/// the table for each limb. All that for one message stays in the first cache of a CPU (48 KiB) so.
pub(super) const fn split(len: usize) -> usize {
    match len {
        80 => 40,
        len => len,
    }
}

/// A modulus, and the table by which numbers are reduced. W is 2^52.
#[derive(Clone)]
pub(crate) struct Modulus<const B: usize> {
    /// The number of limbs
    pub(super) len: usize,
    /// The length of n in bits
    bits: usize,
    /// The limbs of n
    pub(super) n: Box<[u64]>,
    /// Rows of as many lines as `len` limbs take: W^(len + i) mod n for each i below `len`, to the bounds of docs/ifma.md;
    /// 2^fold_at mod n; and W^len - n 2^(40 i) for each i below `quotients`.
    rows: Box<[Line]>,
    /// Bits of limb `len` of a sum that is folded at bit `fold_at`: to the left by this
    pub(super) over_shift: usize,
    /// and those of limb `len - 1`: to the right by this.
    pub(super) top_shift: usize,
    /// What the fold leaves of the highest group of limbs
    pub(super) top_mask: Line,
    /// How many quotients take a number below 2n
    pub(super) quotients: usize,
    /// floor(2^(bits + 43) / n), at most 1 too small
    pub(super) reciprocal: u64,
    /// What the fold of eight blocks by inner products reads instead of the rows W^(len + i) mod n
    pub(super) inner: Option<Inner>,
}

/// How many columns are summed at once by inner products.
pub(super) const INNER_WIDTH: usize = 7;

/// What the fold by inner products leaves in the highest limb, at least, so that what stays is positive whatever comes from the columns
/// below.
pub(super) const INNER_ROOM: u64 = 1 << 11;

/// n is moved up by so many bits to be a multiple that makes what a fold by inner products splits positive.
pub(super) const fn multiple_shift(bits: usize) -> usize {
    (51 * (len(51, bits) - 1) + 14).saturating_sub(bits)
}

/// What the fold by inner products reads, for groups of columns.
#[derive(Clone)]
pub(super) struct Inner {
    /// For each group, and each pair of rows: the limbs of the second, and then those of the first
    pub(super) pairs: Box<[[[u64; INNER_WIDTH]; 2]]>,
    /// For each group
    pub(super) columns: Box<[InnerColumns]>,
}

#[derive(Clone, Copy, Default)]
pub(super) struct InnerColumns {
    /// Of 2^fold_at mod n
    pub(super) fold: [u64; INNER_WIDTH],
    /// Lower 52 bits of the sum of the products of the limbs of each pair of rows, taken off those of a multiple of n, and what is above,
    /// negated.
    pub(super) lo: [u64; INNER_WIDTH],
    pub(super) hi: [u64; INNER_WIDTH],
}

impl Inner {
    fn new(rows: &[u64], fold: &[u64], multiple: &[u64], len: usize) -> Self {
        let width = len.next_multiple_of(LANES);
        let groups = len.div_ceil(INNER_WIDTH);
        let mut pairs = vec![[[0; INNER_WIDTH]; 2]; groups * len / 2];
        let mut columns = vec![InnerColumns::default(); groups];
        for c in 0..len {
            let (group, k) = (c / INNER_WIDTH, c % INNER_WIDTH);
            let mut sum = 0;
            for (pair, rows) in rows.chunks_exact(2 * width).enumerate() {
                let (even, odd) = (rows[c], rows[width + c]);
                pairs[group * len / 2 + pair][0][k] = odd;
                pairs[group * len / 2 + pair][1][k] = even;
                sum += u128::from(even) * u128::from(odd);
            }
            let columns = &mut columns[group];
            columns.fold[k] = fold[c];
            columns.lo[k] = multiple[c].wrapping_sub(limbs::split(sum).0 & MASK);
            columns.hi[k] = 0_u64.wrapping_sub(limbs::split(sum >> BITS).0);
        }
        Self {
            pairs: pairs.into(),
            columns: columns.into(),
        }
    }
}

/// By how many bits one quotient makes a number shorter.
pub(super) const QUOTIENT_BITS: usize = 40;
/// How many bits of a number are read for a quotient, beside those of the quotient.
pub(super) const QUOTIENT_FROM: usize = 9;

/// How many limbs of `width` bits a modulus of `bits` bits takes.
pub(super) const fn len(width: usize, bits: usize) -> usize {
    let len = (bits + 32).div_ceil(width);
    match (width, len.next_multiple_of(4), len.next_multiple_of(2)) {
        (52, len @ (40 | 60 | 80), _) | (51, _, len @ (42 | 62 | 82)) => len,
        _ => len.next_multiple_of(16),
    }
}

/// By how many bits W^len is longer than a modulus of `bits` bits.
const fn spare(width: usize, bits: usize) -> usize {
    width * len(width, bits) - bits
}

/// From which bit on what a fold leaves is folded once more.
pub(super) const fn fold_at(width: usize, bits: usize) -> usize {
    let spare = spare(width, bits);
    let mut above = 30;
    if above < spare / 2 + 4 {
        above = spare / 2 + 4;
    }
    if above < spare.saturating_sub(40) {
        above = spare - 40;
    }
    bits + above
}

/// How many quotients take a number below 2n.
pub(super) const fn quotients(width: usize, bits: usize) -> usize {
    match spare(width, bits) {
        ..=70 => 1,
        spare => spare.div_ceil(QUOTIENT_BITS),
    }
}

impl<const B: usize> Modulus<B> {
    /// From an odd modulus, big-endian, without leading zeros.
    #[inline(always)]
    pub(super) fn new(cpu: Avx512, modulus: &[u8], bits: usize) -> Self {
        let mut wide = vec![0; limbs::count(modulus.len())];
        limbs::from_be_bytes(&mut wide, modulus);
        let len = len(B, bits);
        let fold_at = fold_at(B, bits);
        let quotients = quotients(B, bits);

        let top_shift = fold_at - B * (len - 1);
        let top_lane = (len - 1) % LANES;
        let mut top_mask = Line::ZERO;
        top_mask.0[..top_lane].fill(u64::MAX);
        top_mask.0[top_lane] = (1 << top_shift) - 1;

        let width = len.next_multiple_of(LANES);
        let mut n = vec![0; width].into_boxed_slice();
        from_limbs(&mut n[..len], &wide, 0, B);
        let mut rows = vec![Line::ZERO; (len + 1 + quotients) * width / LANES];
        let (residues, rest) = flat_mut(&mut rows).split_at_mut(len * width);
        table::fill::<B>(cpu, &wide, &n, len, residues);
        let (fold, negated) = rest.split_at_mut(width);
        // W^len mod n, which is row 0, divided by 2^(52 len - fold_at)
        fold.copy_from_slice(&residues[..width]);
        divide_by_power_of_two(&mut fold[..len], &n[..len], B - top_shift, B);
        for (i, row) in negated.chunks_exact_mut(width).enumerate() {
            from_limbs(&mut row[..len], &wide, QUOTIENT_BITS * i, B);
            negate(&mut row[..len], B);
        }

        let inner = (B == 51).then(|| {
            let mut multiple = vec![0; width];
            from_limbs(&mut multiple[..len], &wide, multiple_shift(bits), B);
            Inner::new(residues, fold, &multiple, len)
        });
        Self {
            inner,
            len,
            bits,
            n,
            rows: rows.into(),
            over_shift: B - top_shift,
            top_shift,
            top_mask,
            quotients,
            reciprocal: reciprocal(&wide, bits),
        }
    }

    /// The rows W^(len + i) mod n. `len` is that of the modulus, where the compiler may know it.
    #[inline(always)]
    pub(super) fn table(&self, len: usize) -> &[u64] {
        flat(&self.rows[..len * len.div_ceil(LANES)])
    }

    /// A row of the table, from the beginning of a cache line on.
    #[inline(always)]
    pub(super) fn row(&self, index: usize) -> &[u64] {
        let lines = self.len.div_ceil(LANES);
        flat(&self.rows[index * lines..][..lines])
    }

    /// Which limb and which bit of it is `QUOTIENT_FROM` below the top of n 2^(40 shift)
    pub(super) fn quotient_at(&self, shift: usize) -> (usize, usize) {
        let from = self.bits - QUOTIENT_FROM + QUOTIENT_BITS * shift;
        (from / B, from % B)
    }

    /// Writes `x`, which is below 2n, as the big-endian bytes of x mod n.
    #[inline(always)]
    pub(super) fn write_below(&self, x: &mut [u64], bytes: &mut [u8]) {
        let n = &self.n[..self.len];
        let borrow = x.iter().zip(n.iter()).fold(0, |borrow, (x, n)| {
            x.wrapping_sub(*n).wrapping_sub(borrow) >> 63
        });
        let chosen = limbs::mask(1 - borrow);
        let mut borrow = 0;
        for (x, n) in x.iter_mut().zip(n.iter()) {
            let limb = x.wrapping_sub(n & chosen).wrapping_sub(borrow);
            borrow = limb >> 63;
            *x = limb & mask(B);
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
pub(super) fn to_be_bytes(limbs: &[u64], bytes: &mut [u8]) {
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
    let (upper, _) = chunk.split_first_chunk().expect("13 bytes");
    let (_, lower) = chunk.split_last_chunk().expect("13 bytes");
    [
        u64::from_be_bytes(*lower) & MASK,
        u64::from_be_bytes(*upper) >> (64 - BITS),
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

/// `wide` limbs of 64 bits, times 2^shift, to limbs of 52 bits. What does not fit is dropped.
pub(super) fn from_limbs(number: &mut [u64], wide: &[u64], shift: usize, width: usize) {
    let word = |at: usize| u128::from(wide.get(at).copied().unwrap_or(0));
    for (index, limb) in number.iter_mut().enumerate() {
        *limb = match (width * index).checked_sub(shift) {
            Some(from) => {
                let (at, bit) = (from / 64, from % 64);
                limbs::split((word(at) | word(at + 1) << 64) >> bit).0 & mask(width)
            }
            None if shift < width * (index + 1) => {
                limbs::split(word(0) << (shift - width * index)).0 & mask(width)
            }
            None => 0,
        };
    }
}

/// `number / 2^bits mod n`, for an odd n, a number below 2n and 1 to 51 bits.
fn divide_by_power_of_two(number: &mut [u64], n: &[u64], bits: usize, width: usize) {
    // number + digit n is a multiple of 2^bits.
    let digit = number[0].wrapping_mul(residue::inverse(n[0]).wrapping_neg()) & ((1 << bits) - 1);
    let mut carry = 0;
    for (limb, n) in number.iter_mut().zip(n) {
        let sum = u128::from(*limb) + u128::from(digit) * u128::from(*n) + carry;
        (*limb, carry) = (limbs::split(sum).0 & mask(width), sum >> width);
    }
    let mut above = limbs::split(carry).0;
    for limb in number.iter_mut().rev() {
        (*limb, above) = (
            (above << (width - bits) | *limb >> bits) & mask(width),
            *limb,
        );
    }
    if number.iter().rev().ge(n.iter().rev()) {
        let mut borrow = 0;
        for (limb, n) in number.iter_mut().zip(n) {
            let difference = limb.wrapping_sub(*n).wrapping_sub(borrow);
            (*limb, borrow) = (difference & mask(width), difference >> 63);
        }
    }
}

/// `W^len - number`, for a number that is not 0.
fn negate(number: &mut [u64], width: usize) {
    let mut borrow = 0;
    for limb in number {
        let negated = 0_u64.wrapping_sub(*limb).wrapping_sub(borrow);
        borrow = negated >> 63;
        *limb = negated & mask(width);
    }
}

/// floor(2^(bits + 43) / n), at most 1 too small, of an n of `bits` bits.
fn reciprocal(n: &[u64], bits: usize) -> u64 {
    let (at, bit) = ((bits - 63) / 64, (bits - 63) % 64);
    let above = n.get(at + 1).copied().unwrap_or(0);
    let top = ((u128::from(above) << 64 | u128::from(n[at])) >> bit) + 1;
    limbs::split((1 << (63 + BITS - QUOTIENT_FROM)) / top).0
}
