//! The command line: what it takes, and what it says when it is wrong.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{ArgGroup, CommandFactory, Parser, Subcommand, ValueHint};
use clap_complete::Shell;
use pwseal_api::{ApiVersion, Operation};

use crate::failure::Failure;
use crate::files::{is_standard, print_for_reading};

/// Encrypt a password for the SailPoint Password Management API. Nothing is sent: there is
/// no network in this program.
#[derive(Parser)]
// The same name where the program is pwseal.exe.
#[command(name = "pwseal", bin_name = "pwseal", version)]
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

const BULK: &str = "\
Make set-password bodies for many accounts: lines of JSON or CSV in, lines of JSON out

One line out for each line in, in the same order:

  in:   {\"id\": 1, \"info\": {...}, \"account\": \"...\", \"password\": \"...\"}
  out:  {\"id\": 1, \"request\": {...}}
  or:   {\"id\": 1, \"line\": 1, \"error\": {\"kind\": \"...\", \"message\": \"...\"}}

\"info\" is the answer to query-password-info. Instead of it a line may have \"identityId\" and \"sourceId\" of one in \
--info. \"account\", or \"accountId\" and \"accountName\", is needed where there are several. \"id\" is any JSON, nested 32 deep at most, and comes back as it \
is. With \"generate\": true instead of a password, one is made that satisfies the policies.

CSV, also with semicolons, tabs or |, has a first line that names its columns: identityId, sourceId, password or generate, and where wanted id, \
account, accountId, accountName and raw.

An id may occur once, and so may an account: a later line with one of them gives an error.

Exit codes:
  0  every line gave a request
  1  some lines gave an error
  2  the run could not start, or did not reach its end";

const CURL: &str = "\
Print the configuration with which curl sends a request to the API

pwseal opens no connection. curl, 7.84 or newer, reads the configuration and sends the request, and \
`pwseal answer` reads what comes back:

  pwseal curl password-change-status ID --tenant acme |
    curl --header @FILE --config - |
    pwseal answer password-change-status

FILE holds the bearer token, as the line `Authorization: Bearer ...`, and only you may read it (mode 0600). It is not \
in the configuration, and pwseal never sees it. As an argument of curl, every list of processes would show it.

curl is told to follow no redirect, to take nothing but HTTPS, and to retry only what changes nothing.

With --in it is one configuration for many requests, which curl sends at the pace that the API allows:

  pwseal curl set-password --in FILE --answers DIR --header-file FILE --tenant acme > config
  curl --config config
  pwseal answers set-password --in FILE --answers DIR

The lines are {\"id\": ..., \"userName\": \"...\", \"sourceName\": \"...\"} for query-password-info, or CSV with these columns, what `pwseal bulk` wrote for \
set-password, and what `pwseal answers set-password` printed for password-change-status. When curl was stopped, --resume \
makes a configuration of what is left. A set-password that was begun, and whose answer is not there or leaves \
open whether it was carried out, is not sent again.";

const ANSWERS: &str = "\
Join the answers to many requests with the lines that these were made of

Prints one line of JSON for each, in the same order:

  query-password-info     {\"id\": ..., \"info\": {...}}
  set-password            {\"id\": ..., \"requestId\": \"...\", \"encryptedPasswordSha256\": \"...\"}
  password-change-status  {\"id\": ..., \"requestId\": \"...\", \"state\": \"...\"}
  or                      {\"id\": ..., \"line\": 1, \"error\": {\"kind\": \"...\", \"message\": \"...\"}}

A kind is one of failed, in-progress, line, not-sent, refused, retry-later and unknown. encryptedPasswordSha256 is that of a line of \
`pwseal bulk --secrets-out`, and comes back with the state. With --secrets and --in-force, the lines of that file are written \
with \"inForce\": \"yes\", \"no\" or \"unknown\".

Exit codes:
  0  all are done
  1  some are not, and will not be by themselves: they failed, were refused or are unknown
  2  bad use
  3  some are in progress or to be sent: run `pwseal curl --resume` again";

const ANSWER: &str = "\
Read the answer that curl brought, print what is wanted of it, and tell how things are

It reads what `curl --include` writes, which `pwseal curl` has it do, and prints the password-info as it came, the \
request id, the state or the digit token. Standard error says why there is none.

Exit codes:
  0  done
  1  the password change FAILED
  2  bad use
  3  the password change is in progress
  4  the API refused, as it will again
  5  the API wants the request later, and has not carried it out
  6  no answer of the API: none at all, one that is cut off, a gateway's page, a server error after which it is not \
known whether the request was carried out

With 3, 5 and 6, standard output has the seconds after which the same request may be sent again. It is empty where \
that would be of no use, or could do a thing twice.";

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Encrypt a password with a public key, and print it in base64
    ///
    /// RSAES-PKCS1-v1_5 (RSA/ECB/PKCS1Padding in Java), on one line of base64 without breaks: what
    /// `openssl pkeyutl -encrypt | base64 -w0` prints.
    Encrypt {
        /// The public key: PEM, base64 or DER; a SubjectPublicKeyInfo, PKCS#1 or a certificate;
        /// a JWK or an RSAKeyValue
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
    Generate(Generate),
    /// Make set-password bodies for many accounts: lines of JSON or CSV in, lines of JSON out
    #[command(long_about = BULK)]
    Bulk(Bulk),
    /// Print the configuration with which curl sends a request to the API
    #[command(long_about = CURL)]
    Curl(Curl),
    /// Read the answer that curl brought, print what is wanted of it, and tell how things are
    #[command(long_about = ANSWER)]
    Answer(Answer),
    /// Join the answers to many requests with the lines that these were made of
    #[command(long_about = ANSWERS)]
    Answers(Answers),
    /// Describe a public key: form, length, exponent, fingerprint, longest password
    Key {
        /// The public key, in any form that `encrypt` takes; `-` for standard input
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// Print the description as JSON
        #[arg(long)]
        json: bool,
    },
    /// Print a script that completes pwseal's arguments in a shell
    Completions {
        /// The shell that it is for
        shell: Shell,
    },
    /// Print a manual page, for `man -l -`
    Man {
        /// The command that it is about; without it, pwseal as a whole
        #[arg(value_name = "COMMAND")]
        about: Vec<String>,
    },
}

impl Command {
    /// Whether it is run for what it prints. Of the others the exit code is an answer as well, or they write to a file.
    pub(crate) fn prints(&self) -> bool {
        match self {
            Self::Encrypt { .. }
            | Self::Request(_)
            | Self::Generate(_)
            | Self::Curl(_)
            | Self::Answer(_)
            | Self::Answers(_)
            | Self::Completions { .. }
            | Self::Man { .. } => true,
            Self::Bulk(bulk) => bulk.json || is_standard(&bulk.output),
            Self::Check(_) | Self::Key { .. } => false,
        }
    }
}

#[derive(clap::Args)]
pub(crate) struct Generate {
    #[command(flatten)]
    pub(crate) rules: Rules,
    #[command(flatten)]
    pub(crate) checks: Checks,
    #[command(flatten)]
    pub(crate) characters: Characters,
}

/// What passwords are compared with beside the account, and how strictly.
#[derive(Clone, clap::Args)]
#[group(skip)]
pub(crate) struct Checks {
    /// A dictionary file of the platform: one word a line
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) dictionary: Option<PathBuf>,
    /// Fail as well when a rule could not be checked
    #[arg(long)]
    pub(crate) strict: bool,
}

/// What a generated password is made of.
#[derive(clap::Args)]
#[group(skip)]
pub(crate) struct Characters {
    /// How many characters; without it 16, or what the policies allow next to that
    #[arg(long, value_name = "N")]
    pub(crate) length: Option<usize>,
    /// Leave out these characters
    #[arg(long, value_name = "CHARS", allow_hyphen_values = true)]
    pub(crate) exclude: Option<String>,
    /// Leave out characters that look like others, such as 0O and 1lI|
    #[arg(long)]
    pub(crate) no_look_alikes: bool,
}

#[derive(clap::Args)]
pub(crate) struct Bulk {
    /// The lines to read; `-` for standard input
    #[arg(long = "in", value_name = "FILE", id = "in")]
    pub(crate) input: PathBuf,
    /// Where to write one line for each: a file that is new or empty; `-` for standard output
    #[arg(long = "out", value_name = "FILE")]
    pub(crate) output: PathBuf,
    /// Password-infos for lines without one: a file with one, a file with one on each line, or a
    /// folder of such files with names in .json or .jsonl
    #[arg(long, value_name = "DIR|FILE")]
    pub(crate) info: Option<PathBuf>,
    /// Where to write generated passwords: a new file that only its owner may read, or a pipe, such as >(age -r ...) in bash
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) secrets_out: Option<PathBuf>,
    /// Generate passwords without --secrets-out: nobody gets to know them
    #[arg(long, conflicts_with = "secrets_out")]
    pub(crate) generated_not_kept: bool,
    #[command(flatten)]
    pub(crate) csv: Csv,
    #[command(flatten)]
    pub(crate) checks: Checks,
    #[command(flatten)]
    pub(crate) characters: Characters,
    /// Continue after the last whole line of --out, with the same input
    #[arg(long)]
    pub(crate) resume: bool,
    /// Print the summary at the end as JSON: to standard output, or if --out is that, to standard error
    #[arg(long)]
    pub(crate) json: bool,
}

/// Whether lines are CSV.
#[derive(Default, clap::Args)]
#[group(skip)]
pub(crate) struct Csv {
    /// The input is CSV, as it is anyway if its name ends in .csv
    #[arg(long, requires = "in")]
    csv: bool,
    /// What separates the cells of CSV, where the line that names the columns does not tell
    #[arg(long, value_name = "CHAR", value_parser = delimiter(), requires = "in")]
    pub(crate) delimiter: Option<u8>,
}

impl Csv {
    pub(crate) fn is_meant(&self, input: &Path) -> bool {
        let extension = input.extension();
        self.csv
            || self.delimiter.is_some()
            || extension.is_some_and(|extension| extension.eq_ignore_ascii_case("csv"))
    }
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
    #[arg(long, conflicts_with_all = ["strict", "dictionary"])]
    pub(crate) no_policy_check: bool,
    #[command(flatten)]
    pub(crate) checks: Checks,
    #[command(flatten)]
    pub(crate) input: PasswordInput,
}

#[derive(clap::Args)]
pub(crate) struct Curl {
    #[command(subcommand)]
    pub(crate) operation: CurlOperation,
}

/// One for each [`Operation`], with its name.
#[derive(Subcommand)]
pub(crate) enum CurlOperation {
    /// Ask for the key, the accounts and the policies of a person on a source
    #[command(name = Operation::QueryPasswordInfo.name())]
    #[command(group = one(&["user_name", "source_name"]).conflicts_with_all(["csv", "delimiter"]))]
    QueryPasswordInfo {
        /// The person's login name
        #[arg(long, value_name = "NAME", required_unless_present = "in")]
        user_name: Option<String>,
        /// The source's display name
        #[arg(long, value_name = "NAME", required_unless_present = "in")]
        source_name: Option<String>,
        #[command(flatten)]
        many: Many,
        #[command(flatten)]
        csv: Csv,
        #[command(flatten)]
        target: Target,
    },
    /// Order a password change
    ///
    /// The password is read from standard input, or asked for on a terminal, as by `pwseal request`. With
    /// --generate it is one that pwseal makes, and that nobody but the owner of a file gets to know.
    #[command(name = Operation::SetPassword.name())]
    SetPassword(CurlSetPassword),
    /// Ask how far a password change is
    #[command(name = Operation::PasswordChangeStatus.name())]
    #[command(group = one(&["request_id"]))]
    PasswordChangeStatus {
        /// The request id that set-password answered
        #[arg(value_name = "ID", required_unless_present = "in")]
        request_id: Option<String>,
        #[command(flatten)]
        many: Many,
        #[command(flatten)]
        target: Target,
    },
    /// Have a token of digits made, with which a person may reset a password
    #[command(name = Operation::GenerateDigitToken.name())]
    GenerateDigitToken {
        /// The person's uid
        #[arg(long, value_name = "UID")]
        user_id: String,
        /// How many digits, 6 to 18; without it the server's default, 6
        #[arg(long, value_name = "N")]
        length: Option<u8>,
        /// How many minutes the token is valid, 1 to 60; without it the server's default, 5
        #[arg(long, value_name = "MINUTES")]
        duration_minutes: Option<u8>,
        #[command(flatten)]
        target: Target,
    },
}

#[derive(clap::Args)]
#[command(group = one(&[
    "info", "account", "no_policy_check", "dictionary", "strict", "raw", "generate", "length", "exclude", "no_look_alikes",
    "secret_out",
]))]
#[command(group = ArgGroup::new("characters").args(["length", "exclude", "no_look_alikes"]).multiple(true).requires("generate"))]
pub(crate) struct CurlSetPassword {
    /// The answer to query-password-info, as JSON
    #[arg(long, value_name = "FILE", required_unless_present = "in")]
    pub(crate) info: Option<PathBuf>,
    /// The account, when there are several: its accountId or its accountName
    #[arg(long, value_name = "ID-OR-NAME")]
    pub(crate) account: Option<String>,
    /// Encrypt the password even if it violates the policies
    #[arg(long, conflicts_with_all = ["strict", "dictionary"])]
    pub(crate) no_policy_check: bool,
    #[command(flatten)]
    pub(crate) checks: Checks,
    #[command(flatten)]
    pub(crate) input: PasswordInput,
    #[command(flatten)]
    pub(crate) many: Many,
    /// Make a random password that satisfies the policies, instead of reading one
    #[arg(long, requires = "secret_out", conflicts_with_all = ["raw", "no_policy_check"])]
    pub(crate) generate: bool,
    #[command(flatten)]
    pub(crate) characters: Characters,
    /// Where to write the password of --generate: a new file that only its owner may read, or a pipe, such as
    /// >(age -r ...) in bash
    #[arg(long, value_name = "FILE", requires = "generate", value_hint = ValueHint::FilePath)]
    pub(crate) secret_out: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) target: Target,
}

/// What is about one request, and so goes with none of [`Many`]: clap does not miss an argument that one needs where another
/// excludes it.
fn one(args: &[&'static str]) -> ArgGroup {
    let group = ArgGroup::new("one").args(args.iter().copied());
    group
        .multiple(true)
        .conflicts_with_all(["in", "answers", "header_file", "resume"])
}

/// Many requests at once.
#[derive(clap::Args)]
#[group(skip)]
pub(crate) struct Many {
    /// One request for each of these lines of JSON, or for query-password-info of CSV
    #[arg(long = "in", value_name = "FILE", id = "in", requires_all = ["answers", "header_file"])]
    pub(crate) input: Option<PathBuf>,
    /// With --in: the folder for the answers, which is made where there is none
    #[arg(long, value_name = "DIR", requires = "in")]
    pub(crate) answers: Option<PathBuf>,
    /// With --in: the file with the bearer token, as the line `Authorization: Bearer ...`. curl reads it, pwseal does not
    #[arg(long, value_name = "FILE", requires = "in")]
    pub(crate) header_file: Option<PathBuf>,
    /// With --in: go on in a folder with answers, when the curl that wrote them has ended
    #[arg(long, requires = "in")]
    pub(crate) resume: bool,
}

/// Where the API is.
#[derive(clap::Args)]
#[group(skip)]
#[command(group = ArgGroup::new("address").args(["tenant", "base_url"]).required(true))]
pub(crate) struct Target {
    /// The tenant: NAME in https://NAME.api.identitynow.com
    #[arg(long, value_name = "NAME")]
    pub(crate) tenant: Option<String>,
    /// The address where it is another: a vanity domain, another cloud, a proxy
    #[arg(long, value_name = "URL", value_hint = ValueHint::Url)]
    pub(crate) base_url: Option<String>,
    /// The version of the API
    #[arg(long, value_name = "VERSION", default_value = ApiVersion::V2026.name(), value_parser = api_version())]
    pub(crate) api_version: ApiVersion,
}

#[derive(clap::Args)]
pub(crate) struct Answer {
    /// What was asked for
    #[arg(value_name = "OPERATION", value_parser = operation())]
    pub(crate) operation: Operation,
    /// The answer; without it, standard input
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) file: Option<PathBuf>,
    /// When the first request was sent, as `date +%s` prints it: the longer ago, the longer the
    /// wait for the next
    #[arg(long, value_name = "SECONDS")]
    pub(crate) since: Option<u64>,
}

#[derive(clap::Args)]
pub(crate) struct Answers {
    /// What was asked for: query-password-info, set-password or password-change-status
    #[arg(value_name = "OPERATION", value_parser = operation())]
    pub(crate) operation: Operation,
    /// The lines that the requests were made of
    #[arg(long = "in", value_name = "FILE", id = "in")]
    pub(crate) input: PathBuf,
    #[command(flatten)]
    pub(crate) csv: Csv,
    /// The folder with the answers
    #[arg(long, value_name = "DIR")]
    pub(crate) answers: PathBuf,
    /// Where to write the lines to run again, of CSV with the one that names the columns: a new file
    #[arg(long, value_name = "FILE")]
    pub(crate) rejects: Option<PathBuf>,
    /// The generated passwords of `pwseal bulk --secrets-out`
    #[arg(long, value_name = "FILE", requires = "in_force")]
    pub(crate) secrets: Option<PathBuf>,
    /// Where to write which of them are in force, as "inForce": "yes", "no" or "unknown" on their lines: a new file that only its
    /// owner may read, or a pipe
    #[arg(long, value_name = "FILE", requires = "secrets")]
    pub(crate) in_force: Option<PathBuf>,
}

/// The separators that CSV may have.
fn delimiter() -> impl TypedValueParser<Value = u8> {
    let tab = PossibleValue::new("tab").aliases(["\t", "\\t"]);
    let values = [",", ";", "|"]
        .map(PossibleValue::new)
        .into_iter()
        .chain([tab]);
    PossibleValuesParser::new(values).map(|name| match name.as_bytes() {
        [delimiter] => *delimiter,
        _ => b'\t',
    })
}

fn api_version() -> impl TypedValueParser<Value = ApiVersion> {
    let names = ApiVersion::ALL.iter().map(|version| version.name());
    PossibleValuesParser::new(names).try_map(|name| name.parse::<ApiVersion>())
}

fn operation() -> impl TypedValueParser<Value = Operation> {
    let names = Operation::ALL.iter().map(|operation| operation.name());
    PossibleValuesParser::new(names).try_map(|name| {
        let mut all = Operation::ALL.iter().copied();
        all.find(|operation| operation.name() == name)
            .ok_or("there is no such operation")
    })
}

#[derive(clap::Args)]
pub(crate) struct Check {
    #[command(flatten)]
    pub(crate) rules: Rules,
    #[command(flatten)]
    pub(crate) checks: Checks,
    /// The account's id; taken from --info when there is one account
    #[arg(long, value_name = "ID")]
    pub(crate) account_id: Option<String>,
    /// The account's name; taken from --info when there is one account
    #[arg(long, value_name = "NAME")]
    pub(crate) account_name: Option<String>,
    /// An attribute of the account, whose words may not occur; may be given more than once
    #[arg(long = "account-attribute", value_name = "NAME=TEXT")]
    pub(crate) account_attributes: Vec<String>,
    /// An attribute of the identity, whose words may not occur; may be given more than once
    #[arg(long = "identity-attribute", value_name = "NAME=TEXT")]
    pub(crate) identity_attributes: Vec<String>,
    /// Print the report as JSON
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) input: PasswordInput,
}

/// Where the policies come from.
#[derive(clap::Args)]
#[group(skip)]
#[command(group = ArgGroup::new("policy-source").args(["info", "policies"]).required(true))]
pub(crate) struct Rules {
    /// The answer to query-password-info, as JSON, with its policies
    #[arg(long, value_name = "FILE")]
    pub(crate) info: Option<PathBuf>,
    /// A policy string, such as 'passwordMinLength is 8'; may be given more than once
    #[arg(long = "policy", value_name = "STRING")]
    pub(crate) policies: Vec<String>,
    /// The account of --info, when there are several: its accountId or its accountName
    #[arg(long, value_name = "ID-OR-NAME", conflicts_with = "policies")]
    pub(crate) account: Option<String>,
}

#[derive(Clone, Copy, clap::Args)]
pub(crate) struct PasswordInput {
    /// The bytes are meant as they are: nothing is dropped at the end, decoded or refused
    #[arg(long)]
    pub(crate) raw: bool,
}

/// Prints help and version where they were asked for. Everything else becomes one line, which
/// never repeats what was typed: people do try to pass the password as an argument.
pub(crate) fn explain(error: &clap::Error, args: &[OsString]) -> Result<(), Failure> {
    let ours = |kind| match error.get(kind) {
        Some(ContextValue::String(name)) => Some(name.clone()),
        Some(ContextValue::Strings(names)) => Some(names.join(", ")),
        _ => None,
    };
    // Those of a group that were not given follow the one that was.
    let given = |names: String| names.split(", ").next().map(str::to_owned);
    let suggestion = |kind| match ours(kind) {
        Some(names) => format!(" (did you mean {}?)", names.replace(", ", " or ")),
        None => String::new(),
    };
    Err(Failure::Usage(match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            return print_for_reading(error.render().to_string().as_bytes());
        }
        ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            missing_command(&called(args))
        }
        ErrorKind::MissingRequiredArgument => format!(
            "an argument is missing: {}",
            ours(ContextKind::InvalidArg).unwrap_or_default()
        ),
        ErrorKind::InvalidSubcommand => format!(
            "there is no such {}{}",
            what_is_called(&called(args)),
            suggestion(ContextKind::SuggestedSubcommand)
        ),
        ErrorKind::UnknownArgument => format!(
            "an argument is not understood{} (it is not repeated here, as it could be a password; \
             passwords are read from standard input)",
            suggestion(ContextKind::SuggestedArg)
        ),
        ErrorKind::ArgumentConflict => match (
            ours(ContextKind::InvalidArg).unwrap_or_default(),
            ours(ContextKind::PriorArg)
                .and_then(given)
                .unwrap_or_default(),
        ) {
            (argument, prior) if argument == prior => format!("{argument} is given more than once"),
            (argument, prior) => format!("{argument} and {prior} exclude each other"),
        },
        ErrorKind::TooManyValues => format!(
            "{} takes no value",
            ours(ContextKind::InvalidArg).unwrap_or_else(|| "an argument".into())
        ),
        ErrorKind::InvalidUtf8 => "an argument that must be text is not UTF-8".into(),
        _ => format!(
            "the value of {} is missing or wrong{}",
            ours(ContextKind::InvalidArg).unwrap_or_else(|| "an argument".into()),
            match ours(ContextKind::ValidValue).filter(|values| !values.is_empty()) {
                Some(values) => format!(": take one of {values}"),
                None => String::new(),
            }
        ),
    }))
}

/// What tells how a command line is to be: the help of its command, as far as there is one.
pub(crate) fn help(args: &[OsString]) -> String {
    let names = called(args)
        .into_iter()
        .map(|command| command.get_name().to_owned());
    let names: Vec<_> = names.collect();
    format!("{} --help", names.join(" "))
}

/// The commands that arguments name, from pwseal itself to the innermost.
fn called(args: &[OsString]) -> Vec<clap::Command> {
    let mut commands = vec![Args::command()];
    for name in args.iter().skip(1) {
        let Some(inner) = commands
            .last()
            .and_then(|command| command.find_subcommand(name))
        else {
            break;
        };
        commands.push(inner.clone());
    }
    commands
}

fn missing_command(called: &[clap::Command]) -> String {
    let innermost = called.last().expect("pwseal itself");
    let names: Vec<_> = innermost
        .get_subcommands()
        .map(clap::Command::get_name)
        .collect();
    let what = what_is_called(called);
    let (last, others) = names.split_last().expect("there are commands");
    format!("the {what} is missing: {} or {last}", others.join(", "))
}

/// What the next name would be, after these.
fn what_is_called(called: &[clap::Command]) -> &'static str {
    match called {
        [_, _, ..] => "operation",
        _ => "command",
    }
}
