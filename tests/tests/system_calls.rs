//! The core and the bindings make no socket and open no file while they work, as `strace` sees it.
#![cfg(target_os = "linux")]

mod common;

use std::fs;
use std::path::Path;

use common::{Key, SUBJECT, Subject, password};

/// System calls that open something or reach beyond the process.
const REACHING: &str = "trace=open,openat,openat2,creat,socket,socketpair,connect,bind,listen,accept,accept4,sendto,sendmsg,recvfrom,recvmsg,fork,vfork,execve,execveat,memfd_create,io_uring_setup,shmget,mq_open,unlink,rename,mkdir";

/// The calls of a scenario once it has read its key.
fn calls(scenario: &str, lengths: &[usize]) -> Vec<String> {
    let log = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{scenario}.strace"));
    let log = log.to_str().expect("UTF-8");
    let passwords: Vec<Vec<u8>> = lengths.iter().map(|len| password(*len)).collect();
    let subject = Subject {
        program: &["strace", "-f", "-qq", "-e", REACHING, "-o", log, SUBJECT],
        scenario,
        backend: "detected",
        key: &Key::example(),
        env: &[],
    };
    let output = subject.start("run", &passwords).wait_with_output();
    let output = output.expect("strace: install the Debian package");
    assert!(output.status.success(), "{scenario}: {output:?}");
    let log = fs::read_to_string(log).expect("a log");
    let mut calls = log.lines();
    let key = calls.find(|call| call.contains("public-key.pem"));
    assert!(key.is_some(), "{log}");
    calls
        .map(|call| call.split_once(' ').expect("a process").1.trim().to_owned())
        .collect()
}

#[test]
fn no_socket_and_no_file_is_opened() {
    for (scenario, lengths) in [
        ("encrypt", &[40][..]),
        ("encrypt-many", &[40, 41, 42]),
        ("check", &[40]),
        ("generate", &[]),
        ("change-request", &[40]),
        ("change-request-violated", &[40]),
        ("too-long", &[2000]),
    ] {
        assert_eq!(calls(scenario, lengths), [""; 0], "{scenario}");
    }
}

#[test]
fn a_socket_and_a_file_are_found() {
    let found = calls("plant-file", &[40]);
    assert!(
        found.len() == 1 && found[0].contains("/dev/null"),
        "{found:?}"
    );
    let found = calls("plant-socket", &[40]);
    assert!(
        found.iter().any(|call| call.starts_with("socket(")),
        "{found:?}"
    );
}
