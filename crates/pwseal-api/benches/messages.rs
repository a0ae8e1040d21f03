//! What the messages cost beside the encryption.
//!
//! `info JSON -> body JSON, less the encryption` is the price of everything else: parsing,
//! choosing the account, finding the key, the policies, base64, writing the body.

use std::hint::black_box;
use std::time::{Duration, Instant};

use criterion::{Criterion, criterion_group, criterion_main};
use pwseal::Password;
use pwseal_api::{KeyCache, PasswordInfo};

const INFO: &[u8] = include_bytes!("../../../examples/password-info.json");

fn messages(criterion: &mut Criterion) {
    let password = Password::new("correct horse 7").expect("not empty");
    let mut keys = KeyCache::new();
    let info = PasswordInfo::from_json(INFO).expect("it is read");
    let key = keys.key(&info).expect("it has a key");

    criterion.bench_function("parse a password-info", |bencher| {
        bencher.iter(|| PasswordInfo::from_json(black_box(INFO)));
    });
    criterion.bench_function("find the key in the cache", |bencher| {
        bencher.iter(|| keys.key(black_box(&info)));
    });
    let recipient = info.recipient(None).expect("one account");
    criterion.bench_function("check the policies", |bencher| {
        bencher.iter(|| recipient.check(black_box(&password)));
    });
    let request = recipient.change_request(&password).expect("a body");
    criterion.bench_function("write the body", |bencher| {
        bencher.iter(|| black_box(&request).to_json());
    });
    let ciphertext = key.encrypt(&password).expect("encrypted");
    criterion.bench_function("base64 of the ciphertext", |bencher| {
        bencher.iter(|| black_box(&ciphertext).to_base64());
    });
    criterion.bench_function("encryption alone", |bencher| {
        bencher.iter(|| key.encrypt(black_box(&password)));
    });
    let mut info_to_body = || {
        let info = PasswordInfo::from_json(black_box(INFO))?;
        let recipient = info.recipient_cached(None, &mut keys)?;
        Ok::<_, pwseal_api::Error>(recipient.change_request(black_box(&password))?.to_json())
    };
    criterion.bench_function("info JSON -> body JSON", |bencher| {
        bencher.iter(&mut info_to_body);
    });
    // In turn, so that what slows the machine down slows both.
    criterion.bench_function("info JSON -> body JSON, less the encryption", |bencher| {
        bencher.iter_custom(|iterations| {
            let (mut whole, mut encryption) = (Duration::ZERO, Duration::ZERO);
            for _ in 0..iterations {
                let start = Instant::now();
                let body = black_box(info_to_body());
                whole += start.elapsed();
                let start = Instant::now();
                let ciphertext = black_box(key.encrypt(black_box(&password)));
                encryption += start.elapsed();
                drop((body, ciphertext));
            }
            whole.saturating_sub(encryption)
        });
    });
}

criterion_group!(benches, messages);
criterion_main!(benches);
