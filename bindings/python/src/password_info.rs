//! `pwseal.PasswordInfo` and its accounts.

use pyo3::prelude::*;
use pyo3::types::{IntoPyDict, PyDict};

use crate::error::error;
use crate::input::TextOrBytes;

/// The answer to query-password-info: who, where, the key to encrypt with and the accounts to
/// choose from.
#[pyclass(frozen, module = "pwseal")]
#[derive(Debug)]
pub(crate) struct PasswordInfo(pwseal_api::PasswordInfo);

#[pymethods]
impl PasswordInfo {
    /// Read the JSON of a response.
    ///
    /// Raises Error with line and column, TypeError for anything but text and bytes.
    #[staticmethod]
    fn from_json(json: TextOrBytes) -> PyResult<Self> {
        let info = pwseal_api::PasswordInfo::from_json(json.as_bytes()).map_err(error)?;
        Ok(Self(info))
    }

    /// The identity's accounts on the source, in the order of the response.
    #[getter]
    fn accounts(&self) -> Vec<PasswordInfoAccount> {
        let accounts = self.0.accounts.iter().cloned();
        accounts.map(PasswordInfoAccount).collect()
    }

    /// Encrypt a password for an account and make the body of set-password: identityId,
    /// encryptedPassword, publicKeyId, accountId and sourceId.
    ///
    /// account is an id, else a name, to the letter. It may be left out if there is one account
    /// only: which one is meant is never guessed. The password is as in PublicKey.encrypt. With
    /// check_policy=False it is encrypted even if it violates the policies.
    ///
    /// Raises Error if the account is not clear, a field is missing, the key or the password
    /// cannot be used, or the password violates a policy.
    #[pyo3(signature = (password, account = None, check_policy = true))]
    fn change_request<'py>(
        &self,
        py: Python<'py>,
        password: TextOrBytes,
        account: Option<&str>,
        check_policy: bool,
    ) -> PyResult<Bound<'py, PyDict>> {
        let password = password.into_password()?;
        let recipient = self.0.recipient(account).map_err(error)?;
        let request = py
            .detach(|| {
                if check_policy {
                    recipient.change_request(&password)
                } else {
                    recipient.change_request_despite_policy(&password)
                }
            })
            .map_err(error)?;
        [
            ("identityId", request.identity_id()),
            ("encryptedPassword", request.encrypted_password()),
            ("publicKeyId", request.public_key_id()),
            ("accountId", request.account_id()),
            ("sourceId", request.source_id()),
        ]
        .into_py_dict(py)
    }

    fn __repr__(&self) -> String {
        let accounts = self.0.accounts.len();
        format!("<pwseal.PasswordInfo with {accounts} account(s)>")
    }
}

/// One account of an identity on a source.
#[pyclass(frozen, module = "pwseal")]
#[derive(Debug)]
pub(crate) struct PasswordInfoAccount(pwseal_api::PasswordInfoAccount);

#[pymethods]
impl PasswordInfoAccount {
    /// What the source knows the account by, such as a distinguished name.
    #[getter]
    fn account_id(&self) -> Option<&str> {
        self.0.account_id.as_deref()
    }

    /// The account's display name.
    #[getter]
    fn account_name(&self) -> Option<&str> {
        self.0.account_name.as_deref()
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let id = self.account_id().into_pyobject(py)?.repr()?;
        let name = self.account_name().into_pyobject(py)?.repr()?;
        Ok(format!("<pwseal.PasswordInfoAccount id={id} name={name}>"))
    }
}
