//! Any bytes through the C interface, under AddressSanitizer: the committed inputs of the fuzz
//! targets and changed versions of them. `BOUNDARY_ROUNDS` says how many of each.
#![cfg(target_os = "linux")]

mod common;

use std::process::Command;

use common::{c_program, file};

#[test]
fn no_input_reads_or_writes_beyond_its_buffers() {
    let flags = ["-fsanitize=address,undefined", "-fno-sanitize-recover=all"];
    let program = c_program("boundary", &flags);
    let rounds = std::env::var("BOUNDARY_ROUNDS").unwrap_or("100".to_owned());
    let mut inputs = Vec::new();
    for target in ["key", "certificate", "text"] {
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
