//! From a password-info response to a set-password body, and every way in which it can fail.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use proptest::collection::vec;
use proptest::prelude::*;
use pwseal::policy::Outcome;
use pwseal::{NotText, Password, PasswordWarning};
use pwseal_api::{Error, PasswordChangeRequest, PasswordInfo};
use rsa::pkcs8::DecodePrivateKey as _;
use rsa::{Pkcs1v15Encrypt, RsaPrivateKey};
use serde_json::{Value, json};

const EXAMPLE: &[u8] = include_bytes!("data/password-info.json");

fn example() -> Value {
    serde_json::from_slice(EXAMPLE).expect("the example is JSON")
}

/// The example with some fields replaced, or taken out (by null).
fn info(changes: Value) -> PasswordInfo<'static> {
    let mut info = example();
    for (field, value) in changes.as_object().expect("an object") {
        info[field] = value.clone();
    }
    let info = info.to_string();
    let info = PasswordInfo::from_json(&info).expect("it is read");
    info.into_owned()
}

fn password() -> Password {
    Password::new("hunter2").expect("not empty")
}

fn refusal(info: &PasswordInfo, account: Option<&str>) -> String {
    info.change_request(account, &password())
        .expect_err("it must be refused")
        .to_string()
}

fn three_accounts() -> PasswordInfo<'static> {
    info(json!({"accounts": [
        {"accountId": "1001", "accountName": "asmith"},
        {"accountId": "1002", "accountName": "asmith"},
        {"accountId": "asmith2", "accountName": "1001"},
    ]}))
}

#[test]
fn the_body_has_exactly_the_fields_of_the_api() {
    let example = example();
    let request = info(json!({})).change_request(None, &password()).unwrap();
    let body: Value = serde_json::from_str(&request.to_json()).unwrap();
    let ciphertext = body["encryptedPassword"].clone();
    assert_eq!(ciphertext.as_str().map(str::len), Some(344));
    assert_eq!(
        body,
        json!({
            "identityId": example["identityId"],
            "encryptedPassword": ciphertext,
            "publicKeyId": example["publicKeyId"],
            "accountId": example["accounts"][0]["accountId"],
            "sourceId": example["sourceId"],
        })
    );
    assert_eq!(request.encrypted_password(), ciphertext);
    assert_eq!(request.account_id(), body["accountId"]);
    assert_eq!(request.identity_id(), body["identityId"]);
    assert_eq!(request.source_id(), body["sourceId"]);
    assert_eq!(request.public_key_id(), body["publicKeyId"]);
}

#[test]
fn an_id_that_needs_escaping_survives() {
    let id = "CN=Abby \"the boss\" Smith\\, jr.,OU=Zürich\n,DC=acme";
    let request = info(json!({"accounts": [{"accountId": id}]}))
        .change_request(None, &password())
        .unwrap();
    let body: Value = serde_json::from_str(&request.to_json()).unwrap();
    assert_eq!(body["accountId"], id);
    assert!(!request.to_json().contains('\n'));
}

#[test]
fn an_account_is_chosen_by_id_before_name_and_never_guessed() {
    let info = three_accounts();
    let chosen = |wanted| info.account(wanted).unwrap().account_id.as_deref();
    assert_eq!(chosen(Some("1002")), Some("1002"));
    // The id of the first account and the name of the third.
    assert_eq!(chosen(Some("1001")), Some("1001"));
    assert_eq!(chosen(Some("asmith2")), Some("asmith2"));

    assert_eq!(
        refusal(&info, None),
        "there are 3 accounts, choose one: \
         \"1001\" (\"asmith\"), \"1002\" (\"asmith\"), \"asmith2\" (\"1001\")"
    );
    assert_eq!(
        refusal(&info, Some("asmith")),
        "several accounts have this name, choose by id: \"1001\" (\"asmith\"), \"1002\" (\"asmith\")"
    );
    let all =
        "; the accounts are: \"1001\" (\"asmith\"), \"1002\" (\"asmith\"), \"asmith2\" (\"1001\")";
    let near =
        " to the letter, but with other case, blanks or signs there is \"asmith2\" (\"1001\")";
    for (wanted, hint) in [
        ("ASMITH2", near),
        ("asmith2 ", near),
        ("", ""),
        (
            "2c918085744fec4301746f9a5bce4605",
            ", which is the identityId",
        ),
    ] {
        assert_eq!(
            refusal(&info, Some(wanted)),
            format!("no account has this id or name{hint}{all}")
        );
    }
}

#[test]
fn an_only_account_is_still_compared_with_what_was_asked_for() {
    assert!(matches!(
        info(json!({})).account(Some("Bobby.Smith")),
        Err(Error::AccountNotFound { .. })
    ));
}

#[test]
fn no_account_is_an_error_whether_absent_null_or_empty() {
    for accounts in [json!(null), json!([])] {
        for wanted in [None, Some("asmith")] {
            assert_eq!(
                refusal(&info(json!({"accounts": accounts})), wanted),
                "the password-info has no account: the identity has none on this source"
            );
        }
    }
    let absent = PasswordInfo::from_json(r#"{"identityId": "x"}"#).unwrap();
    assert!(matches!(absent.account(None), Err(Error::NoAccounts)));
}

#[test]
fn accounts_without_id_or_name_are_listed_and_not_used() {
    let info = info(json!({"accounts": [{"accountName": "a\nb"}, {}, {"accountId": "x"}]}));
    assert_eq!(
        refusal(&info, None),
        "there are 3 accounts, choose one: (\"a\\nb\", without an id), (one without id and name), \"x\""
    );
    assert_eq!(
        refusal(&info, Some("a\nb")),
        "the account has no accountId, by which a body names it"
    );
}

#[test]
fn a_field_that_the_body_needs_is_named_when_it_is_missing() {
    for field in ["identityId", "sourceId", "publicKeyId", "publicKey"] {
        for missing in [json!(null), json!(""), json!(" \u{a0}\t")] {
            assert_eq!(
                refusal(&info(json!({field: missing})), None),
                format!(
                    "the password-info has no {field}: is it the whole answer to query-password-info?"
                )
            );
        }
    }
}

#[test]
fn a_key_with_line_breaks_works_and_a_bad_one_is_explained() {
    let key = example()["publicKey"].as_str().unwrap().to_owned();
    let wrapped: String = key
        .as_bytes()
        .chunks(64)
        .map(|line| format!("{}\r\n", str::from_utf8(line).unwrap()))
        .collect();
    info(json!({"publicKey": wrapped}))
        .change_request(None, &password())
        .unwrap();
    assert_eq!(
        refusal(&info(json!({"publicKey": &key[..100]})), None),
        "the key is cut off: it has 75 bytes of 294"
    );
}

#[test]
fn unknown_fields_null_lists_and_a_byte_order_mark_are_tolerated() {
    let mut json = b"\xef\xbb\xbf".to_vec();
    json.extend(info_with_unknown_fields().to_string().into_bytes());
    let info = PasswordInfo::from_json(&json).unwrap();
    assert_eq!(info.policies, None);
    info.change_request(None, &password()).unwrap();
}

fn info_with_unknown_fields() -> Value {
    let mut info = example();
    info["policies"] = json!(null);
    info["newField"] = json!({"deep": [1, 2, {"x": null}]});
    info["accounts"][0]["attributes"] = json!([]);
    info
}

#[test]
fn json_errors_say_where_and_never_what() {
    for (json, message) in [
        ("", "the password-info is empty"),
        (
            "hunter2",
            "the password-info is not JSON, at line 1 column 1",
        ),
        (
            "{\n \"identityId\": \"hunter2",
            "the password-info is JSON that is cut off, at line 2 column 23",
        ),
        (
            "{\"identityId\": 7}",
            "the password-info is JSON in which identityId is a number, and a string is wanted, at line 1 column 16",
        ),
        (
            "\"hunter2\"",
            "the password-info is a JSON string, and an object is wanted",
        ),
        (
            "{\"identityId\": \"a\", \"identityId\": \"hunter2\"}",
            "the password-info is JSON in which identityId occurs twice, at line 1 column 32",
        ),
        (
            "{\"identityId\": \"a\", \"identity_id\": \"hunter2\"}",
            "the password-info is JSON in which identityId occurs twice, at line 1 column 33",
        ),
        (
            "{\"accounts\": [{}, {\"accountId\": \"a\", \"accountId\": \"hunter2\"}]}",
            "the password-info is JSON in which accounts[1].accountId occurs twice, at line 1 column 48",
        ),
        (
            "{\"accounts\": [[\"hunter2\", \"hunter2\"]]}",
            "the password-info is JSON in which accounts[0] is a list, and an account is wanted, at line 1 column 15",
        ),
        (
            "{\"identityId\": \"a\", \"accounts\": [\"x, expected hunter2\"]}",
            "the password-info is JSON in which accounts[0] is a string, and an account is wanted, at line 1 column 54",
        ),
        (
            "{} hunter2",
            "the password-info is JSON with something else after its end, at line 1 column 4",
        ),
    ] {
        let error = PasswordInfo::from_json(json).expect_err("it must be refused");
        assert_eq!(error.to_string(), message);
        assert!(!format!("{error:?}").contains("hunter"), "{error:?}");
    }
    for utf_16 in [b"\xff\xfe{\0", b"\xfe\xff\0{"] {
        let error = PasswordInfo::from_json(utf_16).expect_err("it must be refused");
        assert_eq!(
            error.to_string(),
            "the password-info is text in UTF-16 and not in UTF-8: save it as UTF-8 (in PowerShell with -Encoding utf8)"
        );
    }
}

/// serde keeps what it flattens in values of its own, in which null is another event.
#[test]
fn lists_may_be_null_or_absent_also_in_what_serde_keeps() {
    #[derive(serde::Deserialize)]
    struct Envelope<'a> {
        #[serde(borrow, flatten)]
        info: PasswordInfo<'a>,
    }
    let full = "{\"policies\":[\"a\"],\"accounts\":[{\"accountId\":\"b\"}]}";
    let lengths = |json| {
        let direct = PasswordInfo::from_json(json).unwrap();
        let kept: Envelope<'_> = serde_json::from_str(json).unwrap();
        assert_eq!(kept.info, direct);
        (
            direct.policies.map(|policies| policies.len()),
            direct.accounts.len(),
        )
    };
    assert_eq!(lengths(full), (Some(1), 1));
    assert_eq!(lengths("{\"policies\":[],\"accounts\":[]}"), (Some(0), 0));
    assert_eq!(lengths("{\"policies\":null,\"accounts\":null}"), (None, 0));
    assert_eq!(lengths("{\"sourceId\":\"c\"}"), (None, 0));
}

#[test]
fn a_password_that_is_too_long_is_refused_before_anything_is_made() {
    let long = Password::new(&[b'x'; 246]).unwrap();
    assert_eq!(
        info(json!({"policies": []}))
            .change_request(None, &long)
            .unwrap_err()
            .to_string(),
        "the password has 246 bytes; the longest that this key can encrypt has 245"
    );
}

/// What a request of the example was made of.
fn decrypted(request: &PasswordChangeRequest) -> Vec<u8> {
    let pem = include_str!("data/private-key.pem");
    let key = RsaPrivateKey::from_pkcs8_pem(pem).expect("a key");
    let ciphertext = STANDARD.decode(request.encrypted_password());
    key.decrypt(Pkcs1v15Encrypt, &ciphertext.expect("base64"))
        .expect("it is encrypted for this key")
}

#[test]
fn whatever_makes_a_body_judges_the_password() {
    let info = info(json!({"policies": []}));
    let recipient = info.recipient(None).unwrap();
    let makers = [
        &(|password: &Password| recipient.change_request(password))
            as &dyn Fn(&Password) -> Result<PasswordChangeRequest, Error>,
        &|password: &Password| recipient.change_request_despite_policy(password),
        &|password: &Password| info.change_request(None, password),
    ];
    for make in makers {
        let refused = Password::new("hunter2\n").unwrap();
        let error = make(&refused).expect_err("a line break");
        let Error::Core(pwseal::Error::PasswordNotText {
            problem, position, ..
        }) = error
        else {
            panic!("{error:?}");
        };
        assert_eq!((problem, position), (NotText::LineBreak, 7));
        let meant = make(&refused.with_raw(true)).unwrap();
        assert_eq!(decrypted(&meant), b"hunter2\n");

        let marked = Password::new("\u{feff}hunter:2 ").unwrap();
        let request = make(&marked).unwrap();
        assert_eq!(decrypted(&request), b"hunter:2 ");
        let warnings = [PasswordWarning::TrailingWhiteSpace, PasswordWarning::Colon];
        assert!(request.warnings().iter().eq(warnings));
        let read = PasswordChangeRequest::from_json(&request.to_json()).unwrap();
        assert!(read == request && read.warnings().is_empty());
    }
}

/// The policies see the password that is encrypted.
#[test]
fn a_byte_order_mark_does_not_make_a_password_longer() {
    let info = info(json!({"policies": ["passwordMinLength is 8"]}));
    let short = Password::new("\u{feff}hunter2").unwrap();
    let error = info.change_request(None, &short).unwrap_err();
    assert!(matches!(error, Error::Policy(_)), "{error}");
}

#[test]
fn debug_shows_ids_and_no_ciphertext() {
    let request = info(json!({})).change_request(None, &password()).unwrap();
    let debug = format!("{request:?}");
    assert!(debug.contains("2c918083746f642c01746f990884012a"));
    assert!(debug.contains("[redacted]"));
    assert!(!debug.contains(&request.encrypted_password()[..8]));
}

#[test]
fn a_password_that_violates_a_policy_makes_no_body() {
    let info = info(json!({}));
    let recipient = info.recipient(None).unwrap();
    let weak = Password::new("aaaa").unwrap();
    let error = recipient.change_request(&weak).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the password violates the policy: \
         passwordRepeatedChar is 3 (its longest run of one character is 4, but at most 3 are allowed); \
         passwordMinLength is 5 (has 4 characters, but at least 5 are wanted); \
         passwordMinNumeric is 1 (has 0 digits, but at least 1 is wanted)"
    );
    let Error::Policy(report) = error else {
        panic!("{error:?}")
    };
    let violated = report
        .findings()
        .filter(|f| f.outcome() == Outcome::Violated);
    assert_eq!(violated.count(), 3);

    let body = recipient.change_request_despite_policy(&weak).unwrap();
    assert_eq!(body.encrypted_password().len(), 344);
}

#[test]
fn the_account_s_own_id_and_name_are_compared() {
    let policies = [
        "checkPasswordAgainstAccountID is true",
        "checkPasswordAgainstDisplayName is true",
    ];
    let info = info(json!({
        "policies": policies,
        "accounts": [{"accountId": "ABBYSMITH77", "accountName": "Winter"}],
    }));
    let recipient = info.recipient(None).unwrap();
    let outcomes = |password: &str| {
        let report = recipient.check(&Password::new(password).unwrap());
        report
            .findings()
            .map(|finding| finding.outcome())
            .collect::<Vec<_>>()
    };
    use Outcome::{Passed, Violated};
    assert_eq!(outcomes("correct horse 7"), [Passed, Passed]);
    assert_eq!(outcomes("abbysmith77!"), [Violated, Passed]);
    assert_eq!(outcomes("Winter2026"), [Passed, Violated]);
}

#[test]
fn a_rule_that_cannot_be_checked_is_no_violation_and_no_pass() {
    let info = info(json!({"policies": ["passwordHistory is 5"]}));
    let report = info.recipient(None).unwrap().check(&password());
    assert!(!report.has_violation() && !report.all_passed());
    assert!(info.change_request(None, &password()).is_ok());
    assert_eq!(info.policy().rules().len(), 1);
}

#[test]
fn a_recipient_says_whom_it_is_for() {
    let info = info(json!({"policies": ["passwordHistory is 5"]}));
    let recipient = info.recipient(None).unwrap();
    let body = recipient.change_request(&password()).unwrap();
    assert_eq!(recipient.identity_id(), body.identity_id());
    assert_eq!(recipient.source_id(), body.source_id());
    assert_eq!(recipient.account_id(), body.account_id());
    assert_eq!(recipient.public_key_id(), body.public_key_id());
    assert_eq!(*recipient.policy(), info.policy());
}

/// A body with some fields replaced, or taken out (by null).
fn body(changes: Value) -> String {
    let mut body = json!({
        "identityId": "i", "encryptedPassword": STANDARD.encode([7; 256]), "publicKeyId": "k",
        "accountId": "a", "sourceId": "s",
    });
    for (field, value) in changes.as_object().expect("an object") {
        body[field] = value.clone();
    }
    body.to_string()
}

fn body_refusal(body: &str) -> String {
    let error = PasswordChangeRequest::from_json(body).expect_err("it must be refused");
    assert!(
        !format!("{error:?} {error}").contains("hunter"),
        "{error:?}"
    );
    error.to_string()
}

#[test]
fn a_body_is_read_as_it_was_written() {
    let change = info(json!({})).change_request(None, &password()).unwrap();
    let json = change.to_json();
    let back = PasswordChangeRequest::from_json(&json).unwrap();
    assert_eq!(back, change);
    assert_eq!(back.to_json(), json);
    // As a file, and by a writer that escapes what it need not.
    for json in [
        format!("\u{feff} {json}\r\n"),
        json.replace('/', r"\/"),
        json.replace('+', r"\u002b")
            .replace("==\"", r#"\u003D\u003d""#),
    ] {
        assert_eq!(PasswordChangeRequest::from_json(&json).unwrap(), change);
    }
    let more = body(json!({"comment": ["x"]}));
    assert!(PasswordChangeRequest::from_json(more.as_bytes()).is_ok());
}

proptest! {
    #[test]
    fn any_body_is_read_as_it_was_written(
        ids in [".{0,10}\\w.{0,9}", ".{0,10}\\w.{0,9}", ".{0,10}\\w.{0,9}", "[\\PC\"\\\\]{0,10}\\w"],
        ciphertext in vec(any::<u8>(), 128..520),
    ) {
        let ciphertext = STANDARD.encode(ciphertext);
        let [identity_id, public_key_id, account_id, source_id] = &ids;
        let json = body(json!({
            "identityId": identity_id, "publicKeyId": public_key_id, "accountId": account_id,
            "sourceId": source_id, "encryptedPassword": ciphertext,
        }));
        let change = PasswordChangeRequest::from_json(&json).unwrap();
        prop_assert_eq!(change.identity_id(), identity_id);
        prop_assert_eq!(change.public_key_id(), public_key_id);
        prop_assert_eq!(change.account_id(), account_id);
        prop_assert_eq!(change.source_id(), source_id);
        prop_assert_eq!(change.encrypted_password(), &ciphertext);
        prop_assert_eq!(PasswordChangeRequest::from_json(&change.to_json()).unwrap(), change);
    }
}

#[test]
fn a_body_that_lacks_something_is_refused() {
    for field in [
        "identityId",
        "encryptedPassword",
        "publicKeyId",
        "accountId",
        "sourceId",
    ] {
        let mut absent: Value = serde_json::from_str(&body(json!({}))).unwrap();
        absent.as_object_mut().unwrap().remove(field);
        let (null, empty) = (body(json!({field: null})), body(json!({field: ""})));
        for body in [absent.to_string(), null, empty] {
            assert_eq!(
                body_refusal(&body),
                format!(
                    "the set-password body has no {field}: is it the whole body? \
                     In a line of pwseal bulk it is the field request"
                )
            );
        }
        let number = body_refusal(&body(json!({field: 7})));
        let expected = match field {
            "encryptedPassword" => {
                "the encryptedPassword of the set-password body is not encrypted"
            }
            _ => {
                &format!("the set-password body is JSON in which {field} is a number, and a string")
            }
        };
        assert!(number.starts_with(expected), "{number}");
    }
    for (body, message) in [
        ("", "empty"),
        ("hunter2", "not JSON, at line 1 column 1"),
        (
            "[\"hunter2\"]",
            "a JSON array with 1 element(s), and an object is wanted",
        ),
        (
            "{\"accountId\": \"hunter2\", \"accountId\": \"hunter2\"}",
            "JSON in which accountId occurs twice, at line 1 column 36",
        ),
    ] {
        assert_eq!(
            body_refusal(body),
            format!("the set-password body is {message}")
        );
    }
}

#[test]
fn a_password_that_is_not_encrypted_is_refused() {
    let encrypted = |text: &str| body(json!({"encryptedPassword": text}));
    for bytes in 128..132 {
        let text = STANDARD.encode(vec![0xff; bytes]);
        assert!(PasswordChangeRequest::from_json(&encrypted(&text)).is_ok());
    }
    let good = STANDARD.encode([0xff; 256]);
    for text in [
        "hunter2",
        "hunter2 hunter2 hunter2 hunter2 hunter2",
        &"hunter2 ".repeat(40),
        // Shorter than any ciphertext, cut off, wrapped, for URLs, with too many signs at the end.
        &STANDARD.encode([0xff; 127]),
        &good[..343],
        &format!("{}\n", &good[..343]),
        &format!("{}\n{}", &good[..76], &good[77..]),
        &good.replace('/', "_"),
        &format!("{}====", &good[..340]),
        &format!("={}", &good[1..]),
    ] {
        assert_eq!(
            body_refusal(&encrypted(text)),
            "the encryptedPassword of the set-password body is not encrypted, or not in \
             unwrapped base64: make a new body of the password",
            "{text:?}"
        );
    }
}
