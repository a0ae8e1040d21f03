//! `pwseal.Policy` and `pwseal.Dictionary`.

use pwseal::policy::{self, PasswordPolicyV3Dto};
use pwseal::{BYTE_ORDER_MARK, SysRng};
use pwseal_api::{JsonError, json_object};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString, PyTuple};
use serde_json::Value;

use crate::context::Context;
use crate::error::{from_core, plain};
use crate::input::{self, Number, Text, TextOrBuffer, TextOrBytes};
use crate::json::{self, Json};
use crate::report::Report;
use crate::value::{message, value};

/// The rules for a password, from policy strings such as "passwordMinLength is 8" that somebody
/// wrote. For those of an answer there is from_strings.
///
/// Raises InputError if a string is not understood, with the name that may be meant.
///
/// >>> policy = pwseal.Policy(["passwordMinLength is 8", "passwordMinNumeric is 1"])
/// >>> policy.check("correct horse 7").all_passed
/// True
#[pyclass(frozen, module = "pwseal")]
#[derive(Debug)]
pub(crate) struct Policy {
    policy: policy::Policy,
    source: Source,
}

/// What a policy is made of.
#[derive(Clone, Debug)]
pub(crate) enum Source {
    /// Policy strings; none for an answer that has no `policies`.
    Strings(Option<Vec<String>>),
    /// The JSON of a structured policy.
    Dto(Vec<u8>),
    /// Merged, one after the other.
    Merged(Vec<Source>),
}

#[pymethods]
impl Policy {
    #[new]
    fn parse(py: Python<'_>, strings: &Bound<'_, PyAny>) -> PyResult<Self> {
        let strings = read_strings(strings)?;
        let policy = policy::Policy::parse(&strings).map_err(|error| from_core(py, error))?;
        Ok(Self::new(policy, Source::Strings(Some(strings))))
    }

    /// The rules of the policies of an answer. No string is refused: one that is not understood is
    /// a rule that is never checked.
    ///
    /// >>> policy = pwseal.Policy.from_strings(["passwordMinLength is 8", "passwordMood is good"])
    /// >>> policy.check("correct horse 7").all_passed
    /// False
    #[staticmethod]
    fn from_strings(strings: &Bound<'_, PyAny>) -> PyResult<Self> {
        Self::of(Source::Strings(Some(read_strings(strings)?)))
    }

    /// Read a structured policy, the API's PasswordPolicyV3Dto: its JSON, a mapping or the SDK's
    /// model. The fields that say how a password must be are read, others of the API are skipped.
    /// 0 and -1 in a number, and false, are no rule. A field with a value that the API is not known
    /// to have is a rule that is never checked.
    ///
    /// Raises InputError with line and column, also if no field says how a password must be, if all that
    /// do are null or if a name has a letter wrong; TypeError for anything else.
    ///
    /// >>> policy = pwseal.Policy.from_dto({"minLength": 8, "minNumeric": 1, "maxLength": 0})
    /// >>> policy.rules
    /// ['minLength is 8', 'minNumeric is 1']
    #[staticmethod]
    fn from_dto(dto: Json) -> PyResult<Self> {
        let policy = policy::Policy::from(&read_dto(dto.as_ref())?);
        Ok(Self::new(policy, Source::Dto(canonical(dto.as_ref()))))
    }

    /// Read what to_json writes.
    ///
    /// >>> policy = pwseal.Policy(["passwordMinLength is 8"])
    /// >>> policy.to_json()
    /// '{"policies":["passwordMinLength is 8"]}'
    /// >>> pwseal.Policy.from_json(policy.to_json()) == policy
    /// True
    #[staticmethod]
    fn from_json(json: Json) -> PyResult<Self> {
        let wrong = || plain("the policy is nothing that Policy.to_json writes");
        let value = serde_json::from_slice(json.as_ref()).map_err(|_| wrong())?;
        Self::of(Source::from_value(value).ok_or_else(wrong)?)
    }

    /// What it is made of: policies has policy strings, or None for an answer without them; merged has the policies
    /// that were merged; everything else is a structured policy. from_json reads it.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        self.source.to_dict(py)
    }

    /// The rules as they came, in order.
    #[getter]
    fn rules(&self) -> Vec<&str> {
        self.policy.rules().iter().map(policy::Rule::text).collect()
    }

    /// The policy that demands what both demand.
    ///
    /// >>> longer = pwseal.Policy(["passwordMinLength is 12"])
    /// >>> longer.merge(pwseal.Policy(["passwordMinLength is 8", "passwordMinUpper is 1"])).rules
    /// ['passwordMinLength is 12', 'passwordMinUpper is 1']
    fn merge(&self, other: &Self) -> Self {
        let mut parts = match &self.source {
            Source::Merged(parts) => parts.clone(),
            source => vec![source.clone()],
        };
        parts.push(other.source.clone());
        Self::new(self.policy.merge(&other.policy), Source::Merged(parts))
    }

    /// Compare a password with every rule. It is as in PublicKey.encrypt.
    ///
    /// A rule that needs what the context has not is not checked. Of a password that change_request refuses,
    /// such as one with a line break, no rule is checked. With raw=True its bytes are meant as they are.
    ///
    /// Raises InputError if the password is empty or has half a surrogate pair, TypeError for a wrong type.
    ///
    /// >>> policy = pwseal.Policy(["checkPasswordAgainstAccountID is true"])
    /// >>> policy.check("abbysmith7").all_passed
    /// False
    /// >>> report = policy.check("abbysmith7", pwseal.Context(account_id="CN=Abby Smith,DC=acme"))
    /// >>> report.violations[0].message
    /// 'has a word of the account ID'
    #[pyo3(signature = (password, context = None, *, raw = false))]
    fn check(
        &self,
        py: Python<'_>,
        password: TextOrBuffer<'_>,
        context: Option<&Context>,
        raw: bool,
    ) -> PyResult<Report> {
        let password = input::password(py, &password, false)?.with_raw(raw);
        let nothing = policy::Context::new();
        let known = context.map_or(&nothing, Context::known);
        let report = py.detach(|| self.policy.check(&password, known));
        Report::new(py, &report)
    }

    /// A random password that violates nothing of this policy, each of them with the same
    /// probability. Without a length it has 16 characters, or what the policy allows next to
    /// that; there are 93, the printable ones of ASCII without space and colon.
    ///
    /// It is not like what the context has. A rule that needs what is not there is not looked at. The str that is
    /// returned cannot be wiped.
    ///
    /// exclude has characters to leave out; no_look_alikes leaves out those that look like others,
    /// such as 0O and 1lI|.
    ///
    /// Raises PolicyConflictError if no password can satisfy the policy, InputError if the length is
    /// not from 1 to 1024.
    ///
    /// >>> policy = pwseal.Policy(["passwordMinLength is 12", "passwordMinNumeric is 2"])
    /// >>> len(policy.generate()), len(policy.generate(length=20))
    /// (16, 20)
    /// >>> policy.generate(length=8)
    /// Traceback (most recent call last):
    ///     ...
    /// pwseal.PolicyConflictError: no password of 8 characters can satisfy: passwordMinLength is 12
    #[pyo3(signature = (length = None, *, exclude = None, no_look_alikes = false, context = None))]
    fn generate<'py>(
        &self,
        py: Python<'py>,
        length: Option<Number<usize>>,
        exclude: Option<Text<'_>>,
        no_look_alikes: bool,
        context: Option<&Context>,
    ) -> PyResult<Bound<'py, PyString>> {
        let options = input::generate_options(length, exclude.as_ref(), no_look_alikes)?;
        let nothing = policy::Context::new();
        let known = context.map_or(&nothing, Context::known);
        let generate = || self.policy.generate_for(&mut SysRng, options, known);
        let (password, _) = py.detach(generate).map_err(|error| from_core(py, error))?;
        PyString::from_bytes(py, password.expose())
    }

    fn __repr__(&self) -> String {
        format!("<pwseal.Policy of {} rule(s)>", self.policy.rules().len())
    }
}

message!(Policy);

impl Policy {
    pub(crate) fn new(policy: policy::Policy, source: Source) -> Self {
        Self { policy, source }
    }

    fn of(source: Source) -> PyResult<Self> {
        Ok(Self::new(source.policy()?, source))
    }
}

impl Source {
    fn policy(&self) -> PyResult<policy::Policy> {
        Ok(match self {
            Self::Strings(Some(strings)) => policy::Policy::from_strings(strings),
            Self::Strings(None) => policy::Policy::unknown(),
            Self::Dto(json) => policy::Policy::from(&read_dto(json)?),
            Self::Merged(parts) => {
                let mut parts = parts.iter();
                let first = parts
                    .next()
                    .map_or(Ok(policy::Policy::unknown()), Self::policy)?;
                parts.try_fold(first, |merged, part| {
                    Ok::<_, PyErr>(merged.merge(&part.policy()?))
                })?
            }
        })
    }

    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let dict = PyDict::new(py);
        match self {
            Self::Strings(strings) => dict.set_item("policies", strings)?,
            Self::Dto(json) => return json::dict(py, json),
            Self::Merged(parts) => {
                let parts = parts.iter().map(|part| part.to_dict(py));
                dict.set_item("merged", parts.collect::<PyResult<Vec<_>>>()?)?;
            }
        }
        Ok(dict)
    }

    fn from_value(value: Value) -> Option<Self> {
        let Value::Object(mut fields) = value else {
            return None;
        };
        if let Some(parts) = fields.remove("merged") {
            let Value::Array(parts) = parts else {
                return None;
            };
            let parts: Option<Vec<_>> = parts.into_iter().map(Self::from_value).collect();
            return parts.filter(|parts| !parts.is_empty()).map(Self::Merged);
        }
        match fields.remove("policies") {
            Some(strings) => serde_json::from_value(strings).ok().map(Self::Strings),
            None => serde_json::to_vec(&fields).ok().map(Self::Dto),
        }
    }
}

/// JSON that can be read, with its fields in one order.
fn canonical(json: &[u8]) -> Vec<u8> {
    let object = json_object(json).unwrap_or(json);
    let value: Option<Value> = serde_json::from_slice(object).ok();
    value.map_or_else(|| object.to_vec(), |value| value.to_string().into_bytes())
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
pub(crate) fn read_strings(strings: &Bound<'_, PyAny>) -> PyResult<Vec<String>> {
    input::texts(strings, "policy string")
}

/// The organization's dictionary of words that no password may contain, read once for many
/// checks.
///
/// >>> dictionary = pwseal.Dictionary.parse("# forbidden\nlocale=en_US\nqwerty\n")
/// >>> len(dictionary), dictionary.locale
/// (1, 'en_US')
/// >>> policy = pwseal.Policy(["checkPasswordsAgainstDictionary is true"])
/// >>> policy.check("Qwerty123", pwseal.Context(dictionary=dictionary)).has_violation
/// True
#[pyclass(frozen, module = "pwseal")]
#[derive(Debug)]
pub(crate) struct Dictionary {
    dictionary: policy::Dictionary,
    /// What it was read from.
    file: String,
}

value!(Dictionary);

impl crate::value::Value for Dictionary {
    const FROM: Option<&'static str> = Some("parse");

    fn args<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, [&self.file])
    }
}

#[pymethods]
impl Dictionary {
    /// Read a dictionary file of the API: UTF-8, one word a line, at most 2,500 words of 128
    /// characters; lines that start with # are comments.
    ///
    /// Raises InputError with the line, TypeError for anything but text and bytes.
    #[staticmethod]
    pub(crate) fn parse(py: Python<'_>, file: TextOrBytes) -> PyResult<Self> {
        let dictionary = policy::Dictionary::parse(&file).map_err(|error| from_core(py, error))?;
        // One that can be read is UTF-8.
        let file = String::from_utf8_lossy(file.as_ref()).into_owned();
        Ok(Self { dictionary, file })
    }

    /// What its locale line says.
    #[getter]
    fn locale(&self) -> Option<&str> {
        self.dictionary.locale()
    }

    fn __len__(&self) -> usize {
        self.dictionary.len()
    }

    fn __repr__(&self) -> String {
        format!("<pwseal.Dictionary of {} word(s)>", self.dictionary.len())
    }
}

impl Dictionary {
    /// The words. A clone of them is cheap.
    pub(crate) fn words(&self) -> policy::Dictionary {
        self.dictionary.clone()
    }
}
