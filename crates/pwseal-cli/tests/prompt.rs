//! The prompt on a terminal: asked twice, never echoed, and the terminal left as it was.
#![cfg(target_os = "linux")]

use std::fs::File;
use std::io::{Read, Write};
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{LocalModes, tcgetattr};

struct Typed {
    output: Output,
    screen: String,
    echo_is_on: bool,
}

/// `pwseal encrypt` with a new terminal as its standard input and controlling terminal (by `setsid -c`).
struct Prompted {
    child: Child,
    terminal: File,
    /// The program's side of the terminal.
    side: File,
    screen: String,
}

impl Prompted {
    fn new() -> Self {
        let terminal = File::from(openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).expect("a pty"));
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
        let child = Command::new("setsid")
            // Whoever runs the tests in the background may have had these ignored.
            .args(["-c", "-w", "env", "--default-signal=INT,TERM,HUP,QUIT,TSTP"])
            .arg(env!("CARGO_BIN_EXE_pwseal"))
            .args(["encrypt", "--key", "../../examples/public-key.pem"])
            .stdin(side())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("setsid of util-linux must be installed");
        Self {
            child,
            terminal,
            side: side(),
            screen: String::new(),
        }
    }

    /// Reads what the terminal shows, until it ends with this.
    fn wait_for(&mut self, shown: &str) {
        while !self.screen.ends_with(shown) {
            let mut byte = [0];
            self.terminal.read_exact(&mut byte).expect("it comes");
            self.screen.push(char::from(byte[0]));
        }
    }

    /// Types once the terminal shows what it is an answer to.
    fn type_at(&mut self, prompt: &str, typed: &str) {
        self.wait_for(prompt);
        self.terminal
            .write_all(typed.as_bytes())
            .expect("it is read");
    }

    fn send(&self, signal: &str) {
        // The kernel hands over by itself what was typed, and soon.
        std::thread::sleep(Duration::from_millis(50));
        let mut kill = Command::new("kill");
        kill.args(["-s", signal, &self.child.id().to_string()]);
        assert!(kill.status().expect("kill").success());
    }

    fn echo_is_on(&self) -> bool {
        let modes = tcgetattr(&self.side).expect("a terminal").local_modes;
        modes.contains(LocalModes::ECHO | LocalModes::ISIG)
    }

    fn end(mut self) -> Typed {
        // It prints less than a pipe holds.
        let status = self.child.wait().expect("it ends");
        let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
        let (mut out, mut err) = (self.child.stdout.take(), self.child.stderr.take());
        let read = out.as_mut().map(|pipe| pipe.read_to_end(&mut stdout));
        let read_error = err.as_mut().map(|pipe| pipe.read_to_end(&mut stderr));
        assert!(matches!((read, read_error), (Some(Ok(_)), Some(Ok(_)))));
        // What came after the last answer: the terminal echoes at once, if it does.
        std::thread::sleep(Duration::from_millis(50));
        const END: &str = "<end>";
        self.side.write_all(END.as_bytes()).expect("it is shown");
        self.wait_for(END);
        self.screen.truncate(self.screen.len() - END.len());
        Typed {
            output: Output {
                status,
                stdout,
                stderr,
            },
            echo_is_on: self.echo_is_on(),
            screen: self.screen,
        }
    }
}

fn type_at_prompts(answers: &[(&str, &str)]) -> Typed {
    let mut prompted = Prompted::new();
    for (prompt, typed) in answers {
        prompted.type_at(prompt, typed);
    }
    prompted.end()
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

/// What is refused is not asked for again.
#[test]
fn keys_that_are_no_characters_are_refused_at_once() {
    for (typed, position) in [
        ("hunter2\u{1b}[D\n", 7),
        ("\u{1b}OAhunter2\n", 0),
        ("h\tunter2\n", 1),
    ] {
        let typed = type_at_prompts(&[(FIRST, typed)]);
        assert_eq!(typed.output.status.code(), Some(2));
        let said = String::from_utf8_lossy(&typed.output.stderr);
        let expected =
            format!("pwseal: the password has a control character at byte {position}, such as");
        assert!(said.starts_with(&expected), "{said}");
        assert!(typed.output.stdout.is_empty() && typed.echo_is_on);
        assert!(!typed.screen.contains(SECOND), "{}", typed.screen);
    }
}

/// Ctrl-C, and signals from elsewhere.
#[test]
fn a_signal_ends_the_program_with_the_echo_on_again() {
    for (prompt, typed, sent, number) in [
        (FIRST, "hunt\u{3}", None, 2),
        (FIRST, "hunt\u{1c}", None, 3),
        (FIRST, "hunt", Some("INT"), 2),
        (FIRST, "hunt", Some("TERM"), 15),
        (SECOND, "hunt", Some("TERM"), 15),
        (SECOND, "hunt\u{3}", None, 2),
        (FIRST, "hunt", Some("HUP"), 1),
    ] {
        let mut prompted = Prompted::new();
        if prompt == SECOND {
            prompted.type_at(FIRST, "hunter2\n");
        }
        prompted.type_at(prompt, typed);
        if let Some(signal) = sent {
            prompted.send(signal);
        }
        let typed = prompted.end();
        assert_eq!(typed.output.status.signal(), Some(number));
        assert_eq!(String::from_utf8_lossy(&typed.output.stderr), "");
        assert!(typed.echo_is_on);
        assert!(!typed.screen.contains("hunt"), "{:?}", typed.screen);
    }
}

#[test]
fn ctrl_z_stops_the_program_with_the_echo_on_and_asks_again_when_it_is_continued() {
    let mut prompted = Prompted::new();
    prompted.type_at(FIRST, "hunt\u{1a}");
    let stat = format!("/proc/{}/stat", prompted.child.id());
    while !std::fs::read_to_string(&stat)
        .expect("it is there")
        .contains(") T ")
    {
        std::thread::sleep(Duration::from_millis(5));
    }
    assert!(prompted.echo_is_on());
    prompted.send("CONT");
    prompted.wait_for("\r\nPassword: ");
    assert!(!prompted.echo_is_on());
    prompted.type_at(FIRST, "hunter2\n");
    prompted.type_at(SECOND, "hunter2\n");
    let typed = prompted.end();
    assert!(typed.output.status.success(), "{:?}", typed.output);
    assert_eq!(typed.output.stdout.len(), 345);
    assert!(typed.echo_is_on && !typed.screen.contains("hunt"));
}
