//! `pwseal.Report` and its findings.

use pwseal::policy;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;

use crate::pickle::{Reduced, reduced};

/// The names that two outcomes have.
const VIOLATED: &str = "violated";
const NOT_CHECKED: &str = "notChecked";

/// What a check of a password against a policy found, rule by rule. It holds counts, lengths
/// and names of attributes, and never a part of the password.
///
/// It is neither true nor false: ok says whether a rule is violated, complete whether every rule
/// was checked. It can be pickled.
///
/// >>> policy = pwseal.Policy(["passwordMinLength is 8", "passwordHistory is 5"])
/// >>> report = policy.check("letmein")
/// >>> report.ok, report.complete
/// (False, False)
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
    /// What to tell beside the rules: characters that the platform is documented not to take.
    #[pyo3(get)]
    warnings: Vec<String>,
}

#[pymethods]
impl Report {
    /// Whether no rule is violated. A rule that could not be checked is no violation.
    #[getter]
    fn ok(&self) -> bool {
        self.with(VIOLATED).next().is_none()
    }

    /// Whether every rule was checked.
    #[getter]
    fn complete(&self) -> bool {
        self.with(NOT_CHECKED).next().is_none()
    }

    /// The findings of the rules that are violated.
    #[getter]
    fn violations(&self) -> Vec<&Py<Finding>> {
        self.with(VIOLATED).collect()
    }

    /// The findings of the rules that could not be checked.
    #[getter]
    fn not_checked(&self) -> Vec<&Py<Finding>> {
        self.with(NOT_CHECKED).collect()
    }

    /// Raises TypeError: without it a report would be true, whatever was found.
    fn __bool__(&self) -> PyResult<bool> {
        Err(PyTypeError::new_err(
            "a report is neither true nor false: ask for ok and complete",
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
        let (violated, not_checked) = (self.with(VIOLATED).count(), self.with(NOT_CHECKED).count());
        format!("<pwseal.Report of {all} rule(s): {violated} violated, {not_checked} not checked>")
    }
}

impl Report {
    pub(crate) fn new(py: Python<'_>, report: &policy::Report) -> PyResult<Self> {
        let findings = report.findings();
        let findings = findings.map(|finding| Py::new(py, Finding::from(finding)));
        Ok(Self {
            findings: findings.collect::<PyResult<_>>()?,
            warnings: report.warnings().iter().map(ToString::to_string).collect(),
        })
    }

    fn with(&self, outcome: &'static str) -> impl Iterator<Item = &Py<Finding>> {
        let findings = self.findings.iter();
        findings.filter(move |finding| finding.get().outcome == outcome)
    }
}

/// What a check found about one rule.
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
    outcome: String,
    /// A sentence for people, which does not repeat the rule.
    message: String,
    /// What was counted in the password, to be compared with wanted. None for a rule that does
    /// not count, or was not checked.
    found: Option<u64>,
    /// The number that the rule asks for. None for a rule that asks for none.
    wanted: Option<u64>,
    /// The names of the attributes that have a word in the password.
    attributes: Vec<String>,
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
        let Self {
            outcome, message, ..
        } = self;
        format!("<pwseal.Finding {outcome}: {message}>")
    }
}

impl From<policy::Finding<'_>> for Finding {
    fn from(finding: policy::Finding<'_>) -> Self {
        Self {
            rule: finding.rule().text().into(),
            outcome: finding.outcome().name().into(),
            message: finding.to_string(),
            found: finding.found(),
            wanted: finding.rule().wanted(),
            attributes: finding.attributes().to_vec(),
        }
    }
}
