//! `pwseal.StatusPoll`: how often to ask how far a password change is.

use std::time::Duration;

use pyo3::prelude::*;

use crate::answer::{self, Headers};
use crate::error::{from_answer, plain};
use crate::input::{Number, TextOrBytes};

/// Says after each answer to password-change-status what to do next. It has no clock and does
/// not sleep: times are in seconds, and elapsed is the time since the change was ordered.
///
/// The next delay is a tenth of the time that has passed, at least 1 second and at most 5
/// minutes. changes is how many changes are waited for at the same time, which together take
/// half of what the API's rate limit allows. patience is how long to wait in all, inf for as long
/// as it takes: 3 hours without it, as the platform retries a change for more than 2.
///
/// Raises Error for numbers out of range.
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
    #[pyo3(
        signature = (*, changes = None, patience = None),
        text_signature = "(*, changes=1, patience=None)"
    )]
    fn new(changes: Option<Number<u32>>, patience: Option<Number<f64>>) -> PyResult<Self> {
        let mut poll = pwseal_api::StatusPoll::new();
        if let Some(changes) = changes {
            poll = poll.among(changes.or("changes are a number from 0 to 4294967295")?);
        }
        if let Some(patience) = patience {
            poll = poll.with_patience(match patience.or(TIMES)? {
                f64::INFINITY => Duration::MAX,
                patience => duration(patience)?,
            });
        }
        Ok(Self(poll))
    }

    fn __copy__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    #[pyo3(signature = (_memo, /))]
    fn __deepcopy__(slf: Py<Self>, _memo: &Bound<'_, PyAny>) -> Py<Self> {
        slf
    }

    /// How long to wait before the next request: before the first one, and when one got no
    /// answer at all.
    ///
    /// Raises Error for a time that is out of range.
    fn delay(&self, elapsed: Number<f64>) -> PyResult<f64> {
        Ok(self.0.delay(duration(elapsed.or(TIMES)?)?).as_secs_f64())
    }

    /// What to do after an answer, which is as in PasswordStatus.from_response.
    ///
    /// Raises Error for a time that is out of range, and for a status that is none.
    #[pyo3(signature = (elapsed, status, body, headers = None))]
    fn next(
        &self,
        py: Python<'_>,
        elapsed: Number<f64>,
        status: Number<u16>,
        body: TextOrBytes,
        headers: Option<Headers>,
    ) -> PyResult<Next> {
        let elapsed = duration(elapsed.or(TIMES)?)?;
        let response = answer::response(status, body, headers)?;
        let answer = pwseal_api::PasswordStatus::from_response(&response);
        Ok(Next::new(py, self.0.next(answer, elapsed)))
    }
}

const TIMES: &str = "a time is a number of seconds from 0 to 1e19";

fn duration(seconds: f64) -> PyResult<Duration> {
    Duration::try_from_secs_f64(seconds).map_err(|_| plain(TIMES))
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
    /// the patience is used up, or would be before the server wants to be asked again, but the
    /// change itself may go on.
    outcome: &'static str,
    /// How many seconds to wait before asking again, and else None.
    after: Option<f64>,
    /// Why the change failed, in the platform's words. It may report errors of one that is
    /// finished, too.
    reasons: Vec<String>,
    /// The ApiError of a refusal, or why the last answer did not count, such as a gateway's page
    /// in its place. Else None.
    error: Option<Py<PyAny>>,
}

#[pymethods]
impl Next {
    fn __copy__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    #[pyo3(signature = (_memo, /))]
    fn __deepcopy__(slf: Py<Self>, _memo: &Bound<'_, PyAny>) -> Py<Self> {
        slf
    }

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

        let (outcome, after, reasons, error) = match next {
            N::AskAgain { after, error } => ("ask_again", Some(after), Vec::new(), error),
            N::Finished { reasons } => ("finished", None, reasons, None),
            N::Failed { reasons } => ("failed", None, reasons, None),
            N::Refused(error) => ("refused", None, Vec::new(), Some(error)),
            N::TimedOut { error } => ("timed_out", None, Vec::new(), error),
        };
        Self {
            outcome,
            after: after.map(|after| after.as_secs_f64()),
            reasons,
            error: error.map(|error| from_answer(py, &error).into_value(py).into_any()),
        }
    }
}
