//! From columns, the sums of what has the same weight, to digits.

use super::simd::Lanes;

/// What a column has more than its value and W / 2, when it comes to [`Carry`].
pub(super) const fn bias(width: usize) -> u64 {
    (1 << 63) - (1 << (63 - width))
}

/// W / 2: what is added to a column, and taken off its lower bits, to make a digit with a sign.
const fn half(width: usize) -> u64 {
    1 << (width - 1)
}

/// Carries from one column to the next. What is carried is 2^63 / W too large, and with a column's [`bias`] the sum is 2^63 too
/// large: so it has no sign, and its carry comes by a logical shift, as AVX2 has no other.
pub(super) struct Carry<C: Lanes<N>, const N: usize, const B: usize> {
    cpu: C,
    carry: C::Vector,
}

impl<C: Lanes<N>, const N: usize, const B: usize> Carry<C, N, B> {
    #[inline(always)]
    pub(super) fn new(cpu: C) -> Self {
        Self {
            cpu,
            carry: cpu.splat(1 << (63 - B)),
        }
    }

    /// The lower B bits of a biased column.
    #[inline(always)]
    pub(super) fn bits(&mut self, column: C::Vector) -> C::Vector {
        let sum = self.cpu.add(column, self.carry);
        self.carry = self.cpu.shift_right(sum, B);
        self.cpu.and(sum, self.cpu.splat((1 << B) - 1))
    }

    /// The digit of a column that has its bias and W / 2.
    #[inline(always)]
    pub(super) fn digit(&mut self, column: C::Vector) -> C::Vector {
        let bits = self.bits(column);
        self.cpu.sub(bits, self.cpu.splat(half(B)))
    }

    /// As [`digit`](Self::digit), of the highest column, with what it carries.
    #[inline(always)]
    pub(super) fn highest(&self, column: C::Vector) -> C::Vector {
        let sum = self.cpu.add(column, self.carry);
        self.cpu.sub(sum, self.cpu.splat((1 << 63) + half(B)))
    }

    /// Columns to digits. The highest keeps what it carries.
    #[inline(always)]
    pub(super) fn digits(&mut self, columns: &mut [[u64; N]]) {
        let cpu = self.cpu;
        let (highest, columns) = columns.split_last_mut().expect("not empty");
        for column in columns {
            let digit = self.digit(self.biased(cpu.load(column)));
            cpu.store(column, digit);
        }
        let digit = self.highest(self.biased(cpu.load(highest)));
        cpu.store(highest, digit);
    }

    /// A column with its bias and W / 2
    #[inline(always)]
    fn biased(&self, column: C::Vector) -> C::Vector {
        self.cpu.add(column, self.cpu.splat(bias(B) + half(B)))
    }
}

/// Where the columns of a product go, from the lowest on: the lower half to digits that have their bias and W / 2 for
/// the fold, the upper half to digits.
pub(super) struct Halves<'d, C: Lanes<N>, const N: usize, const B: usize> {
    carry: Carry<C, N, B>,
    digits: core::slice::IterMut<'d, [u64; N]>,
}

impl<'d, C: Lanes<N>, const N: usize, const B: usize> Halves<'d, C, N, B> {
    #[inline(always)]
    pub(super) fn new(cpu: C, digits: &'d mut [[u64; N]]) -> Self {
        Self {
            carry: Carry::new(cpu),
            digits: digits.iter_mut(),
        }
    }

    /// The next column, of the lower half.
    #[inline(always)]
    pub(super) fn low(&mut self, column: C::Vector) {
        let cpu = self.carry.cpu;
        let bits = self.carry.bits(self.carry.biased(column));
        if let Some(digit) = self.digits.next() {
            cpu.store(digit, cpu.add(bits, cpu.splat(bias(B))));
        }
    }

    /// The next column, of the upper half but the highest.
    #[inline(always)]
    pub(super) fn high(&mut self, column: C::Vector) {
        let bits = self.carry.digit(self.carry.biased(column));
        if let Some(digit) = self.digits.next() {
            self.carry.cpu.store(digit, bits);
        }
    }

    /// The highest column.
    #[inline(always)]
    pub(super) fn highest(&mut self, column: C::Vector) {
        let all = self.carry.highest(self.carry.biased(column));
        if let Some(digit) = self.digits.next() {
            self.carry.cpu.store(digit, all);
        }
    }

    /// Neighbouring columns from `first` on, of a product of twice `len`.
    #[inline(always)]
    pub(super) fn columns<const WIDTH: usize>(
        &mut self,
        len: usize,
        first: usize,
        columns: [C::Vector; WIDTH],
    ) {
        for (column, index) in columns.into_iter().zip(first..2 * len) {
            if index < len {
                self.low(column);
            } else if index < 2 * len - 1 {
                self.high(column);
            } else {
                self.highest(column);
            }
        }
    }
}
