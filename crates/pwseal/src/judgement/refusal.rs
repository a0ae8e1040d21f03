//! What no body is made of, unless it is said to be meant.

use core::fmt;

use crate::wide::WideText;

/// An enum, the list of its variants, and their names. They are written once, so that none can be forgotten.
macro_rules! refusals {
    ($($(#[$doc:meta])* $variant:ident $name:literal,)+) => {
        /// Why the bytes of a password are not taken for text.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum NotText {
            $($(#[$doc])* $variant,)+
        }

        impl NotText {
            /// All there are.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// A word for programs, such as `line-break`. It does not change.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)+
                }
            }
        }
    };
}

refusals! {
    /// They are not UTF-8, but Latin-1 perhaps, or Windows-1252.
    NotUtf8 "not-utf8",
    /// They are UTF-16, with a byte order mark or without.
    Utf16 "utf16",
    /// They are UTF-32, with a byte order mark or without.
    Utf32 "utf32",
    /// Half of a surrogate pair, as CESU-8 and WTF-8 have it.
    HalfSurrogate "half-surrogate",
    /// U+0000, which ends a string in C.
    Nul "nul",
    /// CR, LF, or one of U+0085, U+2028 and U+2029.
    LineBreak "line-break",
    /// Another control character (C0, DEL or C1): a tab, or what an arrow key or Ctrl-Z leaves.
    ControlCharacter "control-character",
    /// U+FEFF behind the beginning: two texts were put together.
    ByteOrderMark "byte-order-mark",
    /// A code point that is for ever none, such as U+FFFE.
    Noncharacter "noncharacter",
}

/// The first thing that is no text, and its offset. The bytes before `start` are a byte order mark.
pub(super) fn find(bytes: &[u8], start: usize) -> Option<(NotText, usize)> {
    let text = &bytes[start..];
    let (problem, position) = match core::str::from_utf8(text) {
        Ok(text) => {
            let mut refused = text
                .char_indices()
                .filter_map(|(position, c)| Some((of_char(c)?, position)));
            refused.next()?
        }
        Err(error) => {
            let position = error.valid_up_to();
            let problem = match text[position..] {
                [0xed, 0xa0..=0xbf, ..] => NotText::HalfSurrogate,
                _ => NotText::NotUtf8,
            };
            (problem, position)
        }
    };
    Some((wide(bytes).unwrap_or(problem), start + position))
}

fn of_char(c: char) -> Option<NotText> {
    match c {
        '\0' => Some(NotText::Nul),
        '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' => Some(NotText::LineBreak),
        '\u{feff}' => Some(NotText::ByteOrderMark),
        '\u{fdd0}'..='\u{fdef}' => Some(NotText::Noncharacter),
        c if u32::from(c) & 0xfffe == 0xfffe => Some(NotText::Noncharacter),
        c if c.is_control() => Some(NotText::ControlCharacter),
        _ => None,
    }
}

/// UTF-16 or UTF-32, of bytes that are refused anyway.
fn wide(bytes: &[u8]) -> Option<NotText> {
    match WideText::by_mark(bytes) {
        Some(WideText::Utf16) => return Some(NotText::Utf16),
        Some(WideText::Utf32) => return Some(NotText::Utf32),
        None => {}
    }
    let (quads, rest) = bytes.as_chunks::<4>();
    let is_plane = |byte: u8| byte <= 0x10;
    if quads.len() >= 2
        && rest.is_empty()
        && (quads.iter().all(|q| q[3] == 0 && is_plane(q[2]))
            || quads.iter().all(|q| q[0] == 0 && is_plane(q[1])))
    {
        return Some(NotText::Utf32);
    }
    let (pairs, rest) = bytes.as_chunks::<2>();
    // A line break that was cut off as one byte has left half of it.
    if !matches!(rest, [] | [0]) {
        return None;
    }
    // In UTF-16 most characters of most scripts have a first byte that text in one byte a character has seldom.
    let is_page = |byte: u8| byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r');
    let count = |high: usize| {
        let units = pairs.iter();
        units
            .filter(|u| is_page(u[high]) && u[1 - high] != 0)
            .count()
    };
    let most = count(0).max(count(1));
    (most >= 2 && 2 * most >= pairs.len()).then_some(NotText::Utf16)
}

impl NotText {
    /// The whole sentence, with what to do.
    pub(crate) fn explain(self, f: &mut fmt::Formatter<'_>, position: usize) -> fmt::Result {
        match self {
            Self::NotUtf8 => write!(
                f,
                "the password is not UTF-8: byte {position} begins no character. Convert it from Latin-1, Windows-1252 or \
                 what it is in"
            ),
            Self::Utf16 => f.write_str("the password is text in UTF-16: convert it to UTF-8"),
            Self::Utf32 => f.write_str("the password is text in UTF-32: convert it to UTF-8"),
            Self::HalfSurrogate => write!(
                f,
                "the password has half a surrogate pair at byte {position}, which is no character of UTF-8"
            ),
            Self::Nul => write!(f, "the password has a NUL at byte {position}: leave it out"),
            Self::LineBreak => write!(
                f,
                "the password has a line break at byte {position}: leave it out"
            ),
            Self::ControlCharacter => write!(
                f,
                "the password has a control character at byte {position}, such as a tab, or what an arrow key or Ctrl-Z \
                 leaves: type it again"
            ),
            Self::ByteOrderMark => write!(
                f,
                "the password has a byte order mark at byte {position}, as two texts have that were put together: leave it \
                 out"
            ),
            Self::Noncharacter => write!(
                f,
                "the password has a code point at byte {position} that is no character: leave it out"
            ),
        }?;
        // The word is the same in all interfaces.
        f.write_str(" (if these bytes are meant, say so with raw)")
    }
}
