//! What holds for every policy and every password.
#![allow(clippy::unwrap_used, reason = "that is how a test fails")]

use proptest::collection::vec;
use proptest::prelude::*;
use pwseal::Password;
use pwseal::policy::{Context, Dictionary, Outcome, Policy, Report};

const NUMBERS: [&str; 13] = [
    "passwordMinLength",
    "passwordMaxLength",
    "passwordMinAlpha",
    "passwordMinUpper",
    "passwordMinLower",
    "passwordMinNumeric",
    "passwordMinSpecial",
    "passwordMinCharType",
    "passwordRepeatedChar",
    "passwordHistory",
    "minHistoryUniqueChars",
    "minAccountIDUniqueChars",
    "minDisplayNameUniqueChars",
];

const SWITCHES: [&str; 7] = [
    "checkCaseSensitive",
    "checkPasswordTriviality",
    "checkPasswordAgainstAccountID",
    "checkPasswordAgainstDisplayName",
    "checkPasswordsAgainstDictionary",
    "checkPasswordsAgainstAccountAttributes",
    "checkPasswordsAgainstIdentityAttributes",
];

fn rule() -> impl Strategy<Value = String> {
    let value = prop_oneof![8 => (-1..6_i64).prop_map(|n| n.to_string()), 1 => Just("x".into())];
    let on = prop_oneof![Just("true"), Just("false"), Just("x")];
    prop_oneof![
        12 => (proptest::sample::select(NUMBERS.as_slice()), value)
            .prop_map(|(name, value)| format!("{name} is {value}")),
        4 => (proptest::sample::select(SWITCHES.as_slice()), on)
            .prop_map(|(name, value)| format!("{name} is {value}")),
        1 => Just("passwordMinVowels is 2".to_owned()),
    ]
}

/// Few characters, so that rules are met and missed about as often.
fn password() -> impl Strategy<Value = String> {
    "[aabB12!:\u{e9}\u{1f600}]{0,8}"
}

/// Names and attributes, some too short to be compared, some not known.
fn context() -> impl Strategy<Value = Context> {
    let value = || proptest::option::of("[abB1 ]{0,5}");
    (
        value(),
        value(),
        value(),
        proptest::option::of("[ab1]{2,3}"),
    )
        .prop_map(|(id, name, attribute, word)| {
            let mut context = Context::new();
            if let Some(id) = id {
                context = context.with_account_id(&id);
            }
            if let Some(name) = name {
                context = context.with_account_name(&name);
            }
            if let Some(value) = attribute {
                context = context
                    .with_account_attribute("x", &value)
                    .with_identity_attribute("y", &value);
            }
            if let Some(word) = word {
                context = context.with_dictionary(Dictionary::parse(word).unwrap());
            }
            context
        })
}

fn check(rules: &[String], password: &str, context: &Context) -> Report {
    Policy::from_strings(rules).check(&secret(password), context)
}

fn secret(password: &str) -> Password {
    match password {
        "" => Password::empty(),
        text => Password::new(text).unwrap(),
    }
}

fn outcomes(report: &Report) -> Vec<(String, Outcome)> {
    report
        .findings()
        .map(|finding| (finding.rule().text().to_owned(), finding.outcome()))
        .collect()
}

/// The same rule, asking for more. A character type that is not set is not raised: it is
/// documented that a minimum more can be one more that is met.
fn stricter(rule: &str, by: i64) -> Option<String> {
    let (name, value) = rule.split_once(" is ")?;
    let value: i64 = value.parse().ok()?;
    match name {
        "passwordMaxLength" | "passwordRepeatedChar" if value > by => {
            Some(format!("{name} is {}", value - by))
        }
        "passwordMinUpper" | "passwordMinLower" | "passwordMinNumeric" | "passwordMinSpecial"
            if value < 1 =>
        {
            None
        }
        "passwordMinCharType" if value < 1 => None,
        _ if name.starts_with("passwordMin") => Some(format!("{name} is {}", value.max(0) + by)),
        _ => None,
    }
}

/// Whether a number of character types is more than there are minimums.
fn more_than_minimums(rules: &[String]) -> Vec<bool> {
    let number = |rule: &String, name: &str| {
        let value = rule.strip_prefix(name)?.strip_prefix(" is ")?;
        // What cannot be read is set.
        Some(value.parse::<i64>().unwrap_or(i64::MAX))
    };
    let of_types = ["Upper", "Lower", "Numeric", "Special"];
    let minimums = of_types.iter().filter(|of_type| {
        let name = format!("passwordMin{of_type}");
        let set = |rule| number(rule, &name).is_some_and(|wanted| wanted > 0);
        rules.iter().any(set)
    });
    let minimums = minimums.count() as i64;
    let numbers = rules
        .iter()
        .filter_map(|rule| number(rule, "passwordMinCharType"));
    numbers.map(|wanted| wanted > minimums).collect()
}

/// So many cases, or as few as `PROPTEST_CASES` says where programs are emulated.
fn at_most(cases: u32) -> ProptestConfig {
    let given = std::env::var("PROPTEST_CASES").ok();
    let given = given.and_then(|cases| cases.parse().ok());
    ProptestConfig::with_cases(given.unwrap_or(cases).min(cases))
}

proptest! {
    #![proptest_config(at_most(2000))]

    #[test]
    fn a_stricter_rule_forgives_nothing(
        rules in vec(rule(), 1..8),
        password in password(),
        context in context(),
        index: proptest::sample::Index,
        by in 1..3_i64,
    ) {
        let index = index.index(rules.len());
        let mut raised = rules.clone();
        if let Some(rule) = stricter(&rules[index], by) {
            raised[index] = rule;
        }
        // With more types asked for than have a minimum, those without one may count.
        prop_assume!(more_than_minimums(&rules) == more_than_minimums(&raised));
        let before = check(&rules, &password, &context);
        let after = check(&raised, &password, &context);
        prop_assert!(!before.has_violation() || after.has_violation());
        prop_assert!(before.all_passed() || !after.all_passed());
    }

    #[test]
    fn order_does_not_matter(
        (rules, shuffled) in vec(rule(), 0..8)
            .prop_flat_map(|rules| (Just(rules.clone()), Just(rules).prop_shuffle())),
        password in password(),
        context in context(),
    ) {
        let mut one = outcomes(&check(&rules, &password, &context));
        let mut other = outcomes(&check(&shuffled, &password, &context));
        one.sort_by(|(a, _), (b, _)| a.cmp(b));
        other.sort_by(|(a, _), (b, _)| a.cmp(b));
        prop_assert_eq!(one, other);
    }

    #[test]
    fn every_rule_is_listed_in_order(rules in vec(rule(), 0..8), password in password()) {
        let report = check(&rules, &password, &Context::new());
        let listed: Vec<String> = outcomes(&report).into_iter().map(|(text, _)| text).collect();
        prop_assert_eq!(listed, rules);
    }

    #[test]
    fn a_merged_policy_is_the_strictest(
        a in vec(rule(), 0..6),
        b in vec(rule(), 0..6),
        c in vec(rule(), 0..3),
        password in password(),
        context in context(),
    ) {
        let reports = [&a, &b, &c].map(|rules| check(rules, &password, &context));
        let [a, b, c] = [a, b, c].map(Policy::from_strings);
        let merged = a.merge(&b).merge(&c);
        let report = merged.check(&secret(&password), &context);
        prop_assert_eq!(report.has_violation(), reports.iter().any(Report::has_violation));
        prop_assert_eq!(report.all_passed(), reports.iter().all(Report::all_passed));
        // The way they are put together does not matter.
        let other = a.merge(&b.merge(&c)).check(&secret(&password), &context);
        prop_assert_eq!(outcomes(&other), outcomes(&report));
    }

    /// A rule passes or is violated only if its text is a known name, "is", and a value.
    #[test]
    fn no_text_passes_silently(
        text in prop_oneof![
            any::<String>(),
            vec(
                prop_oneof![
                    proptest::sample::select(NUMBERS.as_slice()).prop_map(str::to_owned),
                    proptest::sample::select(SWITCHES.as_slice()).prop_map(str::to_owned),
                    Just("is".to_owned()),
                    Just("IS".to_owned()),
                    Just(" ".to_owned()),
                    Just("\t\u{3000}".to_owned()),
                    Just("true".to_owned()),
                    "[-+]?[0-9]{1,20}",
                    "\\PC{1,3}",
                ],
                0..7,
            ).prop_map(|parts| parts.concat()),
        ],
        password in password(),
        context in context(),
    ) {
        let report = check(std::slice::from_ref(&text), &password, &context);
        let finding = report.findings().next().unwrap();
        prop_assert_eq!(finding.rule().text(), &text);
        let understood = || {
            let bare: String = text.to_lowercase().split_whitespace().collect();
            NUMBERS.iter().chain(&SWITCHES).any(|name| {
                let value = bare
                    .strip_prefix(&name.to_lowercase())
                    .and_then(|rest| rest.strip_prefix("is"));
                value.is_some_and(|value| {
                    value.parse::<i64>().is_ok() || ["true", "false", "yes", "no"].contains(&value)
                })
            })
        };
        prop_assert!(matches!(finding.outcome(), Outcome::NotChecked(_)) || understood());
    }

    /// Bytes that may be no UTF-8, and everything a report can be asked.
    #[test]
    fn no_input_panics(
        rules in vec(rule(), 0..6),
        bytes in vec(any::<u8>(), 1..40),
        context in context(),
    ) {
        let policy = Policy::from_strings(&rules);
        let report = policy.check(&Password::new(&bytes).unwrap(), &context);
        let shown: Vec<String> = report.findings().map(|finding| finding.to_string()).collect();
        prop_assert_eq!(shown.len(), rules.len());
        let password = Password::new(&bytes).unwrap();
        if matches!(password.judge(), Err(pwseal::Error::PasswordNotText { .. })) {
            prop_assert!(!report.has_violation());
            let passed = report.findings().filter(|finding| finding.outcome() == Outcome::Passed);
            prop_assert!(passed.into_iter().all(|finding| finding.to_string() == "asks for nothing"));
        }
    }
}

#[test]
fn merging_leaves_out_what_is_less_strict() {
    let a = [
        "passwordMinLength is 8",
        "passwordMaxLength is 20",
        "passwordMinUpper is 1",
        "passwordRepeatedChar is 3",
        "odd",
    ];
    let b = [
        "passwordMinLength is 12",
        "passwordMaxLength is 0",
        "passwordMinUpper is 1",
        "passwordRepeatedChar is 2",
        "passwordHistory is x",
    ];
    let merged = Policy::from_strings(a).merge(&Policy::from_strings(b));
    let texts: Vec<&str> = merged.rules().iter().map(|rule| rule.text()).collect();
    assert_eq!(
        texts,
        [
            "passwordMaxLength is 20",
            "passwordMinUpper is 1",
            "odd",
            "passwordMinLength is 12",
            "passwordRepeatedChar is 2",
            "passwordHistory is x",
        ]
    );
}

#[test]
fn merging_leaves_out_the_longer_word_length_and_what_is_off() {
    for (switch, length) in [
        ("checkPasswordAgainstAccountID", "minAccountIDUniqueChars"),
        (
            "checkPasswordAgainstDisplayName",
            "minDisplayNameUniqueChars",
        ),
    ] {
        let on = vec![format!("{switch} is true")];
        let off = vec![format!("{switch} is false")];
        let of = |number: u64| vec![on[0].clone(), format!("{length} is {number}")];
        for (a, b, strictest) in [
            (&on, &on, &on),
            (&off, &on, &on),
            (&on, &off, &on),
            (&of(4), &of(3), &of(3)),
            (&of(3), &of(4), &of(3)),
        ] {
            let merged = Policy::from_strings(a).merge(&Policy::from_strings(b));
            let texts: Vec<&str> = merged.rules().iter().map(|rule| rule.text()).collect();
            assert_eq!(&texts, strictest);
        }
    }
    let nothing = Policy::from_strings(["passwordMinCharType is 0"]);
    assert_eq!(nothing.merge(&nothing).rules().len(), 1);
}

/// Each policy asks for some of its own minimums: the smaller number says which may be missing there.
#[test]
fn merging_keeps_every_number_of_character_types() {
    let one_of_two = Policy::from_strings([
        "passwordMinUpper is 1",
        "passwordMinNumeric is 1",
        "passwordMinCharType is 1",
    ]);
    let two_of_three = Policy::from_strings([
        "passwordMinUpper is 1",
        "passwordMinLower is 1",
        "passwordMinSpecial is 1",
        "passwordMinCharType is 2",
    ]);
    let merged = one_of_two.merge(&two_of_three);
    assert_eq!(merged.rules().len(), 7);
    let report = |password: &str| merged.check(&secret(password), &Context::new());
    assert!(report("Ab1!").all_passed());
    assert!(!report("Ab").has_violation() && !report("Ab").all_passed());
    assert!(report("A").has_violation());
}

/// Without a word length, a short word of the name leaves the rule unchecked; with one it passes.
/// Neither form is the stricter, so that both stay.
#[test]
fn merging_keeps_word_rules_that_cannot_be_compared() {
    let plain = Policy::from_strings(["checkPasswordAgainstAccountID is true"]);
    let with_length = Policy::from_strings([
        "checkPasswordAgainstAccountID is true",
        "minAccountIDUniqueChars is 3",
    ]);
    let context = Context::new().with_account_id("Jo");
    for merged in [plain.merge(&with_length), with_length.merge(&plain)] {
        let report = merged.check(&secret("banjo"), &context);
        assert!(!report.all_passed() && !report.has_violation());
        assert_eq!(merged.rules().len(), 3);
    }
}

/// Where the time grew with the square of the length, this would take hours.
#[test]
fn the_time_is_linear_in_the_password() {
    let word = "a".repeat(127);
    let words: String = (0..2500)
        .map(|i| format!("{}{}\n", &word[..97 + i % 27], i))
        .collect();
    let context = Context::new()
        .with_account_id(&format!("{word}b"))
        .with_identity_attribute("x", &format!("{0}b {0}c {0}d", "a".repeat(2000)))
        .with_dictionary(Dictionary::parse(words).unwrap());
    let rules = NUMBERS.iter().map(|name| format!("{name} is 2"));
    let switches = SWITCHES.iter().map(|name| format!("{name} is true"));
    let policy = Policy::from_strings(rules.chain(switches));
    let password = Password::new(&"a".repeat(1 << 20)).unwrap();
    assert!(policy.check(&password, &context).has_violation());
}

/// Where the time grew with the square of the number of rules, this would take half an hour.
#[test]
fn the_time_is_linear_in_the_policy() {
    let password = Password::new("password").unwrap();
    let rules: Vec<String> = (0..300_000)
        .map(|n| format!("passwordMinUpper is {n}"))
        .collect();
    let policy = Policy::from_strings(&rules);
    let merged = policy.merge(&policy);
    assert!(merged.check(&password, &Context::new()).has_violation());
    assert!(merged.length_range().is_err());

    let huge = "passwordMinLength is ".to_owned() + &"9".repeat(1 << 20);
    assert!(
        !Policy::from_strings([huge])
            .check(&password, &Context::new())
            .all_passed()
    );
}
