//! Completions and manual pages know every command.

use std::ffi::OsStr;
use std::process::{Command, Output};

use pwseal_api::Operation;

/// All but those that print what tells of the commands, as the help lists them.
fn commands() -> Vec<String> {
    let help = printed(&["--help"]);
    let (_, list) = help.split_once("Commands:\n").expect("a list");
    let list = list.lines().take_while(|line| !line.is_empty());
    // What is further to the right belongs to the line before.
    let names = list.filter_map(|line| line.strip_prefix("  ")?.split(' ').next());
    let names = names.filter(|name| !name.is_empty());
    let names = names.filter(|name| !["completions", "man", "help"].contains(name));
    let names: Vec<_> = names.map(String::from).collect();
    assert!(names.iter().any(|name| name == "answers"), "{names:?}");
    names
}

fn pwseal<S: AsRef<OsStr>>(args: &[S]) -> Output {
    let command = Command::new(env!("CARGO_BIN_EXE_pwseal"))
        .args(args)
        .output();
    command.expect("it runs")
}

fn printed(args: &[&str]) -> String {
    let output = pwseal(args);
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).expect("text")
}

#[test]
fn completions_for_every_shell_know_every_command() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = printed(&["completions", shell]);
        for command in commands() {
            assert!(script.contains(&command), "{shell} {command}");
        }
    }
    if !cfg!(unix) {
        return;
    }
    let script = printed(&["completions", "bash"]);
    // What a shell offers for the last of these words.
    for (words, offers) in [
        ("pwseal bulk --re", "--resume"),
        ("pwseal bulk --delimiter", ", ; | tab"),
        ("pwseal man answe", "answer answers"),
    ] {
        let takes_value = words.ends_with("delimiter");
        let words = words.split(' ').chain(takes_value.then_some("''"));
        let words: Vec<&str> = words.collect();
        let all = words.join(" ");
        let [.., before, last] = words[..] else {
            panic!("{all}")
        };
        let script = format!(
            "{script}\nCOMP_WORDS=({all}) COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1)); \
             _pwseal pwseal {last} {before}; echo \"${{COMPREPLY[@]}}\""
        );
        let offered = Command::new("bash")
            .args(["-c", &script])
            .output()
            .expect("bash runs");
        let offered = String::from_utf8_lossy(&offered.stdout).into_owned();
        assert_eq!(offered, format!("{offers}\n"), "{all}");
    }
}

#[test]
fn there_is_a_manual_page_of_all_and_of_each() {
    let page = printed(&["man"]);
    assert!(page.contains(".TH pwseal 1"), "{page}");
    for command in commands() {
        assert!(
            page.contains(&format!("pwseal\\-{command}(1)")),
            "{command}"
        );
        let page = printed(&["man", &command]);
        let title = format!(
            ".TH pwseal-{command} 1  \"pwseal {}\"",
            env!("CARGO_PKG_VERSION")
        );
        assert!(page.contains(&title), "{page}");
    }
    assert!(printed(&["man", "bulk"]).contains("\\-\\-secrets\\-out"));
}

#[test]
fn the_synopsis_has_the_values() {
    let synopsis = |args: &[&str]| {
        let page = printed(args);
        let (_, synopsis) = page.split_once(".SH SYNOPSIS\n").expect("a synopsis");
        let (synopsis, rest) = synopsis.split_once("\n.SH ").expect("more");
        assert!(rest.starts_with("DESCRIPTION\n"), "{rest}");
        // As it is shown.
        ["\\fB", "\\fI", "\\fR", "\\"]
            .iter()
            .fold(synopsis.to_owned(), |text, font| text.replace(font, ""))
    };
    assert_eq!(
        synopsis(&["man", "encrypt"]),
        "pwseal encrypt --key FILE [--raw] [--help]"
    );
    assert_eq!(
        synopsis(&["man", "curl", "generate-password-reset-token"]),
        "pwseal curl generate-password-reset-token --user-id UID [--length N] \
         [--duration-minutes MINUTES] {--tenant NAME | --base-url URL} [--api-version VERSION] \
         [--help]"
    );
    assert_eq!(
        synopsis(&["man", "answer"]),
        "pwseal answer OPERATION [FILE] [--since SECONDS] [--help]"
    );
    assert_eq!(synopsis(&["man", "curl"]), "pwseal curl [--help] COMMAND");
    assert!(
        synopsis(&["man", "check"]).starts_with("pwseal check {--info FILE | --policy STRING}")
    );
}

#[test]
fn help_that_is_not_read_to_its_end_is_no_error() {
    for args in [&["--help"][..], &["bulk", "--help"], &["--version"]] {
        let output = Command::new(env!("CARGO_BIN_EXE_pwseal"))
            .args(args)
            .stdout(std::io::pipe().expect("a pipe").1)
            .output()
            .expect("it runs");
        assert!(
            output.status.success() && output.stderr.is_empty(),
            "{output:?}"
        );
    }
}

#[test]
fn curl_and_answer_know_every_operation() {
    let script = printed(&["completions", "bash"]);
    for operation in Operation::ALL {
        let page = printed(&["curl", operation.name(), "--help"]);
        assert!(page.contains("--api-version"), "{page}");
        assert!(printed(&["answer", "--help"]).contains(operation.name()));
        assert!(script.contains(operation.name()));
    }
}

#[cfg(unix)]
#[test]
fn an_argument_that_is_not_utf8_is_not_repeated() {
    use std::os::unix::ffi::OsStrExt;

    let account = OsStr::from_bytes(b"hunter2\xff");
    let args = ["request", "--info", "a", "--account"].map(OsStr::new);
    let output = pwseal(&[&args[..], &[account]].concat());
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(
        String::from_utf8_lossy(&output.stderr),
        "pwseal: an argument that must be text is not UTF-8; see pwseal request --help\n"
    );
}

#[test]
fn the_page_of_bulk_has_its_rules() {
    let page = printed(&["man", "bulk"]);
    let (_, rules) = page.split_once(".SH LINES\n").expect("the rules");
    for text in [
        "\\fBA line in\\fR is \\fB{\"id\": ...,",
        "\\fBaccount\\-repeated\\fR",
        "\\fBMemory\\fR stays",
        "\\fB\\-\\-resume\\fR continues",
    ] {
        assert!(rules.contains(text), "{text}: {rules}");
    }
    assert!(!rules.contains('`') && !rules.contains("**"), "{rules}");
    let is_text = |line: &str| line == ".PP" || line.starts_with("\\fR");
    assert!(rules.lines().all(is_text), "{rules}");
    assert!(!printed(&["man", "key"]).contains(".SH LINES"));
}
