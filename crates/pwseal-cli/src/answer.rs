//! Answers of the API, as curl brought them: what is wanted of one, or why it is not there, and what to do next.

use std::time::{Duration, SystemTime};

use pwseal_api::{
    AnswerError, AnswerProblem, DigitToken, Next, Operation, PasswordChangeResponse, PasswordInfo,
    PasswordStatus, State, StatusPoll, excerpt, parse_http_response,
};
use zeroize::Zeroizing;

use crate::args::Answer;
use crate::failure::Failure;
use crate::files::{complain, print_secret, read_answer};

/// How a request went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// As was wanted.
    Done,
    /// The password change failed.
    Failed,
    /// The password change is in progress.
    InProgress,
    /// The API refused.
    Refused,
    /// The API wants the request later, and has not carried it out.
    RetryLater,
    /// It is not known.
    Unknown,
}

impl Outcome {
    /// As the help lists them.
    fn exit_code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Failed => 1,
            Self::InProgress => 3,
            Self::Refused => 4,
            Self::RetryLater => 5,
            Self::Unknown => 6,
        }
    }
}

/// What an answer says.
pub(crate) struct Reading {
    pub(crate) outcome: Outcome,
    /// The one thing that was asked for. It may be a digit token.
    pub(crate) wanted: Option<Zeroizing<Vec<u8>>>,
    /// What there is to say about it, in one line.
    pub(crate) remark: Option<String>,
    /// After which time the same request may be sent again.
    pub(crate) again: Option<Duration>,
}

impl Reading {
    fn new(outcome: Outcome, remark: impl Into<String>) -> Self {
        Self {
            outcome,
            wanted: None,
            remark: Some(remark.into()),
            again: None,
        }
    }

    fn done(wanted: &[u8]) -> Self {
        Self {
            outcome: Outcome::Done,
            wanted: Some(Zeroizing::new(wanted.to_vec())),
            remark: None,
            again: None,
        }
    }

    fn again(self, after: Duration) -> Self {
        Self {
            again: Some(after),
            ..self
        }
    }
}

pub(crate) fn run(args: &Answer) -> Result<u8, Failure> {
    let text = read_answer(args.file.as_deref())?;
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    let now = now.unwrap_or_default();
    let since = args.since.map_or(now, Duration::from_secs);
    let reading = read(args.operation, None, &text, now.saturating_sub(since));

    if let Some(remark) = &reading.remark {
        complain(remark);
    }
    if let Some(wanted) = &reading.wanted {
        let mut line = Zeroizing::new(Vec::with_capacity(wanted.len() + 1));
        line.extend_from_slice(wanted);
        if !wanted.ends_with(b"\n") {
            line.push(b'\n');
        }
        print_secret(&line)?;
    } else if let Some(after) = reading.again {
        print_secret(format!("{}\n", seconds(after)).as_bytes())?;
    }
    Ok(reading.outcome.exit_code())
}

/// Reads an answer; `asked` is the id of the change that is asked for, if that is known, and `elapsed` the time since the first
/// request was sent.
pub(crate) fn read(
    operation: Operation,
    asked: Option<&str>,
    text: &[u8],
    elapsed: Duration,
) -> Reading {
    let response = match parse_http_response(text) {
        Ok(response) => response,
        Err(error) => {
            let remark = match text.trim_ascii() {
                [] => "there is no answer: curl says why".into(),
                _ => error.to_string(),
            };
            return unknown(operation, &remark, elapsed);
        }
    };
    let read = match operation {
        Operation::QueryPasswordInfo => {
            PasswordInfo::from_response(&response).map(|_| Reading::done(response.body()))
        }
        Operation::SetPassword => {
            PasswordChangeResponse::from_response(&response).map(|change| ordered(&change))
        }
        Operation::PasswordChangeStatus => match PasswordStatus::from_response(&response) {
            Ok(status) => match (status.request_id.as_deref(), asked) {
                (Some(id), Some(asked)) if id != asked => {
                    return unknown(operation, "the answer is about another change", elapsed);
                }
                _ => Ok(state(status, elapsed)),
            },
            Err(error) => Err(error),
        },
        Operation::GenerateDigitToken => {
            DigitToken::from_response(&response).map(|token| digits(&token))
        }
        _ => return unknown(operation, "pwseal cannot read this operation", elapsed),
    };
    read.unwrap_or_else(|error| failed(error, elapsed))
}

/// Where no answer of the API's is there.
fn unknown(operation: Operation, remark: &str, elapsed: Duration) -> Reading {
    if operation.is_safe() {
        let reading = Reading::new(Outcome::Unknown, remark);
        return reading.again(StatusPoll::new().delay(elapsed));
    }
    let remark = format!("{remark}; whether {operation} was carried out is not known");
    Reading::new(Outcome::Unknown, remark)
}

fn failed(error: AnswerError, elapsed: Duration) -> Reading {
    // These say that the request has not been carried out.
    let is_early = matches!(error.status().as_u16(), 408 | 425 | 429);
    let is_safe = error.operation().is_safe();
    // Of what changes something, nothing but an error of the client's says that it was not done.
    let is_clear = is_safe || error.status().is_client_error();
    let outcome = match error.problem() {
        _ if is_early => Outcome::RetryLater,
        AnswerProblem::Refused(_) if is_clear && !error.retryable() => Outcome::Refused,
        AnswerProblem::Refused(_) if is_safe => Outcome::RetryLater,
        _ => Outcome::Unknown,
    };
    let reading = Reading::new(outcome, error.to_string());
    if !is_safe && !is_early {
        return reading;
    }
    let wanted = error.retry_after();
    match StatusPoll::new().next(Err(error), elapsed) {
        Next::AskAgain { after, .. } => reading.again(after),
        _ => match wanted.filter(|_| outcome == Outcome::RetryLater) {
            Some(wanted) => reading.again(wanted),
            None => reading,
        },
    }
}

fn ordered(change: &PasswordChangeResponse) -> Reading {
    let id = change.request_id.as_deref().unwrap_or_default();
    if change.state == Some(State::Failed) {
        let id = excerpt(id.as_bytes());
        return Reading::new(Outcome::Failed, format!("the password change {id} FAILED"));
    }
    if id.is_empty() {
        let remark = "the password change is ordered; its answer has no request id, so its state cannot be asked for";
        return Reading::new(Outcome::Done, remark);
    }
    if !is_word(id) {
        let remark = "the password change is ordered; its request id is not usable, so its state cannot be asked for";
        return Reading::new(Outcome::Unknown, remark);
    }
    Reading::done(id.as_bytes())
}

fn state(status: PasswordStatus, elapsed: Duration) -> Reading {
    let now = match &status.state {
        Some(State::Other(name)) => format!("in the state \"{}\"", excerpt(name.as_bytes())),
        Some(state) => state.to_string(),
        None => "in no state that the answer tells".into(),
    };
    match StatusPoll::new().next(Ok(status), elapsed) {
        Next::Finished { reasons } => Reading {
            remark: (!reasons.is_empty()).then(|| {
                format!(
                    "the password change is FINISHED, and yet: {}",
                    texts(&reasons)
                )
            }),
            ..Reading::done(b"FINISHED")
        },
        Next::Failed { reasons } => {
            let remark = match &reasons[..] {
                [] => "the password change FAILED; the answer does not say why".into(),
                reasons => format!("the password change FAILED: {}", texts(reasons)),
            };
            Reading::new(Outcome::Failed, remark)
        }
        Next::AskAgain { after, .. } => {
            let seconds = seconds(after);
            let remark = format!("the password change is {now}; ask again in {seconds} s");
            Reading::new(Outcome::InProgress, remark).again(after)
        }
        Next::TimedOut { .. } | Next::Refused(_) => {
            let hours = elapsed.as_secs() / 3600;
            let remark = format!(
                "the password change is {now} after {hours} hours, in which the platform has tried it for the last time"
            );
            Reading::new(Outcome::Unknown, remark)
        }
    }
}

fn digits(token: &DigitToken) -> Reading {
    match token.digit_token() {
        Some(digits) if is_word(digits) => Reading {
            remark: (digits.len() < 6).then(|| {
                "the digit token has fewer than 6 digits: the server left out zeros in front".into()
            }),
            ..Reading::done(digits.as_bytes())
        },
        _ => Reading::new(
            Outcome::Unknown,
            "the answer has no digitToken that can be used",
        ),
    }
}

/// Whether a server's text can stand on a line of its own, be an argument that is no option, and be a name in the path of a
/// URL (RFC 3986, section 5.2.4).
fn is_word(text: &str) -> bool {
    !matches!(text, "" | "." | "..")
        && !text.starts_with('-')
        && text.bytes().all(|byte| byte.is_ascii_graphic())
}

fn texts(reasons: &[String]) -> String {
    let reasons = reasons.iter().map(|reason| excerpt(reason.as_bytes()));
    reasons.collect::<Vec<_>>().join("; ")
}

/// Whole ones, so that nobody asks too early.
fn seconds(time: Duration) -> u64 {
    time.as_secs() + u64::from(time.subsec_nanos() > 0)
}
