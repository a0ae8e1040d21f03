//! A piece of a server's text that is fit for a log.

use core::fmt;
use core::ops::Range;

/// The longest excerpt in characters, `...` at its end not counted.
const MAX_LEN: usize = 120;

/// How many bytes of a text are looked at. White space is not shown, so that it may be many more
/// than are.
const MAX_LOOK: usize = 16 << 10;

/// The length of the API's own ids, which are hexadecimal.
const ID_LEN: usize = 32;

/// How many ids may follow each other. More could be the lines of a hex dump.
const MAX_IDS: usize = 3;

/// A run of characters of base64 that is longer could be a part of a ciphertext. A UUID has 36.
const MAX_RUN: usize = 36;

/// The shortest digit token has one digit more.
const MAX_DIGITS: usize = 5;

/// As many characters that belong together, and are no words, may be seen.
const MAX_CODE: usize = 5;

/// How much is looked at together, in words and in characters: more than this, at least.
const WINDOW: (usize, usize) = (6, 24);

/// How many neighbours of columns are taken for columns as well, and up to which length.
const MAX_MORE: usize = 12;
const MAX_SHORT: usize = 6;

/// A name that is not longer may end a ciphertext.
const MAX_TAIL: usize = 4;

const MASK: &str = "[...]";

/// The start of a text: printable ASCII, everything else escaped as in a Rust byte string, white
/// space as single spaces. What could be a ciphertext, a digit token or a bearer token is masked,
/// as servers do repeat a request in their answer, and so is text that could be a part of one, in
/// whatever lines, columns or groups it is.
///
/// The messages of errors have a server's words like this. It is for whoever shows other words of its: the
/// reasons of a change that failed, the name of a state.
///
/// ```
/// use pwseal_api::excerpt;
///
/// assert_eq!(excerpt(b"No such\n\tperson \x1b[2J"), r"No such person \x1b[2J");
/// assert_eq!(excerpt(b"the token 482913 is used"), "the token [...] is used");
/// ```
#[must_use]
pub fn excerpt(bytes: &[u8]) -> String {
    let bytes = bytes.trim_ascii();
    let bytes = &bytes[..bytes.len().min(MAX_LOOK)];
    let mut excerpt = String::with_capacity(MAX_LEN);
    let mut masked = masked(bytes).into_iter().peekable();
    let mut position = 0;
    while position < bytes.len() && excerpt.len() <= MAX_LEN {
        if let Some(mask) = masked.next_if(|mask| mask.start == position) {
            excerpt.push_str(MASK);
            position = mask.end;
        } else if bytes[position].is_ascii_whitespace() {
            let spaces = bytes[position..].iter();
            position += spaces.take_while(|byte| byte.is_ascii_whitespace()).count();
            excerpt.push(' ');
        } else {
            excerpt.extend(bytes[position].escape_ascii().map(char::from));
            position += 1;
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

/// A run of letters and digits, or an id with its dashes.
struct Word {
    range: Range<usize>,
    kind: Kind,
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    /// What people and programs call things.
    Name,
    /// Capitals, or a name with a number: as likely a part of something encoded.
    Doubtful,
    /// Digits only.
    Digits,
    /// One of the API's ids.
    Id,
    /// Letters and digits as in base64.
    Code,
}

impl Word {
    fn len(&self) -> usize {
        self.range.len()
    }
}

/// What must not be seen, in order.
fn masked(bytes: &[u8]) -> Vec<Range<usize>> {
    let mut masked = long_runs(bytes);
    let mut words = words(bytes);
    let is_in_run = |word: &Word| masked.iter().any(|run| run.contains(&word.range.start));
    // Up to the next long name all is of one ciphertext: its last line may look like an id.
    let ends = |word: &Word| word.kind == Kind::Name && word.len() > MAX_TAIL;
    let mut in_run: Vec<bool> = words.iter().map(is_in_run).collect();
    for index in 1..words.len() {
        in_run[index] |= in_run[index - 1] && !ends(&words[index]);
    }
    for index in (1..words.len()).rev() {
        in_run[index - 1] |= in_run[index] && !ends(&words[index - 1]);
    }
    let of_runs = words.iter().zip(&in_run).filter(|(_, in_run)| **in_run);
    masked.extend(of_runs.map(|(word, _)| word.range.clone()));
    let mut in_run = in_run.into_iter();
    words.retain(|_| in_run.next() == Some(false));

    let mut hidden: Vec<bool> = words.iter().map(|word| is_code(bytes, word)).collect();
    let is_spread = |digits: &[Word]| digits.iter().map(Word::len).sum::<usize>() > MAX_DIGITS;
    hide(&words, Kind::Digits, is_spread, &mut hidden);
    // Lines of a hex dump look as ids do.
    hide(&words, Kind::Id, |ids| ids.len() > MAX_IDS, &mut hidden);
    for (index, is_column) in columns(&words).into_iter().enumerate() {
        if is_column {
            hidden[index] = true;
            masked.push(with_signs(bytes, &words[index].range));
        }
    }
    for (index, word) in words.iter().enumerate().filter(|(index, _)| hidden[*index]) {
        // What is between two words that are hidden belongs to them.
        let joined = index > 0 && hidden[index - 1];
        let start = if joined { index - 1 } else { index };
        masked.push(words[start].range.start..word.range.end);
    }
    masked.sort_by_key(|range| range.start);
    masked.dedup_by(|next, range| {
        let touches = next.start <= range.end;
        if touches {
            range.end = range.end.max(next.end);
        }
        touches
    });
    masked
}

/// Whether a word alone is too much.
fn is_code(bytes: &[u8], word: &Word) -> bool {
    let text = bytes[word.range.clone()].iter();
    let digits = text.filter(|byte| byte.is_ascii_digit()).count();
    let is_long = word.kind == Kind::Code && word.len() > MAX_CODE;
    word.kind != Kind::Id && (is_long || digits > MAX_DIGITS)
}

/// Hides neighbours of one kind that only signs and spaces stand between, if they are too many.
fn hide(words: &[Word], kind: Kind, is_too_much: impl Fn(&[Word]) -> bool, hidden: &mut [bool]) {
    let mut start = 0;
    for group in words.chunk_by(|a, b| (a.kind == kind) == (b.kind == kind)) {
        let end = start + group.len();
        if group[0].kind == kind && is_too_much(group) {
            hidden[start..end].fill(true);
        }
        start = end;
    }
}

/// Neighbours of which more than half could be encoded: a text in lines or columns that are short.
fn columns(words: &[Word]) -> Vec<bool> {
    let mut columns = vec![false; words.len()];
    for start in 0..words.len() {
        // In halves of a character.
        let (mut all, mut code, mut end) = (0, 0, start);
        while end < words.len() && (end - start < WINDOW.0 || all < 2 * WINDOW.1) {
            let word = &words[end];
            let weight = match word.kind {
                Kind::Name | Kind::Id => 0,
                Kind::Doubtful | Kind::Digits => 1,
                Kind::Code => 2,
            };
            code += weight * word.len();
            all += match word.kind {
                Kind::Id => 0,
                _ => 2 * word.len(),
            };
            end += 1;
        }
        if code > 2 * MAX_CODE && 2 * code > all {
            columns[start..end].fill(true);
        }
    }
    // At either end some may look like names.
    let mut start = 0;
    for stretch in columns.clone().chunk_by(|a, b| a == b) {
        let end = start + stretch.len();
        if stretch[0] {
            let is_short = |word: &&Word| word.len() <= MAX_SHORT;
            let (before, after) = (&words[..start], &words[end..]);
            let before = before
                .iter()
                .rev()
                .take(MAX_MORE)
                .take_while(is_short)
                .count();
            let after = after.iter().take(MAX_MORE).take_while(is_short).count();
            columns[start - before..end + after].fill(true);
        }
        start = end;
    }
    columns
}

/// A part of a text and the signs around it, which may be as much a part of something encoded.
fn with_signs(bytes: &[u8], range: &Range<usize>) -> Range<usize> {
    let is_sign = |byte: &&u8| byte.is_ascii_punctuation();
    let before = bytes[..range.start]
        .iter()
        .rev()
        .take_while(is_sign)
        .count();
    let after = bytes[range.end..].iter().take_while(is_sign).count();
    range.start - before..range.end + after
}

/// Long runs of what base64 consists of, also escaped for JSON, a URL or HTML.
fn long_runs(bytes: &[u8]) -> Vec<Range<usize>> {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || br"+/=-_\%&#;".contains(&byte);
    let mut runs = Vec::new();
    let mut start = 0;
    for run in bytes.chunk_by(|a, b| is_part(*a) == is_part(*b)) {
        let end = start + run.len();
        if is_part(run[0]) && run.len() > MAX_RUN {
            runs.push(start..end);
        }
        start = end;
    }
    runs
}

/// All words but those that are marks between others: `\n` as two characters, tags and entities.
fn words(bytes: &[u8]) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let mut start = 0;
    for part in bytes.chunk_by(|a, b| a.is_ascii_alphanumeric() == b.is_ascii_alphanumeric()) {
        let mut range = start..start + part.len();
        let before = bytes[..start].last().copied();
        start = range.end;
        if !part[0].is_ascii_alphanumeric() {
            continue;
        }
        if before == Some(b'\\') && b"nrt".contains(&part[0]) {
            range.start += 1;
        }
        let text = &bytes[range.clone()];
        let is_tag = before == Some(b'<') || before == Some(b'/') || before == Some(b'&');
        if text.is_empty() || (is_tag && MARKS.contains(&text)) {
            continue;
        }
        if let Some(start) = uuid(bytes, &words, range.end) {
            words.retain(|word| word.range.start < start);
            let range = start..range.end;
            words.push(Word {
                range,
                kind: Kind::Id,
            });
        } else {
            let kind = kind(text);
            words.push(Word { range, kind });
        }
    }
    words
}

/// Tags and entities that break lines and columns.
const MARKS: [&[u8]; 9] = [
    b"br", b"li", b"p", b"td", b"tr", b"span", b"nbsp", b"amp", b"quot",
];

/// Where the UUID starts whose last word ends here.
fn uuid(bytes: &[u8], words: &[Word], end: usize) -> Option<usize> {
    let start = end.checked_sub(36)?;
    let is_free = |byte: Option<&u8>| byte.is_none_or(|byte| !byte.is_ascii_alphanumeric());
    let is_uuid = |(index, byte): (usize, &u8)| match index {
        8 | 13 | 18 | 23 => *byte == b'-',
        _ => byte.is_ascii_hexdigit(),
    };
    let starts_a_word = || words.iter().any(|word| word.range.start == start);
    let before = start.checked_sub(1).and_then(|before| bytes.get(before));
    let is_uuid = bytes[start..end].iter().enumerate().all(is_uuid);
    (is_uuid && is_free(before) && starts_a_word()).then_some(start)
}

/// The names of two letters that texts are full of. In a dump all others are as frequent.
const SHORT_NAMES: [&[u8]; 22] = [
    b"an", b"as", b"at", b"by", b"do", b"hr", b"id", b"if", b"in", b"is", b"it", b"me", b"no",
    b"of", b"on", b"or", b"so", b"to", b"up", b"us", b"we", b"No",
];

fn kind(text: &[u8]) -> Kind {
    if text.iter().all(u8::is_ascii_digit) {
        return Kind::Digits;
    }
    if text.len() == ID_LEN && text.iter().all(u8::is_ascii_hexdigit) {
        return Kind::Id;
    }
    let letters = text.iter().take_while(|byte| byte.is_ascii_alphabetic());
    let (letters, number) = text.split_at(letters.count());
    if number.len() > 3 || !number.iter().all(u8::is_ascii_digit) {
        // A year is a number too.
        let is_version = letters == b"v" && number.len() == 4;
        return match is_version && number.iter().all(u8::is_ascii_digit) {
            true => Kind::Doubtful,
            false => Kind::Code,
        };
    }
    // The parts of a name: each a capital and small letters, but for the first.
    let parts = letters.chunk_by(|_, next| !next.is_ascii_uppercase());
    let short_parts = parts.clone().filter(|part| part.len() < 2).count();
    let parts = parts.count();
    let is_name = match letters.len() {
        0 => false,
        1 => matches!(letters[0], b'a' | b'A' | b'I'),
        2 => SHORT_NAMES.contains(&letters),
        len => short_parts == 0 && parts <= 1 + len / 5,
    };
    let is_capitals = letters.len() > 2 && letters.iter().all(u8::is_ascii_uppercase);
    match (is_name, number.is_empty()) {
        (true, true) => Kind::Name,
        (true, false) => Kind::Doubtful,
        (false, true) if is_capitals => Kind::Doubtful,
        // Such as h1, and never more than four characters.
        (false, false) if letters.len() == 1 && number.len() == 1 => Kind::Doubtful,
        (false, _) => Kind::Code,
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
        let long = excerpt("word. ".repeat(1000).as_bytes());
        assert!(
            long.starts_with("word. word. ") && long.ends_with("..."),
            "{long}"
        );
        assert_eq!(long.len(), 123);
        assert!(excerpt(&[0; 1 << 20]).len() <= 123);
        assert!(excerpt(&[b'7'; 1 << 20]).len() <= 123);
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
    fn what_could_be_a_ciphertext_or_a_token_is_masked() {
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
        for (text, shown) in [
            (
                r#"{"digitToken":"09087713"}"#,
                r#"{\"digitToken\":\"[...]\"}"#,
            ),
            ("id-123456x12345", "[...]"),
            (r"\u00229087713\u0022", "[...]"),
            ("it is 908 771.", "it is [...]."),
            ("it is 90-87-71-3", "it is [...]"),
            ("9<br>0<br/>8&nbsp;7 7, 1", "[...]"),
            ("code 90877", "code 90877"),
            ("Bearer eyJhbGciOiJub25lIn0.e30.", "[...]"),
            ("0: 7b22 656e 6372 7970 7465  {\"encrypt", "[...]"),
        ] {
            assert_eq!(excerpt(text.as_bytes()), shown, "{text}");
        }
        assert_eq!(excerpt(&[b'7'; 500]), "[...]");
    }

    #[test]
    fn what_servers_say_stays() {
        for text in [
            "2c918085744fec4301746f9a5bce4605",
            "e1267ecd-fcd9-4c73-9c55-12555efad136",
            "identity 2c918085744fec4301746f9a5bce4605, source 2c918083746f642c01746f990884012a",
            "<html><title>502 Bad Gateway</title><hr>nginx/1.18.0 (Ubuntu)",
            "JWT validation failed: JWT is expired",
            "400.1 Bad Request Content",
            "no account CN=Abby Smith,OU=Austin,OU=Americas,DC=acme,DC=com",
            "SERVICE UNAVAILABLE, PLEASE TRY AGAIN LATER",
            "/v2026/query-password-info: 404 page not found",
            "at com.acme.Foo.bar(Foo.java:123)",
            "Rate limit of 100 requests in 10 seconds is exceeded, retry in 7 s",
            "It must have at least 8 characters, 1 digit and 2 of 4 types",
        ] {
            assert_eq!(excerpt(text.as_bytes()), text);
        }
    }
}
