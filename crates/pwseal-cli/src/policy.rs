//! Policies from the command line, and reports for people.

use std::io;

use anstyle::{AnsiColor, Style};
use pwseal::policy::{Context, Finding, Outcome, Policy, Report};
use pwseal_api::PasswordInfoAccount;

use crate::args::{Check, Checks, Rules};
use crate::failure::Failure;
use crate::files::{complain, has_colours, read_dictionary, read_info};

/// The policy, and what of the context a password-info with one account tells, with the dictionary.
pub(crate) fn load(rules: &Rules, checks: &Checks) -> Result<(Policy, Context), Failure> {
    let context = context(checks)?;
    let Some(path) = &rules.info else {
        let policy = Policy::parse(&rules.policies).map_err(Failure::Policy)?;
        return Ok((policy, context));
    };
    let info = read_info(path)?;
    let context = match (&rules.account, &info.accounts[..]) {
        (None, []) => context,
        // Without an account, the rules that are about one are not checked.
        (None, [_, _, ..]) => context,
        (wanted, _) => {
            let account = info.account(wanted.as_deref());
            let account = account.map_err(|error| Failure::Info {
                path: path.clone(),
                error,
            })?;
            with_account(context, account)
        }
    };
    Ok((info.policy(), context))
}

/// What passwords are compared with beside the account.
pub(crate) fn context(checks: &Checks) -> Result<Context, Failure> {
    let context = Context::new();
    Ok(match &checks.dictionary {
        Some(path) => context.with_dictionary(read_dictionary(path)?),
        None => context,
    })
}

/// Adds what an account tells.
fn with_account(mut context: Context, account: &PasswordInfoAccount<'_>) -> Context {
    if let Some(id) = &account.account_id {
        context = context.with_account_id(id);
    }
    if let Some(name) = &account.account_name {
        context = context.with_account_name(name);
    }
    context
}

/// Adds what the command line says of the account and the identity.
pub(crate) fn complete(mut context: Context, args: &Check) -> Result<Context, Failure> {
    if let Some(id) = &args.account_id {
        context = context.with_account_id(id);
    }
    if let Some(name) = &args.account_name {
        context = context.with_account_name(name);
    }
    for attribute in &args.account_attributes {
        let (name, value) = name_and_value("--account-attribute", attribute)?;
        context = context.with_account_attribute(name, value);
    }
    for attribute in &args.identity_attributes {
        let (name, value) = name_and_value("--identity-attribute", attribute)?;
        context = context.with_identity_attribute(name, value);
    }
    Ok(context)
}

fn name_and_value<'a>(option: &str, attribute: &'a str) -> Result<(&'a str, &'a str), Failure> {
    let usage = || Failure::Usage(format!("{option} must be NAME=TEXT"));
    attribute.split_once('=').ok_or_else(usage)
}

/// The widest column that is kept straight. A rule's text may have any length.
const MAX_COLUMN: usize = 60;

/// The report as a table: outcome, rule, and why. On a terminal what is not good has a colour.
pub(crate) fn table(report: &Report) -> String {
    let colours = has_colours(&io::stdout());
    let rules = report.findings().map(|finding| finding.rule().to_string());
    let rules: Vec<_> = rules.collect();
    let widest = rules.iter().map(|rule| rule.chars().count()).max();
    let width = widest.unwrap_or_default().min(MAX_COLUMN);
    let mut table = String::new();
    for (finding, rule) in report.findings().zip(rules) {
        let (outcome, style) = match finding.outcome() {
            Outcome::Passed => ("passed", Style::new()),
            Outcome::Violated => ("VIOLATED", AnsiColor::Red.on_default().bold()),
            Outcome::NotChecked(_) => ("not checked", AnsiColor::Yellow.on_default()),
        };
        let style = if colours { style } else { Style::new() };
        let sentence = finding.to_string();
        let why = sentence.trim_start_matches("not checked: ");
        table += &format!("{style}{outcome:<12}{style:#} {rule:<width$}  {why}\n");
    }
    for warning in report.warnings().iter() {
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
    let unchecked = |finding: &Finding| matches!(finding.outcome(), Outcome::NotChecked(_));
    for finding in report.findings().filter(unchecked) {
        complain(format_args!("warning: {} ({finding})", finding.rule()));
    }
}

/// Fails where a rule could not be checked, if that is wanted.
pub(crate) fn require_all(report: &Report, checks: &Checks) -> Result<(), Failure> {
    match report.all_passed() || !checks.strict {
        true => Ok(()),
        false => Err(Failure::NotAllChecked),
    }
}
