//! Tokens: each is the proof that the CPU, and the operating system, have what kernels are compiled for.

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
