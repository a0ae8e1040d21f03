//! Every backend against a big integer library, at edges and at random.

use num_bigint::BigUint;
use proptest::prelude::*;
use rsaep::{Backend, BlockError, KeyError, PublicKey};

const EXPONENTS: [u64; 5] = [3, 17, 65_537, (1 << 32) + 1, u64::MAX];

fn encrypt(key: &PublicKey, m: &BigUint) -> BigUint {
    let mut block = block(m, key.size());
    key.rsaep(&mut block).expect("m is below n");
    BigUint::from_bytes_be(&block)
}

fn block(m: &BigUint, size: usize) -> Vec<u8> {
    let bytes = m.to_bytes_be();
    let mut block = vec![0; size - bytes.len()];
    block.extend(bytes);
    block
}

fn assert_agrees(n: &BigUint, e: &BigUint, messages: &[BigUint]) {
    for backend in Backend::available() {
        let key = PublicKey::with_backend(&n.to_bytes_be(), &e.to_bytes_be(), *backend)
            .expect("a usable key");
        for m in messages {
            assert_eq!(
                encrypt(&key, m),
                m.modpow(e, n),
                "{backend}, {} bits, e = {e}, m = {m:x}, n = {n:x}",
                key.bits()
            );
        }
        let mut blocks: Vec<u8> = messages.iter().flat_map(|m| block(m, key.size())).collect();
        key.rsaep(&mut blocks).expect("every m is below n");
        let many: Vec<BigUint> = blocks
            .chunks(key.size())
            .map(BigUint::from_bytes_be)
            .collect();
        let one_by_one: Vec<BigUint> = messages.iter().map(|m| encrypt(&key, m)).collect();
        assert_eq!(many, one_by_one);
    }
}

/// 0, 1, n-1, n-2 and the neighbours of every limb boundary, for limbs of 64 and 52 bits.
fn edges(n: &BigUint) -> Vec<BigUint> {
    let one = BigUint::from(1_u8);
    let mut edges = vec![BigUint::ZERO, one.clone(), n - 1_u8, n - 2_u8];
    for limb in [64_u64, 52] {
        for boundary in (1..n.bits().div_ceil(limb)).map(|i| i * limb) {
            let power = &one << boundary;
            edges.extend([&power - 1_u8, power.clone(), &power + 1_u8]);
        }
    }
    edges.retain(|m| m < n);
    edges
}

fn two_to_the(bits: u64) -> BigUint {
    BigUint::from(1_u8) << bits
}

#[test]
fn edge_operands_at_sparse_and_dense_moduli() {
    for bits in [1024, 1025, 1031, 1087, 1088, 2047, 2048, 2049, 3072, 4096] {
        let moduli = [
            two_to_the(bits) - 1_u8,
            two_to_the(bits) - 159_u8,
            two_to_the(bits - 1) + 1_u8,
            // All ones above, all zeros below, and the lowest bit.
            two_to_the(bits) - two_to_the(bits / 2) + 1_u8,
        ];
        for n in &moduli {
            assert_agrees(n, &BigUint::from(3_u8), &edges(n));
        }
        assert_agrees(
            &moduli[1],
            &BigUint::from(65_537_u32),
            &edges(&moduli[1])[..8],
        );
    }
}

#[test]
fn every_bit_length_from_1024_to_1100_and_around_the_common_sizes() {
    let around = |bits: u64| bits - 4..=bits + 4;
    for bits in (1024..=1100)
        .chain(around(2048))
        .chain(around(3072))
        .chain(around(4096))
    {
        // An arbitrary dense pattern with the top and the lowest bit set.
        let n = (two_to_the(bits) / 7_u8) | two_to_the(bits - 1) | BigUint::from(1_u8);
        let messages = [&n - 1_u8, &n / 3_u8, BigUint::from(2_u8)];
        for e in EXPONENTS {
            assert_agrees(&n, &BigUint::from(e), &messages);
        }
    }
}

#[test]
fn the_largest_modulus_and_an_exponent_as_long_as_the_modulus() {
    let n = two_to_the(16_384) - 1_u8;
    assert_agrees(&n, &BigUint::from(65_537_u32), &[&n - 2_u8, &n / 5_u8]);

    let n = two_to_the(1024) - 105_u8;
    assert_agrees(&n, &(&n - 2_u8), &[&n / 5_u8, &n - 1_u8]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn random_moduli_exponents_and_messages(
        mut n in proptest::collection::vec(any::<u8>(), 128..300),
        top in 1_u8..,
        m in proptest::collection::vec(any::<u8>(), 300),
        e in prop_oneof![proptest::sample::select(&EXPONENTS[..]), any::<u64>().prop_map(|e| e | 3)],
    ) {
        n[0] = top;
        *n.last_mut().unwrap() |= 1;
        let n = BigUint::from_bytes_be(&n);
        prop_assume!(n.bits() >= 1024);
        let m = BigUint::from_bytes_be(&m) % &n;
        assert_agrees(&n, &BigUint::from(e), &[m]);
    }
}

fn refusal(n: &BigUint, e: u32) -> KeyError {
    PublicKey::new(&n.to_bytes_be(), &e.to_be_bytes()).expect_err("the key must be refused")
}

#[test]
fn unusable_keys_are_refused_with_the_reason() {
    let good = two_to_the(2048) - 1_u8;
    assert_eq!(
        refusal(&(two_to_the(1023) - 1_u8), 3),
        KeyError::ModulusTooShort { bits: 1023 }
    );
    assert_eq!(
        refusal(&BigUint::ZERO, 3),
        KeyError::ModulusTooShort { bits: 0 }
    );
    assert_eq!(
        refusal(&(two_to_the(16_385) - 1_u8), 3),
        KeyError::ModulusTooLong { bits: 16_385 }
    );
    assert_eq!(refusal(&(&good - 1_u8), 3), KeyError::ModulusEven);
    for e in [0, 1, 2] {
        assert_eq!(refusal(&good, e), KeyError::ExponentTooSmall);
    }
    for e in [4, 65_536] {
        assert_eq!(refusal(&good, e), KeyError::ExponentEven);
    }
    let n = good.to_bytes_be();
    assert_eq!(PublicKey::new(&n, &n), Err(KeyError::ExponentTooLarge));
    let longer = (&good + 2_u8).to_bytes_be();
    assert_eq!(PublicKey::new(&n, &longer), Err(KeyError::ExponentTooLarge));
    let just_below = (&good - 2_u8).to_bytes_be();
    assert!(PublicKey::new(&n, &just_below).is_ok());
    assert_eq!(PublicKey::new(&n, &[]), Err(KeyError::ExponentTooSmall));
}

#[test]
fn leading_zeros_change_nothing() {
    let n = (two_to_the(1030) - 1_u8).to_bytes_be();
    let padded = [&[0, 0], &n[..]].concat();
    let key = PublicKey::new(&padded, &[0, 1, 0, 1]).unwrap();
    assert_eq!(key, PublicKey::new(&n, &[1, 0, 1]).unwrap());
    assert_eq!((key.bits(), key.size()), (1030, 129));
    assert_eq!((key.modulus(), key.exponent()), (&n[..], &[1, 0, 1][..]));
}

#[test]
fn refused_blocks_are_left_as_they_were() {
    let n = two_to_the(1024) - 105_u8;
    let key = PublicKey::new(&n.to_bytes_be(), &[3]).unwrap();

    let good = block(&BigUint::from(5_u8), 128);
    for out_of_range in [n.clone(), two_to_the(1024) - 1_u8] {
        let mut blocks = [&good[..], &block(&out_of_range, 128), &good].concat();
        let before = blocks.clone();
        assert_eq!(
            key.rsaep(&mut blocks),
            Err(BlockError::OutOfRange { index: 1 })
        );
        assert_eq!(blocks, before);
    }

    let mut short = vec![1; 255];
    assert_eq!(
        key.rsaep(&mut short),
        Err(BlockError::Length {
            len: 255,
            size: 128
        })
    );
    assert_eq!(short, [1; 255]);
    assert_eq!(key.rsaep(&mut []), Ok(()));
}
