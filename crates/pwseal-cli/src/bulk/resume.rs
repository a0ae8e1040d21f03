//! Where an earlier run ended: after the last whole line of its output, if all lines up to there
//! answer those of the input. Nothing is changed before that is known.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::fs::File;

use pwseal_api::PasswordChangeRequest;
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;

use super::input::{self, Input};
use super::lines::{BATCH_LINES, Batch, Lines};
use super::order::Order;
use super::output::Target;
use super::problem::Problem;
use super::summary::Summary;
use super::worker::{Worker, binding};
use crate::failure::Failure;
use crate::files::INFO_LIMIT;

/// The longest line that bulk writes, in bytes. The id is from a line of input, the ids of a request
/// from one password-info, where their escapes are not shorter; the rest is less than 64 KiB.
const LINE_LIMIT: usize = MAX_ESCAPE * input::LINE_LIMIT + INFO_LIMIT + (64 << 10);

/// The most bytes that JSON takes for one.
const MAX_ESCAPE: usize = 6;

const TOO_LONG: &str = "is longer than any that bulk writes: is it the right file?";

/// What an earlier run has written, and where its last whole lines end.
#[derive(Default)]
pub(super) struct Before {
    pub(super) summary: Summary,
    requests_end: u64,
    secrets_end: u64,
}

/// A line of output.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Answer<'l> {
    #[serde(borrow)]
    id: &'l RawValue,
    #[serde(borrow)]
    request: Option<Request<'l>>,
    #[serde(default)]
    warnings: Vec<Warning>,
    line: Option<u64>,
    #[serde(borrow)]
    error: Option<Refusal<'l>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Request<'l> {
    #[serde(borrow)]
    identity_id: Cow<'l, str>,
    #[serde(borrow)]
    encrypted_password: Cow<'l, str>,
    #[serde(rename = "publicKeyId")]
    _public_key_id: IgnoredAny,
    #[serde(borrow)]
    account_id: Cow<'l, str>,
    #[serde(borrow)]
    source_id: Cow<'l, str>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Refusal<'l> {
    #[serde(borrow)]
    kind: Cow<'l, str>,
    #[serde(rename = "message")]
    _message: IgnoredAny,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Warning {
    #[serde(rename = "kind")]
    _kind: IgnoredAny,
    #[serde(rename = "message")]
    _message: IgnoredAny,
}

/// A line of generated passwords, without the password.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct SecretLine {
    id: Box<RawValue>,
    line: u64,
    identity_id: String,
    source_id: String,
    account_id: String,
    encrypted_password_sha256: String,
    #[serde(rename = "password")]
    _password: IgnoredAny,
}

impl Before {
    /// Compares what is there with the input, line by line, and passes over as much of the input.
    pub(super) fn read(
        requests: &Target,
        secrets: Option<&Target>,
        input: &mut Input,
        worker: &mut Worker,
    ) -> Result<Self, Failure> {
        let mut before = Self::default();
        let mut answers = Written::new(requests);
        let mut secrets = secrets.map(Secrets::new);
        let mut batch = input.lines.batch();
        while answers.read(|number, part| begins_answer(part, number))? {
            let mut left = answers.batch.iter();
            while left.len() > 0 {
                if !input.read(&mut batch, left.len())? {
                    let problem = "it has fewer lines than the output that is to be continued";
                    return Err(input.unusable(problem));
                }
                for ((number, line), (_, text)) in batch.iter().zip(left.by_ref()) {
                    let refuse = |problem: &str| answers.refuse(number, problem);
                    let text = text.ok_or_else(|| refuse(TOO_LONG))?;
                    let answer = Answer::read(text).ok_or_else(|| {
                        refuse("is no line that bulk writes: is it the right file?")
                    })?;
                    if let Some(problem) = worker.why_last(number, line) {
                        return Err(input.unusable(&problem));
                    }
                    let (id, order) = worker.read(number, line);
                    if !answer.is_for(number, &id, &order, worker) {
                        return Err(refuse(&format!(
                            "does not answer line {number} of --in: are these the right files, \
                             and --info that of the earlier run?"
                        )));
                    }
                    let generated = order.is_ok_and(|order| order.is_generated());
                    if let Some(secrets) = &mut secrets {
                        secrets.pass(number, &answer, generated)?;
                    }
                    before.requests_end += text.len() as u64 + 1;
                    match &answer.error {
                        Some(error) => before.summary.add_error(&error.kind),
                        None => before
                            .summary
                            .add_request(generated, !answer.warnings.is_empty()),
                    }
                }
            }
        }
        if let Some(secrets) = secrets {
            (before.secrets_end, before.summary.passwords_dropped) =
                secrets.pass_rest(before.summary.lines())?;
        }
        Ok(before)
    }

    /// Cuts off a part of a line, and the generated passwords of lines that are not in the
    /// output: they encrypt nothing that anybody has, and their lines get new ones.
    pub(super) fn cut(
        &self,
        requests: &mut Target,
        secrets: Option<&mut Target>,
    ) -> Result<(), Failure> {
        let cut = |target: &mut Target, end| target.cut(end).map_err(|error| target.failure(error));
        cut(requests, self.requests_end)?;
        match secrets {
            Some(secrets) => cut(secrets, self.secrets_end),
            None => Ok(()),
        }
    }
}

impl<'l> Answer<'l> {
    fn read(line: &'l [u8]) -> Option<Self> {
        let answer: Self = from_object(line)?;
        let is_request = answer.request.is_some();
        let is_one = is_request != answer.error.is_some()
            && is_request == answer.line.is_none()
            && (is_request || answer.warnings.is_empty());
        is_one.then_some(answer)
    }

    /// Whether this can be what became of a line. Ids may be missing or occur more than once, so
    /// that the ids of a request must fit as well.
    fn is_for(
        &self,
        number: u64,
        id: &str,
        order: &Result<Order<'_>, Problem>,
        worker: &mut Worker,
    ) -> bool {
        self.id.get() == id
            && match &self.request {
                Some(request) => order.as_ref().is_ok_and(|order| {
                    order.ids() == (Some(&request.identity_id), Some(&request.source_id))
                        && worker.names_account(order, &request.account_id)
                }),
                None => self.line == Some(number),
            }
    }
}

/// The lines that an earlier run wrote to a file.
struct Written<'t> {
    target: &'t Target,
    lines: Lines<&'t File>,
    batch: Batch,
}

impl<'t> Written<'t> {
    fn new(target: &'t Target) -> Self {
        let lines = Lines::new(&target.file, LINE_LIMIT);
        let batch = lines.batch();
        Self {
            target,
            lines,
            batch,
        }
    }

    /// Reads the next lines. What no line break follows is no line, and must be the beginning of one.
    fn read(&mut self, begins: impl Fn(u64, &[u8]) -> bool) -> Result<bool, Failure> {
        let read = self.lines.read(&mut self.batch, BATCH_LINES);
        if !read.map_err(|error| self.target.failure(error))? {
            return Ok(false);
        }
        if self.batch.is_whole() {
            return Ok(true);
        }
        let mut parts = self.batch.iter();
        match parts.find(|(number, part)| !part.is_some_and(|part| begins(*number, part))) {
            Some((number, _)) => Err(self.refuse(
                number,
                "is cut off, and does not begin as bulk would write it: is it the right file?",
            )),
            None => Ok(false),
        }
    }

    fn refuse(&self, number: u64, problem: &str) -> Failure {
        self.target.unusable(format!("line {number} {problem}"))
    }
}

/// The generated passwords, in the order of their lines.
struct Secrets<'t> {
    written: Written<'t>,
    /// Those of the batch that are still to come, with the length of each in bytes.
    waiting: VecDeque<(SecretLine, u64)>,
    last_line: u64,
    /// Where the last one ends that belongs to a line of output.
    end: u64,
}

impl<'t> Secrets<'t> {
    fn new(target: &'t Target) -> Self {
        Self {
            written: Written::new(target),
            waiting: VecDeque::new(),
            last_line: 0,
            end: 0,
        }
    }

    /// Takes the password that was generated for a line, which must be there if it was encrypted.
    fn pass(&mut self, number: u64, answer: &Answer<'_>, generated: bool) -> Result<(), Failure> {
        if self.waiting.is_empty() {
            self.read()?;
        }
        let first = self.waiting.front();
        let first = first.filter(|(secret, _)| secret.line <= number);
        match first {
            Some((secret, len)) if generated && secret.is_for(number, answer) => {
                self.end += len;
                self.waiting.pop_front();
                Ok(())
            }
            _ if generated && answer.request.is_some() => Err(self.refuse(format!(
                "it has no password for line {number} of --out: is it the right file?"
            ))),
            Some((secret, _)) => Err(self.refuse(format!(
                "it has a password for line {} of --out, for which none was generated: is it the \
                 right file?",
                secret.line
            ))),
            None => Ok(()),
        }
    }

    /// Passes over the passwords for lines that are not in the output, and returns where they begin and how many there
    /// are. They are for lines of the next batch, if the output is what the run left.
    fn pass_rest(mut self, lines: u64) -> Result<(u64, u64), Failure> {
        let mut count = 0;
        loop {
            if let Some((secret, _)) = self.waiting.back()
                && secret.line > lines + BATCH_LINES as u64
            {
                return Err(self.refuse(format!(
                    "it has a password for line {}, and --out ends with line {lines}, earlier than any run that was cut \
                     off leaves it: is it the right file?",
                    secret.line
                )));
            }
            count += self.waiting.len() as u64;
            if !self.read()? {
                return Ok((self.end, count));
            }
        }
    }

    fn read(&mut self) -> Result<bool, Failure> {
        self.waiting.clear();
        if !self.written.read(|_, part| begins_secret(part))? {
            return Ok(false);
        }
        for (number, line) in self.written.batch.iter() {
            let refuse = |problem| self.written.refuse(number, problem);
            let line = line.ok_or_else(|| refuse(TOO_LONG))?;
            let secret: SecretLine = from_object(line).ok_or_else(|| {
                refuse("is no line of generated passwords: is it the right file?")
            })?;
            if secret.line <= self.last_line {
                return Err(refuse("is not in order: is it the right file?"));
            }
            self.last_line = secret.line;
            self.waiting.push_back((secret, line.len() as u64 + 1));
        }
        Ok(true)
    }

    fn refuse(&self, problem: String) -> Failure {
        self.written.target.unusable(problem)
    }
}

impl SecretLine {
    fn is_for(&self, number: u64, answer: &Answer<'_>) -> bool {
        self.line == number
            && self.id.get() == answer.id.get()
            && answer.request.as_ref().is_some_and(|request| {
                self.identity_id == request.identity_id
                    && self.source_id == request.source_id
                    && self.account_id == request.account_id
                    && self.encrypted_password_sha256.as_bytes()
                        == binding(request.encrypted_password.as_bytes())
            })
    }
}

/// How each line begins. Its id follows.
const BEGINNING: &str = "{\"id\":";

/// Reads a line that begins as ours do: serde also takes an array for a struct.
fn from_object<'l, T: Deserialize<'l>>(line: &'l [u8]) -> Option<T> {
    let line = std::str::from_utf8(line).ok()?;
    line.starts_with(BEGINNING)
        .then(|| serde_json::from_str(line).ok())?
}

/// Whether a line is the beginning of the answer to this line of input.
fn begins_answer(line: &[u8], number: u64) -> bool {
    let error = format!(",\"line\":{number},\"error\":{{\"kind\":");
    let request = [",\"request\":", PasswordChangeRequest::BEGINNING].concat();
    after_id(line).is_some_and(|rest| agree(rest, &request) || agree(rest, &error))
}

/// Whether a line is the beginning of one with a generated password.
fn begins_secret(line: &[u8]) -> bool {
    const LINE: &str = ",\"line\":";
    after_id(line).is_some_and(|rest| {
        let after = rest.iter().skip(LINE.len());
        agree(rest, LINE)
            && agree(
                after.skip_while(|byte| byte.is_ascii_digit()),
                ",\"identityId\":",
            )
    })
}

/// What follows the id, which is nothing if the line ends before; `None` if it does not begin with one.
fn after_id(line: &[u8]) -> Option<&[u8]> {
    let rest = line.get(BEGINNING.len()..).unwrap_or_default();
    if !agree(line, BEGINNING) || rest.first().is_some_and(u8::is_ascii_whitespace) {
        return None;
    }
    let mut ids = serde_json::Deserializer::from_slice(rest).into_iter::<&RawValue>();
    match ids.next() {
        Some(Ok(_)) => Some(&rest[ids.byte_offset()..]),
        Some(Err(error)) if !error.is_eof() => None,
        _ => Some(&[]),
    }
}

/// Whether the shorter one of two texts is the beginning of the other.
fn agree<'l>(text: impl IntoIterator<Item = &'l u8>, expected: &str) -> bool {
    text.into_iter()
        .zip(expected.as_bytes())
        .all(|(byte, expected)| byte == expected)
}
