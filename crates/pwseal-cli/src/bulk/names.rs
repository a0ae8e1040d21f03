//! The names of fields and columns, and those that may mean one of them.

/// The columns of orders, which are fields of a line of JSON as well.
pub(super) const COLUMNS: [&str; 9] = [
    "id",
    "identityId",
    "sourceId",
    "account",
    "accountId",
    "accountName",
    "password",
    "raw",
    "generate",
];

/// The columns of users, for whose password-infos is asked.
pub(super) const USER_COLUMNS: [&str; 3] = ["id", "userName", "sourceName"];

/// The field that is no column.
pub(super) const INFO: &str = "info";

/// What the same is called elsewhere, in small letters and without signs.
const ELSEWHERE: [(&str, &str); 19] = [
    ("passwordinfo", "info"),
    ("identity", "identityId"),
    ("source", "sourceId"),
    ("nativeidentity", "accountId"),
    ("accountnativeidentity", "accountId"),
    ("distinguishedname", "accountId"),
    ("accountdn", "accountId"),
    ("dn", "accountId"),
    ("samaccountname", "accountName"),
    ("accountdisplayname", "accountName"),
    ("newpassword", "password"),
    ("plaintextpassword", "password"),
    ("passwd", "password"),
    ("passwort", "password"),
    ("kennwort", "password"),
    ("pwd", "password"),
    ("pass", "password"),
    ("generated", "generate"),
    ("generatepassword", "generate"),
];

/// A name this long may have one letter wrong. A shorter one is near too many others.
const LONG: usize = 7;

/// The field that a name may mean which is none. Skipped without a word, the account that it names would not be the one
/// whose password is set.
pub(super) fn may_mean(name: &str) -> Option<&'static str> {
    let name = letters(name);
    let elsewhere = ELSEWHERE.iter().find(|(other, _)| *other == name);
    let mut fields = COLUMNS.into_iter().chain([INFO]);
    let field = fields.find(|field| is_near(&name, field));
    field.or(elsewhere.map(|(_, field)| *field))
}

/// As [`may_mean`], of a column of users.
pub(super) fn may_mean_of_user(name: &str) -> Option<&'static str> {
    let name = letters(name);
    USER_COLUMNS.into_iter().find(|field| is_near(&name, field))
}

/// In small letters and without signs.
fn letters(name: &str) -> String {
    let letters = name.chars().filter(|c| c.is_alphanumeric()).take(64);
    letters.flat_map(char::to_lowercase).collect()
}

/// Whether it is the name of a field but for capitals and signs, and if that is long, for a slip.
fn is_near(letters: &str, field: &str) -> bool {
    let field = field.to_ascii_lowercase();
    let is_near = || field.len() >= LONG && field.len().abs_diff(letters.len()) <= 1;
    letters == field || is_near() && strsim::osa_distance(letters, &field) == 1
}

#[cfg(test)]
mod tests {
    use super::{may_mean, may_mean_of_user};

    #[test]
    fn what_may_be_meant_is_found_and_nothing_else() {
        for (name, field) in [
            ("Account ID", "accountId"),
            ("account_id", "accountId"),
            ("ACCOUNT-NAME", "accountName"),
            ("nativeIdentity", "accountId"),
            ("Native Identity", "accountId"),
            ("acount", "account"),
            ("accounts", "account"),
            ("sorceId", "sourceId"),
            ("pasword", "password"),
            ("New Password", "password"),
            (" password", "password"),
            ("Generate", "generate"),
            ("Id", "id"),
            ("\u{feff}id", "id"),
        ] {
            assert_eq!(may_mean(name), Some(field), "{name}");
        }
        for name in [
            "",
            "mail",
            "userName",
            "row",
            "uid",
            "count",
            "country",
            "department",
            "pwdLastSet",
            "passwordLastSet",
            "employeeId",
            "displayName",
            "status",
            "note",
        ] {
            assert_eq!(may_mean(name), None, "{name}");
        }
        for (name, field) in [
            ("User Name", Some("userName")),
            ("username", Some("userName")),
            ("sourceNames", Some("sourceName")),
            ("ID", Some("id")),
            ("displayName", None),
            ("sourceId", None),
            ("accountId", None),
        ] {
            assert_eq!(may_mean_of_user(name), field, "{name}");
        }
    }
}
