//! `pwseal.StatusPoll`: how often to ask how far a password change is.

use std::time::Duration;

use pyo3::prelude::*;

use crate::answer::{self, Headers};
use crate::error::{from_answer, plain};
use crate::input::TextOrBytes;

/// Says after each answer to password-change-status what to do next. It has no clock and does
/// not sleep: times are in seconds, and elapsed is the time since the change was ordered.
///
/// The next delay is a tenth of the time that has passed, at least 1 second and at most 5
/// minutes. changes is how many changes are waited for at the same time, which together take
/// half of what the API's rate limit allows. patience is how long to wait in all: 3 hours
/// without it, as the platform retries a change for more than 2.
///
/// >>> poll = pwseal.StatusPoll()
/// >>> poll.delay(elapsed=0)
/// 1.0
/// >>> poll.next(60, 200, '{"state": "IN_PROGRESS"}').after
/// 6.0
/// >>> poll.next(66, 200, '{"state": "FINISHED"}').outcome
/// 'finished'
#[pyclass(frozen, module = "pwseal")]
#[derive(Debug)]
pub(crate) struct StatusPoll(pwseal_api::StatusPoll);

#[pymethods]
impl StatusPoll {
    #[new]
    #[pyo3(signature = (*, changes = 1, patience = None))]
    fn new(changes: u32, patience: Option<f64>) -> PyResult<Self> {
        let poll = pwseal_api::StatusPoll::new().among(changes);
        Ok(Self(match patience {
            Some(patience) => poll.with_patience(duration(patience)?),
            None => poll,
        }))
    }

    /// How long to wait before the next request: before the first one, and when one got no
    /// answer at all.
    ///
    /// Raises Error for a time that is negative or no number.
    fn delay(&self, elapsed: f64) -> PyResult<f64> {
        Ok(self.0.delay(duration(elapsed)?).as_secs_f64())
    }

    /// What to do after an answer, which is as in PasswordStatus.from_response.
    ///
    /// Raises Error for a time that is negative or no number, and for a status that is none.
    #[pyo3(signature = (elapsed, status, body, headers = None))]
    fn next(
        &self,
        py: Python<'_>,
        elapsed: f64,
        status: u16,
        body: TextOrBytes,
        headers: Option<Headers>,
    ) -> PyResult<Next> {
        let elapsed = duration(elapsed)?;
        let response = answer::response(status, body, headers)?;
        let answer = pwseal_api::PasswordStatus::from_response(&response);
        Ok(Next::new(py, self.0.next(answer, elapsed)))
    }
}

fn duration(seconds: f64) -> PyResult<Duration> {
    Duration::try_from_secs_f64(seconds)
        .map_err(|_| plain("a time is a number of seconds that is not negative"))
}

/// What to do next.
///
/// >>> next = pwseal.StatusPoll().next(60, 200, '{"state": "FAILED", "errors": ["too short"]}')
/// >>> next.outcome, next.after, next.reasons
/// ('failed', None, ['too short'])
#[pyclass(frozen, get_all, module = "pwseal")]
#[derive(Debug)]
pub(crate) struct Next {
    /// ask_again: wait, then ask again. finished: the password is changed. failed: it is not.
    /// refused: asking again unchanged is of no use, but the change itself goes on. timed_out:
    /// the patience is used up, but the change itself may go on.
    outcome: &'static str,
    /// How many seconds to wait before asking again, and else None.
    after: Option<f64>,
    /// Why the change failed, in the platform's words.
    reasons: Vec<String>,
    /// The ApiError of a refusal, and else None.
    error: Option<Py<PyAny>>,
}

#[pymethods]
impl Next {
    fn __repr__(&self) -> String {
        let after = self
            .after
            .map_or_else(String::new, |after| format!(" after {after} s"));
        format!("<pwseal.Next {}{after}>", self.outcome)
    }
}

impl Next {
    fn new(py: Python<'_>, next: pwseal_api::Next) -> Self {
        use pwseal_api::Next as N;

        let plain = |outcome| Self {
            outcome,
            after: None,
            reasons: Vec::new(),
            error: None,
        };
        match next {
            N::AskAgain { after, .. } => Self {
                after: Some(after.as_secs_f64()),
                ..plain("ask_again")
            },
            N::Finished { .. } => plain("finished"),
            N::Failed { reasons } => Self {
                reasons,
                ..plain("failed")
            },
            N::Refused(error) => Self {
                error: Some(from_answer(py, &error).into_value(py).into_any()),
                ..plain("refused")
            },
            // TimedOut; there is no other one.
            _ => plain("timed_out"),
        }
    }
}
