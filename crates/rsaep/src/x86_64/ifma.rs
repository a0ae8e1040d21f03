//! One block at a time with AVX-512 IFMA: eight limbs of 52 bits to a register.
//!
//! A product is reduced without quotient digits: its upper half is replaced, limb by limb, by
//! what it is modulo n, from the table that a [`Modulus`] holds. No sum waits for another.
//! docs/ifma.md has the bounds and the proofs.

use core::ops::Range;

use super::carry::{load, normalise, store};
use super::cpu::Avx512;
use super::radix52::{self, BITS, Modulus, PAD};
use super::simd::{LANES, Vector};
use crate::exponent::{Step, steps};

/// The longest modulus, in limbs, of which the table is in the first cache of a CPU.
const CACHED_LEN: usize = 64;

/// How much scratch memory [`power`] takes for a modulus of `len` limbs.
pub(super) fn scratch_len(len: usize) -> usize {
    // The message and x, both with zeros above, the halves of a product, and the copies of x.
    let limbs = len.next_multiple_of(LANES);
    4 * limbs + 2 * PAD + LANES * (limbs + LANES)
}

/// Declares a function that replaces `block`, a message below the modulus, by its power, for a modulus of
/// so many limbs. `e` is as [`steps`] wants it. Each has a stack frame of its own, so that no size
/// leaves more traces on the stack than it must.
macro_rules! power {
    ($($name:ident = $sized:ident<$($width:literal),+>, $len:expr;)+) => {
        $(#[inline(always)]
        pub(super) fn $name(
            cpu: Avx512,
            modulus: &Modulus,
            e: &[u8],
            block: &mut [u8],
            scratch: &mut [u64],
        ) {
            let len: fn(&Modulus) -> usize = $len;
            $sized::<$($width),+>(cpu, modulus, len(modulus), e, block, scratch);
        })+
    };
}

power! {
    power_40 = power_sized<5, 2, 3>, |_| 40;
    power_60 = power_sized<8, 4, 4>, |_| 60;
    power_80 = power_sized<10, 5, 5>, |_| 80;
    power_any = power_sized<2, 2, 2>, |modulus| modulus.len;
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
    let (message, rest) = scratch.split_at_mut(limbs + PAD);
    let (x, rest) = rest.split_at_mut(limbs + PAD);
    let (low, rest) = rest.split_at_mut(limbs);
    let (high, copies) = rest.split_at_mut(limbs);

    radix52::from_be_bytes(&mut message[..len], block);
    x.copy_from_slice(message);
    for step in steps(e) {
        let windows = Windows::of(cpu, &x[..limbs], copies);
        let factors = match step {
            Step::Square => Factors::Square(x, windows),
            Step::Multiply | Step::Last => Factors::Product(message, windows),
        };
        let seam = factors.halves::<P>(cpu, len, low, high);
        fold::<TOP, REST>(cpu, modulus, len, low, high, seam, x);
    }
    for shift in (0..modulus.quotients).rev() {
        subtract_multiple(cpu, modulus, len, low, x, shift);
    }
    modulus.write_below(&mut x[..len], block);
}

/// A number, moved up by 0 to 7 limbs: eight limbs from anywhere in it are one aligned load. An
/// unaligned one would take two, and wait for the stores of both to leave the store buffer.
#[derive(Clone, Copy)]
struct Windows<'a> {
    copies: &'a [u64],
    width: usize,
}

impl<'a> Windows<'a> {
    #[inline(always)]
    fn of(cpu: Avx512, number: &[u64], copies: &'a mut [u64]) -> Self {
        let width = number.len() + LANES;
        let mut below = cpu.zero();
        for at in (0..width).step_by(LANES) {
            let group = match at < number.len() {
                true => load(cpu, number, at),
                false => cpu.zero(),
            };
            for (copy, window) in cpu.windows(group, below).into_iter().enumerate() {
                store(cpu, &mut copies[copy * width + at..], [window]);
            }
            below = group;
        }
        Self { copies, width }
    }

    /// The limbs from `at - row` on, which may begin up to seven limbs below the number.
    #[inline(always)]
    fn window(self, at: usize, row: usize) -> &'a [u64] {
        let up = (row + LANES - at % LANES) % LANES;
        &self.copies[up * self.width + at + up - row..]
    }
}

/// The body for each of the numbers below a constant, as a constant.
macro_rules! each_below {
    ($end:ident, [$($k:literal)+] $K:ident => $body:block) => {
        $(if $k < $end {
            const $K: usize = $k;
            $body
        })+
    };
}

/// Sums of products for `P` neighbouring groups of eight columns. Where these are few, even and
/// odd rows are apart: one chain of dependent sums a group would be too slow.
struct Panel<const P: usize> {
    lo: [[Vector; P]; 2],
    /// One column further up.
    hi: [[Vector; P]; 2],
}

impl<const P: usize> Panel<P> {
    const CHAINS: usize = if P > 5 { 1 } else { 2 };

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
        b: Windows,
        base: usize,
        rows: Range<usize>,
    ) {
        for row in rows.step_by(2) {
            for odd in 0..2 {
                let limb = cpu.splat(a[row + odd]);
                let window = b.window(base + LANES * FROM, row + odd);
                for g in FROM..TO {
                    let b = load(cpu, window, LANES * (g - FROM));
                    self.add(cpu, odd, g, limb, b);
                }
            }
        }
    }

    #[inline(always)]
    fn add(&mut self, cpu: Avx512, row: usize, g: usize, limb: Vector, b: Vector) {
        let chain = row % Self::CHAINS;
        self.lo[chain][g] = cpu.madd_lo(self.lo[chain][g], limb, b);
        self.hi[chain][g] = cpu.madd_hi(self.hi[chain][g], limb, b);
    }

    /// Adds a_i a_j with i < j, for the four rows i of which column 2i is in the group `FROM`.
    #[inline(always)]
    fn diagonal_rows<const FROM: usize>(
        &mut self,
        cpu: Avx512,
        a: &[u64],
        windows: Windows,
        len: usize,
        base: usize,
    ) {
        let first = (base + LANES * FROM) / 2;
        for k in 0..4 {
            let limb = cpu.splat(a[first + k]);
            let window = windows.window(base + LANES * FROM, first + k);
            let b = load(cpu, window, 0);
            let (above, chain) = (0xFE << (2 * k), k % Self::CHAINS);
            self.lo[chain][FROM] = cpu.madd_lo_where(above, self.lo[chain][FROM], limb, b);
            self.hi[chain][FROM] = cpu.madd_hi_where(above, self.hi[chain][FROM], limb, b);
            for g in FROM + 1..P {
                // Else all columns of the group are above this row's.
                if base + LANES * g < len + first + k {
                    let b = load(cpu, window, LANES * (g - FROM));
                    self.add(cpu, k, g, limb, b);
                }
            }
        }
    }

    /// All products a_i b_j that fall into the columns from `base` on.
    #[inline(always)]
    fn product(cpu: Avx512, a: &[u64], b: Windows, len: usize, base: usize) -> Self {
        let mut panel = Self::zero(cpu);
        let first = |group: usize| (base + LANES * group).saturating_sub(len).min(len);
        let end = |group: usize| (base + LANES * group + LANES).min(len);
        each_below!(P, [1 2 3 4 5 6 7 8 9] K => {
            panel.rows::<0, K>(cpu, a, b, base, first(K - 1)..first(K));
        });
        panel.rows::<0, P>(cpu, a, b, base, first(P - 1)..end(0));
        each_below!(P, [1 2 3 4 5 6 7 8 9] K => {
            panel.rows::<K, P>(cpu, a, b, base, end(K - 1)..end(K));
        });
        panel
    }

    /// The products a_i a_j with i < j that fall into the columns from `base` on.
    #[inline(always)]
    fn off_diagonal(cpu: Avx512, a: &[u64], windows: Windows, len: usize, base: usize) -> Self {
        let mut panel = Self::zero(cpu);
        let middle = base / 2;
        let first = |group: usize| (base + LANES * group).saturating_sub(len).min(middle);
        each_below!(P, [1 2 3 4 5 6 7 8 9] K => {
            panel.rows::<0, K>(cpu, a, windows, base, first(K - 1)..first(K));
        });
        panel.rows::<0, P>(cpu, a, windows, base, first(P - 1)..middle);
        each_below!(P, [0 1 2 3 4 5 6 7 8 9] K => {
            panel.diagonal_rows::<K>(cpu, a, windows, len, base);
        });
        panel
    }

    /// The sums over even and odd rows together: low halves, and high halves.
    #[inline(always)]
    fn halves(&self, cpu: Avx512) -> ([Vector; P], [Vector; P]) {
        let (mut lo, mut hi) = (self.lo[0], self.hi[0]);
        if Self::CHAINS == 2 {
            for g in 0..P {
                lo[g] = cpu.add(lo[g], self.lo[1][g]);
                hi[g] = cpu.add(hi[g], self.hi[1][g]);
            }
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

/// What a product is made of.
#[derive(Clone, Copy)]
enum Factors<'a> {
    Square(&'a [u64], Windows<'a>),
    Product(&'a [u64], Windows<'a>),
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
            Self::Square(a, windows) => {
                let panel = Panel::<P>::off_diagonal(cpu, a, windows, len, base);
                let (mut lo, mut hi) = panel.halves(cpu);
                for g in 0..P {
                    let at = (base + LANES * g) / 2;
                    let a = cpu.load_spread(a[at..].first_chunk().expect("padded"));
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
        for base in (0..limbs).step_by(P * LANES) {
            let columns = self.columns::<P>(cpu, len, len + base, &mut below);
            store(cpu, &mut low[base..], columns);
        }
        normalise(cpu, low, high);
        cpu.settle(high);
        let mut below = cpu.zero();
        for base in (0..limbs).step_by(P * LANES) {
            let columns = self.columns::<P>(cpu, len, base, &mut below);
            store(cpu, &mut low[base..], columns);
        }
        // Columns from `len` on are the upper half's.
        low[len..].fill(0);
        cpu.splat_lane((len - 1) % LANES, below)
    }
}

/// x = low + 2^(52 len) (high + seam) mod n
#[inline(always)]
fn fold<const TOP: usize, const REST: usize>(
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
            let row = load(cpu, row, LANES * (group + g));
            panel.add(cpu, 0, g, multiplier, row);
        }
        let mut columns = join(cpu, panel.halves(cpu), &mut below);
        for (g, column) in columns.iter_mut().enumerate() {
            *column = cpu.add(*column, load(cpu, low, LANES * (group + g)));
        }
        store(cpu, &mut low[LANES * group..], columns);
    }

    let mut hi = [cpu.zero(); TOP];
    for g in 0..TOP {
        let row = load(cpu, row, LANES * (top_group + g));
        top[g] = cpu.madd_lo(top[g], multiplier, row);
        hi[g] = cpu.madd_hi(hi[g], multiplier, row);
    }
    let top = join(cpu, (top, hi), &mut below);
    store(cpu, &mut low[LANES * top_group..], top);
    normalise(cpu, low, x);
}

/// Subtracts n 2^(40 shift) as often as x holds it, or once less.
#[inline(always)]
fn subtract_multiple(
    cpu: Avx512,
    modulus: &Modulus,
    len: usize,
    columns: &mut [u64],
    x: &mut [u64],
    shift: usize,
) {
    let (at, bit) = modulus.quotient_at(shift);
    let top = (x[at] >> bit) | (x[at + 1] << (BITS - bit));
    let quotient = cpu.madd_hi(cpu.zero(), cpu.splat(top), cpu.splat(modulus.reciprocal));
    let negated = modulus.row(len + 1 + shift);
    let mut below = cpu.zero();
    for at in (0..len).step_by(LANES) {
        let n = load(cpu, negated, at);
        let lo = cpu.madd_lo(load(cpu, x, at), quotient, n);
        let hi = cpu.madd_hi(cpu.zero(), quotient, n);
        store(
            cpu,
            &mut columns[at..],
            [cpu.add(lo, cpu.lanes_up(hi, below))],
        );
        below = hi;
    }
    normalise(cpu, columns, x);
    x[len..].fill(0);
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
    let width = len.next_multiple_of(LANES);
    let (pairs, _) = high[..len].as_chunks::<2>();
    let table = modulus.table(len);
    for (pair, (limbs, rows)) in pairs.iter().zip(table.chunks_exact(2 * width)).enumerate() {
        // A longer table is not in the first cache, and the CPU does not see which lines come next.
        if len > CACHED_LEN
            && let Some(ahead) = table.chunks_exact(2 * width).nth(pair + 2)
        {
            for g in 0..P {
                for row in [0, width] {
                    let line = ahead[row + LANES * (group + g)..].first_chunk();
                    cpu.prefetch(line.expect("a row is whole lines"));
                }
            }
        }
        for (odd, limb) in limbs.iter().enumerate() {
            let limb = cpu.splat(*limb);
            for g in 0..P {
                let row = load(cpu, rows, odd * width + LANES * (group + g));
                panel.add(cpu, odd, g, limb, row);
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
