//! Any bytes as a password: what is refused shows nothing of it, and what is accepted stays as it is.

use pwseal::policy::{Context, Policy};
use pwseal::{Error, Password};

/// Runs one input.
pub fn run(input: &[u8]) {
    let Ok(password) = Password::new(input) else {
        return assert!(input.is_empty());
    };
    match password.judge() {
        Ok(judged) => {
            let accepted = judged.password();
            let text = std::str::from_utf8(accepted.expose()).expect("only text is accepted");
            assert!(input.ends_with(text.as_bytes()));
            assert!(!text.contains(char::is_control) && !text.contains('\u{feff}'));
            let again = accepted.judge().expect("it was accepted");
            assert_eq!(again.password().expose(), accepted.expose());
            assert_eq!(again.warnings(), judged.warnings());
            // A check sees the same text.
            let policy = Policy::from_strings(["passwordMinLength is 4"]);
            let [report, same] = [&password, accepted].map(|p| policy.check(p, &Context::new()));
            assert_eq!(report.has_violation(), same.has_violation());
            assert_eq!(report.warnings(), judged.warnings());
        }
        Err(error @ Error::PasswordNotText { .. }) => {
            assert!(error.position().is_some_and(|at| at < input.len()));
            assert_eq!(error.to_string().lines().count(), 1);
            let policy = Policy::from_strings(["passwordMinLength is 1"]);
            let report = policy.check(&password, &Context::new());
            assert!(!report.all_passed() && !report.has_violation());
        }
        Err(error) => assert_eq!(
            (error, input),
            (Error::EmptyPassword, "\u{feff}".as_bytes())
        ),
    }
    let meant = password.with_raw(true);
    let judged = meant.judge().expect("nothing is refused");
    assert_eq!(judged.password().expose(), input);
}
