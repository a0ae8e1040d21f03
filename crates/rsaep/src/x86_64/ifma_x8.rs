//! Eight blocks at a time with AVX-512 IFMA: limb j of eight messages in one register.
//!
//! The arithmetic is that of [`ifma`](super::ifma), the upper half of a product replaced by what it
//! is modulo n. A product is made column by column, several at once, whose sums stay in
//! registers from the first product to the carry. docs/ifma.md has the bounds and the proofs.

use super::cpu::Avx512;
use super::lanes;
use super::product_x8::{self, Columns, WIDTH, multiply, square};
use super::radix52::{INNER_ROOM, INNER_WIDTH, Inner, Modulus, mask};
use super::simd::{LANES, Vector};
use crate::exponent::{Step, steps};
use crate::fault;

/// How many columns of a fold are: as many limbs of the table as a cache line has.
const FOLD_WIDTH: usize = 8;

/// One limb of each of eight messages.
pub(super) type Limbs = [u64; LANES];

/// How much scratch memory [`power`] takes for a modulus of `len` limbs.
pub(super) fn scratch_len(len: usize) -> usize {
    // The message and x with their zeros, a product, and what a square takes.
    4 * len + 2 * WIDTH + product_x8::scratch_len(len)
}

/// Replaces up to eight blocks of `size` bytes, messages below the modulus, by their powers.
/// `e` is as [`steps`] wants it.
#[inline(always)]
pub(super) fn power<const B: usize>(
    cpu: Avx512,
    modulus: &Modulus<B>,
    e: &[u8],
    size: usize,
    blocks: &mut [u8],
    scratch: &mut [Limbs],
) {
    match modulus.len {
        40 if B == 52 => power_sized(cpu, modulus, 40, e, size, blocks, scratch),
        60 if B == 52 => power_sized(cpu, modulus, 60, e, size, blocks, scratch),
        80 if B == 52 => power_sized(cpu, modulus, 80, e, size, blocks, scratch),
        42 if B == 51 => power_sized(cpu, modulus, 42, e, size, blocks, scratch),
        62 if B == 51 => power_sized(cpu, modulus, 62, e, size, blocks, scratch),
        82 if B == 51 => power_sized(cpu, modulus, 82, e, size, blocks, scratch),
        len => power_sized(cpu, modulus, len, e, size, blocks, scratch),
    }
}

#[inline(always)]
fn power_sized<const B: usize>(
    cpu: Avx512,
    modulus: &Modulus<B>,
    len: usize,
    e: &[u8],
    size: usize,
    blocks: &mut [u8],
    scratch: &mut [Limbs],
) {
    let (message, rest) = scratch.split_at_mut(len + WIDTH);
    let (x, rest) = rest.split_at_mut(len + WIDTH);
    let (product, scratch) = rest.split_at_mut(2 * len);
    let words = lanes::words_len(size);

    lanes::read::<B>(
        cpu,
        size,
        blocks,
        &mut product[..words],
        &mut message[..len],
    );
    x.copy_from_slice(message);
    for step in steps(e) {
        match step {
            Step::Square => square::<B>(cpu, len, x, product, scratch),
            Step::Multiply | Step::Last => multiply::<B>(cpu, len, message, x, product),
        }
        fault::place("a product", product.as_flattened_mut());
        match &modulus.inner {
            Some(inner) => fold_inner(cpu, modulus, inner, len, product, x),
            None => fold(cpu, modulus, len, product, x),
        }
        fault::place("a fold", x[..len].as_flattened_mut());
    }
    let mask = cpu.splat(mask(B));
    for limbs in &mut x[..len] {
        let limb = cpu.and(cpu.load(limbs), mask);
        cpu.store(limbs, limb);
    }
    for shift in (0..modulus.quotients).rev() {
        subtract_multiple(cpu, modulus, len, x, shift);
        fault::place("a quotient taken off", x[..len].as_flattened_mut());
    }
    subtract_once(cpu, modulus, len, x, product);
    fault::place("n taken off", x[..len].as_flattened_mut());
    lanes::write::<B>(cpu, size, x, &mut product[..words], blocks);
}

/// x = product mod n, in limbs with what they carried still above their 52 bits.
#[inline(always)]
fn fold<const B: usize>(
    cpu: Avx512,
    modulus: &Modulus<B>,
    len: usize,
    product: &mut [Limbs],
    x: &mut [Limbs],
) {
    let (low, high) = product.split_at_mut(len);
    // The highest columns first: what exceeds 2^(52 len) there is a multiplier itself.
    let top = (len - 1) / FOLD_WIDTH * FOLD_WIDTH;
    let columns = folded(cpu, modulus, len, high, top);
    let mut above = cpu.zero();
    for (k, limbs) in low[top..len].iter_mut().enumerate() {
        let sum = cpu.add(cpu.load(limbs), cpu.add(columns.lo[k], above));
        cpu.store(limbs, sum);
        above = columns.hi[k];
    }
    let highest = cpu.load(&low[len - 1]);
    let multiplier = cpu.add(
        cpu.shift_left(above, modulus.over_shift),
        cpu.shift_right(highest, modulus.top_shift),
    );
    let rest = cpu.and(highest, cpu.splat(modulus.top_mask.0[(len - 1) % LANES]));
    cpu.store(&mut low[len - 1], rest);

    let row = modulus.row(len);
    let mut carry = cpu.zero();
    for c in (0..len).step_by(FOLD_WIDTH) {
        let mut columns = if c < top {
            folded(cpu, modulus, len, high, c)
        } else {
            Columns::zero(cpu)
        };
        add_row(cpu, &mut columns, multiplier, row, c);
        let x = x[c..].iter_mut().zip(&low[c..len]);
        for (k, (x, limbs)) in x.enumerate().take(FOLD_WIDTH) {
            let sum = cpu.add(cpu.add(columns.lo[k], carry), cpu.load(limbs));
            cpu.store(x, sum);
            carry = cpu.add(cpu.shift_right_52(sum), columns.hi[k]);
        }
    }
}

/// As [`fold`], by inner products (S. Winograd, 1968): for each pair of limbs of the upper half, g and h, and of rows, q and r,
/// (g + r) (h + q) = g q + h r + g h + q r, of which g h is the same for all columns, and q r is of the key.
///
/// Columns may be negative; their sum, to which a multiple of n was added, is not.
#[inline(always)]
fn fold_inner<const B: usize>(
    cpu: Avx512,
    modulus: &Modulus<B>,
    inner: &Inner,
    len: usize,
    product: &mut [Limbs],
    x: &mut [Limbs],
) {
    let (low, high) = product.split_at_mut(len);
    let high = &high.as_chunks::<2>().0[..len / 2];
    let mut common = Columns::<4>::zero(cpu);
    for (pair, [g, h]) in high.iter().enumerate() {
        common.add(cpu, pair % 4, cpu.load(g), cpu.load(h));
    }
    let sum = |sums: &[Vector; 4]| cpu.add(cpu.add(sums[0], sums[1]), cpu.add(sums[2], sums[3]));
    let common = [sum(&common.lo), sum(&common.hi)];

    let top = (len - 1) / INNER_WIDTH;
    let columns = inner_products(cpu, inner, top, high, common);
    let mut above = cpu.zero();
    for (k, limbs) in low[top * INNER_WIDTH..].iter_mut().enumerate() {
        let sum = cpu.add(cpu.load(limbs), cpu.add(columns.lo[k], above));
        cpu.store(limbs, sum);
        above = cpu.above::<B>(columns.hi[k]);
    }
    let room = cpu.splat(INNER_ROOM);
    let highest = cpu.sub(cpu.load(&low[len - 1]), room);
    let multiplier = cpu.add(
        cpu.shift_left(above, modulus.over_shift),
        cpu.shift_right_signed(highest, modulus.top_shift),
    );
    let rest = cpu.and(highest, cpu.splat(modulus.top_mask.0[(len - 1) % LANES]));
    cpu.store(&mut low[len - 1], cpu.add(rest, room));

    let mut carry = cpu.zero();
    for (group, row) in inner.columns.iter().enumerate() {
        let mut columns = if group < top {
            inner_products(cpu, inner, group, high, common)
        } else {
            Columns::zero(cpu)
        };
        for (k, word) in row.fold.iter().enumerate() {
            columns.add(cpu, k, multiplier, cpu.splat(*word));
        }
        let c = group * INNER_WIDTH;
        let x = x[c..].iter_mut().zip(&low[c..len]);
        for (k, (x, limbs)) in x.enumerate().take(INNER_WIDTH) {
            let sum = cpu.add(cpu.add(columns.lo[k], carry), cpu.load(limbs));
            cpu.store(x, cpu.limb::<B>(sum));
            carry = cpu.add(
                cpu.shift_right_signed(sum, B),
                cpu.above::<B>(columns.hi[k]),
            );
        }
    }
}

/// The sums of a group of columns, by inner products of pairs of limbs and of rows.
#[inline(always)]
fn inner_products(
    cpu: Avx512,
    inner: &Inner,
    group: usize,
    high: &[[Limbs; 2]],
    common: [Vector; 2],
) -> Columns<INNER_WIDTH> {
    let mut columns = Columns::zero(cpu);
    let pairs = &inner.pairs[group * high.len()..];
    for ([g, h], [r, q]) in high.iter().zip(pairs) {
        let (g, h) = (cpu.load(g), cpu.load(h));
        for k in 0..INNER_WIDTH {
            columns.add(
                cpu,
                k,
                cpu.add(g, cpu.splat(r[k])),
                cpu.add(h, cpu.splat(q[k])),
            );
        }
    }
    let key = &inner.columns[group];
    for k in 0..INNER_WIDTH {
        columns.lo[k] = cpu.add(columns.lo[k], cpu.sub(cpu.splat(key.lo[k]), common[0]));
        columns.hi[k] = cpu.add(columns.hi[k], cpu.sub(cpu.splat(key.hi[k]), common[1]));
    }
    columns
}

/// The sums, for the columns from `c` on, of the limbs of `high` times their rows of the table.
#[inline(always)]
fn folded<const B: usize>(
    cpu: Avx512,
    modulus: &Modulus<B>,
    len: usize,
    high: &[Limbs],
    c: usize,
) -> Columns<FOLD_WIDTH> {
    let mut columns = Columns::zero(cpu);
    let rows = modulus.table(len).chunks_exact(len.next_multiple_of(LANES));
    for (limbs, row) in high[..len].iter().zip(rows) {
        add_row(cpu, &mut columns, cpu.load(limbs), row, c);
    }
    columns
}

/// Adds the limb of each message times eight limbs of a row of the table.
#[inline(always)]
fn add_row(cpu: Avx512, columns: &mut Columns<FOLD_WIDTH>, limb: Vector, row: &[u64], c: usize) {
    let row: &[u64; FOLD_WIDTH] = row[c..].first_chunk().expect("rows are whole lines");
    for (k, word) in row.iter().enumerate() {
        columns.add(cpu, k, limb, cpu.splat(*word));
    }
}

/// Subtracts n 2^(40 shift) as often as x holds it, or once less.
#[inline(always)]
fn subtract_multiple<const B: usize>(
    cpu: Avx512,
    modulus: &Modulus<B>,
    len: usize,
    x: &mut [Limbs],
    shift: usize,
) {
    let (at, bit) = modulus.quotient_at(shift);
    // The bits that are read lie below those of the limb above.
    let top = cpu.add(
        cpu.shift_right(cpu.load(&x[at]), bit),
        cpu.shift_left(cpu.load(&x[at + 1]), B - bit),
    );
    let quotient = cpu.madd_hi(cpu.zero(), top, cpu.splat(modulus.reciprocal));
    let mask = cpu.splat(mask(B));
    let mut carry = cpu.zero();
    for (limbs, negated) in x[..len].iter_mut().zip(modulus.row(len + 1 + shift)) {
        let negated = cpu.splat(*negated);
        // No multiplication waits for a carry.
        let lo = cpu.madd_lo(cpu.load(limbs), quotient, negated);
        let hi = cpu.madd_above::<B>(cpu.zero(), quotient, negated);
        let sum = cpu.add(lo, carry);
        carry = cpu.add(cpu.shift_right(sum, B), hi);
        cpu.store(limbs, cpu.and(sum, mask));
    }
}

/// Subtracts n where x is not below it. `y` is scratch.
#[inline(always)]
fn subtract_once<const B: usize>(
    cpu: Avx512,
    modulus: &Modulus<B>,
    len: usize,
    x: &mut [Limbs],
    y: &mut [Limbs],
) {
    let mask = cpu.splat(mask(B));
    let mut carry = cpu.zero();
    for ((x, y), negated) in x.iter().zip(&mut y[..len]).zip(modulus.row(len + 1)) {
        let sum = cpu.add(cpu.add(cpu.load(x), carry), cpu.splat(*negated));
        carry = cpu.shift_right(sum, B);
        cpu.store(y, cpu.and(sum, mask));
    }
    // x - n + 2^(52 len) has a bit above the limbs where x is not below n.
    let not_below = cpu.is_equal(carry, cpu.splat(1));
    for (x, y) in x.iter_mut().zip(&y[..len]) {
        let chosen = cpu.select(not_below, cpu.load(y), cpu.load(x));
        cpu.store(x, chosen);
    }
}
