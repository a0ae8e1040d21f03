//! Answers that are no success: what is kept of them, what is said about them, what is hidden.
// The helpers of a test may panic as the test itself may.
#![allow(clippy::panic, clippy::unwrap_used)]

use std::time::Duration;

use http::{Response, StatusCode};
use pwseal_api::{
    AnswerError, AnswerProblem, DigitToken, LocaleOrigin, MAX_BODY_LEN, PasswordChangeResponse,
    PasswordInfo, PasswordStatus, State, StatusPoll,
};

fn response<B>(status: u16, body: B) -> Response<B> {
    Response::builder().status(status).body(body).unwrap()
}

fn refused(status: u16, body: &str) -> AnswerError {
    PasswordInfo::from_response(&response(status, body)).unwrap_err()
}

const FORBIDDEN: &str = r#"{
    "detailCode": "403 Forbidden", "trackingId": "b21b1f7ce4da4d639f2c62a57171b427",
    "messages": [
        {"locale": "en-US", "localeOrigin": "DEFAULT", "text": "The server refuses."},
        {"locale": "de", "localeOrigin": "REQUEST", "text": "Der Server will nicht."},
        {"locale": null, "localeOrigin": null, "text": "No."},
        {"localeOrigin": "COOKIE", "text": "Non."}],
    "causes": [{"text": "The source has no PASSWORD feature."}], "more": {}}"#;

#[test]
fn the_api_s_own_words_are_kept() {
    let error = refused(403, FORBIDDEN);
    assert_eq!(
        error.to_string(),
        "the answer to query-password-info is 403 Forbidden: 403 Forbidden: The server refuses.: \
         The source has no PASSWORD feature. (tracking id b21b1f7ce4da4d639f2c62a57171b427); \
         the token needs the scope idn:password-info:read, and beta takes no personal access token \
         here, but one of the grant client_credentials"
    );
    assert_eq!(error.status(), StatusCode::FORBIDDEN);
    let AnswerProblem::Refused(said) = error.problem() else {
        panic!("{error:?}")
    };
    assert_eq!(said.detail_code.as_deref(), Some("403 Forbidden"));
    assert_eq!(
        said.tracking_id.as_deref(),
        Some("b21b1f7ce4da4d639f2c62a57171b427")
    );
    let origins: Vec<_> = said
        .messages
        .iter()
        .map(|m| m.locale_origin.clone())
        .collect();
    assert_eq!(
        origins,
        [
            Some(LocaleOrigin::Default),
            Some(LocaleOrigin::Request),
            None,
            Some(LocaleOrigin::Other("COOKIE".into()))
        ]
    );
    for (locale, text) in [
        ("en-US", "The server refuses."),
        ("EN-us", "The server refuses."),
        ("en-US-x-private", "The server refuses."),
        ("de-CH", "Der Server will nicht."),
        ("de", "Der Server will nicht."),
        ("fr", "The server refuses."),
        ("en", "The server refuses."),
        ("", "The server refuses."),
    ] {
        assert_eq!(said.text(locale), Some(text), "{locale}");
    }
}

#[test]
fn the_smaller_forms_of_401_and_429_are_understood() {
    assert_eq!(
        refused(401, r#"{"error": "JWT validation failed: JWT is expired"}"#).to_string(),
        "the answer to query-password-info is 401 Unauthorized: JWT validation failed: \
         JWT is expired; the token is missing, wrong or expired"
    );
    assert_eq!(
        refused(429, r#"{"message": " Rate Limit Exceeded "}"#).to_string(),
        "the answer to query-password-info is 429 Too Many Requests: Rate Limit Exceeded; \
         ask less often: 100 times in 10 s at most"
    );
    // Neither field has a type in the schemas.
    for body in [
        r#"{"error": {"code": 7}, "message": "No."}"#,
        r#"{"error": 1, "message": "No."}"#,
    ] {
        assert!(
            refused(401, body)
                .to_string()
                .contains("Unauthorized: No.;")
        );
    }
}

#[test]
fn of_many_causes_three_are_named() {
    let message = |causes: usize| {
        let causes = vec![r#"{"text": "No."}, {}"#; causes].join(",");
        refused(
            400,
            &format!(r#"{{"detailCode": "400", "causes": [{causes}]}}"#),
        )
        .to_string()
    };
    let start = "the answer to query-password-info is 400 Bad Request: 400: No.: No.: No.";
    for (causes, more) in [(3, ""), (4, ": and 1 more"), (20_000, ": and 19997 more")] {
        let message = message(causes);
        assert!(message.starts_with(&format!("{start}{more};")), "{message}");
    }
}

#[test]
fn messages_in_other_shapes_are_read() {
    for messages in [
        r#"{"locale": "en-US", "localeOrigin": "DEFAULT", "text": "Error Message"}"#,
        r#"["Error Message"]"#,
        r#"[{"text": "Error Message"}]"#,
    ] {
        let error = refused(
            400,
            &format!(r#"{{"messages": {messages}, "causes": null}}"#),
        );
        let message = error.to_string();
        let start = "the answer to query-password-info is 400 Bad Request: Error Message;";
        assert!(message.starts_with(start), "{message}");
    }
}

#[test]
fn messages_by_position_are_not_the_api_s() {
    for messages in [
        r#"[["en-US", "DEFAULT", "Error Message"]]"#,
        r#"[null, null, "Error Message"]"#,
        "[[]]",
    ] {
        for field in ["messages", "causes"] {
            let error = refused(400, &format!(r#"{{"{field}": {messages}}}"#));
            assert!(
                matches!(error.problem(), AnswerProblem::NotFromTheApi { .. }),
                "{error:?}"
            );
        }
    }
}

#[test]
fn what_is_not_from_the_api_keeps_its_status_and_an_excerpt() {
    for (status, body, message) in [
        (
            502,
            "<html>\n<h1>502 Bad Gateway</h1>\n",
            "502 Bad Gateway, and its body not the API's: \"<html> <h1>502 Bad Gateway</h1>\"",
        ),
        (502, "", "502 Bad Gateway, with nothing that is the API's"),
        (
            503,
            "{}",
            "503 Service Unavailable, and its body not the API's: \"{}\"",
        ),
        (
            500,
            "[]",
            "500 Internal Server Error, and its body not the API's: \"[]\"",
        ),
        (
            403,
            "{\"detailCode\": \"403",
            "403 Forbidden, and its body not the API's: \"{\\\"detailCode\\\": \\\"403\"; the token needs the scope idn:password-info:read, and beta takes no personal access token here, but one of the grant client_credentials",
        ),
        (
            400,
            r#"{"messages": 7}"#,
            "400 Bad Request, and its body not the API's: \"{\\\"messages\\\": 7}\"; is userName a login name and sourceName a source's name, both to the letter?",
        ),
        (
            404,
            "no route",
            "404 Not Found, and its body not the API's: \"no route\"; is the tenant or base URL right?",
        ),
        (302, "", "302 Found, with nothing that is the API's"),
        (
            200,
            "<html>Sign in",
            "200 OK, but a page of HTML, of a proxy or a gateway perhaps, or a login page: \"<html>Sign in\"",
        ),
        (200, "", "200 OK, but empty"),
        (
            200,
            "{\"identityId\": \"2c91",
            "200 OK, but JSON that is cut off, at line 1 column 20: \"{\\\"identityId\\\": \\\"2c91\"",
        ),
        (
            200,
            r#"{"sourceId": "a", "sourceId": "b"}"#,
            "200 OK, but JSON in which sourceId occurs twice, at line 1 column 28: \"{\\\"sourceId\\\": \\\"a\\\", \\\"sourceId\\\": \\\"b\\\"}\"",
        ),
        (
            200,
            "[]",
            "200 OK, but a JSON array with 0 element(s), and an object is wanted: \"[]\"",
        ),
        (
            200,
            "null",
            "200 OK, but JSON null, and an object is wanted: \"null\"",
        ),
        (
            202,
            "{}",
            "202 Accepted, and its body not the API's: \"{}\"; only 200 OK means success here",
        ),
    ] {
        let error = refused(status, body);
        assert_eq!(error.status(), status);
        assert_eq!(
            error.to_string(),
            format!("the answer to query-password-info is {message}"),
            "{body}"
        );
    }
}

#[test]
fn a_200_is_no_success_of_set_password() {
    let body = r#"{"requestId": "089899f1", "state": "FINISHED"}"#;
    let error = PasswordChangeResponse::from_response(&response(200, body)).unwrap_err();
    assert!(
        error
            .to_string()
            .ends_with("; only 202 Accepted means success here: that the change is ordered")
    );

    let answer = PasswordChangeResponse::from_response(&response(202, body)).unwrap();
    assert_eq!(answer.request_id.as_deref(), Some("089899f1"));
    assert_eq!(answer.state, Some(State::Finished));

    // The change is ordered, and its id must not be lost.
    for body in [
        r#"{"requestId": 17}"#,
        r#"{"requestId": "17", "state": 7}"#,
        r#"{"state": {"name": "IN_PROGRESS"}, "requestId": "17"}"#,
    ] {
        let answer = PasswordChangeResponse::from_response(&response(202, body)).unwrap();
        assert_eq!(
            (answer.request_id.as_deref(), answer.state),
            (Some("17"), None)
        );
    }
}

#[test]
fn advice_is_that_of_the_operation() {
    let advice = |error: AnswerError| {
        let message = error.to_string();
        message
            .split_once("; ")
            .map(|(_, advice)| advice.to_owned())
    };
    let advised = |status: u16| {
        [
            advice(refused(status, "")),
            advice(PasswordChangeResponse::from_response(&response(status, "")).unwrap_err()),
            advice(PasswordStatus::from_response(&response(status, "")).unwrap_err()),
            advice(DigitToken::from_response(&response(status, "")).unwrap_err()),
        ]
    };
    for (status, fragments) in [
        (400, ["sourceName", "the feature PASSWORD", "", ""]),
        (401, ["the token is missing"; 4]),
        (
            403,
            [
                "personal access token",
                "idn:password-change:manage",
                "idn:password-change:read",
                "idn:password-digit-token:create",
            ],
        ),
        (404, ["base URL", "base URL", "request id", "base URL"]),
        (
            500,
            [
                "",
                "whether it was carried out",
                "",
                "whether it was carried out",
            ],
        ),
    ] {
        for (advice, fragment) in advised(status).into_iter().zip(fragments) {
            match fragment {
                "" => assert_eq!(advice, None, "{status}"),
                fragment => assert!(advice.unwrap().contains(fragment), "{status} {fragment}"),
            }
        }
    }
}

#[test]
fn a_huge_body_is_not_read() {
    let mut body = b"{\"policies\": []}".to_vec();
    body.resize(MAX_BODY_LEN, b' ');
    assert!(PasswordInfo::from_response(&response(200, &body)).is_ok());
    body.push(b' ');
    for status in [200, 502] {
        let error = PasswordInfo::from_response(&response(status, &body)).unwrap_err();
        assert_eq!(*error.problem(), AnswerProblem::TooLong);
        assert_eq!(error.status(), status);
        assert!(
            error
                .to_string()
                .ends_with(", and longer than 1048576 bytes")
        );
    }
}

#[test]
fn what_may_succeed_later() {
    let retryable = |status: &u16| refused(*status, "").retryable();
    let below_500: Vec<_> = (100..500).filter(retryable).collect();
    assert_eq!(below_500, [408, 425, 429]);
    let not: Vec<_> = (500..600).filter(|status| !retryable(status)).collect();
    assert_eq!(not, [501, 505]);
    assert!((600..1000).all(|status| !retryable(&status)));
}

#[test]
fn retry_after_in_seconds_and_as_a_date() {
    const DATE: &str = "Fri, 20 Nov 2026 10:00:00 GMT";
    for (retry_after, date, expected) in [
        ("10", None, Some(10)),
        (" 10 ", Some(DATE), Some(10)),
        ("0", None, Some(0)),
        ("18446744073709551615", None, Some(u64::MAX)),
        ("-1", None, None),
        ("1.5", None, None),
        ("soon", Some(DATE), None),
        ("", Some(DATE), None),
        ("Fri, 20 Nov 2026 10:00:07 GMT", Some(DATE), Some(7)),
        (
            "Sat, 21 Nov 2026 10:00:00 GMT",
            Some(DATE),
            Some(24 * 60 * 60),
        ),
        // The two forms that are obsolete (RFC 9110, section 5.6.7).
        ("Friday, 20-Nov-26 10:00:07 GMT", Some(DATE), Some(7)),
        ("Fri Nov 20 10:00:07 2026", Some(DATE), Some(7)),
        ("Fri, 20 Nov 2026 09:00:00 GMT", Some(DATE), Some(0)),
        ("120, 120", None, Some(120)),
        ("7,120 ,30", Some(DATE), Some(120)),
        ("120, Fri, 20 Nov 2026 10:00:07 GMT", Some(DATE), Some(120)),
        ("18446744073709551616", None, Some(u64::MAX)),
        ("+5", None, None),
        ("Fri, 20 Nov 2026 10:00:07 GMT", None, None),
        ("Fri, 20 Nov 2026 10:00:07 GMT", Some("now"), None),
    ] {
        let mut response = Response::builder()
            .status(429)
            .header("retry-after", retry_after);
        if let Some(date) = date {
            response = response.header("date", date);
        }
        let error = PasswordInfo::from_response(&response.body("").unwrap()).unwrap_err();
        assert_eq!(
            error.retry_after(),
            expected.map(Duration::from_secs),
            "{retry_after}"
        );
        if let Some(seconds) = expected {
            assert!(
                error
                    .to_string()
                    .ends_with(&format!("; ask again in {seconds} s"))
            );
        }
    }
    for (values, expected) in [
        ([&b"7"[..], b"30"], Some(30)),
        ([b"\xff", b"7"], Some(7)),
        ([b"\xff", b"\xff"], None),
    ] {
        let twice = values
            .into_iter()
            .fold(Response::builder().status(429), |response, value| {
                response.header("retry-after", value)
            });
        let error = PasswordInfo::from_response(&twice.body("").unwrap()).unwrap_err();
        assert_eq!(error.retry_after(), expected.map(Duration::from_secs));
    }
}

#[test]
fn a_digit_token_is_read_verbatim_and_never_shown() {
    for (json, digits) in [
        (
            r#"{"digitToken": "09087713", "requestId": "e1"}"#,
            "09087713",
        ),
        (r#"{"digitToken": 9087713, "requestId": "e1"}"#, "9087713"),
        (
            r#"{"digitToken": 999999999999999999, "requestId": "e1"}"#,
            "999999999999999999",
        ),
    ] {
        // What the id is must not hide a token that is valid already.
        let number = json.replace("\"e1\"", "17");
        let token = DigitToken::from_response(&response(200, &number)).unwrap();
        assert_eq!(
            (token.digit_token(), token.request_id()),
            (Some(digits), Some("17"))
        );
        let token = DigitToken::from_response(&response(200, json)).unwrap();
        assert_eq!(token.digit_token(), Some(digits));
        assert_eq!(token.request_id(), Some("e1"));
        assert_eq!(
            format!("{token:?}"),
            r#"DigitToken { digit_token: Some("[redacted]"), request_id: Some("e1") }"#
        );
    }
    assert_eq!(
        DigitToken::from_response(&response(200, "{}"))
            .unwrap()
            .digit_token(),
        None
    );
    for value in ["-9087713", "90877.13", "true", "[\"9087713\"]", "{}"] {
        let json = format!(r#"{{"digitToken": {value}}}"#);
        assert!(
            DigitToken::from_response(&response(200, json)).is_err(),
            "{value}"
        );
    }
    for (status, json) in [
        (200, r#"{"digitToken": "9087713", "digitToken": "9087713"}"#),
        (200, r#"{"digitToken": "9 0 8 7 7 1 3""#),
        (201, r#"{"digitToken": "9 0 8 7 7 1 3"}"#),
        (500, r#"{"digitToken": "9087713"}"#),
        (500, r#"{"message": "9087713 is used already"}"#),
    ] {
        let error = DigitToken::from_response(&response(status, json)).unwrap_err();
        assert!(!error.to_string().contains("7713"), "{error}");
        assert!(!error.to_string().contains("9 0"), "{error}");
    }
}

#[test]
fn a_ciphertext_that_comes_back_is_not_shown() {
    let ciphertext = "qrvM3e7/ABEiM0RVZneImaq7zN3u/wARIjNEVWZ3iJmqu8zd7v8+".repeat(6);
    for body in [
        format!("<p>cannot handle {{\"encryptedPassword\": \"{ciphertext}\"}}"),
        format!(r#"{{"messages": [{{"text": "bad value {ciphertext}"}}]}}"#),
        format!(r#"{{"detailCode": "400 {ciphertext}"}}"#),
    ] {
        let error = PasswordChangeResponse::from_response(&response(400, &body)).unwrap_err();
        assert!(error.to_string().contains("[...]"), "{error}");
        assert!(!error.to_string().contains(&ciphertext[..12]), "{error}");
    }
}

#[test]
fn states_that_are_not_known_are_kept() {
    let status = |json: &str| PasswordStatus::from_response(&response(200, json)).unwrap();
    for (name, state) in [
        ("IN_PROGRESS", State::InProgress),
        ("FINISHED", State::Finished),
        ("FAILED", State::Failed),
        ("ON_HOLD", State::Other("ON_HOLD".into())),
    ] {
        let parsed = status(&format!(r#"{{"state": "{name}"}}"#)).state.unwrap();
        assert_eq!(parsed.to_string(), name);
        assert_eq!(parsed, state);
    }
    let odd =
        status(r#"{"state": null, "status": 200, "errors": null, "sourceIds": null, "error": []}"#);
    assert_eq!(odd, PasswordStatus::default());
    // The other fields do not matter if there is no state; what is no state is an error.
    for value in ["7", "[\"FINISHED\"]", "{}", "true"] {
        let json = format!(r#"{{"state": {value}}}"#);
        assert!(
            PasswordStatus::from_response(&response(200, json)).is_err(),
            "{value}"
        );
    }
    // The name of the schema wins over that of beta's example.
    let both = status(r#"{"status": "IN_PROCESS", "state": "FAILED", "errors": ["a", "b"]}"#);
    assert_eq!(both.state, Some(State::Failed));
    assert_eq!(both.errors, ["a", "b"]);
}

#[test]
fn nothing_hides_a_state() {
    for (value, id, list) in [
        ("null", None, vec![]),
        ("[]", Some("[]"), vec![]),
        ("7", Some("7"), vec!["7"]),
        (r#""a b""#, Some("a b"), vec!["a b"]),
        ("true", Some("true"), vec!["true"]),
        (
            r#"{ "code" : 7 }"#,
            Some(r#"{"code":7}"#),
            vec![r#"{"code":7}"#],
        ),
        (
            r#"["a", null, {"b": [1, null]}, 7, [ ], ""]"#,
            Some(r#"["a",null,{"b":[1,null]},7,[],""]"#),
            vec!["a", r#"{"b":[1,null]}"#, "7", "[]", ""],
        ),
    ] {
        for name in ["requestId", "reqeustId"] {
            let json = format!(
                r#"{{"{name}": {value}, "errors": {value}, "sourceIds": {value}, "state": "FINISHED"}}"#
            );
            let status = PasswordStatus::from_response(&response(200, &json)).unwrap();
            assert_eq!(status.state, Some(State::Finished));
            assert_eq!(status.request_id.as_deref(), id, "{json}");
            assert_eq!(status.errors, list, "{json}");
            assert_eq!(status.source_ids, list, "{json}");
        }
    }
}

#[test]
fn debug_masks_what_display_masks() {
    let secret = "qrvM3e7/ABEiM0RVZneImaq7zN3u/wARIjNEVWZ3iJmqu8zd7v8+";
    let fields = ["detailCode", "trackingId", "error", "message"];
    let mut refusals = fields
        .map(|field| format!(r#"{{"{field}": "{secret} 9087713"}}"#))
        .to_vec();
    for field in ["locale", "localeOrigin", "text"] {
        let message = format!(r#"{{"{field}": "{secret} 9087713"}}"#);
        refusals.push(format!(r#"{{"messages": [{message}]}}"#));
        refusals.push(format!(r#"{{"causes": [{message}]}}"#));
    }
    let mut shown: Vec<_> = refusals
        .iter()
        .map(|body| format!("{:?}", refused(400, body)))
        .collect();
    shown.push(format!("{:?}", refused(502, &refusals[0])));
    for state in ["FINISHED", "FAILED", "9087713"] {
        let value = format!("{secret} 9087713");
        let body = format!(
            r#"{{"requestId": "{value}", "state": "{state}", "errors": ["{value}"], "sourceIds": ["{value}"]}}"#
        );
        let status = PasswordStatus::from_response(&response(200, &body)).unwrap();
        shown.push(format!("{status:?}"));
        shown.push(format!(
            "{:?}",
            StatusPoll::new().next(Ok(status), Duration::ZERO)
        ));
        let change = PasswordChangeResponse::from_response(&response(202, &body)).unwrap();
        shown.push(format!("{change:?}"));
        let token = DigitToken::from_response(&response(200, &body)).unwrap();
        shown.push(format!("{token:?}"));
    }
    for text in shown {
        assert!(
            !text.contains(&secret[..12]) && !text.contains("9087"),
            "{text}"
        );
    }
    let error = format!("{:?}", refused(400, r#"{"message": "No \"way\"."}"#));
    assert!(error.contains(r#"message: Some("No \"way\".")"#), "{error}");
}
