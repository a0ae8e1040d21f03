//! A random password that satisfies policies.

use pwseal::policy::{Policy, Report};
use pwseal::{Password, SysRng};

use crate::failure::Failure;

/// How long it is where neither the user nor the policy says.
const USUAL_LENGTH: usize = 16;

/// How often one is generated when it has a word of the account's, which one in thousands
/// has at the most, unless the word is as short as a character or two.
const MAX_ROUNDS: usize = 1000;

/// A password, and what `check` reports of it.
pub(crate) fn satisfying(
    policy: &Policy,
    length: Option<usize>,
    check: impl Fn(&Password) -> Report,
) -> Result<(Password, Report), Failure> {
    if length == Some(0) {
        return Err(Failure::Usage("--length must be at least 1".into()));
    }
    let lengths = policy.length_range().map_err(Failure::Generate)?;
    let length = length.unwrap_or(USUAL_LENGTH.clamp(*lengths.start(), *lengths.end()));
    for _ in 0..MAX_ROUNDS {
        let password = policy
            .generate(&mut SysRng, length)
            .map_err(Failure::Generate)?;
        let report = check(&password);
        if !report.has_violation() {
            return Ok((password, report));
        }
    }
    Err(Failure::NothingGenerated)
}
