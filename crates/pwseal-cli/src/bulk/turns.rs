//! What workers make, written in the order in which they took their work.
//!
//! None waits for a slower one whose turn comes first: it hands in what it made and goes on, and the slower one has
//! both written.

use std::collections::BTreeMap;
use std::mem;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

/// How much may be taken and not yet written, for each worker: what it works on, and as much handed in.
const AHEAD: u64 = 2;

/// Locks. A worker that panicked is reported by its [`Worker`], not by the locks that it held.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn sleep<'s, T>(until: &Condvar, state: MutexGuard<'s, State<T>>) -> MutexGuard<'s, State<T>> {
    until.wait(state).unwrap_or_else(PoisonError::into_inner)
}

/// Who has taken work, what was made of it, and whose turn it is to be written.
pub(super) struct Turns<T> {
    state: Mutex<State<T>>,
    /// It may be another's turn, and there may be room for more work.
    passed: Condvar,
    /// The work may have ended. Not told at every turn: whoever waits for it would run each time.
    ended: Condvar,
}

struct State<T> {
    workers: u64,
    taken: u64,
    written: u64,
    /// What was handed in before its turn.
    early: BTreeMap<u64, T>,
    /// What was written, to be used again.
    spare: Vec<T>,
    /// No more work is taken; what was taken is still written.
    stopped: bool,
    /// Nothing is written any more.
    failed: bool,
}

/// The end of the work.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum End {
    /// All is done.
    Done,
    /// It was stopped in between, and what was taken is written.
    Stopped,
    /// A worker failed or panicked.
    Failed,
}

/// A worker. When it is dropped, it is counted out.
pub(super) struct Worker<T>(Arc<Turns<T>>);

/// Work that was taken. When it is dropped before [`Turn::done`] has ended, all work fails.
pub(super) struct Turn<'t, T> {
    turns: &'t Turns<T>,
    number: u64,
}

impl<T> Turns<T> {
    pub(super) fn new() -> Arc<Self> {
        let state = State {
            workers: 0,
            taken: 0,
            written: 0,
            early: BTreeMap::new(),
            spare: Vec::new(),
            stopped: false,
            failed: false,
        };
        Arc::new(Self {
            state: Mutex::new(state),
            passed: Condvar::new(),
            ended: Condvar::new(),
        })
    }

    /// Counts in a worker, which is to be done before its thread is started: the work ends when
    /// there is none.
    pub(super) fn worker(self: &Arc<Self>) -> Worker<T> {
        lock(&self.state).workers += 1;
        Worker(Arc::clone(self))
    }

    /// Lets all workers end once what they took is written.
    pub(super) fn stop(&self) {
        lock(&self.state).stopped = true;
        self.notify_all();
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
        self.notify_all();
    }

    fn notify_all(&self) {
        self.passed.notify_all();
        self.ended.notify_all();
    }
}

impl<T> Worker<T> {
    /// Takes the next turn, unless it is time to stop. Whoever reads input under a lock calls
    /// this under the same one, so that the turns have the order of the input.
    pub(super) fn take_turn(&self) -> Option<Turn<'_, T>> {
        let mut state = lock(&self.0.state);
        while !state.is_over() && state.taken - state.written >= AHEAD * state.workers {
            state = sleep(&self.0.passed, state);
        }
        if state.is_over() {
            return None;
        }
        state.taken += 1;
        Some(Turn {
            turns: &self.0,
            number: state.taken,
        })
    }
}

impl<T> State<T> {
    fn is_over(&self) -> bool {
        self.stopped || self.failed
    }

    /// What is to be written next, if it is there.
    fn next(&mut self) -> Option<T> {
        if self.failed {
            return None;
        }
        self.early.remove(&(self.written + 1))
    }
}

impl<T> Drop for Worker<T> {
    fn drop(&mut self) {
        let mut state = lock(&self.0.state);
        state.workers -= 1;
        state.failed |= std::thread::panicking();
        drop(state);
        self.0.notify_all();
    }
}

impl<T: Default> Turn<'_, T> {
    /// Waits until all earlier turns are done, so that a part of this one can be written. False if one of them has failed.
    pub(super) fn wait(&self) -> bool {
        let mut state = lock(&self.turns.state);
        while !state.failed && state.written + 1 < self.number {
            state = sleep(&self.turns.passed, state);
        }
        !state.failed
    }

    /// Hands in what was made, and writes what comes next of all that was handed in, if no other worker does.
    /// `write` is false if nothing can be written any more. Returns what was written earlier, to be used again.
    pub(super) fn done(self, made: T, write: impl Fn(&mut T) -> bool) -> T {
        let mut state = lock(&self.turns.state);
        state.early.insert(self.number, made);
        // What another worker writes is not here any more, and not counted yet: there is no next one then.
        while let Some(mut made) = state.next() {
            drop(state);
            if !write(&mut made) {
                // Dropped before it is done, this turn ends the work of all.
                return made;
            }
            state = lock(&self.turns.state);
            state.written += 1;
            state.spare.push(made);
            self.turns.passed.notify_all();
        }
        if state.stopped {
            self.turns.ended.notify_all();
        }
        let spare = state.spare.pop().unwrap_or_default();
        drop(state);
        // It is done.
        mem::forget(self);
        spare
    }
}

impl<T> Drop for Turn<'_, T> {
    fn drop(&mut self) {
        self.turns.fail();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Mutex, mpsc};
    use std::thread;
    use std::time::Duration;

    use super::{AHEAD, End, Turns, lock};

    #[test]
    fn what_is_handed_in_early_is_written_in_its_turn() {
        let turns = Turns::new();
        let (fast, slow) = (turns.worker(), turns.worker());
        let written = Mutex::new(Vec::new());
        let write = |made: &mut u64| {
            lock(&written).push(*made);
            true
        };
        let first = slow.take_turn().expect("there is room");
        let rest = [2, 3].map(|number| (number, fast.take_turn().expect("there is room")));
        for (number, turn) in rest {
            assert_eq!(turn.done(number, write), 0, "nothing is to be used again");
        }
        assert!(lock(&written).is_empty());
        assert!([1, 2, 3].contains(&first.done(1, write)));
        assert_eq!(*lock(&written), [1, 2, 3]);
        drop((fast, slow));
        assert_eq!(turns.wait(), End::Done);
    }

    #[test]
    fn parts_are_written_when_all_before_them_are() {
        let turns = Turns::<u64>::new();
        let (one, two) = (turns.worker(), turns.worker());
        let first = one.take_turn().expect("there is room");
        let second = two.take_turn().expect("there is room");
        thread::scope(|scope| {
            let (sender, waited) = mpsc::channel();
            scope.spawn(move || {
                let _ = sender.send(second.wait());
                second.done(2, |_| true);
            });
            assert!(waited.recv_timeout(Duration::from_millis(50)).is_err());
            first.done(1, |_| true);
            assert_eq!(waited.recv(), Ok(true));
        });
    }

    #[test]
    fn only_so_much_is_taken_ahead_of_the_slowest() {
        let turns = Turns::<u64>::new();
        let worker = &turns.worker();
        let mut taken: Vec<_> = (0..AHEAD).map_while(|_| worker.take_turn()).collect();
        thread::scope(|scope| {
            let (sender, more) = mpsc::channel();
            scope.spawn(move || {
                let turn = worker.take_turn();
                let _ = sender.send(turn.is_some());
                turn.map(|turn| turn.done(0, |_| true));
                let _ = sender.send(worker.take_turn().is_some());
            });
            assert!(more.recv_timeout(Duration::from_millis(50)).is_err());
            taken.remove(0).done(0, |_| true);
            assert_eq!(more.recv(), Ok(true));
            // It waits for room again, or is about to.
            turns.stop();
            assert_eq!(more.recv(), Ok(false));
        });
        assert_eq!(taken.len() as u64, AHEAD - 1);
        for turn in taken {
            turn.done(0, |_| true);
        }
        assert_eq!(turns.wait(), End::Stopped);
    }

    #[test]
    fn a_stop_is_over_when_all_that_was_taken_is_written() {
        let turns = Turns::<u64>::new();
        let worker = turns.worker();
        let turn = worker.take_turn().expect("there is room");
        thread::scope(|scope| {
            let (sender, over) = mpsc::channel();
            let waiting = &turns;
            scope.spawn(move || sender.send(waiting.wait()));
            turns.stop();
            assert!(over.recv_timeout(Duration::from_millis(50)).is_err());
            turn.done(1, |_| true);
            assert_eq!(over.recv(), Ok(End::Stopped));
        });
    }

    #[test]
    fn nothing_is_written_after_a_failure() {
        let turns = Turns::<u64>::new();
        let worker = turns.worker();
        let [first, second] = [(); 2].map(|()| worker.take_turn().expect("there is room"));
        second.done(2, |_| unreachable!("the first comes first"));
        let written = Mutex::new(Vec::new());
        first.done(1, |made| {
            lock(&written).push(*made);
            false
        });
        assert_eq!(*lock(&written), [1]);
        assert_eq!(turns.wait(), End::Failed);
        assert!(worker.take_turn().is_none());
    }

    #[test]
    fn nothing_is_begun_after_a_failure_elsewhere() {
        let turns = Turns::<u64>::new();
        let (worker, _other) = (turns.worker(), turns.worker());
        let [first, second, third] = [(); 3].map(|()| worker.take_turn().expect("there is room"));
        second.done(2, |_| unreachable!("the first comes first"));
        let (third, written) = (Mutex::new(Some(third)), Mutex::new(Vec::new()));
        first.done(1, |made| {
            lock(&written).push(*made);
            lock(&third).take();
            true
        });
        assert_eq!(*lock(&written), [1]);
    }

    #[test]
    fn work_that_is_not_done_is_a_failure() {
        let turns = Turns::<u64>::new();
        let worker = turns.worker();
        let [first, second] = [(); 2].map(|()| worker.take_turn().expect("there is room"));
        drop(first);
        assert_eq!(turns.wait(), End::Failed);
        assert!(!second.wait());
        second.done(2, |_| unreachable!("the first is missing"));
    }
}
