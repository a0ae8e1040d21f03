//! What every call passes on its way back to C: no panic goes through, and a failure leaves
//! its message behind.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::failure::Failure;
use crate::last_error;
use crate::reserve::Call;
use crate::status::Status;

/// Runs the body of a function that returns a status, and allocates nothing.
pub(crate) fn status<'a>(body: impl FnOnce() -> Result<(), Failure<'a>>) -> Status {
    value(Status::Panic, || match value(Err(Failure::Panic), body) {
        Ok(()) => Status::Ok,
        Err(failure) => {
            if !failure.is_size_query() {
                last_error::remember(&failure);
            }
            failure.status()
        }
    })
}

/// Runs the body of a function that returns a status, and allocates for an input of so many bytes: if memory runs out, it
/// has some to come to its end. If there is none already, the body says what its outputs are then.
pub(crate) fn allocating<'a>(
    input_len: usize,
    body: impl FnOnce(&Call) -> Result<(), Failure<'a>>,
) -> Status {
    // What the body leaves is dropped before its reserve.
    let call = Call::new(input_len);
    status(|| body(&call))
}

/// Runs the body of a function that returns a plain value, and `fallback` after a panic.
pub(crate) fn value<T>(fallback: T, body: impl FnOnce() -> T) -> T {
    // Handles never change (a context: see there) and outputs are written last, so that a panic
    // leaves nothing half done that a caller could see.
    catch_unwind(AssertUnwindSafe(body)).unwrap_or(fallback)
}

#[cfg(test)]
mod tests {
    use core::ffi::CStr;

    use super::*;
    use crate::last_error::pwseal_last_error;

    // C cannot make the library panic, so that this one status is tested here.
    #[test]
    fn a_panic_becomes_a_status_with_a_message() {
        assert_eq!(status(|| panic!("not for the caller")), Status::Panic);
        // SAFETY: the pointer is to a text with its NUL, which no call writes to meanwhile.
        let message = unsafe { CStr::from_ptr(pwseal_last_error()) };
        assert_eq!(message, Status::Panic.message());
        assert_eq!(value(7, || panic!("not for the caller")), 7);
    }
}
