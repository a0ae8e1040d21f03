//! What the operating system does to a process: random bytes that fail, come in pieces or are all
//! zeros, memory that runs out, signals, a fork.

use std::collections::HashSet;
use std::process::Output;

use crate::common::{
    Key, SUBJECT, SUBJECT_C, Subject, c_program_bound_lazily, not_called, password, says_calls,
    unhex,
};
use pwseal::Backend;

/// The program in Rust, and the one in C.
fn programs() -> [&'static str; 2] {
    [SUBJECT, SUBJECT_C.to_str().expect("UTF-8")]
}

fn run(program: &str, scenario: &str, env: &[(&str, &str)]) -> Output {
    let key = Key::example();
    let subject = Subject {
        program: &[program],
        scenario,
        backend: "detected",
        key: &key,
        env,
    };
    let output = subject.start("print", &[password(40)]).wait_with_output();
    output.expect("it ends")
}

/// The padded messages of what a run printed.
fn padded(output: &Output) -> Vec<Vec<u8>> {
    assert!(output.status.success(), "{output:?}");
    let text = String::from_utf8_lossy(&output.stdout);
    let ciphertexts = text.lines().skip(1).map(unhex);
    let key = Key::example();
    ciphertexts
        .map(|ciphertext| key.padded(&ciphertext))
        .collect()
}

#[test]
fn a_random_source_that_fails_is_an_error() {
    for program in programs() {
        let output = run(program, "os-random-fails", &[("SHIM_RANDOM", "fails")]);
        assert!(output.status.success(), "{output:?}");
        // And not without it: the scenario expects the error.
        assert!(!run(program, "os-random-fails", &[]).status.success());
    }
}

/// The padding of one password of 40 bytes.
fn padding(program: &str, random: &str) -> Vec<u8> {
    let padded = padded(&run(program, "encrypt", &[("SHIM_RANDOM", random)]));
    assert_eq!(padded[0][..2], [0, 2]);
    padded[0][2..256 - 41].to_vec()
}

#[test]
fn a_random_source_that_gives_pieces_and_is_interrupted_is_enough() {
    for program in programs() {
        // A seed of which a part was left at zero would not show. That all of it is used does:
        // no two runs have a byte in common but by chance.
        let [one, other] = ["short", "short"].map(|random| padding(program, random));
        let same = one.iter().zip(&other).filter(|(a, b)| a == b).count();
        assert!(same < 16, "{same} of {} bytes are the same", one.len());
    }
}

#[test]
fn a_seed_of_zeros_still_makes_padding_without_zeros() {
    for program in programs() {
        let padding = padding(program, "zeros");
        assert!(padding.iter().all(|byte| *byte != 0));
        let distinct: HashSet<_> = padding.iter().collect();
        assert!(
            distinct.len() > 64,
            "ChaCha20 of a zero key is not this: {padding:?}"
        );
    }
}

/// In Rust a process forks by unsafe code only: there the preloaded library does it. The Python module is
/// tested in `bindings/python/tests`.
#[test]
fn padding_is_not_repeated_after_a_fork() {
    for program in programs() {
        let padded = padded(&run(program, "fork", &[("SHIM_FORK", "1")]));
        // One before the fork, three after it in either process.
        assert_eq!(padded.len(), 7);
        let starts: HashSet<&[u8]> = padded.iter().map(|em| &em[2..34]).collect();
        assert_eq!(starts.len(), 7, "two messages have the same padding");
    }
}

/// A timer interrupts encryption five thousand times, and the handler leaves other values in the vector
/// registers. The program compares all results with the first.
#[test]
fn signals_change_no_result() {
    let program = programs()[1];
    for backend in Backend::available() {
        let key = Key::example();
        let subject = Subject {
            program: &[program],
            scenario: "interrupted",
            backend: backend.name(),
            key: &key,
            env: &[("SHIM_RANDOM", "known")],
        };
        // Eight at once, and one more.
        let passwords: Vec<Vec<u8>> = (40..49).map(password).collect();
        let (used, results) = subject.print(&passwords);
        assert_eq!(used, backend.name());
        let expected = [&passwords[..1], &passwords].concat();
        assert_eq!(results.len(), expected.len());
        for (result, password) in results.iter().zip(expected) {
            assert!(key.padded(result).ends_with(&password));
        }
    }
}

/// Rust aborts when memory runs out, and glibc where it is to free what a thread has of its own. Whichever
/// allocation it is, the run ends so and in no other way: no other signal, no output that is wrong, no call that
/// goes on, and nothing of a password in a message.
#[test]
fn an_allocation_that_fails_ends_in_an_abort_without_content() {
    let [rust, c] = programs();
    for (program, scenario) in [
        (rust, "encrypt-many"),
        (rust, "check"),
        (rust, "change-request"),
        (rust, "digit-token"),
        (rust, "too-long"),
        (rust, "generate"),
        (c, "too-long"),
        (c, "everything"),
    ] {
        let secret = password(if scenario == "too-long" { 2000 } else { 40 });
        let mut aborted = 0;
        while aborts(program, scenario, &secret, aborted) {
            aborted += 1;
        }
        let least = if scenario == "everything" { 300 } else { 1 };
        assert!(aborted > least, "{scenario}: {aborted} aborts");
    }
}

/// Whether there is an allocation of this number, after which the run must have ended as promised.
fn aborts(program: &str, scenario: &str, secret: &[u8], allocation: usize) -> bool {
    use std::os::unix::process::ExitStatusExt as _;
    const SIGABRT: i32 = 6;
    let key = Key::example();
    let subject = Subject {
        program: &[program],
        scenario,
        backend: "detected",
        key: &key,
        // A backtrace would be written by code that allocates under a lock of its own.
        env: &[
            ("SHIM_MALLOC", &allocation.to_string()),
            ("RUST_BACKTRACE", "0"),
        ],
    };
    let output = subject.start("run", &[secret.to_vec()]).wait_with_output();
    let output = output.expect("it ends");
    let message = String::from_utf8(output.stderr).expect("text");
    let context = format!("{scenario}, allocation {allocation}: {message}");
    assert!(output.stdout.is_empty(), "{context}");
    let Some(message) = message.strip_prefix("an allocation fails\n") else {
        assert!(output.status.success() && message.is_empty(), "{context}");
        return false;
    };
    assert_eq!(output.status.signal(), Some(SIGABRT), "{context}");
    let mut lines = message.lines().filter(|line| !line.is_empty());
    let line = lines.next().expect("a message");
    let size = line
        .strip_prefix("memory allocation of ")
        .and_then(|line| line.strip_suffix(" bytes failed"));
    let of_rust = size.is_some_and(|size| size.bytes().all(|byte| byte.is_ascii_digit()));
    let of_glibc = line == "Fatal glibc error: failed to register TLS destructor: out of memory";
    assert!(of_rust || of_glibc, "{context}");
    let is_note = |line: &str| line.starts_with("note: run with `RUST_BACKTRACE=1`");
    assert!(lines.all(is_note), "{context}");
    true
}

#[test]
fn every_function_of_the_c_interface_runs_out_of_memory() {
    let program = c_program_bound_lazily("subject");
    let program = program.to_str().expect("UTF-8");
    let not_called_by = |scenario| {
        let output = run(program, scenario, &says_calls());
        assert!(output.status.success(), "{output:?}");
        not_called(&output.stderr)
    };
    assert_eq!(not_called_by("everything"), [""; 0]);
    // And it is seen when they are not called.
    assert!(not_called_by("nothing").len() > 80);
}
