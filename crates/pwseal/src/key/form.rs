//! Which form a key came in.

use core::fmt;

use super::{OtherInput, PublicKey, der, jwk, other, pem, text, xml};
use crate::error::Error;

/// The form of a key: which structure, in which encoding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct KeyForm {
    /// What is written down.
    pub structure: Structure,
    /// How it is written down.
    pub encoding: Encoding,
}

/// A structure that holds an RSA public key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Structure {
    /// SubjectPublicKeyInfo (RFC 5280, section 4.1).
    SubjectPublicKeyInfo,
    /// RSAPublicKey (PKCS#1, RFC 8017, appendix A.1.1).
    RsaPublicKey,
    /// An X.509 certificate (RFC 5280).
    Certificate,
    /// A JSON Web Key (RFC 7517; RFC 7518, section 6.3), alone or as the only one of a JWK set.
    Jwk,
    /// An RSAKeyValue (XML Signature, section 4.5.2.2), which .NET's `ToXmlString` writes.
    RsaKeyValue,
}

/// How a structure is written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Encoding {
    /// Binary.
    Der,
    /// Base64 without a frame.
    Base64,
    /// A PEM block (RFC 7468).
    Pem,
    /// JSON.
    Json,
    /// XML.
    Xml,
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
            Self::Jwk => "JWK",
            Self::RsaKeyValue => "RSAKeyValue",
        })
    }
}

impl fmt::Display for Encoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Der => "DER",
            Self::Base64 => "base64",
            Self::Pem => "PEM",
            Self::Json => "JSON",
            Self::Xml => "XML",
        })
    }
}

/// Finds out the form and reads the key.
///
/// No two forms can be confused: DER is told from text by its first bytes, PEM has its BEGIN line, JSON
/// starts with a bracket and XML with a <, which base64 does not have.
pub(super) fn detect(input: &[u8]) -> Result<(PublicKey, KeyForm), Error> {
    let (encoding, (key, structure)) = if der::is_der(input) {
        (Encoding::Der, der::detect(input)?)
    } else {
        let (text, before) = decoded(input)?;
        if pem::is_in(text) {
            (Encoding::Pem, pem::read(text, before)?)
        } else {
            read_text(text)?
        }
    };
    let form = KeyForm {
        structure,
        encoding,
    };
    Ok((key, form))
}

/// The input as text, and what stands before that. Around PEM blocks may be text in another encoding, which is left
/// out.
pub(super) fn decoded(input: &[u8]) -> Result<(&str, &[u8]), Error> {
    let not_text = match utf8(input) {
        Ok(text) => return Ok((text, &[])),
        Err(error) => error,
    };
    let blocks = pem::blocks(input).and_then(|range| {
        let text = core::str::from_utf8(&input[range.clone()]).ok()?;
        Some((text, &input[..range.start]))
    });
    blocks.ok_or_else(|| {
        let known = other::in_text(input).or_else(|| other::in_bytes(input));
        known.unwrap_or(not_text)
    })
}

pub(super) fn utf8(input: &[u8]) -> Result<&str, Error> {
    core::str::from_utf8(input).map_err(|error| Error::KeyNotText {
        position: error.valid_up_to(),
    })
}

/// Reads text that is not PEM.
fn read_text(text: &str) -> Result<(Encoding, (PublicKey, Structure)), Error> {
    match text.trim_start_matches(text::is_skipped).as_bytes() {
        [b'{' | b'[', ..] => Ok((Encoding::Json, (jwk::read(text)?, Structure::Jwk))),
        [b'<', ..] => Ok((Encoding::Xml, (xml::read(text)?, Structure::RsaKeyValue))),
        _ => {
            let der = text::decode_bare(text)?;
            let read = der::detect(&der).map_err(|error| not_der(text, &der, error))?;
            Ok((Encoding::Base64, read))
        }
    }
}

/// Reads a key in base64 that must be in the structure expected.
pub(super) fn read_base64(text: &str, expected: Structure) -> Result<PublicKey, Error> {
    if pem::is_in(text) {
        return Err(OtherInput::Pem.into());
    }
    match text.trim_start_matches(text::is_skipped).as_bytes() {
        [b'{' | b'[', ..] => return Err(OtherInput::Json.into()),
        [b'<', ..] => return Err(OtherInput::Xml.into()),
        _ => {}
    }
    let der = text::decode_bare(text)?;
    der::read(&der, expected).map_err(|error| not_der(text, &der, error))
}

/// What base64 is that holds no DER.
fn not_der(text: &str, der: &[u8], error: Error) -> Error {
    match error {
        Error::NotDer => other::in_bytes(der)
            .or_else(|| other::in_text(text.as_bytes()))
            .unwrap_or(error),
        error => error,
    }
}
