//! The traits of the RustCrypto crates `pkcs8`, `spki` and `pkcs1`.
//!
//! Their errors say less than [`Error`](crate::Error) does: whatever is wrong with the numbers of a
//! key is "malformed".

use pkcs1::RsaPublicKeyRef;
use pkcs1::der::Decode;
use pkcs8::{Document, EncodePublicKey, SubjectPublicKeyInfoRef, spki};

use super::{PublicKey, der};
use crate::error::Error;

/// With this, [`PublicKey`] is [`DecodePublicKey`](pkcs8::DecodePublicKey).
///
/// ```
/// use pwseal::PublicKey;
/// use pwseal::pkcs8::{DecodePublicKey, EncodePublicKey};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let file = include_bytes!("../../tests/data/rsa2048.spki.pem");
/// let der = PublicKey::parse(file)?.to_public_key_der()?;
/// let key = PublicKey::from_public_key_der(der.as_bytes())?;
/// assert_eq!(key.bits(), 2048);
/// # Ok(())
/// # }
/// ```
impl TryFrom<SubjectPublicKeyInfoRef<'_>> for PublicKey {
    type Error = spki::Error;

    fn try_from(spki: SubjectPublicKeyInfoRef<'_>) -> Result<Self, spki::Error> {
        der::from_spki(&spki).map_err(|error| match error {
            Error::Algorithm { .. } => spki::Error::OidUnknown {
                oid: spki.algorithm.oid,
            },
            _ => spki::Error::KeyMalformed,
        })
    }
}

impl EncodePublicKey for PublicKey {
    fn to_public_key_der(&self) -> spki::Result<Document> {
        Ok(Document::try_from(self.to_spki_der())?)
    }
}

impl pkcs1::DecodeRsaPublicKey for PublicKey {
    fn from_pkcs1_der(bytes: &[u8]) -> pkcs1::Result<Self> {
        let key = RsaPublicKeyRef::from_der(bytes)?;
        Self::from_components(key.modulus.as_bytes(), key.public_exponent.as_bytes())
            .map_err(|_| pkcs1::Error::KeyMalformed)
    }
}

impl pkcs1::EncodeRsaPublicKey for PublicKey {
    fn to_pkcs1_der(&self) -> pkcs1::Result<Document> {
        Ok(Document::try_from(der::write_pkcs1(
            self.modulus(),
            self.exponent(),
        ))?)
    }
}
