//! Tokens: each is the proof that the CPU, and the operating system, have what kernels are compiled for.

use super::features::Features;

/// Declares a token for a list of CPU features, a macro by which `entry` opens kernels with it, and a build that has it.
///
/// Kernels that need many registers have stack frames of some KiB, or of a MiB, where the compiler does not unroll their
/// loops and take apart their arrays. So a build for size has none of vectors, and one that is not optimised none at all.
///
/// Macros, because an attribute takes literals only: detection and `target_feature` are
/// made from one list, and the compiler refuses a kernel that enables more than the list has.
macro_rules! token {
    ($dollar:tt $(#[$doc:meta])* $Token:ident, [$($feature:tt),+], $entries:ident, $build:meta) => {
        $(#[$doc])*
        #[derive(Clone, Copy)]
        pub(super) struct $Token(());

        impl $Token {
            pub(super) fn detect() -> Option<Self> {
                const NEEDED: Features = Features::of_names(&[$($feature),+]);
                (cfg!($build) && Features::of_this_cpu().has(NEEDED)).then_some(Self(()))
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
    Avx512, ["avx512f", "avx512ifma"], avx512_entries, rsaep_optimised_for_speed
}

token! { $
    /// MULX, ADCX and ADOX.
    Adx, ["bmi2", "adx"], adx_entries, rsaep_optimised
}

token! { $
    /// AVX2.
    Avx2, ["avx2"], avx2_entries, rsaep_optimised_for_speed
}

token! { $
    /// AVX-512 without IFMA.
    Avx512F, ["avx512f"], avx512f_entries, rsaep_optimised_for_speed
}
