//! `query-password-info`: the question and the answer.

use std::borrow::Cow;

use http::Response;
use pwseal::policy::Policy;
use pwseal::{Password, PublicKey};
use serde::{Deserialize, Serialize};

use crate::answer::{self, AnswerError};
use crate::change_request::{PasswordChangeRequest, Recipient};
use crate::error::Error;
use crate::json::{self, objects, text, texts};
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
/// It borrows from the JSON that it was read from. [`into_owned`](Self::into_owned) makes one that can be kept. So it is not
/// what a client's own `json::<T>()` reads: take the bytes, and `from_json(&bytes)?.into_owned()`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct PasswordInfo<'a> {
    /// The identity whose password is to be set.
    #[serde(borrow, deserialize_with = "text")]
    pub identity_id: Option<Cow<'a, str>>,
    /// The source (the target system) that the accounts belong to.
    #[serde(borrow, deserialize_with = "text")]
    pub source_id: Option<Cow<'a, str>>,
    /// Names the public key, so that the server finds the private one. Opaque.
    #[serde(borrow, deserialize_with = "text")]
    pub public_key_id: Option<Cow<'a, str>>,
    /// The RSA public key: base64 of a DER SubjectPublicKeyInfo.
    #[serde(borrow, deserialize_with = "text")]
    pub public_key: Option<Cow<'a, str>>,
    /// The identity's accounts on the source.
    #[serde(borrow, deserialize_with = "objects")]
    pub accounts: Vec<PasswordInfoAccount<'a>>,
    /// The rules for the password, such as `passwordMinLength is 5`.
    #[serde(borrow, deserialize_with = "texts")]
    pub policies: Vec<Cow<'a, str>>,
}

/// One account of an identity on a source.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct PasswordInfoAccount<'a> {
    /// What the source knows the account by, such as a distinguished name.
    #[serde(borrow, deserialize_with = "text")]
    pub account_id: Option<Cow<'a, str>>,
    /// The account's display name.
    #[serde(borrow, deserialize_with = "text")]
    pub account_name: Option<Cow<'a, str>>,
}

impl<'a> PasswordInfo<'a> {
    /// Reads the JSON of a response. A UTF-8 byte order mark before it is skipped.
    ///
    /// # Errors
    ///
    /// [`Error::Json`] with line and column, and nothing of the content.
    pub fn from_json(json: &'a (impl AsRef<[u8]> + ?Sized)) -> Result<Self, Error> {
        Ok(json::object(json.as_ref())?)
    }

    /// Reads an answer to `query-password-info`.
    ///
    /// # Errors
    ///
    /// [`AnswerError`] for everything but a 200 with the JSON of this message.
    pub fn from_response(response: &'a Response<impl AsRef<[u8]>>) -> Result<Self, AnswerError> {
        answer::read(Operation::QueryPasswordInfo, response)
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
            policies: self.policies.into_iter().map(into_static).collect(),
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

    /// The rules in [`policies`](Self::policies).
    #[must_use]
    pub fn policy(&self) -> Policy {
        Policy::from_strings(&self.policies)
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
            return match &self.accounts[..] {
                [] => Err(Error::NoAccounts),
                [account] => Ok(account),
                accounts => Err(Error::AccountNotChosen {
                    accounts: accounts_owned(accounts.iter().cloned()),
                }),
            };
        };
        let by_id =
            |account: &&PasswordInfoAccount<'_>| account.account_id.as_deref() == Some(wanted);
        if let Some(account) = self.accounts.iter().find(by_id) {
            return Ok(account);
        }
        let by_name =
            |account: &&PasswordInfoAccount<'_>| account.account_name.as_deref() == Some(wanted);
        let named: Vec<_> = self.accounts.iter().filter(by_name).collect();
        match named[..] {
            [account] => Ok(account),
            [] if self.accounts.is_empty() => Err(Error::NoAccounts),
            [] => Err(Error::AccountNotFound {
                accounts: accounts_owned(self.accounts.iter().cloned()),
            }),
            _ => Err(Error::AccountNameNotUnique {
                accounts: accounts_owned(named.into_iter().cloned()),
            }),
        }
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

    fn recipient_with(
        &self,
        account: Option<&str>,
        key_and_policy: impl FnOnce(&Self) -> Result<(PublicKey, Policy), Error>,
    ) -> Result<Recipient<'_>, Error> {
        // The ids first: an error response has none of them, and no accounts either.
        let identity_id = required(self.identity_id.as_deref(), "identityId")?;
        let source_id = required(self.source_id.as_deref(), "sourceId")?;
        let account = self.account(account)?;
        let account_id = required(account.account_id.as_deref(), "accountId")?;
        let public_key_id = required(self.public_key_id.as_deref(), "publicKeyId")?;
        let (key, policy) = key_and_policy(self)?;
        Ok(Recipient {
            identity_id,
            source_id,
            account_id,
            public_key_id,
            account_name: account.account_name.as_deref(),
            policy,
            key,
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

impl PasswordInfoAccount<'_> {
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

/// A field's value, if it is there and not empty.
fn required<'a>(value: Option<&'a str>, field: &'static str) -> Result<&'a str, Error> {
    value
        .filter(|value| !value.is_empty())
        .ok_or(Error::MissingField { field })
}
