//! Opens what is written, and makes sure that nothing is lost by that.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

#[cfg(unix)]
use rustix::fs::OFlags;
#[cfg(windows)]
use same_file::Handle;

use super::infos::is_info;
use super::input::Input;
use super::output::{Output, Target};
use super::progress::Progress;
use super::resume::Before;
use super::worker::Worker;
use crate::args::Bulk;
use crate::failure::Failure;
use crate::files::{is_standard, unbuffered};
use crate::new_file::{Unfinished, create_or_pipe, folder_of, is_pipe, remember_name};
use crate::private_file;

/// The most links that Linux follows from one name.
const MAX_LINKS: usize = 40;

/// Refuses files that would overwrite one another.
pub(super) fn refuse_mix_up(args: &Bulk) -> Result<(), Failure> {
    let refuse = |message: &str| Err(Failure::Usage(message.into()));
    let secrets = args.secrets_out.as_ref();
    if secrets.is_some_and(|path| is_standard(path) || is_same_name(path, &args.output)) {
        return Err(secrets_need_a_file());
    }
    if let Some(path) = secrets.filter(|path| args.resume && is_pipe(path)) {
        let problem = "it is a pipe, in which --resume cannot see what the earlier run wrote: as nothing was sent yet, remove \
                       --out and begin anew";
        return Err(unusable(path, problem));
    }
    if args.resume && is_standard(&args.output) {
        return refuse("--resume needs an --out that is a file");
    }
    let input = match is_standard(&args.input) {
        true => of_stream(&io::stdin()),
        false => identity(&args.input),
    };
    let written = |path: &PathBuf| match is_standard(path) {
        true => of_stream(&io::stdout()),
        false => identity(path),
    };
    let output = written(&args.output);
    let secrets = secrets.and_then(written);
    let same = |a: &Option<_>, b: &Option<_>| a.is_some() && a == b;
    if same(&input, &output) {
        return refuse("--in and --out are the same file");
    }
    let is_said_there = same(&secrets, &of_stream(&io::stderr()))
        || args.json && same(&secrets, &of_stream(&io::stdout()));
    if same(&secrets, &input) || same(&secrets, &output) || is_said_there {
        return Err(secrets_need_a_file());
    }
    if let Some(info) = &args.info {
        let infos = identity(info);
        let is_one =
            |path| info.is_dir() && is_info(path) && same(&infos, &identity(folder_of(path)));
        if same(&infos, &input) || is_one(&args.input) {
            return refuse(
                "--in is one of the files that --info reads: give another file or folder",
            );
        }
        for path in [Some(&args.output), args.secrets_out.as_ref()]
            .into_iter()
            .flatten()
        {
            let is_in = |path| same(&infos, &identity(folder_of(path)));
            let is_among =
                info.is_dir() && !is_standard(path) && (is_in(path) || is_in(&end_of_links(path)));
            if same(&infos, &written(path)) || is_among {
                return refuse("--info holds the password-infos: write to another file or folder");
            }
        }
    }
    Ok(())
}

/// What a file is, by whichever name.
#[cfg(unix)]
type Identity = (u64, u64);
#[cfg(windows)]
type Identity = Handle;

#[cfg(unix)]
fn identity(path: impl AsRef<Path>) -> Option<Identity> {
    std::fs::metadata(path)
        .ok()
        .and_then(|metadata| of_metadata(&metadata))
}

#[cfg(unix)]
fn of_stream(stream: &impl std::os::fd::AsFd) -> Option<Identity> {
    unbuffered(stream).ok().and_then(|file| of_file(&file))
}

#[cfg(unix)]
fn of_file(file: &File) -> Option<Identity> {
    file.metadata()
        .ok()
        .and_then(|metadata| of_metadata(&metadata))
}

#[cfg(unix)]
fn of_metadata(metadata: &std::fs::Metadata) -> Option<Identity> {
    use std::os::unix::fs::{FileTypeExt, MetadataExt};
    let kind = metadata.file_type();
    let is_some = kind.is_file() || kind.is_dir() || kind.is_fifo();
    is_some.then(|| (metadata.dev(), metadata.ino()))
}

#[cfg(windows)]
fn identity(path: impl AsRef<Path>) -> Option<Identity> {
    Handle::from_path(path).ok()
}

#[cfg(windows)]
fn of_stream(stream: &impl std::os::windows::io::AsHandle) -> Option<Identity> {
    unbuffered(stream).and_then(Handle::from_file).ok()
}

#[cfg(windows)]
fn of_file(file: &File) -> Option<Identity> {
    file.try_clone().and_then(Handle::from_file).ok()
}

/// Whether two names are of one file, also of one that is still to be made. Windows takes no notice of capitals.
fn is_same_name(a: &Path, b: &Path) -> bool {
    let full = |path| std::path::absolute(path).unwrap_or_else(|_| PathBuf::from(path));
    let (a, b) = (full(a), full(b));
    match cfg!(windows) {
        true => a.to_string_lossy().to_lowercase() == b.to_string_lossy().to_lowercase(),
        false => a == b,
    }
}

/// Opens the files to write to, and with `--resume` passes over what is in them already. Where
/// that fails, they are as they were.
pub(super) fn output(
    args: &Bulk,
    input: &mut Input,
    worker: &mut Worker,
    progress: &Progress,
) -> Result<(Output, Before), Failure> {
    let requests = earlier_requests(&args.output, args.resume)?;
    let path = args.secrets_out.as_deref();
    let mut secrets = match path.filter(|_| args.resume) {
        Some(path) => earlier_secrets(path)?,
        None => None,
    };
    let has_passwords = |secrets: &Target| !is_empty(&secrets.file);
    if requests.is_none() && secrets.as_ref().is_some_and(has_passwords) {
        let problem = "it is not there, but generated passwords of its requests are: give the one \
                       that the earlier run wrote, or another --secrets-out to begin anew";
        return Err(unusable(&args.output, problem));
    }
    let before = match &requests {
        Some(requests) if args.resume => {
            Before::read(requests, secrets.as_ref(), input, worker, progress)?
        }
        _ => Before::none(),
    };
    if path.is_none() && before.summary.generated > 0 && !args.generated_not_kept {
        let problem = "it has requests with generated passwords: give the --secrets-out that has \
                       them, or --generated-not-kept if no run kept them";
        return Err(unusable(&args.output, problem));
    }
    let mut new = None;
    if let (Some(path), None) = (path, &secrets) {
        let made = new_secrets(path, &before)?;
        if made.is_file() {
            // It is empty, and this run has locked it.
            new = Some(Unfinished::new(path));
        }
        secrets = Some(made);
    }
    let mut requests = match requests {
        Some(requests) => requests,
        None => new_requests(&args.output, secrets.as_ref())?,
    };
    if let Some(path) = path {
        // The name of the requests as well: without it, `--resume` refuses the passwords.
        for path in [&args.output, path] {
            remember_name(&end_of_links(path));
        }
    }
    if args.resume {
        before.cut(&mut requests, secrets.as_mut())?;
    }
    new.into_iter().for_each(Unfinished::keep);
    Ok((Output { requests, secrets }, before))
}

/// What is there to write requests to, `None` if it is to be made.
fn earlier_requests(path: &Path, resume: bool) -> Result<Option<Target>, Failure> {
    if is_standard(path) {
        let file = unbuffered(&io::stdout()).map_err(Failure::Output)?;
        return Ok(Some(Target { path: None, file }));
    }
    let Some(target) = open_earlier(path, OpenOptions::new().read(resume).write(true))? else {
        return Ok(None);
    };
    if target.is_file() {
        take(&target)?;
        if !resume {
            refuse_full(&target)?;
        }
    } else if resume {
        return Err(target.unusable("it is no file that can be continued"));
    }
    Ok(Some(target))
}

/// The generated passwords of the run that is continued, `None` if there are none. The file is the one of this name and not
/// behind a link, and its owner alone, who runs this, may open it: bulk left it so.
fn earlier_secrets(path: &Path) -> Result<Option<Target>, Failure> {
    let mut options = OpenOptions::new();
    options.read(true).write(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.custom_flags(OFlags::NOFOLLOW.bits().cast_signed());
    }
    let secrets = match open_earlier(path, &options) {
        Err(Failure::File { .. }) if path.is_symlink() => {
            return Err(unusable(path, "it is a link: give the name of the file"));
        }
        secrets => secrets?,
    };
    let Some(secrets) = secrets else {
        return Ok(None);
    };
    if !secrets.is_file() {
        return Err(secrets.unusable("it is no file that can be continued"));
    }
    take(&secrets)?;
    if !private_file::is_ours(&secrets.file) {
        return Err(secrets.unusable(
            "it is another user's, who may open the passwords: continue as the user who ran bulk",
        ));
    }
    if private_file::is_open_to_others(&secrets.file) {
        return Err(secrets.unusable(format!(
            "others than its owner may open it, so bulk did not leave it like this: if it is the \
             right file, {}",
            private_file::MENDS
        )));
    }
    Ok(Some(secrets))
}

fn new_secrets(path: &Path, before: &Before) -> Result<Target, Failure> {
    if before.summary.generated > 0 {
        let problem = "it is not there, but requests with generated passwords are: give the one \
                       that the earlier run wrote";
        return Err(unusable(path, problem));
    }
    match create_or_pipe(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            let problem = match std::fs::exists(path) {
                Ok(true) => {
                    "it exists, and passwords are not written over: give another name, or \
                     --resume to continue"
                }
                _ => "it is a link to a file that is not there: give the name of a file",
            };
            Err(unusable(path, problem))
        }
        secrets => {
            let secrets = target(path, secrets)?;
            // Another run that has locked it has taken it over, and so it stays.
            take(&secrets)?;
            Ok(secrets)
        }
    }
}

/// Made last: nothing is refused after that, so that it need not be removed. The name may be a link
/// to a file that is to be made.
fn new_requests(path: &Path, secrets: Option<&Target>) -> Result<Target, Failure> {
    let mut options = OpenOptions::new();
    options.write(true).create(true);
    // With a token, whoever has requests can set their passwords.
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    let requests = open(path, &options)?;
    // Both names may be of the one file that this run has made for the passwords.
    let made = of_file(&requests.file);
    if made.is_some() && made == secrets.and_then(|secrets| of_file(&secrets.file)) {
        return Err(secrets_need_a_file());
    }
    // Another run may have made it since.
    take(&requests)?;
    refuse_full(&requests)?;
    Ok(requests)
}

fn secrets_need_a_file() -> Failure {
    Failure::Usage("--secrets-out must be a file of its own, or a pipe".into())
}

/// Locks a file, unless another run has it, or had it and removed it before it was locked.
fn take(target: &Target) -> Result<(), Failure> {
    if let Err(TryLockError::WouldBlock) = target.file.try_lock() {
        return Err(target.unusable("another program has locked it: is a bulk run writing to it?"));
    }
    let taken = of_file(&target.file);
    if taken.is_some() && target.path.is_some() && taken != target.path.as_ref().and_then(identity)
    {
        return Err(target.unusable("another program has just removed it: run bulk again"));
    }
    Ok(())
}

fn refuse_full(requests: &Target) -> Result<(), Failure> {
    if is_empty(&requests.file) {
        return Ok(());
    }
    Err(requests.unusable(
        "it is not empty, and requests are not written over: give another name, or --resume to \
         continue",
    ))
}

/// The name of the file itself where this one is a link, also of a file that is still to be made.
fn end_of_links(path: &Path) -> PathBuf {
    let mut path = path.to_path_buf();
    for _ in 0..MAX_LINKS {
        let Ok(target) = std::fs::read_link(&path) else {
            break;
        };
        path = folder_of(&path).join(target);
    }
    path
}

/// `None` if it is not there.
fn open_earlier(path: &Path, options: &OpenOptions) -> Result<Option<Target>, Failure> {
    match open(path, options) {
        Err(Failure::File { error, .. }) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        target => target.map(Some),
    }
}

fn open(path: &Path, options: &OpenOptions) -> Result<Target, Failure> {
    target(path, options.open(path))
}

fn target(path: &Path, file: io::Result<File>) -> Result<Target, Failure> {
    let file = file.map_err(|error| Failure::File {
        path: path.into(),
        error,
    })?;
    Ok(Target {
        path: Some(path.into()),
        file,
    })
}

fn is_empty(file: &File) -> bool {
    file.metadata().is_ok_and(|metadata| metadata.len() == 0)
}

fn unusable(path: &Path, problem: &str) -> Failure {
    Failure::Unusable {
        path: path.into(),
        problem: problem.into(),
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::fs::{self, File};

    use super::{Target, take};

    #[test]
    fn a_file_that_was_removed_since_it_was_opened_is_not_taken() {
        let path = std::env::temp_dir().join(format!("pwseal-taken-{}", std::process::id()));
        let target = Target {
            path: Some(path.clone()),
            file: File::create(&path).expect("it is made"),
        };
        assert!(take(&target).is_ok());
        fs::remove_file(&path).expect("it is there");
        assert!(take(&target).is_err(), "it has no name");
        let other = File::create(&path).expect("it is made");
        assert!(take(&target).is_err(), "the name is another file's");
        drop(other);
        fs::remove_file(&path).expect("it is there");
    }
}
