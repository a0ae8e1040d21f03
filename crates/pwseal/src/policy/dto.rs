//! The structured form of a policy, as the API's Password Policies operations give it.

use alloc::format;
use alloc::string::String;
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
        /// The other fields of the specification are about expiration, strong authentication, dates
        /// and sources: they are not here. With the feature `serde` the type is read from JSON, where
        /// names may be in snake case or begin with a capital. JSON with none of these fields, or
        /// with null in all of them, is refused, and so is a name with one letter wrong.
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
        pub struct PasswordPolicyV3Dto {
            $(#[doc = concat!("`", $field_name, "`:", $asks)] pub $field: Option<$kind>,)*
            /// Fields that no published specification has: each is a rule that is not understood.
            /// One with a number or a switch that is set is there as `name is value`, one with
            /// something else that is not empty as `name is a string`, `a fraction`,
            /// `a large number`, `a list` or `an object`, as its content may be anything. Null, 0, -1 and `false` are no rule.
            pub unknown: Vec<String>,
        }

        impl PasswordPolicyV3Dto {
            fn settings(&self) -> impl Iterator<Item = (Requirement, &'static str, Setting)> {
                let settings = [$(
                    (Requirement::$variant, $field_name, self.$field.map(Setting::$kind)),
                )*];
                let given = |(requirement, name, setting)| Some((requirement, name, setting?));
                settings.into_iter().filter_map(given)
            }

            /// Sets the field of a requirement that has one; false if that is of the other type.
            #[cfg(feature = "serde")]
            fn set(&mut self, requirement: Requirement, setting: Option<Setting>) -> bool {
                match (requirement, setting) {
                    $((Requirement::$variant, None) => self.$field = None,
                    (Requirement::$variant, Some(Setting::$kind(value))) => {
                        self.$field = Some(value);
                    })*
                    _ => return false,
                }
                true
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
        let unknown = dto.unknown.iter().map(|text| Rule {
            text: text.as_str().into(),
            requirement: None,
            value: Value::Unreadable,
            section: 0,
        });
        Self::new(rules.chain(unknown).collect())
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

#[cfg(feature = "serde")]
mod json {
    use alloc::format;
    use alloc::string::String;
    use alloc::vec::Vec;
    use core::fmt;

    use serde::de::{Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
    use serde::{Deserialize, Deserializer};

    use super::super::hint;
    use super::super::requirement::{Kind, Requirement};
    use super::super::rule::Value;
    use super::super::text::write_printable;
    use super::{PasswordPolicyV3Dto, Setting};
    use crate::edit_distance::edit_distance;

    /// The fields of the specification that do not say how a password must be.
    const OTHERS: [&str; 15] = [
        "id",
        "description",
        "name",
        "dateCreated",
        "lastUpdated",
        "firstExpirationReminder",
        "passwordExpiration",
        "defaultPolicy",
        "enablePasswdExpiration",
        "requireStrongAuthn",
        "requireStrongAuthOffNetwork",
        "requireStrongAuthUntrustedGeographies",
        "created",
        "modified",
        "sourceIds",
    ];

    /// A name without what the JSON of other tools changes in it.
    fn bare(name: &str) -> String {
        let kept = name.chars().filter(|c| !"_-".contains(*c));
        kept.map(|c| c.to_ascii_lowercase()).collect()
    }

    /// The requirements that have a field, with its name.
    fn fields() -> impl Iterator<Item = (Requirement, &'static str)> {
        let all = Requirement::ALL.into_iter();
        all.filter_map(|requirement| Some((requirement, requirement.field_name()?)))
    }

    /// Part of a name, so that it cannot steer a terminal.
    struct Shown<'n>(&'n str);

    impl fmt::Display for Shown<'_> {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            let end = self
                .0
                .char_indices()
                .nth(40)
                .map_or(self.0.len(), |(end, _)| end);
            write_printable(f, &self.0[..end])
        }
    }

    impl<'de> Deserialize<'de> for PasswordPolicyV3Dto {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            deserializer.deserialize_map(Fields)
        }
    }

    struct Fields;

    impl<'de> Visitor<'de> for Fields {
        type Value = PasswordPolicyV3Dto;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a password policy as an object")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            let mut dto = PasswordPolicyV3Dto::default();
            let mut seen = Vec::new();
            let mut says_something = false;
            let mut unknown = Vec::new();
            while let Some(name) = map.next_key::<String>()? {
                let value: Json = map.next_value()?;
                let bare_name = bare(&name);
                if let Some((requirement, field)) =
                    fields().find(|(_, field)| bare(field) == bare_name)
                {
                    if seen.contains(&requirement) {
                        return Err(Error::custom(format_args!("{field} is there twice")));
                    }
                    seen.push(requirement);
                    says_something |= !matches!(value, Json::Null);
                    read(&mut dto, requirement, value)
                        .map_err(|what| Error::custom(format_args!("{field} must be {what}")))?;
                } else if !OTHERS.iter().any(|other| bare(other) == bare_name) {
                    // A name that is much longer is no slip, and would take long to compare.
                    let slip = |(_, field): &(_, &str)| {
                        let field = bare(field);
                        field.len().abs_diff(bare_name.len()) <= 1
                            && edit_distance(&field, &bare_name) == 1
                    };
                    if let Some((_, field)) = fields().find(slip) {
                        return Err(Error::custom(format_args!(
                            "there is no field {}: perhaps {field} is meant",
                            Shown(&name)
                        )));
                    }
                    match value {
                        Json::Setting(setting) if setting.value() != Value::NotSet => {
                            dto.unknown.push(format!("{name} is {setting}"));
                        }
                        Json::Other(what) => dto.unknown.push(format!("{name} is {what}")),
                        Json::Null | Json::Empty | Json::Setting(_) => {}
                    }
                    unknown.push(name);
                }
            }
            if !says_something {
                return Err(match seen.first() {
                    Some(_) => Error::custom(
                        "every field that says how a password must be is null: an object without \
                         values is no policy",
                    ),
                    None => nothing_known(&unknown),
                });
            }
            Ok(dto)
        }
    }

    /// Puts a value where it belongs, or says what it must be.
    fn read(
        dto: &mut PasswordPolicyV3Dto,
        requirement: Requirement,
        value: Json,
    ) -> Result<(), &'static str> {
        let fits = match value {
            Json::Null => dto.set(requirement, None),
            Json::Setting(setting) => dto.set(requirement, Some(setting)),
            Json::Empty | Json::Other(_) => false,
        };
        match (fits, requirement.kind()) {
            (true, _) => Ok(()),
            (false, Kind::Number) => Err("a whole number"),
            (false, Kind::Switch) => Err("true or false"),
        }
    }

    fn nothing_known<E: Error>(unknown: &[String]) -> E {
        let what = "no field says how a password must be, as minLength does";
        let hint = unknown.iter().find_map(|name| {
            let meant = hint::nearest(name)?;
            Some((name, meant.field_name()?))
        });
        match (hint, unknown.first()) {
            (Some((name, meant)), _) => E::custom(format_args!(
                "{what}: there is {}, and perhaps {meant} is meant",
                Shown(name)
            )),
            (None, Some(name)) => E::custom(format_args!("{what}: there is {}", Shown(name))),
            (None, None) => E::custom(what),
        }
    }

    /// A value, as far as a field may have it.
    enum Json {
        Null,
        Setting(Setting),
        /// A string, list or object with nothing in it.
        Empty,
        /// What it is.
        Other(&'static str),
    }

    fn json(what: &'static str, is_empty: bool) -> Json {
        match is_empty {
            true => Json::Empty,
            false => Json::Other(what),
        }
    }

    impl<'de> Deserialize<'de> for Json {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            deserializer.deserialize_any(AnyValue)
        }
    }

    struct AnyValue;

    impl<'de> Visitor<'de> for AnyValue {
        type Value = Json;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a value")
        }

        fn visit_unit<E: Error>(self) -> Result<Json, E> {
            Ok(Json::Null)
        }

        fn visit_bool<E: Error>(self, on: bool) -> Result<Json, E> {
            Ok(Json::Setting(Setting::Switch(on)))
        }

        fn visit_i64<E: Error>(self, number: i64) -> Result<Json, E> {
            Ok(Json::Setting(Setting::Number(number)))
        }

        fn visit_u64<E: Error>(self, number: u64) -> Result<Json, E> {
            let number = i64::try_from(number).map(Setting::Number);
            Ok(number.map_or(Json::Other("a large number"), Json::Setting))
        }

        fn visit_f64<E: Error>(self, _: f64) -> Result<Json, E> {
            Ok(Json::Other("a fraction"))
        }

        fn visit_str<E: Error>(self, text: &str) -> Result<Json, E> {
            Ok(json("a string", text.is_empty()))
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Json, A::Error> {
            let mut is_empty = true;
            while elements.next_element::<IgnoredAny>()?.is_some() {
                is_empty = false;
            }
            Ok(json("a list", is_empty))
        }

        fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Json, A::Error> {
            let mut is_empty = true;
            while fields.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {
                is_empty = false;
            }
            Ok(json("an object", is_empty))
        }
    }
}
