//! `pwseal_key`: read a key, describe it, encrypt one password or many with it.

use core::ffi::c_char;

use pwseal::{Ciphertext, Error, Password, PublicKey};

use crate::boundary::{self, Failure};
use crate::getters;
use crate::password;
use crate::pointers::{self, Bytes, Output};
use crate::status::Status;

/// An RSA public key, checked and ready to encrypt. Made by `pwseal_key_parse`, freed by
/// `pwseal_key_free`. It never changes: many threads may use one key at once.
#[derive(Debug)]
pub struct Key(pub(crate) PublicKey);

/// Makes the backend that the environment variable `PWSEAL_BACKEND` names the one of every key that is
/// made from now on in this process: `portable` for a tool such as valgrind that does not know the
/// fastest. Without the variable nothing changes, and without this call it is not looked at. Call it
/// before there are other threads, as it reads the environment.
///
/// Errors: INVALID_BACKEND.
#[unsafe(no_mangle)]
pub extern "C" fn pwseal_prefer_backend_from_env() -> Status {
    boundary::status(|| Ok(pwseal_api::prefer_backend_from_env()?))
}

/// Reads a key and puts a new handle into `*out`: DER, base64 or PEM, of a
/// SubjectPublicKeyInfo, a PKCS#1 RSAPublicKey or an X.509 certificate; a JWK; an RSAKeyValue in
/// XML. Which one it is, is found out.
///
/// Errors: NULL_POINTER, LENGTH_TOO_LARGE, INVALID_KEY, UNSUPPORTED_KEY.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwseal_key_parse(
    bytes: *const u8,
    bytes_len: usize,
    out: *mut *mut Key,
) -> Status {
    boundary::status(|| {
        // SAFETY: what the header demands of an input and an output.
        unsafe {
            pointers::hand_out(out, || {
                let bytes = pointers::bytes("bytes", bytes, bytes_len)?;
                Ok(Key(PublicKey::parse(bytes)?))
            })
        }
    })
}

/// Makes a key of a modulus and an exponent, both big-endian, and puts a new handle into `*out`.
/// Leading zeros are allowed.
///
/// Errors: NULL_POINTER, LENGTH_TOO_LARGE, INVALID_KEY, UNSUPPORTED_KEY.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwseal_key_from_components(
    n: *const u8,
    n_len: usize,
    e: *const u8,
    e_len: usize,
    out: *mut *mut Key,
) -> Status {
    boundary::status(|| {
        // SAFETY: what the header demands of inputs and an output.
        unsafe {
            pointers::hand_out(out, || {
                let n = pointers::bytes("n", n, n_len)?;
                let e = pointers::bytes("e", e, e_len)?;
                Ok(Key(PublicKey::from_components(n, e)?))
            })
        }
    })
}

/// Frees a key. No call may be using it, and none may use it afterwards. NULL is allowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwseal_key_free(key: *mut Key) {
    boundary::value((), || {
        // SAFETY: what the header demands of a handle that is freed.
        unsafe { pointers::take_back(key) }
    });
}

/// The length of the modulus in bits, and 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwseal_key_bits(key: *const Key) -> usize {
    // SAFETY: what the header demands of a handle.
    unsafe { getters::value(key, 0, |key| key.0.bits()) }
}

/// The length of a ciphertext in bytes, and 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwseal_key_size(key: *const Key) -> usize {
    // SAFETY: what the header demands of a handle.
    unsafe { getters::value(key, 0, |key| key.0.size()) }
}

/// The longest password in bytes, 245 for a key of 2048 bits, and 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwseal_key_max_password_len(key: *const Key) -> usize {
    // SAFETY: what the header demands of a handle.
    unsafe { getters::value(key, 0, |key| key.0.max_password_len()) }
}

/// Writes the name of the implementation of the arithmetic that the key uses, such as `portable`.
///
/// Errors: NULL_POINTER, BUFFER_TOO_SMALL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwseal_key_backend(
    key: *const Key,
    out: *mut c_char,
    out_len: *mut usize,
) -> Status {
    // SAFETY: what the header demands of a handle and an output.
    unsafe {
        getters::text("key", key, out, out_len, |key| {
            Ok(key.0.backend().to_string())
        })
    }
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
    // SAFETY: what the header demands of a handle and an output.
    unsafe {
        getters::text("key", key, out, out_len, |key| {
            Ok(key.0.fingerprint().to_string())
        })
    }
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
        // SAFETY: what the header demands of a handle.
        let key = unsafe { pointers::handle("key", key) }?;
        // SAFETY: what the header demands of an output.
        let output = unsafe { Output::new(out, out_len, key.0.size()) }?;
        // SAFETY: what the header demands of an input.
        let password = unsafe { pointers::bytes("password", password, password_len) }?;
        output.write(key.encrypt(password)?.as_bytes());
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
        // SAFETY: what the header demands of a handle.
        let key = unsafe { pointers::handle("key", key) }?;
        // SAFETY: what the header demands of an output.
        let output = unsafe { Output::new(out.cast(), out_len, key.base64_size()) }?;
        // SAFETY: what the header demands of an input.
        let password = unsafe { pointers::bytes("password", password, password_len) }?;
        output.write_text(key.encrypt(password)?.to_base64().as_bytes());
        Ok(())
    })
}

/// Encrypts many passwords at once, which takes less time for each than one by one, and writes
/// `pwseal_key_size` bytes for each, one ciphertext after the other. Of the passwords holds what
/// `pwseal_key_encrypt` says. If one of them is refused, nothing is encrypted, and
/// `pwseal_last_error` says which. After RANDOM_SOURCE, `out` holds zeros.
///
/// Errors: as `pwseal_key_encrypt`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwseal_key_encrypt_many(
    key: *const Key,
    passwords: *const Bytes,
    passwords_len: usize,
    out: *mut u8,
    out_len: *mut usize,
) -> Status {
    boundary::status(|| {
        // SAFETY: what the header demands of a handle.
        let key = unsafe { pointers::handle("key", key) }?;
        let needed = many(key.0.size(), passwords_len)?;
        // SAFETY: what the header demands of an output.
        let output = unsafe { Output::new(out, out_len, needed) }?;
        // SAFETY: what the header demands of an input.
        let passwords = unsafe { key.passwords(passwords, passwords_len) }?;
        // In place, as memory for thousands of ciphertexts costs more than the rest of the call.
        output.fill(|out| Ok(key.0.encrypt_many_into(&passwords, out)?))
    })
}

/// As `pwseal_key_encrypt_many`, and writes each ciphertext as `pwseal_key_encrypt_base64` does:
/// text with a NUL after each, and all of the same length. `out` is touched on success only.
///
/// Errors: as `pwseal_key_encrypt`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwseal_key_encrypt_many_base64(
    key: *const Key,
    passwords: *const Bytes,
    passwords_len: usize,
    out: *mut c_char,
    out_len: *mut usize,
) -> Status {
    boundary::status(|| {
        // SAFETY: what the header demands of a handle.
        let key = unsafe { pointers::handle("key", key) }?;
        let needed = many(key.base64_size(), passwords_len)?;
        // SAFETY: what the header demands of an output.
        let output = unsafe { Output::new(out.cast(), out_len, needed) }?;
        // SAFETY: what the header demands of an input.
        let passwords = unsafe { key.passwords(passwords, passwords_len) }?;
        let mut texts = Vec::with_capacity(needed);
        for ciphertext in key.0.encrypt_many(&passwords)? {
            texts.extend_from_slice(ciphertext.to_base64().as_bytes());
            texts.push(0);
        }
        output.write(&texts);
        Ok(())
    })
}

impl Key {
    fn encrypt(&self, password: &[u8]) -> Result<Ciphertext, Failure> {
        let password = password::copy_up_to(self.0.max_password_len(), password)?;
        Ok(self.0.encrypt(&password)?)
    }

    /// # Safety
    ///
    /// What the header demands of an input.
    unsafe fn passwords(
        &self,
        passwords: *const Bytes,
        len: usize,
    ) -> Result<Vec<Password>, Failure> {
        let max = self.0.max_password_len();
        // SAFETY: the caller promises it.
        let passwords = unsafe { pointers::slice("passwords", passwords, len) }?;
        let mut copies = Vec::with_capacity(len);
        for (index, password) in passwords.iter().enumerate() {
            // SAFETY: the caller promises it of each element.
            let bytes = unsafe { password.read(format_args!("passwords[{index}].data")) }?;
            let copy = password::copy_up_to(max, bytes).map_err(|error| Error::InBatch {
                index,
                error: error.into(),
            })?;
            copies.push(copy);
        }
        Ok(copies)
    }

    /// The length of a ciphertext in base64, with the NUL.
    fn base64_size(&self) -> usize {
        self.0.size().div_ceil(3) * 4 + 1
    }
}

/// The room for `count` outputs of `size` bytes.
fn many(size: usize, count: usize) -> Result<usize, Failure> {
    size.checked_mul(count).ok_or_else(|| {
        let message = format!("the ciphertexts of {count} passwords fit into no memory");
        Failure::new(Status::LengthTooLarge, message)
    })
}
