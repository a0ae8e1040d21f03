//! Base64, as people paste and save it.

use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use base64::{Engine as _, alphabet};
use zeroize::Zeroizing;

use super::{OtherInput, other};
use crate::error::Error;

/// The standard alphabet, with or without `=` at the end, and no stray bits.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Decodes base64, of the standard alphabet or that of URLs (RFC 4648, sections 4 and 5), and skips
/// what does not belong to it wherever it stands: white space, characters that are not seen, line breaks
/// that are escaped as in JSON, and the `>` of mail before a line. `start` is where `text` starts in the
/// input, for the positions in errors.
pub(super) fn decode(text: &str, start: usize) -> Result<Zeroizing<Vec<u8>>, Error> {
    let mut der = Zeroizing::new(vec![0; base64::decoded_len_estimate(text.len())]);
    if let Ok(len) = decode_plain(text, &mut der) {
        der.truncate(len);
        return Ok(der);
    }
    let characters = characters(text, start)?;
    if characters.is_empty() {
        return Err(Error::EmptyKey);
    }
    match BASE64.decode_slice(characters.as_bytes(), &mut der) {
        Ok(len) => der.truncate(len),
        Err(_) => {
            let counted = characters.bytes().filter(|byte| *byte != b'=').count();
            return Err(match counted % 4 {
                1 => Error::Base64Length {
                    characters: counted,
                },
                _ => Error::Base64End,
            });
        }
    }
    Ok(der)
}

/// Decodes what nearly all keys are: base64 with ASCII white space at most. It says of anything else
/// only that it is not that.
fn decode_plain(text: &str, der: &mut [u8]) -> Result<usize, ()> {
    // To look at all bytes is faster than to stop at the first other one: many are compared at once.
    let whole = text
        .bytes()
        .fold(true, |all, byte| all & byte.is_ascii_graphic());
    let mut joined = Zeroizing::new(Vec::new());
    let kept = if whole {
        text.as_bytes()
    } else {
        joined.reserve_exact(text.len());
        for piece in text.split_ascii_whitespace() {
            joined.extend_from_slice(piece.as_bytes());
        }
        &joined
    };
    match BASE64.decode_slice(kept, der) {
        Ok(len) if len > 0 => Ok(len),
        _ => Err(()),
    }
}

/// The characters of base64 in a text, in the standard alphabet.
fn characters(text: &str, start: usize) -> Result<Zeroizing<String>, Error> {
    let mut kept = Zeroizing::new(String::with_capacity(text.len()));
    let (mut standard, mut url) = (false, false);
    let mut at_line_start = true;
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let position = start + text.len() - rest.len();
        let outside = Error::Base64Character { position };
        let (character, len) = match first {
            '\\' => unescape(rest).ok_or(OtherInput::OtherEscapes)?,
            _ => (first, first.len_utf8()),
        };
        rest = &rest[len..];
        match character {
            '\n' | '\r' => {
                at_line_start = true;
                continue;
            }
            '>' if at_line_start => continue,
            _ if is_skipped(character) => continue,
            '+' | '/' => standard = true,
            '-' | '_' => url = true,
            '=' => {}
            _ if character.is_ascii_alphanumeric() => {}
            _ => return Err(outside),
        }
        at_line_start = false;
        kept.push(match character {
            '-' => '+',
            '_' => '/',
            _ => character,
        });
    }
    match standard && url {
        true => Err(OtherInput::MixedBase64.into()),
        false => Ok(kept),
    }
}

/// The character that an escape of JSON (RFC 8259, section 7) stands for, and the length of the escape. It may
/// have been escaped again, which doubles its backslashes. A backslash before a real line break
/// continues a line, as in a shell.
fn unescape(text: &str) -> Option<(char, usize)> {
    let escape = text.trim_start_matches('\\');
    let backslashes = text.len() - escape.len();
    let (character, len) = match escape.chars().next()? {
        'n' | '\n' => ('\n', 1),
        'r' | '\r' => ('\r', 1),
        't' => ('\t', 1),
        '/' => ('/', 1),
        'u' => {
            let digits = escape.get(1..5)?;
            let digits = digits
                .bytes()
                .all(|byte| byte.is_ascii_hexdigit())
                .then_some(digits)?;
            (char::from_u32(u32::from_str_radix(digits, 16).ok()?)?, 5)
        }
        _ => return None,
    };
    Some((character, backslashes + len))
}

/// Decodes base64 that stands alone, maybe in quotes.
pub(super) fn decode_bare(text: &str) -> Result<Zeroizing<Vec<u8>>, Error> {
    let (text, start) = unquoted(text);
    decode(text, start).map_err(|error| match error {
        Error::EmptyKey => error,
        error => other::in_text(text.as_bytes()).unwrap_or(error),
    })
}

/// A text without the quotes around it, whose own may be escaped, and where that starts.
fn unquoted(text: &str) -> (&str, usize) {
    let trimmed = text.trim_matches(is_skipped);
    for quote in ["\"", "'", "\\\""] {
        if let Some(inside) = trimmed.strip_prefix(quote)
            && let Some(inside) = inside.strip_suffix(quote)
        {
            let start = text.len() - text.trim_start_matches(is_skipped).len();
            return (inside, start + quote.len());
        }
    }
    (text, 0)
}

/// White space, and characters that nobody sees: zero-width spaces and joiners, marks of direction, the
/// soft hyphen, the byte order mark.
pub(super) fn is_skipped(character: char) -> bool {
    character.is_whitespace()
        || matches!(
            character,
            '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}' | '\u{feff}'
        )
}
