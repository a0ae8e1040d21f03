//! From sums by column to limbs, in registers of eight limbs.

use super::cpu::Avx512;
use super::radix52::mask;
use super::simd::{LANES, Vector};

/// Columns to as many limbs below 2^52. What goes above the highest is dropped.
#[inline(always)]
pub(super) fn normalise<const B: usize>(cpu: Avx512, columns: &[u64], limbs: &mut [u64]) {
    match columns.len() / LANES {
        5 | 10 => normalise_panels::<B, 5>(cpu, columns, limbs),
        4 | 8 => normalise_panels::<B, 4>(cpu, columns, limbs),
        odd if odd % 2 == 1 => normalise_panels::<B, 1>(cpu, columns, limbs),
        6 => normalise_panels::<B, 3>(cpu, columns, limbs),
        _ => normalise_panels::<B, 2>(cpu, columns, limbs),
    }
}

#[inline(always)]
fn normalise_panels<const B: usize, const P: usize>(
    cpu: Avx512,
    columns: &[u64],
    limbs: &mut [u64],
) {
    let mut carry = Carry {
        above: cpu.zero(),
        ripple: 0,
    };
    for base in (0..columns.len()).step_by(P * LANES) {
        let mut panel = [cpu.zero(); P];
        for (g, group) in panel.iter_mut().enumerate() {
            *group = load(cpu, columns, base + LANES * g);
        }
        carry.normalise::<B, P>(cpu, &mut panel);
        store(cpu, &mut limbs[base..], panel);
    }
}

/// What normalising one panel leaves for the next.
struct Carry {
    above: Vector,
    ripple: u64,
}

impl Carry {
    /// Columns to limbs below 2^52.
    #[inline(always)]
    fn normalise<const B: usize, const P: usize>(
        &mut self,
        cpu: Avx512,
        columns: &mut [Vector; P],
    ) {
        let mask = cpu.splat(mask(B));
        for column in columns.iter_mut() {
            let above = cpu.shift_right(*column, B);
            *column = cpu.add(cpu.and(*column, mask), cpu.lanes_up(above, self.above));
            self.above = above;
        }
        // Each lane now makes a carry of 0 or 1, and passes one on if it is full. Adding the bits
        // runs the carries through rows of full lanes.
        let (mut generate, mut propagate) = (0, 0);
        for column in columns.iter().rev() {
            generate = cpu.scalar(generate << LANES | u64::from(cpu.is_above(*column, mask)));
            propagate = cpu.scalar(propagate << LANES | u64::from(cpu.is_equal(*column, mask)));
        }
        let carried = (((generate << 1) | self.ripple) + propagate) ^ propagate;
        self.ripple = carried >> (LANES * P);
        for (column, lanes) in columns.iter_mut().zip(carried.to_le_bytes()) {
            *column = cpu.and(cpu.increment_where(lanes, *column), mask);
        }
    }
}

/// The eight words from `at` on.
#[inline(always)]
pub(super) fn load(cpu: Avx512, words: &[u64], at: usize) -> Vector {
    cpu.load(words[at..].first_chunk().expect("padded"))
}

#[inline(always)]
pub(super) fn store<const P: usize>(cpu: Avx512, words: &mut [u64], groups: [Vector; P]) {
    let (words, _) = words.as_chunks_mut();
    for (words, group) in words[..P].iter_mut().zip(groups) {
        cpu.store(words, group);
    }
}
