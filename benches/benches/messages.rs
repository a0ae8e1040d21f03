//! What the messages cost beside the encryption.
//!
//! `info JSON -> body JSON` less `encryption alone` is the price of everything else: parsing,
//! choosing the account, finding the key, base64, writing the body.
#![allow(missing_docs, reason = "criterion's macros make the public items")]

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use pwseal::Password;
use pwseal_api::{KeyCache, PasswordInfo};

const INFO: &[u8] = include_bytes!("../../examples/password-info.json");

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
    criterion.bench_function("info JSON -> body JSON", |bencher| {
        bencher.iter(|| {
            let info = PasswordInfo::from_json(black_box(INFO))?;
            let recipient = info.recipient_cached(None, &mut keys)?;
            Ok::<_, pwseal_api::Error>(recipient.change_request(black_box(&password))?.to_json())
        });
    });
}

criterion_group!(benches, messages);
criterion_main!(benches);
