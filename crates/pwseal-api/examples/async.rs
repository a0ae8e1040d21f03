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
use std::time::Duration;

use http::{Request, Response};
use pwseal::Password;
use pwseal_api::{Api, Exchange, MAX_BODY_LEN, PasswordInfoQuery};

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
    change_password(&Exchange::new(&api, &token, &query), &password).await?;
    println!("The password is changed.");
    Ok(())
}

/// With several accounts, `exchange.with_account("id or name")` says which one.
pub(crate) async fn change_password(
    exchange: &Exchange<'_>,
    password: &Password,
) -> Result<(), Box<dyn Error>> {
    let client = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .timeout(Duration::from_secs(60))
        .build()?;
    let send = |request| send(&client, request);
    exchange
        .run_async(password, send, tokio::time::sleep)
        .await?;
    Ok(())
}

async fn send(
    client: &reqwest::Client,
    request: Request<Vec<u8>>,
) -> Result<Response<Vec<u8>>, reqwest::Error> {
    let mut response = client.execute(request.try_into()?).await?;
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
