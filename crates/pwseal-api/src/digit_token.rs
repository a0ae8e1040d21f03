//! The request for a digit token, and the token.

use core::fmt::{self, Write as _};

use http::Response;
use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use zeroize::Zeroizing;

use crate::answer::{self, AnswerError};
use crate::error::Error;
use crate::excerpt::Shown;
use crate::json::{any_text, refuse_numbers};
use crate::operation::Operation;

/// The body of `generate-password-reset-token` (`PasswordDigitTokenReset` in the OpenAPI files).
///
/// ```
/// use pwseal_api::{Api, ApiVersion, DigitTokenRequest};
///
/// let token = DigitTokenRequest::new("Abby.Smith").with_length(8);
/// let request = Api::new(ApiVersion::V2026, "acme")?.generate_digit_token(&token)?;
/// assert_eq!(request.body(), br#"{"userId":"Abby.Smith","length":8}"#);
/// # Ok::<(), pwseal_api::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct DigitTokenRequest<'a> {
    /// The uid of the person.
    pub user_id: &'a str,
    /// How many digits, 6 to 18. The server's default is 6.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub length: Option<u8>,
    /// How long the token is valid, in minutes, 1 to 60. The server's default is 5.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duration_minutes: Option<u8>,
}

impl<'a> DigitTokenRequest<'a> {
    /// A token for the person with this uid. The rest is left to the server.
    #[must_use]
    pub const fn new(user_id: &'a str) -> Self {
        Self {
            user_id,
            length: None,
            duration_minutes: None,
        }
    }

    /// With this many digits.
    #[must_use]
    pub const fn with_length(self, length: u8) -> Self {
        Self {
            length: Some(length),
            ..self
        }
    }

    /// Valid for this many minutes.
    #[must_use]
    pub const fn with_duration_minutes(self, minutes: u8) -> Self {
        Self {
            duration_minutes: Some(minutes),
            ..self
        }
    }

    pub(crate) fn to_json(&self) -> Result<Vec<u8>, Error> {
        if let Some(length) = self.length.filter(|length| !(6..=18).contains(length)) {
            return Err(Error::DigitTokenLength { length });
        }
        let minutes = self.duration_minutes;
        if let Some(minutes) = minutes.filter(|minutes| !(1..=60).contains(minutes)) {
            return Err(Error::DigitTokenDuration { minutes });
        }
        Ok(serde_json::to_vec(self).expect("strings and numbers are always serialised"))
    }
}

/// The answer to `generate-password-reset-token` (`PasswordDigitToken` in the OpenAPI files).
///
/// `Debug` leaves the token out, and it is wiped when dropped. The response that it was read
/// from is the caller's to wipe.
#[derive(Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct DigitToken {
    digit_token: Option<Digits>,
    #[serde(deserialize_with = "any_text")]
    request_id: Option<String>,
}

impl DigitToken {
    /// Reads an answer.
    ///
    /// # Errors
    ///
    /// [`AnswerError`] for everything but a 200 with the JSON of a digit token.
    pub fn from_response(response: &Response<impl AsRef<[u8]>>) -> Result<Self, AnswerError> {
        answer::read(Operation::GenerateDigitToken, response)
    }

    /// The token, as it was sent. The schema has it as a string, the published examples of
    /// v2024 and later as a number, which cannot carry a leading zero: if it has fewer digits
    /// than were asked for, zeros are missing in front.
    #[must_use]
    pub fn digit_token(&self) -> Option<&str> {
        self.digit_token.as_ref().map(|Digits(digits)| &digits[..])
    }

    /// The id of the request that generated it.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }
}

impl fmt::Debug for DigitToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let redacted = self.digit_token.as_ref().map(|_| "[redacted]");
        f.debug_struct("DigitToken")
            .field("digit_token", &redacted)
            .field("request_id", &self.request_id().map(Shown))
            .finish()
    }
}

#[derive(Clone)]
struct Digits(Zeroizing<String>);

impl<'de> Deserialize<'de> for Digits {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(DigitsVisitor)
    }
}

struct DigitsVisitor;

impl Visitor<'_> for DigitsVisitor {
    type Value = Digits;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string or a whole number")
    }

    refuse_numbers! { visit_i64(i64) visit_f64(f64) }

    fn visit_str<E: de::Error>(self, digits: &str) -> Result<Digits, E> {
        Ok(Digits(Zeroizing::new(digits.into())))
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<Digits, E> {
        // Room for any u64, so that it does not grow and leave a copy behind.
        let mut digits = Zeroizing::new(String::with_capacity(20));
        write!(digits, "{number}").map_err(E::custom)?;
        Ok(Digits(digits))
    }
}
