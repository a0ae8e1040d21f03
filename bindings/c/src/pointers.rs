//! Raw pointers of the caller's, checked and turned into references, and outputs back into
//! raw pointers. Every function names the arguments at fault.

use core::ffi::c_char;
use core::fmt::Display;
use core::mem::MaybeUninit;
use core::slice;

use crate::boundary::Failure;
use crate::status::Status;

/// Bytes in an array, such as one password of many. `data` may be NULL where `len` is 0.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct Bytes {
    /// The first byte.
    pub data: *const u8,
    /// How many there are.
    pub len: usize,
}

/// A text in an array: UTF-8, without a NUL at its end. `data` may be NULL where `len` is 0.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct Text {
    /// The first byte.
    pub data: *const c_char,
    /// The length in bytes.
    pub len: usize,
}

/// The array at a pointer. NULL stands for an empty one.
///
/// # Safety
///
/// If `elements` is not NULL, `len` elements can be read there, and nobody writes them
/// during `'a`.
pub(crate) unsafe fn slice<'a, T>(
    name: impl Display,
    elements: *const T,
    len: usize,
) -> Result<&'a [T], Failure> {
    if elements.is_null() {
        return match len {
            0 => Ok(&[]),
            _ => Err(null(name)),
        };
    }
    check_len::<T>(name, len)?;
    // SAFETY: not NULL and at most isize::MAX bytes long, as just checked; the caller promises
    // that the elements are there, as the type of the pointer says, and stay as they are.
    Ok(unsafe { slice::from_raw_parts(elements, len) })
}

/// The bytes at a pointer. NULL stands for no bytes.
///
/// # Safety
///
/// As [`slice`].
pub(crate) unsafe fn bytes<'a>(
    name: impl Display,
    bytes: *const u8,
    len: usize,
) -> Result<&'a [u8], Failure> {
    // SAFETY: the caller promises what the function called wants.
    unsafe { slice(name, bytes, len) }
}

/// The text at a pointer. NULL stands for an empty one.
///
/// # Safety
///
/// As [`slice`].
pub(crate) unsafe fn text<'a>(
    name: impl Display,
    text: *const c_char,
    len: usize,
) -> Result<&'a str, Failure> {
    // SAFETY: the caller promises what the function called wants.
    let bytes = unsafe { bytes(&name, text.cast(), len) }?;
    str::from_utf8(bytes).map_err(|error| {
        let position = error.valid_up_to();
        let message = format!("{name} is not UTF-8: byte {position}");
        Failure::new(Status::InvalidUtf8, message)
    })
}

/// The text at a pointer, or nothing at NULL.
///
/// # Safety
///
/// As [`slice`].
pub(crate) unsafe fn optional_text<'a>(
    name: impl Display,
    text: *const c_char,
    len: usize,
) -> Result<Option<&'a str>, Failure> {
    if text.is_null() && len == 0 {
        return Ok(None);
    }
    // SAFETY: the caller promises what the function called wants.
    unsafe { self::text(name, text, len) }.map(Some)
}

impl Bytes {
    /// # Safety
    ///
    /// As [`slice`].
    pub(crate) unsafe fn read<'a>(&self, name: impl Display) -> Result<&'a [u8], Failure> {
        // SAFETY: the caller promises what the function called wants.
        unsafe { bytes(name, self.data, self.len) }
    }
}

impl Text {
    /// # Safety
    ///
    /// As [`slice`].
    pub(crate) unsafe fn read<'a>(&self, name: impl Display) -> Result<&'a str, Failure> {
        // SAFETY: the caller promises what the function called wants.
        unsafe { text(name, self.data, self.len) }
    }
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
    check_len::<u8>(name, len)?;
    // SAFETY: not NULL and at most isize::MAX long, as just checked; the caller promises that
    // the bytes are there and nobody else's. A `MaybeUninit` byte may never have been written.
    Ok(unsafe { slice::from_raw_parts_mut(bytes.cast(), len) })
}

/// What a handle refers to.
///
/// # Safety
///
/// `handle` is NULL or came from [`hand_out`], and is neither changed nor freed during `'a`.
pub(crate) unsafe fn handle<'a, T>(name: &str, handle: *const T) -> Result<&'a T, Failure> {
    // SAFETY: a pointer that is not NULL came from a `Box`, so that it is aligned and valid. A
    // `&mut` to it is made by `_free` and by the functions that change it, which the caller does
    // not call meanwhile.
    unsafe { handle.as_ref() }.ok_or_else(|| null(name))
}

/// What a handle refers to, to change it.
///
/// # Safety
///
/// `handle` is NULL or came from [`hand_out`], and nobody else uses it during `'a`.
pub(crate) unsafe fn handle_mut<'a, T>(name: &str, handle: *mut T) -> Result<&'a mut T, Failure> {
    // SAFETY: a pointer that is not NULL came from a `Box`, so that it is aligned and valid, and
    // the caller promises that there is no other reference to it.
    unsafe { handle.as_mut() }.ok_or_else(|| null(name))
}

/// Writes what `make` returns to `out`.
///
/// # Safety
///
/// `out` is NULL or can be written.
pub(crate) unsafe fn write<T>(
    name: &str,
    out: *mut T,
    make: impl FnOnce() -> Result<T, Failure>,
) -> Result<(), Failure> {
    if out.is_null() {
        return Err(null(name));
    }
    let value = make()?;
    // SAFETY: `out` is not NULL, as just checked, and the caller promises that it can be written.
    unsafe { out.write(value) };
    Ok(())
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
    // SAFETY: the caller promises what the function called wants.
    unsafe { write("out", out, || Ok(Box::into_raw(Box::new(make()?)))) }
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
        check_len::<u8>("out", needed)?;
        Ok(Self {
            out,
            out_len,
            needed,
        })
    }

    /// Writes the output, which is as long as was said before.
    pub(crate) fn write(self, output: &[u8]) {
        assert_eq!(output.len(), self.needed, "the length that was checked");
        // SAFETY: `new` found `out_len` not NULL and room for this length, so that `out` is NULL
        // for no bytes at most, and its caller promises that they can be written until now.
        // `output` is memory of this library's, which a caller's buffer cannot overlap. A copy
        // needs no initialised target.
        unsafe {
            self.out
                .copy_from_nonoverlapping(output.as_ptr(), output.len());
            self.out_len.write(output.len());
        }
    }

    /// Lets `make` write the output in its place, after zeros were written there, and writes the
    /// zeros again if it fails.
    pub(crate) fn fill(
        self,
        make: impl FnOnce(&mut [u8]) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        if self.needed > 0 {
            // SAFETY: as in `write`; `out` is not NULL where there is room, no object is longer
            // than isize::MAX, and the bytes are written before there is a reference to them. The
            // caller promises that nobody else touches them, and no input refers to them any more.
            let output = unsafe {
                self.out.write_bytes(0, self.needed);
                slice::from_raw_parts_mut(self.out, self.needed)
            };
            make(output).inspect_err(|_| output.fill(0))?;
        }
        // SAFETY: as in `write`.
        unsafe { self.out_len.write(self.needed) };
        Ok(())
    }

    /// Writes a text and a NUL after it, together as long as was said before.
    pub(crate) fn write_text(self, text: &[u8]) {
        assert_eq!(text.len() + 1, self.needed, "the length that was checked");
        // SAFETY: as in `write`; the NUL has its room after the text.
        unsafe {
            self.out.copy_from_nonoverlapping(text.as_ptr(), text.len());
            self.out.add(text.len()).write(0);
            self.out_len.write(text.len() + 1);
        }
    }
}

fn null(name: impl Display) -> Failure {
    Failure::new(Status::NullPointer, format!("{name} is NULL"))
}

fn check_len<T>(name: impl Display, len: usize) -> Result<(), Failure> {
    let fits = len
        .checked_mul(size_of::<T>())
        .is_some_and(|bytes| isize::try_from(bytes).is_ok());
    if !fits {
        let unit = if size_of::<T>() == 1 {
            "bytes"
        } else {
            "elements"
        };
        return Err(Failure::new(
            Status::LengthTooLarge,
            format!("{name} has a length of {len} {unit}, which no object in memory has"),
        ));
    }
    Ok(())
}
