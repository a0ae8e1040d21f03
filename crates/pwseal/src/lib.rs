//! Encrypt a password for the SailPoint Password Management API, without a network.
//!
//! The API hands out an RSA public key and wants the new password back as
//! RSAES-PKCS1-v1_5 ([RFC 8017, section 7.2]), in unwrapped base64: what Java calls
//! `RSA/ECB/PKCS1Padding` and `openssl pkeyutl -encrypt` does by default.
//!
//! ```
//! # #[cfg(feature = "getrandom")]
//! # fn main() -> Result<(), pwseal::Error> {
//! use pwseal::{Password, PublicKey};
//!
//! // The `publicKey` of a password-info response, a PEM file, a certificate, ...
//! let key = PublicKey::parse(include_bytes!("../tests/data/rsa2048.spki.pem"))?;
//! assert_eq!((key.bits(), key.max_password_len()), (2048, 245));
//!
//! let password = Password::new("correct horse 7")?;
//! let ciphertext = key.encrypt(&password)?;
//! assert_eq!(ciphertext.to_base64().len(), 344);
//! # Ok(())
//! # }
//! # #[cfg(not(feature = "getrandom"))]
//! # fn main() {}
//! ```
//!
//! # Promises
//!
//! * Passwords are wiped: [`Password`] when it is dropped, and every copy made on the
//!   way (the padded message, the limbs of the arithmetic) before a function returns.
//! * In encryption, no branch and no memory index depends on the bytes of a password. Its
//!   length is public. A check against a [`policy`] and a [judgement](Password::judge) do depend on
//!   them, as their results do.
//! * No error and no `Debug` text holds a password or a part of one.
//!
//! # Features
//!
//! | feature | default | what it adds |
//! |---|---|---|
//! | `getrandom` | yes | randomness from the operating system |
//! | `jwk` | no | keys as JWK (RFC 7517) |
//! | `xml` | no | keys as `RSAKeyValue` in XML, as .NET writes them |
//! | `serde` | no | the structured policy from JSON, and reports as JSON |
//! | `std` | no | batches on several [`Threads`]; needs the standard library |
//! | `rsa` | no | conversions from and to `rsa::RsaPublicKey` of the crate rsa 0.9 |
//!
//! The crate needs `alloc` and no `std`.
//!
//! [RFC 8017, section 7.2]: https://www.rfc-editor.org/rfc/rfc8017#section-7.2
#![no_std]
#![cfg_attr(docsrs, feature(doc_cfg))]
#![forbid(unsafe_code)]

extern crate alloc;
#[cfg(feature = "std")]
extern crate std;

mod edit_distance;
mod encrypt;
mod error;
mod error_kind;
mod judgement;
mod key;
pub mod policy;
#[cfg(feature = "getrandom")]
mod random;
mod secret;
#[cfg(feature = "std")]
mod threads;
mod wide;

#[doc(hidden)]
pub use edit_distance::edit_distance;
pub use encrypt::Ciphertext;
pub use error::{DerProblem, Error, PolicyStringProblem};
pub use error_kind::ErrorKind;
pub use judgement::{BYTE_ORDER_MARK, Judged, NotText, PasswordWarning, PasswordWarnings};
pub use key::{Encoding, Fingerprint, KeyForm, OtherInput, PemBlock, PublicKey, Structure};
pub use pkcs1;
pub use pkcs8;
pub use rand_core;
#[cfg(feature = "getrandom")]
pub use random::SysRng;
pub use rsaep::{Backend, BackendStatus, KeyError};
pub use secret::Password;
#[cfg(feature = "std")]
pub use threads::Threads;
pub use wide::WideText;
