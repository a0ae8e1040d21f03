//! Work that is shared out among threads, where that pays.

use std::num::NonZero;
use std::panic;
use std::sync::{Mutex, OnceLock, PoisonError};
use std::thread::{self, ScopedJoinHandle};

use pyo3::prelude::*;

use crate::error::plain;
use crate::input::Number;

/// How many passwords a thread takes at a time: eight times the eight that the widest backend
/// works on at once, some hundred microseconds of work.
const SHARE: usize = 64;

/// How many encryptions with a key of 2048 bits are done by one thread alone, if the caller does not say
/// how many: some ten milliseconds of work. On a machine whose cores are all busy a thread waits some
/// milliseconds for its turn, and who shares its work out waits for the last one.
const ALONE: usize = 4096;

/// How many threads may work at the same time.
#[derive(Clone, Copy)]
pub(crate) enum Threads {
    /// As many as there are cores, if there is enough to do.
    WherePays,
    /// As many as the caller says at most.
    AtMost(usize),
}

impl Threads {
    pub(crate) fn read(given: Option<Number<usize>>) -> PyResult<Self> {
        const RANGE: &str = "threads are a number from 1 on";
        match given.map(|number| number.or(RANGE)).transpose()? {
            None => Ok(Self::WherePays),
            Some(0) => Err(plain(RANGE)),
            Some(number) => Ok(Self::AtMost(number)),
        }
    }

    /// How many work on so many encryptions, which take as long as so many with a key of 2048 bits.
    fn number(self, count: usize, work: usize) -> usize {
        let most = match self {
            Self::WherePays if work <= ALONE => 1,
            Self::WherePays => cores(),
            Self::AtMost(number) => number,
        };
        most.min(count.div_ceil(SHARE)).max(1)
    }

    /// How many passwords are encrypted between two looks whether Ctrl-C was pressed: some ten
    /// milliseconds of work for each thread, beside which its start takes next to nothing.
    pub(crate) fn part(self, count: usize, key_size: usize) -> usize {
        let alone = (ALONE / work(1, key_size).max(1)).max(SHARE);
        alone * self.number(count, work(count, key_size))
    }

    /// Does some work on shares of items, and returns the results in order. The size of a key in bytes says
    /// how much work an item is.
    ///
    /// The threads live as long as the call: a pool of them would be gone in a child of `fork`, where
    /// `multiprocessing` would wait for it for ever.
    pub(crate) fn share_out<T: Send, R: Send>(
        self,
        items: &mut [T],
        key_size: usize,
        work_on: impl Fn(&mut [T]) -> R + Sync,
    ) -> Vec<R> {
        let number = self.number(items.len(), work(items.len(), key_size));
        if number == 1 {
            return items.chunks_mut(SHARE).map(work_on).collect();
        }
        let mut results: Vec<Option<R>> = Vec::new();
        results.resize_with(items.len().div_ceil(SHARE), || None);
        let shares = Mutex::new(items.chunks_mut(SHARE).zip(&mut results));
        let work = || {
            loop {
                let share = shares.lock().unwrap_or_else(PoisonError::into_inner).next();
                let Some((items, result)) = share else {
                    return;
                };
                *result = Some(work_on(items));
            }
        };
        thread::scope(|scope| {
            // Without a thread more, where the system has none left, this one does it all.
            let start = |_| thread::Builder::new().spawn_scoped(scope, work).ok();
            let helpers: Vec<_> = (1..number).filter_map(start).collect();
            work();
            for helper in helpers {
                join(helper);
            }
        });
        // Each share was taken, and each that was taken has its result.
        results.into_iter().flatten().collect()
    }
}

fn join(helper: ScopedJoinHandle<'_, ()>) {
    if let Err(panic) = helper.join() {
        panic::resume_unwind(panic);
    }
}

/// As how many encryptions with a key of 2048 bits: the time grows with the square of the key's length.
fn work(count: usize, key_size: usize) -> usize {
    count.saturating_mul(key_size * key_size) / (256 * 256)
}

/// Asked for once: the answer takes several files of the system.
fn cores() -> usize {
    static CORES: OnceLock<usize> = OnceLock::new();
    *CORES.get_or_init(|| thread::available_parallelism().map_or(1, NonZero::get))
}
