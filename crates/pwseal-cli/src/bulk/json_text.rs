//! Text out of a JSON string.

use std::mem;

use pwseal::Password;
use pwseal_api::unescape;
use zeroize::Zeroizing;

use super::problem::{Kind, Problem};

/// Reads a JSON string with its quotes, whose characters serde_json has passed over as valid.
pub(super) fn unescaped(field: &str, json: &str) -> Result<Zeroizing<String>, Problem> {
    unescape(json).ok_or_else(|| {
        let problem = match json.starts_with('"') {
            true => "has an escape that is not valid JSON",
            false => "is not a string",
        };
        Problem::new(Kind::Json, format_args!("the line's {field} {problem}"))
    })
}

/// Reads a password.
pub(super) fn password(json: &str) -> Result<Password, Problem> {
    // What the copy leaves in registers is overwritten with what encryption does.
    let mut text = unescaped("password", json)?;
    Ok(Password::try_from(mem::take(&mut *text))?)
}

#[cfg(test)]
mod tests {
    use super::password;

    #[test]
    fn what_is_wrong_is_named() {
        for (json, kind, message) in [
            ("\"\"", "password-empty", "the password is empty"),
            (
                "\"\\ud83d\"",
                "json",
                "the line's password has an escape that is not valid JSON",
            ),
            ("1", "json", "the line's password is not a string"),
        ] {
            let problem = password(json).expect_err(json);
            assert_eq!((problem.kind.name(), &problem.message[..]), (kind, message));
        }
    }
}
