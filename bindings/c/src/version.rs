//! Which version of the library was loaded.

use core::ffi::c_char;

/// The version of the library that was loaded, such as "0.1.0": text that is never freed, and never
/// NULL. `PWSEAL_VERSION` is the one of the header that a program was compiled with.
#[unsafe(no_mangle)]
pub extern "C" fn pwseal_version() -> *const c_char {
    concat!(env!("CARGO_PKG_VERSION"), "\0").as_ptr().cast()
}
