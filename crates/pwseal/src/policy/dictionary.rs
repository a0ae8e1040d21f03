//! The organization's dictionary of words that no password may contain.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use aho_corasick::AhoCorasick;

use super::text::{self, Haystack};
use crate::error::Error;

/// The most words of a dictionary.
const MAX_WORDS: usize = 2_500;

/// The longest line in code points.
const MAX_LINE: usize = 128;

/// The password dictionary of an organization, as one automaton: however many words there
/// are, a password is read once.
///
/// A clone shares the automaton. `Debug` shows no word.
///
/// ```
/// use pwseal::policy::Dictionary;
///
/// let dictionary = Dictionary::parse("# forbidden\nlocale=en_US\n\nqwerty\nabcd\n")?;
/// assert_eq!((dictionary.len(), dictionary.locale()), (2, Some("en_US")));
/// # Ok::<(), pwseal::Error>(())
/// ```
#[derive(Clone)]
pub struct Dictionary {
    automaton: AhoCorasick,
    locale: Option<String>,
}

impl Dictionary {
    /// Reads a dictionary file, in the format of the API's Password Dictionary: UTF-8, with
    /// or without a byte order mark and without control characters, lines ended by LF or CRLF. A line is
    ///
    /// * a comment, which starts with `#`;
    /// * empty, or nothing but white space;
    /// * the locale: the first line that starts with `locale=` or `locale:`;
    /// * a word: no white space in it.
    ///
    /// No line has more than 128 code points, and there are at most 2,500 words.
    ///
    /// # Errors
    ///
    /// [`Error::DictionaryNotText`], [`Error::DictionaryLineTooLong`],
    /// [`Error::DictionaryWhiteSpace`], [`Error::DictionaryTooManyWords`]: each says in which
    /// line, counted from 1. [`Error::DictionaryOtherFormat`] for a list in JSON or CSV, and for a web page.
    pub fn parse(file: impl AsRef<[u8]>) -> Result<Self, Error> {
        let file = utf8(file.as_ref())?;
        let is_other = is_other_format(file);
        let mut words = Vec::new();
        let mut locale = None;
        for (index, content) in file.lines().enumerate() {
            let line = index + 1;
            let len = content.chars().count();
            if len > MAX_LINE {
                return Err(Error::DictionaryLineTooLong {
                    line,
                    len,
                    max: MAX_LINE,
                });
            }
            if content.starts_with('#') || content.trim().is_empty() {
                continue;
            }
            if locale.is_none() {
                locale = locale_of(content);
                if locale.is_some() {
                    continue;
                }
            }
            if is_other {
                return Err(Error::DictionaryOtherFormat);
            }
            if content.contains(char::is_whitespace) {
                return Err(Error::DictionaryWhiteSpace { line });
            }
            if words.len() == MAX_WORDS {
                return Err(Error::DictionaryTooManyWords {
                    line,
                    max: MAX_WORDS,
                });
            }
            words.push(text::fold(content));
        }
        // 2,500 words of 512 bytes each make far fewer states than an automaton can have.
        let automaton = AhoCorasick::new(&words).expect("the dictionary fits an automaton");
        Ok(Self { automaton, locale })
    }

    /// How many words it has, duplicates counted.
    #[must_use]
    pub fn len(&self) -> usize {
        self.automaton.patterns_len()
    }

    /// Whether it has no words.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// What its locale line says, such as `en_US`. Nothing depends on it here.
    #[must_use]
    pub fn locale(&self) -> Option<&str> {
        self.locale.as_deref()
    }

    /// Whether any word occurs.
    pub(super) fn occurs_in(&self, haystack: &Haystack) -> bool {
        self.automaton.is_match(haystack.text())
    }
}

fn utf8(file: &[u8]) -> Result<&str, Error> {
    // Text in UTF-16 without a mark has nothing but control characters that UTF-8 has not.
    let is_control = |(_, c): &(usize, char)| c.is_control() && !c.is_whitespace();
    let text = match core::str::from_utf8(file) {
        Ok(text) => match text.char_indices().find(is_control) {
            Some((position, _)) => Err(position),
            None => Ok(text),
        },
        Err(error) => Err(error.valid_up_to()),
    };
    let text = text.map_err(|position| {
        let before = &file[..position];
        let line = 1 + before.iter().filter(|&&byte| byte == b'\n').count();
        Error::DictionaryNotText { line, position }
    })?;
    Ok(text.strip_prefix('\u{feff}').unwrap_or(text))
}

/// Whether it is a list in another format, whose lines would be words that nobody writes: brackets around it, or each
/// word in quotes or with a comma. A word may have these, and all of them have not.
fn is_other_format(file: &str) -> bool {
    let lines = file.lines().map(str::trim);
    let is_word =
        |line: &&str| !line.is_empty() && !line.starts_with('#') && locale_of(line).is_none();
    let words = || lines.clone().filter(is_word);
    let (Some(first), Some(last)) = (words().next(), words().next_back()) else {
        return false;
    };
    let brackets = [("<", ">"), ("{", "}"), ("[", "]")];
    let in_quotes = |word: &str| {
        let word = word.trim_end_matches(',');
        word.len() > 2 && word.starts_with(['"', '\'']) && word.ends_with(['"', '\''])
    };
    brackets
        .iter()
        .any(|(open, close)| first.starts_with(open) && last.ends_with(close))
        || words().all(in_quotes)
        || words().all(|word| word.contains(','))
}

fn locale_of(line: &str) -> Option<String> {
    let rest = line.strip_prefix("locale")?;
    let locale = rest.strip_prefix(['=', ':'])?;
    Some(locale.trim().to_string())
}

impl fmt::Debug for Dictionary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Dictionary({} words)", self.len())
    }
}
