//! `pwseal.Report` and its findings.

use pwseal::policy;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::PyString;

use crate::error::plain;
use crate::input::Text;
use crate::pickle::{Reduced, reduced};
use crate::warning;

/// What a check of a password against a policy found, rule by rule. It holds counts, lengths
/// and names of attributes, and never a part of the password.
///
/// It is neither true nor false: has_violation says whether some rule is violated, all_passed
/// whether every rule was checked and passed. It can be pickled.
///
/// >>> policy = pwseal.Policy(["passwordMinLength is 8", "passwordHistory is 5"])
/// >>> report = policy.check("letmein")
/// >>> report.has_violation, report.all_passed
/// (True, False)
/// >>> [finding.message for finding in report.violations]
/// ['has 7 characters, but at least 8 are wanted']
/// >>> [finding.rule for finding in report.not_checked]
/// ['passwordHistory is 5']
#[pyclass(frozen, new = "from_fields", module = "pwseal")]
#[derive(Debug)]
pub(crate) struct Report {
    /// One finding for each rule, in the policy's order.
    #[pyo3(get)]
    findings: Vec<Py<Finding>>,
    /// What to tell beside the rules: what may not be as it was meant in the password.
    #[pyo3(get)]
    warnings: Vec<Py<PyAny>>,
}

#[pymethods]
impl Report {
    /// Whether some rule is violated. False does not mean that every rule was checked.
    #[getter]
    fn has_violation(&self) -> bool {
        self.with(Outcome::Violated).next().is_some()
    }

    /// Whether every rule was checked and passed.
    #[getter]
    fn all_passed(&self) -> bool {
        self.with(Outcome::Passed).count() == self.findings.len()
    }

    /// The findings of the rules that are violated.
    #[getter]
    fn violations(&self) -> Vec<&Py<Finding>> {
        self.with(Outcome::Violated).collect()
    }

    /// The findings of the rules that could not be checked.
    #[getter]
    fn not_checked(&self) -> Vec<&Py<Finding>> {
        self.with(Outcome::NotChecked).collect()
    }

    /// Raises TypeError: without it a report would be true, whatever was found.
    fn __bool__(&self) -> PyResult<bool> {
        Err(PyTypeError::new_err(
            "a report is neither true nor false: ask for has_violation and all_passed",
        ))
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<Reduced<'py>> {
        reduced(slf, &["findings", "warnings"])
    }

    fn __copy__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    #[pyo3(signature = (_memo, /))]
    fn __deepcopy__(slf: Py<Self>, _memo: &Bound<'_, PyAny>) -> Py<Self> {
        slf
    }

    fn __repr__(&self) -> String {
        let all = self.findings.len();
        let violated = self.with(Outcome::Violated).count();
        let not_checked = self.with(Outcome::NotChecked).count();
        format!("<pwseal.Report of {all} rule(s): {violated} violated, {not_checked} not checked>")
    }
}

impl Report {
    pub(crate) fn new(py: Python<'_>, report: &policy::Report) -> PyResult<Self> {
        let findings = report.findings();
        let findings = findings.map(|finding| Py::new(py, Finding::from(finding)));
        Ok(Self {
            findings: findings.collect::<PyResult<_>>()?,
            warnings: warning::objects(py, report.warnings())?,
        })
    }

    fn with(&self, outcome: Outcome) -> impl Iterator<Item = &Py<Finding>> {
        let findings = self.findings.iter();
        findings.filter(move |finding| finding.get().outcome == outcome)
    }
}

/// What a check found about one rule.
///
/// Raises Error if the outcome is none of passed, violated and notChecked.
///
/// >>> policy = pwseal.Policy(["passwordMinNumeric is 2"])
/// >>> finding = policy.check("hunter2").findings[0]
/// >>> finding.rule, finding.outcome, finding.found, finding.wanted
/// ('passwordMinNumeric is 2', 'violated', 1, 2)
#[pyclass(frozen, get_all, new = "from_fields", module = "pwseal")]
#[derive(Debug)]
pub(crate) struct Finding {
    /// The rule as the server wrote it.
    rule: String,
    /// passed, violated or notChecked.
    outcome: Outcome,
    /// A sentence for people, which does not repeat the rule.
    message: String,
    /// What was counted in the password, to be compared with wanted. None for a rule that does
    /// not count, or was not checked.
    found: Option<u64>,
    /// The number that the rule asks for. None for a rule that asks for none.
    wanted: Option<u64>,
    /// The names of the attributes that have a word in the password, or may be said to have.
    attributes: Vec<String>,
    /// Why the rule was not checked, such as notGiven or repeatedCharacters; None if it was.
    reason: Option<String>,
}

#[pymethods]
impl Finding {
    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<Reduced<'py>> {
        let fields = [
            "rule",
            "outcome",
            "message",
            "found",
            "wanted",
            "attributes",
            "reason",
        ];
        reduced(slf, &fields)
    }

    fn __copy__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    #[pyo3(signature = (_memo, /))]
    fn __deepcopy__(slf: Py<Self>, _memo: &Bound<'_, PyAny>) -> Py<Self> {
        slf
    }

    fn __repr__(&self) -> String {
        let (outcome, message) = (self.outcome.name(), &self.message);
        format!("<pwseal.Finding {outcome}: {message}>")
    }
}

impl From<policy::Finding<'_>> for Finding {
    fn from(finding: policy::Finding<'_>) -> Self {
        Self {
            rule: finding.rule().text().into(),
            outcome: finding.outcome().into(),
            message: finding.to_string(),
            found: finding.found(),
            wanted: finding.rule().wanted(),
            attributes: finding.attributes().to_vec(),
            reason: finding
                .outcome()
                .reason()
                .map(|reason| reason.name().into()),
        }
    }
}

/// What became of a rule. Python has its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    Passed,
    Violated,
    NotChecked,
}

impl Outcome {
    const ALL: [Self; 3] = [Self::Passed, Self::Violated, Self::NotChecked];

    fn name(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Violated => "violated",
            Self::NotChecked => "notChecked",
        }
    }
}

impl From<policy::Outcome> for Outcome {
    fn from(outcome: policy::Outcome) -> Self {
        match outcome {
            policy::Outcome::Passed => Self::Passed,
            policy::Outcome::Violated => Self::Violated,
            policy::Outcome::NotChecked(_) => Self::NotChecked,
        }
    }
}

/// A report with another outcome would be one in which nothing is violated.
impl<'py> FromPyObject<'_, 'py> for Outcome {
    type Error = PyErr;

    fn extract(object: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        let text: Text<'_> = object.extract()?;
        let name = text.read("the outcome")?;
        let named = Self::ALL.into_iter().find(|outcome| outcome.name() == name);
        named.ok_or_else(|| plain("the outcome is none of passed, violated and notChecked"))
    }
}

impl<'py> IntoPyObject<'py> for Outcome {
    type Target = PyString;
    type Output = Bound<'py, PyString>;
    type Error = std::convert::Infallible;

    fn into_pyobject(self, py: Python<'py>) -> Result<Self::Output, Self::Error> {
        Ok(PyString::intern(py, self.name()))
    }
}
