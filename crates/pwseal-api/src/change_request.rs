//! From an account and a password to the body of `set-password`, and back from its JSON.

use core::ops::Range;
use core::{fmt, mem};
use std::borrow::Cow;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use pwseal::policy::{Context, GenerateOptions, Policy, Report, Requirement};
use pwseal::rand_core::TryCryptoRng;
use pwseal::{Judged, Password, PasswordWarnings, PublicKey};
use serde::Deserialize;
use serde_json::value::RawValue;
use zeroize::optimization_barrier;

use crate::body;
use crate::error::Error;
use crate::json::{self, text};
use crate::unescape::unescape;

/// One account of a password-info response with the key to encrypt for it: checked, so that
/// only the password can still be wrong.
#[derive(Clone, Debug)]
pub struct Recipient<'a> {
    pub(crate) identity_id: Cow<'a, str>,
    pub(crate) source_id: Cow<'a, str>,
    pub(crate) account_id: Cow<'a, str>,
    pub(crate) public_key_id: Cow<'a, str>,
    pub(crate) account_name: Option<Cow<'a, str>>,
    pub(crate) policy: Policy,
    pub(crate) key: PublicKey,
    pub(crate) context: Option<Cow<'a, Context>>,
}

/// A password that may be set for a [`Recipient`], for all that is known.
#[derive(Debug)]
#[non_exhaustive]
pub struct Accepted {
    /// The password as it is to be encrypted: without the byte order mark that may have been in front.
    pub password: Password,
    /// What the policies say of it: none is violated, and some may not be checked.
    pub report: Report,
    /// What may not be as it was meant.
    pub warnings: PasswordWarnings,
}

impl<'a> Recipient<'a> {
    /// Says more of the account and its identity than their ids and names, and has the dictionary: what
    /// [`check`](Self::check), [`change_request`](Self::change_request) and [`generate`](Self::generate)
    /// compare a password with from now on. The account's own id takes the place of one in `context`, and its name
    /// is one more.
    ///
    /// ```
    /// use pwseal_api::PasswordInfo;
    /// use pwseal_api::pwseal::Password;
    /// use pwseal_api::pwseal::policy::{Context, Dictionary};
    ///
    /// let json = r#"{"identityId": "1", "sourceId": "2", "publicKeyId": "3",
    ///     "publicKey": "KEY", "accounts": [{"accountId": "4"}],
    ///     "policies": ["checkPasswordsAgainstDictionary is true"]}"#;
    /// # let key = include_str!("../tests/data/public-key.pem");
    /// # let json = json.replace("KEY", &key.replace('\n', "\\n"));
    /// let info = PasswordInfo::from_json(&json)?;
    /// let recipient = info.recipient(None)?;
    /// let password = Password::new("correct horse 7")?;
    /// // Without a dictionary the rule is not checked, and a body is made.
    /// assert!(!recipient.check(&password).all_passed());
    ///
    /// let context = Context::new().with_dictionary(Dictionary::parse("horse")?);
    /// let recipient = recipient.with_context(&context);
    /// assert!(recipient.change_request(&password).is_err());
    /// # Ok::<(), pwseal_api::Error>(())
    /// ```
    #[must_use]
    pub fn with_context(self, context: &'a Context) -> Self {
        Self {
            context: Some(Cow::Borrowed(context)),
            ..self
        }
    }

    /// The same with strings of its own, which outlives the password-info.
    ///
    /// ```
    /// use pwseal_api::{PasswordInfo, Recipient};
    ///
    /// fn recipient(answer: &[u8]) -> Result<Recipient<'static>, pwseal_api::Error> {
    ///     let info = PasswordInfo::from_json(answer)?;
    ///     Ok(info.recipient(None)?.into_owned())
    /// }
    /// # recipient(include_bytes!("../tests/data/password-info.json"))?;
    /// # Ok::<(), pwseal_api::Error>(())
    /// ```
    #[must_use]
    pub fn into_owned(self) -> Recipient<'static> {
        let owned = |text: Cow<'_, str>| Cow::Owned(text.into_owned());
        Recipient {
            identity_id: owned(self.identity_id),
            source_id: owned(self.source_id),
            account_id: owned(self.account_id),
            public_key_id: owned(self.public_key_id),
            account_name: self.account_name.map(owned),
            policy: self.policy,
            key: self.key,
            context: self.context.map(|context| Cow::Owned(context.into_owned())),
        }
    }

    /// [Judges](Password::judge) a password, checks it against the policies, encrypts it and makes
    /// the body of `set-password`.
    ///
    /// A rule that could not be checked is no violation: [`check`](Self::check) tells the two
    /// apart.
    ///
    /// # Errors
    ///
    /// [`Error::Policy`] for a password that violates a rule, and [`Error::Core`] for one that
    /// is refused or that the key cannot encrypt.
    pub fn change_request(&self, password: &Password) -> Result<PasswordChangeRequest, Error> {
        let judged = password.judge()?;
        self.allow(&judged)?;
        self.encrypt(&judged)
    }

    /// [Judges](Password::judge) a password, encrypts it and makes the body of `set-password`,
    /// whatever the policies say.
    ///
    /// # Errors
    ///
    /// [`Error::Core`] for a password that is refused or that the key cannot encrypt.
    pub fn change_request_despite_policy(
        &self,
        password: &Password,
    ) -> Result<PasswordChangeRequest, Error> {
        self.encrypt(&password.judge()?)
    }

    fn encrypt(&self, judged: &Judged<'_>) -> Result<PasswordChangeRequest, Error> {
        let mut change = self.without_password(judged.warnings());
        let ciphertext = self.key.encrypt(judged.password())?;
        change.fill(ciphertext.as_bytes());
        wipe(ciphertext.into_bytes());
        Ok(change)
    }

    /// [Judges](Password::judge) a password and checks it against the policies.
    ///
    /// ```
    /// use pwseal_api::PasswordInfo;
    /// use pwseal_api::pwseal::Password;
    ///
    /// let info = PasswordInfo::from_json(include_bytes!("../tests/data/password-info.json"))?;
    /// let accepted = info.recipient(None)?.accept(Password::new("correct horse 7 ")?)?;
    /// assert!(accepted.report.all_passed());
    /// assert!(!accepted.warnings.is_empty()); // a blank at the end
    /// # Ok::<(), pwseal_api::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Policy`] for a password that violates a rule, and [`Error::Core`] for one that is refused.
    pub fn accept(&self, password: Password) -> Result<Accepted, Error> {
        let judged = password.into_judged()?;
        let report = self.allow(&judged)?;
        let warnings = judged.warnings();
        Ok(Accepted {
            password: judged.into_password(),
            report,
            warnings,
        })
    }

    fn allow(&self, judged: &Judged<'_>) -> Result<Report, Error> {
        let report = self.check(judged.password());
        match report.has_violation() {
            true => Err(Error::Policy(report.into())),
            false => Ok(report),
        }
    }

    /// The body without its encrypted password, and the password to encrypt.
    pub(crate) fn prepare(
        &self,
        password: Password,
        check_policy: bool,
    ) -> Result<(PasswordChangeRequest, Password), Error> {
        let judged = password.into_judged()?;
        if check_policy {
            self.allow(&judged)?;
        }
        let change = self.without_password(judged.warnings());
        Ok((change, judged.into_password()))
    }

    fn without_password(&self, warnings: PasswordWarnings) -> PasswordChangeRequest {
        PasswordChangeRequest {
            ids: Ids::new(self.ids()),
            encrypted_password: String::new(),
            warnings,
        }
    }

    /// What the policies say of a password for this account, whether or not a body would be made of
    /// it. The account's id and name are compared with the password where a rule wants that, and more with
    /// [`with_context`](Self::with_context).
    #[must_use]
    pub fn check(&self, password: &Password) -> Report {
        self.policy.check(password, &self.context())
    }

    /// A random password that keeps the policies for this account, with what
    /// [`check`](Self::check) says of it: which rules it could not be checked against.
    ///
    /// ```
    /// use pwseal_api::PasswordInfo;
    /// use pwseal_api::pwseal::SysRng;
    ///
    /// let info = PasswordInfo::from_json(include_bytes!("../tests/data/password-info.json"))?;
    /// let recipient = info.recipient(None)?;
    /// let (password, report) = recipient.generate(&mut SysRng, 20)?;
    /// assert_eq!(password.len(), 20);
    /// assert!(report.all_passed());
    /// let change = recipient.change_request(&password)?;
    /// # Ok::<(), pwseal_api::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Core`], as [`Policy::generate_for`].
    pub fn generate<R: TryCryptoRng + ?Sized>(
        &self,
        rng: &mut R,
        options: impl Into<GenerateOptions>,
    ) -> Result<(Password, Report), Error> {
        Ok(self.policy.generate_for(rng, options, &self.context())?)
    }

    /// Adds the body of `set-password` to `out`, as [`PasswordChangeRequest::to_json`] has it, and
    /// returns where its encrypted password belongs: in unwrapped base64, which the caller writes
    /// there. It is for many passwords that are encrypted together.
    pub fn write_body(&self, out: &mut Vec<u8>) -> Range<usize> {
        body::write(out, self.ids(), self.key.size().div_ceil(3) * 4)
    }

    /// What of the account the rules compare a password with.
    fn context(&self) -> Context {
        let wants = |requirement| {
            let mut rules = self.policy.rules().iter();
            rules.any(|rule| rule.requirement() == Some(requirement))
        };
        // To take a distinguished name apart costs more than all the rest.
        let mut context = self.context.as_deref().cloned().unwrap_or_default();
        if wants(Requirement::AccountId) {
            context = context.with_account_id(&self.account_id);
        }
        if let Some(name) = self
            .account_name
            .as_deref()
            .filter(|_| wants(Requirement::DisplayName))
        {
            context = context.with_account_name(name);
        }
        context
    }

    /// In the order of [`Ids`].
    fn ids(&self) -> [&str; 4] {
        [
            &self.identity_id,
            &self.public_key_id,
            &self.account_id,
            &self.source_id,
        ]
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
        &self.identity_id
    }

    /// The name of the key.
    #[must_use]
    pub fn public_key_id(&self) -> &str {
        &self.public_key_id
    }

    /// The account whose password is to be set.
    #[must_use]
    pub fn account_id(&self) -> &str {
        &self.account_id
    }

    /// The source that the account belongs to.
    #[must_use]
    pub fn source_id(&self) -> &str {
        &self.source_id
    }
}

/// The length in bytes of what the shortest key encrypts to.
const SHORTEST_CIPHERTEXT: usize = 128;

/// The body of `set-password` (`PasswordChangeRequest` in the OpenAPI files).
///
/// Whoever has this and a token can set the password: `Debug` leaves the ciphertext out, and it
/// is wiped when dropped. Two are equal if their bodies are.
#[derive(Clone)]
pub struct PasswordChangeRequest {
    /// Of the identity, the public key, the account and the source.
    ids: Ids,
    encrypted_password: String,
    /// No part of the body.
    warnings: PasswordWarnings,
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
    /// How the JSON of each begins: whatever begins otherwise was not written here.
    pub const BEGINNING: &'static str = body::BEGINNING;

    /// Puts the encrypted password in.
    pub(crate) fn fill(&mut self, ciphertext: &[u8]) {
        self.encrypted_password = STANDARD.encode(ciphertext);
    }

    /// Reads a body that was made before, by [`to_json`](Self::to_json), by `pwseal request`, or by
    /// `pwseal bulk` as the field `request` of a line, so that
    /// [`Api::set_password`](crate::Api::set_password) can order it. It wants all five fields, and
    /// skips others. The JSON is the caller's to wipe.
    ///
    /// ```
    /// # use pwseal::Password;
    /// # use pwseal_api::PasswordInfo;
    /// # let info = PasswordInfo::from_json(include_bytes!("../tests/data/password-info.json"))?;
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
            warnings: PasswordWarnings::NONE,
        };
        for (field, value) in [
            ("identityId", change.identity_id()),
            ("encryptedPassword", change.encrypted_password()),
            ("publicKeyId", change.public_key_id()),
            ("accountId", change.account_id()),
            ("sourceId", change.source_id()),
        ] {
            if value.trim().is_empty() {
                return Err(Error::ChangeRequestField { field });
            }
        }
        Ok(change)
    }

    /// The JSON to send, on one line. It is the caller's to wipe.
    #[must_use]
    pub fn to_json(&self) -> String {
        let ids = [
            self.identity_id(),
            self.public_key_id(),
            self.account_id(),
            self.source_id(),
        ];
        let mut json = Vec::new();
        let gap = body::write(&mut json, ids, self.encrypted_password.len());
        json[gap].copy_from_slice(self.encrypted_password.as_bytes());
        String::from_utf8(json).expect("it is made of texts")
    }

    /// What may not be as it was meant in the password that it was made of. There are none of a body
    /// that was read.
    #[must_use]
    pub fn warnings(&self) -> PasswordWarnings {
        self.warnings
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
    let mut text = unescape(json)?;
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

impl PartialEq for PasswordChangeRequest {
    fn eq(&self, other: &Self) -> bool {
        self.ids == other.ids && self.encrypted_password == other.encrypted_password
    }
}

impl Eq for PasswordChangeRequest {}

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
