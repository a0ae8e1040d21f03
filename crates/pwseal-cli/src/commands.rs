//! What each command does.

use std::path::Path;

use pwseal::PublicKey;
use pwseal_api::PasswordInfo;

use crate::args::PasswordInput;
use crate::failure::Failure;
use crate::files::{print, read_info, read_key};
use crate::password;

pub(crate) fn encrypt(key: &Path, input: &PasswordInput) -> Result<(), Failure> {
    if key == Path::new("-") {
        return Err(Failure::Usage(
            "--key cannot be standard input, which holds the password".into(),
        ));
    }
    let key = parse_key(key, &read_key(key)?)?.0;
    let password = password::read(input)?;
    let ciphertext = key
        .encrypt(&password)
        .map_err(|error| Failure::Encrypt(error.into()))?;
    print(&format!("{}\n", ciphertext.to_base64()))
}

pub(crate) fn request(
    path: &Path,
    account: Option<&str>,
    input: &PasswordInput,
) -> Result<(), Failure> {
    if path == Path::new("-") {
        return Err(Failure::Usage(
            "--info cannot be standard input, which holds the password".into(),
        ));
    }
    let failure = |error| Failure::Info {
        path: path.into(),
        error,
    };
    let info = PasswordInfo::from_json(read_info(path)?).map_err(failure)?;
    // What is wrong with the file is found out before the password is asked for.
    let recipient = info.recipient(account).map_err(failure)?;

    let password = password::read(input)?;
    let request = recipient
        .change_request(&password)
        .map_err(Failure::Encrypt)?;
    print(&format!("{}\n", request.to_json()))
}

pub(crate) fn key(path: &Path) -> Result<(), Failure> {
    let (key, form) = parse_key(path, &read_key(path)?)?;
    let weak = if key.is_weak() {
        "weak:              yes, it has fewer than 2048 bits\n"
    } else {
        ""
    };
    print(&format!(
        "kind:              {form}\n\
         bits:              {}\n\
         exponent:          {}\n\
         SHA-256 of SPKI:   {}\n\
         longest password:  {} bytes\n\
         {weak}",
        key.bits(),
        exponent(&key),
        key.fingerprint(),
        key.max_password_len(),
    ))
}

fn parse_key(path: &Path, bytes: &[u8]) -> Result<(PublicKey, pwseal::KeyForm), Failure> {
    PublicKey::parse_with_form(bytes).map_err(|error| Failure::Key {
        path: path.into(),
        error,
    })
}

/// In decimal where it fits 64 bits, which all but test keys do, and else in hexadecimal.
fn exponent(key: &PublicKey) -> String {
    match key.exponent() {
        bytes if bytes.len() <= 8 => bytes
            .iter()
            .fold(0, |e, byte| (e << 8) | u64::from(*byte))
            .to_string(),
        bytes => bytes.iter().fold("0x".into(), |text: String, byte| {
            text + &format!("{byte:02x}")
        }),
    }
}
