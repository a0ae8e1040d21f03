//! Files for passwords: their owner alone, who runs this, may open them.

pub(crate) use system::{MENDS, create_new, is_open_to_others, is_ours};

#[cfg(unix)]
mod system {
    use std::fs::File;
    use std::io;
    use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
    use std::path::Path;

    /// How a user takes the rights of others away.
    pub(crate) const MENDS: &str = "run chmod 600 on it";

    /// Makes a file that is not there, to write to.
    pub(crate) fn create_new(path: &Path) -> io::Result<File> {
        let mut options = File::options();
        options.write(true).create_new(true).mode(0o600).open(path)
    }

    pub(crate) fn is_open_to_others(file: &File) -> bool {
        file.metadata()
            .is_ok_and(|metadata| metadata.mode() & 0o077 != 0)
    }

    pub(crate) fn is_ours(file: &File) -> bool {
        let user = rustix::process::geteuid().as_raw();
        file.metadata().is_ok_and(|metadata| metadata.uid() == user)
    }
}

#[cfg(windows)]
mod system {
    use std::fs::{self, File};
    use std::io;
    use std::path::Path;

    use crate::rights::{self, Rights};

    /// How a user takes the rights of others away.
    pub(crate) const MENDS: &str = "run icacls FILE /inheritance:r /grant:r %USERNAME%:F on it";

    /// Makes a file that is not there, to write to.
    pub(crate) fn create_new(path: &Path) -> io::Result<File> {
        let file = rights::create_new(path, &ours()?)?;
        if !file.metadata().is_ok_and(|metadata| metadata.is_file()) {
            return Err(io::Error::other("it is a device: give the name of a file"));
        }
        if !is_ours(&file) || is_open_to_others(&file) {
            drop(file);
            let _ = fs::remove_file(path);
            return Err(io::Error::other(
                "it cannot be made for its owner alone: give a file where it can, as NTFS lets you",
            ));
        }
        Ok(file)
    }

    pub(crate) fn is_ours(file: &File) -> bool {
        let of_file = Rights::of(file).and_then(|rights| rights.owner());
        let of_user = ours().and_then(|rights| rights.owner());
        matches!((of_file, of_user), (Ok(file), Ok(user)) if file == user)
    }

    /// Whether somebody has rights to it beside the user, the system and its administrators, who can give themselves any.
    pub(crate) fn is_open_to_others(file: &File) -> bool {
        let of_file = Rights::of(file).and_then(|rights| rights.list());
        let of_user = ours().and_then(|rights| rights.list());
        let (Ok(of_file), Ok(of_user)) = (of_file, of_user) else {
            return true;
        };
        let user = entries(&of_user).next().map(|(_, who)| who);
        let may = ["SY", "BA", "OW"].into_iter().chain(user);
        let may: Vec<&str> = may.collect();
        // No list lets everybody.
        of_file.contains("NO_ACCESS_CONTROL")
            || entries(&of_file).any(|(kind, who)| kind != "D" && !may.contains(&who))
    }

    /// The entries of a list of rights as text (the security descriptor definition language): what kind each is, `A` for one
    /// that allows, and for whom.
    fn entries(list: &str) -> impl Iterator<Item = (&str, &str)> {
        let entries = list.split('(').skip(1);
        entries.map(|entry| {
            let entry = entry.trim_end_matches(')');
            let kind = entry.split(';').next().unwrap_or_default();
            (kind, entry.split(';').nth(5).unwrap_or_default())
        })
    }

    /// What a file of the user has that nobody else may open: its owner, and a list of rights that inherits none.
    fn ours() -> io::Result<Rights> {
        let user = rights::user()?;
        Rights::parse(&format!("O:{user}D:P(A;;FA;;;{user})"))
    }
}
