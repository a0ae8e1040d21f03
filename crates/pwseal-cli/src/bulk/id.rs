//! The id of a line of JSON: any value, which comes back as it is.

use std::borrow::Cow;
use std::fmt;

use pwseal_api::json_depth;
use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::problem::{Kind, Problem};

/// How deep the arrays and objects of an id may be in one another. serde_json passes over any depth, and
/// whoever reads the answer may not: common parsers stop at 64 or more.
const MAX_DEPTH: usize = 32;

/// Refuses an id for whose depth many a parser would refuse the answer.
pub(super) fn check(id: &str) -> Result<(), Problem> {
    if json_depth(id) > MAX_DEPTH {
        let message = format!("the line's id is nested more than {MAX_DEPTH} deep");
        return Err(Problem::new(Kind::Json, message));
    }
    Ok(())
}

/// The id of a line that cannot be read, if it is before what is wrong, and `null` otherwise. Of two neither
/// is the one that is meant.
pub(super) fn of_bad_line(line: &str) -> Cow<'_, str> {
    let mut ids = Vec::new();
    let mut deserializer = serde_json::Deserializer::from_str(line);
    // The error is known.
    let _ = deserializer.deserialize_map(Finder(&mut ids));
    match ids[..] {
        // A number at the end of a line that is cut off may have been longer.
        [id] if end(id) != end(line) && check(id).is_ok() => Cow::Borrowed(id),
        _ => Cow::Borrowed("null"),
    }
}

/// Where a piece of text ends in memory.
fn end(text: &str) -> *const u8 {
    text.as_bytes().as_ptr_range().end
}

/// Puts aside every id that it passes.
struct Finder<'f, 'l>(&'f mut Vec<&'l str>);

impl<'l> Visitor<'l> for Finder<'_, 'l> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'l>>(self, mut fields: A) -> Result<(), A::Error> {
        while let Some(field) = fields.next_key()? {
            match field {
                Field::Id => self.0.push(fields.next_value::<&RawValue>()?.get()),
                Field::Other => drop(fields.next_value::<IgnoredAny>()?),
            }
        }
        Ok(())
    }
}

#[derive(Deserialize)]
#[serde(field_identifier, rename_all = "camelCase")]
enum Field {
    Id,
    #[serde(other)]
    Other,
}

#[cfg(test)]
mod tests {
    use super::{check, of_bad_line};

    #[test]
    fn the_depth_of_arrays_and_objects_is_counted_and_nothing_else() {
        let nested = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
        assert!(check(&nested(32)).is_ok());
        assert!(check(&nested(33)).is_err());
        assert!(check(&("{\"a\":".repeat(33) + "1" + &"}".repeat(33))).is_err());
        for text in [
            "[".repeat(40),
            "\\\"[".repeat(40),
            "\\\\".into(),
            "]{".into(),
        ] {
            let string = format!("\"{text}\"");
            assert!(check(&string).is_ok(), "{string}");
            let (below, above) = (nested(31), nested(32));
            assert!(check(&format!("[{string},{below}]")).is_ok(), "{string}");
            assert!(check(&format!("[{string},{above}]")).is_err(), "{string}");
        }
        let flat = "[".to_owned() + &"[],{},".repeat(100) + "1]";
        assert!(check(&flat).is_ok());
    }

    #[test]
    fn an_id_is_found_before_what_is_wrong() {
        for (line, id) in [
            (r#"{"id":2,"password":"x""#, "2"),
            (r#"{"id":2,"#, "2"),
            (r#"{"a":[{"id":1}],"id": {"n":[2]} ,"x"#, r#"{"n":[2]}"#),
            (r#"{"id":"a\"b" x"#, r#""a\"b""#),
            (r#"{"i\u0064":2,x"#, "2"),
            (r#"{"id":2} x"#, "2"),
            (r#"{"id":2,"password":"secret2"#, "2"),
            // It may be the beginning of 21.
            (r#"{"id":2"#, "null"),
            (r#"{"id":"2"#, "null"),
            (r#"{"id":"#, "null"),
            (r#"{"id":1,"id":2,x"#, "null"),
            (r#"{"x":y,"id":2}"#, "null"),
            (r#"["id",2]"#, "null"),
            ("", "null"),
        ] {
            assert_eq!(of_bad_line(line), id, "{line}");
        }
        let deep = "[".repeat(33) + &"]".repeat(33);
        assert_eq!(of_bad_line(&format!("{{\"id\":{deep},x")), "null");
    }
}
