//! Signals end a run at the end of a line.

use std::io;

use crate::signals::{ENDS, Signals};

/// The first signal, until this is dropped.
pub(super) struct PutOff(Option<Signals>);

impl PutOff {
    /// The signal that came, once.
    pub(super) fn take(&self) -> Option<i32> {
        self.0.as_ref().and_then(Signals::take)
    }
}

/// Puts the first signal off. The second ends the program at once. Where this fails, a signal ends the program within a
/// line, which `--resume` cuts off.
pub(super) fn put_off() -> PutOff {
    let signals = || -> io::Result<Signals> {
        let mut signals = Signals::put_off(&ENDS)?;
        signals.only_the_first()?;
        // A file that may not grow is then an error like a full disk, and not an end in the middle of a line.
        #[cfg(unix)]
        signal_hook::flag::register(
            signal_hook::consts::SIGXFSZ,
            std::sync::Arc::<std::sync::atomic::AtomicBool>::default(),
        )?;
        Ok(signals)
    };
    PutOff(signals().ok())
}
