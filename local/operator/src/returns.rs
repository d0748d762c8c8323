//! `returns sweep`: lists the requests for returns of all channel accounts at once, as the schedule does every 15 minutes, and
//! queues those that show something new.

use std::path::Path;
use std::time::Duration;

use clap::{Args, Subcommand};
use logistics::config::{
    CHANNEL_ACCOUNTS_TABLE, CHANNEL_POLLS_TABLE, CHANNEL_READ_QUEUE_URL, RETURN_ORDERS_TABLE,
    SESSIONS_TABLE,
};
use logistics::flows::channelling::poll_returns::poll_returns;
use tokio::time::Instant;

use crate::stack::StackArguments;

/// As long as a scheduled run; the next run continues where this one ended.
const LONGEST: Duration = Duration::from_mins(5);

/// What to do with requests for returns.
#[derive(Debug, Clone, Subcommand)]
pub enum ReturnsCommand {
    /// List the requests for returns of all channel accounts now, and queue those that show something new.
    Sweep(SweepArguments),
}

/// Which stack.
#[derive(Debug, Clone, Args)]
pub struct SweepArguments {
    /// In AWS: value of the stack's parameter `SealingKeyring`, which opens the credentials of the accounts.
    #[arg(long, value_name = "WRAPPED", required_if_eq("aws", "true"))]
    keyring: Option<String>,
    /// Which stack.
    #[command(flatten)]
    stack: StackArguments,
}

/// Runs the command and returns the text to print.
pub async fn run(command: ReturnsCommand, published_at: &Path) -> anyhow::Result<String> {
    let ReturnsCommand::Sweep(arguments) = command;
    let stack = arguments.stack.stack(published_at)?;
    let needed = [
        CHANNEL_ACCOUNTS_TABLE,
        CHANNEL_POLLS_TABLE,
        RETURN_ORDERS_TABLE,
        SESSIONS_TABLE,
        CHANNEL_READ_QUEUE_URL,
    ];
    let start = stack.start_with_secrets(&needed, arguments.keyring).await?;
    poll_returns(&start.return_polling()?, Instant::now() + LONGEST).await?;
    let swept = serde_json::json!({ "swept": true });
    arguments.stack.said(&swept, |_| {
        "All channel accounts were listed; what is new is queued.".to_owned()
    })
}
