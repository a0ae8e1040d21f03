//! The password: from standard input, or from a prompt.

use std::io::{self, IsTerminal, Read};

use pwseal::Password;
use zeroize::Zeroizing;

use crate::args::PasswordInput;
use crate::failure::Failure;
use crate::files::{complain, unbuffered};
use crate::prompt;

/// More than the longest key can encrypt, so that the key's own limit is what users meet.
const LIMIT: usize = 4096;

/// Reads the password, without the one line break that `echo` and editors add.
pub(crate) fn read(input: &PasswordInput) -> Result<Password, Failure> {
    let mut bytes = if io::stdin().is_terminal() {
        prompt::ask_twice()?
    } else {
        read_stdin()?
    };
    if !input.raw {
        drop_line_break(&mut bytes);
        warn_if_odd(&bytes);
    }
    Password::try_from(std::mem::take(&mut *bytes)).map_err(|error| Failure::Encrypt(error.into()))
}

/// Reads all of standard input into a buffer that never grows. `io::stdin` has a buffer of its
/// own, in which the password would stay: it is passed by.
fn read_stdin() -> Result<Zeroizing<Vec<u8>>, Failure> {
    let mut bytes = Zeroizing::new(vec![0; LIMIT + 1]);
    let mut stdin = unbuffered(&io::stdin()).map_err(Failure::PasswordInput)?;
    let mut len = 0;
    while len < bytes.len() {
        match stdin.read(&mut bytes[len..]) {
            Ok(0) => break,
            Ok(count) => len += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(Failure::PasswordInput(error)),
        }
    }
    if len > LIMIT {
        return Err(Failure::PasswordTooLong { limit: LIMIT });
    }
    bytes.truncate(len);
    Ok(bytes)
}

fn drop_line_break(bytes: &mut Vec<u8>) {
    if bytes.ends_with(b"\n") {
        bytes.truncate(bytes.len() - 1);
        if bytes.ends_with(b"\r") {
            bytes.truncate(bytes.len() - 1);
        }
    }
}

/// Says so when the bytes are likely not what was meant. They are encrypted as they are.
fn warn_if_odd(bytes: &[u8]) {
    let odd = if bytes.starts_with(b"\xef\xbb\xbf") {
        "starts with a byte order mark"
    } else if bytes.contains(&0) {
        "holds a NUL byte, as text in UTF-16 does"
    } else if bytes.contains(&b'\n') || bytes.contains(&b'\r') {
        "holds a line break"
    } else {
        return;
    };
    warn(odd);
}

/// For commands that make no report: a report has this warning.
pub(crate) fn warn_unless_utf8(input: &PasswordInput, password: &Password) {
    if !input.raw && std::str::from_utf8(password.expose()).is_err() {
        warn("is not UTF-8, which the API expects");
    }
}

fn warn(odd: &str) {
    complain(format_args!(
        "warning: the password {odd}; --raw says that this is meant"
    ));
}
