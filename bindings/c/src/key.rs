//! `pwseal_key`: read a key, describe it, encrypt with it.

use core::ffi::c_char;

use pwseal::{Ciphertext, Error, Password, PublicKey};

use crate::boundary::{self, Failure};
use crate::pointers::{self, Output};
use crate::status::Status;

/// An RSA public key, checked and ready to encrypt. Made by `pwseal_key_parse`, freed by
/// `pwseal_key_free`. It never changes: many threads may use one key at once.
#[derive(Debug)]
pub struct Key(PublicKey);

const _: () = {
    const fn many_threads_may_use<T: Send + Sync>() {}
    many_threads_may_use::<Key>();
};

/// The hexadecimal digits of a SHA-256 digest.
const FINGERPRINT_LEN: usize = 64;

/// Reads a key and puts a new handle into `*out`: DER, base64 or PEM, of a
/// SubjectPublicKeyInfo, a PKCS#1 RSAPublicKey or an X.509 certificate. Which one it is, is
/// found out.
///
/// Errors: NULL_POINTER, LENGTH_TOO_LARGE, INVALID_KEY.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwseal_key_parse(
    bytes: *const u8,
    bytes_len: usize,
    out: *mut *mut Key,
) -> Status {
    boundary::status(|| {
        // SAFETY: the header demands `bytes_len` bytes that stay as they are, and an `out` that
        // can be written.
        unsafe {
            pointers::hand_out(out, || {
                let bytes = pointers::bytes("bytes", bytes, bytes_len)?;
                Ok(Key(PublicKey::parse(bytes)?))
            })
        }
    })
}

/// Frees a key. No call may be using it, and none may use it afterwards. NULL is allowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwseal_key_free(key: *mut Key) {
    boundary::value((), || {
        // SAFETY: the header demands a key that is freed once and used by nobody.
        unsafe { pointers::take_back(key) }
    });
}

/// The length of the modulus in bits, and 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwseal_key_bits(key: *const Key) -> usize {
    // SAFETY: as in the function called.
    unsafe { number(key, PublicKey::bits) }
}

/// The length of a ciphertext in bytes, and 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwseal_key_size(key: *const Key) -> usize {
    // SAFETY: as in the function called.
    unsafe { number(key, PublicKey::size) }
}

/// The longest password in bytes, 245 for a key of 2048 bits, and 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwseal_key_max_password_len(key: *const Key) -> usize {
    // SAFETY: as in the function called.
    unsafe { number(key, PublicKey::max_password_len) }
}

/// # Safety
///
/// `key` is NULL or a key that is not freed meanwhile.
unsafe fn number(key: *const Key, read: impl FnOnce(&PublicKey) -> usize) -> usize {
    boundary::value(0, || {
        // SAFETY: as the header demands, `key` is NULL or a key that is not freed meanwhile.
        let key = unsafe { pointers::handle("key", key) };
        key.map_or(0, |key| read(&key.0))
    })
}

/// Writes the SHA-256 digest of the key's SubjectPublicKeyInfo as text: 64 hexadecimal digits in
/// lower case and a NUL. It is the same in whatever form the key came.
///
/// Errors: NULL_POINTER, BUFFER_TOO_SMALL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwseal_key_fingerprint(
    key: *const Key,
    out: *mut c_char,
    out_len: *mut usize,
) -> Status {
    boundary::status(|| {
        // SAFETY: the header demands a key that is not freed meanwhile.
        let key = unsafe { pointers::handle("key", key) }?;
        // SAFETY: the header demands `*out_len` bytes at `out`, both free to be written.
        let output = unsafe { Output::new(out.cast(), out_len, FINGERPRINT_LEN + 1) }?;
        output.write_text(key.0.fingerprint().to_string());
        Ok(())
    })
}

/// Encrypts a password (RSAES-PKCS1-v1_5, RFC 8017, section 7.2.1) and writes
/// `pwseal_key_size` bytes. Two calls never give the same ones.
///
/// The API expects the password in UTF-8, without a NUL or line break at its end. Its bytes
/// are encrypted as they are, and every copy is wiped. It is not looked at if there is too
/// little room.
///
/// Errors: NULL_POINTER, LENGTH_TOO_LARGE, BUFFER_TOO_SMALL, EMPTY_PASSWORD,
/// PASSWORD_TOO_LONG, RANDOM_SOURCE.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwseal_key_encrypt(
    key: *const Key,
    password: *const u8,
    password_len: usize,
    out: *mut u8,
    out_len: *mut usize,
) -> Status {
    boundary::status(|| {
        // SAFETY: the header demands a key that is not freed meanwhile.
        let key = unsafe { pointers::handle("key", key) }?;
        // SAFETY: the header demands `*out_len` bytes at `out`, both free to be written.
        let output = unsafe { Output::new(out, out_len, key.0.size()) }?;
        // SAFETY: the header demands `password_len` bytes that stay as they are.
        let password = unsafe { pointers::bytes("password", password, password_len) }?;
        output.write(encrypt(&key.0, password)?.as_bytes());
        Ok(())
    })
}

/// As `pwseal_key_encrypt`, and writes the ciphertext as the API's `encryptedPassword` wants it:
/// text in base64 without line breaks, and a NUL. That is 345 bytes for a key of 2048 bits.
///
/// Errors: as `pwseal_key_encrypt`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwseal_key_encrypt_base64(
    key: *const Key,
    password: *const u8,
    password_len: usize,
    out: *mut c_char,
    out_len: *mut usize,
) -> Status {
    boundary::status(|| {
        // SAFETY: the header demands a key that is not freed meanwhile.
        let key = unsafe { pointers::handle("key", key) }?;
        let needed = key.0.size().div_ceil(3) * 4 + 1;
        // SAFETY: the header demands `*out_len` bytes at `out`, both free to be written.
        let output = unsafe { Output::new(out.cast(), out_len, needed) }?;
        // SAFETY: the header demands `password_len` bytes that stay as they are.
        let password = unsafe { pointers::bytes("password", password, password_len) }?;
        output.write_text(encrypt(&key.0, password)?.to_base64());
        Ok(())
    })
}

fn encrypt(key: &PublicKey, password: &[u8]) -> Result<Ciphertext, Failure> {
    let (len, max) = (password.len(), key.max_password_len());
    // Before it is copied: a length without sense must not become an allocation that aborts.
    if len > max {
        return Err(Error::PasswordTooLong { len, max }.into());
    }
    Ok(key.encrypt(&Password::new(password)?)?)
}
