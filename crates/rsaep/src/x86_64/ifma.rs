//! One block at a time with AVX-512 IFMA: eight limbs of 52 bits to a register.
//!
//! A Montgomery product is three products: t = a b, then q = t n' mod R with the whole of
//! n' = -n^-1 mod R, then x = (t + q n) / R. Of the second only the lower half is computed, of
//! the third only the upper: no quotient digit waits for the one before.
//! docs/ifma.md has the bounds and the proofs.

use alloc::vec;
use core::ops::Range;

use super::cpu::Avx512;
use super::radix52::{self, BITS, MASK, Modulus, PAD};
use super::simd::{LANES, Vector};
use crate::exponent::{Step, steps};

/// How much scratch memory [`power`] takes for a modulus of `len` limbs.
pub(super) fn scratch_len(len: usize) -> usize {
    // Six times as many limbs as make whole panels, and the zeros.
    6 * (len + MAX_PANEL * LANES) + 2 * PAD
}

/// The widest panel of columns, in registers.
const MAX_PANEL: usize = 5;

/// Replaces `block`, a message below the modulus, by its power. `e` is as [`steps`] wants it.
#[inline(always)]
pub(super) fn power(
    cpu: Avx512,
    modulus: &Modulus,
    e: &[u8],
    block: &mut [u8],
    scratch: &mut [u64],
) {
    match modulus.len {
        40 => power_sized::<5>(cpu, modulus, 40, e, block, scratch),
        60 => power_sized::<4>(cpu, modulus, 60, e, block, scratch),
        80 => power_sized::<5>(cpu, modulus, 80, e, block, scratch),
        len => power_sized::<4>(cpu, modulus, len, e, block, scratch),
    }
}

#[inline(always)]
fn power_sized<const P: usize>(
    cpu: Avx512,
    modulus: &Modulus,
    len: usize,
    e: &[u8],
    block: &mut [u8],
    scratch: &mut [u64],
) {
    let limbs = len.next_multiple_of(P * LANES);
    let (message, rest) = scratch.split_at_mut(limbs);
    let (base, rest) = rest.split_at_mut(limbs);
    let (q, rest) = rest.split_at_mut(limbs);
    let (x, t) = rest.split_at_mut(limbs + 2 * PAD);

    radix52::from_be_bytes(message, block);
    x[PAD..][..len].copy_from_slice(&modulus.rr[PAD..][..len]);
    for step in steps(e) {
        match step {
            Step::Square => square::<P>(cpu, len, x, t),
            Step::TimesBase => multiply::<P>(cpu, len, base, x, t),
            Step::Enter | Step::Leave => multiply::<P>(cpu, len, message, x, t),
        }
        reduce::<P>(cpu, modulus, len, t, q, x);
        if step == Step::Enter {
            base.copy_from_slice(&x[PAD..][..limbs]);
        }
    }
    modulus.write_below(&mut x[PAD..][..len], block);
}

/// x = x^4 / R^3 mod n, for a padded x that is not secret.
#[inline(always)]
pub(super) fn square_twice(cpu: Avx512, modulus: &Modulus, x: &mut [u64]) {
    match modulus.len {
        40 => square_twice_sized::<5>(cpu, modulus, 40, x),
        len => square_twice_sized::<4>(cpu, modulus, len, x),
    }
}

#[inline(always)]
fn square_twice_sized<const P: usize>(cpu: Avx512, modulus: &Modulus, len: usize, x: &mut [u64]) {
    let mut scratch = vec![0; scratch_len(len)];
    let (q, t) = scratch.split_at_mut(len.next_multiple_of(P * LANES));
    for _ in 0..2 {
        square::<P>(cpu, len, x, t);
        reduce::<P>(cpu, modulus, len, t, q, x);
    }
}

/// Sums of products for `P` neighbouring groups of eight columns, of even and of odd rows
/// apart: one chain of dependent sums a group would be too slow.
struct Panel<const P: usize> {
    lo: [[Vector; P]; 2],
    /// One column further up.
    hi: [[Vector; P]; 2],
}

impl<const P: usize> Panel<P> {
    #[inline(always)]
    fn zero(cpu: Avx512) -> Self {
        let zero = [[cpu.zero(); P]; 2];
        Self { lo: zero, hi: zero }
    }

    /// Adds a_i b, for an even number of rows i, to the groups `FROM..TO`.
    #[inline(always)]
    fn rows<const FROM: usize, const TO: usize>(
        &mut self,
        cpu: Avx512,
        a: &[u64],
        b: &[u64],
        base: usize,
        rows: Range<usize>,
    ) {
        for row in rows.step_by(2) {
            for odd in 0..2 {
                let limb = cpu.splat(a[row + odd]);
                let window = &b[PAD + base + LANES * FROM - row - odd..][..LANES * (TO - FROM)];
                for g in FROM..TO {
                    self.add(cpu, odd, g, limb, load(cpu, window, LANES * (g - FROM)));
                }
            }
        }
    }

    #[inline(always)]
    fn add(&mut self, cpu: Avx512, odd: usize, g: usize, limb: Vector, b: Vector) {
        self.lo[odd][g] = cpu.madd_lo(self.lo[odd][g], limb, b);
        self.hi[odd][g] = cpu.madd_hi(self.hi[odd][g], limb, b);
    }

    /// Adds a_i a_j with i < j, for the four rows i of which column 2i is in the group `FROM`.
    #[inline(always)]
    fn diagonal_rows<const FROM: usize>(&mut self, cpu: Avx512, a: &[u64], base: usize) {
        let first = (base + LANES * FROM) / 2;
        for k in 0..4 {
            let row = first + k;
            let limb = cpu.splat(a[PAD + row]);
            let window = &a[PAD + base + LANES * FROM - row..][..LANES * (P - FROM)];
            let above = cpu.splat_where(0xFE << (2 * k), a[PAD + row]);
            self.add(cpu, k % 2, FROM, above, load(cpu, window, 0));
            for g in FROM + 1..P {
                self.add(cpu, k % 2, g, limb, load(cpu, window, LANES * (g - FROM)));
            }
        }
    }

    /// All products a_i b_j that fall into the columns from `base` on.
    #[inline(always)]
    fn product(cpu: Avx512, a: &[u64], b: &[u64], len: usize, base: usize) -> Self {
        let mut panel = Self::zero(cpu);
        let first = |group: usize| (base + LANES * group).saturating_sub(len).min(len);
        let end = |group: usize| (base + LANES * group + LANES).min(len);
        if P > 1 {
            panel.rows::<0, 1>(cpu, a, b, base, first(0)..first(1));
        }
        if P > 2 {
            panel.rows::<0, 2>(cpu, a, b, base, first(1)..first(2));
        }
        if P > 3 {
            panel.rows::<0, 3>(cpu, a, b, base, first(2)..first(3));
        }
        if P > 4 {
            panel.rows::<0, 4>(cpu, a, b, base, first(3)..first(4));
        }
        panel.rows::<0, P>(cpu, a, b, base, first(P - 1)..end(0));
        if P > 1 {
            panel.rows::<1, P>(cpu, a, b, base, end(0)..end(1));
        }
        if P > 2 {
            panel.rows::<2, P>(cpu, a, b, base, end(1)..end(2));
        }
        if P > 3 {
            panel.rows::<3, P>(cpu, a, b, base, end(2)..end(3));
        }
        if P > 4 {
            panel.rows::<4, P>(cpu, a, b, base, end(3)..end(4));
        }
        panel
    }

    /// The products a_i a_j with i < j that fall into the columns from `base` on.
    #[inline(always)]
    fn off_diagonal(cpu: Avx512, a: &[u64], len: usize, base: usize) -> Self {
        let mut panel = Self::zero(cpu);
        let rows = &a[PAD..];
        let middle = base / 2;
        let first = |group: usize| (base + LANES * group).saturating_sub(len).min(middle);
        if P > 1 {
            panel.rows::<0, 1>(cpu, rows, a, base, first(0)..first(1));
        }
        if P > 2 {
            panel.rows::<0, 2>(cpu, rows, a, base, first(1)..first(2));
        }
        if P > 3 {
            panel.rows::<0, 3>(cpu, rows, a, base, first(2)..first(3));
        }
        if P > 4 {
            panel.rows::<0, 4>(cpu, rows, a, base, first(3)..first(4));
        }
        panel.rows::<0, P>(cpu, rows, a, base, first(P - 1)..middle);
        if P > 0 {
            panel.diagonal_rows::<0>(cpu, a, base);
        }
        if P > 1 {
            panel.diagonal_rows::<1>(cpu, a, base);
        }
        if P > 2 {
            panel.diagonal_rows::<2>(cpu, a, base);
        }
        if P > 3 {
            panel.diagonal_rows::<3>(cpu, a, base);
        }
        if P > 4 {
            panel.diagonal_rows::<4>(cpu, a, base);
        }
        panel
    }

    /// The sums by column. `below` is the highest group of high halves of the panel below, and
    /// becomes that of this one.
    #[inline(always)]
    fn columns(&self, cpu: Avx512, below: &mut Vector) -> [Vector; P] {
        let mut columns = self.lo[0];
        for (g, column) in columns.iter_mut().enumerate() {
            let hi = cpu.add(self.hi[0][g], self.hi[1][g]);
            *column = cpu.add(cpu.add(*column, self.lo[1][g]), cpu.lanes_up(hi, *below));
            *below = hi;
        }
        columns
    }
}

/// What normalising one panel leaves for the next.
struct Carry {
    above: Vector,
    ripple: u64,
}

impl Carry {
    #[inline(always)]
    fn none(cpu: Avx512) -> Self {
        Self {
            above: cpu.zero(),
            ripple: 0,
        }
    }

    /// Columns to limbs below 2^52.
    #[inline(always)]
    fn normalise<const P: usize>(&mut self, cpu: Avx512, columns: &mut [Vector; P]) {
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

    /// What goes into the lowest lane above.
    #[inline(always)]
    fn out(&self, cpu: Avx512) -> Vector {
        cpu.add(
            cpu.lanes_up(cpu.zero(), self.above),
            cpu.lowest(self.ripple),
        )
    }
}

/// t = x^2, as [`store_product`] leaves it.
#[inline(always)]
fn square<const P: usize>(cpu: Avx512, len: usize, x: &[u64], t: &mut [u64]) {
    let limbs = len.next_multiple_of(P * LANES);
    let mut below = cpu.zero();
    let mut carry = Carry::none(cpu);
    for base in (0..2 * len).step_by(P * LANES) {
        let panel = Panel::<P>::off_diagonal(cpu, x, len, base);
        let mut columns = panel.columns(cpu, &mut below);
        for (g, column) in columns.iter_mut().enumerate() {
            let a = cpu.load_spread(
                x[PAD + (base + LANES * g) / 2..]
                    .first_chunk()
                    .expect("padded"),
            );
            let lo = cpu.madd_lo(cpu.add(*column, *column), a, a);
            let hi = cpu.madd_hi(cpu.zero(), a, a);
            *column = cpu.add(lo, cpu.lanes_up(hi, cpu.zero()));
        }
        store_product(cpu, limbs, base, columns, &mut carry, t);
    }
}

/// t = a b, as [`store_product`] leaves it.
#[inline(always)]
fn multiply<const P: usize>(cpu: Avx512, len: usize, a: &[u64], b: &[u64], t: &mut [u64]) {
    let limbs = len.next_multiple_of(P * LANES);
    let mut below = cpu.zero();
    let mut carry = Carry::none(cpu);
    for base in (0..2 * len).step_by(P * LANES) {
        let panel = Panel::<P>::product(cpu, a, b, len, base);
        store_product(
            cpu,
            limbs,
            base,
            panel.columns(cpu, &mut below),
            &mut carry,
            t,
        );
    }
}

/// Stores a panel of a product: limbs below column `limbs`, where a multiplication by n'
/// follows, and bare columns above.
#[inline(always)]
fn store_product<const P: usize>(
    cpu: Avx512,
    limbs: usize,
    base: usize,
    mut columns: [Vector; P],
    carry: &mut Carry,
    t: &mut [u64],
) {
    if base < limbs {
        carry.normalise(cpu, &mut columns);
    } else if base == limbs {
        columns[0] = cpu.add(columns[0], carry.out(cpu));
    }
    store(cpu, &mut t[base..], columns);
}

/// x = t / R mod n
#[inline(always)]
fn reduce<const P: usize>(
    cpu: Avx512,
    modulus: &Modulus,
    len: usize,
    t: &[u64],
    q: &mut [u64],
    x: &mut [u64],
) {
    let mut below = cpu.zero();
    let mut carry = Carry::none(cpu);
    for base in (0..len).step_by(P * LANES) {
        let panel = Panel::<P>::product(cpu, t, &modulus.inverse, len, base);
        let mut columns = panel.columns(cpu, &mut below);
        carry.normalise(cpu, &mut columns);
        store(cpu, &mut q[base..], columns);
    }

    // Two sums over the reversed n: column len - 1, and what that column's high halves add above.
    // What lies below it makes less than 1024 units of it: docs/ifma.md.
    let (mut top, mut above) = (cpu.zero(), cpu.zero());
    let mut top2 = cpu.zero();
    for at in (0..len).step_by(LANES) {
        let q = load(cpu, q, at);
        let reversed = load(cpu, &modulus.reversed, at);
        top = cpu.madd_lo(top, q, reversed);
        above = cpu.madd_hi(above, q, reversed);
        top2 = cpu.madd_hi(top2, q, load(cpu, &modulus.reversed, at + 1));
    }
    let top = cpu.sum_of_lanes(cpu.add(top, top2)) + t[len - 1];
    let carry_in = cpu.sum_of_lanes(above) + ((top + 1023) >> BITS);

    let mut below = cpu.zero();
    let mut carry = Carry::none(cpu);
    for base in (0..len).step_by(P * LANES) {
        let panel = Panel::<P>::product(cpu, q, &modulus.n, len, len + base);
        let mut columns = panel.columns(cpu, &mut below);
        for (g, column) in columns.iter_mut().enumerate() {
            *column = cpu.add(*column, load(cpu, t, len + base + LANES * g));
        }
        if base == 0 {
            columns[0] = cpu.add(columns[0], cpu.lowest(carry_in));
        }
        carry.normalise(cpu, &mut columns);
        store(cpu, &mut x[PAD + base..], columns);
    }
}

/// The eight words from `at` on.
#[inline(always)]
fn load(cpu: Avx512, words: &[u64], at: usize) -> Vector {
    cpu.load(words[at..].first_chunk().expect("padded"))
}

#[inline(always)]
fn store<const P: usize>(cpu: Avx512, words: &mut [u64], groups: [Vector; P]) {
    let (words, _) = words.as_chunks_mut();
    for (words, group) in words[..P].iter_mut().zip(groups) {
        cpu.store(words, group);
    }
}
