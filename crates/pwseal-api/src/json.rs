//! JSON in, with errors that say where and what is wrong, and never what a value is.

use core::fmt;
use core::marker::PhantomData;
use std::borrow::Cow;

use pwseal::BYTE_ORDER_MARK;
use serde::de::value::MapAccessDeserializer;
use serde::de::{self, IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use serde_json::error::Category;

use crate::recognize;

/// A text that is not the JSON of the message that is wanted.
///
/// ```
/// use pwseal_api::{Error, PasswordInfo};
///
/// let json = r#"{"identityId": "1", "accounts": [{"accountId": 7}]}"#;
/// let Err(Error::Json(error)) = PasswordInfo::from_json(json) else {
///     panic!("it is refused");
/// };
/// assert_eq!(
///     error.problem,
///     "JSON in which accounts[0].accountId is a number, and a string is wanted"
/// );
/// assert_eq!(error.place.map(|place| (place.line, place.column)), Some((1, 48)));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct JsonError {
    /// What the text is, in words that follow "it is".
    pub problem: Cow<'static, str>,
    /// Where that shows, if it does in one place.
    pub place: Option<Place>,
    is_other_message: bool,
}

/// A place in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Place {
    /// The line, counted from 1.
    pub line: usize,
    /// The column in bytes, counted from 1; 0 before the first byte of a line.
    pub column: usize,
}

impl JsonError {
    /// Something that is known, and no JSON of the message.
    pub(crate) fn other(problem: impl Into<Cow<'static, str>>) -> Self {
        Self {
            problem: problem.into(),
            place: None,
            is_other_message: true,
        }
    }

    pub(crate) fn at(problem: impl Into<Cow<'static, str>>, line: usize, column: usize) -> Self {
        Self {
            problem: problem.into(),
            place: Some(Place { line, column }),
            is_other_message: false,
        }
    }

    /// Whether the text is something else that is known, such as an error of the API, or a page of HTML. The
    /// [`problem`](Self::problem) names it.
    #[must_use]
    pub fn is_other_message(&self) -> bool {
        self.is_other_message
    }

    /// The same in a text with more lines before.
    pub(crate) fn after_lines(mut self, lines: usize) -> Self {
        if let Some(place) = &mut self.place {
            place.line += lines;
        }
        self
    }
}

impl fmt::Display for JsonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.problem)?;
        match self.place {
            Some(Place { line, column }) => write!(f, ", at line {line} column {column}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for JsonError {}

impl From<serde_json::Error> for JsonError {
    /// Keeps the place and drops serde_json's text, which quotes the input.
    fn from(error: serde_json::Error) -> Self {
        let problem = match error.classify() {
            Category::Eof => "JSON that is cut off",
            Category::Data if says(&error, TWICE) => "JSON in which a field occurs twice",
            Category::Data => "JSON in which a field does not have the type that the API gives it",
            Category::Syntax | Category::Io => "not valid JSON",
        };
        Self::at(problem, error.line(), error.column())
    }
}

/// Whether a message starts with these words. It may quote the input, and is not copied.
fn says(error: &impl fmt::Display, words: &str) -> bool {
    struct Start<'w>(&'w str);
    impl fmt::Write for Start<'_> {
        fn write_str(&mut self, text: &str) -> fmt::Result {
            let len = text.len().min(self.0.len());
            let (expected, rest) = self.0.as_bytes().split_at(len);
            if *expected != text.as_bytes()[..len] {
                return Err(fmt::Error);
            }
            // A text that agrees ends between characters.
            self.0 = core::str::from_utf8(rest).map_err(|_| fmt::Error)?;
            Ok(())
        }
    }
    let mut start = Start(words);
    fmt::write(&mut start, format_args!("{error}")).is_ok() && start.0.is_empty()
}

/// What serde says of a field that occurs twice. It names a field only if it is one of ours.
const TWICE: &str = "duplicate field `";

/// What an error starts with that is said here and quotes nothing. The words after it follow "JSON that" or the
/// path of a value.
const OWN: &str = "\u{1}";

/// That not one field of the message is there.
const NOTHING_KNOWN: &str = "has no field of the message";

/// An error in a message's shape, in words that follow "JSON that" or the path of a value.
pub(crate) fn shape<E: de::Error>(words: impl fmt::Display) -> E {
    E::custom(format_args!("{OWN}{words}"))
}

/// The error of an object in which nothing is known.
pub(crate) fn nothing_known<E: de::Error>() -> E {
    shape(NOTHING_KNOWN)
}

/// The error of a value of another type. serde's own would hold a copy of the value, which nobody wipes.
pub(crate) fn wrong_type<E: de::Error>(found: &str, wanted: &dyn de::Expected) -> E {
    shape(format_args!("is {found}, and {wanted} is wanted"))
}

/// What a visitor does with numbers where there must be something else.
macro_rules! refuse_numbers {
    () => {
        crate::json::refuse_numbers! { visit_u64(u64) visit_i64(i64) visit_f64(f64) }
    };
    ($($visit:ident($number:ty))+) => {
        $(fn $visit<E: serde::de::Error>(self, _: $number) -> Result<Self::Value, E> {
            Err(crate::json::wrong_type("a number", &self))
        })+
    };
}
pub(crate) use refuse_numbers;

/// The text without a byte order mark in front, if it begins as an object does: serde also takes an array for a struct,
/// by position.
///
/// ```
/// use pwseal_api::json_object;
///
/// assert_eq!(json_object("\u{feff} {}".as_bytes()), Some(&b" {}"[..]));
/// assert_eq!(json_object(b"[{}]"), None);
/// ```
#[must_use]
pub fn json_object(json: &[u8]) -> Option<&[u8]> {
    let json = json.strip_prefix(BYTE_ORDER_MARK).unwrap_or(json);
    json.trim_ascii_start().starts_with(b"{").then_some(json)
}

/// Reads one object. A UTF-8 byte order mark before it is skipped. Whatever else the text is, it is only looked at
/// for that once it cannot be read.
pub(crate) fn object<'de, T: Deserialize<'de>>(json: &'de [u8]) -> Result<T, JsonError> {
    let Some(json) = json_object(json) else {
        let text = json.strip_prefix(BYTE_ORDER_MARK).unwrap_or(json);
        return Err(recognize::no_object(text));
    };
    // To look at all text at once takes less than to look at each string.
    let read = match core::str::from_utf8(json) {
        Ok(text) => serde_json::from_str(text),
        Err(_) => traced(json).map_err(|(error, _)| error),
    };
    read.map_err(|error| match error.classify() {
        // Once more, for the path of what is wrong.
        Category::Data => match traced::<T>(json) {
            Ok(_) => error.into(),
            Err((_, path)) => wrong_shape(json, error, &path),
        },
        Category::Eof => error.into(),
        Category::Syntax | Category::Io => recognize::bad_object(json, error),
    })
}

/// Reads an object, and says of what is wrong which path it has. Text that is not UTF-8 is read by the same code, of
/// which there is a copy for each type.
fn traced<'de, T: Deserialize<'de>>(json: &'de [u8]) -> Result<T, (serde_json::Error, String)> {
    let mut deserializer = serde_json::Deserializer::from_slice(json);
    let value = serde_path_to_error::deserialize(&mut deserializer).map_err(|error| {
        let path = error.path().to_string();
        (error.into_inner(), path)
    })?;
    match deserializer.end() {
        Ok(()) => Ok(value),
        Err(error) => Err((error, ".".to_owned())),
    }
}

/// How deep the arrays and objects of valid JSON are in one another: 0 for what is neither.
///
/// ```
/// use pwseal_api::json_depth;
///
/// assert_eq!(json_depth(r#"{"a": [1, "[["], "b": {}}"#), 2);
/// ```
#[must_use]
pub fn json_depth(json: &str) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0);
    let (mut in_string, mut escaped) = (false, false);
    for byte in json.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => in_string = !in_string,
            _ if in_string => {}
            b'[' | b'{' => depth += 1,
            b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    deepest
}

/// What is wrong with the value of this path.
fn wrong_shape(json: &[u8], error: serde_json::Error, path: &str) -> JsonError {
    let text = error.to_string();
    let at_the_end = format!(" at line {} column {}", error.line(), error.column());
    let text = text.strip_suffix(&at_the_end).unwrap_or(&text);
    let is_root = path == ".";
    let problem = if let Some(field) = text.strip_prefix(TWICE) {
        let field = field.trim_end_matches('`');
        let within = if is_root { "" } else { &format!("{path}.") };
        format!("JSON in which {within}{field} occurs twice")
    } else if let Some(words) = text.strip_prefix(OWN) {
        if words == NOTHING_KNOWN && is_root {
            return recognize::other_object(json);
        }
        match is_root {
            true => format!("JSON that {words}"),
            false => format!("JSON in which {path} {words}"),
        }
    } else if let Some((found, wanted)) = types(text) {
        format!("JSON in which {path} is {found}, and {wanted} is wanted")
    } else {
        return error.into();
    };
    JsonError::at(problem, error.line(), error.column())
}

/// What a value is and what is wanted, out of serde's words, which quote the value between the two.
fn types(text: &str) -> Option<(&'static str, &str)> {
    let (found, wanted) = text
        .strip_prefix("invalid type: ")?
        .rsplit_once(", expected ")?;
    let found = match found.split(['`', '"']).next()?.trim_end() {
        "null" | "unit value" => "null",
        "boolean" => "true or false",
        "integer" | "floating point" => "a number",
        "string" => "a string",
        "map" => "an object",
        "sequence" => "a list",
        _ => return None,
    };
    Some((found, wanted))
}

/// The schemas allow a list to be absent; servers also send null.
pub(crate) fn null_as_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Default + Deserialize<'de>,
{
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

/// A string, borrowed from the JSON where it has no escapes. (serde's own `Cow` is never borrowed in an
/// `Option` or a `Vec`.)
pub(crate) struct Text<'a>(pub(crate) Cow<'a, str>);

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct AnyText;
        impl<'de> Visitor<'de> for AnyText {
            type Value = Text<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }

            refuse_numbers! {}

            fn visit_borrowed_str<E: de::Error>(self, text: &'de str) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Borrowed(text)))
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Owned(text.into())))
            }
        }
        // serde_json refuses what is no string with a copy of it, unless it is asked for anything.
        deserializer.deserialize_any(AnyText)
    }
}

/// A string that may be absent or null.
pub(crate) fn text<'de: 'a, 'a, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Cow<'a, str>>, D::Error> {
    Ok(Option::<Text<'a>>::deserialize(deserializer)?.map(|text| text.0))
}

/// An object. For a struct serde also takes an array, by position.
pub(crate) struct Object<T>(pub(crate) T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct OnlyMaps<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for OnlyMaps<T> {
            type Value = Object<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Object<T>, A::Error> {
                T::deserialize(MapAccessDeserializer::new(map)).map(Object)
            }
        }
        deserializer.deserialize_map(OnlyMaps(PhantomData))
    }
}

/// A list of objects that may be absent or null.
pub(crate) fn objects<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    let objects: Vec<Object<T>> = null_as_default(deserializer)?;
    Ok(objects.into_iter().map(|object| object.0).collect())
}

/// A string, or another value as its JSON text. Null is none.
pub(crate) fn any_text<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<String>, D::Error> {
    Ok(into_text(Value::deserialize(deserializer)?))
}

/// A list of strings, or of other values as their JSON texts, without null. What is no list stands
/// for one of it alone.
pub(crate) fn any_texts<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Vec<String>, D::Error> {
    let values = match Value::deserialize(deserializer)? {
        Value::Array(values) => values,
        value => vec![value],
    };
    Ok(values.into_iter().filter_map(into_text).collect())
}

fn into_text(value: Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text),
        // Not `to_string` of its own, which brings the code for indented JSON along.
        other => serde_json::to_string(&other).ok(),
    }
}

/// The value if it is a string. For fields that no schema gives a type.
pub(crate) fn string_or_nothing<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Any {
        Text(String),
        Other(IgnoredAny),
    }
    Ok(match Any::deserialize(deserializer)? {
        Any::Text(text) => Some(text),
        Any::Other(IgnoredAny) => None,
    })
}
