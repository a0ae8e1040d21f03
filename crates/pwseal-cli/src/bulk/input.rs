//! The input: a file or standard input, lines of JSON or of CSV.

use std::fs::{File, Metadata};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use pwseal::WideText;

use super::csv::{Header, Preamble};
use super::lines::{Batch, Lines};
use super::problem::Problem;
use super::worker::Format;
use crate::failure::Failure;
use crate::files::{is_standard, standard_input, unbuffered};

/// The longest line in bytes. Those that are meant have some thousand at the most.
pub(super) const LINE_LIMIT: usize = 256 << 10;

pub(super) struct Input {
    path: PathBuf,
    pub(super) lines: Lines<Box<dyn Read + Send>>,
    /// Whether a line was read.
    begun: bool,
    /// In bytes, where that is known.
    pub(super) len: Option<u64>,
}

impl Input {
    /// `-` is standard input.
    pub(super) fn open(path: &Path) -> Result<Self, Failure> {
        let failure = |error| Failure::File {
            path: path.into(),
            error,
        };
        let folder = || Failure::Unusable {
            path: path.into(),
            problem: "it is a folder".into(),
        };
        // Windows opens none.
        if cfg!(windows) && path.is_dir() {
            return Err(folder());
        }
        let file = match is_standard(path) {
            true => unbuffered(&io::stdin()),
            false => File::open(path),
        };
        let file = file.map_err(failure)?;
        // Windows has none of a pipe, a console or a device.
        let metadata = file.metadata().ok();
        if metadata.as_ref().is_some_and(Metadata::is_dir) {
            return Err(folder());
        }
        let lines = match is_standard(path) {
            true => standard_input().map_err(failure)?,
            false => Box::new(file),
        };
        let len = metadata.filter(Metadata::is_file);
        let len = len.map(|metadata| metadata.len());
        Ok(Self {
            path: path.into(),
            lines: Lines::new(lines, LINE_LIMIT).at_once(len.is_some()),
            begun: false,
            len,
        })
    }

    /// Reads what the lines are: of CSV the first line names the columns.
    pub(super) fn format(&mut self, csv: bool, delimiter: Option<u8>) -> Result<Format, Failure> {
        if !csv {
            self.lines.begin(None);
            return Ok(Format::Json);
        }
        let header = self.header(delimiter)?.map_err(|problem| {
            let message = problem.message;
            match message.strip_prefix("the line") {
                Some(rest) => self.unusable(&format!("the first line{rest}")),
                None => self.unusable(&message),
            }
        })?;
        self.lines.begin(Some(header.delimiter()));
        Ok(Format::Csv(header.into()))
    }

    /// The line that names the columns, and what separates them if a line before it says so and nobody else.
    fn header(&mut self, given: Option<u8>) -> Result<Result<Header, Problem>, Failure> {
        let mut batch = self.lines.batch();
        let mut delimiter = given;
        loop {
            self.read(&mut batch, 1)?;
            let line = match batch.iter().next() {
                Some((_, None)) => return Ok(Err(Problem::line_too_long(LINE_LIMIT))),
                Some((_, Some(line))) => line,
                None => b"",
            };
            match Preamble::read(line) {
                Ok(Some(Preamble::Type)) => {}
                Ok(Some(Preamble::Delimiter(said))) => delimiter = given.or(Some(said)),
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
            if first.is_some_and(|line| WideText::detect(line).is_some()) {
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
