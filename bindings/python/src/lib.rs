//! The Python module `pwseal._pwseal`, which the package `pwseal` takes its names from. Its
//! documentation is the docstrings and `README.md`.
#![forbid(unsafe_code)]

mod error;
mod input;
mod password_info;
mod public_key;

/// Encrypt a password for the SailPoint Password Management API, without a network.
#[pyo3::pymodule(gil_used = false)]
mod _pwseal {
    #[pymodule_export]
    use crate::error::Error;
    #[pymodule_export]
    use crate::password_info::{PasswordInfo, PasswordInfoAccount};
    #[pymodule_export]
    use crate::public_key::PublicKey;
}
