//! The instructions that the kernels use, for registers of four and of eight lanes, as methods of the token which proves
//! that the CPU has them.

use core::arch::x86_64::*;

use crate::x86_64::cpu::{Avx2, Avx512F};
use crate::x86_64::registers;

/// A CPU with registers of `N` lanes of 64 bits.
pub(in crate::x86_64) trait Lanes<const N: usize>: Copy {
    /// One register.
    type Vector: Copy;

    fn splat(self, word: u64) -> Self::Vector;
    /// A digit in the lower half of each lane.
    fn splat_digit(self, digit: &i32) -> Self::Vector;
    fn load(self, words: &[u64; N]) -> Self::Vector;
    fn store(self, words: &mut [u64; N], v: Self::Vector);
    /// The products of the lower halves of the lanes, signed numbers of 32 bits.
    fn mul(self, a: Self::Vector, b: Self::Vector) -> Self::Vector;
    fn add(self, a: Self::Vector, b: Self::Vector) -> Self::Vector;
    fn sub(self, a: Self::Vector, b: Self::Vector) -> Self::Vector;
    fn and(self, a: Self::Vector, b: Self::Vector) -> Self::Vector;
    fn shift_right(self, v: Self::Vector, bits: usize) -> Self::Vector;

    // The squares that `product` lays out, each in a function of its own.
    fn square_18(self, x: &[[u64; N]], columns: &mut [[u64; N]]);
    fn square_27(self, x: &[[u64; N]], columns: &mut [[u64; N]]);
    fn square_37(self, x: &[[u64; N]], columns: &mut [[u64; N]]);
    fn square_36(self, x: &[[u64; N]], columns: &mut [[u64; N]], scratch: &mut [[u64; N]]);
    fn square_54(self, x: &[[u64; N]], columns: &mut [[u64; N]], scratch: &mut [[u64; N]]);
    fn square_74(self, x: &[[u64; N]], columns: &mut [[u64; N]], scratch: &mut [[u64; N]]);
}

/// Defines methods, each of them one intrinsic, perhaps with a conversion.
macro_rules! lanes {
    (@entries $Token:ident, $lanes:literal: $($quarter:ident)+, $($half:ident)+) => {
        $(fn $quarter(self, x: &[[u64; $lanes]], columns: &mut [[u64; $lanes]]) {
            $Token::$quarter(self, x, columns);
        })+
        $(fn $half(
            self,
            x: &[[u64; $lanes]],
            columns: &mut [[u64; $lanes]],
            scratch: &mut [[u64; $lanes]],
        ) {
            $Token::$half(self, x, columns, scratch);
        })+
    };
    ($Token:ident, $lanes:literal, $Vector:ty:
     $($(#[$doc:meta])* fn $name:ident($($arg:ident: $type:ty),*) -> $result:ty { $body:expr })+) => {
        impl Lanes<$lanes> for $Token {
            type Vector = $Vector;

            $(
                $(#[$doc])*
                #[inline(always)]
                fn $name(self, $($arg: $type),*) -> $result {
                    // SAFETY: the token proves that the CPU has the instructions. Loads and stores take
                    // references to exactly what they touch, of any alignment.
                    unsafe { $body }
                }
            )+

            lanes! { @entries $Token, $lanes: square_18 square_27 square_37, square_36 square_54 square_74 }
        }
    };
}

lanes! { Avx2, 4, __m256i:
    fn splat(word: u64) -> __m256i { _mm256_set1_epi64x(word.cast_signed()) }
    fn splat_digit(digit: &i32) -> __m256i { _mm256_set1_epi32(*digit) }
    fn load(words: &[u64; 4]) -> __m256i { _mm256_loadu_si256(words.as_ptr().cast()) }
    fn store(words: &mut [u64; 4], v: __m256i) -> () { _mm256_storeu_si256(words.as_mut_ptr().cast(), v) }
    fn mul(a: __m256i, b: __m256i) -> __m256i { _mm256_mul_epi32(a, b) }
    fn add(a: __m256i, b: __m256i) -> __m256i { _mm256_add_epi64(a, b) }
    fn sub(a: __m256i, b: __m256i) -> __m256i { _mm256_sub_epi64(a, b) }
    fn and(a: __m256i, b: __m256i) -> __m256i { _mm256_and_si256(a, b) }
    fn shift_right(v: __m256i, bits: usize) -> __m256i { _mm256_srl_epi64(v, _mm_cvtsi64_si128(bits as i64)) }
}

lanes! { Avx512F, 8, __m512i:
    fn splat(word: u64) -> __m512i { _mm512_set1_epi64(word.cast_signed()) }
    fn splat_digit(digit: &i32) -> __m512i { _mm512_set1_epi32(*digit) }
    fn load(words: &[u64; 8]) -> __m512i { _mm512_loadu_si512(words.as_ptr().cast()) }
    fn store(words: &mut [u64; 8], v: __m512i) -> () { _mm512_storeu_si512(words.as_mut_ptr().cast(), v) }
    fn mul(a: __m512i, b: __m512i) -> __m512i { _mm512_mul_epi32(a, b) }
    fn add(a: __m512i, b: __m512i) -> __m512i { _mm512_add_epi64(a, b) }
    fn sub(a: __m512i, b: __m512i) -> __m512i { _mm512_sub_epi64(a, b) }
    fn and(a: __m512i, b: __m512i) -> __m512i { _mm512_and_si512(a, b) }
    fn shift_right(v: __m512i, bits: usize) -> __m512i { _mm512_srl_epi64(v, _mm_cvtsi64_si128(bits as i64)) }
}

/// Overwrites the scratch memory and all vector registers.
pub(in crate::x86_64) fn wipe(scratch: &mut [u64]) {
    scratch.fill(0);
    // SAFETY: the assembly does nothing. It takes the address of the scratch memory and may read it for all that the
    // compiler knows, which therefore keeps the stores above.
    unsafe {
        core::arch::asm!(
            "/* {} */",
            in(reg) scratch.as_ptr(),
            options(nostack, readonly, preserves_flags),
        );
    }
    registers::wipe();
}
