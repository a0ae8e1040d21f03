//! Why a call failed. Nothing here allocates: the message is written from it straight into its place.

use core::fmt::{self, Display, Formatter};

use pwseal_api::{AnswerError, BackendVariableError};

use crate::detail::{Detail, Details};
use crate::status::Status;

/// Why a call failed.
#[derive(Debug)]
pub(crate) enum Failure<'a> {
    Core(pwseal::Error),
    Api(pwseal_api::Error),
    BackendVariable(BackendVariableError),
    Answer(&'a AnswerError),
    Usage(Usage),
    OutOfMemory,
    Panic,
}

/// What is wrong with how a function was called, or with what it was asked for.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Usage {
    Null(Name),
    LengthTooLarge {
        name: Name,
        len: usize,
        unit: &'static str,
    },
    NotUtf8 {
        name: Name,
        position: usize,
    },
    /// There is room for fewer bytes than are needed.
    Room {
        room: usize,
        needed: usize,
    },
    /// An input lies where the output is to be written.
    Overlap(Name),
    /// Nothing but the room was asked for.
    SizeQuery {
        needed: usize,
    },
    Index {
        index: usize,
        count: usize,
    },
    NoField(&'static str),
    /// A number that is none of an enum of C.
    NotIn {
        list: &'static str,
        number: i64,
    },
    /// A number of a digit token that no byte holds.
    DigitToken {
        wanted: &'static str,
        number: u32,
    },
    /// The answer is to an operation that does not give this.
    WrongOperation(&'static str),
    /// The ciphertexts of so many passwords are longer than any memory.
    TooMany(usize),
    /// What no key can encrypt.
    PasswordTooLong {
        len: usize,
        max: usize,
    },
}

/// The name of an argument, or of something within an element of one, such as `passwords[3].data`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Name {
    pub(crate) argument: &'static str,
    pub(crate) element: Option<(usize, &'static str)>,
}

impl From<&'static str> for Name {
    fn from(argument: &'static str) -> Self {
        let element = None;
        Self { argument, element }
    }
}

impl Display for Name {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(self.argument)?;
        match self.element {
            Some((index, field)) => write!(f, "[{index}].{field}"),
            None => Ok(()),
        }
    }
}

impl Failure<'_> {
    pub(crate) fn status(&self) -> Status {
        match self {
            Self::Core(error) => error.kind().into(),
            Self::Api(error) => error.kind().into(),
            Self::BackendVariable(_) => Status::InvalidBackend,
            Self::Answer(error) => (*error).into(),
            Self::Usage(usage) => usage.status(),
            Self::OutOfMemory => Status::OutOfMemory,
            Self::Panic => Status::Panic,
        }
    }

    /// Whether the caller was told what it asked for, and nothing is wrong.
    pub(crate) fn is_size_query(&self) -> bool {
        matches!(self, Self::Usage(Usage::SizeQuery { .. }))
    }

    pub(crate) fn details(&self) -> Details {
        let mut details = Details::default();
        match self {
            Self::Core(error) => of_core(&mut details, error),
            Self::Api(error) => of_api(&mut details, error),
            Self::Answer(error) => of_answer(&mut details, error),
            Self::Usage(usage) => usage.tell(&mut details),
            Self::BackendVariable(_) | Self::OutOfMemory | Self::Panic => {}
        }
        details
    }
}

impl Display for Failure<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Core(error) => error.fmt(f),
            Self::Api(error) => error.fmt(f),
            Self::BackendVariable(error) => error.fmt(f),
            Self::Answer(error) => error.fmt(f),
            Self::Usage(usage) => usage.fmt(f),
            Self::OutOfMemory | Self::Panic => f.write_str(self.status().text()),
        }
    }
}

impl Usage {
    fn status(self) -> Status {
        match self {
            Self::Null(_) => Status::NullPointer,
            Self::LengthTooLarge { .. } | Self::TooMany(_) => Status::LengthTooLarge,
            Self::NotUtf8 { .. } => Status::InvalidUtf8,
            Self::Room { .. } | Self::SizeQuery { .. } => Status::BufferTooSmall,
            Self::Overlap(_)
            | Self::Index { .. }
            | Self::NotIn { .. }
            | Self::DigitToken { .. } => Status::OutOfRange,
            Self::NoField(_) => Status::MissingField,
            Self::WrongOperation(_) => Status::WrongOperation,
            Self::PasswordTooLong { .. } => Status::PasswordTooLong,
        }
    }

    fn tell(self, details: &mut Details) {
        let mut element = |name: Name| {
            if let Some((index, _)) = name.element {
                details.set(Detail::Index, index);
            }
        };
        match self {
            Self::Null(name) | Self::Overlap(name) => element(name),
            Self::LengthTooLarge { name, len, .. } => {
                element(name);
                details.set(Detail::Given, len);
            }
            Self::NotUtf8 { name, position } => {
                element(name);
                details.set(Detail::Position, position);
            }
            Self::Room { room, needed } => {
                details.set(Detail::Given, room);
                details.set(Detail::Wanted, needed);
            }
            Self::Index { index, count } => {
                details.set(Detail::Given, index);
                details.set(Detail::Wanted, count);
            }
            Self::NotIn { number, .. } => details.set(Detail::Given, number),
            Self::DigitToken { number, .. } => details.set(Detail::Given, number),
            Self::TooMany(count) => details.set(Detail::Given, count),
            Self::PasswordTooLong { len, max } => {
                details.set(Detail::Given, len);
                details.set(Detail::Wanted, max);
            }
            Self::SizeQuery { .. } | Self::NoField(_) | Self::WrongOperation(_) => {}
        }
    }
}

impl Display for Usage {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null(name) => write!(f, "{name} is NULL"),
            Self::LengthTooLarge { name, len, unit } => write!(
                f,
                "{name} has a length of {len} {unit}, which no object in memory has"
            ),
            Self::NotUtf8 { name, position } => write!(f, "{name} is not UTF-8: byte {position}"),
            Self::Room { room, needed } => {
                write!(f, "out has room for {room} bytes, and {needed} are needed")
            }
            Self::Overlap(name) => write!(
                f,
                "{name} lies within out, which is written before it is read: give memory of its own to one of them"
            ),
            Self::SizeQuery { needed } => write!(f, "{needed} bytes are needed"),
            Self::Index { index, count } => write!(
                f,
                "index {index} is out of range: there are {count}, counted from 0"
            ),
            Self::NoField(name) => write!(f, "there is no {name}"),
            Self::NotIn { list, number } => write!(f, "{number} is no {list}"),
            Self::DigitToken { wanted, number } => write!(f, "{wanted}, not {number}"),
            Self::WrongOperation(wanted) => {
                write!(f, "the answer is to an operation that gives no {wanted}")
            }
            Self::TooMany(count) => {
                write!(f, "the ciphertexts of {count} passwords fit into no memory")
            }
            Self::PasswordTooLong { len, max } => write!(
                f,
                "the password has {len} bytes; the longest that any key can encrypt has {max}"
            ),
        }
    }
}

fn of_core(details: &mut Details, error: &pwseal::Error) {
    use pwseal::Error as E;
    if let Some(position) = error.position() {
        details.set(Detail::Position, position);
    }
    match error {
        E::InBatch { index, error, .. } => {
            of_core(details, error);
            details.set(Detail::Index, *index);
        }
        // Counted from 1 there, for people.
        E::PolicyString { number, .. } => details.set(Detail::Index, number.saturating_sub(1)),
        E::PasswordTooLong { len, max, .. } | E::GeneratedTooLong { len, max, .. } => {
            details.set(Detail::Given, *len);
            details.set(Detail::Wanted, *max);
        }
        E::KeyTruncated { len, expected, .. } | E::OutputLength { len, expected, .. } => {
            details.set(Detail::Given, *len);
            details.set(Detail::Wanted, *expected);
        }
        E::HalfSurrogate { unit, .. } => details.set(Detail::Position, *unit),
        E::ExponentTooLong { bits, .. } => details.set(Detail::Given, *bits),
        E::Rsa(pwseal::KeyError::ModulusTooShort { bits, .. }) => {
            details.set(Detail::Given, *bits);
            details.set(Detail::Wanted, rsaep::MIN_BITS);
        }
        E::Rsa(pwseal::KeyError::ModulusTooLong { bits, .. }) => {
            details.set(Detail::Given, *bits);
            details.set(Detail::Wanted, rsaep::MAX_BITS);
        }
        E::PolicyConflict {
            length: Some(length),
            ..
        } => details.set(Detail::Given, *length),
        E::DictionaryNotText { line, .. } | E::DictionaryWhiteSpace { line, .. } => {
            details.set(Detail::Line, *line);
        }
        E::DictionaryLineTooLong { line, len, max, .. } => {
            details.set(Detail::Line, *line);
            details.set(Detail::Given, *len);
            details.set(Detail::Wanted, *max);
        }
        E::DictionaryTooManyWords { line, max, .. } => {
            details.set(Detail::Line, *line);
            details.set(Detail::Wanted, *max);
        }
        _ => {}
    }
}

fn of_api(details: &mut Details, error: &pwseal_api::Error) {
    use pwseal_api::Error as E;
    match error {
        E::Core(error) => of_core(details, error),
        E::Json(error) | E::ChangeRequestJson(error) => of_json(details, error),
        E::DigitTokenLength { length, .. } => details.set(Detail::Given, *length),
        E::DigitTokenDuration { minutes, .. } => details.set(Detail::Given, *minutes),
        _ => {}
    }
}

fn of_json(details: &mut Details, error: &pwseal_api::JsonError) {
    if let Some(place) = error.place {
        details.set(Detail::Line, place.line);
        details.set(Detail::Column, place.column);
    }
}

fn of_answer(details: &mut Details, error: &AnswerError) {
    details.set(Detail::HttpStatus, error.status().as_u16());
    details.set(Detail::Retryable, error.retryable());
    if let Some(wait) = error.retry_after() {
        details.set(Detail::RetryAfter, wait.as_secs());
    }
    if let pwseal_api::AnswerProblem::Unreadable { error, .. } = error.problem() {
        of_json(details, error);
    }
}

impl From<Usage> for Failure<'_> {
    fn from(usage: Usage) -> Self {
        Self::Usage(usage)
    }
}

impl From<pwseal::Error> for Failure<'_> {
    fn from(error: pwseal::Error) -> Self {
        Self::Core(error)
    }
}

impl From<pwseal_api::Error> for Failure<'_> {
    fn from(error: pwseal_api::Error) -> Self {
        Self::Api(error)
    }
}

impl<'a> From<&'a AnswerError> for Failure<'a> {
    fn from(error: &'a AnswerError) -> Self {
        Self::Answer(error)
    }
}

impl From<BackendVariableError> for Failure<'_> {
    fn from(error: BackendVariableError) -> Self {
        Self::BackendVariable(error)
    }
}
