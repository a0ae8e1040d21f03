//! The messages of the SailPoint Password Management API, without a network.
//!
//! A password-info response comes in, a set-password body goes out:
//!
//! ```
//! use pwseal::Password;
//! use pwseal_api::PasswordInfo;
//!
//! // The answer to `query-password-info`.
//! let info = PasswordInfo::from_json(include_bytes!("../../../examples/password-info.json"))?;
//!
//! // With several accounts, `Some("id or name")` says which one.
//! let request = info.change_request(None, &Password::new("correct horse 7")?)?;
//!
//! // The body of `set-password`.
//! let body = request.to_json();
//! assert!(body.starts_with(r#"{"identityId":"#));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Field names are those of the API's OpenAPI files. Every field of an answer may be absent
//! or null, and fields that are not known here are skipped.
#![forbid(unsafe_code)]

mod change_request;
mod error;
mod password_info;

pub use change_request::{PasswordChangeRequest, Recipient};
pub use error::Error;
pub use password_info::{PasswordInfo, PasswordInfoAccount};
pub use pwseal;
