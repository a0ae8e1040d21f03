//! Text without regard to case, and the words of a name.

use alloc::string::String;
use alloc::vec::Vec;

use zeroize::Zeroizing;

/// A lowercase letter for each character, as Java's `Character.toLowerCase` gives it.
fn fold_char(c: char) -> char {
    // Only U+0130 has a lowercase of two characters; Java takes the first.
    c.to_lowercase().next().unwrap_or(c)
}

/// Folds public text.
pub(super) fn fold(text: &str) -> String {
    text.chars().map(fold_char).collect()
}

/// Folds a secret into a buffer that never grows and is wiped.
pub(super) fn fold_secret(text: &str) -> Zeroizing<String> {
    // No character of n bytes has a lowercase of more than 3n/2: two bytes become three at most.
    let mut folded = Zeroizing::new(String::with_capacity(text.len() + text.len() / 2));
    if text.is_ascii() {
        folded.push_str(text);
        folded.make_ascii_lowercase();
    } else {
        folded.extend(text.chars().map(fold_char));
    }
    folded
}

/// What of a value may not occur in a password: its words (runs of letters and digits), the
/// value without anything else, and the value as it is. Folded, each once.
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

    /// The words of at least `min` characters.
    fn at_least(&self, min: u64) -> impl Iterator<Item = &str> {
        let long = self.0.iter().filter(move |word| word.len >= min);
        long.map(|word| word.text.as_str())
    }

    pub(super) fn has_any(&self, min: u64) -> bool {
        self.at_least(min).next().is_some()
    }

    /// Whether one of the words of at least `min` characters occurs in the folded text.
    pub(super) fn occur_in(&self, folded: &str, min: u64) -> bool {
        self.at_least(min).any(|word| folded.contains(word))
    }
}
