//! Several policies as one, with what is strictest in each.

use alloc::vec::Vec;

use super::Policy;
use super::requirement::Requirement;
use super::rule::{Rule, Value};
use super::section::{Section, WordRule};

impl Policy {
    /// The policy that demands what `self` and `other` demand: a password violates it exactly
    /// if it violates one of the two, and passes all of it exactly if it passes all of both.
    ///
    /// A rule that the other policy has in a stricter form is left out. Rules that cannot be
    /// compared all stay: those that cannot be read, and the minimums of the character types
    /// of a policy that asks for some of them only.
    #[must_use]
    pub fn merge(&self, other: &Self) -> Self {
        let shift = self.rules.last().map_or(0, |rule| rule.section + 1);
        let shifted = other.rules.iter().cloned().map(|mut rule| {
            rule.section += shift;
            rule
        });
        let both = Self::new(self.rules.iter().cloned().chain(shifted).collect());

        let strictest = both.strictest(demand);
        let mut kept = Vec::with_capacity(both.rules.len());
        for rules in both.sections() {
            let section = Section::of(rules);
            let stays = |rule: &&Rule| {
                let demand = demand(rule, &section);
                let best = demand.and_then(|(demand, _)| strictest[demand as usize]);
                best.is_none_or(|best| best.section == rule.section)
            };
            kept.extend(rules.iter().filter(stays).cloned());
        }
        Self::new(kept)
    }

    /// Of the rules that say the same by `demand`, the strictest: the first of them.
    pub(super) fn strictest(
        &self,
        demand: impl Fn(&Rule, &Section) -> Option<(Requirement, u64)>,
    ) -> [Option<&Rule>; Requirement::ALL.len()] {
        let mut strictest = [None; Requirement::ALL.len()];
        for rules in self.sections() {
            let section = Section::of(rules);
            for rule in rules {
                let Some((demand, strictness)) = demand(rule, &section) else {
                    continue;
                };
                let best = &mut strictest[demand as usize];
                if best.is_none_or(|(most, _)| strictness > most) {
                    *best = Some((strictness, rule));
                }
            }
        }
        strictest.map(|best| best.map(|(_, rule)| rule))
    }
}

/// What a rule can be compared in with a rule of another policy, and how strict it is there.
fn demand(rule: &Rule, section: &Section) -> Option<(Requirement, u64)> {
    let requirement = rule.requirement?;
    let number = match rule.value {
        Value::Set(number) => number,
        Value::NotSet => 0,
        Value::Unreadable | Value::Absent => return None,
    };
    match requirement {
        Requirement::MaxLength | Requirement::RepeatedChar if number > 0 => {
            Some((requirement, u64::MAX - number))
        }
        Requirement::MinUpper
        | Requirement::MinLower
        | Requirement::MinNumeric
        | Requirement::MinSpecial
            if section.min_types.is_set() =>
        {
            None
        }
        Requirement::MinCharType if number > 0 => None,
        Requirement::AccountId | Requirement::AccountIdWordLength => word_demand(
            &section.account_id,
            [Requirement::AccountId, Requirement::AccountIdWordLength],
        ),
        Requirement::DisplayName | Requirement::DisplayNameWordLength => word_demand(
            &section.display_name,
            [Requirement::DisplayName, Requirement::DisplayNameWordLength],
        ),
        _ => Some((requirement, number)),
    }
}

/// A switch and its word length go together. One with a length of its own and one without
/// treat short words differently, so that they are not compared with each other.
fn word_demand(
    rule: &WordRule,
    [without_length, with_length]: [Requirement; 2],
) -> Option<(Requirement, u64)> {
    match (rule.switch?, rule.min_len) {
        (Value::Set(_), Value::Set(min_len)) => Some((with_length, u64::MAX - min_len)),
        (Value::Set(_), Value::NotSet) => Some((without_length, 1)),
        (Value::NotSet, Value::Set(_) | Value::NotSet) => Some((without_length, 0)),
        _ => None,
    }
}
