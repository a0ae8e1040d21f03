//! Tokens: each is the proof that the CPU, and the operating system, have what kernels are compiled for.

use core::arch::x86_64::__cpuid;
use core::sync::atomic::{AtomicU8, Ordering};

/// Declares a token for a list of CPU features, a macro by which `entry` opens kernels with it, and a build that has it.
///
/// Kernels that need many registers have stack frames of some KiB, or of a MiB, where the compiler does not unroll their
/// loops and take apart their arrays. So a build for size has none of vectors, and one that is not optimised none at all.
///
/// Macros, because an attribute takes literals only: detection and `target_feature` are
/// made from one list, and the compiler refuses a kernel that enables more than the list has.
macro_rules! token {
    ($dollar:tt $(#[$doc:meta])* $Token:ident, $cpuid:ident, [$($feature:tt),+], $entries:ident, $build:meta) => {
        cpufeatures::new!($cpuid, $($feature),+);

        $(#[$doc])*
        #[derive(Clone, Copy)]
        pub(super) struct $Token(());

        impl $Token {
            pub(super) fn detect() -> Option<Self> {
                (cfg!($build) && $cpuid::get()).then_some(Self(()))
            }
        }

        macro_rules! $entries {
            ($dollar($dollar entries:tt)*) => {
                entries! { $Token [$($feature),+] $dollar($dollar entries)* }
            };
        }
        pub(super) use $entries;
    };
}

token! { $
    /// AVX-512 with IFMA.
    Avx512, cpuid_avx512, ["avx512f", "avx512ifma"], avx512_entries, rsaep_optimised_for_speed
}

token! { $
    /// MULX, ADCX and ADOX.
    Adx, cpuid_adx, ["bmi2", "adx"], adx_entries, rsaep_optimised
}

token! { $
    /// AVX2.
    Avx2, cpuid_avx2, ["avx2"], avx2_entries, rsaep_optimised_for_speed
}

token! { $
    /// AVX-512 without IFMA.
    Avx512F, cpuid_avx512f, ["avx512f"], avx512f_entries, rsaep_optimised_for_speed
}

/// Whether this CPU starts additions of 512 bits in the cycles in which it starts an IFMA instruction: those of AMD, and those of Intel
/// for clients, which have one multiplier of 512 bits. Not known is no.
pub(super) fn adds_beside_multiplying() -> bool {
    const UNKNOWN: u8 = 0;
    const NO: u8 = 1;
    const YES: u8 = 2;
    static ANSWER: AtomicU8 = AtomicU8::new(UNKNOWN);
    match ANSWER.load(Ordering::Relaxed) {
        UNKNOWN => {
            // A hypervisor is asked, which takes longer than an encryption: once a process.
            let answer = adds_beside(&Model::of_this_cpu());
            ANSWER.store(if answer { YES } else { NO }, Ordering::Relaxed);
            answer
        }
        answer => answer == YES,
    }
}

fn adds_beside(cpu: &Model) -> bool {
    match &cpu.vendor {
        b"AuthenticAMD" | b"HygonGenuine" => true,
        // Cannon Lake, Ice Lake, Tiger Lake, Rocket Lake, and Alder Lake, of which some have AVX-512.
        b"GenuineIntel" => {
            cpu.family == 6
                && matches!(
                    cpu.model,
                    0x66 | 0x7d | 0x7e | 0x8c | 0x8d | 0xa7 | 0x97 | 0x9a
                )
        }
        _ => false,
    }
}

/// What CPUID says a CPU is (Intel, *Software Developer's Manual*, volume 2, CPUID).
struct Model {
    vendor: [u8; 12],
    family: u32,
    model: u32,
}

impl Model {
    fn of_this_cpu() -> Self {
        // SAFETY: every x86-64 CPU has CPUID, with these leaves.
        #[allow(unused_unsafe, reason = "it is safe from Rust 1.93 on")]
        let (vendor, version) = unsafe { (__cpuid(0), __cpuid(1).eax) };
        let (family, model) = ((version >> 8) & 0xf, (version >> 4) & 0xf);
        let words = [vendor.ebx, vendor.edx, vendor.ecx].map(u32::to_le_bytes);
        let mut name = [0; 12];
        name.copy_from_slice(words.as_flattened());
        Self {
            vendor: name,
            family: if family == 0xf {
                family + ((version >> 20) & 0xff)
            } else {
                family
            },
            model: if matches!(family, 0x6 | 0xf) {
                model | (version >> 12 & 0xf0)
            } else {
                model
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Model, adds_beside};

    #[test]
    fn inner_products_are_for_one_multiplier() {
        for (vendor, family, model, expected) in [
            (b"AuthenticAMD", 25, 0x11, true),
            (b"AuthenticAMD", 26, 0x44, true),
            (b"GenuineIntel", 6, 0x8c, true),
            (b"GenuineIntel", 6, 0x6a, false),
            (b"GenuineIntel", 6, 0x8f, false),
            (b"GenuineIntel", 6, 0xcf, false),
            (b"GenuineIntel", 7, 0x8c, false),
            (b"CentaurHauls", 7, 0x5b, false),
        ] {
            let cpu = Model {
                vendor: *vendor,
                family,
                model,
            };
            assert_eq!(adds_beside(&cpu), expected, "{family} {model:x}");
        }
    }
}
