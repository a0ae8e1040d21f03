//! One block at a time with AVX-512 IFMA: eight limbs of 52 bits to a register.
//!
//! A product is reduced without quotient digits: its upper half is replaced, limb by limb, by
//! what it is modulo n, from the table that a [`Modulus`] holds. No sum waits for another.
//! docs/ifma.md has the bounds and the proofs.

use core::ops::Range;

use super::carry::{Carry, load, normalise, store};
use super::cpu::Avx512;
use super::radix52::{self, BITS, Modulus, PAD};
use super::simd::{LANES, Vector};
use crate::exponent::{Step, steps};

/// How much scratch memory [`power`] takes for a modulus of `len` limbs.
pub(super) fn scratch_len(len: usize) -> usize {
    // The message and x, both with their zeros, and the halves of a product.
    4 * len.next_multiple_of(LANES) + 4 * PAD
}

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
        40 => power_sized::<5, 2, 3>(cpu, modulus, 40, e, block, scratch),
        60 => power_sized::<4, 4, 4>(cpu, modulus, 60, e, block, scratch),
        80 => power_sized::<5, 5, 5>(cpu, modulus, 80, e, block, scratch),
        len => power_sized::<2, 2, 2>(cpu, modulus, len, e, block, scratch),
    }
}

/// `P` groups of eight columns are summed at once in a product, and in [`fold`] the `TOP`
/// highest groups, then `REST` at once of the others.
#[inline(always)]
fn power_sized<const P: usize, const TOP: usize, const REST: usize>(
    cpu: Avx512,
    modulus: &Modulus,
    len: usize,
    e: &[u8],
    block: &mut [u8],
    scratch: &mut [u64],
) {
    let limbs = len.next_multiple_of(LANES);
    let (message, rest) = scratch.split_at_mut(limbs + 2 * PAD);
    let (x, rest) = rest.split_at_mut(limbs + 2 * PAD);
    let (low, high) = rest.split_at_mut(limbs);

    radix52::from_be_bytes(&mut message[PAD..][..len], block);
    x.copy_from_slice(message);
    for step in steps(e) {
        let factors = match step {
            Step::Square => Factors::Square(x),
            Step::Multiply | Step::Last => Factors::Product(message, x),
        };
        let seam = factors.halves::<P>(cpu, len, low, high);
        fold::<P, TOP, REST>(cpu, modulus, len, low, high, seam, x);
    }
    for shift in (0..modulus.quotients).rev() {
        subtract_multiple::<P>(cpu, modulus, len, low, x, shift);
    }
    modulus.write_below(&mut x[PAD..][..len], block);
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
                let limb = cpu.splat(a[PAD + row + odd]);
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
        let middle = base / 2;
        let first = |group: usize| (base + LANES * group).saturating_sub(len).min(middle);
        if P > 1 {
            panel.rows::<0, 1>(cpu, a, a, base, first(0)..first(1));
        }
        if P > 2 {
            panel.rows::<0, 2>(cpu, a, a, base, first(1)..first(2));
        }
        if P > 3 {
            panel.rows::<0, 3>(cpu, a, a, base, first(2)..first(3));
        }
        if P > 4 {
            panel.rows::<0, 4>(cpu, a, a, base, first(3)..first(4));
        }
        panel.rows::<0, P>(cpu, a, a, base, first(P - 1)..middle);
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

    /// The sums over even and odd rows together: low halves, and high halves.
    #[inline(always)]
    fn halves(&self, cpu: Avx512) -> ([Vector; P], [Vector; P]) {
        let (mut lo, mut hi) = (self.lo[0], self.hi[0]);
        for g in 0..P {
            lo[g] = cpu.add(lo[g], self.lo[1][g]);
            hi[g] = cpu.add(hi[g], self.hi[1][g]);
        }
        (lo, hi)
    }
}

/// Adds the high halves, which lie one column up, to the low ones. `below` is the highest group of
/// high halves of the groups below, and becomes that of these.
#[inline(always)]
fn join<const P: usize>(
    cpu: Avx512,
    (mut columns, hi): ([Vector; P], [Vector; P]),
    below: &mut Vector,
) -> [Vector; P] {
    for (column, hi) in columns.iter_mut().zip(hi) {
        *column = cpu.add(*column, cpu.lanes_up(hi, *below));
        *below = hi;
    }
    columns
}

/// What a product is made of: padded numbers.
#[derive(Clone, Copy)]
enum Factors<'a> {
    Square(&'a [u64]),
    Product(&'a [u64], &'a [u64]),
}

impl Factors<'_> {
    /// The columns from `base` on.
    #[inline(always)]
    fn columns<const P: usize>(
        self,
        cpu: Avx512,
        len: usize,
        base: usize,
        below: &mut Vector,
    ) -> [Vector; P] {
        match self {
            Self::Product(a, b) => {
                let panel = Panel::<P>::product(cpu, a, b, len, base);
                join(cpu, panel.halves(cpu), below)
            }
            Self::Square(x) => {
                let panel = Panel::<P>::off_diagonal(cpu, x, len, base);
                let (mut lo, mut hi) = panel.halves(cpu);
                for g in 0..P {
                    let at = PAD + (base + LANES * g) / 2;
                    let a = cpu.load_spread(x[at..].first_chunk().expect("padded"));
                    lo[g] = cpu.madd_lo(cpu.add(lo[g], lo[g]), a, a);
                    hi[g] = cpu.madd_hi(cpu.add(hi[g], hi[g]), a, a);
                }
                join(cpu, (lo, hi), below)
            }
        }
    }

    /// The product: columns `0..len` as they are, the rest as limbs, and what the high halves of column
    /// `len - 1` add to column `len`, in all lanes.
    #[inline(always)]
    fn halves<const P: usize>(
        self,
        cpu: Avx512,
        len: usize,
        low: &mut [u64],
        high: &mut [u64],
    ) -> Vector {
        let limbs = len.next_multiple_of(LANES);
        let mut below = cpu.zero();
        let mut carry = Carry::none(cpu);
        for base in (0..limbs).step_by(P * LANES) {
            let mut columns = self.columns::<P>(cpu, len, len + base, &mut below);
            carry.normalise(cpu, &mut columns);
            store(cpu, &mut high[base..], columns);
        }
        let mut below = cpu.zero();
        for base in (0..limbs).step_by(P * LANES) {
            let columns = self.columns::<P>(cpu, len, base, &mut below);
            store(cpu, &mut low[base..], columns);
        }
        // Columns from `len` on are the upper half's.
        low[len..].fill(0);
        cpu.settle(high);
        cpu.splat_lane((len - 1) % LANES, below)
    }
}

/// x = low + 2^(52 len) (high + seam) mod n
#[inline(always)]
fn fold<const P: usize, const TOP: usize, const REST: usize>(
    cpu: Avx512,
    modulus: &Modulus,
    len: usize,
    low: &mut [u64],
    high: &[u64],
    seam: Vector,
    x: &mut [u64],
) {
    let limbs = len.next_multiple_of(LANES);
    let top_group = limbs / LANES - TOP;
    let top_lane = (len - 1) % LANES;

    // The highest groups first: what exceeds 2^(52 len) there is a multiplier itself.
    let panel = folded_rows::<TOP>(cpu, modulus, len, high, seam, top_group);
    let halves = panel.halves(cpu);
    let mut above = cpu.zero();
    let mut top = join(cpu, halves, &mut above);
    for (g, column) in top.iter_mut().enumerate() {
        *column = cpu.add(*column, load(cpu, low, LANES * (top_group + g)));
    }
    let highest = top[TOP - 1];
    let over = match top_lane + 1 {
        LANES => cpu.splat_lane(top_lane, above),
        lane => cpu.splat_lane(lane, highest),
    };
    let multiplier = cpu.add(
        cpu.shift_left(over, modulus.over_shift),
        cpu.shift_right(cpu.splat_lane(top_lane, highest), modulus.top_shift),
    );
    top[TOP - 1] = cpu.and(highest, cpu.load(&modulus.top_mask.0));
    let row = modulus.row(len);

    let mut below = cpu.zero();
    for group in (0..top_group).step_by(REST) {
        let mut panel = folded_rows::<REST>(cpu, modulus, len, high, seam, group);
        for g in 0..REST {
            panel.add(cpu, 0, g, multiplier, load(cpu, row, LANES * (group + g)));
        }
        let mut columns = join(cpu, panel.halves(cpu), &mut below);
        for (g, column) in columns.iter_mut().enumerate() {
            *column = cpu.add(*column, load(cpu, low, LANES * (group + g)));
        }
        store(cpu, &mut low[LANES * group..], columns);
    }

    let mut hi = [cpu.zero(); TOP];
    for g in 0..TOP {
        let limbs = load(cpu, row, LANES * (top_group + g));
        top[g] = cpu.madd_lo(top[g], multiplier, limbs);
        hi[g] = cpu.madd_hi(hi[g], multiplier, limbs);
    }
    let top = join(cpu, (top, hi), &mut below);
    store(cpu, &mut low[LANES * top_group..], top);

    normalise::<P>(cpu, &low[..limbs], &mut x[PAD..]);
    cpu.settle(x);
}

/// Subtracts n 2^(40 shift) as often as x holds it, or once less.
#[inline(always)]
fn subtract_multiple<const P: usize>(
    cpu: Avx512,
    modulus: &Modulus,
    len: usize,
    columns: &mut [u64],
    x: &mut [u64],
    shift: usize,
) {
    let (at, bit) = modulus.quotient_at(shift);
    let top = (x[PAD + at] >> bit) | (x[PAD + at + 1] << (BITS - bit));
    let quotient = cpu.madd_hi(cpu.zero(), cpu.splat(top), cpu.splat(modulus.reciprocal));
    let negated = modulus.row(len + 1 + shift);
    let mut below = cpu.zero();
    for at in (0..len).step_by(LANES) {
        let n = load(cpu, negated, at);
        let lo = cpu.madd_lo(load(cpu, x, PAD + at), quotient, n);
        let hi = cpu.madd_hi(cpu.zero(), quotient, n);
        store(cpu, &mut columns[at..], [cpu.add(lo, cpu.lanes_up(hi, below))]);
        below = hi;
    }
    normalise::<P>(cpu, columns, &mut x[PAD..]);
    x[PAD + len..].fill(0);
    cpu.settle(x);
}

/// The sums, for the groups from `group` on, of the limbs of `high` times their rows of the table.
#[inline(always)]
fn folded_rows<const P: usize>(
    cpu: Avx512,
    modulus: &Modulus,
    len: usize,
    high: &[u64],
    seam: Vector,
    group: usize,
) -> Panel<P> {
    let mut panel = Panel::<P>::zero(cpu);
    for row in (0..len).step_by(2) {
        for odd in 0..2 {
            let limb = cpu.splat(high[row + odd]);
            let entry = modulus.row(row + odd);
            for g in 0..P {
                panel.add(cpu, odd, g, limb, load(cpu, entry, LANES * (group + g)));
            }
        }
    }
    for (row, limb) in [seam, cpu.shift_right_52(seam)].into_iter().enumerate() {
        let entry = modulus.row(row);
        for g in 0..P {
            panel.add(cpu, row, g, limb, load(cpu, entry, LANES * (group + g)));
        }
    }
    panel
}
