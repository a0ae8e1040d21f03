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
use std::time::{Duration, Instant};

use http::{Request, Response};
use pwseal::Password;
use pwseal_api::{
    Api, MAX_BODY_LEN, Next, PasswordChangeResponse, PasswordInfo, PasswordInfoQuery,
    PasswordStatus, StatusPoll, authorize,
};

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
    change_password(&Client::new(api, token), &query, &password)?;
    println!("The password is changed.");
    Ok(())
}

pub(crate) struct Client {
    api: Api,
    token: String,
    agent: ureq::Agent,
}

impl Client {
    pub(crate) fn new(api: Api, token: String) -> Self {
        let config = ureq::Agent::config_builder()
            // Both are answers to be read, not errors of the client's.
            .http_status_as_error(false)
            .max_redirects(0)
            .timeout_global(Some(Duration::from_secs(60)));
        Self {
            api,
            token,
            agent: config.build().into(),
        }
    }

    pub(crate) fn send(
        &self,
        mut request: Request<Vec<u8>>,
    ) -> Result<Response<Vec<u8>>, Box<dyn Error>> {
        authorize(&mut request, &self.token)?;
        let response = if request.body().is_empty() {
            self.agent.run(request.map(|_| ()))?
        } else {
            self.agent.run(request)?
        };
        let (head, body) = response.into_parts();
        let mut bytes = Vec::new();
        let limit = MAX_BODY_LEN as u64 + 1;
        // A body that breaks off is read as far as it came: it is the status that counts.
        let _ = body.into_reader().take(limit).read_to_end(&mut bytes);
        Ok(Response::from_parts(head, bytes))
    }
}

pub(crate) fn change_password(
    client: &Client,
    query: &PasswordInfoQuery<'_>,
    password: &Password,
) -> Result<(), Box<dyn Error>> {
    let response = client.send(client.api.query_password_info(query)?)?;
    let info = PasswordInfo::from_response(&response)?;

    // With several accounts, `Some("id or name")` says which one.
    let change = info.change_request(None, password)?;
    let response = client.send(client.api.set_password(&change)?)?;
    let ordered = Instant::now();
    let change = PasswordChangeResponse::from_response(&response)?;
    let id = change
        .request_id
        .ok_or("no request id: the outcome is not known")?;

    let poll = StatusPoll::new();
    let mut wait = poll.delay(Duration::ZERO);
    loop {
        thread::sleep(wait);
        let response = client.send(client.api.password_change_status(&id)?)?;
        let answer = PasswordStatus::from_response(&response);
        match poll.next(answer, ordered.elapsed()) {
            Next::AskAgain { after, .. } => wait = after,
            Next::Finished { .. } => return Ok(()),
            Next::Failed { reasons } => return Err(reasons.join("; ").into()),
            Next::Refused(error) => return Err(error.into()),
            _ => return Err("it takes too long; it may still be done".into()),
        }
    }
}
