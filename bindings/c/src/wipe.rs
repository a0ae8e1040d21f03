//! `pwseal_wipe`.

use core::ffi::c_void;

use zeroize::Zeroize;

use crate::boundary;
use crate::pointers;
use crate::status::Status;

/// Overwrites a buffer of the caller's with zeros, which no compiler leaves out: for a password
/// once it is encrypted.
///
/// Errors: NULL_POINTER, LENGTH_TOO_LARGE.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwseal_wipe(buffer: *mut c_void, buffer_len: usize) -> Status {
    boundary::status(|| {
        // SAFETY: what the header demands of an output, here with a length of its own.
        unsafe { pointers::buffer("buffer", buffer.cast(), buffer_len) }?.zeroize();
        Ok(())
    })
}
