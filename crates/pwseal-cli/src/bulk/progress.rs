//! A bar on a terminal, and nothing anywhere else.

use std::io::{self, IsTerminal};
use std::time::Instant;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::summary::Summary;

pub(super) struct Progress {
    bar: ProgressBar,
    start: Instant,
    /// Lines of earlier runs, which do not count for the rate. `None` as long as they are compared.
    before: Option<u64>,
}

impl Progress {
    /// `len` is the length of the input in bytes, where that is known. Where the requests go to
    /// a terminal, a bar would stand between them.
    pub(super) fn new(len: Option<u64>, to_stdout: bool) -> Self {
        let mixed = to_stdout && io::stdout().is_terminal();
        let target = if io::stderr().is_terminal() && !mixed {
            ProgressDrawTarget::stderr()
        } else {
            ProgressDrawTarget::hidden()
        };
        let template = if len.is_some() {
            "{bar:30} {percent:>3}%  {msg}  {eta} left"
        } else {
            "{spinner} {msg}"
        };
        let style = ProgressStyle::with_template(template).expect("the template is well-formed");
        Self {
            bar: ProgressBar::with_draw_target(len, target).with_style(style),
            start: Instant::now(),
            before: None,
        }
    }

    /// Lines are answered from now on, after those of earlier runs.
    pub(super) fn begin(&mut self, before: &Summary) {
        self.before = Some(before.lines());
        self.start = Instant::now();
    }

    /// `position` is how far in the input the last line is that was written.
    pub(super) fn show(&self, position: u64, summary: &Summary) {
        if self.bar.is_hidden() {
            return;
        }
        let (lines, errors) = (summary.lines(), summary.errors);
        let seconds = self.start.elapsed().as_secs_f64();
        let s = if errors == 1 { "" } else { "s" };
        self.bar.set_message(match self.before {
            Some(before) => {
                let rate = (lines - before) as f64 / seconds.max(f64::EPSILON);
                format!("{lines} lines, {rate:.0}/s, {errors} error{s}")
            }
            None => format!("{lines} lines of the earlier run compared"),
        });
        self.bar.set_position(position);
    }

    /// Leaves the terminal as it was.
    pub(super) fn end(&self) {
        self.bar.finish_and_clear();
    }
}

/// Also where a failure ends the run.
impl Drop for Progress {
    fn drop(&mut self) {
        self.end();
    }
}
