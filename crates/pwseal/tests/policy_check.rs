//! Policies and reports, against what the documentation says.
#![allow(clippy::unwrap_used, reason = "that is how a test fails")]

use pwseal::policy::{Context, Outcome, Policy, Reason, Report};
use pwseal::{Password, PasswordWarning};

fn check(strings: &[&str], password: &str) -> Report {
    check_in(strings, password, &Context::new())
}

fn check_in(strings: &[&str], password: &str, context: &Context) -> Report {
    let password = match password {
        "" => Password::empty(),
        text => Password::new(text).unwrap(),
    };
    Policy::from_strings(strings).check(&password, context)
}

fn outcomes(report: &Report) -> Vec<Outcome> {
    report.findings().map(|finding| finding.outcome()).collect()
}

fn sentences(report: &Report) -> Vec<String> {
    report
        .findings()
        .map(|finding| finding.to_string())
        .collect()
}

/// The example of the API's specification.
#[test]
fn published_strings() {
    let published = [
        "passwordRepeatedChar is 3",
        "passwordMinAlpha is 1",
        "passwordMinLength is 5",
        "passwordMinNumeric is 1",
    ];
    assert!(check(&published, "abc12").all_passed());
    let report = check(&published, "1111");
    assert_eq!(
        sentences(&report),
        [
            "its longest run of one character is 4, but at most 3 are allowed",
            "has 0 letters, but at least 1 is wanted",
            "has 4 characters, but at least 5 are wanted",
            "has 4 digits, and at least 1 is wanted",
        ]
    );
    let findings: Vec<_> = report
        .findings()
        .map(|finding| {
            (
                finding.rule().text(),
                finding.found(),
                finding.rule().wanted(),
            )
        })
        .collect();
    assert_eq!(
        findings,
        [
            ("passwordRepeatedChar is 3", Some(4), Some(3)),
            ("passwordMinAlpha is 1", Some(0), Some(1)),
            ("passwordMinLength is 5", Some(4), Some(5)),
            ("passwordMinNumeric is 1", Some(4), Some(1)),
        ]
    );
}

#[test]
fn sentences_name_what_is_counted_and_compared() {
    let counted = [
        ("passwordMaxLength is 0", "asks for nothing"),
        (
            "passwordMaxLength is 1",
            "has 3 characters, but at most 1 is allowed",
        ),
        (
            "passwordMinAlpha is 2",
            "has 2 letters, and at least 2 are wanted",
        ),
        (
            "passwordMinUpper is 1",
            "has 1 uppercase letter, and at least 1 is wanted",
        ),
        (
            "passwordMinLower is 2",
            "has 1 lowercase letter, but at least 2 are wanted",
        ),
        (
            "passwordMinNumeric is 1",
            "has 1 digit, and at least 1 is wanted",
        ),
        (
            "passwordMinSpecial is 1",
            "has 0 special characters, but at least 1 is wanted",
        ),
    ];
    for (rule, sentence) in counted {
        assert_eq!(sentences(&check(&[rule], "aB1")), [sentence], "{rule}");
    }

    let dictionary = pwseal::policy::Dictionary::parse("word").unwrap();
    let context = Context::new()
        .with_account_id("word")
        .with_account_name("word")
        .with_account_attribute("a", "word")
        .with_identity_attribute("i", "word")
        .with_dictionary(dictionary);
    let compared = [
        ("checkPasswordAgainstAccountID", "the account ID", ""),
        ("checkPasswordAgainstDisplayName", "the account name", ""),
        ("checkPasswordsAgainstDictionary", "the dictionary", ""),
        (
            "checkPasswordsAgainstAccountAttributes",
            "the account's attributes",
            ": a",
        ),
        (
            "checkPasswordsAgainstIdentityAttributes",
            "the identity's attributes",
            ": i",
        ),
    ];
    for (switch, what, which) in compared {
        let sentence = |value: &str, password: &str, context: &Context| {
            sentences(&check_in(
                &[&format!("{switch} is {value}")],
                password,
                context,
            ))
            .concat()
        };
        assert_eq!(
            sentence("true", "xyz", &context),
            format!("has no word of {what}")
        );
        assert_eq!(
            sentence("true", "aword", &context),
            format!("has a word of {what}{which}")
        );
        assert_eq!(sentence("false", "aword", &context), "asks for nothing");
        assert_eq!(
            sentence("true", "xyz", &Context::new()),
            format!("not checked: it needs {what}")
        );
    }
}

#[test]
fn case_and_spacing_are_free() {
    for text in [
        "passwordMinLength is 5",
        "PASSWORDMINLENGTH IS 5",
        "  passwordminlength\tis\u{a0}5\r\n",
        "passwordMinLength  is  +05",
        "passwordMinLengthis5",
        "passwordMinLength\nis5",
    ] {
        assert!(check(&[text], "12345").all_passed(), "{text:?}");
        assert!(check(&[text], "1234").has_violation(), "{text:?}");
        assert_eq!(Policy::from_strings([text]).rules()[0].text(), text);
    }
}

#[test]
fn switches() {
    let context = Context::new().with_account_id("jsmith");
    for on in ["true", "TRUE", "yes", "Yes", "1"] {
        let rule = format!("checkPasswordAgainstAccountID is {on}");
        assert!(
            check_in(&[&rule], "xJSmithx", &context).has_violation(),
            "{on}"
        );
    }
    for off in ["false", "False", "no", "NO", "0"] {
        let rule = format!("checkPasswordAgainstAccountID is {off}");
        assert!(
            check_in(&[&rule], "xJSmithx", &context).all_passed(),
            "{off}"
        );
    }
    for unclear in ["", "on", "2", "-1", "truefalse", "enabled"] {
        let rule = format!("checkPasswordAgainstAccountID is {unclear}");
        let report = check_in(&[&rule], "xJSmithx", &context);
        assert_eq!(
            outcomes(&report),
            [Outcome::NotChecked(Reason::UnreadableValue)],
            "{unclear}"
        );
    }
}

#[test]
fn zero_and_minus_one_ask_for_nothing() {
    for name in [
        "passwordMinLength",
        "passwordMaxLength",
        "passwordMinAlpha",
        "passwordMinNumeric",
        "passwordMinUpper",
        "passwordMinLower",
        "passwordMinSpecial",
        "passwordMinCharType",
        "passwordRepeatedChar",
        "passwordHistory",
        "minHistoryUniqueChars",
        "minAccountIDUniqueChars",
        "minDisplayNameUniqueChars",
    ] {
        for value in ["0", "-1"] {
            let rule = format!("{name} is {value}");
            let report = check(&[&rule], "\u{e9}");
            assert_eq!(sentences(&report), ["asks for nothing"], "{rule}");
            assert!(report.all_passed(), "{rule}");
        }
    }
}

#[test]
fn what_cannot_be_checked_does_not_pass() {
    let cases = [
        ("", Reason::NotUnderstood),
        ("is", Reason::NotUnderstood),
        ("passwordMinLength", Reason::NotUnderstood),
        ("passwordMinLength 5", Reason::NotUnderstood),
        ("passwordMinLength = 5", Reason::NotUnderstood),
        ("passwordMinVowels is 2", Reason::NotUnderstood),
        ("passwordMinLength is", Reason::UnreadableValue),
        ("passwordMinLength is five", Reason::UnreadableValue),
        ("passwordMinLength is 5.0", Reason::UnreadableValue),
        ("passwordMinLength is 5 or 6", Reason::UnreadableValue),
        ("passwordMinLength is -2", Reason::UnreadableValue),
        ("passwordMinLength is \u{665}", Reason::UnreadableValue),
        (
            "passwordMinLength is 9223372036854775808",
            Reason::UnreadableValue,
        ),
        ("passwordMinCharType is some", Reason::UnreadableValue),
        ("passwordHistory is 10", Reason::OldPasswords),
        ("minHistoryUniqueChars is 3", Reason::OldPasswords),
        ("checkCaseSensitive is true", Reason::OldPasswords),
        ("checkPasswordTriviality is true", Reason::OldPasswords),
        ("checkPasswordAgainstAccountID is true", Reason::NotGiven),
        ("checkPasswordAgainstDisplayName is true", Reason::NotGiven),
        ("checkPasswordsAgainstDictionary is true", Reason::NotGiven),
        (
            "checkPasswordsAgainstAccountAttributes is true",
            Reason::NotGiven,
        ),
        (
            "checkPasswordsAgainstIdentityAttributes is true",
            Reason::NotGiven,
        ),
        ("minAccountIDUniqueChars is 4", Reason::WordLengthAlone),
        ("minDisplayNameUniqueChars is 4", Reason::WordLengthAlone),
    ];
    for (rule, reason) in cases {
        let report = check(&[rule], "password");
        assert_eq!(outcomes(&report), [Outcome::NotChecked(reason)], "{rule}");
        assert!(!report.has_violation(), "{rule}");
        assert!(!report.all_passed(), "{rule}");
        assert!(sentences(&report)[0].starts_with("not checked: "), "{rule}");
    }
    // The greatest number there is, is one.
    assert!(check(&["passwordMinLength is 9223372036854775807"], "password").has_violation());
}

#[test]
fn the_empty_password_has_no_characters() {
    assert!(check(&["passwordMinLength is 1"], "").has_violation());
}

#[test]
fn specials_are_the_documented_ones() {
    let specials = "~!@#$%^*()/_+-`={}\\|][;?,.&><'\" ";
    assert_eq!(specials.len(), 32);
    let all = ["passwordMinSpecial is 32"];
    let report = check(&all, specials);
    assert!(report.all_passed());
    assert_eq!(
        report.warnings(),
        PasswordWarning::TrailingWhiteSpace.into()
    );
    // Without any one of them there are 31.
    for special in specials.chars() {
        assert!(check(&all, &specials.replace(special, "a")).has_violation());
    }
}

#[test]
fn unsupported_characters_are_a_warning() {
    for (password, warnings) in [
        ("pass:word", &[PasswordWarning::Colon][..]),
        (
            "p\u{e4}ss\u{f6}:",
            &[PasswordWarning::Colon, PasswordWarning::NonAscii],
        ),
    ] {
        let report = check(&["passwordMinLength is 1"], password);
        assert!(report.all_passed());
        assert!(report.warnings().iter().eq(warnings.iter().copied()));
    }
    let meant = Password::new("password\u{1}").unwrap().with_raw(true);
    let report = Policy::from_strings(["passwordMinLength is 9"]).check(&meant, &Context::new());
    assert!(report.all_passed());
    assert_eq!(report.warnings(), PasswordWarning::ControlCharacter.into());
    assert!(check(&[], "Pass word_1").warnings().is_empty());
}

/// Whether the platform counts them at all is not known: only what holds either way is said.
#[test]
fn unsupported_characters_in_a_minimum_leave_it_open() {
    let open = [Outcome::NotChecked(Reason::DoubtfulCharacters)];
    for rule in ["Alpha", "Upper", "Lower", "Numeric", "Special"] {
        let minimum = |number| format!("passwordMin{rule} is {number}");
        assert_eq!(outcomes(&check(&[&minimum(1)], "\u{c9}")), open, "{rule}");
        assert_eq!(
            outcomes(&check(&[&minimum(2)], "\u{c9}")),
            [Outcome::Violated],
            "{rule}"
        );
        assert_eq!(
            outcomes(&check(&[&minimum(1)], "Aa1!\u{c9}")),
            [Outcome::Passed],
            "{rule}"
        );
    }
    assert_eq!(
        outcomes(&check(&["passwordMinSpecial is 1"], "pass:word")),
        open
    );
    assert_eq!(
        outcomes(&check(&["passwordMinAlpha is 1"], "12:34")),
        [Outcome::Violated]
    );
    let types = [
        "passwordMinUpper is 1",
        "passwordMinNumeric is 1",
        "passwordMinCharType is 2",
    ];
    let undecided = Outcome::NotChecked(Reason::DoubtfulCharacters);
    assert_eq!(
        outcomes(&check(&types, "\u{c9}1")),
        [undecided, Outcome::Passed, undecided]
    );
    assert_eq!(
        outcomes(&check(&types, "\u{c9}A")),
        [Outcome::Passed, undecided, undecided]
    );
}

/// What is judged is what is checked: a byte order mark in front is no character of the password, unless it is meant.
#[test]
fn a_byte_order_mark_does_not_count() {
    let policy = Policy::from_strings(["passwordMinLength is 8"]);
    let password = Password::new("\u{feff}1234567").unwrap();
    assert!(policy.check(&password, &Context::new()).has_violation());
    let meant = password.with_raw(true);
    assert!(policy.check(&meant, &Context::new()).all_passed());
}

/// What `judge` refuses is no password: a line break is not its eighth character, and neither are the
/// zero bytes of UTF-16.
#[test]
fn of_what_is_refused_no_rule_is_checked() {
    let policy = Policy::from_strings([
        "passwordMinLength is 8",
        "passwordMaxLength is 2",
        "passwordMinUpper is 0",
        "passwordMinVowels is 2",
    ]);
    let refused = [
        "abcdefg\n",
        "abcdefg\r",
        "abcdefg\u{2028}",
        "a\0b\0c\0d\0",
        "\0\0\0a\0\0\0b",
        "\tabcdefg",
        "abcdefg\u{7f}",
        "abcd\u{feff}efg",
        "abcdefg\u{fffe}",
        "\u{feff}abcdefg\n",
    ];
    for password in refused {
        let password = Password::new(password).unwrap();
        assert!(password.judge().is_err(), "{password:?}");
        let report = policy.check(&password, &Context::new());
        let not_text = Outcome::NotChecked(Reason::NotText);
        assert_eq!(
            outcomes(&report),
            [not_text, not_text, Outcome::Passed, not_text]
        );
        assert!(!report.all_passed() && !report.has_violation() && !report.is_ambiguous());
        let meant = password.with_raw(true);
        let report = policy.check(&meant, &Context::new());
        assert!(
            outcomes(&report)[..2]
                .iter()
                .all(|outcome| !matches!(outcome, Outcome::NotChecked(_)))
        );
    }
    assert_eq!(
        sentences(&check(&["passwordMinLength is 8"], "abcdefg\n")),
        [
            "not checked: no body is made of the password: it has a line break or something else \
             that nobody types"
        ]
    );
    // A policy that is not known stays that.
    let report = Policy::unknown().check(&Password::new("a\n").unwrap(), &Context::new());
    assert_eq!(outcomes(&report), [Outcome::NotChecked(Reason::NoPolicies)]);
}

#[test]
fn no_utf8_is_said_and_nothing_passes() {
    let policy = Policy::from_strings(["passwordMinLength is 1", "passwordMaxLength is 0"]);
    let report = policy.check(&Password::new(b"\xffabc").unwrap(), &Context::new());
    assert_eq!(
        outcomes(&report),
        [Outcome::NotChecked(Reason::NotUtf8), Outcome::Passed]
    );
    assert_eq!(report.warnings(), PasswordWarning::NotUtf8.into());
    assert!(!report.has_violation() && !report.all_passed());
}

#[test]
fn character_types() {
    use Outcome::{NotChecked, Passed, Violated};
    let two_of_three = [
        "passwordMinUpper is 2",
        "passwordMinNumeric is 2",
        "passwordMinSpecial is 2",
        "passwordMinCharType is 2",
    ];
    // Two of three are met: whether the third need not be is read in two ways.
    let report = check(&two_of_three, "ABcd12");
    let unmet = NotChecked(Reason::UnmetMinimum);
    assert_eq!(outcomes(&report), [Passed, Passed, unmet, Passed]);
    assert_eq!(
        sentences(&report)[2..],
        [
            "not checked: there are too few, and enough of other character types: by one reading of \
             the documentation the others make up for it, by another each minimum must be met for \
             itself",
            "meets 2 of the minimums of character types, and at least 2 are wanted",
        ]
    );
    // One is met. Lowercase letters have no minimum and do not count.
    assert_eq!(
        outcomes(&check(&two_of_three, "ABcd1!")),
        [Passed, Violated, Violated, Violated]
    );
    // Without the number, all must be met.
    assert_eq!(
        outcomes(&check(&two_of_three[..3], "ABcd12")),
        [Passed, Passed, Violated]
    );
    // Letters are no type.
    let letters = [
        "passwordMinAlpha is 3",
        "passwordMinNumeric is 1",
        "passwordMinCharType is 1",
    ];
    assert_eq!(outcomes(&check(&letters, "12")), [Violated, Passed, Passed]);

    // More types than minimums: what cannot hold in any reading is violated.
    let open = NotChecked(Reason::CharacterTypes);
    let alone = ["passwordMinCharType is 3"];
    assert_eq!(outcomes(&check(&alone, "password1")), [Violated]);
    assert_eq!(outcomes(&check(&alone, "Password1")), [open]);
    let one_minimum = ["passwordMinUpper is 2", "passwordMinCharType is 3"];
    assert_eq!(
        outcomes(&check(&one_minimum, "Password1")),
        [Violated, Violated]
    );
    assert_eq!(outcomes(&check(&one_minimum, "PAssword1")), [Passed, open]);
    // A type without a minimum may count, and then make up for a minimum that is not met.
    let two_minimums = [
        "passwordMinUpper is 1",
        "passwordMinNumeric is 1",
        "passwordMinCharType is 3",
    ];
    let report = check(&two_minimums, "Aa!");
    assert_eq!(outcomes(&report), [Passed, open, open]);
    // Another password meets the minimum.
    assert!(report.is_ambiguous());
    let report = check(&two_minimums, "Aa1");
    assert_eq!(outcomes(&report), [Passed, Passed, open]);
    assert!(!report.is_ambiguous());
    assert_eq!(
        outcomes(&check(&two_minimums, "abc!123")),
        [open, Passed, open]
    );
    assert_eq!(
        outcomes(&check(&two_minimums, "abc123")),
        [Violated, Passed, Violated]
    );
    // Neither is met, and the two others are too few.
    assert_eq!(
        outcomes(&check(&two_minimums, "abc!")),
        [Violated, Violated, Violated]
    );
    let five = ["passwordMinUpper is 1", "passwordMinCharType is 5"];
    assert_eq!(outcomes(&check(&five, "Aa1!")), [Passed, Violated]);
    // What cannot be read may forgive an unmet minimum.
    let unreadable = ["passwordMinUpper is 1", "passwordMinCharType is few"];
    assert_eq!(
        outcomes(&check(&unreadable, "a")),
        [NotChecked(Reason::UnreadableValue); 2]
    );
    let unreadable_minimum = [
        "passwordMinUpper is x",
        "passwordMinNumeric is 1",
        "passwordMinCharType is 2",
    ];
    assert_eq!(
        outcomes(&check(&unreadable_minimum, "A1")),
        [
            NotChecked(Reason::UnreadableValue),
            Passed,
            NotChecked(Reason::UnreadableValue)
        ]
    );
}

#[test]
fn runs_are_of_equal_characters() {
    let rule = ["passwordRepeatedChar is 1"];
    assert!(check(&rule, "aAaA").all_passed());
    assert!(check(&rule, "abab").all_passed());
    assert!(check(&rule, "abba").has_violation());
    // U+1F600 twice: no two equal UTF-16 units in a row, but two equal characters.
    assert!(check(&rule, "\u{1f600}\u{1f600}").has_violation());
}

#[test]
fn words_of_the_account() {
    let dn = "CN=Abby Smith,OU=Austin,OU=Demo,DC=acme,DC=com";
    let context = Context::new()
        .with_account_id(dn)
        .with_account_name("Abby.O'Neil");
    let id = ["checkPasswordAgainstAccountID is true"];
    for password in ["xABBYx", "smith1", "12com34", "AuStIn"] {
        assert!(
            check_in(&id, password, &context).has_violation(),
            "{password}"
        );
    }
    for password in ["ab", "c=o=", "neil", "Ab by"] {
        assert!(check_in(&id, password, &context).all_passed(), "{password}");
    }
    for (password, reason) in [
        ("abb", Reason::PartsOfWords),
        ("y sm", Reason::PartsOfWords),
        ("cn=ou=", Reason::ShortWords),
    ] {
        assert_eq!(
            outcomes(&check_in(&id, password, &context)),
            [Outcome::NotChecked(reason)],
            "{password}"
        );
    }
    let long = [id[0], "minAccountIDUniqueChars is 5"];
    assert_eq!(
        outcomes(&check_in(&long, "xABBYx", &context)),
        [Outcome::Passed; 2]
    );
    assert_eq!(
        outcomes(&check_in(&long, "bbysmi", &context)),
        [Outcome::NotChecked(Reason::PartsOfWords); 2]
    );
    assert_eq!(
        outcomes(&check_in(&long, "smith1", &context)),
        [Outcome::Violated; 2]
    );
    let short = [id[0], "minAccountIDUniqueChars is 2"];
    assert!(check_in(&short, "xCNx", &context).has_violation());
    let both = [long[0], long[1], "minAccountIDUniqueChars is 4"];
    assert!(check_in(&both, "xABBYx", &context).has_violation());
    let off = [
        "checkPasswordAgainstAccountID is no",
        "minAccountIDUniqueChars is 2",
    ];
    assert!(check_in(&off, "smith", &context).all_passed());

    let name = ["checkPasswordAgainstDisplayName is true"];
    for password in ["abby99", "xONEILx", "x.neil"] {
        assert!(
            check_in(&name, password, &context).has_violation(),
            "{password}"
        );
    }
    let two = context.with_account_name("Abigail");
    assert!(check_in(&name, "abigail1", &two).has_violation());

    // No words are none to compare with, whatever the length.
    let length = [name[0], "minDisplayNameUniqueChars is 3"];
    let nothing = Context::new().with_account_name(" ");
    assert_eq!(
        outcomes(&check_in(&length, "xyz", &nothing)),
        [Outcome::NotChecked(Reason::NotGiven); 2]
    );
}

#[test]
fn attributes_are_named_and_not_shown() {
    let context = Context::new()
        .with_identity_attribute("lastname", "M\u{dc}ller")
        .with_identity_attribute("country", "US")
        .with_identity_attribute("phone", "+1 (555) 01-23")
        .with_account_attribute("uid", "other");
    let rule = ["checkPasswordsAgainstIdentityAttributes is 1"];
    let report = check_in(&rule, "x15550123m\u{fc}ller", &context);
    let finding = report.findings().next().unwrap();
    assert_eq!(finding.attributes(), ["lastname", "phone"]);
    assert_eq!(
        finding.to_string(),
        "has a word of the identity's attributes: lastname, phone"
    );
    assert!(check_in(&rule, "xother", &context).all_passed());
    let report = check_in(&rule, "xus", &context);
    assert_eq!(outcomes(&report), [Outcome::NotChecked(Reason::ShortWords)]);
    assert!(sentences(&report)[0].ends_with("by another words of any length count: country"));

    // No part of this number is long enough to be compared; all of it together is.
    let number = Context::new().with_identity_attribute("id", "55-50-12");
    assert!(check_in(&rule, "x555012x", &number).has_violation());
    assert!(check_in(&rule, "x5x5 0 1 2x", &number).all_passed());
}

#[test]
fn a_rule_shows_its_text_without_control_characters() {
    let policy = Policy::from_strings(["passwordMinLength is 8", "no\u{1b}[2J such rule"]);
    let shown: Vec<_> = policy.rules().iter().map(ToString::to_string).collect();
    assert_eq!(shown, ["passwordMinLength is 8", "no\\u{1b}[2J such rule"]);
}

#[test]
fn a_context_shows_what_it_has_and_no_value() {
    let context = Context::new()
        .with_account_id("zqx77")
        .with_account_name("qqjvk")
        .with_account_attribute("uid", "qqzzv")
        .with_identity_attribute("lastname", "wpfgh");
    assert_eq!(
        format!("{context:?}"),
        "Context { account_id: true, account_names: 1, account_attributes: [uid], \
         identity_attributes: [lastname], dictionary: None }"
    );
}

/// Every text a report can give, for a password of which no three characters are in any of them.
#[test]
fn a_report_never_shows_the_password() {
    let rules = [
        "passwordMinLength is 90",
        "passwordMaxLength is 2",
        "passwordMinAlpha is 90",
        "passwordMinUpper is 90",
        "passwordRepeatedChar is 1",
        "checkPasswordAgainstAccountID is true",
        "checkPasswordAgainstDisplayName is true",
        "checkPasswordsAgainstIdentityAttributes is true",
        "checkPasswordsAgainstDictionary is true",
        "passwordHistory is 3",
    ];
    let password = "Zqx77#QQjvk:\u{df}wpf";
    let context = Context::new()
        .with_account_id("zqx77")
        .with_account_name("qqjvk")
        .with_identity_attribute("name", "wpf")
        .with_dictionary(pwseal::policy::Dictionary::parse("zqx77\nwpf\n").unwrap());
    let report = check_in(&rules, password, &context);
    assert_eq!(
        outcomes(&report),
        [
            [Outcome::Violated; 9].as_slice(),
            &[Outcome::NotChecked(Reason::OldPasswords)]
        ]
        .concat()
    );
    let mut shown = format!("{report:?} {context:?}");
    for finding in report.findings() {
        shown += &format!("{finding:?} {finding}");
    }
    for warning in report.warnings().iter() {
        shown += &format!("{warning:?} {warning}");
    }
    #[cfg(feature = "serde")]
    {
        shown += &serde_json::to_string(&report).unwrap();
    }
    let shown = shown.to_lowercase();
    let characters: Vec<char> = password.to_lowercase().chars().collect();
    for part in characters.windows(3) {
        let part: String = part.iter().collect();
        assert!(!shown.contains(&part), "{part} in {shown}");
    }
}

#[test]
fn both_limits_of_repeated_characters_are_said() {
    let rule = ["passwordRepeatedChar is 2"];
    assert_eq!(
        ["cloudd", "clouddd", "cclooudd", "cclooud"]
            .map(|password| sentences(&check(&rule, password)).concat()),
        [
            "its longest run of one character is 2, and at most 2 are allowed",
            "its longest run of one character is 3, but at most 2 are allowed",
            "repeats 3 characters in all, but at most 2 are allowed",
            "not checked: as many characters are repeated in all as the rule says: by one reading \
             of the documentation so many may be, by another only fewer may be",
        ]
    );
}

/// An answer without policies is not one with an empty list.
#[test]
fn an_unknown_policy_passes_nothing() {
    let password = Password::new("password").unwrap();
    let unknown = Policy::unknown();
    let long = Policy::from_strings(["passwordMinLength is 12"]);
    for policy in [
        &unknown,
        &unknown.merge(&unknown),
        &unknown.merge(&Policy::from_strings([""; 0])),
    ] {
        let report = policy.check(&password, &Context::new());
        assert!(!report.has_violation() && !report.all_passed() && !report.is_ambiguous());
        assert_eq!(
            sentences(&report)[0],
            "not checked: the answer has no policies, so that it is not known what they ask"
        );
    }
    assert!(
        long.merge(&unknown)
            .check(&password, &Context::new())
            .has_violation()
    );
    // Policy strings cannot say it.
    assert_eq!(
        outcomes(&check(&["policies"], "password")),
        [Outcome::NotChecked(Reason::NotUnderstood)]
    );
}

/// What somebody typed: nothing is taken as a rule that is not one, and the error has the hint.
#[test]
fn rules_written_by_hand_are_understood_or_refused() {
    let problem = |text: &str| Policy::parse(["passwordMinLength is 8", text]).map(|_| ());
    for good in [
        "passwordMinLength is 12",
        " PASSWORDminlength IS 12\n",
        "passwordMaxLength is 0",
        "passwordRepeatedChar is -1",
        "checkPasswordAgainstAccountID is no",
        "minAccountIDUniqueChars is 3",
    ] {
        assert_eq!(problem(good), Ok(()), "{good}");
    }
    let meant = [
        ("passwordMinLenght is 12", "passwordMinLength"),
        ("passwordminlenght is 12", "passwordMinLength"),
        ("passwrdMinLength is 12", "passwordMinLength"),
        ("minLength is 12", "passwordMinLength"),
        ("minLenght is 12", "passwordMinLength"),
        ("maxRepeatedChars is 2", "passwordRepeatedChar"),
        (
            "checkPasswordAgainstDictionary is true",
            "checkPasswordsAgainstDictionary",
        ),
        ("passwordMinDigit=2", ""),
        ("hunter2", ""),
        ("is 12", ""),
        ("12", ""),
    ];
    for (text, name) in meant {
        let error = problem(text).unwrap_err().to_string();
        let expected = match name {
            "" => "policy string 2 starts with no name that is known: it must be like \
                   `passwordMinLength is 8`"
                .to_owned(),
            name => format!(
                "policy string 2 starts with no name that is known: perhaps {name} is meant"
            ),
        };
        assert_eq!(error, expected, "{text}");
    }
    let sentences = [
        ("", "is empty: it must be like `passwordMinLength is 8`"),
        (" \t", "is empty: it must be like `passwordMinLength is 8`"),
        (
            "passwordMinLength",
            "has no `is` after its name: it must be like `passwordMinLength is 3`",
        ),
        (
            "passwordMinLength=12",
            "has no `is` after its name: it must be like `passwordMinLength is 3`",
        ),
        (
            "passwordMinLength: 12",
            "has no `is` after its name: it must be like `passwordMinLength is 3`",
        ),
        (
            "passwordMinLength is twelve",
            "has no value that can be read: passwordMinLength takes a whole number, and 0 or -1 for none",
        ),
        (
            "passwordMinLength is -7",
            "has no value that can be read: passwordMinLength takes a whole number, and 0 or -1 for none",
        ),
        (
            "checkPasswordAgainstAccountID is on",
            "has no value that can be read: checkPasswordAgainstAccountID takes true or false",
        ),
    ];
    for (text, sentence) in sentences {
        assert_eq!(
            problem(text).unwrap_err().to_string(),
            format!("policy string 2 {sentence}"),
            "{text}"
        );
    }
}
