//! `pwseal bulk`: many lines in, one line out for each, in the same order.
//!
//! Every core does all of it by itself: it reads some lines ([`lines`]), understands them
//! ([`order`]), finds the keys and encrypts ([`worker`]), and hands in its answers ([`turns`]), to be
//! written in order ([`output`]). What is in memory is some lines for each core, however long the input is.

mod csv;
mod id;
mod infos;
mod input;
mod json_text;
mod lines;
mod names;
mod open;
mod order;
mod output;
mod problem;
mod progress;
mod resume;
mod secret;
mod signals;
mod summary;
mod turns;
mod worker;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::thread;

use crate::args::Bulk;
use crate::failure::Failure;
use crate::files::{complain, say};

use infos::Infos;
use input::Input;
use lines::BATCH_LINES;
use output::Output;
use progress::Progress;
use summary::Summary;
use turns::{End, Turns, lock};
use worker::{Answers, Format, Worker};

/// What the cores share.
struct Run {
    format: Format,
    infos: Option<Arc<Infos>>,
    input: Mutex<Input>,
    /// Beside the input, which is locked as long as somebody waits for a line.
    input_path: PathBuf,
    turns: Arc<Turns<Made>>,
    written: Mutex<Written>,
    /// The first failure, which ended the run.
    failure: Mutex<Option<Failure>>,
}

/// Where the answers go.
struct Written {
    output: Output,
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
    let infos = match &args.info {
        Some(path) => Some(Arc::new(Infos::index(path)?)),
        None => None,
    };
    let mut input = Input::open(&args.input)?;
    let is_csv = |path: &Path| {
        path.extension()
            .is_some_and(|extension| extension.eq_ignore_ascii_case("csv"))
    };
    let format = input.format(args.csv || is_csv(&args.input))?;
    let mut first = Worker::new(format.clone(), infos.clone());
    let (output, summary) = open::output(args, &mut input, &mut first)?;
    let progress = Progress::new(input.len, &summary, output.requests.path.is_none());
    let run = Arc::new(Run {
        format,
        infos,
        input: Mutex::new(input),
        input_path: args.input.clone(),
        turns: Turns::new(),
        written: Mutex::new(Written {
            output,
            summary,
            progress,
            ends_in_line: false,
        }),
        failure: Mutex::default(),
    });
    let signals = signals::stop_on_signal(&run.turns);
    let end = run.on_all_cores();
    run.report(end, signals.signal(), args)
}

impl Run {
    fn on_all_cores(self: &Arc<Self>) -> End {
        let cores = thread::available_parallelism().map_or(1, usize::from);
        let mut threads = Vec::new();
        for _ in 0..cores {
            let (run, this) = (Arc::clone(self), self.turns.worker());
            match thread::Builder::new().spawn(move || run.work(&this)) {
                Ok(thread) => threads.push(thread),
                // One that has started does the work of all.
                Err(_) if !threads.is_empty() => break,
                Err(error) => {
                    self.keep(Failure::Thread(error));
                    return End::Failed;
                }
            }
        }
        let end = self.turns.wait();
        // After a stop, one of them may wait for input that never comes.
        if end == End::Done {
            for thread in threads {
                // One that panicked was counted as a failure.
                let _ = thread.join();
            }
        }
        end
    }

    /// Works until the input ends, or until it is time to stop.
    fn work(&self, this: &turns::Worker<Made>) {
        let mut worker = Worker::new(self.format.clone(), self.infos.clone());
        let mut batch = lock(&self.input).lines.batch();
        let mut made = Made::default();
        loop {
            let mut input = lock(&self.input);
            match input.read(&mut batch, BATCH_LINES) {
                Ok(true) => {}
                Ok(false) => return,
                Err(failure) => {
                    self.keep(failure);
                    return self.turns.stop();
                }
            }
            let Some(turn) = this.take_turn() else {
                return;
            };
            drop(input);
            made.end = batch.end();
            made.ends_in_line = !batch.is_whole();
            let mut lines = batch.iter();
            loop {
                made.last = worker.answer(&mut lines, &mut made.answers);
                if lines.len() == 0 || made.last.is_some() {
                    break;
                }
                // Too much to be held until all lines are answered.
                if !turn.wait() || !self.write(&mut made) {
                    return;
                }
            }
            made = turn.done(made, |made| self.write(made));
        }
    }

    /// False if nothing more is to be written.
    fn write(&self, made: &mut Made) -> bool {
        let written = lock(&self.written).write(made);
        let unusable = |problem: &String| Failure::Unusable {
            path: self.input_path.clone(),
            problem: problem.clone(),
        };
        match written.err().or(made.last.as_ref().map(unusable)) {
            Some(failure) => {
                self.keep(failure);
                false
            }
            None => true,
        }
    }

    fn keep(&self, failure: Failure) {
        lock(&self.failure).get_or_insert(failure);
    }

    fn report(&self, end: End, signal: Option<i32>, args: &Bulk) -> Result<u8, Failure> {
        let mut written = lock(&self.written);
        written.progress.end();
        if written.output.secrets.is_none() {
            written.summary.generated_not_kept = written.summary.generated;
        }
        // JSON that is cut off is none.
        if written.ends_in_line && matches!(self.format, Format::Csv(_)) {
            complain(
                "warning: no line break ends --in: if its last line was cut off, so was what it says",
            );
        }
        let summary = &written.summary;
        if args.json {
            say(summary.to_json());
        } else {
            complain(summary);
            if summary.warned > 0 {
                complain(format_args!(
                    "warning: {} of the passwords may not be as they were meant: see warnings in \
                     their lines",
                    summary.warned
                ));
            }
            if summary.not_all_checked > 0 {
                complain(format_args!(
                    "warning: {} of the passwords could not be checked against every rule of \
                     their policies",
                    summary.not_all_checked
                ));
            }
        }
        let why = match (lock(&self.failure).take(), end) {
            (Some(failure), _) => failure,
            (None, End::Done) => return Ok(u8::from(summary.errors > 0)),
            (None, End::Stopped) => Failure::Stopped { signal },
            (None, End::Failed) => return Err(Failure::Crashed),
        };
        if !written.output.requests.can_resume() {
            return Err(why);
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

impl Written {
    /// Writes the answers, whose passwords are wiped then.
    fn write(&mut self, made: &mut Made) -> Result<(), Failure> {
        let answers = &mut made.answers;
        let output = &mut self.output;
        let written = output.write(&answers.requests, answers.secrets.bytes());
        answers.secrets.clear();
        let whole = match &written {
            Ok(()) => answers.outcomes.len(),
            Err((_, whole)) => *whole,
        };
        for outcome in &answers.outcomes[..whole] {
            self.summary.add(*outcome);
        }
        self.ends_in_line = made.ends_in_line;
        self.progress.show(made.end, &self.summary);
        written.map_err(|(failure, _)| failure)
    }
}

#[cfg(test)]
mod tests {
    use std::fs::{self, File};
    use std::io::Write as _;

    use super::{Made, Output, Progress, Summary, Written};
    use crate::bulk::output::Target;

    #[test]
    fn passwords_are_wiped_when_they_are_written_or_cannot_be() {
        let path = std::env::temp_dir().join(format!("pwseal-wiped-{}", std::process::id()));
        let writable = || File::create(&path).expect("it is made");
        let unwritable = || File::open(&path).expect("it is there");
        for (secrets, is_written) in [(writable(), true), (unwritable(), false)] {
            let target = |file| Target { path: None, file };
            let mut written = Written {
                output: Output {
                    requests: target(writable()),
                    secrets: Some(target(secrets)),
                },
                progress: Progress::new(None, &Summary::default(), true),
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
