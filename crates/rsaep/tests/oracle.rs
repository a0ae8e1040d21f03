//! Every backend against a big integer library, at edges and at random.

use num_bigint::BigUint;
use proptest::prelude::*;
use rsaep::{Backend, BackendStatus, BlockError, KeyError, PublicKey};

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
        let key = PublicKey::with_backend(&n.to_bytes_be(), &e.to_bytes_be(), backend)
            .expect("a usable key");
        assert_eq!(key.backend(), backend, "it failed its self-test");
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
        assert_eq!(many, one_by_one, "{backend}, {} blocks", messages.len());
    }
}

/// 0, 1, n-1, n-2, the neighbours of every limb boundary, for limbs of 64 and 52 bits, and numbers whose halves of 30
/// or 40 limbs are alike, for a square that is made of those of its halves and of their difference.
fn edges(n: &BigUint) -> Vec<BigUint> {
    let one = BigUint::from(1_u8);
    let mut edges = vec![BigUint::ZERO, one.clone(), n - 1_u8, n - 2_u8];
    for limb in [64_u64, 52] {
        for boundary in (1..n.bits().div_ceil(limb)).map(|i| i * limb) {
            let power = &one << boundary;
            edges.extend([&power - 1_u8, power.clone(), &power + 1_u8]);
        }
    }
    for half in [30 * 52, 40 * 52] {
        if n.bits() > half {
            let high = n >> half;
            for low in [BigUint::ZERO, &high - 1_u8, high.clone(), &high + 1_u8] {
                edges.push(((&high - 1_u8) << half) + &low);
                edges.push((&high << half) + low);
            }
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

/// Where the bounds of docs/ifma.md are nearest to what a limb, a number or a quotient can hold, and where limbs of 51 bits are as
/// many as have code of their own for limbs of 52.
#[test]
fn lengths_at_which_the_bounds_are_tight() {
    for bits in [1633, 2465, 3088, 3297, 3900, 4128, 15_738, 15_776, 15_777] {
        for n in [
            two_to_the(bits) - 1_u8,
            two_to_the(bits - 1) + 1_u8,
            (two_to_the(bits) / 7_u8) | two_to_the(bits - 1) | BigUint::from(1_u8),
        ] {
            let messages = [&n - 1_u8, &n - 2_u8, &n / 3_u8, two_to_the(bits - 1) - 1_u8];
            assert_agrees(&n, &BigUint::from(17_u8), &messages);
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

/// So many cases, or as few as `PROPTEST_CASES` says where programs are emulated.
fn at_most(cases: u32) -> ProptestConfig {
    let given = std::env::var("PROPTEST_CASES").ok();
    let given = given.and_then(|cases| cases.parse().ok());
    ProptestConfig::with_cases(given.unwrap_or(cases).min(cases))
}

proptest! {
    #![proptest_config(at_most(128))]

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

#[test]
fn batches_of_0_to_17_blocks_come_back_in_order() {
    for bits in [1024, 1400, 2048, 3072, 4096, 5000] {
        let n = two_to_the(bits) - 159_u8;
        for count in 0..=17_u32 {
            let messages: Vec<_> = (1..=count).map(|i| &n / i - i).collect();
            assert_agrees(&n, &BigUint::from(3_u8), &messages);
        }
    }
}

/// Values whose limbs of 52 and of 64 bits are all ones, all zeros, one or one less than full,
/// in random order: what makes carries run far.
fn limbs_at_their_limits(bits: u32) -> impl Strategy<Value = BigUint> {
    let limb = |width: u32| {
        let full = (1_u128 << width) - 1;
        proptest::sample::select(vec![0, 1, full - 1, full, full >> 1, 1 << (width - 1)])
    };
    prop_oneof![Just(52_u32), Just(64)].prop_flat_map(move |width| {
        proptest::collection::vec(limb(width), bits.div_ceil(width) as usize).prop_map(
            move |limbs| {
                let number = limbs.iter().fold(BigUint::ZERO, |number, limb| {
                    (number << width) | BigUint::from(*limb)
                });
                number % two_to_the(u64::from(bits))
            },
        )
    })
}

/// A modulus and messages for it, of limbs at their limits.
fn hard_case() -> impl Strategy<Value = (BigUint, Vec<BigUint>)> {
    let bits = prop_oneof![
        proptest::sample::select(vec![2048_u32, 3072, 4096]),
        1024_u32..2100,
    ];
    bits.prop_flat_map(|bits| {
        let messages = proptest::collection::vec(limbs_at_their_limits(bits), 1..10);
        (limbs_at_their_limits(bits), messages).prop_map(move |(n, messages)| {
            let n = n | two_to_the(u64::from(bits) - 1) | BigUint::from(1_u8);
            let messages = messages.into_iter().map(|m| m % &n).collect();
            (n, messages)
        })
    })
}

proptest! {
    #![proptest_config(at_most(400))]

    #[test]
    fn limbs_at_their_limits_agree((n, messages) in hard_case()) {
        assert_agrees(&n, &BigUint::from(65_537_u32), &messages);
    }
}

/// Millions of blocks: `cargo test --release -p rsaep -- --ignored`. Each result of one
/// backend is the next message, and all backends must end alike; the oracle checks the end.
#[test]
#[ignore = "takes minutes"]
fn millions_of_blocks_on_every_backend() {
    for bits in [2048, 3072, 4096] {
        let n = (two_to_the(bits) / 7_u8) | two_to_the(bits - 1) | BigUint::from(1_u8);
        let n = n.to_bytes_be();
        let rounds = 20_000_000 / bits;
        let ends: Vec<Vec<u8>> = Backend::available()
            .map(|backend| {
                let key = PublicKey::with_backend(&n, &[3], backend).expect("a usable key");
                let mut blocks: Vec<u8> = (2..66_u8)
                    .flat_map(|m| block(&BigUint::from(m), key.size()))
                    .collect();
                for _ in 0..rounds {
                    key.rsaep(&mut blocks).expect("a residue is below n");
                }
                blocks
            })
            .collect();
        assert!(ends.iter().all(|end| *end == ends[0]), "{bits} bits");
    }
}

/// Prints which backends the other tests ran on, and fails if the CPU has one more.
#[test]
fn every_backend_of_this_cpu_is_available_and_passes_its_self_test() {
    let available: Vec<Backend> = Backend::available().collect();
    println!("backends: {available:?}");
    assert_eq!(available[0], Backend::Portable);
    for backend in available.iter().copied() {
        assert_eq!(backend.status(), BackendStatus::Passed, "{backend}");
        assert_eq!(backend.name().parse(), Ok(backend));
        let key = PublicKey::with_backend(&[0xff; 256], &[3], backend).expect("a usable key");
        assert_eq!(key.backend(), backend);
    }
    // Made for other CPUs than some that can run it.
    let detected = Backend::detect();
    let fastest = available.iter().copied().rfind(|backend| {
        *backend != Backend::IfmaX8Winograd || detected == Backend::IfmaX8Winograd
    });
    assert_eq!(Some(detected), fastest);

    #[cfg(all(target_arch = "x86_64", not(rsaep_portable_only)))]
    {
        // build.rs says which builds have which kernels.
        let (optimised, for_speed) = (cfg!(rsaep_optimised), cfg!(rsaep_optimised_for_speed));
        let adx = is_x86_feature_detected!("bmi2") && is_x86_feature_detected!("adx");
        assert_eq!(available.contains(&Backend::Adx), adx && optimised);
        let avx2 = is_x86_feature_detected!("avx2") && for_speed;
        assert_eq!(available.contains(&Backend::Avx2X4), avx2);
        let avx512 = is_x86_feature_detected!("avx512f") && for_speed;
        assert_eq!(available.contains(&Backend::Avx512X8), avx512);
        let ifma = avx512 && is_x86_feature_detected!("avx512ifma");
        assert_eq!(available.contains(&Backend::Ifma), ifma);
        assert_eq!(available.contains(&Backend::IfmaX8), ifma);
        assert_eq!(available.contains(&Backend::IfmaX8Winograd), ifma);
    }
}

#[test]
fn an_unknown_or_unavailable_backend_is_an_error() {
    let error = "IFMA"
        .parse::<Backend>()
        .expect_err("names are in lower case");
    assert_eq!(
        error.to_string(),
        "no backend has this name; there are: portable adx avx2-x4 avx512-x8 ifma ifma-x8 ifma-x8-winograd"
    );
    for backend in Backend::ALL.iter().copied() {
        if !Backend::available().any(|available| available == backend) {
            assert_eq!(backend.status(), BackendStatus::Unavailable);
            let refused = PublicKey::with_backend(&[0xff; 256], &[3], backend);
            assert!(matches!(
                refused,
                Err(KeyError::BackendUnavailable { backend: named, .. }) if named == backend
            ));
            let message = format!("this CPU or this build has no backend {backend}");
            assert_eq!(refused.expect_err("refused").to_string(), message);
        }
    }
}

fn refusal(n: &BigUint, e: u32) -> KeyError {
    PublicKey::new(&n.to_bytes_be(), &e.to_be_bytes()).expect_err("the key must be refused")
}

#[test]
fn unusable_keys_are_refused_with_the_reason() {
    let good = two_to_the(2048) - 1_u8;
    assert!(matches!(
        refusal(&(two_to_the(1023) - 1_u8), 3),
        KeyError::ModulusTooShort { bits: 1023, .. }
    ));
    assert!(matches!(
        refusal(&BigUint::ZERO, 3),
        KeyError::ModulusTooShort { bits: 0, .. }
    ));
    assert!(matches!(
        refusal(&(two_to_the(16_385) - 1_u8), 3),
        KeyError::ModulusTooLong { bits: 16_385, .. }
    ));
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
        let error = key.rsaep(&mut blocks).expect_err("not below the modulus");
        assert!(matches!(error, BlockError::OutOfRange { index: 1, .. }));
        assert_eq!(
            error.to_string(),
            "message representative out of range: block 1 is not below the modulus"
        );
        assert_eq!(blocks, before);
    }

    let mut short = vec![1; 255];
    let error = key
        .rsaep(&mut short)
        .expect_err("not a whole number of blocks");
    assert!(matches!(
        error,
        BlockError::Length {
            len: 255,
            size: 128,
            ..
        }
    ));
    assert_eq!(
        error.to_string(),
        "the buffer has 255 bytes, which is no multiple of the 128 of a block"
    );
    assert_eq!(short, [1; 255]);
    assert_eq!(key.rsaep(&mut []), Ok(()));
}
