//! The examples against a server: the whole exchange, and all that can go wrong in it.
// The helpers of a test may panic as the test itself may.
#![allow(clippy::panic, clippy::unwrap_used)]

#[allow(dead_code)]
#[path = "../examples/async.rs"]
mod async_example;
#[allow(dead_code)]
#[path = "../examples/blocking.rs"]
mod blocking_example;

use std::error::Error;
use std::thread;
use std::time::Duration;

use pwseal::Password;
use pwseal_api::{
    AnswerError, AnswerProblem, Api, ApiVersion, DigitToken, DigitTokenRequest, Exchange,
    ExchangeError, PasswordInfoQuery, StatusPoll, authorize,
};
use pwseal_test_server::{Server, TOKEN, Trouble};

const ACCOUNT: &str = "CN=Abby Smith,OU=Austin,OU=Americas,OU=Demo,DC=seri,DC=acme,DC=com";
const PASSWORD: &str = "correct horse 7 ü";

fn api(server: &Server) -> Api {
    Api::at(ApiVersion::V2026, &server.url()).unwrap()
}

fn query(user_name: &str) -> PasswordInfoQuery<'_> {
    PasswordInfoQuery::new(user_name, "My-AD")
}

type Outcome = Result<(), Box<dyn Error>>;

/// Less than what is waited after an error that names no time.
fn poll() -> StatusPoll {
    StatusPoll::new().with_patience(Duration::from_secs(9))
}

fn blocking(server: &Server, token: &str, user_name: &str) -> Outcome {
    let (api, query) = (api(server), query(user_name));
    let exchange = Exchange::new(&api, token, &query).with_poll(poll());
    blocking_example::change_password(&exchange, &Password::new(PASSWORD)?)
}

fn asynchronous(server: &Server, token: &str, user_name: &str) -> Outcome {
    let (api, query, password) = (api(server), query(user_name), Password::new(PASSWORD)?);
    let exchange = Exchange::new(&api, token, &query).with_poll(poll());
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async_example::change_password(&exchange, &password))
}

/// Both clients, each with a server of its own.
fn both(trouble: Trouble, check: impl Fn(&Server, fn(&Server, &str, &str) -> Outcome) + Sync) {
    thread::scope(|scope| {
        for client in [blocking, asynchronous] {
            let server = Server::start(trouble.clone());
            let check = &check;
            scope.spawn(move || check(&server, client));
        }
    });
}

fn answer_error(outcome: Outcome) -> AnswerError {
    let error = outcome.unwrap_err();
    let error = match error.downcast::<ExchangeError<ureq::Error>>() {
        Ok(error) => match *error {
            ExchangeError::Answer(error) => return error,
            error => panic!("{error}"),
        },
        Err(error) => error,
    };
    match *error.downcast::<ExchangeError<reqwest::Error>>().unwrap() {
        ExchangeError::Answer(error) => error,
        error => panic!("{error}"),
    }
}

#[test]
fn the_server_gets_the_password() {
    both(Trouble::None, |server, exchange| {
        exchange(server, TOKEN, "Abby.Smith").unwrap();
        assert_eq!(
            server.password(ACCOUNT).as_deref(),
            Some(PASSWORD.as_bytes())
        );
        assert_eq!(
            server.requests(),
            [
                "POST /v2026/query-password-info",
                "POST /v2026/set-password",
                "GET /v2026/password-change-status/00000000000000000000000000000001",
                "GET /v2026/password-change-status/00000000000000000000000000000001",
            ]
        );
    });
}

#[test]
fn a_busy_server_is_asked_again() {
    both(Trouble::Busy, |server, exchange| {
        exchange(server, TOKEN, "Abby.Smith").unwrap();
        assert_eq!(server.requests().len(), 6);
        assert!(server.password(ACCOUNT).is_some());
    });
}

#[test]
fn a_change_that_fails_says_why() {
    both(Trouble::Fails, |server, exchange| {
        let error = exchange(server, TOKEN, "Abby.Smith").unwrap_err();
        assert_eq!(
            error.to_string(),
            "the password change FAILED: The password is in the history."
        );
        assert_eq!(server.password(ACCOUNT), None);
    });
}

#[test]
fn a_wrong_token_and_a_wrong_name() {
    both(Trouble::None, |server, exchange| {
        assert_eq!(
            answer_error(exchange(server, "expired", "Abby.Smith")).to_string(),
            "the answer to query-password-info is 401 Unauthorized: JWT validation failed: \
             JWT is expired; the token is missing, wrong or expired"
        );
        assert_eq!(
            answer_error(exchange(server, TOKEN, "Bobby.Smith")).to_string(),
            "the answer to query-password-info is 404 Not Found: 404.1 Error: There is no such \
             person. (tracking id b21b1f7ce4da4d639f2c62a57171b427); are userName and sourceName right to the letter?"
        );
    });
}

/// The answer to each of the steps in turn goes wrong.
fn broken(status: u16, head: &str, body: &str, expected: &str) {
    let answer = format!("HTTP/1.1 {status} X\r\nConnection: close\r\n{head}\r\n{body}");
    for step in [
        "query-password-info",
        "set-password",
        "password-change-status",
    ] {
        if step == "password-change-status" && matches!(status, 429 | 500..) {
            continue; // It is asked for again, as long as the patience lasts.
        }
        both(
            Trouble::Raw(step, answer.clone().into_bytes()),
            |server, exchange| {
                let error = answer_error(exchange(server, TOKEN, "Abby.Smith"));
                assert_eq!(
                    (error.operation().name(), error.status().as_u16()),
                    (step, status)
                );
                assert!(error.to_string().contains(expected), "{error}");
                assert_eq!(server.password(ACCOUNT), None);
            },
        );
    }
}

#[test]
fn every_error_of_the_specification() {
    for status in [400, 403, 404, 500] {
        broken(
            status,
            "Content-Type: application/json\r\n",
            r#"{"detailCode": "400.1 Bad Request Content", "messages": [{"text": "Invalid."}]}"#,
            ": 400.1 Bad Request Content: Invalid.",
        );
    }
    let message = r#"{"error": "JWT validation failed: JWT is expired"}"#;
    broken(
        401,
        "",
        message,
        ": JWT validation failed: JWT is expired; the token is",
    );
    let message = r#"{"message": " Rate Limit Exceeded "}"#;
    broken(
        429,
        "Retry-After: 7\r\n",
        message,
        ": Rate Limit Exceeded; ask again in 7 s",
    );
}

#[test]
fn a_page_of_a_gateway_with_its_type_or_the_wrong_one() {
    for content_type in ["text/html", "application/json"] {
        for status in [407, 502] {
            broken(
                status,
                &format!("Content-Type: {content_type}\r\nContent-Length: 20\r\n"),
                "<html>Who are you? \n",
                ", and its body not the API's: \"<html>Who are you?\"",
            );
        }
    }
    broken(
        502,
        "Content-Length: 0\r\n",
        "",
        ", with nothing that is the API's",
    );
}

#[test]
fn json_with_another_content_type_is_read_all_the_same() {
    let body = include_str!("../../../examples/password-info.json").replace("publicKey\"", "x\"");
    let answer =
        format!("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n{body}");
    both(
        Trouble::Raw("query", answer.into_bytes()),
        |server, exchange| {
            let error = exchange(server, TOKEN, "Abby.Smith").unwrap_err();
            assert!(
                error
                    .to_string()
                    .starts_with("the password-info has no publicKey"),
                "{error}"
            );
        },
    );
}

#[test]
fn a_body_that_is_cut_off_or_says_a_thing_twice() {
    for (body, expected) in [
        (
            r#"{"requestId": "1"#,
            r#"cut off, at line 1 column 16: "{\"requestId\": \"1""#,
        ),
        (
            "{\"state\": \"A\",\n\"state\": \"B\"}",
            "in which state occurs twice",
        ),
    ] {
        // It announces more than it sends.
        let answer = format!("HTTP/1.1 202 Accepted\r\nContent-Length: 100\r\n\r\n{body}");
        both(
            Trouble::Raw("set-password", answer.into_bytes()),
            |server, exchange| {
                let error = answer_error(exchange(server, TOKEN, "Abby.Smith"));
                assert_eq!(error.status(), 202);
                assert!(error.to_string().contains(expected), "{error}");
            },
        );
    }
}

#[test]
fn a_gigabyte_is_not_read() {
    both(Trouble::Gigabyte, |server, exchange| {
        let error = answer_error(exchange(server, TOKEN, "Abby.Smith"));
        assert_eq!(*error.problem(), AnswerProblem::TooLong);
        assert_eq!(error.status(), 200);
    });
}

#[test]
fn a_redirect_is_not_followed_with_the_token() {
    let head = "Location: http://127.0.0.1:1/elsewhere\r\nContent-Length: 0\r\n";
    broken(302, head, "", "302 Found, with nothing that is the API's");
}

#[test]
fn a_digit_token_of_the_length_asked_for() {
    let server = Server::start(Trouble::None);
    let request = DigitTokenRequest::new("Abby.Smith").with_length(18);
    let mut request = api(&server).generate_digit_token(&request).unwrap();
    authorize(&mut request, TOKEN).unwrap();
    let answer = blocking_example::send(&blocking_example::client(), request).unwrap();
    let token = DigitToken::from_response(&answer).unwrap();
    assert_eq!(token.digit_token(), Some("012345678901234567"));
}
