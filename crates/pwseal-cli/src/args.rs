//! The command line: what it takes, and what it says when it is wrong.

use std::path::PathBuf;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Parser, Subcommand};

use crate::failure::Failure;
use crate::files::print;

/// Encrypt a password for the SailPoint Password Management API. Nothing is sent: there is
/// no network in this program.
#[derive(Parser)]
#[command(name = "pwseal", version)]
#[command(after_help = "\
The password is read from standard input, or asked for on a terminal. It is never an argument
and never in the environment, where other programs could see it.

Exit codes: 0 success; 1 the password violates the policy, or with --strict could not be checked
against all of it; 2 bad input or use.

Example:
  printf %s 'correct horse 7' | pwseal request --info password-info.json")]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Encrypt a password with a public key, and print it in base64
    ///
    /// RSAES-PKCS1-v1_5 (RSA/ECB/PKCS1Padding in Java), on one line of base64 without breaks: what
    /// `openssl pkeyutl -encrypt | base64 -w0` prints.
    Encrypt {
        /// The public key: PEM, base64 or DER; a SubjectPublicKeyInfo, PKCS#1 or a certificate
        #[arg(long, value_name = "FILE")]
        key: PathBuf,
        #[command(flatten)]
        input: PasswordInput,
    },
    /// Make the body of a set-password request, and print it as JSON
    ///
    /// Takes the key, the ids, the account and the policies from the answer to query-password-info.
    /// A password that violates a policy gives no body.
    Request(Request),
    /// Check a password against policies, and say of every rule how it stands
    Check(Check),
    /// Print a random password that satisfies policies
    Generate {
        #[command(flatten)]
        rules: Rules,
        /// How many characters; without it 16, or what the policies allow next to that
        #[arg(long, value_name = "N")]
        length: Option<usize>,
    },
    /// Describe a public key: form, length, exponent, fingerprint, longest password
    Key {
        /// The public key, in any form that `encrypt` takes; `-` for standard input
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
}

#[derive(clap::Args)]
pub(crate) struct Request {
    /// The answer to query-password-info, as JSON
    #[arg(long, value_name = "FILE")]
    pub(crate) info: PathBuf,
    /// The account, when there are several: its accountId or its accountName
    #[arg(long, value_name = "ID-OR-NAME")]
    pub(crate) account: Option<String>,
    /// Encrypt the password even if it violates the policies
    #[arg(long)]
    pub(crate) no_policy_check: bool,
    #[command(flatten)]
    pub(crate) input: PasswordInput,
}

#[derive(clap::Args)]
pub(crate) struct Check {
    #[command(flatten)]
    pub(crate) rules: Rules,
    /// A dictionary file of the platform: one word a line
    #[arg(long, value_name = "FILE")]
    pub(crate) dictionary: Option<PathBuf>,
    /// The account's id; taken from --info when there is one account
    #[arg(long, value_name = "ID")]
    pub(crate) account_id: Option<String>,
    /// The account's name; taken from --info when there is one account
    #[arg(long, value_name = "NAME")]
    pub(crate) account_name: Option<String>,
    /// An attribute of the account or the identity, whose words may not occur
    #[arg(long = "attribute", value_name = "NAME=VALUE")]
    pub(crate) attributes: Vec<String>,
    /// Fail as well when a rule could not be checked
    #[arg(long)]
    pub(crate) strict: bool,
    /// Print the report as JSON
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) input: PasswordInput,
}

/// Where the policies come from.
#[derive(clap::Args)]
#[group(required = true, multiple = false)]
pub(crate) struct Rules {
    /// The answer to query-password-info, as JSON, with its policies
    #[arg(long, value_name = "FILE")]
    pub(crate) info: Option<PathBuf>,
    /// A policy string, such as 'passwordMinLength is 8'; may be given more than once
    #[arg(long = "policy", value_name = "STRING")]
    pub(crate) policies: Vec<String>,
}

#[derive(clap::Args)]
pub(crate) struct PasswordInput {
    /// Keep every byte of standard input; without it, one line break at its end is dropped
    #[arg(long)]
    pub(crate) raw: bool,
}

/// Prints help and version where they were asked for. Everything else becomes one line, which
/// never repeats what was typed: people do try to pass the password as an argument.
pub(crate) fn explain(error: &clap::Error) -> Result<(), Failure> {
    let ours = |kind| match error.get(kind) {
        Some(ContextValue::String(name)) => Some(name.clone()),
        Some(ContextValue::Strings(names)) => Some(names.join(", ")),
        _ => None,
    };
    let suggestion = |kind| match ours(kind) {
        Some(names) => format!(" (did you mean {}?)", names.replace(", ", " or ")),
        None => String::new(),
    };
    Err(Failure::Usage(match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            return print(&error.render().to_string());
        }
        ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            "a command is missing: encrypt, request, check, generate or key".into()
        }
        ErrorKind::MissingRequiredArgument => format!(
            "an argument is missing: {}",
            ours(ContextKind::InvalidArg).unwrap_or_default()
        ),
        ErrorKind::InvalidSubcommand => format!(
            "there is no such command{}",
            suggestion(ContextKind::SuggestedSubcommand)
        ),
        ErrorKind::UnknownArgument => format!(
            "an argument is not understood{} (it is not repeated here, as it could be a password; \
             passwords are read from standard input)",
            suggestion(ContextKind::SuggestedArg)
        ),
        ErrorKind::ArgumentConflict => match (
            ours(ContextKind::InvalidArg).unwrap_or_default(),
            ours(ContextKind::PriorArg).unwrap_or_default(),
        ) {
            (argument, prior) if argument == prior => format!("{argument} is given more than once"),
            (argument, prior) => format!("{argument} and {prior} exclude each other"),
        },
        _ => format!(
            "the value of {} is missing or wrong",
            ours(ContextKind::InvalidArg).unwrap_or_else(|| "an argument".into())
        ),
    }))
}
