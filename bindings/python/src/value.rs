//! What values have: they can be compared, hashed, copied and pickled.

use pyo3::PyClass;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyString, PyTuple};

/// What pickle makes an object of: a function and what to call it with.
pub(crate) type Reduced<'py> = (Bound<'py, PyAny>, Bound<'py, PyTuple>);

/// An object that never changes and has no secret. [`value!`](crate::value) gives its class the methods.
pub(crate) trait Value: PyClass {
    /// The function of the class that makes an equal one of [`args`](Self::args), if that is not the class itself.
    const FROM: Option<&'static str> = None;

    fn args<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>>;

    /// What is equal in two that are equal. It can be hashed.
    fn identity<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        self.args(py)
    }

    fn equals(&self, py: Python<'_>, other: &Self) -> PyResult<bool> {
        self.identity(py)?.eq(other.identity(py)?)
    }

    fn hashed(&self, py: Python<'_>) -> PyResult<isize> {
        self.identity(py)?.hash()
    }

    fn reduced<'py>(&self, py: Python<'py>) -> PyResult<Reduced<'py>> {
        let class = py.get_type::<Self>().into_any();
        let from = match Self::FROM {
            Some(name) => class.getattr(PyString::intern(py, name))?,
            None => class,
        };
        Ok((from, self.args(py)?))
    }
}

/// What pickle and copy are told of an object with a secret.
pub(crate) fn cannot_be_pickled(class: &str, secret: &str) -> PyErr {
    PyTypeError::new_err(format!(
        "cannot pickle or copy a pwseal.{class}: it may hold {secret}"
    ))
}

/// The methods of a [`Value`].
macro_rules! value {
    ($class:ident) => {
        #[pyo3::pymethods]
        impl $class {
            fn __reduce__<'py>(
                &self,
                py: pyo3::Python<'py>,
            ) -> pyo3::PyResult<crate::value::Reduced<'py>> {
                crate::value::Value::reduced(self, py)
            }

            fn __eq__(&self, py: pyo3::Python<'_>, other: &Self) -> pyo3::PyResult<bool> {
                crate::value::Value::equals(self, py, other)
            }

            fn __hash__(&self, py: pyo3::Python<'_>) -> pyo3::PyResult<isize> {
                crate::value::Value::hashed(self, py)
            }

            fn __copy__(slf: pyo3::Py<Self>) -> pyo3::Py<Self> {
                slf
            }

            #[pyo3(signature = (_memo, /))]
            fn __deepcopy__(
                slf: pyo3::Py<Self>,
                _memo: &pyo3::Bound<'_, pyo3::PyAny>,
            ) -> pyo3::Py<Self> {
                slf
            }
        }
    };
}

/// The methods of a message that has a method `from_json`: its field `fields` makes the dict.
macro_rules! message {
    ($class:ident) => {
        crate::value::value!($class);

        impl crate::value::Value for $class {
            const FROM: Option<&'static str> = Some("from_json");

            fn args<'py>(
                &self,
                py: pyo3::Python<'py>,
            ) -> pyo3::PyResult<pyo3::Bound<'py, pyo3::types::PyTuple>> {
                pyo3::types::PyTuple::new(py, [crate::json::text(&self.to_dict(py)?)?])
            }
        }

        #[pyo3::pymethods]
        impl $class {
            /// As to_dict, as JSON on one line. from_json reads it.
            fn to_json<'py>(
                &self,
                py: pyo3::Python<'py>,
            ) -> pyo3::PyResult<pyo3::Bound<'py, pyo3::PyAny>> {
                crate::json::text(&self.to_dict(py)?)
            }
        }
    };
}

pub(crate) use {message, value};
