//! Files in, standard output out.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::Path;

use crate::failure::Failure;

/// The longest key file: a certificate with every extension there is stays far below.
const KEY_LIMIT: usize = 1 << 20;

/// The longest password-info file.
const INFO_LIMIT: usize = 16 << 20;

/// The bytes of a key file; `-` is standard input.
pub(crate) fn read_key(path: &Path) -> Result<Vec<u8>, Failure> {
    if path == Path::new("-") {
        return read(io::stdin().lock(), path, KEY_LIMIT);
    }
    read_file(path, KEY_LIMIT)
}

/// The bytes of a password-info file.
pub(crate) fn read_info(path: &Path) -> Result<Vec<u8>, Failure> {
    read_file(path, INFO_LIMIT)
}

fn read_file(path: &Path, limit: usize) -> Result<Vec<u8>, Failure> {
    let file = File::open(path).map_err(|error| Failure::File {
        path: path.into(),
        error,
    })?;
    read(file, path, limit)
}

fn read(input: impl Read, path: &Path, limit: usize) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    input
        .take(limit as u64 + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| Failure::File {
            path: path.into(),
            error,
        })?;
    if bytes.len() > limit {
        return Err(Failure::FileTooLong {
            path: path.into(),
            limit,
        });
    }
    Ok(bytes)
}

/// Writes text to standard output, all of it or an error.
pub(crate) fn print(text: &str) -> Result<(), Failure> {
    let mut stdout = io::stdout().lock();
    stdout
        .write_all(text.as_bytes())
        .and_then(|()| stdout.flush())
        .map_err(Failure::Output)
}
