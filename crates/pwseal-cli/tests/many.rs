//! A tenant's passwords, with curl as the only network: every stage can be killed and continued, and no change is made twice.
#![cfg(unix)]
// The helpers of a test may panic as the test itself may.
#![allow(clippy::panic, clippy::unwrap_used)]

use std::collections::{BTreeSet, HashMap};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
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

/// The one with these words.
fn script_of_the_guide(words: &str) -> String {
    let guide = include_str!("../../../GUIDE.md");
    let blocks = guide.split("```sh\n").skip(1);
    let mut blocks = blocks.map(|block| block.split("```").next().unwrap());
    blocks.find(|block| block.contains(words)).unwrap().into()
}

#[test]
fn the_script_of_the_guide_rotates_a_tenant() {
    let script = script_of_the_guide("pwseal answers");
    assert_eq!(script.matches("--tenant acme").count(), 1);
    let script = script
        .replace("--tenant acme", "--base-url \"$URL\"")
        .replace("sleep 60", "sleep 0");

    let folder = Folder::new("readme");
    let server = Server::start(Trouble::None);
    folder.write(
        "users.csv",
        "userName,sourceName\nAbby.Smith,My-AD\nBobby.Smith,My-AD\n",
    );
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

/// A full disk, or a kill, leaves the file that says so empty or cut off.
#[test]
fn a_folder_that_does_not_say_what_its_answers_are_about_does_so_once_it_has_any() {
    let server = Server::start(Trouble::None);
    for part in ["", "query-password-info v20"] {
        let folder = Folder::new("part");
        folder.write(
            "users",
            "{\"userName\": \"Abby.Smith\", \"sourceName\": \"My-AD\"}\n",
        );
        fs::create_dir(folder.0.join("query-password-info")).unwrap();
        folder.write("query-password-info/requests", part);
        let script = send("query-password-info", "users", true);
        if !part.is_empty() {
            let other = script.replace("curl query-password-info", "curl password-change-status");
            let said = folder.sh(2, &other, &server);
            assert!(said.contains("another operation"), "{said}");
        }
        folder.sh(0, &script, &server);
        let about = fs::read_to_string(folder.0.join("query-password-info/requests")).unwrap();
        assert!(
            about.starts_with("query-password-info v2026 http://"),
            "{about}"
        );
        let other = script.replace("\"$URL\"", "http://localhost:1");
        let said = folder.sh(2, &other, &server);
        assert!(said.contains("another operation"), "{said}");
        // Where there are answers, it has been emptied since.
        folder.write("query-password-info/requests", part);
        let said = folder.sh(2, &script, &server);
        assert!(said.contains("another operation"), "{said}");
    }
}

#[test]
fn what_answers_writes_is_whole_or_not_there() {
    let folder = Folder::new("whole");
    let server = Server::start(Trouble::None);
    folder.bodies(3, &server);
    folder.sh(0, &send("set-password", "bodies", false), &server);
    folder.sh(0, &answers("set-password", "bodies", "sent"), &server);
    let script = in_force("sent") + " --rejects again";
    folder.sh(0, &send("password-change-status", "sent", false), &server);
    let made = || ["again", "in-force"].map(|name| folder.0.join(name).exists());
    let secrets = fs::read_to_string(folder.0.join("secrets")).unwrap();
    // A crash cut it off.
    folder.write("secrets", &secrets[..secrets.len() - 9]);
    let said = folder.sh(2, &script, &server);
    assert!(
        said.contains("line 3 is no line of generated passwords"),
        "{said}"
    );
    assert_eq!(made(), [false, false], "{said}");
    fs::remove_file(folder.0.join("secrets")).unwrap();
    let said = folder.sh(2, &script, &server);
    assert!(said.contains("\"secrets\": "), "{said}");
    assert_eq!(made(), [false, false], "{said}");
    // A blank line at its end is none.
    folder.write("secrets", &(secrets + "\n"));
    let to_a_full_disk = script.replace("> finished", "> /dev/full");
    let said = folder.sh(2, &to_a_full_disk, &server);
    assert_eq!(made(), [false, false], "{said}");
    folder.write("in-force", "another's");
    let said = folder.sh(2, &script, &server);
    assert!(said.contains("\"in-force\": it exists"), "{said}");
    assert_eq!(made(), [false, true], "{said}");
    assert_eq!(
        fs::read_to_string(folder.0.join("in-force")).unwrap(),
        "another's"
    );
    fs::remove_file(folder.0.join("in-force")).unwrap();
    folder.sh(3, &script, &server);
    assert_eq!(made(), [true, true]);
    assert_eq!(folder.lines("in-force").len(), 3);
}

#[test]
fn lines_are_read_as_by_bulk() {
    let folder = Folder::new("lines");
    let server = Server::start(Trouble::None);
    let user = json!({"id": 1, "userName": "Abby.Smith", "sourceName": "My-AD"});
    let by_place = json!([2, "Abby.Smith", "My-AD", null, null, null, null]);
    // As PowerShell saves it.
    folder.write(
        "users",
        &format!("\u{feff}{user}\r\n\r\n{by_place}\r\n\r\n \t\r\n"),
    );
    let said = folder.sh(0, &send("query-password-info", "users", false), &server);
    assert_eq!(
        said,
        "pwseal: 1 requests for curl; 2 lines give none: pwseal answers says why\n"
    );
    let script = answers("query-password-info", "users", "infos");
    let said = folder.sh(1, &script, &server);
    assert_eq!(said, "pwseal: 3 lines: 1 done, 2 line\n");
    let infos = folder.lines("infos");
    assert_eq!(
        (&infos[0]["id"], &infos[0]["error"]),
        (&json!(1), &Value::Null)
    );
    for line in [2, 3] {
        assert_eq!(infos[line - 1]["line"], line);
        assert_eq!(infos[line - 1]["error"]["kind"], "line");
    }
    let wide: Vec<u8> = user
        .to_string()
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    fs::write(folder.0.join("users"), wide).unwrap();
    let said = folder.sh(2, &script, &server);
    assert!(said.contains("UTF-16"), "{said}");
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

/// Kills each of the four stages again and again, of a server that does everything wrong now and then.
#[test]
fn whatever_is_killed_no_change_is_made_twice() {
    let kills: usize = std::env::var("KILLS").map_or(3, |kills| kills.parse().unwrap());
    let count = 6 + kills;
    let folder = Folder::new("killed");
    let server = Server::start_limited(Trouble::Chaos, (1000, Duration::from_secs(1)));
    let users: String = (0..count)
        .map(|index| format!("{index},Person {index},My-AD\r\n"))
        .collect();
    folder.write("users.csv", &format!("id,userName,sourceName\r\n{users}"));
    let mut killer = Killer::new(kills);

    killer.send(
        &folder,
        &server,
        "query-password-info",
        "users.csv",
        "infos",
    );
    let orders: String = folder
        .lines("infos")
        .into_iter()
        .map(|mut line| {
            assert!(line["info"].is_object(), "{line}");
            line["generate"] = true.into();
            line.to_string() + "\n"
        })
        .collect();
    folder.write("orders", &orders);
    let bulk = "exec pwseal bulk --in orders --out bodies --secrets-out secrets --resume";
    for _ in 0..kills {
        killer.kill(folder.command(bulk, &server), 20, None);
    }
    folder.sh(0, bulk, &server);
    killer.send(&folder, &server, "set-password", "bodies", "sent");
    killer.send(
        &folder,
        &server,
        "password-change-status",
        "sent",
        "finished",
    );

    let mut made = HashMap::new();
    for account in server.ordered() {
        *made.entry(account).or_insert(0) += 1;
    }
    assert!(made.values().all(|count| *count == 1), "{made:?}");
    let of = |name| folder.lines(name).into_iter().enumerate();
    let mut unknown = 0;
    for (index, line) in of("sent") {
        assert_eq!(line["id"], index.to_string());
        match line["error"]["kind"].as_str() {
            None => assert!(made.contains_key(&format!("Person {index}")), "{line}"),
            Some("unknown") => unknown += 1,
            Some(_) => panic!("{line}"),
        }
    }
    for (index, line) in of("finished") {
        assert_eq!(line["id"], index.to_string());
        let is_done = line["state"] == "FINISHED" || line["error"]["kind"] == "line";
        assert!(is_done, "{line}");
    }
    folder.sh(1, &in_force("sent"), &server);
    let mut in_force = 0;
    for (_, line) in of("in-force") {
        if line["inForce"] == "yes" {
            let account = line["accountId"].as_str().unwrap();
            let password = server.password(account).unwrap();
            assert_eq!(password, line["password"].as_str().unwrap().as_bytes());
            in_force += 1;
        }
        assert_ne!(line["inForce"], "no", "{line}");
    }
    assert_eq!(in_force + unknown, count);
    // What went wrong hit what it is for, and not everything.
    assert!((1..count).contains(&unknown), "{unknown}");
}

/// Kills at times that look random and are the same in each run.
struct Killer {
    kills: usize,
    seed: u64,
}

impl Killer {
    fn new(kills: usize) -> Self {
        Self { kills, seed: 1 }
    }

    fn random(&mut self, below: u64) -> u64 {
        self.seed = self
            .seed
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (self.seed >> 33) % below
    }

    /// Runs a command and all that it runs for less than so many milliseconds, when it may be at anything; with a server
    /// when it waits for an answer, after some others.
    fn kill(&mut self, mut command: Command, milliseconds: u64, server: Option<&Server>) {
        let mut child = command.process_group(0).spawn().unwrap();
        let Some(server) = server else {
            thread::sleep(Duration::from_millis(self.random(milliseconds)));
            return kill_group(&mut child);
        };
        let number = server.requests().len() + 1 + usize::try_from(self.random(4)).unwrap();
        server.hold_from(number);
        while server.requests().len() < number && child.try_wait().unwrap().is_none() {
            thread::sleep(Duration::from_millis(1));
        }
        kill_group(&mut child);
        server.hold_from(usize::MAX);
    }

    /// Sends requests until nothing is left to be sent.
    fn send(&mut self, folder: &Folder, server: &Server, operation: &str, input: &str, out: &str) {
        let begun = || folder.0.join(operation).join("requests").exists();
        for round in 0..self.kills {
            let command = folder.command(&send(operation, input, begun()), server);
            self.kill(command, 400, round.is_multiple_of(2).then_some(server));
        }
        for _ in 0..20 * self.kills {
            // At an error of the network curl stops.
            let _ = folder
                .command(&send(operation, input, begun()), server)
                .output();
            let read = folder.command(&answers(operation, input, out), server);
            if { read }.output().unwrap().status.code() != Some(3) {
                return;
            }
        }
        panic!("{operation} does not come to an end");
    }
}

/// On a connection that is used again curl would send the request again by itself.
#[test]
fn where_a_connection_breaks_no_change_is_made_twice() {
    let folder = Folder::new("breaks");
    let server = Server::start(Trouble::HangsUp);
    folder.bodies(4, &server);
    folder.sh(52, &send("set-password", "bodies", false), &server);
    folder.sh(52, &send("set-password", "bodies", true), &server);
    let said = folder.sh(1, &answers("set-password", "bodies", "sent"), &server);
    assert_eq!(said, "pwseal: 4 lines: 2 done, 2 unknown\n");
    let accounts: Vec<_> = (0..4).map(|index| format!("account {index}")).collect();
    assert_eq!(server.ordered(), accounts);
}

fn kill_group(child: &mut Child) {
    let group = format!("-{}", child.id());
    let killed = Command::new("kill").args(["-KILL", "--", &group]).output();
    killed.unwrap();
    child.wait().unwrap();
}

#[test]
fn users_may_be_csv() {
    let folder = Folder::new("csv");
    let server = Server::start(Trouble::None);
    let users = "\u{feff}sourceName;userName;mail\r\nMy-AD;\"Person \"\"A\"\"\";a@b\r\nMy-AD;Bobby.Smith;\r\n;Abby.Smith;x\r\n;;\r\n";
    folder.write("users.csv", users);
    let said = folder.sh(0, &send("query-password-info", "users.csv", false), &server);
    assert_eq!(
        said,
        "pwseal: warning: fields that are not known here were skipped: \"mail\"\n\
         pwseal: 2 requests for curl; 1 lines give none: pwseal answers says why\n"
    );
    let script = answers("query-password-info", "users.csv", "infos") + " --rejects again.csv";
    folder.sh(1, &script, &server);
    let infos = folder.lines("infos");
    assert_eq!(infos.len(), 3);
    assert_eq!(infos[0]["info"]["accounts"][0]["accountId"], "Person \"A\"");
    assert_eq!(infos[0]["id"], Value::Null);
    assert_eq!(infos[1]["error"]["kind"], "refused");
    assert_eq!(infos[2]["line"], 3);
    assert_eq!(infos[2]["error"]["message"], "it has no sourceName");
    // What is to be run again is CSV as well.
    let again = fs::read_to_string(folder.0.join("again.csv")).unwrap();
    let lines: Vec<_> = users.split_inclusive('\n').collect();
    assert_eq!(again, [lines[0], lines[2], lines[3]].concat());

    for (text, expected) in [
        ("userName,Source\nx,y\n", "names no column sourceName"),
        ("User Name,userName,sourceName\n", "may mean userName"),
        (
            "userName,sourceName\na,b\n\"c,d\ne,f\n",
            "line 2 has a quote that is not closed",
        ),
        ("", "the first line is empty"),
    ] {
        folder.write("users.csv", text);
        let said = folder.sh(2, "pwseal curl query-password-info --in users.csv --answers x --header-file token --tenant a; \
                                 code=$?; rm -rf x; exit $code", &server);
        assert!(said.contains(expected), "{said}");
    }
    folder.write("bodies.csv", "x\n");
    let said = folder.sh(2, &send("set-password", "bodies.csv", false), &server);
    assert!(said.contains("CSV is for query-password-info"), "{said}");
    assert_eq!(server.requests().len(), 2);
}

#[test]
fn where_two_changes_have_one_id_both_are_unknown() {
    let folder = Folder::new("ids");
    let server = Server::start(Trouble::WrongIds);
    folder.bodies(3, &server);
    folder.sh(0, &send("set-password", "bodies", false), &server);
    let said = folder.sh(1, &answers("set-password", "bodies", "sent"), &server);
    assert_eq!(said, "pwseal: 3 lines: 1 done, 2 unknown\n");
    // They are ordered, and are not ordered again.
    folder.sh(0, &send("set-password", "bodies", true), &server);
    assert_eq!(server.ordered().len(), 3);
}

#[test]
fn what_the_limit_refuses_is_sent_later() {
    let folder = Folder::new("limit");
    // However long it takes to send them.
    let server = Server::start_limited(Trouble::None, (4, Duration::from_secs(3600)));
    folder.bodies(6, &server);
    folder.sh(0, &send("set-password", "bodies", false), &server);
    let said = folder.sh(3, &answers("set-password", "bodies", "sent"), &server);
    assert_eq!(said, "pwseal: 6 lines: 4 done, 2 retry-later\n");
    let limit = (4, Duration::from_secs(2));
    server.limit(limit);
    thread::sleep(limit.1);
    folder.sh(0, &send("set-password", "bodies", true), &server);
    folder.sh(0, &answers("set-password", "bodies", "sent"), &server);
    assert_eq!(server.ordered().len(), 6);
    // What changes nothing curl sends again by itself, after as long as the API wants.
    folder.sh(0, &send("password-change-status", "sent", false), &server);
    let said = folder.sh(
        3,
        &answers("password-change-status", "sent", "finished"),
        &server,
    );
    assert_eq!(said, "pwseal: 6 lines: 0 done, 6 in-progress\n");
}

/// No file has them, and what cannot be known of a pipe is refused.
#[test]
fn generated_passwords_may_go_through_pipes() {
    let folder = Folder::new("pipes");
    let server = Server::start(Trouble::None);
    folder.bodies(3, &server);
    let secrets = fs::read_to_string(folder.0.join("secrets")).unwrap();
    fs::remove_file(folder.0.join("secrets")).unwrap();
    fs::remove_file(folder.0.join("bodies")).unwrap();
    let bulk = "pwseal bulk --in orders --out bodies --secrets-out";
    // A FIFO, and what a shell makes of >(...).
    folder.sh(0, "cp orders orders.jsonl", &server);
    let script = script_of_the_guide("mkfifo");
    folder.sh(0, &format!("age() {{ gzip; }}\n{script}"), &server);
    folder.sh(
        0,
        "gzip -d < secrets.age | grep -c password | grep -qx 3 && mv secrets fifo && mv bodies.jsonl bodies",
        &server,
    );
    folder.sh(
        0,
        &format!("rm bodies; bash -c '{bulk} >(gzip > other.gz)'"),
        &server,
    );
    let said = folder.sh(2, &format!("{bulk} fifo --resume"), &server);
    assert!(said.contains("remove --out and begin anew"), "{said}");
    folder.sh(0, "rm bodies; gzip < fifo > secrets.gz & pwseal bulk --in orders --out bodies --secrets-out fifo && wait $!", &server);
    folder.sh(0, &send("set-password", "bodies", false), &server);
    folder.sh(0, &answers("set-password", "bodies", "sent"), &server);
    for resume in [false, true] {
        folder.sh(0, &send("password-change-status", "sent", resume), &server);
    }
    let join = answers("password-change-status", "sent", "finished");
    let script = format!(
        "bash -c 'gzip < fifo > in-force.gz & zip=$!; {join} --secrets <(gzip -d < secrets.gz) --in-force fifo && wait $zip' && \
         gzip -d < in-force.gz > in-force && ! test -e secrets"
    );
    folder.sh(0, &script, &server);
    let lines = folder.lines("in-force");
    assert_eq!(lines.len(), 3);
    for line in &lines {
        assert_eq!(line["inForce"], "yes");
        let password = server
            .password(line["accountId"].as_str().unwrap())
            .unwrap();
        assert_eq!(password, line["password"].as_str().unwrap().as_bytes());
    }
    // As many as in a file, and others.
    assert_eq!(secrets.lines().count(), 3);

    // One that nobody reads to its end: its requests are of no use. There is more than it holds.
    let more = Folder::new("pipes-more");
    more.bodies(1000, &server);
    let script = format!("rm bodies; mkfifo fifo; head -c 1 < fifo > first & {bulk} fifo");
    let said = more.sh(2, &script, &server);
    assert!(
        said.contains("broken pipe") && said.contains("begin anew"),
        "{said}"
    );
    // A pipe that something else goes through as well.
    for script in [
        "pwseal bulk --in orders --out - --secrets-out /dev/stdout | cat",
        "pwseal bulk --in orders --out other --secrets-out /dev/stdout --json | cat",
        "pwseal bulk --in orders --out other --secrets-out /dev/stderr 2>&1 >/dev/null | cat",
    ] {
        let output = folder.command(script, &server).output().unwrap();
        let said = [output.stdout, output.stderr].concat();
        let said = String::from_utf8_lossy(&said);
        assert!(said.contains("of its own"), "{script}: {said}");
    }
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
