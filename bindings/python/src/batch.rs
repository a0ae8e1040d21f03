//! Many passwords on all cores.

use std::num::NonZero;
use std::panic;
use std::sync::{Mutex, OnceLock, PoisonError};
use std::thread::{self, ScopedJoinHandle};

use pwseal::{Ciphertext, Error, Password, PublicKey};

/// How many passwords a thread takes at a time: eight times the eight that the widest backend
/// works on at once, some hundred microseconds of work.
const SHARE: usize = 64;

/// Encrypts a batch. The threads live as long as the call: a pool of them would be gone in a
/// child of `fork`, where `multiprocessing` would wait for it for ever.
pub(crate) fn encrypt(key: &PublicKey, passwords: &[Password]) -> Result<Vec<Ciphertext>, Error> {
    if passwords.len() <= SHARE {
        return key.encrypt_many(passwords);
    }
    check_lengths(key, passwords)?;
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
