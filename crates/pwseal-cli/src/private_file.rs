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
    use std::os::windows::fs::OpenOptionsExt;
    use std::path::Path;

    use windows_permissions::constants::{SeObjectType::SE_FILE_OBJECT, SecurityInformation};
    use windows_permissions::utilities::current_process_sid;
    use windows_permissions::wrappers::{
        ConvertSecurityDescriptorToStringSecurityDescriptor, ConvertSidToStringSid,
        GetSecurityInfo, SetSecurityInfo,
    };
    use windows_permissions::{LocalBox, SecurityDescriptor};

    /// How a user takes the rights of others away.
    pub(crate) const MENDS: &str = "run icacls FILE /inheritance:r /grant:r %USERNAME%:F on it";

    // Rights to a file (winnt.h), beside what `OpenOptions` asks for.
    const WRITE_DAC: u32 = 0x0004_0000;
    const WRITE_OWNER: u32 = 0x0008_0000;
    const READ_CONTROL: u32 = 0x0002_0000;
    const GENERIC_WRITE: u32 = 0x4000_0000;

    /// Makes a file that is not there, to write to. Nobody can open it before it is the user's alone.
    pub(crate) fn create_new(path: &Path) -> io::Result<File> {
        let mut options = File::options();
        options.write(true).create_new(true).share_mode(0);
        let rights = GENERIC_WRITE | READ_CONTROL | WRITE_DAC | WRITE_OWNER;
        let mut file = options.access_mode(rights).open(path)?;
        if !file.metadata().is_ok_and(|metadata| metadata.is_file()) {
            return Err(io::Error::other("it is a device: give the name of a file"));
        }
        let restricted = restrict(&mut file);
        drop(file);
        // Others may share what is open from here on: as far as the rights go, and the lock.
        let file = restricted.and_then(|()| File::options().write(true).open(path));
        let file = file.and_then(|file| match is_ours(&file) && !is_open_to_others(&file) {
            true => Ok(file),
            false => Err(io::Error::other(
                "its rights cannot be set for its owner alone: give a file where they can, as NTFS lets them",
            )),
        });
        file.inspect_err(|_| {
            let _ = fs::remove_file(path);
        })
    }

    fn restrict(file: &mut File) -> io::Result<()> {
        let rights = ours()?;
        let parts = SecurityInformation::Owner
            | SecurityInformation::Dacl
            | SecurityInformation::ProtectedDacl;
        let (owner, dacl) = (rights.owner(), rights.dacl());
        SetSecurityInfo(file, SE_FILE_OBJECT, parts, owner, None, dacl, None)
    }

    pub(crate) fn is_ours(file: &File) -> bool {
        let owner = |rights: &SecurityDescriptor| text(rights, SecurityInformation::Owner);
        let of_file = GetSecurityInfo(file, SE_FILE_OBJECT, SecurityInformation::Owner);
        let of_file = of_file.and_then(|rights| owner(&rights));
        let of_user = ours().and_then(|rights| owner(&rights));
        matches!((of_file, of_user), (Ok(file), Ok(user)) if file == user)
    }

    /// Whether somebody has rights to it beside the user, the system and its administrators, who can give themselves any.
    pub(crate) fn is_open_to_others(file: &File) -> bool {
        let list = |rights: &SecurityDescriptor| text(rights, SecurityInformation::Dacl);
        let of_file = GetSecurityInfo(file, SE_FILE_OBJECT, SecurityInformation::Dacl);
        let of_file = of_file.and_then(|rights| list(&rights));
        let of_user = ours().and_then(|rights| list(&rights));
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
    fn ours() -> io::Result<LocalBox<SecurityDescriptor>> {
        let user = ConvertSidToStringSid(&*current_process_sid()?)?;
        let user = user.to_string_lossy();
        format!("O:{user}D:P(A;;FA;;;{user})").parse()
    }

    fn text(rights: &SecurityDescriptor, part: SecurityInformation) -> io::Result<String> {
        let text = ConvertSecurityDescriptorToStringSecurityDescriptor(rights, part)?;
        Ok(text.to_string_lossy().into_owned())
    }
}
