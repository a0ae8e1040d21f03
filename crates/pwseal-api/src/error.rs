//! What can go wrong before a request is made. What can go wrong after it is in `answer`.

use core::fmt;

use pwseal::policy::{Outcome, Report};

use crate::json::JsonError;
use crate::operation::{ApiVersion, Operation};
use crate::password_info::{NearAccount, PasswordInfoAccount};

/// Any failure on the way to a request. Messages name fields and accounts, never a password.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// The input is no JSON, or not of the shape of the API's message.
    Json(JsonError),
    /// An account is no JSON, or not of the shape of the API's message.
    AccountJson(JsonError),
    /// A field that the body needs is absent, null or blank.
    #[non_exhaustive]
    MissingField {
        /// The API's name of the field.
        field: &'static str,
    },
    /// A body of `set-password` is no JSON, or not of the shape of the API's message.
    ChangeRequestJson(JsonError),
    /// A field of a body of `set-password` is absent, null or blank.
    #[non_exhaustive]
    ChangeRequestField {
        /// The API's name of the field.
        field: &'static str,
    },
    /// The `encryptedPassword` of a body of `set-password` cannot be an encrypted one.
    NotEncrypted,
    /// The identity has no account on the source.
    NoAccounts,
    /// The identity has several accounts on the source, and none was chosen.
    #[non_exhaustive]
    AccountNotChosen {
        /// All of them.
        accounts: Vec<PasswordInfoAccount<'static>>,
    },
    /// No account has the id or name that was asked for.
    #[non_exhaustive]
    AccountNotFound {
        /// All there are.
        accounts: Vec<PasswordInfoAccount<'static>>,
        /// What was probably meant.
        near: Option<NearAccount>,
    },
    /// Several accounts have the name that was asked for.
    #[non_exhaustive]
    AccountNameNotUnique {
        /// Those with that name.
        accounts: Vec<PasswordInfoAccount<'static>>,
    },
    /// The key cannot be used, or the password not encrypted with it.
    Core(pwseal::Error),
    /// The password violates a rule of the policies.
    Policy(Box<Report>),
    /// The version of the API lacks the operation.
    #[non_exhaustive]
    NotInVersion {
        /// What was asked for.
        operation: Operation,
        /// The version.
        version: ApiVersion,
    },
    /// The tenant is no label of a host name.
    Tenant,
    /// The base URL cannot be used.
    #[non_exhaustive]
    BaseUrl {
        /// What is wrong, in words that follow "it".
        problem: &'static str,
    },
    /// The request id is empty, or nothing that can stand in a URL.
    RequestId,
    /// A name in a request is empty or blank.
    #[non_exhaustive]
    RequestField {
        /// The API's name of the field.
        field: &'static str,
    },
    /// The bearer token begins with `Bearer`, which [`authorize`](crate::authorize) adds.
    BearerScheme,
    /// The bearer token is empty, or has a character that RFC 6750 does not allow.
    #[non_exhaustive]
    BearerToken {
        /// The offset in bytes of that character.
        position: usize,
    },
    /// A digit token has 6 to 18 digits.
    #[non_exhaustive]
    DigitTokenLength {
        /// How many were asked for.
        length: u8,
    },
    /// A digit token is valid for 1 to 60 minutes.
    #[non_exhaustive]
    DigitTokenDuration {
        /// How many were asked for.
        minutes: u8,
    },
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Json(error) => write!(f, "the password-info is {error}"),
            Self::AccountJson(error) => write!(f, "the account is {error}"),
            Self::MissingField { field: "accountId" } => {
                f.write_str("the account has no accountId, by which a body names it")
            }
            Self::MissingField { field } => write!(
                f,
                "the password-info has no {field}: is it the whole answer to query-password-info?"
            ),
            Self::ChangeRequestJson(error) => write!(f, "the set-password body is {error}"),
            Self::ChangeRequestField { field } => write!(
                f,
                "the set-password body has no {field}: is it the whole body? In a line of \
                 pwseal bulk it is the field request"
            ),
            Self::NotEncrypted => f.write_str(
                "the encryptedPassword of the set-password body is not encrypted, or not in \
                 unwrapped base64: make a new body of the password",
            ),
            Self::NoAccounts => f.write_str(
                "the password-info has no account: the identity has none on this source",
            ),
            Self::AccountNotChosen { accounts } => {
                write!(f, "there are {} accounts, choose one: ", accounts.len())?;
                list(f, accounts)
            }
            Self::AccountNotFound { accounts, near } => {
                f.write_str("no account has this id or name")?;
                match near {
                    Some(NearAccount::Account(account)) => {
                        f.write_str(
                            " to the letter, but with other case, blanks or signs there is ",
                        )?;
                        list(f, core::slice::from_ref(account))?;
                    }
                    Some(NearAccount::Field(field)) => write!(f, ", which is the {field}")?,
                    None => {}
                }
                f.write_str("; the accounts are: ")?;
                list(f, accounts)
            }
            Self::AccountNameNotUnique { accounts } => {
                f.write_str("several accounts have this name, choose by id: ")?;
                list(f, accounts)
            }
            Self::Core(error) => error.fmt(f),
            Self::Policy(report) => {
                f.write_str("the password violates the policy")?;
                let mut separator = ": ";
                for finding in report.findings() {
                    if finding.outcome() == Outcome::Violated {
                        write!(f, "{separator}{} ({finding})", finding.rule())?;
                        separator = "; ";
                    }
                }
                Ok(())
            }
            Self::NotInVersion { operation, version } => {
                write!(
                    f,
                    "{version} of the API has no {operation}: take another version"
                )
            }
            Self::Tenant => f.write_str(
                "the tenant is no label of a host name: it is the part before .api.identitynow.com",
            ),
            Self::BaseUrl { problem } => write!(f, "the base URL is not usable: it {problem}"),
            Self::RequestId => f.write_str(
                "the request id is empty or cannot stand in a URL: it is what set-password answers",
            ),
            Self::RequestField { field } => {
                write!(f, "the {field} of the request is empty or blank")
            }
            Self::BearerScheme => f.write_str(
                "the bearer token begins with Bearer, which is added here: give what follows it",
            ),
            Self::BearerToken { position } => write!(
                f,
                "the bearer token is empty or has a character that no token has, at byte \
                 {position}: is there a line break at its end?"
            ),
            Self::DigitTokenLength { length } => {
                write!(f, "a digit token has 6 to 18 digits, not {length}")
            }
            Self::DigitTokenDuration { minutes } => {
                write!(
                    f,
                    "a digit token is valid for 1 to 60 minutes, not {minutes}"
                )
            }
        }
    }
}

/// Ids and names in quotes, with control characters escaped, so that a message is one line.
fn list(f: &mut fmt::Formatter<'_>, accounts: &[PasswordInfoAccount<'_>]) -> fmt::Result {
    for (index, account) in accounts.iter().enumerate() {
        if index > 0 {
            f.write_str(", ")?;
        }
        match (&account.account_id, &account.account_name) {
            (Some(id), Some(name)) => write!(f, "{id:?} ({name:?})")?,
            (Some(id), None) => write!(f, "{id:?}")?,
            (None, Some(name)) => write!(f, "({name:?}, without an id)")?,
            (None, None) => f.write_str("(one without id and name)")?,
        }
    }
    Ok(())
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            // The messages of these are that of the error within.
            Self::Core(error) => error.source(),
            Self::Json(error) | Self::AccountJson(error) | Self::ChangeRequestJson(error) => {
                error.source()
            }
            _ => None,
        }
    }
}

impl From<pwseal::Error> for Error {
    fn from(error: pwseal::Error) -> Self {
        Self::Core(error)
    }
}

impl From<JsonError> for Error {
    fn from(error: JsonError) -> Self {
        Self::Json(error)
    }
}
