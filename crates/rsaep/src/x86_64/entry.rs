//! The entries to the kernels: methods of the token that proves what they are compiled for. The only way in.

use super::cpu::{
    Adx, Avx2, Avx512, Avx512F, adx_entries, avx2_entries, avx512_entries, avx512f_entries,
};
use super::ifma_x8::Limbs;
use super::radix52::Modulus;
use super::{adx, ifma, ifma_x8, product_x8, simd, vpmuldq};
use crate::radix64;

/// Declares methods of a token, each of which calls a kernel in a function compiled for the features of the
/// token.
macro_rules! entries {
    ($Token:ident $features:tt $(fn $name:ident $args:tt -> $result:ty = $kernel:path;)+) => {
        impl $Token {
            $(entries!(@entry $Token $name $args $result, $kernel, $features);)+
        }
    };
    (@entry $Token:ident $name:ident ($($arg:ident: $type:ty),*) $result:ty, $kernel:path, [$($feature:tt),+]) => {
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

avx512_entries! {
    fn set_up(modulus: &[u8], bits: usize) -> Modulus<52> = Modulus::new;
    fn set_up_51(modulus: &[u8], bits: usize) -> Modulus<51> = Modulus::new;
    fn power_40(modulus: &Modulus<52>, e: &[u8], block: &mut [u8], scratch: &mut [u64]) -> () = ifma::power_40;
    fn power_60(modulus: &Modulus<52>, e: &[u8], block: &mut [u8], scratch: &mut [u64]) -> () = ifma::power_60;
    fn power_80(modulus: &Modulus<52>, e: &[u8], block: &mut [u8], scratch: &mut [u64]) -> () = ifma::power_80;
    fn power_any(modulus: &Modulus<52>, e: &[u8], block: &mut [u8], scratch: &mut [u64]) -> () = ifma::power_any;
    fn power_x8(modulus: &Modulus<52>, e: &[u8], size: usize, blocks: &mut [u8], scratch: &mut [Limbs]) -> () = ifma_x8::power;
    fn power_x8_51(modulus: &Modulus<51>, e: &[u8], size: usize, blocks: &mut [u8], scratch: &mut [Limbs]) -> () = ifma_x8::power;
    fn square_30(x: &mut [Limbs], columns: &mut [Limbs]) -> () = product_x8::square_columns::<30, 52>;
    fn square_40(x: &mut [Limbs], columns: &mut [Limbs]) -> () = product_x8::square_columns::<40, 52>;
    fn square_21(x: &mut [Limbs], columns: &mut [Limbs]) -> () = product_x8::square_columns::<21, 51>;
    fn square_31(x: &mut [Limbs], columns: &mut [Limbs]) -> () = product_x8::square_columns::<31, 51>;
    fn square_41(x: &mut [Limbs], columns: &mut [Limbs]) -> () = product_x8::square_columns::<41, 51>;
    fn wipe(scratch: &mut [u64]) -> () = simd::wipe;
}

adx_entries! {
    fn power(modulus: &radix64::Modulus, e: &[u8], size: usize, blocks: &mut [u8]) -> () = adx::power;
}

/// The kernels of `vpmuldq`, for tokens of registers of so many lanes.
macro_rules! vpmuldq_entries {
    ($($entries:ident: $lanes:literal;)+) => {
        $($entries! {
            fn power_72(modulus: &vpmuldq::Modulus, e: &[u8], size: usize, blocks: &mut [u8], scratch: &mut [[u64; $lanes]]) -> () = vpmuldq::power_72;
            fn power_108(modulus: &vpmuldq::Modulus, e: &[u8], size: usize, blocks: &mut [u8], scratch: &mut [[u64; $lanes]]) -> () = vpmuldq::power_108;
            fn power_148(modulus: &vpmuldq::Modulus, e: &[u8], size: usize, blocks: &mut [u8], scratch: &mut [[u64; $lanes]]) -> () = vpmuldq::power_148;
            fn power_29(modulus: &vpmuldq::Modulus, e: &[u8], size: usize, blocks: &mut [u8], scratch: &mut [[u64; $lanes]]) -> () = vpmuldq::power_29;
            fn power_28(modulus: &vpmuldq::Modulus, e: &[u8], size: usize, blocks: &mut [u8], scratch: &mut [[u64; $lanes]]) -> () = vpmuldq::power_28;
            fn power_27(modulus: &vpmuldq::Modulus, e: &[u8], size: usize, blocks: &mut [u8], scratch: &mut [[u64; $lanes]]) -> () = vpmuldq::power_27;
            fn square_18(x: &[[u64; $lanes]], columns: &mut [[u64; $lanes]]) -> () = vpmuldq::square_18;
            fn square_36(x: &[[u64; $lanes]], columns: &mut [[u64; $lanes]], scratch: &mut [[u64; $lanes]]) -> () = vpmuldq::square_36;
            fn square_27(x: &[[u64; $lanes]], columns: &mut [[u64; $lanes]]) -> () = vpmuldq::square_27;
            fn square_54(x: &[[u64; $lanes]], columns: &mut [[u64; $lanes]], scratch: &mut [[u64; $lanes]]) -> () = vpmuldq::square_54;
            fn square_37(x: &[[u64; $lanes]], columns: &mut [[u64; $lanes]]) -> () = vpmuldq::square_37;
            fn square_74(x: &[[u64; $lanes]], columns: &mut [[u64; $lanes]], scratch: &mut [[u64; $lanes]]) -> () = vpmuldq::square_74;
        })+
    };
}

vpmuldq_entries! {
    avx2_entries: 4;
    avx512f_entries: 8;
}
