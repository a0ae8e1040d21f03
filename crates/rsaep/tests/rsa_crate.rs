//! RSAEP equals the raw encryption of the crate `rsa`, on every backend: random moduli of
//! 1024 to 4096 bits, the exponents in use and one of 33 bits, and operands at the edges.

use proptest::prelude::*;
use rsa::hazmat::rsa_encrypt;
use rsa::{BigUint, RsaPublicKey};
use rsaep::{Backend, PublicKey};

const EXPONENTS: [u64; 4] = [3, 17, 65_537, (1 << 32) + 1];

/// How the bytes of an operand are made from a modulus.
#[derive(Clone, Copy, Debug)]
enum Operand {
    /// A small number.
    Small(u8),
    /// n less a small number that is not 0.
    BelowModulus(u8),
    /// 2^(52 i) or 2^(64 i), give or take one: around a boundary between limbs.
    LimbBoundary { limb: usize, index: usize, add: i8 },
    /// Any number, reduced.
    Any([u8; 32]),
}

impl Operand {
    fn below(self, n: &BigUint) -> BigUint {
        let one = BigUint::from(1_u8);
        match self {
            Self::Small(m) => BigUint::from(m),
            Self::BelowModulus(less) => n - less,
            Self::LimbBoundary { limb, index, add } => {
                let boundary = one << (limb * (1 + index % (n.bits() / limb)));
                match add {
                    0 => boundary % n,
                    1.. => (boundary + 1_u8) % n,
                    _ => (boundary - 1_u8) % n,
                }
            }
            Self::Any(seed) => BigUint::from_bytes_be(&seed).modpow(&BigUint::from(33_u8), n),
        }
    }
}

fn operand() -> impl Strategy<Value = Operand> {
    prop_oneof![
        (0_u8..3).prop_map(Operand::Small),
        (1_u8..4).prop_map(Operand::BelowModulus),
        (
            prop_oneof![Just(52_usize), Just(64)],
            0_usize..80,
            -1_i8..=1
        )
            .prop_map(|(limb, index, add)| Operand::LimbBoundary { limb, index, add }),
        any::<[u8; 32]>().prop_map(Operand::Any),
    ]
}

/// An odd modulus of a random bit length, its words random, all zeros or all ones.
fn modulus() -> impl Strategy<Value = BigUint> {
    let word = prop_oneof![4 => any::<u64>(), 1 => Just(0), 1 => Just(u64::MAX)];
    (1024_usize..=4096, proptest::collection::vec(word, 64)).prop_map(|(bits, words)| {
        let bytes: Vec<u8> = words.iter().flat_map(|word| word.to_be_bytes()).collect();
        let one = BigUint::from(1_u8);
        let top = &one << (bits - 1);
        (BigUint::from_bytes_be(&bytes) % &top) | top | one
    })
}

fn padded(number: &BigUint, size: usize) -> Vec<u8> {
    let bytes = number.to_bytes_be();
    [&vec![0; size - bytes.len()][..], &bytes].concat()
}

/// So many cases, or as few as `PROPTEST_CASES` says where programs are emulated.
fn at_most(cases: u32) -> ProptestConfig {
    let given = std::env::var("PROPTEST_CASES").ok();
    let given = given.and_then(|cases| cases.parse().ok());
    ProptestConfig::with_cases(given.unwrap_or(cases).min(cases))
}

proptest! {
    #![proptest_config(at_most(192))]

    #[test]
    fn rsaep_equals_the_raw_encryption_of_the_crate_rsa(
        n in modulus(),
        e in proptest::sample::select(&EXPONENTS[..]),
        operands in proptest::collection::vec(operand(), 1..5),
    ) {
        let e = BigUint::from(e);
        let peer = RsaPublicKey::new(n.clone(), e.clone()).expect("a key that rsa takes");
        let size = n.bits().div_ceil(8);
        let (mut blocks, mut expected) = (vec![], vec![]);
        for m in operands.iter().map(|operand| operand.below(&n)) {
            let c = rsa_encrypt(&peer, &m).expect("an operand below the modulus");
            blocks.extend(padded(&m, size));
            expected.extend(padded(&c, size));
        }
        for backend in Backend::available() {
            let key = PublicKey::with_backend(&n.to_bytes_be(), &e.to_bytes_be(), backend)
                .expect("a usable key");
            let mut blocks = blocks.clone();
            key.rsaep(&mut blocks).expect("operands below the modulus");
            prop_assert!(blocks == expected, "{backend} differs from rsa");
        }
    }
}
