//! `pwseal_policy`: the rules for a password.

use core::ffi::{c_char, c_void};

use pwseal::SysRng;
use pwseal::policy::GenerateOptions;

use crate::boundary;
use crate::context::Context;
use crate::failure::{Failure, Name};
use crate::getters::{self, item};
use crate::password::{self, Password};
use crate::pointers::{self, Text};
use crate::report::Report;
use crate::reserve;
use crate::status::Status;

/// The rules for a password. Made by `pwseal_policy_from_strings` or
/// `pwseal_password_info_policy`, freed by `pwseal_policy_free`. It never changes: many threads may
/// use one policy at once.
#[derive(Debug)]
pub struct Policy(pub(crate) pwseal::policy::Policy);

/// Reads policy strings that somebody wrote, such as `passwordMinLength is 8`, and puts a new handle
/// into `*out`. For those of an answer there is `pwseal_policy_from_strings`.
///
/// Errors: NULL_POINTER, LENGTH_TOO_LARGE, INVALID_UTF8, and INVALID_POLICY for a string that is not
/// understood: the message has the name that may be meant.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwseal_policy_parse(
    strings: *const Text,
    strings_len: usize,
    out: *mut *mut Policy,
) -> Status {
    boundary::allocating(0, |call| {
        // SAFETY: what the header demands of an input and an output.
        unsafe {
            pointers::hand_out(call, out, || {
                let strings = read_strings(strings, strings_len)?;
                Ok(Policy(pwseal::policy::Policy::parse(strings)?))
            })
        }
    })
}

/// Reads the policy strings of an answer and puts a new handle into `*out`. No string is refused:
/// one that is not understood is a rule that a check reports as not checked.
///
/// Errors: NULL_POINTER, LENGTH_TOO_LARGE, INVALID_UTF8.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwseal_policy_from_strings(
    strings: *const Text,
    strings_len: usize,
    out: *mut *mut Policy,
) -> Status {
    boundary::allocating(0, |call| {
        // SAFETY: what the header demands of an input and an output.
        unsafe {
            pointers::hand_out(call, out, || {
                let strings = read_strings(strings, strings_len)?;
                Ok(Policy(pwseal::policy::Policy::from_strings(strings)))
            })
        }
    })
}

/// The texts of an array.
///
/// # Safety
///
/// What the header demands of an input.
unsafe fn read_strings<'a>(
    strings: *const Text,
    len: usize,
) -> Result<Vec<&'a str>, Failure<'static>> {
    // SAFETY: the caller promises it.
    let strings = unsafe { pointers::slice("strings", strings, len) }?;
    let len_of_all = strings
        .iter()
        .fold(0, |len: usize, text| len.saturating_add(text.len));
    reserve::enlarge(len_of_all.saturating_add(len))?;
    let mut texts = Vec::new();
    texts
        .try_reserve_exact(len)
        .map_err(|_| Failure::OutOfMemory)?;
    for (index, text) in strings.iter().enumerate() {
        let name = Name {
            argument: "strings",
            element: Some((index, "data")),
        };
        // SAFETY: the caller promises it of each element.
        texts.push(unsafe { pointers::text(name, text.data, text.len) }?);
    }
    Ok(texts)
}

/// Frees a policy. No call may be using it, and none may use it afterwards. NULL is allowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwseal_policy_free(policy: *mut Policy) {
    boundary::value((), || {
        // SAFETY: what the header demands of a handle that is freed.
        unsafe { pointers::take_back(policy) }
    });
}

/// How many rules it has, and 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwseal_policy_rule_count(policy: *const Policy) -> usize {
    // SAFETY: what the header demands of a handle.
    unsafe { getters::value(policy, 0, |policy| policy.0.rules().len()) }
}

/// Writes the rule number `index`, counted from 0, word for word as it came: to compare it, not to
/// show it.
///
/// Errors: NULL_POINTER, BUFFER_TOO_SMALL, OUT_OF_RANGE.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwseal_policy_rule(
    policy: *const Policy,
    index: usize,
    out: *mut c_char,
    out_len: *mut usize,
) -> Status {
    // SAFETY: what the header demands of a handle and an output.
    unsafe {
        getters::text("policy", policy, out, out_len, |policy| {
            Ok(item(policy.0.rules().iter(), index)?.text())
        })
    }
}

/// As `pwseal_policy_rule`, for a terminal or a log: what is not printable is escaped, such as
/// `\n` and `\u{1b}`, as a server sent it.
///
/// Errors: as `pwseal_policy_rule`.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwseal_policy_rule_printable(
    policy: *const Policy,
    index: usize,
    out: *mut c_char,
    out_len: *mut usize,
) -> Status {
    // SAFETY: what the header demands of a handle and an output.
    unsafe {
        getters::text("policy", policy, out, out_len, |policy| {
            Ok(item(policy.0.rules().iter(), index)?.to_string())
        })
    }
}

/// Compares a password with every rule and puts a report into `*out`. `context` is what rules
/// compare with beside the password itself, and may be NULL: a rule that needs what is not there
/// is reported as not checked, and so is every rule for a password of which no body is made.
///
/// Errors: NULL_POINTER, LENGTH_TOO_LARGE, EMPTY_PASSWORD, PASSWORD_TOO_LONG.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwseal_policy_check(
    policy: *const Policy,
    context: *const Context,
    password: *const c_void,
    password_len: usize,
    out: *mut *mut Report,
) -> Status {
    boundary::allocating(0, |call| {
        // SAFETY: what the header demands of handles, an input and an output.
        unsafe {
            pointers::hand_out(call, out, || {
                let policy = pointers::handle("policy", policy)?;
                policy.reserve()?;
                let password = pointers::bytes("password", password, password_len)?;
                let password = password::copy(password)?;
                Ok(Report(match context.as_ref() {
                    Some(context) => policy.0.check(&password, &context.0),
                    None => policy.0.check(&password, &pwseal::policy::Context::new()),
                }))
            })
        }
    })
}

/// Writes the shortest and the longest length in characters for which `pwseal_policy_generate`
/// makes a password.
///
/// Errors: NULL_POINTER, POLICY_CONFLICT, and OUT_OF_RANGE where the policy wants more than 1024
/// characters.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwseal_policy_length_range(
    policy: *const Policy,
    shortest: *mut usize,
    longest: *mut usize,
) -> Status {
    boundary::allocating(0, |call| {
        // SAFETY: what the header demands of a handle and outputs.
        unsafe {
            pointers::number(call, "shortest", shortest, || {
                let mut least = 0;
                pointers::number(call, "longest", longest, || {
                    let policy = pointers::handle("policy", policy)?;
                    policy.reserve()?;
                    let most;
                    (least, most) = policy.0.length_range()?.into_inner();
                    Ok(most)
                })?;
                Ok(least)
            })
        }
    })
}

/// Makes a random password of `length` characters that violates nothing of the policy, each of
/// them with the same probability, and puts a new handle into `*out`. It is ASCII without space and colon, so that it has
/// `length` bytes.
///
/// `exclude` are characters to leave out, one after the other in UTF-8, and NULL for none. With
/// `no_look_alikes` those are left out as well that look like others, such as 0O and 1lI|.
///
/// Rules that compare with something else, such as a dictionary, are kept where `context` has it. With `context` NULL
/// they are not looked at.
///
/// Errors: NULL_POINTER, LENGTH_TOO_LARGE, INVALID_UTF8, POLICY_CONFLICT, POLICY_TOO_NARROW, RANDOM_SOURCE,
/// EMPTY_PASSWORD for length 0, and OUT_OF_RANGE for more than 1024.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwseal_policy_generate(
    policy: *const Policy,
    context: *const Context,
    length: usize,
    exclude: *const c_char,
    exclude_len: usize,
    no_look_alikes: bool,
    out: *mut *mut Password,
) -> Status {
    boundary::allocating(0, |call| {
        // SAFETY: what the header demands of handles, an input and an output.
        unsafe {
            pointers::hand_out(call, out, || {
                let policy = pointers::handle("policy", policy)?;
                policy.reserve()?;
                let options = generate_options(length, exclude, exclude_len, no_look_alikes)?;
                Password::new(&match context.as_ref() {
                    Some(context) => policy.0.generate_for(&mut SysRng, options, &context.0)?.0,
                    None => policy.0.generate(&mut SysRng, options)?,
                })
            })
        }
    })
}

impl Policy {
    /// Takes the reserve for a call that uses it.
    fn reserve(&self) -> Result<(), Failure<'static>> {
        let rules = self.0.rules().iter();
        reserve::enlarge(rules.map(|rule| rule.text().len()).sum())
    }
}

/// How a password is to be generated.
///
/// # Safety
///
/// What the header demands of an input.
pub(crate) unsafe fn generate_options<'a>(
    length: usize,
    exclude: *const c_char,
    exclude_len: usize,
    no_look_alikes: bool,
) -> Result<GenerateOptions, Failure<'a>> {
    // SAFETY: the caller promises it.
    let exclude = unsafe { pointers::optional_text("exclude", exclude, exclude_len) }?;
    let options = GenerateOptions::from(length).exclude(exclude.unwrap_or_default());
    Ok(match no_look_alikes {
        true => options.no_look_alikes(),
        false => options,
    })
}
