//! Ctrl-C and SIGTERM end a run at the end of a line.

#[cfg(unix)]
pub(super) use unix::stop_on_signal;

#[cfg(unix)]
mod unix {
    use std::process;
    use std::sync::Arc;
    use std::thread;

    use signal_hook::consts::{SIGINT, SIGTERM};
    use signal_hook::iterator::{Handle, Signals};

    use super::super::turns::Turns;

    /// Ends the waiting for signals when it is dropped.
    pub(in super::super) struct Waiting(Handle);

    impl Drop for Waiting {
        fn drop(&mut self) {
            self.0.close();
        }
    }

    /// Stops the turns at the first signal. Whoever sends another does not want to wait.
    pub(in super::super) fn stop_on_signal(turns: &Arc<Turns>) -> Option<Waiting> {
        // Where it fails, a signal ends the program within a line, which `--resume` cuts off.
        let mut signals = Signals::new([SIGINT, SIGTERM]).ok()?;
        let waiting = Waiting(signals.handle());
        let turns = Arc::clone(turns);
        thread::spawn(move || {
            let mut signals = signals.forever();
            if signals.next().is_some() {
                turns.stop();
            }
            if signals.next().is_some() {
                process::exit(2);
            }
        });
        Some(waiting)
    }
}

/// Elsewhere Ctrl-C ends the program within a line, which `--resume` cuts off.
#[cfg(not(unix))]
pub(super) fn stop_on_signal(_: &std::sync::Arc<super::turns::Turns>) {}
