//! Any bytes as a dictionary file, and a password, compared with a plain reading of the rules.
//!
//! The input is a password, a zero byte, and the file.

use pwseal::policy::{Context, Dictionary, Outcome, Policy, Reason};
use pwseal::{Error, Password};

/// Runs one input.
pub fn run(input: &[u8]) {
    let mut parts = input.splitn(2, |byte| *byte == 0);
    let password = parts.next().unwrap_or_default();
    let file = parts.next().unwrap_or_default();
    let dictionary = match Dictionary::parse(file) {
        Ok(dictionary) => dictionary,
        Err(error) => return check(&error, file),
    };

    let text = std::str::from_utf8(file).expect("it was read as text");
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut lines: Vec<&str> = text
        .split('\n')
        .map(|line| line.strip_suffix('\r').unwrap_or(line))
        .filter(|line| !line.starts_with('#') && !line.trim().is_empty())
        .collect();
    let is_locale = |line: &&str| line.starts_with("locale=") || line.starts_with("locale:");
    if let Some(at) = lines.iter().position(is_locale) {
        let locale = lines.remove(at)["locale=".len()..].trim();
        assert_eq!(dictionary.locale(), Some(locale));
    }
    assert_eq!(dictionary.len(), lines.len());

    let Ok(password) = Password::new(password) else {
        return;
    };
    let policy = Policy::from_strings(["checkPasswordsAgainstDictionary is true"]);
    let report = policy.check(&password, &Context::new().with_dictionary(dictionary));
    let outcome = report.findings().next().expect("one rule").outcome();
    if let Err(Error::PasswordNotText { .. }) = password.judge() {
        return assert!(matches!(outcome, Outcome::NotChecked(_)));
    }
    match std::str::from_utf8(password.expose()) {
        // Case beyond ASCII has its own tests.
        Ok(password) if password.is_ascii() && text.is_ascii() => {
            let password = password.to_ascii_lowercase();
            let occurs = |line: &&str| password.contains(&line.to_ascii_lowercase());
            let expected = match lines.iter().any(occurs) {
                _ if lines.is_empty() => Outcome::NotChecked(Reason::NotGiven),
                true => Outcome::Violated,
                false => Outcome::Passed,
            };
            assert_eq!(outcome, expected);
        }
        Ok(_) => assert_ne!(outcome, Outcome::NotChecked(Reason::NotUtf8)),
        Err(_) => unreachable!("it is refused"),
    }
}

fn check(error: &Error, file: &[u8]) {
    assert_eq!(error.to_string().lines().count(), 1);
    if *error == Error::DictionaryOtherFormat {
        return;
    }
    let newlines = file.iter().filter(|byte| **byte == b'\n').count();
    let (Error::DictionaryNotText { line, .. }
    | Error::DictionaryLineTooLong { line, .. }
    | Error::DictionaryWhiteSpace { line, .. }
    | Error::DictionaryTooManyWords { line, .. }) = error
    else {
        panic!("{error}");
    };
    assert!((1..=newlines + 1).contains(line));
}
