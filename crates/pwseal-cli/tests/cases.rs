//! The cases that every interface is held to, for the command and for `bulk`. What the command makes of passwords is in
//! `passwords.rs`.
#![allow(
    clippy::panic,
    clippy::unwrap_used,
    reason = "that is how a test fails"
)]

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use pwseal_cases::{Answer, Encrypted, Made, PASSWORD};
use serde_json::value::RawValue;
use serde_json::{Value, json};

const INFO: &str = "../../examples/password-info.json";

/// An empty folder.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("cases")
        .join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

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

/// What it prints, or its last word on standard error.
fn answer(output: Output) -> Answer<String> {
    let said = String::from_utf8(output.stderr).unwrap();
    match output.status.code() {
        Some(0) => Ok(String::from_utf8(output.stdout).unwrap()),
        Some(1 | 2) if output.stdout.is_empty() => Err(said.trim_end().to_owned()),
        code => panic!("{code:?} {said}"),
    }
}

/// A file with an input, which a command takes.
fn file(folder: &Path, number: usize, content: &[u8]) -> String {
    let path = folder.join(number.to_string());
    fs::write(&path, content).unwrap();
    path.into_os_string().into_string().unwrap()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().into()
}

fn texts(values: &Value) -> Vec<String> {
    values.as_array().unwrap().iter().map(text).collect()
}

/// The outcomes of a report in JSON.
fn outcomes(report: &str) -> Vec<String> {
    let report: Value = serde_json::from_str(report).unwrap();
    let findings = report["findings"].as_array().unwrap().iter();
    let outcome = |finding: &Value| match finding["reason"].as_str() {
        Some(reason) => reason.into(),
        None => text(&finding["outcome"]),
    };
    findings.map(outcome).collect()
}

/// The lines that bulk answers with.
fn bulk(lines: impl IntoIterator<Item = String>) -> Vec<Value> {
    let input: String = lines.into_iter().map(|line| line + "\n").collect();
    let output = run(&["bulk", "--in", "-", "--out", "-"], input.as_bytes());
    assert!(matches!(output.status.code(), Some(0 | 1)), "{output:?}");
    let output = String::from_utf8(output.stdout).unwrap();
    let lines = output.lines();
    lines
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// Its request as JSON, or its message.
fn request(line: &Value) -> Answer<String> {
    match &line["error"]["message"] {
        Value::String(message) => Err(message.clone()),
        _ => Ok(line["request"].to_string()),
    }
}

fn info() -> Value {
    serde_json::from_slice(&fs::read(INFO).unwrap()).unwrap()
}

/// That of a source of its own: a run sets one password for each account.
fn info_of(number: usize) -> Value {
    let mut info = info();
    info["sourceId"] = number.to_string().into();
    info
}

fn is_text(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes).is_ok()
}

fn as_text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

#[test]
fn keys_in_the_command() {
    let folder = folder("keys");
    let fingerprint = |(number, input): (usize, &&[u8])| {
        let path = file(&folder, number, input);
        let printed = answer(run(&["key", "--json", &path], b""))?;
        let key: Value = serde_json::from_str(&printed).unwrap();
        Ok(text(&key["spkiSha256"]))
    };
    pwseal_cases::keys(
        |_| true,
        |inputs| inputs.iter().enumerate().map(fingerprint).collect(),
    );
}

/// bulk shows no fingerprint: what is encrypted for the example's key is decrypted with it.
#[test]
fn keys_in_bulk() {
    let example = "23ed72920d1603b5333bfd0a812e604c675727a98f6a8f55f906db7a07b5e761";
    // One that is empty is said not to be there.
    pwseal_cases::keys(
        |bytes| is_text(bytes) && !bytes.is_empty(),
        |inputs| {
            let lines = inputs.iter().enumerate().map(|(number, input)| {
                let mut info = info_of(number);
                info["publicKey"] = as_text(input).into();
                json!({"info": info, "password": PASSWORD}).to_string()
            });
            let answers = bulk(lines);
            let keys = inputs.iter().zip(&answers);
            let fingerprint = |(input, line): (&&[u8], &Value)| {
                request(line)?;
                let key = pwseal::PublicKey::parse(input).unwrap();
                Ok(key.fingerprint().to_string())
            };
            let found: Vec<Answer<String>> = keys.map(fingerprint).collect();
            assert!(found.iter().flatten().filter(|key| *key == example).count() > 20);
            found
        },
    );
}

#[test]
fn password_infos_in_the_command() {
    let folder = folder("password-infos");
    let made = |(number, input): (usize, &&[u8])| {
        let path = file(&folder, number, input);
        let body = answer(run(&["request", "--info", &path], PASSWORD.as_bytes()))?;
        let report = run(&["check", "--info", &path, "--json"], PASSWORD.as_bytes());
        Ok(Made {
            body,
            outcomes: Some(outcomes(&answer(report)?)),
        })
    };
    pwseal_cases::password_infos(
        |_| true,
        |inputs| inputs.iter().enumerate().map(made).collect(),
    );
}

/// Those that a line can hold as what they are.
#[test]
fn password_infos_in_the_lines_of_bulk() {
    let is_json = |bytes: &[u8]| serde_json::from_slice::<&RawValue>(bytes).is_ok();
    // Without it, the line has none.
    let is_some = |bytes: &[u8]| is_json(bytes) && bytes.trim_ascii() != b"null";
    pwseal_cases::password_infos(is_some, |inputs| {
        let made = |input: &&[u8]| {
            let info = as_text(input).replace(['\n', '\r'], " ");
            // Many are of one account, and a run sets one password for each.
            let line = format!(r#"{{"info": {info}, "password": "{PASSWORD}"}}"#);
            Ok(Made {
                body: request(&bulk([line])[0])?,
                outcomes: None,
            })
        };
        inputs.iter().map(made).collect()
    });
}

/// A file of bulk may have one on each line, which is refused elsewhere.
#[test]
fn password_infos_in_a_file_of_bulk() {
    let folder = folder("bulk-password-infos");
    let example = info();
    let line = json!({
        "identityId": example["identityId"], "sourceId": example["sourceId"], "password": PASSWORD,
    });
    let made = |(number, input): (usize, &&[u8])| {
        let path = file(&folder, number, input);
        let args = ["bulk", "--in", "-", "--out", "-", "--info", &path];
        let output = run(&args, line.to_string().as_bytes());
        if output.status.code() == Some(2) {
            return Err(answer(output).unwrap_err());
        }
        let line: Value = serde_json::from_slice(&output.stdout).unwrap();
        Ok(Made {
            body: request(&line)?,
            outcomes: None,
        })
    };
    // Of a first line that is JSON, more lines with one each may follow; and one of another identity is not looked at.
    let is_one = |bytes: &[u8]| {
        let (first, rest) = bytes.split_at(
            bytes
                .iter()
                .position(|b| *b == b'\n')
                .unwrap_or(bytes.len()),
        );
        let is_first_of_many =
            serde_json::from_slice::<&RawValue>(first).is_ok() && !rest.trim_ascii().is_empty();
        let is_of_another = serde_json::from_slice::<Value>(bytes).is_ok_and(|info| {
            let id = info["identityId"].as_str();
            id.is_some_and(|id| info["sourceId"].is_string() && id != example["identityId"])
        });
        !is_first_of_many && !is_of_another
    };
    pwseal_cases::password_infos(is_one, |inputs| {
        inputs.iter().enumerate().map(made).collect()
    });
}

fn encrypted(line: &Value) -> Answer<Encrypted> {
    let body: Value = serde_json::from_str(&request(line)?).unwrap();
    let warnings = line["warnings"].as_array().cloned().unwrap_or_default();
    Ok(Encrypted {
        ciphertext: text(&body["encryptedPassword"]),
        warnings: warnings
            .iter()
            .map(|warning| text(&warning["kind"]))
            .collect(),
    })
}

fn passwords(raw: bool, passwords: &[&[u8]]) -> Vec<Answer<Encrypted>> {
    let answers = bulk(passwords.iter().enumerate().map(|(number, password)| {
        let mut info = info_of(number);
        info["policies"] = json!([]);
        json!({"info": info, "password": as_text(password), "raw": raw}).to_string()
    }));
    answers.iter().map(encrypted).collect()
}

#[test]
fn passwords_in_bulk() {
    pwseal_cases::passwords(is_text, |inputs| passwords(false, inputs));
    pwseal_cases::raw_passwords(is_text, |inputs| passwords(true, inputs));
}

#[test]
fn lines_of_csv() {
    pwseal_cases::csv(|path| {
        let path = path.to_str().unwrap();
        let args = ["bulk", "--in", path, "--out", "-", "--csv", "--info", INFO];
        let output = run(&args, b"");
        if output.status.code() == Some(2) {
            return Err(answer(output).unwrap_err());
        }
        let lines = String::from_utf8(output.stdout).unwrap();
        let lines = lines
            .lines()
            .map(|line| serde_json::from_str(line).unwrap());
        let line = |line: Value| match line["error"]["kind"].as_str() {
            Some(kind) => Err(kind.into()),
            None => encrypted(&line),
        };
        Ok(lines.map(line).collect())
    });
}

/// The same accounts in lines of JSON, and what else people give for lines.
#[test]
fn lines_of_json() {
    let account = "CN=Abby Smith,OU=Austin,OU=Americas,OU=Demo,DC=seri,DC=acme,DC=com";
    let line = |more: Value| {
        let mut line = json!({"info": info(), "password": PASSWORD});
        line.as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        line.to_string()
    };
    for (given, kind) in [
        (line(json!({})), None),
        (line(json!({"accountId": account})), None),
        (line(json!({"accountName": "Abby.Smith"})), None),
        (
            line(json!({"accountId": account, "accountName": "Abby.Smith"})),
            None,
        ),
        (
            line(json!({"account": null, "accountId": null, "mail": "x", "accountStatus": 1})),
            None,
        ),
        (
            line(json!({"accountId": "Abby.Smith"})),
            Some("account-not-found"),
        ),
        (
            line(json!({"accountName": account})),
            Some("account-not-found"),
        ),
        (
            line(json!({"accountId": account, "accountName": "Bob"})),
            Some("account-not-found"),
        ),
        (line(json!({"account": ""})), Some("account-not-found")),
        (line(json!({"accountId": ""})), Some("account-not-found")),
        (line(json!({"accountId": 7})), Some("json")),
        (
            line(json!({"account": account, "accountId": account})),
            Some("ambiguous"),
        ),
        (
            line(json!({"nativeIdentity": account})),
            Some("unknown-field"),
        ),
        (line(json!({"account_id": account})), Some("unknown-field")),
        (
            line(json!({"AccountName": "Abby.Smith"})),
            Some("unknown-field"),
        ),
        (line(json!({"acount": "Abby.Smith"})), Some("unknown-field")),
        (
            line(json!({"newPassword": "hunter22"})),
            Some("unknown-field"),
        ),
        (line(json!({"Generate": true})), Some("unknown-field")),
        (format!("[{}]", line(json!({}))), Some("json")),
        ("{".into(), Some("json")),
    ] {
        // Blank lines at the end are none.
        for end in [vec![], vec![String::new(), " \r".into(), "\t".into()]] {
            let answers = bulk([given.clone()].into_iter().chain(end));
            assert_eq!(answers.len(), 1, "{given}");
            assert_eq!(
                answers[0]["error"]["kind"].as_str(),
                kind,
                "{given}: {}",
                answers[0]
            );
            assert!(!answers[0].to_string().contains("hunter22"));
        }
    }
    let between = [line(json!({})), String::new(), line(json!({}))];
    assert_eq!(bulk(between)[1]["error"]["message"], "the line is empty");
    assert_eq!(bulk(vec![String::new(); 700]), [Value::Null; 0]);
}

/// It says of a password that is no text what it is, and makes no report.
#[test]
fn policies_in_the_command() {
    let folder = folder("policies");
    let check = |(number, row): (usize, &Value)| {
        let info = json!({"policies": row["policies"]}).to_string();
        let info = file(&folder, number, info.as_bytes());
        let mut args = vec!["check".into(), "--json".into(), "--info".into(), info];
        for (option, field) in [
            ("--account-id", "accountId"),
            ("--account-name", "accountName"),
        ] {
            if let Some(value) = row[field].as_str() {
                args.extend([option.into(), value.into()]);
            }
        }
        for (option, field) in [
            ("--account-attribute", "accountAttributes"),
            ("--identity-attribute", "identityAttributes"),
        ] {
            for (name, value) in row[field].as_object().into_iter().flatten() {
                args.extend([option.into(), format!("{name}={}", text(value))]);
            }
        }
        if let Some(dictionary) = row["dictionary"].as_str() {
            let path = file(&folder, 1000 + number, dictionary.as_bytes());
            args.extend(["--dictionary".into(), path]);
        }
        let args: Vec<&str> = args.iter().map(|arg: &String| &arg[..]).collect();
        let output = run(&args, text(&row["password"]).as_bytes());
        let report = String::from_utf8(output.stdout).unwrap();
        match report.is_empty() {
            true => Err(String::from_utf8(output.stderr).unwrap()),
            false => Ok(outcomes(&report)),
        }
    };
    pwseal_cases::policies(
        |row| !texts(&row["outcomes"]).contains(&"notText".into()),
        |rows| rows.iter().enumerate().map(check).collect(),
    );
}

/// What it shows of them is whether one is violated, and which.
#[test]
fn policies_in_bulk() {
    let has = |row: &Value, field: &str| !row[field].is_null();
    let can_be_given = |row: &Value| {
        !["accountAttributes", "identityAttributes", "dictionary"]
            .iter()
            .any(|field| has(row, field))
    };
    pwseal_cases::policies(can_be_given, |rows| {
        let lines = rows.iter().enumerate().map(|(number, row)| {
            let mut info = info_of(number);
            info["policies"] = row["policies"].clone();
            let id = row["accountId"].as_str().unwrap_or("~");
            info["accounts"] = json!([{"accountId": id, "accountName": row["accountName"]}]);
            json!({"info": info, "password": row["password"]}).to_string()
        });
        let answers = bulk(lines);
        let outcomes = |(row, line): (&Value, &Value)| {
            let wanted = texts(&row["outcomes"]);
            let has = |outcome: &str| wanted.iter().any(|wanted| wanted == outcome);
            let kind = match (has("notText"), has("violated")) {
                (true, _) => Some("password-not-text"),
                (false, true) => Some("policy"),
                (false, false) => None,
            };
            match line["error"]["kind"].as_str() == kind {
                true => Ok(wanted),
                false => Err(line.to_string()),
            }
        };
        rows.iter().zip(&answers).map(outcomes).collect()
    });
}
