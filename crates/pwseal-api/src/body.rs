//! How the JSON of a `set-password` body is laid out.

use std::ops::Range;

/// How a body begins.
pub(crate) const BEGINNING: &str = "{\"identityId\":";

/// Adds a body, on one line, with a gap of `len` bytes where the encrypted password belongs, whose
/// base64 needs no escape, and returns where the gap is. The ids are those of the identity, the public
/// key, the account and the source.
pub(crate) fn write(body: &mut Vec<u8>, ids: [&str; 4], len: usize) -> Range<usize> {
    let [identity_id, public_key_id, account_id, source_id] = ids;
    let plain = ids.into_iter().all(needs_no_escape);
    // Room for all of it, so that a body does not grow and leave a copy of its ciphertext behind. An
    // escaped character takes up to six.
    let longest = if plain { 1 } else { 6 } * ids.into_iter().map(str::len).sum::<usize>();
    body.reserve(128 + longest + len);
    let field = |body: &mut Vec<u8>, before: &str, id: &str| {
        body.extend_from_slice(before.as_bytes());
        if plain {
            body.push(b'"');
            body.extend_from_slice(id.as_bytes());
            body.push(b'"');
        } else {
            serde_json::to_writer(body, id).expect("strings are always serialised");
        }
    };
    field(body, BEGINNING, identity_id);
    body.extend_from_slice(b",\"encryptedPassword\":\"");
    let start = body.len();
    let end = start + len;
    body.resize(end, b' ');
    field(body, "\",\"publicKeyId\":", public_key_id);
    field(body, ",\"accountId\":", account_id);
    field(body, ",\"sourceId\":", source_id);
    body.push(b'}');
    start..end
}

/// Whether a JSON string is the text itself in quotes (RFC 8259, section 7). To look at all bytes is faster than to
/// stop at the first that needs an escape: many are compared at once.
fn needs_no_escape(text: &str) -> bool {
    text.bytes().fold(true, |plain, byte| {
        plain & (byte >= b' ') & (byte != b'"') & (byte != b'\\')
    })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{needs_no_escape, write};

    #[test]
    fn text_needs_no_escape_where_serde_json_changes_nothing() {
        for character in ('\0'..='\u{ff}').chain(['€', '\u{2028}', '😀']) {
            let text = format!("sixteen bytes and {character}");
            let json = serde_json::to_string(&text).expect("a string");
            assert_eq!(
                needs_no_escape(&text),
                json == format!("\"{text}\""),
                "{text:?}"
            );
        }
    }

    #[test]
    fn the_gap_is_where_the_encrypted_password_belongs() {
        for account in ["CN=Abby,DC=acme", "a\"b\\c\n", "\u{1}\u{1}\u{1}\u{1}"] {
            let mut body = b"before".to_vec();
            let gap = write(&mut body, ["i", "k", account, "s"], 3);
            body[gap].copy_from_slice(b"YWJ");
            let body: Value = serde_json::from_slice(&body[6..]).expect("JSON");
            let expected = json!({
                "identityId": "i",
                "encryptedPassword": "YWJ",
                "publicKeyId": "k",
                "accountId": account,
                "sourceId": "s",
            });
            assert_eq!(body, expected);
        }
    }
}
