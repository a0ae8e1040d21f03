//! HTTP answers, by status, and the messages that only answers have.

use std::borrow::Cow;

use pwseal_api::http::header::{DATE, HeaderMap, HeaderName, HeaderValue, RETRY_AFTER};
use pwseal_api::http::{Response, StatusCode};
use pwseal_api::{AnswerError, Operation, State};
use pyo3::exceptions::PyTypeError;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyInt, PyString};
use serde::Serialize;
use zeroize::Zeroizing;

use crate::error::{from_answer, plain};
use crate::input::{self, Number, Text, TextOrBytes, explained, iterate, wrong_type};
use crate::json::{Json, dict_of};
use crate::value::{cannot_be_pickled, message};

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
            let name = readable(&name).and_then(|name| HeaderName::from_bytes(&name).ok());
            let Some(name) = name.filter(|name| [RETRY_AFTER, DATE].contains(name)) else {
                continue;
            };
            // A value that cannot stand in a header says nothing.
            let value = readable(&value).and_then(|value| HeaderValue::from_bytes(&value).ok());
            if let Some(value) = value {
                headers.append(name, value);
            }
        }
        Ok(Self(headers))
    }
}

/// Of text or bytes, which is what clients have in their headers, or a number.
fn readable<'a>(part: &'a Bound<'_, PyAny>) -> Option<Cow<'a, [u8]>> {
    if let Ok(text) = part.cast::<PyString>() {
        return text
            .to_str()
            .ok()
            .map(|text| Cow::Borrowed(text.as_bytes()));
    }
    if let Ok(bytes) = part.cast::<PyBytes>() {
        return Some(Cow::Borrowed(bytes.as_bytes()));
    }
    let number: Option<u64> = part.extract().ok();
    number.map(|number| Cow::Owned(number.to_string().into_bytes()))
}

/// An answer for the functions of the crate below: a client's object, or status, body and headers.
pub(crate) fn response(
    given: &Bound<'_, PyAny>,
    body: Option<TextOrBytes>,
    headers: Option<Headers>,
) -> PyResult<Response<TextOrBytes>> {
    if given.is_instance_of::<PyInt>() {
        let Some(body) = body else {
            return Err(PyTypeError::new_err("a status wants a body beside it"));
        };
        return parts(given.extract()?, body, headers);
    }
    let Some(status) = status_of(given)? else {
        return Err(wrong_type(
            given,
            "an HTTP status or the response of an HTTP client",
        ));
    };
    if body.is_some() || headers.is_some() {
        return Err(PyTypeError::new_err(
            "a response has its body and headers itself",
        ));
    }
    let headers = given.getattr_opt(intern!(given.py(), "headers"))?;
    let headers = headers.filter(|headers| !headers.is_none());
    let headers = headers.map(|headers| headers.extract()).transpose()?;
    parts(status.extract()?, body_of(given)?, headers)
}

/// The status of a response: of requests, httpx and the SDK's ApiResponse, or of urllib, http.client and the SDK's
/// ApiException.
pub(crate) fn status_of<'py>(response: &Bound<'py, PyAny>) -> PyResult<Option<Bound<'py, PyAny>>> {
    for name in ["status_code", "status"] {
        let status = response.getattr_opt(name)?;
        if let Some(status) = status.filter(|status| status.is_instance_of::<PyInt>()) {
            return Ok(Some(status));
        }
    }
    Ok(None)
}

/// The body of a response, which is read if it is not yet.
fn body_of(response: &Bound<'_, PyAny>) -> PyResult<TextOrBytes> {
    for name in ["raw_data", "content", "body", "data"] {
        let body = response.getattr_opt(name)?;
        let is_body = |body: &Bound<'_, PyAny>| {
            body.is_instance_of::<PyBytes>() || body.is_instance_of::<PyString>()
        };
        if let Some(body) = body.filter(is_body) {
            return body.extract();
        }
    }
    let Some(read) = response.getattr_opt("read")? else {
        return Err(wrong_type(response, "a response with a body"));
    };
    let body = read.call0()?;
    if body.hasattr("__await__")? {
        if let Some(close) = body.getattr_opt("close")? {
            close.call0()?;
        }
        return Err(PyTypeError::new_err(
            "the body must be awaited: give status, body and headers",
        ));
    }
    body.extract()
}

fn parts(
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
    given: &Bound<'_, PyAny>,
    body: Option<TextOrBytes>,
    headers: Option<Headers>,
    from_response: impl Fn(&Response<TextOrBytes>) -> Result<T, AnswerError>,
) -> PyResult<T> {
    let response = response(given, body, headers)?;
    read_response(py, &response, from_response)
}

fn read_response<B, T>(
    py: Python<'_>,
    response: &Response<B>,
    from_response: impl Fn(&Response<B>) -> Result<T, AnswerError>,
) -> PyResult<T> {
    from_response(response).map_err(|error| from_answer(py, &error))
}

/// The answer that a message would be the body of.
pub(crate) fn success(operation: Operation, json: Json) -> Response<TextOrBytes> {
    let mut response = Response::new(json.into_text());
    *response.status_mut() = operation.success();
    response
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
    /// Make one without a server, such as for a test.
    #[new]
    #[pyo3(signature = (request_id = None, state = None))]
    fn new(request_id: Option<Text<'_>>, state: Option<Text<'_>>) -> PyResult<Self> {
        let mut message = pwseal_api::PasswordChangeResponse::default();
        message.request_id = input::owned(&request_id, "the request id")?;
        message.state = input::owned(&state, "the state")?.map(State::from);
        Ok(Self(message))
    }

    /// Read the answer to set-password, as PasswordInfo.from_response does.
    ///
    /// Raises ApiError for everything but a 202 with this message.
    #[staticmethod]
    #[pyo3(signature = (response, body = None, headers = None))]
    fn from_response(
        py: Python<'_>,
        response: &Bound<'_, PyAny>,
        body: Option<TextOrBytes>,
        headers: Option<Headers>,
    ) -> PyResult<Self> {
        let message = pwseal_api::PasswordChangeResponse::from_response;
        read(py, response, body, headers, message).map(Self)
    }

    /// Read the message alone: its JSON as text or bytes, a mapping, or the SDK's model.
    ///
    /// Raises ApiError for what is no such message.
    ///
    /// >>> pwseal.PasswordChangeResponse.from_json({"requestId": "0898", "state": "IN_PROGRESS"})
    /// <pwseal.PasswordChangeResponse IN_PROGRESS>
    #[staticmethod]
    fn from_json(py: Python<'_>, json: Json) -> PyResult<Self> {
        let message = pwseal_api::PasswordChangeResponse::from_response;
        let response = success(Operation::SetPassword, json);
        read_response(py, &response, message).map(Self)
    }

    /// The fields that are there, by the API's names. from_json reads them.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let state = self.state();
        let entries = [
            ("requestId", self.request_id()),
            ("state", state.as_deref()),
        ];
        dict_of(py, &entries)
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

    fn __repr__(&self) -> String {
        format!(
            "<pwseal.PasswordChangeResponse{}>",
            shown(self.0.state.as_ref())
        )
    }
}

message!(PasswordChangeResponse);

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
    /// Make one without a server, such as for a test.
    ///
    /// >>> failed = pwseal.PasswordStatus(state="FAILED", errors=["the source is not reachable"])
    /// >>> pwseal.StatusPoll().next(60, failed).outcome
    /// 'failed'
    #[new]
    #[pyo3(
        signature = (request_id = None, state = None, errors = None, source_ids = None),
        text_signature = "(request_id=None, state=None, errors=(), source_ids=())"
    )]
    fn new(
        request_id: Option<Text<'_>>,
        state: Option<Text<'_>>,
        errors: Option<&Bound<'_, PyAny>>,
        source_ids: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Self> {
        let mut message = pwseal_api::PasswordStatus::default();
        message.request_id = input::owned(&request_id, "the request id")?;
        message.state = input::owned(&state, "the state")?.map(State::from);
        let texts = |given: Option<&Bound<'_, PyAny>>, what| match given {
            Some(given) => input::texts(given, what),
            None => Ok(Vec::new()),
        };
        message.errors = texts(errors, "error")?;
        message.source_ids = texts(source_ids, "source id")?;
        Ok(Self(message))
    }

    /// Read the answer to password-change-status, as PasswordInfo.from_response does.
    ///
    /// Raises ApiError for everything but a 200 with this message.
    #[staticmethod]
    #[pyo3(signature = (response, body = None, headers = None))]
    fn from_response(
        py: Python<'_>,
        response: &Bound<'_, PyAny>,
        body: Option<TextOrBytes>,
        headers: Option<Headers>,
    ) -> PyResult<Self> {
        let message = pwseal_api::PasswordStatus::from_response;
        read(py, response, body, headers, message).map(Self)
    }

    /// Read the message alone: its JSON as text or bytes, a mapping, or the SDK's model.
    ///
    /// Raises ApiError for what is no such message.
    ///
    /// >>> pwseal.PasswordStatus.from_json({"state": "FINISHED"})
    /// <pwseal.PasswordStatus FINISHED>
    #[staticmethod]
    fn from_json(py: Python<'_>, json: Json) -> PyResult<Self> {
        let message = pwseal_api::PasswordStatus::from_response;
        let response = success(Operation::PasswordChangeStatus, json);
        read_response(py, &response, message).map(Self)
    }

    /// The fields that are there, by the API's names. from_json reads them.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let state = self.state();
        let entries = [
            ("requestId", self.request_id()),
            ("state", state.as_deref()),
        ];
        let dict = dict_of(py, &entries)?;
        dict.set_item("errors", self.errors())?;
        dict.set_item("sourceIds", self.source_ids())?;
        Ok(dict)
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

    fn __repr__(&self) -> String {
        format!("<pwseal.PasswordStatus{}>", shown(self.0.state.as_ref()))
    }
}

message!(PasswordStatus);

/// A state as the API writes it. One that no version documents is shown as an excerpt.
fn shown(state: Option<&State>) -> String {
    match state {
        None => String::new(),
        Some(other @ State::Other(_)) => format!(" {other:?}"),
        Some(state) => format!(" {state}"),
    }
}

/// A digit token as the API writes it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct DigitTokenWire<'a> {
    digit_token: Option<&'a str>,
    request_id: Option<&'a str>,
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
    /// Make one without a server, such as for a test.
    #[new]
    #[pyo3(signature = (digit_token = None, request_id = None))]
    fn new(
        py: Python<'_>,
        digit_token: Option<Text<'_>>,
        request_id: Option<Text<'_>>,
    ) -> PyResult<Self> {
        let json = serde_json::to_vec(&DigitTokenWire {
            digit_token: input::read(&digit_token, "the digit token")?,
            request_id: input::read(&request_id, "the request id")?,
        });
        // It may hold a token.
        let json = Zeroizing::new(json.map_err(plain)?);
        let mut response = Response::new(json);
        *response.status_mut() = Operation::GenerateDigitToken.success();
        read_response(py, &response, pwseal_api::DigitToken::from_response).map(Self)
    }

    /// Raises TypeError, for copies as well.
    fn __reduce__(&self) -> PyResult<()> {
        Err(cannot_be_pickled("DigitToken", "a digit token"))
    }

    /// Read the answer to generate-password-reset-token, as PasswordInfo.from_response does.
    ///
    /// Raises ApiError for everything but a 200 with this message.
    #[staticmethod]
    #[pyo3(signature = (response, body = None, headers = None))]
    fn from_response(
        py: Python<'_>,
        response: &Bound<'_, PyAny>,
        body: Option<TextOrBytes>,
        headers: Option<Headers>,
    ) -> PyResult<Self> {
        let message = pwseal_api::DigitToken::from_response;
        read(py, response, body, headers, message).map(Self)
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
