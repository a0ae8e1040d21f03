//! `pwseal.Report` and its findings.

use pwseal::policy::{self, Outcome};
use pyo3::prelude::*;

/// What a check of a password against a policy found, rule by rule. It holds counts, lengths
/// and names of attributes, and never a part of the password.
///
/// A report is true if ok is. That alone does not say that every rule was checked.
///
/// >>> policy = pwseal.Policy(["passwordMinLength is 8", "passwordHistory is 5"])
/// >>> report = policy.check("letmein")
/// >>> report.ok, report.complete
/// (False, False)
/// >>> [finding.message for finding in report.violations]
/// ['has 7 characters, but at least 8 are wanted']
/// >>> [finding.rule for finding in report.not_checked]
/// ['passwordHistory is 5']
#[pyclass(frozen, module = "pwseal")]
#[derive(Debug)]
pub(crate) struct Report(policy::Report);

#[pymethods]
impl Report {
    /// Whether no rule is violated. A rule that could not be checked is no violation.
    #[getter]
    fn ok(&self) -> bool {
        !self.0.has_violation()
    }

    /// Whether every rule was checked.
    #[getter]
    fn complete(&self) -> bool {
        self.not_checked().is_empty()
    }

    /// One finding for each rule, in the policy's order.
    #[getter]
    fn findings(&self) -> Vec<Finding> {
        self.findings_that(|_| true)
    }

    /// The findings of the rules that are violated.
    #[getter]
    fn violations(&self) -> Vec<Finding> {
        self.findings_that(|outcome| outcome == Outcome::Violated)
    }

    /// The findings of the rules that could not be checked.
    #[getter]
    fn not_checked(&self) -> Vec<Finding> {
        self.findings_that(|outcome| matches!(outcome, Outcome::NotChecked(_)))
    }

    /// What to tell beside the rules: characters that the platform is documented not to take.
    #[getter]
    fn warnings(&self) -> Vec<String> {
        self.0.warnings().iter().map(ToString::to_string).collect()
    }

    fn __bool__(&self) -> bool {
        self.ok()
    }

    fn __repr__(&self) -> String {
        let (all, violated) = (self.findings().len(), self.violations().len());
        let not_checked = self.not_checked().len();
        format!("<pwseal.Report of {all} rule(s): {violated} violated, {not_checked} not checked>")
    }
}

impl From<policy::Report> for Report {
    fn from(report: policy::Report) -> Self {
        Self(report)
    }
}

impl Report {
    fn findings_that(&self, has: impl Fn(Outcome) -> bool) -> Vec<Finding> {
        let findings = self.0.findings();
        let chosen = findings.filter(|finding| has(finding.outcome()));
        chosen.map(Finding::from).collect()
    }
}

/// What a check found about one rule.
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
    outcome: &'static str,
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
            outcome: finding.outcome().name(),
            message: finding.to_string(),
            found: finding.found(),
            wanted: finding.rule().wanted(),
            attributes: finding.attributes().to_vec(),
        }
    }
}
