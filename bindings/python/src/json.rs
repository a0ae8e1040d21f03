//! JSON from Python: as text, or as an object that becomes text.

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::PyMapping;

use crate::input::{TextOrBytes, wrong_type};

/// A message of the API: its JSON as text or bytes, a `dict`, or a model of an SDK, which has
/// a method `to_json` or `to_dict`.
pub(crate) struct Json(TextOrBytes);

impl AsRef<[u8]> for Json {
    fn as_ref(&self) -> &[u8] {
        self.0.as_ref()
    }
}

impl<'py> FromPyObject<'_, 'py> for Json {
    type Error = PyErr;

    fn extract(object: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        if object.cast::<PyMapping>().is_ok() {
            return dump(&object).map(Self);
        }
        if let Some(to_json) = object.getattr_opt("to_json")? {
            return to_json.call0()?.extract().map(Self);
        }
        if let Some(to_dict) = object.getattr_opt("to_dict")? {
            return dump(&to_dict.call0()?).map(Self);
        }
        object.extract().map(Self).map_err(|error: PyErr| {
            match error.is_instance_of::<PyTypeError>(object.py()) {
                true => wrong_type(&object, "JSON, a dict or a model with to_json()"),
                false => error,
            }
        })
    }
}

fn dump(value: &Bound<'_, PyAny>) -> PyResult<TextOrBytes> {
    let json = value.py().import("json")?;
    json.call_method1("dumps", (value,))?.extract()
}
