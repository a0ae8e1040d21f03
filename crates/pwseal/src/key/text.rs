//! Keys as text: base64 and PEM, as people paste and save them.
//!
//! The frame of a PEM block is found here and not by a crate: `pem-rfc7468` wants lines of 64
//! characters and no text around, `pem` stumbles over empty lines, and neither says where in a file
//! the mistake is. The base64 between the lines is decoded by the crate `base64`.

use alloc::format;
use alloc::vec;
use alloc::vec::Vec;
use core::ops::Range;

use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use base64::{Engine as _, alphabet};
use zeroize::Zeroizing;

use super::Structure;
use crate::error::Error;

const BYTE_ORDER_MARK: char = '\u{feff}';
const PEM_BEGIN: &str = "-----BEGIN ";
const PEM_END: &str = "-----END ";
const PEM_DASHES: &str = "-----";

/// The standard alphabet, with or without `=` at the end, and no stray bits.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// The input as text, and where that begins. Around PEM blocks may be text in another encoding, which is left out.
pub(super) fn of(input: &[u8]) -> Result<(&str, usize), Error> {
    if input.starts_with(&[0xff, 0xfe]) || input.starts_with(&[0xfe, 0xff]) {
        return Err(Error::KeyIsUtf16);
    }
    let error = match core::str::from_utf8(input) {
        Ok(text) => return Ok((text, 0)),
        Err(error) => error,
    };
    let blocks = pem_blocks(input).and_then(|range| {
        let text = core::str::from_utf8(&input[range.clone()]).ok()?;
        Some((text, range.start))
    });
    blocks.ok_or(Error::KeyNotText {
        position: error.valid_up_to(),
    })
}

/// From the first BEGIN to the dashes that end the last END.
fn pem_blocks(input: &[u8]) -> Option<Range<usize>> {
    let mut begins = input.windows(PEM_BEGIN.len());
    let start = begins.position(|bytes| bytes == PEM_BEGIN.as_bytes())?;
    let mut ends = input.windows(PEM_END.len());
    let label = ends.rposition(|bytes| bytes == PEM_END.as_bytes())? + PEM_END.len();
    let mut dashes = input[label..].windows(PEM_DASHES.len());
    let len = dashes.position(|bytes| bytes == PEM_DASHES.as_bytes())?;
    let end = label + len + PEM_DASHES.len();
    (start < end).then_some(start..end)
}

pub(super) fn is_pem(text: &str) -> bool {
    // To find one character takes less than to find a string, and base64 has no dash.
    text.contains('-') && text.contains(PEM_BEGIN)
}

/// Decodes base64 that stands alone.
pub(super) fn decode_base64(text: &str) -> Result<Zeroizing<Vec<u8>>, Error> {
    match text.trim_start_matches(is_skipped) {
        text if text.starts_with(['{', '[', '"', '\'']) => Err(Error::KeyIsJson),
        text if text.starts_with("ssh-") => Err(Error::KeyIsOpenSsh),
        text if text.starts_with(PEM_BEGIN) => Err(Error::KeyIsPem),
        _ => decode(text, 0),
    }
}

/// Decodes the one PEM block in a text, which starts at `start` in the input. What stands around it is not looked at.
pub(super) fn decode_pem(
    text: &str,
    start: usize,
) -> Result<(Structure, Zeroizing<Vec<u8>>), Error> {
    // Before anything is decoded, so that no copy of a private key is made.
    let labels: Vec<&str> = text
        .split(PEM_BEGIN)
        .skip(1)
        .map(|block| block.split(PEM_DASHES).next().unwrap_or_default())
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
    let (body, position) = pem_body(text, labels[0]).ok_or(Error::PemFraming)?;
    if body.contains(':') {
        return Err(Error::PemHeaders);
    }
    Ok((structure, decode(body, start + position)?))
}

/// What stands between the BEGIN and the END line, and its offset in the text.
fn pem_body<'t>(text: &'t str, label: &str) -> Option<(&'t str, usize)> {
    let begin = format!("{PEM_BEGIN}{label}{PEM_DASHES}");
    let end = format!("{PEM_END}{label}{PEM_DASHES}");
    let (before, block) = text.split_once(&begin)?;
    let (body, _) = block.split_once(&end)?;
    Some((body, before.len() + begin.len()))
}

/// Decodes base64 with white space, and a byte order mark, anywhere in it. `start` is where
/// `text` starts in the input, for the positions in errors.
fn decode(text: &str, start: usize) -> Result<Zeroizing<Vec<u8>>, Error> {
    // To look at all bytes is faster than to stop at the first other one: many are compared at once.
    let whole = text
        .bytes()
        .fold(true, |all, byte| all & byte.is_ascii_graphic());
    let mut joined = Zeroizing::new(Vec::new());
    let kept = if whole {
        text.as_bytes()
    } else {
        joined.reserve_exact(text.len());
        for piece in text.split(is_skipped) {
            joined.extend_from_slice(piece.as_bytes());
        }
        &joined
    };
    if kept.is_empty() {
        return Err(Error::EmptyKey);
    }
    let mut der = Zeroizing::new(vec![0; base64::decoded_len_estimate(kept.len())]);
    match BASE64.decode_slice(kept, &mut der) {
        Ok(len) => der.truncate(len),
        Err(_) => return Err(undecodable(text, start)),
    }
    Ok(der)
}

/// Why a text is not base64.
fn undecodable(text: &str, start: usize) -> Error {
    let mut characters = 0;
    for (position, character) in text.char_indices().filter(|(_, c)| !is_skipped(*c)) {
        match character {
            '=' => {}
            '+' | '/' => characters += 1,
            _ if character.is_ascii_alphanumeric() => characters += 1,
            _ => {
                return Error::Base64Character {
                    position: start + position,
                };
            }
        }
    }
    match characters % 4 {
        1 => Error::Base64Length { characters },
        _ => Error::Base64End,
    }
}

fn is_skipped(character: char) -> bool {
    character.is_whitespace() || character == BYTE_ORDER_MARK
}
