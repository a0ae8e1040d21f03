//! The console examples of the guide and of the README of the command, run by a shell where a reader runs them.
#![cfg(unix)]

use std::path::Path;
use std::process::Command;

/// Each `$ command` with the lines that follow it.
fn examples(text: &str) -> Vec<(&str, String)> {
    let blocks = text.split("```console\n").skip(1);
    let blocks = blocks.map(|block| block.split("```").next().expect("an end"));
    blocks
        .flat_map(|block| block.split("$ ").skip(1))
        .map(|example| {
            let (command, output) = example.split_once('\n').expect("a line");
            (command, output.trim_end().to_owned())
        })
        .collect()
}

#[test]
fn console_examples() {
    let top = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let texts = ["GUIDE.md", "crates/pwseal-cli/README.md"]
        .map(|file| std::fs::read_to_string(top.join(file)).expect("a text"));
    let command = Path::new(env!("CARGO_BIN_EXE_pwseal"));
    let path = format!(
        "{}:{}",
        command.parent().expect("a folder").display(),
        std::env::var("PATH").expect("a PATH")
    );
    let examples: Vec<_> = texts.iter().flat_map(|text| examples(text)).collect();
    assert_eq!(examples.len(), 12);
    for (command, expected) in examples {
        let output = Command::new("sh")
            .args(["-c", command])
            .current_dir(&top)
            .env("PATH", &path)
            .output()
            .expect("a shell");
        let printed = String::from_utf8([output.stdout, output.stderr].concat()).expect("text");
        assert_eq!(printed.trim_end(), expected, "{command}");
    }
}
