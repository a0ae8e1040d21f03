//! `pwseal_change_request`: the body of `set-password`.

use core::ffi::{c_char, c_void};

use pwseal_api::PasswordChangeRequest;
use zeroize::Zeroizing;

use crate::boundary;
use crate::context::Context;
use crate::failure::{Failure, Usage};
use crate::getters;
use crate::password;
use crate::password_info::PasswordInfo;
use crate::pointers::{self, Text};
use crate::status::Status;
use crate::text::CText;
use crate::warning::{self, PasswordWarning};

/// What orders a password change: the body of `set-password`. Made by `pwseal_change_request_new` or
/// `pwseal_change_request_parse`, freed by `pwseal_change_request_free`, which wipes it. It never
/// changes: many threads may use one at once.
#[derive(Debug)]
pub struct ChangeRequest {
    pub(crate) change: PasswordChangeRequest,
    body: CText,
}

/// A body is made whatever the policies say.
pub const PWSEAL_DESPITE_POLICY: u32 = 1;

/// The bytes of the password are meant as they are: none is refused or left out.
pub const PWSEAL_RAW: u32 = 2;

/// Judges a password, checks it against the policies of a password-info, encrypts it for an account,
/// and puts a new handle into `*out`. A rule that could not be checked is no violation:
/// `pwseal_password_info_check` tells the two apart.
///
/// The password must be UTF-8, without a NUL, a line break or another control character. A byte
/// order mark in front is left out. What else may not be as it was meant,
/// `pwseal_change_request_warning` tells.
///
/// `account` is the id or else the name of an account, equal to the letter, and NULL for the only
/// one: with several, one must be chosen. `context` is what rules compare with beside the account's id and name, such
/// as a dictionary, and NULL for nothing. `pwseal_last_error` lists the accounts, or the rules that are
/// violated. `options` is 0, or PWSEAL_DESPITE_POLICY, PWSEAL_RAW or both (`|`).
///
/// Errors: NULL_POINTER, LENGTH_TOO_LARGE, INVALID_UTF8, NO_ACCOUNTS, ACCOUNT_NOT_CHOSEN,
/// ACCOUNT_NOT_FOUND, ACCOUNT_NAME_NOT_UNIQUE, MISSING_FIELD, INVALID_KEY, UNSUPPORTED_KEY,
/// EMPTY_PASSWORD, PASSWORD_TOO_LONG, PASSWORD_NOT_TEXT, POLICY_VIOLATION, RANDOM_SOURCE, and
/// OUT_OF_RANGE for other options.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwseal_change_request_new(
    info: *const PasswordInfo,
    account: *const c_char,
    account_len: usize,
    context: *const Context,
    password: *const c_void,
    password_len: usize,
    options: u32,
    out: *mut *mut ChangeRequest,
) -> Status {
    boundary::allocating(account_len, |call| {
        // SAFETY: what the header demands of handles, inputs and an output.
        unsafe {
            pointers::hand_out(call, out, || {
                let info = pointers::handle("info", info)?;
                let account = pointers::optional_text("account", account, account_len)?;
                let password = pointers::bytes("password", password, password_len)?;
                let options = Options::of(options)?;
                let recipient = info.recipient(account, context.as_ref())?;
                let password = password::copy_for(recipient.key(), password)?;
                let password = password.with_raw(options.raw);
                ChangeRequest::new(match options.despite_policy {
                    true => recipient.change_request_despite_policy(&password)?,
                    false => recipient.change_request(&password)?,
                })
            })
        }
    })
}

struct Options {
    despite_policy: bool,
    raw: bool,
}

impl Options {
    fn of(bits: u32) -> Result<Self, Usage> {
        if bits & !(PWSEAL_DESPITE_POLICY | PWSEAL_RAW) != 0 {
            return Err(Usage::NotIn {
                list: "sum of PWSEAL_DESPITE_POLICY and PWSEAL_RAW",
                number: bits.into(),
            });
        }
        Ok(Self {
            despite_policy: bits & PWSEAL_DESPITE_POLICY != 0,
            raw: bits & PWSEAL_RAW != 0,
        })
    }
}

/// Reads a body that was made before, and puts a new handle into `*out`: what
/// `pwseal_change_request_body` or `pwseal request` wrote, or `pwseal bulk` as the field `request`
/// of a line. Other fields are skipped. An `encryptedPassword` that is no base64 of at least 128
/// bytes is refused: a password that was put there as it is must not be sent. The JSON is the
/// caller's to wipe.
///
/// Errors: NULL_POINTER, LENGTH_TOO_LARGE, INVALID_CHANGE_REQUEST, MISSING_FIELD.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwseal_change_request_parse(
    json: *const c_void,
    json_len: usize,
    out: *mut *mut ChangeRequest,
) -> Status {
    boundary::allocating(json_len, |call| {
        // SAFETY: what the header demands of an input and an output.
        unsafe {
            pointers::hand_out(call, out, || {
                let json = pointers::bytes("json", json, json_len)?;
                ChangeRequest::new(PasswordChangeRequest::from_json(json)?)
            })
        }
    })
}

impl ChangeRequest {
    fn new(change: PasswordChangeRequest) -> Result<Self, Failure<'static>> {
        let body = CText::secret(Zeroizing::new(change.to_json()).as_bytes())?;
        Ok(Self { change, body })
    }
}

/// Frees a change request. No call may be using it, and none may use it afterwards. NULL is
/// allowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwseal_change_request_free(change: *mut ChangeRequest) {
    boundary::value((), || {
        // SAFETY: what the header demands of a handle that is freed.
        unsafe { pointers::take_back(change) }
    });
}

/// Lends the body: JSON on one line. Whoever has it and a token can set the password; wipe a copy
/// after use (`pwseal_wipe`).
///
/// Errors: NULL_POINTER.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwseal_change_request_body(
    change: *const ChangeRequest,
    out: *mut Text,
) -> Status {
    // SAFETY: what the header demands of a handle and an output.
    unsafe { getters::lent("change", change, out, |change| Ok(&change.body)) }
}

/// How many warnings there are: what may not be as it was meant in the password. There are none of a
/// body that was read, and 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwseal_change_request_warning_count(
    change: *const ChangeRequest,
) -> usize {
    // SAFETY: what the header demands of a handle.
    unsafe { getters::value(change, 0, |change| change.change.warnings().len()) }
}

/// Writes the warning number `index`, counted from 0, as a sentence.
///
/// Errors: NULL_POINTER, BUFFER_TOO_SMALL, OUT_OF_RANGE.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwseal_change_request_warning(
    change: *const ChangeRequest,
    index: usize,
    out: *mut c_char,
    out_len: *mut usize,
) -> Status {
    // SAFETY: what the header demands of a handle and an output.
    unsafe {
        warning::sentence("change", change, index, out, out_len, |change| {
            change.change.warnings()
        })
    }
}

/// Writes which warning the number `index`, counted from 0, is.
///
/// Errors: NULL_POINTER, OUT_OF_RANGE.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwseal_change_request_warning_kind(
    change: *const ChangeRequest,
    index: usize,
    out: *mut PasswordWarning,
) -> Status {
    // SAFETY: what the header demands of a handle and an output.
    unsafe {
        warning::kind("change", change, index, out, |change| {
            change.change.warnings()
        })
    }
}
