//! Where an earlier run ended: after the last whole line of its output.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::input::Input;
use super::lines::{BATCH_LINES, Lines};
use super::output::Target;
use super::summary::Summary;
use super::worker::Worker;
use crate::failure::Failure;

/// The longest line that is read of an output, in bytes: some times the longest of an input.
const LINE_LIMIT: usize = 4 << 20;

/// What an earlier run has written.
#[derive(Default)]
pub(super) struct Before {
    pub(super) summary: Summary,
    /// The id of the last line, as JSON.
    last_id: Option<String>,
}

/// A line of output.
#[derive(Deserialize)]
struct Answer<'l> {
    #[serde(borrow)]
    id: Option<&'l RawValue>,
    #[serde(borrow)]
    request: Option<&'l RawValue>,
    error: Option<Refusal<'l>>,
}

#[derive(Deserialize)]
struct Refusal<'l> {
    #[serde(borrow)]
    kind: Cow<'l, str>,
}

/// A line of generated passwords: only where it belongs.
#[derive(Deserialize)]
struct Secret {
    line: u64,
}

impl Before {
    /// Counts the lines of an output, and cuts off a part of a line at its end.
    pub(super) fn read(requests: &mut Target) -> Result<Self, Failure> {
        let mut before = Self::default();
        let end = whole_lines(requests, |line| {
            let answer = serde_json::from_slice::<Answer<'_>>(line).ok();
            let Some(answer) = answer.filter(|line| line.request.is_some() || line.error.is_some())
            else {
                return Err("is no line that bulk writes: is it the right file?");
            };
            match answer.error {
                Some(error) => before.summary.add_error(&error.kind),
                None => before.summary.requests += 1,
            }
            let id = answer.id.map_or("null", RawValue::get);
            before.last_id = Some(id.into());
            Ok(true)
        })?;
        requests.cut(end).map_err(|error| requests.failure(error))?;
        Ok(before)
    }

    /// Cuts off the generated passwords of lines that are not in the output: they
    /// encrypt nothing that anybody has, and their lines get new ones.
    pub(super) fn cut_secrets(&self, secrets: &mut Target) -> Result<(), Failure> {
        let lines = self.summary.lines();
        let end = whole_lines(secrets, |line| {
            match serde_json::from_slice::<Secret>(line) {
                Ok(secret) => Ok(secret.line <= lines),
                Err(_) => Err("is no line of generated passwords: is it the right file?"),
            }
        })?;
        secrets.cut(end).map_err(|error| secrets.failure(error))
    }

    /// Passes over the lines of the input that are in the output already.
    pub(super) fn skip(&self, input: &mut Input, worker: &mut Worker) -> Result<(), Failure> {
        let mut batch = input.lines.batch();
        let mut left = self.summary.lines();
        let mut id = None;
        while left > 0 {
            let most = usize::try_from(left).unwrap_or(BATCH_LINES);
            if !input.read(&mut batch, most)? {
                let problem = "it has fewer lines than the output that is to be continued";
                return Err(input.unusable(problem));
            }
            for (number, line) in batch.iter() {
                left -= 1;
                if left == 0 {
                    id = Some(worker.read(number, line).0.into_owned());
                }
            }
        }
        if id != self.last_id {
            let problem = "it is not that of the output to be continued, whose last id differs";
            return Err(input.unusable(problem));
        }
        Ok(())
    }
}

/// Calls `each` with every line until it returns false, and returns where the last line ends for
/// which it returned true. What no line break follows is no line.
fn whole_lines(
    target: &Target,
    mut each: impl FnMut(&[u8]) -> Result<bool, &'static str>,
) -> Result<u64, Failure> {
    let mut lines = Lines::new(&target.file, LINE_LIMIT);
    let mut batch = lines.batch();
    let mut end = 0;
    let more = |lines: &mut Lines<_>, batch: &mut _| {
        let read = lines.read(batch, BATCH_LINES);
        read.map_err(|error| target.failure(error))
    };
    while more(&mut lines, &mut batch)? && batch.is_whole() {
        for (number, line) in batch.iter() {
            let whole = line.map_or(Err("is longer than any that bulk writes"), &mut each);
            match whole {
                Ok(true) => end += line.map_or(0, |line| line.len() as u64 + 1),
                Ok(false) => return Ok(end),
                Err(problem) => {
                    return Err(Failure::Unusable {
                        path: target.path.clone().unwrap_or_default(),
                        problem: format!("line {number} {problem}"),
                    });
                }
            }
        }
    }
    Ok(end)
}
