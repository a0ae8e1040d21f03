//! Why the command could not run, in one line.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use pwseal_api::ErrorKind;

/// A failure, for standard error. Never holds a password.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The command line is wrong.
    Usage(String),
    /// The environment names a backend that is not here.
    Backend(pwseal_api::BackendVariableError),
    /// A file cannot be read.
    File { path: PathBuf, error: io::Error },
    /// A file is longer than anything that could be meant.
    FileTooLong { path: PathBuf, limit: usize },
    /// A key file holds no usable key.
    Key { path: PathBuf, error: pwseal::Error },
    /// A password-info file cannot be used.
    Info {
        path: PathBuf,
        error: pwseal_api::Error,
    },
    /// The password cannot be read.
    PasswordInput(io::Error),
    /// The password is longer than anything that could be meant.
    PasswordTooLong { limit: usize },
    /// The two entries at the prompt differ.
    PasswordsDiffer,
    /// A dictionary file cannot be used.
    Dictionary { path: PathBuf, error: pwseal::Error },
    /// A policy string on the command line is not understood.
    Policy(pwseal::Error),
    /// No password can be generated.
    Generate(pwseal::Error),
    /// The password cannot be encrypted, or violates a policy.
    Encrypt(pwseal_api::Error),
    /// The password could not be checked against every rule, as it must be.
    NotAllChecked,
    /// No request can be made of what the command line says.
    Request(pwseal_api::Error),
    /// Standard output cannot be written.
    Output(io::Error),
    /// A file is not what it must be.
    Unusable { path: PathBuf, problem: String },
    /// A bulk run was stopped by a signal.
    Stopped { signal: Option<i32> },
    /// A bulk run did not reach its end, and this continues it.
    Unfinished {
        why: Box<Failure>,
        continues: String,
    },
    /// A bulk run did not reach its end, and wrote generated passwords to a pipe.
    Piped(Box<Failure>),
    /// A bulk run cannot start a thread.
    Thread(io::Error),
    /// A bulk run met a defect of this program.
    Crashed,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Usage(message) => f.write_str(message),
            Self::Backend(error) => error.fmt(f),
            Self::File { path, error } => {
                // Windows refuses to open a folder as it refuses what one has no rights to.
                let is_refused = error.kind() == io::ErrorKind::PermissionDenied;
                let is_folder = cfg!(windows) && is_refused && path.is_dir();
                let reason = match is_folder {
                    true => "is a directory".into(),
                    false => reason(error),
                };
                write!(f, "{}: {reason}", Named(path))
            }
            Self::FileTooLong { path, limit } => {
                write!(
                    f,
                    "{}: longer than {limit} bytes, so not what is wanted",
                    Named(path)
                )
            }
            Self::Key { path, error } | Self::Dictionary { path, error } => {
                write!(f, "{}: {error}", Named(path))
            }
            Self::Info { path, error } => {
                write!(f, "{}: {error}", Named(path))?;
                match error.kind() {
                    ErrorKind::AccountNotChosen
                    | ErrorKind::AccountNotFound
                    | ErrorKind::AccountNameNotUnique => {
                        f.write_str("; --account ID-OR-NAME chooses")
                    }
                    _ => Ok(()),
                }
            }
            Self::PasswordInput(error) => {
                write!(f, "the password cannot be read: {}", reason(error))
            }
            Self::PasswordTooLong { limit } => write!(
                f,
                "the password has more than {limit} bytes, which no key can encrypt"
            ),
            Self::PasswordsDiffer => f.write_str("the two passwords differ"),
            Self::Policy(error) => write!(f, "--policy: {error}"),
            Self::Generate(error) => error.fmt(f),
            Self::Encrypt(error) | Self::Request(error) => error.fmt(f),
            Self::NotAllChecked => f.write_str(
                "the password could not be checked against every rule, which --strict wants",
            ),
            Self::Output(error) => write!(f, "standard output: {}", reason(error)),
            Self::Unusable { path, problem } => write!(f, "{}: {problem}", Named(path)),
            Self::Stopped { .. } => f.write_str("stopped by a signal, after whole lines"),
            Self::Unfinished { why, continues } => match **why {
                Self::Stopped { .. } => write!(f, "{why}: {continues} continues"),
                _ => write!(f, "{why}; when that is mended, {continues} continues"),
            },
            Self::Piped(why) => write!(
                f,
                "{why}; what the pipe of --secrets-out took may not have been kept: as nothing was sent yet, remove --out and \
                 begin anew"
            ),
            Self::Thread(error) => write!(f, "no thread can be started: {}", reason(error)),
            Self::Crashed => f.write_str("a defect of pwseal ended the run: please report it"),
        }
    }
}

impl Failure {
    pub(crate) fn exit_code(&self) -> u8 {
        match self {
            Self::Encrypt(pwseal_api::Error::Policy(_)) | Self::NotAllChecked => 1,
            _ => 2,
        }
    }

    /// The signal that ended the command, which is to end the process as well.
    pub(crate) fn signal(&self) -> Option<i32> {
        match self {
            Self::Stopped { signal } => *signal,
            Self::Unfinished { why, .. } | Self::Piped(why) => why.signal(),
            _ => None,
        }
    }
}

/// A file's name in quotes. What would break the line or clear the screen is escaped, but not what parts folders.
struct Named<'a>(&'a Path);

impl fmt::Display for Named<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let quoted = format!("{:?}", self.0);
        match cfg!(windows) {
            true => f.write_str(&quoted.replace(r"\\", r"\")),
            false => f.write_str(&quoted),
        }
    }
}

/// An operating system's reason: in words that are the same everywhere where the reason is, or else in its own, without
/// the number that Rust adds.
fn reason(error: &io::Error) -> String {
    let same = match error.kind() {
        _ if error.raw_os_error().is_none() => None,
        io::ErrorKind::NotFound => Some("no such file or directory"),
        io::ErrorKind::PermissionDenied => Some("permission denied"),
        io::ErrorKind::AlreadyExists => Some("file exists"),
        io::ErrorKind::IsADirectory => Some("is a directory"),
        io::ErrorKind::StorageFull => Some("no space left on device"),
        io::ErrorKind::BrokenPipe => Some("broken pipe"),
        _ => None,
    };
    let text = error.to_string();
    match (same, text.split_once(" (os error")) {
        (Some(same), _) => same.into(),
        (None, Some((words, _))) => words.trim_end_matches('.').to_lowercase(),
        (None, None) => text,
    }
}
