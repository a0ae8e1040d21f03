//! The outcome of a call: a fixed number for programs, a message for people.

use core::ffi::{CStr, c_char};

use pwseal::Error;

/// The outcome of a function. A number keeps its meaning for ever; new ones are added at the
/// end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(i32)]
pub enum Status {
    /// Success.
    Ok = 0,
    /// A pointer is NULL that must not be.
    NullPointer = 1,
    /// A length is over PTRDIFF_MAX, which no object in memory has.
    LengthTooLarge = 2,
    /// The output needs more room. `*out_len` says how much.
    BufferTooSmall = 3,
    /// A defect of the library. Please report it.
    Panic = 4,
    /// The key cannot be read, or is none that passwords may be encrypted with.
    InvalidKey = 5,
    /// The password has no bytes, which is nearly always a mistake.
    EmptyPassword = 6,
    /// The password is longer than `pwseal_key_max_password_len`.
    PasswordTooLong = 7,
    /// The operating system gave no random bytes, so nothing was encrypted.
    RandomSource = 8,
}

impl Status {
    const ALL: [Self; 9] = [
        Self::Ok,
        Self::NullPointer,
        Self::LengthTooLarge,
        Self::BufferTooSmall,
        Self::Panic,
        Self::InvalidKey,
        Self::EmptyPassword,
        Self::PasswordTooLong,
        Self::RandomSource,
    ];

    pub(crate) const fn message(self) -> &'static CStr {
        match self {
            Self::Ok => c"success",
            Self::NullPointer => c"a pointer is NULL that must not be",
            Self::LengthTooLarge => c"a length is larger than any object in memory",
            Self::BufferTooSmall => c"the output needs more room",
            Self::Panic => c"a defect in pwseal: please report it",
            Self::InvalidKey => c"the key cannot be used",
            Self::EmptyPassword => c"the password is empty",
            Self::PasswordTooLong => c"the password is too long for the key",
            Self::RandomSource => c"the operating system gave no random bytes",
        }
    }
}

impl From<&Error> for Status {
    fn from(error: &Error) -> Self {
        match error {
            Error::EmptyPassword => Self::EmptyPassword,
            Error::PasswordTooLong { .. } => Self::PasswordTooLong,
            Error::RandomSource => Self::RandomSource,
            // Everything else that the functions here can meet is about the key.
            _ => Self::InvalidKey,
        }
    }
}

/// What a status means, in English: text that is never freed, and never NULL. A number that is
/// no status of this version gives "unknown status". Safe from any thread.
#[unsafe(no_mangle)]
pub extern "C" fn pwseal_status_message(status: i32) -> *const c_char {
    Status::ALL
        .into_iter()
        .find(|known| *known as i32 == status)
        .map_or(c"unknown status", Status::message)
        .as_ptr()
}
