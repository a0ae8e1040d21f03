//! Policies from the command line, and reports for people.

use pwseal::policy::{Context, Finding, Outcome, Policy, Report};
use pwseal_api::PasswordInfoAccount;

use crate::args::{Check, Rules};
use crate::failure::Failure;
use crate::files::{read_dictionary, read_info};

/// The policy, and what of the context a password-info with one account tells.
pub(crate) fn load(rules: &Rules) -> Result<(Policy, Context), Failure> {
    let Some(path) = &rules.info else {
        return Ok((Policy::from_strings(&rules.policies), Context::new()));
    };
    let info = read_info(path)?;
    let context = match &info.accounts[..] {
        [account] => account_context(account),
        _ => Context::new(),
    };
    Ok((info.policy(), context))
}

/// What a policy may compare a password with, as far as an account tells it.
fn account_context(account: &PasswordInfoAccount) -> Context {
    let mut context = Context::new();
    if let Some(id) = &account.account_id {
        context = context.with_account_id(id);
    }
    if let Some(name) = &account.account_name {
        context = context.with_account_name(name);
    }
    context
}

/// Adds what the command line says of the account and the identity, and the dictionary.
pub(crate) fn complete(mut context: Context, args: &Check) -> Result<Context, Failure> {
    if let Some(id) = &args.account_id {
        context = context.with_account_id(id);
    }
    if let Some(name) = &args.account_name {
        context = context.with_account_name(name);
    }
    for attribute in &args.attributes {
        let Some((name, value)) = attribute.split_once('=') else {
            return Err(Failure::Usage("--attribute must be NAME=VALUE".into()));
        };
        context = context
            .with_account_attribute(name, value)
            .with_identity_attribute(name, value);
    }
    if let Some(path) = &args.dictionary {
        context = context.with_dictionary(read_dictionary(path)?);
    }
    Ok(context)
}

/// The report as a table: outcome, rule, and why.
pub(crate) fn table(report: &Report) -> String {
    let widest = report
        .findings()
        .map(|finding| rule(finding).chars().count());
    let width = widest.max().unwrap_or_default();
    let mut table = String::new();
    for finding in report.findings() {
        let outcome = match finding.outcome() {
            Outcome::Passed => "passed",
            Outcome::Violated => "VIOLATED",
            Outcome::NotChecked(_) => "not checked",
        };
        let sentence = finding.to_string();
        let why = sentence.trim_start_matches("not checked: ");
        table += &format!("{outcome:<12} {:<width$}  {why}\n", rule(finding));
    }
    for warning in report.warnings() {
        table += &format!("warning: {warning}\n");
    }
    table + &summary(report) + "\n"
}

fn summary(report: &Report) -> String {
    let count = |is: fn(Outcome) -> bool| {
        let findings = report.findings();
        findings.filter(|finding| is(finding.outcome())).count()
    };
    let violated = count(|outcome| outcome == Outcome::Violated);
    let unchecked = count(|outcome| matches!(outcome, Outcome::NotChecked(_)));
    let all = report.findings().len();
    let s = if all == 1 { "" } else { "s" };
    format!("{all} rule{s}: {violated} violated, {unchecked} not checked")
}

/// The report as JSON, on one line.
pub(crate) fn json(report: &Report) -> String {
    serde_json::to_string(report).expect("a report is always serialised") + "\n"
}

/// Says on standard error what a check could not tell.
pub(crate) fn warn(report: &Report) {
    for warning in report.warnings() {
        eprintln!("pwseal: warning: {warning}");
    }
    let unchecked = |finding: &Finding| matches!(finding.outcome(), Outcome::NotChecked(_));
    for finding in report.findings().filter(unchecked) {
        eprintln!("pwseal: warning: {}", in_line(finding));
    }
}

/// A finding as a part of a line.
pub(crate) fn in_line(finding: Finding) -> String {
    format!("{} ({finding})", rule(finding))
}

/// The text of a rule. It comes from a server: control characters are not passed on to a terminal.
fn rule(finding: Finding) -> String {
    let text = finding.rule().text().chars();
    text.flat_map(|c| {
        let (escaped, kept) = if c.is_control() {
            (Some(c.escape_default()), None)
        } else {
            (None, Some(c))
        };
        escaped.into_iter().flatten().chain(kept)
    })
    .collect()
}
