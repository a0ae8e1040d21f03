//! The cases that every interface is tried with: what the documentation has examples of, and what
//! its readings differ in.
#![allow(clippy::unwrap_used, reason = "that is how a test fails")]

use std::collections::BTreeMap;

use pwseal::Password;
use pwseal::policy::{Context, Dictionary, Outcome, Policy};
use serde_json::Value;

const CASES: &str = include_str!("../../../tests/cases/policies.json");

fn name(outcome: Outcome) -> &'static str {
    outcome
        .reason()
        .map_or(outcome.name(), |reason| reason.name())
}

fn strings(values: &Value) -> Vec<&str> {
    let values = values.as_array().unwrap();
    values.iter().map(|value| value.as_str().unwrap()).collect()
}

fn context(case: &Value) -> Context {
    let mut context = Context::new();
    if let Some(id) = case["accountId"].as_str() {
        context = context.with_account_id(id);
    }
    if let Some(name) = case["accountName"].as_str() {
        context = context.with_account_name(name);
    }
    let attributes = |of: &str| case[of].as_object().cloned().unwrap_or_default();
    for (name, value) in attributes("accountAttributes") {
        context = context.with_account_attribute(name, value.as_str().unwrap());
    }
    for (name, value) in attributes("identityAttributes") {
        context = context.with_identity_attribute(name, value.as_str().unwrap());
    }
    if let Some(dictionary) = case["dictionary"].as_str() {
        context = context.with_dictionary(Dictionary::parse(dictionary).unwrap());
    }
    context
}

#[test]
fn every_case_has_its_outcomes() {
    let cases: Vec<Value> = serde_json::from_str(CASES).unwrap();
    let mut seen = BTreeMap::<_, u32>::new();
    for case in &cases {
        let policy = Policy::from_strings(strings(&case["policies"]));
        let password = Password::new(case["password"].as_str().unwrap()).unwrap();
        let report = policy.check(&password, &context(case));
        let outcomes: Vec<Outcome> = report.findings().map(|finding| finding.outcome()).collect();
        let names: Vec<&str> = outcomes.iter().copied().map(name).collect();
        assert_eq!(names, strings(&case["outcomes"]), "{case}");
        assert_eq!(
            report.has_violation(),
            names.contains(&"violated"),
            "{case}"
        );
        let all_passed = names.iter().all(|name| *name == "passed");
        assert_eq!(report.all_passed(), all_passed, "{case}");
        for (finding, outcome) in report.findings().zip(outcomes) {
            *seen.entry(name(outcome)).or_default() += 1;
            // A sentence says both readings.
            let readings = outcome.reason().and_then(|reason| reason.readings());
            for reading in readings.into_iter().flatten() {
                assert!(finding.to_string().contains(reading), "{finding}");
            }
        }
    }
    // Neither half of the cases is lost.
    assert!(seen["passed"] > 30 && seen["violated"] > 30, "{seen:?}");
    assert!(seen.len() >= 14, "{seen:?}");
}

/// A password that one reading refuses is not made.
#[test]
fn what_is_generated_passes_in_every_reading() {
    use pwseal::policy::GenerateOptions;
    use pwseal::rand_core::SeedableRng;

    let mut rng = rand_chacha::ChaCha20Rng::seed_from_u64(20);
    for rules in [
        &["passwordRepeatedChar is 1"][..],
        &["passwordRepeatedChar is 2"],
        &["passwordRepeatedChar is 3", "passwordMinNumeric is 14"],
        &[
            "passwordMinUpper is 1",
            "passwordMinLower is 1",
            "passwordMinNumeric is 1",
            "passwordMinSpecial is 1",
            "passwordMinCharType is 2",
        ],
    ] {
        let policy = Policy::parse(rules).unwrap();
        for length in [5, 16, 60]
            .into_iter()
            .filter(|length| policy.length_range().unwrap().contains(length))
        {
            for _ in 0..50 {
                let options = GenerateOptions::new().length(length);
                let password = policy.generate(&mut rng, options).unwrap();
                assert!(
                    policy.check(&password, &Context::new()).all_passed(),
                    "{rules:?}"
                );
            }
        }
    }
    // Of 1024 characters about eleven are as the one before them by chance.
    let policy = Policy::parse(["passwordRepeatedChar is 2"]).unwrap();
    let password = policy
        .generate(&mut rng, GenerateOptions::new().length(1024))
        .unwrap();
    assert!(policy.check(&password, &Context::new()).all_passed());
}
