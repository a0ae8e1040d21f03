//! `python -m pwseal`.

use std::ffi::OsString;

use pyo3::prelude::*;

/// Run a command line, the program's name first, and return the exit code.
#[pyfunction]
pub(crate) fn run_command_line(py: Python<'_>, args: Vec<OsString>) -> u8 {
    py.detach(|| pwseal_cli::run(args))
}
