//! `pwseal.Policy` and `pwseal.Dictionary`.

use pwseal::policy::{self, Context, PasswordPolicyV3Dto};
use pwseal::{BYTE_ORDER_MARK, SysRng};
use pwseal_api::{JsonError, json_object};
use pyo3::prelude::*;
use pyo3::types::{PyMapping, PyString};

use crate::error::{from_core, plain};
use crate::input::{self, Number, Text, TextOrBuffer, TextOrBytes, iterate, wrong_type};
use crate::json::Json;
use crate::report::Report;

/// The rules for a password, from policy strings such as "passwordMinLength is 8" that somebody
/// wrote. For those of an answer there is from_strings.
///
/// Raises Error if a string is not understood, with the name that may be meant.
///
/// >>> policy = pwseal.Policy(["passwordMinLength is 8", "passwordMinNumeric is 1"])
/// >>> policy.check("correct horse 7").all_passed
/// True
#[pyclass(frozen, module = "pwseal")]
#[derive(Debug)]
pub(crate) struct Policy(policy::Policy);

#[pymethods]
impl Policy {
    #[new]
    fn new(py: Python<'_>, strings: &Bound<'_, PyAny>) -> PyResult<Self> {
        let policy = policy::Policy::parse(read_strings(strings)?);
        Ok(policy.map_err(|error| from_core(py, error))?.into())
    }

    /// The rules of the policies of an answer. No string is refused: one that is not understood is
    /// a rule that is never checked.
    ///
    /// >>> policy = pwseal.Policy.from_strings(["passwordMinLength is 8", "passwordMood is good"])
    /// >>> policy.check("correct horse 7").all_passed
    /// False
    #[staticmethod]
    fn from_strings(strings: &Bound<'_, PyAny>) -> PyResult<Self> {
        Ok(policy::Policy::from_strings(read_strings(strings)?).into())
    }

    /// Read a structured policy, the API's PasswordPolicyV3Dto: its JSON, a mapping or the SDK's
    /// model. The fields that say how a password must be are read, others of the API are skipped.
    /// 0 and -1 in a number, and false, are no rule. A field with a value that the API is not known
    /// to have is a rule that is never checked.
    ///
    /// Raises Error with line and column, also if no field says how a password must be, if all that
    /// do are null or if a name has a letter wrong; TypeError for anything else.
    ///
    /// >>> policy = pwseal.Policy.from_dto({"minLength": 8, "minNumeric": 1, "maxLength": 0})
    /// >>> policy.rules
    /// ['minLength is 8', 'minNumeric is 1']
    #[staticmethod]
    fn from_dto(dto: Json) -> PyResult<Self> {
        Ok(policy::Policy::from(&read_dto(dto.as_ref())?).into())
    }

    /// The rules as they came, in order.
    #[getter]
    fn rules(&self) -> Vec<&str> {
        self.0.rules().iter().map(policy::Rule::text).collect()
    }

    /// The policy that demands what both demand.
    ///
    /// >>> longer = pwseal.Policy(["passwordMinLength is 12"])
    /// >>> longer.merge(pwseal.Policy(["passwordMinLength is 8", "passwordMinUpper is 1"])).rules
    /// ['passwordMinLength is 12', 'passwordMinUpper is 1']
    fn merge(&self, other: &Self) -> Self {
        self.0.merge(&other.0).into()
    }

    /// Compare a password with every rule. It is as in PublicKey.encrypt.
    ///
    /// What it is compared with beside itself is optional. A rule that needs what is not given
    /// is not checked: account_id is the account's id, account_name and display_name are its
    /// names, account_attributes and identity_attributes are values by name, dictionary is the
    /// organization's, or its file as text or bytes. Of a password that change_request refuses,
    /// such as one with a line break, no rule is checked.
    ///
    /// Raises Error if the password is empty, if a text has half a surrogate pair, or if the
    /// dictionary cannot be used; TypeError for a wrong type.
    ///
    /// >>> policy = pwseal.Policy(["checkPasswordAgainstAccountID is true"])
    /// >>> policy.check("abbysmith7").all_passed
    /// False
    /// >>> report = policy.check("abbysmith7", account_id="CN=Abby Smith,DC=acme")
    /// >>> report.violations[0].message
    /// 'has a word of the account ID'
    #[pyo3(signature = (
        password,
        account_id = None,
        account_name = None,
        display_name = None,
        account_attributes = None,
        identity_attributes = None,
        dictionary = None,
    ))]
    #[allow(clippy::too_many_arguments)] // All but one are optional, and given by name.
    fn check(
        &self,
        py: Python<'_>,
        password: TextOrBuffer<'_>,
        account_id: Option<Text<'_>>,
        account_name: Option<Text<'_>>,
        display_name: Option<Text<'_>>,
        account_attributes: Option<&Bound<'_, PyAny>>,
        identity_attributes: Option<&Bound<'_, PyAny>>,
        dictionary: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Report> {
        let password = input::password(py, &password, false)?;
        let mut context = Context::new();
        if let Some(id) = input::read(&account_id, "the account's id")? {
            context = context.with_account_id(id);
        }
        for name in [account_name, display_name] {
            if let Some(name) = input::read(&name, "the account's name")? {
                context = context.with_account_name(name);
            }
        }
        for (name, value) in read_attributes(account_attributes)? {
            context = context.with_account_attribute(name, &value);
        }
        for (name, value) in read_attributes(identity_attributes)? {
            context = context.with_identity_attribute(name, &value);
        }
        if let Some(dictionary) = dictionary {
            context = context.with_dictionary(read_dictionary(dictionary)?);
        }
        let report = py.detach(|| self.0.check(&password, &context));
        Report::new(py, &report)
    }

    /// A random password that violates nothing of this policy, each of them with the same
    /// probability. Without a length it has 16 characters, or what the policy allows next to
    /// that; there are 93, the printable ones of ASCII without space and colon.
    ///
    /// Rules that compare with something else, such as a dictionary or the account's id, are not
    /// looked at: PasswordInfo.generate looks at those about the account. Where there are others,
    /// check the result, and generate again. The str that is returned cannot be wiped.
    ///
    /// exclude has characters to leave out; no_look_alikes leaves out those that look like others,
    /// such as 0O and 1lI|.
    ///
    /// Raises PolicyConflictError if no password can satisfy the policy, Error if the length is
    /// not from 1 to 1024.
    ///
    /// >>> policy = pwseal.Policy(["passwordMinLength is 12", "passwordMinNumeric is 2"])
    /// >>> len(policy.generate()), len(policy.generate(length=20))
    /// (16, 20)
    /// >>> policy.generate(length=8)
    /// Traceback (most recent call last):
    ///     ...
    /// pwseal.PolicyConflictError: no password of 8 characters can satisfy: passwordMinLength is 12
    #[pyo3(signature = (length = None, *, exclude = None, no_look_alikes = false))]
    fn generate<'py>(
        &self,
        py: Python<'py>,
        length: Option<Number<usize>>,
        exclude: Option<Text<'_>>,
        no_look_alikes: bool,
    ) -> PyResult<Bound<'py, PyString>> {
        let options = input::generate_options(length, exclude.as_ref(), no_look_alikes)?;
        let generate = || self.0.generate(&mut SysRng, options);
        let password = py.detach(generate).map_err(|error| from_core(py, error))?;
        PyString::from_bytes(py, password.expose())
    }

    fn __copy__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    #[pyo3(signature = (_memo, /))]
    fn __deepcopy__(slf: Py<Self>, _memo: &Bound<'_, PyAny>) -> Py<Self> {
        slf
    }

    fn __repr__(&self) -> String {
        format!("<pwseal.Policy of {} rule(s)>", self.0.rules().len())
    }
}

impl From<policy::Policy> for Policy {
    fn from(policy: policy::Policy) -> Self {
        Self(policy)
    }
}

fn read_dto(json: &[u8]) -> PyResult<PasswordPolicyV3Dto> {
    let object = json_object(json);
    let text = json.strip_prefix(BYTE_ORDER_MARK).unwrap_or(json);
    serde_json::from_slice(object.unwrap_or(text)).map_err(|error| match error.is_data() {
        // What the type says of the fields of an object has names in it, and no values.
        true if object.is_some() => {
            plain(format_args!("the password policy cannot be used: {error}"))
        }
        true => plain("the password policy is JSON that is no object"),
        false => plain(format_args!(
            "the password policy is {}",
            JsonError::from(error)
        )),
    })
}

/// The texts of policy strings.
fn read_strings(strings: &Bound<'_, PyAny>) -> PyResult<Vec<String>> {
    let strings = iterate(strings, "an iterable of policy strings")?;
    let read = |(index, string): (usize, PyResult<Bound<'_, PyAny>>)| {
        let string = Text::get(&string?, "a policy string")?;
        let text = string.read(&format!("the policy string at index {index}"))?;
        Ok(text.to_owned())
    };
    strings.enumerate().map(read).collect()
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

fn read_dictionary(dictionary: &Bound<'_, PyAny>) -> PyResult<policy::Dictionary> {
    if let Ok(dictionary) = dictionary.cast::<Dictionary>() {
        return Ok(dictionary.get().0.clone());
    }
    Ok(Dictionary::parse(dictionary.py(), dictionary.extract()?)?.0)
}

/// The organization's dictionary of words that no password may contain, read once for many
/// checks.
///
/// >>> dictionary = pwseal.Dictionary.parse("# forbidden\nlocale=en_US\nqwerty\n")
/// >>> len(dictionary), dictionary.locale
/// (1, 'en_US')
/// >>> policy = pwseal.Policy(["checkPasswordsAgainstDictionary is true"])
/// >>> policy.check("Qwerty123", dictionary=dictionary).has_violation
/// True
#[pyclass(frozen, module = "pwseal")]
#[derive(Debug)]
pub(crate) struct Dictionary(policy::Dictionary);

#[pymethods]
impl Dictionary {
    /// Read a dictionary file of the API: UTF-8, one word a line, at most 2,500 words of 128
    /// characters; lines that start with # are comments.
    ///
    /// Raises Error with the line, TypeError for anything but text and bytes.
    #[staticmethod]
    fn parse(py: Python<'_>, file: TextOrBytes) -> PyResult<Self> {
        policy::Dictionary::parse(file)
            .map(Self)
            .map_err(|error| from_core(py, error))
    }

    /// What its locale line says.
    #[getter]
    fn locale(&self) -> Option<&str> {
        self.0.locale()
    }

    fn __len__(&self) -> usize {
        self.0.len()
    }

    fn __copy__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    #[pyo3(signature = (_memo, /))]
    fn __deepcopy__(slf: Py<Self>, _memo: &Bound<'_, PyAny>) -> Py<Self> {
        slf
    }

    fn __repr__(&self) -> String {
        format!("<pwseal.Dictionary of {} word(s)>", self.0.len())
    }
}
