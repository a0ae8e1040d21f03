//! Changes a password over HTTP, with the blocking client ureq.
//!
//! ```text
//! cargo run --example blocking -- https://acme.api.identitynow.com v2026 Abby.Smith My-AD
//! ```
//!
//! The access token and the new password are read from standard input, a line each. Built as it
//! is, ureq has no TLS: for a real tenant switch its feature `rustls` on.

use std::error::Error;
use std::io::{self, BufRead, Read};
use std::thread;
use std::time::Duration;

use http::{Request, Response};
use pwseal::Password;
use pwseal_api::{Api, Exchange, MAX_BODY_LEN, PasswordInfoQuery};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [base_url, version, user_name, source_name] = &arguments[..] else {
        return Err("usage: blocking BASE-URL VERSION USER-NAME SOURCE-NAME".into());
    };
    let api = Api::at(version.parse()?, base_url)?;

    let mut lines = io::stdin().lock().lines();
    let token = lines.next().ok_or("no token")??;
    let password = Password::try_from(lines.next().ok_or("no password")??)?;

    let query = PasswordInfoQuery::new(user_name, source_name);
    change_password(&Exchange::new(&api, &token, &query), &password)?;
    println!("The password is changed.");
    Ok(())
}

/// With several accounts, `exchange.with_account("id or name")` says which one.
pub(crate) fn change_password(
    exchange: &Exchange<'_>,
    password: &Password,
) -> Result<(), Box<dyn Error>> {
    let client = client();
    exchange.run(password, |request| send(&client, request), thread::sleep)?;
    Ok(())
}

pub(crate) fn client() -> ureq::Agent {
    let config = ureq::Agent::config_builder()
        // Both are answers to be read, not errors of the client's.
        .http_status_as_error(false)
        .max_redirects(0)
        .timeout_global(Some(Duration::from_secs(60)));
    config.build().into()
}

pub(crate) fn send(
    client: &ureq::Agent,
    request: Request<Vec<u8>>,
) -> Result<Response<Vec<u8>>, ureq::Error> {
    let response = if request.body().is_empty() {
        client.run(request.map(|_| ()))?
    } else {
        client.run(request)?
    };
    let (head, body) = response.into_parts();
    let mut bytes = Vec::new();
    let limit = MAX_BODY_LEN as u64 + 1;
    // A body that breaks off is read as far as it came: it is the status that counts.
    let _ = body.into_reader().take(limit).read_to_end(&mut bytes);
    Ok(Response::from_parts(head, bytes))
}
