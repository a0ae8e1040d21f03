//! The answers to `set-password` and `password-change-status`.

use core::fmt;

use http::Response;
use serde::{Deserialize, Deserializer};

use crate::answer::{self, AnswerError};
use crate::api;
use crate::excerpt::{Shown, shown};
use crate::json::{any_text, any_texts, string_or_nothing};
use crate::operation::Operation;

/// How far a password change is.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(from = "String")]
#[non_exhaustive]
pub enum State {
    /// `IN_PROGRESS`, for hours in the worst case. Beta's example spells it `IN_PROCESS`.
    InProgress,
    /// `FINISHED`
    Finished,
    /// `FAILED`
    Failed,
    /// A state that no version of the API documents.
    Other(String),
}

impl From<String> for State {
    fn from(name: String) -> Self {
        match &name[..] {
            "IN_PROGRESS" | "IN_PROCESS" => Self::InProgress,
            "FINISHED" => Self::Finished,
            "FAILED" => Self::Failed,
            _ => Self::Other(name),
        }
    }
}

impl fmt::Debug for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InProgress => f.write_str("InProgress"),
            Self::Finished => f.write_str("Finished"),
            Self::Failed => f.write_str("Failed"),
            Self::Other(name) => f.debug_tuple("Other").field(&Shown(name)).finish(),
        }
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::InProgress => "IN_PROGRESS",
            Self::Finished => "FINISHED",
            Self::Failed => "FAILED",
            Self::Other(name) => name,
        })
    }
}

/// The answer to `set-password` (`PasswordChangeResponse` in the OpenAPI files): the change is
/// ordered, and in general not done yet.
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct PasswordChangeResponse {
    /// What to ask `password-change-status` for. The API may leave it out. What cannot be asked for is left out too.
    #[serde(deserialize_with = "request_id")]
    pub request_id: Option<String>,
    /// How far the change is.
    #[serde(deserialize_with = "state_or_nothing")]
    pub state: Option<State>,
}

fn request_id<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Ok(any_text(deserializer)?.filter(|id| api::is_request_id(id)))
}

/// A state that is no string hides no request id.
fn state_or_nothing<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<State>, D::Error> {
    Ok(string_or_nothing(deserializer)?.map(State::from))
}

impl PasswordChangeResponse {
    /// Reads an answer.
    ///
    /// # Errors
    ///
    /// [`AnswerError`] for everything but a 202 with the JSON of this message.
    pub fn from_response(response: &Response<impl AsRef<[u8]>>) -> Result<Self, AnswerError> {
        answer::read(Operation::SetPassword, response)
    }
}

impl fmt::Debug for PasswordChangeResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PasswordChangeResponse")
            .field("request_id", &self.request_id.as_deref().map(Shown))
            .field("state", &self.state)
            .finish()
    }
}

/// The answer to `password-change-status` (`PasswordStatus` in the OpenAPI files).
///
/// Nothing hides a state that can be read: in the other fields a value that is no string becomes
/// its JSON text, one that is no list the only one of its list, and null is left out.
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(from = "Wire")]
#[non_exhaustive]
pub struct PasswordStatus {
    /// The id of the change.
    pub request_id: Option<String>,
    /// How far it is.
    pub state: Option<State>,
    /// Why it failed. In general empty if it did not.
    pub errors: Vec<String>,
    /// The sources on which the password is changed.
    pub source_ids: Vec<String>,
}

impl PasswordStatus {
    /// Reads an answer.
    ///
    /// # Errors
    ///
    /// [`AnswerError`] for everything but a 200 with the JSON of this message.
    pub fn from_response(response: &Response<impl AsRef<[u8]>>) -> Result<Self, AnswerError> {
        answer::read(Operation::PasswordChangeStatus, response)
    }
}

impl fmt::Debug for PasswordStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PasswordStatus")
            .field("request_id", &self.request_id.as_deref().map(Shown))
            .field("state", &self.state)
            .field("errors", &shown(&self.errors))
            .field("source_ids", &shown(&self.source_ids))
            .finish()
    }
}

/// The names of the schema, and those of beta's published example.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Wire {
    #[serde(deserialize_with = "any_text")]
    request_id: Option<String>,
    state: Option<State>,
    #[serde(deserialize_with = "any_texts")]
    errors: Vec<String>,
    #[serde(deserialize_with = "any_texts")]
    source_ids: Vec<String>,
    #[serde(rename = "reqeustId", deserialize_with = "any_text")]
    misspelt_request_id: Option<String>,
    #[serde(deserialize_with = "string_or_nothing")]
    status: Option<String>,
}

impl From<Wire> for PasswordStatus {
    fn from(wire: Wire) -> Self {
        Self {
            request_id: wire.request_id.or(wire.misspelt_request_id),
            state: wire.state.or(wire.status.map(State::from)),
            errors: wire.errors,
            source_ids: wire.source_ids,
        }
    }
}
