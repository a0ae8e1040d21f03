//! Workers that write in the order in which they took their work.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

/// Locks. A worker that panicked is reported by its [`Worker`], not by the locks that it held.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn sleep<'s>(until: &Condvar, state: MutexGuard<'s, State>) -> MutexGuard<'s, State> {
    until.wait(state).unwrap_or_else(PoisonError::into_inner)
}

/// Who has taken work, and whose turn it is to write.
#[derive(Default)]
pub(super) struct Turns {
    state: Mutex<State>,
    /// It may be another worker's turn.
    passed: Condvar,
    /// The work may have ended. Not told at every turn: whoever waits for it would run each time.
    ended: Condvar,
}

#[derive(Default)]
struct State {
    workers: usize,
    taken: u64,
    written: u64,
    /// No more work is taken; what was taken is still written.
    stopped: bool,
    /// Nothing is written any more.
    failed: bool,
}

/// The end of the work.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum End {
    /// All is done.
    Done,
    /// It was stopped in between, and what was taken is written.
    Stopped,
    /// A worker failed or panicked.
    Failed,
}

/// A worker. When it is dropped, it is counted out.
pub(super) struct Worker(Arc<Turns>);

/// Work that was taken. When it is dropped before [`Turn::done`], all work fails.
pub(super) struct Turn<'t> {
    turns: &'t Turns,
    number: u64,
}

impl Turns {
    /// Counts in a worker, which is to be done before its thread is started: the work ends when
    /// there is none.
    pub(super) fn worker(self: &Arc<Self>) -> Worker {
        lock(&self.state).workers += 1;
        Worker(Arc::clone(self))
    }

    /// Lets all workers end once they have written what they took.
    pub(super) fn stop(&self) {
        lock(&self.state).stopped = true;
        self.ended.notify_all();
    }

    /// Waits for the end. A worker that waits for input may not have ended then.
    pub(super) fn wait(&self) -> End {
        let mut state = lock(&self.state);
        loop {
            if state.failed {
                return End::Failed;
            }
            if state.workers == 0 {
                return if state.stopped {
                    End::Stopped
                } else {
                    End::Done
                };
            }
            if state.stopped && state.taken == state.written {
                return End::Stopped;
            }
            state = sleep(&self.ended, state);
        }
    }

    fn fail(&self) {
        lock(&self.state).failed = true;
        self.passed.notify_all();
        self.ended.notify_all();
    }
}

impl Worker {
    /// Takes the next turn, unless it is time to stop. Whoever reads input under a lock calls
    /// this under the same one, so that the turns have the order of the input.
    pub(super) fn take_turn(&self) -> Option<Turn<'_>> {
        let mut state = lock(&self.0.state);
        if state.stopped || state.failed {
            return None;
        }
        state.taken += 1;
        Some(Turn {
            turns: &self.0,
            number: state.taken,
        })
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        let mut state = lock(&self.0.state);
        state.workers -= 1;
        state.failed |= std::thread::panicking();
        drop(state);
        self.0.passed.notify_all();
        self.0.ended.notify_all();
    }
}

impl Turn<'_> {
    /// Waits until all earlier turns are done. False if one of them has failed.
    pub(super) fn wait(&self) -> bool {
        let mut state = lock(&self.turns.state);
        while !state.failed && state.written + 1 < self.number {
            state = sleep(&self.turns.passed, state);
        }
        !state.failed
    }

    pub(super) fn done(self) {
        let mut state = lock(&self.turns.state);
        state.written = self.number;
        let stopped = state.stopped;
        drop(state);
        self.turns.passed.notify_all();
        if stopped {
            self.turns.ended.notify_all();
        }
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        if lock(&self.turns.state).written < self.number {
            self.turns.fail();
        }
    }
}
