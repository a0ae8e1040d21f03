//! Opens what is written, and makes sure that nothing is lost by that.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use super::input::Input;
use super::output::{Output, Target};
use super::resume::Before;
use super::summary::Summary;
use super::worker::Worker;
use crate::args::Bulk;
use crate::failure::Failure;
use crate::files::{is_standard, unbuffered};

/// Refuses files that would overwrite one another.
pub(super) fn refuse_mix_up(args: &Bulk) -> Result<(), Failure> {
    let refuse = |message: &str| Err(Failure::Usage(message.into()));
    if args.resume && is_standard(&args.output) {
        return refuse("--resume needs an --out that is a file");
    }
    let named = |path: &PathBuf| {
        Some(path)
            .filter(|path| !is_standard(path))
            .and_then(identity)
    };
    let input = if is_standard(&args.input) {
        unbuffered(&io::stdin())
            .ok()
            .and_then(|file| of_file(&file))
    } else {
        identity(&args.input)
    };
    let output = named(&args.output);
    let secrets = args.secrets_out.as_ref().and_then(named);
    let same = |a: &Option<_>, b: &Option<_>| a.is_some() && a == b;
    if same(&input, &output) {
        return refuse("--in and --out are the same file");
    }
    if same(&secrets, &input)
        || same(&secrets, &output)
        || args.secrets_out.as_ref() == Some(&args.output)
    {
        return refuse("--secrets-out must be a file of its own");
    }
    if let Some(info) = &args.info {
        let infos = identity(info);
        for written in [Some(&args.output), args.secrets_out.as_ref()]
            .into_iter()
            .flatten()
        {
            let folder = written
                .parent()
                .map(|folder| match folder.as_os_str().is_empty() {
                    true => PathBuf::from("."),
                    false => folder.into(),
                });
            if same(&infos, &named(written))
                || (info.is_dir() && same(&infos, &folder.and_then(|folder| identity(&folder))))
            {
                return refuse("--info holds the password-infos: write to another file or folder");
            }
        }
    }
    Ok(())
}

/// What a file is, by whichever name.
#[cfg(unix)]
type Identity = (u64, u64);
#[cfg(not(unix))]
type Identity = PathBuf;

#[cfg(unix)]
fn identity(path: impl AsRef<Path>) -> Option<Identity> {
    std::fs::metadata(path)
        .ok()
        .and_then(|metadata| of_metadata(&metadata))
}

#[cfg(unix)]
fn of_file(file: &File) -> Option<Identity> {
    file.metadata()
        .ok()
        .and_then(|metadata| of_metadata(&metadata))
}

#[cfg(unix)]
fn of_metadata(metadata: &std::fs::Metadata) -> Option<Identity> {
    use std::os::unix::fs::MetadataExt;
    (metadata.is_file() || metadata.is_dir()).then(|| (metadata.dev(), metadata.ino()))
}

#[cfg(not(unix))]
fn identity(path: impl AsRef<Path>) -> Option<Identity> {
    std::fs::canonicalize(path).ok()
}

#[cfg(not(unix))]
fn of_file(_: &File) -> Option<Identity> {
    None
}

/// Opens the files to write to, and with `--resume` passes over what is in them already.
pub(super) fn output(
    args: &Bulk,
    input: &mut Input,
    worker: &mut Worker,
) -> Result<(Output, Summary), Failure> {
    let mut requests = requests(&args.output, args.resume)?;
    let before = if args.resume {
        Before::read(&mut requests)?
    } else {
        Before::default()
    };
    let secrets = match &args.secrets_out {
        Some(path) => Some(secrets(path, args.resume, &before)?),
        None => None,
    };
    if args.resume {
        before.skip(input, worker)?;
    }
    Ok((Output { requests, secrets }, before.summary))
}

fn requests(path: &Path, resume: bool) -> Result<Target, Failure> {
    if is_standard(path) {
        let file = unbuffered(&io::stdout()).map_err(Failure::Output)?;
        return Ok(Target { path: None, file });
    }
    let mut options = OpenOptions::new();
    options.read(resume).write(true).create(true);
    let target = open(path, &options)?;
    if is_file(&target.file) {
        if let Err(TryLockError::WouldBlock) = target.file.try_lock() {
            let problem = "another program has locked it: is a bulk run writing to it?";
            return Err(unusable(path, problem));
        }
        if !resume
            && target
                .file
                .metadata()
                .is_ok_and(|metadata| metadata.len() > 0)
        {
            let problem = "it is not empty, and requests are not written over: give another name, or \
                           --resume to continue";
            return Err(unusable(path, problem));
        }
    } else if resume {
        return Err(unusable(path, "it is no file that can be continued"));
    }
    Ok(target)
}

fn secrets(path: &Path, resume: bool, before: &Before) -> Result<Target, Failure> {
    if is_standard(path) {
        let message = "--secrets-out must be a file";
        return Err(Failure::Usage(message.into()));
    }
    if resume && path.exists() {
        let mut secrets = open(path, OpenOptions::new().read(true).write(true))?;
        before.cut_secrets(&mut secrets)?;
        return Ok(secrets);
    }
    if before.summary.requests > 0 {
        let problem =
            "it is not there, but some requests are: give the one that the earlier run wrote";
        return Err(unusable(path, problem));
    }
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    match open(path, &options) {
        Ok(secrets) => {
            remember_name(path);
            Ok(secrets)
        }
        Err(Failure::File { error, .. }) if error.kind() == io::ErrorKind::AlreadyExists => {
            let problem = "it exists, and passwords are not written over: give another name, or \
                           --resume to continue";
            Err(unusable(path, problem))
        }
        Err(failure) => Err(failure),
    }
}

/// Has the name of a new file on the disk as well as what will be in it.
fn remember_name(path: &Path) {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let folder = File::open(folder.unwrap_or(Path::new(".")));
    // Some systems cannot open a folder, and keep the name without being asked.
    let _ = folder.and_then(|folder| folder.sync_all());
}

fn open(path: &Path, options: &OpenOptions) -> Result<Target, Failure> {
    let file = options.open(path).map_err(|error| Failure::File {
        path: path.into(),
        error,
    })?;
    Ok(Target {
        path: Some(path.into()),
        file,
    })
}

fn is_file(file: &File) -> bool {
    file.metadata().is_ok_and(|metadata| metadata.is_file())
}

fn unusable(path: &Path, problem: &str) -> Failure {
    Failure::Unusable {
        path: path.into(),
        problem: problem.into(),
    }
}
