//! The choice of a backend from outside a program.

use std::env;
use std::fmt;

use pwseal::{Backend, KeyError};

/// The environment variable that [`prefer_backend_from_env`] reads.
pub const BACKEND_VARIABLE: &str = "PWSEAL_BACKEND";

/// Makes the backend that the environment variable `PWSEAL_BACKEND` names the one of every key that is
/// built from now on in this process ([`Backend::prefer`]). Without it, or when it is empty, nothing changes.
///
/// The command and the Python module call it before their first key, and C programs may. Libraries should not.
///
/// # Errors
///
/// [`BackendVariableError`] for a name that no backend has, and for one that this CPU or this build
/// does not have. There is no silent replacement: who sets the variable wants to know.
pub fn prefer_backend_from_env() -> Result<(), BackendVariableError> {
    let Some(name) = env::var_os(BACKEND_VARIABLE).filter(|name| !name.is_empty()) else {
        return Ok(());
    };
    let backend: Backend = name
        .to_str()
        .and_then(|name| name.parse().ok())
        .ok_or(BackendVariableError(Problem::Unknown))?;
    backend
        .prefer()
        .map_err(|error| BackendVariableError(Problem::Unusable(error)))
}

/// Why the value of `PWSEAL_BACKEND` cannot be followed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BackendVariableError(Problem);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Problem {
    Unknown,
    Unusable(KeyError),
}

impl fmt::Display for BackendVariableError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the environment variable {BACKEND_VARIABLE}: ")?;
        match &self.0 {
            Problem::Unknown => f.write_str("no backend has this name")?,
            Problem::Unusable(error) => write!(f, "{error}")?,
        }
        f.write_str("; unset it, or name one of this machine:")?;
        Backend::available().try_for_each(|name| write!(f, " {name}"))
    }
}

impl std::error::Error for BackendVariableError {}
