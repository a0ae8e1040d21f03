//! The outcome of a call: a fixed number for programs, a message for people.

use core::ffi::{CStr, c_char};

use pwseal::Error;
use pwseal_api::{AnswerError, AnswerProblem};

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
    /// A field is absent, null or empty.
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
}

impl Status {
    const ALL: [Self; 32] = [
        Self::Ok,
        Self::NullPointer,
        Self::LengthTooLarge,
        Self::BufferTooSmall,
        Self::Panic,
        Self::InvalidKey,
        Self::EmptyPassword,
        Self::PasswordTooLong,
        Self::RandomSource,
        Self::InvalidUtf8,
        Self::OutOfRange,
        Self::WrongOperation,
        Self::InvalidPasswordInfo,
        Self::MissingField,
        Self::NoAccounts,
        Self::AccountNotChosen,
        Self::AccountNotFound,
        Self::AccountNameNotUnique,
        Self::PolicyViolation,
        Self::PolicyConflict,
        Self::PolicyTooNarrow,
        Self::InvalidDictionary,
        Self::NotInVersion,
        Self::InvalidTenant,
        Self::InvalidBaseUrl,
        Self::InvalidRequestId,
        Self::AnswerRefused,
        Self::AnswerNotFromTheApi,
        Self::AnswerUnreadable,
        Self::AnswerTooLong,
        Self::InvalidBackend,
        Self::InvalidChangeRequest,
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
            Self::InvalidUtf8 => c"a text is not UTF-8",
            Self::OutOfRange => c"a number or an index is out of its range",
            Self::WrongOperation => c"the answer is to another operation",
            Self::InvalidPasswordInfo => c"the password-info cannot be read",
            Self::MissingField => c"a field is absent, null or empty",
            Self::NoAccounts => c"there is no account",
            Self::AccountNotChosen => c"there are several accounts, and none was chosen",
            Self::AccountNotFound => c"no account has this id or name",
            Self::AccountNameNotUnique => c"several accounts have this name",
            Self::PolicyViolation => c"the password violates the policy",
            Self::PolicyConflict => c"no password can satisfy the policy",
            Self::PolicyTooNarrow => c"next to no password satisfies the policy",
            Self::InvalidDictionary => c"the dictionary cannot be read",
            Self::NotInVersion => c"the version of the API lacks the operation",
            Self::InvalidTenant => c"the tenant is no label of a host name",
            Self::InvalidBaseUrl => c"the base URL cannot be used",
            Self::InvalidRequestId => c"the request id cannot be used",
            Self::AnswerRefused => c"the API refused",
            Self::AnswerNotFromTheApi => c"the answer is not from the API",
            Self::AnswerUnreadable => c"the answer cannot be read",
            Self::AnswerTooLong => c"the answer is too long",
            Self::InvalidBackend => c"PWSEAL_BACKEND names no backend of this machine",
            Self::InvalidChangeRequest => {
                c"the set-password body cannot be read or is not encrypted"
            }
        }
    }
}

impl From<&Error> for Status {
    fn from(error: &Error) -> Self {
        match error {
            Error::EmptyPassword => Self::EmptyPassword,
            Error::PasswordTooLong { .. } => Self::PasswordTooLong,
            Error::RandomSource => Self::RandomSource,
            Error::InBatch { error, .. } => Self::from(&**error),
            Error::PolicyConflict { .. } => Self::PolicyConflict,
            Error::PolicyTooNarrow => Self::PolicyTooNarrow,
            Error::GeneratedTooLong { .. } => Self::OutOfRange,
            Error::DictionaryNotText { .. }
            | Error::DictionaryLineTooLong { .. }
            | Error::DictionaryWhiteSpace { .. }
            | Error::DictionaryTooManyWords { .. } => Self::InvalidDictionary,
            // Everything else that the functions here can meet is about the key.
            _ => Self::InvalidKey,
        }
    }
}

impl From<&pwseal_api::Error> for Status {
    fn from(error: &pwseal_api::Error) -> Self {
        use pwseal_api::Error as E;
        match error {
            E::Json(_) => Self::InvalidPasswordInfo,
            E::MissingField { .. } | E::ChangeRequestField { .. } => Self::MissingField,
            E::ChangeRequestJson(_) | E::NotEncrypted => Self::InvalidChangeRequest,
            E::NoAccounts => Self::NoAccounts,
            E::AccountNotChosen { .. } => Self::AccountNotChosen,
            E::AccountNotFound { .. } => Self::AccountNotFound,
            E::AccountNameNotUnique { .. } => Self::AccountNameNotUnique,
            E::Core(error) => error.into(),
            E::Policy(_) => Self::PolicyViolation,
            E::NotInVersion { .. } => Self::NotInVersion,
            E::Tenant => Self::InvalidTenant,
            E::BaseUrl { .. } => Self::InvalidBaseUrl,
            E::RequestId => Self::InvalidRequestId,
            E::DigitTokenLength { .. } | E::DigitTokenDuration { .. } => Self::OutOfRange,
            // No function here can meet another one.
            _ => Self::Panic,
        }
    }
}

impl From<&AnswerError> for Status {
    fn from(error: &AnswerError) -> Self {
        match error.problem() {
            AnswerProblem::Refused(_) => Self::AnswerRefused,
            AnswerProblem::NotFromTheApi { .. } => Self::AnswerNotFromTheApi,
            AnswerProblem::TooLong => Self::AnswerTooLong,
            // Unreadable, and whatever a later version finds wrong with an answer.
            _ => Self::AnswerUnreadable,
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
