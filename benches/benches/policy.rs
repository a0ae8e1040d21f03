//! Checking a password of 16 characters, and generating one.
#![allow(clippy::unwrap_used, missing_docs)] // No input but what is written here.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use pwseal::Password;
use pwseal::policy::{Context, Dictionary, Policy};
use pwseal::rand_core::SeedableRng;
use rand_chacha::ChaCha20Rng;

const PUBLISHED: [&str; 4] = [
    "passwordRepeatedChar is 3",
    "passwordMinAlpha is 1",
    "passwordMinLength is 5",
    "passwordMinNumeric is 1",
];

const WORDS: [&str; 5] = [
    "checkPasswordAgainstAccountID is true",
    "checkPasswordAgainstDisplayName is true",
    "checkPasswordsAgainstDictionary is true",
    "checkPasswordsAgainstAccountAttributes is true",
    "checkPasswordsAgainstIdentityAttributes is true",
];

const SIX: [&str; 6] = [
    "passwordMinLength is 8",
    "passwordMinUpper is 1",
    "passwordMinLower is 1",
    "passwordMinNumeric is 1",
    "passwordMinSpecial is 1",
    "passwordRepeatedChar is 2",
];

fn context() -> Context {
    Context::new()
        .with_account_id("CN=Abby Smith,OU=Austin,OU=Demo,DC=acme,DC=com")
        .with_account_name("Abby.Smith")
        .with_account_attribute("displayName", "Abby Smith")
        .with_account_attribute("telephoneNumber", "555-555-1234")
        .with_identity_attribute("email", "abby.smith@acme.example")
        .with_identity_attribute("department", "Research and Development")
}

/// 2,500 different words of four to twelve letters.
fn dictionary() -> Dictionary {
    let word = |n: usize| -> String {
        let letters = b"etaoinshrdlucmfwypvbgkqjxz";
        let mut state = n * 2_654_435_761 + 1;
        let letter = |_| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            char::from(letters[(state >> 33) % letters.len()])
        };
        (0..4 + n % 9).map(letter).chain(['\n']).collect()
    };
    Dictionary::parse((0..2500).map(word).collect::<String>()).unwrap()
}

fn check(c: &mut Criterion) {
    let password = Password::new("tRk5#vLq9!mXw2$z").unwrap();
    let mut group = c.benchmark_group("check");

    let policy = Policy::from_strings(PUBLISHED);
    let nothing = Context::new();
    assert!(policy.check(&password, &nothing).all_passed());
    group.bench_function("published", |b| {
        b.iter(|| policy.check(black_box(&password), &nothing).has_violation());
    });

    let policy = Policy::from_strings(PUBLISHED.iter().chain(&WORDS));
    let dictionary = dictionary();
    let known = context().with_dictionary(dictionary.clone());
    assert!(policy.check(&password, &known).all_passed());
    group.bench_function("dictionary and attributes", |b| {
        b.iter(|| policy.check(black_box(&password), &known).has_violation());
    });
    group.bench_function(
        "dictionary and attributes, with the context made anew",
        |b| {
            b.iter(|| {
                let context = context().with_dictionary(dictionary.clone());
                policy.check(black_box(&password), &context).has_violation()
            });
        },
    );
    let long = Password::new(&"tRk5#vLq9!mXw2$z".repeat(1 << 16)).unwrap();
    group.bench_function("dictionary and attributes, 1 MiB", |b| {
        b.iter(|| policy.check(black_box(&long), &known).has_violation());
    });
    group.finish();
}

fn generate(c: &mut Criterion) {
    let mut group = c.benchmark_group("generate");
    let mut rng = ChaCha20Rng::seed_from_u64(7);
    let policy = Policy::from_strings(SIX);
    group.bench_function("16 characters, six rules", |b| {
        b.iter(|| policy.generate(&mut rng, 16).unwrap());
    });
    let digits = Policy::from_strings(["passwordMinNumeric is 8"]);
    group.bench_function("8 digits", |b| {
        b.iter(|| digits.generate(&mut rng, 8).unwrap())
    });
    group.finish();
}

criterion_group!(benches, check, generate);
criterion_main!(benches);
