//! RSA public keys, from every form in which users have them.

mod der;
mod form;
#[cfg(feature = "rsa")]
mod rsa;
mod text;

use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;

use rsaep::Backend;
use sha2::{Digest, Sha256};

pub use form::{Encoding, KeyForm, Structure};

use crate::error::Error;

/// A modulus shorter than this is weak: NIST SP 800-131A revision 2, table 5, disallows it.
const STRONG_BITS: usize = 2048;

/// An RSA public key, checked and ready to encrypt.
///
/// A clone shares the key and costs a reference count. Use one key from as many threads as
/// you like.
///
/// Nothing is verified about where a key comes from: a certificate's signature, names and
/// dates are not looked at.
#[derive(Clone, PartialEq, Eq)]
pub struct PublicKey(Arc<rsaep::PublicKey>);

impl PublicKey {
    /// Finds out which form the input has, and reads it: DER, base64 or PEM, of a
    /// SubjectPublicKeyInfo, a PKCS#1 RSAPublicKey or an X.509 certificate.
    ///
    /// DER is read strictly, with one exception: the NULL parameters of rsaEncryption may be
    /// absent. Text is read as it is found: white space and line breaks anywhere in base64,
    /// `=` or none, a byte order mark, text around a PEM block.
    ///
    /// # Errors
    ///
    /// Whatever is wrong with the key; see [`Error`].
    pub fn parse(input: impl AsRef<[u8]>) -> Result<Self, Error> {
        Self::parse_with_form(input).map(|(key, _)| key)
    }

    /// As [`parse`](Self::parse), and says which form it was.
    ///
    /// # Errors
    ///
    /// As [`parse`](Self::parse).
    pub fn parse_with_form(input: impl AsRef<[u8]>) -> Result<(Self, KeyForm), Error> {
        form::detect(input.as_ref())
    }

    /// From the DER of a SubjectPublicKeyInfo (RFC 5280, section 4.1), which OpenSSL writes
    /// for `-pubout -outform DER` and Java calls X.509 encoding.
    ///
    /// # Errors
    ///
    /// As [`parse`](Self::parse), and [`Error::OtherStructure`].
    pub fn from_spki_der(der: &[u8]) -> Result<Self, Error> {
        der::read(der, Structure::SubjectPublicKeyInfo)
    }

    /// From the DER of an RSAPublicKey (RFC 8017, appendix A.1.1).
    ///
    /// # Errors
    ///
    /// As [`parse`](Self::parse), and [`Error::OtherStructure`].
    pub fn from_pkcs1_der(der: &[u8]) -> Result<Self, Error> {
        der::read(der, Structure::RsaPublicKey)
    }

    /// From the DER of an X.509 certificate.
    ///
    /// # Errors
    ///
    /// As [`parse`](Self::parse), and [`Error::OtherStructure`].
    pub fn from_certificate_der(der: &[u8]) -> Result<Self, Error> {
        der::read(der, Structure::Certificate)
    }

    /// From base64 of the DER of a SubjectPublicKeyInfo, as the API's `publicKey` holds it.
    /// White space is skipped, and the `=` at the end may be missing.
    ///
    /// # Errors
    ///
    /// As [`parse`](Self::parse), and [`Error::OtherStructure`].
    pub fn from_base64(text: &str) -> Result<Self, Error> {
        Self::from_spki_der(&text::decode_base64(text)?)
    }

    /// From the one PEM block in a text: `PUBLIC KEY`, `RSA PUBLIC KEY` or `CERTIFICATE`.
    ///
    /// # Errors
    ///
    /// As [`parse`](Self::parse).
    pub fn from_pem(text: &str) -> Result<Self, Error> {
        let (structure, der) = text::decode_pem(text, 0)?;
        der::read(&der, structure)
    }

    /// From the modulus and the exponent, both big-endian, leading zeros allowed.
    ///
    /// # Errors
    ///
    /// [`Error::Rsa`]
    pub fn from_components(n: &[u8], e: &[u8]) -> Result<Self, Error> {
        Ok(Self(Arc::new(rsaep::PublicKey::new(n, e)?)))
    }

    /// The same key for another implementation of the arithmetic than the fastest, which every
    /// other function takes: for tests, benchmarks, and a user who was told to.
    ///
    /// # Errors
    ///
    /// [`Error::Rsa`] when this CPU or this build does not have it.
    pub fn with_backend(&self, backend: Backend) -> Result<Self, Error> {
        let key = rsaep::PublicKey::with_backend(self.modulus(), self.exponent(), backend)?;
        Ok(Self(Arc::new(key)))
    }

    /// The implementation of the arithmetic that this key uses.
    #[must_use]
    pub fn backend(&self) -> Backend {
        self.0.backend()
    }

    /// The DER of its SubjectPublicKeyInfo, with NULL parameters, as OpenSSL and Java write it.
    #[must_use]
    pub fn to_spki_der(&self) -> Vec<u8> {
        der::write_spki(self.modulus(), self.exponent())
    }

    /// The SHA-256 digest of [`to_spki_der`](Self::to_spki_der): the same for one key in
    /// whatever form it came.
    #[must_use]
    pub fn fingerprint(&self) -> Fingerprint {
        Fingerprint(Sha256::digest(self.to_spki_der()).into())
    }

    /// The modulus, big-endian, without leading zeros.
    #[must_use]
    pub fn modulus(&self) -> &[u8] {
        self.0.modulus()
    }

    /// The exponent, big-endian, without leading zeros: `[1, 0, 1]` for 65537.
    #[must_use]
    pub fn exponent(&self) -> &[u8] {
        self.0.exponent()
    }

    /// The length of the modulus in bits.
    #[must_use]
    pub fn bits(&self) -> usize {
        self.0.bits()
    }

    /// The length of the modulus and so of a ciphertext, in bytes: `k` in RFC 8017.
    #[must_use]
    pub fn size(&self) -> usize {
        self.0.size()
    }

    /// Whether the modulus has fewer than 2048 bits, which NIST SP 800-131A revision 2
    /// disallows. Such a key works all the same.
    #[must_use]
    pub fn is_weak(&self) -> bool {
        self.bits() < STRONG_BITS
    }

    pub(crate) fn rsaep(&self) -> &rsaep::PublicKey {
        &self.0
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PublicKey")
            .field("bits", &self.bits())
            .field("fingerprint", &format_args!("{}", self.fingerprint()))
            .finish()
    }
}

/// A SHA-256 digest, printed as 64 hexadecimal digits in lower case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Fingerprint([u8; 32]);

impl Fingerprint {
    /// The 32 bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}
