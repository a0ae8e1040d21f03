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

    let written = serde_json::to_vec(&dto).expect("it is written");
    assert_eq!(serde_json::from_slice(&written).ok().as_ref(), Some(&dto));

    let policy = Policy::from(&dto);
    let in_strings = policy.rules().iter().map(|rule| {
        let requirement = rule.requirement().expect("a field of ours");
        let value = rule.text().rsplit(' ').next().expect("a value");
        format!("{} is {value}", requirement.name())
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
