//! The code against the official OpenAPI files: what it knows of the operations, the bodies that
//! it writes, and the answers that it reads.
// The helpers of a test may panic as the test itself may.
#![allow(clippy::panic, clippy::unwrap_used)]

mod support;

use http::Response;
use jsonschema::Validator;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::Union;
use pwseal::Password;
use pwseal_api::{
    AnswerError, AnswerProblem, Api, ApiVersion, DigitToken, DigitTokenRequest, Operation,
    PasswordChangeResponse, PasswordInfo, PasswordInfoQuery, PasswordStatus, State,
};
use serde_json::{Map, Value, json};
use support::{all, json_schema};

const JSON: &str = "/content/application~1json";

/// Reads an answer and shows the outcome, so that one can be compared with another.
fn read(operation: Operation, status: u16, body: &Value) -> Result<String, AnswerError> {
    let response = Response::builder()
        .status(status)
        .body(body.to_string())
        .unwrap();
    Ok(match operation {
        Operation::QueryPasswordInfo => format!("{:?}", PasswordInfo::from_response(&response)?),
        Operation::SetPassword => {
            format!("{:?}", PasswordChangeResponse::from_response(&response)?)
        }
        Operation::PasswordChangeStatus => {
            format!("{:?}", PasswordStatus::from_response(&response)?)
        }
        Operation::GenerateDigitToken => format!("{:?}", DigitToken::from_response(&response)?),
        _ => panic!("{operation} is not tested"),
    })
}

/// Status and content of every answer that the specification lists.
fn answers(operation: Operation, version: ApiVersion) -> Vec<(u16, Value)> {
    let (_, spec) = support::operation(operation, version);
    let answers = spec["responses"].as_object().unwrap().iter();
    answers
        .map(|(status, answer)| {
            (
                status.parse().unwrap(),
                answer.pointer(JSON).unwrap().clone(),
            )
        })
        .collect()
}

fn validator(schema: &Value) -> Validator {
    jsonschema::validator_for(&json_schema(schema.clone())).unwrap()
}

#[test]
fn methods_scopes_headers_and_statuses_are_the_specification_s() {
    for (operation, version) in all() {
        let (method, spec) = support::operation(operation, version);
        let expected_method = match operation {
            Operation::PasswordChangeStatus => "get",
            _ => "post",
        };
        assert_eq!(method, expected_method);
        for security in spec["security"].as_array().unwrap() {
            for scopes in security.as_object().unwrap().values() {
                assert_eq!(*scopes, json!([operation.scope()]));
            }
        }
        let parameters = spec["parameters"].as_array().into_iter().flatten();
        let headers: Vec<_> = parameters
            .filter(|parameter| parameter["in"] == "header")
            .collect();
        assert_eq!(
            headers.len(),
            usize::from(operation.is_experimental_in(version))
        );
        for header in headers {
            assert_eq!(header["name"], "X-SailPoint-Experimental");
            assert_eq!(header["required"], true);
        }
        let success = answers(operation, version)
            .into_iter()
            .filter(|(status, _)| *status < 400);
        let success: Vec<_> = success.map(|(status, _)| status).collect();
        assert_eq!(success, [operation.success().as_u16()]);
    }
}

#[test]
fn the_paths_of_v1_are_the_specification_s() {
    let spec = support::file("apis/password-management/openapi.yaml");
    let mut expected: Vec<_> = spec["paths"].as_object().unwrap().keys().cloned().collect();
    let (api, change) = (Api::new(ApiVersion::V1, "sailpoint").unwrap(), change());
    let base = spec["servers"][0]["url"]
        .as_str()
        .unwrap()
        .replace("{tenant}", "sailpoint");
    let requests = [
        api.query_password_info(&QUERY),
        api.set_password(&change),
        api.password_change_status("ID"),
        api.generate_digit_token(&TOKEN),
    ];
    let mut paths = requests.map(|request| {
        let url = request.unwrap().uri().to_string();
        url.strip_prefix(&base).unwrap().replace("ID", "{id}")
    });
    expected.sort_unstable();
    paths.sort_unstable();
    assert_eq!(paths, *expected);
}

const QUERY: PasswordInfoQuery<'_> = PasswordInfoQuery::new("Abby.Smith", "My-AD");

const TOKEN: DigitTokenRequest<'_> = DigitTokenRequest::new("Abby.Smith")
    .with_length(8)
    .with_duration_minutes(5);

fn change() -> pwseal_api::PasswordChangeRequest {
    let info = PasswordInfo::from_json(include_bytes!("data/password-info.json"));
    let password = Password::new("correct horse 7").unwrap();
    info.unwrap().change_request(None, &password).unwrap()
}

#[test]
fn bodies_have_every_field_of_their_schema_and_no_other() {
    for (operation, version) in all() {
        let api = Api::new(version, "acme").unwrap();
        let request = match operation {
            Operation::QueryPasswordInfo => api.query_password_info(&QUERY),
            Operation::SetPassword => api.set_password(&change()),
            Operation::PasswordChangeStatus => continue,
            Operation::GenerateDigitToken => api.generate_digit_token(&TOKEN),
            _ => panic!("{operation} is not tested"),
        };
        let body: Value = serde_json::from_slice(request.unwrap().body()).unwrap();

        let (_, spec) = support::operation(operation, version);
        let mut schema = spec["requestBody"].pointer(JSON).unwrap()["schema"].clone();
        let fields: Vec<_> = schema["properties"]
            .as_object()
            .unwrap()
            .keys()
            .cloned()
            .collect();
        schema["required"] = json!(fields);
        schema["additionalProperties"] = json!(false);
        let errors: Vec<_> = validator(&schema)
            .iter_errors(&body)
            .map(|e| e.to_string())
            .collect();
        assert_eq!(errors, [""; 0], "{operation} {version}");
    }
}

/// The example of a schema, put together from the examples of its parts.
fn example(schema: &Value) -> Value {
    if let Some(example) = schema.get("example") {
        return example.clone();
    }
    match schema["type"].as_str() {
        Some("object") => {
            let properties = schema["properties"].as_object().unwrap().iter();
            properties
                .map(|(name, schema)| (name.clone(), example(schema)))
                .collect()
        }
        Some("array") => json!([example(&schema["items"])]),
        Some("string") if schema.get("enum").is_some() => schema["enum"][0].clone(),
        Some("string") => json!("without an example"),
        _ => panic!("no example in {schema}"),
    }
}

/// Every example that is published for an answer.
fn examples(content: &Value) -> Vec<Value> {
    let named = content["examples"]
        .as_object()
        .into_iter()
        .flat_map(Map::values);
    let named = named.map(|example| example["value"].clone());
    let whole = content.get("example").cloned();
    named
        .chain(whole)
        .chain([example(&content["schema"])])
        .collect()
}

#[test]
fn every_published_example_is_read() {
    let mut break_their_schema = Vec::new();
    for (operation, version) in all() {
        for (status, content) in answers(operation, version) {
            let validator = validator(&content["schema"]);
            for example in examples(&content) {
                if !validator.is_valid(&example) {
                    break_their_schema.push((format!("{version} {operation}"), example.clone()));
                }
                match read(operation, status, &example) {
                    Ok(_) => assert_eq!(status, operation.success()),
                    Err(error) => {
                        assert_eq!(error.status(), status);
                        let problem = error.problem();
                        assert!(
                            matches!(problem, AnswerProblem::Refused(_)),
                            "{error} {example}"
                        );
                    }
                }
            }
        }
    }
    // What the examples of beta's status have is allowed by its schema, as unknown fields.
    break_their_schema.sort_by(|a, b| a.0.cmp(&b.0));
    break_their_schema.dedup();
    let numbers = ["v1", "v2024", "v2025", "v2026"].map(|version| {
        (
            format!("{version} generate-password-reset-token"),
            json!({"digitToken": 9_087_713, "requestId": "e1267ecd-fcd9-4c73-9c55-12555efad136"}),
        )
    });
    assert_eq!(break_their_schema, numbers);
}

#[test]
fn the_examples_say_what_they_mean() {
    let (_, spec) = support::operation(Operation::PasswordChangeStatus, ApiVersion::Beta);
    let example = &spec["responses"]["200"].pointer(JSON).unwrap()["example"];
    let response = Response::new(example.to_string());
    let status = PasswordStatus::from_response(&response).unwrap();
    assert_eq!(status.state, Some(State::InProgress));
    assert_eq!(
        status.request_id.as_deref(),
        Some("089899f13a8f4da7824996191587bab9")
    );

    let (_, spec) = support::operation(Operation::GenerateDigitToken, ApiVersion::Beta);
    let example = &spec["responses"]["200"].pointer(JSON).unwrap()["example"];
    let token = DigitToken::from_response(&Response::new(example.to_string())).unwrap();
    assert_eq!(token.digit_token(), Some("09087713"));

    // The example of a list is a single message.
    let list = support::file("v2026/schemas/ErrorMessageDtoList.yaml");
    let error = read(
        Operation::SetPassword,
        400,
        &json!({"messages": list["example"]}),
    )
    .unwrap_err();
    let AnswerProblem::Refused(said) = error.problem() else {
        panic!("{error:?}")
    };
    assert_eq!(said.messages[0].text.as_deref(), Some("Error Message"));
}

#[test]
fn the_example_key_of_beta_is_explained_and_that_of_the_others_works() {
    for &version in ApiVersion::ALL {
        for (status, content) in answers(Operation::QueryPasswordInfo, version) {
            if status != 200 {
                continue;
            }
            let works = |info: &Value| PasswordInfo::from_json(&info.to_string()).unwrap().key();
            for example in examples(&content) {
                let malformed = example["publicKey"].as_str().unwrap().starts_with("AIIB");
                match works(&example) {
                    Ok(key) => assert!(!malformed && key.bits() == 2048),
                    Err(error) => assert!(malformed && version == ApiVersion::Beta, "{error}"),
                }
            }
        }
    }
}

#[test]
fn every_field_of_an_answer_is_read() {
    for (operation, version) in all() {
        for (status, content) in answers(operation, version) {
            let nothing = format!("{:?}", read(operation, status, &json!({})));
            for (name, schema) in content["schema"]["properties"].as_object().unwrap() {
                let only = json!({name: example(schema)});
                let shown = format!("{:?}", read(operation, status, &only));
                assert_ne!(shown, nothing, "{version} {operation} {status} {only}");
            }
        }
    }
}

/// Anything that a schema allows.
fn instances(schema: &Value) -> BoxedStrategy<Value> {
    let anything = || {
        prop_oneof![
            ".{0,20}".prop_map(Value::from),
            any::<i64>().prop_map(Value::from)
        ]
    };
    let instance = if let Some(values) = schema["enum"].as_array() {
        select(values.clone()).boxed()
    } else {
        match schema["type"].as_str() {
            Some("string") => ".{0,40}".prop_map(Value::from).boxed(),
            Some("array") => vec(instances(&schema["items"]), 0..4)
                .prop_map(Value::from)
                .boxed(),
            Some("object") => {
                let properties = schema["properties"].as_object().unwrap().iter();
                let field = |(name, schema): (&String, &Value)| {
                    let value = proptest::option::of(instances(schema));
                    (Just(name.clone()), value).boxed()
                };
                let unknown = ("[a-z]{10,20}", proptest::option::of(anything())).boxed();
                let fields: Vec<_> = properties.map(field).chain([unknown]).collect();
                let object = fields.prop_map(|fields| {
                    let fields = fields.into_iter();
                    fields
                        .filter_map(|(name, value)| Some((name, value?)))
                        .collect()
                });
                object.boxed()
            }
            Some(other) => panic!("a strategy for {other}"),
            None => anything().boxed(),
        }
    };
    match schema["nullable"] == true {
        true => Union::new([Just(Value::Null).boxed(), instance]).boxed(),
        false => instance,
    }
}

/// All answers of all operations in all versions, with something that their schema allows.
fn any_answer() -> impl Strategy<Value = (Operation, u16, Value, Value)> {
    let all = all().flat_map(|(operation, version)| {
        let answers = answers(operation, version).into_iter();
        answers.map(move |(status, content)| {
            let schema = content["schema"].clone();
            (
                Just(operation),
                Just(status),
                instances(&schema),
                Just(schema),
            )
                .boxed()
        })
    });
    Union::new(all)
}

/// So many cases, or as few as `PROPTEST_CASES` says where programs are emulated.
fn at_most(cases: u32) -> ProptestConfig {
    let given = std::env::var("PROPTEST_CASES").ok();
    let given = given.and_then(|cases| cases.parse().ok());
    ProptestConfig::with_cases(given.unwrap_or(cases).min(cases))
}

proptest! {
    #![proptest_config(at_most(2000))]

    #[test]
    fn whatever_a_schema_allows_is_read((operation, status, body, schema) in any_answer()) {
        prop_assert!(validator(&schema).is_valid(&body), "the strategy is wrong: {body}");
        match read(operation, status, &body) {
            Ok(_) => prop_assert_eq!(status, operation.success()),
            Err(error) => {
                prop_assert_eq!(error.status(), status);
                if status == operation.success() {
                    // Nothing vacuous is read as a password-info.
                    prop_assert_eq!(operation, Operation::QueryPasswordInfo);
                    let properties = schema["properties"].as_object().unwrap();
                    let has_one = properties.keys().any(|name| body.get(name).is_some());
                    prop_assert!(!has_one, "{}: {}", error, body);
                    return Ok(());
                }
                // Fields that are not known, or nothing in them: as good as no answer.
                let known = |name: &str| !body[name].is_null() && body[name] != json!([]);
                let names = ["detailCode", "trackingId", "messages", "causes"];
                if names.into_iter().any(known) {
                    let refused = matches!(error.problem(), AnswerProblem::Refused(_));
                    prop_assert!(refused, "{}: {}", error, body);
                }
            }
        }
    }
}
