//! Any JSON as a structured policy: it judges a password as the same policy in strings does.
//!
//! The input is a password, a zero byte, and the JSON.

use pwseal::Password;
use pwseal::policy::{Context, PasswordPolicyV3Dto, Policy};

/// Runs one input.
pub fn run(input: &[u8]) {
    let mut parts = input.splitn(2, |byte| *byte == 0);
    let password = parts.next().unwrap_or_default();
    let json = parts.next().unwrap_or_default();
    let Ok(dto) = serde_json::from_slice::<PasswordPolicyV3Dto>(json) else {
        return;
    };

    let policy = Policy::from(&dto);
    let in_strings = policy.rules().iter().map(|rule| match rule.requirement() {
        Some(requirement) => {
            let value = rule.text().rsplit(' ').next().expect("a value");
            format!("{} is {value}", requirement.name())
        }
        // A field that is not known, and so no name of a policy string.
        None => String::new(),
    });
    let in_strings = Policy::from_strings(in_strings);

    let password = Password::new(password).unwrap_or_else(|_| Password::empty());
    let context = Context::new()
        .with_account_id("CN=Abby Smith,OU=Austin")
        .with_account_name("Abby.Smith");
    let [report, same] = [&policy, &in_strings].map(|policy| policy.check(&password, &context));
    let outcomes = report.findings().map(|finding| finding.outcome());
    assert!(outcomes.eq(same.findings().map(|finding| finding.outcome())));
    // The texts of the rules in an error differ.
    assert_eq!(policy.length_range().ok(), in_strings.length_range().ok());
}
