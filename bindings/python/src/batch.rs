//! Many passwords for one key.

use pwseal::{Ciphertext, Error, Password, PublicKey};
use pyo3::prelude::*;

use crate::error::{from_core, plain};
use crate::input::Text;
use crate::threads::Threads;

/// What becomes of an error about one item of a batch.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Errors {
    /// It is raised, and nothing else is done.
    Raise,
    /// It takes the place of a result.
    Return,
}

impl Errors {
    pub(crate) fn read(given: Option<&Text<'_>>) -> PyResult<Self> {
        match given.map(|given| given.read("errors")).transpose()? {
            None | Some("raise") => Ok(Self::Raise),
            Some("return") => Ok(Self::Return),
            Some(_) => Err(plain("errors is none of raise and return")),
        }
    }
}

/// Encrypts passwords, none of which is too long.
pub(crate) fn encrypt(
    py: Python<'_>,
    key: &PublicKey,
    mut passwords: Vec<&Password>,
    threads: Threads,
) -> PyResult<Vec<Ciphertext>> {
    let size = key.size();
    let mut ciphertexts = Vec::with_capacity(passwords.len());
    let part = threads.part(passwords.len(), size);
    for part in passwords.chunks_mut(part) {
        py.check_signals()?;
        let encrypt = |share: &mut [&Password]| key.encrypt_many(share);
        let shares = py.detach(|| threads.share_out(part, size, encrypt));
        for share in shares {
            ciphertexts.extend(share.map_err(|error: Error| from_core(py, error))?);
        }
    }
    Ok(ciphertexts)
}
