//! The committed header is the one that the source gives, has all that earlier ones had, and is
//! tested as a whole.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

const CRATE: &str = env!("CARGO_MANIFEST_DIR");

#[test]
fn the_header_is_up_to_date() {
    let config = Path::new(CRATE).join("cbindgen.toml");
    let config = cbindgen::Config::from_file(config.to_str().expect("UTF-8")).expect("a config");
    let mut header = Vec::new();
    cbindgen::Builder::new()
        .with_crate(CRATE)
        .with_config(config)
        .generate()
        .expect("a header")
        .write(&mut header);

    let committed = Path::new(CRATE).join("include/pwseal.h");
    let generated = Path::new(env!("CARGO_TARGET_TMPDIR")).join("pwseal.h");
    fs::write(&generated, &header).expect("written");
    assert!(
        fs::read(&committed).unwrap_or_default() == header,
        "the header does not fit the source; look at the difference and take the new one:\n\
         diff {committed:?} {generated:?}\n\
         cp {generated:?} {committed:?}",
    );
}

#[test]
fn it_has_the_version_of_the_library() {
    let header = header();
    let defines = [
        ("", concat!("\"", env!("CARGO_PKG_VERSION"), "\"")),
        ("_MAJOR", env!("CARGO_PKG_VERSION_MAJOR")),
        ("_MINOR", env!("CARGO_PKG_VERSION_MINOR")),
        ("_PATCH", env!("CARGO_PKG_VERSION_PATCH")),
    ];
    for (part, value) in defines {
        let line = format!("#define PWSEAL_VERSION{part} {value}");
        assert!(
            header.lines().any(|found| found == line),
            "cbindgen.toml must say {line:?}"
        );
    }
}

fn header() -> String {
    fs::read_to_string(Path::new(CRATE).join("include/pwseal.h")).expect("the header")
}

/// The numbers, types and functions of a header, with single spaces, and without comments.
fn declarations(header: &str) -> BTreeSet<String> {
    let mut code = String::new();
    for (index, part) in header.split("/*").enumerate() {
        code += match part.split_once("*/") {
            Some((_, code)) if index > 0 => code,
            _ => part,
        };
    }
    let lines = code.lines().filter(|line| !line.starts_with('#'));
    let code = lines.collect::<Vec<_>>().join(" ");
    // What functions are declared with may become more.
    let code = code
        .replace("PWSEAL_API ", "")
        .replace("PWSEAL_MUST_USE ", "");
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let declarations = code.split([';', '{', ',']).map(words);
    // An enum's numbers stand between commas, and so do parameters: whole functions are compared.
    let numbers = declarations.filter(|text| text.starts_with("PWSEAL_") && text.contains(" = "));
    let statements = code.split([';', '{']).map(words);
    let others = statements.filter(|text| text.contains("pwseal_") && !text.contains("PWSEAL_"));
    numbers.chain(others).collect()
}

#[test]
fn what_was_declared_stays_declared() {
    let now = declarations(&header());
    let headers = Path::new(CRATE).join("tests/headers");
    for file in fs::read_dir(headers).expect("a directory") {
        let path = file.expect("a file").path();
        let then = declarations(&fs::read_to_string(&path).expect("a header"));
        assert!(then.contains("PWSEAL_STATUS_RANDOM_SOURCE = 8"), "{then:?}");
        assert!(
            then.contains("void pwseal_key_free(pwseal_key *key)"),
            "{then:?}"
        );
        let gone: Vec<_> = then.difference(&now).collect();
        assert!(gone.is_empty(), "{path:?} has what is gone: {gone:?}");
    }
}

/// The words of a source that are this library's names.
fn names(source: &str) -> BTreeSet<&str> {
    source
        .split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
        .filter(|word| word.starts_with("PWSEAL_") || word.starts_with("pwseal_"))
        .collect()
}

#[test]
fn every_name_is_in_a_test() {
    let read = |file| fs::read_to_string(Path::new(CRATE).join(file)).expect("a source");
    let tests = ["tests/key.c", "tests/policy.c", "tests/exchange.c"]
        .map(read)
        .concat();
    let header = header();
    let untested: Vec<_> = names(&header).difference(&names(&tests)).copied().collect();
    let exempt = [
        // What functions are declared with.
        "PWSEAL_API",
        // The header's own guard.
        "PWSEAL_H",
        "PWSEAL_MUST_USE",
        // For what a later version of the core may say.
        "PWSEAL_REASON_OTHER",
        // How comments name all of them.
        "PWSEAL_STATUS_",
        // Types of what is compared with numbers only.
        "pwseal_outcome",
        "pwseal_reason",
    ];
    assert_eq!(untested, exempt);

    let wrapper = read("include/pwseal.hpp");
    let is_function = |name: &&str| header.contains(&format!("{name}("));
    let functions: BTreeSet<&str> = names(&header).into_iter().filter(is_function).collect();
    let unwrapped: Vec<_> = functions.difference(&names(&wrapper)).copied().collect();
    assert_eq!(unwrapped, [""; 0]);
}
