//! Text in two or four bytes a character.

/// What a text is in that is in no UTF-8.
///
/// ```
/// use pwseal::WideText;
///
/// assert_eq!(WideText::detect(b"\xff\xfea\0"), Some(WideText::Utf16));
/// assert_eq!(WideText::detect(b"\0a\0b"), Some(WideText::Utf16));
/// assert_eq!(WideText::detect("äb".as_bytes()), None);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WideText {
    /// UTF-16, as some Windows programs save text.
    Utf16,
    /// UTF-32.
    Utf32,
}

impl WideText {
    /// By the byte order mark in front.
    #[must_use]
    pub fn by_mark(bytes: &[u8]) -> Option<Self> {
        match bytes {
            [0xff, 0xfe, 0, 0, ..] | [0, 0, 0xfe, 0xff, ..] => Some(Self::Utf32),
            [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => Some(Self::Utf16),
            _ => None,
        }
    }

    /// By the byte order mark, or by the zeros of the first two characters, which are of ASCII in what is meant for
    /// programs.
    #[must_use]
    pub fn detect(bytes: &[u8]) -> Option<Self> {
        Self::by_mark(bytes).or(match bytes {
            [1..=255, 0, 0, 0, 1..=255, 0, 0, 0, ..] | [0, 0, 0, 1..=255, 0, 0, 0, 1..=255, ..] => {
                Some(Self::Utf32)
            }
            [1..=255, 0, 1..=255, 0, ..] | [0, 1..=255, 0, 1..=255, ..] => Some(Self::Utf16),
            _ => None,
        })
    }
}
