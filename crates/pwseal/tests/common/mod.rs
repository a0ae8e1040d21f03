//! What the test files share: injected random sources and the files of `tests/data`.
#![allow(dead_code, reason = "every test file uses a part of it")]
#![allow(clippy::panic, reason = "that is how a test fails")]

pub(crate) mod certificates;
pub(crate) mod odd_keys;

use std::error::Error;
use std::fmt;
use std::fs;
use std::path::PathBuf;

use pwseal::rand_core::{TryCryptoRng, TryRng};
use pwseal::{Password, PublicKey};
use rsa::pkcs8::DecodePrivateKey;
use rsa::traits::{PrivateKeyParts, PublicKeyParts};
use rsa::{BigUint, Pkcs1v15Encrypt, RsaPrivateKey};

/// The sizes in bits of the test keys `rsa*.private.pem`.
pub(crate) const SIZES: [usize; 5] = [1024, 2048, 2049, 3072, 4096];

pub(crate) fn path(name: &str) -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "tests", "data", name]
        .iter()
        .collect()
}

/// A file of `tests/data`.
pub(crate) fn read(name: &str) -> Vec<u8> {
    fs::read(path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// A text file of `tests/data`.
pub(crate) fn read_text(name: &str) -> String {
    String::from_utf8(read(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// The base64 of a PEM file of `tests/data`, in one line.
pub(crate) fn read_base64(name: &str) -> String {
    read_text(name)
        .lines()
        .filter(|line| !line.starts_with("-----"))
        .collect()
}

/// The DER of a PEM file of `tests/data`.
pub(crate) fn read_der(name: &str) -> Vec<u8> {
    unbase64(&read_base64(name))
}

pub(crate) fn base64(bytes: &[u8]) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(bytes)
}

pub(crate) fn unbase64(text: &str) -> Vec<u8> {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD
        .decode(text)
        .unwrap_or_else(|error| panic!("{text:?} is not base64: {error}"))
}

/// A test key of one of [`SIZES`].
pub(crate) fn public_key(bits: usize) -> PublicKey {
    PublicKey::parse(read(&format!("rsa{bits}.spki.pem"))).expect("a test key parses")
}

/// Decrypts with a test key of one of [`SIZES`] and the crate `rsa`.
pub(crate) struct Decryptor(RsaPrivateKey);

impl Decryptor {
    pub(crate) fn new(bits: usize) -> Self {
        let pem = read_text(&format!("rsa{bits}.private.pem"));
        Self(RsaPrivateKey::from_pkcs8_pem(&pem).expect("a test key parses"))
    }

    pub(crate) fn decrypt(&self, ciphertext: impl AsRef<[u8]>) -> Vec<u8> {
        self.0
            .decrypt(Pkcs1v15Encrypt, ciphertext.as_ref())
            .expect("the padding is right")
    }

    /// The padded message EM, as long as the modulus.
    pub(crate) fn padded(&self, ciphertext: impl AsRef<[u8]>) -> Vec<u8> {
        let em = BigUint::from_bytes_be(ciphertext.as_ref()).modpow(self.0.d(), self.0.n());
        let em = em.to_bytes_be();
        [&vec![0; self.0.size() - em.len()][..], &em].concat()
    }
}

/// A password that may be empty.
pub(crate) fn password(bytes: &[u8]) -> Password {
    match bytes {
        [] => Password::empty(),
        _ => Password::new(bytes).expect("it is not empty"),
    }
}

/// A random source that gives the bytes of a slice in order, then fails.
pub(crate) struct Stream<'a>(pub(crate) &'a [u8]);

#[derive(Debug)]
pub(crate) struct Exhausted;

impl fmt::Display for Exhausted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the stream is exhausted")
    }
}

impl Error for Exhausted {}

impl TryRng for Stream<'_> {
    type Error = Exhausted;

    fn try_next_u32(&mut self) -> Result<u32, Exhausted> {
        unreachable!("padding is drawn as bytes")
    }

    fn try_next_u64(&mut self) -> Result<u64, Exhausted> {
        unreachable!("padding is drawn as bytes")
    }

    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Exhausted> {
        let (drawn, rest) = self.0.split_at_checked(out.len()).ok_or(Exhausted)?;
        out.copy_from_slice(drawn);
        self.0 = rest;
        Ok(())
    }
}

impl TryCryptoRng for Stream<'_> {}
