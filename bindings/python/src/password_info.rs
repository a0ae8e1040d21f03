//! `pwseal.PasswordInfo` and its accounts.

use std::hash::{Hash, Hasher};

use pwseal::SysRng;
use pwseal_api::PasswordChangeRequest;
use pwseal_api::http::Response;
use pyo3::prelude::*;
use pyo3::types::{IntoPyDict, PyDict, PyString};

use crate::answer::{self, Headers};
use crate::error::from_api;
use crate::input::{self, Number, Text, TextOrBuffer, TextOrBytes};
use crate::json::Json;
use crate::pickle::{Reduced, reduced};
use crate::policy::Policy;
use crate::public_key::PublicKey;
use crate::report::Report;
use crate::warning;

/// What an error calls it.
const ACCOUNT: &str = "the account";

/// The answer to query-password-info: who, where, the key to encrypt with, the accounts to
/// choose from and the policies to keep.
///
/// >>> info = pwseal.PasswordInfo.from_json(Path("password-info.json").read_bytes())
/// >>> info.accounts
/// [<pwseal.PasswordInfoAccount id='CN=Abby Smith,OU=Austin,OU=Americas,OU=Demo,DC=seri,DC=acme,DC=com' name='Abby.Smith'>]
/// >>> info.key.bits
/// 2048
#[pyclass(frozen, module = "pwseal")]
#[derive(Debug)]
pub(crate) struct PasswordInfo(pwseal_api::PasswordInfo<'static>);

#[pymethods]
impl PasswordInfo {
    /// Read a response: its JSON as text or bytes, a mapping, or a model of an SDK that has
    /// a method to_json or to_dict.
    ///
    /// The names of the fields are the API's, or the same in snake case, as pydantic's model_dump() has them.
    ///
    /// Raises Error, which says what is wrong and where, or what it is instead; TypeError for
    /// anything else.
    ///
    /// >>> pwseal.PasswordInfo.from_json({"accounts": [{"accountName": "Abby.Smith"}]}).accounts
    /// [<pwseal.PasswordInfoAccount id=None name='Abby.Smith'>]
    /// >>> pwseal.PasswordInfo.from_json('{"accounts": 7}')
    /// Traceback (most recent call last):
    ///     ...
    /// pwseal.Error: the password-info is JSON in which accounts is a number, and a list of accounts is wanted, at line 1 column 14
    /// >>> pwseal.PasswordInfo.from_json({"error": "JWT is expired"})
    /// Traceback (most recent call last):
    ///     ...
    /// pwseal.Error: the password-info is an error of the API, 401 Unauthorized: JWT is expired; the token is missing, wrong or expired
    #[staticmethod]
    fn from_json(py: Python<'_>, json: Json) -> PyResult<Self> {
        match pwseal_api::PasswordInfo::from_json(&json) {
            Ok(info) => Ok(Self(info.into_owned())),
            Err(error) => Err(from_api(py, error)),
        }
    }

    /// Read the answer to query-password-info: its HTTP status, its body, and its headers, of
    /// which Retry-After and Date are looked at, and the others are passed over.
    ///
    /// Raises ApiError for everything but a 200 with this message.
    ///
    /// >>> body = Path("password-info.json").read_bytes()
    /// >>> len(pwseal.PasswordInfo.from_response(200, body).accounts)
    /// 1
    /// >>> pwseal.PasswordInfo.from_response(429, b"", {"Retry-After": "3"})
    /// Traceback (most recent call last):
    ///     ...
    /// pwseal.ApiError: the answer to query-password-info is 429 Too Many Requests, with nothing that is the API's; ask again in 3 s
    #[staticmethod]
    #[pyo3(signature = (status, body, headers = None))]
    fn from_response(
        py: Python<'_>,
        status: Number<u16>,
        body: TextOrBytes,
        headers: Option<Headers>,
    ) -> PyResult<Self> {
        let read = |response: &Response<TextOrBytes>| {
            pwseal_api::PasswordInfo::from_response(response)
                .map(pwseal_api::PasswordInfo::into_owned)
        };
        answer::read(py, status, body, headers, read).map(Self)
    }

    /// The identity whose password is to be set.
    #[getter]
    fn identity_id(&self) -> Option<&str> {
        self.0.identity_id.as_deref()
    }

    /// The source that the accounts belong to.
    #[getter]
    fn source_id(&self) -> Option<&str> {
        self.0.source_id.as_deref()
    }

    /// The name of the public key.
    #[getter]
    fn public_key_id(&self) -> Option<&str> {
        self.0.public_key_id.as_deref()
    }

    /// The identity's accounts on the source, in the order of the response.
    #[getter]
    fn accounts(&self) -> Vec<PasswordInfoAccount> {
        let accounts = self.0.accounts.iter().cloned();
        accounts.map(PasswordInfoAccount).collect()
    }

    /// The public key, which is read anew each time: keep it.
    ///
    /// Raises InvalidKeyError, and Error if the response has none.
    #[getter]
    fn key(&self, py: Python<'_>) -> PyResult<PublicKey> {
        let key = self.0.key();
        key.map(PublicKey::from)
            .map_err(|error| from_api(py, error))
    }

    /// The policies as one.
    #[getter]
    fn policy(&self) -> Policy {
        self.0.policy().into()
    }

    /// Compare a password with the policies, and with the id and the name of an account where a
    /// rule wants that: as change_request does. account and password are as there. To compare it
    /// with more, such as a dictionary, there is policy.check.
    ///
    /// Raises Error for what change_request cannot use either, but no PolicyError.
    ///
    /// >>> report = info.check("zzzz7")
    /// >>> [finding.message for finding in report.violations]
    /// ['its longest run of one character is 4, but at most 3 are allowed']
    #[pyo3(signature = (password, account = None))]
    fn check(
        &self,
        py: Python<'_>,
        password: TextOrBuffer<'_>,
        account: Option<Text<'_>>,
    ) -> PyResult<Report> {
        let password = input::password(py, &password, false)?;
        let account = input::read(&account, ACCOUNT)?;
        let report = py.detach(|| Ok(self.0.recipient(account)?.check(&password)));
        Report::new(py, &report.map_err(|error| from_api(py, error))?)
    }

    /// A random password for an account that violates nothing of the policies, also where they
    /// compare it with the account's id or name. account is as in change_request, the others are as
    /// in Policy.generate. The str that is returned cannot be wiped.
    ///
    /// Raises Error for what change_request cannot use either, and what Policy.generate raises.
    ///
    /// >>> len(info.generate()), len(info.generate(length=20))
    /// (16, 20)
    #[pyo3(signature = (account = None, length = None, *, exclude = None, no_look_alikes = false))]
    fn generate<'py>(
        &self,
        py: Python<'py>,
        account: Option<Text<'_>>,
        length: Option<Number<usize>>,
        exclude: Option<Text<'_>>,
        no_look_alikes: bool,
    ) -> PyResult<Bound<'py, PyString>> {
        let account = input::read(&account, ACCOUNT)?;
        let options = input::generate_options(length, exclude.as_ref(), no_look_alikes)?;
        let generated = py.detach(|| self.0.recipient(account)?.generate(&mut SysRng, options));
        let (password, _) = generated.map_err(|error| from_api(py, error))?;
        PyString::from_bytes(py, password.expose())
    }

    /// Encrypt a password for an account and make the body of set-password: identityId,
    /// encryptedPassword, publicKeyId, accountId and sourceId. PasswordChangeRequest.from_dict
    /// of the SDK takes it as it is.
    ///
    /// account is an id, else a name, to the letter. It may be left out if there is one account
    /// only: which one is meant is never guessed. The password and wipe are as in
    /// PublicKey.encrypt. With check_policy=False it is encrypted even if it violates the
    /// policies.
    ///
    /// The password must be text: UTF-8, without line breaks and other control characters. A byte
    /// order mark in front is left out. With raw=True its bytes are meant as they are. What else
    /// may not be as it was meant, such as white space at its end, is a PasswordWarning, by way of
    /// the module warnings.
    ///
    /// Raises AccountError if the account is not clear, InvalidKeyError if the key cannot be
    /// used, PasswordTooLongError if the password is too long for it, PasswordNotTextError if it is no
    /// text, PolicyError if the password
    /// violates the policies, Error if a field is missing or the password is empty.
    ///
    /// >>> sorted(info.change_request("correct horse 7"))
    /// ['accountId', 'encryptedPassword', 'identityId', 'publicKeyId', 'sourceId']
    /// >>> info.change_request("zzzz")
    /// Traceback (most recent call last):
    ///     ...
    /// pwseal.PolicyError: the password violates the policy: passwordRepeatedChar is 3 (its longest run of one character is 4, but at most 3 are allowed); passwordMinLength is 5 (has 4 characters, but at least 5 are wanted); passwordMinNumeric is 1 (has 0 digits, but at least 1 is wanted)
    #[pyo3(signature = (password, account = None, check_policy = true, *, raw = false, wipe = false))]
    fn change_request<'py>(
        &self,
        py: Python<'py>,
        password: TextOrBuffer<'_>,
        account: Option<Text<'_>>,
        check_policy: bool,
        raw: bool,
        wipe: bool,
    ) -> PyResult<Bound<'py, PyDict>> {
        let request = self.request(py, &password, &account, check_policy, raw, wipe)?;
        [
            ("identityId", request.identity_id()),
            ("encryptedPassword", request.encrypted_password()),
            ("publicKeyId", request.public_key_id()),
            ("accountId", request.account_id()),
            ("sourceId", request.source_id()),
        ]
        .into_py_dict(py)
    }

    /// As change_request, as the JSON to send, on one line.
    ///
    /// >>> info.change_request_json("correct horse 7")[:15]
    /// '{"identityId":"'
    #[pyo3(signature = (password, account = None, check_policy = true, *, raw = false, wipe = false))]
    fn change_request_json(
        &self,
        py: Python<'_>,
        password: TextOrBuffer<'_>,
        account: Option<Text<'_>>,
        check_policy: bool,
        raw: bool,
        wipe: bool,
    ) -> PyResult<String> {
        Ok(self
            .request(py, &password, &account, check_policy, raw, wipe)?
            .to_json())
    }

    fn __copy__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    #[pyo3(signature = (_memo, /))]
    fn __deepcopy__(slf: Py<Self>, _memo: &Bound<'_, PyAny>) -> Py<Self> {
        slf
    }

    fn __repr__(&self) -> String {
        let accounts = self.0.accounts.len();
        format!("<pwseal.PasswordInfo with {accounts} account(s)>")
    }
}

impl PasswordInfo {
    pub(crate) fn request(
        &self,
        py: Python<'_>,
        password: &TextOrBuffer<'_>,
        account: &Option<Text<'_>>,
        check_policy: bool,
        raw: bool,
        wipe: bool,
    ) -> PyResult<PasswordChangeRequest> {
        let password = input::password(py, password, wipe)?.with_raw(raw);
        let account = input::read(account, ACCOUNT)?;
        let request = py.detach(|| {
            let recipient = self.0.recipient(account)?;
            if check_policy {
                recipient.change_request(&password)
            } else {
                recipient.change_request_despite_policy(&password)
            }
        });
        let request = request.map_err(|error| from_api(py, error))?;
        warning::warn(py, request.warnings())?;
        Ok(request)
    }
}

/// One account of an identity on a source. Two are equal if id and name are.
///
/// >>> info.accounts[0].account_name
/// 'Abby.Smith'
#[pyclass(frozen, eq, hash, module = "pwseal")]
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct PasswordInfoAccount(pwseal_api::PasswordInfoAccount<'static>);

#[pymethods]
impl PasswordInfoAccount {
    #[new]
    #[pyo3(signature = (account_id = None, account_name = None))]
    fn new(account_id: Option<Text<'_>>, account_name: Option<Text<'_>>) -> PyResult<Self> {
        let mut account = pwseal_api::PasswordInfoAccount::default();
        let id = input::read(&account_id, "the account's id")?;
        let name = input::read(&account_name, "the account's name")?;
        account.account_id = id.map(|id| id.to_owned().into());
        account.account_name = name.map(|name| name.to_owned().into());
        Ok(Self(account))
    }

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

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<Reduced<'py>> {
        reduced(slf, &["account_id", "account_name"])
    }

    fn __copy__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    #[pyo3(signature = (_memo, /))]
    fn __deepcopy__(slf: Py<Self>, _memo: &Bound<'_, PyAny>) -> Py<Self> {
        slf
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let id = self.account_id().into_pyobject(py)?.repr()?;
        let name = self.account_name().into_pyobject(py)?.repr()?;
        Ok(format!("<pwseal.PasswordInfoAccount id={id} name={name}>"))
    }
}

impl Hash for PasswordInfoAccount {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.account_id(), self.account_name()).hash(state);
    }
}

impl From<pwseal_api::PasswordInfoAccount<'static>> for PasswordInfoAccount {
    fn from(account: pwseal_api::PasswordInfoAccount<'static>) -> Self {
        Self(account)
    }
}
