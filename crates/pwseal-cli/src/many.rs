//! Many requests: the lines that they are made of, and the folder with their answers.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use pwseal_api::http::Request;
use pwseal_api::{Api, Operation, PasswordChangeRequest, PasswordInfoQuery};
use serde::Deserialize;
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::answer::{self, Outcome, Reading};
use crate::failure::Failure;

/// The longest line: a password-info in it may be as long as an answer.
const LONGEST_LINE: usize = 2 * pwseal_api::MAX_BODY_LEN;

/// The longest part of an answer that is read.
const LONGEST_ANSWER: u64 = 2 * pwseal_api::MAX_BODY_LEN as u64;

/// In a folder for answers: what they are about. Whoever begins there makes it.
const ABOUT: &str = "requests";

const AT_WORK: &str = "another pwseal is at work there";

/// What a request is made of.
pub(crate) enum Wanted {
    /// A password-info.
    Query {
        user_name: String,
        source_name: String,
    },
    /// A password change.
    Change(PasswordChangeRequest),
    /// The state of a change.
    Status { request_id: String },
}

impl Wanted {
    pub(crate) fn request(&self, api: &Api) -> Result<Request<Vec<u8>>, pwseal_api::Error> {
        match self {
            Self::Query {
                user_name,
                source_name,
            } => api.query_password_info(&PasswordInfoQuery::new(user_name, source_name)),
            Self::Change(change) => api.set_password(change),
            Self::Status { request_id } => api.password_change_status(request_id),
        }
    }
}

/// One line of input.
pub(crate) struct Line {
    /// Its number, from 1.
    pub(crate) number: u64,
    /// Its `id` as JSON.
    pub(crate) id: String,
    /// What it asks for, or what is wrong with it.
    pub(crate) wanted: Result<Wanted, String>,
    /// What binds a generated password to the change that the line is about, if it says so.
    pub(crate) sha256: Option<String>,
    /// The kind of the error that it has: of an answer that is joined with it.
    pub(crate) error: Option<String>,
    /// Itself, without the line feed.
    pub(crate) text: Vec<u8>,
}

impl Line {
    /// What the files with the answer are called: what is asked for decides, so that an answer belongs to its request
    /// whatever becomes of the input.
    pub(crate) fn name(&self) -> Option<String> {
        let mut hash = Sha256::new();
        match self.wanted.as_ref().ok()? {
            Wanted::Query {
                user_name,
                source_name,
            } => {
                hash.update(user_name);
                hash.update("\0");
                hash.update(source_name);
            }
            Wanted::Change(change) => hash.update(change.to_json()),
            Wanted::Status { request_id } => hash.update(request_id),
        }
        Some(hex(&hash.finalize()[..16]))
    }

    fn read(operation: Operation, number: u64, text: Vec<u8>) -> Self {
        let mut line = Self {
            number,
            id: "null".into(),
            wanted: Err("it is not JSON, or not as it should be".into()),
            sha256: None,
            error: None,
            text: Vec::new(),
        };
        if let Ok(mut fields) = serde_json::from_slice::<Fields<'_>>(&text) {
            line.id = fields.id.map_or("null", RawValue::get).to_owned();
            line.sha256 = fields.encrypted_password_sha256.take();
            line.error = fields.error.take().map(|error| error.kind);
            line.wanted = fields.wanted(operation);
        }
        line.text = text;
        line
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Fields<'l> {
    #[serde(borrow)]
    id: Option<&'l RawValue>,
    user_name: Option<String>,
    source_name: Option<String>,
    #[serde(borrow)]
    request: Option<&'l RawValue>,
    request_id: Option<String>,
    encrypted_password_sha256: Option<String>,
    error: Option<Refusal>,
}

/// An error that bulk or `pwseal answers` wrote.
#[derive(Deserialize)]
struct Refusal {
    kind: String,
}

impl Fields<'_> {
    fn wanted(self, operation: Operation) -> Result<Wanted, String> {
        let missing = |field| format!("it has no {field}");
        Ok(match operation {
            Operation::QueryPasswordInfo => Wanted::Query {
                user_name: self.user_name.ok_or_else(|| missing("userName"))?,
                source_name: self.source_name.ok_or_else(|| missing("sourceName"))?,
            },
            Operation::SetPassword => {
                let body = self.request.ok_or_else(|| missing("request"))?.get();
                let change = PasswordChangeRequest::from_json(body);
                Wanted::Change(change.map_err(|error| error.to_string())?)
            }
            Operation::PasswordChangeStatus => Wanted::Status {
                request_id: self
                    .request_id
                    .filter(|id| !matches!(&id[..], "" | "." | ".."))
                    .ok_or_else(|| missing("requestId"))?,
            },
            _ => return Err(format!("{operation} is asked for one at a time")),
        })
    }
}

/// The lines of an input.
pub(crate) struct Lines {
    operation: Operation,
    input: BufReader<File>,
    path: PathBuf,
    number: u64,
}

impl Lines {
    pub(crate) fn open(operation: Operation, path: &Path) -> Result<Self, Failure> {
        let input = File::open(path).map_err(|error| failed(path, error))?;
        Ok(Self {
            operation,
            input: BufReader::new(input),
            path: path.into(),
            number: 0,
        })
    }
}

impl Iterator for Lines {
    type Item = Result<Line, Failure>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut text = Vec::new();
        let mut limited = (&mut self.input).take(LONGEST_LINE as u64 + 1);
        match limited.read_until(b'\n', &mut text) {
            Ok(0) => return None,
            Ok(_) => {}
            Err(error) => return Some(Err(failed(&self.path, error))),
        }
        self.number += 1;
        if text.last() == Some(&b'\n') {
            text.pop();
        } else if text.len() > LONGEST_LINE {
            return Some(Err(Failure::Unusable {
                path: self.path.clone(),
                problem: format!(
                    "line {} is longer than {LONGEST_LINE} bytes, so not what is wanted",
                    self.number
                ),
            }));
        }
        Some(Ok(Line::read(self.operation, self.number, text)))
    }
}

/// The folder with the answers: for each request a file with the head, which curl makes just before it sends, and one with the
/// body. They are in a folder whose name is the number of the run: a later run renames it, so that a curl of an earlier one
/// that is still at work finds no place for the next answer, and ends before it sends.
pub(crate) struct Folder {
    answers: PathBuf,
    /// Locked while it is looked at what is there.
    _lock: File,
}

impl Folder {
    /// To have curl write answers there: a new one, or with `resume` one with answers about the same.
    pub(crate) fn begin(path: &Path, about: &str, resume: bool) -> Result<Self, Failure> {
        let unusable = |problem: &str| Failure::Unusable {
            path: path.into(),
            problem: problem.into(),
        };
        match new_folder(path) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
                return Err(failed(path, error));
            }
            _ => {}
        }
        let name = path.join(ABOUT);
        let mut options = File::options();
        options.read(true).write(true).create_new(!resume);
        let mut file = match options.open(&name) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                return Err(unusable(
                    "it has answers: --resume goes on, and a curl that is still at work there ends; else give another \
                     folder",
                ));
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Err(unusable("it has no answers that --resume could go on with"));
            }
            Err(error) => return Err(failed(&name, error)),
        };
        if file.try_lock().is_err() {
            return Err(unusable(AT_WORK));
        }
        if resume {
            let mut earlier = String::new();
            file.read_to_string(&mut earlier)
                .map_err(|error| failed(&name, error))?;
            // It is empty where the first run was stopped at once.
            if !earlier.is_empty() && earlier != about {
                return Err(unusable(
                    "its answers are to another operation, of another version or tenant",
                ));
            }
        } else {
            file.write_all(about.as_bytes())
                .and_then(|()| file.sync_all())
                .map_err(|error| failed(&name, error))?;
        }
        let earlier = last_run(path).map_err(|error| failed(path, error))?;
        let answers = path.join((earlier.unwrap_or(0) + 1).to_string());
        let made = match earlier {
            Some(earlier) => fs::rename(path.join(earlier.to_string()), &answers),
            None => new_folder(&answers),
        };
        made.map_err(|error| failed(&answers, error))?;
        Ok(Self {
            answers,
            _lock: file,
        })
    }

    /// To read the answers.
    pub(crate) fn read(path: &Path) -> Result<Self, Failure> {
        let name = path.join(ABOUT);
        let file = File::open(&name).map_err(|error| failed(&name, error))?;
        if file.try_lock_shared().is_err() {
            return Err(Failure::Unusable {
                path: path.into(),
                problem: AT_WORK.into(),
            });
        }
        let run = last_run(path).map_err(|error| failed(path, error))?;
        Ok(Self {
            answers: path.join(run.unwrap_or(0).to_string()),
            _lock: file,
        })
    }

    /// Where curl writes the head and the body of an answer.
    pub(crate) fn files(&self, name: &str) -> (PathBuf, PathBuf) {
        let file = |kind| self.answers.join(format!("{name}.{kind}"));
        (file("head"), file("body"))
    }

    /// Whether a request is to be sent, for the first time or again. Then there is nothing left of an earlier answer.
    pub(crate) fn wants(&self, operation: Operation, name: &str) -> Result<bool, Failure> {
        let Some(reading) = self.answer(operation, name)? else {
            return Ok(true);
        };
        let again = match reading.outcome {
            Outcome::Done | Outcome::Failed => false,
            Outcome::InProgress | Outcome::RetryLater => true,
            // It may be the token that was refused.
            Outcome::Refused => true,
            Outcome::Unknown => operation.is_safe(),
        };
        if again {
            let (head, body) = self.files(name);
            // The body first: a head that is there is of a request that was sent.
            for path in [body, head] {
                match fs::remove_file(&path) {
                    Err(error) if error.kind() != io::ErrorKind::NotFound => {
                        return Err(failed(&path, error));
                    }
                    _ => {}
                }
            }
        }
        Ok(again)
    }

    /// What the answer to a request says, `None` if it was not sent.
    pub(crate) fn answer(
        &self,
        operation: Operation,
        name: &str,
    ) -> Result<Option<Reading>, Failure> {
        let (head, body) = self.files(name);
        let mut text = Zeroizing::new(Vec::new());
        for path in [&head, &body] {
            match File::open(path) {
                Ok(file) => {
                    file.take(LONGEST_ANSWER)
                        .read_to_end(&mut text)
                        .map_err(|error| failed(path, error))?;
                }
                Err(error) if error.kind() == io::ErrorKind::NotFound => {
                    if *path == head {
                        return Ok(None);
                    }
                }
                Err(error) => return Err(failed(path, error)),
            }
        }
        Ok(Some(answer::read(operation, &text, Duration::ZERO)))
    }
}

/// The number of the last run with answers in a folder.
fn last_run(path: &Path) -> io::Result<Option<u64>> {
    let mut last = None;
    for entry in fs::read_dir(path)? {
        let name = entry?.file_name();
        last = last.max(name.to_str().and_then(|name| name.parse().ok()));
    }
    Ok(last)
}

/// Password-infos are nobody else's business. On Windows the rights are those of the folder above.
fn new_folder(path: &Path) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt;
        fs::DirBuilder::new().mode(0o700).create(path)
    }
    #[cfg(not(unix))]
    fs::create_dir(path)
}

fn failed(path: &Path, error: io::Error) -> Failure {
    Failure::File {
        path: path.into(),
        error,
    }
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a string does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
