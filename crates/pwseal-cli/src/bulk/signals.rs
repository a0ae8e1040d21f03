//! Ctrl-C and SIGTERM end a run at the end of a line.

#[cfg(unix)]
pub(super) use unix::stop_on_signal;

#[cfg(unix)]
mod unix {
    use std::io;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::thread;
    use std::time::Duration;

    use signal_hook::consts::{SIGINT, SIGTERM, SIGXFSZ};
    use signal_hook::flag;

    use super::super::turns::Turns;

    /// How long a signal may go unseen. A line takes some microseconds.
    const INTERVAL: Duration = Duration::from_millis(20);

    /// Ends the watch for signals when it is dropped.
    pub(in super::super) struct Watch(Arc<AtomicBool>);

    impl Drop for Watch {
        fn drop(&mut self) {
            self.0.store(true, Ordering::Relaxed);
        }
    }

    /// Stops the turns at the first signal. The second ends the program at once.
    pub(in super::super) fn stop_on_signal<T: Send + 'static>(turns: &Arc<Turns<T>>) -> Watch {
        let signalled = Arc::new(AtomicBool::new(false));
        let over = Arc::new(AtomicBool::new(false));
        let watch = Watch(Arc::clone(&over));
        let (turns, seen) = (Arc::clone(turns), Arc::clone(&signalled));
        let watching = thread::Builder::new().spawn(move || {
            while !over.load(Ordering::Relaxed) {
                if seen.load(Ordering::Relaxed) {
                    return turns.stop();
                }
                thread::sleep(INTERVAL);
            }
        });
        // Where either fails, a signal ends the program within a line, which `--resume` cuts off.
        let _ = watching.and_then(|_| register(&signalled));
        watch
    }

    fn register(signalled: &Arc<AtomicBool>) -> io::Result<()> {
        for signal in [SIGINT, SIGTERM] {
            // In this order, so that it takes effect from the second signal on.
            flag::register_conditional_shutdown(signal, 2, Arc::clone(signalled))?;
            flag::register(signal, Arc::clone(signalled))?;
        }
        // A file that may not grow is then an error like a full disk, and not an end in the middle of a line.
        flag::register(SIGXFSZ, Arc::default())?;
        Ok(())
    }
}

/// Elsewhere Ctrl-C ends the program within a line, which `--resume` cuts off.
#[cfg(not(unix))]
pub(super) fn stop_on_signal<T>(_: &std::sync::Arc<super::turns::Turns<T>>) {}
