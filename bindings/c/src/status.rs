//! The outcome of a call: a fixed number for programs, a message for people.

use core::ffi::{CStr, c_char};

use pwseal::ErrorKind as CoreKind;
use pwseal_api::{AnswerError, AnswerProblem, ErrorKind};

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
    /// The output needs more room, or was only asked for it. `*out_len` says how much.
    BufferTooSmall = 3,
    /// A defect of the library. Please report it.
    Panic = 4,
    /// The key cannot be read or used: it is empty, damaged, or no key.
    InvalidKey = 5,
    /// The password has no bytes, which is nearly always a mistake.
    EmptyPassword = 6,
    /// The password is longer than `pwseal_key_max_password_len`, or than any key can encrypt.
    PasswordTooLong = 7,
    /// The operating system gave no random bytes, so nothing was encrypted.
    RandomSource = 8,
    /// A text is not UTF-8.
    InvalidUtf8 = 9,
    /// A number or an index is out of its range.
    OutOfRange = 10,
    /// The answer is to another operation than the function is for.
    WrongOperation = 11,
    /// The password-info is no JSON, or not of the shape of the API's message.
    InvalidPasswordInfo = 12,
    /// A field is absent, null or blank.
    MissingField = 13,
    /// The identity has no account on the source.
    NoAccounts = 14,
    /// There are several accounts, and none was chosen.
    AccountNotChosen = 15,
    /// No account has the id or name that was asked for.
    AccountNotFound = 16,
    /// Several accounts have the name that was asked for.
    AccountNameNotUnique = 17,
    /// The password violates a rule of the policies.
    PolicyViolation = 18,
    /// No password, or none of the length asked for, can satisfy the policy.
    PolicyConflict = 19,
    /// Next to no password of the length asked for satisfies the policy.
    PolicyTooNarrow = 20,
    /// The dictionary cannot be read.
    InvalidDictionary = 21,
    /// The version of the API lacks the operation.
    NotInVersion = 22,
    /// The tenant is no label of a host name.
    InvalidTenant = 23,
    /// The base URL cannot be used.
    InvalidBaseUrl = 24,
    /// The request id is empty, or nothing that can stand in a URL.
    InvalidRequestId = 25,
    /// The API refused, and says why.
    AnswerRefused = 26,
    /// The answer is no success, and not the API's: a proxy's or gateway's page, or nothing.
    AnswerNotFromTheApi = 27,
    /// The answer is a success, and not the message that belongs to it.
    AnswerUnreadable = 28,
    /// The answer has a body of more than 1 MiB.
    AnswerTooLong = 29,
    /// `PWSEAL_BACKEND` names no backend, or one that this machine does not have.
    InvalidBackend = 30,
    /// The body of `set-password` is no JSON, not of the shape of the API's message, or not
    /// encrypted.
    InvalidChangeRequest = 31,
    /// The key is none that is taken here: a private key, another form or algorithm, or a modulus
    /// that is too short or too long.
    UnsupportedKey = 32,
    /// The password is not acceptable as text, and nobody said that it is meant as it is.
    PasswordNotText = 33,
    /// There is not enough memory.
    OutOfMemory = 34,
    /// The policy cannot be read, or says nothing.
    InvalidPolicy = 35,
    /// The input is something else than the message that is wanted: an error of the API, HTML, a
    /// key.
    OtherMessage = 36,
    /// The bearer token is empty, or cannot stand in a header.
    InvalidBearerToken = 37,
    /// Something that has no status of its own. `pwseal_last_error` says what.
    Other = 38,
}

/// A [`Status`], or any other number.
type StatusNumber = i32;

/// The text of each status, and the list of all: neither can lack one.
macro_rules! texts {
    ($($status:ident: $text:literal,)+) => {
        impl Status {
            const ALL: &'static [Self] = &[$(Self::$status,)+];

            pub(crate) const fn message(self) -> &'static CStr {
                match self {
                    $(Self::$status => $text,)+
                }
            }
        }
    };
}

impl Status {
    pub(crate) fn text(self) -> &'static str {
        self.message().to_str().unwrap_or_default()
    }
}

texts! {
    Ok: c"success",
    NullPointer: c"a pointer is NULL that must not be",
    LengthTooLarge: c"a length is larger than any object in memory",
    BufferTooSmall: c"the output needs more room",
    Panic: c"a defect in pwseal: please report it",
    InvalidKey: c"the key cannot be read",
    EmptyPassword: c"the password is empty",
    PasswordTooLong: c"the password is too long for the key",
    RandomSource: c"the operating system gave no random bytes",
    InvalidUtf8: c"a text is not UTF-8",
    OutOfRange: c"a number or an index is out of its range",
    WrongOperation: c"the answer is to another operation",
    InvalidPasswordInfo: c"the password-info cannot be read",
    MissingField: c"a field is absent, null or blank",
    NoAccounts: c"there is no account",
    AccountNotChosen: c"there are several accounts, and none was chosen",
    AccountNotFound: c"no account has this id or name",
    AccountNameNotUnique: c"several accounts have this name",
    PolicyViolation: c"the password violates the policy",
    PolicyConflict: c"no password can satisfy the policy",
    PolicyTooNarrow: c"next to no password satisfies the policy",
    InvalidDictionary: c"the dictionary cannot be read",
    NotInVersion: c"the version of the API lacks the operation",
    InvalidTenant: c"the tenant is no label of a host name",
    InvalidBaseUrl: c"the base URL cannot be used",
    InvalidRequestId: c"the request id cannot be used",
    AnswerRefused: c"the API refused",
    AnswerNotFromTheApi: c"the answer is not from the API",
    AnswerUnreadable: c"the answer cannot be read",
    AnswerTooLong: c"the answer is too long",
    InvalidBackend: c"PWSEAL_BACKEND names no backend of this machine",
    InvalidChangeRequest: c"the set-password body cannot be read or is not encrypted",
    UnsupportedKey: c"the key is of a kind that is not taken",
    PasswordNotText: c"the password is not acceptable as text",
    OutOfMemory: c"there is not enough memory",
    InvalidPolicy: c"the policy cannot be read, or says nothing",
    OtherMessage: c"the input is something else than the message that is wanted",
    InvalidBearerToken: c"the bearer token cannot be used",
    Other: c"something that has no status of its own",
}

impl Status {
    /// Of an error of the core; none for a kind that was added there and is not known here.
    const fn of_core(kind: CoreKind) -> Option<Self> {
        Some(match kind {
            CoreKind::InvalidKey => Self::InvalidKey,
            CoreKind::UnsupportedKey => Self::UnsupportedKey,
            CoreKind::BackendUnavailable => Self::InvalidBackend,
            CoreKind::EmptyPassword => Self::EmptyPassword,
            CoreKind::PasswordTooLong => Self::PasswordTooLong,
            CoreKind::PasswordNotText => Self::PasswordNotText,
            // The functions here make their own buffers for the core.
            CoreKind::OutputLength => Self::Other,
            CoreKind::RandomSource => Self::RandomSource,
            CoreKind::OutOfMemory => Self::OutOfMemory,
            CoreKind::InvalidPolicy => Self::InvalidPolicy,
            CoreKind::PolicyConflict => Self::PolicyConflict,
            CoreKind::PolicyTooNarrow => Self::PolicyTooNarrow,
            CoreKind::GeneratedTooLong => Self::OutOfRange,
            CoreKind::InvalidDictionary => Self::InvalidDictionary,
            _ => return None,
        })
    }

    /// As [`of_core`](Self::of_core).
    const fn of_api(kind: ErrorKind) -> Option<Self> {
        Some(match kind {
            ErrorKind::Core(kind) => return Self::of_core(kind),
            ErrorKind::InvalidPasswordInfo => Self::InvalidPasswordInfo,
            ErrorKind::InvalidChangeRequest => Self::InvalidChangeRequest,
            ErrorKind::OtherMessage => Self::OtherMessage,
            ErrorKind::MissingField => Self::MissingField,
            ErrorKind::NoAccounts => Self::NoAccounts,
            ErrorKind::AccountNotChosen => Self::AccountNotChosen,
            ErrorKind::AccountNotFound => Self::AccountNotFound,
            ErrorKind::AccountNameNotUnique => Self::AccountNameNotUnique,
            ErrorKind::PolicyViolation => Self::PolicyViolation,
            ErrorKind::NotInVersion => Self::NotInVersion,
            ErrorKind::InvalidTenant => Self::InvalidTenant,
            ErrorKind::InvalidBaseUrl => Self::InvalidBaseUrl,
            ErrorKind::InvalidRequestId => Self::InvalidRequestId,
            ErrorKind::InvalidBearerToken => Self::InvalidBearerToken,
            ErrorKind::OutOfRange => Self::OutOfRange,
            _ => return None,
        })
    }
}

/// No kind of error is without a status.
const _: () = {
    let mut index = 0;
    while index < ErrorKind::ALL.len() {
        assert!(Status::of_api(ErrorKind::ALL[index]).is_some());
        index += 1;
    }
};

impl From<CoreKind> for Status {
    fn from(kind: CoreKind) -> Self {
        Self::of_core(kind).unwrap_or(Self::Other)
    }
}

impl From<ErrorKind> for Status {
    fn from(kind: ErrorKind) -> Self {
        Self::of_api(kind).unwrap_or(Self::Other)
    }
}

impl From<&AnswerError> for Status {
    fn from(error: &AnswerError) -> Self {
        match error.problem() {
            AnswerProblem::Refused(_) => Self::AnswerRefused,
            AnswerProblem::NotFromTheApi { .. } => Self::AnswerNotFromTheApi,
            AnswerProblem::Unreadable { .. } => Self::AnswerUnreadable,
            AnswerProblem::TooLong => Self::AnswerTooLong,
            _ => Self::Other,
        }
    }
}

/// What a status means, in English: text that is never freed, and never NULL. A number that is
/// no status of this version gives "unknown status". Safe from any thread.
#[unsafe(no_mangle)]
pub extern "C" fn pwseal_status_message(status: StatusNumber) -> *const c_char {
    let mut all = Status::ALL.iter().copied();
    all.find(|known| *known as i32 == status)
        .map_or(c"unknown status", Status::message)
        .as_ptr()
}
