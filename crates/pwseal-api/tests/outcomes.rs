//! What an exchange says of its outcome, for each way in which it can end, without a network.
// The helpers of a test may panic as the test itself may.
#![allow(clippy::panic, clippy::unwrap_used)]

use std::cell::RefCell;
use std::time::Duration;

use http::{Request, Response};
use pwseal::Password;
use pwseal_api::{
    Api, ApiVersion, Error, Exchange, ExchangeError, Operation, PasswordInfoQuery, StatusPoll,
};

const INFO: &str = include_str!("data/password-info.json");
const TOKEN: &str = "eyJhbGciOi.J9.c2ln";

/// An answer, or none.
type Answer = Option<(u16, &'static str)>;

/// What came of it, the paths that were asked for, and how long was waited.
struct Told {
    outcome: Result<Vec<String>, ExchangeError<&'static str>>,
    paths: Vec<String>,
    waits: Vec<Duration>,
}

/// The answers in their order, the last one for all that is asked after it.
fn exchange(password: &str, patience: u64, account: &str, answers: &[Answer]) -> Told {
    let api = Api::new(ApiVersion::V2026, "acme").unwrap();
    let query = PasswordInfoQuery::new("Abby.Smith", "My-AD");
    let poll = StatusPoll::new().with_patience(Duration::from_secs(patience));
    let mut exchange = Exchange::new(&api, TOKEN, &query).with_poll(poll);
    assert!(!format!("{exchange:?}").contains("eyJ"));
    if !account.is_empty() {
        exchange = exchange.with_account(account);
    }
    let (paths, waits) = (RefCell::new(Vec::new()), RefCell::new(Vec::new()));
    let send = |request: Request<Vec<u8>>| {
        assert_eq!(
            request.headers()["authorization"],
            format!("Bearer {TOKEN}")
        );
        let mut paths = paths.borrow_mut();
        let answer = answers[paths.len().min(answers.len() - 1)];
        let path = request.uri().path();
        paths.push(path.rsplit('/').next().unwrap().to_owned());
        let (status, body) = answer.ok_or("the line is dead")?;
        Ok(Response::builder().status(status).body(body).unwrap())
    };
    let wait = |time: Duration| waits.borrow_mut().push(time);
    let outcome = exchange.run(&Password::new(password).unwrap(), send, wait);
    Told {
        outcome,
        paths: paths.into_inner(),
        waits: waits.into_inner(),
    }
}

const ORDERED: Answer = Some((202, r#"{"requestId": "42"}"#));
const IN_PROGRESS: Answer = Some((200, r#"{"state": "IN_PROGRESS"}"#));
const FINISHED: Answer = Some((200, r#"{"state": "FINISHED"}"#));

#[test]
fn a_question_that_gets_no_answer_is_asked_again() {
    let answers = [Some((200, INFO)), ORDERED, None, IN_PROGRESS, FINISHED];
    let told = exchange("correct horse 7", 60, "Abby.Smith", &answers);
    assert_eq!(told.outcome, Ok(vec![]));
    assert_eq!(
        told.paths,
        ["query-password-info", "set-password", "42", "42", "42"]
    );
    assert_eq!(told.waits, [Duration::from_secs(1); 3]);
}

#[test]
fn the_clock_of_the_caller_counts() {
    let answers = [Some((200, INFO)), ORDERED, IN_PROGRESS];
    let told = exchange("correct horse 7", 60, "", &answers);
    let error = told.outcome.unwrap_err();
    assert!(matches!(error, ExchangeError::TimedOut { error: None, .. }));
    assert!(error.outcome_is_unknown());
    assert_eq!(told.waits.iter().sum::<Duration>(), Duration::from_secs(60));

    let answers = [Some((200, INFO)), ORDERED, None];
    let told = exchange("correct horse 7", 60, "", &answers);
    assert!(matches!(
        told.outcome,
        Err(ExchangeError::Send {
            operation: Operation::PasswordChangeStatus,
            error: "the line is dead",
            ..
        })
    ));
}

#[test]
fn nothing_is_ordered_twice_and_it_is_said_whether_it_may_be_done() {
    let info = Some((200, INFO));
    let cases: [(&[Answer], usize, bool, &str); 16] = [
        (
            &[None],
            1,
            false,
            "query-password-info got no answer: the line is dead",
        ),
        (
            &[Some((503, ""))],
            6,
            false,
            "the answer to query-password-info is 503",
        ),
        (
            &[Some((403, ""))],
            1,
            false,
            "the answer to query-password-info is 403",
        ),
        (
            &[info, None],
            2,
            true,
            "set-password got no answer: the line is dead",
        ),
        (
            &[info, Some((502, "<html>"))],
            2,
            true,
            "the answer to set-password is 502",
        ),
        (
            &[info, Some((202, "<html>"))],
            2,
            true,
            "the answer to set-password is 202",
        ),
        (
            &[info, Some((400, ""))],
            2,
            false,
            "the answer to set-password is 400",
        ),
        (
            &[info, Some((429, ""))],
            7,
            false,
            "the answer to set-password is 429",
        ),
        // No refusal, and no success that the API knows.
        (
            &[info, Some((200, r#"{"requestId": "42"}"#))],
            2,
            true,
            "the answer to set-password is 200",
        ),
        (
            &[info, Some((302, ""))],
            2,
            true,
            "the answer to set-password is 302",
        ),
        // Of such an id nobody can ask.
        (
            &[info, Some((202, r#"{"requestId": ""}"#))],
            2,
            true,
            "the change is ordered, but the answer has no request id",
        ),
        (
            &[info, Some((202, r#"{"requestId": ".."}"#))],
            2,
            true,
            "the change is ordered, but the answer has no request id",
        ),
        (
            &[info, Some((202, r#"{"state": "IN_PROGRESS"}"#))],
            2,
            true,
            "the change is ordered, but the answer has no request id",
        ),
        (
            &[info, ORDERED, Some((401, ""))],
            3,
            true,
            "the answer to password-change-status is 401",
        ),
        (
            &[info, ORDERED, Some((200, r#"{"state": "FAILED"}"#))],
            3,
            false,
            "the password change FAILED, without a reason",
        ),
        (
            &[
                info,
                ORDERED,
                Some((200, r#"{"state": "FAILED", "errors": ["No.", "Never."]}"#)),
            ],
            3,
            false,
            "the password change FAILED: No.; Never.",
        ),
    ];
    for (answers, requests, is_unknown, message) in cases {
        let told = exchange("correct horse 7", 60, "", answers);
        let error = told.outcome.unwrap_err();
        assert!(error.to_string().starts_with(message), "{message}: {error}");
        assert_eq!(error.outcome_is_unknown(), is_unknown, "{message}");
        assert_eq!(told.paths.len(), requests, "{message}");
    }
}

#[test]
fn a_query_that_may_pass_and_an_order_beyond_the_rate_are_sent_again() {
    let answers = [
        Some((503, "")),
        Some((429, "")),
        Some((200, INFO)),
        Some((429, "")),
        ORDERED,
        FINISHED,
    ];
    let told = exchange("correct horse 7", 60, "", &answers);
    assert_eq!(told.outcome, Ok(vec![]));
    let [query, order] = ["query-password-info", "set-password"];
    assert_eq!(told.paths, [query, query, query, order, order, "42"]);
    assert_eq!(told.waits, [10, 10, 10, 1].map(Duration::from_secs));
}

#[test]
fn what_is_wrong_before_the_order_is_never_sent() {
    let told = exchange("abc", 60, "", &[Some((200, INFO))]);
    assert!(matches!(
        told.outcome,
        Err(ExchangeError::Request(Error::Policy(_)))
    ));
    assert_eq!(told.paths.len(), 1);
    let told = exchange("correct horse 7", 60, "Bobby.Smith", &[Some((200, INFO))]);
    assert!(matches!(
        told.outcome,
        Err(ExchangeError::Request(Error::AccountNotFound { .. }))
    ));
    assert_eq!(told.paths.len(), 1);
}
