//! JSON in, with errors that say where and never what.

use core::fmt;
use core::marker::PhantomData;
use std::borrow::Cow;

use serde::de::value::MapAccessDeserializer;
use serde::de::{self, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// Text that is no JSON, or not of the shape of the API's message.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct JsonError {
    /// What is wrong, in words that follow "it is".
    pub problem: &'static str,
    /// The line, counted from 1.
    pub line: usize,
    /// The column in bytes, counted from 1; 0 before the first byte of a line.
    pub column: usize,
}

impl fmt::Display for JsonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            problem,
            line,
            column,
        } = self;
        write!(f, "{problem}, at line {line} column {column}")
    }
}

impl std::error::Error for JsonError {}

impl From<serde_json::Error> for JsonError {
    /// Keeps the place and drops serde_json's text, which quotes the input.
    fn from(error: serde_json::Error) -> Self {
        use serde_json::error::Category;
        Self {
            problem: match error.classify() {
                Category::Eof => "JSON that is cut off",
                // serde names a field here only if it is one of ours.
                Category::Data if error.to_string().starts_with("duplicate field") => {
                    "JSON in which a field occurs twice"
                }
                Category::Data => {
                    "JSON in which a field does not have the type that the API gives it"
                }
                Category::Syntax | Category::Io => "not valid JSON",
            },
            line: error.line(),
            column: error.column(),
        }
    }
}

/// Reads one object. A UTF-8 byte order mark before it is skipped.
pub(crate) fn object<'de, T: Deserialize<'de>>(json: &'de [u8]) -> Result<T, JsonError> {
    let no_object = |problem| JsonError {
        problem,
        line: 1,
        column: 1,
    };
    if json.starts_with(b"\xff\xfe") || json.starts_with(b"\xfe\xff") {
        return Err(no_object("text in UTF-16 and not in UTF-8"));
    }
    let json = json.strip_prefix(b"\xef\xbb\xbf").unwrap_or(json);
    // serde also takes an array for a struct, by position.
    if !json.trim_ascii_start().starts_with(b"{") {
        let IgnoredAny = serde_json::from_slice(json)?;
        return Err(no_object("JSON that is no object"));
    }
    // To look at all text at once takes less than to look at each string.
    Ok(match core::str::from_utf8(json) {
        Ok(text) => serde_json::from_str(text),
        Err(_) => serde_json::from_slice(json),
    }?)
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
struct Text<'a>(Cow<'a, str>);

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct AnyText;
        impl<'de> Visitor<'de> for AnyText {
            type Value = Text<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }

            fn visit_borrowed_str<E: de::Error>(self, text: &'de str) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Borrowed(text)))
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Owned(text.into())))
            }
        }
        deserializer.deserialize_str(AnyText)
    }
}

/// A string that may be absent or null.
pub(crate) fn text<'de: 'a, 'a, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Cow<'a, str>>, D::Error> {
    Ok(Option::<Text<'a>>::deserialize(deserializer)?.map(|text| text.0))
}

/// A list of strings that may be absent or null.
pub(crate) fn texts<'de: 'a, 'a, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Vec<Cow<'a, str>>, D::Error> {
    #[derive(Default)]
    struct Texts<'a>(Vec<Cow<'a, str>>);

    impl<'de: 'a, 'a> Deserialize<'de> for Texts<'a> {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            struct List;
            impl<'de> Visitor<'de> for List {
                type Value = Texts<'de>;

                fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    f.write_str("a list of strings")
                }

                fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Texts<'de>, A::Error> {
                    // Room for as many as most lists have.
                    let mut texts = Vec::with_capacity(8);
                    while let Some(Text(text)) = list.next_element()? {
                        texts.push(text);
                    }
                    Ok(Texts(texts))
                }
            }
            deserializer.deserialize_seq(List)
        }
    }
    let texts: Texts<'a> = null_as_default(deserializer)?;
    Ok(texts.0)
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
