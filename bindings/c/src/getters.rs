//! The shapes of the functions that read one thing of one handle.

use core::ffi::c_char;

use crate::boundary;
use crate::failure::{Failure, Usage};
use crate::pointers::{self, Text};
use crate::reserve;
use crate::status::Status;
use crate::text::CText;

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

/// A text that is lent.
///
/// # Safety
///
/// What the header demands of a handle and an output.
pub(crate) unsafe fn lent<'a, H: 'a>(
    name: &'static str,
    handle: *const H,
    out: *mut Text,
    read: impl FnOnce(&'a H) -> Result<&'a CText, Failure<'a>>,
) -> Status {
    boundary::status(|| {
        // SAFETY: the caller promises it.
        unsafe { pointers::lend(out, || read(pointers::handle(name, handle)?)) }
    })
}

/// A text that is put together, and written with a NUL after it.
///
/// # Safety
///
/// What the header demands of a handle and an output.
pub(crate) unsafe fn text<'a, H: 'a, S: AsRef<[u8]>>(
    name: &'static str,
    handle: *const H,
    out: *mut c_char,
    out_len: *mut usize,
    read: impl FnOnce(&'a H) -> Result<S, Failure<'a>>,
) -> Status {
    boundary::allocating(0, |call| {
        // SAFETY: the caller promises it.
        unsafe {
            pointers::text_output(call, out, out_len, |output| {
                let text = read(pointers::handle(name, handle)?)?;
                reserve::check()?;
                output.write_text(text.as_ref())
            })
        }
    })
}

/// One of several, counted from 0.
pub(crate) fn item<T>(
    mut items: impl ExactSizeIterator<Item = T>,
    index: usize,
) -> Result<T, Failure<'static>> {
    let count = items.len();
    items
        .nth(index)
        .ok_or_else(|| Usage::Index { index, count }.into())
}

/// A field that may be absent.
pub(crate) fn field<T>(value: Option<T>, name: &'static str) -> Result<T, Failure<'static>> {
    value.ok_or_else(|| Usage::NoField(name).into())
}
