//! A text out of a JSON string, without a copy that stays behind.

use zeroize::Zeroizing;

/// The text of a JSON string, given with its quotes: for a secret, of which no copy stays behind.
/// `None` for what is no JSON string. Characters that must be escaped are taken as they are: whoever
/// has the string out of a document knows that it is valid.
///
/// ```
/// use pwseal_api::unescape;
///
/// assert_eq!(unescape(r#""a\"\u00e4""#).as_deref().map(String::as_str), Some("a\"ä"));
/// assert_eq!(unescape("12345678"), None);
/// ```
#[must_use]
pub fn unescape(json: &str) -> Option<Zeroizing<String>> {
    let mut rest = json.strip_prefix('"')?.strip_suffix('"')?;
    // No escape is shorter than what it stands for, so that the buffer does not grow.
    let mut text = Zeroizing::new(String::with_capacity(rest.len()));
    while let Some((before, after)) = rest.split_once('\\') {
        text.push_str(before);
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
        text.push(meant);
    }
    text.push_str(rest);
    Some(text)
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
    use super::unescape;

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
            "\"",
            "",
            "12345678",
            "true",
            "[\"a\"]",
        ] {
            let expected = serde_json::from_str::<String>(json).ok();
            let found = unescape(json);
            assert_eq!(found.as_deref(), expected.as_ref(), "{json}");
        }
    }
}
