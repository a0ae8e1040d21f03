//! `pwseal_report`: what a check found, rule by rule.

use core::ffi::c_char;

use crate::boundary;
use crate::getters::{self, item};
use crate::pointers;
use crate::status::Status;
use crate::warning::{self, PasswordWarning};

/// What a check found, one finding for each rule, without the password or a part of it. Made by
/// `pwseal_policy_check` or `pwseal_password_info_check`, freed by `pwseal_report_free`. It never
/// changes: many threads may use one report at once.
#[derive(Debug)]
pub struct Report(pub(crate) pwseal::policy::Report);

/// What became of a rule. The numbers keep their meaning for ever.
#[derive(Clone, Copy, Debug)]
#[repr(i32)]
pub enum Outcome {
    /// The password keeps the rule, or the rule asks for nothing.
    Passed = 0,
    /// The password breaks the rule.
    Violated = 1,
    /// It is not known whether the password keeps the rule.
    NotChecked = 2,
}

/// Why a rule was not checked. The numbers keep their meaning for ever.
#[derive(Clone, Copy, Debug)]
#[repr(i32)]
pub enum Reason {
    /// It was checked.
    None = 0,
    /// A reason that came later than this list; the message says it.
    Other = 1,
    /// The rule is none of those that are known here.
    NotUnderstood = 2,
    /// The value is no number, or neither on nor off.
    UnreadableValue = 3,
    /// The rule compares with earlier passwords, which only the server knows.
    OldPasswords = 4,
    /// What the rule compares with is not in the context.
    NotGiven = 5,
    /// Readings of the documentation differ: a word of fewer than three characters occurs.
    ShortWords = 6,
    /// Readings differ: the password has characters that the platform is documented not to take.
    DoubtfulCharacters = 7,
    /// Readings differ: more character types are asked for than have a minimum.
    CharacterTypes = 8,
    /// A word length without the rule it belongs to.
    WordLengthAlone = 9,
    /// The password is not UTF-8, so that it has no characters to look at.
    NotUtf8 = 10,
    /// Readings differ: as many characters are repeated in all as the rule says.
    RepeatedCharacters = 11,
    /// Readings differ: a part of the account's ID or name occurs, and no word of it.
    PartsOfWords = 12,
    /// Readings differ: a character type has too few, and enough others have enough.
    UnmetMinimum = 13,
    /// Readings differ: the password has characters beyond U+FFFF, and the unit of a length is not
    /// documented.
    LengthUnits = 14,
    /// The answer has no `policies`.
    NoPolicies = 15,
    /// No body is made of the password: it has a line break or something else that nobody types, or
    /// is UTF-16.
    NotText = 16,
}

/// What a check found about one rule.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct Finding {
    /// What became of the rule.
    pub outcome: Outcome,
    /// Why it was not checked.
    pub reason: Reason,
    /// What was counted in the password; -1 where nothing was.
    pub found: i64,
    /// The number that the rule asks for; -1 where it asks for none.
    pub wanted: i64,
}

/// Frees a report. No call may be using it, and none may use it afterwards. NULL is allowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwseal_report_free(report: *mut Report) {
    boundary::value((), || {
        // SAFETY: what the header demands of a handle that is freed.
        unsafe { pointers::take_back(report) }
    });
}

/// Whether a rule is violated, and true for NULL. False does not mean that every rule was checked.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwseal_report_has_violation(report: *const Report) -> bool {
    // SAFETY: what the header demands of a handle.
    unsafe { getters::value(report, true, |report| report.0.has_violation()) }
}

/// Whether every rule was checked and passed, and false for NULL. It is so of a policy without
/// rules. Warnings do not count.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwseal_report_all_passed(report: *const Report) -> bool {
    // SAFETY: what the header demands of a handle.
    unsafe { getters::value(report, false, |report| report.0.all_passed()) }
}

/// How many findings there are, one for each rule in the order of the policy, and 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwseal_report_finding_count(report: *const Report) -> usize {
    // SAFETY: what the header demands of a handle.
    unsafe { getters::value(report, 0, |report| report.0.findings().len()) }
}

/// Writes the finding number `index`, counted from 0, to `*out`.
///
/// Errors: NULL_POINTER, OUT_OF_RANGE.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwseal_report_finding(
    report: *const Report,
    index: usize,
    out: *mut Finding,
) -> Status {
    boundary::status(|| {
        // SAFETY: what the header demands of a handle and an output.
        unsafe {
            pointers::write("out", out, || {
                let report = pointers::handle("report", report)?;
                Ok(item(report.0.findings(), index)?.into())
            })
        }
    })
}

/// Writes the rule of the finding number `index`, word for word as it came: to compare it, not to
/// show it.
///
/// Errors: NULL_POINTER, BUFFER_TOO_SMALL, OUT_OF_RANGE.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwseal_report_rule(
    report: *const Report,
    index: usize,
    out: *mut c_char,
    out_len: *mut usize,
) -> Status {
    // SAFETY: what the header demands of a handle and an output.
    unsafe {
        getters::text("report", report, out, out_len, |report| {
            Ok(item(report.0.findings(), index)?.rule().text())
        })
    }
}

/// As `pwseal_report_rule`, for a terminal or a log: what is not printable is escaped, such as
/// `\n` and `\u{1b}`, as a server sent it.
///
/// Errors: as `pwseal_report_rule`.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwseal_report_rule_printable(
    report: *const Report,
    index: usize,
    out: *mut c_char,
    out_len: *mut usize,
) -> Status {
    // SAFETY: what the header demands of a handle and an output.
    unsafe {
        getters::text("report", report, out, out_len, |report| {
            Ok(item(report.0.findings(), index)?.rule().to_string())
        })
    }
}

/// Writes the finding number `index` as a sentence, such as "has 4 characters, but at least 8 are
/// wanted".
///
/// Errors: NULL_POINTER, BUFFER_TOO_SMALL, OUT_OF_RANGE.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwseal_report_message(
    report: *const Report,
    index: usize,
    out: *mut c_char,
    out_len: *mut usize,
) -> Status {
    // SAFETY: what the header demands of a handle and an output.
    unsafe {
        getters::text("report", report, out, out_len, |report| {
            Ok(item(report.0.findings(), index)?.to_string())
        })
    }
}

/// How many warnings there are: what to tell the user that is no violation. 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwseal_report_warning_count(report: *const Report) -> usize {
    // SAFETY: what the header demands of a handle.
    unsafe { getters::value(report, 0, |report| report.0.warnings().len()) }
}

/// Writes the warning number `index`, counted from 0, as a sentence.
///
/// Errors: NULL_POINTER, BUFFER_TOO_SMALL, OUT_OF_RANGE.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwseal_report_warning(
    report: *const Report,
    index: usize,
    out: *mut c_char,
    out_len: *mut usize,
) -> Status {
    // SAFETY: what the header demands of a handle and an output.
    unsafe {
        warning::sentence("report", report, index, out, out_len, |report| {
            report.0.warnings()
        })
    }
}

/// Writes which warning the number `index`, counted from 0, is.
///
/// Errors: NULL_POINTER, OUT_OF_RANGE.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwseal_report_warning_kind(
    report: *const Report,
    index: usize,
    out: *mut PasswordWarning,
) -> Status {
    // SAFETY: what the header demands of a handle and an output.
    unsafe { warning::kind("report", report, index, out, |report| report.0.warnings()) }
}

impl From<pwseal::policy::Finding<'_>> for Finding {
    fn from(finding: pwseal::policy::Finding<'_>) -> Self {
        use pwseal::policy::Outcome as O;
        let (outcome, reason) = match finding.outcome() {
            O::Passed => (Outcome::Passed, Reason::None),
            O::Violated => (Outcome::Violated, Reason::None),
            O::NotChecked(reason) => (Outcome::NotChecked, reason.into()),
        };
        Self {
            outcome,
            reason,
            found: or_minus_one(finding.found()),
            wanted: or_minus_one(finding.rule().wanted()),
        }
    }
}

impl From<pwseal::policy::Reason> for Reason {
    fn from(reason: pwseal::policy::Reason) -> Self {
        use pwseal::policy::Reason as R;
        match reason {
            R::NotUnderstood => Self::NotUnderstood,
            R::UnreadableValue => Self::UnreadableValue,
            R::OldPasswords => Self::OldPasswords,
            R::NotGiven => Self::NotGiven,
            R::ShortWords => Self::ShortWords,
            R::DoubtfulCharacters => Self::DoubtfulCharacters,
            R::CharacterTypes => Self::CharacterTypes,
            R::WordLengthAlone => Self::WordLengthAlone,
            R::NotUtf8 => Self::NotUtf8,
            R::RepeatedCharacters => Self::RepeatedCharacters,
            R::PartsOfWords => Self::PartsOfWords,
            R::UnmetMinimum => Self::UnmetMinimum,
            R::LengthUnits => Self::LengthUnits,
            R::NoPolicies => Self::NoPolicies,
            R::NotText => Self::NotText,
            _ => Self::Other,
        }
    }
}

fn or_minus_one(number: Option<u64>) -> i64 {
    number.map_or(-1, |number| i64::try_from(number).unwrap_or(i64::MAX))
}
