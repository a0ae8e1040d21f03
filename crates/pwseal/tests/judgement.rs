//! What is understood, refused and warned of in a password: `tests/cases/passwords.tsv`.

use std::fs;
use std::path::PathBuf;

use proptest::prelude::*;
use pwseal::{Error, ErrorKind, NotText, Password, PasswordWarning, PublicKey};

mod common;

/// A line of the table.
struct Case {
    name: String,
    verdict: String,
    finding: String,
    detail: String,
}

fn cases() -> Vec<Case> {
    let table = fs::read_to_string(path("passwords.tsv")).expect("the table");
    let case = |line: &str| {
        let mut cells = line.split('\t').map(String::from);
        let mut cell = || cells.next().expect("four cells");
        Case {
            name: cell(),
            verdict: cell(),
            finding: cell(),
            detail: cell(),
        }
    };
    table.lines().skip(1).map(case).collect()
}

fn path(name: &str) -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/cases")).join(name)
}

/// What is in the file, without the line break at its end.
fn bytes(case: &Case) -> Vec<u8> {
    let mut bytes = fs::read(path("passwords").join(&case.name)).expect("a file");
    if bytes.ends_with(b"\n") {
        bytes.pop();
        if bytes.ends_with(b"\r") {
            bytes.pop();
        }
    }
    bytes
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn names(password: &Password) -> String {
    let judged = password.judge().expect("it is accepted");
    let names: Vec<_> = judged
        .warnings()
        .iter()
        .map(PasswordWarning::name)
        .collect();
    names.join(",")
}

#[test]
fn each_case_is_judged_as_the_table_says() {
    for case in cases() {
        let name = &case.name;
        let Ok(password) = Password::new(&bytes(&case)) else {
            assert_eq!(case.verdict, "empty", "{name}");
            continue;
        };
        let owned = password.clone().into_judged();
        match (password.judge(), &case.verdict[..]) {
            (Ok(judged), "accepted") => {
                assert_eq!(hex(judged.password().expose()), case.finding, "{name}");
                assert_eq!(names(&password), case.detail, "{name}");
                let owned = owned.expect("it is accepted");
                assert_eq!(owned.warnings(), judged.warnings(), "{name}");
                assert_eq!(
                    owned.into_password().expose(),
                    judged.into_password().expose(),
                    "{name}"
                );
            }
            // The command decodes it; here it is said what it is.
            (Err(error), "decoded") => {
                let utf16 = matches!(
                    error,
                    Error::PasswordNotText {
                        problem: NotText::Utf16,
                        ..
                    }
                );
                assert!(utf16, "{name}: {error:?}");
            }
            (Err(error), "refused") => {
                assert_eq!(owned.err(), Some(error.clone()), "{name}");
                assert_eq!(error.kind(), ErrorKind::PasswordNotText, "{name}");
                let Error::PasswordNotText { problem, .. } = error else {
                    panic!("{name}: {error:?}");
                };
                assert_eq!(problem.name(), case.finding, "{name}");
                let message = error.to_string();
                assert!(message.contains(&case.detail), "{name}: {message}");
                assert!(message.ends_with("say so with raw)"), "{name}: {message}");
                assert!(!message.contains("hunter2"), "{name}: {message}");
            }
            (Err(error), "empty") => assert_eq!(error, Error::EmptyPassword, "{name}"),
            (judged, verdict) => panic!("{name}: {verdict}, but {judged:?}"),
        }
    }
}

#[test]
fn what_is_meant_as_it_is_keeps_every_byte() {
    for case in cases() {
        let bytes = bytes(&case);
        let Ok(password) = Password::new(&bytes) else {
            continue;
        };
        let password = password.with_raw(true);
        assert!(password.is_raw() && password.clone().is_raw());
        let judged = password.judge().expect("nothing is refused");
        assert_eq!(judged.password().expose(), bytes, "{}", case.name);
        // What the platform may not take is said all the same.
        let text = std::str::from_utf8(&bytes);
        let expected = [
            (
                PasswordWarning::Colon,
                text.is_ok_and(|text| text.contains(':')),
            ),
            (
                PasswordWarning::NonAscii,
                text.is_ok_and(|text| !text.is_ascii()),
            ),
            (
                PasswordWarning::ControlCharacter,
                text.is_ok_and(|text| text.contains(char::is_control)),
            ),
            (PasswordWarning::NotUtf8, text.is_err()),
        ];
        let expected = expected
            .into_iter()
            .filter_map(|(warning, is)| is.then_some(warning));
        assert!(judged.warnings().iter().eq(expected), "{}", case.name);
    }
}

/// So that a warning or a refusal that is added gets its cases.
#[test]
fn every_finding_has_a_case() {
    let cases = cases();
    for problem in NotText::ALL {
        assert!(
            cases.iter().any(|case| case.finding == problem.name()),
            "{problem:?}"
        );
    }
    let only_raw = [PasswordWarning::ControlCharacter, PasswordWarning::NotUtf8];
    for warning in PasswordWarning::ALL {
        let with_it = |case: &Case| case.detail.split(',').any(|name| name == warning.name());
        let expected = !only_raw.contains(warning);
        assert_eq!(cases.iter().any(with_it), expected, "{warning:?}");
    }
}

#[test]
fn encryption_judges_nothing() {
    let key = PublicKey::parse(common::read("rsa2048.spki.pem")).expect("a key");
    let decryptor = common::Decryptor::new(2048);
    for bytes in [
        &b"hunter2\n"[..],
        b"\xff\xfeh\0",
        b"\xef\xbb\xbfhunter2",
        b"\0",
    ] {
        let password = Password::new(bytes).expect("not empty");
        let ciphertext = key.encrypt(&password).expect("it fits");
        assert_eq!(decryptor.decrypt(ciphertext), bytes);
    }
}

proptest! {
    #[test]
    fn printable_ascii_is_accepted_as_it_is(text in "[ -~]{1,64}") {
        let password = Password::new(&text).expect("not empty");
        let judged = password.judge().expect("text");
        prop_assert_eq!(judged.password().expose(), text.as_bytes());
        let warnings = judged.warnings();
        prop_assert_eq!(warnings.contains(PasswordWarning::Colon), text.contains(':'));
        prop_assert!(!warnings.contains(PasswordWarning::NonAscii));
    }

    #[test]
    fn any_bytes_are_judged(bytes in prop::collection::vec(any::<u8>(), 1..48)) {
        let password = Password::new(&bytes).expect("not empty");
        match password.judge() {
            Ok(judged) => prop_assert!(bytes.ends_with(judged.password().expose())),
            Err(Error::PasswordNotText { position, .. }) => prop_assert!(position < bytes.len()),
            Err(error) => prop_assert_eq!(error, Error::EmptyPassword),
        }
    }

    #[test]
    fn text_is_refused_for_its_characters_alone(text in any::<String>()) {
        prop_assume!(!text.is_empty());
        let refused = |c: char| {
            c.is_control()
                || matches!(c, '\u{feff}' | '\u{2028}' | '\u{2029}' | '\u{fdd0}'..='\u{fdef}')
                || u32::from(c) & 0xfffe == 0xfffe
        };
        let password = Password::new(&text).expect("not empty");
        let rest = text.strip_prefix('\u{feff}').unwrap_or(&text);
        prop_assert_eq!(password.judge().is_err(), rest.is_empty() || rest.contains(refused));
    }
}
