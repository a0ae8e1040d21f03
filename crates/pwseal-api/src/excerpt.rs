//! A piece of a server's text that is fit for a log.

use core::fmt;

/// The longest excerpt in characters, `...` at its end not counted.
const MAX_LEN: usize = 120;

/// The length of the API's own ids, which are hexadecimal.
const ID_LEN: usize = 32;

/// A run of characters of base64 that is longer could be a part of a ciphertext. A UUID has 36.
const MAX_WORD: usize = 36;

/// The shortest digit token has one digit more.
const MAX_DIGITS: usize = 5;

const MASK: &str = "[...]";

/// The start of a text: printable ASCII, everything else escaped as in a Rust byte string, white
/// space as single spaces. What could be a ciphertext or a digit token is masked, as servers do
/// repeat a request in their answer.
pub(crate) fn excerpt(bytes: &[u8]) -> String {
    let mut excerpt = String::with_capacity(MAX_LEN);
    for piece in bytes.trim_ascii().chunk_by(|a, b| kind(*a) == kind(*b)) {
        if excerpt.len() > MAX_LEN {
            break;
        }
        match kind(piece[0]) {
            Kind::Space => excerpt.push(' '),
            Kind::Word if piece.len() > MAX_WORD => excerpt.push_str(MASK),
            Kind::Word => push_word(&mut excerpt, piece),
            Kind::Other => {
                // At least one character for each byte, so that a longer piece shows that it is.
                let shown = piece.iter().take(MAX_LEN + 1);
                excerpt.extend(shown.flat_map(|byte| byte.escape_ascii().map(char::from)));
            }
        }
    }
    if excerpt.len() > MAX_LEN {
        excerpt.truncate(MAX_LEN);
        excerpt.push_str("...");
    }
    excerpt
}

/// A server's text as `Debug` shows it: its excerpt in quotes.
pub(crate) struct Shown<'a>(pub(crate) &'a str);

impl fmt::Debug for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\"", excerpt(self.0.as_bytes()))
    }
}

/// A list of them.
pub(crate) fn shown(texts: &[String]) -> Vec<Shown<'_>> {
    texts.iter().map(|text| Shown(text)).collect()
}

#[derive(PartialEq)]
enum Kind {
    Space,
    /// What base64 consists of, also escaped for JSON, a URL or HTML.
    Word,
    Other,
}

fn kind(byte: u8) -> Kind {
    match byte {
        b' ' | b'\t' | b'\r' | b'\n' => Kind::Space,
        b'+' | b'/' | b'=' | b'-' | b'_' | b'\\' | b'%' | b'&' | b'#' | b';' => Kind::Word,
        _ if byte.is_ascii_alphanumeric() => Kind::Word,
        _ => Kind::Other,
    }
}

fn push_word(excerpt: &mut String, word: &[u8]) {
    for part in word.chunk_by(|a, b| a.is_ascii_alphanumeric() == b.is_ascii_alphanumeric()) {
        let is_id = part.len() == ID_LEN && part.iter().all(u8::is_ascii_hexdigit);
        for run in part.chunk_by(|a, b| a.is_ascii_digit() == b.is_ascii_digit()) {
            if run.len() > MAX_DIGITS && run[0].is_ascii_digit() && !is_id {
                excerpt.push_str(MASK);
            } else {
                excerpt.push_str(&run.escape_ascii().to_string());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::excerpt;

    #[test]
    fn it_is_printable_and_short() {
        assert_eq!(excerpt(b""), "");
        assert_eq!(
            excerpt(b"\r\n <html>\n  <h1>502 \"Bad\" Gateway</h1>\x1b[31m\xfc\n"),
            r#"<html> <h1>502 \"Bad\" Gateway</h1>\x1b[31m\xfc"#
        );
        let long = excerpt("ab. ".repeat(1000).as_bytes());
        assert_eq!(long.len(), 123);
        assert!(long.starts_with("ab. ab. ") && long.ends_with("..."));
        assert!(excerpt(&[0; 1 << 20]).len() <= 123);
    }

    #[test]
    fn what_is_left_out_shows_whatever_it_is() {
        let dots = ".".repeat(120);
        assert_eq!(excerpt(dots.as_bytes()), dots);
        assert_eq!(excerpt(format!("{dots} \n").as_bytes()), dots);
        for rest in [".", " .", "  word", "\n7"] {
            let text = format!("{dots}{rest}");
            assert_eq!(excerpt(text.as_bytes()), format!("{dots}..."), "{rest:?}");
        }
    }

    #[test]
    fn what_could_be_a_ciphertext_or_a_digit_token_is_masked() {
        let ciphertext = "qrvM3e7/ABEiM0RVZneImaq7zN3u/wARIjNEVWZ3iJmqu8zd7v8+";
        for text in [
            ciphertext.to_owned(),
            ciphertext.replace('/', r"\/"),
            ciphertext.replace('/', "%2F").replace('+', "%2B"),
            ciphertext.replace('/', "&#x2F;"),
        ] {
            assert_eq!(
                excerpt(format!("{{\"encryptedPassword\": \"{text}\"}}").as_bytes()),
                r#"{\"encryptedPassword\": \"[...]\"}"#
            );
        }
        assert_eq!(
            excerpt(br#"{"digitToken":"09087713"}"#),
            r#"{\"digitToken\":\"[...]\"}"#
        );
        assert_eq!(excerpt(b"id-123456x12345"), "id-[...]x12345");
        assert_eq!(excerpt(br"\u00229087713\u0022"), r"\\u[...]\\u0022");
        assert_eq!(excerpt(&[b'7'; 500]), "[...]");
    }

    #[test]
    fn the_ids_of_the_api_stay() {
        for id in [
            "2c918085744fec4301746f9a5bce4605",
            "e1267ecd-fcd9-4c73-9c55-12555efad136",
        ] {
            assert_eq!(excerpt(id.as_bytes()), id);
        }
    }
}
