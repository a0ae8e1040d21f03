//! The table of residues by which the IFMA backends reduce: W^(len + i) mod n, W being 2^52.

use alloc::vec;
use core::ops::Range;

use super::carry::{load, normalise, store};
use super::cpu::Avx512;
use super::radix52::{from_limbs, mask};
use super::simd::{LANES, Vector};
use crate::residue;

/// The row by which a table of `len` rows is begun.
pub(super) const fn first(len: usize) -> usize {
    (len - 2).div_ceil(8) + 1
}

/// Fills `len` rows of the length of `n`, with W^(len + i) mod n, to the bounds of docs/ifma.md.
///
/// A long division gives row t of W^(len + t). Divisions by W modulo n, as in Montgomery's
/// reduction, give the rows below it. Then the rows reduce W^(len + t) W^t, whose divisions by W are the
/// rows 2t - 1 to t + 1.
#[inline(always)]
pub(super) fn fill<const B: usize>(
    cpu: Avx512,
    wide: &[u64],
    n: &[u64],
    len: usize,
    rows: &mut [u64],
) {
    let width = n.len();
    let mut top = first(len);
    let mut lo = vec![0; width];
    let mut hi = vec![0; width];
    from_limbs(
        &mut lo[..len],
        &residue::power_of_two(wide, B * (len + top)),
        0,
        B,
    );
    rows[top * width..][..width].copy_from_slice(&lo);
    descend::<B>(cpu, n, &mut lo, &hi, rows, 0..top);
    while top < len - 1 {
        let (below, rest) = rows.split_at(top * width);
        let (up, over) = rest[..len].split_at(len - top);
        lo[..top].fill(0);
        lo[top..len].copy_from_slice(up);
        hi.fill(0);
        for (limb, row) in over.iter().zip(below.chunks_exact(width)) {
            let limb = cpu.splat(*limb);
            for at in (0..width).step_by(LANES) {
                let row = load(cpu, row, at);
                let sum = cpu.madd_lo(load(cpu, &lo, at), limb, row);
                store(cpu, &mut lo[at..], [sum]);
                let sum = cpu.madd_above::<B>(load(cpu, &hi, at), limb, row);
                store(cpu, &mut hi[at..], [sum]);
            }
        }
        descend::<B>(cpu, n, &mut lo, &hi, rows, top + 1..2 * top);
        top = 2 * top - 1;
    }
}

/// Fills a range of rows from the highest down, each with what lo and hi, which lies a limb further up,
/// are after one more division by W. `lo` holds what the lowest became.
#[inline(always)]
fn descend<const B: usize>(
    cpu: Avx512,
    n: &[u64],
    lo: &mut [u64],
    hi: &[u64],
    rows: &mut [u64],
    range: Range<usize>,
) {
    let width = n.len();
    let n0 = residue::inverse(n[0]).wrapping_neg();
    let highest = range.end - 1;
    for row in range.rev() {
        if row == highest {
            divide::<B>(cpu, n, n0, lo, |at| load(cpu, hi, at));
        } else {
            divide::<B>(cpu, n, n0, lo, |_| cpu.zero());
        }
        if let Some(row) = rows.get_mut(row * width..(row + 1) * width) {
            normalise::<B>(cpu, lo, row);
        }
    }
}

/// `lo = (lo + digit n) / W + hi` for the digit that makes this a whole number. `n0` is -n^-1 mod 2^64.
#[inline(always)]
fn divide<const B: usize>(
    cpu: Avx512,
    n: &[u64],
    n0: u64,
    lo: &mut [u64],
    hi: impl Fn(usize) -> Vector,
) {
    let width = n.len();
    let digit = cpu.splat(lo[0].wrapping_mul(n0) & mask(B));
    let mut sum = cpu.madd_lo(load(cpu, lo, 0), digit, load(cpu, n, 0));
    let mut carry = cpu.and(cpu.shift_right(sum, B), cpu.lowest(u64::MAX));
    for at in (0..width).step_by(LANES) {
        let next = match at + LANES {
            end if end < width => cpu.madd_lo(load(cpu, lo, end), digit, load(cpu, n, end)),
            _ => cpu.zero(),
        };
        let high = cpu.madd_above::<B>(cpu.add(hi(at), carry), digit, load(cpu, n, at));
        let down = cpu.add(high, cpu.lanes_down(sum, next));
        store(cpu, &mut lo[at..], [down]);
        (sum, carry) = (next, cpu.zero());
    }
}
