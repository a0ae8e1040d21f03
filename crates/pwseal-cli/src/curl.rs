//! Requests, as configurations for curl.

use std::fmt::Write;

use pwseal::SysRng;
use pwseal_api::http::Request;
use pwseal_api::http::uri::Scheme;
use pwseal_api::{
    Api, DigitTokenRequest, MAX_BODY_LEN, Operation, PasswordChangeRequest, PasswordInfoQuery,
    RATE_LIMIT_REQUESTS, RATE_LIMIT_WINDOW,
};

use crate::args::{Curl, CurlOperation, CurlSetPassword, Target};
use crate::commands::{change_request, characters, recipient};
use crate::failure::Failure;
use crate::files::{print_secret, read_info, write_secret};
use crate::{password, policy};

/// How long curl waits for a connection, for an answer, and for a retry to succeed, in seconds.
const CONNECT_TIMEOUT: u8 = 10;
const MAX_TIME: u8 = 60;
const RETRY_MAX_TIME: u8 = 60;

/// How often it sends again what changes nothing.
const RETRIES: u8 = 3;

/// What is the same for all requests. It also undoes what a user's own `.curlrc` may say: a redirect followed would take the
/// ciphertext elsewhere, and without the body of an error, or with one that was unpacked, an answer cannot be read.
const SETTINGS: [&str; 7] = [
    "include",
    "silent",
    "show-error",
    "globoff",
    "no-location",
    "no-fail",
    "no-compressed",
];

/// curl reads no line of more than 100 KiB.
const LONGEST_LINE: usize = 100_000;

pub(crate) fn run(args: &Curl) -> Result<(), Failure> {
    let configuration = match &args.operation {
        CurlOperation::QueryPasswordInfo {
            user_name,
            source_name,
            target,
        } => {
            let query = PasswordInfoQuery::new(user_name, source_name);
            let request = api(target)?.query_password_info(&query);
            configuration(Operation::QueryPasswordInfo, request)?
        }
        CurlOperation::SetPassword(args) => return set_password(args),
        CurlOperation::PasswordChangeStatus { request_id, target } => {
            let request = api(target)?.password_change_status(request_id);
            configuration(Operation::PasswordChangeStatus, request)?
        }
        CurlOperation::GenerateDigitToken {
            user_id,
            length,
            duration_minutes,
            target,
        } => {
            let mut token = DigitTokenRequest::new(user_id);
            token.length = *length;
            token.duration_minutes = *duration_minutes;
            let request = api(target)?.generate_digit_token(&token);
            configuration(Operation::GenerateDigitToken, request)?
        }
    };
    print_secret(configuration.as_bytes())
}

fn api(target: &Target) -> Result<Api, Failure> {
    let version = target.api_version;
    match (&target.tenant, &target.base_url) {
        (_, Some(base_url)) => Api::at(version, base_url),
        (tenant, None) => Api::new(version, tenant.as_deref().unwrap_or_default()),
    }
    .map_err(Failure::Request)
}

fn set_password(args: &CurlSetPassword) -> Result<(), Failure> {
    let api = api(&args.target)?;
    let of = |change: &PasswordChangeRequest| {
        configuration(Operation::SetPassword, api.set_password(change))
    };
    let Some(secret_out) = &args.secret_out else {
        return print_secret(of(&change_request(&args.request)?)?.as_bytes());
    };
    let options = characters(&args.characters)?;
    let info = read_info(&args.request.info)?;
    let recipient = recipient(&info, &args.request)?;
    let (password, report) = recipient
        .generate(&mut SysRng, options)
        .map_err(Failure::Encrypt)?;
    policy::warn(&report);
    let change = recipient
        .change_request(&password)
        .map_err(Failure::Encrypt)?;
    let configuration = of(&change)?;
    // It is on the disk before anything could be sent.
    write_secret(secret_out, &password::line(&password))?;
    print_secret(configuration.as_bytes())
}

/// A request as curl reads it: one option a line.
fn configuration(
    operation: Operation,
    request: Result<Request<Vec<u8>>, pwseal_api::Error>,
) -> Result<String, Failure> {
    let request = request.map_err(Failure::Request)?;
    let mut lines = format!(
        "# For curl 7.84 or newer: curl --header @FILE --config -\n\
         # FILE has the line \"Authorization: Bearer ...\", with a token of the scope {}.\n",
        operation.scope()
    );
    set(&mut lines, "url", &request.uri().to_string());
    set(&mut lines, "request", request.method().as_str());
    for (name, value) in request.headers() {
        // All of them are text.
        let value = value.to_str().unwrap_or_default();
        set(&mut lines, "header", &format!("{name}: {value}"));
    }
    if !request.body().is_empty() {
        // JSON is UTF-8.
        set(
            &mut lines,
            "data-raw",
            &String::from_utf8_lossy(request.body()),
        );
    }
    if lines.lines().any(|line| line.len() > LONGEST_LINE) {
        return Err(Failure::Usage(format!(
            "the request is longer than curl reads from a configuration, {LONGEST_LINE} bytes"
        )));
    }
    for setting in SETTINGS {
        lines.push_str(setting);
        lines.push('\n');
    }
    if request.uri().scheme() == Some(&Scheme::HTTP) {
        // It is this machine itself, which no proxy can reach.
        set(&mut lines, "proto", "=http");
        set(&mut lines, "noproxy", "*");
    } else {
        set(&mut lines, "proto", "=https");
    }
    let rate = u64::from(RATE_LIMIT_REQUESTS) / RATE_LIMIT_WINDOW.as_secs();
    set(&mut lines, "rate", &format!("{rate}/s"));
    let mut set_number = |name, number: usize| {
        // Writing to a string does not fail.
        let _ = writeln!(lines, "{name} = {number}");
    };
    set_number("connect-timeout", CONNECT_TIMEOUT.into());
    set_number("max-time", MAX_TIME.into());
    set_number("max-filesize", MAX_BODY_LEN);
    // What changes something may have been carried out when its answer is an error, or lost.
    if operation.is_safe() {
        set_number("retry", RETRIES.into());
        set_number("retry-max-time", RETRY_MAX_TIME.into());
    } else {
        set_number("retry", 0);
    }
    Ok(lines)
}

/// Adds an option with a text, quoted as curl reads it.
fn set(lines: &mut String, name: &str, text: &str) {
    let _ = write!(lines, "{name} = \"");
    for character in text.chars() {
        match character {
            '"' | '\\' => lines.extend(['\\', character]),
            '\n' => lines.push_str("\\n"),
            '\r' => lines.push_str("\\r"),
            '\t' => lines.push_str("\\t"),
            _ => lines.push(character),
        }
    }
    lines.push_str("\"\n");
}
