//! What the fuzz targets do with an input. Each is a function, so that the committed inputs in
//! `seeds` are also run by `cargo test`, without a fuzzer.
//!
//! `tests/long fuzz` runs all targets for an hour in all.
#![forbid(unsafe_code)]
#![allow(clippy::panic, reason = "that is how a target reports")]

pub mod api;
pub mod certificate;
pub mod dictionary;
pub mod dto;
pub mod engine;
pub mod key;
pub mod password;
pub mod policy;
pub mod text;

/// Runs one input.
pub type Run = fn(&[u8]);

/// A target by its name, which is that of its folder in `seeds`.
pub const TARGETS: [(&str, Run); 9] = [
    ("api", api::run),
    ("certificate", certificate::run),
    ("dictionary", dictionary::run),
    ("dto", dto::run),
    ("engine", engine::run),
    ("key", key::run),
    ("password", password::run),
    ("policy", policy::run),
    ("text", text::run),
];
