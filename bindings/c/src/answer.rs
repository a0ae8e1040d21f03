//! `pwseal_answer`: what the API answers.

use core::ffi::{c_char, c_void};

use pwseal_api::http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode};
use pwseal_api::{
    AnswerError, AnswerProblem, DigitToken, ErrorResponse, PasswordChangeResponse, PasswordStatus,
};

use crate::boundary;
use crate::failure::{Failure, Name, Usage};
use crate::getters::{self, field, item};
use crate::password_info::PasswordInfo;
use crate::pointers::{self, Text};
use crate::reserve;
use crate::status::Status;
use crate::text::CText;

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
pub struct Answer(Result<Message, Failed>);

/// A message, with its texts as they are lent.
#[derive(Debug)]
enum Message {
    PasswordInfo {
        info: Box<pwseal_api::PasswordInfo<'static>>,
        json_len: usize,
    },
    Change(Change),
    Token {
        digits: Option<CText>,
        request_id: Option<CText>,
    },
}

/// What `set-password` or `password-change-status` answered.
#[derive(Debug)]
struct Change {
    request_id: Option<CText>,
    state: Option<pwseal_api::State>,
    state_name: Option<CText>,
    /// Of `password-change-status` alone.
    status: Option<ChangeStatus>,
}

#[derive(Debug)]
struct ChangeStatus {
    errors: Vec<CText>,
    source_ids: Vec<CText>,
}

/// Why there is no message.
#[derive(Debug)]
struct Failed {
    error: AnswerError,
    detail_code: Option<CText>,
    tracking_id: Option<CText>,
    /// Every text that [`ErrorResponse::text`] may choose.
    reasons: Vec<CText>,
}

/// An [`Operation`], or any other number.
type OperationNumber = i32;

/// Reads the response to a request and puts a new handle into `*out`. `operation` is
/// what was asked for. `http_status` is the number, such as 202. Headers that
/// HTTP does not allow are skipped.
///
/// PWSEAL_STATUS_OK says that the response was read, and not that it is a success:
/// `pwseal_answer_outcome` tells that.
///
/// Errors: NULL_POINTER, LENGTH_TOO_LARGE, and OUT_OF_RANGE for an operation or an HTTP status that
/// does not exist.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwseal_answer_read(
    operation: OperationNumber,
    http_status: i32,
    headers: *const Header,
    headers_len: usize,
    body: *const c_void,
    body_len: usize,
    out: *mut *mut Answer,
) -> Status {
    // A longer body is not read.
    boundary::allocating(body_len.min(pwseal_api::MAX_BODY_LEN), |call| {
        // SAFETY: what the header demands of inputs and an output.
        unsafe {
            pointers::hand_out(call, out, || {
                let mut response = Response::new(pointers::bytes("body", body, body_len)?);
                *response.status_mut() = status(http_status)?;
                let headers = pointers::slice("headers", headers, headers_len)?;
                for (index, header) in headers.iter().enumerate() {
                    header.read(index, response.headers_mut())?;
                }
                Ok(Answer(match read(operation, &response)? {
                    Ok(message) => Ok(message?),
                    Err(error) => Err(Failed::new(error)?),
                }))
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
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwseal_answer_outcome(answer: *const Answer) -> Status {
    boundary::allocating(0, |call| {
        call.ready()?;
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
            answer
                .0
                .as_ref()
                .is_err_and(|failed| failed.error.retryable())
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
            let failed = answer.0.as_ref().err();
            let wait = failed.and_then(|failed| failed.error.retry_after());
            wait.map_or(-1, |wait| i64::try_from(wait.as_secs()).unwrap_or(i64::MAX))
        })
    }
}

/// Lends the `detailCode` of a refusal, such as `400.1 Bad Request Content`, as the server sent it.
///
/// Errors: NULL_POINTER, MISSING_FIELD.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwseal_answer_detail_code(
    answer: *const Answer,
    out: *mut Text,
) -> Status {
    // SAFETY: what the header demands of a handle and an output.
    unsafe {
        getters::lent("answer", answer, out, |answer| {
            let failed = answer.0.as_ref().err();
            field(
                failed.and_then(|failed| failed.detail_code.as_ref()),
                "detailCode",
            )
        })
    }
}

/// Lends the `trackingId` of a refusal, by which the vendor's support finds the request.
///
/// Errors: NULL_POINTER, MISSING_FIELD.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwseal_answer_tracking_id(
    answer: *const Answer,
    out: *mut Text,
) -> Status {
    // SAFETY: what the header demands of a handle and an output.
    unsafe {
        getters::lent("answer", answer, out, |answer| {
            let failed = answer.0.as_ref().err();
            field(
                failed.and_then(|failed| failed.tracking_id.as_ref()),
                "trackingId",
            )
        })
    }
}

/// Lends the reason of a refusal in a language such as `en-US`, as far as there is a choice, as
/// the server sent it.
///
/// Errors: NULL_POINTER, LENGTH_TOO_LARGE, INVALID_UTF8, MISSING_FIELD.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwseal_answer_refusal(
    answer: *const Answer,
    locale: *const c_char,
    locale_len: usize,
    out: *mut Text,
) -> Status {
    // SAFETY: what the header demands of a handle, an input and an output.
    unsafe {
        getters::lent("answer", answer, out, |answer| {
            let locale = pointers::text("locale", locale, locale_len)?;
            let failed = answer.0.as_ref().err();
            field(failed.and_then(|failed| failed.reason(locale)), "reason")
        })
    }
}

/// Puts what `query-password-info` answered into `*out`, as a new handle.
///
/// Errors: NULL_POINTER, WRONG_OPERATION, and as `pwseal_answer_outcome`.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwseal_answer_password_info(
    answer: *const Answer,
    out: *mut *mut PasswordInfo,
) -> Status {
    boundary::allocating(0, |call| {
        // SAFETY: what the header demands of a handle and an output.
        unsafe {
            pointers::hand_out(call, out, || {
                match pointers::handle("answer", answer)?.message()? {
                    Message::PasswordInfo { info, json_len } => {
                        reserve::enlarge(*json_len)?;
                        PasswordInfo::new((**info).clone(), *json_len)
                    }
                    _ => Err(wrong_operation("password-info")),
                }
            })
        }
    })
}

/// Lends the id of the request that was answered by `set-password`, `password-change-status` or
/// `generate-password-reset-token`.
///
/// Errors: NULL_POINTER, MISSING_FIELD, WRONG_OPERATION, and as
/// `pwseal_answer_outcome`.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwseal_answer_request_id(answer: *const Answer, out: *mut Text) -> Status {
    // SAFETY: what the header demands of a handle and an output.
    unsafe {
        getters::lent("answer", answer, out, |answer| {
            let id = match answer.message()? {
                Message::Change(change) => &change.request_id,
                Message::Token { request_id, .. } => request_id,
                Message::PasswordInfo { .. } => return Err(wrong_operation("request id")),
            };
            field(id.as_ref(), "requestId")
        })
    }
}

/// Writes how far the change is to `*out`: what `set-password` or `password-change-status`
/// answered.
///
/// Errors: NULL_POINTER, MISSING_FIELD, WRONG_OPERATION, and as `pwseal_answer_outcome`.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwseal_answer_state(answer: *const Answer, out: *mut State) -> Status {
    boundary::status(|| {
        // SAFETY: what the header demands of a handle and an output.
        unsafe {
            pointers::write("out", out, || {
                let change = pointers::handle("answer", answer)?.change()?;
                Ok(field(change.state.as_ref(), "state")?.into())
            })
        }
    })
}

/// Lends the name of the state, such as `IN_PROGRESS`.
///
/// Errors: NULL_POINTER, MISSING_FIELD, WRONG_OPERATION, and as
/// `pwseal_answer_outcome`.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwseal_answer_state_name(answer: *const Answer, out: *mut Text) -> Status {
    // SAFETY: what the header demands of a handle and an output.
    unsafe {
        getters::lent("answer", answer, out, |answer| {
            field(answer.change()?.state_name.as_ref(), "state")
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

/// Lends the error number `index`, counted from 0, as the server sent it: why the change failed.
///
/// Errors: NULL_POINTER, OUT_OF_RANGE, WRONG_OPERATION, and as
/// `pwseal_answer_outcome`.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwseal_answer_error(
    answer: *const Answer,
    index: usize,
    out: *mut Text,
) -> Status {
    // SAFETY: what the header demands of a handle and an output.
    unsafe {
        getters::lent("answer", answer, out, |answer| {
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

/// Lends the id of the source number `index`, counted from 0, on which the password is changed.
///
/// Errors: NULL_POINTER, OUT_OF_RANGE, WRONG_OPERATION, and as
/// `pwseal_answer_outcome`.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwseal_answer_source_id(
    answer: *const Answer,
    index: usize,
    out: *mut Text,
) -> Status {
    // SAFETY: what the header demands of a handle and an output.
    unsafe {
        getters::lent("answer", answer, out, |answer| {
            item(answer.change_status()?.source_ids.iter(), index)
        })
    }
}

/// Lends the digit token that `generate-password-reset-token` answered. It is a secret: wipe a copy
/// after use (`pwseal_wipe`).
///
/// Some versions send it as a number, which cannot carry a leading zero: if it has fewer digits than
/// were asked for, zeros are missing in front.
///
/// Errors: NULL_POINTER, MISSING_FIELD, WRONG_OPERATION, and as
/// `pwseal_answer_outcome`.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwseal_answer_digit_token(
    answer: *const Answer,
    out: *mut Text,
) -> Status {
    // SAFETY: what the header demands of a handle and an output.
    unsafe {
        getters::lent("answer", answer, out, |answer| match answer.message()? {
            Message::Token { digits, .. } => field(digits.as_ref(), "digitToken"),
            _ => Err(wrong_operation("digit token")),
        })
    }
}

impl Answer {
    fn message(&self) -> Result<&Message, Failure<'_>> {
        let message = self.0.as_ref();
        message.map_err(|failed| Failure::Answer(&failed.error))
    }

    fn change(&self) -> Result<&Change, Failure<'_>> {
        match self.message()? {
            Message::Change(change) => Ok(change),
            _ => Err(wrong_operation("state")),
        }
    }

    fn change_status(&self) -> Result<&ChangeStatus, Failure<'_>> {
        match self.message()? {
            Message::Change(Change {
                status: Some(status),
                ..
            }) => Ok(status),
            _ => Err(wrong_operation("status of a change")),
        }
    }

    /// The answer to `password-change-status`, as [`pwseal_api::StatusPoll`] takes it: it looks at the state alone.
    pub(crate) fn to_poll(&self) -> Result<Result<PasswordStatus, AnswerError>, Failure<'_>> {
        match &self.0 {
            Err(Failed { error, .. })
                if error.operation() == pwseal_api::Operation::PasswordChangeStatus =>
            {
                Ok(Err(error.clone()))
            }
            Ok(Message::Change(change)) if change.status.is_some() => {
                let mut status = PasswordStatus::default();
                status.state.clone_from(&change.state);
                Ok(Ok(status))
            }
            _ => Err(wrong_operation("status of a change")),
        }
    }
}

impl Message {
    fn of_info(
        info: pwseal_api::PasswordInfo<'_>,
        json_len: usize,
    ) -> Result<Self, Failure<'static>> {
        let info = info.into_owned().into();
        Ok(Self::PasswordInfo { info, json_len })
    }

    fn of_change(change: PasswordChangeResponse) -> Result<Self, Failure<'static>> {
        Change::new(change.request_id.as_deref(), change.state, None).map(Self::Change)
    }

    fn of_status(status: PasswordStatus) -> Result<Self, Failure<'static>> {
        let texts = ChangeStatus {
            errors: CText::all(&status.errors)?,
            source_ids: CText::all(&status.source_ids)?,
        };
        Change::new(status.request_id.as_deref(), status.state, Some(texts)).map(Self::Change)
    }

    fn of_token(token: DigitToken) -> Result<Self, Failure<'static>> {
        Ok(Self::Token {
            digits: token.digit_token().map(CText::secret).transpose()?,
            request_id: CText::of(token.request_id())?,
        })
    }
}

impl Change {
    fn new(
        request_id: Option<&str>,
        state: Option<pwseal_api::State>,
        status: Option<ChangeStatus>,
    ) -> Result<Self, Failure<'static>> {
        Ok(Self {
            request_id: CText::of(request_id)?,
            state_name: state.as_ref().map(CText::shown).transpose()?,
            state,
            status,
        })
    }
}

impl Failed {
    fn new(error: AnswerError) -> Result<Self, Failure<'static>> {
        let mut reasons = Vec::new();
        let (mut detail_code, mut tracking_id) = (None, None);
        if let AnswerProblem::Refused(response) = error.problem() {
            detail_code = CText::of(response.detail_code.as_deref())?;
            tracking_id = CText::of(response.tracking_id.as_deref())?;
            let texts = response.messages.iter().map(|message| &message.text);
            let others = [&response.error, &response.message];
            for text in texts.chain(others).flatten() {
                reasons.try_reserve(1).map_err(|_| Failure::OutOfMemory)?;
                reasons.push(CText::new(text)?);
            }
        }
        Ok(Self {
            error,
            detail_code,
            tracking_id,
            reasons,
        })
    }

    fn reason(&self, locale: &str) -> Option<&CText> {
        let chosen = self.response()?.text(locale)?.as_bytes();
        self.reasons.iter().find(|reason| reason.bytes() == chosen)
    }

    fn response(&self) -> Option<&ErrorResponse> {
        match self.error.problem() {
            AnswerProblem::Refused(response) => Some(response),
            _ => None,
        }
    }
}

impl Header {
    /// Adds it to a map, or skips it.
    ///
    /// # Safety
    ///
    /// What the header demands of an input.
    unsafe fn read(&self, index: usize, map: &mut HeaderMap) -> Result<(), Failure<'static>> {
        let name = |field| Name {
            argument: "headers",
            element: Some((index, field)),
        };
        // No UTF-8 is wanted here.
        let bytes = |text: &Text, field| {
            // SAFETY: the caller promises it of the texts within an element.
            unsafe { pointers::bytes(name(field), text.data.cast(), text.len) }
        };
        let (name, value) = (bytes(&self.name, "name")?, bytes(&self.value, "value")?);
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

/// The message, as far as there is memory for it, or why there is none.
type Reading = Result<Result<Message, Failure<'static>>, AnswerError>;

fn read(operation: OperationNumber, response: &Response<&[u8]>) -> Result<Reading, Usage> {
    const QUERY: i32 = Operation::QueryPasswordInfo as i32;
    const SET: i32 = Operation::SetPassword as i32;
    const STATUS: i32 = Operation::PasswordChangeStatus as i32;
    const TOKEN: i32 = Operation::GenerateDigitToken as i32;
    Ok(match operation {
        QUERY => pwseal_api::PasswordInfo::from_response(response)
            .map(|info| Message::of_info(info, response.body().len())),
        SET => PasswordChangeResponse::from_response(response).map(Message::of_change),
        STATUS => PasswordStatus::from_response(response).map(Message::of_status),
        TOKEN => DigitToken::from_response(response).map(Message::of_token),
        _ => {
            return Err(Usage::NotIn {
                list: "pwseal_operation",
                number: operation.into(),
            });
        }
    })
}

fn status(number: i32) -> Result<StatusCode, Usage> {
    let status = u16::try_from(number).ok();
    let status = status.and_then(|status| StatusCode::from_u16(status).ok());
    status.ok_or(Usage::NotIn {
        list: "HTTP status",
        number: number.into(),
    })
}

fn wrong_operation(wanted: &'static str) -> Failure<'static> {
    Usage::WrongOperation(wanted).into()
}
