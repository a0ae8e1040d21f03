//! Where an earlier run ended: after the last whole line of its output, if all lines up to there
//! answer those of the input. Nothing is changed before that is known.

use std::collections::VecDeque;
use std::fs::File;

use super::answer_line::{Answer, SecretLine, begins_answer, begins_secret};
use super::input::{self, Input};
use super::lines::{BATCH_LINES, Batch, Lines};
use super::order::Order;
use super::output::Target;
use super::problem::Problem;
use super::progress::Progress;
use super::seen::Seen;
use super::summary::Summary;
use super::worker::Worker;
use crate::failure::Failure;
use crate::files::INFO_LIMIT;

/// The longest line that bulk writes, in bytes. The id is from a line of input, the ids of a request
/// from one password-info, where their escapes are not shorter; the rest is less than 64 KiB.
pub(super) const LINE_LIMIT: usize = MAX_ESCAPE * input::LINE_LIMIT + INFO_LIMIT + (64 << 10);

/// The most bytes that JSON takes for one.
const MAX_ESCAPE: usize = 6;

const TOO_LONG: &str = "is longer than any that bulk writes: is it the right file?";

const NOT_OURS: &str = "is no line that bulk writes: is it the right file?";

/// What an earlier run has written, and where its last whole lines end.
pub(super) struct Before {
    pub(super) summary: Summary,
    /// The ids and accounts of its lines.
    pub(super) seen: Seen,
    requests_end: u64,
    secrets_end: u64,
}

impl Before {
    /// Before the first line.
    pub(super) fn none() -> Self {
        Self {
            summary: Summary::default(),
            seen: Seen::new(),
            requests_end: 0,
            secrets_end: 0,
        }
    }

    /// Compares what is there with the input, line by line, and passes over as much of the input.
    pub(super) fn read(
        requests: &Target,
        secrets: Option<&Target>,
        input: &mut Input,
        worker: &mut Worker,
        progress: &Progress,
    ) -> Result<Self, Failure> {
        let mut before = Self::none();
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
                    let answer = Answer::read(text).ok_or_else(|| refuse(NOT_OURS))?;
                    let read = worker.read(number, line);
                    let (id, order) = read.map_err(|problem| input.unusable(&problem))?;
                    if !is_for(&answer, number, &id, &order, worker) {
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
                    let outcome = answer.outcome(generated).ok_or_else(|| refuse(NOT_OURS))?;
                    before.summary.add(outcome);
                    let request = answer.request.as_ref();
                    let account =
                        request.map(|request| [&*request.source_id, &*request.account_id]);
                    before.seen.meet(number, worker.marks(&id, account));
                }
                progress.show(batch.end(), &before.summary);
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

/// Whether an answer can be what became of a line. Ids may be missing or occur more than once, so
/// that the ids of a request must fit as well.
fn is_for(
    answer: &Answer<'_>,
    number: u64,
    id: &str,
    order: &Result<Order<'_>, Problem>,
    worker: &mut Worker,
) -> bool {
    answer.id() == id
        && match &answer.request {
            Some(request) => order.as_ref().is_ok_and(|order| {
                order.ids() == (Some(&request.identity_id), Some(&request.source_id))
                    && worker.names_account(order, &request.account_id)
            }),
            None => answer.line == Some(number),
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
            let secret = SecretLine::read(line).ok_or_else(|| {
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
