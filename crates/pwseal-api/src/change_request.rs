//! From an account and a password to the body of `set-password`, and back from its JSON.

use core::{fmt, mem};
use std::borrow::Cow;

use pwseal::policy::{Context, Policy, Report, Requirement};
use pwseal::{Password, PublicKey};
use serde::Deserialize;
use serde_json::value::RawValue;
use zeroize::{Zeroizing, optimization_barrier};

use crate::error::Error;
use crate::json::{self, text};

/// One account of a password-info response with the key to encrypt for it: checked, so that
/// only the password can still be wrong.
#[derive(Clone, Debug)]
pub struct Recipient<'a> {
    pub(crate) identity_id: &'a str,
    pub(crate) source_id: &'a str,
    pub(crate) account_id: &'a str,
    pub(crate) public_key_id: &'a str,
    pub(crate) account_name: Option<&'a str>,
    pub(crate) policy: Policy,
    pub(crate) key: PublicKey,
}

impl Recipient<'_> {
    /// Checks a password against the policies, encrypts it and makes the body of `set-password`.
    ///
    /// A rule that could not be checked is no violation: [`check`](Self::check) tells the two
    /// apart.
    ///
    /// # Errors
    ///
    /// [`Error::Policy`] for a password that violates a rule, and [`Error::Core`] for one that
    /// the key cannot encrypt.
    pub fn change_request(&self, password: &Password) -> Result<PasswordChangeRequest, Error> {
        let report = self.check(password);
        if report.has_violation() {
            return Err(Error::Policy(report.into()));
        }
        self.change_request_despite_policy(password)
    }

    /// Encrypts a password and makes the body of `set-password`, whatever the policies say.
    ///
    /// # Errors
    ///
    /// [`Error::Core`] for a password that the key cannot encrypt.
    pub fn change_request_despite_policy(
        &self,
        password: &Password,
    ) -> Result<PasswordChangeRequest, Error> {
        let ciphertext = self.key.encrypt(password)?;
        let encrypted_password = ciphertext.to_base64();
        wipe(ciphertext.into_bytes());
        Ok(PasswordChangeRequest {
            ids: Ids::new([
                self.identity_id,
                self.public_key_id,
                self.account_id,
                self.source_id,
            ]),
            encrypted_password,
        })
    }

    /// What the policies say of a password for this account. Its id and name are compared with
    /// the password where a rule wants that. For a comparison with more than these two, call
    /// [`PasswordInfo::policy`](crate::PasswordInfo::policy) and
    /// [`Policy::check`](pwseal::policy::Policy::check).
    #[must_use]
    pub fn check(&self, password: &Password) -> Report {
        let policy = &self.policy;
        let wants = |requirement| {
            let mut rules = policy.rules().iter();
            rules.any(|rule| rule.requirement() == Some(requirement))
        };
        // To take a distinguished name apart costs more than all the rest.
        let mut context = Context::new();
        if wants(Requirement::AccountId) {
            context = context.with_account_id(self.account_id);
        }
        if let Some(name) = self
            .account_name
            .filter(|_| wants(Requirement::DisplayName))
        {
            context = context.with_account_name(name);
        }
        policy.check(password, &context)
    }

    /// The key that the password will be encrypted with.
    #[must_use]
    pub fn key(&self) -> &PublicKey {
        &self.key
    }

    /// The rules that the password is checked against.
    #[must_use]
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// The identity whose password is to be set.
    #[must_use]
    pub fn identity_id(&self) -> &str {
        self.identity_id
    }

    /// The name of the key.
    #[must_use]
    pub fn public_key_id(&self) -> &str {
        self.public_key_id
    }

    /// The account whose password is to be set.
    #[must_use]
    pub fn account_id(&self) -> &str {
        self.account_id
    }

    /// The source that the account belongs to.
    #[must_use]
    pub fn source_id(&self) -> &str {
        self.source_id
    }
}

/// The length in bytes of what the shortest key encrypts to.
const SHORTEST_CIPHERTEXT: usize = 128;

/// The body of `set-password` (`PasswordChangeRequest` in the OpenAPI files).
///
/// Whoever has this and a token can set the password: `Debug` leaves the ciphertext out, and it
/// is wiped when dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordChangeRequest {
    /// Of the identity, the public key, the account and the source.
    ids: Ids,
    encrypted_password: String,
}

/// Four ids, in one piece of memory.
#[derive(Clone, PartialEq, Eq)]
struct Ids {
    text: String,
    ends: [usize; 4],
}

impl Ids {
    fn new(ids: [&str; 4]) -> Self {
        let mut end = 0;
        let ends = ids.map(|id| {
            end += id.len();
            end
        });
        let text = ids.concat();
        Self { text, ends }
    }

    fn get(&self, index: usize) -> &str {
        let start = match index {
            0 => 0,
            _ => self.ends[index - 1],
        };
        &self.text[start..self.ends[index]]
    }
}

/// The fields of the JSON.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Wire<'a> {
    #[serde(borrow, deserialize_with = "text")]
    identity_id: Option<Cow<'a, str>>,
    /// Not a string yet: serde_json would leave a copy of one with escapes in a buffer of its own.
    #[serde(borrow)]
    encrypted_password: Option<&'a RawValue>,
    #[serde(borrow, deserialize_with = "text")]
    public_key_id: Option<Cow<'a, str>>,
    #[serde(borrow, deserialize_with = "text")]
    account_id: Option<Cow<'a, str>>,
    #[serde(borrow, deserialize_with = "text")]
    source_id: Option<Cow<'a, str>>,
}

impl PasswordChangeRequest {
    /// Reads a body that was made before, by [`to_json`](Self::to_json), by `pwseal request`, or by
    /// `pwseal bulk` as the field `request` of a line, so that
    /// [`Api::set_password`](crate::Api::set_password) can order it. It wants all five fields, and
    /// skips others. The JSON is the caller's to wipe.
    ///
    /// ```
    /// # use pwseal::Password;
    /// # use pwseal_api::PasswordInfo;
    /// # let info = PasswordInfo::from_json(include_bytes!("../../../examples/password-info.json"))?;
    /// # let written = info.change_request(None, &Password::new("correct horse 7")?)?.to_json();
    /// use pwseal_api::{Api, ApiVersion, PasswordChangeRequest};
    ///
    /// // `written` is what `pwseal request` printed.
    /// let change = PasswordChangeRequest::from_json(&written)?;
    /// let request = Api::new(ApiVersion::V2026, "acme")?.set_password(&change)?;
    /// assert_eq!(request.body(), written.as_bytes());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::ChangeRequestJson`] with line and column, [`Error::ChangeRequestField`], and
    /// [`Error::NotEncrypted`] if `encryptedPassword` is no standard base64 of at least 128 bytes:
    /// a password that was put there as it is must not be sent. None has anything of the content.
    pub fn from_json(json: &(impl AsRef<[u8]> + ?Sized)) -> Result<Self, Error> {
        let wire: Wire<'_> = json::object(json.as_ref()).map_err(Error::ChangeRequestJson)?;
        let ids = [
            &wire.identity_id,
            &wire.public_key_id,
            &wire.account_id,
            &wire.source_id,
        ];
        let encrypted_password = match wire.encrypted_password {
            Some(text) => ciphertext(text.get()).ok_or(Error::NotEncrypted)?,
            None => String::new(),
        };
        let change = Self {
            ids: Ids::new(ids.map(|id| id.as_deref().unwrap_or_default())),
            encrypted_password,
        };
        for (field, value) in [
            ("identityId", change.identity_id()),
            ("encryptedPassword", change.encrypted_password()),
            ("publicKeyId", change.public_key_id()),
            ("accountId", change.account_id()),
            ("sourceId", change.source_id()),
        ] {
            if value.is_empty() {
                return Err(Error::ChangeRequestField { field });
            }
        }
        Ok(change)
    }

    /// The JSON to send, on one line. It is the caller's to wipe.
    #[must_use]
    pub fn to_json(&self) -> String {
        // Room for all of it, so that it does not grow and leave a copy of the ciphertext behind. An
        // escaped character takes up to six.
        let plain = needs_no_escape(&self.ids.text);
        let ids = if plain { 1 } else { 6 } * self.ids.text.len();
        let mut json = String::with_capacity(128 + ids + self.encrypted_password.len());
        let mut push = |before: &str, text: &str, plain: bool| {
            json.push_str(before);
            if plain {
                json.push('"');
                json.push_str(text);
                json.push('"');
            } else {
                let escaped = serde_json::to_string(text);
                json.push_str(&escaped.expect("strings are always serialised"));
            }
        };
        push("{\"identityId\":", self.identity_id(), plain);
        // Base64 needs no escape either.
        push(",\"encryptedPassword\":", &self.encrypted_password, true);
        push(",\"publicKeyId\":", self.public_key_id(), plain);
        push(",\"accountId\":", self.account_id(), plain);
        push(",\"sourceId\":", self.source_id(), plain);
        json.push('}');
        json
    }

    /// The identity whose password is to be set.
    #[must_use]
    pub fn identity_id(&self) -> &str {
        self.ids.get(0)
    }

    /// The encrypted password in unwrapped base64.
    #[must_use]
    pub fn encrypted_password(&self) -> &str {
        &self.encrypted_password
    }

    /// The name of the key that it was encrypted with.
    #[must_use]
    pub fn public_key_id(&self) -> &str {
        self.ids.get(1)
    }

    /// The account whose password is to be set.
    #[must_use]
    pub fn account_id(&self) -> &str {
        self.ids.get(2)
    }

    /// The source that the account belongs to.
    #[must_use]
    pub fn source_id(&self) -> &str {
        self.ids.get(3)
    }
}

/// The text of a JSON string that is empty or a ciphertext. Whatever else it is, a password perhaps, no copy of it stays.
fn ciphertext(json: &str) -> Option<String> {
    let mut rest = json.strip_prefix('"')?.strip_suffix('"')?;
    // No escape is shorter than what it stands for, so that the buffer does not grow.
    let mut text = Zeroizing::new(String::with_capacity(rest.len()));
    while let Some((before, escape)) = rest.split_once('\\') {
        text.push_str(before);
        // Base64 has a `/`, which some escape, and signs that some write as code points.
        if let Some(after) = escape.strip_prefix('/') {
            text.push('/');
            rest = after;
        } else {
            let (digits, after) = escape.strip_prefix('u')?.split_at_checked(4)?;
            text.push(u8::from_str_radix(digits, 16).ok()?.into());
            rest = after;
        }
    }
    text.push_str(rest);
    (text.is_empty() || is_ciphertext(&text)).then(|| mem::take(&mut *text))
}

/// Whether it is standard base64 of as many bytes as a ciphertext has at least.
fn is_ciphertext(text: &str) -> bool {
    let digits = text.trim_end_matches('=');
    let is_digit = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/');
    text.len().is_multiple_of(4)
        && text.len() - digits.len() <= 2
        && digits.bytes().all(is_digit)
        && digits.len() * 3 / 4 >= SHORTEST_CIPHERTEXT
}

/// Whether a JSON string is the text itself in quotes (RFC 8259, section 7). To look at all bytes is faster than to
/// stop at the first that needs an escape: many are compared at once.
fn needs_no_escape(text: &str) -> bool {
    text.bytes().fold(true, |plain, byte| {
        plain & (byte >= b' ') & (byte != b'"') & (byte != b'\\')
    })
}

impl fmt::Debug for PasswordChangeRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PasswordChangeRequest")
            .field("identity_id", &self.identity_id())
            .field("encrypted_password", &"[redacted]")
            .field("public_key_id", &self.public_key_id())
            .field("account_id", &self.account_id())
            .field("source_id", &self.source_id())
            .finish()
    }
}

impl Drop for PasswordChangeRequest {
    fn drop(&mut self) {
        wipe(mem::take(&mut self.encrypted_password).into_bytes());
    }
}

/// Overwrites a buffer that was never shortened, all at once: [`Zeroize`](zeroize::Zeroize) goes byte by byte.
fn wipe(mut bytes: Vec<u8>) {
    bytes.fill(0);
    optimization_barrier(&bytes[..]);
}
