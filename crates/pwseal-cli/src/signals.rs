//! Signals that end a program: put off for a moment, and then obeyed as if nobody had handled them, so that a
//! shell sees what ended it.

use std::io;
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::{SigId, flag, low_level};

/// What asks a program to end.
pub(crate) const ENDS: [i32; 3] = [SIGINT, SIGTERM, SIGHUP];

/// Puts signals off from when it is made until it is dropped, which obeys one that was not taken. A process makes one: the
/// signals of one that was dropped act at once ever after.
pub(crate) struct Signals {
    signals: Vec<i32>,
    /// The last that came; 0 for none.
    last: Arc<AtomicUsize>,
    /// Whether signals act at once again.
    at_once: Arc<AtomicBool>,
    ids: Vec<SigId>,
}

impl Signals {
    /// Those that this process was started to ignore stay ignored, as `nohup` wants it.
    pub(crate) fn put_off(signals: &[i32]) -> io::Result<Self> {
        let signals = signals
            .iter()
            .copied()
            .filter(|signal| !is_ignored(*signal));
        let mut this = Self {
            signals: signals.collect(),
            last: Arc::default(),
            at_once: Arc::default(),
            ids: Vec::new(),
        };
        for signal in &this.signals {
            // It stays when this is dropped: without any action a signal would be ignored.
            flag::register_conditional_default(*signal, Arc::clone(&this.at_once))?;
            let number = usize::try_from(*signal).map_err(io::Error::other)?;
            let last = Arc::clone(&this.last);
            this.ids.push(flag::register_usize(*signal, last, number)?);
        }
        Ok(this)
    }

    /// Has the second signal act at once.
    pub(crate) fn only_the_first(&mut self) -> io::Result<()> {
        for signal in &self.signals {
            let at_once = Arc::clone(&self.at_once);
            self.ids.push(flag::register(*signal, at_once)?);
        }
        Ok(())
    }

    /// Has each signal make this readable at its other end.
    pub(crate) fn wake(&mut self, wake: &UnixStream) -> io::Result<()> {
        for signal in &self.signals {
            let wake = wake.try_clone()?;
            self.ids.push(low_level::pipe::register(*signal, wake)?);
        }
        Ok(())
    }

    /// The last that came since it was taken, or since they are put off.
    pub(crate) fn take(&self) -> Option<i32> {
        let signal = self.last.swap(0, Ordering::Relaxed);
        i32::try_from(signal).ok().filter(|signal| *signal != 0)
    }
}

impl Drop for Signals {
    fn drop(&mut self) {
        self.at_once.store(true, Ordering::Relaxed);
        for id in self.ids.drain(..) {
            low_level::unregister(id);
        }
        // Whoever held this may have looked for the last time before it came.
        if let Some(signal) = self.take() {
            obey(signal);
        }
    }
}

/// Does what the system does at a signal that nobody handles: to end the program, or to stop it until it is continued.
pub(crate) fn obey(signal: i32) {
    // It fails only for signals that have no number.
    let _ = low_level::emulate_default_handler(signal);
}

/// Whether this process was started to ignore a signal. Where the system does not tell, the answer is no.
fn is_ignored(signal: i32) -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    mask.is_some_and(|mask| (mask >> (signal - 1)) & 1 == 1)
}

#[cfg(test)]
mod tests {
    use std::env;
    use std::os::unix::process::ExitStatusExt;
    use std::process::Command;

    use signal_hook::consts::SIGTERM;
    use signal_hook::low_level;

    use super::Signals;

    /// In a process of its own, which it ends.
    #[test]
    fn a_signal_that_nobody_took_is_obeyed_in_the_end() {
        const INNER: &str = "PWSEAL_TEST_SIGNALS";
        if env::var_os(INNER).is_some() {
            let signals = Signals::put_off(&[SIGTERM]).expect("they are put off");
            low_level::raise(SIGTERM).expect("it is sent");
            drop(signals);
            return;
        }
        let name = "signals::tests::a_signal_that_nobody_took_is_obeyed_in_the_end";
        let mut inner = Command::new(env::current_exe().expect("a path"));
        let output = inner.args(["--exact", name]).env(INNER, "1").output();
        let status = output.expect("it starts").status;
        assert_eq!(status.signal(), Some(SIGTERM), "{status}");
    }
}
