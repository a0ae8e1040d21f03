//! `pwseal.Error`.

use std::fmt::Display;

use pyo3::PyErr;
use pyo3::exceptions::PyException;

pyo3::create_exception!(
    pwseal,
    Error,
    PyException,
    "A key, a password or a password-info that cannot be used. The message gives positions and \
     lengths, and never a part of a password."
);

/// The exception for an error of the crates below.
pub(crate) fn error(error: impl Display) -> PyErr {
    Error::new_err(error.to_string())
}
