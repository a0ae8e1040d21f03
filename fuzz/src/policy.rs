//! Policies, contexts, dictionaries and passwords of any bytes.
//!
//! The input is divided at its zero bytes: a password, an account ID, an attribute, a
//! dictionary, and then policy strings.

use pwseal::policy::{Context, Dictionary, Outcome, Policy, Reason};
use pwseal::rand_core::SeedableRng;
use pwseal::{Error, Password};
use rand_chacha::ChaCha8Rng;

/// Runs one input.
pub fn run(data: &[u8]) {
    let mut parts = data.split(|&byte| byte == 0);
    let mut part = || parts.next().unwrap_or_default();
    let password = Password::new(part()).unwrap_or_else(|_| Password::empty());
    let mut context = Context::new()
        .with_account_id(&String::from_utf8_lossy(part()))
        .with_identity_attribute("attribute", &String::from_utf8_lossy(part()));
    if let Ok(dictionary) = Dictionary::parse(part()) {
        context = context.with_dictionary(dictionary);
    }
    let strings: Vec<_> = parts.map(String::from_utf8_lossy).collect();
    let (first, second) = strings.split_at(strings.len() / 2);

    // What is read as written by hand is understood: no rule of it is left unchecked for its text.
    if let Ok(policy) = Policy::parse(&strings) {
        assert_eq!(policy, Policy::from_strings(&strings));
        let report = policy.check(&password, &context);
        assert!(report.findings().all(|finding| {
            let unread = [Some(Reason::NotUnderstood), Some(Reason::UnreadableValue)];
            !unread.contains(&finding.outcome().reason())
        }));
    }

    let policies = [first, second].map(Policy::from_strings);
    let merged = policies[0].merge(&policies[1]);
    let reports = policies
        .each_ref()
        .map(|policy| policy.check(&password, &context));
    let report = merged.check(&password, &context);
    assert_eq!(
        report.has_violation(),
        reports.iter().any(|report| report.has_violation())
    );
    assert_eq!(
        report.all_passed(),
        reports.iter().all(|report| report.all_passed())
    );
    for finding in report.findings() {
        let _ = finding.to_string();
        if finding.rule().requirement().is_none() {
            assert!(matches!(finding.outcome(), Outcome::NotChecked(_)));
        }
    }

    let mut rng = ChaCha8Rng::seed_from_u64(data.len() as u64);
    let length = merged.length_range().map_or(8, |range| *range.start());
    match merged.generate(&mut rng, length) {
        Ok(password) => {
            assert_eq!(password.len(), length);
            let report = merged.check(&password, &Context::new());
            assert!(!report.has_violation() && !report.is_ambiguous());
        }
        Err(Error::PolicyConflict { rules, .. }) => assert!(!rules.is_empty()),
        Err(Error::PolicyTooNarrow) => {}
        Err(error) => panic!("{error}"),
    }
}
