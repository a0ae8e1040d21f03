//! What `docs/powershell.md` says of the bytes that PowerShell hands over.
// The helpers of a test may panic as the test itself may.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use base64::Engine;
use rsa::pkcs8::DecodePrivateKey;
use rsa::{Pkcs1v15Encrypt, RsaPrivateKey};

const KEY: &str = "../../examples/public-key.pem";
const INFO: &str = "../../examples/password-info.json";

fn run(args: &[&str], input: &[u8]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_pwseal"))
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // What is refused before may close it.
    let _ = child.stdin.take().unwrap().write_all(input);
    child.wait_with_output().unwrap()
}

/// The password that was encrypted, or what is said instead.
fn encrypted(input: &[u8]) -> Result<String, String> {
    let output = run(&["encrypt", "--key", KEY], input);
    if !output.status.success() {
        return Err(String::from_utf8(output.stderr).unwrap());
    }
    let base64 = String::from_utf8(output.stdout).unwrap();
    let encrypted = base64::engine::general_purpose::STANDARD.decode(base64.trim_end());
    let pem = fs::read_to_string("../../examples/private-key.pem").unwrap();
    let key = RsaPrivateKey::from_pkcs8_pem(&pem).unwrap();
    let password = key.decrypt(Pkcs1v15Encrypt, &encrypted.unwrap());
    Ok(String::from_utf8(password.unwrap()).unwrap())
}

/// As `>` of PowerShell 5.1 writes it.
fn utf16(text: &str) -> Vec<u8> {
    let units = text.encode_utf16().flat_map(u16::to_le_bytes);
    [0xff, 0xfe].into_iter().chain(units).collect()
}

/// As `Set-Content -Encoding utf8` of PowerShell 5.1 writes it.
fn with_mark(text: &str) -> Vec<u8> {
    [b"\xef\xbb\xbf", text.as_bytes()].concat()
}

fn file(name: &str, content: &[u8]) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("powershell");
    fs::create_dir_all(&folder).unwrap();
    let path = folder.join(name);
    fs::write(&path, content).unwrap();
    path
}

#[test]
fn passwords() {
    let meant = Ok("Müller 7".into());
    assert_eq!(
        encrypted(b"M?ller 7\r\n"),
        Ok("M?ller 7".into()),
        "a pipe of 5.1"
    );
    assert_eq!(
        encrypted(&with_mark("Müller 7\r\n")),
        meant,
        "a pipe of 5.1 in UTF-8"
    );
    assert_eq!(encrypted("Müller 7\r\n".as_bytes()), meant, "a pipe of 7");
    assert_eq!(encrypted(&utf16("Müller 7\r\n")), meant, "> of 5.1");
    assert_eq!(encrypted(&utf16("Müller 7")), meant, "a SecureString");
    for (code_page, name) in [
        (&b"M\xfcller 7\r\n"[..], "ANSI"),
        (b"M\x81ller 7\r\n", "OEM"),
    ] {
        let said = encrypted(code_page).unwrap_err();
        assert!(said.contains("the password is not UTF-8"), "{name}: {said}");
    }
    // `echo password | pwseal` of cmd.
    let said = run(&["encrypt", "--key", KEY], b"Muller 7 \r\n").stderr;
    let said = String::from_utf8(said).unwrap();
    assert!(
        said.contains("warning: ") && said.contains("white space"),
        "{said}"
    );
}

#[test]
fn files() {
    let info = fs::read_to_string(INFO).unwrap().replace('\n', "\r\n");
    let key = fs::read_to_string(KEY).unwrap().replace('\n', "\r\n");
    let read = |args: &[&str], path: &Path| {
        let args = [args, &[path.to_str().unwrap()]].concat();
        let output = run(&args, b"correct horse 7\r\n");
        let said = String::from_utf8(output.stderr).unwrap();
        (output.status.code(), said)
    };
    for (name, content) in [("utf-8", key.as_bytes()), ("mark", &with_mark(&key))] {
        assert_eq!(read(&["key"], &file(name, content)).0, Some(0), "{name}");
    }
    for (name, content) in [("info", info.as_bytes()), ("info-mark", &with_mark(&info))] {
        let path = file(name, content);
        assert_eq!(read(&["request", "--info"], &path).0, Some(0), "{name}");
    }
    let (code, said) = read(&["key"], &file("utf-16", &utf16(&key)));
    assert!(
        code == Some(2) && said.contains("UTF-16: save it as UTF-8"),
        "{said}"
    );
    let (code, said) = read(&["request", "--info"], &file("info-utf-16", &utf16(&info)));
    assert!(code == Some(2) && said.contains("-Encoding utf8"), "{said}");
    let lines = file("lines", &utf16("{\"id\": 1}\r\n"));
    let (code, said) = read(&["bulk", "--out", "-", "--in"], &lines);
    assert!(code == Some(2) && said.contains("UTF-16"), "{said}");
}

#[test]
fn a_password_info_that_was_cut_off() {
    let mut info: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(INFO).unwrap()).unwrap();
    info["accounts"][0] = "@{accountId=CN=Abby Smith; accountName=Abby.Smith}".into();
    let path = file("cut-off", info.to_string().as_bytes());
    let said = run(
        &["request", "--info", path.to_str().unwrap()],
        b"correct horse 7",
    )
    .stderr;
    let said = String::from_utf8(said).unwrap();
    assert!(said.contains("ConvertTo-Json: give it -Depth 5"), "{said}");
}
