//! Shell completions and manual pages, made of the definition of the arguments.

use clap::CommandFactory;
use clap_complete::Shell;
use clap_mangen::Man;

use crate::args::Args;
use crate::failure::Failure;
use crate::files::{print_for_reading, print_secret};

/// Prints the completions for a shell.
pub(crate) fn completions(shell: Shell) -> Result<(), Failure> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Args::command(), "pwseal", &mut script);
    print_secret(&script)
}

/// Prints the page of a command, or of all of them.
pub(crate) fn page(about: Option<&str>) -> Result<(), Failure> {
    let mut command = Args::command();
    // Fills in the names by which the commands are called.
    command.build();
    if let Some(name) = about {
        let found = command.find_subcommand(name);
        command = found.cloned().ok_or_else(|| {
            Failure::Usage("there is no such command to print a manual page of".into())
        })?;
    }
    let mut page = Vec::new();
    Man::new(command)
        .source(concat!("pwseal ", env!("CARGO_PKG_VERSION")))
        .render(&mut page)
        .map_err(Failure::Output)?;
    print_for_reading(&page)
}
