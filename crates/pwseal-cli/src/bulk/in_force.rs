//! Generated passwords, joined with what became of their changes.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, Write};
use std::path::Path;

use super::answer_line::SecretLine;
use super::lines::{BATCH_LINES, Lines};
use super::resume::LINE_LIMIT;
use crate::failure::Failure;
use crate::files::complain;
use crate::new_file::NewFile;

/// Whether a generated password is in force.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum InForce {
    Yes,
    No,
    /// The change is in progress, or nobody knows what became of it.
    Unknown,
}

/// By what binds a password to its change: the SHA-256 of its `encryptedPassword`, in hexadecimal.
pub(crate) type Changes = HashMap<String, InForce>;

/// The generated passwords, and a new file or a pipe for each of their lines with `"inForce"`.
pub(crate) struct Joined<'a> {
    path: &'a Path,
    secrets: Lines<File>,
    out: NewFile,
}

impl<'a> Joined<'a> {
    pub(crate) fn open(path: &'a Path, out: &Path) -> Result<Self, Failure> {
        let secrets = File::open(path).map_err(|error| of_secrets(path, error))?;
        let mut secrets = Lines::new(secrets, LINE_LIMIT);
        secrets.begin(None);
        Ok(Self {
            path,
            secrets,
            out: NewFile::create(out)?,
        })
    }

    /// A password whose change is not among these is unknown: the files may not belong together.
    pub(crate) fn write(mut self, changes: &Changes) -> Result<(), Failure> {
        let mut batch = self.secrets.batch();
        let (mut yes, mut no, mut unknown) = (0_u64, 0_u64, 0_u64);
        while self
            .secrets
            .read(&mut batch, BATCH_LINES)
            .map_err(|error| of_secrets(self.path, error))?
        {
            for (number, line) in batch.iter() {
                let secret = line.and_then(SecretLine::read);
                let rest = line.and_then(|line| line.strip_suffix(b"}"));
                let (Some(secret), Some(rest)) = (secret, rest) else {
                    return Err(Failure::Unusable {
                        path: self.path.into(),
                        problem: format!("line {number} is no line of generated passwords"),
                    });
                };
                let change = changes.get(&secret.encrypted_password_sha256);
                let (count, name) = match change.copied().unwrap_or(InForce::Unknown) {
                    InForce::Yes => (&mut yes, "yes"),
                    InForce::No => (&mut no, "no"),
                    InForce::Unknown => (&mut unknown, "unknown"),
                };
                *count += 1;
                // Not by a buffer, which would keep a copy.
                let out = &mut self.out;
                out.write_all(rest)
                    .and_then(|()| writeln!(out, ",\"inForce\":\"{name}\"}}"))
                    .map_err(|error| self.out.failed(error))?;
            }
        }
        self.out.keep()?;
        complain(format_args!(
            "of the generated passwords {yes} are in force, {no} are not, {unknown} are unknown"
        ));
        Ok(())
    }
}

fn of_secrets(path: &Path, error: io::Error) -> Failure {
    Failure::File {
        path: path.into(),
        error,
    }
}
