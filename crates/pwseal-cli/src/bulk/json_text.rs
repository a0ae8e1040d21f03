//! A password out of a JSON string, without a copy that stays behind; and which text is one as it is.

use memchr::memchr;
use pwseal::Password;
use zeroize::Zeroizing;

use super::problem::Problem;

/// Reads a JSON string with its quotes, whose characters serde_json has passed over as valid.
pub(super) fn password(json: &str) -> Result<Password, Problem> {
    let text = json
        .strip_prefix('"')
        .and_then(|json| json.strip_suffix('"'));
    let Some(text) = text else {
        return Err(Problem::new("json", "the line's password is not a string"));
    };
    if memchr(b'\\', text.as_bytes()).is_none() {
        // What the copy leaves in registers is overwritten with what encryption does.
        return Ok(Password::try_from(text.as_bytes().to_vec())?);
    }
    let Some(mut unescaped) = unescape(text) else {
        return Err(Problem::new(
            "json",
            "the line's password has an escape that is not valid JSON",
        ));
    };
    Ok(Password::try_from(std::mem::take(&mut *unescaped))?)
}

/// Whether a JSON string is the text itself in quotes (RFC 8259, section 7). Many bytes are looked
/// at at once, as none of them ends it.
pub(super) fn is_plain(text: &str) -> bool {
    text.bytes().fold(true, |plain, byte| {
        plain & (byte >= b' ') & (byte != b'"') & (byte != b'\\')
    })
}

/// No escape is shorter than what it stands for, so that the buffer does not grow.
fn unescape(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(text.len()));
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('\\') {
        bytes.extend_from_slice(before.as_bytes());
        let character = after.chars().next()?;
        rest = after.get(character.len_utf8()..)?;
        let meant = match character {
            '"' | '\\' | '/' => character,
            'b' => '\u{8}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'u' => code_point(&mut rest)?,
            _ => return None,
        };
        let mut utf8 = Zeroizing::new([0; 4]);
        bytes.extend_from_slice(meant.encode_utf8(&mut *utf8).as_bytes());
    }
    bytes.extend_from_slice(rest.as_bytes());
    Some(bytes)
}

/// What follows `\u`: a code point, or the two halves of a surrogate pair.
fn code_point(rest: &mut &str) -> Option<char> {
    let first = four_digits(rest)?;
    if !(0xd800..0xdc00).contains(&first) {
        return char::from_u32(first);
    }
    *rest = rest.strip_prefix("\\u")?;
    let second = four_digits(rest)?.checked_sub(0xdc00)?;
    (second < 0x400).then(|| char::from_u32(0x10000 + ((first - 0xd800) << 10) + second))?
}

fn four_digits(rest: &mut &str) -> Option<u32> {
    let (digits, after) = rest.split_at_checked(4)?;
    *rest = after;
    digits.bytes().try_fold(0, |number, digit| {
        Some(number << 4 | char::from(digit).to_digit(16)?)
    })
}

#[cfg(test)]
mod tests {
    use super::{is_plain, password};

    #[test]
    fn it_reads_what_serde_json_reads() {
        for json in [
            r#""correct horse 7""#,
            r#""\"\\\/\b\f\n\r\t""#,
            r#""a\u00e4\u20AC\ud83d\ude00z""#,
            r#""\ud7ff\ue000\uffff\udbff\udfff\u0000""#,
            r#""ä\\€\u0041""#,
            // None of these is a string.
            r#""\ud83d""#,
            r#""\ud83dx""#,
            r#""\ud83d\n""#,
            r#""\ud83d\u0041""#,
            r#""\ud83d\ud83d""#,
            r#""\ude00\ud83d""#,
            r#""\u12""#,
            r#""\u+123""#,
            r#""\u12é""#,
            r#""\x""#,
            r#""\é""#,
            r#""\"#,
            "12345678",
            "true",
            "[\"a\"]",
        ] {
            let expected = serde_json::from_str::<String>(json).ok();
            let found = password(json).ok();
            assert_eq!(
                found.map(|password| password.expose().to_vec()),
                expected.map(String::into_bytes),
                "{json}"
            );
        }
    }

    #[test]
    fn text_is_plain_where_serde_json_changes_nothing() {
        for character in ('\0'..='\u{ff}').chain(['€', '\u{2028}', '😀']) {
            let text = format!("sixteen bytes and {character}");
            let json = serde_json::to_string(&text).expect("a string");
            assert_eq!(is_plain(&text), json == format!("\"{text}\""), "{text:?}");
        }
    }

    #[test]
    fn an_empty_one_is_named() {
        let problem = password("\"\"").expect_err("it is empty");
        assert_eq!(problem.kind, "password-empty");
    }
}
