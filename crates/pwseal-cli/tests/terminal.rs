//! What is shown on a terminal only: colours and the progress bar.
#![cfg(target_os = "linux")]

use std::fs::File;
use std::io::{Read, Write};
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};

/// Runs a shell's command line with a new terminal as descriptor 7, and returns it and the terminal's other side.
fn start(script: &str, environment: &[(&str, &str)]) -> (Child, File) {
    let terminal = File::from(openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).expect("a pty"));
    grantpt(&terminal).expect("a pty");
    unlockpt(&terminal).expect("a pty");
    let name = ptsname(&terminal, Vec::new()).expect("a pty");
    let script = script.replace("pwseal", env!("CARGO_BIN_EXE_pwseal"));
    let script = format!("exec 7<>{}\n{script}", name.to_str().expect("a path"));
    let child = Command::new("sh")
        .args(["-c", &script])
        .envs([("TERM", "xterm"), ("NO_COLOR", "")])
        .envs(environment.iter().copied())
        .stdin(Stdio::piped())
        .spawn()
        .expect("a shell");
    (child, terminal)
}

/// What it shows to its end.
fn screen(script: &str, environment: &[(&str, &str)]) -> String {
    let (mut child, mut terminal) = start(script, environment);
    let mut screen = Vec::new();
    // The end of a terminal is an error.
    let _ = terminal.read_to_end(&mut screen);
    child.wait().expect("it ends");
    String::from_utf8(screen).expect("text")
}

#[test]
fn colours_are_for_a_terminal_whose_user_wants_them() {
    let check = "printf aaa | pwseal check --policy 'passwordMinLength is 5' >&7";
    let red = "\u{1b}[1m\u{1b}[31mVIOLATED";
    assert!(
        screen(check, &[]).starts_with(red),
        "{:?}",
        screen(check, &[])
    );
    for wish in [("NO_COLOR", "1"), ("TERM", "dumb")] {
        assert!(screen(check, &[wish]).starts_with("VIOLATED     passwordMinLength"));
    }
    let piped = "printf aaa | pwseal check --policy 'passwordMinLength is 5' | cat >&7";
    assert!(screen(piped, &[]).starts_with("VIOLATED     passwordMinLength"));
}

#[test]
fn bulk_shows_how_far_it_is() {
    let (mut child, mut terminal) = start("exec pwseal bulk --in - --out /dev/null 2>&7", &[]);
    let mut input = child.stdin.take().expect("a pipe");
    let lines = "{}\n".repeat(3000);
    let mut shown = Vec::new();
    let contains = |shown: &[u8], text: &str| String::from_utf8_lossy(shown).contains(text);
    // The rest comes when the first lines are shown.
    input.write_all(lines.as_bytes()).expect("it is read");
    while !contains(&shown, " lines, ") {
        let mut part = [0; 4096];
        let len = terminal.read(&mut part).expect("it shows something");
        shown.extend(&part[..len]);
    }
    input.write_all(lines.as_bytes()).expect("it is read");
    drop(input);
    let _ = terminal.read_to_end(&mut shown);
    child.wait().expect("it ends");
    assert!(
        contains(&shown, "/s, ") && contains(&shown, " errors"),
        "{}",
        shown.escape_ascii()
    );
    assert!(
        shown.ends_with(b"pwseal: 6000 lines: 0 requests, 6000 errors (6000 missing-field)\r\n"),
        "{}",
        shown.escape_ascii()
    );

    // Also while the lines of an earlier run are compared, when Ctrl-C ends it and changes nothing.
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let (whole, out) = (folder.join("shown-in"), folder.join("shown-out"));
    let _ = std::fs::remove_file(&out);
    // Who started the tests may have it ignored, as a shell does for what it runs in the background.
    let resume =
        format!("exec env --default-signal=INT pwseal bulk --in - --out {out:?} --resume 2>&7");
    std::fs::write(&whole, &lines).expect("it is written");
    let first = resume.replace(" - ", &format!(" {whole:?} "));
    screen(&first, &[]);
    let before = std::fs::read(&out).expect("it is there");
    let (mut child, mut terminal) = start(&resume, &[]);
    let mut input = child.stdin.take().expect("a pipe");
    input
        .write_all(&lines.as_bytes()[..4500])
        .expect("it is read");
    let mut shown = Vec::new();
    while !contains(&shown, " lines of the earlier run compared") {
        let mut part = [0; 4096];
        let len = terminal.read(&mut part).expect("it shows something");
        shown.extend(&part[..len]);
    }
    let id = child.id().to_string();
    let signal = Command::new("kill").args(["-INT", &id]).status();
    assert!(signal.expect("kill").success());
    let status = child.wait().expect("it ends");
    assert_eq!(status.signal(), Some(2));
    assert_eq!(std::fs::read(&out).expect("it is there"), before);

    // Not where it would stand between the lines.
    let shown = screen(
        "(yes '{}' | head -3000; sleep 0.3; yes '{}' | head -3000) | pwseal bulk --in - --out - 2>&7 >&7",
        &[],
    );
    assert!(shown.starts_with("{\"id\":null,") && !shown.contains('\u{1b}'));
}
