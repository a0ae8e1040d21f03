//! The command `pwseal`.
#![forbid(unsafe_code)]

use std::process::ExitCode;

fn main() -> ExitCode {
    pwseal_cli::run(std::env::args_os()).into()
}
