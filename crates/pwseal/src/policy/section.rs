//! The rules of one policy that change what its other rules mean: how many character types
//! must be met, and how long a word must be to count.

use super::census::{DIGIT, LOWER, SPECIAL, UPPER};
use super::requirement::Requirement;
use super::rule::{Rule, Value};

/// What the rules of one policy say together. Where a rule comes twice, the stricter holds.
#[derive(Default)]
pub(super) struct Section {
    /// The minimums of the character types.
    pub(super) minimums: [Minimum; 4],
    /// How many of the minimums must be met; all of them where it is not set.
    pub(super) min_types: Minimum,
    pub(super) account_id: WordRule,
    pub(super) display_name: WordRule,
}

/// The minimum of a character type, or of how many of them must be met. 0 is not set.
#[derive(Clone, Copy, Default)]
pub(super) struct Minimum {
    pub(super) count: u64,
    /// Whether there is one beside it that cannot be read.
    pub(super) unreadable: bool,
}

impl Minimum {
    pub(super) fn is_set(&self) -> bool {
        self.count > 0 || self.unreadable
    }
}

/// A switch, and the shortest word that counts when it is on.
#[derive(Default)]
pub(super) struct WordRule {
    pub(super) switch: Option<Value>,
    pub(super) min_len: Value,
}

impl Section {
    pub(super) fn of(rules: &[Rule]) -> Self {
        let mut section = Self::default();
        for Rule {
            requirement, value, ..
        } in rules
        {
            match requirement {
                Some(Requirement::MinUpper) => section.minimums[UPPER].raise(*value),
                Some(Requirement::MinLower) => section.minimums[LOWER].raise(*value),
                Some(Requirement::MinNumeric) => section.minimums[DIGIT].raise(*value),
                Some(Requirement::MinSpecial) => section.minimums[SPECIAL].raise(*value),
                Some(Requirement::MinCharType) => section.min_types.raise(*value),
                Some(Requirement::AccountId) => section.account_id.turn(*value),
                Some(Requirement::AccountIdWordLength) => section.account_id.shorten(*value),
                Some(Requirement::DisplayName) => section.display_name.turn(*value),
                Some(Requirement::DisplayNameWordLength) => section.display_name.shorten(*value),
                _ => {}
            }
        }
        section
    }

    /// How many of the character types have a minimum.
    pub(super) fn types_set(&self) -> u64 {
        self.minimums
            .iter()
            .map(|min| u64::from(min.is_set()))
            .sum()
    }
}

impl Minimum {
    fn raise(&mut self, value: Value) {
        match value {
            Value::Set(count) => self.count = self.count.max(count),
            Value::NotSet => {}
            Value::Unreadable | Value::Absent => self.unreadable = true,
        }
    }
}

impl WordRule {
    fn turn(&mut self, value: Value) {
        let switch = self.switch.unwrap_or_default();
        self.switch = Some(combine(switch, value, u64::max));
    }

    fn shorten(&mut self, value: Value) {
        self.min_len = combine(self.min_len, value, u64::min);
    }
}

/// One value of two for the same setting. What cannot be read leaves the setting unknown.
fn combine(a: Value, b: Value, stricter: fn(u64, u64) -> u64) -> Value {
    match (a, b) {
        (Value::Unreadable | Value::Absent, _) | (_, Value::Unreadable | Value::Absent) => {
            Value::Unreadable
        }
        (Value::NotSet, value) | (value, Value::NotSet) => value,
        (Value::Set(a), Value::Set(b)) => Value::Set(stricter(a, b)),
    }
}
