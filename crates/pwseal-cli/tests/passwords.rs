//! What the command makes of standard input: `tests/cases/passwords.tsv`.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use base64::Engine as _;
use pwseal::PasswordWarning;
use rsa::pkcs8::DecodePrivateKey as _;
use rsa::{Pkcs1v15Encrypt, RsaPrivateKey};

fn cases() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/cases")
}

fn key() -> RsaPrivateKey {
    let pem = fs::read_to_string("../../examples/private-key.pem").expect("a key");
    RsaPrivateKey::from_pkcs8_pem(&pem).expect("a key")
}

/// The commands that encrypt a password.
const COMMANDS: [&[&str]; 2] = [
    &["encrypt", "--key", "../../examples/public-key.pem"],
    &[
        "request",
        "--info",
        "../../examples/password-info.json",
        "--no-policy-check",
    ],
];

fn run(command: &[&str], options: &[&str], name: &str) -> Output {
    let input = File::open(cases().join("passwords").join(name)).expect("a file");
    let output = Command::new(env!("CARGO_BIN_EXE_pwseal"))
        .args(command)
        .args(options)
        .stdin(input)
        .output();
    output.expect("it runs")
}

/// What was encrypted, and what was said.
fn encrypted(key: &RsaPrivateKey, output: &Output) -> (Vec<u8>, String) {
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let text = String::from_utf8(output.stdout.clone()).expect("text");
    let base64 = match serde_json::from_str::<serde_json::Value>(&text) {
        Ok(body) => body["encryptedPassword"]
            .as_str()
            .expect("a string")
            .to_owned(),
        Err(_) => text.trim_end().to_owned(),
    };
    let ciphertext = base64::engine::general_purpose::STANDARD.decode(base64);
    let plaintext = key.decrypt(Pkcs1v15Encrypt, &ciphertext.expect("base64"));
    let said = String::from_utf8(output.stderr.clone()).expect("text");
    (plaintext.expect("it is for this key"), said)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The lines that tell warnings, by their names.
fn sentences(names: &str) -> String {
    let sentence = |warning: &&PasswordWarning| names.split(',').any(|name| name == warning.name());
    let warnings = PasswordWarning::ALL.iter().filter(sentence);
    warnings
        .map(|warning| format!("pwseal: warning: {warning}\n"))
        .collect()
}

#[test]
fn each_case_is_encrypted_or_refused_as_the_table_says() {
    let (key, table) = (key(), fs::read_to_string(cases().join("passwords.tsv")));
    for line in table.expect("a table").lines().skip(1) {
        let cells: Vec<&str> = line.split('\t').collect();
        let [name, verdict, finding, detail] = cells[..] else {
            panic!("{line}");
        };
        for command in COMMANDS {
            let output = run(command, &[], name);
            match verdict {
                "accepted" | "decoded" => {
                    let (plaintext, said) = encrypted(&key, &output);
                    assert_eq!(
                        (hex(&plaintext), said),
                        (finding.into(), sentences(detail)),
                        "{name}"
                    );
                }
                _ => {
                    assert_eq!(output.status.code(), Some(2), "{name}: {output:?}");
                    assert!(output.stdout.is_empty(), "{name}");
                    let said = String::from_utf8(output.stderr).expect("text");
                    assert!(
                        said.contains(detail) && said.lines().count() == 1,
                        "{name}: {said}"
                    );
                    assert!(!said.contains("hunter2"), "{name}: {said}");
                }
            }
        }
    }
}

#[test]
fn with_raw_every_byte_is_kept() {
    let key = key();
    for name in [
        "bom_crlf",
        "utf16le_bom",
        "nul_inside",
        "two_lines",
        "latin1",
        "only_a_line_break",
    ] {
        let expected = fs::read(cases().join("passwords").join(name)).expect("a file");
        for command in COMMANDS {
            let (plaintext, _) = encrypted(&key, &run(command, &["--raw"], name));
            assert_eq!(plaintext, expected, "{name}");
        }
    }
}
