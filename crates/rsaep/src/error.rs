//! What can be wrong with a key or a block.

use core::fmt;

use crate::backend::Backend;
use crate::key::{MAX_BITS, MIN_BITS};

/// Why a modulus and an exponent do not make a usable RSA public key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyError {
    /// The modulus is shorter than [`MIN_BITS`].
    #[non_exhaustive]
    ModulusTooShort {
        /// Its length in bits, leading zeros not counted.
        bits: usize,
    },
    /// The modulus is longer than [`MAX_BITS`].
    #[non_exhaustive]
    ModulusTooLong {
        /// Its length in bits, leading zeros not counted.
        bits: usize,
    },
    /// The modulus is even: it is no product of two odd primes.
    ModulusEven,
    /// The exponent is 0, 1 or 2.
    ExponentTooSmall,
    /// The exponent is even, so that no private key can exist.
    ExponentEven,
    /// The exponent is not below the modulus (RFC 8017, section 3.1).
    ExponentTooLarge,
    /// The backend that was asked for is not in this CPU or this build.
    #[non_exhaustive]
    BackendUnavailable {
        /// The one that was asked for.
        backend: Backend,
    },
}

impl fmt::Display for KeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ModulusTooShort { bits } => write!(
                f,
                "the RSA modulus has {bits} bits; the shortest accepted has {MIN_BITS}"
            ),
            Self::ModulusTooLong { bits } => write!(
                f,
                "the RSA modulus has {bits} bits; the longest accepted has {MAX_BITS}"
            ),
            Self::ModulusEven => {
                f.write_str("the RSA modulus is even, so it is no product of two odd primes")
            }
            Self::ExponentTooSmall => {
                f.write_str("the RSA exponent is 0, 1 or 2; the smallest accepted is 3")
            }
            Self::ExponentEven => {
                f.write_str("the RSA exponent is even, so no private key can belong to it")
            }
            Self::BackendUnavailable { backend } => {
                write!(f, "this CPU or this build has no backend {backend}")
            }
            Self::ExponentTooLarge => f.write_str("the RSA exponent is not below the modulus"),
        }
    }
}

impl core::error::Error for KeyError {}

/// Why a buffer of blocks was refused. The buffer is left as it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum BlockError {
    /// The buffer is no whole number of blocks.
    #[non_exhaustive]
    Length {
        /// The buffer's length in bytes.
        len: usize,
        /// The length of one block in bytes: [`PublicKey::size`](crate::PublicKey::size).
        size: usize,
    },
    /// "Message representative out of range" (RFC 8017, section 5.1.1): not below the modulus.
    #[non_exhaustive]
    OutOfRange {
        /// Which block it is, counted from 0.
        index: usize,
    },
}

impl fmt::Display for BlockError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Length { len, size } => {
                write!(
                    f,
                    "the buffer has {len} bytes, which is no multiple of the {size} of a block"
                )
            }
            Self::OutOfRange { index } => {
                write!(
                    f,
                    "message representative out of range: block {index} is not below the modulus"
                )
            }
        }
    }
}

impl core::error::Error for BlockError {}
