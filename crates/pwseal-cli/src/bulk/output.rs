//! What is written: whole lines of requests, and whole lines of generated passwords before them.

use std::fs::File;
use std::io::{self, Seek, SeekFrom, Write};
use std::path::PathBuf;

use memchr::{memchr_iter, memrchr};

use crate::failure::Failure;
use crate::files::StandardOutput;

/// The file or pipe of the requests, and that of the generated passwords.
pub(super) struct Output {
    pub(super) requests: Target,
    pub(super) secrets: Option<Target>,
}

/// Something to write whole lines to.
pub(super) struct Target {
    /// Its name; `None` is standard output.
    pub(super) path: Option<PathBuf>,
    pub(super) file: File,
}

impl Output {
    /// Writes lines. The passwords come first, and are on the disk before the first request that
    /// needs them can be read anywhere: whatever ends this program, or the machine, no
    /// request is without its password. And the requests of all passwords but these are there, too, so that `--resume`
    /// can tell an output that was cut off from one that was taken away. A failure comes with how many requests were
    /// written whole.
    pub(super) fn write(
        &mut self,
        requests: &[u8],
        secrets: &[u8],
    ) -> Result<(), (Failure, usize)> {
        if let Some(target) = self.secrets.as_mut().filter(|_| !secrets.is_empty()) {
            if self.requests.is_file() {
                let kept = self.requests.file.sync_data();
                kept.map_err(|error| (self.requests.failure(error), 0))?;
            }
            let written = target.write_lines(secrets).map_err(|(error, _)| error);
            // A pipe is on no disk: what reads from it is to be looked after.
            let kept = written.and_then(|()| match target.is_file() {
                true => target.file.sync_data(),
                false => Ok(()),
            });
            kept.map_err(|error| (target.failure(error), 0))?;
        }
        let written = self.requests.write_lines(requests);
        written.map_err(|(error, whole)| (self.requests.failure(error), whole))
    }
}

impl Target {
    /// An error comes with how many lines were written whole.
    fn write_lines(&mut self, lines: &[u8]) -> Result<(), (io::Error, usize)> {
        let mut written = 0;
        while written < lines.len() {
            let error = match self.write(&lines[written..]) {
                Ok(0) => io::ErrorKind::WriteZero.into(),
                Ok(len) => {
                    written += len;
                    continue;
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => error,
            };
            let whole = memrchr(b'\n', &lines[..written]).map_or(0, |end| end + 1);
            // Of a pipe or terminal nothing can be taken back.
            let _ = self.take_back((written - whole) as u64);
            return Err((error, memchr_iter(b'\n', &lines[..whole]).count()));
        }
        Ok(())
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self.path {
            Some(_) => self.file.write(bytes),
            None => StandardOutput(&self.file).write(bytes),
        }
    }

    /// Cuts the last bytes of a file off, a part of a line.
    fn take_back(&mut self, len: u64) -> io::Result<()> {
        let end = self.file.stream_position()?;
        if len > 0 && self.is_file() {
            self.cut(end - len)?;
        }
        Ok(())
    }

    /// Ends a file at this length, and writes on from there.
    pub(super) fn cut(&mut self, len: u64) -> io::Result<()> {
        self.file.set_len(len)?;
        self.file.seek(SeekFrom::Start(len))?;
        Ok(())
    }

    /// Whether `--resume` can continue it.
    pub(super) fn can_resume(&self) -> bool {
        self.path.is_some() && self.is_file()
    }

    pub(super) fn is_file(&self) -> bool {
        self.file
            .metadata()
            .is_ok_and(|metadata| metadata.is_file())
    }

    pub(super) fn failure(&self, error: io::Error) -> Failure {
        match &self.path {
            Some(path) => Failure::File {
                path: path.clone(),
                error,
            },
            None => Failure::Output(error),
        }
    }

    pub(super) fn unusable(&self, problem: impl Into<String>) -> Failure {
        Failure::Unusable {
            path: self.path.clone().unwrap_or_else(|| "-".into()),
            problem: problem.into(),
        }
    }
}
