//! What is shown on a terminal only: colours and the progress bar.
#![cfg(target_os = "linux")]

use std::fs::File;
use std::io::Read;
use std::process::{Command, Stdio};

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};

/// Runs a shell's command line with a new terminal as descriptor 7, and returns what it shows.
fn screen(script: &str, environment: &[(&str, &str)]) -> String {
    let mut terminal = File::from(openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).expect("a pty"));
    grantpt(&terminal).expect("a pty");
    unlockpt(&terminal).expect("a pty");
    let name = ptsname(&terminal, Vec::new()).expect("a pty");
    let script = script.replace("pwseal", env!("CARGO_BIN_EXE_pwseal"));
    let script = format!("exec 7<>{}\n{script}", name.to_str().expect("a path"));
    let mut child = Command::new("sh")
        .args(["-c", &script])
        .envs([("TERM", "xterm"), ("NO_COLOR", "")])
        .envs(environment.iter().copied())
        .stdin(Stdio::null())
        .spawn()
        .expect("a shell");
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
    let bulk =
        "(yes '{}' | head -3000; sleep 0.3; yes '{}' | head -3000) | pwseal bulk --in - --out";
    let shown = screen(&format!("{bulk} /dev/null 2>&7"), &[]);
    assert!(
        shown.contains(" lines, ") && shown.contains("/s, ") && shown.contains(" errors"),
        "{shown:?}"
    );
    assert!(
        shown.ends_with("pwseal: 6000 lines: 0 requests, 6000 errors (6000 missing-field)\r\n"),
        "{shown:?}"
    );

    // Not where it would stand between the lines.
    let shown = screen(&format!("{bulk} - 2>&7 >&7"), &[]);
    assert!(shown.starts_with("{\"id\":null,") && !shown.contains('\u{1b}'));
}
