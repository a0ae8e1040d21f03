//! What the published packages hold: each is to be built and tested without the others' files.

use std::fs;
use std::path::Path;

/// Copies of files that another folder is the home of, as a package has its own folder alone.
const COPIES: [(&str, &str); 5] = [
    (
        "crates/pwseal-api/tests/data/other-key.pem",
        "crates/pwseal/tests/data/rsa2048.spki.pem",
    ),
    (
        "crates/pwseal-api/tests/data/password-info.json",
        "examples/password-info.json",
    ),
    (
        "crates/pwseal-api/tests/data/private-key.pem",
        "examples/private-key.pem",
    ),
    (
        "crates/pwseal-api/tests/data/public-key.pem",
        "examples/public-key.pem",
    ),
    (
        "crates/pwseal-cli/tests/data/password-info.json",
        "examples/password-info.json",
    ),
];

#[test]
fn copies_are_what_they_are_copies_of() {
    let top = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    for (copy, original) in COPIES {
        let [copied, original] = [copy, original].map(|file| fs::read(top.join(file)).unwrap());
        assert!(copied == original, "{copy} has changed");
    }
}
