//! Requests, as configurations for curl.

use std::collections::HashSet;
use std::fmt::Write as _;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use pwseal::SysRng;
use pwseal_api::http::{self, uri::Scheme};
use pwseal_api::{
    Api, DigitTokenRequest, MAX_BODY_LEN, Operation, PasswordChangeRequest, PasswordInfoQuery,
    RATE_LIMIT_REQUESTS, RATE_LIMIT_WINDOW,
};

use crate::args::{Csv, Curl, CurlOperation, CurlSetPassword, Many, Request, Target};
use crate::bulk::summary::skipped;
use crate::commands::{change_request, characters, recipient};
use crate::failure::Failure;
use crate::files::{complain, print_secret, read_info, unbuffered, write_secret};
use crate::many::{Folder, Lines};
use crate::{password, policy};

/// How long curl waits for a connection, for an answer, and for a retry to succeed, in seconds.
const CONNECT_TIMEOUT: u8 = 10;
const MAX_TIME: u8 = 60;
const RETRY_MAX_TIME: u8 = 60;

/// How often it sends again what changes nothing.
const RETRIES: u8 = 3;

/// What is the same for all requests. It also undoes what a user's own `.curlrc` may say: a redirect followed would take the
/// ciphertext elsewhere, without the body of an error, or with one that was unpacked, an answer cannot be read, and a curl of an
/// earlier run must not make a folder that was renamed.
const SETTINGS: [&str; 8] = [
    "include",
    "silent",
    "show-error",
    "globoff",
    "no-location",
    "no-fail",
    "no-compressed",
    "no-create-dirs",
];

/// curl reads no line of more than 100 KiB.
const LONGEST_LINE: usize = 100_000;

pub(crate) fn run(args: &Curl) -> Result<(), Failure> {
    let (operation, request) = match &args.operation {
        CurlOperation::QueryPasswordInfo {
            many, csv, target, ..
        } if many.input.is_some() => {
            return send_many(Operation::QueryPasswordInfo, many, csv, target);
        }
        CurlOperation::SetPassword(args) if args.many.input.is_some() => {
            return send_many(
                Operation::SetPassword,
                &args.many,
                &Csv::default(),
                &args.target,
            );
        }
        CurlOperation::PasswordChangeStatus { many, target, .. } if many.input.is_some() => {
            return send_many(
                Operation::PasswordChangeStatus,
                many,
                &Csv::default(),
                target,
            );
        }
        CurlOperation::QueryPasswordInfo {
            user_name,
            source_name,
            target,
            ..
        } => {
            let query = PasswordInfoQuery::new(text(user_name), text(source_name));
            let request = api(target)?.query_password_info(&query);
            (Operation::QueryPasswordInfo, request)
        }
        CurlOperation::SetPassword(args) => return set_password(args),
        CurlOperation::PasswordChangeStatus {
            request_id, target, ..
        } => {
            let request = api(target)?.password_change_status(text(request_id));
            (Operation::PasswordChangeStatus, request)
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
            (Operation::GenerateDigitToken, request)
        }
    };
    print_secret(configuration(operation, request)?.as_bytes())
}

/// An argument that is there when it is needed: clap sees to it.
fn text(argument: &Option<String>) -> &str {
    argument.as_deref().unwrap_or_default()
}

/// One configuration for all lines whose answers are not there.
fn send_many(operation: Operation, many: &Many, csv: &Csv, target: &Target) -> Result<(), Failure> {
    let (Some(input), Some(answers), Some(header_file)) =
        (&many.input, &many.answers, &many.header_file)
    else {
        return Err(Failure::Usage(
            "--in needs --answers and --header-file".into(),
        ));
    };
    let api = api(target)?;
    let place = text(&target.base_url).to_owned() + text(&target.tenant);
    let place = format!("{operation} {} {place}\n", target.api_version);
    let lines = Lines::open(operation, input, csv)?;
    if !lines.skipped().is_empty() {
        complain(format_args!("warning: {}", skipped(lines.skipped())));
    }
    let folder = Folder::begin(answers, &place, many.resume)?;
    let utf8 = |path: &Path| match path.to_str() {
        Some(path) => Ok(path.to_owned()),
        None => Err(Failure::Usage(
            "the names of files must be UTF-8 for curl".into(),
        )),
    };
    let header = format!("@{}", utf8(header_file)?);
    let mut names = HashSet::new();
    let mut out = BufWriter::new(unbuffered(&io::stdout()).map_err(Failure::Output)?);
    let (mut sent, mut wrong) = (0_u64, 0_u64);
    for line in lines {
        let line = line?;
        let (Ok(wanted), Some(name)) = (&line.wanted, line.name()) else {
            wrong += 1;
            continue;
        };
        let Ok(request) = wanted.request(&api) else {
            wrong += 1;
            continue;
        };
        // A line that occurs twice is one request.
        if names.contains(&name) || !folder.wants(wanted, &name)? {
            continue;
        }
        let mut section = String::new();
        section.push_str(match sent {
            // Where the network is lost, one request is, and not all that are left.
            0 => "fail-early\n",
            _ => "next\n",
        });
        write_request(&mut section, operation, &request)?;
        set(&mut section, "header", &header);
        // A connection for each request, so that no late answer is taken for the next one's. Of HTTP/2, which binds answers to
        // requests, curl leaves this out.
        set(&mut section, "header", "Connection: close");
        if !operation.is_safe() {
            // Where a connection is used again and breaks, curl sends the request once more, whatever `retry` says.
            section.push_str("http1.1\n");
        }
        section.push_str("no-include\n");
        let (head, body) = folder.files(&name);
        set(&mut section, "dump-header", &utf8(&head)?);
        set(&mut section, "output", &utf8(&body)?);
        out.write_all(section.as_bytes()).map_err(Failure::Output)?;
        names.insert(name);
        sent += 1;
    }
    out.flush().map_err(Failure::Output)?;
    let left = match sent {
        0 => "nothing is left to send".to_owned(),
        _ => format!("{sent} requests for curl"),
    };
    complain(match wrong {
        0 => left,
        _ => format!("{left}; {wrong} lines give none: pwseal answers says why"),
    });
    Ok(())
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
    let order = Request {
        info: args.info.clone().unwrap_or_default(),
        account: args.account.clone(),
        no_policy_check: args.no_policy_check,
        checks: args.checks.clone(),
        input: args.input,
    };
    let Some(secret_out) = &args.secret_out else {
        return print_secret(of(&change_request(&order)?)?.as_bytes());
    };
    let options = characters(&args.characters)?;
    let info = read_info(&order.info)?;
    let context = policy::context(&order.checks)?;
    let recipient = recipient(&info, &order, &context)?;
    let (password, report) = recipient
        .generate(&mut SysRng, options)
        .map_err(Failure::Encrypt)?;
    policy::warn(&report);
    policy::require_all(&report, &order.checks)?;
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
    request: Result<http::Request<Vec<u8>>, pwseal_api::Error>,
) -> Result<String, Failure> {
    let request = request.map_err(Failure::Request)?;
    let mut lines = format!(
        "# For curl 7.84 or newer: curl --header @FILE --config -\n\
         # FILE has the line \"Authorization: Bearer ...\", with a token of the scope {}.\n",
        operation.scope()
    );
    write_request(&mut lines, operation, &request)?;
    Ok(lines)
}

/// Adds a request, and how curl is to send it.
fn write_request(
    lines: &mut String,
    operation: Operation,
    request: &http::Request<Vec<u8>>,
) -> Result<(), Failure> {
    set(lines, "url", &request.uri().to_string());
    set(lines, "request", request.method().as_str());
    for (name, value) in request.headers() {
        // All of them are text.
        let value = value.to_str().unwrap_or_default();
        set(lines, "header", &format!("{name}: {value}"));
    }
    if !request.body().is_empty() {
        // JSON is UTF-8.
        set(lines, "data-raw", &String::from_utf8_lossy(request.body()));
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
        set(lines, "proto", "=http");
        set(lines, "noproxy", "*");
    } else {
        set(lines, "proto", "=https");
    }
    let rate = u64::from(RATE_LIMIT_REQUESTS) / RATE_LIMIT_WINDOW.as_secs();
    set(lines, "rate", &format!("{rate}/s"));
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
    Ok(())
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
