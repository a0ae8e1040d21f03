//! What can go wrong between a password-info response and a set-password body.

use core::fmt;

use crate::password_info::PasswordInfoAccount;

/// Any failure of this crate. Messages name fields and accounts, never a password.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// The input is no JSON, or not of the shape of the API's message.
    Json {
        /// What is wrong, in words.
        problem: &'static str,
        /// The line, counted from 1.
        line: usize,
        /// The column in bytes, counted from 1; 0 before the first byte of a line.
        column: usize,
    },
    /// A field that the body needs is absent, null or empty.
    MissingField {
        /// The API's name of the field.
        field: &'static str,
    },
    /// The identity has no account on the source.
    NoAccounts,
    /// The identity has several accounts on the source, and none was chosen.
    AccountNotChosen {
        /// All of them.
        accounts: Vec<PasswordInfoAccount>,
    },
    /// No account has the id or name that was asked for.
    AccountNotFound {
        /// All there are.
        accounts: Vec<PasswordInfoAccount>,
    },
    /// Several accounts have the name that was asked for.
    AccountNameNotUnique {
        /// Those with that name.
        accounts: Vec<PasswordInfoAccount>,
    },
    /// The key cannot be used, or the password not encrypted with it.
    Core(pwseal::Error),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Json {
                problem,
                line,
                column,
            } => write!(
                f,
                "the password-info is {problem}, at line {line} column {column}"
            ),
            Self::MissingField { field } => write!(
                f,
                "the password-info has no {field}: is it the whole answer to query-password-info?"
            ),
            Self::NoAccounts => f.write_str(
                "the password-info has no account: the identity has none on this source",
            ),
            Self::AccountNotChosen { accounts } => {
                write!(f, "there are {} accounts, choose one: ", accounts.len())?;
                list(f, accounts)
            }
            Self::AccountNotFound { accounts } => {
                f.write_str("no account has this id or name; there is: ")?;
                list(f, accounts)
            }
            Self::AccountNameNotUnique { accounts } => {
                f.write_str("several accounts have this name, choose by id: ")?;
                list(f, accounts)
            }
            Self::Core(error) => error.fmt(f),
        }
    }
}

/// Ids and names in quotes, with control characters escaped, so that a message is one line.
fn list(f: &mut fmt::Formatter<'_>, accounts: &[PasswordInfoAccount]) -> fmt::Result {
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
            Self::Core(error) => Some(error),
            _ => None,
        }
    }
}

impl From<pwseal::Error> for Error {
    fn from(error: pwseal::Error) -> Self {
        Self::Core(error)
    }
}

impl From<serde_json::Error> for Error {
    /// Keeps the place and drops serde_json's text, which quotes the input.
    fn from(error: serde_json::Error) -> Self {
        use serde_json::error::Category;
        Self::Json {
            problem: match error.classify() {
                Category::Eof => "JSON that is cut off",
                Category::Data => "JSON, but a field has not the type that the API gives it",
                Category::Syntax | Category::Io => "no valid JSON",
            },
            line: error.line(),
            column: error.column(),
        }
    }
}
