//! The structured policy from JSON, and a report as JSON.
#![cfg(feature = "serde")]
#![allow(clippy::unwrap_used, reason = "that is how a test fails")]

use pwseal::Password;
use pwseal::policy::{Context, Outcome, PasswordPolicyV3Dto, Policy, Reason};
use serde_json::json;

fn policy(json: serde_json::Value) -> Policy {
    let dto: PasswordPolicyV3Dto = serde_json::from_value(json).unwrap();
    Policy::from(&dto)
}

fn texts(policy: &Policy) -> Vec<&str> {
    policy.rules().iter().map(|rule| rule.text()).collect()
}

/// The examples of the specification's fields, put together.
#[test]
fn the_specifications_example() {
    let policy = policy(json!({
        "id": "2c91808e7d976f3b017d9f5ceae440c8",
        "description": "Information about the Password Policy",
        "name": "PasswordPolicy Example",
        "dateCreated": 1639056206564_i64,
        "lastUpdated": null,
        "firstExpirationReminder": 45,
        "accountIdMinWordLength": 4,
        "accountNameMinWordLength": 6,
        "minAlpha": 5,
        "minCharacterTypes": 5,
        "maxLength": 25,
        "minLength": 8,
        "maxRepeatedChars": 3,
        "minLower": 8,
        "minNumeric": 8,
        "minSpecial": 8,
        "minUpper": 8,
        "passwordExpiration": 8,
        "defaultPolicy": true,
        "enablePasswdExpiration": true,
        "requireStrongAuthn": true,
        "requireStrongAuthOffNetwork": true,
        "requireStrongAuthUntrustedGeographies": true,
        "useAccountAttributes": false,
        "useDictionary": false,
        "useIdentityAttributes": false,
        "validateAgainstAccountId": false,
        "validateAgainstAccountName": true,
        "created": null,
        "modified": "2024-01-01T00:00:00Z",
        "sourceIds": ["2c91808382ffee0b01830de154f14034"]
    }));
    assert_eq!(
        texts(&policy),
        [
            "minLength is 8",
            "maxLength is 25",
            "minAlpha is 5",
            "minNumeric is 8",
            "minUpper is 8",
            "minLower is 8",
            "minSpecial is 8",
            "minCharacterTypes is 5",
            "maxRepeatedChars is 3",
            "validateAgainstAccountName is true",
            "accountNameMinWordLength is 6",
        ]
    );
}

#[test]
fn every_field_has_its_effect() {
    let context = Context::new()
        .with_account_id("jsmith")
        .with_account_name("John Smith")
        .with_account_attribute("mail", "js@acme")
        .with_identity_attribute("city", "Austin")
        .with_dictionary(pwseal::policy::Dictionary::parse("qwerty").unwrap());
    let cases = [
        (json!({"minLength": 8}), "passwor", "password"),
        (json!({"maxLength": 8}), "password1", "password"),
        (json!({"minAlpha": 2}), "p12", "pw1"),
        (json!({"minNumeric": 2}), "pw1", "p12"),
        (json!({"minUpper": 2}), "Pw", "PwW"),
        (json!({"minLower": 2}), "PWw", "Pww"),
        (json!({"minSpecial": 2}), "p@s", "p@$"),
        (
            json!({"minUpper": 1, "minNumeric": 1, "minCharacterTypes": 1}),
            "pw",
            "Pw1",
        ),
        (json!({"maxRepeatedChars": 2}), "sss", "ss"),
        (
            json!({"validateAgainstAccountId": true}),
            "1jsmith",
            "london1",
        ),
        (json!({"validateAgainstAccountName": true}), "1john", "jo"),
        (
            json!({"validateAgainstAccountName": true, "accountNameMinWordLength": 5}),
            "smith1",
            "john",
        ),
        (
            json!({"validateAgainstAccountId": true, "accountIdMinWordLength": 6}),
            "1jsmith",
            "john",
        ),
        (json!({"useDictionary": true}), "qwerty1", "qwert"),
        (json!({"useAccountAttributes": true}), "acme", "austin"),
        (json!({"useIdentityAttributes": true}), "austin", "acme"),
    ];
    for (json, invalid, valid) in cases {
        let policy = policy(json.clone());
        let check = |password| policy.check(&Password::new(password).unwrap(), &context);
        assert!(check(invalid).has_violation(), "{json} {invalid}");
        assert!(check(valid).all_passed(), "{json} {valid}");
    }
}

#[test]
fn sentinels_and_null_are_no_rules() {
    for none in [
        json!({
            "minLength": 0, "maxLength": 0, "minAlpha": 0, "minCharacterTypes": -1,
            "maxRepeatedChars": -1, "accountIdMinWordLength": -1, "accountNameMinWordLength": -1,
            "useDictionary": false, "dateCreated": "2024-01-01", "lastUpdated": 0
        }),
        json!({"minLength": 0, "useDictionary": null, "validateAgainstAccountId": null}),
        // A word length without its switch is not in force.
        json!({"accountIdMinWordLength": 4, "validateAgainstAccountId": false}),
        // Nor is an unknown field that asks for nothing.
        json!({
            "minLength": 0, "maxVowels": 0, "maxDigits": -1, "noNames": false, "minDigits": null,
            "note": "", "additionalProperties": {}, "colors": []
        }),
    ] {
        assert_eq!(texts(&policy(none.clone())), [""; 0], "{none}");
    }
}

/// The names as pydantic and PowerShell change them.
#[test]
fn names_in_other_cases_are_read() {
    for same in [
        json!({"min_length": 8, "validate_against_account_id": true, "date_created": "2024-01-01"}),
        json!({"MinLength": 8, "ValidateAgainstAccountId": true, "SourceIds": []}),
    ] {
        assert_eq!(
            texts(&policy(same)),
            ["minLength is 8", "validateAgainstAccountId is true"]
        );
    }
}

/// A rule that came later than this crate is not passed over.
#[test]
fn an_unknown_number_or_switch_is_a_rule_that_is_not_checked() {
    let policy = policy(json!({"minLength": 8, "maxVowels": 2, "forbidNames": true, "off": false}));
    assert_eq!(
        texts(&policy),
        ["minLength is 8", "forbidNames is true", "maxVowels is 2"]
    );
    let report = policy.check(&Password::new("password").unwrap(), &Context::new());
    assert!(!report.all_passed() && !report.has_violation());
}

/// Nor is one in another form. What is in it is not repeated: it may be no rule at all.
#[test]
fn an_unknown_field_with_anything_is_a_rule_that_is_not_checked() {
    for (field, text) in [
        (json!({"minDigits": "2"}), "minDigits is a string"),
        (json!({"minDigits": 2.5}), "minDigits is a fraction"),
        (
            json!({"minDigits": u64::MAX}),
            "minDigits is a large number",
        ),
        (json!({"minDigits": [2]}), "minDigits is a list"),
        (json!({"digits": {"min": 2}}), "digits is an object"),
    ] {
        let mut json = field;
        json["minLength"] = json!(8);
        let policy = policy(json);
        assert_eq!(texts(&policy), ["minLength is 8", text]);
        let report = policy.check(&Password::new("password").unwrap(), &Context::new());
        assert!(!report.all_passed() && !report.has_violation(), "{text}");
    }
}

#[test]
fn what_is_no_policy_is_refused_with_a_hint() {
    let cases = [
        (
            json!({}),
            "no field says how a password must be, as minLength does",
        ),
        (
            json!({"id": "x", "name": "y", "sourceIds": []}),
            "no field says how a password must be, as minLength does",
        ),
        // As pydantic's model_dump() gives a model of which nothing was set.
        (
            json!({"minLength": null, "useDictionary": null, "validateAgainstAccountId": null}),
            "every field that says how a password must be is null: an object without values is no \
             policy",
        ),
        (
            json!({"id": "x", "min_length": null, "minDigits": 2}),
            "every field that says how a password must be is null: an object without values is no \
             policy",
        ),
        (json!({"minLength": ""}), "minLength must be a whole number"),
        (
            json!({"error": "x"}),
            "no field says how a password must be, as minLength does: there is error",
        ),
        (
            json!({"passwordMinLength": 12}),
            "no field says how a password must be, as minLength does: there is passwordMinLength, \
             and perhaps minLength is meant",
        ),
        (
            json!({"minLenght": 12}),
            "there is no field minLenght: perhaps minLength is meant",
        ),
        (
            json!({"minLength": 8, "max_lenght": 12}),
            "there is no field max_lenght: perhaps maxLength is meant",
        ),
        (
            json!({"minLength": 8, "min_length": 9}),
            "minLength is there twice",
        ),
        (
            json!({"minLength": "8"}),
            "minLength must be a whole number",
        ),
        (
            json!({"minLength": 8.5}),
            "minLength must be a whole number",
        ),
        (
            json!({"minLength": true}),
            "minLength must be a whole number",
        ),
        (
            json!({"minLength": [8]}),
            "minLength must be a whole number",
        ),
        (
            json!({"minLength": 18_446_744_073_709_551_615_u64}),
            "minLength must be a whole number",
        ),
        (
            json!({"useDictionary": 1}),
            "useDictionary must be true or false",
        ),
        (
            json!({"use\u{1b}Dictionary": 1}),
            "there is no field use\\u{1b}Dictionary: perhaps useDictionary is meant",
        ),
    ];
    for (json, problem) in cases {
        let error = serde_json::from_value::<PasswordPolicyV3Dto>(json.clone()).unwrap_err();
        assert_eq!(error.to_string(), problem, "{json}");
    }
    for json in ["[]", "[8]", "8", "null", "\"text\"", ""] {
        assert!(
            serde_json::from_str::<PasswordPolicyV3Dto>(json).is_err(),
            "{json}"
        );
    }
}

#[test]
fn other_negative_numbers_are_not_checked() {
    let policy = policy(json!({"minLength": -7}));
    let report = policy.check(&Password::new("password").unwrap(), &Context::new());
    let outcomes: Vec<Outcome> = report.findings().map(|finding| finding.outcome()).collect();
    assert_eq!(outcomes, [Outcome::NotChecked(Reason::UnreadableValue)]);
}

#[test]
fn a_report_as_json() {
    let policy = Policy::from_strings([
        "passwordMinLength is 12",
        "passwordMinAlpha is 1",
        "passwordHistory is 5",
        "checkPasswordsAgainstIdentityAttributes is true",
    ]);
    let context = Context::new().with_identity_attribute("city", "Austin");
    let report = policy.check(&Password::new("austin:1").unwrap(), &context);
    assert_eq!(
        serde_json::to_value(&report).unwrap(),
        json!({
            "hasViolation": true,
            "allPassed": false,
            "findings": [
                {
                    "rule": "passwordMinLength is 12", "outcome": "violated", "reason": null,
                    "found": 8, "wanted": 12, "attributes": [],
                    "message": "has 8 characters, but at least 12 are wanted"
                },
                {
                    "rule": "passwordMinAlpha is 1", "outcome": "passed", "reason": null,
                    "found": 6, "wanted": 1, "attributes": [],
                    "message": "has 6 letters, and at least 1 is wanted"
                },
                {
                    "rule": "passwordHistory is 5", "outcome": "notChecked", "reason": "oldPasswords",
                    "found": null, "wanted": 5, "attributes": [],
                    "message": "not checked: only the server knows the earlier passwords"
                },
                {
                    "rule": "checkPasswordsAgainstIdentityAttributes is true",
                    "outcome": "violated", "reason": null, "found": null, "wanted": null,
                    "attributes": ["city"],
                    "message": "has a word of the identity's attributes: city"
                }
            ],
            "warnings": [{
                "kind": "colon",
                "message": "the password has a colon, which the platform is documented not to take"
            }]
        })
    );
}
