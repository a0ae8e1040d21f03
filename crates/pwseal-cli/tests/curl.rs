//! What `pwseal curl` prints, sent by curl itself to a server on the loopback interface, and what
//! `pwseal answer` says of what comes back.
#![cfg(unix)]
// The helpers of a test may panic as the test itself may.
#![allow(clippy::panic, clippy::unwrap_used)]

use std::fs;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use pwseal_test_server::{Server, TOKEN, Trouble};
use serde_json::{Value, json};

const PWSEAL: &str = env!("CARGO_BIN_EXE_pwseal");
const ACCOUNT: &str = "CN=Abby Smith,OU=Austin,OU=Americas,OU=Demo,DC=seri,DC=acme,DC=com";

const QUERY: [&str; 5] = [
    "query-password-info",
    "--user-name",
    "Abby.Smith",
    "--source-name",
    "My-AD",
];
const CHANGE: [&str; 3] = ["set-password", "--info", "info.json"];
const STATUS: [&str; 2] = ["password-change-status", "00000000000000000000000000000001"];
const DIGITS: [&str; 3] = ["generate-password-reset-token", "--user-id", "Abby.Smith"];

/// One request: what pwseal prints, by curl, and back to pwseal.
const EXCHANGE: &str = r#"
config=$(pwseal curl "$@" --base-url "$URL") || exit
printf '%s\n' "$config" | curl --header @token --config - --retry 0 | pwseal answer "$1""#;

/// A folder with what a user has, which goes when it is dropped.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("curl-{name}"));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        let folder = Self(path);
        folder.write("token", &format!("Authorization: Bearer {TOKEN}\n"));
        folder.write("password.txt", "correct horse 7\n");
        let info = include_str!("../../../examples/password-info.json");
        folder.write("info.json", info);
        folder
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.0.join(name), text).unwrap();
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.0.join(name)).unwrap()
    }

    fn sh(&self, script: &str, server: &Server, args: &[&str]) -> Told {
        let path = format!(
            "{}:{}",
            Path::new(PWSEAL).parent().unwrap().display(),
            std::env::var("PATH").unwrap()
        );
        let mut child = Command::new("sh")
            .args(["-c", script, "sh"])
            .args(args)
            .current_dir(&self.0)
            // A user's own settings would count.
            .env("CURL_HOME", &self.0)
            .env("HOME", &self.0)
            .env("http_proxy", "http://127.0.0.1:1")
            .env("PATH", path)
            .env("URL", server.url())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // Most do not read it.
        let _ = child.stdin.take().unwrap().write_all(b"correct horse 7\n");
        let output = child.wait_with_output().unwrap();
        Told {
            code: output.status.code().unwrap(),
            printed: String::from_utf8(output.stdout).unwrap(),
            said: String::from_utf8(output.stderr).unwrap(),
        }
    }

    fn exchange(&self, server: &Server, args: &[&str]) -> Told {
        self.sh(EXCHANGE, server, args)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// What a shell is told.
#[derive(Debug)]
struct Told {
    code: i32,
    printed: String,
    said: String,
}

impl Told {
    #[track_caller]
    fn is(&self, code: i32, printed: &str, said: &str) {
        assert_eq!(self.code, code, "{self:?}");
        assert_eq!(self.printed, printed, "{self:?}");
        assert!(
            self.said.contains(said) && (said.is_empty() == self.said.is_empty()),
            "{self:?}"
        );
    }
}

/// The script of the README, for a server instead of the tenant.
fn script() -> String {
    let readme = include_str!("../../../README.md");
    let blocks = readme.split("```sh\n").skip(1);
    let blocks = blocks.map(|block| block.split("```").next().unwrap());
    let mut jobs = blocks.filter(|block| block.contains("pwseal answer "));
    let script = jobs.next().unwrap();
    assert!(jobs.next().is_none(), "there are two");
    assert!(script.lines().count() <= 12, "that is too long");
    assert_eq!(script.matches("--tenant acme").count(), 1);
    script.replace("--tenant acme", "--base-url \"$URL\"")
}

#[test]
fn the_script_of_the_readme_changes_a_password() {
    let folder = Folder::new("readme");
    let server = Server::start(Trouble::None);
    let told = folder.sh(&script(), &server, &[]);
    told.is(
        0,
        "FINISHED\n",
        "the password change is IN_PROGRESS; ask again in 1 s\n",
    );
    assert_eq!(server.password(ACCOUNT).unwrap(), b"correct horse 7");
    assert_eq!(server.requests().len(), 4, "{:?}", server.requests());
    let info: Value = serde_json::from_str(&folder.read("info.json")).unwrap();
    assert!(info["publicKey"].is_string());
}

#[test]
fn the_script_of_the_readme_waits_for_a_server_that_is_busy() {
    let folder = Folder::new("busy");
    let server = Server::start(Trouble::Busy);
    let told = folder.sh(&script(), &server, &[]);
    told.is(
        0,
        "FINISHED\n",
        "the answer to password-change-status is 200 OK, but",
    );
    assert_eq!(server.password(ACCOUNT).unwrap(), b"correct horse 7");
    // 429, which curl itself obeys, a page, IN_PROGRESS, FINISHED.
    assert_eq!(server.requests().len(), 6, "{:?}", server.requests());
}

#[test]
fn the_script_of_the_readme_tells_how_a_change_failed() {
    let folder = Folder::new("fails");
    let server = Server::start(Trouble::Fails);
    let told = folder.sh(&script(), &server, &[]);
    told.is(
        1,
        "",
        "pwseal: the password change FAILED: The password is in the history.\n",
    );
    assert_eq!(server.password(ACCOUNT), None);
}

#[test]
fn the_script_of_the_readme_sends_nothing_for_a_password_that_violates_a_policy() {
    let folder = Folder::new("violates");
    folder.write("password.txt", "aaaa\n");
    let server = Server::start(Trouble::None);
    let told = folder.sh(&script(), &server, &[]);
    told.is(1, "", "pwseal: the password violates the policy: ");
    assert_eq!(server.requests(), ["POST /v2026/query-password-info"]);
}

#[test]
fn each_operation_brings_the_one_thing_that_is_wanted() {
    let folder = Folder::new("each");
    let server = Server::start(Trouble::None);
    let told = folder.exchange(&server, &QUERY);
    assert_eq!((told.code, &told.said[..]), (0, ""), "{told:?}");
    let expected: Value = serde_json::from_str(&folder.read("info.json")).unwrap();
    assert_eq!(
        serde_json::from_str::<Value>(&told.printed).unwrap(),
        expected
    );
    folder
        .exchange(&server, &CHANGE)
        .is(0, "00000000000000000000000000000001\n", "");
    folder
        .exchange(&server, &STATUS)
        .is(3, "1\n", "the password change is IN_PROGRESS");
    folder.exchange(&server, &STATUS).is(0, "FINISHED\n", "");
    assert_eq!(server.password(ACCOUNT).unwrap(), b"correct horse 7");
    let digits = [&DIGITS[..], &["--length", "8", "--duration-minutes", "10"]].concat();
    folder.exchange(&server, &digits).is(0, "01234567\n", "");
    let body: Value = serde_json::from_slice(server.bodies().last().unwrap()).unwrap();
    assert_eq!(
        body,
        json!({"userId": "Abby.Smith", "length": 8, "durationMinutes": 10})
    );
}

#[test]
fn a_generated_password_is_on_the_disk_and_in_force() {
    let folder = Folder::new("generated");
    let server = Server::start(Trouble::None);
    let generate = ["--generate", "--length", "20", "--secret-out", "secret"];
    let change = [&CHANGE[..], &generate].concat();
    folder
        .exchange(&server, &change)
        .is(0, "00000000000000000000000000000001\n", "");
    folder.exchange(&server, &STATUS);
    folder.exchange(&server, &STATUS).is(0, "FINISHED\n", "");
    let secret = folder.read("secret");
    assert_eq!(secret.len(), 21);
    assert_eq!(
        server.password(ACCOUNT).unwrap(),
        secret.trim_end().as_bytes()
    );
    let mode = fs::metadata(folder.0.join("secret"))
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);

    // Or in a pipe, to what encrypts it.
    let script = format!("mkfifo pipe; cat pipe > kept & ({EXCHANGE}); wait");
    let piped = [&CHANGE[..], &["--generate", "--secret-out", "pipe"]].concat();
    let told = folder.sh(&script, &server, &piped);
    assert_eq!(
        told.printed, "00000000000000000000000000000002\n",
        "{told:?}"
    );
    let status = [STATUS[0], "00000000000000000000000000000002"];
    folder.exchange(&server, &status);
    folder.exchange(&server, &status).is(0, "FINISHED\n", "");
    let kept = folder.read("kept");
    assert_eq!(
        server.password(ACCOUNT).unwrap(),
        kept.trim_end().as_bytes()
    );
    let sent = server.requests().len();

    // It is not written over, and nothing is sent.
    folder
        .exchange(&server, &change)
        .is(2, "", "\"secret\": it exists");
    assert_eq!(folder.read("secret"), secret);
    assert_eq!(server.requests().len(), sent);
    // A file that cannot be written: nothing is sent either.
    let nowhere = [
        &CHANGE[..],
        &["--generate", "--secret-out", "absent/secret"],
    ]
    .concat();
    folder
        .exchange(&server, &nowhere)
        .is(2, "", "\"absent/secret\": no such file");
    assert_eq!(server.requests().len(), sent);
}

#[test]
fn every_character_arrives() {
    let folder = Folder::new("characters");
    let server = Server::start(Trouble::None);
    for name in [
        "a\"b",
        "a\\b\\\\",
        "a\nb\r\tc",
        "@token",
        "ü € 😀",
        "{a,b}[1-9]",
        "#a=b",
        " a ",
        "\u{b}\u{7f}",
        "-K",
    ] {
        let name = format!("--user-name={name}");
        let told = folder.exchange(&server, &[QUERY[0], &name, "--source-name", "My-AD"]);
        told.is(4, "", "404 Not Found");
        let body: Value = serde_json::from_slice(server.bodies().last().unwrap()).unwrap();
        assert_eq!(
            format!("--user-name={}", body["userName"].as_str().unwrap()),
            name
        );
    }
    let told = folder.exchange(&server, &["password-change-status", "a/b?c#d%\"\\ü"]);
    told.is(4, "", "is the request id from this tenant?");
    let expected = "GET /v2026/password-change-status/a%2Fb%3Fc%23d%25%22%5C%C3%BC";
    assert_eq!(server.requests().last().unwrap(), expected);
}

#[test]
fn neither_the_password_nor_a_token_is_in_a_configuration() {
    let folder = Folder::new("secrets");
    let server = Server::start(Trouble::None);
    let told = folder.sh("pwseal curl \"$@\" --base-url \"$URL\"", &server, &CHANGE);
    assert_eq!((told.code, &told.said[..]), (0, ""));
    assert!(!told.printed.contains("correct horse") && !told.printed.contains(TOKEN));
    assert!(told.printed.contains("\nretry = 0\n"), "{told:?}");
}

/// An answer as bytes.
fn raw(head: &str, body: &str) -> Vec<u8> {
    format!(
        "HTTP/1.1 {head}\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

/// What is asked for, the answer, and the exit code, standard output and a part of standard error that it gets.
type Case<'c> = (&'c [&'c str], Vec<u8>, i32, &'c str, &'c str);

#[test]
fn every_error_has_its_exit_code_and_its_reason() {
    let refusal = r#"{"detailCode": "403 Forbidden", "messages": [{"text": "No."}]}"#;
    let page = "<html>Bad Gateway</html>";
    let limit = r#"{"message": " Rate Limit Exceeded "}"#;
    let broken = raw("200 OK", r#"{"state": "FINIS"#);
    let cases: [Case<'_>; 23] = [
        (
            &QUERY,
            raw("403 Forbidden", refusal),
            4,
            "",
            "No.; the token needs the scope idn:password-info:read",
        ),
        (
            &QUERY,
            raw("429 X\r\nRetry-After: 7", limit),
            5,
            "7\n",
            "429 Too Many Requests",
        ),
        (
            &QUERY,
            raw("502 Bad Gateway", page),
            6,
            "1\n",
            "502 Bad Gateway, and its body not the API's",
        ),
        (
            &QUERY,
            raw("500 X", refusal),
            5,
            "1\n",
            "500 Internal Server Error: 403 Forbidden: No.",
        ),
        (
            &QUERY,
            raw("302 Found\r\nLocation: /elsewhere", ""),
            6,
            "",
            "302 Found",
        ),
        (&QUERY, raw("200 OK", "[]"), 6, "1\n", "200 OK, but"),
        (
            &QUERY,
            b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{\"a\"".to_vec(),
            6,
            "1\n",
            "4 bytes of 99",
        ),
        (
            &QUERY,
            Vec::new(),
            6,
            "1\n",
            "there is no answer: curl says why",
        ),
        (
            &CHANGE,
            raw("429 X\r\nRetry-After: 7", limit),
            5,
            "7\n",
            "ask again in 7 s",
        ),
        (
            &CHANGE,
            raw("400 Bad Request", refusal),
            4,
            "",
            "400 Bad Request",
        ),
        // Nobody knows whether these were carried out.
        (
            &CHANGE,
            raw("500 X", refusal),
            6,
            "",
            "whether it was carried out is not known",
        ),
        (
            &CHANGE,
            raw("502 Bad Gateway", page),
            6,
            "",
            "whether it was carried out is not known",
        ),
        (
            &CHANGE,
            Vec::new(),
            6,
            "",
            "whether set-password was carried out is not known",
        ),
        (
            &CHANGE,
            raw("307 X\r\nLocation: /v2026/set-password", ""),
            6,
            "",
            "307 Temporary Redirect",
        ),
        // No refusal is a success, whatever its body has.
        (
            &CHANGE,
            raw("200 OK", refusal),
            6,
            "",
            "only 202 Accepted means success here",
        ),
        (
            &CHANGE,
            raw("501 Not Implemented", refusal),
            6,
            "",
            "501 Not Implemented",
        ),
        (
            &DIGITS,
            raw("302 Found\r\nLocation: /elsewhere", refusal),
            6,
            "",
            "302 Found",
        ),
        // Ordered, but that is all.
        (
            &CHANGE,
            raw("202 Accepted", r#"{"requestId": null}"#),
            0,
            "",
            "has no request id",
        ),
        (
            &CHANGE,
            raw("202 Accepted", r#"{"requestId": ".."}"#),
            0,
            "",
            "has no request id",
        ),
        (
            &CHANGE,
            raw("202 Accepted", r#"{"requestId": "-x"}"#),
            6,
            "",
            "its request id is not usable",
        ),
        (
            &STATUS,
            raw("503 X\r\nRetry-After: 9", page),
            6,
            "9\n",
            "503 Service Unavailable",
        ),
        (&STATUS, broken, 6, "1\n", "is cut off"),
        (
            &DIGITS,
            raw("504 X", page),
            6,
            "",
            "whether it was carried out is not known",
        ),
    ];
    let folder = Folder::new("errors");
    for (args, bytes, code, printed, said) in cases {
        let server = Server::start(Trouble::Raw(args[0].to_owned().leak(), bytes));
        let told = folder.exchange(&server, args);
        told.is(code, printed, said);
        assert_eq!(server.requests().len(), 1, "it is sent once: {told:?}");
    }
    let server = Server::start(Trouble::None);
    folder.write("token", "Authorization: Bearer expired\n");
    folder
        .exchange(&server, &QUERY)
        .is(4, "", "the token is missing, wrong or expired");
}

#[test]
fn curl_repeats_by_itself_what_changes_nothing() {
    let folder = Folder::new("repeats");
    let script = EXCHANGE.replace("--retry 0", "");
    for (args, requests) in [(&QUERY[..], 4), (&CHANGE, 1)] {
        let answer = raw(
            "429 X\r\nRetry-After: 1",
            "{\"message\": \"Rate Limit Exceeded\"}",
        );
        let server = Server::start(Trouble::Raw(args[0].to_owned().leak(), answer));
        folder
            .sh(&script, &server, args)
            .is(5, "1\n", "429 Too Many Requests");
        assert_eq!(server.requests().len(), requests);
    }
}

#[test]
fn what_a_users_own_settings_say_of_answers_does_not_count() {
    let folder = Folder::new("curlrc");
    folder.write(".curlrc", "location\nfail\ncompressed\n");
    let answer = raw("403 Forbidden", "{\"message\": \"No.\"}");
    let server = Server::start(Trouble::Raw("query", answer));
    folder
        .exchange(&server, &QUERY)
        .is(4, "", "403 Forbidden: No.");
    let answer = raw("307 X\r\nLocation: /v2026/set-password", "");
    let server = Server::start(Trouble::Raw("set-password", answer));
    folder
        .exchange(&server, &CHANGE)
        .is(6, "", "307 Temporary Redirect");
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn the_longer_a_change_takes_the_longer_is_the_wait() {
    let folder = Folder::new("since");
    let server = Server::start(Trouble::None);
    folder.write("answer", "HTTP/2 200 \r\n\r\n{\"state\": \"IN_PROGRESS\"}");
    let script = r#"pwseal answer password-change-status answer --since $(($(date +%s) - $1))"#;
    let told = folder.sh(script, &server, &["600"]);
    assert!(
        told.code == 3 && ["60\n", "61\n"].contains(&&told.printed[..]),
        "{told:?}"
    );
    folder
        .sh(script, &server, &["-600"])
        .is(3, "1\n", "IN_PROGRESS");
    folder
        .sh(script, &server, &["20000"])
        .is(6, "", "IN_PROGRESS after 5 hours");
}

#[test]
fn what_a_server_says_does_not_reach_a_terminal_as_it_is() {
    let folder = Folder::new("terminal");
    let server = Server::start(Trouble::None);
    for (operation, body, code, said) in [
        (
            "set-password",
            r#"{"requestId": "a\u001b[2Jb"}"#,
            6,
            "is not usable",
        ),
        (
            "generate-password-reset-token",
            r#"{"digitToken": "12\n34567"}"#,
            6,
            "can be used",
        ),
        ("generate-password-reset-token", r#"{}"#, 6, "can be used"),
        (
            "password-change-status",
            r#"{"state": "FAILED", "errors": ["a\u001b[2Jb"]}"#,
            1,
            "a\\x1b[2Jb",
        ),
        (
            "set-password",
            r#"{"requestId": "1", "state": "FAILED"}"#,
            1,
            "change 1 FAILED",
        ),
    ] {
        let status = if operation == "set-password" {
            "202"
        } else {
            "200"
        };
        folder.write("answer", &format!("HTTP/2 {status} \r\n\r\n{body}"));
        let told = folder.sh(&format!("pwseal answer {operation} answer"), &server, &[]);
        told.is(code, "", said);
        assert!(!told.said.contains('\u{1b}'), "{told:?}");
    }
    folder.write("answer", "HTTP/2 200 \r\n\r\n{\"digitToken\": 9087}");
    let token = folder.sh(
        "pwseal answer generate-password-reset-token answer",
        &server,
        &[],
    );
    token.is(0, "9087\n", "left out zeros in front");
}
