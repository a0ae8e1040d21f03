//! From an HTTP response to a message, or to the reason why there is none.

use core::fmt;
use core::time::Duration;
use std::borrow::Cow;

use http::header::{DATE, HeaderMap, HeaderName, RETRY_AFTER};
use http::{Response, StatusCode};
use serde::Deserialize;

use crate::error_response::ErrorResponse;
use crate::excerpt::excerpt;
use crate::json::{self, JsonError};
use crate::operation::Operation;

/// The longest body in bytes that is read: 1 MiB, and what the API answers has a few KiB. A
/// client should stop one byte after it, so that a server cannot fill the memory.
pub const MAX_BODY_LEN: usize = 1 << 20;

/// How many causes of a refusal a message names.
const MAX_CAUSES: usize = 3;

/// Reads the answer to an operation.
pub(crate) fn read<'r, T: Deserialize<'r>>(
    operation: Operation,
    response: &'r Response<impl AsRef<[u8]>>,
) -> Result<T, AnswerError> {
    let (status, body) = (response.status(), response.body().as_ref());
    let failed = |problem| AnswerError {
        operation,
        status,
        retry_after: retry_after(response.headers()),
        problem,
    };
    if body.len() > MAX_BODY_LEN {
        return Err(failed(AnswerProblem::TooLong));
    }
    // Whatever is wrong with it, it could hold a token.
    let is_secret = operation == Operation::GenerateDigitToken && status.is_success();
    let shown = || match is_secret {
        true => String::new(),
        false => excerpt(body),
    };
    if status == operation.success() {
        return json::object(body).map_err(|error| {
            failed(AnswerProblem::Unreadable {
                error,
                excerpt: shown(),
            })
        });
    }
    match json::object::<ErrorResponse>(body) {
        Ok(response) if !response.is_empty() => {
            Err(failed(AnswerProblem::Refused(response.into())))
        }
        _ => Err(failed(AnswerProblem::NotFromTheApi { excerpt: shown() })),
    }
}

/// An answer that is not a success, or one that cannot be read.
///
/// The messages are fit for a log: a server's text in them is short and printable, and what
/// could be a ciphertext or a digit token is masked, and of many causes three are named.
/// [`problem`](Self::problem) has an [`ErrorResponse`] in full.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnswerError {
    operation: Operation,
    status: StatusCode,
    retry_after: Option<Duration>,
    problem: AnswerProblem,
}

/// What is wrong with an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AnswerProblem {
    /// The API refused, and says why.
    Refused(Box<ErrorResponse>),
    /// The status is no success, and the body not the API's: a proxy's or gateway's page, or
    /// nothing at all.
    #[non_exhaustive]
    NotFromTheApi {
        /// The start of the body.
        excerpt: String,
    },
    /// The status is success, and the body not the message that belongs to it.
    #[non_exhaustive]
    Unreadable {
        /// What is wrong with it.
        error: JsonError,
        /// The start of the body.
        excerpt: String,
    },
    /// The body has more than [`MAX_BODY_LEN`] bytes.
    TooLong,
}

impl AnswerError {
    /// What was asked for.
    #[must_use]
    pub fn operation(&self) -> Operation {
        self.operation
    }

    /// The status of the answer.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// What is wrong.
    #[must_use]
    pub fn problem(&self) -> &AnswerProblem {
        &self.problem
    }

    /// Whether the same request may succeed later: after 408, 425, 429, and every 5xx but 501 and
    /// 505, also those that no RFC has: networks before the API answer 520 to 527.
    ///
    /// After a 5xx to `set-password` the change may have been ordered. To order it again sets the
    /// same password, which a policy with a password history may then refuse.
    #[must_use]
    pub fn retryable(&self) -> bool {
        may_succeed_later(self.status)
    }

    /// How long the server wants to be left alone: the header `Retry-After` (RFC 9110, section
    /// 10.2.3), in seconds or as a date. Of several numbers it is the largest. A date is compared
    /// with the answer's own `Date`, so that nobody's clock must be right.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.retry_after
    }

    /// Whether the status alone says that it is a success.
    pub(crate) fn is_success(&self) -> bool {
        self.status == self.operation.success()
    }
}

/// As [`AnswerError::retryable`] says.
fn may_succeed_later(status: StatusCode) -> bool {
    match status.as_u16() {
        408 | 425 | 429 => true,
        501 | 505 => false,
        status => (500..600).contains(&status),
    }
}

/// What to do about a status.
fn advice(
    operation: Operation,
    status: StatusCode,
    retry_after: Option<Duration>,
    is_from_the_api: bool,
) -> Option<Cow<'static, str>> {
    use Operation::{PasswordChangeStatus, QueryPasswordInfo, SetPassword};
    let scope = operation.scope();
    Some(match (status, operation) {
        (StatusCode::BAD_REQUEST, SetPassword) => {
            "do the ids belong together, and has the source the feature PASSWORD?".into()
        }
        (StatusCode::BAD_REQUEST, QueryPasswordInfo) => {
            "is userName a login name and sourceName a source's name, both to the letter?".into()
        }
        (StatusCode::UNAUTHORIZED, _) => "the token is missing, wrong or expired".into(),
        (StatusCode::FORBIDDEN, QueryPasswordInfo) => format!(
            "the token needs the scope {scope}, and beta takes no personal access token here, but \
             one of the grant client_credentials"
        )
        .into(),
        (StatusCode::FORBIDDEN, _) => format!("the token needs the scope {scope}").into(),
        (StatusCode::NOT_FOUND, PasswordChangeStatus) => {
            "is the request id from this tenant?".into()
        }
        (StatusCode::NOT_FOUND, _) if !is_from_the_api => "is the tenant or base URL right?".into(),
        (StatusCode::NOT_FOUND, QueryPasswordInfo) => {
            "are userName and sourceName right to the letter?".into()
        }
        (StatusCode::TOO_MANY_REQUESTS, _) => match retry_after {
            Some(wait) => format!("ask again in {} s", wait.as_secs()).into(),
            None => "ask less often: 100 times in 10 s at most".into(),
        },
        (status, SetPassword) if status.is_success() && status != operation.success() => format!(
            "only {} means success here: that the change is ordered",
            operation.success()
        )
        .into(),
        (status, _) if status.is_success() && status != operation.success() => {
            format!("only {} means success here", operation.success()).into()
        }
        (status, _)
            if may_succeed_later(status) && status.is_server_error() && !operation.is_safe() =>
        {
            "whether it was carried out is not known".into()
        }
        _ => return None,
    })
}

/// An error of the API that was found in the place of a password-info: its status, as far as it says
/// or implies one, its reasons, and what to do.
pub(crate) fn said(response: &ErrorResponse, status: Option<u64>) -> String {
    let digits = response
        .detail_code
        .as_deref()
        .and_then(|code| code.get(..3));
    let of_code = digits.and_then(|digits| digits.parse().ok());
    let message = response.message.as_deref().unwrap_or_default();
    // The forms that the OpenAPI files give to two statuses.
    let of_form = match response {
        ErrorResponse {
            error: Some(_),
            message: None,
            ..
        } => Some(401),
        _ if message.to_ascii_lowercase().contains("rate limit") => Some(429),
        _ => None,
    };
    let status = of_code.or(status).or(of_form);
    let is_error = |status: &StatusCode| status.is_client_error() || status.is_server_error();
    let status = status
        .and_then(|status| StatusCode::from_u16(status.try_into().ok()?).ok())
        .filter(is_error);
    let name = status.map_or(String::new(), |status| format!(", {status}"));
    let advice = status
        .and_then(|status| advice(Operation::QueryPasswordInfo, status, None, is_own(response)));
    let advice = advice.map_or(String::new(), |advice| format!("; {advice}"));
    format!("{name}{}{advice}", Reasons(response))
}

/// Whether only the API itself can have written it: a gateway has no code and no tracking id of its.
fn is_own(response: &ErrorResponse) -> bool {
    response.detail_code.is_some() || response.tracking_id.is_some()
}

/// What the API says, as far as there is room.
struct Reasons<'a>(&'a ErrorResponse);

impl fmt::Display for Reasons<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let response = self.0;
        let reason = [response.detail_code.as_deref(), response.text("en-US")];
        let causes = response.causes.iter();
        let mut causes = causes.filter_map(|cause| cause.text.as_deref());
        let shown = causes.by_ref().take(MAX_CAUSES);
        for text in reason.into_iter().flatten().chain(shown) {
            write!(f, ": {}", excerpt(text.as_bytes()))?;
        }
        let more = causes.count();
        if more > 0 {
            write!(f, ": and {more} more")?;
        }
        match &response.tracking_id {
            Some(id) => write!(f, " (tracking id {})", excerpt(id.as_bytes())),
            None => Ok(()),
        }
    }
}

impl fmt::Display for AnswerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the answer to {} is {}", self.operation, self.status)?;
        match &self.problem {
            AnswerProblem::Refused(response) => Reasons(response).fmt(f)?,
            AnswerProblem::NotFromTheApi { excerpt } if excerpt.is_empty() => {
                f.write_str(", with nothing that is the API's")?;
            }
            AnswerProblem::NotFromTheApi { excerpt } => {
                write!(f, ", and its body not the API's: \"{excerpt}\"")?;
            }
            AnswerProblem::Unreadable { error, excerpt } => {
                write!(f, ", but {error}")?;
                if !excerpt.is_empty() {
                    write!(f, ": \"{excerpt}\"")?;
                }
            }
            AnswerProblem::TooLong => {
                write!(f, ", and longer than {MAX_BODY_LEN} bytes")?;
            }
        }
        let is_from_the_api =
            matches!(&self.problem, AnswerProblem::Refused(response) if is_own(response));
        match advice(
            self.operation,
            self.status,
            self.retry_after,
            is_from_the_api,
        ) {
            Some(advice) => write!(f, "; {advice}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for AnswerError {}

/// A number of seconds. One that is too large means as long as can be (RFC 9111, section 1.2.2).
fn seconds(number: &str) -> Option<u64> {
    let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| number.parse().unwrap_or(u64::MAX))
}

fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let texts = |name: HeaderName| {
        let values = headers.get_all(name).into_iter();
        values.filter_map(|value| value.to_str().ok().map(str::trim))
    };
    // Clients join headers that occur twice with a comma.
    let numbers = texts(RETRY_AFTER).flat_map(|text| text.split(','));
    let seconds = numbers.filter_map(|number| seconds(number.trim()));
    if let Some(seconds) = seconds.max() {
        return Some(Duration::from_secs(seconds));
    }
    let date = |name| httpdate::parse_http_date(texts(name).next()?).ok();
    let (until, sent) = (date(RETRY_AFTER)?, date(DATE)?);
    // A date that is past already means now.
    Some(until.duration_since(sent).unwrap_or_default())
}
