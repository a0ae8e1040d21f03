//! The answers to many requests, joined with the lines that these were made of.

use std::collections::{BTreeMap, HashSet};
use std::io::{self, BufWriter, Write};

use pwseal_api::Operation;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::answer::{Outcome, Reading};
use crate::args::Answers;
use crate::bulk::in_force::{Changes, InForce, Joined};
use crate::failure::Failure;
use crate::files::{complain, unbuffered};
use crate::many::{Folder, Line, Lines, Wanted, hex};
use crate::new_file::NewFile;

/// What became of a line.
enum Fate {
    /// What was wanted is there, as the rest of a line out.
    Done(String),
    /// It is not, for a kind of reason.
    Not { kind: &'static str, why: String },
}

pub(crate) fn run(args: &Answers) -> Result<u8, Failure> {
    let operation = args.operation;
    if args.in_force.is_some() && operation != Operation::PasswordChangeStatus {
        return Err(Failure::Usage(
            "--in-force is for password-change-status: before that no password is known to be in force"
                .into(),
        ));
    }
    let lines = Lines::open(operation, &args.input, &args.csv)?;
    let folder = Folder::read(&args.answers)?;
    let repeated = match operation {
        Operation::SetPassword => folder.repeated_ids()?,
        _ => HashSet::new(),
    };
    let rejects = args.rejects.as_deref().map(NewFile::create).transpose()?;
    let mut rejects = rejects.map(BufWriter::new);
    if let Some(rejects) = &mut rejects {
        let written = rejects.write_all(lines.head());
        written.map_err(|error| rejects.get_ref().failed(error))?;
    }
    let joined = match (&args.secrets, &args.in_force) {
        (Some(secrets), Some(out)) => Some(Joined::open(secrets, out)?),
        _ => None,
    };
    let mut out = BufWriter::new(unbuffered(&io::stdout()).map_err(Failure::Output)?);
    let (mut count, mut done) = (0_u64, 0_u64);
    let mut kinds = BTreeMap::<&str, u64>::new();
    let mut changes = Changes::new();
    for line in lines {
        let line = line?;
        count += 1;
        let id = &line.id;
        let fate = fate(&line, &folder, &repeated)?;
        if let Some(sha256) = line.sha256.as_ref().filter(|_| args.in_force.is_some()) {
            changes.insert(sha256.clone(), in_force(&line, &fate));
        }
        let answer = match fate {
            Fate::Done(rest) => {
                done += 1;
                format!("{{\"id\":{id},{rest}}}\n")
            }
            Fate::Not { kind, why } => {
                *kinds.entry(kind).or_default() += 1;
                let again = matches!(kind, "not-sent" | "refused" | "retry-later" | "line")
                    || (kind == "unknown" && operation.is_safe());
                if let (Some(rejects), true) = (&mut rejects, again) {
                    let text = rejects.write_all(&line.text);
                    text.and_then(|()| rejects.write_all(b"\n"))
                        .map_err(|error| rejects.get_ref().failed(error))?;
                }
                let error = json!({"kind": kind, "message": why});
                let number = line.number;
                let binding = binding(&line);
                format!("{{\"id\":{id},\"line\":{number},\"error\":{error}{binding}}}\n")
            }
        };
        out.write_all(answer.as_bytes()).map_err(Failure::Output)?;
    }
    out.flush().map_err(Failure::Output)?;
    if let Some(rejects) = &mut rejects {
        let flushed = rejects.flush();
        flushed.map_err(|error| rejects.get_ref().failed(error))?;
    }
    if let Some(joined) = joined {
        joined.write(&changes)?;
    }
    if let Some(rejects) = rejects {
        let (rejects, _) = rejects.into_parts();
        rejects.keep()?;
    }
    let mut summary = format!("{count} lines: {done} done");
    for (kind, count) in &kinds {
        summary += &format!(", {count} {kind}");
    }
    complain(summary);
    // What `pwseal curl --resume` sends, without anything to be mended before.
    let is_open = |kind: &&str| match *kind {
        "in-progress" | "retry-later" | "not-sent" => true,
        "unknown" => operation.is_safe(),
        _ => false,
    };
    Ok(match (kinds.is_empty(), kinds.keys().any(is_open)) {
        (true, _) => 0,
        (false, true) => 3,
        (false, false) => 1,
    })
}

/// Whether the generated password of a line is in force, by the state of its change, or by the error that the line has of its
/// order.
fn in_force(line: &Line, fate: &Fate) -> InForce {
    match (fate, line.error.as_deref()) {
        (Fate::Done(_), _) => InForce::Yes,
        (Fate::Not { kind: "failed", .. }, _) => InForce::No,
        (Fate::Not { kind: "line", .. }, Some(kind)) if kind != "unknown" => InForce::No,
        (Fate::Not { .. }, _) => InForce::Unknown,
    }
}

/// What became of a line; the request ids that are in several answers are given.
fn fate(line: &Line, folder: &Folder, repeated: &HashSet<Vec<u8>>) -> Result<Fate, Failure> {
    let not = |kind, why: &str| Fate::Not {
        kind,
        why: why.into(),
    };
    let (wanted, name) = match (&line.wanted, line.name()) {
        (Ok(wanted), Some(name)) => (wanted, name),
        (wanted, _) => {
            let problem = wanted.as_ref().err().map_or("", String::as_str);
            return Ok(not("line", problem));
        }
    };
    let Some(reading) = folder.answer(wanted, &name)? else {
        return Ok(not("not-sent", "curl has not sent it"));
    };
    let is_repeated = |id: &Zeroizing<Vec<u8>>| repeated.contains(&**id);
    if reading.wanted.as_ref().is_some_and(is_repeated) {
        return Ok(not(
            "unknown",
            "the change is ordered; its request id is that of another change as well, so its state cannot be asked for",
        ));
    }
    let kind = match reading.outcome {
        Outcome::Done => return Ok(done(line, wanted, &reading)),
        Outcome::Failed => "failed",
        Outcome::InProgress => "in-progress",
        Outcome::Refused => "refused",
        Outcome::RetryLater => "retry-later",
        Outcome::Unknown => "unknown",
    };
    Ok(not(kind, reading.remark.as_deref().unwrap_or_default()))
}

fn done(line: &Line, wanted: &Wanted, reading: &Reading) -> Fate {
    let answer = reading
        .wanted
        .as_ref()
        .map(|text| String::from_utf8_lossy(text));
    let answer = answer.as_deref().unwrap_or_default();
    Fate::Done(match wanted {
        Wanted::Query { .. } => match serde_json::from_str::<Value>(answer) {
            // On one line.
            Ok(info) => format!("\"info\":{info}"),
            Err(_) => {
                return Fate::Not {
                    kind: "unknown",
                    why: "the password-info is not JSON that can be on a line".into(),
                };
            }
        },
        Wanted::Change(_) => {
            let id = match answer {
                "" => Value::Null,
                id => id.into(),
            };
            format!("\"requestId\":{id}{}", binding(line))
        }
        Wanted::Status { request_id } => {
            let id = Value::from(request_id.as_str());
            format!(
                "\"requestId\":{id},\"state\":{}{}",
                json!(answer),
                binding(line)
            )
        }
    })
}

/// What binds a generated password to a change, as the last field of a line.
fn binding(line: &Line) -> String {
    let sha256 = match &line.wanted {
        Ok(Wanted::Change(change)) => Some(hex(&Sha256::digest(change.encrypted_password()))),
        _ => line.sha256.clone(),
    };
    let field = |sha256| format!(",\"encryptedPasswordSha256\":{}", json!(sha256));
    sha256.map(field).unwrap_or_default()
}
