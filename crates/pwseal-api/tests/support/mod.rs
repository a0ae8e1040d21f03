//! The OpenAPI files, with every reference resolved, and their schemas as JSON Schema.

use std::fs;
use std::path::{Path, PathBuf};

use pwseal_api::{ApiVersion, Operation};
use serde_json::{Value, json};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/spec")
}

/// A file with every `$ref` in it replaced by what it refers to.
pub(crate) fn file(path: impl AsRef<Path>) -> Value {
    let path = folder().join(path);
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path:?}: {error}"));
    let value = serde_norway::from_str(&text).unwrap_or_else(|error| panic!("{path:?}: {error}"));
    resolve(value, path.parent().expect("a folder"))
}

fn resolve(value: Value, folder: &Path) -> Value {
    match value {
        Value::Object(map) => match map.get("$ref").and_then(Value::as_str) {
            // Not among the files taken; see the README beside them.
            Some("./localeorigin.yaml") => file("v2026/schemas/LocaleOrigin.yaml"),
            Some(reference) => file(folder.join(reference)),
            None => map
                .into_iter()
                .map(|(key, value)| (key, resolve(value, folder)))
                .collect(),
        },
        Value::Array(values) => values
            .into_iter()
            .map(|value| resolve(value, folder))
            .collect(),
        other => other,
    }
}

/// What the specification has on an operation in a version: the method, and the object below it.
pub(crate) fn operation(operation: Operation, version: ApiVersion) -> (String, Value) {
    let path = if version == ApiVersion::V1 {
        let name = match operation {
            Operation::QueryPasswordInfo => "query-password-info-v1",
            Operation::SetPassword => "set-password-v1",
            Operation::PasswordChangeStatus => "password-change-status-v1-by-id",
            Operation::GenerateDigitToken => "generate-password-reset-token-v1-digit",
            _ => panic!("{operation} is not tested"),
        };
        format!("apis/password-management/paths/{name}.yaml")
    } else {
        let name = match operation {
            Operation::GenerateDigitToken => "password-reset-digit-token",
            operation => operation.name(),
        };
        format!("{version}/paths/{name}.yaml")
    };
    let Value::Object(methods) = file(path) else {
        panic!("no object")
    };
    assert_eq!(methods.len(), 1);
    methods.into_iter().next().expect("one")
}

/// All pairs of an operation and a version that has it.
pub(crate) fn all() -> impl Iterator<Item = (Operation, ApiVersion)> {
    let versions = |operation: &Operation| {
        let operation = *operation;
        let versions = ApiVersion::ALL.iter();
        versions.map(move |version| (operation, *version))
    };
    let pairs = Operation::ALL.iter().flat_map(versions);
    pairs.filter(|(operation, version)| operation.is_in(*version))
}

/// A schema of OpenAPI 3.0 as JSON Schema: `nullable` becomes a type.
pub(crate) fn json_schema(mut schema: Value) -> Value {
    match &mut schema {
        Value::Object(map) => {
            if map.remove("nullable") == Some(json!(true)) {
                map["type"] = json!([map["type"], "null"]);
            }
            for (key, value) in map {
                if !key.starts_with("example") {
                    *value = json_schema(value.take());
                }
            }
        }
        Value::Array(values) => {
            for value in values {
                *value = json_schema(value.take());
            }
        }
        _ => {}
    }
    schema
}
