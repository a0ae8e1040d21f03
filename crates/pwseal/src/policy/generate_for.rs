//! Random passwords for an account: of the usual length, and drawn again where they have a word that
//! the account has.

use rand_core::TryCryptoRng;

use super::{Context, GenerateOptions, Policy, Report};
use crate::error::Error;
use crate::secret::Password;

/// How long a password is where neither the user nor the policy says, in characters.
const USUAL_LENGTH: usize = 16;

/// How often one is drawn. One in thousands has a word of an account at the most, unless the word is as short
/// as a character or two.
const MAX_ROUNDS: usize = 1000;

impl Policy {
    /// How long a generated password is where nobody says: 16 characters, or what the policy allows
    /// next to that.
    ///
    /// ```
    /// use pwseal::policy::Policy;
    ///
    /// let usual = |policy| Policy::from_strings([policy]).usual_length();
    /// assert_eq!(usual("passwordMinLength is 8"), Ok(16));
    /// assert_eq!(usual("passwordMinLength is 20"), Ok(20));
    /// assert_eq!(usual("passwordMaxLength is 12"), Ok(12));
    /// ```
    ///
    /// # Errors
    ///
    /// As [`length_range`](Self::length_range).
    pub fn usual_length(&self) -> Result<usize, Error> {
        let (least, most) = self.length_range()?.into_inner();
        Ok(USUAL_LENGTH.clamp(least, most))
    }

    /// A random password as [`generate`](Self::generate) makes it that also keeps the rules that
    /// compare with the context, and what [`check`](Self::check) says of it: which rules it could
    /// not be checked against. Each password that can come out has the same probability.
    ///
    /// It passes by every reading of the documentation, unless each of a thousand passwords is
    /// refused by one: then it is one that violates nothing by every reading.
    ///
    /// ```
    /// # #[cfg(feature = "getrandom")]
    /// # fn main() -> Result<(), pwseal::Error> {
    /// use pwseal::policy::{Context, Policy};
    ///
    /// let policy = Policy::from_strings(["checkPasswordAgainstAccountID is true"]);
    /// let context = Context::new().with_account_id("CN=Abby Smith,DC=acme");
    /// let (password, report) = policy.generate_for(&mut pwseal::SysRng, 16, &context)?;
    /// assert_eq!(password.len(), 16);
    /// assert!(!report.has_violation());
    /// # Ok(())
    /// # }
    /// # #[cfg(not(feature = "getrandom"))]
    /// # fn main() {}
    /// ```
    ///
    /// # Errors
    ///
    /// As [`generate`](Self::generate), and [`Error::GeneratedHasWord`].
    pub fn generate_for<R: TryCryptoRng + ?Sized>(
        &self,
        rng: &mut R,
        options: impl Into<GenerateOptions>,
        context: &Context,
    ) -> Result<(Password, Report), Error> {
        let options = options.into();
        let mut ambiguous = None;
        for _ in 0..MAX_ROUNDS {
            let password = self.generate(rng, options)?;
            let report = self.check(&password, context);
            if report.has_violation() {
                continue;
            }
            if !report.is_ambiguous() {
                return Ok((password, report));
            }
            ambiguous = ambiguous.or(Some((password, report)));
        }
        ambiguous.ok_or(Error::GeneratedHasWord)
    }
}

#[cfg(all(test, feature = "getrandom"))]
mod tests {
    use alloc::string::String;

    use crate::policy::{Context, Policy};
    use crate::{Error, SysRng};

    const RULES: [&str; 2] = [
        "checkPasswordAgainstAccountID is true",
        "minAccountIDUniqueChars is 1",
    ];

    #[test]
    fn it_has_no_word_of_the_account() {
        let (policy, context) = (
            Policy::from_strings(RULES),
            Context::new().with_account_id("a e o t"),
        );
        for _ in 0..100 {
            let generated = policy.generate_for(&mut SysRng, 12, &context);
            let (password, report) = generated.expect("one of some hundred");
            assert!(report.all_passed());
            let is_word = |byte: &u8| b"aeot".contains(&byte.to_ascii_lowercase());
            assert!(!password.expose().iter().any(is_word));
        }
    }

    /// A short word of the account may count or not: the password has none.
    #[test]
    fn it_passes_by_every_reading() {
        let policy = Policy::from_strings([RULES[0]]);
        let context = Context::new().with_account_id("a e o Jo Smithson");
        for _ in 0..100 {
            let (_, report) = policy
                .generate_for(&mut SysRng, None, &context)
                .expect("one of some hundred");
            assert!(report.all_passed());
        }
    }

    #[test]
    fn where_every_one_has_a_word_it_ends() {
        let words: String = ('0'..='z').flat_map(|word| [word, ' ']).collect();
        let context = Context::new().with_account_id(&words);
        let generated = Policy::from_strings(RULES).generate_for(&mut SysRng, 64, &context);
        assert_eq!(generated.map(|_| ()), Err(Error::GeneratedHasWord));
    }
}
