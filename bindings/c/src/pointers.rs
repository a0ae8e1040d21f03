//! Raw pointers of the caller's, checked and turned into references, and outputs back into
//! raw pointers. Every function names the arguments at fault.

use core::mem::MaybeUninit;
use core::slice;

use crate::boundary::Failure;
use crate::status::Status;

/// The bytes at a pointer. NULL stands for no bytes.
///
/// # Safety
///
/// If `bytes` is not NULL, `len` bytes can be read there, and nobody writes them during `'a`.
pub(crate) unsafe fn bytes<'a>(
    name: &str,
    bytes: *const u8,
    len: usize,
) -> Result<&'a [u8], Failure> {
    if bytes.is_null() {
        return match len {
            0 => Ok(&[]),
            _ => Err(null(name)),
        };
    }
    check_len(name, len)?;
    // SAFETY: not NULL and at most isize::MAX long, as just checked; the caller promises that
    // the bytes are there and stay as they are. A byte has no alignment and no invalid value.
    Ok(unsafe { slice::from_raw_parts(bytes, len) })
}

/// The buffer at a pointer, to write to. NULL stands for no bytes.
///
/// # Safety
///
/// If `bytes` is not NULL, `len` bytes can be written there, and nobody else touches them
/// during `'a`.
pub(crate) unsafe fn buffer<'a>(
    name: &str,
    bytes: *mut u8,
    len: usize,
) -> Result<&'a mut [MaybeUninit<u8>], Failure> {
    if bytes.is_null() {
        return match len {
            0 => Ok(&mut []),
            _ => Err(null(name)),
        };
    }
    check_len(name, len)?;
    // SAFETY: not NULL and at most isize::MAX long, as just checked; the caller promises that
    // the bytes are there and nobody else's. A `MaybeUninit` byte may never have been written.
    Ok(unsafe { slice::from_raw_parts_mut(bytes.cast(), len) })
}

/// What a handle refers to.
///
/// # Safety
///
/// `handle` is NULL or came from [`hand_out`], and is not freed during `'a`.
pub(crate) unsafe fn handle<'a, T>(name: &str, handle: *const T) -> Result<&'a T, Failure> {
    // SAFETY: a pointer that is not NULL came from a `Box`, so that it is aligned and valid; no
    // `&mut` to it is ever made but by `_free`, which the caller does not call meanwhile.
    unsafe { handle.as_ref() }.ok_or_else(|| null(name))
}

/// Makes a handle of what `make` returns, and gives it to the caller.
///
/// # Safety
///
/// `out` is NULL or can be written.
pub(crate) unsafe fn hand_out<T>(
    out: *mut *mut T,
    make: impl FnOnce() -> Result<T, Failure>,
) -> Result<(), Failure> {
    if out.is_null() {
        return Err(null("out"));
    }
    let handle = Box::into_raw(Box::new(make()?));
    // SAFETY: `out` is not NULL, as just checked, and the caller promises that it can be written.
    unsafe { out.write(handle) };
    Ok(())
}

/// Frees a handle. NULL stands for none.
///
/// # Safety
///
/// `handle` is NULL or came from [`hand_out`], and nobody uses it now or later.
pub(crate) unsafe fn take_back<T>(handle: *mut T) {
    if !handle.is_null() {
        // SAFETY: `hand_out` made it from a `Box`, and the caller promises that this is its end.
        drop(unsafe { Box::from_raw(handle) });
    }
}

/// Where an output goes to, under the convention of `out` and `out_len`.
pub(crate) struct Output {
    out: *mut u8,
    out_len: *mut usize,
    needed: usize,
}

impl Output {
    /// Checks that there is room for `needed` bytes; if not, tells the caller how many it needs.
    ///
    /// # Safety
    ///
    /// `out_len` is NULL or can be read and written, and if neither pointer is NULL, `*out_len`
    /// bytes can be written to `out`, until the output is written or dropped.
    pub(crate) unsafe fn new(
        out: *mut u8,
        out_len: *mut usize,
        needed: usize,
    ) -> Result<Self, Failure> {
        if out_len.is_null() {
            return Err(null("out_len"));
        }
        let room = if out.is_null() {
            0
        } else {
            // SAFETY: not NULL, as just checked, and the caller promises that it can be read.
            unsafe { out_len.read() }
        };
        if room < needed {
            // SAFETY: not NULL, and the caller promises that it can be written.
            unsafe { out_len.write(needed) };
            return Err(Failure::new(
                Status::BufferTooSmall,
                format!("out has room for {room} bytes, and {needed} are needed"),
            ));
        }
        Ok(Self {
            out,
            out_len,
            needed,
        })
    }

    /// Writes the output, which is as long as was said before.
    pub(crate) fn write(self, output: &[u8]) {
        assert_eq!(output.len(), self.needed, "the length that was checked");
        // SAFETY: `new` found both pointers not NULL and room for this length, and its caller
        // promises that they can be written until now. `output` is memory of this library's,
        // which a caller's buffer cannot overlap. A copy needs no initialised target.
        unsafe {
            self.out
                .copy_from_nonoverlapping(output.as_ptr(), output.len());
            self.out_len.write(output.len());
        }
    }

    /// Writes the output and a NUL after it.
    pub(crate) fn write_text(self, text: String) {
        let mut text = text.into_bytes();
        text.push(0);
        self.write(&text);
    }
}

fn null(name: &str) -> Failure {
    Failure::new(Status::NullPointer, format!("{name} is NULL"))
}

fn check_len(name: &str, len: usize) -> Result<(), Failure> {
    if isize::try_from(len).is_err() {
        return Err(Failure::new(
            Status::LengthTooLarge,
            format!("{name} has a length of {len} bytes, which no object in memory has"),
        ));
    }
    Ok(())
}
