//! What can be wrong with one line: a word for programs and a sentence for people.

use std::fmt::Display;

use pwseal::ErrorKind as CoreKind;
use pwseal_api::{ErrorKind, JsonError};

/// The longest message in characters. One that lists accounts could be as long as its line.
const MAX_MESSAGE: usize = 4096;

/// Why a line gives no request. Never holds a password.
#[derive(Debug)]
pub(super) struct Problem {
    /// One of the words that the README lists. They do not change.
    pub(super) kind: &'static str,
    pub(super) message: String,
}

impl Problem {
    pub(super) fn new(kind: &'static str, message: impl Display) -> Self {
        let mut message = message.to_string();
        if let Some((end, _)) = message.char_indices().nth(MAX_MESSAGE) {
            message.truncate(end);
            message.push_str("...");
        }
        Self { kind, message }
    }

    pub(super) fn line_too_long(limit: usize) -> Self {
        Self::new(
            "line-too-long",
            format_args!("the line has more than {limit} bytes"),
        )
    }

    pub(super) fn not_utf8(position: usize) -> Self {
        Self::new(
            "not-utf8",
            format_args!("the line is not UTF-8: byte {position}"),
        )
    }

    /// Of the password-info that a line has.
    pub(super) fn of_info(error: pwseal_api::Error) -> Self {
        match &error {
            // The place is one in the info.
            pwseal_api::Error::Json(JsonError { problem, .. }) => {
                let kind = of_api(error.kind()).unwrap_or(OTHER);
                Self::new(kind, format_args!("the line's info is {problem}"))
            }
            _ => error.into(),
        }
    }

    pub(super) fn missing(what: &str) -> Self {
        Self::new("missing-field", format_args!("the line has no {what}"))
    }
}

impl From<serde_json::Error> for Problem {
    fn from(error: serde_json::Error) -> Self {
        // What has the wrong type may be a field of the line, and not of the API's.
        let wrong_type = error.is_data() && !error.to_string().starts_with("duplicate field");
        let column = error.column();
        let problem = match wrong_type {
            true => "JSON in which a field has the wrong type".into(),
            false => JsonError::from(error).problem,
        };
        Self::new(
            "json",
            format_args!("the line is {problem}, at column {column}"),
        )
    }
}

impl From<pwseal_api::Error> for Problem {
    fn from(error: pwseal_api::Error) -> Self {
        Self::new(of_api(error.kind()).unwrap_or(OTHER), error)
    }
}

impl From<pwseal::Error> for Problem {
    fn from(error: pwseal::Error) -> Self {
        Self::new(of_core(error.kind()).unwrap_or(OTHER), error)
    }
}

/// What has no word of its own.
const OTHER: &str = "other";

/// The word for an error of the core; none for a kind that was added there and is not known here.
const fn of_core(kind: CoreKind) -> Option<&'static str> {
    Some(match kind {
        CoreKind::InvalidKey | CoreKind::UnsupportedKey => "key",
        CoreKind::EmptyPassword => "password-empty",
        CoreKind::PasswordTooLong => "password-too-long",
        CoreKind::PasswordNotText => "password-not-text",
        CoreKind::RandomSource => "random-source",
        CoreKind::OutOfMemory => "out-of-memory",
        // Here all policies are those of a password-info.
        CoreKind::InvalidPolicy => "password-info",
        CoreKind::PolicyConflict | CoreKind::PolicyTooNarrow | CoreKind::GeneratedTooLong => {
            "not-generated"
        }
        // No line names a backend, a buffer or a dictionary.
        CoreKind::BackendUnavailable | CoreKind::OutputLength | CoreKind::InvalidDictionary => {
            OTHER
        }
        _ => return None,
    })
}

/// As [`of_core`].
const fn of_api(kind: ErrorKind) -> Option<&'static str> {
    Some(match kind {
        ErrorKind::Core(kind) => return of_core(kind),
        ErrorKind::InvalidPasswordInfo | ErrorKind::OtherMessage | ErrorKind::MissingField => {
            "password-info"
        }
        ErrorKind::NoAccounts => "no-account",
        ErrorKind::AccountNotChosen => "account-not-chosen",
        ErrorKind::AccountNotFound => "account-not-found",
        ErrorKind::AccountNameNotUnique => "account-name-not-unique",
        ErrorKind::PolicyViolation => "policy",
        // No line is sent, or made of what was.
        ErrorKind::InvalidChangeRequest
        | ErrorKind::NotInVersion
        | ErrorKind::InvalidTenant
        | ErrorKind::InvalidBaseUrl
        | ErrorKind::InvalidRequestId
        | ErrorKind::InvalidBearerToken
        | ErrorKind::OutOfRange => OTHER,
        _ => return None,
    })
}

/// No kind of error is without a word.
const _: () = {
    let mut index = 0;
    while index < ErrorKind::ALL.len() {
        assert!(of_api(ErrorKind::ALL[index]).is_some());
        index += 1;
    }
};
