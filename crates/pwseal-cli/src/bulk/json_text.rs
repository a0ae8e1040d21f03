//! A password out of a JSON string.

use std::mem;

use pwseal::Password;
use pwseal_api::unescape;

use super::problem::Problem;

/// Reads a JSON string with its quotes, whose characters serde_json has passed over as valid.
pub(super) fn password(json: &str) -> Result<Password, Problem> {
    // What the copy leaves in registers is overwritten with what encryption does.
    let Some(mut text) = unescape(json) else {
        let problem = match json.starts_with('"') {
            true => "the line's password has an escape that is not valid JSON",
            false => "the line's password is not a string",
        };
        return Err(Problem::new("json", problem));
    };
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
            assert_eq!((problem.kind, &problem.message[..]), (kind, message));
        }
    }
}
