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
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    policy: Policy,
    verdicts: Vec<Verdict>,
    warnings: PasswordWarnings,
}

/// What is reported of one rule; the rule itself is at the same place in the policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Verdict {
    pub(super) outcome: Outcome,
    pub(super) found: Option<u64>,
    pub(super) attributes: Vec<String>,
    pub(super) counted: Counted,
}

/// What `found` counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Counted {
    /// What the requirement speaks of; for repeated characters the longest run.
    #[default]
    Usual,
    /// How many characters are repeated in all.
    Repeated,
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

/// An enum with a name for each variant, which JSON and Python have.
macro_rules! named {
    ($(#[$enum_attribute:meta])* pub enum $enum:ident {
        $($(#[$attribute:meta])* $variant:ident = $name:literal,)*
    }) => {
        $(#[$enum_attribute])*
        pub enum $enum {
            $($(#[$attribute])* $variant,)*
        }

        impl $enum {
            /// Its name in the report's JSON.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }
        }
    };
}

named! {
    /// Why a rule was not checked.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
    #[non_exhaustive]
    pub enum Reason {
        /// The rule is none of those this crate knows.
        NotUnderstood = "notUnderstood",
        /// The value is no number, or neither on nor off.
        UnreadableValue = "unreadableValue",
        /// The answer has no `policies`: [`Policy::unknown`].
        NoPolicies = "noPolicies",
        /// The rule compares with earlier passwords, which only the server knows.
        OldPasswords = "oldPasswords",
        /// What the rule compares with is not in the [`Context`](super::Context).
        NotGiven = "notGiven",
        /// A word length without the rule it belongs to.
        WordLengthAlone = "wordLengthAlone",
        /// The password is not UTF-8, so that it has no characters to look at.
        NotUtf8 = "notUtf8",
        /// The password has what nobody types, such as a line break, or is UTF-16:
        /// [`Password::judge`](crate::Password::judge) refuses it and says why.
        NotText = "notText",
        /// Readings differ: a word of fewer than three characters occurs, and it is not documented
        /// whether such a word counts.
        ShortWords = "shortWords",
        /// Readings differ: a part of the account's ID or name occurs and no word of it. One page
        /// forbids substrings of a minimum length, others words.
        PartsOfWords = "partsOfWords",
        /// Readings differ: as many characters are repeated in all as the rule says. One example
        /// allows it, another does not.
        RepeatedCharacters = "repeatedCharacters",
        /// Readings differ: the password has characters that the platform is documented not to take,
        /// and it is not documented whether they count.
        DoubtfulCharacters = "doubtfulCharacters",
        /// Readings differ: the password has characters beyond U+FFFF, and the unit of a length is
        /// not documented.
        LengthUnits = "lengthUnits",
        /// Readings differ: a character type has too few, and enough others have enough.
        UnmetMinimum = "unmetMinimum",
        /// Readings differ: more types are asked for than have a minimum, and it is not documented
        /// whether a type without one counts, and makes up for a minimum that is not met.
        CharacterTypes = "characterTypes",
    }
}

impl Reason {
    /// The two readings of the documentation under which the rule comes out differently for this
    /// password, in words that follow "by one reading"; `None` where the readings are not the
    /// reason.
    #[must_use]
    pub fn readings(self) -> Option<[&'static str; 2]> {
        match self {
            Self::ShortWords => Some(["such words do not count", "words of any length count"]),
            Self::PartsOfWords => Some([
                "words alone may not occur",
                "no part of the minimum length may occur",
            ]),
            Self::RepeatedCharacters => Some(["so many may be", "only fewer may be"]),
            Self::DoubtfulCharacters => {
                Some(["they count for this rule", "they do not count for it"])
            }
            Self::LengthUnits => Some([
                "a length is in UTF-16 code units",
                "a length is in code points",
            ]),
            Self::UnmetMinimum => Some([
                "the others make up for it",
                "each minimum must be met for itself",
            ]),
            Self::CharacterTypes => Some([
                "a type without a minimum counts when it occurs",
                "only types with a minimum count",
            ]),
            Self::NotUnderstood
            | Self::UnreadableValue
            | Self::NoPolicies
            | Self::OldPasswords
            | Self::NotGiven
            | Self::WordLengthAlone
            | Self::NotUtf8
            | Self::NotText => None,
        }
    }
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

    /// Whether a rule passes by one reading of the documentation and not by another, where another
    /// password may pass by both.
    #[must_use]
    pub fn is_ambiguous(&self) -> bool {
        self.findings().any(|finding| match finding.outcome() {
            // By one reading no password has more types than there are minimums. A minimum that is
            // not met for that reason is met by another password.
            Outcome::NotChecked(Reason::CharacterTypes) => {
                finding.rule().requirement() != Some(Requirement::MinCharType)
            }
            Outcome::NotChecked(reason) => reason.readings().is_some(),
            Outcome::Passed | Outcome::Violated => false,
        })
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

    /// The names of the attributes that have a word in the password, or may be said to have.
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
            counted: Counted::Usual,
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
        let requirement = match (self.rule.requirement(), self.outcome()) {
            (Some(requirement), _) => requirement,
            (None, Outcome::NotChecked(reason)) => return write!(f, "not checked: {reason}"),
            (None, Outcome::Passed | Outcome::Violated) => return f.write_str("is not understood"),
        };
        match (self.outcome(), self.found(), self.rule.wanted()) {
            (Outcome::NotChecked(Reason::NotGiven), ..) => {
                write!(f, "not checked: it needs {}", words_of(requirement))
            }
            (Outcome::NotChecked(reason), ..) => {
                write!(f, "not checked: {reason}")?;
                self.fmt_attributes(f)
            }
            (_, Some(found), Some(wanted)) => self.fmt_count(f, requirement, found, wanted),
            (Outcome::Passed, ..) if self.rule.value == Value::NotSet => {
                f.write_str("asks for nothing")
            }
            (Outcome::Passed, ..) => write!(f, "has no word of {}", words_of(requirement)),
            (Outcome::Violated, ..) => {
                write!(f, "has a word of {}", words_of(requirement))?;
                self.fmt_attributes(f)
            }
        }
    }
}

impl Finding<'_> {
    fn fmt_attributes(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut separator = ": ";
        for name in self.attributes() {
            f.write_str(separator)?;
            text::write_printable(f, name)?;
            separator = ", ";
        }
        Ok(())
    }

    fn fmt_count(
        &self,
        f: &mut fmt::Formatter<'_>,
        requirement: Requirement,
        found: u64,
        wanted: u64,
    ) -> fmt::Result {
        match (requirement, noun(requirement)) {
            (Requirement::RepeatedChar, _) if self.verdict.counted == Counted::Repeated => {
                write!(f, "repeats {found} characters in all")?;
            }
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
    /// Why it was not checked, if it was not.
    #[must_use]
    pub fn reason(self) -> Option<Reason> {
        match self {
            Self::Passed | Self::Violated => None,
            Self::NotChecked(reason) => Some(reason),
        }
    }

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
            Self::NoPolicies => "the answer has no policies, so that it is not known what they ask",
            Self::OldPasswords => "only the server knows the earlier passwords",
            Self::NotGiven => "what it compares with was not given",
            Self::WordLengthAlone => "the rule that this word length belongs to is not there",
            Self::NotUtf8 => "the password is not UTF-8",
            Self::NotText => {
                "no body is made of the password: it has a line break or something else that \
                 nobody types"
            }
            Self::ShortWords => "a word of fewer than three characters occurs",
            Self::PartsOfWords => "a part occurs, and no word",
            Self::RepeatedCharacters => "as many characters are repeated in all as the rule says",
            Self::DoubtfulCharacters => {
                "the password has characters that the platform is documented not to take"
            }
            Self::LengthUnits => "the password has characters beyond U+FFFF",
            Self::UnmetMinimum => "there are too few, and enough of other character types",
            Self::CharacterTypes => "it depends on character types without a minimum",
        })?;
        match self.readings() {
            Some([one, other]) => {
                write!(
                    f,
                    ": by one reading of the documentation {one}, by another {other}"
                )
            }
            None => Ok(()),
        }
    }
}

#[cfg(feature = "serde")]
mod json {
    use alloc::string::{String, ToString};
    use alloc::vec::Vec;

    use serde::{Serialize, Serializer};

    use super::{Finding, Reason, Report};
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
        reason: Option<&'static str>,
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
                outcome: finding.outcome().name(),
                reason: finding.outcome().reason().map(Reason::name),
                found: finding.found(),
                wanted: finding.rule().wanted(),
                attributes: finding.attributes(),
                message: finding.to_string(),
            }
        }
    }
}
