//! Enums that are their names in Python.

/// One of several names.
pub(crate) trait Named: Copy + PartialEq + 'static {
    /// What an error calls it.
    const WHAT: &'static str;
    const ALL: &'static [Self];

    fn name(self) -> &'static str;

    fn of_name(name: &str) -> Result<Self, String> {
        let named = Self::ALL.iter().find(|value| value.name() == name);
        named.copied().ok_or_else(|| {
            let names: Vec<_> = Self::ALL.iter().map(|value| value.name()).collect();
            format!("{} is none of {}", Self::WHAT, names.join(", "))
        })
    }
}

/// Reads and writes a [`Named`] enum as a `str`.
macro_rules! named {
    ($name:ident) => {
        impl<'py> pyo3::FromPyObject<'_, 'py> for $name {
            type Error = pyo3::PyErr;

            fn extract(object: pyo3::Borrowed<'_, 'py, pyo3::PyAny>) -> pyo3::PyResult<Self> {
                use crate::named::Named;

                let text: crate::input::Text<'_> = object.extract()?;
                Self::of_name(text.read(Self::WHAT)?).map_err(crate::error::plain)
            }
        }

        impl<'py> pyo3::IntoPyObject<'py> for $name {
            type Target = pyo3::types::PyString;
            type Output = pyo3::Bound<'py, pyo3::types::PyString>;
            type Error = std::convert::Infallible;

            fn into_pyobject(self, py: pyo3::Python<'py>) -> Result<Self::Output, Self::Error> {
                Ok(pyo3::types::PyString::intern(
                    py,
                    crate::named::Named::name(self),
                ))
            }
        }
    };
}

pub(crate) use named;
