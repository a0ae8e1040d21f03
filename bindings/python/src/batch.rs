//! Many passwords on all cores.

use std::num::NonZero;
use std::panic;
use std::sync::{Mutex, OnceLock, PoisonError};
use std::thread::{self, ScopedJoinHandle};

use pwseal::{Ciphertext, Error, Password, PublicKey};
use pyo3::prelude::*;

use crate::error::from_core;

/// How many passwords a thread takes at a time: eight times the eight that the widest backend
/// works on at once, some hundred microseconds of work.
const SHARE: usize = 64;

/// How many passwords each core gets between two looks whether Ctrl-C was pressed: some ten
/// milliseconds of work, beside which the start of the threads takes next to nothing.
const PART: usize = 64 * SHARE;

/// Encrypts a batch.
pub(crate) fn encrypt(
    py: Python<'_>,
    key: &PublicKey,
    passwords: &[Password],
) -> PyResult<Vec<Ciphertext>> {
    py.detach(|| check_lengths(key, passwords))
        .map_err(|error| from_core(py, error))?;
    // A small batch need not know how many cores there are.
    let part = match passwords.len() > PART {
        true => PART * cores(),
        false => PART,
    };
    let mut ciphertexts = Vec::with_capacity(passwords.len());
    for part in passwords.chunks(part) {
        py.check_signals()?;
        let part = py.detach(|| encrypt_part(key, part));
        ciphertexts.extend(part.map_err(|error| from_core(py, error))?);
    }
    Ok(ciphertexts)
}

/// The threads live as long as the call: a pool of them would be gone in a child of `fork`, where
/// `multiprocessing` would wait for it for ever.
fn encrypt_part(key: &PublicKey, passwords: &[Password]) -> Result<Vec<Ciphertext>, Error> {
    if passwords.len() <= SHARE {
        return key.encrypt_many(passwords);
    }
    let mut results = vec![Vec::new(); passwords.len().div_ceil(SHARE)];
    let shares = Mutex::new(passwords.chunks(SHARE).zip(&mut results));
    let work = || -> Result<(), Error> {
        loop {
            let share = shares.lock().unwrap_or_else(PoisonError::into_inner).next();
            let Some((passwords, result)) = share else {
                return Ok(());
            };
            *result = key.encrypt_many(passwords)?;
        }
    };
    thread::scope(|scope| {
        // Without a thread more, where the system has none left, this one does it all.
        let start = |_| thread::Builder::new().spawn_scoped(scope, work).ok();
        let helpers: Vec<_> = (1..cores().min(passwords.len() / SHARE))
            .filter_map(start)
            .collect();
        let here = work();
        let join = |helper: ScopedJoinHandle<'_, _>| match helper.join() {
            Ok(there) => there,
            Err(panic) => panic::resume_unwind(panic),
        };
        helpers.into_iter().map(join).fold(here, Result::and)
    })?;
    Ok(results.into_iter().flatten().collect())
}

/// Names the first password that is too long by its index in the whole batch.
fn check_lengths(key: &PublicKey, passwords: &[Password]) -> Result<(), Error> {
    let max = key.max_password_len();
    let mut lengths = passwords.iter().map(Password::len).enumerate();
    match lengths.find(|(_, len)| *len > max) {
        Some((index, len)) => Err(Error::InBatch {
            index,
            error: Error::PasswordTooLong { len, max }.into(),
        }),
        None => Ok(()),
    }
}

/// Asked for once: the answer takes several files of the system.
fn cores() -> usize {
    static CORES: OnceLock<usize> = OnceLock::new();
    *CORES.get_or_init(|| thread::available_parallelism().map_or(1, NonZero::get))
}
