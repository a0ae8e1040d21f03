//! The command `pwseal`.
//!
//! Exit codes: 0 for success, 1 for a password that violates a policy, 2 for bad input or bad
//! use; with 1 and 2 there is one line on standard error.
#![forbid(unsafe_code)]

mod args;
mod commands;
mod failure;
mod files;
mod password;
mod prompt;

use std::process::ExitCode;

use clap::Parser;

use crate::args::{Args, Command};
use crate::failure::Failure;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("pwseal: {failure}");
            ExitCode::from(failure.code())
        }
    }
}

fn run() -> Result<(), Failure> {
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(error) => return args::explain(&error),
    };
    match args.command {
        Command::Encrypt { key, input } => commands::encrypt(&key, &input),
        Command::Request {
            info,
            account,
            input,
        } => commands::request(&info, account.as_deref(), &input),
        Command::Key { file } => commands::key(&file),
    }
}
