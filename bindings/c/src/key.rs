//! `pwseal_key`: read a key, describe it, encrypt one password or many with it.

use core::ffi::{c_char, c_void};

use pwseal::PublicKey;

use crate::base64;
use crate::boundary;
use crate::failure::{Failure, Name, Usage};
use crate::getters;
use crate::pointers::{self, Bytes};
use crate::reserve;
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
#[must_use]
#[unsafe(no_mangle)]
pub extern "C" fn pwseal_prefer_backend_from_env() -> Status {
    boundary::allocating(reserve::OF_SELF_TESTS, |call| {
        call.ready()?;
        Ok(pwseal_api::prefer_backend_from_env()?)
    })
}

/// Reads a key and puts a new handle into `*out`: DER, base64 or PEM, of a
/// SubjectPublicKeyInfo, a PKCS#1 RSAPublicKey or an X.509 certificate; a JWK; an RSAKeyValue in
/// XML. Which one it is, is found out.
///
/// Errors: NULL_POINTER, LENGTH_TOO_LARGE, INVALID_KEY, UNSUPPORTED_KEY.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwseal_key_parse(
    bytes: *const c_void,
    bytes_len: usize,
    out: *mut *mut Key,
) -> Status {
    boundary::allocating(reserve::of_key(bytes_len), |call| {
        // SAFETY: what the header demands of an input and an output.
        unsafe {
            pointers::hand_out(call, out, || {
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
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwseal_key_from_components(
    n: *const c_void,
    n_len: usize,
    e: *const c_void,
    e_len: usize,
    out: *mut *mut Key,
) -> Status {
    boundary::allocating(reserve::of_key(n_len.saturating_add(e_len)), |call| {
        // SAFETY: what the header demands of inputs and an output.
        unsafe {
            pointers::hand_out(call, out, || {
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
#[must_use]
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
#[must_use]
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
/// little room. After RANDOM_SOURCE, `out` holds zeros.
///
/// Errors: NULL_POINTER, LENGTH_TOO_LARGE, BUFFER_TOO_SMALL, EMPTY_PASSWORD,
/// PASSWORD_TOO_LONG, RANDOM_SOURCE, and OUT_OF_RANGE for a password that lies within `out`.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwseal_key_encrypt(
    key: *const Key,
    password: *const c_void,
    password_len: usize,
    out: *mut c_void,
    out_len: *mut usize,
) -> Status {
    boundary::allocating(0, |call| {
        // SAFETY: what the header demands of a handle, an input and an output.
        unsafe {
            pointers::output(call, out, out_len, |output| {
                let key = pointers::handle("key", key)?;
                let output = output.needing(key.0.size())?;
                let password = pointers::bytes("password", password, password_len)?;
                key.0.check_bytes(password)?;
                output.refuse_overlap(key.0.size(), "password", pointers::range_of(password))?;
                output.fill(key.0.size(), |out| {
                    Ok(key.0.encrypt_bytes_into(password, out)?)
                })
            })
        }
    })
}

/// As `pwseal_key_encrypt`, and writes the ciphertext as the API's `encryptedPassword` wants it:
/// text in base64 without line breaks, and a NUL. That is 344 characters for a key of 2048 bits.
///
/// Errors: as `pwseal_key_encrypt`.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwseal_key_encrypt_base64(
    key: *const Key,
    password: *const c_void,
    password_len: usize,
    out: *mut c_char,
    out_len: *mut usize,
) -> Status {
    boundary::allocating(0, |call| {
        // SAFETY: what the header demands of a handle, an input and an output.
        unsafe {
            pointers::text_output(call, out, out_len, |output| {
                let key = pointers::handle("key", key)?;
                let output = output.needing(key.base64_len() + 1)?;
                let password = pointers::bytes("password", password, password_len)?;
                key.0.check_bytes(password)?;
                output.refuse_overlap(
                    key.base64_len() + 1,
                    "password",
                    pointers::range_of(password),
                )?;
                output.fill_text(key.base64_len(), |out| {
                    let start = key.base64_len() - key.0.size();
                    key.0.encrypt_bytes_into(password, &mut out[start..])?;
                    base64::encode_in_place(out, start);
                    Ok(())
                })
            })
        }
    })
}

/// Encrypts many passwords at once, which takes less time for each than one by one, and writes
/// `pwseal_key_size` bytes for each, one ciphertext after the other. Of the passwords holds what
/// `pwseal_key_encrypt` says. If one of them is refused, nothing is encrypted, and
/// PWSEAL_DETAIL_INDEX says which.
///
/// Errors: as `pwseal_key_encrypt`.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwseal_key_encrypt_many(
    key: *const Key,
    passwords: *const Bytes,
    passwords_len: usize,
    out: *mut c_void,
    out_len: *mut usize,
) -> Status {
    boundary::allocating(0, |call| {
        // SAFETY: what the header demands of a handle, inputs and an output.
        unsafe {
            pointers::output(call, out, out_len, |output| {
                let key = pointers::handle("key", key)?;
                let needed = many(key.0.size(), passwords_len)?;
                let output = output.needing(needed)?;
                reserve::enlarge(reserve::of_batch(key.0.size()))?;
                let passwords = key.passwords(passwords, passwords_len, &output, needed)?;
                // In place, as memory for thousands of ciphertexts costs more than the rest of the call.
                output.fill(needed, |out| {
                    Ok(key.0.encrypt_many_bytes_into(passwords, out)?)
                })
            })
        }
    })
}

/// As `pwseal_key_encrypt_many`, and writes each ciphertext as `pwseal_key_encrypt_base64` does:
/// texts of the same length, with a NUL after each. `*out_len` becomes the number of all bytes, with the NULs.
///
/// Errors: as `pwseal_key_encrypt`.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwseal_key_encrypt_many_base64(
    key: *const Key,
    passwords: *const Bytes,
    passwords_len: usize,
    out: *mut c_char,
    out_len: *mut usize,
) -> Status {
    boundary::allocating(0, |call| {
        // SAFETY: what the header demands of a handle, inputs and an output.
        unsafe {
            pointers::text_output(call, out, out_len, |output| {
                let key = pointers::handle("key", key)?;
                let size = key.base64_len() + 1;
                let needed = many(size, passwords_len)?;
                let output = output.needing(needed)?;
                reserve::enlarge(reserve::of_batch(key.0.size()))?;
                let passwords = key.passwords(passwords, passwords_len, &output, needed)?;
                output.fill(needed, |out| {
                    // All ciphertexts are at the end, and each text ends before the next of them begins.
                    let start = needed - key.0.size() * passwords.len();
                    key.0
                        .encrypt_many_bytes_into(passwords, &mut out[start..])?;
                    for index in 0..passwords_len {
                        let ciphertext = start + key.0.size() * index - size * index;
                        let text = &mut out[size * index..];
                        base64::encode_in_place(&mut text[..ciphertext + key.0.size()], ciphertext);
                        text[size - 1] = 0;
                    }
                    Ok(())
                })
            })
        }
    })
}

impl Key {
    /// The passwords of an array, of which each is looked at here, so that none is refused later, and none lies in the first bytes of
    /// the output, which are to be written.
    ///
    /// # Safety
    ///
    /// What the header demands of an input.
    unsafe fn passwords<'a>(
        &self,
        passwords: *const Bytes,
        len: usize,
        output: &pointers::Output<'_>,
        needed: usize,
    ) -> Result<impl ExactSizeIterator<Item = &'a [u8]> + Clone + use<'a>, Failure<'static>> {
        let name = |index| Name {
            argument: "passwords",
            element: Some((index, "data")),
        };
        let bytes = move |(index, password): (usize, &Bytes)| {
            // SAFETY: the caller promises it of each element.
            unsafe { pointers::bytes(name(index), password.data, password.len) }
        };
        // SAFETY: the caller promises it.
        let passwords = unsafe { pointers::slice("passwords", passwords, len) }?;
        output.refuse_overlap(needed, "passwords", pointers::range_of(passwords))?;
        for (index, password) in passwords.iter().enumerate() {
            let password = bytes((index, password))?;
            self.0
                .check_bytes(password)
                .map_err(|error| error.in_batch(index))?;
            output.refuse_overlap(needed, name(index), pointers::range_of(password))?;
        }
        let passwords = passwords.iter().enumerate();
        Ok(passwords.map(move |password| bytes(password).unwrap_or_default()))
    }

    /// The length of a ciphertext in base64.
    fn base64_len(&self) -> usize {
        self.0.size().div_ceil(3) * 4
    }
}

/// The room for `count` outputs of `size` bytes.
fn many(size: usize, count: usize) -> Result<usize, Usage> {
    size.checked_mul(count).ok_or(Usage::TooMany(count))
}
