//! Shell completions and manual pages, made of the definition of the arguments.

use clap::builder::PossibleValuesParser;
use clap::{Arg, ArgGroup, Command, CommandFactory};
use clap_complete::Shell;
use clap_mangen::Man;

use crate::args::Args;
use crate::failure::Failure;
use crate::files::{print_for_reading, print_secret};

/// Prints the completions for a shell.
pub(crate) fn completions(shell: Shell) -> Result<(), Failure> {
    let mut script = Vec::new();
    let command = Args::command();
    let names = names(&command);
    let pages = |page: Arg| page.value_parser(PossibleValuesParser::new(names));
    let mut command = command.mut_subcommand("man", |man| man.mut_arg("about", pages));
    clap_complete::generate(shell, &mut command, "pwseal", &mut script);
    print_secret(&script)
}

/// The names of all commands that have a page.
fn names(command: &Command) -> Vec<String> {
    let inner = command.get_subcommands();
    inner
        .flat_map(|inner| [vec![inner.get_name().to_owned()], names(inner)].concat())
        .collect()
}

/// Prints the page of a command, named as on the command line, or of all of them.
pub(crate) fn page(about: &[String]) -> Result<(), Failure> {
    let mut command = Args::command();
    // Fills in the names by which the commands are called.
    command.build();
    for name in about {
        let found = command.find_subcommand(name);
        command = found.cloned().ok_or_else(|| {
            Failure::Usage("there is no such command to print a manual page of".into())
        })?;
    }
    let synopsis = synopsis(&command);
    let rules = match about {
        [name] if name == "bulk" => rules(),
        _ => String::new(),
    };
    let mut page = Vec::new();
    Man::new(command)
        .source(concat!("pwseal ", env!("CARGO_PKG_VERSION")))
        .render(&mut page)
        .map_err(Failure::Output)?;
    let page = String::from_utf8_lossy(&page);
    // Its own has no values.
    let (before, rest) = page.split_once(SYNOPSIS).unwrap_or((&page, ""));
    let (_, after) = rest.split_once("\n.SH ").unwrap_or_default();
    let page = format!("{before}{SYNOPSIS}{synopsis}\n.SH {after}{rules}");
    print_for_reading(page.as_bytes())
}

/// What `bulk` reads and writes, as the README has it: a page to look it up in.
fn rules() -> String {
    let readme = include_str!("../README.md");
    let (_, section) = readme.split_once("\n## Bulk\n").unwrap_or_default();
    let section = section.split("\n## ").next().unwrap_or_default();
    let mut page = String::from(".SH LINES\n");
    for rule in section.split("\n- ").skip(1) {
        // Each begins with its name in bold, so that no line begins as a command of roff does.
        let words: Vec<&str> = rule.split_whitespace().collect();
        page += &format!(".PP\n{}\n", roff(&words.join(" ")));
    }
    page
}

/// Markdown with bold text and code, which becomes bold as well.
fn roff(markdown: &str) -> String {
    let text = escaped(&markdown.replace('\\', "\\e"));
    let mut is_bold = false;
    let pieces = text.split("**").flat_map(|text| text.split('`'));
    pieces.fold(String::new(), |page, piece| {
        let font = if is_bold { "\\fB" } else { "\\fR" };
        is_bold = !is_bold;
        page + font + piece
    })
}

const SYNOPSIS: &str = ".SH SYNOPSIS\n";

/// How a command is called, with the values that its options take.
fn synopsis(command: &Command) -> String {
    let name = command.get_bin_name().unwrap_or("pwseal");
    let mut words = vec![format!("\\fB{}\\fR", escaped(name))];
    let mut grouped = Vec::new();
    for argument in command.get_arguments() {
        let is_in = |group: &&ArgGroup| {
            group.is_required_set() && group.get_args().any(|id| id == argument.get_id())
        };
        let Some(group) = command.get_groups().find(is_in) else {
            words.push(match argument.is_required_set() {
                true => called(argument),
                false => format!("[{}]", called(argument)),
            });
            continue;
        };
        if !grouped.contains(&group.get_id()) {
            grouped.push(group.get_id());
            let choices = command
                .get_arguments()
                .filter(|argument| group.get_args().any(|id| id == argument.get_id()))
                .map(called);
            words.push(format!("{{{}}}", choices.collect::<Vec<_>>().join(" | ")));
        }
    }
    if command.has_subcommands() {
        words.push("\\fICOMMAND\\fR".into());
    }
    words.join(" ")
}

/// An option or a value as one writes it.
fn called(argument: &Arg) -> String {
    let values = argument.get_value_names().unwrap_or_default();
    let takes_one = argument.get_action().takes_values();
    let value = values.first().filter(|_| takes_one);
    let value = value.map(|name| format!("\\fI{}\\fR", escaped(name)));
    let Some(long) = argument.get_long() else {
        return value.unwrap_or_default();
    };
    let long = format!("\\fB{}\\fR", escaped(&format!("--{long}")));
    match value {
        Some(value) => format!("{long} {value}"),
        None => long,
    }
}

/// Without it, roff makes hyphens of what are minus signs.
fn escaped(text: &str) -> String {
    text.replace('-', "\\-")
}
