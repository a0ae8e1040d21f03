//! HTTP answers, by status, and the messages that only answers have.

use pwseal_api::http::header::{DATE, HeaderMap, HeaderName, HeaderValue, RETRY_AFTER};
use pwseal_api::http::{Response, StatusCode};
use pwseal_api::{AnswerError, State};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyString};

use crate::error::{from_answer, plain};
use crate::input::{Number, TextOrBytes, explained, iterate, wrong_type};

/// The two headers that are looked at. Every HTTP client's headers have `items()`.
pub(crate) struct Headers(HeaderMap);

impl<'py> FromPyObject<'_, 'py> for Headers {
    type Error = PyErr;

    fn extract(object: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        let wanted = "a mapping of headers";
        let Some(items) = object.getattr_opt(intern!(object.py(), "items"))? else {
            return Err(wrong_type(&object, wanted));
        };
        let mut headers = HeaderMap::new();
        for item in iterate(&items.call0()?, wanted)? {
            let (name, value): (Bound<'_, PyAny>, Bound<'_, PyAny>) = item?
                .extract()
                .map_err(|error| explained(error, &object, wanted))?;
            let name = readable(&name).and_then(|name| HeaderName::from_bytes(name).ok());
            let Some(name) = name.filter(|name| [RETRY_AFTER, DATE].contains(name)) else {
                continue;
            };
            // A value that cannot stand in a header says nothing.
            let value = readable(&value).and_then(|value| HeaderValue::from_bytes(value).ok());
            if let Some(value) = value {
                headers.append(name, value);
            }
        }
        Ok(Self(headers))
    }
}

/// Of text or bytes, which is what clients have in their headers.
fn readable<'a>(part: &'a Bound<'_, PyAny>) -> Option<&'a [u8]> {
    if let Ok(text) = part.cast::<PyString>() {
        return text.to_str().ok().map(str::as_bytes);
    }
    part.cast::<PyBytes>().ok().map(|bytes| bytes.as_bytes())
}

/// An answer for the functions of the crate below.
pub(crate) fn response(
    status: Number<u16>,
    body: TextOrBytes,
    headers: Option<Headers>,
) -> PyResult<Response<TextOrBytes>> {
    let mut response = Response::new(body);
    let none = "the status is no HTTP status: it has three digits";
    *response.status_mut() = StatusCode::from_u16(status.or(none)?).map_err(|_| plain(none))?;
    if let Some(Headers(headers)) = headers {
        *response.headers_mut() = headers;
    }
    Ok(response)
}

/// Reads an answer as one message.
pub(crate) fn read<T>(
    py: Python<'_>,
    status: Number<u16>,
    body: TextOrBytes,
    headers: Option<Headers>,
    from_response: impl Fn(&Response<TextOrBytes>) -> Result<T, AnswerError>,
) -> PyResult<T> {
    let response = response(status, body, headers)?;
    from_response(&response).map_err(|error| from_answer(py, &error))
}

/// The answer to set-password: the change is ordered, and in general not done yet.
///
/// >>> body = '{"requestId": "089899f13a8f4da7824996191587bab9", "state": "IN_PROGRESS"}'
/// >>> answer = pwseal.PasswordChangeResponse.from_response(202, body)
/// >>> answer.request_id, answer.state
/// ('089899f13a8f4da7824996191587bab9', 'IN_PROGRESS')
#[pyclass(frozen, module = "pwseal")]
#[derive(Debug)]
pub(crate) struct PasswordChangeResponse(pwseal_api::PasswordChangeResponse);

#[pymethods]
impl PasswordChangeResponse {
    /// Read the answer to set-password, as PasswordInfo.from_response does.
    ///
    /// Raises ApiError for everything but a 202 with this message.
    #[staticmethod]
    #[pyo3(signature = (status, body, headers = None))]
    fn from_response(
        py: Python<'_>,
        status: Number<u16>,
        body: TextOrBytes,
        headers: Option<Headers>,
    ) -> PyResult<Self> {
        let message = pwseal_api::PasswordChangeResponse::from_response;
        read(py, status, body, headers, message).map(Self)
    }

    /// What to ask password-change-status for. The API may leave it out.
    #[getter]
    fn request_id(&self) -> Option<&str> {
        self.0.request_id.as_deref()
    }

    /// How far the change is: IN_PROGRESS, FINISHED, FAILED, or what else the API says.
    #[getter]
    fn state(&self) -> Option<String> {
        self.0.state.as_ref().map(State::to_string)
    }

    fn __copy__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    #[pyo3(signature = (_memo, /))]
    fn __deepcopy__(slf: Py<Self>, _memo: &Bound<'_, PyAny>) -> Py<Self> {
        slf
    }

    fn __repr__(&self) -> String {
        format!(
            "<pwseal.PasswordChangeResponse{}>",
            shown(self.0.state.as_ref())
        )
    }
}

/// The answer to password-change-status.
///
/// >>> body = '{"state": "FAILED", "errors": ["the source is not reachable"]}'
/// >>> answer = pwseal.PasswordStatus.from_response(200, body)
/// >>> answer.state, answer.errors
/// ('FAILED', ['the source is not reachable'])
#[pyclass(frozen, module = "pwseal")]
#[derive(Debug)]
pub(crate) struct PasswordStatus(pwseal_api::PasswordStatus);

#[pymethods]
impl PasswordStatus {
    /// Read the answer to password-change-status, as PasswordInfo.from_response does.
    ///
    /// Raises ApiError for everything but a 200 with this message.
    #[staticmethod]
    #[pyo3(signature = (status, body, headers = None))]
    fn from_response(
        py: Python<'_>,
        status: Number<u16>,
        body: TextOrBytes,
        headers: Option<Headers>,
    ) -> PyResult<Self> {
        let message = pwseal_api::PasswordStatus::from_response;
        read(py, status, body, headers, message).map(Self)
    }

    /// The id of the change.
    #[getter]
    fn request_id(&self) -> Option<&str> {
        self.0.request_id.as_deref()
    }

    /// How far it is: IN_PROGRESS, FINISHED, FAILED, or what else the API says.
    #[getter]
    fn state(&self) -> Option<String> {
        self.0.state.as_ref().map(State::to_string)
    }

    /// Why it failed.
    #[getter]
    fn errors(&self) -> Vec<&str> {
        self.0.errors.iter().map(String::as_str).collect()
    }

    /// The sources on which the password is changed.
    #[getter]
    fn source_ids(&self) -> Vec<&str> {
        self.0.source_ids.iter().map(String::as_str).collect()
    }

    fn __copy__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    #[pyo3(signature = (_memo, /))]
    fn __deepcopy__(slf: Py<Self>, _memo: &Bound<'_, PyAny>) -> Py<Self> {
        slf
    }

    fn __repr__(&self) -> String {
        format!("<pwseal.PasswordStatus{}>", shown(self.0.state.as_ref()))
    }
}

fn shown(state: Option<&State>) -> String {
    state.map_or_else(String::new, |state| format!(" {state:?}"))
}

/// The answer to generate-password-reset-token: digits with which a person may reset a
/// password. The repr leaves them out.
///
/// >>> answer = pwseal.DigitToken.from_response(200, '{"digitToken": "09087713"}')
/// >>> answer.digit_token
/// '09087713'
/// >>> answer
/// <pwseal.DigitToken>
#[pyclass(frozen, module = "pwseal")]
#[derive(Debug)]
pub(crate) struct DigitToken(pwseal_api::DigitToken);

#[pymethods]
impl DigitToken {
    /// Read the answer to generate-password-reset-token, as PasswordInfo.from_response does.
    ///
    /// Raises ApiError for everything but a 200 with this message.
    #[staticmethod]
    #[pyo3(signature = (status, body, headers = None))]
    fn from_response(
        py: Python<'_>,
        status: Number<u16>,
        body: TextOrBytes,
        headers: Option<Headers>,
    ) -> PyResult<Self> {
        let message = pwseal_api::DigitToken::from_response;
        read(py, status, body, headers, message).map(Self)
    }

    /// The token as it was sent. If it has fewer digits than were asked for, the server sent a
    /// number, and zeros are missing in front.
    #[getter]
    fn digit_token(&self) -> Option<&str> {
        self.0.digit_token()
    }

    /// The id of the request that generated it.
    #[getter]
    fn request_id(&self) -> Option<&str> {
        self.0.request_id()
    }

    fn __repr__(&self) -> &'static str {
        "<pwseal.DigitToken>"
    }
}
