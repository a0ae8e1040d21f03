//! The prompt on a terminal: asked twice, never echoed, and the terminal left as it was.
#![cfg(target_os = "linux")]

use std::fs::File;
use std::io::{Read, Write};
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{LocalModes, tcgetattr};

struct Typed {
    output: Output,
    screen: String,
    echo_is_on: bool,
}

/// Runs `pwseal encrypt` with a new terminal as its standard input and controlling terminal
/// (by `setsid -c`), and types each line once the terminal shows what it is an answer to.
fn type_at_prompts(answers: &[(&str, &str)]) -> Typed {
    let mut terminal = File::from(openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).expect("a pty"));
    grantpt(&terminal).expect("a pty");
    unlockpt(&terminal).expect("a pty");
    let name = ptsname(&terminal, Vec::new()).expect("a pty");
    let side = || {
        let path = name.to_str().expect("a path");
        File::options()
            .read(true)
            .write(true)
            .open(path)
            .expect("a pty")
    };
    let kept = side();
    let child = Command::new("setsid")
        .args(["-c", "-w", env!("CARGO_BIN_EXE_pwseal")])
        .args(["encrypt", "--key", "../../examples/public-key.pem"])
        .stdin(side())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("setsid of util-linux must be installed");

    let mut screen = String::new();
    for (prompt, typed) in answers {
        while !screen.ends_with(prompt) {
            let mut byte = [0];
            terminal.read_exact(&mut byte).expect("the prompt comes");
            screen.push(char::from(byte[0]));
        }
        terminal.write_all(typed.as_bytes()).expect("it is read");
    }
    let output = child.wait_with_output().expect("it ends");
    // What came after the last answer: the terminal echoes at once, if it does.
    std::thread::sleep(Duration::from_millis(50));
    let mut rest = [0; 4096];
    let len = terminal.read(&mut rest).expect("at least a line break");
    screen.push_str(&String::from_utf8_lossy(&rest[..len]));
    let modes = tcgetattr(&kept).expect("a terminal").local_modes;
    Typed {
        output,
        screen,
        echo_is_on: modes.contains(LocalModes::ECHO | LocalModes::ISIG),
    }
}

const FIRST: &str = "Password: ";
const SECOND: &str = "The same again: ";

#[test]
fn a_password_typed_twice_is_encrypted_and_never_shown() {
    let typed = type_at_prompts(&[(FIRST, "hunter2\n"), (SECOND, "hunter2\n")]);
    assert!(typed.output.status.success(), "{:?}", typed.output);
    assert_eq!(typed.output.stdout.len(), 345);
    assert_eq!(typed.screen, "Password: \r\nThe same again: \r\n");
    assert!(typed.echo_is_on);
}

#[test]
fn two_different_passwords_are_refused() {
    for second in ["hunter3\n", "hunter22\n", "hunter\n", "\n"] {
        let typed = type_at_prompts(&[(FIRST, "hunter2\n"), (SECOND, second)]);
        assert_eq!(typed.output.status.code(), Some(2));
        assert_eq!(
            String::from_utf8_lossy(&typed.output.stderr),
            "pwseal: the two passwords differ\n"
        );
        assert!(typed.output.stdout.is_empty());
    }
}

#[test]
fn ctrl_c_ends_the_program_with_the_echo_on_again() {
    let typed = type_at_prompts(&[(FIRST, "hunt\u{3}")]);
    assert_eq!(typed.output.status.code(), Some(2));
    assert_eq!(
        String::from_utf8_lossy(&typed.output.stderr),
        "pwseal: the password cannot be read: interrupted\n"
    );
    assert!(typed.echo_is_on);
}
