//! The SailPoint Password Management API, without a network of its own.
//!
//! [`Api`] makes the request of each [`Operation`] in each [`ApiVersion`] as an [`http::Request`],
//! any HTTP client sends it without following redirects, and the message that belongs to it reads
//! the [`http::Response`]:
//!
//! | operation | request | answer |
//! |---|---|---|
//! | `query-password-info` | [`Api::query_password_info`] | [`PasswordInfo`] |
//! | `set-password` | [`Api::set_password`] | [`PasswordChangeResponse`] |
//! | `password-change-status` | [`Api::password_change_status`] | [`PasswordStatus`] |
//! | `generate-password-reset-token` | [`Api::generate_digit_token`] | [`DigitToken`] |
//!
//! ```
//! use pwseal::Password;
//! use pwseal_api::http::Response;
//! use pwseal_api::{Api, ApiVersion, PasswordInfo, PasswordInfoQuery, authorize};
//!
//! # let token = "eyJhbGciOi.J9.c2ln";
//! # let send = |_| Response::new(include_bytes!("../tests/data/password-info.json"));
//! let api = Api::new(ApiVersion::V2026, "acme")?;
//! let query = PasswordInfoQuery::new("Abby.Smith", "My-AD");
//! let mut request = api.query_password_info(&query)?;
//! authorize(&mut request, token)?;
//!
//! // `send` is your HTTP client.
//! let answer = send(request);
//! let info = PasswordInfo::from_response(&answer)?;
//!
//! // With several accounts, `Some("id or name")` says which one.
//! let change = info.change_request(None, &Password::new("correct horse 7")?)?;
//! let request = api.set_password(&change)?;
//! assert_eq!(request.uri(), "https://acme.api.identitynow.com/v2026/set-password");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Then [`StatusPoll`] says when to ask for the status, until the change is finished or failed.
//! [`Exchange`] does all of this for one password, over a function that sends. The folder `examples` of this crate
//! has it with a blocking client and with an async one.
//!
//! # Reading answers
//!
//! * One status is success ([`Operation::success`]); all else is an [`AnswerError`], which keeps
//!   the status whatever the body is.
//! * Names of fields are those of the API's OpenAPI files. Every field may be absent or null.
//!   Fields that are not known here are skipped: whoever passes a body on passes on its bytes. In a
//!   [`PasswordInfo`] one that is like a known one is refused, and so is an answer without any known one.
//! * A field that occurs twice is an error: it is not known which one counts.
//! * The content type is not looked at; the body shows what it is. What is no message is named: a page of HTML, an
//!   error of the API with a status that says success, a key, a list.
//!
//! # Secrets
//!
//! `Debug` of a message leaves ciphertexts and digit tokens out, and they are wiped when it is
//! dropped. `Debug` of an error shows a server's words as its `Display` does: as excerpts, in which
//! what could be one of these is masked. So does that of a [`PasswordStatus`] and of a [`Next`].
//! The bodies of [`http`] requests and responses are the caller's and its client's.
#![forbid(unsafe_code)]

mod answer;
mod api;
mod backend_env;
mod batch;
mod body;
mod change_request;
mod digit_token;
mod error;
mod error_kind;
mod error_response;
mod excerpt;
mod exchange;
mod http_text;
mod info_fields;
mod json;
mod key_cache;
mod operation;
mod password_info;
mod poll;
mod recognize;
mod status;
mod unescape;

pub use answer::{AnswerError, AnswerProblem, MAX_BODY_LEN};
pub use api::{Api, authorize};
pub use backend_env::{BACKEND_VARIABLE, BackendVariableError, prefer_backend_from_env};
pub use batch::{Batch, EncryptionQueue};
pub use change_request::{Accepted, PasswordChangeRequest, Recipient};
pub use digit_token::{DigitToken, DigitTokenRequest};
pub use error::Error;
pub use error_kind::ErrorKind;
pub use error_response::{ErrorMessage, ErrorResponse, LocaleOrigin};
pub use excerpt::excerpt;
pub use exchange::{Exchange, ExchangeError};
pub use http;
pub use http_text::{HttpTextError, parse_http_response};
pub use json::{JsonError, Place, json_depth, json_object};
pub use key_cache::KeyCache;
pub use operation::{ApiVersion, Operation, UnknownApiVersion};
pub use password_info::{NearAccount, PasswordInfo, PasswordInfoAccount, PasswordInfoQuery};
pub use poll::{Next, RATE_LIMIT_REQUESTS, RATE_LIMIT_WINDOW, StatusPoll};
pub use pwseal;
pub use status::{PasswordChangeResponse, PasswordStatus, State};
pub use unescape::unescape;
