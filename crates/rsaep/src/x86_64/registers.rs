//! Overwrites the vector registers of this CPU, whichever it has.
//!
//! The assembly touches no memory, and does not say so: what is written before it, to memory whose address is known
//! elsewhere, is not written behind it.

use core::arch::asm;

use super::features::Features;

/// Overwrites all vector registers, whoever used them.
// On Windows a part of the function that calls it: see below.
#[cfg_attr(windows, inline(always))]
pub(crate) fn wipe() {
    #[cfg(windows)]
    wipe_kept();
    let features = Features::of_this_cpu();
    if features.has(Features::AVX512F) {
        // SAFETY: the CPU has AVX-512 F, and the operating system keeps its registers.
        unsafe { wipe_avx512() }
    } else if features.has(Features::AVX) {
        // SAFETY: the CPU has AVX, and the operating system keeps its registers.
        unsafe { wipe_avx() }
    } else {
        wipe_sse();
    }
}

/// Windows has a function give the low halves of these registers back to its caller as they were. So the functions below would only
/// move what is in them to the stack and back. Inlined, this has its caller's caller get what was in them before, and what the caller
/// itself had there is gone before anything moves it.
#[cfg(windows)]
#[inline(always)]
fn wipe_kept() {
    // SAFETY: every x86-64 CPU has these registers. The assembly writes nothing else, and declares them.
    unsafe {
        asm!(
            "xorps xmm6, xmm6", "xorps xmm7, xmm7", "xorps xmm8, xmm8", "xorps xmm9, xmm9",
            "xorps xmm10, xmm10", "xorps xmm11, xmm11", "xorps xmm12, xmm12", "xorps xmm13, xmm13",
            "xorps xmm14, xmm14", "xorps xmm15, xmm15",
            out("xmm6") _, out("xmm7") _, out("xmm8") _, out("xmm9") _, out("xmm10") _,
            out("xmm11") _, out("xmm12") _, out("xmm13") _, out("xmm14") _, out("xmm15") _,
            options(nostack, preserves_flags),
        );
    }
}

/// Runs assembly that overwrites the vector registers 0 to 15.
macro_rules! wipe_low {
    ($($assembly:expr),+) => {
        asm!(
            $($assembly,)+
            out("xmm0") _, out("xmm1") _, out("xmm2") _, out("xmm3") _,
            out("xmm4") _, out("xmm5") _, out("xmm6") _, out("xmm7") _,
            out("xmm8") _, out("xmm9") _, out("xmm10") _, out("xmm11") _,
            out("xmm12") _, out("xmm13") _, out("xmm14") _, out("xmm15") _,
            options(nostack, preserves_flags),
        )
    };
}

#[target_feature(enable = "avx512f")]
fn wipe_avx512() {
    wipe_avx();
    // SAFETY: the CPU has these registers. The assembly writes nothing else, and declares them.
    unsafe {
        asm!(
            "vpxord zmm16, zmm16, zmm16", "vpxord zmm17, zmm17, zmm17",
            "vpxord zmm18, zmm18, zmm18", "vpxord zmm19, zmm19, zmm19",
            "vpxord zmm20, zmm20, zmm20", "vpxord zmm21, zmm21, zmm21",
            "vpxord zmm22, zmm22, zmm22", "vpxord zmm23, zmm23, zmm23",
            "vpxord zmm24, zmm24, zmm24", "vpxord zmm25, zmm25, zmm25",
            "vpxord zmm26, zmm26, zmm26", "vpxord zmm27, zmm27, zmm27",
            "vpxord zmm28, zmm28, zmm28", "vpxord zmm29, zmm29, zmm29",
            "vpxord zmm30, zmm30, zmm30", "vpxord zmm31, zmm31, zmm31",
            out("zmm16") _, out("zmm17") _, out("zmm18") _, out("zmm19") _,
            out("zmm20") _, out("zmm21") _, out("zmm22") _, out("zmm23") _,
            out("zmm24") _, out("zmm25") _, out("zmm26") _, out("zmm27") _,
            out("zmm28") _, out("zmm29") _, out("zmm30") _, out("zmm31") _,
            options(nostack, preserves_flags),
        );
    }
}

#[target_feature(enable = "avx")]
fn wipe_avx() {
    // SAFETY: the CPU has this instruction, which overwrites the registers declared to their
    // whole width.
    unsafe { wipe_low!("vzeroall") }
}

fn wipe_sse() {
    // SAFETY: every x86-64 CPU has these registers. The assembly writes nothing else.
    unsafe {
        wipe_low!(
            "xorps xmm0, xmm0",
            "xorps xmm1, xmm1",
            "xorps xmm2, xmm2",
            "xorps xmm3, xmm3",
            "xorps xmm4, xmm4",
            "xorps xmm5, xmm5",
            "xorps xmm6, xmm6",
            "xorps xmm7, xmm7",
            "xorps xmm8, xmm8",
            "xorps xmm9, xmm9",
            "xorps xmm10, xmm10",
            "xorps xmm11, xmm11",
            "xorps xmm12, xmm12",
            "xorps xmm13, xmm13",
            "xorps xmm14, xmm14",
            "xorps xmm15, xmm15"
        )
    }
}
