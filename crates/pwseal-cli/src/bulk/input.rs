//! The input: a file or standard input, lines of JSON or of CSV.

use std::fs::{File, Metadata};
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use pwseal::WideText;

use super::csv::{Columns, Header, Preamble};
use super::lines::{Batch, Lines};
use super::problem::Problem;
use crate::failure::Failure;
use crate::files::{is_standard, standard_input, unbuffered};

/// The longest line in bytes. Those that are meant have some thousand at the most.
pub(super) const LINE_LIMIT: usize = 256 << 10;

pub(crate) struct Input {
    path: PathBuf,
    pub(crate) lines: Lines<Box<dyn Read + Send>>,
    /// The longest line in bytes.
    limit: usize,
    /// Whether a line was read.
    begun: bool,
    /// The lines of CSV before the first: the one that names the columns, and what is before it.
    head: Vec<u8>,
    /// In bytes, where that is known.
    pub(super) len: Option<u64>,
    /// A second handle of a file, and where the input begins in it.
    beginning: Option<(File, u64)>,
}

impl Input {
    /// `-` is standard input.
    pub(crate) fn open(path: &Path, limit: usize) -> Result<Self, Failure> {
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
        let len = metadata.filter(Metadata::is_file);
        let len = len.map(|metadata| metadata.len());
        // Whoever redirects standard input may have read from it.
        let beginning = len.and_then(|_| {
            let mut file = file.try_clone().ok()?;
            let position = file.stream_position().ok()?;
            Some((file, position))
        });
        let lines = match is_standard(path) {
            true => standard_input().map_err(failure)?,
            false => Box::new(file),
        };
        Ok(Self {
            path: path.into(),
            lines: Lines::new(lines, limit).at_once(len.is_some()),
            limit,
            begun: false,
            head: Vec::new(),
            len,
            beginning,
        })
    }

    /// Whether it can be read twice.
    pub(super) fn can_rewind(&self) -> bool {
        self.beginning.is_some()
    }

    /// Begins anew. The file is not opened once more: by a name of standard input, that would go on where this one stopped.
    pub(super) fn rewind(&mut self) -> Result<(), Failure> {
        if let Some((file, position)) = &mut self.beginning {
            file.seek(SeekFrom::Start(*position))
                .map_err(|error| Failure::File {
                    path: self.path.clone(),
                    error,
                })?;
            self.lines.restart();
            self.begun = false;
            self.head.clear();
        }
        Ok(())
    }

    /// Begins with lines of JSON.
    pub(crate) fn begin_json(&mut self) {
        self.lines.begin(None);
    }

    /// Begins with lines of CSV, of which the first names the columns.
    pub(crate) fn begin_csv<const N: usize>(
        &mut self,
        columns: &Columns<N>,
        delimiter: Option<u8>,
    ) -> Result<Header<N>, Failure> {
        let header = self.header(columns, delimiter)?.map_err(|problem| {
            let message = problem.message;
            match message.strip_prefix("the line") {
                Some(rest) => self.unusable(&format!("the first line{rest}")),
                None => self.unusable(&message),
            }
        })?;
        self.lines.begin(Some(header.delimiter()));
        Ok(header)
    }

    /// The lines of CSV before the first, without which the others are none.
    pub(crate) fn head(&self) -> &[u8] {
        &self.head
    }

    /// The line that names the columns, and what separates them if a line before it says so and nobody else.
    fn header<const N: usize>(
        &mut self,
        columns: &Columns<N>,
        given: Option<u8>,
    ) -> Result<Result<Header<N>, Problem>, Failure> {
        let mut batch = self.lines.batch();
        let mut delimiter = given;
        loop {
            self.read(&mut batch, 1)?;
            let line = match batch.iter().next() {
                Some((_, None)) => return Ok(Err(Problem::line_too_long(self.limit))),
                Some((_, Some(line))) => line,
                None => b"",
            };
            self.head.extend_from_slice(line);
            self.head.push(b'\n');
            match Preamble::read(line) {
                Ok(Some(Preamble::Type)) => {}
                Ok(Some(Preamble::Delimiter(said))) => delimiter = given.or(Some(said)),
                Ok(None) => return Ok(Header::read(line, columns, delimiter)),
                Err(problem) => return Ok(Err(problem)),
            }
        }
    }

    /// As [`Lines::read`].
    pub(crate) fn read(&mut self, batch: &mut Batch, most: usize) -> Result<bool, Failure> {
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

    pub(crate) fn unusable(&self, problem: &str) -> Failure {
        Failure::Unusable {
            path: self.path.clone(),
            problem: problem.into(),
        }
    }
}
