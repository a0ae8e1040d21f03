//! Keys as text: base64 and PEM, as people paste and save them.

use alloc::vec::Vec;

use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use base64::{DecodeError, Engine as _, alphabet};
use pem::PemError;
use zeroize::Zeroizing;

use super::Structure;
use crate::error::Error;

const BYTE_ORDER_MARK: char = '\u{feff}';
const PEM_BEGIN: &str = "-----BEGIN ";

/// The standard alphabet, with or without `=` at the end, and no stray bits.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// The input as text, if it is UTF-8.
pub(super) fn from_utf8(input: &[u8]) -> Result<&str, Error> {
    if input.starts_with(&[0xff, 0xfe]) || input.starts_with(&[0xfe, 0xff]) {
        return Err(Error::KeyIsUtf16);
    }
    core::str::from_utf8(input).map_err(|error| Error::KeyNotText {
        position: error.valid_up_to(),
    })
}

pub(super) fn is_pem(text: &str) -> bool {
    text.contains(PEM_BEGIN)
}

/// Decodes base64 with white space, and a byte order mark, anywhere in it.
pub(super) fn decode_base64(text: &str) -> Result<Zeroizing<Vec<u8>>, Error> {
    match text.trim_start_matches(is_skipped) {
        "" => return Err(Error::EmptyKey),
        text if text.starts_with('{') => return Err(Error::KeyIsJson),
        text if text.starts_with("ssh-") => return Err(Error::KeyIsOpenSsh),
        text if text.starts_with(PEM_BEGIN) => return Err(Error::KeyIsPem),
        _ => {}
    }
    let mut kept = Zeroizing::new(Vec::with_capacity(text.len()));
    for (position, character) in text.char_indices().filter(|(_, c)| !is_skipped(*c)) {
        match u8::try_from(character) {
            Ok(byte) if byte.is_ascii_alphanumeric() || b"+/=".contains(&byte) => kept.push(byte),
            _ => return Err(Error::Base64Character { position }),
        }
    }
    BASE64.decode(&kept).map(Zeroizing::new).map_err(|_| {
        match kept.iter().filter(|byte| **byte != b'=').count() {
            characters if characters % 4 == 1 => Error::Base64Length { characters },
            _ => Error::Base64End,
        }
    })
}

/// Decodes the one PEM block in a text. What stands around it is not looked at.
pub(super) fn decode_pem(text: &str) -> Result<(Structure, Vec<u8>), Error> {
    // Before anything is decoded, so that no copy of a private key is made.
    let labels: Vec<&str> = text
        .split(PEM_BEGIN)
        .skip(1)
        .map(|block| block.split("-----").next().unwrap_or_default())
        .collect();
    if labels.iter().any(|label| label.contains("PRIVATE KEY")) {
        return Err(Error::PrivateKey);
    }
    let structure = match labels[..] {
        [] => return Err(Error::PemMissing),
        ["PUBLIC KEY"] => Structure::SubjectPublicKeyInfo,
        ["RSA PUBLIC KEY"] => Structure::RsaPublicKey,
        ["CERTIFICATE" | "X509 CERTIFICATE" | "X.509 CERTIFICATE"] => Structure::Certificate,
        ["CERTIFICATE REQUEST" | "NEW CERTIFICATE REQUEST"] => {
            return Err(Error::CertificateRequest);
        }
        [_] => return Err(Error::PemLabel),
        _ => {
            return Err(Error::PemBlocks {
                count: labels.len(),
            });
        }
    };
    match pem::parse(text) {
        Ok(block) => Ok((structure, block.into_contents())),
        Err(PemError::InvalidData(DecodeError::InvalidByte(offset, _))) => {
            Err(Error::Base64Character {
                position: position_in_pem(text, offset),
            })
        }
        Err(PemError::InvalidData(_)) => Err(Error::Base64End),
        Err(PemError::InvalidHeader(_)) => Err(Error::PemHeaders),
        Err(_) => Err(Error::PemFraming),
    }
}

/// Where in the text the base64 character with a given number stands.
fn position_in_pem(text: &str, character: usize) -> usize {
    let label = text
        .find(PEM_BEGIN)
        .map_or(0, |begin| begin + PEM_BEGIN.len());
    let body = label
        + text[label..]
            .find("-----")
            .map_or(0, |end| end + "-----".len());
    let mut characters = text[body..]
        .char_indices()
        .filter(|(_, c)| !c.is_whitespace());
    body + characters
        .nth(character)
        .map_or(0, |(position, _)| position)
}

fn is_skipped(character: char) -> bool {
    character.is_whitespace() || character == BYTE_ORDER_MARK
}
