//! The structured form of a policy, as the API's Password Policies operations give it.

use alloc::format;
use core::fmt;

use super::Policy;
use super::rule::{Requirement, Rule, Value};

/// The fields of the API's `PasswordPolicyV3Dto` that say how a password must be. `None` is
/// a field that is absent or null.
///
/// Other fields are about expiration, strong authentication, dates and sources; they are not
/// looked at, and not here. With the feature `serde` the type is read from and written to JSON.
///
/// ```
/// use pwseal::policy::{PasswordPolicyV3Dto, Policy};
///
/// let dto = PasswordPolicyV3Dto {
///     min_length: Some(8),
///     max_length: Some(0), // none
///     max_repeated_chars: Some(-1), // none
///     ..Default::default()
/// };
/// let policy = Policy::from(&dto);
/// assert_eq!(policy.rules().len(), 1);
/// assert_eq!(policy.rules()[0].text(), "minLength is 8");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Deserialize, serde::Serialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "camelCase", default))]
#[allow(missing_docs)] // The names are the API's.
pub struct PasswordPolicyV3Dto {
    pub min_length: Option<i64>,
    pub max_length: Option<i64>,
    /// The fewest letters, although the specification says "Maximum alpha".
    pub min_alpha: Option<i64>,
    pub min_numeric: Option<i64>,
    pub min_upper: Option<i64>,
    pub min_lower: Option<i64>,
    pub min_special: Option<i64>,
    pub min_character_types: Option<i64>,
    pub max_repeated_chars: Option<i64>,
    pub validate_against_account_id: Option<bool>,
    pub account_id_min_word_length: Option<i64>,
    pub validate_against_account_name: Option<bool>,
    pub account_name_min_word_length: Option<i64>,
    pub use_dictionary: Option<bool>,
    pub use_account_attributes: Option<bool>,
    pub use_identity_attributes: Option<bool>,
}

/// The rules that are set. 0 and -1 in a number, and `false`, are no rule; another negative
/// number is a rule that cannot be read.
impl From<&PasswordPolicyV3Dto> for Policy {
    fn from(dto: &PasswordPolicyV3Dto) -> Self {
        use Requirement as R;

        // A word length without its switch is not in force.
        let word_length =
            |on: Option<bool>, length: Option<i64>| length.filter(|_| on == Some(true));
        let account_id = dto.validate_against_account_id;
        let account_name = dto.validate_against_account_name;
        let rules = [
            number(R::MinLength, "minLength", dto.min_length),
            number(R::MaxLength, "maxLength", dto.max_length),
            number(R::MinAlpha, "minAlpha", dto.min_alpha),
            number(R::MinNumeric, "minNumeric", dto.min_numeric),
            number(R::MinUpper, "minUpper", dto.min_upper),
            number(R::MinLower, "minLower", dto.min_lower),
            number(R::MinSpecial, "minSpecial", dto.min_special),
            number(R::MinCharType, "minCharacterTypes", dto.min_character_types),
            number(R::RepeatedChar, "maxRepeatedChars", dto.max_repeated_chars),
            switch(R::AccountId, "validateAgainstAccountId", account_id),
            number(
                R::AccountIdWordLength,
                "accountIdMinWordLength",
                word_length(account_id, dto.account_id_min_word_length),
            ),
            switch(R::DisplayName, "validateAgainstAccountName", account_name),
            number(
                R::DisplayNameWordLength,
                "accountNameMinWordLength",
                word_length(account_name, dto.account_name_min_word_length),
            ),
            switch(R::Dictionary, "useDictionary", dto.use_dictionary),
            switch(
                R::AccountAttributes,
                "useAccountAttributes",
                dto.use_account_attributes,
            ),
            switch(
                R::IdentityAttributes,
                "useIdentityAttributes",
                dto.use_identity_attributes,
            ),
        ];
        Self::new(rules.into_iter().flatten().collect())
    }
}

fn number(requirement: Requirement, field: &str, number: Option<i64>) -> Option<Rule> {
    rule(requirement, field, number?, Value::from_number(number?))
}

fn switch(requirement: Requirement, field: &str, on: Option<bool>) -> Option<Rule> {
    rule(requirement, field, on?, Value::from_switch(on?))
}

fn rule(
    requirement: Requirement,
    field: &str,
    shown: impl fmt::Display,
    value: Value,
) -> Option<Rule> {
    (value != Value::NotSet).then(|| Rule {
        text: format!("{field} is {shown}").into(),
        requirement: Some(requirement),
        value,
        section: 0,
    })
}
