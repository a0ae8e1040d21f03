//! Proof that the CPU has what a kernel is compiled for.

use super::ifma_x8::Limbs;
use super::radix52::Modulus;
use super::{adx, ifma, ifma_x8, product_x8, simd};
use crate::portable::Portable;

/// Declares a token for a list of CPU features, with the kernels that it opens.
///
/// A macro, because an attribute takes literals only: detection and `target_feature` are
/// made from one list, and the compiler refuses a kernel that enables more than the list has.
macro_rules! token {
    (
        $(#[$doc:meta])* $Token:ident, $cpuid:ident, $features:tt:
        $(fn $name:ident $args:tt -> $result:ty = $kernel:path;)+
    ) => {
        token!(@cpuid $cpuid $features);

        $(#[$doc])*
        #[derive(Clone, Copy)]
        pub(super) struct $Token(());

        impl $Token {
            pub(super) fn detect() -> Option<Self> {
                $cpuid::get().then_some(Self(()))
            }

            $(token!(@kernel $Token $name $args $result, $kernel, $features);)+
        }
    };
    (@cpuid $cpuid:ident [$($feature:tt),+]) => {
        cpufeatures::new!($cpuid, $($feature),+);
    };
    (@kernel $Token:ident $name:ident ($($arg:ident: $type:ty),*) $result:ty, $kernel:path, [$($feature:tt),+]) => {
        pub(super) fn $name(self, $($arg: $type),*) -> $result {
            $(#[target_feature(enable = $feature)])+
            fn enter(cpu: $Token, $($arg: $type),*) -> $result {
                $kernel(cpu, $($arg),*)
            }
            // SAFETY: a token is made by `detect` only, which saw these features.
            unsafe { enter(self, $($arg),*) }
        }
    };
}

token! {
    /// AVX-512 with IFMA.
    Avx512, cpuid_avx512, ["avx512f", "avx512ifma"]:
    fn set_up(modulus: &[u8], bits: usize) -> Modulus = Modulus::new;
    fn power_40(modulus: &Modulus, e: &[u8], block: &mut [u8], scratch: &mut [u64]) -> () = ifma::power_40;
    fn power_60(modulus: &Modulus, e: &[u8], block: &mut [u8], scratch: &mut [u64]) -> () = ifma::power_60;
    fn power_80(modulus: &Modulus, e: &[u8], block: &mut [u8], scratch: &mut [u64]) -> () = ifma::power_80;
    fn power_any(modulus: &Modulus, e: &[u8], block: &mut [u8], scratch: &mut [u64]) -> () = ifma::power_any;
    fn power_x8(modulus: &Modulus, e: &[u8], size: usize, blocks: &mut [u8], scratch: &mut [Limbs]) -> () = ifma_x8::power;
    fn square_30(x: &mut [Limbs], columns: &mut [Limbs]) -> () = product_x8::square_columns::<30>;
    fn square_40(x: &mut [Limbs], columns: &mut [Limbs]) -> () = product_x8::square_columns::<40>;
    fn wipe(scratch: &mut [u64]) -> () = simd::wipe;
}

token! {
    /// MULX, ADCX and ADOX.
    Adx, cpuid_adx, ["bmi2", "adx"]:
    fn power(modulus: &Portable, e: &[u8], size: usize, blocks: &mut [u8]) -> () = adx::power;
}
