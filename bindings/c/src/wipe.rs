//! `pwseal_wipe`.

use core::ffi::c_void;

use zeroize::Zeroize;

use crate::boundary;
use crate::pointers;

/// Overwrites a buffer of the caller's with zeros, which no compiler leaves out: for a password
/// once it is encrypted. NULL, and a length over PTRDIFF_MAX, which no buffer has, are left alone.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwseal_wipe(buffer: *mut c_void, buffer_len: usize) {
    boundary::value((), || {
        // SAFETY: what the header demands of an output, here with a length of its own.
        if let Ok(buffer) = unsafe { pointers::buffer("buffer", buffer.cast(), buffer_len) } {
            buffer.zeroize();
        }
    });
}
