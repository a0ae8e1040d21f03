//! `query-password-info`: the question and the answer.

use std::borrow::Cow;

use http::Response;
use pwseal::BYTE_ORDER_MARK;
use pwseal::policy::Policy;
use pwseal::{Password, PublicKey};
use serde::{Deserialize, Deserializer, Serialize};

use crate::answer::{self, AnswerError};
use crate::change_request::{PasswordChangeRequest, Recipient};
use crate::error::Error;
use crate::http_text;
use crate::json::{self, JsonError};
use crate::key_cache::KeyCache;
use crate::operation::Operation;

/// The body of `query-password-info` (`PasswordInfoQueryDTO` in the OpenAPI files).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct PasswordInfoQuery<'a> {
    /// The person's login name.
    pub user_name: &'a str,
    /// The source's display name.
    pub source_name: &'a str,
}

impl<'a> PasswordInfoQuery<'a> {
    /// Asks for a person by login name, on a source by display name.
    #[must_use]
    pub const fn new(user_name: &'a str, source_name: &'a str) -> Self {
        Self {
            user_name,
            source_name,
        }
    }

    pub(crate) fn to_json(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("strings are always serialised")
    }
}

/// The answer to `query-password-info` (`PasswordInfo` in the OpenAPI files): who, where, the
/// key to encrypt with, the accounts to choose from and the policies to keep.
///
/// It borrows from the JSON that it was read from. [`into_owned`](Self::into_owned) makes one that can be kept, and
/// [`deserialize_owned`](Self::deserialize_owned) reads one as the field of a struct. A client's own `json::<T>()` does not read one:
/// take the bytes, and `from_json(&bytes)?.into_owned()`.
///
/// Names of fields are the API's own, or the same in snake case, as pydantic's `model_dump()` has them. One that
/// differs from a name in case or signs, or by a slip while that is absent, is refused: to pass it over
/// would lose what it says. So is an object that has not one of the fields. What PowerShell's `ConvertTo-Json` makes
/// of a list is read as the list: of one with one element the element alone, and in 5.1 of some `{"value": [...], "Count": n}`. It is written with the API's names.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct PasswordInfo<'a> {
    /// The identity whose password is to be set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub identity_id: Option<Cow<'a, str>>,
    /// The source (the target system) that the accounts belong to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source_id: Option<Cow<'a, str>>,
    /// Names the public key, so that the server finds the private one. Opaque.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub public_key_id: Option<Cow<'a, str>>,
    /// The RSA public key: base64 of a DER SubjectPublicKeyInfo.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub public_key: Option<Cow<'a, str>>,
    /// The identity's accounts on the source.
    pub accounts: Vec<PasswordInfoAccount<'a>>,
    /// The rules for the password, such as `passwordMinLength is 5`. Without the field it is not
    /// known whether there are any; an empty list has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub policies: Option<Vec<Cow<'a, str>>>,
}

/// One account of an identity on a source.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct PasswordInfoAccount<'a> {
    /// What the source knows the account by, such as a distinguished name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account_id: Option<Cow<'a, str>>,
    /// The account's display name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account_name: Option<Cow<'a, str>>,
}

impl<'a> PasswordInfo<'a> {
    /// Reads the JSON of a response. A UTF-8 byte order mark before it is skipped, and so are the HTTP heads that
    /// `curl -i` prints.
    ///
    /// ```
    /// use pwseal_api::PasswordInfo;
    ///
    /// let info = PasswordInfo::from_json("HTTP/2 200\r\n\r\n{\"identityId\": \"2c91\"}")?;
    /// assert_eq!(info.identity_id.as_deref(), Some("2c91"));
    ///
    /// let error = PasswordInfo::from_json(r#"{"error": "JWT is expired"}"#).unwrap_err();
    /// assert_eq!(
    ///     error.to_string(),
    ///     "the password-info is an error of the API, 401 Unauthorized: JWT is expired; \
    ///      the token is missing, wrong or expired"
    /// );
    /// # Ok::<(), pwseal_api::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Json`], which says what is wrong and where, or what the text is instead: an error of the API with
    /// the API's own words, a page of HTML, a list, an object around the password-info. It holds nothing else
    /// of the content.
    pub fn from_json(json: &'a (impl AsRef<[u8]> + ?Sized)) -> Result<Self, Error> {
        let json = json.as_ref();
        json::object(json).or_else(|error| {
            let text = json.strip_prefix(BYTE_ORDER_MARK).unwrap_or(json);
            match http_text::is_head(text.trim_ascii_start()) {
                true => Self::after_head(text),
                false => Err(error.into()),
            }
        })
    }

    fn after_head(text: &'a [u8]) -> Result<Self, Error> {
        let operation = Operation::QueryPasswordInfo;
        let response = http_text::parse_http_response(text.trim_ascii_start());
        let response = response.map_err(|error| {
            JsonError::other(format!("no HTTP response that can be read: {error}"))
        })?;
        let body = *response.body();
        if response.status() == operation.success() {
            let end = text.len() - body.len();
            let lines = text[..end].iter().filter(|byte| **byte == b'\n').count();
            return Ok(json::object(body).map_err(|error| error.after_lines(lines))?);
        }
        let failed = answer::read::<PasswordInfo<'_>>(operation, &response);
        let error = failed
            .err()
            .map_or_else(String::new, |error| error.to_string());
        Err(JsonError::other(format!("no success: {error}")).into())
    }

    /// Reads an answer to `query-password-info`.
    ///
    /// # Errors
    ///
    /// [`AnswerError`] for everything but a 200 with the JSON of this message.
    pub fn from_response(response: &'a Response<impl AsRef<[u8]>>) -> Result<Self, AnswerError> {
        answer::read(Operation::QueryPasswordInfo, response)
    }

    /// Reads one with strings of its own, for `#[serde(deserialize_with)]`.
    ///
    /// ```
    /// use pwseal_api::PasswordInfo;
    ///
    /// #[derive(serde::Deserialize)]
    /// struct Job {
    ///     #[serde(deserialize_with = "PasswordInfo::deserialize_owned")]
    ///     info: PasswordInfo<'static>,
    /// }
    /// let job: Job = serde_json::from_str(r#"{"info": {"identityId": "2c91"}}"#)?;
    /// assert_eq!(serde_json::to_string(&job.info)?, r#"{"identityId":"2c91","accounts":[]}"#);
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// What the deserializer says.
    pub fn deserialize_owned<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<PasswordInfo<'static>, D::Error> {
        PasswordInfo::deserialize(deserializer).map(PasswordInfo::into_owned)
    }

    /// The same with strings of its own.
    #[must_use]
    pub fn into_owned(self) -> PasswordInfo<'static> {
        PasswordInfo {
            identity_id: owned(self.identity_id),
            source_id: owned(self.source_id),
            public_key_id: owned(self.public_key_id),
            public_key: owned(self.public_key),
            accounts: accounts_owned(self.accounts),
            policies: self
                .policies
                .map(|policies| policies.into_iter().map(into_static).collect()),
        }
    }

    /// The public key, ready to encrypt.
    ///
    /// # Errors
    ///
    /// [`Error::MissingField`], and [`Error::Core`] for a key that cannot be used.
    pub fn key(&self) -> Result<PublicKey, Error> {
        let text = required(self.public_key.as_deref(), "publicKey")?;
        Ok(PublicKey::parse(text)?)
    }

    /// The rules in [`policies`](Self::policies). Without that field it is [`Policy::unknown`], with which no
    /// report says that all was checked.
    ///
    /// ```
    /// use pwseal::Password;
    /// use pwseal::policy::Context;
    /// use pwseal_api::PasswordInfo;
    ///
    /// let check = |json| -> Result<_, Box<dyn std::error::Error>> {
    ///     let policy = PasswordInfo::from_json(json)?.policy();
    ///     Ok(policy.check(&Password::new("hunter2")?, &Context::new()).all_passed())
    /// };
    /// assert!(check(r#"{"identityId": "2c91", "policies": []}"#)?);
    /// assert!(!check(r#"{"identityId": "2c91"}"#)?);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn policy(&self) -> Policy {
        match &self.policies {
            Some(policies) => Policy::from_strings(policies),
            None => Policy::unknown(),
        }
    }

    /// The account that is meant: the one with this id, else the one with this name, else
    /// (with `None`) the only one. Ids and names must be equal to the letter.
    ///
    /// # Errors
    ///
    /// An account is never guessed: [`Error::NoAccounts`], [`Error::AccountNotChosen`],
    /// [`Error::AccountNotFound`] and [`Error::AccountNameNotUnique`] list what there is.
    pub fn account(&self, wanted: Option<&str>) -> Result<&PasswordInfoAccount<'a>, Error> {
        let Some(wanted) = wanted else {
            return self.account_with(None, None);
        };
        match self.account_with(Some(wanted), None) {
            Err(Error::AccountNotFound { .. }) => self.account_with(None, Some(wanted)),
            by_id => by_id,
        }
    }

    /// The account with this id and this name, as far as they are given: where both are known, a name cannot be taken for
    /// an id. They must be equal to the letter, and what is blank is nobody's.
    ///
    /// ```
    /// use pwseal_api::PasswordInfo;
    ///
    /// let info = PasswordInfo::from_json(
    ///     r#"{"accounts": [{"accountId": "1001", "accountName": "1002"}, {"accountId": "1002"}]}"#,
    /// )?;
    /// assert_eq!(info.account_with(None, Some("1002"))?.account_id.as_deref(), Some("1001"));
    /// assert!(info.account_with(Some("1001"), Some("Abby.Smith")).is_err());
    /// # Ok::<(), pwseal_api::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`account`](Self::account).
    pub fn account_with(
        &self,
        id: Option<&str>,
        name: Option<&str>,
    ) -> Result<&PasswordInfoAccount<'a>, Error> {
        let (None, None) = (id, name) else {
            return self.account_that_has(id, name);
        };
        match &self.accounts[..] {
            [] => Err(Error::NoAccounts),
            [account] => Ok(account),
            accounts => Err(Error::AccountNotChosen {
                accounts: accounts_owned(accounts.iter().cloned()),
            }),
        }
    }

    fn account_that_has(
        &self,
        id: Option<&str>,
        name: Option<&str>,
    ) -> Result<&PasswordInfoAccount<'a>, Error> {
        let is = |wanted: Option<&str>, found: &Option<Cow<'_, str>>| {
            wanted
                .is_none_or(|wanted| !wanted.trim().is_empty() && found.as_deref() == Some(wanted))
        };
        let has_both = |account: &&PasswordInfoAccount<'_>| {
            is(id, &account.account_id) && is(name, &account.account_name)
        };
        let mut found = self.accounts.iter().filter(has_both);
        match (found.next(), found.next()) {
            // Of two with one id, a body says no more than the id.
            (Some(account), None) => Ok(account),
            (Some(account), Some(_)) if id.is_some() => Ok(account),
            (None, _) if self.accounts.is_empty() => Err(Error::NoAccounts),
            (None, _) => Err(Error::AccountNotFound {
                accounts: accounts_owned(self.accounts.iter().cloned()),
                near: id.or(name).and_then(|wanted| self.near(wanted)),
            }),
            _ => Err(Error::AccountNameNotUnique {
                accounts: accounts_owned(self.accounts.iter().filter(has_both).cloned()),
            }),
        }
    }

    /// What was probably meant with an id or name that no account has.
    fn near(&self, wanted: &str) -> Option<NearAccount> {
        for (field, id) in [
            ("identityId", &self.identity_id),
            ("sourceId", &self.source_id),
            ("publicKeyId", &self.public_key_id),
        ] {
            if id.as_deref() == Some(wanted) {
                return Some(NearAccount::Field(field));
            }
        }
        let wanted = essence(wanted);
        let is_near = |text: &Option<Cow<'_, str>>| {
            let text = text.as_deref();
            text.is_some_and(|text| !wanted.is_empty() && essence(text) == wanted)
        };
        let mut near = self.accounts.iter();
        let near =
            near.find(|account| is_near(&account.account_id) || is_near(&account.account_name));
        near.map(|account| NearAccount::Account(account.clone().into_owned()))
    }

    /// Everything that a password for an account is encrypted with and sent to.
    /// `account` is as in [`account`](Self::account).
    ///
    /// # Errors
    ///
    /// All that [`account`](Self::account) and [`key`](Self::key) return, and
    /// [`Error::MissingField`]: a body needs every id.
    pub fn recipient(&self, account: Option<&str>) -> Result<Recipient<'_>, Error> {
        self.recipient_with(account, |info| Ok((info.key()?, info.policy())))
    }

    /// [`recipient`](Self::recipient) with the key and the policy from a cache: a thousand identities
    /// of one tenant cost one parse.
    ///
    /// # Errors
    ///
    /// As [`recipient`](Self::recipient).
    pub fn recipient_cached(
        &self,
        account: Option<&str>,
        keys: &mut KeyCache,
    ) -> Result<Recipient<'_>, Error> {
        self.recipient_with(account, |info| keys.key_and_policy(info))
    }

    /// [`recipient`](Self::recipient) with the key and the policy that the caller keeps, such as those of
    /// [`KeyCache::key_and_policy`]. They are asked for when all else is there.
    ///
    /// # Errors
    ///
    /// As [`recipient`](Self::recipient), and what the caller's function returns.
    pub fn recipient_with(
        &self,
        account: Option<&str>,
        key_and_policy: impl FnOnce(&Self) -> Result<(PublicKey, Policy), Error>,
    ) -> Result<Recipient<'_>, Error> {
        // The ids first: an error response has none of them, and no accounts either.
        let identity_id = required(self.identity_id.as_deref(), "identityId")?;
        let source_id = required(self.source_id.as_deref(), "sourceId")?;
        let account = self.account(account)?;
        let account_id = account.id()?;
        let public_key_id = required(self.public_key_id.as_deref(), "publicKeyId")?;
        let (key, policy) = key_and_policy(self)?;
        Ok(Recipient {
            identity_id: identity_id.into(),
            source_id: source_id.into(),
            account_id: account_id.into(),
            public_key_id: public_key_id.into(),
            account_name: account.account_name.as_deref().map(Cow::Borrowed),
            policy,
            key,
            context: None,
        })
    }

    /// Checks a password against the policies, encrypts it for an account and makes the body of
    /// `set-password`: [`recipient`](Self::recipient) and [`Recipient::change_request`] in one call.
    ///
    /// # Errors
    ///
    /// As these two.
    pub fn change_request(
        &self,
        account: Option<&str>,
        password: &Password,
    ) -> Result<PasswordChangeRequest, Error> {
        self.recipient(account)?.change_request(password)
    }
}

/// What was probably meant with an account that is not there.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum NearAccount {
    /// An account whose id or name differs in case, white space, signs or accents only.
    Account(PasswordInfoAccount<'static>),
    /// It is the value of this field of the password-info, which names no account.
    Field(&'static str),
}

/// A text without what is easily mistaken: its letters and digits in lowercase, without accents that are
/// characters of their own.
fn essence(text: &str) -> String {
    let letters = text.chars().filter(|character| character.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}

impl<'a> PasswordInfoAccount<'a> {
    /// Reads one of the [`accounts`](PasswordInfo::accounts) of a password-info.
    ///
    /// ```
    /// use pwseal_api::PasswordInfoAccount;
    ///
    /// let account = PasswordInfoAccount::from_json(r#"{"accountName": "Abby.Smith"}"#)?;
    /// assert_eq!(account.account_name.as_deref(), Some("Abby.Smith"));
    /// # Ok::<(), pwseal_api::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::AccountJson`]
    pub fn from_json(json: &'a (impl AsRef<[u8]> + ?Sized)) -> Result<Self, Error> {
        json::object(json.as_ref()).map_err(Error::AccountJson)
    }

    /// The [`account_id`](Self::account_id), by which a body names the account.
    ///
    /// # Errors
    ///
    /// [`Error::MissingField`] if it is not there, or blank.
    pub fn id(&self) -> Result<&str, Error> {
        required(self.account_id.as_deref(), "accountId")
    }

    /// The same with strings of its own.
    #[must_use]
    pub fn into_owned(self) -> PasswordInfoAccount<'static> {
        PasswordInfoAccount {
            account_id: owned(self.account_id),
            account_name: owned(self.account_name),
        }
    }
}

fn accounts_owned<'a>(
    accounts: impl IntoIterator<Item = PasswordInfoAccount<'a>>,
) -> Vec<PasswordInfoAccount<'static>> {
    let accounts = accounts.into_iter();
    accounts.map(PasswordInfoAccount::into_owned).collect()
}

fn owned(text: Option<Cow<'_, str>>) -> Option<Cow<'static, str>> {
    text.map(into_static)
}

fn into_static(text: Cow<'_, str>) -> Cow<'static, str> {
    Cow::Owned(text.into_owned())
}

/// A field's value, if it is there and not blank.
fn required<'a>(value: Option<&'a str>, field: &'static str) -> Result<&'a str, Error> {
    value
        .filter(|value| !value.trim().is_empty())
        .ok_or(Error::MissingField { field })
}
