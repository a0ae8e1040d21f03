//! A tenant's passwords, with curl as the only network: every stage can be killed and continued, and no change is made twice.
#![cfg(unix)]
// The helpers of a test may panic as the test itself may.
#![allow(clippy::panic, clippy::unwrap_used)]

use std::collections::{BTreeSet, HashMap};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::thread;
use std::time::Duration;

use pwseal_test_server::{Server, TOKEN, Trouble};
use serde_json::{Value, json};

const INFO: &str = include_str!("../../../examples/password-info.json");

struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("many-{name}"));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        let folder = Self(path);
        folder.write("token", &format!("Authorization: Bearer {TOKEN}\n"));
        folder
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.0.join(name), text).unwrap();
    }

    fn lines(&self, name: &str) -> Vec<Value> {
        let text = fs::read_to_string(self.0.join(name)).unwrap();
        text.lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }

    fn command(&self, script: &str, server: &Server) -> Command {
        let pwseal = Path::new(env!("CARGO_BIN_EXE_pwseal")).parent().unwrap();
        let path = format!("{}:{}", pwseal.display(), std::env::var("PATH").unwrap());
        let mut command = Command::new("sh");
        command
            .args(["-c", script])
            .current_dir(&self.0)
            .env("HOME", &self.0)
            .env("CURL_HOME", &self.0)
            .env("PATH", path)
            .env("URL", server.url())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    #[track_caller]
    fn sh(&self, code: i32, script: &str, server: &Server) -> String {
        let output: Output = self.command(script, server).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(code), "{script}: {said}");
        said
    }

    /// Bodies for this many accounts, with generated passwords.
    fn bodies(&self, count: usize, server: &Server) {
        let lines = (0..count).map(|index| {
            let mut info: Value = serde_json::from_str(INFO).unwrap();
            info["accounts"] = json!([{"accountId": format!("account {index}")}]);
            json!({"id": index, "info": info, "generate": true}).to_string() + "\n"
        });
        self.write("orders", &lines.collect::<String>());
        self.sh(
            0,
            "pwseal bulk --in orders --out bodies --secrets-out secrets",
            server,
        );
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A configuration for a file of lines, and curl.
fn send(operation: &str, input: &str, resume: bool) -> String {
    let resume = if resume { "--resume" } else { "" };
    format!(
        "pwseal curl {operation} --in {input} --answers {operation} --header-file token \
         --base-url \"$URL\" {resume} > config || exit; test ! -s config || exec curl --config config"
    )
}

fn answers(operation: &str, input: &str, output: &str) -> String {
    format!("pwseal answers {operation} --in {input} --answers {operation} > {output}")
}

fn in_force(input: &str) -> String {
    answers("password-change-status", input, "finished") + " --secrets secrets --in-force in-force"
}

#[test]
fn from_users_to_passwords_in_force() {
    let folder = Folder::new("job");
    let server = Server::start(Trouble::None);
    let user = |id: u8, name: &str| json!({"id": id, "userName": name, "sourceName": "My-AD"});
    let users = [
        user(1, "Abby.Smith"),
        user(2, "Bobby.Smith"),
        user(3, "Abby.Smith"),
    ];
    folder.write("users", &users.map(|user| user.to_string() + "\n").concat());
    folder.sh(0, &send("query-password-info", "users", false), &server);
    // The third is the first once more.
    assert_eq!(server.requests().len(), 2);
    let script = answers("query-password-info", "users", "infos") + " --rejects again";
    let said = folder.sh(1, &script, &server);
    assert_eq!(said, "pwseal: 3 lines: 2 done, 1 refused\n");
    let infos = folder.lines("infos");
    let info: Value = serde_json::from_str(INFO).unwrap();
    assert_eq!(infos[0], json!({"id": 1, "info": info}));
    assert_eq!(infos[1]["error"]["kind"], "refused");
    assert_eq!(folder.lines("again"), [user(2, "Bobby.Smith")]);

    folder.bodies(5, &server);
    folder.sh(0, &send("set-password", "bodies", false), &server);
    folder.sh(0, &answers("set-password", "bodies", "sent"), &server);
    folder.sh(0, &send("password-change-status", "sent", false), &server);
    let status = answers("password-change-status", "sent", "finished");
    let said = folder.sh(3, &status, &server);
    assert_eq!(said, "pwseal: 5 lines: 0 done, 5 in-progress\n");
    folder.sh(0, &send("password-change-status", "sent", true), &server);
    folder.sh(0, &status, &server);
    // Nothing is left, and nothing is sent again.
    let before = server.requests().len();
    for (operation, input) in [
        ("set-password", "bodies"),
        ("password-change-status", "sent"),
    ] {
        let said = folder.sh(0, &send(operation, input, true), &server);
        assert_eq!(said, "pwseal: nothing is left to send\n");
    }
    assert_eq!(server.requests().len(), before);
    // Each generated password is bound to a change, and in force.
    let finished: BTreeSet<String> = folder
        .lines("finished")
        .iter()
        .filter(|line| line["state"] == "FINISHED")
        .map(|line| line["encryptedPasswordSha256"].to_string())
        .collect();
    let secrets = folder.lines("secrets");
    assert_eq!((finished.len(), secrets.len()), (5, 5));
    for secret in secrets {
        assert!(finished.contains(&secret["encryptedPasswordSha256"].to_string()));
        let password = server
            .password(secret["accountId"].as_str().unwrap())
            .unwrap();
        assert_eq!(password, secret["password"].as_str().unwrap().as_bytes());
    }
    let said = folder.sh(0, &in_force("sent"), &server);
    assert!(
        said.contains("of the generated passwords 5 are in force, 0 are not, 0 are unknown"),
        "{said}"
    );
    for (line, secret) in folder.lines("in-force").iter().zip(folder.lines("secrets")) {
        let mut expected = secret.clone();
        expected["inForce"] = "yes".into();
        assert_eq!(*line, expected);
    }
    let mode = fs::metadata(folder.0.join("in-force"))
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
    // It is not written over.
    folder.sh(2, &in_force("sent"), &server);
}

#[test]
fn the_script_of_the_guide_rotates_a_tenant() {
    let guide = include_str!("../../../GUIDE.md");
    let blocks = guide.split("```sh\n").skip(1);
    let blocks = blocks.map(|block| block.split("```").next().unwrap());
    let script = blocks
        .filter(|block| block.contains("pwseal answers"))
        .collect::<String>();
    assert_eq!(script.matches("--tenant acme").count(), 1);
    let script = script
        .replace("--tenant acme", "--base-url \"$URL\"")
        .replace("sleep 60", "sleep 0");

    let folder = Folder::new("readme");
    let server = Server::start(Trouble::None);
    let user = |name| json!({"userName": name, "sourceName": "My-AD"}).to_string() + "\n";
    folder.write("users.jsonl", &(user("Abby.Smith") + &user("Bobby.Smith")));
    let said = folder.sh(0, &script, &server);
    assert!(
        said.contains("pwseal: 2 lines: 1 done, 1 refused\n"),
        "{said}"
    );
    assert!(
        said.contains("pwseal: 1 lines: 0 done, 1 in-progress\n"),
        "{said}"
    );
    assert!(said.ends_with("pwseal: 1 lines: 1 done\n"), "{said}");
    let secret = &folder.lines("secrets.jsonl")[0];
    let password = server
        .password(secret["accountId"].as_str().unwrap())
        .unwrap();
    assert_eq!(password, secret["password"].as_str().unwrap().as_bytes());
    let mode = fs::metadata(folder.0.join("set-password"))
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o700);
}

#[test]
fn a_folder_is_not_begun_twice_or_used_for_something_else() {
    let folder = Folder::new("twice");
    let server = Server::start(Trouble::None);
    folder.bodies(1, &server);
    let said = folder.sh(2, &send("set-password", "bodies", true), &server);
    assert!(
        said.contains("no answers that --resume could go on with"),
        "{said}"
    );
    folder.sh(0, &send("set-password", "bodies", false), &server);
    let said = folder.sh(2, &send("set-password", "bodies", false), &server);
    assert!(said.contains("--resume goes on"), "{said}");
    let other = send("set-password", "bodies", true).replace("\"$URL\"", "http://localhost:1");
    let said = folder.sh(2, &other, &server);
    assert!(said.contains("another operation"), "{said}");
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn a_token_that_expired_is_replaced_and_an_answer_that_says_nothing_is_not_taken_for_a_refusal() {
    let folder = Folder::new("token");
    folder.write("token", "Authorization: Bearer expired\n");
    let server = Server::start(Trouble::None);
    folder.bodies(2, &server);
    folder.sh(0, &send("set-password", "bodies", false), &server);
    let said = folder.sh(1, &answers("set-password", "bodies", "sent"), &server);
    assert_eq!(said, "pwseal: 2 lines: 0 done, 2 refused\n");
    folder.write("token", &format!("Authorization: Bearer {TOKEN}\n"));
    folder.sh(0, &send("set-password", "bodies", true), &server);
    folder.sh(0, &answers("set-password", "bodies", "sent"), &server);

    let page = b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 6\r\n\r\n<html>".to_vec();
    let server = Server::start(Trouble::Raw("set-password", page));
    let folder = Folder::new("page");
    folder.bodies(2, &server);
    folder.sh(0, &send("set-password", "bodies", false), &server);
    let said = folder.sh(1, &answers("set-password", "bodies", "sent"), &server);
    assert_eq!(said, "pwseal: 2 lines: 0 done, 2 unknown\n");
    folder.sh(0, &send("set-password", "bodies", true), &server);
    assert_eq!(server.requests().len(), 2, "they are not sent again");
}

#[test]
fn where_the_network_is_lost_one_change_is_unknown_and_the_others_are_not_sent() {
    let folder = Folder::new("network");
    let server = Server::start(Trouble::Raw("set-password", Vec::new()));
    folder.bodies(4, &server);
    // "Empty reply from server"
    folder.sh(52, &send("set-password", "bodies", false), &server);
    let script = answers("set-password", "bodies", "sent") + " --rejects again";
    let said = folder.sh(3, &script, &server);
    assert_eq!(said, "pwseal: 4 lines: 0 done, 3 not-sent, 1 unknown\n");
    assert_eq!(folder.lines("again").len(), 3);
    // What was not sent is not in force, and what may have been is unknown.
    folder.sh(0, &send("password-change-status", "sent", false), &server);
    let said = folder.sh(1, &in_force("sent"), &server);
    assert!(
        said.contains("of the generated passwords 0 are in force, 3 are not, 1 are unknown"),
        "{said}"
    );
    let in_force = folder.lines("in-force");
    let states: Vec<_> = in_force.iter().map(|line| &line["inForce"]).collect();
    assert_eq!(states, ["unknown", "no", "no", "no"]);
    folder.sh(52, &send("set-password", "bodies", true), &server);
    assert_eq!(server.requests().len(), 2);
}

#[test]
fn whatever_is_killed_no_change_is_made_twice() {
    const COUNT: usize = 50;
    let folder = Folder::new("killed");
    let server = Server::start(Trouble::Slow(Duration::from_millis(60)));
    folder.bodies(COUNT, &server);
    let mut resume = false;
    // A sequence that looks random and is the same each time.
    let mut seed = 1_u64;
    let mut lines = Vec::new();
    for round in 0..200 {
        let mut child = folder
            .command(&send("set-password", "bodies", resume), &server)
            .spawn()
            .unwrap();
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        // Now after a time, when it may be at anything, and now when so many changes are on their way.
        if round % 2 == 0 {
            thread::sleep(Duration::from_millis(50 + (seed >> 33) % 300));
        } else {
            let wanted = server.requests().len() + 1 + (seed >> 33) as usize % 4;
            while server.requests().len() < wanted && child.try_wait().unwrap().is_none() {
                thread::sleep(Duration::from_millis(1));
            }
        }
        let _ = child.kill();
        child.wait().unwrap();
        resume = folder.0.join("set-password/requests").exists();
        let said = folder
            .command(&answers("set-password", "bodies", "sent"), &server)
            .output()
            .unwrap();
        if said.status.code() != Some(3) && resume {
            lines = folder.lines("sent");
            let not_sent = |line: &Value| line["error"]["kind"] == "not-sent";
            if lines.len() == COUNT && !lines.iter().any(not_sent) {
                break;
            }
        }
    }
    let mut made = HashMap::new();
    for body in server.bodies() {
        let body: Value = serde_json::from_slice(&body).unwrap();
        *made.entry(body["accountId"].to_string()).or_insert(0) += 1;
    }
    assert!(made.values().all(|count| *count == 1), "{made:?}");
    let mut unknown = 0;
    for (index, line) in lines.iter().enumerate() {
        let is_made = made.contains_key(&format!("\"account {index}\""));
        match line["error"]["kind"].as_str() {
            None => assert!(is_made && line["requestId"].is_string(), "{line}"),
            Some("unknown") => unknown += 1,
            Some(_) => panic!("{line}"),
        }
    }
    assert_eq!(lines.len(), COUNT);
    // The kills hit what they are for, and not everything.
    assert!((1..COUNT).contains(&unknown), "{unknown}");
}

/// The later one takes over, and the curl of the earlier one ends by itself.
#[test]
fn of_two_runs_in_one_folder_one_sends() {
    const COUNT: usize = 25;
    let folder = Folder::new("two");
    // The earlier one is in the middle until the later one sends.
    let server = Server::start(Trouble::Holds(4));
    folder.bodies(COUNT, &server);
    // Its user may have asked for folders to be made.
    folder.write(".curlrc", "create-dirs\n");
    let mut first = folder
        .command(&send("set-password", "bodies", false), &server)
        .spawn()
        .unwrap();
    while server.requests().len() < 4 {
        thread::sleep(Duration::from_millis(5));
    }
    let second = send("set-password", "bodies", true).replace("config", "again");
    let second = second.replace("--again", "--config");
    folder.sh(0, &second, &server);
    assert_ne!(first.wait().unwrap().code(), Some(0));
    let _ = folder
        .command(&answers("set-password", "bodies", "sent"), &server)
        .output()
        .unwrap();
    let lines = folder.lines("sent");
    let unknown = lines
        .iter()
        .filter(|line| line["error"]["kind"] == "unknown");
    let done = lines.iter().filter(|line| line["requestId"].is_string());
    assert!(unknown.clone().count() <= 1);
    assert_eq!(unknown.count() + done.count(), COUNT);
    let mut made: Vec<_> = server.bodies();
    let count = made.len();
    made.sort();
    made.dedup();
    assert_eq!((made.len(), count), (COUNT, COUNT), "each is sent once");
}
