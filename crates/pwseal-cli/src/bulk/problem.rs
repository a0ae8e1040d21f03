//! What can be wrong with one line: a word for programs and a sentence for people.

use std::fmt::Display;

use pwseal_api::{Error, JsonError};

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

    pub(super) fn missing(what: &str) -> Self {
        Self::new("missing-field", format_args!("the line has no {what}"))
    }
}

impl From<serde_json::Error> for Problem {
    fn from(error: serde_json::Error) -> Self {
        // What has the wrong type may be a field of the line, and not of the API's.
        let wrong_type = error.is_data() && !error.to_string().starts_with("duplicate field");
        let JsonError {
            problem, column, ..
        } = error.into();
        let problem = match wrong_type {
            true => "JSON in which a field has the wrong type",
            false => problem,
        };
        Self::new(
            "json",
            format_args!("the line is {problem}, at column {column}"),
        )
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        let kind = match &error {
            Error::NoAccounts => "no-account",
            Error::AccountNotChosen { .. } => "account-not-chosen",
            Error::AccountNotFound { .. } => "account-not-found",
            Error::AccountNameNotUnique { .. } => "account-name-not-unique",
            Error::Policy(_) => "policy",
            Error::Core(error) => kind_of(error),
            _ => "password-info",
        };
        Self::new(kind, error)
    }
}

impl From<pwseal::Error> for Problem {
    fn from(error: pwseal::Error) -> Self {
        Self::new(kind_of(&error), error)
    }
}

fn kind_of(error: &pwseal::Error) -> &'static str {
    use pwseal::Error;
    match error {
        Error::EmptyPassword => "password-empty",
        Error::PasswordTooLong { .. } => "password-too-long",
        Error::RandomSource => "random-source",
        Error::PolicyConflict { .. } | Error::PolicyTooNarrow | Error::GeneratedTooLong { .. } => {
            "not-generated"
        }
        _ => "key",
    }
}
