//! The body of `set-password`.

use core::fmt;

use pwseal::Ciphertext;
use serde::Serialize;
use zeroize::Zeroize;

use crate::error::Error;
use crate::password_info::{PasswordInfo, PasswordInfoAccount, required};

/// The body of `set-password` (`PasswordChangeRequest` in the OpenAPI files).
///
/// Whoever has the private key can read the password out of it, and whoever has it can set the
/// password: `Debug` leaves the ciphertext out, and it is wiped when dropped.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PasswordChangeRequest {
    identity_id: String,
    encrypted_password: String,
    public_key_id: String,
    account_id: String,
    source_id: String,
}

impl PasswordChangeRequest {
    /// The body for one account of a password-info response. The ciphertext must have been
    /// made with that response's key.
    ///
    /// # Errors
    ///
    /// [`Error::MissingField`]: every field of the body must be there and not empty.
    pub fn new(
        info: &PasswordInfo,
        account: &PasswordInfoAccount,
        ciphertext: &Ciphertext,
    ) -> Result<Self, Error> {
        Ok(Self {
            identity_id: required(info.identity_id.as_deref(), "identityId")?.into(),
            public_key_id: required(info.public_key_id.as_deref(), "publicKeyId")?.into(),
            account_id: required(account.account_id.as_deref(), "accountId")?.into(),
            source_id: required(info.source_id.as_deref(), "sourceId")?.into(),
            encrypted_password: ciphertext.to_base64(),
        })
    }

    /// The JSON to send, on one line.
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).expect("strings are always serialised")
    }

    /// The identity whose password is to be set.
    #[must_use]
    pub fn identity_id(&self) -> &str {
        &self.identity_id
    }

    /// The encrypted password in unwrapped base64.
    #[must_use]
    pub fn encrypted_password(&self) -> &str {
        &self.encrypted_password
    }

    /// The name of the key that it was encrypted with.
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

impl fmt::Debug for PasswordChangeRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PasswordChangeRequest")
            .field("identity_id", &self.identity_id)
            .field("encrypted_password", &"[redacted]")
            .field("public_key_id", &self.public_key_id)
            .field("account_id", &self.account_id)
            .field("source_id", &self.source_id)
            .finish()
    }
}

impl Drop for PasswordChangeRequest {
    fn drop(&mut self) {
        self.encrypted_password.zeroize();
    }
}
