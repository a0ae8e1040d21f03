//! How pickle takes an object apart.

use pyo3::prelude::*;
use pyo3::types::{PyString, PyTuple, PyType};

/// A class and what to call it with.
pub(crate) type Reduced<'py> = (Bound<'py, PyType>, Bound<'py, PyTuple>);

/// An object whose class is called with these attributes.
pub(crate) fn reduced<'py>(
    object: &Bound<'py, PyAny>,
    attributes: &[&str],
) -> PyResult<Reduced<'py>> {
    let py = object.py();
    let value = |name: &&str| object.getattr(PyString::intern(py, name));
    let values = attributes.iter().map(value).collect::<PyResult<Vec<_>>>()?;
    Ok((object.get_type(), PyTuple::new(py, values)?))
}
