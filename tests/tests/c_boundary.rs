//! Any bytes through every function of the C interface, in buffers with a fence: the committed inputs of the fuzz
//! targets and changed versions of them. `BOUNDARY_ROUNDS` says how many of each.
#![cfg(target_os = "linux")]

mod common;

use std::process::Command;

use common::{c_program, file, not_called_by};

#[test]
fn no_input_reads_or_writes_beyond_its_buffers() {
    let flags = ["-fsanitize=address,undefined", "-fno-sanitize-recover=all"];
    let program = c_program("boundary", &flags);
    let rounds = std::env::var("BOUNDARY_ROUNDS").unwrap_or("100".to_owned());
    let mut inputs = vec![file("examples/password-info.json")];
    for target in [
        "key",
        "certificate",
        "text",
        "api",
        "policy",
        "dictionary",
        "dto",
    ] {
        let folder = std::fs::read_dir(file("fuzz/seeds").join(target)).expect("a folder");
        inputs.extend(folder.map(|entry| entry.expect("a file").path()));
    }
    inputs.sort();
    let output = Command::new(program).arg(rounds).args(&inputs).output();
    let output = output.expect("it runs");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    println!("{}", String::from_utf8_lossy(&output.stdout));
}

#[test]
fn every_function_gets_them() {
    assert_eq!(not_called_by("boundary.c"), [""; 0]);
}
