//! How often to ask how far a password change is.

use core::time::Duration;

use pwseal_api::StatusPoll;

use crate::answer::Answer;
use crate::boundary;
use crate::pointers;
use crate::status::Status;

/// How to wait for the end of a change. NULL in its place, and 0 in a field, stand for what is
/// usual.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct Poll {
    /// How many changes one client waits for at the same time: usually 1. Together they take half
    /// of what the API's rate limit allows.
    pub changes: u32,
    /// How long to wait in all, in milliseconds: usually 3 hours.
    pub patience_ms: u64,
}

/// What to do after an answer to `password-change-status`. The numbers keep their meaning for ever.
#[derive(Clone, Copy, Debug)]
#[repr(i32)]
pub enum Next {
    /// Wait, then ask again. If the answer did not count, `pwseal_answer_outcome` says why.
    AskAgain = 0,
    /// The password is changed. Errors that are reported all the same, in general none:
    /// `pwseal_answer_error`.
    Finished = 1,
    /// The password is not changed: `pwseal_answer_error` says why.
    Failed = 2,
    /// The question was refused, and asking again unchanged is of no use: `pwseal_answer_outcome`
    /// says why. The change itself goes on.
    Refused = 3,
    /// The patience is used up, or would be before the server wants to be asked again. If the last
    /// answer did not count, `pwseal_answer_outcome` says why. The change itself may go on.
    TimedOut = 4,
}

/// How many milliseconds to wait before the next question: before the first one, and when one got
/// no answer at all. `elapsed_ms` is the time since the change was ordered.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwseal_poll_delay(poll: *const Poll, elapsed_ms: u64) -> u64 {
    boundary::value(0, || {
        // SAFETY: what the header demands of an input.
        let poll = unsafe { usual(poll) };
        milliseconds(poll.delay(Duration::from_millis(elapsed_ms)))
    })
}

/// Writes what to do after an answer to `*next`, and for PWSEAL_NEXT_ASK_AGAIN how many
/// milliseconds to wait to `*after_ms`, which is 0 else. `elapsed_ms` is the time since the change
/// was ordered. The pace is the platform's: seconds first, minutes after an hour, never more often
/// than the server wants.
///
/// Errors: NULL_POINTER, WRONG_OPERATION.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwseal_poll_next(
    poll: *const Poll,
    answer: *const Answer,
    elapsed_ms: u64,
    next: *mut Next,
    after_ms: *mut u64,
) -> Status {
    boundary::allocating(0, |call| {
        call.ready()?;
        // SAFETY: what the header demands of an input, a handle and outputs.
        unsafe {
            pointers::write("next", next, || {
                let answer = pointers::handle("answer", answer)?;
                let elapsed = Duration::from_millis(elapsed_ms);
                let (next, after) = match usual(poll).next(answer.to_poll()?, elapsed) {
                    pwseal_api::Next::AskAgain { after, .. } => (Next::AskAgain, after),
                    pwseal_api::Next::Finished { .. } => (Next::Finished, Duration::ZERO),
                    pwseal_api::Next::Failed { .. } => (Next::Failed, Duration::ZERO),
                    pwseal_api::Next::Refused(_) => (Next::Refused, Duration::ZERO),
                    pwseal_api::Next::TimedOut { .. } => (Next::TimedOut, Duration::ZERO),
                };
                pointers::write("after_ms", after_ms, || Ok(milliseconds(after)))?;
                Ok(next)
            })
        }
    })
}

/// # Safety
///
/// What the header demands of an input.
unsafe fn usual(poll: *const Poll) -> StatusPoll {
    let usual = StatusPoll::new();
    // SAFETY: the caller promises it; the type has no invalid value.
    let Some(Poll {
        changes,
        patience_ms,
    }) = (unsafe { poll.as_ref() })
    else {
        return usual;
    };
    let poll = usual.among(*changes);
    match patience_ms {
        0 => poll,
        patience => poll.with_patience(Duration::from_millis(*patience)),
    }
}

fn milliseconds(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}
