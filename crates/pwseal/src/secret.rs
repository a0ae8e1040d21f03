//! A password in memory: fixed capacity, redacted, wiped.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::hint::black_box;

use rsaep::wipe_vector_registers;
use zeroize::Zeroizing;

use crate::error::Error;

/// A password: bytes that are not printed and are wiped when dropped.
///
/// The bytes are encrypted as they are. The API expects UTF-8, which is what a `&str` gives.
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
pub struct Password(Zeroizing<Vec<u8>>);

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

    /// The empty password, for those who mean it.
    #[must_use]
    pub fn empty() -> Self {
        Self(Zeroizing::default())
    }

    /// The length in bytes.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether this is [`Password::empty`].
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The secret itself. A copy made of it is the caller's to wipe.
    #[must_use]
    pub fn expose(&self) -> &[u8] {
        &self.0
    }
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
        Self(Zeroizing::new(copy(&self.0)))
    }
}

impl TryFrom<Vec<u8>> for Password {
    type Error = Error;

    /// Takes the buffer without a copy.
    fn try_from(buffer: Vec<u8>) -> Result<Self, Error> {
        let buffer = Zeroizing::new(buffer);
        if buffer.is_empty() {
            return Err(Error::EmptyPassword);
        }
        Ok(Self(buffer))
    }
}

impl TryFrom<String> for Password {
    type Error = Error;

    /// Takes the buffer without a copy.
    fn try_from(text: String) -> Result<Self, Error> {
        Self::try_from(text.into_bytes())
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password([redacted])")
    }
}
