//! The cases that every interface is held to, through a C program that answers them.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::LazyLock;
use std::thread;

use pwseal_cases::{Answer, Encrypted, Made, PASSWORD};
use serde_json::Value;

use super::{Linkage, build, directory};

static PROGRAM: LazyLock<PathBuf> = LazyLock::new(|| {
    let program = directory("cases").join("cases");
    let flags = [
        "-std=c99",
        "-g",
        "-fsanitize=address,undefined",
        "-fno-sanitize-recover=all",
    ];
    let source = Path::new("tests/cases.c");
    build("cc", &flags, source, &Linkage::Static, &program);
    program
});

const INFO: &[u8] = include_bytes!("../../../../examples/password-info.json");

/// The cells of each answer, or the message of its error.
fn answers(cases: impl IntoIterator<Item = String>) -> Vec<Answer<Vec<String>>> {
    let input: String = cases.into_iter().collect();
    let mut program = Command::new(&*PROGRAM)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("it was built");
    let mut stdin = program.stdin.take().expect("a pipe");
    // It answers before it has read all.
    let writer = thread::spawn(move || stdin.write_all(input.as_bytes()));
    let output = program.wait_with_output().expect("it ends");
    writer.join().expect("no panic").expect("it reads all");
    assert!(output.status.success(), "{}", output.status);
    let output = String::from_utf8(output.stdout).expect("text");
    let answer = |line: &str| {
        let mut cells = line.split('\t').map(String::from);
        match (cells.next().as_deref(), cells.collect::<Vec<_>>()) {
            (Some("ok"), cells) => Ok(cells),
            (Some("error"), cells) => Err(cells.join("\t")),
            _ => panic!("{line}"),
        }
    };
    output.lines().map(answer).collect()
}

fn case(word: &str, cells: &[&[u8]]) -> String {
    let mut line = String::from(word);
    for cell in cells {
        line.push('\t');
        for byte in *cell {
            write!(line, "{byte:02x}").expect("memory");
        }
    }
    line + "\n"
}

fn list(names: &str) -> Vec<String> {
    let names = names.split(',').filter(|name| !name.is_empty());
    names.map(String::from).collect()
}

#[test]
fn keys_are_read_or_refused() {
    pwseal_cases::keys(
        |_| true,
        |inputs| {
            let answers = answers(inputs.iter().map(|input| case("key", &[input])));
            let fingerprint = |cells: Vec<String>| cells[0].clone();
            answers
                .into_iter()
                .map(|answer| answer.map(fingerprint))
                .collect()
        },
    );
}

#[test]
fn password_infos_are_read_or_refused() {
    pwseal_cases::password_infos(
        |_| true,
        |inputs| {
            let password = PASSWORD.as_bytes();
            let cases = inputs.iter().map(|input| case("info", &[input, password]));
            let made = |cells: Vec<String>| Made {
                body: cells[0].clone(),
                outcomes: Some(list(&cells[1])),
            };
            let answers = answers(cases).into_iter();
            answers.map(|answer| answer.map(made)).collect()
        },
    );
}

fn encrypted(word: &str, passwords: &[&[u8]]) -> Vec<Answer<Encrypted>> {
    let cases = passwords
        .iter()
        .map(|password| case(word, &[INFO, password]));
    let encrypted = |cells: Vec<String>| {
        let body: Value = serde_json::from_str(&cells[0]).expect("JSON");
        Encrypted {
            ciphertext: body["encryptedPassword"].as_str().expect("text").into(),
            warnings: list(&cells[1]),
        }
    };
    let answers = answers(cases).into_iter();
    answers.map(|answer| answer.map(encrypted)).collect()
}

#[test]
fn passwords_are_judged() {
    pwseal_cases::passwords(|_| true, |passwords| encrypted("password", passwords));
    pwseal_cases::raw_passwords(|_| true, |passwords| encrypted("raw", passwords));
}

#[test]
fn policies_are_checked() {
    let text = |value: &Value| value.as_str().unwrap_or_default().as_bytes().to_vec();
    pwseal_cases::policies(
        |_| true,
        |rows| {
            let cases = rows.iter().map(|row| {
                let strings = row["policies"].as_array().expect("policies");
                let attributes = |of: &str| row[of].as_object().cloned().unwrap_or_default();
                let [account, identity] =
                    ["accountAttributes", "identityAttributes"].map(attributes);
                let counts = format!("{} {}", strings.len(), account.len());
                let mut cells: Vec<Vec<u8>> =
                    ["password", "accountId", "accountName", "dictionary"]
                        .map(|field| text(&row[field]))
                        .into();
                cells.push(counts.into_bytes());
                cells.extend(strings.iter().map(text));
                for (name, value) in account.iter().chain(&identity) {
                    cells.extend([name.clone().into_bytes(), text(value)]);
                }
                let cells: Vec<&[u8]> = cells.iter().map(|cell| &cell[..]).collect();
                case("policy", &cells)
            });
            let outcomes = |cells: Vec<String>| list(&cells[0]);
            let answers = answers(cases).into_iter();
            answers.map(|answer| answer.map(outcomes)).collect()
        },
    );
}
