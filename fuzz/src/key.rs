//! Any bytes as a key: refused with a message of one line, or a key that encrypts.

use pwseal::{Password, PublicKey};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

/// Runs one input.
pub fn run(input: &[u8]) {
    match PublicKey::parse_with_form(input) {
        Ok((key, _)) => {
            let der = key.to_spki_der();
            assert_eq!(PublicKey::from_spki_der(&der).as_ref(), Ok(&key));
            let password = Password::new("x").expect("not empty");
            let rng = &mut ChaCha8Rng::seed_from_u64(0);
            let ciphertext = key.encrypt_with_rng(rng, &password).expect("it fits");
            assert_eq!(ciphertext.as_bytes().len(), key.size());
        }
        Err(error) => assert_eq!(error.to_string().lines().count(), 1),
    }
}
