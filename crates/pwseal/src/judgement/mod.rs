//! Whether the bytes of a password are the text that was meant.
//!
//! A password is typed, pasted, piped, read from a file or a spreadsheet, and each of these can change it without a
//! word: the server then has another password than its owner. What is hardly ever meant is refused, and what is
//! often not meant gets a warning. Neither holds a part of the password.

mod imitation;
mod nfc;
mod refusal;
mod warning;

use alloc::borrow::Cow;

use rsaep::{wipe_vector_registers, without_traces};

use crate::error::Error;
use crate::secret::Password;
pub use refusal::NotText;
pub use warning::{PasswordWarning, PasswordWarnings};

/// A byte order mark in UTF-8, which some programs put in front of text. It is no part of it.
pub const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// A password that may be the one that was meant, as [`Password::judge`] found it, and what there is to say of it.
#[derive(Clone, Debug)]
pub struct Judged<'p> {
    password: Cow<'p, Password>,
    warnings: PasswordWarnings,
}

impl Judged<'_> {
    /// The password to encrypt: without the byte order mark, where it had one in front.
    #[must_use]
    pub fn password(&self) -> &Password {
        &self.password
    }

    /// What may not be as it was meant.
    #[must_use]
    pub fn warnings(&self) -> PasswordWarnings {
        self.warnings
    }

    /// The password to encrypt, to keep. It is copied if it was lent.
    #[must_use]
    pub fn into_password(self) -> Password {
        self.password.into_owned()
    }
}

/// Judging. Everything that makes a body of `set-password` does it; [`PublicKey::encrypt`](crate::PublicKey::encrypt)
/// and its kin do not, and encrypt any bytes.
///
/// The time depends on the password, as does what is found.
impl Password {
    /// Looks whether the bytes are text that may be meant as a password.
    ///
    /// A byte order mark in front of UTF-8 is no part of it, and is left out. Refused are bytes that are not UTF-8, and
    /// text with a character that nobody types: [`NotText`] has the list. Nothing is refused, or left out, of a password
    /// that is [meant as it is](Self::with_raw).
    ///
    /// ```
    /// use pwseal::{Error, NotText, Password, PasswordWarning};
    ///
    /// let password = Password::new("\u{feff}correct horse: 7 ")?;
    /// let judged = password.judge()?;
    /// assert_eq!(judged.password().expose(), b"correct horse: 7 ");
    /// let warnings = [PasswordWarning::TrailingWhiteSpace, PasswordWarning::Colon];
    /// assert!(judged.warnings().iter().eq(warnings));
    ///
    /// let error = Password::new("correct horse 7\n")?.judge().unwrap_err();
    /// assert!(matches!(
    ///     error,
    ///     Error::PasswordNotText { problem: NotText::LineBreak, position: 15, .. }
    /// ));
    /// let meant = Password::new("correct horse 7\n")?.with_raw(true);
    /// assert_eq!(meant.judge()?.password().len(), 16);
    /// # Ok::<(), pwseal::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::PasswordNotText`], and [`Error::EmptyPassword`] for a byte order mark alone.
    pub fn judge(&self) -> Result<Judged<'_>, Error> {
        let (skipped, warnings) = self.judged()?;
        let password = match skipped {
            0 => Cow::Borrowed(self),
            _ => Cow::Owned(Self::new(&self.expose()[skipped..])?),
        };
        Ok(Judged { password, warnings })
    }

    /// As [`judge`](Self::judge), of a password that is handed over: it is not copied.
    ///
    /// # Errors
    ///
    /// As [`judge`](Self::judge).
    pub fn into_judged(self) -> Result<Judged<'static>, Error> {
        let (skipped, warnings) = self.judged()?;
        let password = Cow::Owned(self.without_first(skipped)?);
        Ok(Judged { password, warnings })
    }

    /// How many bytes at the front are no part of the password, and the warnings.
    fn judged(&self) -> Result<(usize, PasswordWarnings), Error> {
        let bytes = self.expose();
        // A plain one is looked at in registers alone.
        let reading = if is_plain(bytes) {
            let reading = Reading::of_plain(bytes, self.is_raw());
            wipe_vector_registers();
            reading
        } else {
            without_traces(|| Reading::of_others(bytes, self.is_raw()))
        };
        match reading.refusal {
            Some((problem, position)) => Err(Error::PasswordNotText { problem, position }),
            None => Ok((reading.skipped, reading.warnings)),
        }
    }
}

/// The bytes of a password, understood.
pub(crate) struct Reading<'p> {
    /// The characters, if they are UTF-8.
    pub(crate) text: Option<&'p str>,
    pub(crate) warnings: PasswordWarnings,
    /// How many bytes there are before the text.
    skipped: usize,
    /// Why no body is made of it, and the offset of the first byte that shows it.
    pub(crate) refusal: Option<(NotText, usize)>,
}

impl<'p> Reading<'p> {
    /// What it leaves on the stack and in registers is the caller's to overwrite.
    pub(crate) fn of(password: &'p Password) -> Self {
        let bytes = password.expose();
        match is_plain(bytes) {
            true => Self::of_plain(bytes, password.is_raw()),
            false => Self::of_others(bytes, password.is_raw()),
        }
    }

    /// As nearly all passwords are.
    fn of_plain(bytes: &'p [u8], raw: bool) -> Self {
        Self {
            text: core::str::from_utf8(bytes).ok(),
            warnings: match raw {
                true => PasswordWarnings::NONE,
                false => imitation::warnings(bytes),
            },
            skipped: 0,
            refusal: None,
        }
    }

    fn of_others(bytes: &'p [u8], raw: bool) -> Self {
        let skipped = if !raw && bytes.starts_with(BYTE_ORDER_MARK) {
            BYTE_ORDER_MARK.len()
        } else {
            0
        };
        let text = core::str::from_utf8(&bytes[skipped..]).ok();
        let warnings = text.map_or(PasswordWarning::NotUtf8.into(), warning::of_text);
        Self {
            text,
            warnings: match raw {
                true => warnings & PasswordWarnings::OF_THE_PLATFORM,
                false => warnings,
            },
            skipped,
            refusal: match raw {
                true => None,
                false => refusal::find(bytes, skipped),
            },
        }
    }
}

/// Printable ASCII other than the colon. To look at all bytes is faster than to stop at the first of another kind: many
/// are compared at once.
fn is_plain(bytes: &[u8]) -> bool {
    bytes.iter().fold(true, |plain, &byte| {
        plain & matches!(byte, b' '..=b'~') & (byte != b':')
    })
}
