//! What stands for `x86_64` on other CPUs: its types, of which there are no values.

use crate::backend::Implementation;

macro_rules! absent {
    ($($Name:ident)+) => {
        $(#[derive(Clone)]
        pub(crate) enum $Name {}

        impl Implementation for $Name {
            fn is_available() -> bool {
                false
            }

            fn new(_: &[u8]) -> Option<Self> {
                None
            }

            fn tested_by(_: &[u8]) -> usize {
                1024
            }

            fn power(&self, _: &[u8], _: usize, _: &mut [u8]) {
                match *self {}
            }
        })+
    };
}

absent! { Adx Avx2X4 Avx512X8 Ifma IfmaX8 IfmaX8Winograd }

/// Vector registers are left to later code.
#[inline(always)]
pub(crate) fn wipe_registers() {}
