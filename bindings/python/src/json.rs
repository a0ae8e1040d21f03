//! JSON from Python: as text, or as an object that becomes text.

use pyo3::prelude::*;
use pyo3::types::{IntoPyDict, PyDict, PyMapping};

use crate::input::{TextOrBytes, wrong_type};

/// A message of the API: its JSON as text or bytes, a mapping, or a model of an SDK, which has
/// a method `to_json` or `to_dict`.
pub(crate) struct Json(TextOrBytes);

impl Json {
    pub(crate) fn into_text(self) -> TextOrBytes {
        self.0
    }
}

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
            let dict = to_dict.call0()?;
            return match dict.cast::<PyMapping>() {
                Ok(_) => dump(&dict).map(Self),
                Err(_) => Err(wrong_type(&dict, "a mapping from to_dict()")),
            };
        }
        TextOrBytes::get(&object, "JSON, a mapping or a model with to_json()").map(Self)
    }
}

/// JSON on one line.
pub(crate) fn text<'py>(dict: &Bound<'py, PyDict>) -> PyResult<Bound<'py, PyAny>> {
    let py = dict.py();
    let options = PyDict::new(py);
    options.set_item("ensure_ascii", false)?;
    options.set_item("separators", (",", ":"))?;
    py.import("json")?
        .call_method("dumps", (dict,), Some(&options))
}

/// The dict of a JSON object.
pub(crate) fn dict<'py>(py: Python<'py>, object: &[u8]) -> PyResult<Bound<'py, PyDict>> {
    let dict = py.import("json")?.call_method1("loads", (object,))?;
    Ok(dict.cast_into()?)
}

/// A dict of the entries that have a value.
pub(crate) fn dict_of<'py>(
    py: Python<'py>,
    entries: &[(&str, Option<&str>)],
) -> PyResult<Bound<'py, PyDict>> {
    let dict = PyDict::new(py);
    for (name, value) in entries {
        if let Some(value) = value {
            dict.set_item(name, value)?;
        }
    }
    Ok(dict)
}

fn dump(mapping: &Bound<'_, PyAny>) -> PyResult<TextOrBytes> {
    let py = mapping.py();
    let options = [("default", wrap_pyfunction!(as_dict, py)?)].into_py_dict(py)?;
    let json = py.import("json")?;
    json.call_method("dumps", (mapping,), Some(&options))?
        .extract()
}

/// Python itself writes no mapping but a `dict` as JSON.
#[pyfunction]
fn as_dict<'py>(object: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    match object.cast::<PyMapping>() {
        Ok(mapping) => object.py().get_type::<PyDict>().call1((mapping,)),
        Err(_) => Err(wrong_type(object, "a mapping or a value that JSON has")),
    }
}
