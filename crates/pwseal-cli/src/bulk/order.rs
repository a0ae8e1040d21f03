//! What a line of input orders: for whom, and which password.

use std::borrow::Cow;
use std::{fmt, mem};

use pwseal::Password;
use pwseal_api::PasswordInfo;
use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{self, Deserializer, Error as _, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::id;
use super::json_text;
use super::names::{COLUMNS, INFO, may_mean};
use super::problem::{Kind, Problem};

/// A line of input, understood.
pub(super) struct Order<'l> {
    pub(super) whose: Whose<'l>,
    pub(super) account: Account<'l>,
    pub(super) password: Wanted,
    /// The names of fields that are not known, and skipped.
    pub(super) skipped: Vec<Cow<'l, str>>,
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
                Kind::Ambiguous,
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
        account?.id().map(Some)
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

/// The fields of a line of JSON. All but the password-info are text still: what serde says of one that has a wrong type
/// would hold a copy of it, and a password in a wrong place would stay in memory.
#[derive(Default)]
struct Fields<'l> {
    info: Option<Object<'l>>,
    /// In the order of [`COLUMNS`].
    columns: [Option<&'l RawValue>; COLUMNS.len()],
    /// What a field may mean that is none of these.
    meant: Option<&'static str>,
    /// The names of all others.
    skipped: Vec<Cow<'l, str>>,
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
                let mut seen = [false; COLUMNS.len() + 1];
                while let Some(Text(name)) = map.next_key()? {
                    let known = COLUMNS.iter().chain([&INFO]);
                    let Some(index) = known.into_iter().position(|known| *known == name) else {
                        match may_mean(&name) {
                            Some(meant) => fields.meant = fields.meant.or(Some(meant)),
                            None => fields.skipped.push(name),
                        }
                        let IgnoredAny = map.next_value()?;
                        continue;
                    };
                    if mem::replace(&mut seen[index], true) {
                        let known = COLUMNS.get(index).copied().unwrap_or(INFO);
                        return Err(A::Error::duplicate_field(known));
                    }
                    match fields.columns.get_mut(index) {
                        Some(column) => *column = map.next_value()?,
                        None => fields.info = map.next_value()?,
                    }
                }
                Ok(fields)
            }
        }
        deserializer.deserialize_map(OnlyMaps)
    }
}

/// The name of a field, borrowed where it has no escapes. (serde's own `Cow` is never borrowed in an `Option`.)
#[derive(Deserialize)]
struct Text<'l>(#[serde(borrow)] Cow<'l, str>);

/// A password-info that is an object: serde also takes an array for a struct, by position.
struct Object<'l>(Box<PasswordInfo<'l>>);

impl<'de: 'l, 'l> Deserialize<'de> for Object<'l> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct OnlyMaps;

        /// What else there is, without a word of it.
        macro_rules! refuse {
            ($($visit:ident($what:ty))*) => {
                $(fn $visit<E: de::Error>(self, _: $what) -> Result<Self::Value, E> {
                    Err(E::custom("info is not an object"))
                })*
            };
        }

        impl<'de> Visitor<'de> for OnlyMaps {
            type Value = Object<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Object<'de>, A::Error> {
                let info = PasswordInfo::deserialize(MapAccessDeserializer::new(map))?;
                Ok(Object(info.into()))
            }

            refuse! { visit_str(&str) visit_bool(bool) visit_u64(u64) visit_i64(i64) visit_f64(f64) }
        }
        deserializer.deserialize_any(OnlyMaps)
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
            Err(Problem::new(Kind::Json, format_args!("the line is {what}"))),
        );
    }
    if line == "{" {
        let what = "the line is only the beginning of an object: each must be on one line, as jq -c . writes it";
        return (nobody, Err(Problem::new(Kind::Json, what)));
    }
    match serde_json::from_str::<Fields<'_>>(line) {
        Ok(fields) => {
            let id = fields.columns[0].map_or("null", RawValue::get);
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
                Kind::Ambiguous,
                "the line has raw, which is about a password, and generate: leave one of the two out",
            )),
            (Some(_), true) => Err(Problem::new(
                Kind::Ambiguous,
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
                Kind::UnknownField,
                format_args!(
                    "the line has a field whose name may mean {meant}: give it this name, or another one if it is to be \
                     skipped"
                ),
            ));
        }
        let [
            _,
            identity_id,
            source_id,
            account,
            account_id,
            account_name,
            password,
            raw,
            generate,
        ] = self.columns;
        let [identity_id, source_id, account, account_id, account_name] = [
            text("identityId", identity_id)?,
            text("sourceId", source_id)?,
            text("account", account)?,
            text("accountId", account_id)?,
            text("accountName", account_name)?,
        ];
        let whose = match (self.info, identity_id, source_id) {
            (Some(Object(info)), None, None) => Whose::Info(info),
            (None, identity_id, source_id) => Whose::Ids(Ids::new(identity_id, source_id)?),
            _ => {
                return Err(Problem::new(
                    Kind::Ambiguous,
                    "the line has info and identityId or sourceId: leave one of the two out",
                ));
            }
        };
        let password = password.map(|text| json_text::password(text.get()));
        let password = Wanted::new(
            password.transpose()?,
            flag("raw", raw)?,
            flag("generate", generate)?,
        )?;
        Ok(Order {
            whose,
            account: Account::new(account, account_id, account_name)?,
            password,
            skipped: self.skipped,
        })
    }
}

/// A string, borrowed where it has no escapes.
fn text<'l>(field: &str, json: Option<&'l RawValue>) -> Result<Option<Cow<'l, str>>, Problem> {
    let Some(json) = json.map(RawValue::get) else {
        return Ok(None);
    };
    let inner = json
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'));
    match inner {
        Some(inner) if !inner.contains('\\') => Ok(Some(Cow::Borrowed(inner))),
        _ => json_text::unescaped(field, json)
            .map(|mut text| Some(Cow::Owned(mem::take(&mut *text)))),
    }
}

/// A yes or no.
fn flag(field: &str, json: Option<&RawValue>) -> Result<bool, Problem> {
    match json.map(RawValue::get) {
        None | Some("false") => Ok(false),
        Some("true") => Ok(true),
        Some(_) => Err(Problem::new(
            Kind::Json,
            format_args!("the line's {field} is not true or false"),
        )),
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
            Kind::Csv,
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

impl<'r> From<[Option<&'r str>; COLUMNS.len()]> for Row<'r> {
    fn from(cells: [Option<&'r str>; COLUMNS.len()]) -> Self {
        let [
            id,
            identity_id,
            source_id,
            account,
            account_id,
            account_name,
            password,
            raw,
            generate,
        ] = cells;
        Self {
            id,
            identity_id,
            source_id,
            account,
            account_id,
            account_name,
            password,
            raw,
            generate,
        }
    }
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
            skipped: Vec::new(),
        })
    }
}
