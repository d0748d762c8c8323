//! `cargo local`: the command line of the local stack, of the operator's commands and of the benchmark.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a terminal program prints to its standard streams"
)]

use std::path::PathBuf;
use std::process::ExitCode;

use bench::{Amount, BenchOptions, Scenario};
use clap::{Parser, Subcommand};
use local::backends::rotate_keyring;
use local::screen;
use local::stack::{Options, Stack, fire, published_at};
use operator::client::{self, ClientPlace};
use operator::dlq::{self, DlqCommand};
use operator::keyring::{self, KeyringCommand};
use operator::reseal::{self, ResealArguments};

/// Run RMS Logistics on this machine: the deployed functions with an embedded DynamoDB and SQS. Needs no AWS account and no
/// Docker.
#[derive(Debug, Parser)]
#[command(name = "cargo local", bin_name = "cargo local")]
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
    /// Manage clients of the running local stack or of a stack in AWS.
    #[command(subcommand)]
    Client(ClientCommand),
    /// List, show and replay messages of the dead-letter queue.
    #[command(subcommand)]
    Dlq(DlqCommand),
    /// Encrypt every stored secret again with the newest key of the keyring.
    Reseal(ResealArguments),
    /// Manage the keyring that encrypts stored secrets.
    #[command(subcommand)]
    Keyring(KeyringCommand),
    /// Run a scheduled function of the running local stack at once, for each of its schedules, and wait until it has ended.
    Fire {
        /// Its name, such as `channel-poll`.
        function: String,
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
        /// Number of deliveries waiting in the scenario `recovery`.
        #[arg(long, default_value_t = 100_000)]
        waiting: usize,
        /// Number of notifications stored before the scenario `history`.
        #[arg(long, default_value_t = 1_000_000)]
        stored: usize,
    },
}

#[derive(Debug, Subcommand)]
enum ClientCommand {
    /// Create a client and its first API key.
    Create {
        /// Readable name of the client.
        name: String,
        /// Print JSON.
        #[arg(long)]
        json: bool,
        /// Which stack.
        #[command(flatten)]
        place: ClientPlace,
    },
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let result = match arguments.command {
        Some(Command::Client(ClientCommand::Create { name, json, place })) => {
            create_client(&name, json, place).await
        }
        Some(Command::Dlq(command)) => look_after_dead_letters(command).await,
        Some(Command::Reseal(arguments)) => reseal_everything(arguments).await,
        Some(Command::Keyring(command)) => look_after_keyring(command).await,
        Some(Command::Bench {
            scenario: Some(scenario),
            pushes,
            waiting,
            stored,
            executables,
            ..
        }) => {
            let amount = Amount {
                pushes,
                waiting,
                stored,
            };
            load(scenario, amount, executables).await
        }
        Some(Command::Bench {
            notifications,
            labels,
            starts,
            executables,
            ..
        }) => {
            measure(BenchOptions {
                notifications,
                labels,
                starts,
                executables,
            })
            .await
        }
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

async fn measure(options: BenchOptions) -> anyhow::Result<()> {
    let report = bench::run(options).await?;
    println!("{}", serde_json::to_string(&report)?);
    Ok(())
}

async fn load(
    scenario: Scenario,
    amount: Amount,
    executables: Option<PathBuf>,
) -> anyhow::Result<()> {
    let report = bench::run_scenario(scenario, amount, executables.as_deref()).await?;
    println!("{}", serde_json::to_string(&report)?);
    Ok(())
}

async fn create_client(name: &str, json: bool, place: ClientPlace) -> anyhow::Result<()> {
    let created = client::create_at(name, place, &published_at()).await?;
    if json {
        println!("{}", serde_json::to_string(&created)?);
    } else {
        println!("Client   {}", created.client_id);
        println!("API key  {}", created.api_key);
    }
    Ok(())
}

async fn look_after_dead_letters(command: DlqCommand) -> anyhow::Result<()> {
    println!("{}", dlq::run(command, &published_at()).await?);
    Ok(())
}

async fn reseal_everything(arguments: ResealArguments) -> anyhow::Result<()> {
    println!("{}", reseal::run(arguments, &published_at()).await?);
    Ok(())
}

async fn look_after_keyring(command: KeyringCommand) -> anyhow::Result<()> {
    println!("{}", keyring::run(command, rotate_keyring).await?);
    Ok(())
}
