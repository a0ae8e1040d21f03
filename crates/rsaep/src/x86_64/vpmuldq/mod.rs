//! Several blocks at a time with VPMULDQ, which multiplies signed numbers of 32 bits: digit j of each block in one register.

#[cfg(test)]
mod bounds;
mod carry;
mod modulus;
mod power;
mod product;
mod simd;

pub(super) use modulus::{Modulus, digits};
pub(super) use power::{power_27, power_28, power_29, power_72, power_108, power_148, scratch_len};
pub(super) use product::{square_18, square_27, square_36, square_37, square_54, square_74};
pub(super) use simd::wipe;
