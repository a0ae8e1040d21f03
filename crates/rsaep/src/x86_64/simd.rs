//! The AVX-512 instructions that the kernels use, as methods of the token which proves
//! that the CPU has them. So the kernels are safe code.
//!
//! Everything here and in the kernels is `inline(always)`: an instruction of a CPU feature
//! is only good inside a function that has the feature, and that is the token's entry.

use core::arch::x86_64::*;

use super::cpu::Avx512;

/// How many lanes of 64 bits a register has.
pub(super) const LANES: usize = 8;

/// One register.
#[derive(Clone, Copy)]
#[repr(transparent)]
pub(super) struct Vector(__m512i);

/// Eight words in one cache line: a load that lies across two costs two.
#[derive(Clone, Copy)]
#[repr(C, align(64))]
pub(super) struct Line(pub(super) [u64; LANES]);

impl Line {
    pub(super) const ZERO: Self = Self([0; LANES]);
}

/// The words of lines.
pub(super) fn flat(lines: &[Line]) -> &[u64] {
    // SAFETY: a line is eight words and nothing else, for its size is its alignment.
    unsafe { core::slice::from_raw_parts(lines.as_ptr().cast(), LANES * lines.len()) }
}

/// The words of lines.
pub(super) fn flat_mut(lines: &mut [Line]) -> &mut [u64] {
    // SAFETY: as above.
    unsafe { core::slice::from_raw_parts_mut(lines.as_mut_ptr().cast(), LANES * lines.len()) }
}

/// Defines methods of the token, each of them one intrinsic, perhaps with a conversion.
macro_rules! instructions {
    ($($(#[$doc:meta])* fn $name:ident($($arg:ident: $type:ty),*) -> $result:ty { $body:expr })+) => {
        impl Avx512 {
            $(
                $(#[$doc])*
                #[inline(always)]
                pub(super) fn $name(self, $($arg: $type),*) -> $result {
                    // SAFETY: the token proves that the CPU has AVX-512 F and IFMA. Loads and
                    // stores take references to exactly what they touch, of any alignment. The
                    // assembly is empty.
                    unsafe { $body }
                }
            )+
        }
    };
}

instructions! {
    fn zero() -> Vector { Vector(_mm512_setzero_si512()) }
    fn splat(word: u64) -> Vector { Vector(_mm512_set1_epi64(word.cast_signed())) }
    /// One lane in all.
    fn splat_lane(lane: usize, v: Vector) -> Vector {
        Vector(_mm512_permutexvar_epi64(_mm512_set1_epi64(lane as i64), v.0))
    }
    /// The word in the lowest lane, zeros above.
    fn lowest(word: u64) -> Vector {
        Vector(_mm512_zextsi128_si512(_mm_cvtsi64_si128(word.cast_signed())))
    }
    fn load(words: &[u64; LANES]) -> Vector { Vector(_mm512_loadu_si512(words.as_ptr().cast())) }
    fn store(words: &mut [u64; LANES], v: Vector) -> () {
        _mm512_storeu_si512(words.as_mut_ptr().cast(), v.0)
    }
    /// `acc + (a b mod 2^52)`, of the low 52 bits of `a` and `b`.
    fn madd_lo(acc: Vector, a: Vector, b: Vector) -> Vector {
        Vector(_mm512_madd52lo_epu64(acc.0, a.0, b.0))
    }
    /// `acc + floor(a b / 2^52)`, of the low 52 bits of `a` and `b`.
    fn madd_hi(acc: Vector, a: Vector, b: Vector) -> Vector {
        Vector(_mm512_madd52hi_epu64(acc.0, a.0, b.0))
    }
    /// The floor of a signed number divided by a power of two.
    fn shift_right_signed(v: Vector, bits: usize) -> Vector {
        Vector(_mm512_sra_epi64(v.0, _mm_cvtsi64_si128(bits as i64)))
    }
    fn add(a: Vector, b: Vector) -> Vector { Vector(_mm512_add_epi64(a.0, b.0)) }
    fn sub(a: Vector, b: Vector) -> Vector { Vector(_mm512_sub_epi64(a.0, b.0)) }
    /// The floor of a signed number divided by 2^52.
    fn shift_right_52_signed(v: Vector) -> Vector { Vector(_mm512_srai_epi64::<52>(v.0)) }
    fn and(a: Vector, b: Vector) -> Vector { Vector(_mm512_and_si512(a.0, b.0)) }
    fn or(a: Vector, b: Vector) -> Vector { Vector(_mm512_or_si512(a.0, b.0)) }
    /// `v + 1` in the lanes whose bit is set.
    fn increment_where(lanes: u8, v: Vector) -> Vector {
        Vector(_mm512_mask_sub_epi64(v.0, lanes, v.0, _mm512_set1_epi64(-1)))
    }
    fn shift_right_52(v: Vector) -> Vector { Vector(_mm512_srli_epi64::<52>(v.0)) }
    fn shift_right(v: Vector, bits: usize) -> Vector {
        Vector(_mm512_srl_epi64(v.0, _mm_cvtsi64_si128(bits as i64)))
    }
    fn shift_left(v: Vector, bits: usize) -> Vector {
        Vector(_mm512_sll_epi64(v.0, _mm_cvtsi64_si128(bits as i64)))
    }
    /// Each lane one place down, the lowest of `above` moving in.
    fn lanes_down(v: Vector, above: Vector) -> Vector { Vector(_mm512_alignr_epi64::<1>(above.0, v.0)) }
    /// Each lane one place up, the highest of `below` moving in.
    fn lanes_up(v: Vector, below: Vector) -> Vector { Vector(_mm512_alignr_epi64::<7>(v.0, below.0)) }
    /// Of `a` in the lanes whose bit is set, of `b` in the others.
    fn select(lanes: u8, a: Vector, b: Vector) -> Vector { Vector(_mm512_mask_blend_epi64(lanes, b.0, a.0)) }
    /// Lanes 0, 2, 4 and 6 of both, in turns.
    fn even_lanes(a: Vector, b: Vector) -> Vector { Vector(_mm512_unpacklo_epi64(a.0, b.0)) }
    /// Lanes 1, 3, 5 and 7 of both, in turns.
    fn odd_lanes(a: Vector, b: Vector) -> Vector { Vector(_mm512_unpackhi_epi64(a.0, b.0)) }
    /// Pairs of lanes 0 and 2 of `a`, then of `b`.
    fn even_pairs(a: Vector, b: Vector) -> Vector { Vector(_mm512_shuffle_i64x2::<0x88>(a.0, b.0)) }
    /// Pairs of lanes 1 and 3 of `a`, then of `b`.
    fn odd_pairs(a: Vector, b: Vector) -> Vector { Vector(_mm512_shuffle_i64x2::<0xdd>(a.0, b.0)) }
    fn is_above(a: Vector, b: Vector) -> u8 { _mm512_cmpgt_epu64_mask(a.0, b.0) }
    fn is_equal(a: Vector, b: Vector) -> u8 { _mm512_cmpeq_epu64_mask(a.0, b.0) }
    /// The word. The compiler cannot see that, and so keeps it out of vector registers.
    fn scalar(word: u64) -> u64 {{
        let mut word = word;
        core::arch::asm!("/* {0} */", inout(reg) word, options(pure, nomem, nostack, preserves_flags));
        word
    }}
    /// Has the words in memory: what reads them next must load them. Else the compiler takes a lane
    /// out of the register that was stored, which costs more than a load.
    fn settle(words: &mut [u64]) -> () {
        core::arch::asm!("/* {0} */", in(reg) words.as_mut_ptr(), options(nostack, preserves_flags))
    }
}

/// Overwrites the scratch memory, all vector registers, and the mask registers k1 to k7.
#[inline(always)]
pub(super) fn wipe(_: Avx512, scratch: &mut [u64]) {
    scratch.fill(0);
    // SAFETY: the token proves AVX-512 F. The assembly writes registers only, each of them
    // declared. It takes the address of the scratch memory and may read it for all that
    // the compiler knows, which therefore keeps the stores above.
    unsafe {
        core::arch::asm!(
            "/* {scratch} */",
            "vzeroall",
            "vpxord zmm16, zmm16, zmm16",
            "vpxord zmm17, zmm17, zmm17",
            "vpxord zmm18, zmm18, zmm18",
            "vpxord zmm19, zmm19, zmm19",
            "vpxord zmm20, zmm20, zmm20",
            "vpxord zmm21, zmm21, zmm21",
            "vpxord zmm22, zmm22, zmm22",
            "vpxord zmm23, zmm23, zmm23",
            "vpxord zmm24, zmm24, zmm24",
            "vpxord zmm25, zmm25, zmm25",
            "vpxord zmm26, zmm26, zmm26",
            "vpxord zmm27, zmm27, zmm27",
            "vpxord zmm28, zmm28, zmm28",
            "vpxord zmm29, zmm29, zmm29",
            "vpxord zmm30, zmm30, zmm30",
            "vpxord zmm31, zmm31, zmm31",
            "kxorw k1, k1, k1", "kxorw k2, k2, k2", "kxorw k3, k3, k3", "kxorw k4, k4, k4",
            "kxorw k5, k5, k5", "kxorw k6, k6, k6", "kxorw k7, k7, k7",
            scratch = in(reg) scratch.as_ptr(),
            out("zmm0") _, out("zmm1") _, out("zmm2") _, out("zmm3") _,
            out("zmm4") _, out("zmm5") _, out("zmm6") _, out("zmm7") _,
            out("zmm8") _, out("zmm9") _, out("zmm10") _, out("zmm11") _,
            out("zmm12") _, out("zmm13") _, out("zmm14") _, out("zmm15") _,
            out("zmm16") _, out("zmm17") _, out("zmm18") _, out("zmm19") _,
            out("zmm20") _, out("zmm21") _, out("zmm22") _, out("zmm23") _,
            out("zmm24") _, out("zmm25") _, out("zmm26") _, out("zmm27") _,
            out("zmm28") _, out("zmm29") _, out("zmm30") _, out("zmm31") _,
            out("k1") _, out("k2") _, out("k3") _, out("k4") _,
            out("k5") _, out("k6") _, out("k7") _,
            options(nostack, readonly, preserves_flags),
        );
    }
}

impl Avx512 {
    /// `acc` and what a product of two limbs of `B` bits has above its lower 52 bits, as a multiple of 2^B.
    #[inline(always)]
    pub(super) fn madd_above<const B: usize>(self, acc: Vector, a: Vector, b: Vector) -> Vector {
        let once = self.madd_hi(acc, a, b);
        if B == 51 {
            self.madd_hi(once, a, b)
        } else {
            once
        }
    }

    /// A sum of upper halves of products, as a multiple of 2^B.
    #[inline(always)]
    pub(super) fn above<const B: usize>(self, hi: Vector) -> Vector {
        if B == 51 { self.add(hi, hi) } else { hi }
    }

    /// A limb of a sum. An IFMA instruction reads 52 bits, so that what is above these may stay.
    #[inline(always)]
    pub(super) fn limb<const B: usize>(self, sum: Vector) -> Vector {
        if B == 51 {
            self.and(sum, self.splat((1 << 51) - 1))
        } else {
            sum
        }
    }
}
