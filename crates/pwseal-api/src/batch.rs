//! Many bodies of `set-password`, encrypted together.

use pwseal::{Password, PublicKey};

use crate::change_request::{PasswordChangeRequest, Recipient};
use crate::error::Error;

/// Bodies of `set-password` for many accounts. Passwords for one key are encrypted together,
/// which takes about half the time of one after the other. What is wrong with one has no effect on the others.
///
/// ```
/// use pwseal_api::{Batch, PasswordInfo};
/// use pwseal_api::pwseal::Password;
///
/// let info = PasswordInfo::from_json(include_bytes!("../tests/data/password-info.json"))?;
/// let mut batch = Batch::new();
/// for password in ["correct horse 7", "zzzz7"] {
///     batch.push(info.recipient(None), Password::new(password)?);
/// }
/// let bodies = batch.finish();
/// assert!(bodies[0].is_ok());
/// assert!(bodies[1].is_err());
/// # Ok::<(), pwseal_api::Error>(())
/// ```
#[derive(Debug, Default)]
pub struct Batch {
    /// Of those that are no error the encrypted password is missing.
    bodies: Vec<Result<PasswordChangeRequest, Error>>,
    groups: Vec<Group>,
}

/// The passwords for one key.
#[derive(Debug)]
struct Group {
    key: PublicKey,
    passwords: Vec<Password>,
    /// Of each password, which body it belongs to.
    indices: Vec<usize>,
}

impl Batch {
    /// An empty batch.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds what [`Recipient::change_request`] makes of a password, or the error that there is no
    /// recipient.
    pub fn push(&mut self, recipient: Result<Recipient<'_>, Error>, password: Password) {
        self.add(recipient, password, true);
    }

    /// Adds what [`Recipient::change_request_despite_policy`] makes of a password.
    pub fn push_despite_policy(
        &mut self,
        recipient: Result<Recipient<'_>, Error>,
        password: Password,
    ) {
        self.add(recipient, password, false);
    }

    fn add(
        &mut self,
        recipient: Result<Recipient<'_>, Error>,
        password: Password,
        check_policy: bool,
    ) {
        let body = recipient.and_then(|recipient| {
            let (body, password) = recipient.prepare(password, check_policy)?;
            self.put(recipient.key(), password);
            Ok(body)
        });
        self.bodies.push(body);
    }

    /// Puts a password beside the others for the same key.
    fn put(&mut self, key: &PublicKey, password: Password) {
        let group = self.groups.iter().position(|group| group.key == *key);
        let group = group.unwrap_or_else(|| {
            self.groups.push(Group {
                key: key.clone(),
                passwords: Vec::new(),
                indices: Vec::new(),
            });
            self.groups.len() - 1
        });
        self.groups[group].passwords.push(password);
        self.groups[group].indices.push(self.bodies.len());
    }

    /// A body or an error for each that was added, in order.
    #[must_use]
    pub fn finish(mut self) -> Vec<Result<PasswordChangeRequest, Error>> {
        for group in self.groups {
            match group.key.encrypt_many(&group.passwords) {
                Ok(ciphertexts) => {
                    for (index, ciphertext) in group.indices.into_iter().zip(ciphertexts) {
                        if let Ok(body) = &mut self.bodies[index] {
                            body.fill(ciphertext);
                        }
                    }
                }
                // Without random numbers there is no body.
                Err(error) => {
                    for index in group.indices {
                        self.bodies[index] = Err(error.clone().into());
                    }
                }
            }
        }
        self.bodies
    }
}
