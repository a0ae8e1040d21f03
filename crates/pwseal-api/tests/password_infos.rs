//! What people give in the place of a password-info: it is read, or the error says what it is.
// The helpers of a test may panic as the test itself may.
#![allow(clippy::panic, clippy::unwrap_used)]

use std::fs;
use std::path::Path;

use http::Response;
use pwseal::Password;
use pwseal_api::{DigitToken, ErrorKind, KeyCache, PasswordInfo};

/// The cases, which other interfaces run as well: a file, and what is to become of it.
///
/// * `read`: with the identity and the account of the example, and as many policies, or `absent`;
/// * `json`: refused as a password-info in which something is wrong, by a message with this fragment;
/// * `other`: refused as something else, by a message with this fragment.
fn cases() -> Vec<(String, String, String, Vec<u8>)> {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/cases"));
    let table = fs::read_to_string(folder.join("password-infos.tsv")).unwrap();
    let cases = table.lines().skip(1).map(|row| {
        let [file, verdict, wanted] = row.split('\t').collect::<Vec<_>>()[..] else {
            panic!("{row}")
        };
        let bytes = fs::read(folder.join("password-infos").join(file)).unwrap();
        (file.into(), verdict.into(), wanted.into(), bytes)
    });
    let cases: Vec<_> = cases.collect();
    let files = fs::read_dir(folder.join("password-infos")).unwrap().count();
    assert_eq!(cases.len(), files);
    cases
}

#[test]
fn each_is_read_or_named() {
    let mut wrong = Vec::new();
    for (file, verdict, wanted, bytes) in cases() {
        let found = match PasswordInfo::from_json(&bytes) {
            Ok(info) => {
                let password = Password::new("correct horse 7").unwrap();
                let change = info.change_request(None, &password).unwrap();
                assert_eq!(change.identity_id(), "2c918085744fec4301746f9a5bce4605");
                assert!(change.account_id().starts_with("CN=Abby Smith,"), "{file}");
                let policies = info.policies.map(|policies| policies.len().to_string());
                ("read", policies.unwrap_or_else(|| "absent".into()))
            }
            Err(error) => {
                let verdict = match error.kind() {
                    ErrorKind::InvalidPasswordInfo => "json",
                    ErrorKind::OtherMessage => "other",
                    kind => panic!("{file}: {kind:?}"),
                };
                let message = error.to_string();
                assert!(message.starts_with("the password-info is "), "{message}");
                assert!(!message.contains("hunter2"), "{message}");
                assert!(message.len() < 800 && !message.contains('\n'), "{message}");
                (verdict, message)
            }
        };
        let is_right = match found.0 {
            "read" => found.1 == wanted,
            _ => found.1.contains(&wanted),
        };
        if found.0 != verdict || !is_right {
            wrong.push(format!(
                "{file}: {verdict}: {wanted}\n    {}: {}",
                found.0, found.1
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_policies_are_not_an_empty_list_of_them() {
    let cases = cases();
    let mut keys = KeyCache::new();
    for name in [
        "policies_empty",
        "policies_missing",
        "policies_null",
        "policies_empty",
    ] {
        let (.., bytes) = cases.iter().find(|(file, ..)| file == name).unwrap();
        let info = PasswordInfo::from_json(bytes).unwrap();
        for recipient in [info.recipient(None), info.recipient_cached(None, &mut keys)] {
            let report = recipient
                .unwrap()
                .check(&Password::new("correct horse 7").unwrap());
            assert!(!report.has_violation(), "{name}");
            assert_eq!(report.all_passed(), name == "policies_empty", "{name}");
        }
    }
}

/// An answer with its status is read in the same way, but for the heads that are before a body.
#[test]
fn an_answer_is_named_as_well() {
    for (file, _, _, bytes) in cases() {
        let message = match PasswordInfo::from_json(&bytes) {
            Err(error) if !bytes.starts_with(b"HTTP/") => error.to_string(),
            _ => continue,
        };
        let problem = message.strip_prefix("the password-info is ").unwrap();
        let answer = PasswordInfo::from_response(&Response::new(&bytes)).map(drop);
        let answer = answer.unwrap_err().to_string();
        let start = format!("the answer to query-password-info is 200 OK, but {problem}");
        assert!(answer.starts_with(&start), "{file}: {answer}");
    }
}

#[test]
fn no_part_of_a_text_is_in_the_message() {
    for secret in ["hunter2hunter", "correct horse", "p\u{e4}ss"] {
        for text in [
            secret.to_owned(),
            format!("\"{secret}\""),
            format!("{{\"{secret}\": 1}}"),
            format!(
                "{{\"identityId\": \"a\", \"{secret}\": {{\"{secret}\": 1}}, \"accounts\": 7}}"
            ),
            format!("{{\"accounts\": \"{secret}\"}}"),
            format!("{{\"accounts\": [{{\"accountId\": [\"{secret}\"]}}]}}"),
            format!("{{\"policies\": [{{\"{secret}\": \"{secret}\"}}]}}"),
            format!("{{\"identityId\": {secret}}}"),
            format!("{{'{secret}': 1}}"),
            format!("identityId: {secret}"),
            format!("<{secret}>"),
            format!("[\"{secret}\"]"),
            format!("-----BEGIN {secret}-----"),
            format!("{secret} {{\"identityId\": 1}} {secret}"),
        ] {
            let error = PasswordInfo::from_json(&text).unwrap_err();
            for shown in [error.to_string(), format!("{error:?}")] {
                assert!(!shown.contains(secret), "{shown}");
            }
        }
    }
}

/// What serde_json says of a value is in memory that nobody wipes.
#[test]
fn no_part_of_a_value_is_in_what_serde_says() {
    for json in [
        r#"{"identityId": 7294618}"#,
        r#"{"publicKey": -7294618}"#,
        r#"{"accounts": "7294618"}"#,
        r#"{"accounts": 7294618}"#,
        r#"{"accounts": ["7294618"]}"#,
        r#"{"accounts": [7294618.5]}"#,
        r#"{"accounts": [{"accountId": 7294618.5}]}"#,
        r#"{"accounts": {"value": [], "Count": "7294618"}}"#,
        r#"{"accounts": {"value": 7294618, "Count": 1}}"#,
        r#"{"policies": 7294618}"#,
        r#"{"policies": [7294618]}"#,
    ] {
        let error = serde_json::from_str::<PasswordInfo<'_>>(json).expect_err(json);
        assert!(!error.to_string().contains("7294618"), "{json}: {error}");
    }
    for json in [
        r#"{"digitToken": 7294618.5}"#,
        r#"{"digitToken": -7294618}"#,
    ] {
        let error = serde_json::from_str::<DigitToken>(json).err();
        let error = error.expect(json).to_string();
        assert!(!error.contains("7294618"), "{json}: {error}");
    }
}

#[test]
fn the_account_that_was_probably_meant_is_shown() {
    let json = r#"{"identityId": "2c91", "sourceId": "2c92", "accounts": [
        {"accountId": "CN=Abby Smith,OU=Austin", "accountName": "Abby.Smith"},
        {"accountId": "1001", "accountName": "J\u00f6rg"}]}"#;
    let info = PasswordInfo::from_json(json).unwrap();
    let refusal = |wanted: &str| info.account(Some(wanted)).unwrap_err().to_string();
    let all = "; the accounts are: \"CN=Abby Smith,OU=Austin\" (\"Abby.Smith\"), \"1001\" (\"J\u{f6}rg\")";
    let no = "no account has this id or name";
    let but = " to the letter, but with other case, blanks or signs there is ";
    let abby = "\"CN=Abby Smith,OU=Austin\" (\"Abby.Smith\")";
    for near in [
        "abby.smith",
        "ABBY.SMITH",
        " Abby.Smith",
        "Abby.Smith\r\n",
        "Abby\u{a0}Smith",
        "Abby_Smith",
        "abbysmith",
        "cn=abby smith, ou=austin",
        "CN=Abby\u{2009}Smith,OU=Austin\u{200b}",
        "\u{201c}Abby.Smith\u{201d}",
    ] {
        assert_eq!(refusal(near), format!("{no}{but}{abby}{all}"), "{near:?}");
    }
    for near in ["j\u{f6}rg", "J\u{d6}RG"] {
        let account = "\"1001\" (\"J\u{f6}rg\")";
        assert_eq!(
            refusal(near),
            format!("{no}{but}{account}{all}"),
            "{near:?}"
        );
    }
    for other in ["Zoe.Jones", "", " ", ".", "Abby", "1001x"] {
        assert_eq!(refusal(other), format!("{no}{all}"), "{other:?}");
    }
    assert_eq!(
        refusal("2c91"),
        format!("{no}, which is the identityId{all}")
    );
    assert_eq!(refusal("2c92"), format!("{no}, which is the sourceId{all}"));
}

/// A variable that is not set must not choose.
#[test]
fn an_empty_name_chooses_no_account() {
    let json = r#"{"accounts": [{"accountId": "1", "accountName": ""}, {"accountId": "2"}]}"#;
    let error = PasswordInfo::from_json(json)
        .unwrap()
        .account(Some(""))
        .unwrap_err();
    let wanted = "no account has this id or name; the accounts are: \"1\" (\"\"), \"2\"";
    assert_eq!(error.to_string(), wanted);
}

#[test]
fn a_long_name_of_a_field_is_shown_in_part() {
    let json = format!(r#"{{"identity{}Id": "2c91"}}"#, "_".repeat(10_000));
    let error = PasswordInfo::from_json(&json).unwrap_err().to_string();
    assert!(error.contains("identityId") && error.len() < 200, "{error}");
}

#[test]
fn json_that_is_nested_too_deep_or_has_half_a_character_is_whole() {
    let deep = format!("{{\"x\": {}{}}}", "[".repeat(200), "]".repeat(200));
    for (json, problem) in [
        (&deep[..], "JSON that is nested too deep, at line 1"),
        (r#"{"identityId": "\ud800"}"#, "not valid JSON, at line 1"),
        (
            r#"{"identityId": "1"} 2"#,
            "JSON with something else after its end",
        ),
    ] {
        let error = PasswordInfo::from_json(json).unwrap_err().to_string();
        assert!(error.contains(problem), "{error}");
    }
}

#[test]
fn what_is_empty_is_no_account() {
    let info = r#"{"identityId": "2c91", "sourceId": "2c92", "accounts": [
        {"accountId": "1001", "accountName": ""}, {"accountId": "", "accountName": "Zoe"}]}"#;
    let info = PasswordInfo::from_json(info).unwrap();
    assert!(info.account(Some("")).is_err());
    assert!(info.account_with(Some(""), None).is_err());
    assert!(info.account_with(None, Some("")).is_err());
    assert!(info.account_with(Some("1001"), Some("")).is_err());
    assert!(info.account(Some("Zoe")).is_ok());
    // Nor does a body name one by blanks.
    for id in ["", " ", "\u{a0}"] {
        let mut example = fs::read_to_string("tests/data/password-info.json").unwrap();
        let start = example.find("CN=Abby").unwrap();
        let end = start + example[start..].find('"').unwrap();
        example.replace_range(start..end, id);
        let refused = PasswordInfo::from_json(&example).unwrap();
        let refused = refused.recipient(None).map(drop).unwrap_err();
        assert_eq!(
            refused.to_string(),
            "the account has no accountId, by which a body names it"
        );
    }
}

#[test]
fn an_id_is_not_taken_for_a_name() {
    let info = r#"{"accounts": [
        {"accountId": "1001", "accountName": "1002"}, {"accountId": "1002", "accountName": "x"},
        {"accountId": "1003", "accountName": "x"}]}"#;
    let info = PasswordInfo::from_json(info).unwrap();
    let found = |id, name| {
        let account = info.account_with(id, name);
        account
            .map(|account| account.account_id.clone().unwrap().into_owned())
            .map_err(|error| error.kind())
    };
    assert_eq!(found(Some("1002"), None).as_deref(), Ok("1002"));
    assert_eq!(found(None, Some("1002")).as_deref(), Ok("1001"));
    assert_eq!(found(Some("1003"), Some("x")).as_deref(), Ok("1003"));
    assert_eq!(
        found(Some("1001"), Some("x")),
        Err(ErrorKind::AccountNotFound)
    );
    assert_eq!(found(None, Some("x")), Err(ErrorKind::AccountNameNotUnique));
    assert_eq!(found(None, None), Err(ErrorKind::AccountNotChosen));
    // Of what may be both, the id goes first.
    let account = info.account(Some("1002")).unwrap();
    assert_eq!(account.account_name.as_deref(), Some("x"));
}

#[test]
fn text_that_is_not_utf8_is_read_around_and_refused_in_a_field() {
    let json = |name: &[u8], source: &str| {
        let fields = format!(r#"", "identityId": "1", "sourceId": {source}}}"#);
        [br#"{"displayName": ""#, name, fields.as_bytes()].concat()
    };
    let skipped = json(b"Zo\xeb", r#""2""#);
    let info = PasswordInfo::from_json(&skipped).unwrap();
    assert_eq!(info.source_id.as_deref(), Some("2"));
    let message = |json: &[u8]| PasswordInfo::from_json(json).unwrap_err().to_string();
    assert_eq!(
        message(&json(b"Zo\xeb", "7")),
        message(&json(b"Zoe", "7")),
        "the path is told in both"
    );
    assert!(message(&json(b"Zoe", "7")).contains("sourceId is a number"));
    // What stands behind the object is not passed over.
    assert!(PasswordInfo::from_json(&[&skipped[..], b"7"].concat()).is_err());
    assert!(PasswordInfo::from_json(b"{\"identityId\": \"Zo\xeb\"}").is_err());
}
