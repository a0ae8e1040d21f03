//! The cases of this folder, and what every interface is held to by them.
//!
//! For each table there is a function that a test of an interface calls. It is told which inputs the interface can be
//! given at all, gives all of these at once, and compares what comes of them with the table.
#![allow(
    clippy::panic,
    clippy::unwrap_used,
    reason = "that is how a test fails"
)]

use std::fs;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rsa::pkcs8::DecodePrivateKey as _;
use rsa::{Pkcs1v15Encrypt, RsaPrivateKey};
use serde_json::Value;

/// The password that is set with the password-infos, and violates nothing of them.
pub const PASSWORD: &str = "correct horse 7";

/// What an interface makes of an input, or the message of its error.
pub type Answer<T> = Result<T, String>;

/// What is made of a password-info.
#[derive(Debug)]
pub struct Made {
    /// The body for [`PASSWORD`], as JSON.
    pub body: String,
    /// The outcomes of the report on [`PASSWORD`], where the interface shows it.
    pub outcomes: Option<Vec<String>>,
}

/// What is made of a password.
#[derive(Debug)]
pub struct Encrypted {
    /// In base64, for the example's key.
    pub ciphertext: String,
    /// The names of the warnings, in their order.
    pub warnings: Vec<String>,
}

/// A row of a table, and what is in its file.
struct Case {
    cells: Vec<String>,
    bytes: Vec<u8>,
}

impl Case {
    fn name(&self) -> &str {
        &self.cells[0]
    }
}

/// Where the tables are.
#[must_use]
pub fn folder() -> PathBuf {
    env!("CARGO_MANIFEST_DIR").into()
}

/// The rows of a table that an interface can be given: at least some, as it is no test of the interface else.
fn table(name: &str, can_be_given: impl Fn(&[u8]) -> bool) -> Vec<Case> {
    let table = fs::read_to_string(folder().join(name).with_extension("tsv")).unwrap();
    let rows = table.lines().skip(1);
    let case = |row: &str| {
        let cells: Vec<String> = row.split('\t').map(String::from).collect();
        let bytes = fs::read(folder().join(name).join(&cells[0])).unwrap();
        Case { cells, bytes }
    };
    let all: Vec<Case> = rows.map(case).collect();
    let count = all.len();
    let given: Vec<Case> = all
        .into_iter()
        .filter(|case| can_be_given(&case.bytes))
        .collect();
    assert!(
        count > 50 && given.len() > count / 3,
        "{name}: {} of {count}",
        given.len()
    );
    given
}

/// Compares, and tells everything that is wrong at once.
fn compare<T: std::fmt::Debug>(
    cases: &[Case],
    answers: Vec<Answer<T>>,
    wrong: impl Fn(&Case, &Answer<T>) -> Option<String>,
) {
    assert_eq!(cases.len(), answers.len());
    let mut all = Vec::new();
    for (case, answer) in cases.iter().zip(&answers) {
        let message = answer.as_ref().err().map_or("", |message| message);
        // Nor is anything of a password in it.
        let bad = message.contains('\n') || message.contains("hunter2");
        if let Some(wanted) = wrong(case, answer) {
            all.push(format!("{}: {wanted}\n    {answer:?}", case.name()));
        } else if bad {
            all.push(format!("{}: {message:?}", case.name()));
        }
    }
    assert!(
        all.is_empty(),
        "{} are wrong\n{}",
        all.len(),
        all.join("\n")
    );
}

/// The fingerprint of each key, or the message.
pub fn keys(
    can_be_given: impl Fn(&[u8]) -> bool,
    answers: impl FnOnce(&[&[u8]]) -> Vec<Answer<String>>,
) {
    let cases = table("keys", can_be_given);
    let inputs: Vec<&[u8]> = cases.iter().map(|case| &case.bytes[..]).collect();
    compare(&cases, answers(&inputs), |case, answer| {
        let (verdict, wanted) = (&case.cells[1], &case.cells[2]);
        let is_right = match answer {
            Ok(fingerprint) => verdict == "read" && fingerprint == wanted,
            Err(message) => verdict == "refused" && message.contains(wanted),
        };
        (!is_right).then(|| format!("{verdict}: {wanted}"))
    });
}

/// What is made of each password-info, or the message.
pub fn password_infos(
    can_be_given: impl Fn(&[u8]) -> bool,
    answers: impl FnOnce(&[&[u8]]) -> Vec<Answer<Made>>,
) {
    let key = private_key();
    let cases = table("password-infos", can_be_given);
    let inputs: Vec<&[u8]> = cases.iter().map(|case| &case.bytes[..]).collect();
    compare(&cases, answers(&inputs), |case, answer| {
        let (verdict, wanted) = (&case.cells[1], &case.cells[2]);
        let is_right = match answer {
            Ok(made) => {
                let body: Value = serde_json::from_str(&made.body).unwrap();
                let account = body["accountId"].as_str().unwrap();
                let password = decrypted(&key, body["encryptedPassword"].as_str().unwrap());
                let outcomes = made
                    .outcomes
                    .as_ref()
                    .is_none_or(|outcomes| match &wanted[..] {
                        "absent" => *outcomes == ["noPolicies"],
                        count => {
                            let is_bad =
                                |outcome: &String| outcome == "violated" || outcome == "noPolicies";
                            outcomes.len().to_string() == count && !outcomes.iter().any(is_bad)
                        }
                    });
                verdict == "read"
                    && body["identityId"] == "2c918085744fec4301746f9a5bce4605"
                    && account.starts_with("CN=Abby Smith,")
                    && password == PASSWORD.as_bytes()
                    && outcomes
            }
            Err(message) => verdict != "read" && message.contains(wanted),
        };
        (!is_right).then(|| format!("{verdict}: {wanted}"))
    });
}

/// What is encrypted of each password, or the message. It is given without the line break at its end.
pub fn passwords(
    can_be_given: impl Fn(&[u8]) -> bool,
    answers: impl FnOnce(&[&[u8]]) -> Vec<Answer<Encrypted>>,
) {
    let key = private_key();
    let cases = table("passwords", can_be_given);
    let inputs: Vec<&[u8]> = cases
        .iter()
        .map(|case| without_line_break(&case.bytes))
        .collect();
    compare(&cases, answers(&inputs), |case, answer| {
        let [_, verdict, finding, detail] = &case.cells[..] else {
            panic!("{}: four cells", case.name());
        };
        let is_right = match (&verdict[..], answer) {
            ("accepted", Ok(encrypted)) => {
                let password = decrypted(&key, &encrypted.ciphertext);
                let hex: String = password.iter().map(|byte| format!("{byte:02x}")).collect();
                hex == *finding && encrypted.warnings.join(",") == *detail
            }
            ("decoded", Err(message)) => message.contains("UTF-16"),
            ("refused", Err(message)) => message.contains(detail),
            ("empty", Err(message)) => message.contains("empty") || message.contains("no password"),
            _ => false,
        };
        (!is_right).then(|| format!("{verdict}: {finding}: {detail}"))
    });
}

/// What becomes of each password that is said to be meant as it is: the very same bytes.
pub fn raw_passwords(
    can_be_given: impl Fn(&[u8]) -> bool,
    answers: impl FnOnce(&[&[u8]]) -> Vec<Answer<Encrypted>>,
) {
    let key = private_key();
    let mut cases = table("passwords", can_be_given);
    cases.retain(|case| !case.bytes.is_empty());
    let inputs: Vec<&[u8]> = cases.iter().map(|case| &case.bytes[..]).collect();
    compare(&cases, answers(&inputs), |case, answer| {
        let is_right = |encrypted: &Encrypted| decrypted(&key, &encrypted.ciphertext) == case.bytes;
        (!answer.as_ref().is_ok_and(is_right)).then(|| "raw".into())
    });
}

/// The outcomes of the rules of each case, or the message. The interface is given the row itself.
pub fn policies(
    can_be_given: impl Fn(&Value) -> bool,
    answers: impl FnOnce(&[Value]) -> Vec<Answer<Vec<String>>>,
) {
    let rows = fs::read_to_string(folder().join("policies.json")).unwrap();
    let rows: Vec<Value> = serde_json::from_str(&rows).unwrap();
    let count = rows.len();
    let rows: Vec<Value> = rows.into_iter().filter(can_be_given).collect();
    assert!(count > 50 && rows.len() > count / 3, "{}", rows.len());
    let answers = answers(&rows);
    assert_eq!(rows.len(), answers.len());
    let wrong = rows.iter().zip(answers).filter_map(|(row, answer)| {
        let is_right = answer.as_ref().is_ok_and(|outcomes| {
            let wanted = row["outcomes"].as_array().unwrap().iter();
            wanted.eq(outcomes.iter())
        });
        (!is_right).then(|| format!("{row}\n    {answer:?}"))
    });
    let wrong: Vec<String> = wrong.collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What each line of a file becomes: a password, or the kind of an error; and the message where the whole file is refused.
pub fn csv(answers: impl Fn(&Path) -> Answer<Vec<Answer<Encrypted>>>) {
    let key = private_key();
    let table = fs::read_to_string(folder().join("csv.tsv")).unwrap();
    let rows = table.lines().skip(1).map(|row| row.split('\t').collect());
    let rows: Vec<Vec<&str>> = rows.collect();
    let mut wrong = Vec::new();
    for file in rows.chunk_by(|a, b| a[0] == b[0]) {
        let name = file[0][0];
        let wanted = file.iter().map(|row| row[1..].join("\t"));
        let wanted: Vec<String> = wanted.collect();
        let found = match answers(&folder().join("csv").join(name)) {
            Ok(lines) => {
                let line = |(number, line): (usize, &Answer<Encrypted>)| match line {
                    Ok(encrypted) => {
                        let password = decrypted(&key, &encrypted.ciphertext);
                        let password = String::from_utf8(password).unwrap();
                        format!("{number}\t{password}\t{}", encrypted.warnings.join(","))
                    }
                    Err(kind) => format!("{number}\t\terror {kind}"),
                };
                (1..).zip(&lines).map(line).collect()
            }
            Err(message) if file[0][1] == "refused" && message.contains(file[0][3]) => {
                wanted.clone()
            }
            Err(message) => vec![message],
        };
        if found != wanted {
            wrong.push(format!("{name}: {wanted:#?}\n{found:#?}"));
        }
    }
    assert!(rows.len() > 40 && wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The example's.
fn private_key() -> RsaPrivateKey {
    let pem = fs::read_to_string(folder().join("../../examples/private-key.pem")).unwrap();
    RsaPrivateKey::from_pkcs8_pem(&pem).unwrap()
}

fn decrypted(key: &RsaPrivateKey, ciphertext: &str) -> Vec<u8> {
    let ciphertext = STANDARD.decode(ciphertext).unwrap();
    key.decrypt(Pkcs1v15Encrypt, &ciphertext).unwrap()
}

fn without_line_break(bytes: &[u8]) -> &[u8] {
    match bytes.strip_suffix(b"\n") {
        Some(line) => line.strip_suffix(b"\r").unwrap_or(line),
        None => bytes,
    }
}
