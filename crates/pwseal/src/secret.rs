//! A password in memory: fixed capacity, redacted, wiped.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::hint::black_box;

use rsaep::{wipe_vector_registers, without_traces};
use zeroize::{ZeroizeOnDrop, Zeroizing};

use crate::error::Error;

/// A password: bytes that are not printed and are wiped when dropped.
///
/// [`PublicKey::encrypt`](crate::PublicKey::encrypt) and its kin encrypt the bytes as they are. The API expects UTF-8,
/// which is what a `&str` gives. What makes a body of `set-password` [judges](Self::judge) them first.
///
/// ```
/// use pwseal::Password;
///
/// let password = Password::new("correct horse 7")?;
/// assert_eq!(password.len(), 15);
/// assert_eq!(format!("{password:?}"), "Password([redacted])");
/// # Ok::<(), pwseal::Error>(())
/// ```
///
/// A buffer that is handed over is taken as it is and wiped to its whole capacity. What a
/// `String` left behind when it grew earlier is out of reach: reserve room before filling it.
///
/// ```
/// # use pwseal::Password;
/// let mut typed = String::with_capacity(256);
/// typed.push_str("correct horse 7");
/// let password = Password::try_from(typed)?;
/// # Ok::<(), pwseal::Error>(())
/// ```
pub struct Password {
    bytes: Zeroizing<Vec<u8>>,
    raw: bool,
}

impl Password {
    /// Copies bytes or text into a buffer of exactly their length. The original stays with the
    /// caller, to be wiped there.
    ///
    /// # Errors
    ///
    /// [`Error::EmptyPassword`]: an empty password is nearly always a mistake. Where it is
    /// meant, see [`Password::empty`].
    pub fn new<T: AsRef<[u8]> + ?Sized>(bytes: &T) -> Result<Self, Error> {
        let bytes = bytes.as_ref();
        Self::try_from(copy(bytes))
    }

    /// Copies text in UTF-16, as Windows and Java have it, into a buffer of exactly its length in UTF-8. The
    /// original stays with the caller, to be wiped there.
    ///
    /// ```
    /// use pwseal::{Error, Password};
    ///
    /// let units: Vec<u16> = "cor\u{e9}t \u{1f40e} 7".encode_utf16().collect();
    /// let password = Password::from_utf16(&units)?;
    /// assert_eq!(password.expose(), "cor\u{e9}t \u{1f40e} 7".as_bytes());
    ///
    /// let error = Password::from_utf16(&units[..7]).unwrap_err();
    /// assert!(matches!(error, Error::HalfSurrogate { unit: 6, .. }));
    /// # Ok::<(), pwseal::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::HalfSurrogate`], and [`Error::EmptyPassword`].
    pub fn from_utf16(units: &[u16]) -> Result<Self, Error> {
        let bytes = without_traces(|| utf8(units))?;
        Self::try_from(bytes)
    }

    /// The empty password, for those who mean it.
    #[must_use]
    pub fn empty() -> Self {
        Self {
            bytes: Zeroizing::default(),
            raw: false,
        }
    }

    /// Says whether the bytes are meant as they are, whatever they look like. Then nothing of them
    /// is refused or left out where they are [judged](Self::judge).
    #[must_use]
    pub fn with_raw(self, raw: bool) -> Self {
        Self { raw, ..self }
    }

    /// Whether the bytes are said to be meant as they are.
    #[must_use]
    pub fn is_raw(&self) -> bool {
        self.raw
    }

    /// The length in bytes.
    #[must_use]
    pub fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Whether this is [`Password::empty`].
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// The secret itself. A copy made of it is the caller's to wipe.
    #[must_use]
    pub fn expose(&self) -> &[u8] {
        &self.bytes
    }

    /// The rest, without a copy.
    pub(crate) fn without_first(mut self, count: usize) -> Result<Self, Error> {
        self.bytes.drain(..count);
        match self.is_empty() && count > 0 {
            true => Err(Error::EmptyPassword),
            false => Ok(self),
        }
    }
}

/// UTF-16 in UTF-8. The length is counted first, so that the buffer does not grow and leave a copy behind.
fn utf8(units: &[u16]) -> Result<Vec<u8>, Error> {
    let characters = || char::decode_utf16(units.iter().copied());
    let (mut unit, mut len) = (0, 0);
    for character in characters() {
        let character = character.map_err(|_| Error::HalfSurrogate { unit })?;
        unit += character.len_utf16();
        len += character.len_utf8();
    }
    let mut bytes = Vec::with_capacity(len);
    for character in characters().flatten() {
        let mut encoded = Zeroizing::new([0; 4]);
        bytes.extend_from_slice(character.encode_utf8(&mut *encoded).as_bytes());
    }
    Ok(bytes)
}

fn copy(bytes: &[u8]) -> Vec<u8> {
    let copy = bytes.to_vec();
    // So that the copy is made before the registers are wiped, and not after.
    black_box(&copy);
    wipe_vector_registers();
    copy
}

impl Clone for Password {
    fn clone(&self) -> Self {
        Self {
            bytes: Zeroizing::new(copy(&self.bytes)),
            raw: self.raw,
        }
    }
}

impl TryFrom<Vec<u8>> for Password {
    type Error = Error;

    /// Takes the buffer without a copy.
    fn try_from(buffer: Vec<u8>) -> Result<Self, Error> {
        let bytes = Zeroizing::new(buffer);
        if bytes.is_empty() {
            return Err(Error::EmptyPassword);
        }
        Ok(Self { bytes, raw: false })
    }
}

/// Copies, as [`Password::new`] does.
impl TryFrom<&str> for Password {
    type Error = Error;

    fn try_from(text: &str) -> Result<Self, Error> {
        Self::new(text)
    }
}

impl TryFrom<String> for Password {
    type Error = Error;

    /// Takes the buffer without a copy.
    fn try_from(text: String) -> Result<Self, Error> {
        Self::try_from(text.into_bytes())
    }
}

impl ZeroizeOnDrop for Password {}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password([redacted])")
    }
}
