//! What a line of input orders: for whom, and which password.

use std::borrow::Cow;
use std::fmt;

use pwseal::Password;
use pwseal_api::PasswordInfo;
use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, Error as _, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::id;
use super::json_text;
use super::names::{COLUMNS, INFO, may_mean};
use super::problem::Problem;

/// A line of input, understood.
pub(super) struct Order<'l> {
    pub(super) whose: Whose<'l>,
    pub(super) account: Account<'l>,
    pub(super) password: Wanted,
}

/// Which account is chosen.
#[derive(Debug)]
pub(super) enum Account<'l> {
    /// None is: there must be one alone.
    Only,
    /// The one with this id, or else this name.
    Named(Cow<'l, str>),
    /// The one with this id and this name, as far as they are given.
    With {
        id: Option<Cow<'l, str>>,
        name: Option<Cow<'l, str>>,
    },
}

impl<'l> Account<'l> {
    fn new(
        named: Option<Cow<'l, str>>,
        id: Option<Cow<'l, str>>,
        name: Option<Cow<'l, str>>,
    ) -> Result<Self, Problem> {
        match (named, id, name) {
            (None, None, None) => Ok(Self::Only),
            (Some(named), None, None) => Ok(Self::Named(named)),
            (None, id, name) => Ok(Self::With { id, name }),
            _ => Err(Problem::new(
                "ambiguous",
                "the line has account, and accountId or accountName: leave one of the two out",
            )),
        }
    }

    /// What a recipient is asked for by: the id of the account, or what may be its id or its name.
    pub(super) fn id_in<'s>(
        &'s self,
        info: &'s PasswordInfo<'_>,
    ) -> Result<Option<&'s str>, pwseal_api::Error> {
        let account = match self {
            Self::Only => return Ok(None),
            Self::Named(named) => info.account(Some(named)),
            Self::With { id, name } => info.account_with(id.as_deref(), name.as_deref()),
        };
        match &account?.account_id {
            Some(id) => Ok(Some(id)),
            None => Err(pwseal_api::Error::MissingField { field: "accountId" }),
        }
    }
}

/// Where the password-info is.
pub(super) enum Whose<'l> {
    /// In the line.
    Info(Box<PasswordInfo<'l>>),
    /// Among those of `--info`.
    Ids(Ids<'l>),
}

/// What names a password-info.
#[derive(Hash)]
pub(super) struct Ids<'l> {
    pub(super) identity_id: Cow<'l, str>,
    pub(super) source_id: Cow<'l, str>,
}

pub(super) enum Wanted {
    Given(Password),
    Generated,
}

/// The fields of a line of JSON. Others are skipped.
#[derive(Default)]
struct Fields<'l> {
    id: Option<&'l RawValue>,
    info: Option<Object<'l>>,
    identity_id: Option<Text<'l>>,
    source_id: Option<Text<'l>>,
    account: Option<Text<'l>>,
    account_id: Option<Text<'l>>,
    account_name: Option<Text<'l>>,
    /// Not a string yet: serde_json would leave a copy of one with escapes in a buffer of its own.
    password: Option<&'l RawValue>,
    raw: Option<bool>,
    generate: Option<bool>,
    /// What a field may mean that is none of these.
    meant: Option<&'static str>,
}

impl<'de: 'l, 'l> Deserialize<'de> for Fields<'l> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct OnlyMaps;
        impl<'de> Visitor<'de> for OnlyMaps {
            type Value = Fields<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Fields<'de>, A::Error> {
                let mut fields = Fields::default();
                let mut seen = Vec::with_capacity(COLUMNS.len() + 1);
                while let Some(Text(name)) = map.next_key()? {
                    let known = COLUMNS.into_iter().chain([INFO]);
                    let known = known.into_iter().find(|known| *known == name);
                    if let Some(known) = known {
                        if seen.contains(&known) {
                            return Err(A::Error::duplicate_field(known));
                        }
                        seen.push(known);
                    }
                    match known {
                        Some("id") => fields.id = map.next_value()?,
                        Some("info") => fields.info = map.next_value()?,
                        Some("identityId") => fields.identity_id = map.next_value()?,
                        Some("sourceId") => fields.source_id = map.next_value()?,
                        Some("account") => fields.account = map.next_value()?,
                        Some("accountId") => fields.account_id = map.next_value()?,
                        Some("accountName") => fields.account_name = map.next_value()?,
                        Some("password") => fields.password = map.next_value()?,
                        Some("raw") => fields.raw = map.next_value()?,
                        Some("generate") => fields.generate = map.next_value()?,
                        _ => {
                            fields.meant = fields.meant.or_else(|| may_mean(&name));
                            let IgnoredAny = map.next_value()?;
                        }
                    }
                }
                Ok(fields)
            }
        }
        deserializer.deserialize_map(OnlyMaps)
    }
}

/// A string, borrowed where it has no escapes. (serde's own `Cow` is never borrowed in an `Option`.)
#[derive(Deserialize)]
struct Text<'l>(#[serde(borrow)] Cow<'l, str>);

/// A password-info that is an object: serde also takes an array for a struct, by position.
struct Object<'l>(Box<PasswordInfo<'l>>);

impl<'de: 'l, 'l> Deserialize<'de> for Object<'l> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct OnlyMaps;
        impl<'de> Visitor<'de> for OnlyMaps {
            type Value = Object<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Object<'de>, A::Error> {
                let info = PasswordInfo::deserialize(MapAccessDeserializer::new(map))?;
                Ok(Object(info.into()))
            }
        }
        deserializer.deserialize_map(OnlyMaps)
    }
}

/// The id of a line as JSON, `null` where there is none, and what the line orders.
pub(super) fn from_json(line: &[u8]) -> (Cow<'_, str>, Result<Order<'_>, Problem>) {
    let nobody = Cow::Borrowed("null");
    let line = match std::str::from_utf8(line) {
        Ok(line) => line.trim_matches([' ', '\t', '\r']),
        Err(error) => {
            let valid = error.valid_up_to();
            let text = std::str::from_utf8(&line[..valid]).unwrap_or_default();
            return (id::of_bad_line(text), Err(Problem::not_utf8(valid + 1)));
        }
    };
    if !line.starts_with('{') {
        let what = match line.bytes().next() {
            None => "empty",
            Some(b'[') => "an array: one object on each line is wanted, as jq -c '.[]' writes them",
            Some(_) => "not a JSON object (CSV needs --csv)",
        };
        return (
            nobody,
            Err(Problem::new("json", format_args!("the line is {what}"))),
        );
    }
    if line == "{" {
        let what = "the line is only the beginning of an object: each must be on one line, as jq -c . writes it";
        return (nobody, Err(Problem::new("json", what)));
    }
    match serde_json::from_str::<Fields<'_>>(line) {
        Ok(fields) => {
            let id = fields.id.map_or("null", RawValue::get);
            match id::check(id) {
                Ok(()) => (Cow::Borrowed(id), fields.order()),
                Err(problem) => (nobody, Err(problem)),
            }
        }
        Err(error) => {
            let problem = of_info(line).unwrap_or_else(|| error.into());
            (id::of_bad_line(line), Err(problem))
        }
    }
}

/// What is wrong with the password-info of a line, if that is what is wrong with the line.
fn of_info(line: &str) -> Option<Problem> {
    #[derive(Deserialize)]
    struct Info<'l> {
        #[serde(borrow)]
        info: Option<&'l RawValue>,
    }
    let info = serde_json::from_str::<Info<'_>>(line).ok()?.info?;
    let error = PasswordInfo::from_json(info.get()).err()?;
    Some(Problem::of_info(error))
}

impl Order<'_> {
    /// The identityId and the sourceId.
    pub(super) fn ids(&self) -> (Option<&str>, Option<&str>) {
        match &self.whose {
            Whose::Info(info) => (info.identity_id.as_deref(), info.source_id.as_deref()),
            Whose::Ids(ids) => (Some(&ids.identity_id), Some(&ids.source_id)),
        }
    }

    pub(super) fn is_generated(&self) -> bool {
        matches!(self.password, Wanted::Generated)
    }
}

impl Wanted {
    /// A password that is given, and may be meant as it is, or one to be generated.
    fn new(password: Option<Password>, raw: bool, generate: bool) -> Result<Self, Problem> {
        match (password, generate) {
            (Some(password), false) => Ok(Self::Given(password.with_raw(raw))),
            (None, true) if !raw => Ok(Self::Generated),
            (None, true) => Err(Problem::new(
                "ambiguous",
                "the line has raw, which is about a password, and generate: leave one of the two out",
            )),
            (Some(_), true) => Err(Problem::new(
                "ambiguous",
                "the line has a password, and generate: leave one of the two out",
            )),
            (None, false) => Err(Problem::missing("password, and no generate that is true")),
        }
    }
}

impl<'l> Fields<'l> {
    fn order(self) -> Result<Order<'l>, Problem> {
        if let Some(meant) = self.meant {
            return Err(Problem::new(
                "unknown-field",
                format_args!(
                    "the line has a field whose name may mean {meant}: give it this name, or another one if it is to be \
                     skipped"
                ),
            ));
        }
        let own = |text: Option<Text<'l>>| text.map(|text| text.0);
        let whose = match (self.info, own(self.identity_id), own(self.source_id)) {
            (Some(Object(info)), None, None) => Whose::Info(info),
            (None, identity_id, source_id) => Whose::Ids(Ids::new(identity_id, source_id)?),
            _ => {
                return Err(Problem::new(
                    "ambiguous",
                    "the line has info and identityId or sourceId: leave one of the two out",
                ));
            }
        };
        let password = self.password.map(|text| json_text::password(text.get()));
        let password = Wanted::new(
            password.transpose()?,
            self.raw.unwrap_or(false),
            self.generate.unwrap_or(false),
        )?;
        Ok(Order {
            whose,
            account: Account::new(
                own(self.account),
                own(self.account_id),
                own(self.account_name),
            )?,
            password,
        })
    }
}

impl<'l> Ids<'l> {
    fn new(
        identity_id: Option<Cow<'l, str>>,
        source_id: Option<Cow<'l, str>>,
    ) -> Result<Self, Problem> {
        let given = |id: Option<Cow<'l, str>>| id.filter(|id| !id.is_empty());
        match (given(identity_id), given(source_id)) {
            (Some(identity_id), Some(source_id)) => Ok(Self {
                identity_id,
                source_id,
            }),
            (None, None) => Err(Problem::missing("info, and no identityId with sourceId")),
            (None, _) => Err(Problem::missing("identityId")),
            (_, None) => Err(Problem::missing("sourceId")),
        }
    }
}

/// A yes or no in CSV.
fn is_true(column: &str, cell: Option<&str>) -> Result<bool, Problem> {
    match cell {
        None => Ok(false),
        // Spreadsheets write them in capitals.
        Some(cell) if cell.eq_ignore_ascii_case("false") => Ok(false),
        Some(cell) if cell.eq_ignore_ascii_case("true") => Ok(true),
        Some(_) => Err(Problem::new(
            "csv",
            format_args!("{column} must be true, false or empty"),
        )),
    }
}

/// A line of CSV, by its columns. An empty cell is none.
#[derive(Default)]
pub(super) struct Row<'r> {
    pub(super) id: Option<&'r str>,
    pub(super) identity_id: Option<&'r str>,
    pub(super) source_id: Option<&'r str>,
    pub(super) account: Option<&'r str>,
    pub(super) account_id: Option<&'r str>,
    pub(super) account_name: Option<&'r str>,
    pub(super) password: Option<&'r str>,
    pub(super) raw: Option<&'r str>,
    pub(super) generate: Option<&'r str>,
}

impl Row<'_> {
    /// The id as JSON, `null` where there is none.
    pub(super) fn json_id(&self) -> Cow<'static, str> {
        match self.id {
            Some(id) => serde_json::Value::from(id).to_string().into(),
            None => "null".into(),
        }
    }

    pub(super) fn order(&self) -> Result<Order<'static>, Problem> {
        let owned = |cell: Option<&str>| cell.map(|cell| Cow::Owned(cell.into()));
        let ids = Ids::new(owned(self.identity_id), owned(self.source_id))?;
        let password = self.password.map(Password::new).transpose()?;
        let raw = is_true("raw", self.raw)?;
        let password = Wanted::new(password, raw, is_true("generate", self.generate)?)?;
        Ok(Order {
            whose: Whose::Ids(ids),
            account: Account::new(
                owned(self.account),
                owned(self.account_id),
                owned(self.account_name),
            )?,
            password,
        })
    }
}
