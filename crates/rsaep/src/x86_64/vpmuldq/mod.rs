//! Several blocks at a time with VPMULDQ, which multiplies signed numbers of 32 bits: digit j of each block in one register.

#[cfg(test)]
mod bounds;
mod carry;
mod modulus;
mod power;
mod product;
mod simd;

pub(super) use modulus::{Modulus, digits};
pub(super) use power::{power_27, power_28, power_29, power_72, power_108, power_148, scratch_len};
pub(super) use simd::wipe;

use super::cpu::Avx2;

/// One digit of each of four blocks.
pub(super) type Digits = [u64; 4];

/// Declares functions for the columns of a square of four quarters, and of one of them: each is a function of its own.
macro_rules! squares {
    ($($half:ident: $quarter:ident, $len:literal;)+) => {
        $(#[inline(always)]
        pub(super) fn $quarter(cpu: Avx2, x: &[Digits], columns: &mut [Digits]) {
            product::square_columns::<_, 4, $len>(cpu, x, columns);
        }

        #[inline(always)]
        pub(super) fn $half(cpu: Avx2, x: &[Digits], columns: &mut [Digits], scratch: &mut [Digits]) {
            product::by_halves(cpu, $len, |cpu, x, columns, _| Avx2::$quarter(cpu, x, columns), x, columns, scratch);
        })+
    };
}

squares! {
    square_36: square_18, 18;
    square_54: square_27, 27;
    square_74: square_37, 37;
}
