//! A key as text: a good one with what people and programs put into it, or any text at all.
//!
//! The input's first byte says which frame; after it come triples of a character and the place
//! where it is put into the base64, or the text. White space leaves the key as it is.

use pwseal::{Error, PublicKey};

const BASE64: &str = include_str!("../../crates/pwseal/tests/data/published.base64");

/// Runs one input.
pub fn run(input: &[u8]) {
    let [frame, input @ ..] = input else { return };
    if frame % 4 == 3 {
        return any_text(&String::from_utf8_lossy(input));
    }
    let mut body = BASE64.trim_ascii().to_owned();
    let good = PublicKey::from_base64(&body).expect("the published key is good");
    let mut only_space = true;
    for edit in input.chunks_exact(3) {
        let place = usize::from(u16::from_be_bytes([edit[1], edit[2]])) % (body.len() + 1);
        let character = char::from(edit[0] % 128);
        only_space &= character.is_whitespace();
        body.insert(place, character);
    }
    let text = match frame % 4 {
        0 => body,
        1 => format!("-----BEGIN PUBLIC KEY-----\n{body}\n-----END PUBLIC KEY-----\n"),
        _ => format!("\u{feff}key:\r\n-----BEGIN PUBLIC KEY-----{body}-----END PUBLIC KEY-----\r"),
    };
    match PublicKey::parse(&text) {
        Ok(key) => assert!(!only_space || key == good),
        Err(error) => {
            assert!(!only_space, "{error}");
            check(&error, text.len());
        }
    }
}

/// Through each way of reading text. Whoever names the encoding gets the key that is detected.
fn any_text(text: &str) {
    let detected = PublicKey::parse(text);
    for named in [PublicKey::from_pem(text), PublicKey::from_base64(text)] {
        match named {
            Ok(key) => assert_eq!(detected.as_ref(), Ok(&key)),
            Err(error) => check(&error, text.len()),
        }
    }
    if let Err(error) = detected {
        check(&error, text.len());
    }
}

fn check(error: &Error, len: usize) {
    assert_eq!(error.to_string().lines().count(), 1);
    match *error {
        Error::Base64Character { position, .. } | Error::KeyNotText { position, .. } => {
            assert!(position < len);
        }
        Error::Base64Length { characters, .. } => assert!(characters <= len && characters % 4 == 1),
        Error::PemBlocks { ref blocks, .. } => {
            assert!(blocks.len() > 1);
            assert!(blocks.iter().is_sorted_by_key(|block| block.line));
        }
        _ => {}
    }
}
