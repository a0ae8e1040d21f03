//! Any modulus, exponent and messages: all backends, num-bigint and the crate `rsa` agree.
//!
//! The input is two bytes for the length of the modulus, one for the exponent, one for how many
//! messages, and then the numbers: each repeats what there is of it.

use num_bigint::BigUint;
use rsa::hazmat::rsa_encrypt;
use rsaep::{Backend, MAX_BITS, MIN_BITS, PublicKey};

const EXPONENTS: [u64; 6] = [3, 5, 17, 257, 65_537, (1 << 33) - 1];

/// The longest modulus of most inputs: the oracles are slow.
const BITS: usize = 4200;

/// From how many bits on a backend has digits that no shorter modulus has (crates/rsaep/docs/vpmuldq.md).
const LONG: usize = 14_001;

/// Runs one input.
pub fn run(input: &[u8]) {
    let [high, low, exponent, count, numbers @ ..] = input else {
        return;
    };
    let wanted = usize::from(*high) << 8 | usize::from(*low);
    let is_long = wanted % 64 == 63;
    let bits = match is_long {
        true => LONG + wanted / 64 % (MAX_BITS - LONG + 1),
        false => MIN_BITS + wanted % (BITS - MIN_BITS + 1),
    };
    let exponent = match is_long {
        true => EXPONENTS[0],
        false => EXPONENTS[usize::from(*exponent) % EXPONENTS.len()],
    };
    let size = bits.div_ceil(8);
    let (modulus, messages) = numbers.split_at(numbers.len() / 2);

    let mut n = repeat(modulus, size, 0);
    n[0] &= 0xff >> (8 * size - bits);
    n[0] |= 1 << ((bits - 1) % 8);
    n[size - 1] |= 1;
    let e = exponent.to_be_bytes();
    let (big_n, big_e) = (BigUint::from_bytes_be(&n), BigUint::from(exponent));

    // Nine reach the backend for eight at once and for one.
    let count = 1 + usize::from(*count) % 9;
    let mut blocks = Vec::with_capacity(count * size);
    let mut expected = Vec::with_capacity(count * size);
    for index in 0..count {
        let m = BigUint::from_bytes_be(&repeat(messages, size, index)) % &big_n;
        blocks.extend(padded(&m, size));
        expected.extend(padded(&m.modpow(&big_e, &big_n), size));
    }
    if bits <= 4096 {
        let [n, m] = [&n, &blocks[..size].to_vec()].map(|bytes| rsa::BigUint::from_bytes_be(bytes));
        let key = rsa::RsaPublicKey::new_with_max_size(n, rsa::BigUint::from(exponent), bits);
        // It knows fewer exponents.
        if let Ok(key) = key {
            let power = rsa_encrypt(&key, &m).expect("below the modulus");
            assert_eq!(
                power.to_bytes_be(),
                BigUint::from_bytes_be(&expected[..size]).to_bytes_be()
            );
        }
    }
    for backend in Backend::available() {
        let key = PublicKey::with_backend(&n, &e, backend).expect("a key of odd numbers");
        assert_eq!(key.backend(), backend);
        let mut found = blocks.clone();
        key.rsaep(&mut found).expect("below the modulus");
        assert_eq!(found, expected, "{backend}");
    }
}

/// A number of `size` bytes out of fewer or more.
fn repeat(bytes: &[u8], size: usize, skip: usize) -> Vec<u8> {
    match bytes {
        [] => vec![0; size],
        _ => bytes
            .iter()
            .copied()
            .cycle()
            .skip(skip * size)
            .take(size)
            .collect(),
    }
}

fn padded(number: &BigUint, size: usize) -> Vec<u8> {
    let bytes = number.to_bytes_be();
    [vec![0; size - bytes.len()], bytes].concat()
}
