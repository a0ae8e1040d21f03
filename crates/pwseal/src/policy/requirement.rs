//! The requirements this crate knows, in one table.

/// Hands the table to a macro. Of each requirement: what it asks for, its variant, whether its
/// value is a `Number` or a `Switch`, its name in a policy string, and its field of the
/// structured policy where it has one.
macro_rules! with_requirements {
    ($define:ident) => {
        $define! {
            /// the fewest characters.
            MinLength: Number "passwordMinLength" (min_length "minLength"),
            /// the most characters.
            MaxLength: Number "passwordMaxLength" (max_length "maxLength"),
            /// the fewest letters.
            MinAlpha: Number "passwordMinAlpha" (min_alpha "minAlpha"),
            /// the fewest digits.
            MinNumeric: Number "passwordMinNumeric" (min_numeric "minNumeric"),
            /// the fewest uppercase letters.
            MinUpper: Number "passwordMinUpper" (min_upper "minUpper"),
            /// the fewest lowercase letters.
            MinLower: Number "passwordMinLower" (min_lower "minLower"),
            /// the fewest special characters.
            MinSpecial: Number "passwordMinSpecial" (min_special "minSpecial"),
            /// how many of the four character types there must be.
            MinCharType: Number "passwordMinCharType" (min_character_types "minCharacterTypes"),
            /// how often one character may stand in a row, and how many may be repeated.
            RepeatedChar: Number "passwordRepeatedChar" (max_repeated_chars "maxRepeatedChars"),
            /// how many earlier passwords may not come back.
            History: Number "passwordHistory",
            /// how many characters must differ from an earlier password.
            HistoryUniqueChars: Number "minHistoryUniqueChars",
            /// whether the comparison with earlier passwords minds case.
            CaseSensitive: Switch "checkCaseSensitive",
            /// no trivial change of the old password.
            Triviality: Switch "checkPasswordTriviality",
            /// no word of the account ID.
            AccountId: Switch "checkPasswordAgainstAccountID"
                (validate_against_account_id "validateAgainstAccountId"),
            /// the shortest word of the account ID that counts.
            AccountIdWordLength: Number "minAccountIDUniqueChars"
                (account_id_min_word_length "accountIdMinWordLength"),
            /// no word of the account's name.
            DisplayName: Switch "checkPasswordAgainstDisplayName"
                (validate_against_account_name "validateAgainstAccountName"),
            /// the shortest word of the account's name that counts.
            DisplayNameWordLength: Number "minDisplayNameUniqueChars"
                (account_name_min_word_length "accountNameMinWordLength"),
            /// no word of the dictionary.
            Dictionary: Switch "checkPasswordsAgainstDictionary" (use_dictionary "useDictionary"),
            /// no word of an attribute of the account.
            AccountAttributes: Switch "checkPasswordsAgainstAccountAttributes"
                (use_account_attributes "useAccountAttributes"),
            /// no word of an attribute of the identity.
            IdentityAttributes: Switch "checkPasswordsAgainstIdentityAttributes"
                (use_identity_attributes "useIdentityAttributes"),
        }
    };
}

pub(super) use with_requirements;

/// Whether the value of a requirement counts something or is on or off.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Number,
    Switch,
}

macro_rules! define_requirement {
    ($(
        #[doc = $asks:literal]
        $variant:ident: $kind:ident $name:literal $(($field:ident $field_name:literal))?,
    )*) => {
        /// A requirement by the name it has in a policy string.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Requirement {
            $(#[doc = concat!("`", $name, "`:", $asks)] $variant,)*
        }

        impl Requirement {
            /// Every requirement, in the order in which the enum has them.
            pub(super) const ALL: [Self; [$($name),*].len()] = [$(Self::$variant),*];

            /// The name in a policy string, such as `passwordMinLength`.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }

            /// The name of its field in the structured policy, such as `minLength`; `None` where
            /// that has none.
            #[must_use]
            pub fn field_name(self) -> Option<&'static str> {
                match self {
                    $(Self::$variant => None $(.or(Some($field_name)))?,)*
                }
            }

            /// A value that it can have.
            pub(crate) fn example(self) -> &'static str {
                match self.kind() {
                    Kind::Number => "3",
                    Kind::Switch => "true",
                }
            }

            pub(super) fn kind(self) -> Kind {
                match self {
                    $(Self::$variant => Kind::$kind,)*
                }
            }
        }
    };
}

with_requirements!(define_requirement);
