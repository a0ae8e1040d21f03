//! Work on all cores, received in the order of the input.
//!
//! One thread reads, and deals what it has read to the workers in turn. Each worker has a queue before it and one behind
//! it, and whoever receives goes round them in the same turn, which keeps the order. All queues are short, so that what
//! is in memory does not grow with the input.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender, SyncSender};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// How much waits before a worker, and how much behind it.
const QUEUE: usize = 1;

/// The receiving end. It gets `T` from the workers, and `E` from the reader where it fails.
pub(super) struct Pipeline<T, E> {
    reader: JoinHandle<Result<(), E>>,
    lanes: Vec<Lane<T>>,
    /// The lane whose turn it is.
    turn: usize,
    /// The lane of what came last.
    last: usize,
    /// How many inputs were read, and how many were received.
    read: Arc<AtomicU64>,
    received: u64,
    stopped: Arc<AtomicBool>,
}

/// A worker as the receiver sees it.
struct Lane<T> {
    parts: Receiver<Part<T>>,
    spare: Sender<T>,
    thread: JoinHandle<()>,
}

/// A part of what an input becomes.
struct Part<T> {
    made: T,
    is_last: bool,
}

/// Where a worker puts what it makes.
pub(super) struct Outlet<T> {
    parts: SyncSender<Part<T>>,
    spare: Receiver<T>,
}

/// What the receiver meets.
#[derive(Debug, PartialEq)]
pub(super) enum Next<T> {
    Made(T),
    /// Nothing is there yet.
    Wait,
    /// Nothing comes any more.
    End,
}

/// How it ended.
#[derive(Debug, PartialEq)]
pub(super) enum End<E> {
    Done,
    /// All that was read was received, and there may be more to read.
    Stopped,
    /// The reader failed.
    Failed(E),
    /// A thread panicked.
    Crashed,
}

impl<T: Default> Outlet<T> {
    /// Something to make the next part in: one that was received, if there is any.
    pub(super) fn spare(&self) -> T {
        self.spare.try_recv().unwrap_or_default()
    }

    /// Sends a part, of which the last one ends what an input becomes. False if nobody receives any more.
    pub(super) fn send(&self, made: T, is_last: bool) -> bool {
        self.parts.send(Part { made, is_last }).is_ok()
    }
}

impl<T, E> Pipeline<T, E>
where
    T: Default + Send + 'static,
    E: Send + 'static,
{
    /// Starts up to so many workers and the reader. `read` gives the next input, and gets one back that is worked off. A
    /// worker makes its parts of an input, of which there is a last one, and returns false if nobody receives them.
    pub(super) fn start<I, W>(
        workers: usize,
        worker: impl Fn() -> W,
        mut read: impl FnMut(Option<I>) -> Result<Option<I>, E> + Send + 'static,
    ) -> io::Result<Self>
    where
        I: Send + 'static,
        W: FnMut(&I, &Outlet<T>) -> bool + Send + 'static,
    {
        let (used, spare_inputs) = mpsc::channel();
        let (mut queues, mut lanes) = (Vec::new(), Vec::new());
        for _ in 0..workers {
            let (queue, inputs) = mpsc::sync_channel::<I>(QUEUE);
            let (outlet, parts) = mpsc::sync_channel(QUEUE);
            let (spare, spare_parts) = mpsc::channel();
            let outlet = Outlet {
                parts: outlet,
                spare: spare_parts,
            };
            let (used, mut work) = (used.clone(), worker());
            let thread = thread::Builder::new().spawn(move || {
                for input in inputs {
                    if !work(&input, &outlet) {
                        return;
                    }
                    // Without a reader nobody needs it.
                    let _ = used.send(input);
                }
            });
            match thread {
                Ok(thread) => {
                    queues.push(queue);
                    lanes.push(Lane {
                        parts,
                        spare,
                        thread,
                    });
                }
                // One that has started does the work of all.
                Err(_) if !lanes.is_empty() => break,
                Err(error) => return Err(error),
            }
        }
        let (stopped, count) = (Arc::<AtomicBool>::default(), Arc::<AtomicU64>::default());
        let (is_stopped, counted) = (Arc::clone(&stopped), Arc::clone(&count));
        let reader = thread::Builder::new().spawn(move || {
            for queue in queues.iter().cycle() {
                if is_stopped.load(Ordering::Relaxed) {
                    break;
                }
                let Some(input) = read(spare_inputs.try_recv().ok())? else {
                    break;
                };
                counted.fetch_add(1, Ordering::Relaxed);
                if queue.send(input).is_err() {
                    break;
                }
            }
            Ok(())
        })?;
        Ok(Self {
            reader,
            lanes,
            turn: 0,
            last: 0,
            read: count,
            received: 0,
            stopped,
        })
    }

    /// Reads no more. What was read is still received.
    pub(super) fn stop(&self) {
        self.stopped.store(true, Ordering::Relaxed);
    }

    /// What comes next, for which it waits only so long.
    pub(super) fn next(&mut self, wait: Duration) -> Next<T> {
        // The reader may wait for ever for what it is to read.
        if self.is_stopped() && self.received == self.read.load(Ordering::Relaxed) {
            return Next::End;
        }
        match self.lanes[self.turn].parts.recv_timeout(wait) {
            Ok(part) => {
                self.last = self.turn;
                if part.is_last {
                    self.received += 1;
                    self.turn = (self.turn + 1) % self.lanes.len();
                }
                Next::Made(part.made)
            }
            Err(RecvTimeoutError::Timeout) => Next::Wait,
            Err(RecvTimeoutError::Disconnected) => Next::End,
        }
    }

    /// Gives what came last back to its worker.
    pub(super) fn reuse(&self, made: T) {
        // A worker that has ended needs it no more.
        let _ = self.lanes[self.last].spare.send(made);
    }

    /// How it ended, after [`Next::End`].
    pub(super) fn end(mut self) -> End<E> {
        if self.is_stopped() {
            return End::Stopped;
        }
        // The reader of a worker that panicked may wait for ever; that of one that ended has ended.
        if self.lanes.swap_remove(self.turn).thread.join().is_err() {
            return End::Crashed;
        }
        match self.reader.join() {
            Ok(Ok(())) => End::Done,
            Ok(Err(failure)) => End::Failed(failure),
            Err(_) => End::Crashed,
        }
    }

    fn is_stopped(&self) -> bool {
        self.stopped.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;
    use std::thread;
    use std::time::Duration;

    use super::{End, Next, Outlet, Pipeline};

    const SOON: Duration = Duration::from_millis(50);
    const LATE: Duration = Duration::from_secs(60);

    /// Counts up to a number.
    fn count(to: u64) -> impl FnMut(Option<u64>) -> Result<Option<u64>, &'static str> {
        let mut numbers = 1..=to;
        move |_| Ok(numbers.next())
    }

    fn received(pipeline: &mut Pipeline<u64, &'static str>) -> Vec<u64> {
        let mut all = Vec::new();
        loop {
            match pipeline.next(LATE) {
                Next::Made(made) => all.push(made),
                Next::Wait => panic!("it takes too long"),
                Next::End => return all,
            }
        }
    }

    #[test]
    fn parts_come_in_the_order_of_the_input_whichever_worker_is_slow() {
        for workers in [1, 2, 3, 8] {
            let worker = || {
                |input: &u64, outlet: &Outlet<u64>| {
                    // Now one is slow and now another.
                    thread::sleep(Duration::from_micros(input * 37 % 5 * 300));
                    (0..input % 3).all(|part| outlet.send(10 * input + part, false))
                        && outlet.send(10 * input + 9, true)
                }
            };
            let mut pipeline = Pipeline::start(workers, worker, count(50)).expect("threads");
            let expected: Vec<u64> = (1..=50)
                .flat_map(|input| (0..input % 3).chain([9]).map(move |part| 10 * input + part))
                .collect();
            assert_eq!(received(&mut pipeline), expected, "{workers}");
            assert_eq!(pipeline.end(), End::Done);
        }
    }

    #[test]
    fn only_so_much_is_read_ahead_of_what_is_received() {
        let (sender, read) = mpsc::channel();
        let reader = move |_| {
            let _ = sender.send(());
            Ok::<_, ()>(Some(1))
        };
        let worker = || |input: &u64, outlet: &Outlet<u64>| outlet.send(*input, true);
        let mut pipeline = Pipeline::start(2, worker, reader).expect("threads");
        // One behind each worker, one in it, one before it, and one in the hands of the reader.
        for _ in 0..2 * 3 + 1 {
            assert!(read.recv_timeout(LATE).is_ok());
        }
        assert!(read.recv_timeout(SOON).is_err(), "more is read");
        assert_eq!(pipeline.next(LATE), Next::Made(1));
        assert!(read.recv_timeout(LATE).is_ok());
    }

    #[test]
    fn what_was_received_and_worked_off_is_used_again() {
        let mut numbers = 0..9;
        let mut inputs = 0;
        let reader = move |spare: Option<Vec<u64>>| {
            if spare.is_none() {
                inputs += 1;
                assert!(inputs <= 4, "one is worked off");
            }
            Ok::<_, ()>(numbers.next().map(|_| spare.unwrap_or_default()))
        };
        let worker = || {
            |_: &Vec<u64>, outlet: &Outlet<Vec<u64>>| {
                let mut made = outlet.spare();
                made.push(1);
                outlet.send(made, true)
            }
        };
        let mut pipeline = Pipeline::start(1, worker, reader).expect("threads");
        let mut longest = 0;
        while let Next::Made(made) = pipeline.next(LATE) {
            longest = longest.max(made.len());
            pipeline.reuse(made);
        }
        assert!(longest > 1, "{longest}");
        assert_eq!(pipeline.end(), End::Done);
    }

    #[test]
    fn after_a_stop_what_was_read_is_received_though_the_reader_waits() {
        let (input, inputs) = mpsc::channel();
        let reader = move |_| Ok::<_, ()>(inputs.recv().ok());
        let worker = || |input: &u64, outlet: &Outlet<u64>| outlet.send(*input, true);
        let mut pipeline = Pipeline::start(2, worker, reader).expect("threads");
        for number in [1, 2] {
            input.send(number).expect("it is read");
        }
        assert_eq!(pipeline.next(LATE), Next::Made(1));
        while pipeline.read.load(super::Ordering::Relaxed) < 2 {
            thread::yield_now();
        }
        pipeline.stop();
        assert_eq!(pipeline.next(LATE), Next::Made(2));
        assert_eq!(pipeline.next(LATE), Next::End);
        assert_eq!(pipeline.end(), End::Stopped);
    }

    #[test]
    fn what_was_read_before_a_failure_is_received() {
        let mut numbers = 1..=3;
        let reader = move |_| numbers.next().map(Some).ok_or("a failure");
        let worker = || |input: &u64, outlet: &Outlet<u64>| outlet.send(*input, true);
        let mut pipeline = Pipeline::start(2, worker, reader).expect("threads");
        assert_eq!(received(&mut pipeline), [1, 2, 3]);
        assert_eq!(pipeline.end(), End::Failed("a failure"));
    }

    #[test]
    fn a_panic_is_told_though_the_reader_waits() {
        let (input, inputs) = mpsc::channel();
        let reader = move |_| Ok::<_, ()>(inputs.recv().ok());
        let worker = || |_: &u64, _: &Outlet<u64>| -> bool { panic!("this is only a test") };
        let mut pipeline = Pipeline::start(2, worker, reader).expect("threads");
        input.send(1).expect("it is read");
        assert_eq!(pipeline.next(LATE), Next::End);
        assert_eq!(pipeline.end(), End::Crashed);
        drop(input);
    }

    #[test]
    fn a_worker_ends_when_nobody_receives() {
        let (sender, ended) = mpsc::channel::<()>();
        let worker = move || {
            let sender = sender.clone();
            move |input: &u64, outlet: &Outlet<u64>| {
                let _alive = &sender;
                outlet.send(*input, true)
            }
        };
        drop(Pipeline::start(2, worker, count(u64::MAX)).expect("threads"));
        assert_eq!(ended.recv(), Err(mpsc::RecvError), "nobody sends any more");
    }
}
