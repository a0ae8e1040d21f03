//! Many threads use one key at once, and the results are right. `tests/long sanitizers` runs it for
//! longer under ThreadSanitizer.

mod common;

use std::thread;
use std::time::{Duration, Instant};

use common::{Decryptor, Stream, password, public_key};
use pwseal::policy::{Context, Policy};
use pwseal::{Backend, PublicKey};

const THREADS: usize = 64;

#[test]
fn many_threads_use_one_key() {
    let seconds = std::env::var("THREADS_SECONDS").ok();
    let time_of_each = seconds.map_or(Duration::from_millis(250), |text| {
        Duration::from_secs(text.parse().expect("seconds"))
    });
    let padding: Vec<u8> = (1..=255).cycle().take(600).collect();

    for backend in Backend::available() {
        // Made anew, so that its first use is by all threads at once.
        let key = public_key(2048).with_backend(backend).expect("available");
        let policy = Policy::from_strings(["passwordMinLength is 4", "passwordMinNumeric is 1"]);
        let expected = encrypt(&key, &padding, b"pass 1");
        assert_eq!(Decryptor::new(2048).decrypt(&expected), b"pass 1");
        let end = Instant::now() + time_of_each;
        thread::scope(|scope| {
            for _ in 0..THREADS {
                scope.spawn(|| {
                    let key = key.clone();
                    loop {
                        assert_eq!(encrypt(&key, &padding, b"pass 1"), expected);
                        assert!(
                            policy
                                .check(&password(b"pass 1"), &Context::new())
                                .all_passed()
                        );
                        if Instant::now() > end {
                            break;
                        }
                    }
                });
            }
        });
    }
}

fn encrypt(key: &PublicKey, padding: &[u8], message: &[u8]) -> Vec<u8> {
    let ciphertext = key.encrypt_with_rng(&mut Stream(padding), &password(message));
    ciphertext.expect("there is padding enough").into_bytes()
}
