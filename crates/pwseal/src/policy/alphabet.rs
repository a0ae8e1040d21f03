//! The characters that passwords are generated of.

use alloc::borrow::Cow;
use alloc::vec::Vec;
use core::ops::Range;

/// The printable characters of ASCII without the colon, which the platform is documented not to
/// take, and without the space, which forms like to trim; by character type.
const ALL: &[u8; 93] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!\"#$%&'()*+,-./;<=>?@[\\]^_`{|}~";

/// Where the characters of each type are among all.
const TYPES: [Range<usize>; 4] = [0..26, 26..52, 52..62, 62..93];

/// The class of all letters, beside the four character types.
pub(super) const LETTERS: usize = 4;

/// Characters of ASCII, one bit for each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct AsciiSet(u128);

impl AsciiSet {
    pub(super) fn add(&mut self, character: char) {
        if character.is_ascii() {
            self.0 |= 1 << u32::from(character);
        }
    }

    fn has(self, byte: u8) -> bool {
        self.0 >> byte & 1 == 1
    }
}

/// The characters to draw from, with those of one type side by side.
pub(super) struct Alphabet {
    characters: Cow<'static, [u8]>,
    /// The four character types, and the letters.
    classes: [Range<usize>; 5],
}

impl Alphabet {
    pub(super) fn without(excluded: AsciiSet) -> Self {
        if excluded == AsciiSet::default() {
            return Self::new(ALL.into(), TYPES);
        }
        let mut characters = Vec::with_capacity(ALL.len());
        let types = TYPES.map(|characters_of_type| {
            let start = characters.len();
            let kept = ALL[characters_of_type]
                .iter()
                .filter(|&&byte| !excluded.has(byte));
            characters.extend(kept);
            start..characters.len()
        });
        Self::new(characters.into(), types)
    }

    fn new(characters: Cow<'static, [u8]>, types: [Range<usize>; 4]) -> Self {
        let [upper, lower, digits, special] = types;
        let letters = upper.start..lower.end;
        Self {
            characters,
            classes: [upper, lower, digits, special, letters],
        }
    }

    pub(super) fn len(&self) -> usize {
        self.characters.len()
    }

    /// How many characters a class has.
    pub(super) fn class_len(&self, class: usize) -> usize {
        self.classes[class].len()
    }

    pub(super) fn get(&self, index: usize) -> u8 {
        self.characters[index]
    }

    pub(super) fn get_of_class(&self, class: usize, index: usize) -> u8 {
        self.characters[self.classes[class].start + index]
    }
}
