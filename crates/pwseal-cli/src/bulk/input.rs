//! The input: a file or standard input, lines of JSON or of CSV.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use super::csv::{Header, Preamble};
use super::lines::{Batch, Lines};
use super::problem::Problem;
use super::worker::Format;
use crate::failure::Failure;
use crate::files::{is_standard, unbuffered};

/// The longest line in bytes. Those that are meant have some thousand at the most.
pub(super) const LINE_LIMIT: usize = 256 << 10;

pub(super) struct Input {
    path: PathBuf,
    pub(super) lines: Lines<File>,
    /// Whether a line was read.
    begun: bool,
    /// In bytes, where that is known.
    pub(super) len: Option<u64>,
}

impl Input {
    /// `-` is standard input.
    pub(super) fn open(path: &Path) -> Result<Self, Failure> {
        let file = if is_standard(path) {
            unbuffered(&io::stdin())
        } else {
            File::open(path)
        };
        let failure = |error| Failure::File {
            path: path.into(),
            error,
        };
        let file = file.map_err(failure)?;
        let metadata = file.metadata().map_err(failure)?;
        if metadata.is_dir() {
            return Err(Failure::Unusable {
                path: path.into(),
                problem: "it is a folder".into(),
            });
        }
        Ok(Self {
            path: path.into(),
            lines: Lines::new(file, LINE_LIMIT).at_once(metadata.is_file()),
            begun: false,
            len: metadata.is_file().then_some(metadata.len()),
        })
    }

    /// Reads what the lines are: of CSV the first line names the columns.
    pub(super) fn format(&mut self, csv: bool) -> Result<Format, Failure> {
        if !csv {
            self.lines.begin(None);
            return Ok(Format::Json);
        }
        let header = self.header()?.map_err(|problem| {
            let message = problem.message;
            match message.strip_prefix("the line") {
                Some(rest) => self.unusable(&format!("the first line{rest}")),
                None => self.unusable(&message),
            }
        })?;
        self.lines.begin(Some(header.delimiter()));
        Ok(Format::Csv(header.into()))
    }

    /// The line that names the columns, and what separates them if a line before it says so.
    fn header(&mut self) -> Result<Result<Header, Problem>, Failure> {
        let mut batch = self.lines.batch();
        let mut delimiter = None;
        loop {
            self.read(&mut batch, 1)?;
            let line = match batch.iter().next() {
                Some((_, None)) => return Ok(Err(Problem::line_too_long(LINE_LIMIT))),
                Some((_, Some(line))) => line,
                None => b"",
            };
            match Preamble::read(line) {
                Ok(Some(Preamble::Type)) => {}
                Ok(Some(Preamble::Delimiter(separator))) => delimiter = Some(separator),
                Ok(None) => return Ok(Header::read(line, delimiter)),
                Err(problem) => return Ok(Err(problem)),
            }
        }
    }

    /// As [`Lines::read`].
    pub(super) fn read(&mut self, batch: &mut Batch, most: usize) -> Result<bool, Failure> {
        let read = self.lines.read(batch, most);
        let read = read.map_err(|error| Failure::File {
            path: self.path.clone(),
            error,
        })?;
        if !std::mem::replace(&mut self.begun, true) {
            let first = batch.iter().next().and_then(|(_, line)| line);
            // No text in UTF-8 begins with these.
            if let Some([0xff, 0xfe, ..] | [0xfe, 0xff, ..] | [0, ..] | [_, 0, ..]) = first {
                return Err(self.unusable("it is text in UTF-16 or UTF-32: save it as UTF-8"));
            }
        }
        Ok(read)
    }

    pub(super) fn unusable(&self, problem: &str) -> Failure {
        Failure::Unusable {
            path: self.path.clone(),
            problem: problem.into(),
        }
    }
}
