//! `pwseal_answer`: what the API answers.

use core::ffi::c_char;

use pwseal_api::http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode};
use pwseal_api::{
    AnswerError, AnswerProblem, DigitToken, ErrorResponse, PasswordChangeResponse, PasswordStatus,
};

use crate::boundary::{self, Failure};
use crate::getters::{self, field, item};
use crate::password_info::PasswordInfo;
use crate::pointers::{self, Text};
use crate::status::Status;

/// One of the API's four operations. The numbers keep their meaning for ever.
#[derive(Clone, Copy, Debug)]
#[repr(i32)]
pub enum Operation {
    /// `query-password-info`: the key, the accounts and the policies of an identity on a source.
    QueryPasswordInfo = 0,
    /// `set-password`: orders a password change.
    SetPassword = 1,
    /// `password-change-status`: how far an ordered change is.
    PasswordChangeStatus = 2,
    /// `generate-password-reset-token`: a token of digits with which a person may reset a password.
    GenerateDigitToken = 3,
}

/// How far a password change is. The numbers keep their meaning for ever.
#[derive(Clone, Copy, Debug)]
#[repr(i32)]
pub enum State {
    /// A state that no version of the API documents: `pwseal_answer_state_name` has its name.
    Other = 0,
    /// `IN_PROGRESS`, for hours in the worst case.
    InProgress = 1,
    /// `FINISHED`.
    Finished = 2,
    /// `FAILED`: `pwseal_answer_error` says why.
    Failed = 3,
}

/// A header of an HTTP response.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct Header {
    /// Its name, in any case.
    pub name: Text,
    /// Its value.
    pub value: Text,
}

/// An answer of the API: its message, or why there is none. Made by `pwseal_answer_read`, freed by
/// `pwseal_answer_free`, which wipes a digit token. It never changes: many threads may use one at
/// once.
///
/// The functions that read a message return the outcome (`pwseal_answer_outcome`) of an answer
/// that is not a success, so that a refusal cannot be taken for one.
#[derive(Debug)]
pub struct Answer(Result<Message, AnswerError>);

#[derive(Debug)]
enum Message {
    PasswordInfo(pwseal_api::PasswordInfo<'static>),
    Change(PasswordChangeResponse),
    Status(PasswordStatus),
    Token(DigitToken),
}

/// Reads the response to a request and puts a new handle into `*out`. `operation` is a
/// `pwseal_operation`: what was asked for. `http_status` is the number, such as 202. Headers that
/// HTTP does not allow are skipped.
///
/// PWSEAL_STATUS_OK says that the response was read, and not that it is a success:
/// `pwseal_answer_outcome` tells that.
///
/// Errors: NULL_POINTER, LENGTH_TOO_LARGE, and OUT_OF_RANGE for an operation or an HTTP status that
/// does not exist.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwseal_answer_read(
    operation: i32,
    http_status: i32,
    headers: *const Header,
    headers_len: usize,
    body: *const u8,
    body_len: usize,
    out: *mut *mut Answer,
) -> Status {
    boundary::status(|| {
        // SAFETY: what the header demands of inputs and an output.
        unsafe {
            pointers::hand_out(out, || {
                let mut response = Response::new(pointers::bytes("body", body, body_len)?);
                *response.status_mut() = status(http_status)?;
                let headers = pointers::slice("headers", headers, headers_len)?;
                for (index, header) in headers.iter().enumerate() {
                    header.read(index, response.headers_mut())?;
                }
                Ok(Answer(read(operation, &response)?))
            })
        }
    })
}

/// Frees an answer. No call may be using it, and none may use it afterwards. NULL is allowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwseal_answer_free(answer: *mut Answer) {
    boundary::value((), || {
        // SAFETY: what the header demands of a handle that is freed.
        unsafe { pointers::take_back(answer) }
    });
}

/// OK for a success with the message that belongs to it. Else why there is none, with
/// `pwseal_last_error` in words that are fit for a log: what the API says, and what to do.
///
/// Errors: NULL_POINTER, ANSWER_REFUSED, ANSWER_NOT_FROM_THE_API, ANSWER_UNREADABLE,
/// ANSWER_TOO_LONG.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwseal_answer_outcome(answer: *const Answer) -> Status {
    boundary::status(|| {
        // SAFETY: what the header demands of a handle.
        unsafe { pointers::handle("answer", answer) }?.message()?;
        Ok(())
    })
}

/// Whether the same request may succeed later: after 408, 425, 429, and every 5xx but 501 and 505.
/// False for a success and for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwseal_answer_retryable(answer: *const Answer) -> bool {
    // SAFETY: what the header demands of a handle.
    unsafe {
        getters::value(answer, false, |answer| {
            answer.0.as_ref().is_err_and(AnswerError::retryable)
        })
    }
}

/// How many seconds the server wants to be left alone (the header `Retry-After`); -1 where it does
/// not say, for a success and for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwseal_answer_retry_after(answer: *const Answer) -> i64 {
    // SAFETY: what the header demands of a handle.
    unsafe {
        getters::value(answer, -1, |answer| {
            let wait = answer.0.as_ref().err().and_then(AnswerError::retry_after);
            wait.map_or(-1, |wait| i64::try_from(wait.as_secs()).unwrap_or(i64::MAX))
        })
    }
}

/// Writes the `detailCode` of a refusal, such as `400.1 Bad Request Content`, as the server sent it.
///
/// Errors: NULL_POINTER, BUFFER_TOO_SMALL, MISSING_FIELD.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwseal_answer_detail_code(
    answer: *const Answer,
    out: *mut c_char,
    out_len: *mut usize,
) -> Status {
    // SAFETY: what the header demands of a handle and an output.
    unsafe {
        getters::text("answer", answer, out, out_len, |answer| {
            let refusal = answer.refusal();
            field(
                refusal.and_then(|refusal| refusal.detail_code.as_deref()),
                "detailCode",
            )
        })
    }
}

/// Writes the `trackingId` of a refusal, by which the vendor's support finds the request.
///
/// Errors: NULL_POINTER, BUFFER_TOO_SMALL, MISSING_FIELD.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwseal_answer_tracking_id(
    answer: *const Answer,
    out: *mut c_char,
    out_len: *mut usize,
) -> Status {
    // SAFETY: what the header demands of a handle and an output.
    unsafe {
        getters::text("answer", answer, out, out_len, |answer| {
            let refusal = answer.refusal();
            field(
                refusal.and_then(|refusal| refusal.tracking_id.as_deref()),
                "trackingId",
            )
        })
    }
}

/// Writes the reason of a refusal in a language such as `en-US`, as far as there is a choice, as
/// the server sent it.
///
/// Errors: NULL_POINTER, LENGTH_TOO_LARGE, INVALID_UTF8, BUFFER_TOO_SMALL, MISSING_FIELD.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwseal_answer_refusal(
    answer: *const Answer,
    locale: *const c_char,
    locale_len: usize,
    out: *mut c_char,
    out_len: *mut usize,
) -> Status {
    // SAFETY: what the header demands of a handle, an input and an output.
    unsafe {
        getters::text("answer", answer, out, out_len, |answer| {
            let locale = pointers::text("locale", locale, locale_len)?;
            field(
                answer.refusal().and_then(|refusal| refusal.text(locale)),
                "reason",
            )
        })
    }
}

/// Puts what `query-password-info` answered into `*out`, as a new handle.
///
/// Errors: NULL_POINTER, WRONG_OPERATION, and as `pwseal_answer_outcome`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwseal_answer_password_info(
    answer: *const Answer,
    out: *mut *mut PasswordInfo,
) -> Status {
    boundary::status(|| {
        // SAFETY: what the header demands of a handle and an output.
        unsafe {
            let answer = pointers::handle("answer", answer)?;
            pointers::hand_out(out, || match answer.message()? {
                Message::PasswordInfo(info) => Ok(PasswordInfo(info.clone())),
                _ => Err(wrong_operation("password-info")),
            })
        }
    })
}

/// Writes the id of the request that was answered by `set-password`, `password-change-status` or
/// `generate-password-reset-token`.
///
/// Errors: NULL_POINTER, BUFFER_TOO_SMALL, MISSING_FIELD, WRONG_OPERATION, and as
/// `pwseal_answer_outcome`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwseal_answer_request_id(
    answer: *const Answer,
    out: *mut c_char,
    out_len: *mut usize,
) -> Status {
    // SAFETY: what the header demands of a handle and an output.
    unsafe {
        getters::text("answer", answer, out, out_len, |answer| {
            let id = match answer.message()? {
                Message::Change(change) => change.request_id.as_deref(),
                Message::Status(status) => status.request_id.as_deref(),
                Message::Token(token) => token.request_id(),
                Message::PasswordInfo(_) => return Err(wrong_operation("request id")),
            };
            field(id, "requestId")
        })
    }
}

/// Writes how far the change is to `*out`: what `set-password` or `password-change-status`
/// answered.
///
/// Errors: NULL_POINTER, MISSING_FIELD, WRONG_OPERATION, and as `pwseal_answer_outcome`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwseal_answer_state(answer: *const Answer, out: *mut State) -> Status {
    boundary::status(|| {
        // SAFETY: what the header demands of a handle and an output.
        unsafe {
            let answer = pointers::handle("answer", answer)?;
            pointers::write("out", out, || Ok(answer.state()?.into()))
        }
    })
}

/// Writes the name of the state, such as `IN_PROGRESS`.
///
/// Errors: NULL_POINTER, BUFFER_TOO_SMALL, MISSING_FIELD, WRONG_OPERATION, and as
/// `pwseal_answer_outcome`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwseal_answer_state_name(
    answer: *const Answer,
    out: *mut c_char,
    out_len: *mut usize,
) -> Status {
    // SAFETY: what the header demands of a handle and an output.
    unsafe {
        getters::text("answer", answer, out, out_len, |answer| {
            Ok(answer.state()?.to_string())
        })
    }
}

/// How many errors `password-change-status` reports: in general those of a change that failed. 0
/// for any other answer and for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwseal_answer_error_count(answer: *const Answer) -> usize {
    // SAFETY: what the header demands of a handle.
    unsafe {
        getters::value(answer, 0, |answer| {
            answer
                .change_status()
                .map_or(0, |status| status.errors.len())
        })
    }
}

/// Writes the error number `index`, counted from 0, as the server sent it: why the change failed.
///
/// Errors: NULL_POINTER, BUFFER_TOO_SMALL, OUT_OF_RANGE, WRONG_OPERATION, and as
/// `pwseal_answer_outcome`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwseal_answer_error(
    answer: *const Answer,
    index: usize,
    out: *mut c_char,
    out_len: *mut usize,
) -> Status {
    // SAFETY: what the header demands of a handle and an output.
    unsafe {
        getters::text("answer", answer, out, out_len, |answer| {
            item(answer.change_status()?.errors.iter(), index)
        })
    }
}

/// How many sources `password-change-status` names on which the password is changed, and 0 for any
/// other answer and for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwseal_answer_source_id_count(answer: *const Answer) -> usize {
    // SAFETY: what the header demands of a handle.
    unsafe {
        getters::value(answer, 0, |answer| {
            answer
                .change_status()
                .map_or(0, |status| status.source_ids.len())
        })
    }
}

/// Writes the id of the source number `index`, counted from 0, on which the password is changed.
///
/// Errors: NULL_POINTER, BUFFER_TOO_SMALL, OUT_OF_RANGE, WRONG_OPERATION, and as
/// `pwseal_answer_outcome`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwseal_answer_source_id(
    answer: *const Answer,
    index: usize,
    out: *mut c_char,
    out_len: *mut usize,
) -> Status {
    // SAFETY: what the header demands of a handle and an output.
    unsafe {
        getters::text("answer", answer, out, out_len, |answer| {
            item(answer.change_status()?.source_ids.iter(), index)
        })
    }
}

/// Writes the digit token that `generate-password-reset-token` answered. It is a secret: wipe it
/// after use (`pwseal_wipe`).
///
/// Some versions send it as a number, which cannot carry a leading zero: if it has fewer digits than
/// were asked for, zeros are missing in front.
///
/// Errors: NULL_POINTER, BUFFER_TOO_SMALL, MISSING_FIELD, WRONG_OPERATION, and as
/// `pwseal_answer_outcome`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwseal_answer_digit_token(
    answer: *const Answer,
    out: *mut c_char,
    out_len: *mut usize,
) -> Status {
    // SAFETY: what the header demands of a handle and an output.
    unsafe {
        getters::text("answer", answer, out, out_len, |answer| {
            match answer.message()? {
                Message::Token(token) => field(token.digit_token(), "digitToken"),
                _ => Err(wrong_operation("digit token")),
            }
        })
    }
}

impl Answer {
    fn message(&self) -> Result<&Message, Failure> {
        Ok(self.0.as_ref()?)
    }

    fn refusal(&self) -> Option<&ErrorResponse> {
        match self.0.as_ref().err()?.problem() {
            AnswerProblem::Refused(response) => Some(response),
            _ => None,
        }
    }

    fn state(&self) -> Result<&pwseal_api::State, Failure> {
        let state = match self.message()? {
            Message::Change(change) => change.state.as_ref(),
            Message::Status(status) => status.state.as_ref(),
            _ => return Err(wrong_operation("state")),
        };
        field(state, "state")
    }

    fn change_status(&self) -> Result<&PasswordStatus, Failure> {
        match self.message()? {
            Message::Status(status) => Ok(status),
            _ => Err(wrong_operation("status of a change")),
        }
    }

    /// The answer to `password-change-status`, as [`pwseal_api::StatusPoll`] takes it.
    pub(crate) fn to_poll(&self) -> Result<Result<PasswordStatus, AnswerError>, Failure> {
        match &self.0 {
            Err(error) if error.operation() == pwseal_api::Operation::PasswordChangeStatus => {
                Ok(Err(error.clone()))
            }
            Ok(Message::Status(status)) => Ok(Ok(status.clone())),
            _ => Err(wrong_operation("status of a change")),
        }
    }
}

impl Header {
    /// Adds it to a map, or skips it.
    ///
    /// # Safety
    ///
    /// What the header demands of an input.
    unsafe fn read(&self, index: usize, map: &mut HeaderMap) -> Result<(), Failure> {
        let Self { name, value } = self;
        // SAFETY: the caller promises it of the texts within an element. No UTF-8 is wanted here.
        let (name, value) = unsafe {
            (
                pointers::bytes(
                    format_args!("headers[{index}].name"),
                    name.data.cast(),
                    name.len,
                )?,
                pointers::bytes(
                    format_args!("headers[{index}].value"),
                    value.data.cast(),
                    value.len,
                )?,
            )
        };
        if let (Ok(name), Ok(value)) =
            (HeaderName::from_bytes(name), HeaderValue::from_bytes(value))
        {
            // A response has a few dozen headers; those after some ten thousand are skipped too.
            let _ = map.try_append(name, value);
        }
        Ok(())
    }
}

impl From<&pwseal_api::State> for State {
    fn from(state: &pwseal_api::State) -> Self {
        use pwseal_api::State as S;
        match state {
            S::InProgress => Self::InProgress,
            S::Finished => Self::Finished,
            S::Failed => Self::Failed,
            _ => Self::Other,
        }
    }
}

fn read(
    operation: i32,
    response: &Response<&[u8]>,
) -> Result<Result<Message, AnswerError>, Failure> {
    const QUERY: i32 = Operation::QueryPasswordInfo as i32;
    const SET: i32 = Operation::SetPassword as i32;
    const STATUS: i32 = Operation::PasswordChangeStatus as i32;
    const TOKEN: i32 = Operation::GenerateDigitToken as i32;
    Ok(match operation {
        QUERY => pwseal_api::PasswordInfo::from_response(response)
            .map(|info| Message::PasswordInfo(info.into_owned())),
        SET => PasswordChangeResponse::from_response(response).map(Message::Change),
        STATUS => PasswordStatus::from_response(response).map(Message::Status),
        TOKEN => DigitToken::from_response(response).map(Message::Token),
        _ => {
            let message = format!("{operation} is no pwseal_operation");
            return Err(Failure::new(Status::OutOfRange, message));
        }
    })
}

fn status(number: i32) -> Result<StatusCode, Failure> {
    let status = u16::try_from(number).ok();
    let status = status.and_then(|status| StatusCode::from_u16(status).ok());
    status.ok_or_else(|| {
        let message = format!("{number} is no HTTP status");
        Failure::new(Status::OutOfRange, message)
    })
}

fn wrong_operation(wanted: &str) -> Failure {
    let message = format!("the answer is to an operation that gives no {wanted}");
    Failure::new(Status::WrongOperation, message)
}
