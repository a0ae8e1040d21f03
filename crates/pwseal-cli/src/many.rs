//! Many requests: the lines that they are made of, and the folder with their answers.

use std::collections::{HashSet, VecDeque};
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use pwseal_api::http::Request;
use pwseal_api::{Api, Operation, PasswordChangeRequest, PasswordInfoQuery, json_object};
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::answer::{self, Outcome, Reading};
use crate::args::Csv;
use crate::bulk::csv::{Fault, Header, USERS};
use crate::bulk::input::Input;
use crate::bulk::lines::{BATCH_LINES, Batch};
use crate::failure::Failure;

/// The longest line: a password-info in it may be as long as an answer.
const LONGEST_LINE: usize = 2 * pwseal_api::MAX_BODY_LEN;

/// The longest part of an answer that is read.
const LONGEST_ANSWER: u64 = 2 * pwseal_api::MAX_BODY_LEN as u64;

/// In a folder for answers: what they are about. Whoever begins there makes it.
const ABOUT: &str = "requests";

/// How the names of the files with an answer end.
const HEAD: &str = ".head";
const BODY: &str = ".body";

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
    fn operation(&self) -> Operation {
        match self {
            Self::Query { .. } => Operation::QueryPasswordInfo,
            Self::Change(_) => Operation::SetPassword,
            Self::Status { .. } => Operation::PasswordChangeStatus,
        }
    }

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

    fn new(number: u64, text: &[u8], wanted: Result<Wanted, String>) -> Self {
        Self {
            number,
            id: "null".into(),
            wanted,
            sha256: None,
            error: None,
            text: text.to_vec(),
        }
    }

    fn from_json(operation: Operation, number: u64, text: &[u8]) -> Self {
        let wanted = Err("it is not JSON, or not as it should be".into());
        let mut line = Self::new(number, text, wanted);
        let fields = json_object(text).map(serde_json::from_slice::<Fields<'_>>);
        if let Some(Ok(mut fields)) = fields {
            line.id = fields.id.map_or("null", RawValue::get).to_owned();
            line.sha256 = fields.encrypted_password_sha256.take();
            line.error = fields.error.take().map(|error| error.kind);
            line.wanted = fields.wanted(operation);
        }
        line
    }

    /// Of CSV. An error says why it is not known where the next line begins.
    fn from_csv(header: &Users, number: u64, text: &[u8]) -> Result<Self, &'static str> {
        let cells = match header.cells(text) {
            Ok(cells) => cells,
            Err(Fault::Open(why)) => return Err(why),
            Err(Fault::Line(problem)) => {
                return Ok(Self::new(number, text, Err(problem.message)));
            }
        };
        Ok(match header.row(&cells) {
            Ok([id, user_name, source_name]) => {
                let fields = Fields {
                    user_name: user_name.map(Into::into),
                    source_name: source_name.map(Into::into),
                    ..Fields::default()
                };
                let wanted = fields.wanted(Operation::QueryPasswordInfo);
                let line = Self::new(number, text, wanted);
                let id = id.map_or(Value::Null, Value::from).to_string();
                Self { id, ..line }
            }
            Err(problem) => Self::new(number, text, Err(problem.message)),
        })
    }
}

#[derive(Default, Deserialize)]
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

/// What the columns of users hold.
type Users = Header<3>;

/// The lines of an input.
pub(crate) struct Lines {
    operation: Operation,
    input: Input,
    /// Of CSV.
    header: Option<Users>,
    batch: Batch,
    waiting: VecDeque<Line>,
}

impl Lines {
    pub(crate) fn open(operation: Operation, path: &Path, csv: &Csv) -> Result<Self, Failure> {
        let mut input = Input::open(path, LONGEST_LINE)?;
        let header = match csv.is_meant(path) {
            true if operation != Operation::QueryPasswordInfo => {
                let problem = format!(
                    "CSV is for query-password-info alone: for {operation} give lines of JSON"
                );
                return Err(input.unusable(&problem));
            }
            true => Some(input.begin_csv(&USERS, csv.delimiter)?),
            false => {
                input.begin_json();
                None
            }
        };
        Ok(Self {
            operation,
            batch: input.lines.batch(),
            input,
            header,
            waiting: VecDeque::new(),
        })
    }

    /// What is before the first line, without which the others are none.
    pub(crate) fn head(&self) -> &[u8] {
        self.input.head()
    }

    /// The names of columns that are not known, and skipped.
    pub(crate) fn skipped(&self) -> &[String] {
        self.header.as_ref().map_or(&[], Header::skipped)
    }

    /// Reads the next lines. What follows one that is wrong in some ways cannot be told.
    fn read(&mut self) -> Result<(), Failure> {
        self.input.read(&mut self.batch, BATCH_LINES)?;
        for (number, text) in self.batch.iter() {
            let Some(text) = text else {
                let problem = format!(
                    "line {number} is longer than {LONGEST_LINE} bytes, so not what is wanted"
                );
                return Err(self.input.unusable(&problem));
            };
            self.waiting.push_back(match &self.header {
                None => Line::from_json(self.operation, number, text),
                Some(header) => Line::from_csv(header, number, text).map_err(|what| {
                    let problem = format!(
                        "line {number} {what}: what follows could be the rest of a cell, and is not read"
                    );
                    self.input.unusable(&problem)
                })?,
            });
        }
        Ok(())
    }
}

impl Iterator for Lines {
    type Item = Result<Line, Failure>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.waiting.is_empty()
            && let Err(failure) = self.read()
        {
            return Some(Err(failure));
        }
        self.waiting.pop_front().map(Ok)
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
        let last = last_run(path).map_err(|error| failed(path, error))?;
        let mut earlier = String::new();
        file.read_to_string(&mut earlier)
            .map_err(|error| failed(&name, error))?;
        // A first run that was stopped at once leaves a part of it, and no answers.
        let is_part = (!resume || last.is_none()) && about.starts_with(&earlier);
        if earlier != about && !is_part {
            return Err(unusable(
                "its answers are to another operation, of another version or tenant",
            ));
        }
        if earlier != about {
            file.rewind()
                .and_then(|()| file.write_all(about.as_bytes()))
                .and_then(|()| file.sync_all())
                .map_err(|error| failed(&name, error))?;
        }
        let answers = path.join((last.unwrap_or(0) + 1).to_string());
        let made = match last {
            Some(last) => fs::rename(path.join(last.to_string()), &answers),
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
        let file = |kind| self.answers.join(format!("{name}{kind}"));
        (file(HEAD), file(BODY))
    }

    /// Whether a request is to be sent, for the first time or again. Then there is nothing left of an earlier answer.
    pub(crate) fn wants(&self, wanted: &Wanted, name: &str) -> Result<bool, Failure> {
        let Some(reading) = self.answer(wanted, name)? else {
            return Ok(true);
        };
        let again = match reading.outcome {
            Outcome::Done | Outcome::Failed => false,
            Outcome::InProgress | Outcome::RetryLater => true,
            // It may be the token that was refused.
            Outcome::Refused => true,
            Outcome::Unknown => wanted.operation().is_safe(),
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
    pub(crate) fn answer(&self, wanted: &Wanted, name: &str) -> Result<Option<Reading>, Failure> {
        let asked = match wanted {
            Wanted::Status { request_id } => Some(&request_id[..]),
            _ => None,
        };
        self.read_answer(wanted.operation(), asked, name)
    }

    /// The request ids that are in the answers to more than one set-password. Of which change one is cannot be told.
    pub(crate) fn repeated_ids(&self) -> Result<HashSet<Vec<u8>>, Failure> {
        let (mut met, mut repeated) = (HashSet::new(), HashSet::new());
        let failed = |error| failed(&self.answers, error);
        let answers = match fs::read_dir(&self.answers) {
            // Nothing was sent yet.
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(repeated),
            answers => answers.map_err(failed)?,
        };
        for answer in answers {
            let file = answer.map_err(failed)?.file_name();
            let Some(name) = file.to_str().and_then(|file| file.strip_suffix(HEAD)) else {
                continue;
            };
            let reading = self.read_answer(Operation::SetPassword, None, name)?;
            if let Some(id) = reading.and_then(|reading| reading.wanted)
                && !met.insert(id.to_vec())
            {
                repeated.insert(id.to_vec());
            }
        }
        Ok(repeated)
    }

    fn read_answer(
        &self,
        operation: Operation,
        asked: Option<&str>,
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
        Ok(Some(answer::read(operation, asked, &text, Duration::ZERO)))
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
