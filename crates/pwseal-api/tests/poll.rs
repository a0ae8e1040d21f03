//! The wait for a password change: what to do after each answer.
// The helpers of a test may panic as the test itself may.
#![allow(clippy::panic, clippy::unwrap_used)]

use std::time::Duration;

use http::Response;
use pwseal_api::{
    AnswerError, MAX_BODY_LEN, Next, PasswordStatus, RATE_LIMIT_REQUESTS, RATE_LIMIT_WINDOW,
    StatusPoll,
};

const HOUR: Duration = Duration::from_secs(60 * 60);

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn next(poll: StatusPoll, status: u16, retry_after: &str, body: &str, elapsed: Duration) -> Next {
    let mut response = Response::builder().status(status);
    if !retry_after.is_empty() {
        response = response.header("retry-after", retry_after);
    }
    poll.next(
        PasswordStatus::from_response(&response.body(body).unwrap()),
        elapsed,
    )
}

/// After an answer that counts.
fn after(delay: Duration) -> Next {
    Next::AskAgain {
        after: delay,
        error: None,
    }
}

/// After one that does not: the delay, and why.
fn again(next: Next) -> (Duration, AnswerError) {
    match next {
        Next::AskAgain {
            after,
            error: Some(error),
        } => (after, error),
        other => panic!("{other:?}"),
    }
}

const PATIENCE_USED_UP: Next = Next::TimedOut { error: None };

#[test]
fn the_ends() {
    let poll = StatusPoll::new();
    assert_eq!(
        next(poll, 200, "", r#"{"state": "FINISHED"}"#, 4 * HOUR),
        Next::Finished { reasons: vec![] }
    );
    let body = r#"{"state": "FINISHED", "errors": ["one source was left out"]}"#;
    assert_eq!(
        next(poll, 200, "", body, seconds(1)),
        Next::Finished {
            reasons: vec!["one source was left out".into()]
        }
    );
    assert_eq!(
        next(
            poll,
            200,
            "",
            r#"{"state": "FAILED", "errors": ["too short"]}"#,
            seconds(1)
        ),
        Next::Failed {
            reasons: vec!["too short".into()]
        }
    );
    assert_eq!(
        next(poll, 200, "", r#"{"state": "FAILED"}"#, seconds(1)),
        Next::Failed { reasons: vec![] }
    );
    for status in [201, 202, 302, 400, 401, 403, 404, 501, 505] {
        let Next::Refused(error) = next(poll, status, "", "", seconds(1)) else {
            panic!("{status}")
        };
        assert_eq!(error.status(), status);
    }
}

#[test]
fn a_page_in_place_of_the_message_does_not_end_the_wait() {
    let long = " ".repeat(MAX_BODY_LEN + 1);
    let cut_off = r#"{"state": "FINI"#;
    for body in ["<html>We are back soon.", "", "[]", cut_off, &long] {
        let (after, error) = again(next(StatusPoll::new(), 200, "", body, seconds(50)));
        assert_eq!((after, error.status().as_u16()), (seconds(5), 200));
        let (after, _) = again(next(StatusPoll::new(), 200, "120", body, seconds(50)));
        assert_eq!(after, seconds(120));
        let Next::TimedOut { error: Some(error) } =
            next(StatusPoll::new(), 200, "", body, 3 * HOUR)
        else {
            panic!("{body:?}")
        };
        assert_eq!(error.status(), 200);
    }
    // A refusal stays one, however long it is.
    let refused = next(StatusPoll::new(), 404, "", &long, seconds(1));
    assert!(matches!(refused, Next::Refused(_)), "{refused:?}");
}

#[test]
fn the_delay_grows_with_the_time_that_has_passed() {
    let poll = StatusPoll::new();
    for (elapsed, delay) in [
        (0, 1),
        (3, 1),
        (10, 1),
        (50, 5),
        (600, 60),
        (3000, 300),
        (9000, 300),
    ] {
        assert_eq!(poll.delay(seconds(elapsed)), seconds(delay));
        for body in [
            r#"{"state": "IN_PROGRESS"}"#,
            r#"{"state": "ON_HOLD"}"#,
            r#"{"status": "IN_PROCESS", "reqeustId": "x", "error": null}"#,
            "{}",
        ] {
            assert_eq!(
                next(poll, 200, "", body, seconds(elapsed)),
                after(seconds(delay))
            );
        }
    }
}

#[test]
fn a_wait_of_hours_ends_and_takes_few_requests() {
    let poll = StatusPoll::new();
    let (mut elapsed, mut requests) = (poll.delay(Duration::ZERO), 0);
    loop {
        requests += 1;
        match next(poll, 200, "", r#"{"state": "IN_PROGRESS"}"#, elapsed) {
            Next::AskAgain { after, .. } => elapsed += after,
            end => {
                assert_eq!(end, PATIENCE_USED_UP);
                break;
            }
        }
    }
    assert_eq!(elapsed, 3 * HOUR);
    assert!((50..150).contains(&requests), "{requests}");
}

#[test]
fn the_last_request_comes_when_the_patience_ends() {
    let poll = StatusPoll::new().with_patience(seconds(100));
    let body = r#"{"state": "IN_PROGRESS"}"#;
    assert_eq!(next(poll, 200, "", body, seconds(95)), after(seconds(5)));
    assert_eq!(next(poll, 200, "", body, seconds(99)), after(seconds(1)));
    assert_eq!(next(poll, 200, "", body, seconds(100)), PATIENCE_USED_UP);
    assert_eq!(next(poll, 200, "", body, Duration::MAX), PATIENCE_USED_UP);
}

#[test]
fn a_server_that_wants_to_be_left_alone_for_longer_than_that_ends_the_wait() {
    let poll = StatusPoll::new().with_patience(seconds(100));
    assert_eq!(again(next(poll, 503, "5", "", seconds(95))).0, seconds(5));
    for (status, retry_after) in [(503, "6"), (429, "18446744073709551615"), (429, "")] {
        match next(poll, status, retry_after, "", seconds(95)) {
            Next::TimedOut { error: Some(error) } => assert_eq!(error.status(), status),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn a_server_that_wants_to_be_left_alone_is() {
    let poll = StatusPoll::new();
    for (status, retry_after, elapsed, delay) in [
        (429, "7", 1, 7),
        (429, "", 1, RATE_LIMIT_WINDOW.as_secs()),
        (429, "0", 1, 1),
        (429, "7", 600, 60),
        (503, "120", 1, 120),
        (503, "1, 120", 1, 120),
    ] {
        let (after, error) = again(next(poll, status, retry_after, "", seconds(elapsed)));
        assert_eq!(after, seconds(delay), "{status} {retry_after}");
        assert_eq!(error.status(), status);
    }
    for status in [408, 425, 500, 502, 503, 504, 507, 520, 527] {
        let (after, _) = again(next(poll, status, "", "<html>", seconds(50)));
        assert_eq!(after, seconds(5), "{status}");
    }
}

#[test]
fn many_waits_together_stay_below_the_rate_limit() {
    for changes in [0, 1, 5, 100, 1000, 100_000, u32::MAX] {
        let poll = StatusPoll::new()
            .among(changes)
            .with_patience(Duration::MAX);
        for elapsed in [0, 1, 60, 100_000] {
            let delay = poll.delay(seconds(elapsed));
            assert!(delay >= seconds(1));
            let requests =
                f64::from(changes) * RATE_LIMIT_WINDOW.as_secs_f64() / delay.as_secs_f64();
            assert!(
                requests <= f64::from(RATE_LIMIT_REQUESTS) / 2.0 + 1e-6,
                "{changes} {elapsed}"
            );
        }
    }
    assert_eq!(
        StatusPoll::new().among(1000).delay(Duration::ZERO),
        seconds(200)
    );
}
