//! The Python module `pwseal._pwseal`, which the package `pwseal` takes its names from. Its
//! documentation is the docstrings and `README.md`.
#![forbid(unsafe_code)]

mod account;
mod answer;
mod api;
mod batch;
mod change_requests;
mod command_line;
mod context;
mod error;
mod input;
mod json;
mod named;
mod password_info;
mod policy;
mod poll;
mod public_key;
mod report;
mod value;
mod warning;

/// Encrypt a password for the SailPoint Password Management API, without a network.
// The tests have not run without the GIL.
#[pyo3::pymodule(gil_used = true)]
mod _pwseal {
    use pyo3::exceptions::PyImportError;
    use pyo3::prelude::*;

    #[pymodule_export]
    use crate::answer::{DigitToken, PasswordChangeResponse, PasswordStatus};
    #[pymodule_export]
    use crate::api::{Api, Request};
    #[pymodule_export]
    use crate::change_requests::{ChangeRequests, change_requests};
    #[pymodule_export]
    use crate::command_line::run_command_line;
    #[pymodule_export]
    use crate::context::Context;
    #[pymodule_export]
    use crate::password_info::{PasswordInfo, PasswordInfoAccount};
    #[pymodule_export]
    use crate::policy::{Dictionary, Policy};
    #[pymodule_export]
    use crate::poll::{Next, StatusPoll};
    #[pymodule_export]
    use crate::public_key::PublicKey;
    #[pymodule_export]
    use crate::report::{Finding, Report};

    /// The version of the package.
    #[pymodule_export]
    #[allow(non_upper_case_globals)] // Its name in Python.
    const __version__: &str = env!("CARGO_PKG_VERSION");

    #[pymodule_init]
    fn init(_module: &Bound<'_, PyModule>) -> PyResult<()> {
        pwseal_api::prefer_backend_from_env()
            .map_err(|error| PyImportError::new_err(error.to_string()))
    }
}
