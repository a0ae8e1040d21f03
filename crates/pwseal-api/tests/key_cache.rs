//! Parsed keys, kept and found again.
// The helpers of a test may panic as the test itself may.
#![allow(clippy::panic, clippy::unwrap_used)]

use pwseal_api::{Error, KeyCache, PasswordInfo};

fn info(id: &str) -> PasswordInfo<'_> {
    let example = include_bytes!("data/password-info.json");
    let mut info = PasswordInfo::from_json(example).unwrap();
    info.public_key_id = Some(id.into());
    info
}

/// Another key, as the API writes it.
fn other_key() -> String {
    let pem = include_str!("data/other-key.pem");
    pem.lines().filter(|line| !line.starts_with('-')).collect()
}

#[test]
fn a_key_is_parsed_once() {
    let mut keys = KeyCache::new();
    for _ in 0..1000 {
        assert_eq!(keys.key(&info("a")).unwrap(), info("a").key().unwrap());
    }
    assert_eq!(keys.len(), 1);
}

#[test]
fn a_new_key_under_an_old_id_is_not_mistaken_for_the_old_one() {
    let mut keys = KeyCache::new();
    let old = info("a");
    let mut new = info("a");
    new.public_key = Some(other_key().into());
    assert_ne!(keys.key(&old).unwrap(), keys.key(&new).unwrap());
    assert_eq!(keys.key(&new).unwrap(), new.key().unwrap());
    assert_eq!(keys.len(), 2);
}

#[test]
fn it_is_bounded_and_keeps_what_is_used() {
    let mut keys = KeyCache::new();
    for number in 0..100 {
        keys.key(&info("often")).unwrap();
        keys.key(&info(&number.to_string())).unwrap();
        assert!(keys.len() <= KeyCache::CAPACITY);
    }
    let debug = format!("{keys:?}");
    assert!(debug.contains("\"often\"") && debug.contains("\"99\"") && !debug.contains("\"3\""));
}

#[test]
fn a_key_that_cannot_be_used_is_not_kept() {
    let mut keys = KeyCache::new();
    let mut bad = info("a");
    bad.public_key = Some("AIIBIjAN".into());
    assert!(matches!(keys.key(&bad), Err(Error::Core(_))));
    bad.public_key = None;
    assert!(matches!(
        keys.key(&bad),
        Err(Error::MissingField {
            field: "publicKey",
            ..
        })
    ));
    assert!(keys.is_empty());
}

#[test]
fn a_recipient_with_a_kept_key_is_the_same() {
    let mut keys = KeyCache::new();
    let info = info("a");
    let cached = info.recipient_cached(None, &mut keys).unwrap();
    assert_eq!(
        format!("{cached:?}"),
        format!("{:?}", info.recipient(None).unwrap())
    );
    assert!(info.recipient_cached(Some("nobody"), &mut keys).is_err());
}
