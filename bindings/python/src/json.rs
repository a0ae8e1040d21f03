//! JSON from Python: as text, or as an object that becomes text.

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
        for (method, is_text) in [("to_json", true), ("to_dict", false)] {
            if let Some(method) = object.getattr_opt(method)? {
                let value = method.call0()?;
                return match is_text {
                    true => value.extract().map(Self),
                    false => dump(&value).map(Self),
                };
            }
        }
        match object.extract() {
            Ok(text) => Ok(Self(text)),
            Err(error) if error.is_instance_of::<pyo3::exceptions::PyTypeError>(object.py()) => {
                Err(wrong_type(
                    &object,
                    "JSON as text or bytes, a dict or a model with to_json()",
                ))
            }
            Err(error) => Err(error),
        }
    }
}

fn dump(value: &Bound<'_, PyAny>) -> PyResult<TextOrBytes> {
    let json = value.py().import("json")?;
    json.call_method1("dumps", (value,))?.extract()
}
