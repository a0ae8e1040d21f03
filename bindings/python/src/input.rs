//! Text and bytes from Python, copied once, into a buffer that is wiped.

use std::mem;

use pwseal::Password;
use pyo3::buffer::PyBuffer;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::PyString;
use zeroize::Zeroizing;

use crate::error::error;

/// A `str` as UTF-8, or the content of `bytes`, `bytearray`, `memoryview` or whatever else has
/// a buffer of unsigned bytes, which is read where it is.
pub(crate) struct TextOrBytes(Zeroizing<Vec<u8>>);

impl TextOrBytes {
    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// Makes the one copy the password itself.
    pub(crate) fn into_password(mut self) -> PyResult<Password> {
        Password::try_from(mem::take(&mut *self.0)).map_err(error)
    }
}

impl<'py> FromPyObject<'_, 'py> for TextOrBytes {
    type Error = PyErr;

    fn extract(object: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        if let Ok(text) = object.cast::<PyString>() {
            let text = utf8(&text)?;
            let mut copy = Zeroizing::new(Vec::with_capacity(text.len()));
            copy.extend_from_slice(text.as_bytes());
            return Ok(Self(copy));
        }
        let buffer = PyBuffer::<u8>::get(&object).map_err(|_| wrong_type(&object))?;
        let mut copy = Zeroizing::new(vec![0; buffer.item_count()]);
        buffer.copy_to_slice(object.py(), &mut copy)?;
        Ok(Self(copy))
    }
}

/// Python's own exception for text that is not UTF-8 holds the text, and so is not passed on.
fn utf8<'a>(text: &'a Bound<'_, PyString>) -> PyResult<&'a str> {
    text.to_str().map_err(|encoding_error| {
        let position = encoding_error.value(text.py()).getattr("start");
        match position.and_then(|position| position.extract::<usize>()) {
            Ok(position) => error(format_args!(
                "the text has half a surrogate pair at position {position}, which UTF-8 cannot hold"
            )),
            Err(other) => other,
        }
    })
}

fn wrong_type(object: &Bound<'_, PyAny>) -> PyErr {
    match object.get_type().name() {
        Ok(name) => PyTypeError::new_err(format!("str or a buffer of bytes is wanted, not {name}")),
        Err(error) => error,
    }
}
