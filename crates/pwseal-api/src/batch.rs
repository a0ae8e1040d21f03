//! Many bodies of `set-password`, encrypted together.

use core::fmt;

use pwseal::{Error as CoreError, Password, PublicKey};
use zeroize::Zeroizing;

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
    queue: EncryptionQueue,
    /// Of each password in the queue, which body it belongs to.
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
            self.queue.add(&recipient, password)?;
            self.indices.push(self.bodies.len());
            Ok(body)
        });
        self.bodies.push(body);
    }

    /// A body or an error for each that was added, in order.
    #[must_use]
    pub fn finish(mut self) -> Vec<Result<PasswordChangeRequest, Error>> {
        let encrypted = self.queue.encrypt(|place, ciphertext| {
            if let Ok(body) = &mut self.bodies[self.indices[place]] {
                body.fill(ciphertext);
            }
        });
        // Without random numbers there is no body.
        if let Err(error) = encrypted {
            for body in &mut self.bodies {
                if body
                    .as_ref()
                    .is_ok_and(|body| body.encrypted_password().is_empty())
                {
                    *body = Err(error.clone().into());
                }
            }
        }
        self.bodies
    }
}

/// Passwords that wait to be encrypted, those for one key together. It is for whoever writes the bodies, with
/// [`Recipient::write_body`]; a [`Batch`] does both.
///
/// ```
/// use pwseal_api::{EncryptionQueue, PasswordInfo};
/// use pwseal_api::pwseal::Password;
///
/// let info = PasswordInfo::from_json(include_bytes!("../tests/data/password-info.json"))?;
/// let mut queue = EncryptionQueue::new();
/// let place = queue.add(&info.recipient(None)?, Password::new("correct horse 7")?)?;
/// let mut ciphertexts = Vec::new();
/// queue.encrypt(|place, ciphertext| ciphertexts.push((place, ciphertext.to_vec())))?;
/// assert_eq!((ciphertexts[0].0, ciphertexts[0].1.len()), (place, 256));
/// # Ok::<(), pwseal_api::Error>(())
/// ```
///
/// `Debug` leaves ciphertexts out, and they are wiped when it is dropped.
#[derive(Default)]
pub struct EncryptionQueue {
    groups: Vec<Group>,
    len: usize,
    /// Where ciphertexts come to be.
    blocks: Zeroizing<Vec<u8>>,
}

impl fmt::Debug for EncryptionQueue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EncryptionQueue")
            .field("groups", &self.groups)
            .field("len", &self.len)
            .finish_non_exhaustive()
    }
}

/// The passwords for one key, and their places in the queue.
#[derive(Debug)]
struct Group {
    key: PublicKey,
    passwords: Vec<Password>,
    places: Vec<usize>,
}

impl EncryptionQueue {
    /// An empty queue.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a password as it is, and returns its place, counted from 0.
    ///
    /// # Errors
    ///
    /// [`Error::Core`] for one that is longer than the key can encrypt.
    pub fn add(&mut self, recipient: &Recipient<'_>, password: Password) -> Result<usize, Error> {
        let key = recipient.key();
        key.check_password_len(password.len())?;
        let group = self.groups.iter().position(|group| group.key == *key);
        let group = group.unwrap_or_else(|| {
            self.groups.push(Group {
                key: key.clone(),
                passwords: Vec::new(),
                places: Vec::new(),
            });
            self.groups.len() - 1
        });
        let group = &mut self.groups[group];
        group.passwords.push(password);
        group.places.push(self.len);
        self.len += 1;
        Ok(self.len - 1)
    }

    /// Encrypts all, hands out each ciphertext with its place, those for one key together, and leaves the queue empty.
    ///
    /// # Errors
    ///
    /// [`RandomSource`](CoreError::RandomSource). The places that were handed out until then are good.
    pub fn encrypt(&mut self, mut each: impl FnMut(usize, &[u8])) -> Result<(), CoreError> {
        self.len = 0;
        for group in std::mem::take(&mut self.groups) {
            let size = group.key.size();
            let len = size * group.passwords.len();
            if self.blocks.len() < len {
                // Not resized, which could leave a copy behind.
                self.blocks = Zeroizing::new(vec![0; len]);
            }
            let blocks = &mut self.blocks[..len];
            group.key.encrypt_many_into(&group.passwords, blocks)?;
            for (block, place) in blocks.chunks_exact(size).zip(group.places) {
                each(place, block);
            }
        }
        Ok(())
    }
}
