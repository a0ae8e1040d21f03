//! JSON from Python: as text, or as an object that becomes text.

use pyo3::prelude::*;
use pyo3::types::{PyDict, PyMapping};

use crate::input::TextOrBytes;

/// A message of the API: its JSON as text or bytes, a mapping, or a model of an SDK, which has
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
        TextOrBytes::get(&object, "JSON, a mapping or a model with to_json()").map(Self)
    }
}

/// Python writes no mapping but a `dict` as JSON.
fn dump(mapping: &Bound<'_, PyAny>) -> PyResult<TextOrBytes> {
    let py = mapping.py();
    let dict = py.get_type::<PyDict>().call1((mapping,))?;
    let json = py.import("json")?;
    json.call_method1("dumps", (dict,))?.extract()
}
