//! The core and the C interface make no socket and open no file while they work, as `strace` sees it.
//! The Python module is looked at in `bindings/python/tests`.

use std::fs;
use std::path::Path;

use crate::common::{Key, SUBJECT, SUBJECT_C, Subject, password};

/// System calls that open something or reach beyond the process.
const REACHING: &str = "trace=open,openat,openat2,creat,socket,socketpair,connect,bind,listen,accept,accept4,sendto,sendmsg,recvfrom,recvmsg,fork,vfork,execve,execveat,memfd_create,io_uring_setup,shmget,mq_open,unlink,rename,mkdir";

/// The calls of a scenario once it has read its key.
fn calls(program: &str, scenario: &str, lengths: &[usize]) -> Vec<String> {
    calls_with(&["-e", REACHING], program, scenario, lengths)
}

/// [`calls`], traced and tampered with as `strace` is told to.
fn calls_with(told: &[&str], program: &str, scenario: &str, lengths: &[usize]) -> Vec<String> {
    let name = Path::new(program).file_name().expect("a name").display();
    let log = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{scenario}.strace"));
    let log = log.to_str().expect("UTF-8");
    let passwords: Vec<Vec<u8>> = lengths.iter().map(|len| password(*len)).collect();
    let subject = Subject {
        program: &[&["strace", "-f", "-qq", "-o", log], told, &[program]].concat(),
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
        ("change-request-cached", &[40]),
        ("change-request-violated", &[40]),
        ("digit-token", &[40]),
        ("too-long", &[2000]),
    ] {
        assert_eq!(calls(SUBJECT, scenario, lengths), [""; 0], "{scenario}");
    }
}

/// That it is every function, `faults.rs` sees.
#[test]
fn no_socket_and_no_file_is_opened_by_any_function_of_the_c_interface() {
    let program = SUBJECT_C.to_str().expect("UTF-8");
    assert_eq!(calls(program, "everything", &[40]), [""; 0]);
}

/// Where the system call is refused, nothing else is read in its place: a descriptor of `/dev/urandom` that is kept
/// can be another file by the next call.
#[test]
fn refused_random_bytes_are_an_error() {
    for program in [SUBJECT, SUBJECT_C.to_str().expect("UTF-8")] {
        for error in ["ENOSYS", "EPERM"] {
            let trace = format!("{REACHING},getrandom");
            let refused = format!("inject=getrandom:error={error}");
            let told = ["-e", &trace, "-e", &refused];
            let calls = calls_with(&told, program, "os-random-fails", &[40]);
            assert!(!calls.is_empty(), "{error}");
            for call in calls {
                assert!(call.starts_with("getrandom("), "{error}: {call}");
            }
        }
    }
}

#[test]
fn a_socket_and_a_file_are_found() {
    let found = calls(SUBJECT, "plant-file", &[40]);
    assert!(
        found.len() == 1 && found[0].contains("/dev/null"),
        "{found:?}"
    );
    let found = calls(SUBJECT, "plant-socket", &[40]);
    assert!(
        found.iter().any(|call| call.starts_with("socket(")),
        "{found:?}"
    );
}
