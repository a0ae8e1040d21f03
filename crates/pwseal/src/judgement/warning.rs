//! What may not be as it was meant.

use alloc::vec::Vec;
use core::fmt;
use core::ops::BitAnd;

use zeroize::Zeroizing;

use super::{imitation, nfc};

/// An enum, the list of its variants, their names and sentences. They are written once, so that none can be forgotten.
macro_rules! warnings {
    ($($(#[$doc:meta])* $variant:ident $name:literal $sentence:literal,)+) => {
        /// Something about a password that is no error, and that its owner may not have meant. It holds no part of the
        /// password.
        ///
        /// `Display` is a sentence for people.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum PasswordWarning {
            $($(#[$doc])* $variant,)+
        }

        impl PasswordWarning {
            /// All there are.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// A word for programs, such as `trailing-white-space`. It does not change.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)+
                }
            }
        }

        impl fmt::Display for PasswordWarning {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(match self {
                    $(Self::$variant => concat!("the password ", $sentence),)+
                })
            }
        }
    };
}

warnings! {
    /// White space at its beginning.
    LeadingWhiteSpace "leading-white-space"
        "begins with white space",
    /// White space at its end.
    TrailingWhiteSpace "trailing-white-space"
        "ends with white space",
    /// A no-break space, or another one that is not U+0020.
    NoBreakSpace "no-break-space"
        "has a no-break space, or another space that is not the one of the keyboard",
    /// A character that is not seen: a zero-width space or joiner, a soft hyphen, a mark of direction.
    InvisibleCharacter "invisible-character"
        "has a character that is not seen, such as a zero-width space or a mark of direction",
    /// A quote, dash or ellipsis that word processors write.
    SmartPunctuation "smart-punctuation"
        "has a curly quote, a long dash or an ellipsis, which programs put in place of what is typed",
    /// U+FFFD or U+FFFC, which stand for something else.
    ReplacementCharacter "replacement-character"
        "has a replacement character: another one was lost here",
    /// UTF-8 that was read as Latin-1 or Windows-1252, and written as UTF-8 again.
    Mojibake "mojibake"
        "looks like UTF-8 that was read as Latin-1 or Windows-1252",
    /// Not in Normalization Form C (UAX #15), in which most keyboards write.
    NotNfc "not-nfc"
        "is not in Unicode's form NFC: where it is typed another time, it may have other bytes",
    /// What a spreadsheet makes of a number, a date or a formula: `1.23457E+11`, `="00123"`.
    SpreadsheetValue "spreadsheet-value"
        "looks like what a spreadsheet makes of a number, a date or a formula",
    /// What a program writes where it has no value, or hides it: `null`, `********`, `${PASSWORD}`.
    Placeholder "placeholder"
        "looks like what a program writes where a value is missing or hidden",
    /// Within straight quotes.
    InQuotes "in-quotes"
        "is in quotes, which are a part of it",
    /// A backslash and an n, or an r, at its end.
    EscapedLineBreak "escaped-line-break"
        "ends with a line break that is written as a backslash and a letter, which are a part of it",
    /// A colon. The platform is documented not to take it. Whether it refuses it is not certain.
    Colon "colon"
        "has a colon, which the platform is documented not to take",
    /// A character outside ASCII. The platform is documented not to take it. Whether it refuses it is not certain.
    NonAscii "non-ascii"
        "has a character outside ASCII, which the platform is documented not to take",
    /// A control character, in a password that is meant as it is.
    ControlCharacter "control-character"
        "has a control character, which the platform is documented not to take",
    /// Bytes that are not UTF-8, in a password that is meant as it is.
    NotUtf8 "not-utf8"
        "is not UTF-8, which the API expects",
}

/// The warnings of one password, each at most once, in the order of [`PasswordWarning::ALL`].
///
/// ```
/// use pwseal::{Password, PasswordWarning};
///
/// let warnings = Password::new("1.23457E+11")?.judge()?.warnings();
/// assert!(warnings.contains(PasswordWarning::SpreadsheetValue));
/// for warning in warnings.iter() {
///     println!("{}: {warning}", warning.name());
/// }
/// # Ok::<(), pwseal::Error>(())
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct PasswordWarnings(u32);

const _: () = assert!(PasswordWarning::ALL.len() <= 32);

impl PasswordWarnings {
    /// There is nothing to say.
    pub const NONE: Self = Self(0);

    /// What is said of a password that is meant as it is: the platform may not take it all the same.
    pub(super) const OF_THE_PLATFORM: Self = Self(
        bit(PasswordWarning::Colon)
            | bit(PasswordWarning::NonAscii)
            | bit(PasswordWarning::ControlCharacter)
            | bit(PasswordWarning::NotUtf8),
    );

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self == Self::NONE
    }

    /// How many there are.
    #[must_use]
    pub fn len(self) -> usize {
        self.0.count_ones() as usize
    }

    /// Whether this is one of them.
    #[must_use]
    pub fn contains(self, warning: PasswordWarning) -> bool {
        self.0 & bit(warning) != 0
    }

    /// Each of them.
    pub fn iter(self) -> impl ExactSizeIterator<Item = PasswordWarning> + Clone {
        Iter(self)
    }

    pub(super) fn set(&mut self, warning: PasswordWarning, given: bool) {
        self.0 |= if given { bit(warning) } else { 0 };
    }
}

const fn bit(warning: PasswordWarning) -> u32 {
    1 << warning as u32
}

impl From<PasswordWarning> for PasswordWarnings {
    fn from(warning: PasswordWarning) -> Self {
        Self(bit(warning))
    }
}

impl BitAnd for PasswordWarnings {
    type Output = Self;

    fn bitand(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }
}

/// Those that are left.
#[derive(Clone)]
struct Iter(PasswordWarnings);

impl Iterator for Iter {
    type Item = PasswordWarning;

    fn next(&mut self) -> Option<PasswordWarning> {
        let left = self.0.0;
        let next = PasswordWarning::ALL.get(left.trailing_zeros() as usize)?;
        self.0.0 = left & (left - 1);
        Some(*next)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = self.0.len();
        (left, Some(left))
    }
}

impl ExactSizeIterator for Iter {}

impl fmt::Debug for PasswordWarnings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

/// Of any text.
pub(super) fn of_text(text: &str) -> PasswordWarnings {
    use PasswordWarning as W;
    let mut warnings = imitation::warnings(text.as_bytes());
    warnings.set(W::LeadingWhiteSpace, text.starts_with(char::is_whitespace));
    warnings.set(W::TrailingWhiteSpace, text.ends_with(char::is_whitespace));
    for c in text.chars() {
        warnings.set(W::Colon, c == ':');
        warnings.set(W::ControlCharacter, c.is_control());
        if !c.is_ascii() {
            warnings.set(W::NonAscii, true);
            warnings.set(W::NoBreakSpace, c.is_whitespace() && !c.is_control());
            warnings.set(W::InvisibleCharacter, is_invisible(c));
            warnings.set(W::SmartPunctuation, is_smart_punctuation(c));
            warnings.set(
                W::ReplacementCharacter,
                matches!(c, '\u{fffc}' | '\u{fffd}'),
            );
        }
    }
    if warnings.contains(W::NonAscii) {
        warnings.set(W::Mojibake, is_mojibake(text));
        warnings.set(W::NotNfc, !nfc::is_nfc(text));
    }
    warnings
}

/// Those that Unicode has renderers ignore (`Default_Ignorable_Code_Point`), the marks of interlinear annotation, and
/// the Braille pattern without a dot. U+FEFF is not seen either; it is refused.
fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}'
    )
}

/// Quotes, hyphens and dashes, the ellipsis, primes and the minus sign.
fn is_smart_punctuation(c: char) -> bool {
    matches!(
        c,
        '«' | '»' | '\u{2010}'..='\u{2015}' | '\u{2018}'..='\u{201f}' | '…'
            | '\u{2032}'..='\u{2037}' | '‹' | '›' | '−'
    )
}

/// Whether the text, written in Windows-1252, would be UTF-8.
fn is_mojibake(text: &str) -> bool {
    // No character takes fewer bytes in UTF-8, so that the buffer does not grow.
    let mut bytes = Zeroizing::new(Vec::with_capacity(text.len()));
    for c in text.chars() {
        let Some(byte) = windows_1252(c) else {
            return false;
        };
        bytes.push(byte);
    }
    core::str::from_utf8(&bytes).is_ok()
}

fn windows_1252(c: char) -> Option<u8> {
    /// The characters of 80 to 9F; the code point itself where there is none.
    const PAGE: [char; 32] = [
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž',
        '\u{8f}', '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}',
        'ž', 'Ÿ',
    ];
    match u8::try_from(c) {
        Ok(byte) => Some(byte),
        Err(_) => (0x80..)
            .zip(PAGE)
            .find_map(|(byte, of_page)| (of_page == c).then_some(byte)),
    }
}
