//! `pwseal.PasswordWarning`: what may not be as it was meant in a password.

use pwseal::PasswordWarnings;
use pyo3::intern;
use pyo3::prelude::*;

use crate::error::class;

/// The warnings as objects of the Python class.
pub(crate) fn objects(py: Python<'_>, warnings: PasswordWarnings) -> PyResult<Vec<Py<PyAny>>> {
    // Most passwords have none.
    if warnings.is_empty() {
        return Ok(Vec::new());
    }
    let of = |warning: pwseal::PasswordWarning| object(py, &warning.to_string(), warning.name());
    warnings.iter().map(of).collect()
}

pub(crate) fn object(py: Python<'_>, message: &str, kind: &str) -> PyResult<Py<PyAny>> {
    let object = class(py, "PasswordWarning")?.call1((message, kind))?;
    Ok(object.unbind())
}

/// Warns as Python does, on behalf of the line that called. Where a filter makes errors of warnings, it is one.
pub(crate) fn warn(py: Python<'_>, warnings: PasswordWarnings) -> PyResult<()> {
    for warning in objects(py, warnings)? {
        py.import("warnings")?
            .call_method1(intern!(py, "warn"), (warning,))?;
    }
    Ok(())
}
