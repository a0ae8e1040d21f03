//! A password of the caller's, copied into memory that is wiped.

use pwseal::{Error, Password};

use crate::boundary::Failure;
use crate::status::Status;

/// What the longest key, of 16384 bits, can encrypt.
const MAX_LEN: usize = 16384 / 8 - 11;

/// What is copied in any case, in bytes: the longest password with a byte order mark, or in an encoding with four bytes for
/// each character. The core says what is wrong with it.
const MAX_COPY: usize = 4 * (MAX_LEN + 1);

/// Copies a password for a key that can encrypt one of `max` bytes, which is not judged yet.
pub(crate) fn copy_for(max: usize, bytes: &[u8]) -> Result<Password, Error> {
    copy_within(MAX_COPY, max, bytes)
}

/// Copies a password that is no longer than `max`: what is encrypted as it is has no other length.
pub(crate) fn copy_up_to(max: usize, bytes: &[u8]) -> Result<Password, Error> {
    copy_within(max, max, bytes)
}

/// Copies a password that some key can encrypt.
pub(crate) fn copy(bytes: &[u8]) -> Result<Password, Failure> {
    copy_up_to(MAX_LEN, bytes).map_err(|error| match error {
        Error::PasswordTooLong { len, max } => Failure::new(
            Status::PasswordTooLong,
            format!("the password has {len} bytes; the longest that any key can encrypt has {max}"),
        ),
        error => error.into(),
    })
}

fn copy_within(limit: usize, max: usize, bytes: &[u8]) -> Result<Password, Error> {
    let len = bytes.len();
    // Before it is copied: a length without sense must not become an allocation that aborts.
    if len > limit {
        return Err(Error::PasswordTooLong { len, max });
    }
    Password::new(bytes)
}
