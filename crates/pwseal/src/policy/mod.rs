//! Password policies.

mod census;
mod check;
mod context;
mod dictionary;
mod dto;
mod generate;
mod merge;
mod parse;
mod report;
mod rule;
mod section;
mod text;

use alloc::sync::Arc;
use alloc::vec::Vec;

pub use context::Context;
pub use dictionary::Dictionary;
pub use dto::PasswordPolicyV3Dto;
pub use generate::MAX_GENERATED;
pub use report::{Finding, Outcome, Reason, Report, Warning};
pub use rule::{Requirement, Rule};

/// The rules for a password.
///
/// A clone shares the rules and costs a reference count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    rules: Arc<[Rule]>,
}

impl Policy {
    /// Reads the `policies` of a password-info: one string for each rule, such as
    /// `passwordMinLength is 8`.
    ///
    /// No string is refused. One that is not understood is a rule that is *not checked*.
    pub fn from_strings<S: AsRef<str>>(strings: impl IntoIterator<Item = S>) -> Self {
        let rules = strings.into_iter();
        Self::new(rules.map(|text| parse::rule(text.as_ref(), 0)).collect())
    }

    /// The rules in the order in which they came.
    #[must_use]
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    fn new(rules: Vec<Rule>) -> Self {
        Self {
            rules: rules.into(),
        }
    }

    /// The rules of each of the policies that were merged into this one.
    fn sections(&self) -> impl Iterator<Item = &[Rule]> {
        self.rules.chunk_by(|a, b| a.section == b.section)
    }
}
