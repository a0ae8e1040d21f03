//! The examples of the texts for readers, as tests.

#[doc = include_str!("../../README.md")]
mod project {}

#[doc = include_str!("../../crates/rsaep/README.md")]
mod rsaep {}

#[doc = include_str!("../../crates/pwseal/README.md")]
mod pwseal {}

#[doc = include_str!("../../crates/pwseal-api/README.md")]
mod pwseal_api {}
