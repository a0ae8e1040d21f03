//! What this CPU has, and the operating system keeps, by CPUID and XGETBV (Intel, *Software Developer's Manual*, volume 2 under
//! CPUID, volume 1 chapter 13; AMD, *Architecture Programmer's Manual*, volume 3, appendix E).
//!
//! It is asked once a process, and as little as will do. Under a hypervisor each CPUID ends in it and takes longer than an
//! encryption: 8 us on an Emerald Rapids, where a crate that asks anew for each list of features asked eight times.

use core::arch::x86_64::{__cpuid, __cpuid_count, _xgetbv, CpuidResult};
use core::sync::atomic::{AtomicU8, Ordering};

/// Features, as bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Features(u8);

impl Features {
    pub(super) const AVX: Self = Self(1);
    pub(super) const AVX2: Self = Self(1 << 1);
    pub(super) const BMI2: Self = Self(1 << 2);
    pub(super) const ADX: Self = Self(1 << 3);
    pub(super) const AVX512F: Self = Self(1 << 4);
    pub(super) const AVX512IFMA: Self = Self(1 << 5);
    /// Additions of 512 bits start in the cycles in which an IFMA instruction starts: on AMD's CPUs, and on those of Intel for
    /// clients, which have one multiplier of 512 bits. Not known is no.
    pub(super) const ADDS_BESIDE_MULTIPLYING: Self = Self(1 << 6);
    /// That the CPU was asked.
    const KNOWN: Self = Self(1 << 7);

    /// Those of this CPU.
    pub(super) fn of_this_cpu() -> Self {
        static FOUND: AtomicU8 = AtomicU8::new(0);
        let found = Self(FOUND.load(Ordering::Relaxed));
        if found.has(Self::KNOWN) {
            return found;
        }
        let found = Self::KNOWN.and(Self::of(&Answers::of_this_cpu()));
        // Two threads may both ask: they find the same.
        FOUND.store(found.0, Ordering::Relaxed);
        found
    }

    /// Those that the compiler calls so. Another name does not compile.
    #[allow(clippy::panic, reason = "it ends the compilation")]
    pub(super) const fn of_names(names: &[&str]) -> Self {
        match names {
            [] => Self(0),
            [name, others @ ..] => match name.as_bytes() {
                b"avx2" => Self::AVX2,
                b"bmi2" => Self::BMI2,
                b"adx" => Self::ADX,
                b"avx512f" => Self::AVX512F,
                b"avx512ifma" => Self::AVX512IFMA,
                _ => panic!("a feature that nobody asks the CPU for"),
            }
            .and(Self::of_names(others)),
        }
    }

    pub(super) const fn has(self, features: Self) -> bool {
        self.0 & features.0 == features.0
    }

    pub(super) const fn and(self, others: Self) -> Self {
        Self(self.0 | others.0)
    }

    fn of(cpu: &Answers) -> Self {
        // What the operating system keeps of each thread: the halves of ymm0 to ymm15, and the masks and the rest of zmm0 to zmm31.
        let keeps = |states: u64| cpu.kept & states == states;
        let [ymm, zmm] = [0b110, 0b1110_0110].map(keeps);
        let has = |there: bool, feature: Self| if there { feature } else { Self(0) };
        let bit = |register: u32, bit: u32| register >> bit & 1 == 1;
        let avx = ymm && bit(cpu.version.ecx, 28);
        let avx512f = avx && zmm && bit(cpu.extended.ebx, 16);
        [
            has(avx, Self::AVX),
            has(avx && bit(cpu.extended.ebx, 5), Self::AVX2),
            has(bit(cpu.extended.ebx, 8), Self::BMI2),
            has(bit(cpu.extended.ebx, 19), Self::ADX),
            has(avx512f, Self::AVX512F),
            has(avx512f && bit(cpu.extended.ebx, 21), Self::AVX512IFMA),
            has(cpu.adds_beside_multiplying(), Self::ADDS_BESIDE_MULTIPLYING),
        ]
        .into_iter()
        .fold(Self(0), Self::and)
    }
}

/// What a CPU answers.
struct Answers {
    vendor: [u8; 12],
    /// Leaf 1.
    version: CpuidResult,
    /// Leaf 7, zeros where the CPU does not have it.
    extended: CpuidResult,
    /// XCR0: the states that the operating system keeps. 0 where it does not say.
    kept: u64,
}

impl Answers {
    fn of_this_cpu() -> Self {
        const NOTHING: CpuidResult = CpuidResult {
            eax: 0,
            ebx: 0,
            ecx: 0,
            edx: 0,
        };
        // SAFETY: every x86-64 CPU has CPUID, with leaves 0 and 1. It is asked for leaf 7 if it says that it has so many.
        #[allow(unused_unsafe, reason = "they are safe from Rust 1.93 on")]
        let (basic, version, extended) = unsafe {
            let basic = __cpuid(0);
            let extended = if basic.eax >= 7 {
                __cpuid_count(7, 0)
            } else {
                NOTHING
            };
            (basic, __cpuid(1), extended)
        };
        // OSXSAVE. Without an operating system, and in an enclave, nobody vouches for the registers.
        let says = version.ecx >> 27 & 1 == 1
            && cfg!(not(any(
                target_env = "sgx",
                target_os = "none",
                target_os = "uefi"
            )));
        let kept = if says {
            // SAFETY: the operating system has enabled XGETBV.
            unsafe { xcr0() }
        } else {
            0
        };
        let mut vendor = [0; 12];
        let words = [basic.ebx, basic.edx, basic.ecx].map(u32::to_le_bytes);
        vendor.copy_from_slice(words.as_flattened());
        Self {
            vendor,
            version,
            extended,
            kept,
        }
    }

    fn adds_beside_multiplying(&self) -> bool {
        match &self.vendor {
            b"AuthenticAMD" | b"HygonGenuine" => true,
            // Cannon Lake, Ice Lake, Tiger Lake, Rocket Lake, and Alder Lake, of which some have AVX-512.
            b"GenuineIntel" => {
                let version = self.version.eax;
                let (family, model) = (
                    version >> 8 & 0xf,
                    version >> 4 & 0xf | version >> 12 & 0xf0,
                );
                family == 6
                    && matches!(model, 0x66 | 0x7d | 0x7e | 0x8c | 0x8d | 0xa7 | 0x97 | 0x9a)
            }
            _ => false,
        }
    }
}

#[target_feature(enable = "xsave")]
fn xcr0() -> u64 {
    // SAFETY: the caller vouches for XGETBV, and XCR0 is there wherever it is.
    #[allow(unused_unsafe, reason = "it is safe in later versions of Rust")]
    unsafe {
        _xgetbv(0)
    }
}

#[cfg(test)]
mod tests {
    use super::{Answers, CpuidResult, Features};

    extern crate std;

    #[test]
    fn they_are_those_that_the_standard_library_finds() {
        let found = Features::of_this_cpu();
        for (feature, expected) in [
            (Features::AVX, std::arch::is_x86_feature_detected!("avx")),
            (Features::AVX2, std::arch::is_x86_feature_detected!("avx2")),
            (Features::BMI2, std::arch::is_x86_feature_detected!("bmi2")),
            (Features::ADX, std::arch::is_x86_feature_detected!("adx")),
            (
                Features::AVX512F,
                std::arch::is_x86_feature_detected!("avx512f"),
            ),
            (
                Features::AVX512IFMA,
                std::arch::is_x86_feature_detected!("avx512ifma"),
            ),
        ] {
            assert_eq!(found.has(feature), expected, "{feature:?}");
        }
    }

    /// Of a CPU that has everything under a system that keeps everything.
    fn everything() -> Answers {
        let all = CpuidResult {
            eax: 0,
            ebx: u32::MAX,
            ecx: u32::MAX,
            edx: u32::MAX,
        };
        Answers {
            vendor: *b"CentaurHauls",
            version: all,
            extended: all,
            kept: u64::MAX,
        }
    }

    #[test]
    fn registers_that_the_system_does_not_keep_are_not_used() {
        let without_vectors = Features::BMI2.and(Features::ADX);
        let without_zmm = without_vectors.and(Features::AVX).and(Features::AVX2);
        let all = without_zmm.and(Features::AVX512F).and(Features::AVX512IFMA);
        for (kept, expected) in [
            (u64::MAX, all),
            (0b1110_0111, all),
            (0b1010_0111, without_zmm),
            (0b111, without_zmm),
            (0b11, without_vectors),
            (0b1110_0011, without_vectors),
            (0, without_vectors),
        ] {
            let cpu = Answers {
                kept,
                ..everything()
            };
            assert_eq!(Features::of(&cpu), expected, "{kept:b}");
        }
    }

    #[test]
    fn each_feature_has_its_bit() {
        for (leaf, bit, expected) in [
            (1, 28, Features::AVX.and(Features::BMI2).and(Features::ADX)),
            (7, 5, Features::AVX.and(Features::AVX2)),
            (7, 8, Features::AVX.and(Features::BMI2)),
            (7, 19, Features::AVX.and(Features::ADX)),
            (7, 16, Features::AVX.and(Features::AVX512F)),
            // Of no use without AVX-512 F.
            (7, 21, Features::AVX),
        ] {
            let mut cpu = everything();
            if leaf == 1 {
                cpu.version.ecx = 1 << bit;
                cpu.extended.ebx = 1 << 8 | 1 << 19;
            } else {
                cpu.extended.ebx = 1 << bit;
            }
            assert_eq!(Features::of(&cpu), expected, "leaf {leaf}, bit {bit}");
        }
    }

    #[test]
    fn inner_products_are_for_one_multiplier() {
        // Leaf 1 of CPUs as they are: Zen 4, Zen 5, Tiger Lake, Ice Lake for servers, Sapphire Rapids and Emerald Rapids.
        for (vendor, version, expected) in [
            (b"AuthenticAMD", 0x00a1_0f11, true),
            (b"AuthenticAMD", 0x00b4_0f40, true),
            (b"GenuineIntel", 0x0008_06c1, true),
            (b"GenuineIntel", 0x0006_06a6, false),
            (b"GenuineIntel", 0x0008_06f8, false),
            (b"GenuineIntel", 0x000c_06f2, false),
            (b"GenuineIntel", 0x0008_07c1, false),
            (b"CentaurHauls", 0x0008_06c1, false),
        ] {
            let mut cpu = everything();
            cpu.vendor = *vendor;
            cpu.version.eax = version;
            assert_eq!(cpu.adds_beside_multiplying(), expected, "{version:x}");
        }
    }
}
