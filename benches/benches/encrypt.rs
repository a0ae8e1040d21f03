//! pwseal beside other implementations: one password, many, and a key that is used once.
//!
//! Every peer does its whole operation, random numbers and padding included, in the way
//! its documentation shows. Keys are parsed before the clock starts, save in
//! `parse_and_encrypt`. README.md has the method and a table.
#![allow(missing_docs, reason = "criterion's macros make the public items")]

use std::hint::black_box;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use openssl::hash::MessageDigest;
use openssl::pkey::{PKey, Private};
use openssl::rsa::{Padding, Rsa};
use openssl::sign::Signer;
use pwseal::{Backend, Password, PublicKey};

const PASSWORD: &str = "correct horse 7";
const BITS: [u32; 3] = [2048, 3072, 4096];
const BATCH: usize = 64;

struct Key {
    bits: u32,
    private: PKey<Private>,
    spki: Vec<u8>,
    base64: String,
}

impl Key {
    fn generate(bits: u32) -> Self {
        let private = PKey::from_rsa(Rsa::generate(bits).unwrap()).unwrap();
        let spki = private.public_key_to_der().unwrap();
        let base64 = STANDARD.encode(&spki);
        Self {
            bits,
            private,
            spki,
            base64,
        }
    }

    fn pwseal(&self) -> PublicKey {
        PublicKey::parse(&self.base64).unwrap()
    }

    /// The key for each backend that this CPU has, by the name of the benchmark.
    fn forced(&self) -> Vec<(String, PublicKey)> {
        let key = self.pwseal();
        Backend::available()
            .map(|backend| {
                let key = key.with_backend(backend).unwrap();
                (format!("pwseal-{backend}"), key)
            })
            .collect()
    }
}

fn encrypt(criterion: &mut Criterion, key: &Key) {
    let mut group = criterion.benchmark_group(format!("encrypt/{}", key.bits));
    let password = Password::new(PASSWORD).unwrap();
    let mut out = vec![0; key.pwseal().size()];

    let mine = key.pwseal();
    group.bench_function("pwseal", |b| {
        b.iter(|| mine.encrypt_into(black_box(&password), &mut out).unwrap());
    });
    for (name, mine) in key.forced() {
        group.bench_function(name, |b| {
            b.iter(|| mine.encrypt_into(black_box(&password), &mut out).unwrap());
        });
    }

    let aws_lc = aws_lc_rs::rsa::PublicEncryptingKey::from_der(&key.spki).unwrap();
    let aws_lc = aws_lc_rs::rsa::Pkcs1PublicEncryptingKey::new(aws_lc).unwrap();
    group.bench_function("aws-lc-rs", |b| {
        b.iter(|| {
            let message = black_box(PASSWORD).as_bytes();
            aws_lc.encrypt(message, &mut out).unwrap();
        });
    });

    let openssl = Rsa::public_key_from_der(&key.spki).unwrap();
    group.bench_function("openssl", |b| {
        b.iter(|| {
            let message = black_box(PASSWORD).as_bytes();
            openssl
                .public_encrypt(message, &mut out, Padding::PKCS1)
                .unwrap()
        });
    });

    {
        use rsa_09::pkcs8::DecodePublicKey;
        let rsa = rsa_09::RsaPublicKey::from_public_key_der(&key.spki).unwrap();
        let mut rng = rand_08::thread_rng();
        group.bench_function("rsa-0.9", |b| {
            b.iter(|| {
                let message = black_box(PASSWORD).as_bytes();
                rsa.encrypt(&mut rng, rsa_09::Pkcs1v15Encrypt, message)
                    .unwrap()
            });
        });
    }

    {
        use rsa_010::pkcs8::DecodePublicKey;
        let rsa = rsa_010::RsaPublicKey::from_public_key_der(&key.spki).unwrap();
        let mut rng = rand_010::rng();
        group.bench_function("rsa-0.10", |b| {
            b.iter(|| {
                let message = black_box(PASSWORD).as_bytes();
                rsa.encrypt(&mut rng, rsa_010::Pkcs1v15Encrypt, message)
                    .unwrap()
            });
        });
    }

    let pkcs1 = key
        .private
        .rsa()
        .unwrap()
        .public_key_to_der_pkcs1()
        .unwrap();
    let graviola = graviola::signing::rsa::VerifyingKey::from_pkcs1_der(&pkcs1).unwrap();
    let mut signer = Signer::new(MessageDigest::sha256(), &key.private).unwrap();
    let signature = signer.sign_oneshot_to_vec(PASSWORD.as_bytes()).unwrap();
    group.bench_function("graviola", |b| {
        b.iter(|| {
            let message = black_box(PASSWORD).as_bytes();
            graviola.verify_pkcs1_sha256(&signature, message).unwrap();
        });
    });
}

fn encrypt_many(criterion: &mut Criterion, key: &Key) {
    let password = Password::new(PASSWORD).unwrap();
    let mine = key.pwseal();
    let size = mine.size();

    let mut group = criterion.benchmark_group(format!("encrypt_many/{}", key.bits));
    for batch in [1, 7, 8, 9, BATCH, 1000] {
        let passwords = vec![&password; batch];
        let mut out = vec![0; size * batch];
        group.throughput(Throughput::Elements(batch as u64));
        let name = match batch {
            BATCH => "pwseal".to_owned(),
            _ => format!("pwseal-batch-of-{batch}"),
        };
        group.bench_function(name, |b| {
            b.iter(|| {
                mine.encrypt_many_into(black_box(&passwords), &mut out)
                    .unwrap();
            });
        });
    }

    group.throughput(Throughput::Elements(BATCH as u64));
    let passwords = vec![&password; BATCH];
    let mut out = vec![0; size * BATCH];
    for (name, mine) in key.forced() {
        group.bench_function(name, |b| {
            b.iter(|| {
                mine.encrypt_many_into(black_box(&passwords), &mut out)
                    .unwrap();
            });
        });
    }

    let mut out = vec![0; size];
    let aws_lc = aws_lc_rs::rsa::PublicEncryptingKey::from_der(&key.spki).unwrap();
    let aws_lc = aws_lc_rs::rsa::Pkcs1PublicEncryptingKey::new(aws_lc).unwrap();
    group.bench_function("aws-lc-rs", |b| {
        b.iter(|| {
            for _ in 0..BATCH {
                let message = black_box(PASSWORD).as_bytes();
                aws_lc.encrypt(message, &mut out).unwrap();
            }
        });
    });
    let openssl = Rsa::public_key_from_der(&key.spki).unwrap();
    group.bench_function("openssl", |b| {
        b.iter(|| {
            for _ in 0..BATCH {
                let message = black_box(PASSWORD).as_bytes();
                openssl
                    .public_encrypt(message, &mut out, Padding::PKCS1)
                    .unwrap();
            }
        });
    });
}

/// What a backend computes from a modulus before the first password.
fn set_up(criterion: &mut Criterion, key: &Key) {
    let mut group = criterion.benchmark_group(format!("set_up/{}", key.bits));
    let mine = key.pwseal();
    for backend in Backend::available() {
        group.bench_function(format!("pwseal-{backend}"), |b| {
            b.iter(|| black_box(&mine).with_backend(backend).unwrap());
        });
    }
}

fn parse_and_encrypt(criterion: &mut Criterion, key: &Key) {
    let mut group = criterion.benchmark_group(format!("parse_and_encrypt/{}", key.bits));
    let password = Password::new(PASSWORD).unwrap();
    let mut out = vec![0; key.pwseal().size()];

    group.bench_function("pwseal", |b| {
        b.iter(|| {
            let key = PublicKey::from_base64(black_box(&key.base64)).unwrap();
            key.encrypt_into(&password, &mut out).unwrap();
        });
    });
    group.bench_function("openssl", |b| {
        b.iter(|| {
            let der = STANDARD.decode(black_box(&key.base64)).unwrap();
            let key = Rsa::public_key_from_der(&der).unwrap();
            key.public_encrypt(PASSWORD.as_bytes(), &mut out, Padding::PKCS1)
                .unwrap()
        });
    });
    group.bench_function("aws-lc-rs", |b| {
        b.iter(|| {
            let der = STANDARD.decode(black_box(&key.base64)).unwrap();
            let key = aws_lc_rs::rsa::PublicEncryptingKey::from_der(&der).unwrap();
            let key = aws_lc_rs::rsa::Pkcs1PublicEncryptingKey::new(key).unwrap();
            key.encrypt(PASSWORD.as_bytes(), &mut out).unwrap().len()
        });
    });
}

fn all(criterion: &mut Criterion) {
    for key in BITS.map(Key::generate) {
        encrypt(criterion, &key);
        encrypt_many(criterion, &key);
        set_up(criterion, &key);
        parse_and_encrypt(criterion, &key);
    }
}

criterion_group! {
    name = benches;
    config = Criterion::default()
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(2));
    targets = all
}
criterion_main!(benches);
