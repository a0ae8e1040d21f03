//! `pwseal.Context`: what a password is compared with beside the policy.

use pwseal::policy;
use pyo3::prelude::*;
use pyo3::types::{IntoPyDict, PyDict, PyMapping, PyTuple};

use crate::error::from_core;
use crate::input::{self, Text, wrong_type};
use crate::policy::Dictionary;
use crate::value::{Value, value};

/// What is known of the account and its identity, and the organization's dictionary: what rules compare a
/// password with. Make it once for many passwords.
///
/// All of it is optional, and a rule that needs what is not here is not checked. account_id is the account's id,
/// account_name and display_name are its names, account_attributes and identity_attributes are values by
/// name, dictionary is a Dictionary or its file as text or bytes. The methods of PasswordInfo know id and name of the account
/// themselves.
///
/// The repr has the names of attributes and no values.
///
/// Raises InputError if a text has half a surrogate pair or the dictionary cannot be used, TypeError for a wrong type.
///
/// >>> context = pwseal.Context(identity_attributes={"phone": "555-1234"}, dictionary="qwerty")
/// >>> context
/// <pwseal.Context of identity_attributes phone and dictionary>
/// >>> policy = pwseal.Policy(["checkPasswordsAgainstIdentityAttributes is true"])
/// >>> policy.check("correct5551234", context).violations[0].attributes
/// ['phone']
#[pyclass(frozen, module = "pwseal")]
#[derive(Debug)]
pub(crate) struct Context {
    known: policy::Context,
    /// The account's id.
    #[pyo3(get)]
    account_id: Option<String>,
    /// The account's name.
    #[pyo3(get)]
    account_name: Option<String>,
    /// Another name of the account.
    #[pyo3(get)]
    display_name: Option<String>,
    account_attributes: Vec<(String, String)>,
    identity_attributes: Vec<(String, String)>,
    /// The organization's dictionary.
    #[pyo3(get)]
    dictionary: Option<Py<Dictionary>>,
}

#[pymethods]
impl Context {
    #[new]
    #[pyo3(signature = (
        account_id = None,
        account_name = None,
        display_name = None,
        account_attributes = None,
        identity_attributes = None,
        dictionary = None,
    ))]
    fn new(
        account_id: Option<Text<'_>>,
        account_name: Option<Text<'_>>,
        display_name: Option<Text<'_>>,
        account_attributes: Option<&Bound<'_, PyAny>>,
        identity_attributes: Option<&Bound<'_, PyAny>>,
        dictionary: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Self> {
        let account_id = input::owned(&account_id, "the account's id")?;
        let account_name = input::owned(&account_name, "the account's name")?;
        let display_name = input::owned(&display_name, "the account's name")?;
        let account_attributes = read_attributes(account_attributes)?;
        let identity_attributes = read_attributes(identity_attributes)?;
        let dictionary = dictionary.map(read_dictionary).transpose()?;

        let mut known = policy::Context::new();
        if let Some(id) = &account_id {
            known = known.with_account_id(id);
        }
        for name in [&account_name, &display_name].into_iter().flatten() {
            known = known.with_account_name(name);
        }
        for (name, value) in &account_attributes {
            known = known.with_account_attribute(name, value);
        }
        for (name, value) in &identity_attributes {
            known = known.with_identity_attribute(name, value);
        }
        if let Some(dictionary) = &dictionary {
            known = known.with_dictionary(dictionary.get().words());
        }
        Ok(Self {
            known,
            account_id,
            account_name,
            display_name,
            account_attributes,
            identity_attributes,
            dictionary,
        })
    }

    /// The attributes of the account on its source.
    #[getter]
    fn account_attributes<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        self.account_attributes.iter().cloned().into_py_dict(py)
    }

    /// The attributes of the identity.
    #[getter]
    fn identity_attributes<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        self.identity_attributes.iter().cloned().into_py_dict(py)
    }

    fn __repr__(&self) -> String {
        let names = |attributes: &[(String, String)]| {
            let names: Vec<_> = attributes.iter().map(|(name, _)| name.as_str()).collect();
            format!(" {}", names.join(", "))
        };
        let parts = [
            ("account_id", self.account_id.is_some(), String::new()),
            ("account_name", self.account_name.is_some(), String::new()),
            ("display_name", self.display_name.is_some(), String::new()),
            (
                "account_attributes",
                !self.account_attributes.is_empty(),
                names(&self.account_attributes),
            ),
            (
                "identity_attributes",
                !self.identity_attributes.is_empty(),
                names(&self.identity_attributes),
            ),
            ("dictionary", self.dictionary.is_some(), String::new()),
        ];
        let parts = parts.into_iter().filter(|(_, is_there, _)| *is_there);
        let parts: Vec<_> = parts.map(|(name, _, of)| format!("{name}{of}")).collect();
        match parts.is_empty() {
            true => "<pwseal.Context of nothing>".into(),
            false => format!("<pwseal.Context of {}>", parts.join(" and ")),
        }
    }
}

value!(Context);

impl Value for Context {
    fn args<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let names = (&self.account_id, &self.account_name, &self.display_name);
        let attributes = (self.account_attributes(py)?, self.identity_attributes(py)?);
        let (id, name, display_name) = names;
        (
            id,
            name,
            display_name,
            attributes.0,
            attributes.1,
            &self.dictionary,
        )
            .into_pyobject(py)
    }

    /// A dict cannot be hashed, and its order says nothing.
    fn identity<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let sorted = |attributes: &[(String, String)]| {
            let mut attributes = attributes.to_vec();
            attributes.sort();
            PyTuple::new(py, attributes)
        };
        (
            &self.account_id,
            &self.account_name,
            &self.display_name,
            sorted(&self.account_attributes)?,
            sorted(&self.identity_attributes)?,
            &self.dictionary,
        )
            .into_pyobject(py)
    }
}

impl Context {
    /// The same for Rust.
    pub(crate) fn known(&self) -> &policy::Context {
        &self.known
    }

    /// What is known in either. The id and the dictionary of the other take the place of those here.
    pub(crate) fn joined(&self, py: Python<'_>, other: &Self) -> PyResult<policy::Context> {
        let mut known = self.known.clone();
        match known.try_append(other.known.clone()) {
            Ok(()) => Ok(known),
            Err(error) => Err(from_core(py, error)),
        }
    }
}

fn read_attributes(attributes: Option<&Bound<'_, PyAny>>) -> PyResult<Vec<(String, String)>> {
    let Some(attributes) = attributes else {
        return Ok(Vec::new());
    };
    let Ok(attributes) = attributes.cast::<PyMapping>() else {
        return Err(wrong_type(attributes, "a mapping of attributes"));
    };
    let read = |pair: Bound<'_, PyAny>| {
        let (name, value): (Bound<'_, PyAny>, Bound<'_, PyAny>) = pair.extract()?;
        let text = |part: &Bound<'_, PyAny>| {
            let text = Text::get(part, "a str as name and value of an attribute")?;
            text.read("an attribute").map(str::to_owned)
        };
        Ok((text(&name)?, text(&value)?))
    };
    attributes.items()?.iter().map(read).collect()
}

fn read_dictionary(given: &Bound<'_, PyAny>) -> PyResult<Py<Dictionary>> {
    match given.cast::<Dictionary>() {
        Ok(dictionary) => Ok(dictionary.clone().unbind()),
        Err(_) => Py::new(given.py(), Dictionary::parse(given.py(), given.extract()?)?),
    }
}
