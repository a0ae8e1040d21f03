//! `pwseal.StatusPoll`: how often to ask how far a password change is.

use std::time::Duration;

use pwseal_api::Operation;
use pyo3::prelude::*;
use pyo3::types::{PyInt, PyTuple};

use crate::answer::{self, Headers};
use crate::error::{from_answer, plain};
use crate::input::{self, Number, TextOrBytes};
use crate::named::{Named, named};
use crate::value::{Value, value};

/// Says after each answer to password-change-status what to do next. It has no clock and does
/// not sleep: times are in seconds, and elapsed is the time since the change was ordered.
///
/// The next delay is a tenth of the time that has passed, at least 1 second and at most 5
/// minutes. changes is how many changes are waited for at the same time, which together take
/// half of what the API's rate limit allows. patience is how long to wait in all, inf for as long
/// as it takes: 3 hours without it, as the platform retries a change for more than 2.
///
/// Raises InputError for numbers out of range.
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
pub(crate) struct StatusPoll {
    poll: pwseal_api::StatusPoll,
    changes: u32,
    patience: Option<f64>,
}

value!(StatusPoll);

impl Value for StatusPoll {
    fn args<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        (self.changes, self.patience).into_pyobject(py)
    }
}

#[pymethods]
impl StatusPoll {
    #[new]
    #[pyo3(
        signature = (changes = None, patience = None),
        text_signature = "(changes=1, patience=None)"
    )]
    fn new(changes: Option<Number<u32>>, patience: Option<Number<f64>>) -> PyResult<Self> {
        const CHANGES: &str = "changes are a number from 1 to 4294967295";
        let mut poll = pwseal_api::StatusPoll::new();
        let changes = match changes.map(|changes| changes.or(CHANGES)).transpose()? {
            Some(0) => return Err(plain(CHANGES)),
            None => 1,
            Some(changes) => {
                poll = poll.among(changes);
                changes
            }
        };
        let patience = patience.map(|patience| patience.or(TIMES)).transpose()?;
        if let Some(patience) = patience {
            poll = poll.with_patience(match patience {
                f64::INFINITY => Duration::MAX,
                patience => duration(patience)?,
            });
        }
        Ok(Self {
            poll,
            changes,
            patience,
        })
    }

    /// How many changes are waited for at the same time.
    #[getter]
    fn changes(&self) -> u32 {
        self.changes
    }

    /// How long to wait in all, in seconds.
    #[getter]
    fn patience(&self) -> f64 {
        self.patience.unwrap_or(PATIENCE)
    }

    fn __repr__(&self) -> String {
        let (changes, patience) = (self.changes, self.patience());
        format!("<pwseal.StatusPoll for {changes} change(s), patience {patience} s>")
    }

    /// How long to wait before the next request: before the first one, and when one got no
    /// answer at all.
    ///
    /// Raises InputError for a time that is out of range.
    fn delay(&self, elapsed: Number<f64>) -> PyResult<f64> {
        Ok(self.poll.delay(duration(elapsed.or(TIMES)?)?).as_secs_f64())
    }

    /// What to do after an answer, which is as in PasswordStatus.from_response, or after a success the message alone:
    /// a PasswordStatus, a mapping or the SDK's model.
    ///
    /// Raises InputError for a time that is out of range, and for a status that is none.
    #[pyo3(signature = (elapsed, response, body = None, headers = None))]
    fn next(
        &self,
        py: Python<'_>,
        elapsed: Number<f64>,
        response: &Bound<'_, PyAny>,
        body: Option<TextOrBytes>,
        headers: Option<Headers>,
    ) -> PyResult<Next> {
        let elapsed = duration(elapsed.or(TIMES)?)?;
        let is_message = body.is_none()
            && headers.is_none()
            && !response.is_instance_of::<PyInt>()
            && answer::status_of(response)?.is_none();
        let response = match is_message {
            true => answer::success(Operation::PasswordChangeStatus, response.extract()?),
            false => answer::response(response, body, headers)?,
        };
        let answer = pwseal_api::PasswordStatus::from_response(&response);
        Ok(Next::new(py, self.poll.next(answer, elapsed)))
    }
}

/// Of [`pwseal_api::StatusPoll::new`], in seconds.
const PATIENCE: f64 = 3.0 * 3600.0;

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
    outcome: Outcome,
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
    /// Make one without a server, such as for a test.
    #[new]
    #[pyo3(
        signature = (outcome, after = None, reasons = None, error = None),
        text_signature = "(outcome, after=None, reasons=(), error=None)"
    )]
    fn from_parts(
        outcome: Outcome,
        after: Option<f64>,
        reasons: Option<&Bound<'_, PyAny>>,
        error: Option<Py<PyAny>>,
    ) -> PyResult<Self> {
        Ok(Self {
            outcome,
            after,
            reasons: match reasons {
                Some(reasons) => input::texts(reasons, "reason")?,
                None => Vec::new(),
            },
            error,
        })
    }

    fn __repr__(&self) -> String {
        let after = self
            .after
            .map_or_else(String::new, |after| format!(" after {after} s"));
        format!("<pwseal.Next {}{after}>", self.outcome.name())
    }
}

value!(Next);

impl Value for Next {
    fn args<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let reasons = PyTuple::new(py, &self.reasons)?;
        (self.outcome, self.after, reasons, &self.error).into_pyobject(py)
    }

    /// Exceptions are not equal to each other: those that say the same are taken for it.
    fn identity<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let error = self.error.as_ref().map(|error| error.bind(py).repr());
        let reasons = PyTuple::new(py, &self.reasons)?;
        (self.outcome, self.after, reasons, error.transpose()?).into_pyobject(py)
    }
}

impl Next {
    fn new(py: Python<'_>, next: pwseal_api::Next) -> Self {
        use pwseal_api::Next as N;

        let (outcome, after, reasons, error) = match next {
            N::AskAgain { after, error } => (Outcome::AskAgain, Some(after), Vec::new(), error),
            N::Finished { reasons } => (Outcome::Finished, None, reasons, None),
            N::Failed { reasons } => (Outcome::Failed, None, reasons, None),
            N::Refused(error) => (Outcome::Refused, None, Vec::new(), Some(error)),
            N::TimedOut { error } => (Outcome::TimedOut, None, Vec::new(), error),
        };
        Self {
            outcome,
            after: after.map(|after| after.as_secs_f64()),
            reasons,
            error: error.map(|error| from_answer(py, &error).into_value(py).into_any()),
        }
    }
}

/// What to do next. Python has its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    AskAgain,
    Finished,
    Failed,
    Refused,
    TimedOut,
}

impl Named for Outcome {
    const WHAT: &'static str = "the outcome";
    const ALL: &'static [Self] = &[
        Self::AskAgain,
        Self::Finished,
        Self::Failed,
        Self::Refused,
        Self::TimedOut,
    ];

    fn name(self) -> &'static str {
        match self {
            Self::AskAgain => "ask_again",
            Self::Finished => "finished",
            Self::Failed => "failed",
            Self::Refused => "refused",
            Self::TimedOut => "timed_out",
        }
    }
}

named!(Outcome);
