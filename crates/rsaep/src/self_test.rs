//! Known answers, checked before the first key that runs the same code for one block, and the first batch that runs that for several.
//!
//! A backend has code of its own for some lengths of modulus, and for one block, for several and for what is left
//! of a batch. Each [`Case`] is a length of modulus; a backend says which case runs the code of a key
//! ([`Implementation::tested_by`]), and which batches take all ways through that for several ([`Implementation::BATCHES`]).
//!
//! The answers come from Python's `pow` (docs/self_test.py), for numbers that a formula gives.
//!
//! [`Implementation::tested_by`]: crate::backend::Implementation::tested_by
//! [`Implementation::BATCHES`]: crate::backend::Implementation::BATCHES

use alloc::boxed::Box;
use alloc::vec;
use core::sync::atomic::{AtomicU8, Ordering};

use crate::backend::{Backend, BackendStatus, Engine};

/// It makes every kind of step: a square, and a product that is not the last.
const EXPONENT: [u8; 1] = [11];

/// A modulus of so many bits, and what it gives.
struct Case {
    bits: usize,
    /// Digests of the powers of as many messages.
    answers: [u64; 9],
}

/// What is tested apart: a key that is used for one block does not run the code for several at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Part {
    One,
    Several,
}

impl Part {
    const ALL: [Self; 2] = [Self::One, Self::Several];
}

const UNTESTED: u8 = 0;
const PASSED: u8 = 1;
const FAILED: u8 = 2;

type Results = [[AtomicU8; CASES.len()]; Part::ALL.len()];

static RESULTS: [Results; Backend::ALL.len()] =
    [const { [const { [const { AtomicU8::new(UNTESTED) }; CASES.len()] }; Part::ALL.len()] };
        Backend::ALL.len()];

/// What the self-test of the code for one block and a modulus says of an available backend. It runs when it is first asked for.
///
/// Two threads may both run it: they find the same.
pub(crate) fn status_for(backend: Backend, modulus: &[u8]) -> BackendStatus {
    status_if(passed(
        backend,
        Part::One,
        backend.tested_by(Part::One, modulus),
    ))
}

/// Whether the code for several blocks at once passes, as [`status_for`].
pub(crate) fn passed_several(backend: Backend, modulus: &[u8]) -> bool {
    backend.batches(Part::Several).is_empty()
        || passed(
            backend,
            Part::Several,
            backend.tested_by(Part::Several, modulus),
        )
}

fn status_if(passed: bool) -> BackendStatus {
    match passed {
        true => BackendStatus::Passed,
        false => BackendStatus::Failed,
    }
}

/// Whether a part of a backend passes a case, which is found once.
fn passed(backend: Backend, part: Part, bits: usize) -> bool {
    let result = CASES
        .iter()
        .zip(&RESULTS[backend as usize][part as usize])
        .find(|(case, _)| case.bits == bits);
    let Some((case, result)) = result else {
        // No backend names a case that does not exist: see the tests.
        return false;
    };
    match result.load(Ordering::Relaxed) {
        PASSED => true,
        FAILED => false,
        _ => {
            let passed = passes(backend, part, case);
            result.store(if passed { PASSED } else { FAILED }, Ordering::Relaxed);
            passed
        }
    }
}

/// The same for all the code of an available backend.
pub(crate) fn status(backend: Backend) -> BackendStatus {
    status_if(CASES.iter().all(|case| {
        let modulus = modulus(case.bits);
        status_for(backend, &modulus) == BackendStatus::Passed && passed_several(backend, &modulus)
    }))
}

fn passes(backend: Backend, part: Part, case: &Case) -> bool {
    let size = case.bits / 8;
    let Some(engine) = Engine::new(backend, &modulus(case.bits)) else {
        return false;
    };
    backend.batches(part).iter().all(|blocks| {
        let mut batch = vec![0; blocks * size];
        for (block, seed) in batch.chunks_exact_mut(size).zip(1..) {
            block.copy_from_slice(&number(size, seed));
            block[0] &= 0x7f;
        }
        engine.power(&EXPONENT, size, &mut batch);
        let found = batch.chunks_exact(size).map(digest);
        found.eq(case.answers[..*blocks].iter().copied())
    })
}

fn modulus(bits: usize) -> Box<[u8]> {
    let mut modulus = number(bits / 8, 0);
    modulus[0] |= 0x80;
    modulus[bits / 8 - 1] |= 1;
    modulus
}

/// The words of SplitMix64 (Steele, Lea, Flood, *Fast Splittable Pseudorandom Number Generators*, 2014), the highest
/// first, as big-endian bytes.
fn number(size: usize, mut seed: u64) -> Box<[u8]> {
    let mut bytes = vec![0; size];
    for chunk in bytes.as_chunks_mut().0 {
        seed = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let word = (seed ^ (seed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        *chunk = (word ^ (word >> 31)).to_be_bytes();
    }
    bytes.into()
}

/// FNV-1a on words of 64 bits, the highest first: no change of a single word leaves it as it was.
fn digest(block: &[u8]) -> u64 {
    let words = block.as_chunks().0.iter();
    words.fold(0, |state, word| {
        (state ^ u64::from_be_bytes(*word)).wrapping_mul(0x100_0000_01b3)
    })
}

#[rustfmt::skip]
const CASES: [Case; 10] = [
    Case { bits: 1024, answers: [
        0x73d089a60e4df473,
        0x0ba4aa37a4539b1c,
        0x1e76a53fddb51914,
        0x7af670b54db664ba,
        0x7150d528a3a41674,
        0xffe59cefd002e6e3,
        0xa1d1e0dc3e6f075d,
        0xf66c1a81fab1097d,
        0xb48db11f32af22fc,
    ] },
    Case { bits: 1984, answers: [
        0x95465b5c18c30639,
        0xa0d62c02a8a118da,
        0x556ba6653a3ab240,
        0xb27914e4a205d40a,
        0x0ee215905219f116,
        0x4c5daa22d45d7489,
        0x76be5960ba389d2f,
        0x61bf73232550ba55,
        0xb40d1c6daf451fe7,
    ] },
    Case { bits: 2048, answers: [
        0x1f1dee6db061b000,
        0x2da48e2d280cdf6d,
        0x5ebcce36e18da640,
        0xc0e214663739b512,
        0x7be321a40a1a13df,
        0x402e70e1d609010b,
        0x53c6df293294e9ed,
        0x79552d7fcedd2875,
        0x34a6237d1bd3be9d,
    ] },
    Case { bits: 2240, answers: [
        0xdb3661f11ad9cc51,
        0x23790d271bfdaa96,
        0xe07d3448c249190c,
        0x24c894009bec2cf7,
        0xa60d2c754d44ba3b,
        0x8c445885b8ff25bb,
        0x7cbb49ea9a27aa4a,
        0x88669e21724c97c5,
        0xf9b2ed20593a7e2f,
    ] },
    Case { bits: 3008, answers: [
        0x49b5abf449e19a6a,
        0x4f65d7f853c2094e,
        0xf3fe9b0289b56437,
        0x8c80b0f1bf78631a,
        0x8a525687a005ac2f,
        0xecab945b2a321d1e,
        0x2d5d1ae8951eb7b9,
        0x7778a2fea9671e27,
        0x0ab7766c66bab49f,
    ] },
    Case { bits: 3072, answers: [
        0xf924b98ffcd96362,
        0x0bd4520588a3babb,
        0x5733eae5b439b480,
        0x095bb7cc9df90dfa,
        0xda602af99c37ae1f,
        0xfe3bdab0898729a2,
        0xe6a44d274922dcfc,
        0x528fe5624b9d8370,
        0x9a1085ed839b851b,
    ] },
    Case { bits: 4032, answers: [
        0xece8c4f521809d18,
        0x40eeacc6443c224a,
        0x984d5c4fb4bafdac,
        0x52407d643c47ffef,
        0xfd9eb2c782374af4,
        0xce43a1f9c788fb66,
        0xb44b9a608a869769,
        0x59ff442bf5b59758,
        0xe18d9b575c6d11d4,
    ] },
    Case { bits: 4096, answers: [
        0x811720aed35eb4ea,
        0xd6c2ad8509d9a4e5,
        0xab9c704f84de8970,
        0x9ee0b3c181730795,
        0x0a8c68cd3c96867b,
        0x7467a2a94dbdba00,
        0x62b130de4d6e2db2,
        0xe99cfaf123fbaf6d,
        0x6f06f08f0f185bec,
    ] },
    Case { bits: 4224, answers: [
        0x2ea3ca3d493085f6,
        0x3337b65a4e4fab6c,
        0x3c04b7434b30578f,
        0xc08e05eac333a70f,
        0xff1f836616d936d1,
        0x7803cab742e33a10,
        0x46cdcc9c20bb5ce7,
        0x48da278ee1f6eb06,
        0x84e306f45b77d749,
    ] },
    Case { bits: 14080, answers: [
        0x3235aec448cbfaf9,
        0xd5fae87edf2021b7,
        0xa47298413e8bc1ad,
        0x9f68815068ecfa58,
        0xb7926f7c5f670b30,
        0x486f45017284a896,
        0x401b020f47e5ebcc,
        0x0942f8e3253088f9,
        0xa370bc5cb1c3c71e,
    ] },
];

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};
    use std::vec::Vec;

    use num_bigint::BigUint;

    use super::*;
    use crate::key::{MAX_BITS, MIN_BITS, PublicKey};
    use crate::{KeyError, fault};

    fn case(bits: usize) -> &'static Case {
        CASES.iter().find(|case| case.bits == bits).expect("a case")
    }

    #[test]
    fn the_answers_are_those_of_a_big_integer_library() {
        for case in &CASES {
            let size = case.bits / 8;
            let one = BigUint::from(1_u8);
            let n = BigUint::from_bytes_be(&number(size, 0)) | &one << (case.bits - 1) | &one;
            for (answer, seed) in case.answers.iter().zip(1..) {
                let m = BigUint::from_bytes_be(&number(size, seed)) % (&one << (case.bits - 1));
                let power = m
                    .modpow(&BigUint::from_bytes_be(&EXPONENT), &n)
                    .to_bytes_be();
                let block = [&vec![0; size - power.len()][..], &power].concat();
                assert_eq!(digest(&block), *answer, "{} bits", case.bits);
            }
        }
    }

    /// The smallest and the largest of a length, which begins with ones.
    fn moduli(bits: usize) -> [Vec<u8>; 2] {
        let size = bits.div_ceil(8);
        let highest = 0xff >> (8 * size - bits);
        let mut smallest = vec![0; size];
        smallest[0] = highest ^ (highest >> 1);
        smallest[size - 1] = 1;
        let mut largest = vec![0xff; size];
        largest[0] = highest;
        [smallest, largest]
    }

    #[test]
    fn every_modulus_has_a_case_that_runs_its_code() {
        for backend in Backend::ALL.iter().copied() {
            for part in Part::ALL {
                for modulus in (MIN_BITS..=MAX_BITS).flat_map(moduli) {
                    let bits = backend.tested_by(part, &modulus);
                    let tested_by = backend.tested_by(part, &super::modulus(case(bits).bits));
                    assert_eq!(
                        tested_by,
                        bits,
                        "{backend}, {part:?}, {} bytes",
                        modulus.len()
                    );
                }
                assert!(backend.batches(part).iter().all(|blocks| *blocks <= 9));
            }
        }
    }

    /// The places that a key and batches of so many blocks come through.
    fn places(backend: Backend, modulus: &[u8], batches: &[usize]) -> BTreeSet<&'static str> {
        let engine = Engine::new(backend, modulus).expect("it is available");
        fault::seen(|| {
            for blocks in batches {
                let size = modulus.len();
                engine.power(&EXPONENT, size, &mut vec![0x15; blocks * size]);
            }
        })
    }

    /// A fault at any place that a key can come through is found by the self-test that is run before: of one block that for one,
    /// of batches either.
    #[test]
    fn a_fault_at_any_place_of_any_kernel_is_found() {
        let every_batch: Vec<usize> = (2..=17).collect();
        for backend in Backend::available() {
            let mut reached: BTreeMap<Vec<(Part, usize)>, BTreeSet<&str>> = BTreeMap::new();
            let lengths = (MIN_BITS..=6000).step_by(61);
            for modulus in lengths.chain([2048, 3072, 4096, MAX_BITS]).flat_map(moduli) {
                let tested_by = Part::ALL.map(|part| (part, backend.tested_by(part, &modulus)));
                for (tests, batches) in [(1, &[1][..]), (2, &every_batch)] {
                    let places = places(backend, &modulus, batches);
                    let tests = tested_by[..tests].to_vec();
                    reached.entry(tests).or_default().extend(places);
                }
            }
            assert!(reached.len() >= 8, "{backend}: {:?}", reached.keys());
            for (tests, places) in reached {
                let passes = || {
                    tests
                        .iter()
                        .all(|(part, bits)| passes(backend, *part, case(*bits)))
                };
                assert!(passes(), "{backend}, {tests:?}");
                assert!(!places.is_empty(), "{backend}, {tests:?}");
                for place in places {
                    assert!(
                        !fault::planted(place, passes),
                        "{backend}, {tests:?}: a fault at {place} is not found"
                    );
                }
            }
        }
    }

    fn fail(backend: Backend, part: Part, modulus: &[u8]) {
        let tested_by = backend.tested_by(part, modulus);
        for (case, result) in CASES.iter().zip(&RESULTS[backend as usize][part as usize]) {
            if case.bits == tested_by {
                result.store(FAILED, Ordering::Relaxed);
            }
        }
    }

    // The stored results are of the whole process: a second unit test that builds a key would see them.
    #[test]
    fn a_backend_that_gives_another_answer_is_not_used() {
        let modulus = [0x81; 256];
        let fastest = Backend::detect();
        for backend in Backend::available().skip(1) {
            if !backend.batches(Part::Several).is_empty() {
                fail(backend, Part::Several, &modulus);
                assert_eq!(backend.status(), BackendStatus::Failed);
                let key = PublicKey::with_backend(&modulus, &EXPONENT, backend).expect("a key");
                assert_eq!(key.backend(), backend);
                let mut blocks = vec![0x15; 17 * 256];
                let seen = fault::seen(|| key.rsaep(&mut blocks).expect("below the modulus"));
                // As one block does, and nothing else, and all of them.
                assert_eq!(seen, places(backend, &modulus, &[1]), "{backend}");
                let mut one = [0x15; 256];
                key.rsaep(&mut one).expect("below the modulus");
                assert!(blocks.chunks(256).all(|block| block == one), "{backend}");
            }
            fail(backend, Part::One, &modulus);
            assert_eq!(backend.status(), BackendStatus::Failed);
            let key = PublicKey::with_backend(&modulus, &EXPONENT, backend);
            assert_eq!(key.expect("a key").backend(), Backend::Portable);
            // Another length has other code.
            let key = PublicKey::with_backend(&[0x81; 384], &EXPONENT, backend);
            assert_eq!(key.expect("a key").backend(), backend);
            let error = KeyError::BackendUnavailable { backend };
            assert_eq!(backend.prefer(), Err(error));
        }
        let key = PublicKey::new(&modulus, &EXPONENT).expect("a key");
        assert_eq!(key.backend(), Backend::Portable);
        let key = PublicKey::new(&[0x81; 384], &EXPONENT).expect("a key");
        assert_eq!(key.backend(), fastest);
    }
}
