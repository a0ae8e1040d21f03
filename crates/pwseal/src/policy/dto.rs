//! The structured form of a policy, as the API's Password Policies operations give it.

use alloc::format;
use alloc::vec::Vec;
use core::fmt;

use super::Policy;
use super::requirement::{Requirement, with_requirements};
use super::rule::{Rule, Value};

type Number = i64;
type Switch = bool;

/// Defines the type from the table of requirements, and gives its fields as a list.
macro_rules! define_dto {
    // A requirement without a field is passed over; the others are gathered in brackets.
    (@fields [$($done:tt)*]
        #[doc = $asks:literal] $variant:ident: $kind:ident $name:literal, $($rest:tt)*
    ) => {
        define_dto! { @fields [$($done)*] $($rest)* }
    };
    (@fields [$($done:tt)*]
        #[doc = $asks:literal] $variant:ident: $kind:ident $name:literal
        ($field:ident $field_name:literal), $($rest:tt)*
    ) => {
        define_dto! { @fields [$($done)* ($variant $kind $field $field_name $asks)] $($rest)* }
    };
    (@fields [$(($variant:ident $kind:ident $field:ident $field_name:literal $asks:literal))*]) => {
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
        pub struct PasswordPolicyV3Dto {
            $(#[doc = concat!("`", $field_name, "`:", $asks)] pub $field: Option<$kind>,)*
        }

        impl PasswordPolicyV3Dto {
            fn settings(&self) -> impl Iterator<Item = (Requirement, &'static str, Setting)> {
                let settings = [$(
                    (Requirement::$variant, $field_name, self.$field.map(Setting::$kind)),
                )*];
                let given = |(requirement, name, setting)| Some((requirement, name, setting?));
                settings.into_iter().filter_map(given)
            }
        }
    };
    ($($table:tt)*) => {
        define_dto! { @fields [] $($table)* }
    };
}

with_requirements!(define_dto);

/// What a field holds.
#[derive(Clone, Copy)]
enum Setting {
    Number(i64),
    Switch(bool),
}

/// The rules that are set. 0 and -1 in a number, and `false`, are no rule; another negative
/// number is a rule that cannot be read.
impl From<&PasswordPolicyV3Dto> for Policy {
    fn from(dto: &PasswordPolicyV3Dto) -> Self {
        // A word length without its switch is not in force.
        let in_force = |requirement| match requirement {
            Requirement::AccountIdWordLength => dto.validate_against_account_id == Some(true),
            Requirement::DisplayNameWordLength => dto.validate_against_account_name == Some(true),
            _ => true,
        };
        let rules = dto.settings().filter_map(|(requirement, name, setting)| {
            let value = setting.value();
            (value != Value::NotSet && in_force(requirement)).then(|| Rule {
                text: format!("{name} is {setting}").into(),
                requirement: Some(requirement),
                value,
                section: 0,
            })
        });
        Self::new(rules.collect::<Vec<_>>())
    }
}

impl Setting {
    fn value(self) -> Value {
        match self {
            Self::Number(number) => Value::from_number(number),
            Self::Switch(on) => Value::from_switch(on),
        }
    }
}

impl fmt::Display for Setting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => number.fmt(f),
            Self::Switch(on) => on.fmt(f),
        }
    }
}
