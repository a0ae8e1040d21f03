//! A text that C may look at.

use core::ffi::c_char;
use core::fmt::{self, Write as _};

use zeroize::Zeroizing;

use crate::failure::Failure;
use crate::pointers::Text;

/// A text with a NUL after it, which stays in its place as long as this lives, and is wiped then.
pub(crate) struct CText(Zeroizing<Vec<u8>>);

impl CText {
    pub(crate) fn new(text: impl AsRef<[u8]>) -> Result<Self, Failure<'static>> {
        let text = text.as_ref();
        let mut bytes = Vec::new();
        bytes
            .try_reserve_exact(text.len() + 1)
            .map_err(|_| Failure::OutOfMemory)?;
        bytes.extend_from_slice(text);
        bytes.push(0);
        Ok(Self(bytes.into()))
    }

    /// Of a secret: it leaves nothing in registers.
    pub(crate) fn secret(text: impl AsRef<[u8]>) -> Result<Self, Failure<'static>> {
        let text = Self::new(text);
        // Else it might be copied behind what follows.
        core::hint::black_box(&text);
        rsaep::wipe_vector_registers();
        text
    }

    /// Of what `Display` shows.
    pub(crate) fn shown(value: &impl fmt::Display) -> Result<Self, Failure<'static>> {
        let mut text = Growing(Zeroizing::default());
        write!(text, "{value}").map_err(|_| Failure::OutOfMemory)?;
        Self::new(&text.0[..])
    }

    /// Of a text that may be absent.
    pub(crate) fn of(text: Option<impl AsRef<[u8]>>) -> Result<Option<Self>, Failure<'static>> {
        text.map(Self::new).transpose()
    }

    /// Of many.
    pub(crate) fn all(texts: &[String]) -> Result<Vec<Self>, Failure<'static>> {
        let mut all = Vec::new();
        all.try_reserve_exact(texts.len())
            .map_err(|_| Failure::OutOfMemory)?;
        for text in texts {
            all.push(Self::new(text)?);
        }
        Ok(all)
    }

    /// Without the NUL.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.0[..self.0.len() - 1]
    }

    pub(crate) fn lend(&self) -> Text {
        Text {
            data: self.0.as_ptr().cast::<c_char>(),
            len: self.bytes().len(),
        }
    }
}

/// A text that grows as far as there is memory.
struct Growing(Zeroizing<Vec<u8>>);

impl fmt::Write for Growing {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.try_reserve(text.len()).map_err(|_| fmt::Error)?;
        self.0.extend_from_slice(text.as_bytes());
        Ok(())
    }
}

/// Some are secrets.
impl fmt::Debug for CText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CText({} bytes)", self.bytes().len())
    }
}
