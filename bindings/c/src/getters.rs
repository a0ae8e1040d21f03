//! The shapes of the functions that read one thing of one handle.

use core::ffi::c_char;

use crate::boundary::{self, Failure};
use crate::pointers::{self, Output};
use crate::status::Status;

/// A number or a yes or no, and `fallback` for NULL.
///
/// # Safety
///
/// What the header demands of a handle.
pub(crate) unsafe fn value<'a, H: 'a, T: Copy>(
    handle: *const H,
    fallback: T,
    read: impl FnOnce(&'a H) -> T,
) -> T {
    boundary::value(fallback, || {
        // SAFETY: the caller promises it.
        let handle = unsafe { pointers::handle("", handle) };
        handle.map_or(fallback, read)
    })
}

/// A text, with a NUL after it.
///
/// # Safety
///
/// What the header demands of a handle and an output.
pub(crate) unsafe fn text<'a, H: 'a, S: AsRef<[u8]>>(
    name: &str,
    handle: *const H,
    out: *mut c_char,
    out_len: *mut usize,
    read: impl FnOnce(&'a H) -> Result<S, Failure>,
) -> Status {
    boundary::status(|| {
        // SAFETY: the caller promises it.
        let handle = unsafe { pointers::handle(name, handle) }?;
        let text = read(handle)?;
        let text = text.as_ref();
        // SAFETY: the caller promises it.
        let output = unsafe { Output::new(out.cast(), out_len, text.len() + 1) }?;
        output.write_text(text);
        Ok(())
    })
}

/// One of several, counted from 0.
pub(crate) fn item<T>(
    mut items: impl ExactSizeIterator<Item = T>,
    index: usize,
) -> Result<T, Failure> {
    let count = items.len();
    items.nth(index).ok_or_else(|| {
        let message = format!("index {index} is out of range: there are {count}, counted from 0");
        Failure::new(Status::OutOfRange, message)
    })
}

/// A field that may be absent.
pub(crate) fn field<T>(value: Option<T>, name: &str) -> Result<T, Failure> {
    value.ok_or_else(|| Failure::new(Status::MissingField, format!("there is no {name}")))
}
