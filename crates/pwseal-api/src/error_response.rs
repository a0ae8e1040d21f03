//! What the API says when it refuses.

use core::fmt;

use serde::{Deserialize, Deserializer};

use crate::excerpt::Shown;
use crate::json::{Object, objects, string_or_nothing};

/// The body of a refusal: `ErrorResponseDto` in the OpenAPI files, and the two smaller forms that
/// 401 (`error`) and 429 (`message`) have there.
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct ErrorResponse {
    /// A code with more detail than the status, such as `400.1 Bad Request Content`.
    pub detail_code: Option<String>,
    /// What the vendor's support finds the request by.
    pub tracking_id: Option<String>,
    /// The reason, in one or more languages.
    #[serde(deserialize_with = "one_or_many")]
    pub messages: Vec<ErrorMessage>,
    /// More detail on the reason.
    #[serde(deserialize_with = "one_or_many")]
    pub causes: Vec<ErrorMessage>,
    /// The reason, in an answer with status 401.
    #[serde(deserialize_with = "string_or_nothing")]
    pub error: Option<String>,
    /// The reason, in an answer with status 429.
    #[serde(deserialize_with = "string_or_nothing")]
    pub message: Option<String>,
}

impl ErrorResponse {
    /// The reason in a language, as far as there is a choice: the message whose locale is the
    /// tag or the longest prefix of it by subtags (RFC 4647, section 3.4), ignoring case, else
    /// the first message, else what a 401 or 429 says.
    #[must_use]
    pub fn text(&self, locale: &str) -> Option<&str> {
        let tagged = |tag: &str| {
            self.messages.iter().find(|message| {
                let locale = message.locale.as_deref();
                locale.is_some_and(|locale| locale.eq_ignore_ascii_case(tag))
            })
        };
        let mut prefixes =
            core::iter::successors(Some(locale), |tag| Some(tag.rsplit_once('-')?.0));
        let message = prefixes.find_map(tagged).or(self.messages.first());
        message
            .and_then(|message| message.text.as_deref())
            .or(self.error.as_deref())
            .or(self.message.as_deref())
    }

    /// Whether nothing of it is known here: JSON from somewhere else than the API.
    pub(crate) fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl fmt::Debug for ErrorResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ErrorResponse")
            .field("detail_code", &self.detail_code.as_deref().map(Shown))
            .field("tracking_id", &self.tracking_id.as_deref().map(Shown))
            .field("messages", &self.messages)
            .field("causes", &self.causes)
            .field("error", &self.error.as_deref().map(Shown))
            .field("message", &self.message.as_deref().map(Shown))
            .finish()
    }
}

/// A text in one language (`ErrorMessageDto` in the OpenAPI files).
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct ErrorMessage {
    /// The language, as a BCP 47 tag.
    pub locale: Option<String>,
    /// How the language was chosen.
    pub locale_origin: Option<LocaleOrigin>,
    /// The text.
    pub text: Option<String>,
}

impl ErrorMessage {
    fn from_text(text: String) -> Self {
        Self {
            text: Some(text),
            ..Self::default()
        }
    }
}

impl fmt::Debug for ErrorMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ErrorMessage")
            .field("locale", &self.locale.as_deref().map(Shown))
            .field("locale_origin", &self.locale_origin)
            .field("text", &self.text.as_deref().map(Shown))
            .finish()
    }
}

/// How the language of a message was chosen.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(from = "String")]
#[non_exhaustive]
pub enum LocaleOrigin {
    /// `DEFAULT`: the system's.
    Default,
    /// `REQUEST`: by the request's `Accept-Language`.
    Request,
    /// One that is not documented.
    Other(String),
}

impl From<String> for LocaleOrigin {
    fn from(name: String) -> Self {
        match &name[..] {
            "DEFAULT" => Self::Default,
            "REQUEST" => Self::Request,
            _ => Self::Other(name),
        }
    }
}

impl fmt::Debug for LocaleOrigin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("Default"),
            Self::Request => f.write_str("Request"),
            Self::Other(name) => f.debug_tuple("Other").field(&Shown(name)).finish(),
        }
    }
}

/// The published example of a list of messages is a single one, and gateways send plain strings.
fn one_or_many<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<ErrorMessage>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Messages {
        /// Or null, for none.
        #[serde(deserialize_with = "objects")]
        Many(Vec<ErrorMessage>),
        Texts(Vec<String>),
        One(Object<ErrorMessage>),
    }
    Ok(match Messages::deserialize(deserializer)? {
        Messages::Many(messages) => messages,
        Messages::Texts(texts) => texts.into_iter().map(ErrorMessage::from_text).collect(),
        Messages::One(Object(message)) => vec![message],
    })
}
