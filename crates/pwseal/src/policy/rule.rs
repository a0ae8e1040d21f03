//! One rule of a policy.

use alloc::boxed::Box;
use core::fmt;

use super::requirement::{Kind, Requirement};
use super::text;

/// What a rule's value says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Value {
    /// No number, or no boolean, that this crate can read.
    Unreadable,
    /// 0, -1 or off: nothing is asked for.
    #[default]
    NotSet,
    /// A positive number; 1 for a switch that is on.
    Set(u64),
    /// There are no rules to have a value: see [`Policy::unknown`](super::Policy::unknown).
    Absent,
}

impl Value {
    /// 0 and -1 are the documented sentinels. What another negative number means is not known.
    pub(super) fn from_number(number: i64) -> Self {
        match (number, u64::try_from(number)) {
            (0 | -1, _) => Self::NotSet,
            (_, Ok(number)) => Self::Set(number),
            (_, Err(_)) => Self::Unreadable,
        }
    }

    pub(super) fn from_switch(on: bool) -> Self {
        if on { Self::Set(1) } else { Self::NotSet }
    }
}

/// One rule of a [`Policy`](super::Policy).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    pub(super) text: Box<str>,
    pub(super) requirement: Option<Requirement>,
    pub(super) value: Value,
    /// Which of the policies merged into one it comes from: the rules of one policy modify
    /// each other. All rules of a section stand side by side.
    pub(super) section: usize,
}

impl Rule {
    /// The rule word for word as the server wrote it; of a structured policy, its field and
    /// value, such as `minLength is 8`.
    ///
    /// It is text from elsewhere: for a terminal there is `Display`.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What the rule requires; `None` where the rule is not understood.
    #[must_use]
    pub fn requirement(&self) -> Option<Requirement> {
        self.requirement
    }

    /// The number that is asked for. `None` where nothing is (0, -1), where the value cannot
    /// be read, and for a rule that is only on or off.
    #[must_use]
    pub fn wanted(&self) -> Option<u64> {
        match self.value {
            Value::Set(number) if self.requirement?.kind() == Kind::Number => Some(number),
            _ => None,
        }
    }
}

impl fmt::Display for Rule {
    /// The text, with what is not printable escaped: it comes from a server and goes to terminals.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        text::write_printable(f, &self.text)
    }
}
