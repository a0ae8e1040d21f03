//! One rule of a policy, and the requirements this crate knows.

use alloc::boxed::Box;
use core::fmt;

use super::text;

/// A requirement by the name it has in a policy string.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Requirement {
    /// `passwordMinLength`: the fewest characters, in UTF-16 code units.
    MinLength,
    /// `passwordMaxLength`: the most characters, in UTF-16 code units.
    MaxLength,
    /// `passwordMinAlpha`: the fewest letters.
    MinAlpha,
    /// `passwordMinNumeric`: the fewest digits.
    MinNumeric,
    /// `passwordMinUpper`: the fewest uppercase letters.
    MinUpper,
    /// `passwordMinLower`: the fewest lowercase letters.
    MinLower,
    /// `passwordMinSpecial`: the fewest special characters.
    MinSpecial,
    /// `passwordMinCharType`: how many of the four character type minimums must be met.
    MinCharType,
    /// `passwordRepeatedChar`: the longest run of one character.
    RepeatedChar,
    /// `passwordHistory`: how many earlier passwords may not come back.
    History,
    /// `minHistoryUniqueChars`: how many characters must differ from an earlier password.
    HistoryUniqueChars,
    /// `checkCaseSensitive`: whether the comparison with earlier passwords minds case.
    CaseSensitive,
    /// `checkPasswordTriviality`: no trivial change of the old password.
    Triviality,
    /// `checkPasswordAgainstAccountID`: no word of the account ID.
    AccountId,
    /// `minAccountIDUniqueChars`: the shortest word of the account ID that counts.
    AccountIdWordLength,
    /// `checkPasswordAgainstDisplayName`: no word of the account's name.
    DisplayName,
    /// `minDisplayNameUniqueChars`: the shortest word of the account's name that counts.
    DisplayNameWordLength,
    /// `checkPasswordsAgainstDictionary`: no word of the dictionary.
    Dictionary,
    /// `checkPasswordsAgainstAccountAttributes`: no word of an attribute of the account.
    AccountAttributes,
    /// `checkPasswordsAgainstIdentityAttributes`: no word of an attribute of the identity.
    IdentityAttributes,
}

impl Requirement {
    pub(super) const ALL: [Self; 20] = [
        Self::MinLength,
        Self::MaxLength,
        Self::MinAlpha,
        Self::MinNumeric,
        Self::MinUpper,
        Self::MinLower,
        Self::MinSpecial,
        Self::MinCharType,
        Self::RepeatedChar,
        Self::History,
        Self::HistoryUniqueChars,
        Self::CaseSensitive,
        Self::Triviality,
        Self::AccountId,
        Self::AccountIdWordLength,
        Self::DisplayName,
        Self::DisplayNameWordLength,
        Self::Dictionary,
        Self::AccountAttributes,
        Self::IdentityAttributes,
    ];

    /// The name in a policy string, such as `passwordMinLength`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::MinLength => "passwordMinLength",
            Self::MaxLength => "passwordMaxLength",
            Self::MinAlpha => "passwordMinAlpha",
            Self::MinNumeric => "passwordMinNumeric",
            Self::MinUpper => "passwordMinUpper",
            Self::MinLower => "passwordMinLower",
            Self::MinSpecial => "passwordMinSpecial",
            Self::MinCharType => "passwordMinCharType",
            Self::RepeatedChar => "passwordRepeatedChar",
            Self::History => "passwordHistory",
            Self::HistoryUniqueChars => "minHistoryUniqueChars",
            Self::CaseSensitive => "checkCaseSensitive",
            Self::Triviality => "checkPasswordTriviality",
            Self::AccountId => "checkPasswordAgainstAccountID",
            Self::AccountIdWordLength => "minAccountIDUniqueChars",
            Self::DisplayName => "checkPasswordAgainstDisplayName",
            Self::DisplayNameWordLength => "minDisplayNameUniqueChars",
            Self::Dictionary => "checkPasswordsAgainstDictionary",
            Self::AccountAttributes => "checkPasswordsAgainstAccountAttributes",
            Self::IdentityAttributes => "checkPasswordsAgainstIdentityAttributes",
        }
    }

    /// Whether the value is on or off, and not a number.
    pub(super) fn is_switch(self) -> bool {
        matches!(
            self,
            Self::CaseSensitive
                | Self::Triviality
                | Self::AccountId
                | Self::DisplayName
                | Self::Dictionary
                | Self::AccountAttributes
                | Self::IdentityAttributes
        )
    }
}

/// What a rule's value says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Value {
    /// No number, or no boolean, that this crate can read.
    Unreadable,
    /// 0, -1 or off: nothing is asked for.
    #[default]
    NotSet,
    /// A positive number; 1 for a switch that is on.
    Set(u64),
}

impl Value {
    /// 0 and -1 are the documented sentinels. What another negative number means is not known.
    pub(super) fn from_number(number: i64) -> Self {
        match (number, u64::try_from(number)) {
            (0 | -1, _) => Self::NotSet,
            (_, Ok(number)) => Self::Set(number),
            (_, Err(_)) => Self::Unreadable,
        }
    }

    pub(super) fn from_switch(on: bool) -> Self {
        if on { Self::Set(1) } else { Self::NotSet }
    }
}

/// One rule of a [`Policy`](super::Policy).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    pub(super) text: Box<str>,
    pub(super) requirement: Option<Requirement>,
    pub(super) value: Value,
    /// Which of the policies merged into one it comes from: the rules of one policy modify
    /// each other. All rules of a section stand side by side.
    pub(super) section: usize,
}

impl Rule {
    /// The rule word for word as the server wrote it; of a structured policy, its field and
    /// value, such as `minLength is 8`.
    ///
    /// It is text from elsewhere: for a terminal there is `Display`.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What the rule requires; `None` where the rule is not understood.
    #[must_use]
    pub fn requirement(&self) -> Option<Requirement> {
        self.requirement
    }

    /// The number that is asked for. `None` where nothing is (0, -1), where the value cannot
    /// be read, and for a rule that is only on or off.
    #[must_use]
    pub fn wanted(&self) -> Option<u64> {
        match self.value {
            Value::Set(number) if !self.requirement?.is_switch() => Some(number),
            _ => None,
        }
    }
}

impl fmt::Display for Rule {
    /// The text, with what is not printable escaped: it comes from a server and goes to terminals.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        text::write_printable(f, &self.text)
    }
}
