//! Text without regard to case, and the words of a name.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt::{self, Display as _, Write as _};

use zeroize::Zeroizing;

/// The same letter for all that differ only in case, as Java's `String.equalsIgnoreCase` compares them: the lowercase of
/// the uppercase, of which a small sigma has two.
fn fold_char(c: char) -> char {
    let mut upper = c.to_uppercase();
    let upper = match (upper.next(), upper.next()) {
        (Some(upper), None) => upper,
        // Of several characters, as that of the sharp s. What Java has instead has the same lowercase.
        _ => c,
    };
    // Only U+0130 has a lowercase of two characters; Java takes the first.
    upper.to_lowercase().next().unwrap_or(c)
}

/// Writes text from elsewhere so that it cannot steer a terminal: control characters, marks of
/// direction and the like are escaped.
pub(super) fn write_printable(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    if text.trim().is_empty() {
        // It would not be seen.
        return write!(f, "{text:?}");
    }
    text.chars().try_for_each(|c| match c {
        '"' | '\'' | '\\' => f.write_char(c),
        c => c.escape_debug().fmt(f),
    })
}

/// Folds public text.
pub(super) fn fold(text: &str) -> String {
    text.chars().map(fold_char).collect()
}

/// A folded secret to look for words in. Everything in it is wiped.
pub(super) struct Haystack {
    text: Zeroizing<String>,
    /// One bit for each pair of neighbouring bytes, five bits of either: most words that do
    /// not occur are seen not to by their first pair.
    pairs: Zeroizing<[u32; 32]>,
}

impl Haystack {
    pub(super) fn of(secret: &str) -> Self {
        let text = fold_secret(secret);
        let mut pairs = Zeroizing::new([0; 32]);
        for pair in text.as_bytes().windows(2) {
            pairs[usize::from(pair[0] % 32)] |= 1 << (pair[1] % 32);
        }
        Self { text, pairs }
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    fn contains(&self, word: &str) -> bool {
        let pair_occurs = match word.as_bytes() {
            [first, second, ..] => self.pairs[usize::from(first % 32)] >> (second % 32) & 1 == 1,
            _ => true,
        };
        pair_occurs && self.text.contains(word)
    }
}

/// Folds into a buffer that never grows, so that no copy is left behind.
fn fold_secret(secret: &str) -> Zeroizing<String> {
    // No character of n bytes has a lowercase of more than 3n/2: two bytes become three at most.
    let capacity = secret.len() + secret.len() / 2;
    let mut folded = Zeroizing::new(String::with_capacity(capacity));
    if secret.is_ascii() {
        folded.push_str(secret);
        folded.make_ascii_lowercase();
    } else {
        folded.extend(secret.chars().map(fold_char));
    }
    folded
}

/// What of a value may not occur in a password: its words (runs of letters and digits), the
/// value without anything else, and the value as it is. Folded, each once, the shortest first.
#[derive(Clone, Default)]
pub(super) struct Words(Vec<Word>);

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Word {
    /// Length in characters (code points).
    len: u64,
    text: String,
}

impl Words {
    pub(super) fn of(value: &str) -> Self {
        let folded = fold(value);
        let bare: String = folded.chars().filter(|c| c.is_alphanumeric()).collect();
        let mut words: Vec<Word> = folded
            .split(|c: char| !c.is_alphanumeric())
            .chain([bare.as_str(), folded.trim()])
            .filter(|text| !text.is_empty())
            .map(|text| Word {
                len: text.chars().count() as u64,
                text: text.into(),
            })
            .collect();
        words.sort_unstable();
        words.dedup();
        Self(words)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The length of the longest word that occurs, in characters.
    pub(super) fn longest_in(&self, haystack: &Haystack) -> Option<u64> {
        let longest_first = self.0.iter().rev();
        let mut occurring = longest_first.filter(|word| haystack.contains(&word.text));
        occurring.next().map(|word| word.len)
    }

    /// Whether `len` neighbouring characters occur, of the value as it is or of its letters and
    /// digits.
    pub(super) fn have_part_in(&self, haystack: &Haystack, len: u64) -> bool {
        // These two are the longest. Where they are the same, the next is a part of them.
        let wholes = self.0.iter().rev().take(2).filter(|word| word.len >= len);
        wholes.into_iter().any(|Word { text, .. }| {
            let len = usize::try_from(len).expect("not above the length of a text");
            let starts = text.char_indices().map(|(start, _)| start);
            let ends = starts.clone().skip(len).chain([text.len()]);
            starts
                .zip(ends)
                .any(|(start, end)| haystack.contains(&text[start..end]))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What [`fold_secret`] reserves is enough for every character, so that no copy is left
    /// behind in a buffer that was too small.
    #[test]
    fn no_character_outgrows_the_buffer() {
        for c in (0..=u32::from(char::MAX)).filter_map(char::from_u32) {
            assert!(2 * fold_char(c).len_utf8() <= 3 * c.len_utf8(), "{c:?}");
            let text: String = [c; 5].iter().collect();
            let capacity = text.len() + text.len() / 2;
            assert_eq!(fold_secret(&text).capacity(), capacity);
        }
    }
}
