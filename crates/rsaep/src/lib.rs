//! The RSA encryption primitive RSAEP ([RFC 8017, section 5.1.1]): `c = m^e mod n`.
//!
//! This crate is the arithmetic and nothing else. It knows no DER, no padding and no
//! random numbers. RSAEP by itself is **not** an encryption scheme: use the crate
//! `pwseal`, or pad the message as RFC 8017 section 7 says.
//!
//! ```
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! // n = 2^1279 - 1 is an odd number of 1279 bits (160 bytes), which is all that counts here.
//! let mut n = [0xff; 160];
//! n[0] = 0x7f;
//! let key = rsaep::PublicKey::new(&n, &[3])?;
//!
//! let mut block = vec![0; key.size()];
//! block[159] = 5;
//! key.rsaep(&mut block)?;
//! assert_eq!(block[159], 125);
//! # Ok(())
//! # }
//! ```
//!
//! # Promises
//!
//! * The message is secret. No branch and no memory index depends on it, with one
//!   exception that the caller is told about anyway: whether it is below the modulus.
//! * The modulus and the exponent are public, and the time depends on them.
//! * Every copy of the message that the arithmetic makes is wiped.
//!
//! # Map
//!
//! | module | job |
//! |---|---|
//! | `key` | checks a modulus and an exponent, and holds what a backend made of them |
//! | `backend` | which implementations there are, and which one a key gets |
//! | `radix64` | powers modulo a number of 64-bit limbs, for any inner loops |
//! | `portable` | inner loops in safe Rust, for any CPU: the reference |
//! | `limbs` | big-endian bytes to 64-bit limbs and back, and constant-time subtraction |
//! | `exponent` | the order of squarings and multiplications |
//! | `residue` | key set-up: residues of powers of two, and inverses modulo them |
//! | `self_test` | known answers for each kernel, before the first key that uses it |
//! | `bounds` | the bounds of docs/, computed for every length of modulus by a test |
//! | `fault` | where the tests of the self-test plant faults |
//! | `traces` | overwrites what is left in registers and on the stack |
//! | `absent` | what stands for `x86_64` on other CPUs: its types, of which there are no values |
//! | `x86_64` | MULX with ADX; AVX2 and AVX-512, four or eight blocks at a time; AVX-512 IFMA, one block or eight at a time; the only unsafe code |
//! | `error` | what can be wrong with a key or a block |
//!
//! [RFC 8017, section 5.1.1]: https://www.rfc-editor.org/rfc/rfc8017#section-5.1.1
#![no_std]
#![deny(unsafe_code)]

extern crate alloc;
#[cfg(test)]
extern crate std;

/// Representations, bounds and measurements of the backends.
#[cfg(all(doc, not(doctest)))]
pub mod docs {
    #[doc = include_str!("../docs/backends.md")]
    pub mod backends {}

    #[doc = include_str!("../docs/portable.md")]
    pub mod portable {}

    #[doc = include_str!("../docs/adx.md")]
    pub mod adx {}

    #[doc = include_str!("../docs/vpmuldq.md")]
    pub mod vpmuldq {}

    #[doc = include_str!("../docs/ifma.md")]
    pub mod ifma {}
}

mod backend;
#[cfg(test)]
mod bounds;
mod error;
mod exponent;
mod fault;
mod key;
mod limbs;
mod portable;
mod radix64;
mod residue;
mod self_test;
mod traces;
#[cfg(all(target_arch = "x86_64", not(rsaep_portable_only)))]
mod x86_64;
#[cfg(not(all(target_arch = "x86_64", not(rsaep_portable_only))))]
#[path = "absent.rs"]
mod x86_64;

pub use backend::{Backend, BackendStatus, UnknownBackend};
pub use error::{BlockError, KeyError};
pub use key::{MAX_BITS, MIN_BITS, PublicKey};
pub use traces::{wipe_vector_registers, without_traces};
