//! Raw pointers of the caller's, checked and turned into references, and outputs back into
//! raw pointers. Every function names the arguments at fault.

use core::alloc::Layout;
use core::ffi::{c_char, c_void};
use core::mem::MaybeUninit;
use core::ops::Range;
use core::{ptr, slice};

use crate::failure::{Failure, Name, Usage};
use crate::reserve::{self, Call};
use crate::text::CText;

/// Bytes in an array, such as one password of many. `data` may be NULL where `len` is 0.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct Bytes {
    /// The first byte.
    pub data: *const c_void,
    /// How many there are.
    pub len: usize,
}

/// A text in UTF-8. One that is given needs no NUL at its end, and its `data` may be NULL where `len` is 0. One that is
/// lent ends with a NUL, and belongs to its handle.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct Text {
    /// The first byte.
    pub data: *const c_char,
    /// The length in bytes, without a NUL at its end.
    pub len: usize,
}

/// The array at a pointer. NULL stands for an empty one.
///
/// # Safety
///
/// If `elements` is not NULL, `len` elements can be read there, and nobody writes them
/// during `'a`.
pub(crate) unsafe fn slice<'a, T>(
    name: impl Into<Name>,
    elements: *const T,
    len: usize,
) -> Result<&'a [T], Failure<'static>> {
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
    name: impl Into<Name>,
    bytes: *const c_void,
    len: usize,
) -> Result<&'a [u8], Failure<'static>> {
    // SAFETY: the caller promises what the function called wants.
    unsafe { slice(name, bytes.cast(), len) }
}

/// The text at a pointer. NULL stands for an empty one.
///
/// # Safety
///
/// As [`slice`].
pub(crate) unsafe fn text<'a>(
    name: impl Into<Name>,
    text: *const c_char,
    len: usize,
) -> Result<&'a str, Failure<'static>> {
    let name = name.into();
    // SAFETY: the caller promises what the function called wants.
    let bytes = unsafe { bytes(name, text.cast(), len) }?;
    str::from_utf8(bytes).map_err(|error| {
        let position = error.valid_up_to();
        Usage::NotUtf8 { name, position }.into()
    })
}

/// The text at a pointer, or nothing at NULL.
///
/// # Safety
///
/// As [`slice`].
pub(crate) unsafe fn optional_text<'a>(
    name: impl Into<Name>,
    text: *const c_char,
    len: usize,
) -> Result<Option<&'a str>, Failure<'static>> {
    if text.is_null() && len == 0 {
        return Ok(None);
    }
    // SAFETY: the caller promises what the function called wants.
    unsafe { self::text(name, text, len) }.map(Some)
}

/// The buffer at a pointer, to write to. NULL stands for no bytes.
///
/// # Safety
///
/// If `bytes` is not NULL, `len` bytes can be written there, and nobody else touches them
/// during `'a`.
pub(crate) unsafe fn buffer<'a>(
    name: &'static str,
    bytes: *mut u8,
    len: usize,
) -> Result<&'a mut [MaybeUninit<u8>], Failure<'static>> {
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
pub(crate) unsafe fn handle<'a, T>(
    name: &'static str,
    handle: *const T,
) -> Result<&'a T, Failure<'static>> {
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
pub(crate) unsafe fn handle_mut<'a, T>(
    name: &'static str,
    handle: *mut T,
) -> Result<&'a mut T, Failure<'static>> {
    // SAFETY: a pointer that is not NULL came from a `Box`, so that it is aligned and valid, and
    // the caller promises that there is no other reference to it.
    unsafe { handle.as_mut() }.ok_or_else(|| null(name))
}

/// Writes what `make` returns to `out`.
///
/// # Safety
///
/// `out` is NULL or can be written.
pub(crate) unsafe fn write<'f, T>(
    name: &'static str,
    out: *mut T,
    make: impl FnOnce() -> Result<T, Failure<'f>>,
) -> Result<(), Failure<'f>> {
    if out.is_null() {
        return Err(null(name));
    }
    let value = make()?;
    reserve::check()?;
    // SAFETY: `out` is not NULL, as just checked, and the caller promises that it can be written.
    unsafe { out.write(value) };
    Ok(())
}

/// As [`write()`], and writes `nothing` there before, which stays if `make` fails.
///
/// # Safety
///
/// As [`write()`].
unsafe fn write_or<'f, T>(
    name: &'static str,
    out: *mut T,
    nothing: T,
    make: impl FnOnce() -> Result<T, Failure<'f>>,
) -> Result<(), Failure<'f>> {
    // SAFETY: the caller promises what the function called wants.
    unsafe {
        write(name, out, || Ok(nothing))?;
        write(name, out, make)
    }
}

/// Makes a handle of what `make` returns, and gives it to the caller: NULL if it fails.
///
/// # Safety
///
/// `out` is NULL or can be written.
pub(crate) unsafe fn hand_out<'f, T>(
    call: &Call,
    out: *mut *mut T,
    make: impl FnOnce() -> Result<T, Failure<'f>>,
) -> Result<(), Failure<'f>> {
    let make = || {
        call.ready()?;
        let made = boxed(make()?)?;
        reserve::check()?;
        Ok(Box::into_raw(made))
    };
    // SAFETY: the caller promises what the function called wants.
    unsafe { write_or("out", out, ptr::null_mut(), make) }
}

/// A box, unless there is no memory for one.
pub(crate) fn boxed<T>(value: T) -> Result<Box<T>, Failure<'static>> {
    const { assert!(size_of::<T>() > 0, "memory is wanted") };
    // SAFETY: the size is not 0, as just asserted.
    let memory = unsafe { std::alloc::alloc(Layout::new::<T>()) }.cast::<T>();
    if memory.is_null() {
        return Err(Failure::OutOfMemory);
    }
    // SAFETY: it is memory of the global allocator for a `T`, as a `Box` has it, and holds one once it is written.
    Ok(unsafe {
        memory.write(value);
        Box::from_raw(memory)
    })
}

/// Lends a text of a handle to the caller: none, with `data` NULL, if `read` fails.
///
/// # Safety
///
/// `out` is NULL or can be written.
pub(crate) unsafe fn lend<'a>(
    out: *mut Text,
    read: impl FnOnce() -> Result<&'a CText, Failure<'a>>,
) -> Result<(), Failure<'a>> {
    let nothing = Text {
        data: ptr::null(),
        len: 0,
    };
    // SAFETY: the caller promises what the function called wants.
    unsafe { write_or("out", out, nothing, || Ok(read()?.lend())) }
}

/// Writes a number that is 0 if `make` fails.
///
/// # Safety
///
/// `out` is NULL or can be written.
pub(crate) unsafe fn number<'f>(
    call: &Call,
    name: &'static str,
    out: *mut usize,
    make: impl FnOnce() -> Result<usize, Failure<'f>>,
) -> Result<(), Failure<'f>> {
    // SAFETY: the caller promises what the function called wants.
    unsafe { write_or(name, out, 0, || call.ready().and_then(|()| make())) }
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

/// Lets `make` write an output, under the convention of `out` and `out_len`: whose length is 0 if it fails.
///
/// # Safety
///
/// `out_len` is NULL or can be read and written, and if neither pointer is NULL, `*out_len` bytes can be written to
/// `out`.
pub(crate) unsafe fn output<'f>(
    call: &Call,
    out: *mut c_void,
    out_len: *mut usize,
    make: impl FnOnce(Output<'_>) -> Result<(), Failure<'f>>,
) -> Result<(), Failure<'f>> {
    // SAFETY: the caller promises it, and nobody else touches it meanwhile.
    let Some(out_len) = (unsafe { out_len.as_mut() }) else {
        return Err(null("out_len"));
    };
    let room = if out.is_null() { 0 } else { *out_len };
    *out_len = 0;
    call.ready()?;
    make(Output {
        out: out.cast(),
        out_len,
        room,
    })
}

/// As [`output`], of a text: which is empty if it fails.
///
/// # Safety
///
/// As [`output`].
pub(crate) unsafe fn text_output<'f>(
    call: &Call,
    out: *mut c_char,
    out_len: *mut usize,
    make: impl FnOnce(Output<'_>) -> Result<(), Failure<'f>>,
) -> Result<(), Failure<'f>> {
    // SAFETY: the caller promises that both can be read, and the latter be written.
    unsafe {
        if !out.is_null() && out_len.as_ref().is_some_and(|room| *room > 0) {
            out.write(0);
        }
        output(call, out.cast(), out_len, make)
    }
}

/// Where an output goes to. [`output`] makes it.
pub(crate) struct Output<'o> {
    out: *mut u8,
    out_len: &'o mut usize,
    room: usize,
}

impl Output<'_> {
    /// Checks that there is room for `needed` bytes; if not, tells the caller how many it needs.
    pub(crate) fn needing(self, needed: usize) -> Result<Self, Failure<'static>> {
        check_len::<u8>("out", needed)?;
        let room = self.room;
        if room < needed {
            *self.out_len = needed;
            return Err(match self.out.is_null() {
                true => Usage::SizeQuery { needed }.into(),
                false => Usage::Room { room, needed }.into(),
            });
        }
        Ok(self)
    }

    /// Fails if a part of an input lies in the first `len` bytes, which are written before it is read.
    pub(crate) fn refuse_overlap(
        &self,
        len: usize,
        name: impl Into<Name>,
        input: Range<usize>,
    ) -> Result<(), Failure<'static>> {
        let out = self.out.addr();
        let is_apart = input.start >= out.saturating_add(len) || out >= input.end;
        match is_apart || input.is_empty() {
            true => Ok(()),
            false => Err(Usage::Overlap(name.into()).into()),
        }
    }

    /// Lets `make` write `len` bytes in their place, after zeros were written there, and writes the zeros again if
    /// it fails.
    pub(crate) fn fill<'f>(
        self,
        len: usize,
        make: impl FnOnce(&mut [u8]) -> Result<(), Failure<'f>>,
    ) -> Result<(), Failure<'f>> {
        let this = self.needing(len)?;
        if len > 0 {
            // SAFETY: there is room for them, so that `out` is not NULL; no object is longer than isize::MAX, as
            // was checked, and the bytes are written before there is a reference to them. The caller of `output`
            // promises that nobody else touches them, and inputs that are still read lie beside: see `refuse_overlap`.
            let output = unsafe {
                this.out.write_bytes(0, len);
                slice::from_raw_parts_mut(this.out, len)
            };
            make(output).inspect_err(|_| output.fill(0))?;
        }
        *this.out_len = len;
        Ok(())
    }

    /// As [`fill`](Self::fill), of a text, with a NUL after it which the length does not count.
    pub(crate) fn fill_text<'f>(
        self,
        len: usize,
        make: impl FnOnce(&mut [u8]) -> Result<(), Failure<'f>>,
    ) -> Result<(), Failure<'f>> {
        let output = Output {
            out: self.out,
            out_len: &mut *self.out_len,
            room: self.room,
        };
        output.fill(len + 1, |out| make(&mut out[..len]))?;
        *self.out_len = len;
        Ok(())
    }

    /// Writes a text and a NUL after it, which the length does not count.
    pub(crate) fn write_text(self, text: &[u8]) -> Result<(), Failure<'static>> {
        let this = self.needing(text.len() + 1)?;
        // SAFETY: there is room for it, so that `out` is not NULL. `text` is memory of this library's, which a caller's
        // buffer cannot overlap. A copy needs no initialised target.
        unsafe {
            this.out.copy_from_nonoverlapping(text.as_ptr(), text.len());
            this.out.add(text.len()).write(0);
        }
        *this.out_len = text.len();
        Ok(())
    }
}

/// The addresses of an input.
pub(crate) fn range_of<T>(input: &[T]) -> Range<usize> {
    let ends = input.as_ptr_range();
    ends.start.addr()..ends.end.addr()
}

fn null(name: impl Into<Name>) -> Failure<'static> {
    Usage::Null(name.into()).into()
}

fn check_len<T>(name: impl Into<Name>, len: usize) -> Result<(), Failure<'static>> {
    let fits = len
        .checked_mul(size_of::<T>())
        .is_some_and(|bytes| isize::try_from(bytes).is_ok());
    if fits {
        return Ok(());
    }
    let unit = match size_of::<T>() {
        1 => "bytes",
        _ => "elements",
    };
    let name = name.into();
    Err(Usage::LengthTooLarge { name, len, unit }.into())
}
