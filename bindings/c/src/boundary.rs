//! What every call passes on its way back to C: no panic goes through, and a failure leaves
//! its message behind.

use core::cell::RefCell;
use core::ffi::c_char;
use std::ffi::CString;
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
        Self::new(Status::from(&error), error.to_string())
    }
}

impl From<pwseal_api::Error> for Failure {
    fn from(error: pwseal_api::Error) -> Self {
        Self::new(Status::from(&error), error.to_string())
    }
}

impl From<&pwseal_api::AnswerError> for Failure {
    fn from(error: &pwseal_api::AnswerError) -> Self {
        Self::new(Status::from(error), error.to_string())
    }
}

impl From<pwseal_api::BackendVariableError> for Failure {
    fn from(error: pwseal_api::BackendVariableError) -> Self {
        Self::new(Status::InvalidBackend, error.to_string())
    }
}

thread_local! {
    static LAST_ERROR: RefCell<CString> = RefCell::default();
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
            remember(failure.message);
            failure.status
        }
    }
}

/// Runs the body of a function that returns a plain value, and `fallback` after a panic.
pub(crate) fn value<T>(fallback: T, body: impl FnOnce() -> T) -> T {
    // Handles never change and outputs are written last, so that a panic leaves nothing
    // half done that a caller could see.
    catch_unwind(AssertUnwindSafe(body)).unwrap_or(fallback)
}

fn remember(message: String) {
    let message = CString::new(message).unwrap_or_default();
    // A thread that is ending may have no place left for it.
    let _ = LAST_ERROR.try_with(|last| last.replace(message));
}

/// What went wrong in the last call that failed on this thread, in English, with positions and
/// lengths: empty if none failed yet, never NULL. A call that succeeds leaves it as it is.
///
/// The text belongs to the library. It stays until the next call fails on this thread, or the
/// thread ends.
#[unsafe(no_mangle)]
pub extern "C" fn pwseal_last_error() -> *const c_char {
    LAST_ERROR
        .try_with(|last| last.borrow().as_ptr())
        .unwrap_or(c"".as_ptr())
}

#[cfg(test)]
mod tests {
    use core::ffi::CStr;

    use super::*;

    // C cannot make the library panic, so that this one status is tested here.
    #[test]
    fn a_panic_becomes_a_status_with_a_message() {
        assert_eq!(status(|| panic!("not for the caller")), Status::Panic);
        // SAFETY: the pointer is from a string with its NUL, which no call replaces meanwhile.
        let message = unsafe { CStr::from_ptr(pwseal_last_error()) };
        assert_eq!(message, Status::Panic.message());
        assert_eq!(value(7, || panic!("not for the caller")), 7);
    }
}
