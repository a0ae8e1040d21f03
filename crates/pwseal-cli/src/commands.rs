//! What each command does.

use std::path::Path;

use pwseal::policy::{Context, GenerateOptions};
use pwseal::{PublicKey, SysRng};
use pwseal_api::{PasswordChangeRequest, PasswordInfo, Recipient};

use crate::args::{Characters, Check, Generate, PasswordInput, Request};
use crate::failure::Failure;
use crate::files::{print, print_secret, read_info, read_key};
use crate::{password, policy};

pub(crate) fn encrypt(key: &Path, input: &PasswordInput) -> Result<(), Failure> {
    if key == Path::new("-") {
        return Err(Failure::Usage(
            "--key cannot be standard input, which holds the password".into(),
        ));
    }
    let key = parse_key(key, &read_key(key)?)?.0;
    let judged = password::read(input)?;
    password::warn(judged.warnings());
    let ciphertext = key
        .encrypt(judged.password())
        .map_err(|error| Failure::Encrypt(error.into()))?;
    print(&format!("{}\n", ciphertext.to_base64()))
}

pub(crate) fn request(args: &Request) -> Result<(), Failure> {
    print(&format!("{}\n", change_request(args)?.to_json()))
}

/// The body of set-password for a password that is read.
pub(crate) fn change_request(args: &Request) -> Result<PasswordChangeRequest, Failure> {
    let info = read_info(&args.info)?;
    let context = policy::context(&args.checks)?;
    // What is wrong with the file is found out before the password is asked for.
    let recipient = recipient(&info, args, &context)?;

    let judged = password::read(&args.input)?;
    password::warn(judged.warnings());
    if !args.no_policy_check {
        let report = recipient.check(judged.password());
        policy::warn(&report);
        if report.has_violation() {
            return Err(Failure::Encrypt(pwseal_api::Error::Policy(report.into())));
        }
        policy::require_all(&report, &args.checks)?;
    }
    recipient
        .change_request_despite_policy(judged.password())
        .map_err(Failure::Encrypt)
}

pub(crate) fn recipient<'a>(
    info: &'a PasswordInfo<'_>,
    args: &Request,
    context: &'a Context,
) -> Result<Recipient<'a>, Failure> {
    let recipient = info.recipient(args.account.as_deref());
    let recipient = recipient.map_err(|error| Failure::Info {
        path: args.info.clone(),
        error,
    })?;
    Ok(recipient.with_context(context))
}

pub(crate) fn check(args: &Check) -> Result<u8, Failure> {
    let (policy, context) = policy::load(&args.rules, &args.checks)?;
    let context = policy::complete(context, args)?;
    let judged = password::read(&args.input)?;
    let report = policy.check(judged.password(), &context);
    print(&if args.json {
        policy::json(&report)
    } else {
        policy::table(&report)
    })?;
    let good = !report.has_violation() && (report.all_passed() || !args.checks.strict);
    Ok(if good { 0 } else { 1 })
}

pub(crate) fn generate(args: &Generate) -> Result<(), Failure> {
    let (policy, context) = policy::load(&args.rules, &args.checks)?;
    let options = characters(&args.characters)?;
    let (password, report) = policy
        .generate_for(&mut SysRng, options, &context)
        .map_err(Failure::Generate)?;
    policy::warn(&report);
    policy::require_all(&report, &args.checks)?;
    print_secret(&password::line(&password))
}

/// What generated passwords are made of.
pub(crate) fn characters(args: &Characters) -> Result<GenerateOptions, Failure> {
    if args.length == Some(0) {
        return Err(Failure::Usage("--length must be at least 1".into()));
    }
    let exclude = args.exclude.as_deref().unwrap_or_default();
    let options = GenerateOptions::from(args.length).exclude(exclude);
    Ok(match args.no_look_alikes {
        true => options.no_look_alikes(),
        false => options,
    })
}

pub(crate) fn key(path: &Path, json: bool) -> Result<(), Failure> {
    let (key, form) = parse_key(path, &read_key(path)?)?;
    let exponent = exponent(&key);
    if json {
        let description = serde_json::json!({
            "kind": form.to_string(),
            "bits": key.bits(),
            "exponent": exponent,
            "spkiSha256": key.fingerprint().to_string(),
            "longestPassword": key.max_password_len(),
            "weak": key.is_weak(),
        });
        return print(&format!("{description}\n"));
    }
    let weak = if key.is_weak() {
        "weak:              yes, it has fewer than 2048 bits\n"
    } else {
        ""
    };
    print(&format!(
        "kind:              {form}\n\
         bits:              {}\n\
         exponent:          {exponent}\n\
         SHA-256 of SPKI:   {}\n\
         longest password:  {} bytes\n\
         {weak}",
        key.bits(),
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
