//! The instructions that the kernels use, for registers of four and of eight lanes, as methods of the token which proves
//! that the CPU has them.

use core::arch::x86_64::*;

use crate::x86_64::cpu::Avx2;

/// A CPU with registers of `N` lanes of 64 bits.
pub(super) trait Lanes<const N: usize>: Copy {
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
}

/// Defines methods, each of them one intrinsic, perhaps with a conversion.
macro_rules! lanes {
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

/// Overwrites the scratch memory and all vector registers.
#[inline(always)]
pub(in crate::x86_64) fn wipe(_: Avx2, scratch: &mut [u64]) {
    scratch.fill(0);
    // SAFETY: the token proves AVX2, and so AVX. The assembly writes registers only, each of them declared. It takes the
    // address of the scratch memory and may read it for all that the compiler knows, which therefore keeps the stores above.
    unsafe {
        core::arch::asm!(
            "/* {scratch} */",
            "vzeroall",
            scratch = in(reg) scratch.as_ptr(),
            out("ymm0") _, out("ymm1") _, out("ymm2") _, out("ymm3") _,
            out("ymm4") _, out("ymm5") _, out("ymm6") _, out("ymm7") _,
            out("ymm8") _, out("ymm9") _, out("ymm10") _, out("ymm11") _,
            out("ymm12") _, out("ymm13") _, out("ymm14") _, out("ymm15") _,
            options(nostack, readonly, preserves_flags),
        );
    }
}
