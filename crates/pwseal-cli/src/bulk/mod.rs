//! `pwseal bulk`: many lines in, one line out for each, in the same order.
//!
//! One thread reads batches of lines ([`input`], [`lines`]). Each core understands those of a batch ([`order`]), finds the
//! keys and encrypts ([`worker`]). This thread refuses what an earlier line has already ([`seen`]), and writes what they
//! make, in order ([`answer_line`], [`output`]). What is in memory is some lines for each core, however long the input is
//! ([`pipeline`]).

mod answer_line;
pub(crate) mod csv;
mod id;
pub(crate) mod in_force;
mod infos;
pub(crate) mod input;
mod json_text;
pub(crate) mod lines;
mod names;
mod open;
mod order;
mod output;
mod pipeline;
mod problem;
mod progress;
mod resume;
mod secret;
mod seen;
mod signals;
pub(crate) mod summary;
mod worker;

use std::sync::Arc;
use std::thread;
use std::time::Duration;

use crate::args::Bulk;
use crate::commands::characters;
use crate::failure::Failure;
use crate::files::{complain, is_standard, print, say};
use crate::policy::context;

use answer_line::{Answers, Outcome};
use infos::Infos;
use input::Input;
use lines::{BATCH_LINES, Batch};
use output::{Output, Target};
use pipeline::{End, Next, Outlet, Pipeline};
use progress::Progress;
use resume::Before;
use seen::{Marker, Seen};
use signals::PutOff;
use summary::Summary;
use worker::{Format, Setting, Worker, lost};

/// How long a signal may go unseen. A line takes some microseconds.
const INTERVAL: Duration = Duration::from_millis(20);

/// Where the answers go.
struct Receiver {
    output: Output,
    seen: Seen,
    summary: Summary,
    progress: Progress,
    /// Whether no line break ends the input.
    ends_in_line: bool,
}

/// What a batch of lines becomes, or a part of it.
#[derive(Default)]
struct Made {
    answers: Answers,
    /// Where the batch ends in the input, in bytes.
    end: u64,
    /// Whether no line break ends it.
    ends_in_line: bool,
    /// Why nothing after it is read.
    last: Option<String>,
}

pub(crate) fn run(args: &Bulk) -> Result<u8, Failure> {
    open::refuse_mix_up(args)?;
    let generate = characters(&args.characters)?;
    let context = context(&args.checks)?;
    let infos = args.info.as_deref().map(Infos::index).transpose()?;
    let mut input = Input::open(&args.input, input::LINE_LIMIT)?;
    let setting = Setting {
        infos: infos.map(Arc::new),
        format: format(&mut input, args)?,
        context,
        generate: is_kept_or_not_wanted(args).then_some(generate),
        strict: args.checks.strict,
        marker: Marker::default(),
    };
    if setting.generate.is_none() && !args.resume && input.can_rewind() {
        refuse_to_lose(args, &mut input, &setting)?;
    }
    let mut progress = Progress::new(input.len, is_standard(&args.output));
    let mut first = Worker::new(setting.clone());
    let (output, before) = open::output(args, &mut input, &mut first, &progress)?;
    let Before {
        mut summary, seen, ..
    } = before;
    progress.begin(&summary);
    if let Format::Csv(header) = &setting.format {
        summary.skip(header.skipped());
    }
    let mut receiver = Receiver {
        output,
        seen,
        summary,
        progress,
        ends_in_line: false,
    };
    let signals = signals::put_off();
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let worker = || {
        let mut worker = Worker::new(setting.clone());
        move |batch: &Batch, outlet: &Outlet<Made>| answer(&mut worker, batch, outlet)
    };
    let read = move |spare: Option<Batch>| {
        let mut batch = spare.unwrap_or_else(|| input.lines.batch());
        let is_some = input.read(&mut batch, BATCH_LINES)?;
        Ok(is_some.then_some(batch))
    };
    let ended = Pipeline::start(cores, worker, read)
        .map_err(Failure::Thread)
        .and_then(|pipeline| receiver.receive(pipeline, &signals, args));
    receiver.report(ended, args)
}

/// Reads what the lines are.
fn format(input: &mut Input, args: &Bulk) -> Result<Format, Failure> {
    if args.csv.is_meant(&args.input) {
        let header = input.begin_csv(&csv::ORDERS, args.csv.delimiter)?;
        return Ok(Format::Csv(header.into()));
    }
    input.begin_json();
    Ok(Format::Json)
}

/// Whether generated passwords go to a file, or the user wants to know none.
fn is_kept_or_not_wanted(args: &Bulk) -> bool {
    args.secrets_out.is_some() || args.generated_not_kept
}

/// Refuses a file that begins with lines of which one wants a generated password that would be lost, before anything is
/// written. Of lines after these the run ends before the first that wants one.
fn refuse_to_lose(args: &Bulk, input: &mut Input, setting: &Setting) -> Result<(), Failure> {
    look_through(input, setting)?;
    input.rewind()?;
    format(input, args)?;
    Ok(())
}

fn look_through(input: &mut Input, setting: &Setting) -> Result<(), Failure> {
    let worker = Worker::new(setting.clone());
    let mut batch = input.lines.batch();
    let mut looked_through = 0;
    while looked_through < BATCH_LINES && input.read(&mut batch, BATCH_LINES)? {
        for (number, line) in batch.iter() {
            // Whatever else is wrong is said when the line is answered.
            let Ok((_, order)) = worker.read(number, line) else {
                return Ok(());
            };
            if order.is_ok_and(|order| order.is_generated()) {
                return Err(input.unusable(&lost(number)));
            }
        }
        looked_through += batch.iter().len();
    }
    Ok(())
}

/// Answers a batch, in parts if there is much. False if nobody receives them.
fn answer(worker: &mut Worker, batch: &Batch, outlet: &Outlet<Made>) -> bool {
    let mut lines = batch.iter();
    loop {
        let mut made = outlet.spare();
        made.last = worker.answer(&mut lines, &mut made.answers);
        made.end = batch.end();
        made.ends_in_line = !batch.is_whole();
        let is_last = lines.len() == 0 || made.last.is_some();
        if !outlet.send(made, is_last) {
            return false;
        }
        if is_last {
            return true;
        }
    }
}

impl Receiver {
    /// Writes all that comes.
    fn receive(
        &mut self,
        mut pipeline: Pipeline<Made, Failure>,
        signals: &PutOff,
        args: &Bulk,
    ) -> Result<(), Failure> {
        let mut stopped = None;
        loop {
            match pipeline.next(INTERVAL) {
                Next::Made(mut made) => {
                    self.write(&mut made)?;
                    if let Some(problem) = made.last.take() {
                        return Err(Failure::Unusable {
                            path: args.input.clone(),
                            problem,
                        });
                    }
                    pipeline.reuse(made);
                }
                Next::Wait => {}
                Next::End => break,
            }
            if let Some(signal) = signals.take() {
                stopped = Some(signal);
                pipeline.stop();
            }
        }
        match pipeline.end() {
            End::Done => Ok(()),
            End::Stopped => Err(Failure::Stopped { signal: stopped }),
            End::Failed(failure) => Err(failure),
            End::Crashed => Err(Failure::Crashed),
        }
    }

    /// Writes the answers, whose passwords are wiped then.
    fn write(&mut self, made: &mut Made) -> Result<(), Failure> {
        let answers = &mut made.answers;
        let mut repeated = Vec::new();
        for (index, line) in answers.lines.iter().enumerate() {
            let number = answers.first + index as u64;
            let met = self.seen.meet(number, line.marks);
            // One that is refused anyway is told why.
            if let (Some(what), Outcome::Request { .. }) = (met, line.outcome) {
                repeated.push((index, what));
            }
        }
        if !repeated.is_empty() {
            answers.take_back(&repeated);
        }
        let output = &mut self.output;
        let written = output.write(&answers.requests, answers.secrets.bytes());
        answers.secrets.clear();
        let whole = match &written {
            Ok(()) => answers.lines.len(),
            Err((_, whole)) => *whole,
        };
        for line in &answers.lines[..whole] {
            self.summary.add(line.outcome);
        }
        self.summary.skip(&answers.skipped);
        self.ends_in_line = made.ends_in_line;
        self.progress.show(made.end, &self.summary);
        written.map_err(|(failure, _)| failure)
    }

    fn report(&mut self, ended: Result<(), Failure>, args: &Bulk) -> Result<u8, Failure> {
        self.progress.end();
        if self.output.secrets.is_none() {
            self.summary.generated_not_kept = self.summary.generated;
        }
        // JSON that is cut off is none.
        if self.ends_in_line && args.csv.is_meant(&args.input) {
            complain(
                "warning: no line break ends --in: if its last line was cut off, so was what it says",
            );
        }
        let summary = &self.summary;
        let said = match (args.json, is_standard(&args.output)) {
            (true, true) => {
                say(summary.to_json());
                Ok(())
            }
            (true, false) => print(&(summary.to_json() + "\n")),
            (false, _) => {
                complain(summary);
                for warning in summary.warnings() {
                    complain(format_args!("warning: {warning}"));
                }
                Ok(())
            }
        };
        let why = match ended {
            Ok(()) => return said.map(|()| u8::from(summary.errors > 0)),
            Err(Failure::Crashed) => return Err(Failure::Crashed),
            Err(why) => why,
        };
        if !self.output.requests.can_resume() {
            return Err(why);
        }
        let is_piped = |secrets: &Target| !secrets.is_file();
        if self.output.secrets.as_ref().is_some_and(is_piped) {
            return Err(Failure::Piped(why.into()));
        }
        let options = match summary.generated_not_kept {
            0 => "--resume",
            _ => "--resume --generated-not-kept",
        };
        let input = match args.input.is_file() {
            true => "",
            false => ", with the same input from its beginning,",
        };
        let continues = format!("the same command with {options}{input}");
        Err(Failure::Unfinished {
            why: why.into(),
            continues,
        })
    }
}

#[cfg(test)]
mod tests {
    use std::fs::{self, File};
    use std::io::Write as _;

    use super::{Made, Output, Progress, Receiver, Seen, Summary};
    use crate::bulk::output::Target;

    #[test]
    fn passwords_are_wiped_when_they_are_written_or_cannot_be() {
        let path = std::env::temp_dir().join(format!("pwseal-wiped-{}", std::process::id()));
        let writable = || File::create(&path).expect("it is made");
        let unwritable = || File::open(&path).expect("it is there");
        for (secrets, is_written) in [(writable(), true), (unwritable(), false)] {
            let target = |file| Target { path: None, file };
            let mut written = Receiver {
                output: Output {
                    requests: target(writable()),
                    secrets: Some(target(secrets)),
                },
                seen: Seen::new(),
                progress: Progress::new(None, true),
                summary: Summary::default(),
                ends_in_line: false,
            };
            let mut made = Made::default();
            made.answers
                .secrets
                .write_all(b"a password\n")
                .expect("memory");
            assert_eq!(written.write(&mut made).is_ok(), is_written);
            assert!(made.answers.secrets.bytes().is_empty());
        }
        fs::remove_file(&path).expect("it is there");
    }
}
