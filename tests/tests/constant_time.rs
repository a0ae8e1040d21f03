//! No branch and no memory index depends on the bytes of a password, as Valgrind sees it: they
//! are marked as undefined, and whatever depends on them is reported.
//!
//! Valgrind has no AVX-512, so that this is about the backends without it. All of them are traced
//! (`machine_code.rs`) and measured (`tests/long timing`).

use crate::common::{Key, SUBJECT, Subject, password};

/// `subject` under Valgrind.
const VALGRIND: [&str; 6] = [
    "valgrind",
    "--error-exitcode=9",
    "--num-callers=4",
    "--error-limit=no",
    "--quiet",
    SUBJECT,
];

/// Each place that depends on a secret, as the kind of use and the function.
fn places(scenario: &str, backend: &str, key: &Key, lengths: &[usize]) -> Vec<String> {
    let passwords: Vec<Vec<u8>> = lengths.iter().map(|len| password(*len)).collect();
    let mut program = VALGRIND;
    // The one that `tests/long` built for another CPU.
    let other = std::env::var("SUBJECT").unwrap_or_default();
    if !other.is_empty() {
        program[5] = &other;
    }
    let subject = Subject {
        program: &program,
        scenario,
        backend,
        key,
        env: &[("SHIM_TAINT", "1"), ("SHIM_RANDOM", "known")],
    };
    let output = subject.start("run", &passwords).wait_with_output();
    let output = output.expect("valgrind: install the Debian package");
    let report = String::from_utf8(output.stderr).expect("text");
    let mut places = Vec::new();
    let mut lines = report.lines();
    while let Some(line) = lines.next() {
        if !line.contains("uninitialised") {
            continue;
        }
        let what = line.split("== ").nth(1).expect("a message");
        let at = lines.next().expect("a place");
        let function = at.split(": ").nth(1).expect("a function");
        let function = function.split(" (").next().expect("a name");
        places.push(format!("{what}: {function}"));
    }
    let expected = if places.is_empty() { Some(0) } else { Some(9) };
    assert_eq!(
        output.status.code(),
        expected,
        "{scenario}, {backend}: {report}"
    );
    places
}

/// The one thing that may depend on a message in `rsaep`: whether it is below the modulus. EM
/// starts with 00 and the modulus does not, so that here it always is.
const BELOW_MODULUS: &str =
    "Conditional jump or move depends on uninitialised value(s): rsaep::key::PublicKey::rsaep";

#[test]
#[cfg_attr(debug_assertions, ignore = "the promise is about optimised code")]
fn no_branch_and_no_index_depends_on_a_password_in_portable_code() {
    no_place_depends_on_a_password("portable");
}

/// Valgrind runs these instructions, but its CPU does not say so: the program must be built to
/// expect them.
#[test]
#[ignore = "`tests/long constant-time` builds for it"]
fn no_branch_and_no_index_depends_on_a_password_with_adx() {
    no_place_depends_on_a_password("adx");
}

fn no_place_depends_on_a_password(backend: &str) {
    for key in [Key::example(), Key::of(2049)] {
        for (scenario, lengths) in [
            ("encrypt", &[40][..]),
            ("encrypt-into", &[117]),
            ("encrypt-many", &[16, 40, 1]),
            ("too-long", &[2000]),
        ] {
            let found = places(scenario, backend, &key, lengths);
            let expected: &[&str] = match scenario {
                "too-long" => &[],
                _ => &[BELOW_MODULUS],
            };
            assert_eq!(
                found,
                expected,
                "{scenario}, {backend}, {} bytes",
                key.size()
            );
        }
    }
}

#[test]
#[cfg_attr(debug_assertions, ignore = "the promise is about optimised code")]
fn a_branch_and_an_index_are_found() {
    let key = Key::example();
    for (planted, what) in [
        (
            "plant-branch",
            "Conditional jump or move depends on uninitialised value(s)",
        ),
        ("plant-index", "Use of uninitialised value of size 8"),
    ] {
        let found = places(planted, "portable", &key, &[40]);
        assert_eq!(found.len(), 1, "{planted}: {found:?}");
        assert!(found[0].starts_with(what), "{planted}: {found:?}");
    }
}
