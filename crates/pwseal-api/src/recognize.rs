//! What a text is that is not the JSON of the message that is wanted: names it, and says what to do.
//!
//! Nothing here runs before a message could not be read. No value is copied: the text may be a line with a password.

use core::fmt;
use std::borrow::Cow;

use pwseal::WideText;
use serde::de::{IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;
use zeroize::Zeroizing;

use crate::answer;
use crate::error_response::ErrorResponse;
use crate::excerpt::excerpt;
use crate::json::{JsonError, json_depth};
use crate::unescape::unescape;

/// How deep a message is looked for within objects and lists.
const MAX_DEPTH: usize = 4;

/// serde_json reads nothing that is deeper.
const DEEPEST: usize = 128;

/// The longest name of a field that is shown whole.
const MAX_NAME: usize = 40;

/// How often JSON is looked for within strings of JSON.
const MAX_LAYERS: usize = 3;

/// The fields of which a password-info has one at least.
const INFO_FIELDS: [&str; 8] = [
    "identityId",
    "publicKeyId",
    "publicKey",
    "accounts",
    "identity_id",
    "public_key_id",
    "public_key",
    "policies",
];

/// Other objects, by a field that each has.
const OTHER_OBJECTS: [(&str, &str); 16] = [
    (
        "encryptedPassword",
        "the body of set-password, and no answer",
    ),
    (
        "encrypted_password",
        "the body of set-password, and no answer",
    ),
    (
        "userName",
        "the body of query-password-info, and the answer to it is wanted",
    ),
    (
        "sourceName",
        "the body of query-password-info, and the answer to it is wanted",
    ),
    (
        "user_name",
        "the body of query-password-info, and the answer to it is wanted",
    ),
    ("digitToken", "the answer to generate-password-reset-token"),
    (
        "requestId",
        "the answer to set-password or password-change-status",
    ),
    (
        "request_id",
        "the answer to set-password or password-change-status",
    ),
    (
        "access_token",
        "the answer of a token endpoint, with a token in it",
    ),
    (
        "accessToken",
        "the answer of a token endpoint, with a token in it",
    ),
    ("kty", "a key as JWK"),
    ("keys", "a set of keys (JWKS)"),
    ("minLength", "a password policy"),
    (
        "sourceId",
        "JSON with a sourceId and nothing else of a password-info",
    ),
    ("request", "a line that pwseal bulk wrote"),
    ("password", "a line for pwseal bulk"),
];

/// A text that does not begin as a JSON object does.
pub(crate) fn no_object(bytes: &[u8]) -> JsonError {
    if let Some(problem) = not_utf8(bytes) {
        return problem;
    }
    let text = String::from_utf8_lossy(bytes);
    let text = text.trim_matches(|c: char| c.is_whitespace() || "\u{feff}\u{200b}\0".contains(c));
    if text.is_empty() {
        return JsonError::other("empty");
    }
    if text.starts_with('{') {
        return JsonError::at("JSON with characters before it that are not seen", 1, 1);
    }
    if let Some(problem) = markup(text).or_else(|| pem(text)) {
        return JsonError::other(problem);
    }
    match serde_json::from_str::<IgnoredAny>(text) {
        Ok(_) => no_object_but(text),
        Err(error) if error.is_eof() && text.starts_with(['"', '[']) => error.into(),
        Err(_) => match printed(text).or_else(|| encoded(text)) {
            Some(problem) => JsonError::other(problem),
            None => within_text(text),
        },
    }
}

/// JSON that is an object up to where something is wrong.
pub(crate) fn bad_object(bytes: &[u8], error: serde_json::Error) -> JsonError {
    if let [_, 0, ..] = bytes
        && let Some(problem) = not_utf8(bytes)
    {
        return problem;
    }
    if let Err(not_utf8) = core::str::from_utf8(bytes) {
        let problem = format!(
            "text that is not UTF-8, from byte {} on",
            not_utf8.valid_up_to() + 1
        );
        return JsonError::at(problem, error.line(), error.column());
    }
    let mut values = serde_json::Deserializer::from_slice(bytes).into_iter::<IgnoredAny>();
    if let Some(Ok(_)) = values.next() {
        let rest = bytes[values.byte_offset()..].trim_ascii();
        let problem = match rest {
            // What is passed over may be nested as deep as it likes, and have half surrogate pairs.
            [] if error.to_string().starts_with("recursion limit") => {
                "JSON that is nested too deep"
            }
            [] => "not valid JSON",
            [b'{', ..] if values.all(|value| value.is_ok()) => {
                "several JSON texts (JSON Lines), and one is wanted"
            }
            _ => "JSON with something else after its end",
        };
        return JsonError::at(problem, error.line(), error.column());
    }
    let start = String::from_utf8_lossy(bytes);
    let start = start.trim_start();
    let wrong = wrong_character(bytes, &error);
    let problem = match wrong {
        _ if start[1..].trim_start().starts_with('\'') => {
            "what Python prints of a dict: write it with json.dumps"
        }
        Some('\u{201c}' | '\u{201d}' | '\u{201e}' | '\u{ab}' | '\u{bb}') => {
            "not valid JSON: a quotation mark is curly, and must be \""
        }
        Some('\u{a0}' | '\u{200b}' | '\u{feff}') => {
            "not valid JSON: there is a space that is none (U+00A0, U+200B or U+FEFF)"
        }
        Some('/' | '#') => "not valid JSON, which has no comments",
        Some('}' | ']') => "not valid JSON: a comma is followed by nothing",
        Some('\'') => "not valid JSON: a quotation mark is ', and must be \"",
        Some('\0') => "not valid JSON: there is a NUL",
        Some(letter)
            if letter.is_ascii_alphabetic() && error.to_string().starts_with("key must") =>
        {
            "not valid JSON, in which names have quotation marks"
        }
        _ => "not valid JSON",
    };
    JsonError::at(problem, error.line(), error.column())
}

/// An object that has no field of a password-info.
pub(crate) fn other_object(bytes: &[u8]) -> JsonError {
    match serde_json::from_slice::<&RawValue>(bytes) {
        // What is passed over may be as deep as it likes, and no parser of objects goes as far.
        Ok(json) if json_depth(json.get()) >= DEEPEST => {
            JsonError::at("JSON that is nested too deep", 1, 1)
        }
        Ok(json) => JsonError::other(object(json.get())),
        Err(error) => bad_object(bytes, error),
    }
}

fn object(json: &str) -> String {
    let Some(Fields(fields)) = fields(json) else {
        return "JSON, and an object is wanted".into();
    };
    if fields.is_empty() {
        return "an empty JSON object".into();
    }
    if let Some((path, _)) = find(json, MAX_DEPTH, &is_info) {
        return format!("JSON in which only {path} is a password-info: take it out");
    }
    if let Some(error) = api_error(json) {
        return error;
    }
    if let Some((path, inner)) = find(json, MAX_DEPTH, &is_long_error) {
        let inner = inner.and_then(api_error);
        let inner = inner.unwrap_or_else(|| "an error".into());
        return format!("JSON in which {path} is {inner}");
    }
    for (field, what) in OTHER_OBJECTS {
        if fields.iter().any(|(name, _)| name == field) {
            return what.into();
        }
    }
    "a JSON object that has no field of a password-info".into()
}

/// JSON that begins as no object does.
fn no_object_but(json: &str) -> JsonError {
    JsonError::other(match json.as_bytes() {
        [b'[', ..] => {
            let values = elements(json).unwrap_or_default();
            let count = values.len();
            match values.iter().any(|value| is_info(value.get())) {
                true => format!(
                    "a JSON array with {count} element(s), and one object is wanted: take it out"
                ),
                false => format!("a JSON array with {count} element(s), and an object is wanted"),
            }
        }
        [b'"', ..] => string(json),
        [b't' | b'f', ..] => "JSON that is true or false, and an object is wanted".into(),
        [b'n', ..] => "JSON null, and an object is wanted".into(),
        _ => "JSON that is a number, and an object is wanted".into(),
    })
}

/// A JSON string, which may hold JSON, or what else is no object.
fn string(json: &str) -> String {
    let mut text = unescape(json).unwrap_or_default();
    for _ in 0..MAX_LAYERS {
        let inner = text.trim();
        if serde_json::from_str::<IgnoredAny>(inner).is_err() {
            break;
        }
        if inner.starts_with(['{', '[']) {
            return "a JSON string that holds JSON, encoded once too often: decode it".into();
        }
        let Some(inner) = unescape(inner) else {
            break;
        };
        text = inner;
    }
    match markup(&text).or_else(|| pem(&text)) {
        Some(problem) => format!("a JSON string that holds {problem}"),
        None => "a JSON string, and an object is wanted".into(),
    }
}

/// The fields of an object, whose values are not read.
struct Fields<'j>(Vec<(Cow<'j, str>, &'j RawValue)>);

impl<'de: 'j, 'j> Deserialize<'de> for Fields<'j> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Name<'j>(#[serde(borrow)] Cow<'j, str>);

        struct OnlyMaps;
        impl<'de> Visitor<'de> for OnlyMaps {
            type Value = Fields<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Fields<'de>, A::Error> {
                let mut fields = Vec::new();
                while let Some((Name(name), value)) = map.next_entry()? {
                    fields.push((name, value));
                }
                Ok(Fields(fields))
            }
        }
        deserializer.deserialize_map(OnlyMaps)
    }
}

fn fields(json: &str) -> Option<Fields<'_>> {
    // What serde says of another value would hold a copy of it.
    json.trim_start()
        .starts_with('{')
        .then(|| serde_json::from_str(json).ok())?
}

fn elements(json: &str) -> Option<Vec<&RawValue>> {
    json.trim_start()
        .starts_with('[')
        .then(|| serde_json::from_str(json).ok())?
}

fn is_info(json: &str) -> bool {
    fields(json).is_some_and(|Fields(fields)| {
        let has = |field: &&&str| fields.iter().any(|(name, _)| name == **field);
        INFO_FIELDS.iter().filter(has).count() > 1
    })
}

fn is_long_error(json: &str) -> bool {
    fields(json).is_some_and(|Fields(fields)| {
        let mut names = fields.iter().map(|(name, _)| name);
        names.any(|name| name == "detailCode" || name == "trackingId")
    })
}

/// The path of the first value that is what is looked for, and the value if it is not in a string of JSON.
fn find<'j>(
    json: &'j str,
    depth: usize,
    is: &dyn Fn(&str) -> bool,
) -> Option<(String, Option<&'j str>)> {
    let depth = depth.checked_sub(1)?;
    let step = |name: String, value: &'j RawValue| {
        let value = value.get();
        if is(value) {
            return Some((name, Some(value)));
        }
        if value.starts_with('"') {
            let inner: Zeroizing<String> = unescape(value)?;
            return is(&inner).then(|| (format!("the string {name}"), None));
        }
        let (inner, found) = find(value, depth, is)?;
        let dot = if inner.starts_with('[') { "" } else { "." };
        Some((format!("{name}{dot}{inner}"), found))
    };
    if let Some(Fields(fields)) = fields(json) {
        let mut fields = fields.into_iter();
        return fields.find_map(|(name, value)| step(short(&name), value));
    }
    let mut values = elements(json)?.into_iter().enumerate();
    values.find_map(|(index, value)| step(format!("[{index}]"), value))
}

/// A field's name as it may be shown.
fn short(name: &str) -> String {
    let mut name = excerpt(name.as_bytes());
    if name.len() > MAX_NAME {
        name.truncate(MAX_NAME);
        name.push_str("...");
    }
    name
}

fn api_error(json: &str) -> Option<String> {
    let Fields(fields) = fields(json)?;
    let response: ErrorResponse = serde_json::from_str(json).ok()?;
    if response.is_empty() {
        return None;
    }
    let number = ["status", "statusCode", "code"].iter().find_map(|field| {
        let (_, value) = fields.iter().find(|(name, _)| name == field)?;
        value.get().parse().ok()
    });
    Some(format!(
        "an error of the API{}",
        answer::said(&response, number)
    ))
}

/// Bytes that are no text, or text in another encoding.
fn not_utf8(bytes: &[u8]) -> Option<JsonError> {
    match WideText::detect(bytes) {
        Some(WideText::Utf16) => {
            return Some(JsonError::other(
                "text in UTF-16 and not in UTF-8: save it as UTF-8 (in PowerShell with -Encoding utf8)",
            ));
        }
        Some(WideText::Utf32) => {
            return Some(JsonError::other(
                "text in UTF-32 and not in UTF-8: save it as UTF-8",
            ));
        }
        None => {}
    }
    let problem = match bytes {
        [0x1f, 0x8b, ..] => "compressed (gzip): curl unpacks it with --compressed",
        [0x28, 0xb5, 0x2f, 0xfd, ..] => "compressed (Zstandard): curl unpacks it with --compressed",
        [b'P', b'K', 3, 4, ..] => "a ZIP archive",
        [0x30, 0x80..=0x84, ..] => "DER, such as a key or a certificate",
        _ => {
            let error = core::str::from_utf8(bytes).err()?;
            let problem = format!("no text in UTF-8, from byte {} on", error.valid_up_to() + 1);
            return Some(JsonError::other(problem));
        }
    };
    Some(JsonError::other(problem))
}

fn markup(text: &str) -> Option<&'static str> {
    if !text.starts_with('<') {
        return None;
    }
    let start: String = text.chars().take(2048).collect();
    let start = start.to_ascii_lowercase();
    let is_html = ["<!doctype html", "<html", "<head", "<body", "<title", "<h1"];
    Some(match is_html.iter().any(|tag| start.contains(tag)) {
        true => "a page of HTML, of a proxy or a gateway perhaps, or a login page",
        false => "XML, and JSON is wanted",
    })
}

fn pem(text: &str) -> Option<&'static str> {
    let (_, label) = text.split_once("-----BEGIN ")?;
    let label = label.split("-----").next().unwrap_or_default();
    Some(match label {
        label if label.ends_with("PRIVATE KEY") => "PEM with a private key",
        label if label.ends_with("CERTIFICATE") => "PEM with a certificate",
        _ => "PEM, such as a key",
    })
}

/// What programs print in forms of their own.
fn printed(text: &str) -> Option<&'static str> {
    let has = |line: &str, names: &[&str]| names.iter().any(|name| line.starts_with(name));
    let lines = || text.lines().map(str::trim_start);
    if has(
        text,
        &[
            "PasswordInfo(",
            "identity_id=",
            "{'",
            "OrderedDict(",
            "namespace(",
        ],
    ) {
        return Some(
            "what Python prints of an object: give the object itself, or write it with json.dumps",
        );
    }
    let is_file_name = |ending: &&str| {
        let start = text.len().checked_sub(ending.len());
        let end = start.and_then(|start| text.get(start..));
        end.is_some_and(|end| end.eq_ignore_ascii_case(ending))
    };
    if text.len() < 512
        && text.lines().count() == 1
        && [".json", ".jsonl", ".txt"].iter().any(is_file_name)
    {
        return Some("the name of a file: give what is in it");
    }
    if text.starts_with("@{") || text.starts_with("System.") {
        return Some("what PowerShell prints of an object: write it with ConvertTo-Json -Depth 5");
    }
    let is_head = |line: &str| {
        let name = line.split(':').next().unwrap_or_default();
        name.len() < line.len() && name.ends_with(' ') && has(name, &NAMES_IN_TEXT)
    };
    if lines().any(is_head) {
        return Some("what PowerShell prints of an object: write it with ConvertTo-Json -Depth 5");
    }
    if lines().any(|line| {
        has(
            line,
            &["> POST ", "> GET ", "< HTTP/", "* Trying", "*   Trying"],
        )
    }) {
        return Some("what curl prints with -v: leave it out");
    }
    if text.starts_with("HTTP/") {
        return Some("the head of an HTTP answer without a body");
    }
    if text.starts_with("curl:") {
        return Some("an error of curl");
    }
    let is_yaml = |line: &str| {
        let line = line.trim_start_matches(['-', ' ']);
        let name = line.split(':').next().unwrap_or_default();
        name.len() < line.len() && NAMES_IN_TEXT.contains(&name)
    };
    if text.starts_with("---") || lines().any(is_yaml) {
        return Some("YAML, and JSON is wanted");
    }
    let first = text.lines().next().unwrap_or_default();
    if first
        .split([',', ';', '\t'])
        .filter(|cell| NAMES_IN_TEXT.contains(&cell.trim_matches(['"', ' '])))
        .count()
        > 1
    {
        return Some("CSV, and JSON is wanted");
    }
    lines()
        .any(|line| {
            line.split_once('=')
                .is_some_and(|(name, _)| NAMES_IN_TEXT.contains(&name.trim()))
        })
        .then_some("text of the form name=value, and JSON is wanted")
}

const NAMES_IN_TEXT: [&str; 11] = [
    "identityId",
    "sourceId",
    "publicKeyId",
    "publicKey",
    "accounts",
    "policies",
    "IdentityId",
    "identity_id",
    "source_id",
    "public_key_id",
    "StatusCode",
];

/// One word of base64.
fn encoded(text: &str) -> Option<&'static str> {
    let is_word = |c: char| c.is_ascii_alphanumeric() || "+/=-_.\r\n".contains(c);
    if text.len() < 16 || !text.chars().all(is_word) {
        return None;
    }
    let parts = text.split('.').count();
    match text {
        _ if text.starts_with("eyJ") && parts > 1 => Some("a token (JWT)"),
        _ if parts > 1 => None,
        _ if text.starts_with("MII") => Some("a key in base64"),
        _ if text.starts_with("eyJ") || text.starts_with("ew") => Some("base64 of JSON: decode it"),
        _ => None,
    }
}

/// A text with JSON somewhere in it, or with none.
fn within_text(text: &str) -> JsonError {
    for (index, line) in text.lines().enumerate() {
        let Some(column) = line.find('{') else {
            continue;
        };
        let rest = &line[column..];
        let offset = rest.as_ptr().addr() - text.as_ptr().addr();
        let mut values =
            serde_json::Deserializer::from_str(&text[offset..]).into_iter::<IgnoredAny>();
        if let Some(Ok(_)) = values.next() {
            return JsonError::at("JSON with something else before it", index + 1, column + 1);
        }
        break;
    }
    JsonError::at("not JSON", 1, 1)
}

/// The character that a syntax error is about.
fn wrong_character(bytes: &[u8], error: &serde_json::Error) -> Option<char> {
    let line = bytes
        .split(|byte| *byte == b'\n')
        .nth(error.line().checked_sub(1)?)?;
    let column = error.column().saturating_sub(1);
    let start = (0..=column.min(line.len())).rev().find(|start| {
        // A column may be that of a byte within a character.
        line.get(*start).is_none_or(|byte| (*byte as i8) >= -0x40)
    })?;
    core::str::from_utf8(&line[start..]).ok()?.chars().next()
}
