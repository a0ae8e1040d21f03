//! Which form a key came in.

use core::fmt;

use super::{PublicKey, der, text};
use crate::error::Error;

/// The form of a key: which structure, in which encoding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct KeyForm {
    /// What the bytes describe.
    pub structure: Structure,
    /// How they are written down.
    pub encoding: Encoding,
}

/// A DER structure that holds an RSA public key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Structure {
    /// SubjectPublicKeyInfo (RFC 5280, section 4.1).
    SubjectPublicKeyInfo,
    /// RSAPublicKey (PKCS#1, RFC 8017, appendix A.1.1).
    RsaPublicKey,
    /// An X.509 certificate (RFC 5280).
    Certificate,
}

/// How a DER structure is written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Encoding {
    /// Binary.
    Der,
    /// Base64 without a frame.
    Base64,
    /// A PEM block (RFC 7468).
    Pem,
}

impl fmt::Display for KeyForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, {}", self.structure, self.encoding)
    }
}

impl fmt::Display for Structure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::SubjectPublicKeyInfo => "SubjectPublicKeyInfo",
            Self::RsaPublicKey => "PKCS#1 RSAPublicKey",
            Self::Certificate => "X.509 certificate",
        })
    }
}

impl fmt::Display for Encoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Der => "DER",
            Self::Base64 => "base64",
            Self::Pem => "PEM",
        })
    }
}

/// Finds out the form and reads the key.
///
/// No two forms can be confused: DER starts with the byte 30, which base64 of DER never
/// does (its first character is an M), and PEM has its BEGIN line.
pub(super) fn detect(input: &[u8]) -> Result<(PublicKey, KeyForm), Error> {
    let (encoding, (key, structure)) = if input.first() == Some(&der::SEQUENCE) {
        (Encoding::Der, der::detect(input)?)
    } else {
        let (text, start) = text::of(input)?;
        if text::is_pem(text) {
            let (structure, der) = text::decode_pem(text, start)?;
            (Encoding::Pem, (der::read(&der, structure)?, structure))
        } else {
            (Encoding::Base64, der::detect(&text::decode_base64(text)?)?)
        }
    };
    let form = KeyForm {
        structure,
        encoding,
    };
    Ok((key, form))
}
