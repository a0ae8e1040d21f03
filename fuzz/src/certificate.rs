//! Any bytes as the DER of a certificate: refused, or a key whose numbers stand in the input.

use pwseal::{Error, PublicKey};

/// Runs one input.
pub fn run(input: &[u8]) {
    match PublicKey::from_certificate_der(input) {
        Ok(key) => {
            for number in [key.modulus(), key.exponent()] {
                assert!(input.windows(number.len()).any(|window| window == number));
            }
            assert_eq!(PublicKey::parse(input), Ok(key));
        }
        Err(error) => {
            assert_eq!(error.to_string().lines().count(), 1);
            if let Error::KeyTruncated { len, expected, .. } = error {
                assert!(len == input.len() && expected > len);
            }
        }
    }
}
