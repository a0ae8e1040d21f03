//! The command `pwseal`, as a library: what runs it are the binary and `python -m pwseal`.
//!
//! Exit codes: 0 for success; 1 for a password that violates a policy, or a bulk run with lines
//! that failed; 2 for bad input or bad use. `pwseal answer` has its own, which its help lists. A signal that ends a command ends its process too. The last line on standard error says why.
#![forbid(unsafe_code)]

mod answer;
mod answers;
mod args;
mod bulk;
mod commands;
mod curl;
mod failure;
mod files;
mod manual;
mod many;
mod new_file;
mod password;
mod policy;
mod private_file;
mod prompt;
#[cfg_attr(windows, path = "signals_windows.rs")]
mod signals;

use std::ffi::OsString;

use clap::Parser;

use crate::args::{Args, Command};
use crate::failure::Failure;

/// Runs a command line, the program's name first, and returns the exit code.
#[must_use]
pub fn run(args: impl IntoIterator<Item = OsString>) -> u8 {
    let args: Vec<OsString> = args.into_iter().collect();
    match try_run(&args) {
        Ok(code) => code,
        Err(failure) => {
            match &failure {
                Failure::Usage(message) => {
                    let help = args::help(&args);
                    files::complain(format_args!("{message}; see {help}"));
                }
                failure => files::complain(failure),
            }
            if let Some(signal) = failure.signal() {
                signals::obey(signal);
            }
            failure.exit_code()
        }
    }
}

fn try_run(args: &[OsString]) -> Result<u8, Failure> {
    let args = match Args::try_parse_from(args) {
        Ok(args) => args,
        Err(error) => return args::explain(&error, args).map(|()| 0),
    };
    if args.command.prints() {
        files::require_standard_output()?;
    }
    pwseal_api::prefer_backend_from_env().map_err(Failure::Backend)?;
    match args.command {
        Command::Encrypt { key, input } => commands::encrypt(&key, &input)?,
        Command::Request(request) => commands::request(&request)?,
        Command::Check(check) => return commands::check(&check),
        Command::Generate(generate) => commands::generate(&generate)?,
        Command::Bulk(bulk) => return bulk::run(&bulk),
        Command::Curl(curl) => curl::run(&curl)?,
        Command::Answers(answers) => return answers::run(&answers),
        Command::Answer(answer) => return answer::run(&answer),
        Command::Key { file, json } => commands::key(&file, json)?,
        Command::Completions { shell } => manual::completions(shell)?,
        Command::Man { about } => manual::page(&about)?,
    }
    Ok(0)
}
