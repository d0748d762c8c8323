//! `rms`: the operator's commands without the local stack, for a stack in AWS or one that runs on this machine.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a terminal program prints to its standard streams"
)]

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{CommandFactory as _, Parser, Subcommand};
use clap_complete::Shell;
use operator::command::{self, EXIT_CODES, OperatorCommand};

/// A command's exit code if something is left to do: `doctor` found something wrong, a replay skipped messages.
const WRONG: u8 = 3;

/// Look after a stack of RMS Logistics: with --aws one in AWS, otherwise the one that `cargo local` runs.
#[derive(Debug, Parser)]
#[command(name = "rms", version, after_help = EXIT_CODES)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
    /// The file in which the local stack publishes itself.
    #[arg(
        long,
        global = true,
        value_name = "FILE",
        default_value = ".local/stack.json"
    )]
    stack_file: PathBuf,
}

#[derive(Debug, Subcommand)]
enum Command {
    #[command(flatten)]
    Operator(OperatorCommand),
    /// Print a completion script: `rms completions bash > /etc/bash_completion.d/rms`.
    Completions {
        /// The shell.
        shell: Shell,
    },
    /// Print the manual page, or write the pages of all commands into a directory.
    Man {
        /// The directory; it must exist.
        directory: Option<PathBuf>,
    },
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let ended = match arguments.command {
        Command::Operator(command) => operate(command, &arguments.stack_file).await,
        Command::Completions { shell } => completions(shell),
        Command::Man { directory } => manual(directory.as_deref()),
    };
    ended.unwrap_or_else(|error| {
        eprintln!("error: {error:#}");
        ExitCode::FAILURE
    })
}

async fn operate(command: OperatorCommand, stack_file: &Path) -> anyhow::Result<ExitCode> {
    let no_local = |_: &Path| -> anyhow::Result<usize> {
        anyhow::bail!("use `cargo local keyring rotate --data`: only the local stack has its KMS")
    };
    let told = command::run(command, stack_file, no_local).await?;
    println!("{}", told.text);
    Ok(if told.is_well {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(WRONG)
    })
}

/// The library panics if it cannot write, as when the reader has ended.
fn completions(shell: Shell) -> anyhow::Result<ExitCode> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "rms", &mut script);
    io::stdout().write_all(&script)?;
    Ok(ExitCode::SUCCESS)
}

fn manual(directory: Option<&Path>) -> anyhow::Result<ExitCode> {
    let command = Arguments::command();
    match directory {
        Some(directory) => clap_mangen::generate_to(command, directory)?,
        None => clap_mangen::Man::new(command).render(&mut io::stdout())?,
    }
    Ok(ExitCode::SUCCESS)
}
