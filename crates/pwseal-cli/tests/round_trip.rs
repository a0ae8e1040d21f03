//! What the command prints is decrypted by OpenSSL, and is the password to the byte. Where there is no OpenSSL, `passwords.rs`
//! decrypts by the crate `rsa`.
#![cfg(unix)]

use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use pwseal_api::PasswordChangeRequest;

const PUBLIC_KEY: &str = "../../examples/public-key.pem";
const PRIVATE_KEY: &str = "../../examples/private-key.pem";
const PASSWORD_INFO: &str = "../../examples/password-info.json";

fn run(program: impl AsRef<Path>, args: &[&str], input: &[u8]) -> Output {
    let mut child = Command::new(program.as_ref())
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program is installed");
    child
        .stdin
        .take()
        .expect("a pipe")
        .write_all(input)
        .expect("the input is read");
    child.wait_with_output().expect("it ends")
}

fn pwseal(args: &[&str], input: &[u8]) -> String {
    let output = run(env!("CARGO_BIN_EXE_pwseal"), args, input);
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).expect("text")
}

/// By OpenSSL alone: its base64 decoder, then its private key operation.
fn decrypt(base64: &str) -> Vec<u8> {
    let bytes = run("openssl", &["base64", "-d", "-A"], base64.as_bytes()).stdout;
    let args = ["pkeyutl", "-decrypt", "-inkey", PRIVATE_KEY];
    let output = run("openssl", &args, &bytes);
    assert!(output.status.success(), "{output:?}");
    output.stdout
}

fn encrypted_by(args: &[&str], input: &[u8]) -> Vec<u8> {
    let args = [&["encrypt", "--key", PUBLIC_KEY], args].concat();
    let line = pwseal(&args, input);
    assert_eq!(line.len(), 345, "one line of 344 characters");
    assert!(line.ends_with('\n'));
    decrypt(line.trim_end())
}

#[test]
fn one_line_break_at_the_end_is_dropped_and_no_more() {
    for (input, password) in [
        (&b"hunter2"[..], &b"hunter2"[..]),
        (b"hunter2\n", b"hunter2"),
        (b"hunter2\r\n", b"hunter2"),
        (b" hunter2 \n", b" hunter2 "),
        ("pässwörd €\n".as_bytes(), "pässwörd €".as_bytes()),
    ] {
        assert_eq!(encrypted_by(&[], input), password, "{input:?}");
    }
}

#[test]
fn raw_keeps_every_byte() {
    for input in [&b"hunter2\n"[..], b"hunter2\r\n", b"\n", b"\0\xff\n"] {
        assert_eq!(encrypted_by(&["--raw"], input), input);
    }
}

#[test]
fn the_longest_password_comes_through() {
    let longest = [b'x'; 245];
    assert_eq!(encrypted_by(&[], &longest), longest);
}

#[test]
fn input_that_comes_in_pieces_is_read_to_its_end() {
    let script = format!(
        "(printf hun; sleep 0.1; printf 'ter2\\n') | {} encrypt --key {PUBLIC_KEY}",
        env!("CARGO_BIN_EXE_pwseal")
    );
    let output = run("sh", &["-c", &script], b"");
    let line = String::from_utf8(output.stdout).expect("text");
    assert_eq!(decrypt(line.trim_end()), b"hunter2");
}

#[test]
fn the_body_of_set_password_holds_the_password_and_the_ids() {
    let body = pwseal(&["request", "--info", PASSWORD_INFO], b"correct horse 7\n");
    let change = PasswordChangeRequest::from_json(&body).expect("what the library sends");
    assert_eq!(change.to_json() + "\n", body);
    let body: serde_json::Value = serde_json::from_str(&body).expect("JSON");
    let info = std::fs::read(PASSWORD_INFO).expect("the example");
    let info: serde_json::Value = serde_json::from_slice(&info).expect("JSON");

    for field in ["identityId", "sourceId", "publicKeyId"] {
        assert_eq!(body[field], info[field]);
    }
    assert_eq!(body["accountId"], info["accounts"][0]["accountId"]);
    let ciphertext = body["encryptedPassword"].as_str().expect("text");
    assert_eq!(decrypt(ciphertext), b"correct horse 7");
    assert_eq!(body.as_object().map(serde_json::Map::len), Some(5));
}

#[test]
fn a_password_that_violates_a_policy_gives_no_body_unless_that_is_asked_for() {
    let args = ["request", "--info", PASSWORD_INFO];
    let refused = run(env!("CARGO_BIN_EXE_pwseal"), &args, b"aaaa\n");
    assert_eq!(refused.status.code(), Some(1));
    assert!(refused.stdout.is_empty());

    let args = [&args[..], &["--no-policy-check"]].concat();
    let body: serde_json::Value = serde_json::from_str(&pwseal(&args, b"aaaa\n")).expect("JSON");
    assert_eq!(
        decrypt(body["encryptedPassword"].as_str().expect("text")),
        b"aaaa"
    );
}

#[test]
fn a_generated_password_is_one_line_that_check_accepts() {
    let digits = ["--policy", "passwordMinNumeric is 6", "--length", "6"];
    let line = pwseal(&[&["generate"], &digits[..]].concat(), b"");
    let digit = |byte: &u8| byte.is_ascii_digit();
    assert!(line.len() == 7 && line.as_bytes()[..6].iter().all(digit));

    let first = pwseal(&["generate", "--info", PASSWORD_INFO], b"");
    let second = pwseal(&["generate", "--info", PASSWORD_INFO], b"");
    assert_eq!((first.len(), second.len()), (17, 17));
    assert_ne!(first, second);
    let strict = ["check", "--info", PASSWORD_INFO, "--strict"];
    pwseal(&strict, first.as_bytes());

    let longest = ["--policy", "passwordMaxLength is 12"];
    assert_eq!(
        pwseal(&[&["generate"], &longest[..]].concat(), b"").len(),
        13
    );
    let shortest = ["--policy", "passwordMinLength is 40"];
    assert_eq!(
        pwseal(&[&["generate"], &shortest[..]].concat(), b"").len(),
        41
    );
}

#[test]
fn a_rule_of_any_length_is_shown() {
    let rule = "x".repeat(70_000);
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let path = folder.join("long-rule.json");
    let info = format!(r#"{{"identityId": "a", "policies": ["{rule}"]}}"#);
    std::fs::write(&path, info).expect("it is written");
    let args = ["check", "--info", path.to_str().expect("text")];
    let output = run(env!("CARGO_BIN_EXE_pwseal"), &args, b"hunter2");
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert!(String::from_utf8_lossy(&output.stdout).contains(&rule));
}

#[test]
fn a_warning_that_cannot_be_written_changes_nothing() {
    let script = format!(
        "printf 'a:b' | {} encrypt --key {PUBLIC_KEY} 2> /dev/full",
        env!("CARGO_BIN_EXE_pwseal")
    );
    let output = run("sh", &["-c", &script], b"");
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(output.stdout.len(), 345);
}

#[test]
fn an_output_that_cannot_be_written_is_an_error() {
    const OR_NULL: &str = "it is closed, or /dev/null that is open for reading as well";
    let words = |text: &'static str| text.split('|').collect::<Vec<_>>();
    let prints = [
        "encrypt|--key|../../examples/public-key.pem",
        "request|--info|../../examples/password-info.json",
        "generate|--info|../../examples/password-info.json",
        "completions|bash",
        "man",
        "curl|set-password|--tenant|acme|--info|../../examples/password-info.json",
        "answer|password-change-status|tests/cmd/files/finished.http",
        "bulk|--in|-|--info|../../examples/password-info.json|--out|-",
    ];
    // What these find out is in their exit codes, too: a program may close their output.
    let answers = [
        "check|--policy|passwordMinLength is 5",
        "key|../../examples/public-key.pem",
    ];
    let unusable = |how| -> Stdio {
        let path = |name| File::options().write(true).open(name).expect("it is there");
        match how {
            "bad file descriptor" => File::open("/dev/null").expect("it is there").into(),
            "no space left on device" => path("/dev/full").into(),
            "broken pipe" => std::io::pipe().expect("a pipe").1.into(),
            // As subprocess.DEVNULL of Python is opened, which cannot be told from what stands for a closed output.
            OR_NULL => File::options()
                .read(true)
                .write(true)
                .open("/dev/null")
                .expect("it is there")
                .into(),
            // The shell closes it.
            _ => Stdio::null(),
        }
    };
    for (index, command) in prints.into_iter().chain(answers).enumerate() {
        let closed = ["it is closed", OR_NULL];
        let closed = (index < prints.len()).then_some(closed);
        let written = [
            "bad file descriptor",
            "no space left on device",
            "broken pipe",
        ];
        for how in written.into_iter().chain(closed.into_iter().flatten()) {
            let script = match how {
                "it is closed" => r#"exec "$0" "$@" >&-"#,
                _ => r#"exec "$0" "$@""#,
            };
            let mut child = Command::new("sh")
                .args(["-c", script, env!("CARGO_BIN_EXE_pwseal")])
                .args(words(command))
                .stdin(Stdio::piped())
                .stdout(unusable(how))
                .stderr(Stdio::piped())
                .spawn()
                .expect("a shell");
            // Those that refuse before they read leave it unread.
            let _ = child
                .stdin
                .take()
                .expect("a pipe")
                .write_all(b"correct horse 7");
            let output = child.wait_with_output().expect("it ends");
            // Whoever reads a page may have read enough.
            if (command, how) == ("man", "broken pipe") {
                assert!(
                    output.status.success() && output.stderr.is_empty(),
                    "{output:?}"
                );
                continue;
            }
            let said = String::from_utf8_lossy(&output.stderr);
            assert_eq!(output.status.code(), Some(2), "{command}: {how}: {said}");
            let expected = format!("standard output: {how}");
            assert!(said.contains(&expected), "{command}: {how}: {said}");
        }
    }
}
