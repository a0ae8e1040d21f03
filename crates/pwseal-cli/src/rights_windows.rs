//! Owners and rights of files (security descriptors), as Windows has them and as text: its security descriptor definition language.
//!
//! The standard library cannot make a file with rights, only one that has those of its folder until they are set: who opens it before, to
//! set its rights, may do so later as well. All that is unsafe in the command is here.
#![allow(unsafe_code)]

use std::ffi::c_void;
use std::fs::File;
use std::io;
use std::os::windows::ffi::OsStrExt;
use std::os::windows::io::{AsRawHandle, FromRawHandle, OwnedHandle};
use std::path::{Path, PathBuf};
use std::ptr::null_mut;

use windows_sys::Win32::Foundation::{
    ERROR_SUCCESS, GENERIC_WRITE, INVALID_HANDLE_VALUE, LocalFree,
};
use windows_sys::Win32::Security::Authorization::{
    ConvertSecurityDescriptorToStringSecurityDescriptorW, ConvertSidToStringSidW,
    ConvertStringSecurityDescriptorToSecurityDescriptorW, GetSecurityInfo, SDDL_REVISION_1,
    SE_FILE_OBJECT,
};
use windows_sys::Win32::Security::{
    DACL_SECURITY_INFORMATION, GetTokenInformation, OBJECT_SECURITY_INFORMATION,
    OWNER_SECURITY_INFORMATION, SECURITY_ATTRIBUTES, SECURITY_MAX_SID_SIZE, TOKEN_QUERY,
    TOKEN_USER, TokenUser,
};
use windows_sys::Win32::Storage::FileSystem::{
    CREATE_NEW, CreateFileW, FILE_ATTRIBUTE_NORMAL, FILE_SHARE_DELETE, FILE_SHARE_READ,
    FILE_SHARE_WRITE,
};
use windows_sys::Win32::System::Threading::{GetCurrentProcess, OpenProcessToken};

/// What Windows allocated for its caller, and `LocalFree` frees.
struct Local<T>(*mut T);

impl<T> Drop for Local<T> {
    fn drop(&mut self) {
        // SAFETY: a function that says so has allocated it, and nothing else frees it. Null is let pass.
        unsafe { LocalFree(self.0.cast()) };
    }
}

impl Local<u16> {
    /// The text that it is.
    ///
    /// # Safety
    ///
    /// It points to UTF-16 that a 0 ends.
    unsafe fn text(&self) -> String {
        let mut len = 0;
        // SAFETY: all up to the 0, of which this is none after it, may be read.
        while unsafe { *self.0.add(len) } != 0 {
            len += 1;
        }
        // SAFETY: those were read.
        String::from_utf16_lossy(unsafe { std::slice::from_raw_parts(self.0, len) })
    }
}

/// Who owns a file, and who may do what with it.
pub(crate) struct Rights(Local<c_void>);

impl Rights {
    pub(crate) fn parse(text: &str) -> io::Result<Self> {
        let text: Vec<u16> = text.encode_utf16().chain([0]).collect();
        let mut rights = Local(null_mut());
        // SAFETY: `text` is UTF-16 that a 0 ends; the pointer to what is allocated may be written, and the length of that is not asked.
        succeeded(unsafe {
            ConvertStringSecurityDescriptorToSecurityDescriptorW(
                text.as_ptr(),
                SDDL_REVISION_1,
                &mut rights.0,
                null_mut(),
            )
        })?;
        Ok(Self(rights))
    }

    /// Those of a file that is open to be read or written.
    pub(crate) fn of(file: &File) -> io::Result<Self> {
        let mut rights = Local(null_mut());
        // SAFETY: the handle is open as long as `file` is borrowed. The parts are not asked for one by one, and the pointer to what
        // is allocated may be written.
        let error = unsafe {
            GetSecurityInfo(
                file.as_raw_handle(),
                SE_FILE_OBJECT,
                OWNER_SECURITY_INFORMATION | DACL_SECURITY_INFORMATION,
                null_mut(),
                null_mut(),
                null_mut(),
                null_mut(),
                &mut rights.0,
            )
        };
        match error {
            ERROR_SUCCESS => Ok(Self(rights)),
            error => Err(io::Error::from_raw_os_error(error.cast_signed())),
        }
    }

    /// The owner, as text.
    pub(crate) fn owner(&self) -> io::Result<String> {
        self.text(OWNER_SECURITY_INFORMATION)
    }

    /// The list of rights, as text.
    pub(crate) fn list(&self) -> io::Result<String> {
        self.text(DACL_SECURITY_INFORMATION)
    }

    fn text(&self, part: OBJECT_SECURITY_INFORMATION) -> io::Result<String> {
        let mut text = Local(null_mut());
        // SAFETY: both functions that make a `Rights` leave a descriptor there. The pointer to what is allocated may be written, and
        // the length of that is not asked.
        succeeded(unsafe {
            ConvertSecurityDescriptorToStringSecurityDescriptorW(
                self.0.0,
                SDDL_REVISION_1,
                part,
                &mut text.0,
                null_mut(),
            )
        })?;
        // SAFETY: it succeeded, and so the text is there.
        Ok(unsafe { text.text() })
    }
}

/// The user whose program this is, as text (`S-1-5-21-...`).
pub(crate) fn user() -> io::Result<String> {
    let mut token = null_mut();
    // SAFETY: the handle of this process is always valid, and the pointer to the new one may be written.
    succeeded(unsafe { OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &mut token) })?;
    // SAFETY: it succeeded, and so this is an open handle that nothing else closes.
    let token = unsafe { OwnedHandle::from_raw_handle(token) };

    /// A user, with room for the longest identifier, to which the former points.
    #[repr(C)]
    struct User(TOKEN_USER, [u8; SECURITY_MAX_SID_SIZE as usize]);
    let mut user = User(TOKEN_USER::default(), [0; SECURITY_MAX_SID_SIZE as usize]);
    #[allow(clippy::cast_possible_truncation)]
    const SIZE: u32 = size_of::<User>() as u32;
    let mut size = 0;
    // SAFETY: the handle is open, `user` has as many bytes as is said, of which any may be written, and is aligned for what is first
    // in it.
    succeeded(unsafe {
        GetTokenInformation(
            token.as_raw_handle(),
            TokenUser,
            (&raw mut user).cast(),
            SIZE,
            &mut size,
        )
    })?;
    let mut text = Local(null_mut());
    // SAFETY: it succeeded, and so the pointer is to an identifier in `user`, which has not moved. The pointer to what is allocated
    // may be written.
    succeeded(unsafe { ConvertSidToStringSidW(user.0.User.Sid, &mut text.0) })?;
    // SAFETY: it succeeded, and so the text is there.
    Ok(unsafe { text.text() })
}

/// Makes a file that is not there, to write to. It has these rights from the start, on a file system that knows rights.
pub(crate) fn create_new(path: &Path, rights: &Rights) -> io::Result<File> {
    let path: Vec<u16> = full(path)?.as_os_str().encode_wide().collect();
    if path.contains(&0) {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    let path = [path.as_slice(), &[0]].concat();
    #[allow(clippy::cast_possible_truncation)]
    const SIZE: u32 = size_of::<SECURITY_ATTRIBUTES>() as u32;
    let attributes = SECURITY_ATTRIBUTES {
        nLength: SIZE,
        lpSecurityDescriptor: rights.0.0,
        bInheritHandle: 0,
    };
    // SAFETY: `path` is UTF-16 that a 0 ends, and `attributes` is what it says, with a descriptor that lives as long as `rights`. There
    // is no template.
    let handle = unsafe {
        CreateFileW(
            path.as_ptr(),
            GENERIC_WRITE,
            // As the standard library shares what it opens.
            FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
            &attributes,
            CREATE_NEW,
            FILE_ATTRIBUTE_NORMAL,
            null_mut(),
        )
    };
    if handle == INVALID_HANDLE_VALUE {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: it is an open handle that nothing else closes.
    Ok(unsafe { OwnedHandle::from_raw_handle(handle) }.into())
}

/// The full name in the form that may have more than 260 characters, which the standard library also uses. A device (`\\.\NUL`)
/// is none that has such a form.
fn full(path: &Path) -> io::Result<PathBuf> {
    let path = std::path::absolute(path)?;
    let Some(text) = path.to_str() else {
        // It has a name that is no Unicode: Windows takes it as it is, up to its limit.
        return Ok(path);
    };
    Ok(if text.starts_with(r"\\?\") || text.starts_with(r"\\.\") {
        path
    } else if let Some(share) = text.strip_prefix(r"\\") {
        [r"\\?\UNC\", share].concat().into()
    } else {
        [r"\\?\", text].concat().into()
    })
}

fn succeeded(result: i32) -> io::Result<()> {
    match result {
        0 => Err(io::Error::last_os_error()),
        _ => Ok(()),
    }
}
