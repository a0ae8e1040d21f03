//! What the operating system does to a process: random bytes that fail, come in pieces or are all
//! zeros, memory that runs out, a fork.
#![cfg(target_os = "linux")]

mod common;

use std::collections::HashSet;
use std::process::Output;

use common::{Key, SUBJECT, SUBJECT_C, Subject, password};

fn run(scenario: &str, env: &[(&str, &str)]) -> Output {
    let key = Key::example();
    let subject = Subject {
        program: &[SUBJECT],
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
    let ciphertexts = text.lines().skip(1).map(common::unhex);
    let key = Key::example();
    ciphertexts
        .map(|ciphertext| key.padded(&ciphertext))
        .collect()
}

#[test]
fn a_random_source_that_fails_is_an_error() {
    let output = run("os-random-fails", &[("SHIM_RANDOM", "fails")]);
    assert!(output.status.success(), "{output:?}");
    // And not without it: the scenario expects the error.
    assert!(!run("os-random-fails", &[]).status.success());
}

#[test]
fn a_random_source_that_gives_pieces_and_is_interrupted_is_enough() {
    let padded = padded(&run("encrypt", &[("SHIM_RANDOM", "short")]));
    let ps = &padded[0][2..256 - 41];
    // A seed of which a part was left at zero would not show. That all of it is used does:
    // no two runs have a byte in common but by chance.
    let other = padded_once_more();
    let same = ps.iter().zip(&other).filter(|(a, b)| a == b).count();
    assert!(same < 16, "{same} of {} bytes are the same", ps.len());
}

fn padded_once_more() -> Vec<u8> {
    padded(&run("encrypt", &[("SHIM_RANDOM", "short")]))[0][2..256 - 41].to_vec()
}

#[test]
fn a_seed_of_zeros_still_makes_padding_without_zeros() {
    let padded = padded(&run("encrypt", &[("SHIM_RANDOM", "zeros")]));
    assert_eq!(padded[0][..2], [0, 2]);
    let ps = &padded[0][2..256 - 41];
    assert!(ps.iter().all(|byte| *byte != 0));
    let distinct: HashSet<_> = ps.iter().collect();
    assert!(
        distinct.len() > 64,
        "ChaCha20 of a zero key is not this: {ps:?}"
    );
}

/// In Rust a process forks by unsafe code only, so that this is in C. The Python module is tested in
/// `bindings/python/tests`.
#[test]
fn padding_is_not_repeated_after_a_fork() {
    let key = Key::example();
    let subject = Subject {
        program: &[SUBJECT_C.to_str().expect("UTF-8")],
        scenario: "fork",
        backend: "detected",
        key: &key,
        env: &[],
    };
    let output = subject.start("print", &[password(40)]).wait_with_output();
    let padded = padded(&output.expect("it ends"));
    // One before the fork, three after it in either process.
    assert_eq!(padded.len(), 7);
    let start = |em: &[u8]| em[2..34].to_vec();
    let starts: HashSet<_> = padded.iter().map(|em| start(em)).collect();
    assert_eq!(starts.len(), 7, "two messages have the same padding");
}

/// Rust aborts when memory runs out. Whichever allocation it is, a run ends so or as it should:
/// no other signal, no output that is wrong, and nothing of a password in a message.
#[test]
fn an_allocation_that_fails_ends_in_an_abort_without_content() {
    const SIGABRT: i32 = 6;
    use std::os::unix::process::ExitStatusExt as _;
    for scenario in ["encrypt-many", "check", "change-request", "too-long"] {
        let (mut aborted, mut done) = (0, false);
        for nth in 0..400 {
            let secret = password(if scenario == "too-long" { 2000 } else { 40 });
            let key = Key::example();
            let subject = Subject {
                program: &[SUBJECT],
                scenario,
                backend: "detected",
                key: &key,
                // A backtrace would be written by code that allocates under a lock of its own.
                env: &[("SHIM_MALLOC", &nth.to_string()), ("RUST_BACKTRACE", "0")],
            };
            let output = subject.start("run", std::slice::from_ref(&secret));
            let output = output.wait_with_output().expect("it ends");
            let shown = [&output.stderr[..], &output.stdout].concat();
            let shows = secret
                .windows(8)
                .any(|piece| shown.windows(8).any(|w| w == piece));
            assert!(
                !shows,
                "{scenario}, allocation {nth}: a piece of the password is shown"
            );
            if output.status.success() {
                done = true;
                break;
            }
            let message = String::from_utf8_lossy(&output.stderr);
            assert_eq!(
                output.status.signal(),
                Some(SIGABRT),
                "{scenario}, {nth}: {message}"
            );
            assert!(
                message.contains("memory allocation of"),
                "{scenario}, {nth}: {message}"
            );
            aborted += 1;
        }
        assert!(done && aborted > 1, "{scenario}: {aborted} aborts");
    }
}
