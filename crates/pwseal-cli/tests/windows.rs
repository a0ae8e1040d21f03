//! What only Windows has: rights of files, names, devices, paths and sharing. What is about a console is in `console.c`, which
//! `tests/platforms windows` runs.
#![cfg(windows)]
// The helpers of a test may panic as the test itself may.
#![allow(clippy::unwrap_used)]

use std::fs::{self, File};
use std::os::windows::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use windows_permissions::constants::{SeObjectType::SE_FILE_OBJECT, SecurityInformation};
use windows_permissions::wrappers::{GetSecurityInfo, SetSecurityInfo};
use windows_permissions::{LocalBox, SecurityDescriptor};

const LINE: &str = r#"{"id": 1, "identityId": "2c918085744fec4301746f9a5bce4605", "sourceId": "2c918083746f642c01746f990884012a", "generate": true}"#;

/// A folder with a line to generate a password for.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("windows")
        .join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("in"), [LINE, "\n"].concat()).unwrap();
    folder
}

/// The exit code of `pwseal bulk`, and what it says.
fn bulk(folder: &Path, args: &[&str]) -> (Option<i32>, String) {
    let info = fs::canonicalize("../../examples/password-info.json").unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_pwseal"))
        .args(["bulk", "--in", "in", "--info"])
        .arg(info)
        .args(args)
        .args((!args.contains(&"--secrets-out")).then_some("--generated-not-kept"))
        .current_dir(folder)
        .stdin(Stdio::null())
        .output();
    let output = output.unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    (output.status.code(), said)
}

/// The list of rights of a file, as text.
fn rights(path: &Path) -> String {
    let file = File::open(path).unwrap();
    let rights = GetSecurityInfo(&file, SE_FILE_OBJECT, SecurityInformation::Dacl).unwrap();
    rights.as_sddl().unwrap().into_string().unwrap()
}

fn give_to_everyone(path: &Path) {
    const READ_CONTROL_AND_WRITE_DAC: u32 = 0x0006_0000;
    let mut file = File::options()
        .access_mode(READ_CONTROL_AND_WRITE_DAC)
        .open(path)
        .unwrap();
    let rights: LocalBox<SecurityDescriptor> = "D:(A;;FA;;;WD)".parse().unwrap();
    let part = SecurityInformation::Dacl;
    SetSecurityInfo(
        &mut file,
        SE_FILE_OBJECT,
        part,
        None,
        None,
        rights.dacl(),
        None,
    )
    .unwrap();
}

#[test]
fn generated_passwords_are_their_owners_alone() {
    let folder = folder("rights");
    let args = ["--out", "out", "--secrets-out", "secrets", "--resume"];
    assert_eq!(bulk(&folder, &args).0, Some(0));
    let secrets = folder.join("secrets");
    let rights = rights(&secrets);
    let others: Vec<&str> = rights
        .split('(')
        .skip(1)
        .filter(|entry| {
            !entry.contains(";S-1-5-21-") && !entry.ends_with(";SY)") && !entry.ends_with(";LA)")
        })
        .collect();
    assert_eq!(others, [""; 0], "{rights}");

    assert_eq!(bulk(&folder, &args).0, Some(0), "it is continued");
    give_to_everyone(&secrets);
    let (code, said) = bulk(&folder, &args);
    assert_eq!(code, Some(2));
    assert!(
        said.starts_with(r#"pwseal: "secrets": others than its owner may open it"#)
            && said.contains("icacls"),
        "{said}"
    );

    let secret = folder.join("secret");
    let generated = Command::new(env!("CARGO_BIN_EXE_pwseal"))
        .args(["curl", "set-password", "--tenant", "acme", "--generate"])
        .args(["--info", "../../examples/password-info.json"])
        .arg("--secret-out")
        .arg(&secret)
        .output();
    assert!(generated.unwrap().status.success());
    assert!(!self::rights(&secret).contains(";WD)"));
}

#[test]
fn names_that_differ_in_capitals_are_one_file() {
    let folder = folder("capitals");
    for secrets in ["OUT", "out.", r".\OUT", r"..\capitals\out"] {
        let (code, said) = bulk(&folder, &["--out", "out", "--secrets-out", secrets]);
        assert_eq!(code, Some(2), "{secrets}");
        assert!(
            said.starts_with("pwseal: --secrets-out must be a file of its own"),
            "{said}"
        );
        assert!(!folder.join("out").exists());
    }
    let (code, said) = bulk(&folder, &["--out", "IN"]);
    assert_eq!(code, Some(2));
    assert!(
        said.starts_with("pwseal: --in and --out are the same file"),
        "{said}"
    );
}

#[test]
fn a_device_keeps_no_password() {
    let folder = folder("device");
    for name in ["NUL", "nul"] {
        let (code, said) = bulk(&folder, &["--out", "out", "--secrets-out", name]);
        assert_eq!(code, Some(2));
        assert!(
            said.contains("it is a device: give the name of a file"),
            "{said}"
        );
        assert_eq!(bulk(&folder, &["--out", name]).0, Some(0));
    }
}

#[test]
fn a_path_may_be_long_and_is_shown_as_it_is() {
    let folder = folder("long");
    let long = folder.join("x".repeat(150)).join("y".repeat(150));
    let long = fs::canonicalize(&folder).unwrap().join(long);
    fs::create_dir_all(&long).unwrap();
    let out = long.join("out");
    let args = ["--out", out.to_str().unwrap()];
    assert_eq!(bulk(&folder, &args).0, Some(0));
    assert!(out.exists());

    let (code, said) = bulk(&folder, &["--out", r"none\folder\out"]);
    assert_eq!(code, Some(2));
    assert_eq!(
        said,
        "pwseal: \"none\\folder\\out\": no such file or directory\n"
    );
}

#[test]
fn a_file_that_another_program_holds_is_named() {
    let folder = folder("held");
    let held = folder.join("out");
    let _held = File::options()
        .write(true)
        .create(true)
        .truncate(false)
        .share_mode(0)
        .open(&held)
        .unwrap();
    let (code, said) = bulk(&folder, &["--out", "out"]);
    assert_eq!(code, Some(2));
    assert!(
        said.starts_with("pwseal: \"out\": ") && said.lines().count() == 1,
        "{said}"
    );
    assert!(
        !said.contains("os error") && !said.trim_end().ends_with('.'),
        "{said}"
    );
}
