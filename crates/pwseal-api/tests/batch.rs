//! Bodies that are made together.
// The helpers of a test may panic as the test itself may.
#![allow(clippy::panic, clippy::unwrap_used)]

use pwseal::Password;
use pwseal_api::{Batch, EncryptionQueue, Error, PasswordInfo};

fn info(identity: &str) -> PasswordInfo<'_> {
    let example = include_bytes!("data/password-info.json");
    let mut info = PasswordInfo::from_json(example).unwrap();
    info.identity_id = Some(identity.into());
    info
}

/// The same with another key.
fn other(identity: &str) -> PasswordInfo<'_> {
    let pem = include_str!("data/other-key.pem");
    let key: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    let mut info = info(identity);
    info.public_key = Some(key.into());
    info.public_key_id = Some("other".into());
    info
}

#[test]
fn each_has_its_body_or_its_error_in_order() {
    let mut batch = Batch::new();
    let infos = [info("0"), other("1"), info("2"), other("3"), info("4")];
    let passwords = ["horse 0", "horse 1", "zzzz", "horse\n", "horse 4"];
    for (info, password) in infos.iter().zip(passwords) {
        batch.push(info.recipient(None), Password::new(password).unwrap());
    }
    batch.push(
        infos[0].recipient(Some("nobody")),
        Password::new("horse 6").unwrap(),
    );
    let bodies = batch.finish();
    for (index, id) in [(0, "0"), (1, "1"), (4, "4")] {
        let body = bodies[index].as_ref().unwrap();
        assert_eq!(body.identity_id(), id);
        assert_eq!(body.encrypted_password().len(), 344);
        assert_eq!(body.public_key_id() == "other", index == 1);
    }
    let errors: Vec<_> = bodies.into_iter().filter_map(Result::err).collect();
    assert!(matches!(
        &errors[..],
        [
            Error::Policy(_),
            Error::Core(pwseal::Error::PasswordNotText { .. }),
            Error::AccountNotFound { .. },
        ]
    ));
}

#[test]
fn the_policy_may_be_passed_over() {
    let mut batch = Batch::new();
    let info = info("0");
    batch.push_despite_policy(info.recipient(None), Password::new("zzzz ").unwrap());
    let long = Password::new(&"7".repeat(246)).unwrap();
    batch.push_despite_policy(info.recipient(None), long);
    let bodies = batch.finish();
    assert_eq!(bodies[0].as_ref().unwrap().warnings().iter().count(), 1);
    assert!(matches!(
        bodies[1],
        Err(Error::Core(pwseal::Error::PasswordTooLong {
            len: 246,
            max: 245,
            ..
        }))
    ));
}

#[test]
fn debug_leaves_ciphertexts_out() {
    let info = info("0");
    let mut queue = EncryptionQueue::new();
    let password = Password::new("correct horse 7").unwrap();
    queue.add(&info.recipient(None).unwrap(), password).unwrap();
    let empty = format!("{:?}", EncryptionQueue::new());
    queue.encrypt(|_, _| {}).unwrap();
    assert_eq!(format!("{queue:?}"), empty);
}
