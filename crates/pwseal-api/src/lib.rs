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

mod answer;
mod api;
mod change_request;
mod digit_token;
mod error;
mod error_response;
mod excerpt;
mod json;
mod key_cache;
mod operation;
mod password_info;
mod poll;
mod status;

pub use answer::{AnswerError, AnswerProblem, MAX_BODY_LEN};
pub use api::{Api, authorize};
pub use change_request::{PasswordChangeRequest, Recipient};
pub use digit_token::{DigitToken, DigitTokenRequest};
pub use error::Error;
pub use error_response::{ErrorMessage, ErrorResponse, LocaleOrigin};
pub use http;
pub use json::JsonError;
pub use key_cache::KeyCache;
pub use operation::{ApiVersion, Operation};
pub use password_info::{PasswordInfo, PasswordInfoAccount, PasswordInfoQuery};
pub use poll::{Next, RATE_LIMIT_REQUESTS, RATE_LIMIT_WINDOW, StatusPoll};
pub use pwseal;
pub use status::{PasswordChangeResponse, PasswordStatus, State};
