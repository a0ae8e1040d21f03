//! From the errors of the crates below to the exceptions, which are Python classes.

use std::fmt::Display;

use pwseal::policy::Report;
use pwseal_api::{AnswerError, AnswerProblem, ErrorMessage, ErrorResponse, PasswordInfoAccount};
use pyo3::prelude::*;
use pyo3::types::{PyString, PyTuple};

use crate::{password_info, report};

/// An exception of a class of the package. The class is looked up each time: once the package is
/// imported anew, its classes are other ones.
fn exception(py: Python<'_>, class: &str, message: String) -> PyResult<PyErr> {
    let class = py
        .import("pwseal._errors")?
        .getattr(PyString::intern(py, class))?;
    Ok(PyErr::from_value(class.call1((message,))?))
}

/// A `pwseal.Error` that needs no class of its own.
pub(crate) fn plain(error: impl Display) -> PyErr {
    let message = error.to_string();
    Python::attach(|py| exception(py, "Error", message)).unwrap_or_else(|other| other)
}

pub(crate) fn from_core(py: Python<'_>, error: pwseal::Error) -> PyErr {
    use pwseal::Error as E;

    let message = error.to_string();
    let (index, error) = match error {
        E::InBatch { index, error } => (Some(index), *error),
        error => (None, error),
    };
    let exception = match error {
        E::EmptyPassword
        | E::OutputLength { .. }
        | E::RandomSource
        | E::PolicyTooNarrow
        | E::GeneratedTooLong { .. }
        | E::DictionaryNotText { .. }
        | E::DictionaryLineTooLong { .. }
        | E::DictionaryWhiteSpace { .. }
        | E::DictionaryTooManyWords { .. } => exception(py, "Error", message),
        E::PasswordTooLong { len, max } => message_too_long(py, message, len, max),
        E::PolicyConflict { length, rules } => policy_conflict(py, message, length, rules),
        // All others are about the key.
        E::KeyNotText { position } | E::Base64Character { position } => {
            invalid_key(py, message, Some(position))
        }
        E::Der { position, .. } => invalid_key(py, message, position),
        _ => invalid_key(py, message, None),
    };
    exception
        .and_then(|exception| with_index(py, exception, index))
        .unwrap_or_else(|other| other)
}

pub(crate) fn from_api(py: Python<'_>, error: pwseal_api::Error) -> PyErr {
    use pwseal_api::Error as E;

    let message = error.to_string();
    let exception = match error {
        E::Core(error) => Ok(from_core(py, error)),
        E::Policy(report) => policy(py, message, &report),
        E::NoAccounts => account(py, message, Vec::new()),
        E::AccountNotChosen { accounts }
        | E::AccountNotFound { accounts }
        | E::AccountNameNotUnique { accounts } => account(py, message, accounts),
        _ => exception(py, "Error", message),
    };
    exception.unwrap_or_else(|other| other)
}

pub(crate) fn from_answer(py: Python<'_>, error: &AnswerError) -> PyErr {
    answer(py, error).unwrap_or_else(|other| other)
}

/// Says which password of a batch an exception is about.
pub(crate) fn with_index(
    py: Python<'_>,
    exception: PyErr,
    index: Option<usize>,
) -> PyResult<PyErr> {
    if let Some(index) = index {
        exception.value(py).setattr("index", index)?;
    }
    Ok(exception)
}

fn invalid_key(py: Python<'_>, message: String, position: Option<usize>) -> PyResult<PyErr> {
    let exception = exception(py, "InvalidKeyError", message)?;
    exception.value(py).setattr("position", position)?;
    Ok(exception)
}

fn message_too_long(py: Python<'_>, message: String, len: usize, max: usize) -> PyResult<PyErr> {
    let exception = exception(py, "MessageTooLongError", message)?;
    exception.value(py).setattr("length", len)?;
    exception.value(py).setattr("max_length", max)?;
    Ok(exception)
}

fn policy_conflict(
    py: Python<'_>,
    message: String,
    length: Option<usize>,
    rules: Vec<String>,
) -> PyResult<PyErr> {
    let exception = exception(py, "PolicyConflictError", message)?;
    exception.value(py).setattr("length", length)?;
    let rules = PyTuple::new(py, rules)?;
    exception.value(py).setattr("rules", rules)?;
    Ok(exception)
}

fn policy(py: Python<'_>, message: String, report: &Report) -> PyResult<PyErr> {
    let exception = exception(py, "PolicyError", message)?;
    let report = report::Report::new(py, report)?;
    exception.value(py).setattr("report", report)?;
    Ok(exception)
}

fn account(
    py: Python<'_>,
    message: String,
    accounts: Vec<PasswordInfoAccount<'static>>,
) -> PyResult<PyErr> {
    let exception = exception(py, "AccountError", message)?;
    let accounts = accounts
        .into_iter()
        .map(|account| Py::new(py, password_info::PasswordInfoAccount::from(account)))
        .collect::<PyResult<Vec<_>>>()?;
    let accounts = PyTuple::new(py, accounts)?;
    exception.value(py).setattr("accounts", accounts)?;
    Ok(exception)
}

fn answer(py: Python<'_>, error: &AnswerError) -> PyResult<PyErr> {
    let exception = exception(py, "ApiError", error.to_string())?;
    let refused = match error.problem() {
        AnswerProblem::Refused(response) => Some(response),
        _ => None,
    };
    let detail_code = refused.and_then(|response| response.detail_code.as_deref());
    let tracking_id = refused.and_then(|response| response.tracking_id.as_deref());
    let messages = refused.map_or_else(Vec::new, |response| messages(response));
    let causes = refused.map_or_else(Vec::new, |response| texts(&response.causes));
    let retry_after = error.retry_after().map(|wait| wait.as_secs_f64());
    let value = exception.value(py);
    value.setattr("operation", error.operation().name())?;
    value.setattr("status", error.status().as_u16())?;
    value.setattr("detail_code", detail_code)?;
    value.setattr("tracking_id", tracking_id)?;
    value.setattr("messages", PyTuple::new(py, messages)?)?;
    value.setattr("causes", PyTuple::new(py, causes)?)?;
    value.setattr("retryable", error.retryable())?;
    value.setattr("retry_after", retry_after)?;
    Ok(exception)
}

/// The reasons with their languages. A 401 and a 429 have one, in a field of its own.
fn messages(response: &ErrorResponse) -> Vec<(Option<&str>, &str)> {
    let others = [&response.error, &response.message];
    let others = others.into_iter().flatten().map(|text| (None, &text[..]));
    texts(&response.messages)
        .into_iter()
        .chain(others)
        .collect()
}

fn texts(messages: &[ErrorMessage]) -> Vec<(Option<&str>, &str)> {
    let texts = messages.iter();
    texts
        .filter_map(|message| Some((message.locale.as_deref(), message.text.as_deref()?)))
        .collect()
}
