//! `pwseal_context` and `pwseal_dictionary`: what rules compare a password with.

use core::ffi::{c_char, c_void};

use crate::boundary;
use crate::failure::Failure;
use crate::pointers;
use crate::reserve;
use crate::status::Status;

/// What rules compare a password with beside the password itself: what is known of the account and
/// the identity, and the dictionary. Made by `pwseal_context_new`, freed by `pwseal_context_free`.
/// One thread fills it, while no other uses it; then many threads may use it at once.
#[derive(Debug)]
pub struct Context(pub(crate) pwseal::policy::Context);

/// The organization's dictionary of words that no password may contain. Made by
/// `pwseal_dictionary_parse`, freed by `pwseal_dictionary_free`. It never changes: many threads may
/// use one at once.
#[derive(Debug)]
pub struct Dictionary(pwseal::policy::Dictionary);

/// Reads a dictionary file, in the format of the API's Password Dictionary, and puts a new handle
/// into `*out`: UTF-8, one word a line, lines that start with `#` are comments, one line may be
/// `locale=...`. At most 128 characters a line, and 2,500 words.
///
/// Errors: NULL_POINTER, LENGTH_TOO_LARGE, INVALID_DICTIONARY.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwseal_dictionary_parse(
    file: *const c_void,
    file_len: usize,
    out: *mut *mut Dictionary,
) -> Status {
    boundary::allocating(file_len, |call| {
        // SAFETY: what the header demands of an input and an output.
        unsafe {
            pointers::hand_out(call, out, || {
                let file = pointers::bytes("file", file, file_len)?;
                let dictionary = pwseal::policy::Dictionary::parse(file)?;
                Ok(Dictionary(dictionary))
            })
        }
    })
}

/// Frees a dictionary. No call may be using it, and none may use it afterwards; a context that has
/// it keeps it. NULL is allowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwseal_dictionary_free(dictionary: *mut Dictionary) {
    boundary::value((), || {
        // SAFETY: what the header demands of a handle that is freed.
        unsafe { pointers::take_back(dictionary) }
    });
}

/// Puts a new handle into `*out`, with nothing known.
///
/// Errors: NULL_POINTER.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwseal_context_new(out: *mut *mut Context) -> Status {
    boundary::allocating(0, |call| {
        // SAFETY: what the header demands of an output.
        unsafe { pointers::hand_out(call, out, || Ok(Context(pwseal::policy::Context::new()))) }
    })
}

/// Frees a context. No call may be using it, and none may use it afterwards. NULL is allowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwseal_context_free(context: *mut Context) {
    boundary::value((), || {
        // SAFETY: what the header demands of a handle that is freed.
        unsafe { pointers::take_back(context) }
    });
}

/// Sets the account's id, the `accountId` of a password-info.
///
/// Errors: NULL_POINTER, LENGTH_TOO_LARGE, INVALID_UTF8.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwseal_context_set_account_id(
    context: *mut Context,
    id: *const c_char,
    id_len: usize,
) -> Status {
    boundary::allocating(id_len, |call| {
        call.ready()?;
        // SAFETY: what the header demands of a handle that changes, and an input.
        let (context, id) = unsafe {
            (
                pointers::handle_mut("context", context)?,
                pointers::text("id", id, id_len)?,
            )
        };
        context.extend(|context| context.with_account_id(id))
    })
}

/// Adds a name of the account: the `accountName` of a password-info, or the display name where
/// that is another.
///
/// Errors: NULL_POINTER, LENGTH_TOO_LARGE, INVALID_UTF8.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwseal_context_add_account_name(
    context: *mut Context,
    name: *const c_char,
    name_len: usize,
) -> Status {
    boundary::allocating(name_len, |call| {
        call.ready()?;
        // SAFETY: what the header demands of a handle that changes, and an input.
        let (context, name) = unsafe {
            (
                pointers::handle_mut("context", context)?,
                pointers::text("name", name, name_len)?,
            )
        };
        context.extend(|context| context.with_account_name(name))
    })
}

/// Adds an attribute of the account on its source. A report may say its name, never its value.
///
/// Errors: NULL_POINTER, LENGTH_TOO_LARGE, INVALID_UTF8.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwseal_context_add_account_attribute(
    context: *mut Context,
    name: *const c_char,
    name_len: usize,
    value: *const c_char,
    value_len: usize,
) -> Status {
    boundary::allocating(name_len.saturating_add(value_len), |call| {
        call.ready()?;
        // SAFETY: what the header demands of a handle that changes, and inputs.
        let (context, name, value) = unsafe {
            (
                pointers::handle_mut("context", context)?,
                pointers::text("name", name, name_len)?,
                pointers::text("value", value, value_len)?,
            )
        };
        context.extend(|context| context.with_account_attribute(name, value))
    })
}

/// Adds an attribute of the identity. A report may say its name, never its value.
///
/// Errors: NULL_POINTER, LENGTH_TOO_LARGE, INVALID_UTF8.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwseal_context_add_identity_attribute(
    context: *mut Context,
    name: *const c_char,
    name_len: usize,
    value: *const c_char,
    value_len: usize,
) -> Status {
    boundary::allocating(name_len.saturating_add(value_len), |call| {
        call.ready()?;
        // SAFETY: what the header demands of a handle that changes, and inputs.
        let (context, name, value) = unsafe {
            (
                pointers::handle_mut("context", context)?,
                pointers::text("name", name, name_len)?,
                pointers::text("value", value, value_len)?,
            )
        };
        context.extend(|context| context.with_identity_attribute(name, value))
    })
}

/// Sets the dictionary, which the context shares and keeps.
///
/// Errors: NULL_POINTER.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwseal_context_set_dictionary(
    context: *mut Context,
    dictionary: *const Dictionary,
) -> Status {
    boundary::allocating(0, |call| {
        call.ready()?;
        // SAFETY: what the header demands of a handle that changes, and another.
        let (context, dictionary) = unsafe {
            (
                pointers::handle_mut("context", context)?,
                pointers::handle("dictionary", dictionary)?,
            )
        };
        context.extend(|context| context.with_dictionary(dictionary.0.clone()))
    })
}

impl Context {
    /// Adds something, or nothing if there is no memory for it.
    fn extend(
        &mut self,
        with: impl FnOnce(pwseal::policy::Context) -> pwseal::policy::Context,
    ) -> Result<(), Failure<'static>> {
        let more = with(pwseal::policy::Context::new());
        reserve::check()?;
        // It lives longer than this call, and keeps nothing of the reserve.
        Ok(reserve::without(|| self.0.try_append(more))?)
    }
}
