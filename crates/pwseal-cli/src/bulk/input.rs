//! The input: a file or standard input, lines of JSON or of CSV.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use super::csv::Header;
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
            return Ok(Format::Json);
        }
        let mut batch = self.lines.batch();
        self.read(&mut batch, 1)?;
        let header = match batch.iter().next() {
            Some((_, None)) => Err(Problem::line_too_long(LINE_LIMIT)),
            Some((_, Some(line))) => Header::read(line),
            None => Header::read(b""),
        };
        self.lines.restart_numbers();
        header.map(Format::Csv).map_err(|problem| {
            let message = problem.message;
            match message.strip_prefix("the line") {
                Some(rest) => self.unusable(&format!("the first line{rest}")),
                None => self.unusable(&message),
            }
        })
    }

    /// As [`Lines::read`].
    pub(super) fn read(&mut self, batch: &mut Batch, most: usize) -> Result<bool, Failure> {
        let read = self.lines.read(batch, most);
        let read = read.map_err(|error| Failure::File {
            path: self.path.clone(),
            error,
        })?;
        if !std::mem::replace(&mut self.begun, true)
            && let Some((_, Some([0xff, 0xfe, ..] | [0xfe, 0xff, ..]))) = batch.iter().next()
        {
            return Err(self.unusable("it is text in UTF-16: save it as UTF-8"));
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
