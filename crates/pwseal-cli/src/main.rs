//! The command `pwseal`.
//!
//! Exit codes: 0 for success; 1 for a password that violates a policy; 2 for bad input or bad
//! use. The last line on standard error says why.
#![forbid(unsafe_code)]

mod args;
mod commands;
mod failure;
mod files;
mod password;
mod policy;
mod prompt;

use std::process::ExitCode;

use clap::Parser;

use crate::args::{Args, Command};
use crate::failure::Failure;

fn main() -> ExitCode {
    match run() {
        Ok(code) => code,
        Err(failure) => {
            files::complain(&failure);
            failure.exit_code()
        }
    }
}

fn run() -> Result<ExitCode, Failure> {
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(error) => return args::explain(&error).map(|()| ExitCode::SUCCESS),
    };
    match args.command {
        Command::Encrypt { key, input } => commands::encrypt(&key, &input)?,
        Command::Request(request) => commands::request(&request)?,
        Command::Check(check) => return commands::check(&check),
        Command::Generate { rules, length } => commands::generate(&rules, length)?,
        Command::Key { file } => commands::key(&file)?,
    }
    Ok(ExitCode::SUCCESS)
}
