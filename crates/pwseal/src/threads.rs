//! Work that is shared out among threads, where that pays.

use alloc::vec::Vec;
use core::num::NonZero;
use std::panic;
use std::sync::{Mutex, OnceLock, PoisonError};
use std::thread::{self, ScopedJoinHandle};

/// How many encryptions with a key of 2048 bits are done by one thread alone, if the caller does not say
/// how many: some ten milliseconds of work. On a machine whose cores are all busy a thread waits some
/// milliseconds for its turn, and who shares its work out waits for the last one.
const ALONE: usize = 4096;

/// How many threads may work at the same time, the caller's own among them.
///
/// The others live as long as the call. A pool of them would be gone in a child of `fork`, which would wait for it for ever.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Threads(Option<NonZero<usize>>);

impl Threads {
    /// How many encryptions a thread takes at a time: eight times the eight that the widest backend works on at once, some
    /// hundred microseconds of work.
    pub const SHARE: usize = 64;

    /// As many as there are cores for this process, if there is enough to do: from some ten milliseconds of work on.
    pub const WHERE_IT_PAYS: Self = Self(None);

    /// So many, or fewer where there is less to do.
    #[must_use]
    pub const fn at_most(number: NonZero<usize>) -> Self {
        Self(Some(number))
    }

    /// How many work on so many encryptions with a key of so many bytes.
    ///
    /// ```
    /// use std::num::NonZero;
    /// use pwseal::Threads;
    ///
    /// let four = Threads::at_most(NonZero::new(4).unwrap());
    /// assert_eq!([64, 65, 1000].map(|count| four.number(count, 256)), [1, 2, 4]);
    /// assert_eq!(Threads::WHERE_IT_PAYS.number(1000, 256), 1);
    /// ```
    #[must_use]
    pub fn number(self, count: usize, key_size: usize) -> usize {
        let most = match self.0 {
            None if work(count, key_size) <= ALONE => 1,
            None => cores(),
            Some(number) => number.get(),
        };
        most.min(count.div_ceil(Self::SHARE)).max(1)
    }

    /// How many encryptions with a key of so many bytes these threads do in some ten milliseconds, if there are `count`. After
    /// so many a program may look whether it shall stop.
    #[must_use]
    pub fn part(self, count: usize, key_size: usize) -> usize {
        let alone = (ALONE / work(1, key_size).max(1)).max(Self::SHARE);
        alone * self.number(count, key_size)
    }

    /// Does the work of so many encryptions with a key of so many bytes, which comes in shares, and returns what it made of each,
    /// in order. A share is best about [`SHARE`](Self::SHARE) encryptions.
    ///
    /// A thread that has nothing to do takes the next share. So one that waits for its turn on a busy machine keeps nothing from
    /// the others but the share that it has.
    ///
    /// ```
    /// use pwseal::Threads;
    ///
    /// let passwords = ["a", "bc", "def"];
    /// let lengths = Threads::WHERE_IT_PAYS.share_out(3, 256, passwords.chunks(2), |share| {
    ///     share.iter().map(|password| password.len()).sum::<usize>()
    /// });
    /// assert_eq!(lengths, [3, 3]);
    /// ```
    ///
    /// # Panics
    ///
    /// If the work panics.
    pub fn share_out<S, R: Send>(
        self,
        count: usize,
        key_size: usize,
        shares: impl Iterator<Item = S> + Send,
        work_on: impl Fn(S) -> R + Sync,
    ) -> Vec<R> {
        let number = self.number(count, key_size);
        if number == 1 {
            return shares.map(work_on).collect();
        }
        let shares = Mutex::new(shares.enumerate());
        let work = || {
            let mut made = Vec::new();
            loop {
                let share = shares.lock().unwrap_or_else(PoisonError::into_inner).next();
                let Some((index, share)) = share else {
                    return made;
                };
                made.push((index, work_on(share)));
            }
        };
        let mut made = thread::scope(|scope| {
            // Without a thread more, where the system has none left, this one does it all.
            let start = |_| thread::Builder::new().spawn_scoped(scope, work).ok();
            let helpers: Vec<_> = (1..number).filter_map(start).collect();
            let mut made = work();
            made.extend(helpers.into_iter().flat_map(join));
            made
        });
        made.sort_unstable_by_key(|(index, _)| *index);
        made.into_iter().map(|(_, made)| made).collect()
    }
}

fn join<T>(helper: ScopedJoinHandle<'_, T>) -> T {
    helper
        .join()
        .unwrap_or_else(|panic| panic::resume_unwind(panic))
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
