//! Changes a password over HTTP, with the async client reqwest on tokio.
//!
//! ```text
//! cargo run --example async -- https://acme.api.identitynow.com v2026 Abby.Smith My-AD
//! ```
//!
//! The access token and the new password are read from standard input, a line each. Built as it
//! is, reqwest has no TLS: for a real tenant switch its feature `rustls` on.

use std::error::Error;
use std::io::{self, BufRead};
use std::time::{Duration, Instant};

use http::{Request, Response};
use pwseal::Password;
use pwseal_api::{
    Api, MAX_BODY_LEN, Next, PasswordChangeResponse, PasswordInfo, PasswordInfoQuery,
    PasswordStatus, StatusPoll, authorize,
};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [base_url, version, user_name, source_name] = &arguments[..] else {
        return Err("usage: async BASE-URL VERSION USER-NAME SOURCE-NAME".into());
    };
    let api = Api::at(version.parse()?, base_url)?;

    let mut lines = io::stdin().lock().lines();
    let token = lines.next().ok_or("no token")??;
    let password = Password::try_from(lines.next().ok_or("no password")??)?;

    let query = PasswordInfoQuery::new(user_name, source_name);
    change_password(&Client::new(api, token)?, &query, &password).await?;
    println!("The password is changed.");
    Ok(())
}

pub(crate) struct Client {
    api: Api,
    token: String,
    client: reqwest::Client,
}

impl Client {
    pub(crate) fn new(api: Api, token: String) -> Result<Self, Box<dyn Error>> {
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(Duration::from_secs(60))
            .build()?;
        Ok(Self { api, token, client })
    }

    pub(crate) async fn send(
        &self,
        mut request: Request<Vec<u8>>,
    ) -> Result<Response<Vec<u8>>, Box<dyn Error>> {
        authorize(&mut request, &self.token)?;
        let mut response = self.client.execute(request.try_into()?).await?;
        let mut bytes = Vec::new();
        // A body that breaks off is read as far as it came: it is the status that counts.
        while let Ok(Some(chunk)) = response.chunk().await {
            let room = (MAX_BODY_LEN + 1).saturating_sub(bytes.len());
            bytes.extend_from_slice(&chunk[..chunk.len().min(room)]);
            if bytes.len() > MAX_BODY_LEN {
                break;
            }
        }
        let mut answer = Response::new(bytes);
        *answer.status_mut() = response.status();
        *answer.headers_mut() = std::mem::take(response.headers_mut());
        Ok(answer)
    }
}

pub(crate) async fn change_password(
    client: &Client,
    query: &PasswordInfoQuery<'_>,
    password: &Password,
) -> Result<(), Box<dyn Error>> {
    let response = client.send(client.api.query_password_info(query)?).await?;
    let info = PasswordInfo::from_response(&response)?;

    // With several accounts, `Some("id or name")` says which one.
    let change = info.change_request(None, password)?;
    let response = client.send(client.api.set_password(&change)?).await?;
    let ordered = Instant::now();
    let change = PasswordChangeResponse::from_response(&response)?;
    let id = change
        .request_id
        .ok_or("no request id: the outcome is not known")?;

    let poll = StatusPoll::new();
    let mut wait = poll.delay(Duration::ZERO);
    loop {
        tokio::time::sleep(wait).await;
        let response = client.send(client.api.password_change_status(&id)?).await?;
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
