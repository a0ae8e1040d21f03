//! The console examples of the README, run by a shell where a reader runs them.

use std::path::Path;
use std::process::Command;

/// Each `$ command` with the lines that follow it.
fn examples(readme: &str) -> Vec<(&str, String)> {
    let blocks = readme.split("```console\n").skip(1);
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
    let readme = std::fs::read_to_string(top.join("README.md")).expect("the README");
    let command = Path::new(env!("CARGO_BIN_EXE_pwseal"));
    let path = format!(
        "{}:{}",
        command.parent().expect("a folder").display(),
        std::env::var("PATH").expect("a PATH")
    );
    let examples = examples(&readme);
    assert_eq!(examples.len(), 6);
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
