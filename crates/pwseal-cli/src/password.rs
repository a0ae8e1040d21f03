//! The password: from standard input, or from a prompt.

use std::io::{self, IsTerminal, Read};
use std::mem;

use pwseal::{Judged, Password, PasswordWarnings, WideText};
use zeroize::Zeroizing;

use crate::args::PasswordInput;
use crate::failure::Failure;
use crate::files::{complain, unbuffered};
use crate::prompt;

/// More than the longest key can encrypt, so that the key's own limit is what users meet.
const LIMIT: usize = 4096;

/// Reads the password and judges it. Of standard input one line break at the end, which `echo` and editors add, is no
/// part of it.
pub(crate) fn read(input: &PasswordInput) -> Result<Judged<'static>, Failure> {
    let judge = |bytes: Vec<u8>| {
        let password = Password::try_from(bytes)?.with_raw(input.raw);
        password.into_judged()
    };
    let mut bytes = if io::stdin().is_terminal() {
        prompt::ask_twice(|first| judge(first.to_vec()).map(drop))?
    } else {
        read_stdin()?
    };
    if !input.raw {
        if let Some(text) = from_utf16(&bytes) {
            bytes = text;
        }
        drop_line_break(&mut bytes);
    }
    judge(mem::take(&mut *bytes)).map_err(|error| Failure::Encrypt(error.into()))
}

/// Says on standard error what may not be as it was meant.
pub(crate) fn warn(warnings: PasswordWarnings) {
    for warning in warnings.iter() {
        complain(format_args!("warning: {warning}"));
    }
}

/// A password as a line of a file.
pub(crate) fn line(password: &Password) -> Zeroizing<Vec<u8>> {
    let mut line = Zeroizing::new(Vec::with_capacity(password.len() + 1));
    line.extend_from_slice(password.expose());
    line.push(b'\n');
    line
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

/// Text in UTF-16 with a byte order mark, as `>` of PowerShell writes it, in UTF-8.
fn from_utf16(bytes: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    if WideText::by_mark(bytes) != Some(WideText::Utf16) {
        return None;
    }
    let unit = match bytes[0] {
        0xff => u16::from_le_bytes,
        _ => u16::from_be_bytes,
    };
    let (pairs, []) = bytes[2..].as_chunks::<2>() else {
        return None;
    };
    // A unit takes at most three bytes in UTF-8, so that the buffer does not grow.
    let mut text = Zeroizing::new(String::with_capacity(3 * pairs.len()));
    for character in char::decode_utf16(pairs.iter().map(|pair| unit(*pair))) {
        text.push(character.ok()?);
    }
    Some(Zeroizing::new(mem::take(&mut *text).into_bytes()))
}
