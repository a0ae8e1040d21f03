//! `pwseal_password_warning`: what may not be as it was meant in a password.

use core::ffi::c_char;

use pwseal::PasswordWarnings;

use crate::boundary;
use crate::getters::{self, item};
use crate::pointers;
use crate::status::Status;

/// Something about a password that is no error, and that its owner may not have meant. The numbers keep their meaning
/// for ever.
#[derive(Clone, Copy, Debug)]
#[repr(i32)]
pub enum PasswordWarning {
    /// A warning that came later than this list; the sentence says it.
    Other = 0,
    /// White space at its beginning.
    LeadingWhiteSpace = 1,
    /// White space at its end.
    TrailingWhiteSpace = 2,
    /// A no-break space, or another one that is not U+0020.
    NoBreakSpace = 3,
    /// A character that is not seen: a zero-width space or joiner, a soft hyphen, a mark of direction.
    InvisibleCharacter = 4,
    /// A quote, dash or ellipsis that word processors write.
    SmartPunctuation = 5,
    /// U+FFFD or U+FFFC, which stand for something else.
    ReplacementCharacter = 6,
    /// UTF-8 that was read as Latin-1 or Windows-1252, and written as UTF-8 again.
    Mojibake = 7,
    /// Not in Unicode's Normalization Form C.
    NotNfc = 8,
    /// What a spreadsheet makes of a number, a date or a formula.
    SpreadsheetValue = 9,
    /// What a program writes where it has no value, or hides it.
    Placeholder = 10,
    /// Within straight quotes.
    InQuotes = 11,
    /// A backslash and an n, or an r, at its end.
    EscapedLineBreak = 12,
    /// A colon, which the platform is documented not to take.
    Colon = 13,
    /// A character outside ASCII, which the platform is documented not to take.
    NonAscii = 14,
    /// A control character, in a password that is meant as it is or only checked.
    ControlCharacter = 15,
    /// Bytes that are not UTF-8, in a password that is meant as it is or only checked.
    NotUtf8 = 16,
}

impl PasswordWarning {
    /// None for a warning that was added to the core and is not known here.
    const fn of(warning: pwseal::PasswordWarning) -> Option<Self> {
        use pwseal::PasswordWarning as W;
        Some(match warning {
            W::LeadingWhiteSpace => Self::LeadingWhiteSpace,
            W::TrailingWhiteSpace => Self::TrailingWhiteSpace,
            W::NoBreakSpace => Self::NoBreakSpace,
            W::InvisibleCharacter => Self::InvisibleCharacter,
            W::SmartPunctuation => Self::SmartPunctuation,
            W::ReplacementCharacter => Self::ReplacementCharacter,
            W::Mojibake => Self::Mojibake,
            W::NotNfc => Self::NotNfc,
            W::SpreadsheetValue => Self::SpreadsheetValue,
            W::Placeholder => Self::Placeholder,
            W::InQuotes => Self::InQuotes,
            W::EscapedLineBreak => Self::EscapedLineBreak,
            W::Colon => Self::Colon,
            W::NonAscii => Self::NonAscii,
            W::ControlCharacter => Self::ControlCharacter,
            W::NotUtf8 => Self::NotUtf8,
            _ => return None,
        })
    }
}

/// No warning is without a number.
const _: () = {
    let all = pwseal::PasswordWarning::ALL;
    let mut index = 0;
    while index < all.len() {
        assert!(PasswordWarning::of(all[index]).is_some());
        index += 1;
    }
};

/// Writes the warning number `index` of a handle as a sentence.
///
/// # Safety
///
/// What the header demands of a handle and an output.
pub(crate) unsafe fn sentence<'a, H: 'a>(
    name: &'static str,
    handle: *const H,
    index: usize,
    out: *mut c_char,
    out_len: *mut usize,
    warnings: impl FnOnce(&'a H) -> PasswordWarnings,
) -> Status {
    // SAFETY: the caller promises it.
    unsafe {
        getters::text(name, handle, out, out_len, |handle| {
            Ok(item(warnings(handle).iter(), index)?.to_string())
        })
    }
}

/// Writes which warning the number `index` of a handle is.
///
/// # Safety
///
/// What the header demands of a handle and an output.
pub(crate) unsafe fn kind<'a, H: 'a>(
    name: &'static str,
    handle: *const H,
    index: usize,
    out: *mut PasswordWarning,
    warnings: impl FnOnce(&'a H) -> PasswordWarnings,
) -> Status {
    boundary::status(|| {
        // SAFETY: the caller promises it.
        unsafe {
            let handle = pointers::handle(name, handle)?;
            pointers::write("out", out, || {
                let warning = item(warnings(handle).iter(), index)?;
                Ok(PasswordWarning::of(warning).unwrap_or(PasswordWarning::Other))
            })
        }
    })
}
