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
//! A policy comes from the policy strings of an answer ([`Policy::from_strings`]), from policy
//! strings that somebody wrote ([`Policy::parse`]), from the structured form of the Password
//! Policies operations ([`PasswordPolicyV3Dto`]), or from several of them ([`Policy::merge`]). A
//! check gives one [`Finding`] for every rule, and two answers: [`Report::has_violation`], and
//! [`Report::all_passed`], which is false as soon as one rule could not be checked. What is not
//! understood is never taken as passed.
//!
//! # The rules
//!
//! SailPoint publishes four policy strings and no grammar. The names below are those of
//! IdentityIQ with its labels; the meanings are those of the help pages *Password
//! Requirements* ([Identity Security Cloud][isc]), *Password Policy Tab* ([IdentityIQ][iiq]),
//! *Passwords* ([IdentityIQ][passwords]) and *Configuring Password Policies* ([a connector of
//! IdentityIQ][connector]). In numbers, 0 and -1 mean *not set*. A switch is on with `true`,
//! `yes` or `1` and off with `false`, `no` or `0`. Case and white space do not matter.
//!
//! | string | field of the structured policy | what it asks |
//! |---|---|---|
//! | `passwordMinLength`, `passwordMaxLength` | `minLength`, `maxLength` | the number of characters |
//! | `passwordMinAlpha` | `minAlpha` | letters: A-Z, a-z |
//! | `passwordMinUpper`, `passwordMinLower` | `minUpper`, `minLower` | uppercase, lowercase letters |
//! | `passwordMinNumeric` | `minNumeric` | digits: 0-9 |
//! | `passwordMinSpecial` | `minSpecial` | special characters: space, and ASCII punctuation but `:` |
//! | `passwordMinCharType` | `minCharacterTypes` | how many of the four types above (upper, lower, numeric, special) there must be |
//! | `passwordRepeatedChar` | `maxRepeatedChars` | the longest run of one character, case as it is, and the most repeated characters in all |
//! | `checkPasswordAgainstAccountID` | `validateAgainstAccountId` | no word or part of the account ID |
//! | `minAccountIDUniqueChars` | `accountIdMinWordLength` | the shortest word or part that counts there |
//! | `checkPasswordAgainstDisplayName` | `validateAgainstAccountName` | no word or part of the account's name |
//! | `minDisplayNameUniqueChars` | `accountNameMinWordLength` | the shortest word or part that counts there |
//! | `checkPasswordsAgainstAccountAttributes` | `useAccountAttributes` | no word of an attribute of the account |
//! | `checkPasswordsAgainstIdentityAttributes` | `useIdentityAttributes` | no word of an attribute of the identity |
//! | `checkPasswordsAgainstDictionary` | `useDictionary` | no word of the [`Dictionary`] |
//! | `passwordHistory`, `minHistoryUniqueChars` | | not checked: earlier passwords |
//! | `checkCaseSensitive`, `checkPasswordTriviality` | | not checked: earlier passwords |
//!
//! # Where the documentation can be read in two ways
//!
//! A password passes a rule only if it does by every reading that the pages allow, and violates
//! it only if it does by every one. Else the rule is *not checked*: the [`Reason`] says which
//! readings differ ([`Reason::readings`]), and so does the sentence. [`Policy::generate`] makes
//! passwords that pass by all.
//!
//! **Characters** of a length are UTF-16 code units, as Java's `String.length` counts them, or
//! code points. The two differ for characters beyond U+FFFF only, such as emoji
//! ([`Reason::LengthUnits`]). Everywhere else they are code points.
//!
//! **Characters the platform is documented not to take** are the colon and everything outside
//! ASCII; control characters are in no documented class either. Having one is a
//! [`PasswordWarning`](crate::PasswordWarning) and no violation, because whether the server
//! enforces it is not certain. Whether a minimum counts such a character is not documented
//! ([`Reason::DoubtfulCharacters`]).
//!
//! **Repeated characters.** A run longer than the number is a violation in all examples (2:
//! `passsword`, `clouddd`). The sentence of Identity Security Cloud, "after the first occurrence",
//! would allow one more; its own example does not. IdentityIQ also limits how many characters are
//! repeated in all: more than the number are refused (2: `cclooudd`), fewer are not (2: `cloudd`,
//! `happy123`), and for exactly as many the examples contradict each other (2: `cclooud` valid,
//! `happy22` not; [`Reason::RepeatedCharacters`]). A run of three is one repeated character or two
//! repeats: what depends on it is not checked either.
//!
//! **Character types.** By IdentityIQ's pages, types that have enough make up for one that has too
//! few, if as many as `passwordMinCharType` have enough. By the page of Identity Security Cloud
//! each minimum is a rule for itself ([`Reason::UnmetMinimum`]). With more types asked for than
//! there are minimums, it is not documented whether a type without a minimum counts when it occurs.
//! If it does, it may also make up for a minimum that is not met: the number is violated only where
//! the minimums that are met and such types are too few together, and so is the minimum
//! ([`Reason::CharacterTypes`]). Without the number, every minimum must be met.
//!
//! **Words** of a name or attribute are its runs of letters and digits, the whole without
//! anything else ("555-555-1234" as 5555551234), and the whole as it is. They are looked for
//! anywhere in the password, without regard to case. Accents and the forms of Unicode
//! normalization are told apart. Words of the dictionary count at any length. Where the policy
//! sets no word length, whether words of fewer than three characters count is not documented
//! ([`Reason::ShortWords`]); three is the limit of Active Directory's complexity rule.
//!
//! **Parts of the account's ID and name.** The connector's page speaks of the minimum length "of a
//! substring", others of words. A part of that length (of three characters where none is set) that
//! is no word is not checked ([`Reason::PartsOfWords`]).
//!
//! # Secrets
//!
//! A check copies the password once, in lowercase, into a buffer that is wiped; no report
//! holds a part of it. The time of a check depends on the password, as its result does.
//!
//! # Passwords of which no body is made
//!
//! What [`Password::judge`](crate::Password::judge) refuses, such as a line break at the end, is
//! checked against no rule that is set: the line break might be what makes it long enough
//! ([`Reason::NotText`]). A password that is not UTF-8 has no characters to look at
//! ([`Reason::NotUtf8`]). One that is [meant as it is](crate::Password::with_raw) is refused for
//! nothing, and checked if it is UTF-8.
//!
//! [isc]: https://documentation.sailpoint.com/saas/help/pwd/pwd_policies/pwd_reqs.html
//! [iiq]: https://documentation.sailpoint.com/identityiq/help/appconfig/password_policy_tab.html
//! [passwords]: https://documentation.sailpoint.com/identityiq/help/systemconfig/iiqconfig_password.html
//! [connector]: https://documentation.sailpoint.com/connectors/identityiq8_4/meditech/help/common/identityiq_topics/configure_password_policies.html

mod alphabet;
mod census;
mod check;
mod context;
mod dictionary;
mod dto;
mod generate;
mod generate_for;
mod hint;
mod merge;
mod parse;
mod report;
mod requirement;
mod rule;
mod section;
mod text;

use alloc::sync::Arc;
use alloc::vec::Vec;

use crate::error::Error;

pub use context::Context;
pub use dictionary::Dictionary;
pub use dto::PasswordPolicyV3Dto;
pub use generate::{GenerateOptions, LOOK_ALIKES, MAX_GENERATED};
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
    /// Reads the `policies` of an answer: one string for each rule, such as
    /// `passwordMinLength is 8`.
    ///
    /// No string is refused. One that is not understood is a rule that is *not checked*. For
    /// strings that somebody wrote there is [`parse`](Self::parse).
    pub fn from_strings<S: AsRef<str>>(strings: impl IntoIterator<Item = S>) -> Self {
        let rules = strings.into_iter();
        Self::new(rules.map(|text| parse::rule(text.as_ref(), 0)).collect())
    }

    /// Reads policy strings that somebody wrote: as [`from_strings`](Self::from_strings), but one
    /// that is not understood is an error, because it is a slip and not a rule of the server's.
    ///
    /// ```
    /// use pwseal::policy::Policy;
    ///
    /// let error = Policy::parse(["passwordMinLenght is 12"]).unwrap_err();
    /// assert_eq!(
    ///     error.to_string(),
    ///     "policy string 1 starts with no name that is known: perhaps passwordMinLength is meant"
    /// );
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::PolicyString`] says which and why. It does not repeat the string.
    pub fn parse<S: AsRef<str>>(strings: impl IntoIterator<Item = S>) -> Result<Self, Error> {
        let read = |(index, text): (usize, S)| {
            let rule = parse::rule(text.as_ref(), 0);
            match parse::problem(&rule) {
                None => Ok(rule),
                Some(problem) => Err(Error::PolicyString {
                    number: index + 1,
                    problem,
                }),
            }
        };
        let rules = strings.into_iter().enumerate().map(read);
        Ok(Self::new(rules.collect::<Result<_, _>>()?))
    }

    /// The policy of an answer that has no `policies`: what it asks for is not known.
    ///
    /// It has one rule, `policies`, which is never checked ([`Reason::NoPolicies`]), so that no
    /// password passes all of it. An answer with an empty list has a policy without rules.
    ///
    /// ```
    /// use pwseal::Password;
    /// use pwseal::policy::{Context, Policy};
    ///
    /// let report = Policy::unknown().check(&Password::new("hunter2")?, &Context::new());
    /// assert!(!report.has_violation() && !report.all_passed());
    /// # Ok::<(), pwseal::Error>(())
    /// ```
    #[must_use]
    pub fn unknown() -> Self {
        Self::new(Vec::from([Rule {
            text: "policies".into(),
            requirement: None,
            value: rule::Value::Absent,
            section: 0,
        }]))
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
