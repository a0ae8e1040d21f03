//! The characters that passwords are generated of.

use alloc::vec::Vec;
use core::ops::Range;

/// The printable characters of ASCII without the colon, which the platform is documented not to
/// take, and without the space, which forms like to trim; by character type.
const TYPES: [&[u8]; 4] = [
    b"ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    b"abcdefghijklmnopqrstuvwxyz",
    b"0123456789",
    b"!\"#$%&'()*+,-./;<=>?@[\\]^_`{|}~",
];

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
    characters: Vec<u8>,
    /// The four character types, and the letters.
    classes: [Range<usize>; 5],
}

impl Alphabet {
    pub(super) fn without(excluded: AsciiSet) -> Self {
        let mut characters = Vec::with_capacity(93);
        let [upper, lower, digits, special] = TYPES.map(|characters_of_type| {
            let start = characters.len();
            let kept = characters_of_type
                .iter()
                .filter(|&&byte| !excluded.has(byte));
            characters.extend(kept);
            start..characters.len()
        });
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
