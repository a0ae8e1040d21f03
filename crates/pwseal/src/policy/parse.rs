//! Policy strings: `passwordMinLength is 8`.
//!
//! No grammar is published. White space and case are free, and so is the space around "is".
//! A string is never an error: what is not understood stays in the policy as it is.

use super::requirement::{Kind, Requirement};
use super::rule::{Rule, Value};

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
    if requirement.kind() == Kind::Switch {
        return match value {
            "1" => Value::from_switch(true),
            "0" => Value::from_switch(false),
            word if ["true", "yes"]
                .iter()
                .any(|on| word.eq_ignore_ascii_case(on)) =>
            {
                Value::from_switch(true)
            }
            word if ["false", "no"]
                .iter()
                .any(|off| word.eq_ignore_ascii_case(off)) =>
            {
                Value::from_switch(false)
            }
            _ => Value::Unreadable,
        };
    }
    value.parse().map_or(Value::Unreadable, Value::from_number)
}
