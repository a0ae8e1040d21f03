//! One block at a time with AVX-512 IFMA: eight limbs of 52 bits to a register.

use core::arch::x86_64::*;
use core::array::from_fn;
use core::ops::Range;

use zeroize::Zeroizing;

use super::radix52::{self, LANES, MASK, Modulus, PAD};
use crate::exponent::{Step, steps};

/// Replaces `block`, a message below the modulus, by its power. `e` is as [`steps`] wants it.
#[inline]
#[target_feature(enable = "avx512f,avx512ifma")]
pub(super) fn power(modulus: &Modulus, e: &[u8], block: &mut [u8]) {
    match modulus.len {
        40 => power_sized::<5>(modulus, 40, e, block),
        60 => power_sized::<4>(modulus, 60, e, block),
        80 => power_sized::<5>(modulus, 80, e, block),
        len => power_sized::<4>(modulus, len, e, block),
    }
}

#[inline]
#[target_feature(enable = "avx512f,avx512ifma")]
fn power_sized<const P: usize>(modulus: &Modulus, len: usize, e: &[u8], block: &mut [u8]) {
    let sizes = Sizes::<P>::new(len);
    let mut scratch = Zeroizing::new(alloc::vec![0; sizes.scratch()]);
    let (message, rest) = scratch.split_at_mut(sizes.limbs);
    let (base, rest) = rest.split_at_mut(sizes.limbs);
    let (x, work) = rest.split_at_mut(sizes.padded);

    radix52::from_be_bytes(message, block);
    multiply::<P>(modulus, sizes, message, &modulus.rr, x, work);
    base.copy_from_slice(&x[PAD..][..sizes.limbs]);
    for step in steps(e) {
        match step {
            Step::Square => square::<P>(modulus, sizes, x, work),
            Step::TimesBase => multiply_assign::<P>(modulus, sizes, base, x, work),
            Step::TimesMessage => multiply_assign::<P>(modulus, sizes, message, x, work),
        }
    }
    modulus.write_below(&x[PAD..][..len], block);
}

/// How long the buffers are for a modulus of `len` limbs, in panels of `P` registers.
#[derive(Clone, Copy)]
pub(super) struct Sizes<const P: usize> {
    len: usize,
    /// `len`, in whole panels.
    limbs: usize,
    /// `limbs` with zeros on both sides.
    padded: usize,
}

impl<const P: usize> Sizes<P> {
    #[inline(always)]
    fn new(len: usize) -> Self {
        let limbs = len.next_multiple_of(P * LANES);
        Self { len, limbs, padded: limbs + 2 * PAD }
    }

    fn scratch(self) -> usize {
        2 * self.limbs + self.padded + self.work()
    }

    fn work(self) -> usize {
        // The columns of a product, and the quotient.
        2 * self.limbs + P * LANES + self.limbs
    }
}

/// Sums of products for `P` neighbouring groups of eight columns.
struct Panel<const P: usize> {
    lo: [__m512i; P],
    /// One column further up.
    hi: [__m512i; P],
}

impl<const P: usize> Panel<P> {
    #[inline]
    #[target_feature(enable = "avx512f,avx512ifma")]
    fn zero() -> Self {
        Self { lo: [_mm512_setzero_si512(); P], hi: [_mm512_setzero_si512(); P] }
    }

    #[inline]
    #[target_feature(enable = "avx512f,avx512ifma")]
    fn rows<const FROM: usize, const TO: usize>(&mut self, a: &[u64], b: &[u64], base: usize, rows: Range<usize>) {
        for row in rows {
            let limb = broadcast(a[row]);
            let window = &b[PAD + base + LANES * FROM - row..][..LANES * (TO - FROM)];
            for g in FROM..TO {
                let b = load(window, LANES * (g - FROM));
                self.lo[g] = _mm512_madd52lo_epu64(self.lo[g], limb, b);
                self.hi[g] = _mm512_madd52hi_epu64(self.hi[g], limb, b);
            }
        }
    }

    /// Four rows of a square
    #[inline]
    #[target_feature(enable = "avx512f,avx512ifma")]
    fn diagonal_rows<const FROM: usize>(&mut self, a: &[u64], base: usize) {
        let first = (base + LANES * FROM) / 2;
        for k in 0..4 {
            let row = first + k;
            let limb = broadcast(a[PAD + row]);
            let window = &a[PAD + base + LANES * FROM - row..][..LANES * (P - FROM)];
            let above: __mmask8 = 0xFE << (2 * k);
            let b = load(window, 0);
            self.lo[FROM] = _mm512_mask_madd52lo_epu64(self.lo[FROM], above, limb, b);
            self.hi[FROM] = _mm512_mask_madd52hi_epu64(self.hi[FROM], above, limb, b);
            for g in FROM + 1..P {
                let b = load(window, LANES * (g - FROM));
                self.lo[g] = _mm512_madd52lo_epu64(self.lo[g], limb, b);
                self.hi[g] = _mm512_madd52hi_epu64(self.hi[g], limb, b);
            }
        }
    }

    /// All products a_i b_j that fall into the columns from `base` on.
    #[inline]
    #[target_feature(enable = "avx512f,avx512ifma")]
    fn product(a: &[u64], b: &[u64], len: usize, base: usize) -> Self {
        let mut panel = Self::zero();
        let first = |group: usize| (base + LANES * group + 1).saturating_sub(len).min(len);
        let end = |group: usize| (base + LANES * group + LANES).min(len);
        if P > 1 { panel.rows::<0, 1>(a, b, base, first(0)..first(1)); }
        if P > 2 { panel.rows::<0, 2>(a, b, base, first(1)..first(2)); }
        if P > 3 { panel.rows::<0, 3>(a, b, base, first(2)..first(3)); }
        if P > 4 { panel.rows::<0, 4>(a, b, base, first(3)..first(4)); }
        panel.rows::<0, P>(a, b, base, first(P - 1)..end(0));
        if P > 1 { panel.rows::<1, P>(a, b, base, end(0)..end(1)); }
        if P > 2 { panel.rows::<2, P>(a, b, base, end(1)..end(2)); }
        if P > 3 { panel.rows::<3, P>(a, b, base, end(2)..end(3)); }
        if P > 4 { panel.rows::<4, P>(a, b, base, end(3)..end(4)); }
        panel
    }

    /// a_i a_j with i < j.
    #[inline]
    #[target_feature(enable = "avx512f,avx512ifma")]
    fn off_diagonal(a: &[u64], len: usize, base: usize) -> Self {
        let mut panel = Self::zero();
        let rows = &a[PAD..];
        let middle = base / 2;
        let first = |group: usize| (base + LANES * group + 1).saturating_sub(len).min(middle);
        if P > 1 { panel.rows::<0, 1>(rows, a, base, first(0)..first(1)); }
        if P > 2 { panel.rows::<0, 2>(rows, a, base, first(1)..first(2)); }
        if P > 3 { panel.rows::<0, 3>(rows, a, base, first(2)..first(3)); }
        if P > 4 { panel.rows::<0, 4>(rows, a, base, first(3)..first(4)); }
        panel.rows::<0, P>(rows, a, base, first(P - 1)..middle);
        if P > 0 { panel.diagonal_rows::<0>(a, base); }
        if P > 1 { panel.diagonal_rows::<1>(a, base); }
        if P > 2 { panel.diagonal_rows::<2>(a, base); }
        if P > 3 { panel.diagonal_rows::<3>(a, base); }
        if P > 4 { panel.diagonal_rows::<4>(a, base); }
        panel
    }

    /// lo + hi one lane up; `below` is the highest group of `hi` below this panel.
    #[inline]
    #[target_feature(enable = "avx512f,avx512ifma")]
    fn columns(&self, below: __m512i) -> [__m512i; P] {
        from_fn(|g| {
            let below = if g == 0 { below } else { self.hi[g - 1] };
            _mm512_add_epi64(self.lo[g], shift_in(self.hi[g], below))
        })
    }
}

/// What normalising one panel leaves for the next.
struct Carry {
    above: __m512i,
    ripple: u64,
}

impl Carry {
    #[inline]
    #[target_feature(enable = "avx512f,avx512ifma")]
    fn none() -> Self {
        Self { above: _mm512_setzero_si512(), ripple: 0 }
    }

    /// Columns below 2^62 to limbs below 2^52.
    #[inline]
    #[target_feature(enable = "avx512f,avx512ifma")]
    fn normalise<const P: usize>(&mut self, columns: [__m512i; P]) -> [__m512i; P] {
        let mask = broadcast(MASK);
        let carries: [__m512i; P] = from_fn(|g| _mm512_srli_epi64::<52>(columns[g]));
        let sums: [__m512i; P] = from_fn(|g| {
            let below = if g == 0 { self.above } else { carries[g - 1] };
            _mm512_add_epi64(_mm512_and_si512(columns[g], mask), shift_in(carries[g], below))
        });
        self.above = carries[P - 1];
        let mut generate = 0;
        let mut propagate = 0;
        for g in 0..P {
            generate |= u64::from(_mm512_cmpgt_epu64_mask(sums[g], mask)) << (LANES * g);
            propagate |= u64::from(_mm512_cmpeq_epu64_mask(sums[g], mask)) << (LANES * g);
        }
        let bits = generate << 1 | self.ripple;
        let carried = (bits + propagate) ^ propagate;
        self.ripple = carried >> (LANES * P);
        from_fn(|g| {
            let sum = _mm512_mask_sub_epi64(sums[g], (carried >> (LANES * g)) as u8, sums[g], _mm512_set1_epi64(-1));
            _mm512_and_si512(sum, mask)
        })
    }

    #[inline]
    #[target_feature(enable = "avx512f,avx512ifma")]
    fn out(&self) -> __m512i {
        let above = shift_in(_mm512_setzero_si512(), self.above);
        _mm512_add_epi64(above, lowest(self.ripple))
    }
}

#[inline]
#[target_feature(enable = "avx512f,avx512ifma")]
fn square<const P: usize>(modulus: &Modulus, sizes: Sizes<P>, x: &mut [u64], work: &mut [u64]) {
    let (t, q) = work.split_at_mut(2 * sizes.limbs + P * LANES);
    let mut below = _mm512_setzero_si512();
    let mut carry = Carry::none();
    for base in (0..2 * sizes.len).step_by(P * LANES) {
        let panel = Panel::<P>::off_diagonal(x, sizes.len, base);
        let off = panel.columns(below);
        below = panel.hi[P - 1];
        let mut columns: [__m512i; P] = from_fn(|g| {
            let a = _mm256_loadu_epi64_(x, PAD + (base + LANES * g) / 2);
            // Four limbs, each in the even lane of its two columns.
            let a = _mm512_maskz_permutexvar_epi64(0x55, _mm512_setr_epi64(0, 0, 1, 0, 2, 0, 3, 0), _mm512_castsi256_si512(a));
            let doubled = _mm512_add_epi64(off[g], off[g]);
            let zero = _mm512_setzero_si512();
            let lo = _mm512_madd52lo_epu64(doubled, a, a);
            let hi = _mm512_madd52hi_epu64(zero, a, a);
            // hi: odd lanes
            _mm512_add_epi64(lo, _mm512_bslli(hi))
        });
        if base < sizes.limbs {
            columns = carry.normalise(columns);
        } else if base == sizes.limbs {
            columns[0] = _mm512_add_epi64(columns[0], carry.out());
        }
        store(&mut t[base..], columns);
    }
    reduce::<P>(modulus, sizes, t, q, x);
}

#[inline]
#[target_feature(enable = "avx512f,avx512ifma")]
fn multiply_assign<const P: usize>(modulus: &Modulus, sizes: Sizes<P>, a: &[u64], x: &mut [u64], work: &mut [u64]) {
    let (t, q) = work.split_at_mut(2 * sizes.limbs + P * LANES);
    product::<P>(sizes, a, x, t);
    reduce::<P>(modulus, sizes, t, q, x);
}

#[inline]
#[target_feature(enable = "avx512f,avx512ifma")]
fn multiply<const P: usize>(modulus: &Modulus, sizes: Sizes<P>, a: &[u64], b: &[u64], x: &mut [u64], work: &mut [u64]) {
    let (t, q) = work.split_at_mut(2 * sizes.limbs + P * LANES);
    product::<P>(sizes, a, b, t);
    reduce::<P>(modulus, sizes, t, q, x);
}

#[inline]
#[target_feature(enable = "avx512f,avx512ifma")]
fn product<const P: usize>(sizes: Sizes<P>, a: &[u64], b: &[u64], t: &mut [u64]) {
    let mut below = _mm512_setzero_si512();
    let mut carry = Carry::none();
    for base in (0..2 * sizes.len).step_by(P * LANES) {
        let panel = Panel::<P>::product(a, b, sizes.len, base);
        let mut columns = panel.columns(below);
        below = panel.hi[P - 1];
        if base < sizes.limbs {
            columns = carry.normalise(columns);
        } else if base == sizes.limbs {
            columns[0] = _mm512_add_epi64(columns[0], carry.out());
        }
        store(&mut t[base..], columns);
    }
}

/// x = t / R mod n
#[inline]
#[target_feature(enable = "avx512f,avx512ifma")]
fn reduce<const P: usize>(modulus: &Modulus, sizes: Sizes<P>, t: &[u64], q: &mut [u64], x: &mut [u64]) {
    let len = sizes.len;
    let mut below = _mm512_setzero_si512();
    let mut carry = Carry::none();
    for base in (0..len).step_by(P * LANES) {
        let panel = Panel::<P>::product(t, &modulus.inverse, len, base);
        let columns = carry.normalise(panel.columns(below));
        below = panel.hi[P - 1];
        store(&mut q[base..], columns);
    }

    let (mut top, mut above) = (_mm512_setzero_si512(), _mm512_setzero_si512());
    let mut top2 = _mm512_setzero_si512();
    for at in (0..len).step_by(LANES) {
        let q = load(q, at);
        let reversed = load(&modulus.reversed, at);
        top = _mm512_madd52lo_epu64(top, q, reversed);
        above = _mm512_madd52hi_epu64(above, q, reversed);
        top2 = _mm512_madd52hi_epu64(top2, q, load(&modulus.reversed, at + 1));
    }
    let top = _mm512_reduce_add_epi64(_mm512_add_epi64(top, top2)) as u64 + t[len - 1];
    let above = _mm512_reduce_add_epi64(above) as u64;
    let carry_in = above + ((top + 1023) >> 52);

    let mut below = _mm512_setzero_si512();
    let mut carry = Carry::none();
    for base in (0..len).step_by(P * LANES) {
        let panel = Panel::<P>::product(q, &modulus.n, len, len + base);
        let mut columns = panel.columns(below);
        below = panel.hi[P - 1];
        for g in 0..P {
            columns[g] = _mm512_add_epi64(columns[g], load(t, len + base + LANES * g));
        }
        if base == 0 {
            columns[0] = _mm512_add_epi64(columns[0], lowest(carry_in));
        }
        store(&mut x[PAD + base..], carry.normalise(columns));
    }
}

#[inline]
#[target_feature(enable = "avx512f,avx512ifma")]
fn _mm256_loadu_epi64_(words: &[u64], at: usize) -> __m256i {
    let words: &[u64] = &words[at..at + 4];
    unsafe { _mm256_loadu_si256(words.as_ptr().cast()) }
}

/// Each lane one up, the lowest becomes zero
#[inline]
#[target_feature(enable = "avx512f,avx512ifma")]
fn _mm512_bslli(v: __m512i) -> __m512i {
    shift_in(v, _mm512_setzero_si512())
}

#[inline]
#[target_feature(enable = "avx512f,avx512ifma")]
fn shift_in(above: __m512i, below: __m512i) -> __m512i {
    _mm512_alignr_epi64::<7>(above, below)
}

#[inline]
#[target_feature(enable = "avx512f,avx512ifma")]
fn lowest(word: u64) -> __m512i {
    _mm512_zextsi128_si512(_mm_cvtsi64_si128(word.cast_signed()))
}

#[inline]
#[target_feature(enable = "avx512f,avx512ifma")]
fn broadcast(word: u64) -> __m512i {
    _mm512_set1_epi64(word.cast_signed())
}

#[inline]
#[target_feature(enable = "avx512f,avx512ifma")]
fn load(words: &[u64], at: usize) -> __m512i {
    let words: &[u64] = &words[at..at + LANES];
    // SAFETY: the slice has eight words
    unsafe { _mm512_loadu_si512(words.as_ptr().cast()) }
}

#[inline]
#[target_feature(enable = "avx512f,avx512ifma")]
fn store<const P: usize>(words: &mut [u64], groups: [__m512i; P]) {
    let words = &mut words[..P * LANES];
    for (words, group) in words.chunks_exact_mut(LANES).zip(groups) {
        // SAFETY: the slice has eight words
        unsafe { _mm512_storeu_si512(words.as_mut_ptr().cast(), group) };
    }
}
