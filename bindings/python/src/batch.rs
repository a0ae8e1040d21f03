//! Many passwords for one key.

use std::num::NonZero;

use pwseal::{Ciphertext, Password, PublicKey, Threads};
use pyo3::prelude::*;

use crate::error::{from_core, plain};
use crate::input::{Number, Text};

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
    passwords: &[&Password],
    threads: Threads,
) -> PyResult<Vec<Ciphertext>> {
    let mut ciphertexts = Vec::with_capacity(passwords.len());
    for part in passwords.chunks(threads.part(passwords.len(), key.size())) {
        py.check_signals()?;
        let encrypted = py.detach(|| key.encrypt_many_on(threads, part));
        ciphertexts.extend(encrypted.map_err(|error| from_core(py, error))?);
    }
    Ok(ciphertexts)
}

/// How many threads a caller wants.
pub(crate) fn threads(given: Option<Number<usize>>) -> PyResult<Threads> {
    const RANGE: &str = "threads are a number from 1 on";
    match given.map(|number| number.or(RANGE)).transpose()? {
        None => Ok(Threads::WHERE_IT_PAYS),
        Some(number) => NonZero::new(number)
            .map(Threads::at_most)
            .ok_or_else(|| plain(RANGE)),
    }
}
