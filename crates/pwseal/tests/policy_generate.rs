//! Generated passwords: they satisfy the policy, and each is as likely as any other.
#![allow(clippy::unwrap_used, reason = "that is how a test fails")]

use std::collections::{HashMap, HashSet};

use proptest::prelude::*;
use pwseal::policy::{
    Context, GenerateOptions, LOOK_ALIKES, MAX_GENERATED, Outcome, Policy, Reason, Requirement,
};
use pwseal::rand_core::{SeedableRng, TryCryptoRng, TryRng};
use pwseal::{Error, Password};
use rand_chacha::ChaCha20Rng;

const UPPER: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const LOWER: &str = "abcdefghijklmnopqrstuvwxyz";
const DIGITS: &str = "0123456789";
const SPECIAL: &str = "~!@#$%^*()/_+-`={}\\|][;?,.&><'\"";

fn alphabet() -> Vec<u8> {
    [UPPER, LOWER, DIGITS, SPECIAL].concat().into_bytes()
}

fn rng() -> ChaCha20Rng {
    ChaCha20Rng::seed_from_u64(20)
}

fn violates(policy: &Policy, password: &[u8]) -> bool {
    let password = Password::new(password).unwrap();
    policy.check(&password, &Context::new()).has_violation()
}

/// Pearson's statistic against `expected`, in standard deviations from its mean. Cells that
/// are too rare for the approximation are taken together.
fn chi_square(cells: impl IntoIterator<Item = (u32, f64)>) -> f64 {
    let (mut statistic, mut degrees) = (0.0, -1.0);
    let mut add = |seen: f64, expected: f64| {
        statistic += (seen - expected).powi(2) / expected;
        degrees += 1.0;
    };
    let (mut rare_seen, mut rare_expected) = (0.0, 0.0);
    for (seen, expected) in cells {
        if expected < 5.0 {
            rare_seen += f64::from(seen);
            rare_expected += expected;
        } else {
            add(f64::from(seen), expected);
        }
    }
    if rare_expected > 1.0 {
        add(rare_seen, rare_expected);
    }
    assert!(degrees > 1.0, "too few cells");
    (statistic - degrees) / (2.0 * degrees).sqrt()
}

/// Every password of two characters that does not violate the policy comes as often.
#[test]
fn uniform_over_all_passwords_of_two_characters() {
    let policies: [(&[&str], usize); 7] = [
        (&[], 93 * 93),
        (&["passwordMinNumeric is 2"], 100),
        (
            &["passwordMinNumeric is 2", "passwordRepeatedChar is 1"],
            90,
        ),
        (&["passwordMinNumeric is 1", "passwordMinSpecial is 1"], 620),
        (
            &["passwordMinAlpha is 2", "passwordMinUpper is 1"],
            52 * 52 - 26 * 26,
        ),
        (
            &["passwordMinCharType is 2"],
            93 * 93 - 26 * 26 - 26 * 26 - 10 * 10 - 31 * 31,
        ),
        (&["passwordMinNumeric is 1"], 93 * 93 - 83 * 83),
    ];
    for (strings, count) in policies {
        let policy = Policy::from_strings(strings);
        let alphabet = alphabet();
        let pairs = alphabet
            .iter()
            .flat_map(|&a| alphabet.iter().map(move |&b| [a, b]));
        let mut seen: HashMap<Vec<u8>, u32> = pairs
            .filter(|pair| !violates(&policy, pair))
            .map(|pair| (pair.to_vec(), 0))
            .collect();
        assert_eq!(seen.len(), count, "{strings:?}");
        let mut rng = rng();
        let draws = 20 * count;
        for _ in 0..draws {
            let password = policy.generate(&mut rng, 2).unwrap();
            *seen.get_mut(password.expose()).expect("one of them") += 1;
        }
        let deviation = chi_square(seen.into_values().map(|seen| (seen, 20.0)));
        assert!(
            deviation.abs() < 4.0,
            "{strings:?}: {deviation} standard deviations"
        );
    }
}

/// All but these characters of the alphabet.
fn only(kept: &str) -> GenerateOptions {
    let left_out: String = alphabet()
        .into_iter()
        .map(char::from)
        .filter(|c| !kept.contains(*c))
        .collect();
    GenerateOptions::new().exclude(&left_out)
}

/// Every password of a few characters that is right comes as often, and no other.
#[test]
fn uniform_over_all_passwords_of_a_few_characters() {
    let policies: [(&str, &[&str], usize); 5] = [
        ("ab1", &[], 5),
        ("ab1", &["passwordRepeatedChar is 2"], 5),
        (
            "ab1!",
            &["passwordRepeatedChar is 3", "passwordMinNumeric is 2"],
            5,
        ),
        (
            "aB1!",
            &["passwordMinCharType is 3", "passwordRepeatedChar is 1"],
            4,
        ),
        (
            "abcA",
            &["passwordMinAlpha is 3", "passwordMinUpper is 2"],
            4,
        ),
    ];
    for (kept, strings, length) in policies {
        let policy = Policy::from_strings(strings);
        let mut seen: HashMap<Vec<u8>, u32> = HashMap::from([(Vec::new(), 0)]);
        for _ in 0..length {
            let longer = seen.keys().flat_map(|start| {
                kept.bytes()
                    .map(move |byte| ([start.as_slice(), &[byte]].concat(), 0))
            });
            seen = longer.collect();
        }
        seen.retain(|password, _| is_right(&policy, password));
        let mut rng = rng();
        for _ in 0..20 * seen.len() {
            let password = policy
                .generate(&mut rng, only(kept).length(length))
                .unwrap();
            *seen.get_mut(password.expose()).expect("one of them") += 1;
        }
        let deviation = chi_square(seen.into_values().map(|seen| (seen, 20.0)));
        assert!(
            deviation.abs() < 4.0,
            "{strings:?}: {deviation} standard deviations"
        );
    }
}

#[test]
fn what_is_left_out_does_not_occur() {
    let policy = Policy::from_strings(["passwordMinNumeric is 3", "passwordMinSpecial is 3"]);
    let options = GenerateOptions::new()
        .length(200)
        .exclude("a$ \u{e9}:")
        .exclude("b");
    let plain = policy.generate(&mut rng(), options).unwrap();
    let readable = policy
        .generate(&mut rng(), options.no_look_alikes())
        .unwrap();
    let characters = |password: &Password| -> HashSet<char> {
        password
            .expose()
            .iter()
            .map(|&byte| char::from(byte))
            .collect()
    };
    for left_out in ['a', 'b', '$', ' ', ':'] {
        assert!(!characters(&plain).contains(&left_out));
        assert!(!characters(&readable).contains(&left_out));
    }
    for look_alike in "0O1lI|".chars() {
        assert!(LOOK_ALIKES.contains(look_alike));
    }
    assert!(
        LOOK_ALIKES
            .chars()
            .all(|c| !characters(&readable).contains(&c))
    );
    assert!(LOOK_ALIKES.chars().any(|c| characters(&plain).contains(&c)));
}

#[test]
fn the_usual_length_is_what_the_policy_allows_next_to_it() {
    let length = |strings: &[&str]| {
        let password = Policy::from_strings(strings).generate(&mut rng(), GenerateOptions::new());
        password.map(|password| password.len())
    };
    assert_eq!(length(&[]), Ok(16));
    assert_eq!(length(&["passwordMaxLength is 8"]), Ok(8));
    assert_eq!(length(&["passwordMinLength is 20"]), Ok(20));
    assert_eq!(length(&["passwordMinNumeric is 20"]), Ok(20));
}

/// A rule that takes characters that are all left out: the error says so.
#[test]
fn conflicts_with_what_is_left_out() {
    let error = |strings: &[&str], options: GenerateOptions| {
        Policy::from_strings(strings)
            .generate(&mut rng(), options)
            .unwrap_err()
            .to_string()
    };
    let no_digits = GenerateOptions::new().exclude(DIGITS);
    assert_eq!(
        error(
            &["passwordMinLength is 3", "passwordMinNumeric is 1"],
            no_digits
        ),
        "no password without the characters that are left out can satisfy: passwordMinNumeric is 1"
    );
    assert_eq!(
        error(&["passwordMinAlpha is 1"], only("1!")),
        "no password without the characters that are left out can satisfy: passwordMinAlpha is 1"
    );
    assert_eq!(
        error(&["passwordMinCharType is 4"], no_digits),
        "no password without the characters that are left out can satisfy: passwordMinCharType is 4"
    );
    assert_eq!(
        error(&["passwordMinUpper is 1"], only("")),
        "no password without the characters that are left out can be made: no character is left"
    );
    // That there is none anyway is not for the characters.
    assert_eq!(
        error(
            &["passwordMinLength is 9", "passwordMaxLength is 8"],
            no_digits
        ),
        "no password can satisfy: passwordMinLength is 9; passwordMaxLength is 8"
    );
}

/// Numbers of sixteen bits as little-endian bytes: this one, and then always 2^15.
struct First(Option<u16>);

impl TryRng for First {
    type Error = core::convert::Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
        unreachable!("bytes are asked for")
    }

    fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
        unreachable!("bytes are asked for")
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Self::Error> {
        for pair in bytes.chunks_exact_mut(2) {
            pair.copy_from_slice(&self.0.take().unwrap_or(1 << 15).to_le_bytes());
        }
        Ok(())
    }
}

impl TryCryptoRng for First {}

/// Of all numbers as many lead to each character, and those that are left over are drawn again.
#[test]
fn no_character_is_favoured_by_one_number() {
    let policy = Policy::from_strings::<&str>([]);
    let mut seen = HashMap::new();
    for number in 0..=u16::MAX {
        let password = policy.generate(&mut First(Some(number)), 1).unwrap();
        *seen.entry(password.expose()[0]).or_insert(0) += 1;
    }
    let again = policy.generate(&mut First(None), 1).unwrap().expose()[0];
    let (share, left_over) = ((1 << 16) / 93, (1 << 16) % 93);
    for character in alphabet() {
        let more = if character == again { left_over } else { 0 };
        assert_eq!(seen[&character], share + more, "{}", char::from(character));
    }
}

fn class(byte: u8) -> usize {
    let classes = [UPPER, LOWER, DIGITS, SPECIAL];
    let of = |class: &&str| class.as_bytes().contains(&byte);
    classes.iter().position(of).unwrap()
}

/// How many passwords have these counts of uppercase, lowercase, digits, special.
fn passwords_with(counts: [usize; 4]) -> f64 {
    let mut ways = 1.0;
    let mut placed = 0;
    for (count, size) in counts.into_iter().zip([26.0, 26.0, 10.0, 31.0]) {
        for index in 1..=count {
            placed += 1;
            ways *= size * f64::from(placed) / index as f64;
        }
    }
    ways
}

/// Longer passwords, by how many characters of each type they have: policies under which
/// hardly any random password passes, so that characters are drawn from one class.
#[test]
fn uniform_over_the_counts_of_long_passwords() {
    type Holds = fn([usize; 4]) -> bool;
    let policies: [(&[&str], usize, Holds); 6] = [
        (&["passwordMinNumeric is 6"], 12, |[_, _, d, _]| d >= 6),
        (
            &[
                "passwordMinUpper is 2",
                "passwordMinLower is 2",
                "passwordMinNumeric is 2",
                "passwordMinSpecial is 2",
            ],
            9,
            |counts| counts.iter().all(|&count| count >= 2),
        ),
        (
            &["passwordMinAlpha is 10", "passwordMinNumeric is 3"],
            14,
            |[u, l, d, _]| u + l >= 10 && d >= 3,
        ),
        (
            &["passwordMinAlpha is 10", "passwordMinUpper is 5"],
            12,
            |[u, l, _, _]| u + l >= 10 && u >= 5,
        ),
        (
            &[
                "passwordMinUpper is 3",
                "passwordMinNumeric is 5",
                "passwordMinSpecial is 4",
                "passwordMinCharType is 2",
            ],
            13,
            |[u, _, d, s]| u >= 3 && d >= 5 && s >= 4,
        ),
        // More types than minimums: the minimum, and some of two other types.
        (
            &["passwordMinNumeric is 4", "passwordMinCharType is 3"],
            6,
            |[u, l, d, s]| d >= 4 && [u, l, s].iter().filter(|&&count| count > 0).count() >= 2,
        ),
    ];
    for (strings, length, holds) in policies {
        let policy = Policy::from_strings(strings);
        let draws = 20_000;
        let mut seen: HashMap<[usize; 4], u32> = HashMap::new();
        let mut rng = rng();
        for _ in 0..draws {
            let password = policy.generate(&mut rng, length).unwrap();
            assert_eq!(password.len(), length);
            let mut counts = [0; 4];
            for &byte in password.expose() {
                counts[class(byte)] += 1;
            }
            *seen.entry(counts).or_default() += 1;
        }
        let mut cells = Vec::new();
        for upper in 0..=length {
            for lower in 0..=length - upper {
                for digits in 0..=length - upper - lower {
                    let counts = [upper, lower, digits, length - upper - lower - digits];
                    if holds(counts) {
                        cells.push((seen.remove(&counts).unwrap_or(0), passwords_with(counts)));
                    }
                }
            }
        }
        assert!(seen.is_empty(), "{strings:?}: {seen:?} should not occur");
        let all: f64 = cells.iter().map(|(_, weight)| weight).sum();
        let expected = cells
            .iter()
            .map(|&(seen, weight)| (seen, weight / all * f64::from(draws)));
        let deviation = chi_square(expected);
        assert!(
            deviation.abs() < 4.0,
            "{strings:?}: {deviation} standard deviations"
        );
    }
}

/// Where the forced characters end up must not show.
#[test]
fn no_position_is_fixed() {
    let policy = Policy::from_strings(["passwordMinNumeric is 4"]);
    let (length, draws) = (8, 20_000);
    let mut digits_at = vec![0; length];
    let mut rng = rng();
    for _ in 0..draws {
        let password = policy.generate(&mut rng, length).unwrap();
        for (count, byte) in digits_at.iter_mut().zip(password.expose()) {
            *count += u32::from(byte.is_ascii_digit());
        }
    }
    let mean = f64::from(digits_at.iter().sum::<u32>()) / length as f64;
    for count in digits_at {
        assert!(
            (f64::from(count) - mean).abs() < 5.0 * mean.sqrt(),
            "{count}, mean {mean}"
        );
    }
}

#[test]
fn conflicts_name_the_rules() {
    type Case = (
        &'static [&'static str],
        usize,
        Option<usize>,
        &'static [&'static str],
    );
    let cases: [Case; 9] = [
        (
            &[
                "passwordMinLength is 12",
                "passwordMinAlpha is 2",
                "passwordMaxLength is 8",
            ],
            10,
            None,
            &["passwordMinLength is 12", "passwordMaxLength is 8"],
        ),
        (
            &[
                "passwordMinUpper is 3",
                "passwordMinLower is 3",
                "passwordMinNumeric is 3",
                "passwordMaxLength is 8",
            ],
            8,
            None,
            &[
                "passwordMaxLength is 8",
                "passwordMinNumeric is 3",
                "passwordMinUpper is 3",
                "passwordMinLower is 3",
            ],
        ),
        (
            &[
                "passwordMinAlpha is 6",
                "passwordMinUpper is 4",
                "passwordMinSpecial is 3",
                "passwordMaxLength is 8",
            ],
            8,
            None,
            &[
                "passwordMinAlpha is 6",
                "passwordMinSpecial is 3",
                "passwordMaxLength is 8",
            ],
        ),
        (
            &["PASSWORDMINLENGTH\nis  12"],
            8,
            Some(8),
            &["PASSWORDMINLENGTH is 12"],
        ),
        (
            &["passwordMaxLength is 8"],
            12,
            Some(12),
            &["passwordMaxLength is 8"],
        ),
        (
            &["passwordMinLength is 9", "passwordMinLength is 12"],
            10,
            Some(10),
            &["passwordMinLength is 12"],
        ),
        (
            &[
                "passwordRepeatedChar is 5",
                "passwordMinUpper is 1",
                "passwordMinCharType is 5",
            ],
            8,
            None,
            &["passwordMinCharType is 5"],
        ),
        (
            &[
                "passwordMinUpper is 5",
                "passwordMinNumeric is 6",
                "passwordMinSpecial is 7",
                "passwordMinCharType is 2",
                "passwordMaxLength is 10",
            ],
            10,
            None,
            &[
                "passwordMinUpper is 5",
                "passwordMinSpecial is 7",
                "passwordMaxLength is 10",
            ],
        ),
        (
            &[
                "passwordMinNumeric is 9223372036854775807",
                "passwordMinSpecial is 9223372036854775807",
            ],
            10,
            Some(10),
            &["passwordMinSpecial is 9223372036854775807"],
        ),
    ];
    for (strings, length, which, named) in cases {
        let error = Policy::from_strings(strings)
            .generate(&mut rng(), length)
            .unwrap_err();
        let Error::PolicyConflict {
            length, mut rules, ..
        } = error
        else {
            panic!("{strings:?}: {error}");
        };
        let mut named: Vec<String> = named.iter().map(|&rule| rule.into()).collect();
        rules.sort();
        named.sort();
        assert_eq!((length, rules), (which, named), "{strings:?}");
    }
    let error = Policy::from_strings(["passwordMinLength is 12"]).generate(&mut rng(), 8);
    assert_eq!(
        error.unwrap_err().to_string(),
        "no password of 8 characters can satisfy: passwordMinLength is 12"
    );
}

#[test]
fn lengths() {
    let range = |strings: &[&str]| Policy::from_strings(strings).length_range();
    assert_eq!(range(&[]), Ok(1..=MAX_GENERATED));
    let rules = [
        "passwordMinNumeric is 3",
        "passwordMinUpper is 2",
        "passwordMaxLength is 9",
    ];
    assert_eq!(range(&rules), Ok(5..=9));
    assert!(matches!(
        range(&["passwordMinLength is 2", "passwordMaxLength is 1"]),
        Err(Error::PolicyConflict { length: None, .. })
    ));
    // It cannot be read how many of the minimums are wanted: all of them.
    let unreadable = [
        "passwordMinUpper is 1",
        "passwordMinLower is 1",
        "passwordMinNumeric is 1",
        "passwordMinCharType is few",
    ];
    assert_eq!(range(&unreadable), Ok(3..=MAX_GENERATED));
    assert_eq!(range(&["passwordMinLength is 1024"]), Ok(1024..=1024));
    assert!(matches!(
        range(&["passwordMinLength is 1025"]),
        Err(Error::GeneratedTooLong {
            len: 1025,
            max: 1024,
            ..
        })
    ));
    let any = Policy::from_strings([""; 0]);
    let error = |length| any.generate(&mut rng(), length).unwrap_err();
    assert_eq!(error(0), Error::EmptyPassword);
    assert!(matches!(
        error(1025),
        Error::GeneratedTooLong {
            len: 1025,
            max: 1024,
            ..
        }
    ));
    assert_eq!(
        error(1025).to_string(),
        "a password of 1025 characters is asked for, and at most 1024 are generated"
    );
    assert_eq!(any.generate(&mut rng(), 1024).unwrap().len(), 1024);
}

/// A source of one value, or of nothing.
struct Broken(Option<u8>);

impl TryRng for Broken {
    type Error = core::fmt::Error;

    fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
        Err(core::fmt::Error)
    }

    fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
        Err(core::fmt::Error)
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Self::Error> {
        bytes.fill(self.0.ok_or(core::fmt::Error)?);
        Ok(())
    }
}

impl TryCryptoRng for Broken {}

#[test]
fn a_broken_source_ends() {
    let policy = Policy::from_strings(["passwordMinUpper is 1", "passwordMinLower is 1"]);
    let generate = |byte| policy.generate(&mut Broken(byte), 16).unwrap_err();
    assert_eq!(generate(None), Error::RandomSource);
    for byte in [0, 0xff, 0x55] {
        assert_eq!(generate(Some(byte)), Error::PolicyTooNarrow);
    }
}

/// Rules of small numbers, each requirement at most once.
fn rules() -> impl Strategy<Value = Vec<String>> {
    let rule = |name: &'static str, most: i64| {
        proptest::option::of((-1..=most).prop_map(move |value| format!("{name} is {value}")))
    };
    (
        rule("passwordMinLength", 9),
        rule("passwordMaxLength", 9),
        rule("passwordMinAlpha", 5),
        rule("passwordMinUpper", 3),
        rule("passwordMinLower", 3),
        rule("passwordMinNumeric", 3),
        rule("passwordMinSpecial", 3),
        rule("passwordMinCharType", 5),
        rule("passwordRepeatedChar", 3),
    )
        .prop_map(|rules| {
            let (a, b, c, d, e, f, g, h, i) = rules;
            [a, b, c, d, e, f, g, h, i].into_iter().flatten().collect()
        })
}

fn unreadable() -> impl Strategy<Value = String> {
    let names = vec![
        "Length", "Alpha", "Upper", "Lower", "Numeric", "Special", "CharType",
    ];
    proptest::sample::select(names).prop_map(|name| format!("passwordMin{name} is x"))
}

/// Whether a password is right in every reading. Where more character types are asked for than
/// have a minimum, there is none of which their number is.
fn is_right(policy: &Policy, password: &[u8]) -> bool {
    let password = Password::new(password).unwrap();
    let report = policy.check(&password, &Context::new());
    report.findings().all(|finding| match finding.outcome() {
        Outcome::Passed | Outcome::NotChecked(Reason::UnreadableValue) => true,
        Outcome::NotChecked(Reason::CharacterTypes) => {
            finding.rule().requirement() == Some(Requirement::MinCharType)
        }
        Outcome::Violated | Outcome::NotChecked(_) => false,
    })
}

/// Whether some password of this length is right, by trying every count of each character type.
fn exists(policy: &Policy, length: usize) -> bool {
    (0..=length).any(|upper| {
        (0..=length - upper).any(|lower| {
            (0..=length - upper - lower).any(|digits| {
                let password = [
                    &UPPER[..upper],
                    &LOWER[..lower],
                    &DIGITS[..digits],
                    &SPECIAL[..length - upper - lower - digits],
                ];
                is_right(policy, password.concat().as_bytes())
            })
        })
    })
}

proptest! {
    #[test]
    fn generated_exactly_where_there_are_passwords(
        a in rules(),
        b in proptest::option::of(rules()),
        length in 1..10_usize,
        seed: u64,
    ) {
        let mut policy = Policy::from_strings(&a);
        if let Some(b) = &b {
            policy = policy.merge(&Policy::from_strings(b));
        }
        match policy.generate(&mut ChaCha20Rng::seed_from_u64(seed), length) {
            Ok(password) => {
                prop_assert_eq!(password.len(), length);
                prop_assert!(is_right(&policy, password.expose()));
                prop_assert!(policy.length_range().unwrap().contains(&length));
            }
            Err(Error::PolicyConflict { length: which, rules, .. }) => {
                prop_assert!(!exists(&policy, length), "{:?}", rules);
                prop_assert_eq!(which.is_none(), policy.length_range().is_err());
            }
            Err(error) => prop_assert!(false, "{}", error),
        }
    }

    /// Rules more than once, and some that cannot be read.
    #[test]
    fn what_is_generated_is_right(
        a in (rules(), rules(), proptest::collection::vec(unreadable(), 0..4)),
        b in rules(),
        seed: u64,
    ) {
        let a = Policy::from_strings([a.0, a.1, a.2].concat());
        let policy = a.merge(&Policy::from_strings(b));
        if let Ok(lengths) = policy.length_range() {
            let mut rng = ChaCha20Rng::seed_from_u64(seed);
            let password = policy.generate(&mut rng, *lengths.start()).unwrap();
            prop_assert!(is_right(&policy, password.expose()));
        }
    }

    #[test]
    fn without_one_rule_of_a_conflict_there_is_none(rules in rules(), length in 1..10_usize) {
        let generate = |rules: &[String]| {
            Policy::from_strings(rules).generate(&mut rng(), length)
        };
        if let Err(Error::PolicyConflict { rules: named, length: which, .. }) = generate(&rules) {
            let possible = |rules: &[String]| match which {
                Some(_) => generate(rules).is_ok(),
                None => Policy::from_strings(rules).length_range().is_ok(),
            };
            prop_assert!(!possible(&named));
            for left_out in &named {
                let others: Vec<String> =
                    named.iter().filter(|&rule| rule != left_out).cloned().collect();
                prop_assert!(possible(&others), "{} is not needed", left_out);
            }
        }
    }
}
