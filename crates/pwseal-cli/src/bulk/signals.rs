//! Signals end a run at the end of a line.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI32, Ordering};
use std::thread;
use std::time::Duration;

use super::turns::Turns;
use crate::signals::{ENDS, Signals};

/// How long a signal may go unseen. A line takes some microseconds.
const INTERVAL: Duration = Duration::from_millis(20);

/// Ends the watch for signals when it is dropped.
#[derive(Default)]
pub(super) struct Watch {
    is_over: Arc<AtomicBool>,
    /// 0 for none.
    signal: Arc<AtomicI32>,
}

impl Watch {
    /// The signal that stopped the run.
    pub(super) fn signal(&self) -> Option<i32> {
        Some(self.signal.load(Ordering::Relaxed)).filter(|signal| *signal != 0)
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::Relaxed);
    }
}

/// Stops the turns at the first signal. The second ends the program at once. Where this fails, a signal ends the program
/// within a line, which `--resume` cuts off.
pub(super) fn stop_on_signal<T: Send + 'static>(turns: &Arc<Turns<T>>) -> Watch {
    let watch = Watch::default();
    let (is_over, seen) = (Arc::clone(&watch.is_over), Arc::clone(&watch.signal));
    let turns = Arc::clone(turns);
    let Ok(signals) = put_off() else {
        return watch;
    };
    let _ = thread::Builder::new().spawn(move || {
        while !is_over.load(Ordering::Relaxed) {
            if let Some(signal) = signals.take() {
                seen.store(signal, Ordering::Relaxed);
                turns.stop();
            }
            thread::sleep(INTERVAL);
        }
    });
    watch
}

fn put_off() -> io::Result<Signals> {
    let mut signals = Signals::put_off(&ENDS)?;
    signals.only_the_first()?;
    // A file that may not grow is then an error like a full disk, and not an end in the middle of a line.
    #[cfg(unix)]
    signal_hook::flag::register(signal_hook::consts::SIGXFSZ, Arc::default())?;
    Ok(signals)
}
