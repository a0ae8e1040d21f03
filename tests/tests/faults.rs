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

/// Rust aborts when memory runs out. Whichever allocation it is, the run ends so and in no other way: no other signal, no
/// output that is wrong, no call that goes on, and nothing of a password in a message.
#[test]
fn an_allocation_that_fails_ends_in_an_abort_without_content() {
    use std::os::unix::process::ExitStatusExt as _;
    const SIGABRT: i32 = 6;
    let [rust, _] = programs();
    for scenario in [
        "encrypt-many",
        "check",
        "change-request",
        "digit-token",
        "too-long",
        "generate",
    ] {
        let secret = password(if scenario == "too-long" { 2000 } else { 40 });
        let mut aborted = 0;
        while let Some((output, message)) = with_failure(rust, scenario, &secret, aborted) {
            let context = format!("{scenario}, allocation {aborted}: {message}");
            assert_eq!(output.status.signal(), Some(SIGABRT), "{context}");
            let mut lines = message.lines().filter(|line| !line.is_empty());
            let size = lines
                .next()
                .and_then(|line| line.strip_prefix("memory allocation of "))
                .and_then(|line| line.strip_suffix(" bytes failed"));
            let is_number = |size: &str| size.bytes().all(|byte| byte.is_ascii_digit());
            assert!(size.is_some_and(is_number), "{context}");
            let is_note = |line: &str| line.starts_with("note: run with `RUST_BACKTRACE=1`");
            assert!(lines.all(is_note), "{context}");
            aborted += 1;
        }
        // One that is too long is refused before there is more than itself.
        let least = if scenario == "too-long" { 1 } else { 2 };
        assert!(aborted >= least, "{scenario}: {aborted} aborts");
    }
}

/// In C it is a status, whichever function and allocation it is: the program ends as it does for a status that it does not
/// expect, or goes on where no memory was needed.
#[test]
fn an_allocation_that_fails_in_c_is_a_status() {
    let [_, c] = programs();
    let scenario = "everything";
    let secret = password(40);
    let (mut failed, mut told) = (0, 0);
    while let Some((output, message)) = with_failure(c, scenario, &secret, failed) {
        let context = format!("{scenario}, allocation {failed}: {message}");
        match output.status.code() {
            Some(0) => assert_eq!(message, "", "{context}"),
            Some(2) => {
                // The call, and its message if there was memory for one.
                let (call, message) = message
                    .trim_end_matches('\n')
                    .rsplit_once(": ")
                    .unwrap_or_default();
                assert!(
                    call.starts_with("pwseal_") && call.ends_with(')')
                        || call.starts_with("function("),
                    "{context}"
                );
                assert!(
                    message.is_empty() || message == "there is not enough memory",
                    "{context}"
                );
                told += 1;
            }
            _ => panic!("{context}: {}", output.status),
        }
        failed += 1;
    }
    assert!(told > 300, "{scenario}: {told} of {failed}");
}

/// What a run did and said after the allocation of this number failed, if there is one.
fn with_failure(
    program: &str,
    scenario: &str,
    secret: &[u8],
    allocation: usize,
) -> Option<(Output, String)> {
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
    let message = String::from_utf8_lossy(&output.stderr).into_owned();
    let context = format!("{scenario}, allocation {allocation}: {message}");
    assert!(output.stdout.is_empty(), "{context}");
    let Some(message) = message.strip_prefix("an allocation fails\n") else {
        assert!(output.status.success() && message.is_empty(), "{context}");
        return None;
    };
    Some((output, message.into()))
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
