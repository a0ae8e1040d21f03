//! Any bytes through every function of the C interface, in buffers with a fence: the committed inputs of the fuzz
//! targets and changed versions of them. `BOUNDARY_ROUNDS` says how many of each, 100 in optimised code if it does not.

use std::path::Path;
use std::process::{Command, Output};

use crate::common::{STATIC, c_program, c_program_bound_lazily, file, not_called, says_calls};

#[test]
fn no_input_reads_or_writes_beyond_its_buffers() {
    let flags = ["-fsanitize=address,undefined", "-fno-sanitize-recover=all"];
    let program = c_program("boundary", STATIC, &flags);
    let rounds = if cfg!(debug_assertions) { "10" } else { "100" };
    let rounds = std::env::var("BOUNDARY_ROUNDS").unwrap_or(rounds.to_owned());
    let output = run(&program, &rounds, &[]);
    println!("{}", String::from_utf8_lossy(&output.stdout));
}

#[test]
fn every_function_gets_them() {
    let output = run(&c_program_bound_lazily("boundary"), "5", &says_calls());
    assert_eq!(not_called(&output.stderr), [""; 0]);
}

/// The smallest stack that is promised to be enough: PTHREAD_STACK_MIN for optimised code.
#[test]
fn every_function_runs_on_the_smallest_stack() {
    let stack = if cfg!(debug_assertions) {
        "262144"
    } else {
        "16384"
    };
    run(
        &c_program("boundary", STATIC, &[]),
        "5",
        &[("BOUNDARY_STACK", stack)],
    );
}

fn run(program: &Path, rounds: &str, env: &[(&str, &str)]) -> Output {
    let mut inputs = vec![file("examples/password-info.json")];
    for target in [
        "key",
        "certificate",
        "text",
        "api",
        "password",
        "policy",
        "dictionary",
        "dto",
    ] {
        let folder = std::fs::read_dir(file("fuzz/seeds").join(target)).expect("a folder");
        inputs.extend(folder.map(|entry| entry.expect("a file").path()));
    }
    inputs.sort();
    let mut command = Command::new(program);
    command.arg(rounds).args(&inputs).envs(env.iter().copied());
    let output = command.output().expect("it runs");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    output
}
