//! Eight blocks of big-endian bytes to limbs of 52 bits and back, limb j of all in one register.
//!
//! A block becomes words of 64 bits, and eight words of all blocks are transposed at once: each block's words lie in
//! one register then, and one word of all blocks in another. The words are as many lines as the blocks have, filled up.

use super::cpu::Avx512;
use super::ifma_x8::Limbs;
use super::radix52::BITS;
use super::simd::{LANES, Vector};
use crate::limbs;

/// 13 words have the bits of 16 limbs.
const WORDS: usize = 13;
const LIMBS: usize = 16;

/// How many words a block of `size` bytes has, filled up to whole lines. Eight blocks have as many lines of eight words.
pub(super) fn words_len(size: usize) -> usize {
    LANES * limbs::count(size).div_ceil(LANES)
}

/// Reads at most eight blocks into limbs, which may have more than 52 bits. A lane without a block has what `words` held.
#[inline(always)]
pub(super) fn read<const B: usize>(
    cpu: Avx512,
    size: usize,
    blocks: &[u8],
    words: &mut [Limbs],
    limbs: &mut [Limbs],
) {
    let rows = words.as_flattened_mut().chunks_exact_mut(words_len(size));
    for (row, block) in rows.zip(blocks.chunks_exact(size)) {
        limbs::from_be_bytes(row, block);
        row[limbs::count(size)..].fill(0);
    }
    transpose(cpu, words);
    let words = Transposed(words);
    if B != BITS {
        for (j, limbs) in limbs.iter_mut().enumerate() {
            let (at, bit) = (B * j / 64, B * j % 64);
            let low = cpu.shift_right(words.get(cpu, at), bit);
            let high = cpu.shift_left(words.get(cpu, at + 1), 64 - bit);
            cpu.store(limbs, cpu.limb::<B>(cpu.or(low, high)));
        }
        return;
    }
    for (base, limbs) in limbs.chunks_mut(LIMBS).enumerate() {
        each_below!(LIMBS, [0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15] K => {
            if let Some(limbs) = limbs.get_mut(K) {
                const AT: usize = BITS * K / 64;
                const BIT: usize = BITS * K % 64;
                let low = cpu.shift_right(words.get(cpu, WORDS * base + AT), BIT);
                let high = cpu.shift_left(words.get(cpu, WORDS * base + AT + 1), 64 - BIT);
                cpu.store(limbs, cpu.or(low, high));
            }
        });
    }
}

/// Writes at most eight blocks. The limbs have no more than 52 bits, and two of zero above the highest.
#[inline(always)]
pub(super) fn write<const B: usize>(
    cpu: Avx512,
    size: usize,
    limbs: &[Limbs],
    words: &mut [Limbs],
    blocks: &mut [u8],
) {
    let groups = words.len() / LANES;
    if B != BITS {
        for index in 0..limbs::count(size) {
            let (at, bit) = (64 * index / B, 64 * index % B);
            let low = cpu.shift_right(cpu.load(&limbs[at]), bit);
            let high = cpu.shift_left(cpu.load(&limbs[at + 1]), B - bit);
            let over = cpu.shift_left(cpu.load(&limbs[at + 2]), 2 * B - bit);
            let word = &mut words[index % LANES * groups + index / LANES];
            cpu.store(word, cpu.or(low, cpu.or(high, over)));
        }
        transpose(cpu, words);
        let rows = words.as_flattened().chunks_exact(words_len(size));
        for (row, block) in rows.zip(blocks.chunks_exact_mut(size)) {
            limbs::to_be_bytes(row, block);
        }
        return;
    }
    for base in 0..limbs::count(size).div_ceil(WORDS) {
        each_below!(WORDS, [0 1 2 3 4 5 6 7 8 9 10 11 12] K => {
            let index = WORDS * base + K;
            if index < limbs::count(size) {
                const AT: usize = 64 * K / BITS;
                const BIT: usize = 64 * K % BITS;
                let limbs = &limbs[LIMBS * base + AT..];
                let low = cpu.shift_right(cpu.load(&limbs[0]), BIT);
                let high = cpu.shift_left(cpu.load(&limbs[1]), BITS - BIT);
                let over = cpu.shift_left(cpu.load(&limbs[2]), 2 * BITS - BIT);
                let word = &mut words[index % LANES * groups + index / LANES];
                cpu.store(word, cpu.or(low, cpu.or(high, over)));
            }
        });
    }
    transpose(cpu, words);
    let rows = words.as_flattened().chunks_exact(words_len(size));
    for (row, block) in rows.zip(blocks.chunks_exact_mut(size)) {
        limbs::to_be_bytes(row, block);
    }
}

/// Words 8 g + k of all blocks, where block k had words 8 g to 8 g + 7.
struct Transposed<'w>(&'w [Limbs]);

impl Transposed<'_> {
    /// One word of each block, zero above the highest.
    #[inline(always)]
    fn get(&self, cpu: Avx512, index: usize) -> Vector {
        if index < self.0.len() {
            cpu.load(&self.0[index % LANES * (self.0.len() / LANES) + index / LANES])
        } else {
            cpu.zero()
        }
    }
}

/// Transposes eight rows, eight columns at a time, in place.
#[inline(always)]
fn transpose(cpu: Avx512, words: &mut [Limbs]) {
    let groups = words.len() / LANES;
    for group in 0..groups {
        // Two rows to a register, then four, then all eight. First the even columns, then the odd ones.
        let mut even = [cpu.zero(); LANES / 2];
        let mut odd = even;
        for k in 0..LANES / 2 {
            let a = cpu.load(&words[2 * k * groups + group]);
            let b = cpu.load(&words[(2 * k + 1) * groups + group]);
            (even[k], odd[k]) = (cpu.even_lanes(a, b), cpu.odd_lanes(a, b));
        }
        for (parity, [a, b, c, d]) in [even, odd].into_iter().enumerate() {
            let (ab, cd) = (cpu.even_pairs(a, b), cpu.even_pairs(c, d));
            let (ab_2, cd_2) = (cpu.odd_pairs(a, b), cpu.odd_pairs(c, d));
            let columns = [
                cpu.even_pairs(ab, cd),
                cpu.even_pairs(ab_2, cd_2),
                cpu.odd_pairs(ab, cd),
                cpu.odd_pairs(ab_2, cd_2),
            ];
            for (k, column) in columns.into_iter().enumerate() {
                cpu.store(&mut words[(2 * k + parity) * groups + group], column);
            }
        }
    }
}
