//! How many lines became what.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::Serialize;

use super::answer_line::Outcome;
use super::problem::Kind;

/// The most names of skipped fields that are told, and the longest one in characters.
const MAX_SKIPPED: usize = 32;
const MAX_NAME: usize = 40;

/// What became of the lines. With `--resume` those of earlier runs count as well.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Summary {
    pub(super) requests: u64,
    pub(super) errors: u64,
    /// How many errors there are of each kind.
    pub(super) kinds: BTreeMap<Kind, u64>,
    /// Requests whose password may not be as it was meant: their lines say why.
    pub(super) warned: u64,
    /// Requests whose password was not checked against every rule of its policies: their lines say why.
    pub(super) not_all_checked: u64,
    /// Passwords that an earlier run generated, and whose requests its output does not have: nobody can use them.
    pub(super) passwords_dropped: u64,
    /// Requests whose password was generated.
    pub(super) generated: u64,
    /// Those of them whose password was not kept.
    pub(super) generated_not_kept: u64,
    /// Names of fields or columns that are not known, and were skipped, in this run alone.
    pub(super) skipped: BTreeSet<String>,
}

impl Summary {
    pub(super) fn lines(&self) -> u64 {
        self.requests + self.errors
    }

    pub(super) fn add(&mut self, outcome: Outcome) {
        match outcome {
            Outcome::Request {
                generated,
                warned,
                all_checked,
            } => {
                self.requests += 1;
                self.generated += u64::from(generated);
                self.warned += u64::from(warned);
                self.not_all_checked += u64::from(!all_checked);
            }
            Outcome::Error(kind) => {
                self.errors += 1;
                *self.kinds.entry(kind).or_default() += 1;
            }
        }
    }

    /// Adds names that are not known, up to so many, as far as they are short.
    pub(super) fn skip<'n>(&mut self, names: impl IntoIterator<Item = &'n String>) {
        for name in names {
            if self.skipped.len() < MAX_SKIPPED {
                let name = name.chars().take(MAX_NAME).collect();
                self.skipped.insert(name);
            }
        }
    }

    /// What the lines say that somebody should look at.
    pub(super) fn warnings(&self) -> Vec<String> {
        let mut warnings = Vec::new();
        if self.warned > 0 {
            warnings.push(format!(
                "{} of the passwords may not be as they were meant: see warnings in their lines",
                self.warned
            ));
        }
        if self.not_all_checked > 0 {
            warnings.push(format!(
                "{} of the passwords could not be checked against every rule of their policies: see notChecked in their \
                 lines",
                self.not_all_checked
            ));
        }
        if !self.skipped.is_empty() {
            warnings.push(skipped(&self.skipped));
        }
        warnings
    }

    pub(super) fn to_json(&self) -> String {
        serde_json::to_string(self).expect("numbers are always serialised")
    }
}

/// What is said of fields or columns that are not known.
pub(crate) fn skipped<'n>(names: impl IntoIterator<Item = &'n String>) -> String {
    let names = names.into_iter().map(|name| format!("{name:?}"));
    let names: Vec<_> = names.collect();
    format!(
        "fields that are not known here were skipped: {}",
        names.join(", ")
    )
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let s = |count| if count == 1 { "" } else { "s" };
        let (lines, requests, errors) = (self.lines(), self.requests, self.errors);
        write!(
            f,
            "{lines} line{}: {requests} request{}, {errors} error{}",
            s(lines),
            s(requests),
            s(errors)
        )?;
        let mut separator = " (";
        for (kind, count) in &self.kinds {
            write!(f, "{separator}{count} {}", kind.name())?;
            separator = ", ";
        }
        if self.errors > 0 {
            f.write_str(")")?;
        }
        match self.passwords_dropped {
            0 => {}
            1 => f.write_str("; 1 generated password without a request was dropped")?,
            count => write!(
                f,
                "; {count} generated passwords without a request were dropped"
            )?,
        }
        match self.generated_not_kept {
            0 => Ok(()),
            1 => f.write_str("; 1 generated password was not kept (--secrets-out FILE keeps it)"),
            count => write!(
                f,
                "; {count} generated passwords were not kept (--secrets-out FILE keeps them)"
            ),
        }
    }
}
