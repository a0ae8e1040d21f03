//! Keys as DER: which structure it is, SubjectPublicKeyInfo and PKCS#1 RSAPublicKey.

use alloc::string::ToString;
use alloc::vec::Vec;

use pkcs1::der::asn1::{AnyRef, BitStringRef, ObjectIdentifier, UintRef};
use pkcs1::der::{
    Decode, Encode, Error as DerError, ErrorKind, Header, Length, Reader, SliceReader, Tag, Tagged,
};
use pkcs1::{ALGORITHM_ID, ALGORITHM_OID, RsaPrivateKey, RsaPublicKeyRef};
use pkcs8::{
    AlgorithmIdentifierRef, EncryptedPrivateKeyInfoRef, PrivateKeyInfoRef, SubjectPublicKeyInfoRef,
};

use super::{OtherInput, PublicKey, Structure, certificate};
use crate::error::{DerProblem, Error};

/// The first byte of every structure here.
pub(super) const SEQUENCE: u8 = 0x30;

/// Algorithms that users meet, by the names they know.
const OTHER_ALGORITHMS: [(ObjectIdentifier, &str); 11] = [
    (oid("1.2.840.113549.1.1.10"), "RSASSA-PSS signatures"),
    (oid("1.2.840.113549.1.1.7"), "RSAES-OAEP encryption"),
    (
        oid("2.5.8.1.1"),
        "RSA by the identifier of X.509 annex H (2.5.8.1.1)",
    ),
    (oid("1.2.840.10045.2.1"), "elliptic curves (EC)"),
    (oid("1.2.840.10040.4.1"), "DSA signatures"),
    (oid("1.2.840.113549.1.3.1"), "Diffie-Hellman"),
    (oid("1.2.840.10046.2.1"), "Diffie-Hellman (X9.42)"),
    (oid("1.3.101.110"), "X25519"),
    (oid("1.3.101.111"), "X448"),
    (oid("1.3.101.112"), "Ed25519 signatures"),
    (oid("1.3.101.113"), "Ed448 signatures"),
];

const fn oid(dotted: &str) -> ObjectIdentifier {
    ObjectIdentifier::new_unwrap(dotted)
}

/// Whether bytes are DER and not text that starts with the digit 0, which is the byte 30 too.
///
/// A length of 128 or more, which every key that is accepted has, has a first byte that no text
/// in ASCII or UTF-8 has after a digit. A shorter length is that of the input, or this is text; and DER
/// has the tags of its elements, which are control characters.
pub(super) fn is_der(input: &[u8]) -> bool {
    match input {
        [SEQUENCE, 0x80..=0xbf, ..] => true,
        [SEQUENCE, length, ..] => {
            usize::from(*length) + 2 == input.len()
                && input
                    .iter()
                    .any(|byte| byte.is_ascii_control() && !byte.is_ascii_whitespace())
        }
        _ => false,
    }
}

/// Reads a key in whichever structure the DER holds.
pub(super) fn detect(der: &[u8]) -> Result<(PublicKey, Structure), Error> {
    let structure = structure(der)?;
    Ok((read_structure(der, structure)?, structure))
}

/// Reads a key that must be in the structure expected.
pub(super) fn read(der: &[u8], expected: Structure) -> Result<PublicKey, Error> {
    match structure(der)? {
        found if found == expected => read_structure(der, found),
        found => Err(Error::OtherStructure { expected, found }),
    }
}

/// The DER of a SubjectPublicKeyInfo.
pub(super) fn write_spki(n: &[u8], e: &[u8]) -> Vec<u8> {
    let encode = || {
        SubjectPublicKeyInfoRef {
            algorithm: ALGORITHM_ID,
            subject_public_key: BitStringRef::from_bytes(&pkcs1(n, e)?.to_der()?)?,
        }
        .to_der()
    };
    encode().expect(TWO_NUMBERS)
}

/// The DER of an RSAPublicKey.
pub(super) fn write_pkcs1(n: &[u8], e: &[u8]) -> Vec<u8> {
    pkcs1(n, e).and_then(|key| key.to_der()).expect(TWO_NUMBERS)
}

const TWO_NUMBERS: &str = "two numbers of at most 2048 bytes fit every length of DER";

fn pkcs1<'a>(n: &'a [u8], e: &'a [u8]) -> Result<RsaPublicKeyRef<'a>, DerError> {
    Ok(RsaPublicKeyRef {
        modulus: UintRef::new(n)?,
        public_exponent: UintRef::new(e)?,
    })
}

/// Tells the structures apart by the tags of their first elements:
///
/// | structure | first | second | third |
/// |---|---|---|---|
/// | SubjectPublicKeyInfo | SEQUENCE | BIT STRING | |
/// | certificate, request or revocation list | SEQUENCE | SEQUENCE | BIT STRING |
/// | RSAPublicKey | INTEGER n | INTEGER e | |
///
/// All others are refused, by name where [`other_structure`] knows one.
fn structure(der: &[u8]) -> Result<Structure, Error> {
    match der.first() {
        None => return Err(Error::EmptyKey),
        Some(&SEQUENCE) => {}
        Some(_) => return Err(Error::NotDer),
    }
    let mut tags = [None; 3];
    let mut read_tags = || {
        let mut reader = SliceReader::new(der)?;
        let outer = Header::decode(&mut reader)?;
        let end = (reader.position() + outer.length())?;
        if end > reader.input_len() {
            return Ok(Some(end));
        }
        // What follows the outer structure is reported when that is read.
        reader.read_nested(outer.length(), |elements| {
            for tag in &mut tags {
                if !elements.is_finished() {
                    *tag = Some(AnyRef::decode(elements)?.tag());
                }
            }
            elements.drain(elements.remaining_len())
        })?;
        Ok(None)
    };
    // A length below 128 is one byte, which in text is a character: a password file that starts
    // with a 0 is not described any further.
    if let Some(end) = read_tags().map_err(|error| malformed(None, error))? {
        return match der {
            [_, length, ..] if length.is_ascii() => Err(Error::NotDer),
            _ => Err(Error::KeyTruncated {
                len: der.len(),
                expected: to_usize(end),
            }),
        };
    }
    match tags {
        [Some(Tag::Sequence), Some(Tag::BitString), _] => Ok(Structure::SubjectPublicKeyInfo),
        [
            Some(Tag::Sequence),
            Some(Tag::Sequence),
            Some(Tag::BitString),
        ] => Ok(Structure::Certificate),
        [Some(Tag::Integer), Some(Tag::Integer), None] => Ok(Structure::RsaPublicKey),
        _ => Err(other_structure(der, tags)),
    }
}

/// What else a structure is.
///
/// | structure | first | second | third |
/// |---|---|---|---|
/// | PKCS#1 or DSA private key | INTEGER version | INTEGER | INTEGER |
/// | PKCS#8 private key | INTEGER version | SEQUENCE | OCTET STRING |
/// | SEC 1 private key | INTEGER version | OCTET STRING | any |
/// | encrypted private key | SEQUENCE | OCTET STRING | |
/// | PKCS#12 | INTEGER 3 | SEQUENCE | SEQUENCE or none |
/// | PKCS#7 | OBJECT IDENTIFIER | \[0] | |
///
/// A private key is one too if it is damaged, or encrypted in a way that `pkcs8` does not know.
fn other_structure(der: &[u8], tags: [Option<Tag>; 3]) -> Error {
    if PrivateKeyInfoRef::from_der(der).is_ok()
        || EncryptedPrivateKeyInfoRef::from_der(der).is_ok()
        || RsaPrivateKey::<()>::from_der(der).is_ok()
    {
        return Error::PrivateKey;
    }
    match tags {
        [Some(Tag::Integer), Some(Tag::Integer), Some(Tag::Integer)]
        | [
            Some(Tag::Integer),
            Some(Tag::Sequence),
            Some(Tag::OctetString),
        ]
        | [Some(Tag::Integer), Some(Tag::OctetString), _]
        | [Some(Tag::Sequence), Some(Tag::OctetString), None] => Error::PrivateKey,
        [
            Some(Tag::Integer),
            Some(Tag::Sequence),
            None | Some(Tag::Sequence),
        ] => Error::OtherInput(OtherInput::Pkcs12),
        [
            Some(Tag::ObjectIdentifier),
            Some(Tag::ContextSpecific { .. }),
            None,
        ] => Error::OtherInput(OtherInput::Pkcs7),
        _ => Error::UnknownStructure,
    }
}

fn read_structure(der: &[u8], structure: Structure) -> Result<PublicKey, Error> {
    match structure {
        Structure::RsaPublicKey => read_pkcs1(der),
        Structure::Certificate => read_spki(certificate::subject_public_key_info(der)?),
        _ => read_spki(der),
    }
}

fn read_spki(der: &[u8]) -> Result<PublicKey, Error> {
    let structure = Some(Structure::SubjectPublicKeyInfo);
    let spki =
        SubjectPublicKeyInfoRef::from_der(der).map_err(|error| malformed(structure, error))?;
    from_spki(&spki)
}

/// The key of a SubjectPublicKeyInfo whose DER is known to be right.
pub(super) fn from_spki(spki: &SubjectPublicKeyInfoRef<'_>) -> Result<PublicKey, Error> {
    check_algorithm(&spki.algorithm)?;
    let key = spki.subject_public_key.as_bytes().ok_or(Error::Der {
        structure: Some(Structure::SubjectPublicKeyInfo),
        problem: DerProblem::UnusedBits,
        position: None,
    })?;
    read_pkcs1(key)
}

fn read_pkcs1(der: &[u8]) -> Result<PublicKey, Error> {
    let key = RsaPublicKeyRef::from_der(der)
        .map_err(|error| malformed(Some(Structure::RsaPublicKey), error))?;
    PublicKey::from_components(key.modulus.as_bytes(), key.public_exponent.as_bytes())
}

fn check_algorithm(algorithm: &AlgorithmIdentifierRef<'_>) -> Result<(), Error> {
    if algorithm.oid != ALGORITHM_OID {
        let known = OTHER_ALGORITHMS
            .iter()
            .find(|(oid, _)| *oid == algorithm.oid);
        return Err(Error::Algorithm {
            name: match known {
                Some((_, name)) => name.to_string(),
                None => algorithm.oid.to_string(),
            },
        });
    }
    // RFC 3279, section 2.3.1, wants NULL. Real keys leave it out, which changes nothing.
    match algorithm.parameters {
        Some(parameters) if !parameters.is_null() => Err(Error::AlgorithmParameters),
        _ => Ok(()),
    }
}

pub(super) fn malformed(structure: Option<Structure>, error: DerError) -> Error {
    let problem = match (error.kind(), structure) {
        (ErrorKind::TrailingData { remaining, .. }, Some(structure)) => {
            return Error::TrailingBytes {
                structure,
                count: to_usize(remaining),
            };
        }
        (ErrorKind::Incomplete { .. }, _) => DerProblem::Truncated,
        (ErrorKind::IndefiniteLength, _) => DerProblem::IndefiniteLength,
        (
            ErrorKind::OidMalformed
            | ErrorKind::Length {
                tag: Tag::ObjectIdentifier,
            },
            _,
        ) => DerProblem::ObjectIdentifier,
        // Length is what `der` says of a length that takes more bytes than it needs.
        (ErrorKind::Noncanonical { .. } | ErrorKind::Length { .. }, _) => DerProblem::NotMinimal,
        (ErrorKind::Value { tag: Tag::Integer }, _) => DerProblem::NegativeInteger,
        (ErrorKind::TagUnexpected { .. } | ErrorKind::TagUnknown { .. }, _) => DerProblem::Tag,
        _ => DerProblem::Malformed,
    };
    Error::Der {
        structure,
        problem,
        position: error.position().map(to_usize),
    }
}

pub(super) fn to_usize(length: Length) -> usize {
    usize::try_from(length).unwrap_or(usize::MAX)
}
