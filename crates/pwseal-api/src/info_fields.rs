//! The fields of a password-info as JSON has them: as the API writes them, and as tools write them anew.

use core::fmt;
use core::marker::PhantomData;
use std::borrow::Cow;

use serde::de::value::CowStrDeserializer;
use serde::de::{self, DeserializeSeed, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

use crate::json::{Text, nothing_known, refuse_numbers, shape, wrong_type};
use crate::password_info::{PasswordInfo, PasswordInfoAccount};

/// How many characters of an unknown name may differ from a known one that is absent.
const MAX_SLIPS: usize = 2;

/// How much of an unknown name is shown, in characters: signs make it as long as they like.
const MAX_NAME: usize = 40;

/// What an error says of a value that lies deeper than the `-Depth` of `ConvertTo-Json`, which is 2 if it is not given.
const CUT_OFF: &str = "was cut off by PowerShell's ConvertTo-Json: give it -Depth 5";

/// An object whose fields have names.
trait Fields<'de>: Default {
    const NAME: &'static str;

    /// The names of all fields, each as in the API and in snake case. Those of one field are neighbours.
    const NAMES: &'static [&'static str];

    /// The number of the field that holds further objects, and the names of their fields.
    const WITHIN: Option<(usize, &'static [&'static str])> = None;

    /// Reads the value of the field with this number.
    fn set<A: MapAccess<'de>>(&mut self, field: usize, map: &mut A) -> Result<(), A::Error>;

    /// The API's name of the field with this number.
    fn name(field: usize) -> &'static str {
        Self::NAMES[2 * field]
    }
}

impl<'de> Fields<'de> for PasswordInfo<'de> {
    const NAME: &'static str = "PasswordInfo";
    const NAMES: &'static [&'static str] = &[
        "identityId",
        "identity_id",
        "sourceId",
        "source_id",
        "publicKeyId",
        "public_key_id",
        "publicKey",
        "public_key",
        "accounts",
        "accounts",
        "policies",
        "policies",
    ];
    const WITHIN: Option<(usize, &'static [&'static str])> = Some((4, PasswordInfoAccount::NAMES));

    fn set<A: MapAccess<'de>>(&mut self, field: usize, map: &mut A) -> Result<(), A::Error> {
        match field {
            0 => self.identity_id = map.next_value::<Id<'_>>()?.0,
            1 => self.source_id = map.next_value::<Id<'_>>()?.0,
            2 => self.public_key_id = map.next_value::<Id<'_>>()?.0,
            3 => self.public_key = map.next_value::<Id<'_>>()?.0,
            4 => self.accounts = map.next_value::<Accounts<'_>>()?.0,
            _ => self.policies = map.next_value::<Policies<'_>>()?.0,
        }
        Ok(())
    }
}

impl<'de> Fields<'de> for PasswordInfoAccount<'de> {
    const NAME: &'static str = "PasswordInfoAccount";
    const NAMES: &'static [&'static str] =
        &["accountId", "account_id", "accountName", "account_name"];

    fn set<A: MapAccess<'de>>(&mut self, field: usize, map: &mut A) -> Result<(), A::Error> {
        match field {
            0 => self.account_id = map.next_value::<Id<'_>>()?.0,
            _ => self.account_name = map.next_value::<Id<'_>>()?.0,
        }
        Ok(())
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for PasswordInfo<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        type Info<'de> = PasswordInfo<'de>;
        let visitor = Object::<Info<'de>>::new(true);
        deserializer.deserialize_struct(Info::NAME, Info::NAMES, visitor)
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for PasswordInfoAccount<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        type Account<'de> = PasswordInfoAccount<'de>;
        let visitor = Object::<Account<'de>>::new(false);
        deserializer.deserialize_struct(Account::NAME, Account::NAMES, visitor)
    }
}

/// Reads an object, and no list: serde takes one for a struct, by position.
struct Object<T> {
    /// Whether one field at least must be there.
    needs_one: bool,
    object: PhantomData<T>,
}

impl<T> Object<T> {
    fn new(needs_one: bool) -> Self {
        Self {
            needs_one,
            object: PhantomData,
        }
    }
}

impl<'de, T: Fields<'de>> Visitor<'de> for Object<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<T, A::Error> {
        let mut object = T::default();
        // A bit for each field.
        let mut seen = 0_u8;
        let mut unknown = Vec::new();
        let mut within = None;
        while let Some(name) = map.next_key_seed(NameOf(PhantomData::<T>))? {
            match name {
                Name::Known(field) => {
                    if seen & 1 << field != 0 {
                        return Err(A::Error::duplicate_field(T::name(field)));
                    }
                    seen |= 1 << field;
                    object.set(field, &mut map)?;
                }
                Name::Like(name) => {
                    unknown.push(name);
                    let IgnoredAny = map.next_value()?;
                }
                Name::Within(name) => {
                    within = Some(name);
                    let IgnoredAny = map.next_value()?;
                }
                Name::OfAnotherMessage => return Err(nothing_known()),
                Name::Other => {
                    let IgnoredAny = map.next_value()?;
                }
            }
        }
        let is_meant = |like: &&Like| like.is_equal || seen & 1 << like.field == 0;
        if let Some(Like { field, name, .. }) = unknown.iter().find(is_meant) {
            let name: String = name.chars().take(MAX_NAME).collect();
            let name = name.escape_default();
            let known = T::name(*field);
            return Err(shape(format_args!(
                "has the field {name}, whose name in the API is {known}"
            )));
        }
        if self.needs_one && seen == 0 {
            return Err(nothing_known());
        }
        if let (Some(name), Some((field, _))) = (within, T::WITHIN)
            && seen & 1 << field == 0
        {
            let holder = T::name(field);
            return Err(shape(format_args!(
                "has the field {name} and no {holder}, in which the API has it: {holder} must be a list of objects"
            )));
        }
        Ok(object)
    }
}

/// The name of a field.
enum Name {
    Known(usize),
    Like(Like),
    /// Of an object within this.
    Within(&'static str),
    OfAnotherMessage,
    Other,
}

/// A name that is not known, and like one that is.
struct Like {
    field: usize,
    name: String,
    /// Whether they differ in case and signs only.
    is_equal: bool,
}

struct NameOf<T>(PhantomData<T>);

impl<'de, T: Fields<'de>> DeserializeSeed<'de> for NameOf<T> {
    type Value = Name;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Name, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl<'de, T: Fields<'de>> Visitor<'de> for NameOf<T> {
    type Value = Name;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a field")
    }

    fn visit_str<E: de::Error>(self, name: &str) -> Result<Name, E> {
        if let Some(index) = T::NAMES.iter().position(|known| *known == name) {
            return Ok(Name::Known(index / 2));
        }
        let (_, within) = T::WITHIN.unwrap_or_default();
        if let Some(known) = within.iter().find(|known| **known == name) {
            return Ok(Name::Within(known));
        }
        // Its other ids are those of a password-info.
        if matches!(name, "encryptedPassword" | "encrypted_password") {
            return Ok(Name::OfAnotherMessage);
        }
        let like = |index: usize, is_equal| {
            Name::Like(Like {
                field: index / 2,
                name: name.to_owned(),
                is_equal,
            })
        };
        let mut known = T::NAMES.iter();
        if let Some(index) = known.position(|known| letters(known).eq(letters(name))) {
            return Ok(like(index, true));
        }
        let is_slip = |known: &&str| {
            known.len().abs_diff(name.len()) <= MAX_SLIPS
                && pwseal::edit_distance(known, name) <= MAX_SLIPS
        };
        let mut known = T::NAMES.iter();
        Ok(known
            .position(is_slip)
            .map_or(Name::Other, |index| like(index, false)))
    }
}

fn letters(name: &str) -> impl Iterator<Item = char> {
    let letters = name.chars().filter(|character| character.is_alphanumeric());
    letters.flat_map(char::to_lowercase)
}

/// A text that is no list or object which PowerShell wrote as one.
struct Whole<'a>(Cow<'a, str>);

impl<'de: 'a, 'a> Deserialize<'de> for Whole<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Text(text) = Text::deserialize(deserializer)?;
        match is_cut_off(&text) {
            true => Err(shape(CUT_OFF)),
            false => Ok(Self(text)),
        }
    }
}

fn is_cut_off(text: &str) -> bool {
    (text.starts_with("@{") && text.ends_with('}'))
        || text.starts_with("System.Collections.")
        || text.starts_with("System.Object")
        || text == "System.Management.Automation.PSCustomObject"
}

/// A text that may be null.
struct Id<'a>(Option<Cow<'a, str>>);

impl<'de: 'a, 'a> Deserialize<'de> for Id<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Option::<Whole<'a>>::deserialize(deserializer)?;
        Ok(Self(text.map(|text| text.0)))
    }
}

/// A list of accounts, one alone, or null.
struct Accounts<'a>(Vec<PasswordInfoAccount<'a>>);

impl<'de: 'a, 'a> Deserialize<'de> for Accounts<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        AccountList { is_counted: false }.deserialize(deserializer)
    }
}

/// Reads a list of accounts, one alone, or null.
#[derive(Clone, Copy)]
struct AccountList {
    /// Whether it is within an object that counts its elements. There is none within that, so that depth needs no stack.
    is_counted: bool,
}

impl<'de> DeserializeSeed<'de> for AccountList {
    type Value = Accounts<'de>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Accounts<'de>, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for AccountList {
    type Value = Accounts<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of accounts")
    }

    refuse_numbers! {}

    fn visit_unit<E: de::Error>(self) -> Result<Accounts<'de>, E> {
        Ok(Accounts(Vec::new()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Accounts<'de>, A::Error> {
        let mut accounts = Vec::new();
        while let Some(Account(account)) = list.next_element()? {
            accounts.push(account);
        }
        Ok(Accounts(accounts))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Accounts<'de>, A::Error> {
        if self.is_counted {
            return one_account(map);
        }
        let list = AccountList { is_counted: true };
        match counted(map, list, |Accounts(accounts)| accounts.len())? {
            Counted::List(accounts) => Ok(accounts),
            Counted::Other(map) => one_account(map),
        }
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Accounts<'de>, E> {
        Err(no_object(text, &self))
    }
}

fn one_account<'de, A: MapAccess<'de>>(map: A) -> Result<Accounts<'de>, A::Error> {
    match Object::<PasswordInfoAccount<'de>>::new(false).visit_map(map)? {
        PasswordInfoAccount {
            account_id: None,
            account_name: None,
        } => Err(shape("has no accountId and is no list of accounts")),
        account => Ok(Accounts(vec![account])),
    }
}

struct Account<'a>(PasswordInfoAccount<'a>);

impl<'de: 'a, 'a> Deserialize<'de> for Account<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct One;
        impl<'de> Visitor<'de> for One {
            type Value = Account<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an account")
            }

            refuse_numbers! {}

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Account<'de>, A::Error> {
                Object::new(false).visit_map(map).map(Account)
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Account<'de>, E> {
                Err(no_object(text, &self))
            }
        }
        deserializer.deserialize_any(One)
    }
}

/// The error of a text in place of accounts. Of a list that is empty PowerShell makes one without characters.
fn no_object<E: de::Error>(text: &str, wanted: &dyn de::Expected) -> E {
    match text.is_empty() || is_cut_off(text) {
        true => shape(CUT_OFF),
        false => wrong_type("a string", wanted),
    }
}

/// An object without its first name, which is given back before the others.
struct Resumed<'de, A> {
    first: Option<Cow<'de, str>>,
    rest: A,
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Resumed<'de, A> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, A::Error> {
        match self.first.take() {
            Some(name) => seed.deserialize(CowStrDeserializer::new(name)).map(Some),
            None => self.rest.next_key_seed(seed),
        }
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, A::Error> {
        self.rest.next_value_seed(seed)
    }
}

/// What an object in place of a list is.
enum Counted<L, M> {
    List(L),
    Other(M),
}

/// Reads `{"value": [...], "Count": n}`, which Windows PowerShell 5.1 writes for a list to which it has added its property
/// `Count`. It has these two fields and no other, and they agree.
fn counted<'de, A: MapAccess<'de>, S: DeserializeSeed<'de> + Copy>(
    mut map: A,
    list: S,
    len: impl Fn(&S::Value) -> usize,
) -> Result<Counted<S::Value, Resumed<'de, A>>, A::Error> {
    const NO_LIST: &str =
        "has value or Count, and is not what PowerShell's ConvertTo-Json makes of a list";

    let first = map.next_key::<Text<'de>>()?.map(|Text(name)| name);
    let mut name = match first {
        Some(name) if name == "value" || name == "Count" => name,
        first => return Ok(Counted::Other(Resumed { first, rest: map })),
    };
    let (mut found, mut count) = (None, None);
    loop {
        match &name[..] {
            "value" if found.is_none() => found = Some(map.next_value_seed(list)?),
            "Count" if count.is_none() => count = Some(map.next_value::<Count>()?.0),
            _ => return Err(shape(NO_LIST)),
        }
        match map.next_key::<Text<'de>>()? {
            Some(Text(next)) => name = next,
            None => break,
        }
    }
    match (found, count) {
        (Some(list), Some(count)) if len(&list) as u64 == count => Ok(Counted::List(list)),
        _ => Err(shape(NO_LIST)),
    }
}

/// How many elements a list has.
struct Count(u64);

impl<'de> Deserialize<'de> for Count {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Number;
        impl Visitor<'_> for Number {
            type Value = Count;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a whole number")
            }

            fn visit_u64<E: de::Error>(self, number: u64) -> Result<Count, E> {
                Ok(Count(number))
            }

            refuse_numbers! { visit_i64(i64) visit_f64(f64) }

            fn visit_str<E: de::Error>(self, _: &str) -> Result<Count, E> {
                Err(wrong_type("a string", &self))
            }
        }
        deserializer.deserialize_any(Number)
    }
}

/// A list of policy strings, one alone, or null for none that is known.
struct Policies<'a>(Option<Vec<Cow<'a, str>>>);

impl<'de: 'a, 'a> Deserialize<'de> for Policies<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        PolicyList { is_counted: false }.deserialize(deserializer)
    }
}

/// Reads a list of policy strings, one alone, or null.
#[derive(Clone, Copy)]
struct PolicyList {
    /// Whether it is within an object that counts its elements. There is none within that, so that depth needs no stack.
    is_counted: bool,
}

impl<'de> DeserializeSeed<'de> for PolicyList {
    type Value = Policies<'de>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Policies<'de>, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for PolicyList {
    type Value = Policies<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of strings")
    }

    refuse_numbers! {}

    fn visit_unit<E: de::Error>(self) -> Result<Policies<'de>, E> {
        Ok(Policies(None))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Policies<'de>, A::Error> {
        // Room for as many as most lists have.
        let mut policies = Vec::with_capacity(8);
        while let Some(Whole(policy)) = list.next_element()? {
            policies.push(policy);
        }
        Ok(Policies(Some(policies)))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Policies<'de>, A::Error> {
        // Null is no list of none.
        let len =
            |Policies(policies): &Policies<'_>| policies.as_ref().map_or(usize::MAX, Vec::len);
        let list = PolicyList { is_counted: true };
        match self.is_counted {
            true => Err(wrong_type("an object", &self)),
            false => match counted(map, list, len)? {
                Counted::List(policies) => Ok(policies),
                Counted::Other(_) => Err(wrong_type("an object", &self)),
            },
        }
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Policies<'de>, E> {
        // A list that was cut off has its strings in one, with spaces between. One without a rule in it is as
        // it came: its rule is not known.
        let is_list = text.is_empty() || text.matches(" is ").count() > 1;
        match is_list || is_cut_off(text) {
            true => Err(shape(CUT_OFF)),
            false => Ok(Policies(Some(vec![Cow::Owned(text.into())]))),
        }
    }
}
