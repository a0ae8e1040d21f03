//! Text that is likely no password, but what a program made of one or wrote in its place.

use super::warning::{PasswordWarning, PasswordWarnings};

/// What such text has at its ends, and what all of it is. White space that is not ASCII is not looked at here.
pub(super) fn warnings(text: &[u8]) -> PasswordWarnings {
    use PasswordWarning as W;
    let mut warnings = PasswordWarnings::NONE;
    let (Some(first), Some(last)) = (text.first(), text.last()) else {
        return warnings;
    };
    warnings.set(W::LeadingWhiteSpace, *first == b' ');
    warnings.set(W::TrailingWhiteSpace, *last == b' ');
    let text = text.trim_ascii();
    warnings.set(W::InQuotes, is_in_quotes(text));
    warnings.set(W::SpreadsheetValue, is_spreadsheet_value(text));
    warnings.set(W::Placeholder, is_placeholder(text));
    warnings.set(
        W::EscapedLineBreak,
        text.len() > 2 && matches!(text, [.., b'\\', b'n' | b'r']),
    );
    warnings
}

fn is_in_quotes(text: &[u8]) -> bool {
    matches!(
        text,
        [b'"', .., b'"'] | [b'\'', .., b'\''] | [b'`', .., b'`']
    )
}

/// What Excel and its kin save for a number of more than eleven digits, a date, a formula or an error, and pandas
/// for a whole number beside an empty cell.
fn is_spreadsheet_value(text: &[u8]) -> bool {
    match text {
        [b'=', b'"', .., b'"'] => true,
        [b'#', rest @ ..] => {
            rest.len() > 1 && all(rest, |byte| byte == b'#')
                || matches!(
                    rest,
                    b"REF!"
                        | b"NAME?"
                        | b"VALUE!"
                        | b"N/A"
                        | b"DIV/0!"
                        | b"NUM!"
                        | b"NULL!"
                        | b"SPILL!"
                        | b"CALC!"
                )
        }
        // The mark of text, which a cell does not show.
        [b'\'', rest @ ..] => {
            matches!(rest, [b'=' | b'+' | b'-' | b'@', ..])
                || rest.len() > 1 && all(rest, |byte| byte.is_ascii_digit())
        }
        b"TRUE" | b"FALSE" => true,
        [b'+' | b'-', rest @ ..] => is_scientific(rest),
        [b'0'..=b'9', ..] => is_scientific(text) || is_whole_float(text) || is_date(text),
        [b'A'..=b'Z', ..] => is_month_and_year(text),
        _ => false,
    }
}

/// `1.23457E+11`, with a comma in other languages.
fn is_scientific(text: &[u8]) -> bool {
    let Some(at) = text.iter().position(|byte| matches!(byte, b'e' | b'E')) else {
        return false;
    };
    let (mantissa, exponent) = (&text[..at], &text[at + 1..]);
    let mantissa_fits = match mantissa {
        [b'0'..=b'9'] => true,
        [b'0'..=b'9', b'.' | b',', digits @ ..] => is_number(digits),
        _ => false,
    };
    mantissa_fits && matches!(exponent, [b'+' | b'-', digits @ ..] if is_number(digits))
}

/// `12345678.0`.
fn is_whole_float(text: &[u8]) -> bool {
    matches!(text, [digits @ .., b'.', b'0'] if is_number(digits))
}

/// `3/4/2026`, `03.04.26`, `2026-04-03`, the last also with the time; `3-Apr`.
fn is_date(text: &[u8]) -> bool {
    let date = text.strip_suffix(b" 00:00:00").unwrap_or(text);
    [b'/', b'.', b'-'].into_iter().any(|separator| {
        let mut parts = date.split(|byte| *byte == separator);
        match [parts.next(), parts.next(), parts.next(), parts.next()] {
            [Some(a), Some(b), Some(c), None] => {
                let lengths = [a.len(), b.len(), c.len()];
                [a, b, c].into_iter().all(is_number)
                    && matches!(lengths, [1..=2, 1..=2, 2 | 4] | [4, 1..=2, 1..=2])
            }
            [Some(day), Some(month), None, None] => {
                separator == b'-' && day.len() <= 2 && is_number(day) && is_month(month)
            }
            _ => false,
        }
    })
}

/// `Apr-03`.
fn is_month_and_year(text: &[u8]) -> bool {
    matches!(text, [month @ .., b'-', b'0'..=b'9', b'0'..=b'9'] if is_month(month))
}

fn is_month(text: &[u8]) -> bool {
    matches!(
        text,
        b"Jan"
            | b"Feb"
            | b"Mar"
            | b"Apr"
            | b"May"
            | b"Jun"
            | b"Jul"
            | b"Aug"
            | b"Sep"
            | b"Oct"
            | b"Nov"
            | b"Dec"
    )
}

/// What is printed for a value that is missing, for an object, for a secret that is hidden, or in place of a variable.
fn is_placeholder(text: &[u8]) -> bool {
    const PREFIXES: [&[u8]; 5] = [
        b"System.Security.",
        b"SecretStr(",
        b"$ANSIBLE_VAULT;",
        // A SecureString of PowerShell, as text.
        b"01000000d08c9ddf0115d1118c7a00c04fc297eb",
        b"ENC[",
    ];
    match text {
        b"None" | b"null" | b"NULL" | b"Null" | b"nil" | b"undefined" | b"nan" | b"NaN" => true,
        b"[object Object]" | b"[REDACTED]" | b"[redacted]" | b"(null)" => true,
        b"System.String" | b"System.String[]" | b"System.Object[]" | b"System.Char[]"
        | b"System.Byte[]" => true,
        [b'b', b'\'', .., b'\''] | [b'b', b'"', .., b'"'] => true,
        [b'$', b'{', .., b'}'] | [b'$', b'(', .., b')'] | [b'{', b'{', .., b'}', b'}'] => true,
        [b'$', b'e', b'n', b'v', b':', ..] => true,
        [b'%', name @ .., b'%'] | [b'<', name @ .., b'>'] => {
            !name.is_empty()
                && all(name, |byte| {
                    byte.is_ascii_alphanumeric() || b" _-".contains(&byte)
                })
        }
        [b'*', _, _, ..] => all(text, |byte| byte == b'*'),
        // Bullets, which password fields show.
        [0xe2, ..] => {
            let (bullets, rest) = text.as_chunks::<3>();
            rest.is_empty()
                && bullets
                    .iter()
                    .all(|c| matches!(c, b"\xe2\x80\xa2" | b"\xe2\x97\x8f"))
        }
        [b'S' | b'$' | b'0' | b'E', ..] => PREFIXES.iter().any(|prefix| text.starts_with(prefix)),
        _ => false,
    }
}

fn is_number(text: &[u8]) -> bool {
    !text.is_empty() && all(text, |byte| byte.is_ascii_digit())
}

fn all(text: &[u8], is: impl Fn(u8) -> bool) -> bool {
    text.iter().all(|byte| is(*byte))
}
