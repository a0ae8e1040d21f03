//! `pwseal bulk`: streams, order, what is left after an end in the middle, and memory.
//! What single bad lines give is in `tests/cmd/bulk-*`.
// What only tests of Unix use.
#![cfg_attr(not(unix), allow(dead_code))]

use std::fmt::Display;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
#[cfg(unix)]
use std::os::unix::{fs::PermissionsExt, process::ExitStatusExt};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

#[cfg(unix)]
use pwseal_api::PasswordChangeRequest;
use serde_json::{Value, json};

const PWSEAL: &str = env!("CARGO_BIN_EXE_pwseal");
const PRIVATE_KEY: &str = "../../examples/private-key.pem";
const PASSWORD_INFO: &str = "../../examples/password-info.json";

/// An empty folder.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("bulk")
        .join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("a folder");
    folder
}

fn bulk(folder: &Path, args: &[&str]) -> Command {
    // Whoever runs the tests in the background may have had these ignored.
    let mut command = Command::new(if cfg!(unix) { "env" } else { PWSEAL });
    if cfg!(unix) {
        command.args(["--default-signal=INT,TERM,HUP", PWSEAL]);
    }
    let info = fs::canonicalize(PASSWORD_INFO).expect("the example");
    command.current_dir(folder).arg("bulk").args(args);
    if !args.contains(&"--info") {
        command.arg("--info").arg(info);
    }
    command
}

/// Runs it, and returns the exit code and what it says, with folders parted as in the arguments.
fn run(folder: &Path, args: &[&str]) -> (i32, String) {
    let output = bulk(folder, args).output().expect("it runs");
    let mut said = String::from_utf8(output.stderr).expect("text");
    if cfg!(windows) {
        said = said.replace('\\', "/");
    }
    (output.status.code().expect("no signal ends it"), said)
}

/// Runs it with `--json`, and returns the exit code and the summary on standard output.
fn run_for_summary(folder: &Path, args: &[&str]) -> (i32, Value) {
    let output = bulk(folder, args).arg("--json").output().expect("it runs");
    let summary = values(&String::from_utf8(output.stdout).expect("text"));
    assert_eq!(summary.len(), 1, "{summary:?}");
    (
        output.status.code().expect("no signal ends it"),
        summary[0].clone(),
    )
}

/// Runs it where no file may be longer than so many blocks, which stops a write in the middle as a full disk does.
/// It returns what it prints and what it says.
#[cfg(unix)]
fn run_out_of_room(folder: &Path, blocks: usize, args: &str) -> (String, String) {
    let info = fs::canonicalize(PASSWORD_INFO).expect("the example");
    let info = info.display();
    let script = format!("ulimit -f {blocks}; exec {PWSEAL} bulk {args} --info '{info}'");
    let output = Command::new("sh")
        .args(["-c", &script])
        .current_dir(folder)
        .output()
        .expect("a shell");
    assert_eq!(output.status.code(), Some(2));
    let text = |bytes| String::from_utf8(bytes).expect("text");
    (text(output.stdout), text(output.stderr))
}

fn info() -> Value {
    let info = fs::read(PASSWORD_INFO).expect("the example");
    serde_json::from_slice(&info).expect("JSON")
}

/// The password-info of a person.
fn info_of(person: impl Display) -> Value {
    let mut info = info();
    info["identityId"] = format!("identity-{person}").into();
    info["accounts"][0]["accountId"] = format!("CN=Person {person}").into();
    info
}

/// A line for the person of this id.
fn line(id: impl Into<Value>, field: &str, value: impl Into<Value>) -> String {
    let id = id.into();
    line_of(&id.to_string().replace('"', ""), id, field, value)
}

/// A line for this person.
fn line_of(person: &str, id: impl Into<Value>, field: &str, value: impl Into<Value>) -> String {
    let mut line = json!({"id": id.into(), "info": info_of(person)});
    line[field] = value.into();
    line.to_string() + "\n"
}

/// A line for the example's identity, which is in `--info`.
fn line_by_ids(id: impl Into<Value>, field: &str, value: impl Into<Value>) -> String {
    let info = info();
    let mut line = json!({
        "id": id.into(), "identityId": info["identityId"], "sourceId": info["sourceId"],
    });
    line[field] = value.into();
    line.to_string() + "\n"
}

fn lines(count: usize, field: &str, value: impl Into<Value> + Clone) -> String {
    (1..=count)
        .map(|id| line(id, field, value.clone()))
        .collect()
}

fn read(folder: &Path, name: &str) -> String {
    fs::read_to_string(folder.join(name)).expect("it is there")
}

fn values(text: &str) -> Vec<Value> {
    assert!(text.is_empty() || text.ends_with('\n'), "whole lines");
    let lines = text.lines();
    lines
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect()
}

/// By the crate `rsa`, as there may be no OpenSSL.
#[cfg(not(unix))]
fn decrypt(answer: &Value) -> String {
    use base64::Engine;
    use rsa::pkcs8::DecodePrivateKey;

    let base64 = answer["request"]["encryptedPassword"].as_str();
    let encrypted = base64::engine::general_purpose::STANDARD
        .decode(base64.expect("text"))
        .expect("base64");
    let key = fs::read_to_string(PRIVATE_KEY).expect("the example");
    let key = rsa::RsaPrivateKey::from_pkcs8_pem(&key).expect("a key");
    let password = key.decrypt(rsa::Pkcs1v15Encrypt, &encrypted);
    String::from_utf8(password.expect("it decrypts")).expect("text")
}

/// By OpenSSL alone: its base64 decoder, then its private key operation.
#[cfg(unix)]
fn decrypt(answer: &Value) -> String {
    let change = PasswordChangeRequest::from_json(&answer["request"].to_string());
    assert!(change.is_ok(), "{change:?}");
    let base64 = answer["request"]["encryptedPassword"]
        .as_str()
        .expect("text");
    let script = format!("openssl base64 -d -A | openssl pkeyutl -decrypt -inkey {PRIVATE_KEY}");
    let mut child = Command::new("sh")
        .args(["-c", &script])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("a shell");
    let mut stdin = child.stdin.take().expect("a pipe");
    stdin.write_all(base64.as_bytes()).expect("it is read");
    drop(stdin);
    let output = child.wait_with_output().expect("it ends");
    assert!(output.status.success());
    String::from_utf8(output.stdout).expect("text")
}

fn kinds(answer: &Value) -> Vec<&str> {
    let warnings = answer["warnings"]
        .as_array()
        .map_or(&[][..], |warnings| warnings);
    warnings
        .iter()
        .map(|warning| warning["kind"].as_str().expect("a kind"))
        .collect()
}

/// Lines of JSON and of CSV, and one that is continued.
#[test]
fn passwords_are_judged() {
    let folder = folder("judged");
    let cases = [
        ("correct horse 7", false, Ok(&[][..])),
        (
            "hunter22\u{a0}",
            false,
            Ok(&["trailing-white-space", "no-break-space", "non-ascii"]),
        ),
        ("\u{feff}hunter:22", false, Ok(&["colon"])),
        ("hunter22\0", false, Err("password-not-text")),
        ("hunter22\r\n", false, Err("password-not-text")),
        ("hunter22\u{feff}", false, Err("password-not-text")),
        ("hunter22\u{2028}", false, Err("password-not-text")),
        ("hunter22\r\n", true, Ok(&["control-character"])),
        ("\u{feff}hunter22 ", true, Ok(&["non-ascii"])),
    ];
    let mut input = String::new();
    let mut csv = String::from("identityId,sourceId,password,raw\n");
    let (mut csv_cases, mut infos) = (Vec::new(), String::new());
    for (index, (password, raw, expected)) in cases.into_iter().enumerate() {
        let info = info_of(index);
        let mut line = json!({
            "identityId": info["identityId"], "sourceId": info["sourceId"], "password": password,
        });
        if raw {
            line["raw"] = true.into();
        }
        infos += &format!("{info}\n");
        input += &(line.to_string() + "\n");
        // A cell may not hold a line break.
        if !password.contains('\n') {
            let [identity, source] = ["identityId", "sourceId"].map(|field| line[field].as_str());
            let (identity, source) = (identity.expect("an id"), source.expect("an id"));
            let raw = if raw { "TRUE" } else { "" };
            csv += &format!("{identity},{source},{password},{raw}\n");
            csv_cases.push((password, raw == "TRUE", expected));
        }
    }
    fs::write(folder.join("in.jsonl"), &input).expect("it is written");
    fs::write(folder.join("in.csv"), csv).expect("it is written");
    fs::write(folder.join("infos"), infos).expect("it is written");
    for (name, cases) in [("in.jsonl", &cases[..]), ("in.csv", &csv_cases)] {
        let out = format!("{name}.out");
        let args = ["--in", name, "--out", &out, "--info", "infos"];
        let (code, said) = run(&folder, &args);
        assert_eq!(code, 1, "{said}");
        let warned = cases
            .iter()
            .filter(|(.., kinds)| kinds.is_ok_and(|kinds| !kinds.is_empty()));
        let warning = format!(
            "pwseal: warning: {} of the passwords may not be as they were meant: see warnings in their lines\n",
            warned.count()
        );
        assert!(said.contains(&warning), "{said}");
        for ((password, raw, expected), answer) in cases.iter().zip(values(&read(&folder, &out))) {
            match expected {
                Ok(expected) => {
                    assert_eq!(kinds(&answer), *expected, "{password:?}");
                    let meant = match raw {
                        true => password,
                        false => password.trim_start_matches('\u{feff}'),
                    };
                    assert_eq!(decrypt(&answer), meant);
                }
                Err(kind) => assert_eq!(answer["error"]["kind"], *kind, "{password:?}"),
            }
        }
    }

    // A run that is continued reads the warnings of the earlier one, and counts them.
    let whole = read(&folder, "in.jsonl.out");
    let cut = whole.match_indices('\n').nth(2).expect("three lines").0 + 1;
    fs::write(folder.join("in.jsonl.out"), &whole[..cut]).expect("it is written");
    let args = [
        "--in",
        "in.jsonl",
        "--out",
        "in.jsonl.out",
        "--info",
        "infos",
        "--resume",
    ];
    let (code, summary) = run_for_summary(&folder, &args);
    assert_eq!(code, 1, "{summary}");
    assert_eq!(
        (&summary["requests"], &summary["warned"]),
        (&json!(5), &json!(4))
    );
}

#[test]
fn raw_is_about_a_password_that_is_given() {
    let folder = folder("raw");
    let mut generated: Value = serde_json::from_str(&line(1, "generate", true)).expect("JSON");
    generated["raw"] = true.into();
    let mut wrong: Value = serde_json::from_str(&line(2, "password", "hunter22")).expect("JSON");
    wrong["raw"] = "yes".into();
    fs::write(folder.join("in.jsonl"), format!("{generated}\n{wrong}\n")).expect("it is written");
    assert_eq!(run(&folder, &["--in", "in.jsonl", "--out", "out"]).0, 1);
    let answers = values(&read(&folder, "out"));
    assert_eq!(answers[0]["error"]["kind"], "ambiguous");
    assert_eq!(answers[1]["error"]["kind"], "json");
}

#[test]
fn every_line_is_answered_with_its_own_password_encrypted() {
    let folder = folder("answers");
    fs::create_dir(folder.join("infos")).expect("a folder");
    let passwords = ["correct horse 7", "\"7\\/ é€😀", "a,b\"7", " 7xy ", "𝒳7abc"];
    let mut input = String::new();
    let mut csv = String::from("id,mail,password,identityId,sourceId\r\n");
    for (index, password) in passwords.iter().enumerate() {
        let info = info_of(index);
        let line = json!({"id": {"n": index}, "info": info, "password": password, "other": [1]});
        // As Python writes it, with everything that is not ASCII as an escape.
        let line = line
            .to_string()
            .chars()
            .fold(String::new(), |line, char| match char {
                ' '..='~' => line + &char.to_string(),
                char => char
                    .encode_utf16(&mut [0; 2])
                    .iter()
                    .fold(line, |line, unit| line + &format!("\\u{unit:04x}")),
            });
        input += &(line + "\n");
        let ids = format!(
            "{},{}",
            info["identityId"].as_str().unwrap(),
            info["sourceId"].as_str().unwrap()
        );
        csv += &format!("{index},x,\"{}\",{ids}\r\n", password.replace('"', "\"\""));
        fs::write(folder.join(format!("infos/{index}.json")), info.to_string())
            .expect("it is written");
    }
    fs::write(folder.join("in.jsonl"), input).expect("it is written");
    fs::write(folder.join("in.csv"), csv).expect("it is written");

    let from_json = run(&folder, &["--in", "in.jsonl", "--out", "json.out"]);
    let from_csv = run(
        &folder,
        &["--in", "in.csv", "--out", "csv.out", "--info", "infos"],
    );
    // Whether the platform counts some of these characters is not documented.
    assert_eq!(
        from_json,
        (
            0,
            "pwseal: 5 lines: 5 requests, 0 errors\npwseal: warning: 3 of the passwords may not be as \
             they were meant: see warnings in their lines\npwseal: warning: 1 of the passwords could not be \
             checked against every rule of their policies: see notChecked in their lines\n"
                .to_owned()
                + "pwseal: warning: fields that are not known here were skipped: \"other\"\n"
        )
    );
    assert_eq!(from_csv, (0, from_json.1.replace("\"other\"", "\"mail\"")));
    let json = values(&read(&folder, "json.out"));
    let csv = values(&read(&folder, "csv.out"));
    for (index, password) in passwords.iter().enumerate() {
        let info = info_of(index);
        for (answer, id) in [
            (&json[index], json!({"n": index})),
            (&csv[index], json!(index.to_string())),
        ] {
            assert_eq!(answer["id"], id);
            let request = &answer["request"];
            for field in ["identityId", "sourceId", "publicKeyId"] {
                assert_eq!(request[field], info[field]);
            }
            assert_eq!(request["accountId"], info["accounts"][0]["accountId"]);
            assert_eq!(decrypt(answer), *password);
        }
    }
}

#[cfg(unix)]
#[test]
fn a_request_is_what_the_command_request_prints() {
    let folder = folder("request");
    let line = line_by_ids(1, "password", "correct horse 7");
    fs::write(folder.join("in"), line).expect("it is written");
    assert_eq!(run(&folder, &["--in", "in", "--out", "out"]).0, 0);
    let script = format!("echo correct horse 7 | {PWSEAL} request --info {PASSWORD_INFO}");
    let printed = Command::new("sh")
        .args(["-c", &script])
        .output()
        .expect("a shell");
    let printed = String::from_utf8(printed.stdout).expect("text");

    let shape = |body: &str| {
        let body: Value = serde_json::from_str(body).expect("JSON");
        body["encryptedPassword"].as_str().expect("text").to_owned()
    };
    let line = read(&folder, "out");
    let body = line
        .strip_prefix("{\"id\":1,\"request\":")
        .expect("the id first");
    let body = body.strip_suffix("}\n").expect("the request last");
    assert_eq!(
        body.replace(&shape(body), ""),
        printed.trim_end().replace(&shape(&printed), "")
    );
}

#[test]
fn the_order_is_that_of_the_input_on_any_number_of_cores() {
    let folder = folder("order");
    let mut input = String::new();
    for id in 0..3000 {
        // Slow lines and fast ones, short and long, good and bad.
        input += &match id % 7 {
            0 => "\n".into(),
            1 => line(id, "generate", true),
            2 => line(id, "password", "7x".repeat(id % 600)),
            3 => line_of(
                &id.to_string(),
                "x".repeat(id * 20),
                "password",
                "correct horse 7",
            ),
            _ => line(id, "password", "correct horse 7"),
        };
    }
    fs::write(folder.join("in"), &input).expect("it is written");
    let args = ["--in", "in", "--out", "out", "--generated-not-kept"];
    let (code, _) = run(&folder, &args);
    assert_eq!(code, 1);
    let answers = values(&read(&folder, "out"));
    assert_eq!(answers.len(), 3000);
    for (id, answer) in answers.iter().enumerate() {
        match id % 7 {
            0 => assert_eq!(
                (&answer["id"], &answer["line"]),
                (&Value::Null, &json!(id + 1))
            ),
            3 => assert_eq!(answer["id"].as_str().map(str::len), Some(id * 20)),
            _ => assert_eq!(answer["id"], id),
        }
    }
}

#[test]
fn one_password_info_for_each_line_is_found_in_files_of_every_form() {
    let folder = folder("infos");
    fs::create_dir(folder.join("infos")).expect("a folder");
    let count = 300;
    let mut one_each = String::new();
    let mut input = String::new();
    for index in 0..count {
        let info = info_of(index);
        one_each += &format!("{info}\n");
        let text = match index % 3 {
            0 => serde_json::to_string_pretty(&info).expect("JSON"),
            1 => format!("\u{feff}{info}\r\n"),
            _ => info.to_string(),
        };
        fs::write(folder.join("infos").join(format!("{index}.json")), text).expect("it is written");
        let (identity, source) = (&info["identityId"], &info["sourceId"]);
        input +=
            &json!({"identityId": identity, "sourceId": source, "password": "correct horse 7"})
                .to_string();
        input += "\n";
    }
    input += "{\"identityId\":\"identity-1\",\"sourceId\":\"other\",\"password\":\"x\"}\n";
    fs::write(folder.join("infos/README"), "none").expect("it is written");
    fs::write(folder.join("infos.jsonl"), one_each).expect("it is written");
    fs::write(folder.join("in"), input).expect("it is written");
    for info in ["infos", "infos.jsonl"] {
        let (code, said) = run(&folder, &["--in", "in", "--out", "out", "--info", info]);
        assert_eq!(code, 1);
        assert_eq!(
            said,
            "pwseal: 301 lines: 300 requests, 1 error (1 identity-not-found)\n"
        );
        for (index, answer) in values(&read(&folder, "out"))[..count].iter().enumerate() {
            assert_eq!(answer["request"]["accountId"], format!("CN=Person {index}"));
        }
        fs::remove_file(folder.join("out")).expect("it is there");
    }
}

#[test]
fn a_password_info_is_found_wherever_it_is_in_its_file() {
    let folder = folder("places");
    let count = 60;
    let mut infos = String::new();
    for index in 0..count {
        let mut info = info_of(index);
        // Some are longer than what is read ahead.
        info["accounts"][0]["accountName"] = "x".repeat(index * 500).into();
        infos += &format!("{info}\n");
    }
    fs::write(folder.join("infos.jsonl"), infos).expect("it is written");
    let forwards = 0..count;
    let backwards = (0..count).rev();
    let across = (0..count).map(|index| index * 7 % count);
    let orders: [Vec<usize>; 3] = [forwards.collect(), backwards.collect(), across.collect()];
    let source = &info()["sourceId"];
    let line = |index: &usize| {
        let identity = format!("identity-{index}");
        let password = format!("correct horse {index}");
        json!({"identityId": identity, "sourceId": source, "password": password}).to_string() + "\n"
    };
    for wanted in orders {
        let input: String = wanted.iter().map(line).collect();
        fs::write(folder.join("in"), input).expect("it is written");
        let _ = fs::remove_file(folder.join("out"));
        let args = ["--in", "in", "--out", "out", "--info", "infos.jsonl"];
        let said = "pwseal: 60 lines: 60 requests, 0 errors\n";
        assert_eq!(run(&folder, &args), (0, said.into()));
        for (index, answer) in wanted.iter().zip(values(&read(&folder, "out"))) {
            let request = &answer["request"];
            assert_eq!(request["identityId"], format!("identity-{index}"));
            assert_eq!(request["accountId"], format!("CN=Person {index}"));
        }
    }
}

#[test]
fn nothing_that_is_there_is_written_over() {
    let folder = folder("kept");
    fs::write(folder.join("in"), lines(3, "password", "correct horse 7")).expect("it is written");
    fs::write(folder.join("infos"), info_of(1).to_string()).expect("it is written");
    fs::write(folder.join("old"), "old\n").expect("it is written");
    fs::hard_link(folder.join("in"), folder.join("linked")).expect("a link");
    fs::copy(folder.join("in"), folder.join("in.jsonl")).expect("it is written");
    let names = ["in", "infos", "old", "linked"];
    let before = names.map(|name| read(&folder, name));
    for (args, message) in [
        (
            &["--in", "in", "--out", "old"][..],
            "pwseal: \"old\": it is not empty,",
        ),
        (
            &["--in", "in", "--out", "linked"],
            "pwseal: --in and --out are the same file",
        ),
        (
            &["--in", ".", "--out", "new"],
            "pwseal: \".\": it is a folder",
        ),
        (
            &["--in", "in", "--info", "infos", "--out", "infos"],
            "pwseal: --info holds the password-infos:",
        ),
        (
            &["--in", "in", "--info", ".", "--out", "new"],
            "pwseal: --info holds the password-infos:",
        ),
        (
            &["--in", "in", "--info", "in", "--out", "new"],
            "pwseal: --in is one of the files that --info reads:",
        ),
        (
            &["--in", "in.jsonl", "--info", ".", "--out", "-"],
            "pwseal: --in is one of the files that --info reads:",
        ),
    ] {
        let (code, said) = run(&folder, args);
        assert_eq!(code, 2, "{args:?}");
        assert!(said.starts_with(message), "{args:?}: {said}");
    }
    assert_eq!(names.map(|name| read(&folder, name)), before);
}

#[test]
#[cfg(unix)]
fn nothing_is_written_into_the_folder_of_the_password_infos_through_a_link() {
    use std::os::unix::fs::symlink;

    let folder = folder("linked");
    let infos = folder.join("infos");
    fs::create_dir(&infos).expect("a folder");
    fs::write(folder.join("in"), lines(3, "generate", true)).expect("it is written");
    fs::copy(PASSWORD_INFO, infos.join("info.json")).expect("it is written");
    symlink("infos/new.jsonl", folder.join("link")).expect("a link");
    symlink("link", folder.join("link-to-link")).expect("a link");
    // The name would be read with the others.
    symlink("../new", infos.join("out.jsonl")).expect("a link");
    for out in ["link", "link-to-link", "infos/out.jsonl"] {
        let (code, said) = run(&folder, &["--in", "in", "--info", "infos", "--out", out]);
        assert_eq!(code, 2, "{out}");
        let message = "pwseal: --info holds the password-infos:";
        assert!(said.starts_with(message), "{out}: {said}");
    }
    assert!(!infos.join("new.jsonl").exists() && !folder.join("new").exists());
}

#[cfg(unix)]
#[test]
fn a_redirected_standard_output_is_a_file_as_well() {
    let folder = folder("redirected");
    let input = lines(3, "generate", true);
    fs::write(folder.join("in"), &input).expect("it is written");
    fs::copy(PASSWORD_INFO, folder.join("info")).expect("it is written");
    for (args, append, message) in [
        (
            "--in in --info info --out -",
            "in",
            "--in and --out are the same file",
        ),
        (
            "--in - --info info --out - <in",
            "in",
            "--in and --out are the same file",
        ),
        (
            "--in in --info info --out -",
            "info",
            "--info holds the password-infos",
        ),
    ] {
        let before = read(&folder, append);
        let script = format!("exec timeout 120 {PWSEAL} bulk {args} >>{append}");
        let output = Command::new("sh")
            .args(["-c", &script])
            .current_dir(&folder)
            .output()
            .expect("a shell");
        assert_eq!(output.status.code(), Some(2), "{args}");
        let said = String::from_utf8(output.stderr).expect("text");
        assert!(said.contains(message), "{said}");
        assert_eq!(read(&folder, append), before);
    }
}

/// What is looked at before the first line is answered is read again, also where the name of the input is opened only once.
#[cfg(unix)]
#[test]
fn a_redirected_standard_input_is_read_from_where_it_begins() {
    let folder = folder("redirected-in");
    let info = fs::canonicalize(PASSWORD_INFO).expect("the example");
    // By ids a hundred lines fit into what is read at a time, of which there are several.
    let many: String = (1..=3000)
        .map(|id| line(id, "password", "correct horse 7"))
        .collect();
    let id = &info_of(1)["sourceId"];
    let source = id.as_str().expect("text");
    fs::write(
        folder.join("infos"),
        (1..=3)
            .map(|id| info_of(id).to_string() + "\n")
            .collect::<String>(),
    )
    .expect("it is written");
    let csv: String = (1..=3)
        .map(|id| format!("{id},identity-{id},{source},correct horse 7\n"))
        .collect();
    let csv = "id,identityId,sourceId,password\n".to_owned() + &csv;
    let few = lines(3, "password", "correct horse 7");
    let skipped = "{}\n".to_owned() + &few;
    for (input, reader, args, count) in [
        (&few, "", "--in -", 3),
        (&few, "", "--in /dev/stdin", 3),
        (&many, "", "--in -", 3000),
        (&csv, "", "--in - --csv --info infos", 3),
        // Another program has read the first line.
        (&skipped, "read line; ", "--in -", 3),
    ] {
        fs::write(folder.join("in"), input).expect("it is written");
        let _ = fs::remove_file(folder.join("out"));
        let info = match args.contains("--info") {
            true => String::new(),
            false => format!("--info '{}'", info.display()),
        };
        let script = format!("{{ {reader}{PWSEAL} bulk {args} {info} --out out; }} <in");
        let output = Command::new("sh")
            .args(["-c", &script])
            .current_dir(&folder)
            .output()
            .expect("a shell");
        let said = String::from_utf8(output.stderr).expect("text");
        let all = format!("pwseal: {count} lines: {count} requests, 0 errors\n");
        assert_eq!(said, all, "{reader}{args}");
        let answers = values(&read(&folder, "out"));
        let ids = answers.iter().map(|answer| match &answer["id"] {
            Value::String(id) => id.parse().expect("a number"),
            id => id.as_u64().expect("a number"),
        });
        assert!(ids.eq(1..=count), "{reader}{args}");
    }
    // Nor is what would be lost any less refused.
    fs::write(folder.join("in"), lines(3, "generate", true)).expect("it is written");
    fs::remove_file(folder.join("out")).expect("it is there");
    let script = format!("exec {PWSEAL} bulk --in - --out out <in");
    let output = Command::new("sh")
        .args(["-c", &script])
        .current_dir(&folder)
        .output()
        .expect("a shell");
    assert_eq!(output.status.code(), Some(2));
    assert!(!folder.join("out").exists());
}

#[test]
fn password_infos_in_this_folder_are_not_in_the_way_of_standard_output() {
    let folder = folder("here");
    let header = "identityId,sourceId,password\n";
    fs::copy(PASSWORD_INFO, folder.join("info.json")).expect("it is written");
    fs::write(folder.join("in.csv"), header).expect("it is written");
    fs::write(folder.join("long.csv"), "x".repeat(300 << 10) + header).expect("it is written");
    assert_eq!(
        run(&folder, &["--in", "in.csv", "--info", ".", "--out", "-"]),
        (0, "pwseal: 0 lines: 0 requests, 0 errors\n".into())
    );
    assert_eq!(
        run(&folder, &["--in", "long.csv", "--info", ".", "--out", "-"]),
        (
            2,
            "pwseal: \"long.csv\": the first line has more than 262144 bytes\n".into()
        )
    );
}

#[test]
fn text_in_utf_16_ends_the_run_before_its_first_line() {
    let folder = folder("utf-16");
    let csv = "identityId,sourceId,generate\ni,s,true\n";
    for (name, text) in [("in", lines(2, "generate", true)), ("in.csv", csv.into())] {
        for order in [u16::to_le_bytes, u16::to_be_bytes] {
            let units = std::iter::once(0xfeff).chain(text.encode_utf16());
            let bytes: Vec<u8> = units.flat_map(order).collect();
            fs::write(folder.join(name), bytes).expect("it is written");
            for more in [&[][..], &["--resume"]] {
                let (code, said) = run(&folder, &[&["--in", name, "--out", "out"], more].concat());
                assert_eq!(code, 2);
                let expected =
                    format!("pwseal: \"{name}\": it is text in UTF-16 or UTF-32: save it as UTF-8");
                assert!(
                    said.lines()
                        .last()
                        .is_some_and(|last| last.starts_with(&expected)),
                    "{said}"
                );
                assert_eq!(fs::read(folder.join("out")).unwrap_or_default(), b"");
            }
        }
    }
}

#[cfg(unix)]
#[test]
fn what_is_no_file_is_no_password_info() {
    let folder = folder("no-info");
    fs::write(folder.join("in"), lines(3, "generate", true)).expect("it is written");
    fs::create_dir_all(folder.join("infos/folder.json")).expect("a folder");
    let refused = |info: &str, expected: &str| {
        let output = Command::new("timeout")
            .args([
                "120", PWSEAL, "bulk", "--in", "in", "--out", "out", "--info", info,
            ])
            .current_dir(&folder)
            .output()
            .expect("it runs");
        assert_eq!(output.status.code(), Some(2), "{info}");
        let said = String::from_utf8(output.stderr).expect("text");
        assert_eq!(said, format!("pwseal: {expected}\n"));
    };
    let problem = "a password-info must be in a file, as it is read more than once";
    let of_folder = |name: &str| {
        format!(
            "warning: \"infos/{name}\": {problem}; the lines that need it give an error\n\
             pwseal: \"infos\": no file in it can be used: each is named above"
        )
    };
    refused("infos", &of_folder("folder.json"));
    fs::remove_dir(folder.join("infos/folder.json")).expect("it is there");
    let status = Command::new("mkfifo")
        .arg(folder.join("infos/pipe.json"))
        .status();
    assert!(status.expect("it is installed").success());
    refused("infos", &of_folder("pipe.json"));
    refused(
        "infos/pipe.json",
        &format!("\"infos/pipe.json\": {problem}"),
    );
    refused(
        "-",
        "--info must be a file or a folder, as it is read more than once; see pwseal bulk --help",
    );
    refused("absent", "\"absent\": no such file or directory");
    refused(
        "infos/absent",
        "\"infos/absent\": no such file or directory",
    );
}

#[cfg(unix)]
#[test]
fn a_password_info_has_the_same_limit_for_every_command() {
    let folder = folder("info-limit");
    let limit = 1 << 20;
    let one_line = info().to_string();
    let many_lines = serde_json::to_string_pretty(&info()).expect("JSON");
    let line = line_by_ids(1, "password", "correct horse 7");
    fs::write(folder.join("in"), line).expect("it is written");
    for (info, len, end, expected) in [
        (&one_line, limit, "", 0),
        (&one_line, limit, "\n", 0),
        (&one_line, limit, "\r\n", 2),
        (&one_line, limit + 1, "", 2),
        (&one_line, limit + 1, "\n", 2),
        (&many_lines, limit, "", 0),
        (&many_lines, limit, "\n", 0),
        (&many_lines, limit, "\r\n", 2),
        (&many_lines, limit, "\n\n", 2),
        (&many_lines, limit + 1, "", 2),
        (&many_lines, limit + 1, "\n", 2),
    ] {
        let spaces = " ".repeat(len - info.len());
        let text = format!("{spaces}{info}{end}");
        fs::write(folder.join("info.json"), &text).expect("it is written");
        let request = format!("echo correct horse 7 | {PWSEAL} request --info info.json");
        let bulk = format!("{PWSEAL} bulk --info info.json --in in --out -");
        for command in [request, bulk] {
            let output = Command::new("sh")
                .args(["-c", &command])
                .current_dir(&folder)
                .output()
                .expect("a shell");
            let said = String::from_utf8(output.stderr).expect("text");
            let lines = info.lines().count();
            let case = format!("{command}: {lines} lines, {len} and {end:?}: {said}");
            assert_eq!(output.status.code(), Some(expected), "{case}");
            assert_eq!(said.contains("longer than"), expected == 2, "{case}");
        }
    }
}

#[test]
fn an_empty_file_is_no_password_info() {
    let folder = folder("empty-info");
    fs::create_dir(folder.join("infos")).expect("a folder");
    let line = line_by_ids(1, "password", "correct horse 7");
    fs::write(folder.join("in"), line).expect("it is written");
    fs::copy(PASSWORD_INFO, folder.join("infos/whole.json")).expect("it is written");
    fs::write(folder.join("infos/none.txt"), "").expect("it is written");
    let args = |info| ["--in", "in", "--out", "out", "--info", info];
    for name in ["infos/none.json", "infos/none.jsonl"] {
        for text in ["", "\n", " \t\r\n\n ", &"\n".repeat(40_000)] {
            fs::write(folder.join(name), text).expect("it is written");
            let problem = format!(
                "\"{name}\": it is empty, and has no password-info: get it again, or remove it"
            );
            let (code, said) = run(&folder, &args(name));
            let expected = format!("pwseal: {problem}\n");
            assert_eq!((code, said.replace('\\', "/")), (2, expected));
            assert!(!folder.join("out").exists());
            let said = format!(
                "pwseal: warning: {problem}; the lines that need it give an error\n\
                 pwseal: 1 line: 1 request, 0 errors\n"
            );
            let (code, found) = run(&folder, &args("infos"));
            assert_eq!((code, found.replace('\\', "/")), (0, said));
            fs::remove_file(folder.join("out")).expect("it is there");
        }
        fs::remove_file(folder.join(name)).expect("it is there");
    }
}

/// Each is named, and only the lines that need one of them fail.
#[test]
fn bad_files_among_the_password_infos_cost_their_lines() {
    let folder = folder("bad-infos");
    fs::create_dir(folder.join("infos")).expect("a folder");
    let write = |name: &str, text: &str| {
        fs::write(folder.join("infos").join(name), text).expect("it is written");
    };
    write("good.json", &info_of("good").to_string());
    write("error.json", r#"{"detailCode": "401.1 Unauthorized"}"#);
    write("cut.json", &info_of("cut").to_string()[..100]);
    // What is wrong with a line of a file is wrong with all of it.
    write("many.jsonl", &format!("{}\n{{}}\n", info_of("many")));
    let line = |person: &str| {
        let info = info_of(person);
        json!({
            "id": person, "identityId": info["identityId"], "sourceId": info["sourceId"],
            "password": "correct horse 7",
        })
        .to_string()
    };
    let input = ["good", "cut", "many"].map(line).join("\n");
    fs::write(folder.join("in"), input).expect("it is written");
    let (code, said) = run(&folder, &["--in", "in", "--out", "out", "--info", "infos"]);
    assert_eq!(code, 1, "{said}");
    let said: Vec<_> = said.lines().collect();
    for (line, name) in said.iter().zip(["cut.json", "error.json", "many.jsonl"]) {
        let start = format!("pwseal: warning: \"infos/{name}\": ");
        assert!(line.starts_with(&start), "{said:?}");
    }
    assert_eq!(
        said[3..],
        ["pwseal: 3 lines: 1 request, 2 errors (2 identity-not-found)"]
    );
    let answers = values(&read(&folder, "out"));
    assert_eq!(answers[0]["request"]["accountId"], "CN=Person good");
    for answer in &answers[1..] {
        assert_eq!(
            answer["error"]["message"],
            "--info has no password-info with this identityId and sourceId; it may be in one of its files that cannot be \
             used (3)"
        );
    }
}

#[test]
fn what_the_info_of_a_line_is_instead_is_said() {
    let folder = folder("info-instead");
    let with = |field: &str, value: Value| {
        let mut info = info();
        info[field] = value;
        info
    };
    let cases = [
        (
            json!([info()]),
            "a JSON array with 1 element(s), and one object is wanted: take it out",
        ),
        (
            json!(info().to_string()),
            "a JSON string that holds JSON, encoded once too often: decode it",
        ),
        (
            json!({"data": info()}),
            "JSON in which only data is a password-info: take it out",
        ),
        (
            json!({"error": "JWT is expired"}),
            "an error of the API, 401 Unauthorized: JWT is expired; the token is missing, wrong or expired",
        ),
        (json!({}), "an empty JSON object"),
        (
            with("accounts", json!([{"accountId": 7}])),
            "JSON in which accounts[0].accountId is a number, and a string is wanted",
        ),
        (
            with("Policies", json!([])),
            "JSON that has the field Policies, whose name in the API is policies",
        ),
    ];
    let line =
        |info: &Value| json!({"id": 1, "info": info, "password": "correct horse 7"}).to_string();
    let input: Vec<_> = cases.iter().map(|(info, _)| line(info)).collect();
    fs::write(folder.join("in"), input.join("\n")).expect("it is written");
    assert_eq!(run(&folder, &["--in", "in", "--out", "out"]).0, 1);
    for (answer, (_, expected)) in values(&read(&folder, "out")).iter().zip(cases) {
        assert_eq!(answer["id"], 1);
        assert_eq!(answer["error"]["kind"], "password-info");
        assert_eq!(
            answer["error"]["message"],
            format!("the line's info is {expected}")
        );
    }
}

#[test]
fn ids_that_differ_in_case_or_blanks_are_shown() {
    let folder = folder("near-ids");
    fs::write(folder.join("infos.jsonl"), info().to_string()).expect("it is written");
    let info = info();
    let id = |name: &str| info[name].as_str().expect("a string").to_owned();
    let line = json!({
        "identityId": id("identityId").to_uppercase(),
        "sourceId": id("sourceId") + " ",
        "password": "correct horse 7",
    });
    fs::write(folder.join("in"), line.to_string()).expect("it is written");
    let args = ["--in", "in", "--out", "out", "--info", "infos.jsonl"];
    assert_eq!(run(&folder, &args).0, 1);
    let answer = &values(&read(&folder, "out"))[0];
    assert_eq!(answer["error"]["kind"], "identity-not-found");
    let expected = format!(
        "--info has no password-info with this identityId and sourceId, but one with {:?} and {:?}, \
         which differ in case or blanks",
        id("identityId"),
        id("sourceId")
    );
    assert_eq!(answer["error"]["message"], expected);
}

#[test]
fn what_is_not_an_object_is_no_password_info() {
    let folder = folder("no-object");
    fs::write(folder.join("in"), lines(1, "generate", true)).expect("it is written");
    let array = "[\"identity\",\"source\"]\n";
    let one = info().to_string() + "\n";
    let long = " ".repeat((1 << 20) + 1);
    for (text, expected) in [
        (
            array.into(),
            "the password-info is a JSON array with 2 element(s), and an object is wanted",
        ),
        (
            " \n".to_owned() + array,
            "the password-info is a JSON array with 2 element(s), and an object is wanted",
        ),
        (
            one.clone() + array,
            "line 2 is no password-info, as those before it are, but a JSON array with 2 element(s), \
             and an object is wanted",
        ),
        (
            one + &long + "\n" + array,
            "line 2 is no password-info, as those before it are",
        ),
        (
            array.to_owned() + &long,
            "line 1 is no password-info, and the whole is longer than one may be, which is \
             1048576 bytes",
        ),
    ] {
        fs::write(folder.join("infos.jsonl"), text).expect("it is written");
        assert_eq!(
            run(
                &folder,
                &["--in", "in", "--out", "out", "--info", "infos.jsonl"]
            ),
            (2, format!("pwseal: \"infos.jsonl\": {expected}\n"))
        );
    }
}

/// What `--secrets-out` has for each line, compared with what the requests hold.
fn assert_secrets_fit(folder: &Path, count: usize, decrypted: &[usize]) {
    let answers = values(&read(folder, "out"));
    let secrets = values(&read(folder, "secrets"));
    let numbers = |values: &[Value], field: &str| -> Vec<u64> {
        values
            .iter()
            .map(|value| value[field].as_u64().expect("a number"))
            .collect()
    };
    let expected: Vec<u64> = (1..=count as u64).collect();
    assert_eq!(numbers(&answers, "id"), expected);
    assert_eq!(numbers(&secrets, "id"), expected);
    assert_eq!(numbers(&secrets, "line"), expected);
    for &index in decrypted {
        assert_eq!(secrets[index]["password"], decrypt(&answers[index]));
        assert_eq!(
            secrets[index]["accountId"],
            answers[index]["request"]["accountId"]
        );
    }
}

#[cfg(unix)]
#[test]
fn generated_passwords_go_to_a_new_file_of_the_owner_alone() {
    let folder = folder("secrets");
    fs::write(folder.join("in"), lines(20, "generate", true)).expect("it is written");
    let args = ["--in", "in", "--out", "out", "--secrets-out", "secrets"];
    assert_eq!(
        run(&folder, &args),
        (0, "pwseal: 20 lines: 20 requests, 0 errors\n".into())
    );
    let mode = fs::metadata(folder.join("secrets"))
        .expect("it is there")
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
    assert_secrets_fit(&folder, 20, &[0, 19]);

    let before = (read(&folder, "out"), read(&folder, "secrets"));
    let (code, said) = run(&folder, &args);
    assert_eq!(code, 2);
    assert!(
        said.starts_with("pwseal: \"out\": it is not empty,"),
        "{said}"
    );
    let args = ["--in", "in", "--out", "other", "--secrets-out", "secrets"];
    let (code, said) = run(&folder, &args);
    assert_eq!(code, 2);
    assert!(
        said.starts_with("pwseal: \"secrets\": it exists,"),
        "{said}"
    );
    assert_eq!((read(&folder, "out"), read(&folder, "secrets")), before);
}

/// What may stand under the name of `--secrets-out`: whose it is, its mode, whether the name is a link to it, and what `--resume`
/// and a new run say of it. Nothing of it is changed where it is refused.
#[cfg(unix)]
#[test]
fn generated_passwords_are_only_added_to_a_file_of_the_owner_alone() {
    let folder = folder("owner");
    let args = ["--in", "in", "--out", "out", "--secrets-out", "secrets"];
    let is_root = rustix::process::geteuid().is_root();
    let ours = ["another user's", "ours"];
    for (owner, mode, link) in [
        ("ours", 0o600, false),
        ("ours", 0o600, true),
        ("ours", 0o640, false),
        ("ours", 0o604, false),
        ("another user's", 0o600, false),
        ("another user's", 0o600, true),
        ("another user's", 0o666, false),
    ] {
        // Only root can give a file away.
        if !is_root && owner != ours[1] {
            continue;
        }
        let case = format!("{owner}, {mode:o}, link: {link}");
        for name in ["out", "secrets", "behind"] {
            let _ = fs::remove_file(folder.join(name));
        }
        fs::write(folder.join("in"), lines(3, "generate", true)).expect("it is written");
        assert_eq!(run(&folder, &args).0, 0, "{case}");
        fs::write(folder.join("in"), lines(5, "generate", true)).expect("it is written");
        let secrets = folder.join("secrets");
        if link {
            fs::rename(&secrets, folder.join("behind")).expect("it is there");
            std::os::unix::fs::symlink("behind", &secrets).expect("a link");
        }
        fs::set_permissions(&secrets, fs::Permissions::from_mode(mode)).expect("it is ours");
        if owner != ours[1] {
            std::os::unix::fs::chown(&secrets, Some(65534), None).expect("this is root");
        }
        let before = (read(&folder, "out"), read(&folder, "secrets"));
        let expected = match (owner, mode, link) {
            (_, _, true) => "it is a link",
            ("ours", 0o600, false) => "5 lines: 5 requests",
            ("ours", _, false) => "others than its owner may open it",
            _ => "it is another user's",
        };
        let (code, said) = run(&folder, &[&args[..], &["--resume"]].concat());
        assert!(said.contains(expected), "{case}: {said}");
        if code == 2 {
            assert_eq!(
                (read(&folder, "out"), read(&folder, "secrets")),
                before,
                "{case}"
            );
        } else {
            assert_eq!((code, expected), (0, "5 lines: 5 requests"), "{case}");
        }
        let anew = ["--in", "in", "--out", "new", "--secrets-out", "secrets"];
        let (code, said) = run(&folder, &anew);
        assert_eq!(code, 2, "{case}: {said}");
        assert!(said.contains("\"secrets\": it exists"), "{case}: {said}");
        assert!(!folder.join("new").exists(), "{case}");
    }
}

/// Cuts a file to its first lines.
fn keep_lines(folder: &Path, name: &str, count: usize) {
    let text = read(folder, name);
    let kept: String = text.split_inclusive('\n').take(count).collect();
    fs::write(folder.join(name), kept).expect("it is written");
}

const NOT_KEPT: &str = "were not kept (--secrets-out FILE keeps them)\n";

#[test]
fn passwords_of_another_run_are_told_from_those_that_are_encrypted() {
    let folder = folder("other-run");
    fs::write(folder.join("in"), lines(5, "generate", true)).expect("it is written");
    let args = ["--in", "in", "--out", "out"];
    let with_secrets = [&args[..], &["--secrets-out", "secrets"]].concat();
    assert_eq!(run(&folder, &with_secrets).0, 0);
    let requests = read(&folder, "out");
    assert_secrets_fit(&folder, 5, &[0]);

    keep_lines(&folder, "out", 2);
    assert_refused(&folder, &args, "give the --secrets-out that has them");
    assert_eq!(
        run(
            &folder,
            &[&args[..], &["--resume", "--generated-not-kept"]].concat()
        ),
        (
            0,
            "pwseal: 5 lines: 5 requests, 0 errors; 5 generated passwords ".to_owned() + NOT_KEPT
        )
    );
    assert_refused(
        &folder,
        &with_secrets,
        "\"secrets\": it has no password for line 3 of --out",
    );

    fs::write(folder.join("out"), requests).expect("it is written");
    let resumed = run(&folder, &[&with_secrets[..], &["--resume"]].concat());
    assert_eq!(
        resumed,
        (0, "pwseal: 5 lines: 5 requests, 0 errors\n".into())
    );
}

#[cfg(unix)]
#[test]
fn a_generated_password_names_the_hash_of_what_encrypts_it() {
    let folder = folder("hash");
    fs::write(folder.join("in"), lines(2, "generate", true)).expect("it is written");
    let args = ["--in", "in", "--out", "out", "--secrets-out", "secrets"];
    assert_eq!(run(&folder, &args).0, 0);
    let answers = values(&read(&folder, "out"));
    for (answer, secret) in answers.iter().zip(values(&read(&folder, "secrets"))) {
        let text = answer["request"]["encryptedPassword"]
            .as_str()
            .expect("text");
        let script = format!("printf %s '{text}' | openssl dgst -sha256 -r");
        let output = Command::new("sh").args(["-c", &script]).output();
        let output = String::from_utf8(output.expect("a shell").stdout).expect("text");
        let hash = output.split(' ').next().expect("the hash");
        assert_eq!(secret["encryptedPasswordSha256"], hash);
    }
}

#[test]
fn generated_passwords_that_nobody_keeps_are_counted() {
    let folder = folder("not-kept");
    let mixed = line(1, "password", "correct horse 7")
        + &line(2, "generate", true)
        + "\n"
        + &line(4, "generate", true);
    fs::write(folder.join("in"), mixed).expect("it is written");
    let args = ["--in", "in", "--out", "out"];
    let not_kept = [&args[..], &["--generated-not-kept"]].concat();
    let said = "pwseal: 4 lines: 3 requests, 1 error (1 json); 2 generated passwords ".to_owned()
        + NOT_KEPT;
    assert_eq!(run(&folder, &not_kept), (1, said.clone()));
    assert_refused(
        &folder,
        &args,
        "\"out\": it has requests with generated passwords",
    );
    let again = [&args[..], &["--resume", "--generated-not-kept"]].concat();
    assert_eq!(run(&folder, &again), (1, said));
    let (_, summary) = run_for_summary(&folder, &again);
    assert_eq!(summary["generated"], 2);
    assert_eq!(summary["generatedNotKept"], 2);
    let kept = ["--out", "kept", "--secrets-out", "secrets"];
    let (_, summary) = run_for_summary(&folder, &[&["--in", "in"], &kept[..]].concat());
    assert_eq!(summary["generated"], 2);
    assert_eq!(summary["generatedNotKept"], 0);

    fs::write(folder.join("one"), line(1, "generate", true)).expect("it is written");
    let args = ["--in", "one", "--out", "-", "--generated-not-kept"];
    let (_, said) = run(&folder, &args);
    assert!(
        said.ends_with("; 1 generated password was not kept (--secrets-out FILE keeps it)\n"),
        "{said}"
    );
}

#[test]
fn passwords_may_be_kept_from_the_first_that_is_generated() {
    let folder = folder("late-secrets");
    let given = lines(2, "password", "correct horse 7");
    let input = given + &line(3, "generate", true);
    fs::write(folder.join("in"), input).expect("it is written");
    let args = ["--in", "in", "--out", "out", "--generated-not-kept"];
    assert_eq!(run(&folder, &args).0, 0);
    let with_secrets = ["--in", "in", "--out", "out", "--secrets-out", "secrets"];
    assert_refused(&folder, &with_secrets, "\"secrets\": it is not there");
    keep_lines(&folder, "out", 2);
    assert_eq!(
        run(&folder, &[&with_secrets[..], &["--resume"]].concat()),
        (0, "pwseal: 3 lines: 3 requests, 0 errors\n".into())
    );
    assert_eq!(values(&read(&folder, "secrets"))[0]["line"], 3);
}

#[test]
fn a_line_break_in_a_cell_of_csv_ends_the_run_before_its_line() {
    let folder = folder("csv-line-break");
    let info = info();
    let ids = [&info["identityId"], &info["sourceId"]].map(|id| id.as_str().expect("text"));
    let row = |rest: &str| format!("{},{rest}\n", ids.join(","));
    let write = |rows: &[&str]| {
        // More than are read at a time. They are all for one account.
        let rest = row("correct horse 7,Abby").repeat(2100);
        let header = "identityId,sourceId,password,displayName\n";
        let text = [&[header], rows, &[&rest]].concat().concat();
        fs::write(folder.join("in.csv"), text).expect("it is written");
    };
    let args = ["--in", "in.csv", "--out", "out", "--resume"];
    let assert_ends = |expected: &str, lines| {
        let (code, said) = run(&folder, &args);
        assert_eq!(code, 2, "{said}");
        assert!(said.contains(&format!("\"in.csv\": {expected}")), "{said}");
        assert_eq!(values(&read(&folder, "out")).len(), lines);
    };
    let bad = row("aaaa,Carl");
    // What is in the cell would be a line for somebody else.
    let attack = row("attacker 1,x");
    let broken = row(&format!("correct horse 8,\"Abby\n{attack}\""));
    write(&[&bad, &broken]);
    for _ in 0..2 {
        assert_ends("line 2 has a quote that is not closed", 1);
    }
    // Errors have no ids to compare, so that --resume must look for itself.
    write(&[&broken, &bad]);
    assert_ends("line 1 has a quote that is not closed", 1);
    // Neither can it be told where a line ends that is too long, or has the end of a line in it.
    let long = row(&format!("x,\"{}\n{attack}\"", "x".repeat(300 << 10)));
    write(&[&bad, &long]);
    assert_ends("line 2 is too long", 1);
    write(&[&bad, &format!("{}\r{broken}", row("x,Bob").trim_end())]);
    assert_ends("line 2 has a carriage return", 1);

    write(&[&bad, &row("correct horse 8,Abby")]);
    let summary = "pwseal: 2102 lines: 1 request, 2101 errors (2100 account-repeated, 1 policy)\n";
    let skipped = "pwseal: warning: fields that are not known here were skipped: \"displayName\"\n";
    assert_eq!(run(&folder, &args), (1, [summary, skipped].concat()));
    let answers = values(&read(&folder, "out"));
    assert_eq!(decrypt(&answers[1]), "correct horse 8");
}

#[cfg(unix)]
#[test]
fn csv_that_may_be_cut_off_is_warned_of() {
    let folder = folder("csv-cut");
    let info = info();
    let ids = [&info["identityId"], &info["sourceId"]].map(|id| id.as_str().expect("text"));
    let text = format!(
        "identityId,sourceId,password\n{},correct horse 7",
        ids.join(",")
    );
    let summary = "pwseal: 1 line: 1 request, 0 errors\n";
    let warning = "pwseal: warning: no line break ends --in: if its last line was cut off, so was what it says\n";
    for (end, warning) in [("", warning), ("\n", "")] {
        fs::write(folder.join("IN.CSV"), format!("{text}{end}")).expect("it is written");
        let said = run(&folder, &["--in", "IN.CSV", "--out", "/dev/null"]);
        assert_eq!(said, (0, format!("{warning}{summary}")));
    }
}

#[test]
fn resume_keeps_the_passwords_of_an_output_that_was_taken_away() {
    let folder = folder("taken-away");
    let count = 1100;
    fs::write(folder.join("in"), lines(count, "generate", true)).expect("it is written");
    let args = ["--in", "in", "--out", "out", "--secrets-out", "secrets"];
    assert_eq!(run(&folder, &args).0, 0);
    let requests = read(&folder, "out");
    fs::write(folder.join("out"), "").expect("it is written");
    assert_refused(
        &folder,
        &args,
        "and --out ends with line 0, earlier than any run",
    );
    // A batch less may be missing.
    let start: String = requests.split_inclusive('\n').take(count - 1024).collect();
    fs::write(folder.join("out"), start).expect("it is written");
    let (code, said) = run(&folder, &[&args[..], &["--resume"]].concat());
    assert_eq!(
        (code, said.ends_with(&format!("{}\n", dropped(1024)))),
        (0, true),
        "{said}"
    );
    assert_secrets_fit(&folder, count, &[count - 1024, count - 1]);
}

/// What the summary says of passwords whose requests are not there.
fn dropped(count: usize) -> String {
    match count {
        0 => String::new(),
        1 => "; 1 generated password without a request was dropped".into(),
        _ => format!("; {count} generated passwords without a request were dropped"),
    }
}

#[test]
fn resume_continues_wherever_the_files_end() {
    let folder = folder("resume");
    let count = 12;
    fs::write(folder.join("in"), lines(count, "generate", true)).expect("it is written");
    let args = ["--in", "in", "--out", "out", "--secrets-out", "secrets"];
    assert_eq!(run(&folder, &args).0, 0);
    let (requests, secrets) = (read(&folder, "out"), read(&folder, "secrets"));
    let ends =
        |text: &str| -> Vec<usize> { text.match_indices('\n').map(|(end, _)| end + 1).collect() };
    let secret_ends = ends(&secrets);
    let mut cuts: Vec<usize> = (0..requests.len()).step_by(211).collect();
    cuts.extend(ends(&requests).into_iter().flat_map(|end| [end - 1, end]));
    for (number, cut) in cuts.into_iter().enumerate() {
        let whole = requests[..cut].matches('\n').count();
        // The passwords are always ahead of the requests, by a part of a line or by more.
        let least = whole.checked_sub(1).map_or(0, |last| secret_ends[last]);
        let secret_cut = (least + number * 37 % 400).min(secrets.len());
        fs::write(folder.join("out"), &requests[..cut]).expect("it is written");
        fs::write(folder.join("secrets"), &secrets[..secret_cut]).expect("it is written");
        let dropped = dropped(secrets[..secret_cut].matches('\n').count() - whole);
        assert_eq!(
            run(&folder, &[&args[..], &["--resume"]].concat()),
            (
                0,
                format!("pwseal: 12 lines: 12 requests, 0 errors{dropped}\n")
            ),
            "{cut}"
        );
        let kept = requests[..cut].rfind('\n').map_or(0, |end| end + 1);
        assert_eq!(read(&folder, "out")[..kept], requests[..kept]);
        let decrypted = if number % 5 == 0 {
            vec![whole.saturating_sub(1), whole.min(count - 1)]
        } else {
            vec![]
        };
        assert_secrets_fit(&folder, count, &decrypted);
    }
}

#[test]
fn a_run_that_is_killed_again_and_again_loses_nothing() {
    let folder = folder("killed");
    let count = 4000;
    fs::write(folder.join("in"), lines(count, "generate", true)).expect("it is written");
    let args = [
        "--in",
        "in",
        "--out",
        "out",
        "--secrets-out",
        "secrets",
        "--resume",
    ];
    // First while it reads from a pipe, so that it cannot have ended by itself.
    let start: String = lines(count / 4, "generate", true);
    let mut child = bulk(&folder, &[&["--in", "-"], &args[2..]].concat())
        .stdin(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("it runs");
    let mut stdin = child.stdin.take().expect("a pipe");
    stdin.write_all(start.as_bytes()).expect("it is read");
    child.kill().expect("it may be killed");
    // Windows says 1 of one that was killed.
    let killed = cfg!(windows).then_some(1);
    assert_eq!(child.wait().expect("it ends").code(), killed);
    for milliseconds in (5..).step_by(20) {
        let mut child = bulk(&folder, &args)
            .stderr(Stdio::null())
            .spawn()
            .expect("it runs");
        std::thread::sleep(Duration::from_millis(milliseconds));
        child.kill().expect("it may be killed");
        match child.wait().expect("it ends").code() {
            Some(0) => break,
            code => assert_eq!(code, killed),
        }
    }
    assert_secrets_fit(&folder, count, &[0, count / 2, count - 1]);
}

/// A file that is written, as `strace` sees it.
#[cfg(target_os = "linux")]
#[derive(Default)]
struct Traced {
    text: String,
    /// How many bytes of it are written.
    written: usize,
    /// How many lines of it are on the disk.
    synced: usize,
}

#[cfg(target_os = "linux")]
impl Traced {
    fn lines(&self) -> usize {
        self.text[..self.written].matches('\n').count()
    }

    /// Takes a line of the log.
    fn note(&mut self, call: &str) {
        // Nothing else is written at the same time, which would be logged in between.
        let (_, result) = call.rsplit_once(" = ").expect("a call in one piece");
        if call.contains(" write(") {
            self.written += result.parse::<usize>().expect("a length");
        } else {
            self.synced = self.lines();
        }
    }
}

#[test]
#[cfg(target_os = "linux")]
fn passwords_are_on_the_disk_before_their_requests_and_earlier_requests_before_them() {
    let folder = folder("synced");
    let args = ["--in", "in", "--out", "out", "--secrets-out", "secrets"];
    let bulk = bulk(&folder, &[&args[..], &["--resume"]].concat());
    let [mut requests, mut passwords] = [Traced::default(), Traced::default()];
    for count in [4000, 8000] {
        fs::write(folder.join("in"), lines(count, "generate", true)).expect("it is written");
        let output = Command::new("strace")
            .args(["-f", "-qq", "-y", "-s0", "-o", "log", "-e", "signal=none"])
            .args(["-e", "trace=write,fsync,fdatasync"])
            .arg(bulk.get_program())
            .args(bulk.get_args())
            .current_dir(&folder)
            .output();
        let output = output.expect("strace: install the Debian package");
        assert!(output.status.success(), "{output:?}");

        requests.text = read(&folder, "out");
        passwords.text = read(&folder, "secrets");
        // The last requests of an earlier run may not be on the disk.
        requests.synced = 0;
        let mut batches = 0;
        for call in read(&folder, "log").lines() {
            if call.contains("/out>") {
                requests.note(call);
                assert!(requests.lines() <= passwords.synced, "{call}");
            } else if call.contains("/secrets>") {
                if call.contains(" write(") {
                    batches += 1;
                    assert_eq!(requests.synced, passwords.synced, "{call}");
                }
                passwords.note(call);
            }
        }
        assert!(batches > 2, "{batches}");
        // No call is missing in the log.
        for file in [&requests, &passwords] {
            assert_eq!((file.written, file.lines()), (file.text.len(), count));
        }
    }
}

/// Lines of every kind: bad ones, given passwords, generated ones, ones without an id.
fn mixed_lines(count: usize) -> String {
    (1..=count)
        .map(|id| match id % 5 {
            0 => "{\"id\": 5,\n".into(),
            1 => line(id, "password", "correct horse 7"),
            2 => line_of(&id.to_string(), Value::Null, "generate", true),
            3 => line(json!({"n": [id, "\\ü"]}), "password", "x"),
            _ => line(id.to_string(), "generate", true),
        })
        .collect()
}

#[test]
fn resume_continues_between_lines_of_every_kind() {
    let folder = folder("resume-mixed");
    let count = 31;
    fs::write(folder.join("in"), mixed_lines(count)).expect("it is written");
    let mut csv = String::from("id,identityId,sourceId,password,generate\r\n");
    let mut infos = String::new();
    for id in 1..=count {
        let info = info_of(id);
        let ids = [&info["identityId"], &info["sourceId"]].map(|id| id.as_str().expect("text"));
        csv += &match id % 3 {
            0 => "\r\n".into(),
            1 => format!("\"{id}\"\"\",{},correct horse 7,\r\n", ids.join(",")),
            _ => format!(",{},,true\r\n", ids.join(",")),
        };
        infos += &format!("{info}\n");
    }
    fs::write(folder.join("in.csv"), csv).expect("it is written");
    fs::write(folder.join("infos"), infos).expect("it is written");
    for (input, end) in [
        ("in", "31 lines: 19 requests, 12 errors (6 json, 6 policy)"),
        ("in.csv", "31 lines: 21 requests, 10 errors (10 csv)"),
    ] {
        let args = ["--in", input, "--out", "out", "--secrets-out", "secrets"];
        let args = [&args[..], &["--resume", "--info", "infos"]].concat();
        assert_eq!(run(&folder, &args), (1, format!("pwseal: {end}\n")));
        let requests = read(&folder, "out");
        let all_secrets = read(&folder, "secrets");
        let generated: Vec<usize> = match input {
            "in" => (1..=count).filter(|id| matches!(id % 5, 2 | 4)).collect(),
            _ => (1..=count).filter(|id| id % 3 == 2).collect(),
        };
        for cut in (0..requests.len()).step_by(151) {
            fs::write(folder.join("out"), &requests[..cut]).expect("it is written");
            fs::write(folder.join("secrets"), &all_secrets).expect("it is written");
            let whole = requests[..cut].matches('\n').count();
            let dropped = dropped(generated.iter().filter(|line| **line > whole).count());
            let end = format!("pwseal: {end}{dropped}\n");
            assert_eq!(run(&folder, &args), (1, end), "{cut}");
            let answers = values(&read(&folder, "out"));
            let secrets = values(&read(&folder, "secrets"));
            let lines: Vec<&Value> = secrets.iter().map(|secret| &secret["line"]).collect();
            assert_eq!(lines, generated.iter().collect::<Vec<_>>());
            assert_eq!(answers.len(), count);
        }
        for name in ["out", "secrets"] {
            fs::remove_file(folder.join(name)).expect("it is there");
        }
    }
}

/// Runs it with `--resume`, which must be refused with these words and change nothing.
fn assert_refused(folder: &Path, args: &[&str], expected: &str) {
    let files = || -> Vec<_> {
        let files = fs::read_dir(folder).expect("a folder");
        let mut files: Vec<_> = files
            .map(|file| file.expect("a name").path())
            .map(|path| (path.clone(), fs::read(path).expect("a file")))
            .collect();
        files.sort();
        files
    };
    let before = files();
    let (code, said) = run(folder, &[args, &["--resume"]].concat());
    assert_eq!(code, 2, "{said}, and not {expected}");
    assert!(said.contains(expected), "{said}, and not {expected}");
    assert_eq!(files(), before, "{said}");
}

#[test]
fn resume_refuses_files_that_do_not_belong_together() {
    let folder = folder("refused");
    let refused = |args: &[&str], expected: &str| {
        assert_refused(&folder, &[args, &["--out", "out"]].concat(), expected);
    };
    fs::write(folder.join("in"), lines(3, "password", "correct horse 7")).expect("it is written");
    assert_eq!(run(&folder, &["--in", "in", "--out", "out"]).0, 0);

    for (line, changed) in [
        (1, "\"id\":2"),
        (2, "\"id\":\"2\""),
        (3, "\"id\":3.0"),
        (3, "\"no\":3"),
    ] {
        let same = format!("\"id\":{line}");
        fs::write(
            folder.join("other"),
            lines(9, "password", "x").replace(&same, changed),
        )
        .expect("it is written");
        refused(
            &["--in", "other"],
            &format!("\"out\": line {line} does not answer line {line} of --in"),
        );
    }
    fs::write(folder.join("other"), lines(2, "password", "x")).expect("it is written");
    refused(&["--in", "other"], "it has fewer lines than the output");
    fs::copy(folder.join("in"), folder.join("out")).expect("it is written");
    refused(
        &["--in", "in"],
        "\"out\": line 1 is no line that bulk writes",
    );
}

#[test]
fn resume_tells_lines_without_an_id_by_whom_they_are_for() {
    let folder = folder("no-ids");
    let line =
        |index| json!({"info": info_of(index), "password": "correct horse 7"}).to_string() + "\n";
    let input = |people: [usize; 3]| people.map(line).concat();
    fs::write(folder.join("in"), input([1, 2, 3])).expect("it is written");
    assert_eq!(run(&folder, &["--in", "in", "--out", "out"]).0, 0);
    fs::write(folder.join("other"), input([1, 3, 3])).expect("it is written");
    assert_refused(
        &folder,
        &["--in", "other", "--out", "out"],
        "line 2 does not answer line 2 of --in",
    );
    fs::write(folder.join("other"), input([1, 2, 3]).replacen('{', "", 1)).expect("it is written");
    assert_refused(
        &folder,
        &["--in", "other", "--out", "out"],
        "line 1 does not answer line 1 of --in",
    );
}

#[test]
fn resume_tells_lines_without_an_id_by_their_accounts() {
    let folder = folder("accounts");
    let mut info = info();
    info["accounts"] = json!(
        ["a1", "a2", "n1", "n2"]
            .map(|id| json!({"accountId": id, "accountName": "name of ".to_owned() + id}))
    );
    fs::write(folder.join("info.json"), info.to_string()).expect("it is written");
    let in_line =
        |account: &str| json!({"info": info, "account": account, "password": "correct horse 7"});
    let by_ids = |account: &str| {
        json!({"identityId": info["identityId"], "sourceId": info["sourceId"], "account": account,
            "generate": true})
    };
    let args = |input| ["--in", input, "--out", "out", "--info", "info.json"];
    for line in [&in_line as &dyn Fn(&str) -> Value, &by_ids] {
        let input =
            |accounts: [&str; 3]| accounts.map(|name| line(name).to_string() + "\n").concat();
        fs::write(folder.join("in"), input(["a1", "name of a2", "n1"])).expect("it is written");
        let first = [&args("in")[..], &["--generated-not-kept"]].concat();
        assert_eq!(run(&folder, &first).0, 0);
        keep_lines(&folder, "out", 2);
        for (accounts, line) in [
            (["a2", "a1", "n2"], 1),
            (["a1", "a1", "n2"], 2),
            (["a1", "name of a1", "n2"], 2),
            (["nobody", "a2", "n2"], 1),
        ] {
            fs::write(folder.join("other"), input(accounts)).expect("it is written");
            let expected = format!("line {line} does not answer line {line} of --in");
            assert_refused(&folder, &args("other"), &expected);
        }
        fs::write(folder.join("other"), input(["name of a1", "a2", "n2"])).expect("it is written");
        let again = [&args("other")[..], &["--resume", "--generated-not-kept"]].concat();
        let resumed = run(&folder, &again);
        assert_eq!(resumed.0, 0, "{}", resumed.1);
        let answers = values(&read(&folder, "out"));
        let accounts = answers.iter().map(|answer| &answer["request"]["accountId"]);
        assert_eq!(accounts.collect::<Vec<_>>(), ["a1", "a2", "n2"]);
        fs::remove_file(folder.join("out")).expect("it is there");
    }
}

#[test]
fn resume_reads_the_longest_lines_that_bulk_writes() {
    let folder = folder("longest");
    let mut info = info();
    // As JSON writes it, the password-info is nearly as long as one may be.
    let account_id = "\u{1}".repeat((1 << 20) / 6 - 1000);
    info["accounts"][0]["accountId"] = account_id.into();
    fs::write(folder.join("info.json"), info.to_string()).expect("it is written");
    let [identity, source] = ["identityId", "sourceId"].map(|id| info[id].as_str().expect("text"));
    let id = "\u{1}".repeat((256 << 10) - 200);
    let csv = format!("id,identityId,sourceId,generate\n{id},{identity},{source},TRUE\n");
    fs::write(folder.join("in.csv"), csv).expect("it is written");
    let args = [
        "--in",
        "in.csv",
        "--info",
        "info.json",
        "--out",
        "out",
        "--secrets-out",
        "secrets",
    ];
    let end = (0, "pwseal: 1 line: 1 request, 0 errors\n".to_owned());
    assert_eq!(run(&folder, &args), end);
    assert!(read(&folder, "out").len() > 2_600_000);
    assert_eq!(run(&folder, &[&args[..], &["--resume"]].concat()), end);
}

#[test]
fn resume_cuts_nothing_off_that_is_not_ours() {
    let folder = folder("not-ours");
    let input = mixed_lines(10);
    fs::write(folder.join("in"), &input).expect("it is written");
    let args = ["--in", "in", "--out", "out", "--generated-not-kept"];
    assert_eq!(run(&folder, &args).0, 1);
    let whole = read(&folder, "out");
    let lines: Vec<&str> = whole.split_inclusive('\n').collect();
    let third = lines[2].trim_end();
    let part = "line 3 is cut off, and does not begin as bulk would write it";
    for (line, expected) in [
        ("a letter to a friend", part),
        ("\0\0\0\0", part),
        ("{\"id\": 3,\"request\"", part),
        ("{\"id\":3,\"identityId\":\"x\"", part),
        ("{\"id\":3,\"line\":2,\"error\":{\"kind\":", part),
        ("{\"id\":3,\"line\":3,\"identityId\":", part),
        ("{\"id\":x", part),
        ("\n", "line 3 is no line that bulk writes"),
        ("{\"id\":3}\n", "line 3 is no line that bulk writes"),
        (&third.replace("\"line\":3", "\"line\":4"), part),
        (
            &(third.replace("\"line\":3", "\"line\":4") + "\n"),
            "line 3 does not answer",
        ),
        (
            &(third.replace("\"error\"", "\"request\"") + "\n"),
            "line 3 is no line that bulk writes",
        ),
        (
            &(third.replace("}}", "},\"x\":1}") + "\n"),
            "line 3 is no line that bulk writes",
        ),
        (lines[1], "line 3 does not answer"),
        (lines[0], "line 3 does not answer"),
    ] {
        fs::write(folder.join("out"), lines[..2].concat() + line).expect("it is written");
        assert_refused(&folder, &args, &format!("\"out\": {expected}"));
    }
    fs::write(folder.join("out"), "a letter without a line break").expect("it is written");
    assert_refused(&folder, &args, "\"out\": line 1 is cut off");
    // Nothing of a file in which a line never ends.
    fs::write(
        folder.join("out"),
        "{\"id\":\"".to_owned() + &"x".repeat(19 << 20),
    )
    .expect("it is written");
    assert_refused(&folder, &args, "longer than any that bulk writes");

    fs::write(folder.join("out"), lines[..2].concat() + "{").expect("it is written");
    let again = [&args[..], &["--resume"]].concat();
    assert_eq!(run(&folder, &again).0, 1);
    assert_eq!(values(&read(&folder, "out")).len(), 10);
}

#[cfg(unix)]
#[test]
fn resume_refuses_generated_passwords_that_are_not_those_of_the_output() {
    let folder = folder("wrong-secrets");
    fs::write(folder.join("in"), mixed_lines(20)).expect("it is written");
    let args = ["--in", "in", "--out", "out", "--secrets-out", "secrets"];
    assert_eq!(run(&folder, &args).0, 1);
    let requests = read(&folder, "out");
    let requests: String = requests.split_inclusive('\n').take(10).collect();
    let secrets = read(&folder, "secrets");
    let lines: Vec<&str> = secrets.split_inclusive('\n').collect();
    let numbers = |lines: &[&str]| -> Vec<u64> {
        values(&lines.concat())
            .iter()
            .map(|secret| secret["line"].as_u64().expect("a number"))
            .collect()
    };
    assert_eq!(numbers(&lines), [2, 4, 7, 9, 12, 14, 17, 19]);
    fs::write(folder.join("out"), &requests).expect("it is written");
    let write = |text: &str| fs::write(folder.join("secrets"), text).expect("it is written");

    let lost = |number: u64| format!("\"secrets\": it has no password for line {number} of --out");
    write("");
    assert_refused(&folder, &args, &lost(2));
    write(&lines[1..].concat());
    assert_refused(&folder, &args, &lost(2));
    write(&[&lines[..2], &lines[3..]].concat().concat());
    assert_refused(&folder, &args, &lost(7));
    write(&lines[..3].concat());
    assert_refused(&folder, &args, &lost(9));
    write(&(lines[..3].concat() + &lines[3][..lines[3].len() - 1]));
    assert_refused(&folder, &args, &lost(9));
    write(&secrets.replace("\"id\":\"9\"", "\"id\":\"8\""));
    assert_refused(&folder, &args, &lost(9));
    write(&secrets.replacen("CN=Person", "CN=Bob", 1));
    assert_refused(&folder, &args, &lost(2));
    write(&secrets.replace("\"line\":7", "\"line\":6"));
    assert_refused(
        &folder,
        &args,
        "\"secrets\": it has a password for line 6 of --out, for which none was generated",
    );
    write(&(secrets.clone() + lines[7]));
    assert_refused(&folder, &args, "\"secrets\": line 9 is not in order");
    for text in [
        "a letter\n",
        "{\"id\":1}\n",
        &requests,
        "a letter",
        "{\"id\":1,\"line\":9,\"error\"",
    ] {
        write(&(secrets.clone() + text));
        assert_refused(&folder, &args, "\"secrets\": line 9 is");
    }

    write(&secrets);
    for mode in [0o640, 0o604, 0o620] {
        let mode = fs::Permissions::from_mode(mode);
        fs::set_permissions(folder.join("secrets"), mode).expect("it is ours");
        assert_refused(
            &folder,
            &args,
            "\"secrets\": others than its owner may open it",
        );
    }
    let mode = fs::Permissions::from_mode(0o600);
    fs::set_permissions(folder.join("secrets"), mode).expect("it is ours");

    // Passwords of a run whose requests are elsewhere.
    let args = ["--in", "in", "--out", "typo", "--secrets-out", "secrets"];
    let expected = "that the earlier run wrote, or another --secrets-out to begin anew";
    assert_refused(&folder, &args, expected);
    let args = ["--in", "in", "--out", "new", "--secrets-out", "./new"];
    assert_refused(&folder, &args, "--secrets-out must be a file of its own");
}

#[cfg(unix)]
#[test]
fn a_run_that_is_refused_leaves_and_removes_no_file() {
    let folder = folder("no-new-file");
    let secret = folder.join("secrets");
    fs::write(folder.join("in"), lines(3, "generate", true)).expect("it is written");
    fs::write(folder.join("in.csv"), "id\n").expect("it is written");
    fs::write(folder.join("empty"), "").expect("it is written");
    fs::write(&secret, "old\n").expect("it is written");
    for (target, name) in [
        ("nowhere", "link"),
        ("link", "link-to-link"),
        ("absent/out", "astray"),
        ("empty", "link-to-empty"),
    ] {
        std::os::unix::fs::symlink(target, folder.join(name)).expect("a link");
    }
    let names = || -> Vec<_> {
        let files = fs::read_dir(&folder).expect("a folder");
        let mut names: Vec<_> = files
            .map(|file| file.expect("a name").file_name())
            .collect();
        names.sort();
        names
    };
    let before = names();
    let refused = |input: &str, output: &str, secrets: &str, more: &[&str]| {
        let args = ["--in", input, "--out", output, "--secrets-out", secrets];
        let args = [&args, more].concat();
        let (code, said) = run(&folder, &args);
        assert_eq!(code, 2, "{args:?}");
        assert_eq!(said.lines().count(), 1, "{args:?}: {said}");
        assert_eq!(names(), before, "{args:?}: {said}");
        assert_eq!(read(&folder, "secrets"), "old\n");
        assert_eq!(read(&folder, "empty"), "");
        said
    };
    for more in [&[][..], &["--resume"]] {
        for output in ["out", "link", "link-to-link", "empty", "link-to-empty"] {
            refused("in", output, "absent/secrets", more);
            refused("in", output, "link", more);
            let said = refused("in", output, "astray", more);
            assert!(said.contains("it is a link"), "{said}");
            refused("in", output, "-", more);
            refused("in.csv", output, "new", more);
            refused("absent", output, "new", more);
            // Passwords that others may open, and those of requests that are not there.
            for mode in [0o644, 0o600] {
                fs::set_permissions(&secret, fs::Permissions::from_mode(mode)).expect("it is ours");
                refused("in", output, "secrets", more);
            }
        }
        for (output, secrets) in [
            ("out", "./out"),
            ("link", "nowhere"),
            ("link-to-link", "nowhere"),
            ("empty", "link-to-empty"),
        ] {
            let said = refused("in", output, secrets, more);
            assert!(said.contains("must be a file of its own"), "{said}");
        }
        for output in ["absent/out", "astray", "."] {
            refused("in", output, "new", more);
        }
    }
}

#[cfg(unix)]
#[test]
fn an_output_may_be_a_link_to_a_file_that_is_to_be_made() {
    let folder = folder("link");
    fs::create_dir(folder.join("elsewhere")).expect("a folder");
    fs::write(folder.join("in"), lines(3, "generate", true)).expect("it is written");
    std::os::unix::fs::symlink("elsewhere/out", folder.join("out")).expect("a link");
    let args = ["--in", "in", "--out", "out", "--secrets-out", "secrets"];
    assert_eq!(run(&folder, &args).0, 0);
    assert!(folder.join("out").is_symlink());
    assert_eq!(values(&read(&folder, "elsewhere/out")).len(), 3);
    assert_secrets_fit(&folder, 3, &[2]);
}

#[test]
fn two_runs_do_not_write_to_one_file() {
    let folder = folder("locked");
    let mut child = bulk(&folder, &["--in", "-", "--out", "out"])
        .stdin(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("it runs");
    let mut stdin = child.stdin.take().expect("a pipe");
    stdin
        .write_all(line(1, "password", "correct horse 7").as_bytes())
        .expect("it is read");
    wait_for(|| fs::metadata(folder.join("out")).is_ok_and(|file| file.len() > 0));
    fs::write(folder.join("in"), lines(3, "password", "correct horse 7")).expect("it is written");
    let (code, said) = run(&folder, &["--in", "in", "--out", "out", "--resume"]);
    assert_eq!(code, 2);
    assert!(said.contains("another program has locked it"), "{said}");
    drop(stdin);
    assert!(child.wait().expect("it ends").success());
    assert_eq!(values(&read(&folder, "out")).len(), 1);
}

fn wait_for(condition: impl Fn() -> bool) {
    let start = Instant::now();
    while !condition() {
        assert!(
            start.elapsed() < Duration::from_secs(120),
            "it takes too long"
        );
        std::thread::sleep(Duration::from_millis(2));
    }
}

#[cfg(unix)]
fn signal(child: &Child, name: &str) {
    let pid = child.id().to_string();
    let status = Command::new("kill").args(["-s", name, &pid]).status();
    assert!(status.expect("kill is installed").success());
}

/// A run that reads from and writes to pipes of ours.
fn piped(folder: &Path) -> (Child, ChildStdin, BufReader<ChildStdout>) {
    let mut child = bulk(folder, &["--in", "-", "--out", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it runs");
    let stdin = child.stdin.take().expect("a pipe");
    let stdout = BufReader::new(child.stdout.take().expect("a pipe"));
    (child, stdin, stdout)
}

fn next_line(stdout: &mut impl BufRead) -> Value {
    let mut line = String::new();
    stdout.read_line(&mut line).expect("it is written");
    serde_json::from_str(&line).expect("JSON")
}

#[cfg(unix)]
#[test]
fn a_signal_ends_a_run_that_waits_for_input() {
    let folder = folder("waiting");
    for (name, number) in [("INT", 2), ("TERM", 15), ("HUP", 1)] {
        let (child, mut stdin, mut stdout) = piped(&folder);
        for id in 1..=3 {
            // Each line is answered before the next one comes, and half a line is none.
            stdin
                .write_all(line(id, "password", "correct horse 7").as_bytes())
                .expect("it is read");
            stdin.write_all(b"{\"id\":").expect("it is read");
            assert_eq!(
                next_line(&mut stdout)["id"],
                json!(if id == 1 { json!(1) } else { Value::Null })
            );
        }
        signal(&child, name);
        let output = child.wait_with_output().expect("it ends");
        assert_eq!(output.status.signal(), Some(number));
        let said = String::from_utf8(output.stderr).expect("text");
        // What went to a pipe cannot be continued.
        assert_eq!(
            said,
            "pwseal: 3 lines: 1 request, 2 errors (2 json)\n\
             pwseal: stopped by a signal, after whole lines\n"
        );
        let mut rest = String::new();
        stdout.read_to_string(&mut rest).expect("it ends");
        assert_eq!(rest, "");
    }
}

#[cfg(unix)]
#[test]
fn a_hangup_does_not_end_a_run_that_nohup_started() {
    let folder = folder("nohup");
    let mut child = Command::new("nohup")
        .args([
            env!("CARGO_BIN_EXE_pwseal"),
            "bulk",
            "--in",
            "-",
            "--out",
            "-",
        ])
        .current_dir(&folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it runs");
    let mut stdin = child.stdin.take().expect("a pipe");
    let mut stdout = BufReader::new(child.stdout.take().expect("a pipe"));
    for _ in 0..2 {
        stdin.write_all(b"{}\n").expect("it is read");
        next_line(&mut stdout);
        signal(&child, "HUP");
    }
    drop(stdin);
    assert_eq!(child.wait().expect("it ends").code(), Some(1));
}

#[cfg(unix)]
#[test]
fn only_a_file_is_said_to_be_continued() {
    let folder = folder("continued");
    for (out, expected) in [
        ("/dev/null", "after whole lines\n"),
        (
            "out",
            "after whole lines: the same command with --resume, with the same input from its \
             beginning, continues\n",
        ),
    ] {
        let mut child = bulk(&folder, &["--in", "-", "--out", out])
            .stdin(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("it runs");
        let mut stdin = child.stdin.take().expect("a pipe");
        // More than a pipe holds: that it is taken shows that the signal is waited for.
        stdin.write_all(&[b'\n'; 200 << 10]).expect("it is read");
        signal(&child, "INT");
        let output = child.wait_with_output().expect("it ends");
        drop(stdin);
        let said = String::from_utf8(output.stderr).expect("text");
        assert!(said.ends_with(expected), "{out}: {said}");
    }
}

#[cfg(unix)]
#[test]
fn ctrl_c_in_the_middle_leaves_whole_lines() {
    let folder = folder("ctrl-c");
    let args = ["--out", "out", "--secrets-out", "secrets"];
    let mut child = bulk(&folder, &[&["--in", "-"], &args[..]].concat())
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it runs");
    let mut stdin = child.stdin.take().expect("a pipe");
    // Input without an end, so that it is in the middle however late the signal comes.
    let feeder = std::thread::spawn(move || {
        (1_u64..).find(|id| {
            let line = line(*id, "generate", true);
            stdin.write_all(line.as_bytes()).is_err()
        })
    });
    wait_for(|| fs::metadata(folder.join("out")).is_ok_and(|file| file.len() > 0));
    signal(&child, "INT");
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(
        output.status.signal(),
        Some(2),
        "a shell's loop is to end as well"
    );
    let done = values(&read(&folder, "out")).len();
    let said = String::from_utf8(output.stderr).expect("text");
    assert_eq!(
        said,
        format!(
            "pwseal: {done} lines: {done} requests, 0 errors\n\
             pwseal: stopped by a signal, after whole lines: the same command with --resume, with \
             the same input from its beginning, continues\n"
        )
    );
    assert!(done > 0);
    assert_secrets_fit(&folder, done, &[done - 1]);
    feeder.join().expect("the pipe is closed");

    let count = done + 1000;
    fs::write(folder.join("in"), lines(count, "generate", true)).expect("it is written");
    let again = [&["--in", "in", "--resume"], &args[..]].concat();
    assert_eq!(run(&folder, &again).0, 0);
    assert_secrets_fit(&folder, count, &[done]);
}

/// How many lines the summary counts.
fn lines_counted(said: &str) -> usize {
    let count = said.strip_prefix("pwseal: ").expect("the summary first");
    let count = count.split(' ').next().expect("a number");
    count.parse().expect("a number")
}

#[cfg(unix)]
#[test]
fn the_lines_that_are_written_before_a_disk_is_full_are_counted() {
    let folder = folder("counted");
    let input: String = (1..=300)
        .map(|id| line(id, "password", ["correct horse 7", "x", "x"][id % 3]))
        .collect();
    fs::write(folder.join("in"), input).expect("it is written");
    let (summary, why) = run_out_of_room(&folder, 40, "--json --in in --out out");
    assert_eq!(
        why,
        "pwseal: \"out\": file too large; when that is mended, the same command with --resume \
         continues\n"
    );
    let summary: Value = serde_json::from_str(&summary).expect("JSON");
    let answers = values(&read(&folder, "out"));
    let errors = answers
        .iter()
        .filter(|answer| answer["error"].is_object())
        .count();
    assert!(errors > 0 && answers.len() < 300, "{answers:?}");
    assert_eq!(summary["requests"], answers.len() - errors);
    assert_eq!(summary["errors"], errors);
    assert_eq!(summary["kinds"], json!({"policy": errors}));
}

#[cfg(unix)]
#[test]
fn what_is_said_to_continue_does() {
    let folder = folder("advice");
    fs::write(folder.join("in"), lines(200, "generate", true)).expect("it is written");
    let args = "--in in --out out --generated-not-kept";
    let (_, said) = run_out_of_room(&folder, 40, args);
    let advice = said.split_once("the same command with ").expect("advice").1;
    let options: Vec<_> = advice
        .split(' ')
        .take_while(|word| word.starts_with('-'))
        .collect();
    assert_eq!(options, ["--resume", "--generated-not-kept"]);
    let args = [&["--in", "in", "--out", "out"], &options[..]].concat();
    assert_eq!(run(&folder, &args).0, 0);
    assert_eq!(values(&read(&folder, "out")).len(), 200);
}

#[cfg(unix)]
#[test]
fn a_full_disk_ends_a_run_at_the_end_of_a_line() {
    let folder = folder("full");
    fs::write(folder.join("in"), lines(2000, "generate", true)).expect("it is written");
    let args = ["--in", "in", "--out", "/dev/full", "--generated-not-kept"];
    let (code, said) = run(&folder, &args);
    assert_eq!(
        (code, &said[..]),
        (
            2,
            "pwseal: 0 lines: 0 requests, 0 errors\npwseal: \"/dev/full\": no space left on device\n"
        )
    );

    let args = "--in in --out out --secrets-out secrets --resume";
    for blocks in [1, 40, 700, 1500] {
        let (_, said) = run_out_of_room(&folder, blocks, args);
        assert!(said.contains(": file too large; when"), "{said}");
        let done = values(&read(&folder, "out"));
        assert_eq!(lines_counted(&said), done.len(), "{said}");
        let secrets = values(&read(&folder, "secrets"));
        assert!(done.len() <= secrets.len() && secrets.len() < 2000);
    }
    assert_eq!(
        run(
            &folder,
            &[
                "--in",
                "in",
                "--out",
                "out",
                "--secrets-out",
                "secrets",
                "--resume"
            ]
        )
        .0,
        0
    );
    assert_secrets_fit(&folder, 2000, &[0, 1999]);
}

#[test]
fn a_closed_pipe_is_an_error() {
    let folder = folder("pipe");
    let (child, mut stdin, stdout) = piped(&folder);
    drop(stdout);
    // It may end before it has read this.
    let _ = stdin.write_all(lines(100, "password", "correct horse 7").as_bytes());
    drop(stdin);
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8(output.stderr).expect("text");
    assert!(
        said.ends_with("pwseal: standard output: broken pipe\n"),
        "{said}"
    );
}

// Windows does not say how much of a write a pipe took before it was closed.
#[cfg(unix)]
#[test]
fn the_lines_that_a_pipe_took_before_it_was_closed_are_counted() {
    let folder = folder("closed");
    fs::write(
        folder.join("in"),
        lines(1000, "password", "correct horse 7"),
    )
    .expect("it is written");
    let mut child = bulk(&folder, &["--in", "in", "--out", "-"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it runs");
    let mut stdout = child.stdout.take().expect("a pipe");
    let mut read = vec![0; 100_000];
    stdout.read_exact(&mut read).expect("it is written");
    drop(stdout);
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8(output.stderr).expect("text");
    let read = read.iter().filter(|byte| **byte == b'\n').count();
    let counted = lines_counted(&said);
    assert!((read..1000).contains(&counted), "{read} were read: {said}");
}

/// The most memory that a process had, in KiB.
#[cfg(target_os = "linux")]
fn peak(child: &Child) -> u64 {
    let status = fs::read_to_string(format!("/proc/{}/status", child.id())).expect("it runs");
    let line = status
        .lines()
        .find(|line| line.starts_with("VmHWM:"))
        .expect("a peak");
    line.split_whitespace()
        .nth(1)
        .and_then(|kib| kib.parse().ok())
        .expect("a number")
}

#[test]
#[cfg(target_os = "linux")]
fn a_line_of_100_megabytes_is_one_error_and_not_held_in_memory() {
    let folder = folder("long");
    let (child, mut stdin, mut stdout) = piped(&folder);
    let mut send = |bytes: &[u8]| stdin.write_all(bytes).expect("it is read");
    send(line(1, "password", "correct horse 7").as_bytes());
    send(b"{\"id\":2,\"password\":\"");
    for _ in 0..100 {
        send(&[b'x'; 1 << 20]);
    }
    send(b"\"}\n");
    send(line(3, "password", "correct horse 7").as_bytes());
    assert_eq!(next_line(&mut stdout)["id"], 1);
    let answer = next_line(&mut stdout);
    assert_eq!(
        (&answer["line"], &answer["error"]["kind"]),
        (&json!(2), &json!("line-too-long"))
    );
    assert_eq!(next_line(&mut stdout)["id"], 3);
    let peak = peak(&child);
    assert!(peak < 16 << 10, "{peak} KiB");
    drop(stdin);
    assert_eq!(
        child.wait_with_output().expect("it ends").status.code(),
        Some(1)
    );
}

#[test]
#[cfg(target_os = "linux")]
fn memory_does_not_grow_with_the_output() {
    let folder = folder("memory-of-output");
    fs::create_dir(folder.join("infos")).expect("a folder");
    let count = 150;
    let (mut infos, mut input) = (String::new(), String::new());
    for id in 1..=count {
        let mut info = info_of(id);
        info["accounts"][0]["accountId"] = (id.to_string() + &"x".repeat(400_000)).into();
        infos += &format!("{info}\n");
        let [identity, source] = [&info["identityId"], &info["sourceId"]];
        let line = json!({"id": id, "identityId": identity, "sourceId": source, "generate": true});
        input += &format!("{line}\n");
    }
    fs::write(folder.join("infos/all.jsonl"), infos).expect("it is written");
    fs::write(folder.join("in"), input).expect("it is written");
    for info in ["infos/all.jsonl", "infos"] {
        let args = ["--in", "in", "--out", "-", "--info", info];
        let mut child = bulk(
            &folder,
            &[&args[..], &["--secrets-out", "secrets"]].concat(),
        )
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it runs");
        let mut stdout = BufReader::new(child.stdout.take().expect("a pipe"));
        for id in 1..count {
            assert_eq!(next_line(&mut stdout)["id"], id);
        }
        // It lives, as the pipe cannot hold the last line.
        let peak = peak(&child);
        assert!(peak < 40 << 10, "{peak} KiB");
        assert_eq!(next_line(&mut stdout)["id"], count);
        let output = child.wait_with_output().expect("it ends");
        assert_eq!(
            String::from_utf8(output.stderr).expect("text"),
            "pwseal: 150 lines: 150 requests, 0 errors\n"
        );
        fs::remove_file(folder.join("secrets")).expect("it is there");
    }
}

#[test]
#[cfg(target_os = "linux")]
fn memory_does_not_grow_with_the_policies_of_many_keys() {
    let folder = folder("memory-of-policies");
    let (mut infos, mut input) = (String::new(), String::new());
    for index in 0..20 {
        let mut info = info_of(index);
        info["publicKeyId"] = format!("key {index}").into();
        // Each takes many times the three bytes that it has there.
        info["policies"] = vec![""; 300_000].into();
        let [identity, source] = [&info["identityId"], &info["sourceId"]];
        input += &json!({"identityId": identity, "sourceId": source, "generate": true}).to_string();
        input += "\n";
        infos += &format!("{info}\n");
    }
    fs::write(folder.join("infos"), infos).expect("it is written");
    let args = [
        "--in",
        "-",
        "--out",
        "-",
        "--info",
        "infos",
        "--generated-not-kept",
    ];
    let mut child = bulk(&folder, &args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("it runs");
    let mut stdin = child.stdin.take().expect("a pipe");
    stdin.write_all(input.as_bytes()).expect("it is read");
    let mut stdout = BufReader::new(child.stdout.take().expect("a pipe"));
    for _ in 0..20 {
        assert_eq!(
            next_line(&mut stdout)["error"],
            json!({
                "kind": "password-info",
                "message": "the password-info has more than 4096 accounts or policies",
            })
        );
    }
    let peak = peak(&child);
    assert!(peak < 64 << 10, "{peak} KiB");
    drop(stdin);
    assert_eq!(child.wait().expect("it ends").code(), Some(1));
}

#[test]
#[cfg(target_os = "linux")]
fn memory_does_not_grow_with_the_input() {
    let folder = folder("memory");
    let peak_after = |count: usize| {
        let (child, mut stdin, mut stdout) = piped(&folder);
        // Lines that fail cost little time and take room all the same.
        let bad = format!("{{\"id\":\"{}\"}}\n", "x".repeat(1000));
        let writer = std::thread::spawn(move || {
            for _ in 0..count {
                stdin.write_all(bad.as_bytes()).expect("it is read");
            }
            stdin
        });
        for _ in 0..count {
            let mut line = Vec::new();
            stdout.read_until(b'\n', &mut line).expect("it is written");
        }
        let peak = peak(&child);
        drop(writer.join());
        assert_eq!(
            child.wait_with_output().expect("it ends").status.code(),
            Some(1)
        );
        peak
    };
    let (few, many) = (peak_after(2000), peak_after(60_000));
    assert!(
        many < few + (4 << 10),
        "{few} KiB for 2 MB, {many} KiB for 60 MB"
    );
}

/// A later line that has something in common with an earlier one gives an error that names it, on any number of cores, also
/// where the earlier one is of a run that is continued.
#[test]
fn an_id_and_an_account_may_be_there_once() {
    let folder = folder("repeated");
    let count = 3000;
    let mut input: String = (1..=count).map(|id| line(id, "generate", true)).collect();
    input += &line_of("new", 1500, "generate", true);
    input += &line_of("1600", "another", "generate", true);
    input += &line_of("new", "new", "generate", true);
    input += &line_of("2999", Value::Null, "password", "x");
    fs::write(folder.join("in"), &input).expect("it is written");
    let args = ["--in", "in", "--out", "out", "--secrets-out", "secrets"];
    let said = "pwseal: 3004 lines: 3001 requests, 3 errors (1 account-repeated, 1 id-repeated, 1 policy)\n";
    assert_eq!(run(&folder, &args), (1, said.into()));
    let assert_refused = || {
        let answers = values(&read(&folder, "out"));
        let errors: Vec<_> = answers[count..].iter().map(|line| &line["error"]).collect();
        assert_eq!(
            errors[..3],
            [
                &json!({
                    "kind": "id-repeated",
                    "message": "the line has the id of line 1500: each needs its own, or none",
                }),
                &json!({
                    "kind": "account-repeated",
                    "message": "the line is for the account of line 1600: a run sets one password for each",
                }),
                &Value::Null,
            ]
        );
        assert_eq!(
            errors[3]["kind"], "policy",
            "the line says what is wrong with itself"
        );
        assert_eq!(answers[count]["id"], 1500);
        assert_eq!(answers[count]["line"], 3001);
        let secrets = values(&read(&folder, "secrets"));
        assert_eq!(secrets.len(), count + 1);
        assert_eq!(secrets[count]["line"], 3003);
        assert_eq!(secrets[count]["password"], decrypt(&answers[count + 2]));
    };
    assert_refused();
    for kept in [1, 1700, 3000, 3001, 3002] {
        keep_lines(&folder, "out", kept);
        keep_lines(&folder, "secrets", kept.min(3000));
        assert_eq!(
            run(&folder, &[&args[..], &["--resume"]].concat()),
            (1, said.into())
        );
        assert_refused();
    }
}

/// Before anything is written where a file begins with a line that generates, and before that line elsewhere.
#[test]
fn generated_passwords_are_not_lost_without_a_word() {
    let folder = folder("lost");
    let given = lines(9, "password", "correct horse 7");
    let wanted = line("last", "generate", true);
    fs::write(folder.join("in"), given + &wanted).expect("it is written");
    let escaped = wanted.replace("generate", "gener\\u0061te");
    fs::write(folder.join("escaped"), &escaped).expect("it is written");
    let ids = line_by_ids(1, "id", 1);
    let ids: Value = serde_json::from_str(&ids).expect("JSON");
    let [identity, source] = ["identityId", "sourceId"].map(|id| ids[id].as_str().expect("text"));
    let header = "identityId,sourceId,password,generate\n";
    let csv = format!("{header}{identity},{source},,TRUE\n");
    fs::write(folder.join("in.csv"), csv).expect("it is written");
    let choice =
        "--secrets-out FILE keeps it, and with --generated-not-kept nobody gets to know it";
    for (name, line) in [("in", 10), ("escaped", 1), ("in.csv", 1)] {
        let said = format!("pwseal: {name:?}: line {line} wants a generated password: {choice}\n");
        assert_eq!(run(&folder, &["--in", name, "--out", "out"]), (2, said));
        assert!(!folder.join("out").exists());
    }
    // A column that is empty wants none.
    let csv = format!("{header}{identity},{source},correct horse 7,\n");
    fs::write(folder.join("in.csv"), csv).expect("it is written");
    assert_eq!(run(&folder, &["--in", "in.csv", "--out", "out"]).0, 0);

    let (child, mut stdin, mut stdout) = piped(&folder);
    let first = line(1, "password", "correct horse 7");
    stdin
        .write_all((first + &wanted).as_bytes())
        .expect("it is read");
    let mut written = String::new();
    stdout.read_to_string(&mut written).expect("it ends");
    assert_eq!(values(&written).len(), 1);
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8(output.stderr).expect("text");
    assert!(
        said.contains("\"-\": line 2 wants a generated password"),
        "{said}"
    );
}

#[test]
fn what_generated_passwords_are_made_of_may_be_said() {
    let folder = folder("characters");
    fs::write(folder.join("in"), lines(50, "generate", true)).expect("it is written");
    let args = ["--in", "in", "--out", "out", "--secrets-out", "secrets"];
    let made_of = ["--length", "24", "--exclude", "aeiou", "--no-look-alikes"];
    assert_eq!(run(&folder, &[&args[..], &made_of].concat()).0, 0);
    for secret in values(&read(&folder, "secrets")) {
        let password = secret["password"].as_str().expect("text");
        assert_eq!(password.len(), 24);
        assert!(!password.contains(['a', 'e', 'i', 'o', 'u', '0', 'O', '1', 'l', 'I', '|']));
    }
}

/// What a password is not checked against is on its line, and with `--strict` an error.
#[test]
fn rules_that_are_not_checked_are_on_their_line() {
    let folder = folder("not-checked");
    let mut info = info();
    info["policies"] = json!([
        "passwordHistory is 5",
        "checkPasswordsAgainstDictionary is true"
    ]);
    let line = |person: &str, password: &str| {
        info["accounts"][0]["accountId"] = person.into();
        json!({"id": person, "info": info, "password": password}).to_string() + "\n"
    };
    let mut line = line;
    let input = [line("a", "correct horse 7"), line("b", "qwerty 7")].concat();
    fs::write(folder.join("in"), &input).expect("it is written");
    fs::write(folder.join("words"), "qwerty\n").expect("it is written");
    let not_checked = |answer: &Value| -> Vec<(String, String)> {
        let list = answer["notChecked"].as_array().expect("a list");
        let text = |value: &Value| value.as_str().expect("text").to_owned();
        list.iter()
            .map(|rule| {
                assert!(
                    text(&rule["message"]).starts_with("not checked: "),
                    "{rule}"
                );
                (text(&rule["rule"]), text(&rule["reason"]))
            })
            .collect()
    };
    let history = ("passwordHistory is 5".to_owned(), "oldPasswords".to_owned());
    let args = ["--in", "in", "--out", "out", "--resume"];
    // What is continued counts as well.
    for _ in 0..2 {
        let (code, summary) = run_for_summary(&folder, &args);
        assert_eq!((code, &summary["notAllChecked"]), (0, &json!(2)));
        keep_lines(&folder, "out", 1);
    }
    assert_eq!(run(&folder, &args).0, 0);
    for answer in values(&read(&folder, "out")) {
        let rules = not_checked(&answer);
        assert_eq!(rules.len(), 2);
        assert_eq!(rules[0], history);
    }

    let args = ["--in", "in", "--out", "with-words", "--dictionary", "words"];
    assert_eq!(run(&folder, &args).0, 1);
    let answers = values(&read(&folder, "with-words"));
    assert_eq!(not_checked(&answers[0]), [history]);
    assert_eq!(answers[1]["error"]["kind"], "policy");

    let args = ["--in", "in", "--out", "strict", "--strict"];
    let said = "pwseal: 2 lines: 0 requests, 2 errors (2 not-checked)\n";
    assert_eq!(run(&folder, &args), (1, said.into()));
    let message = values(&read(&folder, "strict"))[0]["error"]["message"].clone();
    let message = message.as_str().expect("text");
    assert!(message.contains("passwordHistory is 5 ("), "{message}");
}

#[test]
#[cfg(unix)]
fn separators_may_be_said() {
    let folder = folder("delimiter");
    let info = info();
    let [identity, source] = ["identityId", "sourceId"].map(|id| info[id].as_str().expect("text"));
    for (name, delimiter) in [
        (";", ';'),
        ("|", '|'),
        ("tab", '\t'),
        ("\\t", '\t'),
        (",", ','),
    ] {
        let text = format!("identityId,sourceId,password\n{identity},{source},correct horse 7\n");
        let text = text.replace(',', &delimiter.to_string());
        fs::write(folder.join("in"), text).expect("it is written");
        let args = ["--in", "in", "--out", "/dev/null", "--delimiter", name];
        assert_eq!(run(&folder, &args).0, 0, "{name}");
    }
    let (code, said) = run(&folder, &["--in", "in", "--out", "out", "--delimiter", "x"]);
    assert_eq!(code, 2);
    assert!(said.contains("--delimiter"), "{said}");
}

#[test]
#[cfg(unix)]
fn the_output_and_the_summary_are_for_whom_they_are_meant() {
    let folder = folder("modes");
    fs::write(folder.join("in"), lines(2, "password", "correct horse 7")).expect("it is written");
    let (code, summary) = run_for_summary(&folder, &["--in", "in", "--out", "out"]);
    assert_eq!((code, &summary["requests"]), (0, &json!(2)));
    let mode = fs::metadata(folder.join("out"))
        .expect("it is there")
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
    // Beside the lines it is on standard error.
    let args = ["--in", "in", "--out", "-", "--json"];
    let output = bulk(&folder, &args).output().expect("it runs");
    let text = |bytes| String::from_utf8(bytes).expect("text");
    assert_eq!(values(&text(output.stdout)).len(), 2);
    assert_eq!(values(&text(output.stderr))[0]["requests"], 2);
}
