//! The operator's commands as one enumeration: `rms` and `cargo local` offer the same ones.

use std::path::Path;

use clap::Subcommand;

use crate::client::{self, ClientCommand};
use crate::dlq::{self, DlqCommand};
use crate::doctor::{self, DoctorArguments};
use crate::key::{self, KeyCommand};
use crate::keyring::{self, KeyringCommand};
use crate::orders::{self, OrdersCommand};
use crate::recover::{self, RecoverArguments};
use crate::reseal::{self, ResealArguments};
use crate::returns::{self, ReturnsCommand};
use crate::unmapped::{self, UnmappedArguments};

/// The exit codes, as the help shows them.
pub const EXIT_CODES: &str = "Exit codes: 0 done, 1 failed, 2 wrong usage, 3 doctor found something wrong, or dlq replay skipped messages.";

/// What to do in a stack.
#[derive(Debug, Clone, Subcommand)]
pub enum OperatorCommand {
    /// Create and list clients.
    #[command(
        subcommand,
        after_help = "Examples:\n  client create \"Acme Shoes\"\n  client list --aws --json"
    )]
    Client(ClientCommand),
    /// List, create and revoke the API keys of a client.
    #[command(
        subcommand,
        after_help = "Examples:\n  key list acme-a0a93d52\n  key create acme-a0a93d52 --label OMS --scope shipping --scope returns --days 365\n  key revoke acme-a0a93d52 key_0192f0c1"
    )]
    Key(KeyCommand),
    /// List, show, replay and drop messages that could not be processed.
    #[command(
        subcommand,
        after_help = "Examples:\n  dlq list\n  dlq replay --endpoint oms --since 2026-11-30T00:00:00Z\n  dlq drop 5fea7756-0ea4-451a-a703-a558b933e274 --aws"
    )]
    Dlq(DlqCommand),
    /// List orders in doubt.
    #[command(
        subcommand,
        after_help = "Examples:\n  orders in-doubt\n  orders in-doubt --client acme-a0a93d52 --aws --json"
    )]
    Orders(OrdersCommand),
    /// List the pushed codes that RMS does not know.
    #[command(
        after_help = "Examples:\n  unmapped --since 2026-11-01T00:00:00Z\n  unmapped --client acme-a0a93d52 --aws"
    )]
    Unmapped(UnmappedArguments),
    /// Send deliveries that were given up again.
    #[command(
        after_help = "Examples:\n  recover acme-a0a93d52 oms --dry-run\n  recover acme-a0a93d52 oms --since 2026-11-30T08:00:00Z --aws"
    )]
    Recover(RecoverArguments),
    /// Have requests for returns listed at once.
    #[command(
        subcommand,
        after_help = "Examples:\n  returns sweep\n  returns sweep --aws --keyring \"$keyring\""
    )]
    Returns(ReturnsCommand),
    /// Examine a stack, and say what is wrong and what to do.
    #[command(
        after_help = "Examples:\n  doctor\n  doctor --aws --stack-name rms-logistics-prod --json"
    )]
    Doctor(DoctorArguments),
    /// Encrypt every stored secret again with the newest key of the keyring.
    Reseal(ResealArguments),
    /// Manage the keyring that encrypts stored secrets.
    #[command(subcommand)]
    Keyring(KeyringCommand),
}

/// The end of a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// The text to print.
    pub text: String,
    /// Whether nothing is left to do: `doctor` found nothing wrong, a replay skipped nothing.
    pub is_well: bool,
}

/// Runs a command on the stack in AWS, or on the one of this machine that published itself at `published_at`.
/// `rotate_local` adds a key to the keyring in a local stack's data directory and returns the number of keys.
pub async fn run(
    command: OperatorCommand,
    published_at: &Path,
    rotate_local: impl FnOnce(&Path) -> anyhow::Result<usize>,
) -> anyhow::Result<Told> {
    let text = match command {
        OperatorCommand::Client(command) => client::run(command, published_at).await,
        OperatorCommand::Key(command) => key::run(command, published_at).await,
        OperatorCommand::Dlq(command) => {
            let (text, is_well) = dlq::run(command, published_at).await?;
            return Ok(Told { text, is_well });
        }
        OperatorCommand::Orders(command) => orders::run(command, published_at).await,
        OperatorCommand::Unmapped(arguments) => unmapped::run(arguments, published_at).await,
        OperatorCommand::Recover(arguments) => recover::run(arguments, published_at).await,
        OperatorCommand::Returns(command) => returns::run(command, published_at).await,
        OperatorCommand::Reseal(arguments) => reseal::run(arguments, published_at).await,
        OperatorCommand::Keyring(command) => keyring::run(command, rotate_local).await,
        OperatorCommand::Doctor(arguments) => {
            let (text, is_well) = doctor::run(arguments, published_at).await?;
            return Ok(Told { text, is_well });
        }
    };
    Ok(Told {
        text: text?,
        is_well: true,
    })
}
