//! Tokens: each is the proof that the CPU, and the operating system, have what kernels are compiled for.

/// Declares a token for a list of CPU features, and a macro by which `entry` opens kernels with it.
///
/// Macros, because an attribute takes literals only: detection and `target_feature` are
/// made from one list, and the compiler refuses a kernel that enables more than the list has.
macro_rules! token {
    ($dollar:tt $(#[$doc:meta])* $Token:ident, $cpuid:ident, [$($feature:tt),+], $entries:ident) => {
        cpufeatures::new!($cpuid, $($feature),+);

        $(#[$doc])*
        #[derive(Clone, Copy)]
        pub(super) struct $Token(());

        impl $Token {
            pub(super) fn detect() -> Option<Self> {
                $cpuid::get().then_some(Self(()))
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
    Avx512, cpuid_avx512, ["avx512f", "avx512ifma"], avx512_entries
}

token! { $
    /// MULX, ADCX and ADOX.
    Adx, cpuid_adx, ["bmi2", "adx"], adx_entries
}
