//! What can be wrong with one line: a kind for programs and a sentence for people.

use std::fmt::Display;

use pwseal::ErrorKind as CoreKind;
use pwseal::policy::{Outcome, Report};
use pwseal_api::{ErrorKind, JsonError};
use serde::{Serialize, Serializer};

use super::seen::Repeated;

/// The longest message in characters. One that lists accounts could be as long as its line.
const MAX_MESSAGE: usize = 4096;

/// Why a line gives no request. Never holds a password.
#[derive(Debug)]
pub(crate) struct Problem {
    pub(super) kind: Kind,
    pub(crate) message: String,
}

/// An enum with a word for each, and the list of all of them.
macro_rules! kinds {
    ($($kind:ident = $name:literal,)+) => {
        /// What a problem is about. The words do not change.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub(super) enum Kind {
            $($kind,)+
        }

        impl Kind {
            pub(super) const ALL: &[Self] = &[$(Self::$kind,)+];

            pub(super) fn name(self) -> &'static str {
                match self {
                    $(Self::$kind => $name,)+
                }
            }
        }
    };
}

kinds! {
    AccountNameNotUnique = "account-name-not-unique",
    AccountNotChosen = "account-not-chosen",
    AccountNotFound = "account-not-found",
    AccountRepeated = "account-repeated",
    Ambiguous = "ambiguous",
    Csv = "csv",
    IdRepeated = "id-repeated",
    IdentityNotFound = "identity-not-found",
    Json = "json",
    Key = "key",
    LineTooLong = "line-too-long",
    MissingField = "missing-field",
    NoAccount = "no-account",
    NotChecked = "not-checked",
    NotGenerated = "not-generated",
    NotUtf8 = "not-utf8",
    Other = "other",
    OutOfMemory = "out-of-memory",
    PasswordEmpty = "password-empty",
    PasswordInfo = "password-info",
    PasswordNotText = "password-not-text",
    PasswordTooLong = "password-too-long",
    Policy = "policy",
    RandomSource = "random-source",
    UnknownField = "unknown-field",
}

impl Serialize for Kind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl Kind {
    pub(super) fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.name() == name)
    }
}

impl Problem {
    pub(super) fn new(kind: Kind, message: impl Display) -> Self {
        let mut message = message.to_string();
        if let Some((end, _)) = message.char_indices().nth(MAX_MESSAGE) {
            message.truncate(end);
            message.push_str("...");
        }
        Self { kind, message }
    }

    pub(super) fn line_too_long(limit: usize) -> Self {
        Self::new(
            Kind::LineTooLong,
            format_args!("the line has more than {limit} bytes"),
        )
    }

    pub(super) fn not_utf8(position: usize) -> Self {
        Self::new(
            Kind::NotUtf8,
            format_args!("the line is not UTF-8: byte {position}"),
        )
    }

    /// Of the password-info that a line has.
    pub(super) fn of_info(error: pwseal_api::Error) -> Self {
        match &error {
            // The place is one in the info.
            pwseal_api::Error::Json(JsonError { problem, .. }) => {
                let kind = of_api(error.kind()).unwrap_or(Kind::Other);
                Self::new(kind, format_args!("the line's info is {problem}"))
            }
            _ => error.into(),
        }
    }

    /// Of a line that has something in common with an earlier one.
    pub(super) fn repeated(repeated: Repeated) -> Self {
        match repeated {
            Repeated::Id(line) => Self::new(
                Kind::IdRepeated,
                format_args!("the line has the id of line {line}: each needs its own, or none"),
            ),
            Repeated::Account(line) => Self::new(
                Kind::AccountRepeated,
                format_args!(
                    "the line is for the account of line {line}: a run sets one password for each"
                ),
            ),
        }
    }

    /// Of a password that was not checked against every rule, where that is wanted.
    pub(super) fn not_checked(report: &Report) -> Self {
        let unchecked = |outcome| matches!(outcome, Outcome::NotChecked(_));
        let findings = report.findings();
        let rules = findings.filter(|finding| unchecked(finding.outcome()));
        let rules: Vec<String> = rules
            .map(|finding| format!("{} ({finding})", finding.rule()))
            .collect();
        Self::new(
            Kind::NotChecked,
            format_args!(
                "the password could not be checked against every rule, which --strict wants: {}",
                rules.join("; ")
            ),
        )
    }

    pub(super) fn missing(what: &str) -> Self {
        Self::new(Kind::MissingField, format_args!("the line has no {what}"))
    }
}

impl From<serde_json::Error> for Problem {
    fn from(error: serde_json::Error) -> Self {
        let column = error.column();
        let problem = JsonError::from(error).problem;
        Self::new(
            Kind::Json,
            format_args!("the line is {problem}, at column {column}"),
        )
    }
}

impl From<pwseal_api::Error> for Problem {
    fn from(error: pwseal_api::Error) -> Self {
        Self::new(of_api(error.kind()).unwrap_or(Kind::Other), error)
    }
}

impl From<pwseal::Error> for Problem {
    fn from(error: pwseal::Error) -> Self {
        Self::new(of_core(error.kind()).unwrap_or(Kind::Other), error)
    }
}

/// The word for an error of the core; none for a kind that was added there and is not known here.
const fn of_core(kind: CoreKind) -> Option<Kind> {
    Some(match kind {
        CoreKind::InvalidKey | CoreKind::UnsupportedKey => Kind::Key,
        CoreKind::EmptyPassword => Kind::PasswordEmpty,
        CoreKind::PasswordTooLong => Kind::PasswordTooLong,
        CoreKind::PasswordNotText => Kind::PasswordNotText,
        CoreKind::RandomSource => Kind::RandomSource,
        CoreKind::OutOfMemory => Kind::OutOfMemory,
        // Here all policies are those of a password-info.
        CoreKind::InvalidPolicy => Kind::PasswordInfo,
        CoreKind::PolicyConflict | CoreKind::PolicyTooNarrow | CoreKind::GeneratedTooLong => {
            Kind::NotGenerated
        }
        // No line names a backend, a buffer or a dictionary.
        CoreKind::BackendUnavailable | CoreKind::OutputLength | CoreKind::InvalidDictionary => {
            Kind::Other
        }
        _ => return None,
    })
}

/// As [`of_core`].
const fn of_api(kind: ErrorKind) -> Option<Kind> {
    Some(match kind {
        ErrorKind::Core(kind) => return of_core(kind),
        ErrorKind::InvalidPasswordInfo | ErrorKind::OtherMessage | ErrorKind::MissingField => {
            Kind::PasswordInfo
        }
        ErrorKind::NoAccounts => Kind::NoAccount,
        ErrorKind::AccountNotChosen => Kind::AccountNotChosen,
        ErrorKind::AccountNotFound => Kind::AccountNotFound,
        ErrorKind::AccountNameNotUnique => Kind::AccountNameNotUnique,
        ErrorKind::PolicyViolation => Kind::Policy,
        // No line is sent, or made of what was.
        ErrorKind::InvalidChangeRequest
        | ErrorKind::NotInVersion
        | ErrorKind::InvalidTenant
        | ErrorKind::InvalidBaseUrl
        | ErrorKind::InvalidRequestId
        | ErrorKind::InvalidBearerToken
        | ErrorKind::OutOfRange => Kind::Other,
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

#[cfg(test)]
mod tests {
    use super::Kind;

    #[test]
    fn the_readme_lists_all_kinds() {
        let readme = include_str!("../../README.md");
        let (_, list) = readme.split_once("A kind is one of ").expect("the list");
        let (list, _) = list.split_once('.').expect("its end");
        let listed: Vec<_> = list.split('`').skip(1).step_by(2).collect();
        let all: Vec<_> = Kind::ALL.iter().map(|kind| kind.name()).collect();
        assert_eq!(listed, all);
    }
}
