//! `PWSEAL_BACKEND`, in processes of its own: it is read once and holds for all keys.

use std::env;
use std::ffi::OsString;
use std::process::{Command, Output};

use pwseal::{Backend, PublicKey};
use pwseal_api::{BACKEND_VARIABLE, prefer_backend_from_env};

const KEY: &[u8] = include_bytes!("data/public-key.pem");

/// What the tests below start: prints the backend of a new key, or what is wrong with the variable.
#[test]
#[ignore = "the other tests run it, with the variable set"]
fn child() {
    match prefer_backend_from_env() {
        Ok(()) => println!("<{}>", PublicKey::parse(KEY).expect("a key").backend()),
        Err(error) => println!("<{error}>"),
    }
}

fn with_variable(value: Option<&str>) -> String {
    // Another platform's loader or emulator, which the system does not start by itself: `tests/platforms` says which. Then the program
    // that runs is that one, and this one its argument.
    let runner = env::var("TEST_RUNNER").unwrap_or_default();
    let this = env::args_os().next().expect("this test");
    let mut words = runner.split_whitespace().map(OsString::from).chain([this]);
    let mut command = Command::new(words.next().expect("a program"));
    command
        .args(words)
        .args(["--ignored", "--nocapture", "child"]);
    match value {
        Some(value) => command.env(BACKEND_VARIABLE, value),
        None => command.env_remove(BACKEND_VARIABLE),
    };
    let Output { stdout, .. } = command.output().expect("it is started");
    let stdout = String::from_utf8(stdout).expect("UTF-8");
    let (_, rest) = stdout.split_once('<').expect("the child prints it");
    rest.split_once('>').expect("to its end").0.into()
}

#[test]
fn every_backend_of_this_cpu_can_be_named() {
    for backend in Backend::available() {
        assert_eq!(with_variable(Some(backend.name())), backend.name());
    }
}

#[test]
fn without_a_name_the_fastest_is_taken() {
    let fastest = Backend::detect();
    assert_eq!(with_variable(None), fastest.name());
    assert_eq!(with_variable(Some("")), fastest.name());
}

#[test]
fn an_unknown_name_is_an_error_that_lists_what_there_is() {
    let message = with_variable(Some("ifma-x9"));
    assert!(
        message.starts_with("the environment variable PWSEAL_BACKEND: no backend has this name;")
    );
    let named = |backend: Backend| message.split(' ').any(|word| word == backend.name());
    assert!(Backend::available().all(named), "{message}");
    assert!(!message.contains("x9"));
}
