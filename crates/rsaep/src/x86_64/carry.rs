//! From sums by column to limbs, in registers of eight limbs.

use super::cpu::Avx512;
use super::radix52::MASK;
use super::simd::{LANES, Vector};

/// What normalising one panel leaves for the next.
pub(super) struct Carry {
    above: Vector,
    ripple: u64,
}

impl Carry {
    #[inline(always)]
    pub(super) fn none(cpu: Avx512) -> Self {
        Self {
            above: cpu.zero(),
            ripple: 0,
        }
    }

    /// Columns to limbs below 2^52.
    #[inline(always)]
    pub(super) fn normalise<const P: usize>(&mut self, cpu: Avx512, columns: &mut [Vector; P]) {
        let mask = cpu.splat(MASK);
        for column in columns.iter_mut() {
            let above = cpu.shift_right_52(*column);
            *column = cpu.add(cpu.and(*column, mask), cpu.lanes_up(above, self.above));
            self.above = above;
        }
        // Each lane now makes a carry of 0 or 1, and passes one on if it is full. Adding the bits
        // runs the carries through rows of full lanes.
        let (mut generate, mut propagate) = (0, 0);
        for (g, column) in columns.iter().enumerate() {
            generate |= u64::from(cpu.is_above(*column, mask)) << (LANES * g);
            propagate |= u64::from(cpu.is_equal(*column, mask)) << (LANES * g);
        }
        let carried = (((generate << 1) | self.ripple) + propagate) ^ propagate;
        self.ripple = carried >> (LANES * P);
        for (column, lanes) in columns.iter_mut().zip(carried.to_le_bytes()) {
            *column = cpu.and(cpu.increment_where(lanes, *column), mask);
        }
    }
}

/// Limbs of columns. What goes above the highest is dropped.
#[inline(always)]
pub(super) fn normalise<const P: usize>(cpu: Avx512, columns: &[u64], limbs: &mut [u64]) {
    let mut carry = Carry::none(cpu);
    for base in (0..columns.len()).step_by(P * LANES) {
        let mut panel = [cpu.zero(); P];
        for (g, group) in panel.iter_mut().enumerate() {
            *group = load(cpu, columns, base + LANES * g);
        }
        carry.normalise(cpu, &mut panel);
        store(cpu, &mut limbs[base..], panel);
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
