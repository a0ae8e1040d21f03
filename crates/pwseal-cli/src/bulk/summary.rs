//! How many lines became what.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;

/// What became of the lines. With `--resume` those of earlier runs count as well.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Summary {
    pub(super) requests: u64,
    pub(super) errors: u64,
    /// How many errors there are of each kind.
    pub(super) kinds: BTreeMap<String, u64>,
    /// Requests whose password may not be as it was meant: their lines say why.
    pub(super) warned: u64,
    /// Requests whose password was not checked against every rule of its policies, in this run alone: the output does not
    /// say it.
    pub(super) not_all_checked: u64,
    /// Passwords that an earlier run generated, and whose requests its output does not have: nobody can use them.
    pub(super) passwords_dropped: u64,
    /// Requests whose password was generated.
    pub(super) generated: u64,
    /// Those of them whose password was not kept.
    pub(super) generated_not_kept: u64,
}

/// What became of one line.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Outcome {
    Request {
        generated: bool,
        /// Whether the line has warnings.
        warned: bool,
        /// Whether the password was checked against every rule of its policies.
        all_checked: bool,
    },
    /// An error of this kind.
    Error(&'static str),
}

impl Summary {
    pub(super) fn lines(&self) -> u64 {
        self.requests + self.errors
    }

    pub(super) fn add_request(&mut self, generated: bool, warned: bool) {
        self.requests += 1;
        self.warned += u64::from(warned);
        self.generated += u64::from(generated);
    }

    pub(super) fn add_error(&mut self, kind: &str) {
        self.errors += 1;
        match self.kinds.get_mut(kind) {
            Some(count) => *count += 1,
            None => drop(self.kinds.insert(kind.into(), 1)),
        }
    }

    pub(super) fn add(&mut self, outcome: Outcome) {
        match outcome {
            Outcome::Request {
                generated,
                warned,
                all_checked,
            } => {
                self.add_request(generated, warned);
                self.not_all_checked += u64::from(!all_checked);
            }
            Outcome::Error(kind) => self.add_error(kind),
        }
    }

    pub(super) fn to_json(&self) -> String {
        serde_json::to_string(self).expect("numbers are always serialised")
    }
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
            write!(f, "{separator}{count} {kind}")?;
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
