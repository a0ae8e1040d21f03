//! `pwseal_password_info`: what `query-password-info` answers.

use core::ffi::c_char;

use pwseal::SysRng;

use crate::boundary;
use crate::getters::{self, field, item};
use crate::key::Key;
use crate::password;
use crate::pointers;
use crate::policy::{self, Policy};
use crate::report::Report;
use crate::status::Status;

/// The answer to `query-password-info`: the identity, the key, the accounts and the policies. Made
/// by `pwseal_password_info_parse` or `pwseal_answer_password_info`, freed by
/// `pwseal_password_info_free`. It never changes: many threads may use one at once.
#[derive(Debug)]
pub struct PasswordInfo(pub(crate) pwseal_api::PasswordInfo<'static>);

/// Reads the JSON of a password-info, also behind the heads that `curl -i` prints, and puts a new handle
/// into `*out`. Fields may be absent; the function that needs one says so. What is something else gives
/// OTHER_MESSAGE, and the message of the error names it.
///
/// Errors: NULL_POINTER, LENGTH_TOO_LARGE, INVALID_PASSWORD_INFO, OTHER_MESSAGE.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwseal_password_info_parse(
    json: *const u8,
    json_len: usize,
    out: *mut *mut PasswordInfo,
) -> Status {
    boundary::status(|| {
        // SAFETY: what the header demands of an input and an output.
        unsafe {
            pointers::hand_out(out, || {
                let json = pointers::bytes("json", json, json_len)?;
                let info = pwseal_api::PasswordInfo::from_json(json)?;
                Ok(PasswordInfo(info.into_owned()))
            })
        }
    })
}

/// Frees a password-info. No call may be using it, and none may use it afterwards. NULL is
/// allowed. What was made of it stays.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwseal_password_info_free(info: *mut PasswordInfo) {
    boundary::value((), || {
        // SAFETY: what the header demands of a handle that is freed.
        unsafe { pointers::take_back(info) }
    });
}

/// Reads the public key in it and puts a new handle into `*out`.
///
/// Errors: NULL_POINTER, MISSING_FIELD, INVALID_KEY, UNSUPPORTED_KEY.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwseal_password_info_key(
    info: *const PasswordInfo,
    out: *mut *mut Key,
) -> Status {
    boundary::status(|| {
        // SAFETY: what the header demands of a handle and an output.
        unsafe {
            let info = pointers::handle("info", info)?;
            pointers::hand_out(out, || Ok(Key(info.0.key()?)))
        }
    })
}

/// Reads the policies in it and puts a new handle into `*out`. Without any, it is a policy
/// without rules.
///
/// Errors: NULL_POINTER.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwseal_password_info_policy(
    info: *const PasswordInfo,
    out: *mut *mut Policy,
) -> Status {
    boundary::status(|| {
        // SAFETY: what the header demands of a handle and an output.
        unsafe {
            let info = pointers::handle("info", info)?;
            pointers::hand_out(out, || Ok(Policy(info.0.policy())))
        }
    })
}

/// Writes the id of the identity.
///
/// Errors: NULL_POINTER, BUFFER_TOO_SMALL, MISSING_FIELD.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwseal_password_info_identity_id(
    info: *const PasswordInfo,
    out: *mut c_char,
    out_len: *mut usize,
) -> Status {
    // SAFETY: what the header demands of a handle and an output.
    unsafe {
        getters::text("info", info, out, out_len, |info| {
            field(info.0.identity_id.as_deref(), "identityId")
        })
    }
}

/// Writes the id of the source.
///
/// Errors: NULL_POINTER, BUFFER_TOO_SMALL, MISSING_FIELD.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwseal_password_info_source_id(
    info: *const PasswordInfo,
    out: *mut c_char,
    out_len: *mut usize,
) -> Status {
    // SAFETY: what the header demands of a handle and an output.
    unsafe {
        getters::text("info", info, out, out_len, |info| {
            field(info.0.source_id.as_deref(), "sourceId")
        })
    }
}

/// Writes the id of the key.
///
/// Errors: NULL_POINTER, BUFFER_TOO_SMALL, MISSING_FIELD.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwseal_password_info_public_key_id(
    info: *const PasswordInfo,
    out: *mut c_char,
    out_len: *mut usize,
) -> Status {
    // SAFETY: what the header demands of a handle and an output.
    unsafe {
        getters::text("info", info, out, out_len, |info| {
            field(info.0.public_key_id.as_deref(), "publicKeyId")
        })
    }
}

/// How many accounts there are to choose from, and 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwseal_password_info_account_count(info: *const PasswordInfo) -> usize {
    // SAFETY: what the header demands of a handle.
    unsafe { getters::value(info, 0, |info| info.0.accounts.len()) }
}

/// Writes the id of the account number `index`, counted from 0: what the source knows it by, such
/// as a distinguished name.
///
/// Errors: NULL_POINTER, BUFFER_TOO_SMALL, OUT_OF_RANGE, MISSING_FIELD.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwseal_password_info_account_id(
    info: *const PasswordInfo,
    index: usize,
    out: *mut c_char,
    out_len: *mut usize,
) -> Status {
    // SAFETY: what the header demands of a handle and an output.
    unsafe {
        getters::text("info", info, out, out_len, |info| {
            let account = item(info.0.accounts.iter(), index)?;
            field(account.account_id.as_deref(), "accountId")
        })
    }
}

/// Writes the display name of the account number `index`, counted from 0.
///
/// Errors: NULL_POINTER, BUFFER_TOO_SMALL, OUT_OF_RANGE, MISSING_FIELD.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwseal_password_info_account_name(
    info: *const PasswordInfo,
    index: usize,
    out: *mut c_char,
    out_len: *mut usize,
) -> Status {
    // SAFETY: what the header demands of a handle and an output.
    unsafe {
        getters::text("info", info, out, out_len, |info| {
            let account = item(info.0.accounts.iter(), index)?;
            field(account.account_name.as_deref(), "accountName")
        })
    }
}

/// Checks a password for an account against the policies in it and puts a report into `*out`. The
/// account's id and name are compared with the password where a rule wants that. To compare it
/// with more than these two, there is `pwseal_policy_check`.
///
/// `account` is the id or else the name of an account, equal to the letter, and NULL for the only
/// one: with several, one must be chosen.
///
/// Errors: NULL_POINTER, LENGTH_TOO_LARGE, INVALID_UTF8, NO_ACCOUNTS, ACCOUNT_NOT_CHOSEN,
/// ACCOUNT_NOT_FOUND, ACCOUNT_NAME_NOT_UNIQUE, MISSING_FIELD, INVALID_KEY, UNSUPPORTED_KEY,
/// EMPTY_PASSWORD, PASSWORD_TOO_LONG.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwseal_password_info_check(
    info: *const PasswordInfo,
    account: *const c_char,
    account_len: usize,
    password: *const u8,
    password_len: usize,
    out: *mut *mut Report,
) -> Status {
    boundary::status(|| {
        // SAFETY: what the header demands of a handle, inputs and an output.
        unsafe {
            let info = pointers::handle("info", info)?;
            pointers::hand_out(out, || {
                let account = pointers::optional_text("account", account, account_len)?;
                let password = pointers::bytes("password", password, password_len)?;
                let recipient = info.0.recipient(account)?;
                Ok(Report(recipient.check(&password::copy(password)?)))
            })
        }
    })
}

/// Writes a random password for an account that violates nothing of the policies in it, also where
/// they compare it with the account's id or name. It has `length` characters, and for length 0 16
/// or what the policies allow next to that. It is ASCII as that of `pwseal_policy_generate`, and no
/// NUL follows. Wipe it after use (`pwseal_wipe`). `account` is as for `pwseal_password_info_check`,
/// `exclude` and `no_look_alikes` are as for `pwseal_policy_generate`.
///
/// Errors: NULL_POINTER, BUFFER_TOO_SMALL, LENGTH_TOO_LARGE, INVALID_UTF8, NO_ACCOUNTS,
/// ACCOUNT_NOT_CHOSEN, ACCOUNT_NOT_FOUND, ACCOUNT_NAME_NOT_UNIQUE, MISSING_FIELD, INVALID_KEY,
/// UNSUPPORTED_KEY, POLICY_CONFLICT, POLICY_TOO_NARROW, RANDOM_SOURCE, and OUT_OF_RANGE for more
/// than 1024 characters.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwseal_password_info_generate(
    info: *const PasswordInfo,
    account: *const c_char,
    account_len: usize,
    length: usize,
    exclude: *const c_char,
    exclude_len: usize,
    no_look_alikes: bool,
    out: *mut u8,
    out_len: *mut usize,
) -> Status {
    boundary::status(|| {
        // SAFETY: what the header demands of a handle and an input.
        let (info, account) = unsafe {
            (
                pointers::handle("info", info)?,
                pointers::optional_text("account", account, account_len)?,
            )
        };
        let recipient = info.0.recipient(account)?;
        let length = match length {
            0 => recipient.policy().usual_length()?,
            length => length,
        };
        // SAFETY: what the header demands of an input.
        let options =
            unsafe { policy::generate_options(length, exclude, exclude_len, no_look_alikes) }?;
        // SAFETY: what the header demands of an output.
        unsafe {
            policy::generated(length, out, out_len, || {
                let (password, _) = recipient.generate(&mut SysRng, options)?;
                Ok(password)
            })
        }
    })
}
