//! `pwseal_change_request`: the body of `set-password`.

use core::ffi::c_char;

use pwseal::Password;
use pwseal_api::{PasswordChangeRequest, Recipient};
use zeroize::Zeroizing;

use crate::boundary::{self, Failure};
use crate::getters;
use crate::password;
use crate::password_info::PasswordInfo;
use crate::pointers;
use crate::status::Status;

/// What orders a password change: the body of `set-password`. Made by `pwseal_change_request_new`,
/// `pwseal_change_request_new_despite_policy` or `pwseal_change_request_parse`, freed by
/// `pwseal_change_request_free`, which wipes it. It never changes: many threads may use one at once.
#[derive(Debug)]
pub struct ChangeRequest(pub(crate) PasswordChangeRequest);

/// Checks a password against the policies of a password-info, encrypts it for an account, and puts
/// a new handle into `*out`. A rule that could not be checked is no violation:
/// `pwseal_password_info_check` tells the two apart.
///
/// `account` is the id or else the name of an account, equal to the letter, and NULL for the only
/// one: with several, one must be chosen. `pwseal_last_error` lists them, or the rules that are
/// violated.
///
/// Errors: NULL_POINTER, LENGTH_TOO_LARGE, INVALID_UTF8, NO_ACCOUNTS, ACCOUNT_NOT_CHOSEN,
/// ACCOUNT_NOT_FOUND, ACCOUNT_NAME_NOT_UNIQUE, MISSING_FIELD, INVALID_KEY, UNSUPPORTED_KEY,
/// EMPTY_PASSWORD, PASSWORD_TOO_LONG, POLICY_VIOLATION, RANDOM_SOURCE.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwseal_change_request_new(
    info: *const PasswordInfo,
    account: *const c_char,
    account_len: usize,
    password: *const u8,
    password_len: usize,
    out: *mut *mut ChangeRequest,
) -> Status {
    let make = |recipient: &Recipient<'_>, password: &Password| recipient.change_request(password);
    // SAFETY: what the header demands of a handle, inputs and an output.
    unsafe {
        new(
            info,
            account,
            account_len,
            password,
            password_len,
            out,
            make,
        )
    }
}

/// As `pwseal_change_request_new`, whatever the policies say.
///
/// Errors: as `pwseal_change_request_new`, without POLICY_VIOLATION.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwseal_change_request_new_despite_policy(
    info: *const PasswordInfo,
    account: *const c_char,
    account_len: usize,
    password: *const u8,
    password_len: usize,
    out: *mut *mut ChangeRequest,
) -> Status {
    let make = |recipient: &Recipient<'_>, password: &Password| {
        recipient.change_request_despite_policy(password)
    };
    // SAFETY: what the header demands of a handle, inputs and an output.
    unsafe {
        new(
            info,
            account,
            account_len,
            password,
            password_len,
            out,
            make,
        )
    }
}

/// Reads a body that was made before, and puts a new handle into `*out`: what
/// `pwseal_change_request_body` or `pwseal request` wrote, or `pwseal bulk` as the field `request`
/// of a line. Other fields are skipped. An `encryptedPassword` that is no base64 of at least 128
/// bytes is refused: a password that was put there as it is must not be sent. The JSON is the
/// caller's to wipe.
///
/// Errors: NULL_POINTER, LENGTH_TOO_LARGE, INVALID_CHANGE_REQUEST, MISSING_FIELD.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwseal_change_request_parse(
    json: *const u8,
    json_len: usize,
    out: *mut *mut ChangeRequest,
) -> Status {
    boundary::status(|| {
        // SAFETY: what the header demands of an input and an output.
        unsafe {
            pointers::hand_out(out, || {
                let json = pointers::bytes("json", json, json_len)?;
                Ok(ChangeRequest(PasswordChangeRequest::from_json(json)?))
            })
        }
    })
}

/// # Safety
///
/// What the header demands of a handle, inputs and an output.
unsafe fn new(
    info: *const PasswordInfo,
    account: *const c_char,
    account_len: usize,
    password: *const u8,
    password_len: usize,
    out: *mut *mut ChangeRequest,
    make: fn(&Recipient<'_>, &Password) -> Result<PasswordChangeRequest, pwseal_api::Error>,
) -> Status {
    boundary::status(|| {
        // SAFETY: the caller promises it.
        unsafe {
            let info = pointers::handle("info", info)?;
            pointers::hand_out(out, || {
                let account = pointers::optional_text("account", account, account_len)?;
                let password = pointers::bytes("password", password, password_len)?;
                let recipient = info.0.recipient(account)?;
                let password = password::copy_up_to(recipient.key().max_password_len(), password)?;
                Ok(ChangeRequest(make(&recipient, &password)?))
            })
        }
    })
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

/// Writes the body: JSON on one line. Whoever has it and a token can set the password; wipe it
/// after use (`pwseal_wipe`).
///
/// Errors: NULL_POINTER, BUFFER_TOO_SMALL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwseal_change_request_body(
    change: *const ChangeRequest,
    out: *mut c_char,
    out_len: *mut usize,
) -> Status {
    // SAFETY: what the header demands of a handle and an output.
    unsafe {
        getters::text("change", change, out, out_len, |change| {
            Ok::<_, Failure>(Zeroizing::new(change.0.to_json()))
        })
    }
}
