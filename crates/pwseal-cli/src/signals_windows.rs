//! Ctrl-C and Ctrl-Break of Windows: put off for a moment, and then obeyed as if nobody had handled them. The end of the
//! console is one too, but Windows ends the program soon after it whatever it does.

use std::io;
use std::process;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI32, Ordering};

/// What asks a program to end; Windows does not number it.
pub(crate) const ENDS: [i32; 1] = [1];

/// How Windows ends a program at Ctrl-C: STATUS_CONTROL_C_EXIT of ntstatus.h.
const CONTROL_C_EXIT: i32 = 0xC000_013A_u32.cast_signed();

/// Puts them off from when it is made until it is dropped. A process makes one.
pub(crate) struct Signals(Arc<State>);

#[derive(Default)]
struct State {
    /// Whether one came that was not taken; 0 for none.
    last: AtomicI32,
    only_the_first: AtomicBool,
    /// Whether they act at once.
    at_once: AtomicBool,
}

impl Signals {
    pub(crate) fn put_off(signals: &[i32; 1]) -> io::Result<Self> {
        let [signal] = *signals;
        let this = Self(Arc::default());
        let state = Arc::clone(&this.0);
        ctrlc::set_handler(move || {
            if state.at_once.load(Ordering::Relaxed) {
                obey(signal);
            }
            state.last.store(signal, Ordering::Relaxed);
            let only_the_first = state.only_the_first.load(Ordering::Relaxed);
            state.at_once.store(only_the_first, Ordering::Relaxed);
        })
        .map_err(io::Error::other)?;
        Ok(this)
    }

    /// Has the second act at once.
    pub(crate) fn only_the_first(&mut self) -> io::Result<()> {
        self.0.only_the_first.store(true, Ordering::Relaxed);
        Ok(())
    }

    /// The last that came since it was taken, or since they are put off.
    pub(crate) fn take(&self) -> Option<i32> {
        let signal = self.0.last.swap(0, Ordering::Relaxed);
        Some(signal).filter(|signal| *signal != 0)
    }
}

impl Drop for Signals {
    fn drop(&mut self) {
        self.0.at_once.store(true, Ordering::Relaxed);
        // Whoever held this may have looked for the last time before it came.
        if let Some(signal) = self.take() {
            obey(signal);
        }
    }
}

/// Ends the program as Windows does where nobody handles Ctrl-C.
pub(crate) fn obey(_: i32) {
    process::exit(CONTROL_C_EXIT);
}
