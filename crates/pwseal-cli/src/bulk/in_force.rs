//! Generated passwords, joined with what became of their changes.

use std::collections::HashMap;
use std::fs::File;
use std::io::Write;
use std::path::Path;

use super::answer_line::SecretLine;
use super::lines::{BATCH_LINES, Lines};
use super::resume::LINE_LIMIT;
use crate::failure::Failure;
use crate::files::{complain, is_pipe, open_secret};

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

/// Writes each line of generated passwords with `"inForce"` to a new file of its owner alone, or a pipe. One whose change is
/// not among these is unknown: the files may not belong together.
pub(crate) fn join(changes: &Changes, secrets: &Path, out: &Path) -> Result<(), Failure> {
    let of_secrets = |error| Failure::File {
        path: secrets.into(),
        error,
    };
    let of_out = |error| Failure::File {
        path: out.into(),
        error,
    };
    let mut lines = Lines::new(File::open(secrets).map_err(of_secrets)?, LINE_LIMIT);
    let mut output = open_secret(out)?;
    let mut batch = lines.batch();
    let (mut yes, mut no, mut unknown) = (0_u64, 0_u64, 0_u64);
    while lines.read(&mut batch, BATCH_LINES).map_err(of_secrets)? {
        for (number, line) in batch.iter() {
            let secret = line.and_then(SecretLine::read);
            let rest = line.and_then(|line| line.strip_suffix(b"}"));
            let (Some(secret), Some(rest)) = (secret, rest) else {
                return Err(Failure::Unusable {
                    path: secrets.into(),
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
            output
                .write_all(rest)
                .and_then(|()| writeln!(output, ",\"inForce\":\"{name}\"}}"))
                .map_err(of_out)?;
        }
    }
    if !is_pipe(out) {
        output.sync_all().map_err(of_out)?;
    }
    complain(format_args!(
        "of the generated passwords {yes} are in force, {no} are not, {unknown} are unknown"
    ));
    Ok(())
}
