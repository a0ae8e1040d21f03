//! What a check found, rule by rule, without the password.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use super::Policy;
use super::requirement::Requirement;
use super::rule::{Rule, Value};
use super::text;
use crate::judgement::PasswordWarnings;

/// The outcome of every rule, in the policy's order.
///
/// It holds counts, lengths and names of attributes. It never holds the password or a part of
/// it: not which character is repeated, not which word was found. It is still knowledge about
/// a password that may come into use, such as its length: log it with that in mind.
///
/// A report is independent of the policy and the context it was made with.
#[derive(Clone, Debug)]
pub struct Report {
    policy: Policy,
    verdicts: Vec<Verdict>,
    warnings: PasswordWarnings,
}

/// What is reported of one rule; the rule itself is at the same place in the policy.
#[derive(Clone, Debug)]
pub(super) struct Verdict {
    pub(super) outcome: Outcome,
    pub(super) found: Option<u64>,
    pub(super) attributes: Vec<String>,
}

/// What became of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The password keeps the rule, or the rule asks for nothing.
    Passed,
    /// The password breaks the rule.
    Violated,
    /// It is not known whether the password keeps the rule.
    NotChecked(Reason),
}

/// Why a rule was not checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reason {
    /// The rule is none of those this crate knows.
    NotUnderstood,
    /// The value is no number, or neither on nor off.
    UnreadableValue,
    /// The rule compares with earlier passwords, which only the server knows.
    OldPasswords,
    /// What the rule compares with is not in the [`Context`](super::Context).
    NotGiven,
    /// What the rule compares with has no word of three characters or more.
    ShortWords,
    /// It depends on how the platform counts characters it is documented not to take.
    DoubtfulCharacters,
    /// It depends on how the platform counts character types, which is not documented for
    /// this policy and password, or cannot be read.
    CharacterTypes,
    /// A word length without the rule it belongs to.
    WordLengthAlone,
    /// The password is not UTF-8, so that it has no characters to look at.
    NotUtf8,
}

impl Report {
    pub(super) fn new(policy: Policy, verdicts: Vec<Verdict>, warnings: PasswordWarnings) -> Self {
        Self {
            policy,
            verdicts,
            warnings,
        }
    }

    /// Whether a rule is violated. `false` does not mean that every rule was checked.
    #[must_use]
    pub fn has_violation(&self) -> bool {
        self.verdicts
            .iter()
            .any(|verdict| verdict.outcome == Outcome::Violated)
    }

    /// Whether every rule was checked and passed. It is so of a policy without rules.
    ///
    /// Warnings do not count.
    #[must_use]
    pub fn all_passed(&self) -> bool {
        self.verdicts
            .iter()
            .all(|verdict| verdict.outcome == Outcome::Passed)
    }

    /// One finding for each rule, in the policy's order.
    pub fn findings(&self) -> impl ExactSizeIterator<Item = Finding<'_>> {
        let pairs = self.policy.rules().iter().zip(&self.verdicts);
        pairs.map(|(rule, verdict)| Finding { rule, verdict })
    }

    /// What to tell beside the rules. It is no violation.
    #[must_use]
    pub fn warnings(&self) -> PasswordWarnings {
        self.warnings
    }
}

/// What a check found about one rule.
///
/// `Display` is a sentence for people, such as "has 4 characters, but at least 8 are wanted".
/// It does not repeat the rule's text, which comes from the server.
#[derive(Clone, Copy, Debug)]
pub struct Finding<'r> {
    rule: &'r Rule,
    verdict: &'r Verdict,
}

impl<'r> Finding<'r> {
    /// The rule.
    #[must_use]
    pub fn rule(&self) -> &'r Rule {
        self.rule
    }

    /// What became of it.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        self.verdict.outcome
    }

    /// What was counted in the password, to be compared with [`Rule::wanted`]. `None` for a
    /// rule that does not count, or was not checked.
    #[must_use]
    pub fn found(&self) -> Option<u64> {
        self.verdict.found
    }

    /// The names of the attributes that have a word in the password.
    #[must_use]
    pub fn attributes(&self) -> &'r [String] {
        &self.verdict.attributes
    }
}

impl From<Outcome> for Verdict {
    fn from(outcome: Outcome) -> Self {
        Self {
            outcome,
            found: None,
            attributes: Vec::new(),
        }
    }
}

impl Verdict {
    pub(super) fn found(found: u64, outcome: Outcome) -> Self {
        Self {
            found: Some(found),
            ..outcome.into()
        }
    }
}

impl Outcome {
    pub(super) fn passed_if(condition: bool) -> Self {
        if condition {
            Self::Passed
        } else {
            Self::Violated
        }
    }
}

impl fmt::Display for Finding<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(requirement) = self.rule.requirement() else {
            return write!(f, "not checked: {}", Reason::NotUnderstood);
        };
        match (self.outcome(), self.found(), self.rule.wanted()) {
            (Outcome::NotChecked(Reason::NotGiven), ..) => {
                write!(f, "not checked: it needs {}", words_of(requirement))
            }
            (Outcome::NotChecked(reason), ..) => write!(f, "not checked: {reason}"),
            (_, Some(found), Some(wanted)) => self.fmt_count(f, requirement, found, wanted),
            (Outcome::Passed, ..) if self.rule.value == Value::NotSet => {
                f.write_str("asks for nothing")
            }
            (Outcome::Passed, ..) => write!(f, "has no word of {}", words_of(requirement)),
            (Outcome::Violated, ..) => {
                write!(f, "has a word of {}", words_of(requirement))?;
                let mut separator = ": ";
                for name in self.attributes() {
                    f.write_str(separator)?;
                    text::write_printable(f, name)?;
                    separator = ", ";
                }
                Ok(())
            }
        }
    }
}

impl Finding<'_> {
    fn fmt_count(
        &self,
        f: &mut fmt::Formatter<'_>,
        requirement: Requirement,
        found: u64,
        wanted: u64,
    ) -> fmt::Result {
        match (requirement, noun(requirement)) {
            (Requirement::RepeatedChar, _) => {
                write!(f, "its longest run of one character is {found}")?;
            }
            (Requirement::MinCharType, _) => {
                write!(f, "meets {found} of the minimums of character types")?;
            }
            (_, noun) if found == 1 => write!(f, "has 1 {noun}")?,
            (_, noun) => write!(f, "has {found} {noun}s")?,
        }
        let conjunction = match self.outcome() {
            Outcome::Violated => "but",
            _ => "and",
        };
        let (limit, verb) = match requirement {
            Requirement::MaxLength | Requirement::RepeatedChar => ("at most", "allowed"),
            _ if self.outcome() == Outcome::Passed && found < wanted => {
                return write!(
                    f,
                    ", and need not have {wanted}: enough other character types are met"
                );
            }
            _ => ("at least", "wanted"),
        };
        let be = if wanted == 1 { "is" } else { "are" };
        write!(f, ", {conjunction} {limit} {wanted} {be} {verb}")
    }
}

fn noun(requirement: Requirement) -> &'static str {
    match requirement {
        Requirement::MinAlpha => "letter",
        Requirement::MinUpper => "uppercase letter",
        Requirement::MinLower => "lowercase letter",
        Requirement::MinNumeric => "digit",
        Requirement::MinSpecial => "special character",
        _ => "character",
    }
}

fn words_of(requirement: Requirement) -> &'static str {
    match requirement {
        Requirement::AccountId | Requirement::AccountIdWordLength => "the account ID",
        Requirement::DisplayName | Requirement::DisplayNameWordLength => "the account name",
        Requirement::AccountAttributes => "the account's attributes",
        Requirement::IdentityAttributes => "the identity's attributes",
        _ => "the dictionary",
    }
}

impl Outcome {
    /// `passed`, `violated` or `notChecked`, as in the report's JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Violated => "violated",
            Self::NotChecked(_) => "notChecked",
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotUnderstood => "the rule is not understood",
            Self::UnreadableValue => "the rule's value cannot be read",
            Self::OldPasswords => "only the server knows the earlier passwords",
            Self::NotGiven => "what it compares with was not given",
            Self::ShortWords => "what it compares with has no word of three characters or more",
            Self::DoubtfulCharacters => {
                "how the platform counts some of the characters is not documented"
            }
            Self::CharacterTypes => {
                "how the platform counts the character types is not documented for this case"
            }
            Self::WordLengthAlone => "the rule that this word length belongs to is not there",
            Self::NotUtf8 => "the password is not UTF-8",
        })
    }
}

#[cfg(feature = "serde")]
mod json {
    use alloc::string::{String, ToString};
    use alloc::vec::Vec;

    use serde::{Serialize, Serializer};

    use super::{Finding, Outcome, Report};
    use crate::judgement::PasswordWarning;

    /// The report as JSON.
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct View<'r> {
        has_violation: bool,
        all_passed: bool,
        findings: Vec<FindingView<'r>>,
        warnings: Vec<WarningView>,
    }

    #[derive(Serialize)]
    struct WarningView {
        kind: &'static str,
        message: String,
    }

    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct FindingView<'r> {
        rule: &'r str,
        outcome: &'static str,
        found: Option<u64>,
        wanted: Option<u64>,
        attributes: &'r [String],
        message: String,
    }

    impl Serialize for Report {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            View {
                has_violation: self.has_violation(),
                all_passed: self.all_passed(),
                findings: self.findings().map(FindingView::from).collect(),
                warnings: self.warnings().iter().map(WarningView::from).collect(),
            }
            .serialize(serializer)
        }
    }

    impl From<PasswordWarning> for WarningView {
        fn from(warning: PasswordWarning) -> Self {
            Self {
                kind: warning.name(),
                message: warning.to_string(),
            }
        }
    }

    impl<'r> From<Finding<'r>> for FindingView<'r> {
        fn from(finding: Finding<'r>) -> Self {
            Self {
                rule: finding.rule().text(),
                outcome: Outcome::name(finding.outcome()),
                found: finding.found(),
                wanted: finding.rule().wanted(),
                attributes: finding.attributes(),
                message: finding.to_string(),
            }
        }
    }
}
