//! Policy strings: `passwordMinLength is 8`.
//!
//! No grammar is published. White space and case are free, and so is the space around "is".
//! A string of an answer is never an error: what is not understood stays in the policy as it is.
//! One that somebody wrote by hand is.

use super::hint;
use super::requirement::{Kind, Requirement};
use super::rule::{Rule, Value};
use crate::error::PolicyStringProblem;

/// Reads one string, which becomes one rule of `section`.
pub(super) fn rule(text: &str, section: usize) -> Rule {
    let (requirement, value) = match split(text) {
        Some((requirement, value)) => (Some(requirement), read(requirement, value)),
        None => (None, Value::Unreadable),
    };
    Rule {
        text: text.into(),
        requirement,
        value,
        section,
    }
}

/// What is not understood of a rule that was read from a string.
pub(super) fn problem(rule: &Rule) -> Option<PolicyStringProblem> {
    use PolicyStringProblem as P;

    let text = rule.text.trim();
    match (rule.requirement, rule.value) {
        _ if text.is_empty() => Some(P::Empty),
        (Some(requirement), Value::Unreadable) => Some(match requirement.kind() {
            Kind::Number => P::NoNumber { requirement },
            Kind::Switch => P::NoSwitch { requirement },
        }),
        (Some(_), _) => None,
        (None, _) => {
            let name = text
                .split(|c: char| c.is_whitespace() || "=:".contains(c))
                .next();
            let name = name.unwrap_or_default();
            let named = |requirement: &Requirement| name.eq_ignore_ascii_case(requirement.name());
            Some(match Requirement::ALL.into_iter().find(named) {
                Some(requirement) => P::NoIs { requirement },
                None => P::UnknownName {
                    nearest: hint::nearest(name),
                },
            })
        }
    }
}

/// The requirement named before "is", and the value after it.
fn split(text: &str) -> Option<(Requirement, &str)> {
    let text = text.trim();
    Requirement::ALL.into_iter().find_map(|requirement| {
        let rest = strip_prefix(text, requirement.name())?.trim_start();
        Some((requirement, strip_prefix(rest, "is")?.trim_start()))
    })
}

/// `str::strip_prefix` without regard to ASCII case.
fn strip_prefix<'t>(text: &'t str, prefix: &str) -> Option<&'t str> {
    let (start, rest) = text.split_at_checked(prefix.len())?;
    start.eq_ignore_ascii_case(prefix).then_some(rest)
}

fn read(requirement: Requirement, value: &str) -> Value {
    match requirement.kind() {
        Kind::Number => value.parse().map_or(Value::Unreadable, Value::from_number),
        Kind::Switch => {
            let is_one_of = |words: [&str; 3]| words.iter().any(|w| value.eq_ignore_ascii_case(w));
            if is_one_of(["true", "yes", "1"]) {
                Value::from_switch(true)
            } else if is_one_of(["false", "no", "0"]) {
                Value::from_switch(false)
            } else {
                Value::Unreadable
            }
        }
    }
}
