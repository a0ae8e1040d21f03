//! `pwseal_password`, and how a password of the caller's is copied into memory that is wiped.

use pwseal::{Error, Password as Bytes, PublicKey};

use crate::boundary;
use crate::failure::{Failure, Usage};
use crate::getters;
use crate::pointers::{self, Text};
use crate::status::Status;
use crate::text::CText;

/// A password in UTF-8, in memory that is wiped: one that was brought there from UTF-16, or was generated. Made by
/// `pwseal_password_from_utf16`, `pwseal_policy_generate` or `pwseal_password_info_generate`, freed by
/// `pwseal_password_free`. It never changes: many threads may use one at once.
#[derive(Debug)]
pub struct Password(CText);

/// Brings a password in UTF-16 to UTF-8, and puts a new handle into `*out`: what Windows hands to a password filter, or
/// a `char16_t` string. `units_len` is in code units, not bytes. `pwseal_password_text` lends it to the
/// functions that take a password.
///
/// Errors: NULL_POINTER, LENGTH_TOO_LARGE, EMPTY_PASSWORD, PASSWORD_TOO_LONG for more than any key can encrypt, and
/// PASSWORD_NOT_TEXT for half of a surrogate pair.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwseal_password_from_utf16(
    units: *const u16,
    units_len: usize,
    out: *mut *mut Password,
) -> Status {
    boundary::allocating(0, |call| {
        // SAFETY: what the header demands of an input and an output.
        unsafe {
            pointers::hand_out(call, out, || {
                let units = pointers::slice("units", units, units_len)?;
                // Each gives a byte at least.
                check_len(units.len())?;
                let password = Bytes::from_utf16(units)?;
                check_len(password.len())?;
                Password::new(&password)
            })
        }
    })
}

/// Frees a password, which is wiped. No call may be using it, and none may use it afterwards. NULL is allowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwseal_password_free(password: *mut Password) {
    boundary::value((), || {
        // SAFETY: what the header demands of a handle that is freed.
        unsafe { pointers::take_back(password) }
    });
}

/// Lends the password: UTF-8, with a NUL after it. A copy made of it is the caller's to wipe.
///
/// Errors: NULL_POINTER.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwseal_password_text(password: *const Password, out: *mut Text) -> Status {
    // SAFETY: what the header demands of a handle and an output.
    unsafe { getters::lent("password", password, out, |password| Ok(&password.0)) }
}

impl Password {
    pub(crate) fn new(password: &Bytes) -> Result<Self, Failure<'static>> {
        Ok(Self(CText::secret(password.expose())?))
    }
}

/// What the longest key, of 16384 bits, can encrypt.
const MAX_LEN: usize = 16384 / 8 - 11;

/// What is copied in any case, in bytes: the longest password with a byte order mark, or in an encoding with four bytes for
/// each character. The core says what is wrong with it.
const MAX_COPY: usize = 4 * (MAX_LEN + 1);

/// Copies a password for a key, which is not judged yet.
pub(crate) fn copy_for(key: &PublicKey, bytes: &[u8]) -> Result<Bytes, Error> {
    // Before it is copied: a length without sense must not become an allocation.
    if bytes.len() > MAX_COPY {
        key.check_password_len(bytes.len())?;
    }
    Bytes::new(bytes)
}

/// Copies a password that some key can encrypt.
pub(crate) fn copy(bytes: &[u8]) -> Result<Bytes, Failure<'static>> {
    check_len(bytes.len())?;
    Ok(Bytes::new(bytes)?)
}

fn check_len(len: usize) -> Result<(), Failure<'static>> {
    let max = MAX_LEN;
    match len > max {
        true => Err(Usage::PasswordTooLong { len, max }.into()),
        false => Ok(()),
    }
}
