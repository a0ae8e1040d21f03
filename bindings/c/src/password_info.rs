//! `pwseal_password_info`: what `query-password-info` answers.

use core::ffi::{c_char, c_void};

use pwseal::SysRng;
use pwseal_api::Recipient;

use crate::boundary;
use crate::context::Context;
use crate::failure::Failure;
use crate::getters::{self, field, item};
use crate::key::Key;
use crate::password::{self, Password};
use crate::pointers::{self, Text};
use crate::policy::{self, Policy};
use crate::report::Report;
use crate::reserve;
use crate::status::Status;
use crate::text::CText;

/// The answer to `query-password-info`: the identity, the key, the accounts and the policies. Made
/// by `pwseal_password_info_parse` or `pwseal_answer_password_info`, freed by
/// `pwseal_password_info_free`. It never changes: many threads may use one at once.
#[derive(Debug)]
pub struct PasswordInfo {
    /// The length of the JSON, by which the reserve of each call is measured.
    json_len: usize,
    info: pwseal_api::PasswordInfo<'static>,
    identity_id: Option<CText>,
    source_id: Option<CText>,
    public_key_id: Option<CText>,
    accounts: Vec<Account>,
}

#[derive(Debug)]
struct Account {
    id: Option<CText>,
    name: Option<CText>,
}

impl PasswordInfo {
    pub(crate) fn new(
        info: pwseal_api::PasswordInfo<'static>,
        json_len: usize,
    ) -> Result<Self, Failure<'static>> {
        let mut accounts = Vec::new();
        accounts
            .try_reserve_exact(info.accounts.len())
            .map_err(|_| Failure::OutOfMemory)?;
        for account in &info.accounts {
            accounts.push(Account {
                id: CText::of(account.account_id.as_deref())?,
                name: CText::of(account.account_name.as_deref())?,
            });
        }
        Ok(Self {
            identity_id: CText::of(info.identity_id.as_deref())?,
            source_id: CText::of(info.source_id.as_deref())?,
            public_key_id: CText::of(info.public_key_id.as_deref())?,
            accounts,
            info,
            json_len,
        })
    }

    pub(crate) fn recipient<'a>(
        &'a self,
        account: Option<&str>,
        context: Option<&'a Context>,
    ) -> Result<Recipient<'a>, Failure<'static>> {
        reserve::enlarge(self.json_len)?;
        let recipient = self.info.recipient(account)?;
        Ok(match context {
            Some(context) => recipient.with_context(&context.0),
            None => recipient,
        })
    }
}

/// Reads the JSON of a password-info, also behind the heads that `curl -i` prints, and puts a new handle
/// into `*out`. Fields may be absent; the function that needs one says so. What is something else gives
/// OTHER_MESSAGE, and the message of the error names it.
///
/// Errors: NULL_POINTER, LENGTH_TOO_LARGE, INVALID_PASSWORD_INFO, OTHER_MESSAGE.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwseal_password_info_parse(
    json: *const c_void,
    json_len: usize,
    out: *mut *mut PasswordInfo,
) -> Status {
    boundary::allocating(json_len, |call| {
        // SAFETY: what the header demands of an input and an output.
        unsafe {
            pointers::hand_out(call, out, || {
                let json = pointers::bytes("json", json, json_len)?;
                let info = pwseal_api::PasswordInfo::from_json(json)?;
                PasswordInfo::new(info.into_owned(), json_len)
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
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwseal_password_info_key(
    info: *const PasswordInfo,
    out: *mut *mut Key,
) -> Status {
    boundary::allocating(0, |call| {
        // SAFETY: what the header demands of a handle and an output.
        unsafe {
            pointers::hand_out(call, out, || {
                let info = pointers::handle("info", info)?;
                reserve::enlarge(reserve::of_key(info.json_len))?;
                Ok(Key(info.info.key()?))
            })
        }
    })
}

/// Reads the policies in it and puts a new handle into `*out`. Without any, it is a policy
/// without rules.
///
/// Errors: NULL_POINTER.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwseal_password_info_policy(
    info: *const PasswordInfo,
    out: *mut *mut Policy,
) -> Status {
    boundary::allocating(0, |call| {
        // SAFETY: what the header demands of a handle and an output.
        unsafe {
            pointers::hand_out(call, out, || {
                let info = pointers::handle("info", info)?;
                reserve::enlarge(info.json_len)?;
                Ok(Policy(info.info.policy()))
            })
        }
    })
}

/// Lends the id of the identity.
///
/// Errors: NULL_POINTER, MISSING_FIELD.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwseal_password_info_identity_id(
    info: *const PasswordInfo,
    out: *mut Text,
) -> Status {
    // SAFETY: what the header demands of a handle and an output.
    unsafe {
        getters::lent("info", info, out, |info| {
            field(info.identity_id.as_ref(), "identityId")
        })
    }
}

/// Lends the id of the source.
///
/// Errors: NULL_POINTER, MISSING_FIELD.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwseal_password_info_source_id(
    info: *const PasswordInfo,
    out: *mut Text,
) -> Status {
    // SAFETY: what the header demands of a handle and an output.
    unsafe {
        getters::lent("info", info, out, |info| {
            field(info.source_id.as_ref(), "sourceId")
        })
    }
}

/// Lends the id of the key.
///
/// Errors: NULL_POINTER, MISSING_FIELD.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwseal_password_info_public_key_id(
    info: *const PasswordInfo,
    out: *mut Text,
) -> Status {
    // SAFETY: what the header demands of a handle and an output.
    unsafe {
        getters::lent("info", info, out, |info| {
            field(info.public_key_id.as_ref(), "publicKeyId")
        })
    }
}

/// How many accounts there are to choose from, and 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwseal_password_info_account_count(info: *const PasswordInfo) -> usize {
    // SAFETY: what the header demands of a handle.
    unsafe { getters::value(info, 0, |info| info.accounts.len()) }
}

/// Lends the id of the account number `index`, counted from 0: what the source knows it by, such
/// as a distinguished name.
///
/// Errors: NULL_POINTER, OUT_OF_RANGE, MISSING_FIELD.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwseal_password_info_account_id(
    info: *const PasswordInfo,
    index: usize,
    out: *mut Text,
) -> Status {
    // SAFETY: what the header demands of a handle and an output.
    unsafe {
        getters::lent("info", info, out, |info| {
            let account = item(info.accounts.iter(), index)?;
            field(account.id.as_ref(), "accountId")
        })
    }
}

/// Lends the display name of the account number `index`, counted from 0.
///
/// Errors: NULL_POINTER, OUT_OF_RANGE, MISSING_FIELD.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwseal_password_info_account_name(
    info: *const PasswordInfo,
    index: usize,
    out: *mut Text,
) -> Status {
    // SAFETY: what the header demands of a handle and an output.
    unsafe {
        getters::lent("info", info, out, |info| {
            let account = item(info.accounts.iter(), index)?;
            field(account.name.as_ref(), "accountName")
        })
    }
}

/// Checks a password for an account against the policies in it and puts a report into `*out`. The
/// account's id and name are compared with the password where a rule wants that, and more with a `context`, which may be
/// NULL.
///
/// `account` is the id or else the name of an account, equal to the letter, and NULL for the only
/// one: with several, one must be chosen.
///
/// Errors: NULL_POINTER, LENGTH_TOO_LARGE, INVALID_UTF8, NO_ACCOUNTS, ACCOUNT_NOT_CHOSEN,
/// ACCOUNT_NOT_FOUND, ACCOUNT_NAME_NOT_UNIQUE, MISSING_FIELD, INVALID_KEY, UNSUPPORTED_KEY,
/// EMPTY_PASSWORD, PASSWORD_TOO_LONG.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwseal_password_info_check(
    info: *const PasswordInfo,
    account: *const c_char,
    account_len: usize,
    context: *const Context,
    password: *const c_void,
    password_len: usize,
    out: *mut *mut Report,
) -> Status {
    boundary::allocating(account_len, |call| {
        // SAFETY: what the header demands of handles, inputs and an output.
        unsafe {
            pointers::hand_out(call, out, || {
                let info = pointers::handle("info", info)?;
                let account = pointers::optional_text("account", account, account_len)?;
                let password = pointers::bytes("password", password, password_len)?;
                let recipient = info.recipient(account, context.as_ref())?;
                Ok(Report(recipient.check(&password::copy(password)?)))
            })
        }
    })
}

/// Makes a random password for an account that violates nothing of the policies in it, also where
/// they compare it with the account's id or name, or with a `context`, and puts a new handle into `*out`. It has `length`
/// characters, and for length 0 16 or what the policies allow next to that. It is ASCII as that of
/// `pwseal_policy_generate`. `account` and `context` are as for `pwseal_password_info_check`,
/// `exclude` and `no_look_alikes` are as for `pwseal_policy_generate`.
///
/// Errors: NULL_POINTER, LENGTH_TOO_LARGE, INVALID_UTF8, NO_ACCOUNTS,
/// ACCOUNT_NOT_CHOSEN, ACCOUNT_NOT_FOUND, ACCOUNT_NAME_NOT_UNIQUE, MISSING_FIELD, INVALID_KEY,
/// UNSUPPORTED_KEY, POLICY_CONFLICT, POLICY_TOO_NARROW, RANDOM_SOURCE, and OUT_OF_RANGE for more
/// than 1024 characters.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwseal_password_info_generate(
    info: *const PasswordInfo,
    account: *const c_char,
    account_len: usize,
    context: *const Context,
    length: usize,
    exclude: *const c_char,
    exclude_len: usize,
    no_look_alikes: bool,
    out: *mut *mut Password,
) -> Status {
    boundary::allocating(account_len, |call| {
        // SAFETY: what the header demands of handles, inputs and an output.
        unsafe {
            pointers::hand_out(call, out, || {
                let info = pointers::handle("info", info)?;
                let account = pointers::optional_text("account", account, account_len)?;
                let recipient = info.recipient(account, context.as_ref())?;
                let length = match length {
                    0 => recipient.policy().usual_length()?,
                    length => length,
                };
                let options =
                    policy::generate_options(length, exclude, exclude_len, no_look_alikes)?;
                let (password, _) = recipient.generate(&mut SysRng, options)?;
                Password::new(&password)
            })
        }
    })
}
