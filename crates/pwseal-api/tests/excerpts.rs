//! Whatever form a secret has in an answer, the message about it does not show it.
// The helpers of a test may panic as the test itself may.
#![allow(clippy::panic, clippy::unwrap_used)]

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};
use http::Response;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use pwseal_api::PasswordChangeResponse;

/// How many characters in a row count as shown: less than 48 bits of a ciphertext.
const SHOWN: usize = 8;

/// What people and programs break lines and columns with.
const SEPARATORS: [&str; 24] = [
    "\n", "\r\n", " ", "  ", "\t", "\n    ", r"\n", r"\r\n", "=\r\n", "+\n", "\n> ", "-", ".", ":",
    ",", ", ", "\", \"", "','", "|", " | ", "/", "<br>", "<br/>\n", "&nbsp;",
];

/// What stands around it.
const BODIES: [&str; 8] = [
    "{}",
    "The value {}",
    r#"{"encryptedPassword": "{}"}"#,
    r#"{"messages": [{"text": "bad value {} was given"}]}"#,
    r#"{"detailCode": "400 {}"}"#,
    "<html><body><p>cannot handle {}</p></body></html>",
    r#"body: {"identityId":"2c918085744fec4301746f9a5bce4605","encryptedPassword":"{}","x":1}"#,
    "token={}&x=1",
];

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn base32(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let bits: Vec<_> = bytes
        .iter()
        .flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1))
        .collect();
    let digit = |bits: &[u8]| DIGITS[bits.iter().fold(0, |sum, bit| 2 * sum + usize::from(*bit))];
    bits.chunks_exact(5)
        .map(|bits| char::from(digit(bits)))
        .collect()
}

fn percent_encoded(text: &str) -> String {
    let encode = |byte: u8| match byte.is_ascii_alphanumeric() {
        true => char::from(byte).to_string(),
        false => format!("%{byte:02X}"),
    };
    text.bytes().map(encode).collect()
}

/// In pieces of a width, with something between them.
fn split(text: &str, width: usize, separator: &str) -> String {
    let pieces = text.as_bytes().chunks(width);
    let pieces: Vec<_> = pieces.map(|piece| str::from_utf8(piece).unwrap()).collect();
    pieces.join(separator)
}

/// A secret, and how it is written in an answer.
fn secret() -> impl Strategy<Value = (String, String)> {
    let bytes = prop::collection::vec(any::<u8>(), 128..=256);
    let token = prop::collection::vec(0..=9_u8, 6..=18);
    let width = prop_oneof![1..=4_usize, 1..=12_usize, 1..=80_usize];
    let form = (0..8_usize, bytes, token, width, select(&SEPARATORS[..]));
    form.prop_map(|(form, bytes, token, width, separator)| match form {
        0..=2 => {
            let encode = [
                |bytes: &[u8]| STANDARD.encode(bytes),
                |bytes: &[u8]| URL_SAFE.encode(bytes),
                base32,
            ];
            let secret = encode[form](&bytes);
            let written = split(&secret, width, separator);
            (secret, written)
        }
        3 => {
            let secret = STANDARD.encode(bytes);
            let written = percent_encoded(&split(&secret, width, "\r\n"));
            (secret, written)
        }
        4 => {
            let secret = hex(&bytes);
            let written = split(&secret, width, separator);
            (secret, written)
        }
        5 => {
            let secret = hex(&bytes).to_uppercase();
            let written = split(&secret, width, separator);
            (secret, written)
        }
        6 => {
            let part = |bytes: &[u8]| URL_SAFE.encode(bytes).replace('=', "");
            let secret = format!("{}.{}", part(&bytes[..24]), part(&bytes[24..32]));
            let written = format!("eyJhbGciOiJub25lIn0.{secret}");
            (secret, written)
        }
        _ => {
            let secret: String = token.iter().map(|digit| char::from(b'0' + digit)).collect();
            let written = split(&secret, width.min(6), separator);
            (secret, written)
        }
    })
}

/// Letters and digits alone, without what the separators have of them.
fn bare(text: &str) -> String {
    let mut text = text.replace("[...]", "|");
    for separator in [r"\\n", r"\\r", "<br>", "<br/>", "&nbsp;"] {
        text = text.replace(separator, "");
    }
    text.retain(|character| character.is_ascii_alphanumeric() || character == '|');
    text
}

#[test]
fn no_form_of_a_secret_is_shown() {
    // By chance a line of a ciphertext is a word. The cases are the same ones each time.
    let config = Config {
        cases: 4096,
        failure_persistence: None,
        ..Config::default()
    };
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let case = (
        secret(),
        select(&BODIES[..]),
        select(&[202_u16, 400, 500][..]),
    );
    TestRunner::new_with_rng(config, rng)
        .run(&case, |((secret, written), body, status)| {
            let body = body.replacen("{}", &written, 1);
            let response = Response::builder().status(status).body(body).unwrap();
            let Err(error) = PasswordChangeResponse::from_response(&response) else {
                return Ok(());
            };
            let secret = bare(&secret);
            for message in [error.to_string(), format!("{error:?}")] {
                let message = bare(&message);
                for part in secret.as_bytes().windows(SHOWN.min(secret.len())) {
                    let part = str::from_utf8(part).unwrap();
                    prop_assert!(!message.contains(part), "{}", error);
                }
            }
            Ok(())
        })
        .unwrap();
}
