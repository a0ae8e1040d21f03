//! How often to ask how far a password change is.

use core::fmt;
use core::time::Duration;

use http::StatusCode;

use crate::answer::AnswerError;
use crate::excerpt::shown;
use crate::status::{PasswordStatus, State};

/// How many requests the API takes from one client in [`RATE_LIMIT_WINDOW`].
pub const RATE_LIMIT_REQUESTS: u32 = 100;

/// The time in which [`RATE_LIMIT_REQUESTS`] are counted.
pub const RATE_LIMIT_WINDOW: Duration = Duration::from_secs(10);

const SHORTEST_DELAY: Duration = Duration::from_secs(1);
const LONGEST_DELAY: Duration = Duration::from_secs(5 * 60);

/// The platform retries a change on its source after 5 s, 1, 3, 10, 30 and 90 minutes: 2 hours
/// and 15 minutes in all if these are waited one after the other.
const PATIENCE: Duration = Duration::from_secs(3 * 60 * 60);

/// Says after each answer to `password-change-status` what to do next. It has no clock and does
/// not sleep: the caller passes the time since the change was ordered.
///
/// The pace is the platform's, which retries after seconds first and after hours in the end:
/// the next delay is a tenth of the time that has passed, at least 1 second and at most 5
/// minutes. So the result is known at most a tenth late.
///
/// ```
/// use std::time::Duration;
/// use pwseal_api::{Next, PasswordStatus, StatusPoll};
///
/// let poll = StatusPoll::new();
/// // The first time to ask:
/// assert_eq!(poll.delay(Duration::ZERO), Duration::from_secs(1));
///
/// let response = http::Response::new(r#"{"state": "IN_PROGRESS"}"#);
/// let answer = PasswordStatus::from_response(&response);
/// assert_eq!(
///     poll.next(answer, Duration::from_secs(60)),
///     Next::AskAgain { after: Duration::from_secs(6), error: None }
/// );
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StatusPoll {
    shortest_delay: Duration,
    patience: Duration,
}

/// What to do next. Callers match all of it, as there is nothing to fall back on.
#[derive(Clone, PartialEq, Eq)]
pub enum Next {
    /// Wait, then ask again.
    AskAgain {
        /// How long to wait.
        after: Duration,
        /// Why the answer did not count, if it did not.
        error: Option<AnswerError>,
    },
    /// The password is changed.
    Finished {
        /// Errors that the platform reports all the same, in its words. In general empty.
        reasons: Vec<String>,
    },
    /// The password is not changed.
    Failed {
        /// Why, in the platform's words. May be empty.
        reasons: Vec<String>,
    },
    /// The question was refused, and asking again unchanged is of no use: the token is expired,
    /// its scope too narrow, the id unknown. The change itself goes on. A token expires sooner
    /// than a slow change ends: after a 401, ask again with a new one.
    Refused(AnswerError),
    /// The patience is used up, or would be before the server wants to be asked again. The change
    /// itself may go on.
    TimedOut {
        /// Why the last answer did not count, if it did not.
        error: Option<AnswerError>,
    },
}

/// The platform's words as excerpts.
impl fmt::Debug for Next {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AskAgain { after, error } => f
                .debug_struct("AskAgain")
                .field("after", after)
                .field("error", error)
                .finish(),
            Self::Finished { reasons } => f
                .debug_struct("Finished")
                .field("reasons", &shown(reasons))
                .finish(),
            Self::Failed { reasons } => f
                .debug_struct("Failed")
                .field("reasons", &shown(reasons))
                .finish(),
            Self::Refused(error) => f.debug_tuple("Refused").field(error).finish(),
            Self::TimedOut { error } => f.debug_struct("TimedOut").field("error", error).finish(),
        }
    }
}

impl Default for StatusPoll {
    fn default() -> Self {
        Self::new()
    }
}

impl StatusPoll {
    /// For one change at a time, with patience for 3 hours.
    #[must_use]
    pub fn new() -> Self {
        Self {
            shortest_delay: SHORTEST_DELAY,
            patience: PATIENCE,
        }
    }

    /// For one of several changes that one client waits for at the same time: together they
    /// take half of what the rate limit allows, and leave the other half for all else.
    #[must_use]
    pub fn among(self, changes: u32) -> Self {
        let shared = RATE_LIMIT_WINDOW / RATE_LIMIT_REQUESTS * 2;
        Self {
            shortest_delay: shared.saturating_mul(changes).max(SHORTEST_DELAY),
            ..self
        }
    }

    /// With another patience.
    #[must_use]
    pub fn with_patience(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    /// How long to wait before the next request: before the first one, and when one got no
    /// answer at all. `elapsed` is the time since the change was ordered.
    #[must_use]
    pub fn delay(&self, elapsed: Duration) -> Duration {
        let longest = LONGEST_DELAY.max(self.shortest_delay);
        (elapsed / 10).clamp(self.shortest_delay, longest)
    }

    /// Whether to ask again after a question that got no answer.
    pub(crate) fn has_patience(&self, elapsed: Duration) -> bool {
        elapsed < self.patience
    }

    /// What to do after an answer. `elapsed` is the time since the change was ordered.
    ///
    /// A state that is not known is taken for one on the way to a known one. An answer that is
    /// [`retryable`](AnswerError::retryable) is asked for again, and not before the time that
    /// the server wants; after a 429 that names none, not before a [`RATE_LIMIT_WINDOW`]. So is a
    /// 200 that cannot be read, as the page of a gateway under maintenance.
    #[must_use]
    pub fn next(&self, answer: Result<PasswordStatus, AnswerError>, elapsed: Duration) -> Next {
        let error = match answer {
            Ok(PasswordStatus { state, errors, .. }) => match state {
                Some(State::Finished) => return Next::Finished { reasons: errors },
                Some(State::Failed) => return Next::Failed { reasons: errors },
                Some(State::InProgress | State::Other(_)) | None => None,
            },
            Err(error) if error.retryable() || error.is_success() => Some(error),
            Err(error) => return Next::Refused(error),
        };
        let wanted = error.as_ref().map_or(Duration::ZERO, wanted);
        let left = self.patience.saturating_sub(elapsed);
        if left.is_zero() || wanted > left {
            return Next::TimedOut { error };
        }
        // Asks a last time when the patience ends, not some minutes later.
        let pace = self.delay(elapsed).min(left.max(self.shortest_delay));
        Next::AskAgain {
            after: pace.max(wanted),
            error,
        }
    }
}

/// How long a server wants to be left alone after an answer.
fn wanted(error: &AnswerError) -> Duration {
    match error.retry_after() {
        Some(wanted) => wanted,
        None if error.status() == StatusCode::TOO_MANY_REQUESTS => RATE_LIMIT_WINDOW,
        None => Duration::ZERO,
    }
}
