//! `pwseal.Report` and its findings.

use pwseal::policy;
use pwseal_api::{JsonError, excerpt};
use pyo3::exceptions::PyTypeError;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::PyDict;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::error::plain;
use crate::input::{self, Text};
use crate::json::Json;
use crate::named::{Named, named};
use crate::value::message;
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
#[pyclass(frozen, module = "pwseal")]
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
    /// Make one without a password, such as for a test.
    #[new]
    #[pyo3(
        signature = (findings = None, warnings = None),
        text_signature = "(findings=(), warnings=())"
    )]
    fn from_parts(findings: Option<Vec<Py<Finding>>>, warnings: Option<Vec<Py<PyAny>>>) -> Self {
        Self {
            findings: findings.unwrap_or_default(),
            warnings: warnings.unwrap_or_default(),
        }
    }

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

    /// The report as pwseal check --json prints it: hasViolation, allPassed, findings and warnings. from_json reads it.
    ///
    /// >>> report = pwseal.Policy(["passwordMinLength is 8"]).check("letmein")
    /// >>> report.to_dict()["hasViolation"], report.to_dict()["findings"][0]["wanted"]
    /// (True, 8)
    /// >>> pwseal.Report.from_json(report.to_json()) == report
    /// True
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let dict = PyDict::new(py);
        dict.set_item("hasViolation", self.has_violation())?;
        dict.set_item("allPassed", self.all_passed())?;
        let findings = self
            .findings
            .iter()
            .map(|finding| finding.get().to_dict(py));
        dict.set_item("findings", findings.collect::<PyResult<Vec<_>>>()?)?;
        let warnings = self.warnings.iter().map(|warning| {
            let warning = warning.bind(py);
            let dict = PyDict::new(py);
            dict.set_item("kind", warning.getattr(intern!(py, "kind"))?)?;
            dict.set_item("message", warning.str()?)?;
            Ok(dict)
        });
        dict.set_item("warnings", warnings.collect::<PyResult<Vec<_>>>()?)?;
        Ok(dict)
    }

    /// Read a report: its JSON as text or bytes, or a mapping.
    ///
    /// Raises InputError for what is no report.
    ///
    /// >>> pwseal.Report.from_json('{"findings": []}').all_passed
    /// True
    #[staticmethod]
    fn from_json(py: Python<'_>, json: Json) -> PyResult<Self> {
        let wire: ReportWire = read_wire(&json, "the report")?;
        let findings = wire
            .findings
            .into_iter()
            .map(|finding| Py::new(py, Finding::from_wire(finding)?));
        let warning = |warning: &WarningWire| warning::object(py, &warning.message, &warning.kind);
        Ok(Self {
            findings: findings.collect::<PyResult<_>>()?,
            warnings: wire.warnings.iter().map(warning).collect::<PyResult<_>>()?,
        })
    }

    fn __repr__(&self) -> String {
        let all = self.findings.len();
        let violated = self.with(Outcome::Violated).count();
        let not_checked = self.with(Outcome::NotChecked).count();
        let mut repr = format!(
            "<pwseal.Report of {all} rule(s): {violated} violated, {not_checked} not checked"
        );
        for (index, finding) in self.with(Outcome::Violated).enumerate() {
            repr.push_str(if index == 0 { ": " } else { "; " });
            repr.push_str(&finding.get().sentence());
        }
        repr.push('>');
        repr
    }
}

message!(Report);

/// A report in JSON. What follows from its findings is not read.
#[derive(Deserialize)]
struct ReportWire {
    findings: Vec<FindingWire>,
    #[serde(default)]
    warnings: Vec<WarningWire>,
}

#[derive(Deserialize)]
struct FindingWire {
    rule: String,
    outcome: String,
    message: String,
    found: Option<u64>,
    wanted: Option<u64>,
    #[serde(default)]
    attributes: Vec<String>,
    reason: Option<String>,
}

#[derive(Deserialize)]
struct WarningWire {
    kind: String,
    message: String,
}

fn read_wire<T: DeserializeOwned>(json: &Json, what: &str) -> PyResult<T> {
    serde_json::from_slice(json.as_ref())
        .map_err(|error| plain(format_args!("{what} is {}", JsonError::from(error))))
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
/// Raises InputError if the outcome is none of passed, violated and notChecked.
///
/// >>> policy = pwseal.Policy(["passwordMinNumeric is 2"])
/// >>> finding = policy.check("hunter2").findings[0]
/// >>> finding.rule, finding.outcome, finding.found, finding.wanted
/// ('passwordMinNumeric is 2', 'violated', 1, 2)
#[pyclass(frozen, get_all, module = "pwseal")]
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
    #[new]
    #[pyo3(
        signature = (
            rule, outcome, message = None, found = None, wanted = None, attributes = None, reason = None
        ),
        text_signature = "(rule, outcome, message='', found=None, wanted=None, attributes=(), reason=None)"
    )]
    fn from_parts(
        rule: Text<'_>,
        outcome: Outcome,
        message: Option<Text<'_>>,
        found: Option<u64>,
        wanted: Option<u64>,
        attributes: Option<&Bound<'_, PyAny>>,
        reason: Option<Text<'_>>,
    ) -> PyResult<Self> {
        Ok(Self {
            rule: rule.read("the rule")?.to_owned(),
            outcome,
            message: input::owned(&message, "the message")?.unwrap_or_default(),
            found,
            wanted,
            attributes: match attributes {
                Some(attributes) => input::texts(attributes, "attribute name")?,
                None => Vec::new(),
            },
            reason: input::owned(&reason, "the reason")?,
        })
    }

    /// The finding as pwseal check --json prints it. from_json reads it.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let dict = PyDict::new(py);
        dict.set_item("rule", &self.rule)?;
        dict.set_item("outcome", self.outcome)?;
        dict.set_item("reason", &self.reason)?;
        dict.set_item("found", self.found)?;
        dict.set_item("wanted", self.wanted)?;
        dict.set_item("attributes", &self.attributes)?;
        dict.set_item("message", &self.message)?;
        Ok(dict)
    }

    /// Read a finding: its JSON as text or bytes, or a mapping.
    ///
    /// Raises InputError for what is no finding.
    ///
    /// >>> finding = pwseal.Policy(["passwordMinLength is 8"]).check("letmein").findings[0]
    /// >>> pwseal.Finding.from_json(finding.to_json()) == finding
    /// True
    #[staticmethod]
    fn from_json(json: Json) -> PyResult<Self> {
        Self::from_wire(read_wire(&json, "the finding")?)
    }

    fn __repr__(&self) -> String {
        format!(
            "<pwseal.Finding {}: {}>",
            self.outcome.name(),
            self.sentence()
        )
    }
}

message!(Finding);

impl Finding {
    fn from_wire(wire: FindingWire) -> PyResult<Self> {
        Ok(Self {
            outcome: Outcome::of_name(&wire.outcome).map_err(plain)?,
            rule: wire.rule,
            message: wire.message,
            found: wire.found,
            wanted: wire.wanted,
            attributes: wire.attributes,
            reason: wire.reason,
        })
    }

    /// The rule, which is text of a server, and the message.
    fn sentence(&self) -> String {
        format!("{} ({})", excerpt(self.rule.as_bytes()), self.message)
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

impl Named for Outcome {
    const WHAT: &'static str = "the outcome";
    const ALL: &'static [Self] = &[Self::Passed, Self::Violated, Self::NotChecked];

    fn name(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Violated => "violated",
            Self::NotChecked => "notChecked",
        }
    }
}

// A report with another outcome would be one in which nothing is violated.
named!(Outcome);

impl From<policy::Outcome> for Outcome {
    fn from(outcome: policy::Outcome) -> Self {
        match outcome {
            policy::Outcome::Passed => Self::Passed,
            policy::Outcome::Violated => Self::Violated,
            policy::Outcome::NotChecked(_) => Self::NotChecked,
        }
    }
}
