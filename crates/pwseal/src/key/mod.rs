//! RSA public keys, from every form in which users have them.

mod certificate;
mod der;
mod form;
mod jwk;
mod other;
mod pem;
mod pkcs;
#[cfg(feature = "rsa")]
mod rsa;
mod text;
mod xml;

use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;
use core::hash::{Hash, Hasher};
use core::str::FromStr;

use rsaep::Backend;
use sha2::{Digest, Sha256};

pub use form::{Encoding, KeyForm, Structure};
pub use other::OtherInput;
pub use pem::PemBlock;

use crate::error::Error;

/// A modulus shorter than this is weak: NIST SP 800-131A revision 2, table 5, disallows it.
const STRONG_BITS: usize = 2048;

/// A modulus up to this length may have an exponent as long as itself. OpenSSL calls it
/// `OPENSSL_RSA_SMALL_MODULUS_BITS`, and Java has the same limit.
pub(crate) const UNLIMITED_EXPONENT_BITS: usize = 3072;

/// The longest exponent with a longer modulus: the time of an encryption grows with its length, and one
/// key of 16384 bits took two seconds. `OPENSSL_RSA_MAX_PUBEXP_BITS` in OpenSSL.
pub(crate) const MAX_EXPONENT_BITS: usize = 64;

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
    /// SubjectPublicKeyInfo, a PKCS#1 RSAPublicKey or an X.509 certificate; with the features `jwk` and
    /// `xml` a JWK, a JWK set of one key, or an `RSAKeyValue`.
    ///
    /// DER is read strictly, with one exception: the NULL parameters of rsaEncryption may be
    /// absent. A certificate is what holds a key: beside that, only the tags and lengths of its fields are
    /// checked, and its version.
    ///
    /// Text is read as it is found: white space and line breaks anywhere in base64, also those
    /// escaped as in JSON (`\n`), `=` or none, the alphabet of URLs, quotes around it, a byte order mark, the `>` of
    /// mail before a line, text around a PEM block. What a PEM block is, its content decides and not its label.
    ///
    /// # Errors
    ///
    /// Whatever is wrong with the key; see [`Error`]. What is no public key but something else that
    /// people have in its place is named ([`OtherInput`]). Several keys are refused, whichever they are.
    ///
    /// ```
    /// use pwseal::PublicKey;
    ///
    /// // As an environment variable or JSON has it: the line breaks are two characters each.
    /// let pem = include_str!("../../tests/data/rsa2048.spki.pem").replace('\n', "\\n");
    /// assert_eq!(PublicKey::parse(&pem)?.bits(), 2048);
    ///
    /// let error = PublicKey::parse("ssh-rsa AAAAB3NzaC1yc2E").unwrap_err();
    /// assert_eq!(
    ///     error.to_string(),
    ///     "the key is in OpenSSH's format: convert it with `ssh-keygen -e -m PKCS8 -f FILE`",
    /// );
    /// # Ok::<(), pwseal::Error>(())
    /// ```
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

    /// As [`parse`](Self::parse), of one structure only, in whatever encoding.
    ///
    /// ```
    /// use pwseal::{PublicKey, Structure};
    ///
    /// let spki = include_bytes!("../../tests/data/rsa2048.spki.pem");
    /// assert_eq!(
    ///     PublicKey::parse_as(Structure::Certificate, spki).unwrap_err().to_string(),
    ///     "the key's structure is SubjectPublicKeyInfo, and X.509 certificate is wanted"
    /// );
    /// ```
    ///
    /// # Errors
    ///
    /// As [`parse`](Self::parse), and [`Error::OtherStructure`].
    pub fn parse_as(expected: Structure, input: impl AsRef<[u8]>) -> Result<Self, Error> {
        let (key, form) = Self::parse_with_form(input)?;
        match form.structure {
            found if found == expected => Ok(key),
            found => Err(Error::OtherStructure { expected, found }),
        }
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

    /// From base64 of the DER of a SubjectPublicKeyInfo, as the API's `publicKey` holds it, read as
    /// leniently as [`parse`](Self::parse) reads base64.
    ///
    /// # Errors
    ///
    /// As [`parse`](Self::parse), and [`Error::OtherStructure`].
    pub fn from_base64(text: impl AsRef<[u8]>) -> Result<Self, Error> {
        form::read_base64(form::utf8(text.as_ref())?, Structure::SubjectPublicKeyInfo)
    }

    /// From the one PEM block in a text, of a public key or a certificate. The text around the block may be in another
    /// encoding than UTF-8.
    ///
    /// # Errors
    ///
    /// As [`parse`](Self::parse).
    pub fn from_pem(text: impl AsRef<[u8]>) -> Result<Self, Error> {
        let input = text.as_ref();
        if der::is_der(input) {
            return Err(Error::PemMissing);
        }
        let (text, before) = form::decoded(input)?;
        pem::read(text, before).map(|(key, _)| key)
    }

    /// From the modulus and the exponent, both big-endian, leading zeros allowed.
    ///
    /// # Errors
    ///
    /// [`Error::Rsa`], [`Error::ExponentTooLong`]
    pub fn from_components(n: &[u8], e: &[u8]) -> Result<Self, Error> {
        let (bits, modulus_bits) = (bit_len(e), bit_len(n));
        if bits > MAX_EXPONENT_BITS
            && (UNLIMITED_EXPONENT_BITS + 1..=rsaep::MAX_BITS).contains(&modulus_bits)
        {
            return Err(Error::ExponentTooLong { bits, modulus_bits });
        }
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

    /// The same as PEM (RFC 7468): a block `PUBLIC KEY` in lines of 64 characters, as OpenSSL writes it.
    ///
    /// ```
    /// let pem = include_str!("../../tests/data/rsa2048.spki.pem");
    /// assert_eq!(pwseal::PublicKey::parse(pem)?.to_spki_pem(), pem);
    /// # Ok::<(), pwseal::Error>(())
    /// ```
    #[must_use]
    pub fn to_spki_pem(&self) -> String {
        pem::write("PUBLIC KEY", &self.to_spki_der())
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

/// As [`PublicKey::parse`].
impl FromStr for PublicKey {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        Self::parse(text)
    }
}

impl Hash for PublicKey {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.modulus(), self.exponent()).hash(state);
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

/// The length of a big-endian number in bits, leading zeros not counted.
fn bit_len(number: &[u8]) -> usize {
    match number.iter().position(|byte| *byte != 0) {
        Some(first) => (number.len() - first) * 8 - number[first].leading_zeros() as usize,
        None => 0,
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
