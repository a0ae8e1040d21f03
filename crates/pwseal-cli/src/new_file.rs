//! New files that are whole or not there: nobody takes a part for the whole, and what is left of a run that failed is not in
//! the way of the next.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::failure::Failure;
use crate::private_file;

/// A new file that its owner alone may open, and that is removed when this is dropped, unless it is kept. Or a pipe.
pub(crate) struct NewFile {
    path: PathBuf,
    // Before the name: it is closed before it is removed.
    file: File,
    /// None of a pipe.
    name: Option<Unfinished>,
}

impl NewFile {
    pub(crate) fn create(path: &Path) -> Result<Self, Failure> {
        match create_or_pipe(path) {
            Ok(file) => Ok(Self {
                path: path.into(),
                file,
                name: (!is_pipe(path)).then(|| Unfinished::new(path)),
            }),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(Failure::Unusable {
                path: path.into(),
                problem: "it exists, and is not written over: give another name".into(),
            }),
            Err(error) => Err(failed(path, error)),
        }
    }

    /// Has it on the disk, and its name.
    pub(crate) fn keep(self) -> Result<(), Failure> {
        let Self { path, file, name } = self;
        if let Some(name) = name {
            let synced = file.sync_all();
            // Windows removes no file that is open.
            drop(file);
            synced.map_err(|error| failed(&path, error))?;
            remember_name(&path);
            name.keep();
        }
        Ok(())
    }

    pub(crate) fn failed(&self, error: io::Error) -> Failure {
        failed(&self.path, error)
    }
}

impl Write for NewFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// Opens a new file that only its owner may read, or a pipe to a program that encrypts what comes. A pipe with a name waits for
/// one that reads from it.
pub(crate) fn create_or_pipe(path: &Path) -> io::Result<File> {
    match is_pipe(path) {
        true => File::options().write(true).open(path),
        false => private_file::create_new(path),
    }
}

#[cfg(unix)]
pub(crate) fn is_pipe(path: &Path) -> bool {
    use std::os::unix::fs::FileTypeExt;
    fs::metadata(path).is_ok_and(|metadata| metadata.file_type().is_fifo())
}

#[cfg(not(unix))]
pub(crate) fn is_pipe(_: &Path) -> bool {
    false
}

/// The name of a file that was just made, which is removed when this is dropped, unless it is kept.
pub(crate) struct Unfinished(PathBuf);

impl Unfinished {
    pub(crate) fn new(path: &Path) -> Self {
        Self(path.into())
    }

    pub(crate) fn keep(mut self) {
        self.0.clear();
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        if !self.0.as_os_str().is_empty() {
            let _ = fs::remove_file(&self.0);
        }
    }
}

/// Has the name of a new file on the disk as well as what will be in it.
pub(crate) fn remember_name(path: &Path) {
    // Some systems cannot open a folder, and keep the name without being asked.
    let _ = File::open(folder_of(path)).and_then(|folder| folder.sync_all());
}

pub(crate) fn folder_of(path: &Path) -> &Path {
    let folder = path.parent();
    let folder = folder.filter(|folder| !folder.as_os_str().is_empty());
    folder.unwrap_or(Path::new("."))
}

fn failed(path: &Path, error: io::Error) -> Failure {
    Failure::File {
        path: path.into(),
        error,
    }
}
