//! Every operation in every version: the exact request.
// The helpers of a test may panic as the test itself may.
#![allow(clippy::panic, clippy::unwrap_used)]

use http::Request;
use http::header::AUTHORIZATION;
use pwseal::Password;
use pwseal_api::{
    Api, ApiVersion, DigitTokenRequest, Error, Operation, PasswordInfo, PasswordInfoQuery,
    authorize,
};

use ApiVersion::{Beta, V1, V3, V2024, V2025, V2026};
use Operation::{GenerateDigitToken, PasswordChangeStatus, QueryPasswordInfo, SetPassword};

/// Operation, version, request line, and whether it is marked as experimental.
const TABLE: [(Operation, ApiVersion, &str, bool); 24] = [
    (
        QueryPasswordInfo,
        Beta,
        "POST /beta/query-password-info",
        false,
    ),
    (QueryPasswordInfo, V3, "POST /v3/query-password-info", false),
    (
        QueryPasswordInfo,
        V2024,
        "POST /v2024/query-password-info",
        false,
    ),
    (
        QueryPasswordInfo,
        V2025,
        "POST /v2025/query-password-info",
        false,
    ),
    (
        QueryPasswordInfo,
        V2026,
        "POST /v2026/query-password-info",
        false,
    ),
    (QueryPasswordInfo, V1, "POST /query-password-info/v1", false),
    (SetPassword, Beta, "POST /beta/set-password", false),
    (SetPassword, V3, "POST /v3/set-password", false),
    (SetPassword, V2024, "POST /v2024/set-password", false),
    (SetPassword, V2025, "POST /v2025/set-password", false),
    (SetPassword, V2026, "POST /v2026/set-password", false),
    (SetPassword, V1, "POST /set-password/v1", false),
    (
        PasswordChangeStatus,
        Beta,
        "GET /beta/password-change-status/089899f1",
        false,
    ),
    (
        PasswordChangeStatus,
        V3,
        "GET /v3/password-change-status/089899f1",
        false,
    ),
    (
        PasswordChangeStatus,
        V2024,
        "GET /v2024/password-change-status/089899f1",
        false,
    ),
    (
        PasswordChangeStatus,
        V2025,
        "GET /v2025/password-change-status/089899f1",
        false,
    ),
    (
        PasswordChangeStatus,
        V2026,
        "GET /v2026/password-change-status/089899f1",
        false,
    ),
    (
        PasswordChangeStatus,
        V1,
        "GET /password-change-status/v1/089899f1",
        false,
    ),
    (
        GenerateDigitToken,
        Beta,
        "POST /beta/generate-password-reset-token/digit",
        false,
    ),
    (GenerateDigitToken, V3, "", false),
    (
        GenerateDigitToken,
        V2024,
        "POST /v2024/generate-password-reset-token/digit",
        true,
    ),
    (
        GenerateDigitToken,
        V2025,
        "POST /v2025/generate-password-reset-token/digit",
        true,
    ),
    (
        GenerateDigitToken,
        V2026,
        "POST /v2026/generate-password-reset-token/digit",
        true,
    ),
    (
        GenerateDigitToken,
        V1,
        "POST /generate-password-reset-token/v1/digit",
        true,
    ),
];

fn make(operation: Operation, api: &Api) -> Result<(Request<Vec<u8>>, String), Error> {
    Ok(match operation {
        QueryPasswordInfo => {
            let query = PasswordInfoQuery::new("Abby \"A\" Smith", "My-AD");
            let body = r#"{"userName":"Abby \"A\" Smith","sourceName":"My-AD"}"#;
            (api.query_password_info(&query)?, body.into())
        }
        SetPassword => {
            let info = PasswordInfo::from_json(include_bytes!("data/password-info.json"))?;
            let change = info.change_request(None, &Password::new("hunter2")?)?;
            (api.set_password(&change)?, change.to_json())
        }
        PasswordChangeStatus => (api.password_change_status("089899f1")?, String::new()),
        GenerateDigitToken => {
            let token = DigitTokenRequest::new("Abby.Smith")
                .with_length(8)
                .with_duration_minutes(5);
            let body = r#"{"userId":"Abby.Smith","length":8,"durationMinutes":5}"#;
            (api.generate_digit_token(&token)?, body.into())
        }
        _ => panic!("{operation} is not tested"),
    })
}

fn headers(request: &Request<Vec<u8>>) -> Vec<(&str, &[u8])> {
    let headers = request.headers().iter();
    let mut headers: Vec<_> = headers
        .map(|(name, value)| (name.as_str(), value.as_bytes()))
        .collect();
    headers.sort_unstable();
    headers
}

#[test]
fn every_operation_in_every_version() {
    for (operation, version, line, experimental) in TABLE {
        let api = Api::new(version, "acme").unwrap();
        if line.is_empty() {
            let error = make(operation, &api).unwrap_err();
            assert!(matches!(error, Error::NotInVersion { .. }), "{error:?}");
            assert_eq!(
                error.to_string(),
                "v3 of the API has no generate-password-reset-token: take another version"
            );
            continue;
        }
        let (request, body) = make(operation, &api).unwrap();
        let (method, path) = line.split_once(' ').unwrap();
        assert_eq!(request.method(), method);
        assert_eq!(
            request.uri().to_string(),
            format!("https://acme.api.identitynow.com{path}")
        );
        let mut expected: Vec<(&str, &[u8])> = vec![("accept", b"application/json")];
        if method == "POST" {
            expected.push(("content-type", b"application/json"));
        }
        if experimental {
            expected.push(("x-sailpoint-experimental", b"true"));
        }
        assert_eq!(headers(&request), expected, "{operation} {version}");
        assert_eq!(request.body(), body.as_bytes(), "{operation} {version}");
    }
}

#[test]
fn the_table_has_every_operation_in_every_version() {
    let rows = TABLE.map(|(operation, version, ..)| (operation, version));
    let mut all = Vec::new();
    for &operation in Operation::ALL {
        all.extend(ApiVersion::ALL.iter().map(|version| (operation, *version)));
    }
    assert_eq!(rows, *all);
}

#[test]
fn a_version_is_found_by_its_name() {
    for &version in ApiVersion::ALL {
        assert_eq!(version.to_string().parse(), Ok(version));
    }
    for name in ["", "V3", "v3 ", "v2027"] {
        let error = name.parse::<ApiVersion>().unwrap_err();
        assert_eq!(
            error.to_string(),
            "there is no such version of the API: take one of beta, v3, v2024, v2025, v2026, v1"
        );
    }
}

#[test]
fn what_is_not_said_is_left_to_the_server() {
    let token = DigitTokenRequest::new("Abby.Smith");
    let api = Api::new(V2026, "acme").unwrap();
    let request = api.generate_digit_token(&token).unwrap();
    assert_eq!(request.body(), br#"{"userId":"Abby.Smith"}"#);
}

#[test]
fn a_digit_token_out_of_range_is_refused() {
    let api = Api::new(V2026, "acme").unwrap();
    let made = |token| {
        api.generate_digit_token(&token)
            .map_err(|error| error.to_string())
    };
    let with_length = |length| made(DigitTokenRequest::new("a").with_length(length));
    let with_minutes = |minutes| made(DigitTokenRequest::new("a").with_duration_minutes(minutes));
    for length in [6, 18] {
        assert!(with_length(length).is_ok());
    }
    for minutes in [1, 60] {
        assert!(with_minutes(minutes).is_ok());
    }
    for length in [0, 5, 19] {
        assert_eq!(
            with_length(length).unwrap_err(),
            format!("a digit token has 6 to 18 digits, not {length}")
        );
    }
    for minutes in [0, 61] {
        assert_eq!(
            with_minutes(minutes).unwrap_err(),
            format!("a digit token is valid for 1 to 60 minutes, not {minutes}")
        );
    }
}

#[test]
fn a_request_id_stays_one_segment_of_the_path() {
    let api = Api::new(V1, "acme").unwrap();
    for (id, segment) in [
        ("a-b.c_d~e", "a-b.c_d~e"),
        ("../../set-password", "..%2F..%2Fset-password"),
        ("a b?c#d%2F", "a%20b%3Fc%23d%252F"),
        ("a\r\nHost: evil", "a%0D%0AHost%3A%20evil"),
        ("Zürich", "Z%C3%BCrich"),
    ] {
        let request = api.password_change_status(id).unwrap();
        assert_eq!(
            request.uri().path_and_query().unwrap().as_str(),
            format!("/password-change-status/v1/{segment}")
        );
    }
    for id in ["", ".", "..", &"x".repeat(1 << 16)] {
        let error = api.password_change_status(id).unwrap_err();
        assert!(matches!(error, Error::RequestId), "{error:?}");
    }
}

#[test]
fn a_tenant_is_one_label_of_a_host_name() {
    for tenant in ["acme", "ACME-2", "7", &"a".repeat(63)] {
        assert!(Api::new(V3, tenant).is_ok(), "{tenant}");
    }
    for tenant in [
        "",
        "-acme",
        "acme-",
        "acme.api",
        "acme/x",
        "acme@evil",
        "acme\n",
        "äcme",
        "a b",
        &"a".repeat(64),
    ] {
        assert!(
            matches!(Api::new(V3, tenant), Err(Error::Tenant)),
            "{tenant:?}"
        );
    }
}

#[test]
fn another_address_must_be_encrypted_or_local() {
    for (base, url) in [
        (
            "https://acme.api.identitynow-demo.com",
            "https://acme.api.identitynow-demo.com/v3/set-password",
        ),
        (
            "https://acme.api.identitynow-demo.com/",
            "https://acme.api.identitynow-demo.com/v3/set-password",
        ),
        (
            "HTTPS://Acme.example",
            "https://Acme.example/v3/set-password",
        ),
        (
            "https://proxy.example:8443/isc/",
            "https://proxy.example:8443/isc/v3/set-password",
        ),
        (
            "http://localhost:8080",
            "http://localhost:8080/v3/set-password",
        ),
        (
            "http://LocalHost:8080",
            "http://LocalHost:8080/v3/set-password",
        ),
        ("http://127.0.0.1:1", "http://127.0.0.1:1/v3/set-password"),
        ("http://127.8.9.1", "http://127.8.9.1/v3/set-password"),
        ("http://[::1]", "http://[::1]/v3/set-password"),
        (
            "https://[2001:db8::7]:8443//",
            "https://[2001:db8::7]:8443/v3/set-password",
        ),
        (
            "https://isc_proxy.example:65535",
            "https://isc_proxy.example:65535/v3/set-password",
        ),
        ("http://[::1]:8080", "http://[::1]:8080/v3/set-password"),
    ] {
        let (request, _) = make(SetPassword, &Api::at(V3, base).unwrap()).unwrap();
        assert_eq!(request.uri().to_string(), url);
    }
    for (base, problem) in [
        ("", "does not start with https://"),
        (
            "https://",
            "is no URL like https://acme.api.identitynow.com",
        ),
        (
            "https://a b",
            "is no URL like https://acme.api.identitynow.com",
        ),
        ("acme.api.identitynow.com", "does not start with https://"),
        ("/v3", "does not start with https://"),
        (
            "ftp://acme.api.identitynow.com",
            "does not start with https://",
        ),
        (
            "http://acme.api.identitynow.com",
            "is without encryption: use https",
        ),
        (
            "http://localhost.evil.example",
            "is without encryption: use https",
        ),
        ("http://126.0.0.1", "is without encryption: use https"),
        ("http://[::2]", "is without encryption: use https"),
        (
            "http://[::ffff:127.0.0.1]",
            "is without encryption: use https",
        ),
        (
            "http://127.0.0.1.evil.example",
            "is without encryption: use https",
        ),
        ("http://localhost.", "is without encryption: use https"),
        ("http://localhost@evil.example", "holds a user name"),
        ("https://user:secret@acme.example", "holds a user name"),
        ("http://[::1].evil.example", "has no valid host"),
        (
            "http://[::1",
            "is no URL like https://acme.api.identitynow.com",
        ),
        ("https://[acme]", "has no valid host"),
        ("https://*", "has no valid host"),
        ("https://:443", "has no valid host"),
        ("https://acme,example", "has no valid host"),
        (
            "http://localhost:80.evil.example",
            "has a port that is no number up to 65535",
        ),
        (
            "https://acme.example:65536",
            "has a port that is no number up to 65535",
        ),
        (
            "https://acme.example:+1",
            "has a port that is no number up to 65535",
        ),
        (
            "https://acme.example:",
            "has a port that is no number up to 65535",
        ),
        (
            "https://[::1]:x",
            "has a port that is no number up to 65535",
        ),
        (
            "https:///v3",
            "is no URL like https://acme.api.identitynow.com",
        ),
        (
            "https://acme.example/\u{7f}",
            "is no URL like https://acme.api.identitynow.com",
        ),
        (
            "https://acme.example/v3/",
            "ends with a version of the API: leave it out, as it is added",
        ),
        (
            "https://acme.example/proxy/v2026",
            "ends with a version of the API: leave it out, as it is added",
        ),
        ("https://acme.example/?x=y", "has a query or a fragment"),
        ("https://acme.example/#x", "has a query or a fragment"),
    ] {
        let error = Api::at(V3, base).unwrap_err().to_string();
        assert_eq!(
            error,
            format!("the base URL is not usable: it {problem}"),
            "{base}"
        );
    }
}

#[test]
fn a_host_may_be_called_like_a_version() {
    for base in [
        "https://v3",
        "https://acme.example/v3/proxy",
        "http://[::1]/v4",
    ] {
        assert_eq!(Api::at(V3, base).unwrap().base_url(), base);
    }
}

#[test]
fn a_test_server_may_be_without_encryption_and_all_else_is_checked() {
    let api = Api::at_test_server(V2026, "http://mock.example:8080/").unwrap();
    assert_eq!(
        (api.version(), api.base_url()),
        (V2026, "http://mock.example:8080")
    );
    assert!(api.allows_http() && !Api::new(V2026, "acme").unwrap().allows_http());
    for base in ["ftp://mock", "http://user@mock", "http://mock/v3"] {
        assert!(Api::at_test_server(V3, base).is_err(), "{base}");
    }
}

#[test]
fn a_blank_name_is_asked_for_by_no_request() {
    let api = Api::new(V2026, "acme").unwrap();
    let fields = [
        ("", "My-AD", "userName"),
        ("Abby.Smith", " \t", "sourceName"),
    ];
    for (user_name, source_name, field) in fields {
        let query = PasswordInfoQuery::new(user_name, source_name);
        let error = api.query_password_info(&query).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("the {field} of the request is empty or blank")
        );
    }
    let error = api
        .generate_digit_token(&DigitTokenRequest::new(" "))
        .unwrap_err();
    assert!(matches!(
        error,
        Error::RequestField {
            field: "userId",
            ..
        }
    ));
}

#[test]
fn a_token_with_its_scheme_is_told_from_others() {
    let mut request = Request::new(());
    for token in ["Bearer secret", "bearer  secret", "BEARER "] {
        let error = authorize(&mut request, token).unwrap_err();
        assert!(matches!(error, Error::BearerScheme), "{token}");
        assert!(!error.to_string().contains("secr"));
    }
    assert!(request.headers().is_empty());
}

#[test]
fn a_base_url_that_is_taken_makes_requests() {
    let base = |len: usize| format!("https://acme.example/{:x<1$}", "", len - 21);
    let api = Api::at(V2024, &base(2048)).unwrap();
    for (operation, version, ..) in TABLE {
        if version == V2024 {
            assert!(make(operation, &api).is_ok(), "{operation}");
        }
    }
    assert_eq!(
        Api::at(V2024, &base(2049)).unwrap_err().to_string(),
        "the base URL is not usable: it has more than 2048 bytes"
    );
}

#[test]
fn a_token_is_set_once_and_is_not_shown() {
    let api = Api::new(V3, "acme").unwrap();
    let mut request = api.password_change_status("x").unwrap();
    authorize(&mut request, "old").unwrap();
    authorize(&mut request, "eyJhbGciOiJSUzI1NiJ9.eyJzdWIi_-.c2ln+/==").unwrap();
    let values: Vec<_> = request.headers().get_all(AUTHORIZATION).iter().collect();
    assert_eq!(values, ["Bearer eyJhbGciOiJSUzI1NiJ9.eyJzdWIi_-.c2ln+/=="]);
    assert!(values[0].is_sensitive());
    assert!(!format!("{request:?}").contains("eyJ"));
}

#[test]
fn what_cannot_be_a_token_is_refused_and_not_repeated() {
    let mut request = Request::new(());
    for (token, position) in [("", 0), ("secret\n", 6), ("sec\r\nX: y", 3), ("secrét", 4)] {
        let error = authorize(&mut request, token).unwrap_err();
        assert!(matches!(error, Error::BearerToken { position: p, .. } if p == position));
        assert!(!format!("{error:?} {error}").contains("secr"));
    }
    assert!(request.headers().is_empty());
}

#[test]
fn scopes_and_success_are_those_of_the_specification() {
    let all = Operation::ALL.iter();
    let data: Vec<_> = all
        .map(|o| (o.name(), o.scope(), o.success().as_u16()))
        .collect();
    assert_eq!(
        data,
        [
            ("query-password-info", "idn:password-info:read", 200),
            ("set-password", "idn:password-change:manage", 202),
            ("password-change-status", "idn:password-change:read", 200),
            (
                "generate-password-reset-token",
                "idn:password-digit-token:create",
                200
            ),
        ]
    );
}
