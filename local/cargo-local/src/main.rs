//! `cargo local`: the command line of the local stack, of the operator's commands and of the benchmark.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a terminal program prints to its standard streams"
)]

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use bench::{Amount, BenchOptions, Scenario};
use clap::{Parser, Subcommand};
use local::backends::rotate_keyring;
use local::permissions::spare_permissions;
use local::screen;
use local::stack::{Options, Stack, fire, published_at};
use local::top;
use operator::command::{self, EXIT_CODES, OperatorCommand};

/// The exit code if something is left to do: `doctor` found something wrong, a replay skipped messages.
const WRONG: u8 = 3;

/// Run RMS Logistics on this machine: the deployed functions with an embedded DynamoDB and SQS. Needs no AWS account and no
/// Docker.
#[derive(Debug, Parser)]
#[command(name = "cargo local", bin_name = "cargo local", after_help = EXIT_CODES)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    /// Port of the API.
    #[arg(long, default_value_t = 3000)]
    port: u16,
    /// Keep the state in this directory between runs.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Start only DynamoDB and SQS, with their tables and queues.
    #[arg(long)]
    backends_only: bool,
    /// Build the functions in release mode, as for deployment.
    #[arg(long)]
    release: bool,
}

#[derive(Debug, Subcommand)]
enum Command {
    #[command(flatten)]
    Operator(OperatorCommand),
    /// Run a scheduled function of the running local stack at once, for each of its schedules, and wait until it has ended.
    Fire {
        /// Its name, such as `channel-poll`.
        function: String,
    },
    /// Show what the running local stack does, on a screen that refreshes: rates, ages, what waits, functions, alarms.
    Top {
        /// Print it once as plain text; so it is also if the output is no terminal.
        #[arg(long)]
        once: bool,
    },
    /// List what the functions' policies allow, but no call of a test run needed. The run wrote its calls down in the directory that
    /// its variable `LOCAL_ACCESSES` names.
    SparePermissions {
        /// The directory.
        directory: PathBuf,
    },
    /// Measure release builds of the functions and print one JSON object.
    Bench {
        /// Number of notifications to count and time.
        #[arg(long, default_value_t = 2000)]
        notifications: usize,
        /// Number of labels to buy from each account.
        #[arg(long, default_value_t = 500)]
        labels: usize,
        /// Number of starts of each function.
        #[arg(long, default_value_t = 20)]
        starts: usize,
        /// Measure the executables in this directory instead of building the workspace's.
        #[arg(long, value_name = "DIR")]
        executables: Option<PathBuf>,
        /// Run this load scenario instead.
        #[arg(long, value_enum)]
        scenario: Option<Scenario>,
        /// Number of notifications to push in a scenario; use 1000 or more for `history`.
        #[arg(long, default_value_t = 60)]
        pushes: usize,
        /// Pushes per second in the scenarios `steady`, `fanout` and `dead`, whatever the answers take.
        #[arg(long)]
        rate: Option<f64>,
        /// Number of deliveries waiting in the scenario `recovery`.
        #[arg(long, default_value_t = 100_000)]
        waiting: usize,
        /// Number of notifications stored before the scenario `history`.
        #[arg(long, default_value_t = 1_000_000)]
        stored: usize,
        /// Compare the figures with those in this file, the JSON of an earlier run: adds `against`.
        #[arg(long, value_name = "FILE")]
        against: Option<PathBuf>,
    },
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let result = match arguments.command {
        Some(Command::Operator(command)) => return operate(command).await,
        Some(Command::Bench {
            scenario: Some(scenario),
            pushes,
            rate,
            waiting,
            stored,
            executables,
            against,
            ..
        }) => {
            let amount = Amount {
                pushes,
                rate,
                waiting,
                stored,
            };
            load(scenario, amount, executables, against).await
        }
        Some(Command::Bench {
            notifications,
            labels,
            starts,
            executables,
            against,
            ..
        }) => {
            let options = BenchOptions {
                notifications,
                labels,
                starts,
                executables,
            };
            measure(options, against).await
        }
        Some(Command::SparePermissions { directory }) => spare(&directory),
        Some(Command::Top { once }) => show_metrics(once).await,
        Some(Command::Fire { function }) => fire(&published_at(), &function).await,
        None => run(arguments).await,
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: Arguments) -> anyhow::Result<()> {
    let mut end = Box::pin(told_to_end());
    let start = Stack::start(Options {
        port: arguments.port,
        data: arguments.data,
        release: arguments.release,
        backends_only: arguments.backends_only,
        capture_logs: false,
        publish: Some(published_at()),
        ..Options::default()
    });
    let stack = tokio::select! {
        stack = start => stack?,
        told = &mut end => return told,
    };
    println!("{}", screen::text(stack.published()));
    end.await?;
    stack.stop().await;
    Ok(())
}

/// Waits for Ctrl-C or SIGTERM.
async fn told_to_end() -> anyhow::Result<()> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let mut terminate = signal(SignalKind::terminate())?;
        tokio::select! {
            interrupted = tokio::signal::ctrl_c() => interrupted?,
            _ = terminate.recv() => {}
        }
    }
    #[cfg(not(unix))]
    tokio::signal::ctrl_c().await?;
    Ok(())
}

async fn show_metrics(once: bool) -> anyhow::Result<()> {
    let published = published_at();
    tokio::select! {
        ended = top::show(&published, once, std::io::stdout()) => ended,
        told = told_to_end() => told,
    }
}

async fn measure(options: BenchOptions, against: Option<PathBuf>) -> anyhow::Result<()> {
    let report = bench::run(options).await?;
    println!("{}", bench::printed(&report, against.as_deref())?);
    Ok(())
}

async fn load(
    scenario: Scenario,
    amount: Amount,
    executables: Option<PathBuf>,
    against: Option<PathBuf>,
) -> anyhow::Result<()> {
    let report = bench::run_scenario(scenario, amount, executables.as_deref()).await?;
    println!("{}", bench::printed(&report, against.as_deref())?);
    Ok(())
}

fn spare(directory: &Path) -> anyhow::Result<()> {
    let spare = spare_permissions(directory)?;
    anyhow::ensure!(
        spare.is_empty(),
        "no call needed these permissions:\n{}",
        spare.join("\n")
    );
    println!("Every permission was needed.");
    Ok(())
}

async fn operate(command: OperatorCommand) -> ExitCode {
    match command::run(command, &published_at(), rotate_keyring).await {
        Ok(told) => {
            println!("{}", told.text);
            if told.is_well {
                ExitCode::SUCCESS
            } else {
                ExitCode::from(WRONG)
            }
        }
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
