//! Which account is meant.

use pwseal_api::{Error, PasswordInfo, PasswordInfoAccount};
use pyo3::prelude::*;

use crate::input::{Text, wrong_type};
use crate::password_info;

/// An account as Python names it: by its id or name, or as an object. Of text the content is read when the
/// password is wiped already.
pub(crate) enum Account<'py> {
    Text(Text<'py>),
    Object(PasswordInfoAccount<'static>),
}

impl<'py> FromPyObject<'_, 'py> for Account<'py> {
    type Error = PyErr;

    fn extract(object: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        if let Ok(account) = object.cast::<password_info::PasswordInfoAccount>() {
            return Ok(Self::Object(account.get().message().clone()));
        }
        let text = object.extract();
        text.map(Self::Text)
            .map_err(|_: PyErr| wrong_type(&object, "an account or a str with its id or name"))
    }
}

/// The same for Rust.
pub(crate) enum Chosen {
    /// The only one.
    Only,
    IdOrName(String),
    /// The one with this id and this name.
    Account(PasswordInfoAccount<'static>),
}

impl Chosen {
    pub(crate) fn read(account: Option<&Account<'_>>) -> PyResult<Self> {
        Ok(match account {
            None => Self::Only,
            Some(Account::Text(text)) => Self::IdOrName(text.read("the account")?.into()),
            Some(Account::Object(account)) => Self::Account(account.clone()),
        })
    }

    /// What names it in [`PasswordInfo::recipient`](pwseal_api::PasswordInfo::recipient).
    pub(crate) fn in_info<'a>(
        &'a self,
        info: &'a PasswordInfo<'_>,
    ) -> Result<Option<&'a str>, Error> {
        Ok(match self {
            Self::Only => None,
            Self::IdOrName(wanted) => Some(wanted),
            Self::Account(account) => {
                let (id, name) = (
                    account.account_id.as_deref(),
                    account.account_name.as_deref(),
                );
                // Without an id it has no body, and its name may be another one's id.
                Some(info.account_with(id, name)?.id()?)
            }
        })
    }
}
