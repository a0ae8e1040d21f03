//! From the errors of the crates below to the exceptions, which are Python classes.

use std::fmt::Display;

use pwseal::ErrorKind as CoreKind;
use pwseal::NotText;
use pwseal::policy::Report;
use pwseal_api::{
    AnswerError, AnswerProblem, ErrorKind, ErrorMessage, ErrorResponse, PasswordInfoAccount,
};
use pyo3::prelude::*;
use pyo3::types::{PyString, PyTuple};

use crate::{password_info, report};

/// A class of the package. It is looked up each time: once the package is imported anew, its
/// classes are other ones.
pub(crate) fn class<'py>(py: Python<'py>, name: &str) -> PyResult<Bound<'py, PyAny>> {
    py.import("pwseal._errors")?
        .getattr(PyString::intern(py, name))
}

fn exception(py: Python<'_>, name: &str, message: String) -> PyResult<PyErr> {
    Ok(PyErr::from_value(class(py, name)?.call1((message,))?))
}

/// A `pwseal.InputError` that needs no class of its own.
pub(crate) fn plain(error: impl Display) -> PyErr {
    let message = error.to_string();
    Python::attach(|py| exception(py, INPUT, message)).unwrap_or_else(|other| other)
}

pub(crate) fn from_core(py: Python<'_>, error: pwseal::Error) -> PyErr {
    let class = of_core(error.kind()).unwrap_or(GENERAL);
    exception(py, class, error.to_string())
        .and_then(|exception| with_details(py, exception, error))
        .unwrap_or_else(|other| other)
}

pub(crate) fn from_api(py: Python<'_>, error: pwseal_api::Error) -> PyErr {
    use pwseal_api::Error as E;

    let class = of_api(error.kind()).unwrap_or(GENERAL);
    exception(py, class, error.to_string())
        .and_then(|exception| match error {
            E::Core(error) => with_details(py, exception, error),
            E::Policy(report) => with_report(py, exception, &report),
            E::AccountNotChosen { accounts, .. }
            | E::AccountNotFound { accounts, .. }
            | E::AccountNameNotUnique { accounts, .. } => with_accounts(py, exception, accounts),
            _ => Ok(exception),
        })
        .unwrap_or_else(|other| other)
}

/// The class of what is about no value.
const GENERAL: &str = "Error";

/// The class of what is about a value, and has none of its own.
const INPUT: &str = "InputError";

/// The class of a password that is not taken for text.
const NOT_TEXT: &str = "PasswordNotTextError";

/// Half of a surrogate pair in the text of a password, which UTF-8 cannot hold.
pub(crate) fn half_surrogate(py: Python<'_>, message: String, position: usize) -> PyErr {
    let made = exception(py, NOT_TEXT, message).and_then(|exception| {
        let value = exception.value(py);
        value.setattr("position", position)?;
        value.setattr("problem", NotText::HalfSurrogate.name())?;
        Ok(exception)
    });
    made.unwrap_or_else(|other| other)
}

/// The class for an error of the core; none for a kind that was added there and is not known here.
const fn of_core(kind: CoreKind) -> Option<&'static str> {
    Some(match kind {
        CoreKind::InvalidKey | CoreKind::UnsupportedKey => "InvalidKeyError",
        CoreKind::PasswordTooLong => "PasswordTooLongError",
        CoreKind::PasswordNotText => NOT_TEXT,
        CoreKind::PolicyConflict => "PolicyConflictError",
        CoreKind::EmptyPassword
        | CoreKind::InvalidPolicy
        | CoreKind::PolicyTooNarrow
        | CoreKind::GeneratedTooLong
        | CoreKind::InvalidDictionary => INPUT,
        CoreKind::BackendUnavailable
        | CoreKind::OutputLength
        | CoreKind::RandomSource
        | CoreKind::OutOfMemory => GENERAL,
        _ => return None,
    })
}

/// As [`of_core`].
const fn of_api(kind: ErrorKind) -> Option<&'static str> {
    Some(match kind {
        ErrorKind::Core(kind) => return of_core(kind),
        ErrorKind::PolicyViolation => "PolicyError",
        ErrorKind::NoAccounts
        | ErrorKind::AccountNotChosen
        | ErrorKind::AccountNotFound
        | ErrorKind::AccountNameNotUnique => "AccountError",
        ErrorKind::InvalidPasswordInfo
        | ErrorKind::InvalidChangeRequest
        | ErrorKind::OtherMessage
        | ErrorKind::MissingField
        | ErrorKind::NotInVersion
        | ErrorKind::InvalidTenant
        | ErrorKind::InvalidBaseUrl
        | ErrorKind::InvalidRequestId
        | ErrorKind::InvalidBearerToken
        | ErrorKind::OutOfRange => INPUT,
        _ => return None,
    })
}

/// No kind of error is without a class.
const _: () = {
    let mut index = 0;
    while index < ErrorKind::ALL.len() {
        assert!(of_api(ErrorKind::ALL[index]).is_some());
        index += 1;
    }
};

pub(crate) fn from_answer(py: Python<'_>, error: &AnswerError) -> PyErr {
    answer(py, error).unwrap_or_else(|other| other)
}

/// Says which item of a batch an exception is about, in its message and as its attribute `index`.
pub(crate) fn in_batch(py: Python<'_>, exception: PyErr, what: &str, index: usize) -> PyErr {
    let name = || -> PyResult<()> {
        let value = exception.value(py);
        let message = format!("the {what} at index {index} of the batch: {}", value.str()?);
        value.setattr("args", (message,))?;
        value.setattr("index", index)
    };
    match name() {
        Ok(()) => exception,
        Err(other) => other,
    }
}

/// What an error of the core has beside its message, as attributes.
fn with_details(py: Python<'_>, exception: PyErr, error: pwseal::Error) -> PyResult<PyErr> {
    use pwseal::Error as E;

    let value = exception.value(py);
    match error {
        E::InBatch { index, error, .. } => {
            value.setattr("index", index)?;
            return with_details(py, exception, *error);
        }
        E::PasswordTooLong { len, max, .. } => {
            value.setattr("length", len)?;
            value.setattr("max_length", max)?;
        }
        E::PolicyConflict { length, rules, .. } => {
            value.setattr("length", length)?;
            value.setattr("rules", PyTuple::new(py, rules)?)?;
        }
        error => {
            if let E::PasswordNotText { problem, .. } = error {
                value.setattr("problem", problem.name())?;
            }
            if let Some(position) = error.position() {
                value.setattr("position", position)?;
            }
        }
    }
    Ok(exception)
}

fn with_report(py: Python<'_>, exception: PyErr, report: &Report) -> PyResult<PyErr> {
    let report = report::Report::new(py, report)?;
    exception.value(py).setattr("report", report)?;
    Ok(exception)
}

fn with_accounts(
    py: Python<'_>,
    exception: PyErr,
    accounts: Vec<PasswordInfoAccount<'static>>,
) -> PyResult<PyErr> {
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
