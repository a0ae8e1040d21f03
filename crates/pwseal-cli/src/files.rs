//! Files in, standard output out.

use std::env;
use std::fmt::Display;
use std::fs::File;
use std::io::{self, IsTerminal, Read, Write};
use std::path::Path;

use pwseal::policy::Dictionary;
use pwseal_api::PasswordInfo;
use zeroize::Zeroizing;

use crate::failure::Failure;
use crate::new_file::NewFile;

/// The longest key file: a certificate with every extension there is stays far below.
const KEY_LIMIT: usize = 1 << 20;

/// The longest password-info: a client reads no longer answer either.
pub(crate) const INFO_LIMIT: usize = pwseal_api::MAX_BODY_LEN;

/// The longest text of an answer: the longest body, what curl got before it retried, and heads.
const ANSWER_LIMIT: usize = 4 * pwseal_api::MAX_BODY_LEN;

/// The longest dictionary file: 2,500 words of 128 code points, and comments.
const DICTIONARY_LIMIT: usize = 16 << 20;

/// Whether a name stands for standard input or output.
pub(crate) fn is_standard(path: &Path) -> bool {
    path == Path::new("-")
}

/// The bytes of a key file; `-` is standard input.
pub(crate) fn read_key(path: &Path) -> Result<Zeroizing<Vec<u8>>, Failure> {
    if is_standard(path) {
        return read_stdin(KEY_LIMIT);
    }
    read_file(path, KEY_LIMIT)
}

/// A password-info file.
pub(crate) fn read_info(path: &Path) -> Result<PasswordInfo<'static>, Failure> {
    if is_standard(path) {
        return Err(Failure::Usage(
            "--info must be a file: standard input is for the password".into(),
        ));
    }
    let json = read_file(path, INFO_LIMIT)?;
    match PasswordInfo::from_json(&*json) {
        Ok(info) => Ok(info.into_owned()),
        Err(error) => Err(Failure::Info {
            path: path.into(),
            error,
        }),
    }
}

/// A dictionary file.
pub(crate) fn read_dictionary(path: &Path) -> Result<Dictionary, Failure> {
    Dictionary::parse(&*read_file(path, DICTIONARY_LIMIT)?).map_err(|error| Failure::Dictionary {
        path: path.into(),
        error,
    })
}

/// The text of an HTTP response: a file, or else standard input.
pub(crate) fn read_answer(path: Option<&Path>) -> Result<Zeroizing<Vec<u8>>, Failure> {
    match path.filter(|path| !is_standard(path)) {
        Some(path) => read_file(path, ANSWER_LIMIT),
        None => read_stdin(ANSWER_LIMIT),
    }
}

fn read_stdin(limit: usize) -> Result<Zeroizing<Vec<u8>>, Failure> {
    let path = Path::new("-");
    let stdin = standard_input().map_err(|error| Failure::File {
        path: path.into(),
        error,
    })?;
    read(stdin, limit, path, limit)
}

fn read_file(path: &Path, limit: usize) -> Result<Zeroizing<Vec<u8>>, Failure> {
    let file = File::open(path).map_err(|error| Failure::File {
        path: path.into(),
        error,
    })?;
    // A pipe has no length.
    let len = file.metadata().map_or(0, |metadata| metadata.len());
    let expected = match usize::try_from(len) {
        Ok(0) | Err(_) => limit,
        Ok(len) => len,
    };
    read(file, expected, path, limit)
}

/// Into a buffer that need not grow and is wiped: the file may be a private key by mistake.
fn read(
    input: impl Read,
    expected: usize,
    path: &Path,
    limit: usize,
) -> Result<Zeroizing<Vec<u8>>, Failure> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(expected.min(limit) + 2));
    input
        .take(limit as u64 + 2)
        .read_to_end(&mut bytes)
        .map_err(|error| Failure::File {
            path: path.into(),
            error,
        })?;
    // The line feed at its end is not counted, nor is it where bulk reads a file by lines.
    if bytes.strip_suffix(b"\n").unwrap_or(&bytes).len() > limit {
        return Err(Failure::FileTooLong {
            path: path.into(),
            limit,
        });
    }
    Ok(bytes)
}

/// Writes to standard output what is there to be read: whoever closes it, as `head` does, has read enough.
pub(crate) fn print_for_reading(text: &[u8]) -> Result<(), Failure> {
    match print_secret(text) {
        Err(Failure::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        printed => printed,
    }
}

/// Writes a secret to a new file, and has it on the disk, or to a pipe.
pub(crate) fn write_secret(path: &Path, secret: &[u8]) -> Result<(), Failure> {
    let mut file = NewFile::create(path)?;
    let written = file.write_all(secret);
    written.map_err(|error| file.failed(error))?;
    file.keep()
}

/// Writes text to standard output, all of it or an error.
pub(crate) fn print(text: &str) -> Result<(), Failure> {
    print_secret(text.as_bytes())
}

/// Refuses to start what would write to a standard output that is closed. Rust opens `/dev/null` in the place of one, for
/// reading as well, which tells it from one that a shell sends there, but not from one that a program opened so.
#[cfg(unix)]
pub(crate) fn require_standard_output() -> Result<(), Failure> {
    use rustix::fs::{OFlags, fcntl_getfl, fstat};

    let stdout = io::stdout();
    let is_null = fstat(&stdout).is_ok_and(|stat| {
        rustix::fs::stat("/dev/null")
            .is_ok_and(|null| null.st_rdev == stat.st_rdev && null.st_ino == stat.st_ino)
    });
    let is_for_reading =
        fcntl_getfl(&stdout).is_ok_and(|flags| flags & OFlags::RWMODE == OFlags::RDWR);
    match is_null && is_for_reading {
        true => Err(Failure::Output(io::Error::other(
            "it is closed, or /dev/null that is open for reading as well",
        ))),
        false => Ok(()),
    }
}

/// Elsewhere a write to a standard output that is closed fails.
#[cfg(not(unix))]
pub(crate) fn require_standard_output() -> Result<(), Failure> {
    Ok(())
}

/// Writes to standard output past the buffer of `io::stdout`, in which a copy would stay.
pub(crate) fn print_secret(bytes: &[u8]) -> Result<(), Failure> {
    unbuffered(&io::stdout())
        .and_then(|stdout| StandardOutput(&stdout).write_all(bytes))
        .map_err(Failure::Output)
}

/// Standard output, past the buffer of `io::stdout`. A console of Windows would take bytes for its code page, and what is
/// UTF-8 is written to it as such by the standard library, which keeps no lines that are whole.
pub(crate) struct StandardOutput<'a>(pub(crate) &'a File);

impl Write for StandardOutput<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match cfg!(windows) && self.0.is_terminal() {
            true => io::stdout().write(bytes),
            false => self.0.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stdout().flush()
    }
}

/// Standard input past the buffer of `io::stdin`. A console of Windows would hand over its code page, and is read through the
/// standard library, which makes UTF-8 of it.
pub(crate) fn standard_input() -> io::Result<Box<dyn Read + Send>> {
    let stdin = io::stdin();
    Ok(match cfg!(windows) && stdin.is_terminal() {
        true => Box::new(stdin),
        false => Box::new(unbuffered(&stdin)?),
    })
}

/// Whether to write in colours: to a terminal, unless the user does not want any
/// (<https://no-color.org>).
pub(crate) fn has_colours(stream: &impl IsTerminal) -> bool {
    let set = |name| env::var_os(name).is_some_and(|value| !value.is_empty());
    let dumb = env::var_os("TERM").is_some_and(|terminal| terminal == "dumb");
    stream.is_terminal() && !dumb && !set("NO_COLOR")
}

/// Writes one line to standard error. Where that is closed or full there is nobody to tell.
pub(crate) fn complain(message: impl Display) {
    say(format_args!("pwseal: {message}"));
}

/// Writes one line to standard error as it is.
pub(crate) fn say(line: impl Display) {
    let _ = writeln!(io::stderr(), "{line}");
}

/// Standard input or output without the buffer that the standard library puts before it.
#[cfg(unix)]
pub(crate) fn unbuffered(stream: &impl std::os::fd::AsFd) -> io::Result<File> {
    Ok(stream.as_fd().try_clone_to_owned()?.into())
}

#[cfg(windows)]
pub(crate) fn unbuffered(stream: &impl std::os::windows::io::AsHandle) -> io::Result<File> {
    Ok(stream.as_handle().try_clone_to_owned()?.into())
}
