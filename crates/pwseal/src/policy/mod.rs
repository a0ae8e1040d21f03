//! Password policies: check a password against them, and make one that satisfies them.
//!
//! ```
//! use pwseal::Password;
//! use pwseal::policy::{Context, Policy};
//!
//! // The `policies` of a password-info.
//! let policy = Policy::from_strings(["passwordMinLength is 8", "passwordMinNumeric is 1"]);
//! let report = policy.check(&Password::new("letmein")?, &Context::new());
//! assert!(report.has_violation());
//! let sentences: Vec<String> = report.findings().map(|finding| finding.to_string()).collect();
//! assert_eq!(
//!     sentences,
//!     [
//!         "has 7 characters, but at least 8 are wanted",
//!         "has 0 digits, but at least 1 is wanted",
//!     ]
//! );
//! # Ok::<(), pwseal::Error>(())
//! ```
//!
//! A policy comes from policy strings ([`Policy::from_strings`]), from the structured form of
//! the Password Policies operations ([`PasswordPolicyV3Dto`]), or from several of them
//! ([`Policy::merge`]). A check gives one [`Finding`] for every rule, and two answers:
//! [`Report::has_violation`], and [`Report::all_passed`], which is false as soon as one rule
//! could not be checked. What is not understood is never taken as passed.
//!
//! # The rules
//!
//! SailPoint publishes four policy strings and no grammar. The names below are those of
//! IdentityIQ with its labels; the meanings are those of the help pages *Password
//! Requirements* ([Identity Security Cloud][isc]) and *Password Policy Tab*
//! ([IdentityIQ][iiq]). In numbers, 0 and -1 mean *not set*. A switch is on with `true`, `yes`
//! or `1` and off with `false`, `no` or `0`. Case and white space do not matter.
//!
//! | string | field of the structured policy | what it asks |
//! |---|---|---|
//! | `passwordMinLength`, `passwordMaxLength` | `minLength`, `maxLength` | the number of characters, in UTF-16 code units |
//! | `passwordMinAlpha` | `minAlpha` | letters: A-Z, a-z |
//! | `passwordMinUpper`, `passwordMinLower` | `minUpper`, `minLower` | uppercase, lowercase letters |
//! | `passwordMinNumeric` | `minNumeric` | digits: 0-9 |
//! | `passwordMinSpecial` | `minSpecial` | special characters: space, and ASCII punctuation but `:` |
//! | `passwordMinCharType` | `minCharacterTypes` | how many of the four minimums above (upper, lower, numeric, special) must be met; without it, all |
//! | `passwordRepeatedChar` | `maxRepeatedChars` | the longest run of one character, case as it is |
//! | `checkPasswordAgainstAccountID` | `validateAgainstAccountId` | no word of the account ID |
//! | `minAccountIDUniqueChars` | `accountIdMinWordLength` | the shortest word that counts there |
//! | `checkPasswordAgainstDisplayName` | `validateAgainstAccountName` | no word of the account's name |
//! | `minDisplayNameUniqueChars` | `accountNameMinWordLength` | the shortest word that counts there |
//! | `checkPasswordsAgainstAccountAttributes` | `useAccountAttributes` | no word of an attribute of the account |
//! | `checkPasswordsAgainstIdentityAttributes` | `useIdentityAttributes` | no word of an attribute of the identity |
//! | `checkPasswordsAgainstDictionary` | `useDictionary` | no word of the [`Dictionary`] |
//! | `passwordHistory`, `minHistoryUniqueChars` | | not checked: earlier passwords |
//! | `checkCaseSensitive`, `checkPasswordTriviality` | | not checked: earlier passwords |
//!
//! **Characters** are UTF-16 code units in a length, because that is what Java's
//! `String.length` counts. They are code points everywhere else. The two differ for characters
//! beyond U+FFFF only, such as emoji.
//!
//! **Characters the platform is documented not to take** are the colon and everything outside
//! ASCII; control characters are in no documented class either. Having one is a
//! [`PasswordWarning`](crate::PasswordWarning) and no violation, because whether the server enforces it is not certain. To which class it
//! would count such a character is not documented: a minimum that depends on it is *not
//! checked* ([`Reason::DoubtfulCharacters`]).
//!
//! **Runs.** The help page speaks of repetitions "after the first occurrence", but its example
//! (2, with `passsword` invalid) and those of IdentityIQ (`cloudd` valid, `clouddd` not) count
//! the whole run, and so is it done here. IdentityIQ's pages also speak of a limit on *how
//! many* characters are repeated, with examples that contradict each other (`cclooud` valid,
//! `happy22` not, both at 2). That limit is not checked.
//!
//! **Character types.** With more types asked for than there are minimums, it is not
//! documented whether a type without a minimum counts. Such a rule is violated if it would be
//! either way, and else *not checked* ([`Reason::CharacterTypes`]).
//!
//! **Words** of a name or attribute are its runs of letters and digits, the whole without
//! anything else ("555-555-1234" as 5555551234), and the whole as it is. They are looked for
//! anywhere in the password, without regard to case. Words of fewer than three characters are
//! left out, unless the policy sets a word length: the documentation does not say where the
//! limit is, and three is that of Active Directory's complexity rule. Accents and the forms of
//! Unicode normalization are told apart. Words of the dictionary count at any length.
//!
//! # Secrets
//!
//! A check copies the password once, in lowercase, into a buffer that is wiped; no report
//! holds a part of it. The time of a check depends on the password, as its result does. A
//! password that is not UTF-8 has no characters to look at: nothing passes that asks for any.
//!
//! [isc]: https://documentation.sailpoint.com/saas/help/pwd/pwd_policies/pwd_reqs.html
//! [iiq]: https://documentation.sailpoint.com/identityiq/help/appconfig/password_policy_tab.html

mod census;
mod check;
mod context;
mod dictionary;
mod dto;
mod generate;
mod generate_for;
mod merge;
mod parse;
mod report;
mod requirement;
mod rule;
mod section;
mod text;

use alloc::sync::Arc;
use alloc::vec::Vec;

pub use context::Context;
pub use dictionary::Dictionary;
pub use dto::PasswordPolicyV3Dto;
pub use generate::MAX_GENERATED;
pub use report::{Finding, Outcome, Reason, Report};
pub use requirement::Requirement;
pub use rule::Rule;

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
