//! One block at a time with AVX-512 IFMA: eight limbs of 52 bits to a register.
//!
//! A product is reduced without quotient digits: its upper half is replaced, limb by limb, by
//! what it is modulo n, from the table that a [`Modulus`] holds. No sum waits for another.
//! docs/ifma.md has the bounds and the proofs.

use core::ops::Range;

use super::carry::{load, normalise, store};
use super::cpu::Avx512;
use super::radix52::{self, BITS, MASK, Modulus, split};
use super::simd::{LANES, Vector};
use crate::exponent::{Step, steps};
use crate::fault;

/// Eight neighbouring limbs of a number.
type Block = [u64; LANES];

/// How many groups of eight columns the longest product has of which a half is summed in registers.
const GROUPS: usize = 20;

/// How much scratch memory [`power`] takes for a modulus of `len` limbs.
pub(super) fn scratch_len(len: usize) -> usize {
    // The message, x with limbs of zero above, 2x twice, a product, and the limbs of its upper half.
    let limbs = len.next_multiple_of(LANES);
    7 * limbs + 2 * LANES
}

/// Declares a function that replaces `block`, a message below the modulus, by its power, for a modulus of
/// so many limbs. `e` is as [`steps`] wants it. Each has a stack frame of its own, so that no size
/// leaves more traces on the stack than it must.
macro_rules! power {
    ($($name:ident = $sized:ident<$($width:literal),+>, $len:expr;)+) => {
        $(#[inline(always)]
        pub(super) fn $name(
            cpu: Avx512,
            modulus: &Modulus<BITS>,
            e: &[u8],
            block: &mut [u8],
            scratch: &mut [u64],
        ) {
            let len: fn(&Modulus<BITS>) -> usize = $len;
            $sized::<$($width),+>(cpu, modulus, len(modulus), e, block, scratch);
        })+
    };
}

power! {
    power_40 = power_sized<5, 0, 8, 2, 3>, |_| 40;
    power_60 = power_sized<8, 0, 12, 4, 4>, |_| 60;
    power_80 = power_sized<10, 5, 20, 5, 5>, |_| 80;
    power_any = power_sized<0, 0, 8, 2, 2>, |modulus| modulus.len;
}

/// `G` is the length in blocks, or 0 where it is known at run time only, and `H` that of the limbs that are folded by
/// one residue. In [`fold`] `TURN` rows of the table are multiplied in one turn of a loop, for the `TOP` highest
/// groups of columns, and then for `REST` of the others at once.
#[inline(always)]
fn power_sized<
    const G: usize,
    const H: usize,
    const TURN: usize,
    const TOP: usize,
    const REST: usize,
>(
    cpu: Avx512,
    modulus: &Modulus<BITS>,
    len: usize,
    e: &[u8],
    block: &mut [u8],
    scratch: &mut [u64],
) {
    let limbs = len.next_multiple_of(LANES);
    let (message, rest) = scratch.split_at_mut(limbs);
    let (x, rest) = rest.split_at_mut(limbs + LANES);
    let (doubled, rest) = rest.split_at_mut(limbs);
    let (apart, rest) = rest.split_at_mut(limbs);
    let (wide, high) = rest.split_at_mut(2 * limbs);

    radix52::from_be_bytes(&mut message[..len], block);
    x[..limbs].copy_from_slice(message);
    for step in steps(e) {
        match step {
            _ if G == 0 => {
                let b = if step == Step::Square { &*x } else { &*message };
                multiply(cpu, x, &b[..limbs], wide);
                normalise::<BITS>(cpu, &wide[len..], high);
            }
            Step::Square => {
                double(cpu, &x[..limbs], doubled, apart);
                fault::place("twice x", &mut doubled[..len]);
                fault::place("twice x, block by block", &mut apart[..len]);
                let x = &x[..limbs];
                halves::<G, H>(cpu, modulus, len, x, wide, high, |a, b| match b {
                    _ if b < a => None,
                    _ if b == a => Some(load(cpu, x, LANES * b)),
                    _ if b == a + 1 => Some(load(cpu, apart, LANES * b)),
                    _ => Some(load(cpu, doubled, LANES * b)),
                });
            }
            Step::Multiply | Step::Last => {
                halves::<G, H>(cpu, modulus, len, message, wide, high, |_, b| {
                    Some(load(cpu, x, LANES * b))
                });
            }
        }
        fault::place("a product", &mut high[..len]);
        cpu.settle(high);
        wide[len..limbs].fill(0);
        fault::place("the lower half of a product", &mut wide[..len]);
        fold::<TURN, TOP, REST>(cpu, modulus, len, &mut wide[..limbs], high, x);
        fault::place("a fold", &mut x[..len]);
    }
    for shift in (0..modulus.quotients).rev() {
        subtract_multiple(cpu, modulus, len, &mut wide[..limbs], x, shift);
        fault::place("a quotient taken off", &mut x[..len]);
    }
    modulus.write_below(&mut x[..len], block);
}

/// 2x, which has no more limbs than x; and the same, where each block of eight limbs is without what comes from
/// the block below.
#[inline(always)]
fn double(cpu: Avx512, x: &[u64], doubled: &mut [u64], apart: &mut [u64]) {
    let mask = cpu.splat(MASK);
    let mut not_lowest = [u64::MAX; LANES];
    not_lowest[0] = !1;
    let not_lowest = cpu.load(&not_lowest);
    let mut below = cpu.zero();
    for at in (0..x.len()).step_by(LANES) {
        let x = load(cpu, x, at);
        let out = cpu.shift_right(x, BITS - 1);
        let sum = cpu.add(cpu.and(cpu.add(x, x), mask), cpu.lanes_up(out, below));
        store(cpu, &mut doubled[at..], [sum]);
        store(cpu, &mut apart[at..], [cpu.and(sum, not_lowest)]);
        below = out;
    }
}

/// Sums of products by column, for groups of eight columns.
struct Sums([Vector; GROUPS]);

impl Sums {
    /// The products of block i of `a` with `factor(i, j)`, for all i and j with i + j in `groups`, lie in these
    /// groups and the one above.
    ///
    /// The limbs at one place in their blocks are multiplied together, from the highest place down: then all columns
    /// move up by one, so that no factor has to.
    #[inline(always)]
    fn of<const A: usize, const B: usize>(
        cpu: Avx512,
        a: &[Block; A],
        groups: &Range<usize>,
        factor: &impl Fn(usize, usize) -> Option<Vector>,
    ) -> Self {
        let mut sums = Self([cpu.zero(); GROUPS]);
        sums.step::<A, B, false, true>(cpu, a, LANES, groups, factor);
        for place in (1..LANES).rev() {
            sums.step::<A, B, true, true>(cpu, a, place, groups, factor);
        }
        sums.step::<A, B, true, false>(cpu, a, 0, groups, factor);
        sums
    }

    /// Moves the columns up, then adds the low halves of the limbs at `place` and the high halves of those below.
    #[inline(always)]
    fn step<const A: usize, const B: usize, const LOW: bool, const HIGH: bool>(
        &mut self,
        cpu: Avx512,
        a: &[Block; A],
        place: usize,
        groups: &Range<usize>,
        factor: &impl Fn(usize, usize) -> Option<Vector>,
    ) {
        if LOW {
            for g in (groups.start + 1..=groups.end).rev() {
                self.0[g] = cpu.lanes_up(self.0[g], self.0[g - 1]);
            }
            self.0[groups.start] = cpu.lanes_up(self.0[groups.start], cpu.zero());
        }
        // Many blocks of a short factor meet in one group: what its sums wait for is halved.
        let mut odd = [cpu.zero(); GROUPS];
        each_below!(A, [0 1 2 3 4 5 6 7 8 9] I => {
            let sums = if A < B && I % 2 == 1 { &mut odd } else { &mut self.0 };
            let low = if LOW { cpu.splat(a[I][place]) } else { cpu.zero() };
            let high = if HIGH { cpu.splat(a[I][place - 1]) } else { cpu.zero() };
            each_below!(B, [0 1 2 3 4 5 6 7 8 9] J => {
                if groups.contains(&(I + J)) && let Some(b) = factor(I, J) {
                    if LOW {
                        sums[I + J] = cpu.madd_lo(sums[I + J], low, b);
                    }
                    if HIGH {
                        sums[I + J] = cpu.madd_hi(sums[I + J], high, b);
                    }
                }
            });
        });
        for g in groups.clone() {
            self.0[g] = cpu.add(self.0[g], odd[g]);
        }
    }

    /// Adds some groups to the columns that are there, which begin with group 0.
    #[inline(always)]
    fn add_to(&self, cpu: Avx512, groups: Range<usize>, columns: &mut [u64]) {
        for g in groups {
            let sum = cpu.add(self.0[g], load(cpu, columns, LANES * g));
            store(cpu, &mut columns[LANES * g..], [sum]);
        }
    }

    #[inline(always)]
    fn store(&self, cpu: Avx512, groups: Range<usize>, columns: &mut [u64]) {
        for g in groups {
            store(cpu, &mut columns[LANES * g..], [self.0[g]]);
        }
    }
}

/// A product of `G` blocks each: the lower half of `wide` in columns, and the limbs of what is above. `factor(i, j)` is
/// what block i of `a` is multiplied with to give groups i + j and i + j + 1.
///
/// The upper half is made first, and its carries are under way while the lower half is multiplied.
#[inline(always)]
fn halves<const G: usize, const H: usize>(
    cpu: Avx512,
    modulus: &Modulus<BITS>,
    len: usize,
    a: &[u64],
    wide: &mut [u64],
    high: &mut [u64],
    factor: impl Fn(usize, usize) -> Option<Vector>,
) {
    let a = blocks::<G>(a);
    // From this group on, products reach the upper half.
    let middle = (len + 1).div_ceil(LANES) - 2;
    let (upper, lower) = (middle..2 * G - 1, 0..middle);

    Sums::of::<G, G>(cpu, a, &upper, &factor).store(cpu, middle..2 * G, wide);
    let limbs = LANES * G;
    if H == 0 {
        normalise::<BITS>(cpu, &wide[len..][..limbs], high);
    } else {
        normalise::<BITS>(
            cpu,
            &wide[len + split(len)..],
            &mut high[split(len) + LANES..],
        );
        wide[len + split(len)..][..LANES].fill(0);
    }
    cpu.settle(high);
    let sums = Sums::of::<G, G>(cpu, a, &lower, &factor);
    sums.store(cpu, lower.clone(), wide);
    sums.add_to(cpu, middle..middle + 1, wide);
    if H > 0 {
        let (high, highest) = high.split_at_mut(split(len) + LANES);
        let a = blocks::<H>(highest);
        let row = modulus.row(split(len));
        let factor = |_, b| Some(load(cpu, row, LANES * b));
        let upper = middle..G + H - 1;
        Sums::of::<H, G>(cpu, a, &upper, &factor).add_to(cpu, middle..G + H, wide);
        normalise::<BITS>(cpu, &wide[len..][..split(len) + LANES], high);
        cpu.settle(high);
        Sums::of::<H, G>(cpu, a, &lower, &factor).add_to(cpu, 0..middle + 1, wide);
        fault::place("the first step of a fold", &mut wide[..len]);
    }
}

/// A product in columns, for any length of an even number of blocks.
#[inline(always)]
fn multiply(cpu: Avx512, a: &[u64], b: &[u64], wide: &mut [u64]) {
    wide.fill(0);
    for (i, a) in a
        .chunks_exact(2 * LANES)
        .take(b.len() / (2 * LANES))
        .enumerate()
    {
        for (j, b) in b.chunks_exact(2 * LANES).enumerate() {
            let factor = |_, block| Some(load(cpu, b, LANES * block));
            let sums = Sums::of::<2, 2>(cpu, blocks(a), &(0..3), &factor);
            sums.add_to(cpu, 0..4, &mut wide[2 * LANES * (i + j)..]);
        }
    }
}

/// The first blocks of a number.
#[inline(always)]
fn blocks<const N: usize>(number: &[u64]) -> &[Block; N] {
    number
        .as_chunks()
        .0
        .first_chunk()
        .expect("the number is long enough")
}

/// Sums of products of the limbs of a number and rows of the table, for `P` neighbouring groups of eight columns. Even and odd
/// rows are apart: one chain of dependent sums a group would be too slow.
struct Panel<const P: usize> {
    lo: [[Vector; P]; 2],
    /// One column further up.
    hi: [[Vector; P]; 2],
}

impl<const P: usize> Panel<P> {
    #[inline(always)]
    fn add(&mut self, cpu: Avx512, row: usize, g: usize, limb: Vector, b: Vector) {
        let chain = row % 2;
        self.lo[chain][g] = cpu.madd_lo(self.lo[chain][g], limb, b);
        self.hi[chain][g] = cpu.madd_hi(self.hi[chain][g], limb, b);
    }

    /// The sums over even and odd rows together. `below` is the highest group of high halves of the
    /// groups below, and becomes that of these.
    #[inline(always)]
    fn join(&self, cpu: Avx512, below: &mut Vector) -> [Vector; P] {
        let mut columns = self.lo[0];
        for (g, column) in columns.iter_mut().enumerate() {
            let hi = cpu.add(self.hi[0][g], self.hi[1][g]);
            let lo = cpu.add(*column, self.lo[1][g]);
            *column = cpu.add(lo, cpu.lanes_up(hi, *below));
            *below = hi;
        }
        columns
    }
}

/// x = low + W^len high mod n
#[inline(always)]
fn fold<const TURN: usize, const TOP: usize, const REST: usize>(
    cpu: Avx512,
    modulus: &Modulus<BITS>,
    len: usize,
    low: &mut [u64],
    high: &[u64],
    x: &mut [u64],
) {
    let limbs = len.next_multiple_of(LANES);
    let top_group = limbs / LANES - TOP;
    let top_lane = (len - 1) % LANES;

    // The highest groups first: what exceeds 2^(52 len) there is a multiplier itself.
    let panel = folded_rows::<TURN, TOP>(cpu, modulus, len, high, top_group);
    let mut above = cpu.zero();
    let mut top = panel.join(cpu, &mut above);
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
        let mut panel = folded_rows::<TURN, REST>(cpu, modulus, len, high, group);
        for g in 0..REST {
            let row = load(cpu, row, LANES * (group + g));
            panel.add(cpu, 0, g, multiplier, row);
        }
        let mut columns = panel.join(cpu, &mut below);
        for (g, column) in columns.iter_mut().enumerate() {
            *column = cpu.add(*column, load(cpu, low, LANES * (group + g)));
        }
        store(cpu, &mut low[LANES * group..], columns);
    }

    for (g, column) in top.iter_mut().enumerate() {
        let row = load(cpu, row, LANES * (top_group + g));
        let hi = cpu.madd_hi(cpu.zero(), multiplier, row);
        *column = cpu.madd_lo(cpu.add(*column, cpu.lanes_up(hi, below)), multiplier, row);
        below = hi;
    }
    store(cpu, &mut low[LANES * top_group..], top);
    normalise::<BITS>(cpu, low, x);
}

/// Subtracts n 2^(40 shift) as often as x holds it, or once less.
#[inline(always)]
fn subtract_multiple(
    cpu: Avx512,
    modulus: &Modulus<BITS>,
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
    normalise::<BITS>(cpu, columns, x);
    x[len..].fill(0);
}

/// The sums, for the groups from `group` on, of the limbs of `high` times their rows of the table.
#[inline(always)]
fn folded_rows<const TURN: usize, const P: usize>(
    cpu: Avx512,
    modulus: &Modulus<BITS>,
    len: usize,
    high: &[u64],
    group: usize,
) -> Panel<P> {
    let zero = [[cpu.zero(); P]; 2];
    let mut panel = Panel { lo: zero, hi: zero };
    let width = len.next_multiple_of(LANES);
    let (turns, _) = high[..split(len)].as_chunks::<TURN>();
    let table = modulus.table(len).chunks_exact(TURN * width);
    for (limbs, rows) in turns.iter().zip(table) {
        each_below!(TURN, [0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19] ROW => {
            let limb = cpu.splat(limbs[ROW]);
            for g in 0..P {
                let row = load(cpu, rows, ROW * width + LANES * (group + g));
                panel.add(cpu, ROW, g, limb, row);
            }
        });
    }
    if split(len) < len {
        let limb = cpu.splat(high[split(len)]);
        let row = modulus.row(split(len));
        for g in 0..P {
            panel.add(cpu, 0, g, limb, load(cpu, row, LANES * (group + g)));
        }
    }
    panel
}
