//! The encryption functions: how they use a random source, what they refuse and what they
//! leave behind then, and that the crate `rsa` decrypts what they write.

mod common;

use std::borrow::Borrow;
use std::cell::Cell;
use std::sync::LazyLock;
use std::thread;

use common::{Decryptor, Exhausted, SIZES, Stream, password, public_key, unbase64};
use proptest::prelude::*;
use pwseal::rand_core::{TryCryptoRng, TryRng};
use pwseal::{Error, Password, PublicKey};

const SECRET: &[u8] = b"correct horse 7";

// Random sources

/// As many bytes other than zero as any test here draws.
fn nonzero() -> Vec<u8> {
    (1..=255).cycle().take(8192).collect()
}

/// Gives the same byte for ever and counts how often it is asked; or fails at some call.
struct Constant {
    byte: u8,
    calls: usize,
    fails_at: Option<usize>,
}

impl Constant {
    fn new(byte: u8) -> Self {
        let (calls, fails_at) = (0, None);
        Self {
            byte,
            calls,
            fails_at,
        }
    }

    fn failing_at(call: usize) -> Self {
        let (byte, calls, fails_at) = (1, 0, Some(call));
        Self {
            byte,
            calls,
            fails_at,
        }
    }
}

impl TryRng for Constant {
    type Error = Exhausted;

    fn try_next_u32(&mut self) -> Result<u32, Exhausted> {
        unreachable!("padding is drawn as bytes")
    }

    fn try_next_u64(&mut self) -> Result<u64, Exhausted> {
        unreachable!("padding is drawn as bytes")
    }

    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Exhausted> {
        self.calls += 1;
        if self.fails_at == Some(self.calls) {
            return Err(Exhausted);
        }
        out.fill(self.byte);
        Ok(())
    }
}

impl TryCryptoRng for Constant {}

#[test]
fn the_padding_is_the_stream_in_order_without_its_zeros() {
    let key = public_key(2048);
    let decryptor = Decryptor::new(2048);
    let ps_len = 256 - 3 - SECRET.len();
    let mut stream = nonzero();
    // The first, two in the middle, the last before PS is full, and the one after that.
    for position in [0, 100, 101, ps_len + 2, ps_len + 4] {
        stream.insert(position, 0);
    }
    let ps: Vec<u8> = (1..=255).take(ps_len).collect();

    let mut rng = Stream(&stream);
    let ciphertext = key.encrypt_with_rng(&mut rng, &password(SECRET)).unwrap();
    assert_eq!(
        decryptor.padded(&ciphertext),
        [&[0, 2], &ps[..], &[0], SECRET].concat()
    );
    // Not a byte more is drawn than PS and the zeros in it.
    assert_eq!(stream.len() - rng.0.len(), ps_len + 4);
}

#[test]
fn exactly_the_padding_is_drawn_for_every_length() {
    let key = public_key(1024);
    let stream = nonzero();
    for len in 0..=117 {
        let mut rng = Stream(&stream);
        let plaintext = vec![b'x'; len];
        key.encrypt_with_rng(&mut rng, &password(&plaintext))
            .unwrap();
        assert_eq!(stream.len() - rng.0.len(), 128 - 3 - len);
    }
}

#[test]
fn a_dead_random_source_is_an_error_after_a_bounded_number_of_draws() {
    let key = public_key(2048);
    let mut rng = Constant::new(0);
    let error = key
        .encrypt_with_rng(&mut rng, &password(SECRET))
        .unwrap_err();
    assert_eq!(error, Error::RandomSource);
    assert_eq!(
        error.to_string(),
        "the source of random bytes failed: nothing was encrypted or generated"
    );
    assert_eq!(rng.calls, 64);

    // One that comes to life in time is none.
    let mut stream = vec![0; (256 - 3 - SECRET.len()) * 63];
    stream.extend(nonzero());
    let ciphertext = key.encrypt_with_rng(&mut Stream(&stream), &password(SECRET));
    assert_eq!(
        ciphertext,
        key.encrypt_with_rng(&mut Stream(&nonzero()), &password(SECRET))
    );
}

#[test]
fn a_failing_random_source_is_an_error() {
    let key = public_key(2048);
    let error = key.encrypt_with_rng(&mut Constant::failing_at(1), &password(SECRET));
    assert_eq!(error, Err(Error::RandomSource));
    // It gives zeros first, and fails when it is asked for their replacement.
    let error = key.encrypt_with_rng(&mut Stream(&[0; 300]), &password(SECRET));
    assert_eq!(error, Err(Error::RandomSource));
    let three = [SECRET, SECRET, SECRET].map(password);
    let error = key.encrypt_many_with_rng(&mut Constant::failing_at(3), &three);
    assert_eq!(error, Err(Error::RandomSource));
}

#[test]
fn the_default_randomness_differs_each_time() {
    let key = public_key(2048);
    let secret = password(SECRET);
    let [mut a, mut b] = [[0; 256]; 2];
    key.encrypt_into(&secret, &mut a).unwrap();
    key.encrypt_into(&secret, &mut b).unwrap();
    let mut all = vec![a.to_vec(), b.to_vec()];
    all.extend([&secret; 2].map(|secret| key.encrypt(secret).unwrap().into_bytes()));
    let many = key.encrypt_many(&[&secret, &secret]).unwrap();
    all.extend(many.into_iter().map(|ciphertext| ciphertext.into_bytes()));
    let mut blocks = [0; 512];
    key.encrypt_many_into(&[&secret, &secret], &mut blocks)
        .unwrap();
    all.extend(blocks.chunks(256).map(<[u8]>::to_vec));

    assert_eq!(all.len(), 8);
    let decryptor = Decryptor::new(2048);
    for ciphertext in &all {
        assert_eq!(decryptor.decrypt(ciphertext), SECRET);
    }
    all.sort();
    all.dedup();
    assert_eq!(all.len(), 8);
}

// Lengths

#[test]
fn the_longest_password_and_one_byte_more() {
    for bits in SIZES {
        let key = public_key(bits);
        let decryptor = Decryptor::new(bits);
        let max = bits.div_ceil(8) - 11;
        for len in [0, 1, max - 1, max] {
            let plaintext: Vec<u8> = (0..=255).cycle().take(len).collect();
            let ciphertext = key.encrypt(&password(&plaintext)).unwrap();
            assert_eq!(ciphertext.as_bytes().len(), bits.div_ceil(8));
            assert_eq!(decryptor.decrypt(&ciphertext), plaintext);
        }

        let mut rng = Constant::new(1);
        let too_long = password(&vec![b'x'; max + 1]);
        let error = key.encrypt_with_rng(&mut rng, &too_long).unwrap_err();
        assert_eq!(error, key.check_password_len(max + 1).unwrap_err());
        assert_eq!(
            error.to_string(),
            format!(
                "the password has {} bytes; the longest that this key can encrypt has {max}",
                max + 1
            )
        );
        assert_eq!(rng.calls, 0);
    }
}

#[test]
fn an_output_buffer_of_another_length_is_refused_and_left_alone() {
    let key = public_key(2048);
    let two = [SECRET, SECRET].map(password);
    for len in [0, 255, 257, 512] {
        let mut out = vec![0xaa; len];
        let error = key.encrypt_into(&two[0], &mut out).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("the output buffer has {len} bytes, and 256 are needed")
        );
        assert_eq!(out, vec![0xaa; len]);
    }
    for len in [0, 256, 511, 513] {
        let mut out = vec![0xaa; len];
        let error = key.encrypt_many_into(&two, &mut out).unwrap_err();
        assert!(
            matches!(error, Error::OutputLength { len: found, expected: 512, .. } if found == len)
        );
        assert_eq!(out, vec![0xaa; len]);
    }
}

// Many

#[test]
fn many_are_the_same_as_one_by_one_from_one_stream() {
    let key = public_key(2049);
    let lengths = [15, 1, 246, 0, 100, 15, 15, 15, 15];
    let passwords = lengths.map(|len| password(&vec![b'p'; len]));
    let mut stream = nonzero();
    for position in (0..4000).step_by(7) {
        stream.insert(position, 0);
    }

    for count in 0..=passwords.len() {
        let passwords = &passwords[..count];
        let mut one_rng = Stream(&stream);
        let one_by_one: Vec<_> = passwords
            .iter()
            .map(|password| key.encrypt_with_rng(&mut one_rng, password).unwrap())
            .collect();
        let mut many_rng = Stream(&stream);
        let many = key.encrypt_many_with_rng(&mut many_rng, passwords);
        assert_eq!(many.as_ref(), Ok(&one_by_one));
        assert_eq!(many_rng.0.len(), one_rng.0.len());

        let mut blocks = vec![0; 257 * count];
        key.encrypt_many_into_with_rng(&mut Stream(&stream), passwords, &mut blocks)
            .unwrap();
        let expected: Vec<&[u8]> = one_by_one.iter().map(|one| one.as_bytes()).collect();
        assert_eq!(blocks, expected.concat());
    }
}

#[test]
fn one_too_long_in_a_batch_is_named_and_nothing_is_encrypted() {
    let key = public_key(2048);
    let mut rng = Constant::new(1);
    let batch = [15, 245, 246, 300].map(|len| password(&vec![b'x'; len]));
    let mut out = vec![0xaa; 4 * 256];
    let error = key
        .encrypt_many_into_with_rng(&mut rng, &batch, &mut out)
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "the password at index 2 of the batch: the password has 246 bytes; the longest that this key can encrypt has 245"
    );
    let too_long = key.check_password_len(246).unwrap_err();
    assert_eq!(error, too_long.in_batch(2));
    // Its message is in that of the batch: a chain of errors would show it twice.
    assert!(std::error::Error::source(&error).is_none());
    assert_eq!(out, vec![0xaa; 4 * 256]);
    assert_eq!(rng.calls, 0);
    let error_of_the_other = key.encrypt_many(&batch).unwrap_err();
    assert_eq!(error_of_the_other, error);
}

#[cfg(feature = "std")]
mod on_threads {
    use std::num::NonZero;
    use std::panic::catch_unwind;
    use std::sync::Mutex;
    use std::thread::{self, ThreadId};

    use pwseal::{Error, Threads};

    use super::{Decryptor, password, public_key};

    fn threads(number: usize) -> Threads {
        Threads::at_most(NonZero::new(number).expect("not 0"))
    }

    #[test]
    fn they_come_back_in_order() {
        let (key, decryptor) = (public_key(2048), Decryptor::new(2048));
        // Shares that are whole, one that is not, one thread, and more threads than shares.
        for (number, count) in [(1, 70), (2, 64), (3, 300), (50, 129), (4, 0)] {
            let passwords: Vec<_> = (0..count)
                .map(|index| password(format!("horse {index}").as_bytes()))
                .collect();
            let ciphertexts = key.encrypt_many_on(threads(number), &passwords).unwrap();
            assert_eq!(ciphertexts.len(), count);
            for (ciphertext, password) in ciphertexts.iter().zip(&passwords) {
                assert_eq!(decryptor.decrypt(ciphertext.as_bytes()), password.expose());
            }
        }
    }

    #[test]
    fn one_too_long_is_named_by_its_index_in_the_whole() {
        let key = public_key(2048);
        let mut passwords = vec![password(b"hunter2"); 200];
        passwords[150] = password(&[b'x'; 246]);
        let error = key.encrypt_many_on(threads(3), &passwords).unwrap_err();
        assert!(
            matches!(error, Error::InBatch { index: 150, .. }),
            "{error}"
        );
        assert_eq!(error, key.encrypt_many(&passwords).unwrap_err());
    }

    #[test]
    fn as_many_threads_work_as_are_said() {
        let seen = Mutex::new(Vec::<ThreadId>::new());
        let barrier = std::sync::Barrier::new(3);
        // Each thread waits for the others in its first share.
        let shares = threads(3).share_out(192, 256, 0..3, |share| {
            seen.lock().unwrap().push(thread::current().id());
            barrier.wait();
            share
        });
        assert_eq!(shares, [0, 1, 2]);
        let mut seen = seen.into_inner().unwrap();
        assert!(seen.contains(&thread::current().id()));
        seen.sort_by_key(|id| format!("{id:?}"));
        seen.dedup();
        assert_eq!(seen.len(), 3);
    }

    #[test]
    fn a_panic_in_the_work_of_a_thread_is_that_of_the_caller() {
        let main = thread::current().id();
        let barrier = std::sync::Barrier::new(2);
        let caught = catch_unwind(|| {
            threads(2).share_out(128, 256, 0..2, |_| {
                barrier.wait();
                assert_eq!(thread::current().id(), main, "not the caller's");
            })
        });
        let message = *caught.unwrap_err().downcast::<String>().unwrap();
        assert!(message.contains("not the caller's"), "{message}");
    }

    #[test]
    fn little_work_is_done_by_one_thread_and_long_keys_are_more_work() {
        let number = |count, size| Threads::WHERE_IT_PAYS.number(count, size);
        assert_eq!(
            [number(0, 256), number(4096, 256), number(1024, 512)],
            [1; 3]
        );
        assert_eq!(number(4_097, 256), number(1025, 512));
        // Some ten milliseconds for each thread.
        assert_eq!(threads(1).part(1_000_000, 256), 4096);
        assert_eq!(threads(2).part(1_000_000, 512), 2 * 1024);
        assert_eq!(threads(2).part(1_000_000, 2048), 2 * 64);
    }
}

// What is left behind and what is shown

/// Answers with the longest password at first, and later with one that no key can take.
struct Fickle {
    answers: [Password; 2],
    asked: Cell<usize>,
}

impl Borrow<Password> for Fickle {
    fn borrow(&self) -> &Password {
        self.asked.set(self.asked.get() + 1);
        &self.answers[(self.asked.get() - 1).min(1)]
    }
}

#[test]
fn what_lends_a_password_is_asked_once() {
    let (key, decryptor) = (public_key(2048), Decryptor::new(2048));
    let longest = vec![b'x'; key.max_password_len()];
    let fickle = || Fickle {
        answers: [password(&longest), password(&[b'y'; 4096])],
        asked: Cell::new(0),
    };
    let passwords = [fickle(), fickle()];
    let mut out = vec![0; 2 * key.size()];
    key.encrypt_many_into(&passwords, &mut out).unwrap();
    for (ciphertext, lender) in out.chunks(key.size()).zip(&passwords) {
        assert_eq!(decryptor.decrypt(ciphertext), longest);
        assert_eq!(lender.asked.get(), 1);
    }
}

/// Whether any four bytes of the secret are in a buffer.
fn holds_secret(buffer: &[u8]) -> bool {
    SECRET
        .windows(4)
        .any(|piece| buffer.windows(4).any(|window| window == piece))
}

#[test]
fn after_an_error_the_buffer_holds_nothing_of_a_password() {
    let key = public_key(1024);
    let batch = [SECRET; 4].map(password);
    let mut out = vec![0; 4 * 128];
    for call in 1..=4 {
        let error =
            key.encrypt_many_into_with_rng(&mut Constant::failing_at(call), &batch, &mut out);
        assert_eq!(error, Err(Error::RandomSource));
        assert!(!holds_secret(&out), "call {call}");
    }
    let dead = key.encrypt_many_into_with_rng(&mut Constant::new(0), &batch, &mut out);
    assert_eq!(dead, Err(Error::RandomSource));
    assert!(!holds_secret(&out));
    let mut out = [0; 128];
    let dead = key.encrypt_into_with_rng(&mut Constant::new(0), &batch[0], &mut out);
    assert_eq!(dead, Err(Error::RandomSource));
    assert!(!holds_secret(&out));
    // The test can tell: EM would be found.
    out[113..].copy_from_slice(SECRET);
    assert!(holds_secret(&out));
}

#[test]
fn debug_and_display_show_no_content() {
    let secret = password(SECRET);
    assert_eq!(format!("{secret:?}"), "Password([redacted])");
    assert_eq!(format!("{secret:#?}"), "Password([redacted])");

    let key = public_key(1024);
    let ciphertext = key.encrypt(&secret).unwrap();
    assert_eq!(format!("{ciphertext:?}"), "Ciphertext(128 bytes)");

    let long = password(&SECRET.repeat(20));
    let errors = [
        key.encrypt(&long).unwrap_err(),
        key.encrypt_many(&[&secret, &long]).unwrap_err(),
        key.encrypt_into(&secret, &mut []).unwrap_err(),
        key.encrypt_with_rng(&mut Constant::failing_at(1), &secret)
            .unwrap_err(),
    ];
    for error in errors {
        for shown in [format!("{error:?}"), error.to_string()] {
            assert!(!holds_secret(shown.as_bytes()), "{shown}");
            // Nor as numbers: 'c', 'o', 'r'.
            assert!(!shown.contains("99, 111, 114"), "{shown}");
        }
    }
}

// Password and Ciphertext

#[test]
fn an_empty_password_is_refused_unless_it_is_meant() {
    let refusals = [
        Password::new(""),
        Password::try_from(Vec::with_capacity(10)),
        Password::try_from(String::new()),
    ];
    for refusal in refusals {
        assert_eq!(refusal.unwrap_err().to_string(), "the password is empty");
    }
    let empty = Password::empty();
    assert!(empty.is_empty() && empty.expose().is_empty());
    let key = public_key(1024);
    let ciphertext = key.encrypt(&empty).unwrap();
    assert_eq!(Decryptor::new(1024).decrypt(ciphertext), b"");
}

#[test]
fn a_password_is_taken_without_a_copy_and_kept_byte_for_byte() {
    let bytes = b"p\xff\0\r\n".to_vec();
    let address = bytes.as_ptr();
    let taken = Password::try_from(bytes).unwrap();
    assert_eq!(taken.expose().as_ptr(), address);
    assert_eq!(taken.expose(), b"p\xff\0\r\n");
    assert_eq!((taken.len(), taken.is_empty()), (5, false));

    let text = "Grüße".to_owned();
    let address = text.as_ptr();
    let taken = Password::try_from(text).unwrap();
    assert_eq!(taken.expose().as_ptr(), address);
    // The length is in bytes.
    assert_eq!(taken.len(), 7);
    assert_eq!(Password::new("Grüße").unwrap().expose(), taken.expose());
}

#[test]
fn the_base64_is_one_line_of_the_ciphertext() {
    let key = public_key(2048);
    let ciphertext = key.encrypt(&password(SECRET)).unwrap();
    let text = ciphertext.to_base64();
    assert_eq!(text.len(), 344);
    assert_eq!(unbase64(&text), ciphertext.as_bytes());
    assert_eq!(ciphertext.as_ref(), ciphertext.clone().into_bytes());
}

// Round trips

#[test]
fn one_key_serves_many_threads() {
    let key = public_key(2048);
    let decryptor = Decryptor::new(2048);
    let ciphertexts: Vec<_> = thread::scope(|scope| {
        let threads: Vec<_> = (0..8)
            .map(|_| scope.spawn(|| key.encrypt(&password(SECRET)).unwrap()))
            .collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .collect()
    });
    for ciphertext in ciphertexts {
        assert_eq!(decryptor.decrypt(ciphertext), SECRET);
    }
}

static KEYS: LazyLock<[(PublicKey, Decryptor); 5]> =
    LazyLock::new(|| SIZES.map(|bits| (public_key(bits), Decryptor::new(bits))));

/// So many cases, or as few as `PROPTEST_CASES` says where programs are emulated.
fn at_most(cases: u32) -> ProptestConfig {
    let given = std::env::var("PROPTEST_CASES").ok();
    let given = given.and_then(|cases| cases.parse().ok());
    ProptestConfig::with_cases(given.unwrap_or(cases).min(cases))
}

proptest! {
    #![proptest_config(at_most(64))]

    #[test]
    fn the_crate_rsa_decrypts_what_is_encrypted(
        index in 0..SIZES.len(),
        plaintext in prop::collection::vec(any::<u8>(), 0..=117),
        stream in prop::collection::vec(any::<u8>(), 1024),
    ) {
        let (key, decryptor) = &KEYS[index];
        let secret = password(&plaintext);
        let ciphertext = key.encrypt(&secret).unwrap();
        prop_assert_eq!(&decryptor.decrypt(ciphertext), &plaintext);

        let ciphertext = key.encrypt_with_rng(&mut Stream(&stream), &secret).unwrap();
        let padded = decryptor.padded(&ciphertext);
        let ps: Vec<u8> = stream.into_iter().filter(|byte| *byte != 0).collect();
        let ps = &ps[..key.size() - 3 - plaintext.len()];
        prop_assert_eq!(padded, [&[0, 2], ps, &[0], &plaintext].concat());
    }
}
