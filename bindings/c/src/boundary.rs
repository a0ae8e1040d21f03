//! What every call passes on its way back to C: no panic goes through, and a failure leaves
//! its message behind.

use core::cell::{Cell, OnceCell};
use core::ffi::c_char;
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::status::Status;

/// Why a call failed.
#[derive(Debug)]
pub(crate) struct Failure {
    status: Status,
    message: String,
}

impl Failure {
    pub(crate) fn new(status: Status, message: impl Into<String>) -> Self {
        Self {
            status,
            message: message.into(),
        }
    }
}

impl From<pwseal::Error> for Failure {
    fn from(error: pwseal::Error) -> Self {
        Self::new(error.kind().into(), error.to_string())
    }
}

impl From<pwseal_api::Error> for Failure {
    fn from(error: pwseal_api::Error) -> Self {
        Self::new(error.kind().into(), error.to_string())
    }
}

impl From<&pwseal_api::AnswerError> for Failure {
    fn from(error: &pwseal_api::AnswerError) -> Self {
        Self::new(error.into(), error.to_string())
    }
}

impl From<pwseal_api::BackendVariableError> for Failure {
    fn from(error: pwseal_api::BackendVariableError) -> Self {
        Self::new(Status::InvalidBackend, error.to_string())
    }
}

/// The room for a message, with its NUL.
const ROOM: usize = 4096;
/// What a message ends with that is longer.
const CUT: &str = "...";

thread_local! {
    /// Made with the first error, because a C library takes what each thread has in place from its stack. Then it
    /// stays where it is, so that a pointer to an older message is still one to a message.
    static LAST_ERROR: OnceCell<Box<[Cell<u8>]>> = const { OnceCell::new() };
}

/// Runs the body of a function that returns a status.
pub(crate) fn status(body: impl FnOnce() -> Result<(), Failure>) -> Status {
    let outcome = value(None, || Some(body())).unwrap_or_else(|| {
        let message = Status::Panic.message().to_string_lossy();
        Err(Failure::new(Status::Panic, message))
    });
    match outcome {
        Ok(()) => Status::Ok,
        Err(failure) => {
            remember(&failure.message);
            failure.status
        }
    }
}

/// Runs the body of a function that returns a plain value, and `fallback` after a panic.
pub(crate) fn value<T>(fallback: T, body: impl FnOnce() -> T) -> T {
    // Handles never change (a context: see there) and outputs are written last, so that a panic
    // leaves nothing half done that a caller could see.
    catch_unwind(AssertUnwindSafe(body)).unwrap_or(fallback)
}

fn remember(message: &str) {
    let (start, end) = fit(message);
    // A thread that is ending has no place any more.
    let _ = LAST_ERROR.try_with(|last| {
        let last = last.get_or_init(|| vec![Cell::new(0); ROOM].into());
        let bytes = start.bytes().chain(end.bytes()).chain([0]);
        for (cell, byte) in last.iter().zip(bytes) {
            cell.set(byte);
        }
    });
}

/// As much of a message as there is room for, and what follows it.
fn fit(message: &str) -> (&str, &str) {
    if message.len() < ROOM {
        return (message, "");
    }
    let mut end = ROOM - 1 - CUT.len();
    while !message.is_char_boundary(end) {
        end -= 1;
    }
    (&message[..end], CUT)
}

/// What went wrong in the last call that failed on this thread, in English, with positions and
/// lengths: empty if none failed yet, never NULL. A call that succeeds leaves it as it is.
///
/// The text belongs to the library. It stays until the next call fails on this thread, which
/// writes its own to the same place: a pointer to an older text then shows the new one. It must not
/// be used when the thread has ended. A text of more than 4095 bytes is cut and ends with "...".
#[unsafe(no_mangle)]
pub extern "C" fn pwseal_last_error() -> *const c_char {
    let last = LAST_ERROR.try_with(|last| last.get().map(|last| last.as_ptr().cast()));
    last.ok().flatten().unwrap_or(c"".as_ptr())
}

#[cfg(test)]
mod tests {
    use core::ffi::CStr;

    use super::*;

    // C cannot make the library panic, so that this one status is tested here.
    #[test]
    fn a_panic_becomes_a_status_with_a_message() {
        assert_eq!(status(|| panic!("not for the caller")), Status::Panic);
        assert_eq!(last_error(), Status::Panic.message().to_bytes());
        assert_eq!(value(7, || panic!("not for the caller")), 7);
    }

    // From C it would take a password-info with a hundred accounts.
    #[test]
    fn a_long_message_is_cut_between_characters() {
        let fail = |message: &str| {
            let failed = status(|| Err(Failure::new(Status::OutOfRange, message)));
            assert_eq!(failed, Status::OutOfRange);
            last_error()
        };
        let fits = "x".repeat(4095);
        assert_eq!(fail(&fits), fits.as_bytes());
        assert_eq!(
            fail(&"x".repeat(4096)),
            ["x".repeat(4092), "...".into()].concat().as_bytes()
        );
        let wide = ["x", &"\u{20ac}".repeat(2000)].concat();
        assert_eq!(
            fail(&wide),
            ["x", &"\u{20ac}".repeat(1363), "..."].concat().as_bytes()
        );
        assert_eq!(fail("short"), b"short");
    }

    fn last_error() -> Vec<u8> {
        // SAFETY: the pointer is to a text with its NUL, which no call writes to meanwhile.
        let message = unsafe { CStr::from_ptr(pwseal_last_error()) };
        message.to_bytes().to_vec()
    }
}
