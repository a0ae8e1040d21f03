//! `pwseal.PasswordInfo` and its accounts.

use std::borrow::Cow;
use std::sync::OnceLock;

use pwseal::SysRng;
use pwseal_api::http::Response;
use pwseal_api::{KeyCache, PasswordChangeRequest, Recipient};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString};

use crate::account::{Account, Chosen};
use crate::answer::{self, Headers};
use crate::batch;
use crate::change_requests::{ChangeRequests, How};
use crate::context::Context;
use crate::error::from_api;
use crate::input::{self, Number, Text, TextOrBuffer, TextOrBytes, iterate, wrong_type};
use crate::json::{Json, dict_of};
use crate::policy::{self, Policy, Source};
use crate::public_key::PublicKey;
use crate::report::Report;
use crate::value::message;
use crate::warning;

/// The answer to query-password-info: who, where, the key to encrypt with, the accounts to
/// choose from and the policies to keep.
///
/// >>> info = pwseal.PasswordInfo.from_json(Path("examples/password-info.json").read_bytes())
/// >>> info.accounts
/// [<pwseal.PasswordInfoAccount id='CN=Abby Smith,OU=Austin,OU=Americas,OU=Demo,DC=seri,DC=acme,DC=com' name='Abby.Smith'>]
/// >>> info.key.bits
/// 2048
#[pyclass(frozen, module = "pwseal")]
#[derive(Debug)]
pub(crate) struct PasswordInfo {
    message: pwseal_api::PasswordInfo<'static>,
    /// Parsed when it is first asked for.
    key: OnceLock<pwseal::PublicKey>,
    /// The same.
    policy: OnceLock<pwseal::policy::Policy>,
}

#[pymethods]
impl PasswordInfo {
    /// Make one without a server, such as for a test. public_key is a PublicKey, or the base64 of one.
    ///
    /// >>> account = pwseal.PasswordInfoAccount("1001", "Abby.Smith")
    /// >>> made = pwseal.PasswordInfo(
    /// ...     identity_id="1", source_id="2", public_key_id="3", public_key=key,
    /// ...     accounts=[account], policies=["passwordMinLength is 8"],
    /// ... )
    /// >>> made.change_request("correct horse 7")["accountId"]
    /// '1001'
    #[new]
    #[pyo3(signature = (
        *,
        identity_id = None,
        source_id = None,
        public_key_id = None,
        public_key = None,
        accounts = None,
        policies = None,
    ), text_signature = "(*, identity_id=None, source_id=None, public_key_id=None, public_key=None, accounts=(), policies=None)")]
    fn new(
        identity_id: Option<Text<'_>>,
        source_id: Option<Text<'_>>,
        public_key_id: Option<Text<'_>>,
        public_key: Option<&Bound<'_, PyAny>>,
        accounts: Option<&Bound<'_, PyAny>>,
        policies: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Self> {
        let text = |given: &Option<Text<'_>>, what| {
            input::owned(given, what).map(|text| text.map(Cow::Owned))
        };
        let mut message = pwseal_api::PasswordInfo::default();
        message.identity_id = text(&identity_id, "the identity's id")?;
        message.source_id = text(&source_id, "the source's id")?;
        message.public_key_id = text(&public_key_id, "the key's id")?;
        message.public_key = public_key.map(key_text).transpose()?.map(Into::into);
        if let Some(accounts) = accounts {
            let wanted = "an iterable of accounts";
            for account in iterate(accounts, wanted)? {
                let account = account?;
                let Ok(account) = account.cast::<PasswordInfoAccount>() else {
                    return Err(wrong_type(&account, "a PasswordInfoAccount"));
                };
                message.accounts.push(account.get().0.clone());
            }
        }
        let policies = policies.map(policy::read_strings).transpose()?;
        message.policies = policies.map(|strings| strings.into_iter().map(Into::into).collect());
        Ok(message.into())
    }

    /// Read a response: its JSON as text or bytes, a mapping, or a model of an SDK that has
    /// a method to_json or to_dict.
    ///
    /// The names of the fields are the API's, or the same in snake case, as pydantic's model_dump() has them.
    ///
    /// Raises InputError, which says what is wrong and where, or what it is instead; TypeError for
    /// anything else.
    ///
    /// >>> pwseal.PasswordInfo.from_json({"accounts": [{"accountName": "Abby.Smith"}]}).accounts
    /// [<pwseal.PasswordInfoAccount id=None name='Abby.Smith'>]
    /// >>> pwseal.PasswordInfo.from_json('{"accounts": 7}')
    /// Traceback (most recent call last):
    ///     ...
    /// pwseal.InputError: the password-info is JSON in which accounts is a number, and a list of accounts is wanted, at line 1 column 14
    /// >>> pwseal.PasswordInfo.from_json({"error": "JWT is expired"})
    /// Traceback (most recent call last):
    ///     ...
    /// pwseal.InputError: the password-info is an error of the API, 401 Unauthorized: JWT is expired; the token is missing, wrong or expired
    #[staticmethod]
    fn from_json(py: Python<'_>, json: Json) -> PyResult<Self> {
        match pwseal_api::PasswordInfo::from_json(&json) {
            Ok(info) => Ok(info.into_owned().into()),
            Err(error) => Err(from_api(py, error)),
        }
    }

    /// Read the answer to query-password-info: the response of requests, httpx, urllib, http.client or the SDK, also
    /// its ApiException, or the HTTP status, the body, and the headers, of
    /// which Retry-After and Date are looked at, and the others are passed over.
    ///
    /// Raises ApiError for everything but a 200 with this message.
    ///
    /// >>> body = Path("examples/password-info.json").read_bytes()
    /// >>> len(pwseal.PasswordInfo.from_response(200, body).accounts)
    /// 1
    /// >>> pwseal.PasswordInfo.from_response(429, b"", {"Retry-After": "3"})
    /// Traceback (most recent call last):
    ///     ...
    /// pwseal.ApiError: the answer to query-password-info is 429 Too Many Requests, with nothing that is the API's; ask again in 3 s
    #[staticmethod]
    #[pyo3(signature = (response, body = None, headers = None))]
    fn from_response(
        py: Python<'_>,
        response: &Bound<'_, PyAny>,
        body: Option<TextOrBytes>,
        headers: Option<Headers>,
    ) -> PyResult<Self> {
        let read = |response: &Response<TextOrBytes>| {
            pwseal_api::PasswordInfo::from_response(response)
                .map(pwseal_api::PasswordInfo::into_owned)
        };
        answer::read(py, response, body, headers, read).map(Self::from)
    }

    /// The identity whose password is to be set.
    #[getter]
    fn identity_id(&self) -> Option<&str> {
        self.message.identity_id.as_deref()
    }

    /// The source that the accounts belong to.
    #[getter]
    fn source_id(&self) -> Option<&str> {
        self.message.source_id.as_deref()
    }

    /// The name of the public key.
    #[getter]
    fn public_key_id(&self) -> Option<&str> {
        self.message.public_key_id.as_deref()
    }

    /// The identity's accounts on the source, in the order of the response.
    #[getter]
    fn accounts(&self) -> Vec<PasswordInfoAccount> {
        let accounts = self.message.accounts.iter().cloned();
        accounts.map(PasswordInfoAccount).collect()
    }

    /// The public key.
    ///
    /// Raises InvalidKeyError, and InputError if the response has none.
    #[getter]
    fn key(&self, py: Python<'_>) -> PyResult<PublicKey> {
        let key = self.parsed_key();
        key.map(PublicKey::from)
            .map_err(|error| from_api(py, error))
    }

    /// The policies as one.
    #[getter]
    fn policy(&self) -> Policy {
        let strings = self.message.policies.as_ref();
        let strings = strings.map(|strings| strings.iter().map(ToString::to_string).collect());
        Policy::new(self.parsed_policy(), Source::Strings(strings))
    }

    /// Compare a password with the policies, and with the id and the name of an account where a
    /// rule wants that: as change_request does. The arguments are as there.
    ///
    /// Raises InputError for what change_request cannot use either, but no PolicyError.
    ///
    /// >>> report = info.check("zzzz7")
    /// >>> [finding.message for finding in report.violations]
    /// ['its longest run of one character is 4, but at most 3 are allowed']
    #[pyo3(signature = (password, account = None, *, context = None, raw = false))]
    fn check(
        &self,
        py: Python<'_>,
        password: TextOrBuffer<'_>,
        account: Option<Account<'_>>,
        context: Option<&Context>,
        raw: bool,
    ) -> PyResult<Report> {
        let password = input::password(py, &password, false)?.with_raw(raw);
        let account = Chosen::read(account.as_ref())?;
        let known = context.map(Context::known);
        let report = py.detach(|| Ok(self.recipient(&account, known)?.check(&password)));
        Report::new(py, &report.map_err(|error| from_api(py, error))?)
    }

    /// A random password for an account that violates nothing of the policies, also where they
    /// compare it with the account's id or name. account and context are as in change_request, the others are as
    /// in Policy.generate. The str that is returned cannot be wiped.
    ///
    /// Raises InputError for what change_request cannot use either, and what Policy.generate raises.
    ///
    /// >>> len(info.generate()), len(info.generate(length=20))
    /// (16, 20)
    #[pyo3(signature = (
        account = None, length = None, *, exclude = None, no_look_alikes = false, context = None
    ))]
    #[allow(clippy::too_many_arguments)] // All are optional.
    fn generate<'py>(
        &self,
        py: Python<'py>,
        account: Option<Account<'_>>,
        length: Option<Number<usize>>,
        exclude: Option<Text<'_>>,
        no_look_alikes: bool,
        context: Option<&Context>,
    ) -> PyResult<Bound<'py, PyString>> {
        let account = Chosen::read(account.as_ref())?;
        let options = input::generate_options(length, exclude.as_ref(), no_look_alikes)?;
        let known = context.map(Context::known);
        let generate = || {
            let recipient = self.recipient(&account, known)?;
            recipient.generate(&mut SysRng, options)
        };
        let generated = py.detach(generate);
        let (password, _) = generated.map_err(|error| from_api(py, error))?;
        PyString::from_bytes(py, password.expose())
    }

    /// Encrypt a password for an account and make the body of set-password: identityId,
    /// encryptedPassword, publicKeyId, accountId and sourceId. PasswordChangeRequest.from_dict
    /// of the SDK takes it as it is.
    ///
    /// account is an id, else a name, to the letter, or one of accounts. It may be left out if there is one account
    /// only: which one is meant is never guessed. The password and wipe are as in
    /// PublicKey.encrypt. With check_policy=False it is encrypted even if it violates the
    /// policies. context is what rules compare it with beside the account's id and name.
    ///
    /// The password must be text: UTF-8, without line breaks and other control characters. A byte
    /// order mark in front is left out. With raw=True its bytes are meant as they are. What else
    /// may not be as it was meant, such as white space at its end, is a PasswordWarning, by way of
    /// the module warnings.
    ///
    /// Raises AccountError if the account is not clear, InvalidKeyError if the key cannot be
    /// used, PasswordTooLongError if the password is too long for it, PasswordNotTextError if it is no
    /// text, PolicyError if the password
    /// violates the policies, InputError if a field is missing or the password is empty.
    ///
    /// >>> sorted(info.change_request("correct horse 7"))
    /// ['accountId', 'encryptedPassword', 'identityId', 'publicKeyId', 'sourceId']
    /// >>> info.change_request("zzzz")
    /// Traceback (most recent call last):
    ///     ...
    /// pwseal.PolicyError: the password violates the policy: passwordRepeatedChar is 3 (its longest run of one character is 4, but at most 3 are allowed); passwordMinLength is 5 (has 4 characters, but at least 5 are wanted); passwordMinNumeric is 1 (has 0 digits, but at least 1 is wanted)
    #[pyo3(signature = (
        password, account = None, check_policy = true, *, context = None, raw = false, wipe = false
    ))]
    #[allow(clippy::too_many_arguments)] // All but one are optional.
    fn change_request<'py>(
        &self,
        py: Python<'py>,
        password: TextOrBuffer<'_>,
        account: Option<Account<'_>>,
        check_policy: bool,
        context: Option<&Context>,
        raw: bool,
        wipe: bool,
    ) -> PyResult<Bound<'py, PyDict>> {
        let how = How {
            check_policy,
            raw,
            wipe,
        };
        body(
            py,
            &self.request(py, &password, account.as_ref(), context, how)?,
        )
    }

    /// As change_request, as the JSON to send, on one line.
    ///
    /// >>> info.change_request_json("correct horse 7")[:15]
    /// '{"identityId":"'
    #[pyo3(signature = (
        password, account = None, check_policy = true, *, context = None, raw = false, wipe = false
    ))]
    #[allow(clippy::too_many_arguments)] // All but one are optional.
    fn change_request_json(
        &self,
        py: Python<'_>,
        password: TextOrBuffer<'_>,
        account: Option<Account<'_>>,
        check_policy: bool,
        context: Option<&Context>,
        raw: bool,
        wipe: bool,
    ) -> PyResult<String> {
        let how = How {
            check_policy,
            raw,
            wipe,
        };
        Ok(self
            .request(py, &password, account.as_ref(), context, how)?
            .to_json())
    }

    /// Make the bodies of set-password for accounts of this identity: as change_requests, of tuples of
    /// account and password, or account, password and context.
    ///
    /// >>> [type(result).__name__ for result in info.change_request_many([("Abby.Smith", "correct horse 7"), (None, "")])]
    /// ['dict', 'InputError']
    #[pyo3(signature = (
        items, *, check_policy = true, context = None, raw = false, wipe = false, threads = None
    ))]
    #[allow(clippy::too_many_arguments)] // All but one are optional.
    fn change_request_many(
        slf: Py<Self>,
        items: &Bound<'_, PyAny>,
        check_policy: bool,
        context: Option<Py<Context>>,
        raw: bool,
        wipe: bool,
        threads: Option<Number<usize>>,
    ) -> PyResult<ChangeRequests> {
        let how = How {
            check_policy,
            raw,
            wipe,
        };
        ChangeRequests::new(items, Some(slf), context, how, batch::threads(threads)?)
    }

    /// The fields that are there, by the API's names. from_json reads them.
    ///
    /// >>> list(info.to_dict())
    /// ['identityId', 'sourceId', 'publicKeyId', 'publicKey', 'accounts', 'policies']
    /// >>> pwseal.PasswordInfo.from_json(info.to_json()) == info
    /// True
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let entries = [
            ("identityId", self.identity_id()),
            ("sourceId", self.source_id()),
            ("publicKeyId", self.public_key_id()),
            ("publicKey", self.message.public_key.as_deref()),
        ];
        let dict = dict_of(py, &entries)?;
        let accounts = self.accounts().into_iter();
        let accounts = accounts.map(|account| account.to_dict(py));
        dict.set_item("accounts", accounts.collect::<PyResult<Vec<_>>>()?)?;
        if let Some(policies) = &self.message.policies {
            let policies: Vec<&str> = policies.iter().map(AsRef::as_ref).collect();
            dict.set_item("policies", policies)?;
        }
        Ok(dict)
    }

    fn __repr__(&self) -> String {
        let accounts = self.message.accounts.len();
        format!("<pwseal.PasswordInfo with {accounts} account(s)>")
    }
}

message!(PasswordInfo);

impl From<pwseal_api::PasswordInfo<'static>> for PasswordInfo {
    fn from(message: pwseal_api::PasswordInfo<'static>) -> Self {
        Self {
            message,
            key: OnceLock::new(),
            policy: OnceLock::new(),
        }
    }
}

impl PasswordInfo {
    /// Parses the key and the policy, if they are not in the cache either. What is wrong with them is an
    /// error when they are asked for.
    pub(crate) fn parse_with(&self, keys: &mut KeyCache) {
        if self.key.get().is_none()
            && let Ok((key, policy)) = keys.key_and_policy(&self.message)
        {
            self.key.get_or_init(|| key);
            self.policy.get_or_init(|| policy);
        }
    }

    /// The size of the key in bytes, and 0 if it is not parsed.
    pub(crate) fn key_size(&self) -> usize {
        self.key.get().map_or(0, pwseal::PublicKey::size)
    }

    fn parsed_key(&self) -> Result<pwseal::PublicKey, pwseal_api::Error> {
        let key = match self.key.get() {
            Some(key) => key,
            None => {
                let key = self.message.key()?;
                self.key.get_or_init(|| key)
            }
        };
        Ok(key.clone())
    }

    fn parsed_policy(&self) -> pwseal::policy::Policy {
        self.policy.get_or_init(|| self.message.policy()).clone()
    }

    pub(crate) fn recipient<'a>(
        &'a self,
        account: &Chosen,
        known: Option<&'a pwseal::policy::Context>,
    ) -> Result<Recipient<'a>, pwseal_api::Error> {
        let info = &self.message;
        let key_and_policy = |_: &_| Ok((self.parsed_key()?, self.parsed_policy()));
        let recipient = info.recipient_with(account.in_info(info)?, key_and_policy)?;
        Ok(match known {
            Some(known) => recipient.with_context(known),
            None => recipient,
        })
    }

    pub(crate) fn request(
        &self,
        py: Python<'_>,
        password: &TextOrBuffer<'_>,
        account: Option<&Account<'_>>,
        context: Option<&Context>,
        how: How,
    ) -> PyResult<PasswordChangeRequest> {
        let password = input::password(py, password, how.wipe)?.with_raw(how.raw);
        let account = Chosen::read(account)?;
        let known = context.map(Context::known);
        let request = py.detach(|| {
            let recipient = self.recipient(&account, known)?;
            if how.check_policy {
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

/// The text of a public key, as the API has it.
fn key_text(given: &Bound<'_, PyAny>) -> PyResult<String> {
    match given.cast::<PublicKey>() {
        Ok(key) => Ok(key.get().to_base64()),
        Err(_) => {
            let text = Text::get(given, "a PublicKey or the base64 of one")?;
            text.read("the public key").map(str::to_owned)
        }
    }
}

/// A body as the SDK and HTTP clients take it.
pub(crate) fn body<'py>(
    py: Python<'py>,
    change: &PasswordChangeRequest,
) -> PyResult<Bound<'py, PyDict>> {
    let body = PyDict::new(py);
    body.set_item(intern!(py, "identityId"), change.identity_id())?;
    body.set_item(
        intern!(py, "encryptedPassword"),
        change.encrypted_password(),
    )?;
    body.set_item(intern!(py, "publicKeyId"), change.public_key_id())?;
    body.set_item(intern!(py, "accountId"), change.account_id())?;
    body.set_item(intern!(py, "sourceId"), change.source_id())?;
    Ok(body)
}

/// One account of an identity on a source. Two are equal if id and name are.
///
/// >>> info.accounts[0].account_name
/// 'Abby.Smith'
#[pyclass(frozen, module = "pwseal")]
#[derive(Debug)]
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

    /// Read an account: its JSON as text or bytes, or a mapping.
    ///
    /// >>> pwseal.PasswordInfoAccount.from_json({"accountName": "Abby.Smith"})
    /// <pwseal.PasswordInfoAccount id=None name='Abby.Smith'>
    #[staticmethod]
    fn from_json(py: Python<'_>, json: Json) -> PyResult<Self> {
        let account = pwseal_api::PasswordInfoAccount::from_json(&json);
        let account = account.map_err(|error| from_api(py, error))?;
        Ok(Self(account.into_owned()))
    }

    /// The fields that are there, by the API's names. from_json reads them.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let entries = [
            ("accountId", self.account_id()),
            ("accountName", self.account_name()),
        ];
        dict_of(py, &entries)
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let id = self.account_id().into_pyobject(py)?.repr()?;
        let name = self.account_name().into_pyobject(py)?.repr()?;
        Ok(format!("<pwseal.PasswordInfoAccount id={id} name={name}>"))
    }
}

impl PasswordInfoAccount {
    pub(crate) fn message(&self) -> &pwseal_api::PasswordInfoAccount<'static> {
        &self.0
    }
}

message!(PasswordInfoAccount);

impl From<pwseal_api::PasswordInfoAccount<'static>> for PasswordInfoAccount {
    fn from(account: pwseal_api::PasswordInfoAccount<'static>) -> Self {
        Self(account)
    }
}
