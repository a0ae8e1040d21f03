//! Answers of any status, headers and body, for each of the four operations, and bodies in the place
//! of a password-info.
//!
//! The input is a byte for the status, the values of `Retry-After` and `Date` up to a zero byte
//! each, and the body.

use std::time::Duration;

use pwseal_api::http::{Response, header};
use pwseal_api::{
    AnswerError, AnswerProblem, DigitToken, MAX_BODY_LEN, Next, PasswordChangeRequest,
    PasswordChangeResponse, PasswordInfo, PasswordStatus, StatusPoll,
};

const STATUSES: [u16; 14] = [
    200, 201, 202, 302, 400, 401, 403, 404, 408, 429, 500, 502, 503, 599,
];

/// Runs one input.
pub fn run(data: &[u8]) {
    let [status, data @ ..] = data else { return };
    let status = STATUSES[usize::from(*status) % STATUSES.len()];
    let mut parts = data.splitn(3, |byte| *byte == 0);
    let mut part = || parts.next().unwrap_or_default();
    let response = Response::builder()
        .status(status)
        .header(header::RETRY_AFTER, part())
        .header(header::DATE, part())
        .body(part());
    let Ok(response) = response else { return };

    if let Ok(change) = PasswordChangeRequest::from_json(response.body()) {
        let again = PasswordChangeRequest::from_json(&change.to_json());
        assert_eq!(again.ok(), Some(change));
    }
    match PasswordInfo::from_json(response.body()) {
        Ok(info) => {
            let _ = info.recipient(Some("Abby.Smith"));
        }
        Err(error) => {
            let text = error.to_string();
            assert!(text.starts_with("the password-info is "), "{text:?}");
            assert!(text.len() < 1600, "{text:?}");
            assert!(!text.contains('\n'), "{text:?}");
        }
    }
    let info = PasswordInfo::from_response(&response);
    if let Ok(info) = &info {
        let _ = info.recipient(None);
        let _ = info.policy();
        assert_eq!(
            PasswordInfo::from_json(response.body()).ok().as_ref(),
            Some(info)
        );
    }
    let token = DigitToken::from_response(&response);
    if let Ok(token) = &token {
        let digits = token.digit_token().filter(|digits| digits.len() > 40);
        assert!(!digits.is_some_and(|digits| format!("{token:?}").contains(digits)));
    }
    let status = PasswordStatus::from_response(&response);
    let next = StatusPoll::new().next(status.clone(), Duration::from_secs(60));
    if let Next::AskAgain { after, .. } = next {
        assert!((Duration::from_secs(1)..=Duration::from_secs(3 * 60 * 60)).contains(&after));
    }
    let errors = [
        info.err(),
        token.err(),
        status.err(),
        PasswordChangeResponse::from_response(&response).err(),
    ];
    errors
        .iter()
        .flatten()
        .for_each(|error| check(error, &response));
}

/// What is said of an answer keeps its status, is short, and is printable.
fn check(error: &AnswerError, response: &Response<&[u8]>) {
    assert_eq!(error.status(), response.status());
    let text = error.to_string();
    assert!(
        text.bytes().all(|byte| matches!(byte, b' '..=b'~')),
        "{text:?}"
    );
    match error.problem() {
        AnswerProblem::Refused(_) => assert!(text.len() < 1200, "{text:?}"),
        AnswerProblem::TooLong => assert!(response.body().len() > MAX_BODY_LEN),
        // An error of the API may be in the place of what is wanted.
        AnswerProblem::Unreadable { .. } => assert!(text.len() < 1600, "{text:?}"),
        _ => assert!(text.len() < 600, "{text:?}"),
    }
}
