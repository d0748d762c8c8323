//! `unmapped`: the pushed codes that RMS does not know, to be added to an adapter's table, or to the
//! configuration of the account. A notification that was replayed is no longer counted.

use std::collections::BTreeMap;
use std::path::Path;

use clap::Args;
use jiff::Timestamp;
use logistics::domain::span::Span;
use logistics::domain::text::ClientId;
use logistics::store::cursor::Cursor;
use logistics::store::notifying::unmapped::{UnmappedIndex, UnmappedQuery};
use serde::Serialize;

use crate::client;
use crate::stack::StackArguments;
use crate::text_table::table;

/// Which codes to list.
#[derive(Debug, Clone, Args)]
pub struct UnmappedArguments {
    /// Only what this client's aggregators pushed.
    #[arg(long, value_name = "CLIENT")]
    client: Option<ClientId>,
    /// Only what arrived at this time or later.
    #[arg(long, value_name = "RFC3339")]
    since: Option<Timestamp>,
    /// Which stack.
    #[command(flatten)]
    stack: StackArguments,
}

/// A code that no table maps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
struct UnmappedCode {
    aggregator: String,
    /// The code; empty if the push could not be read.
    pushed_type: String,
    notifications: usize,
    clients: usize,
    newest: Timestamp,
    /// The newest notification with it.
    notification_id: String,
}

/// Runs the command and returns the text to print.
pub async fn run(arguments: UnmappedArguments, published_at: &Path) -> anyhow::Result<String> {
    let stack = arguments.stack.stack(published_at)?;
    let table = stack.tables.name("NotificationsTable").await?;
    let index = UnmappedIndex::new(stack.tables.client.clone(), table);
    let clients = match arguments.client {
        Some(client) => vec![client],
        None => client::ids(&stack).await?,
    };
    let mut codes = BTreeMap::new();
    for client in &clients {
        count(&index, client, arguments.since, &mut codes).await?;
    }
    let mut codes: Vec<_> = codes.into_values().collect();
    codes.sort_by_key(|code: &UnmappedCode| std::cmp::Reverse(code.newest));
    arguments.stack.said(&codes, |codes| text(codes))
}

type Codes = BTreeMap<(String, String), UnmappedCode>;

/// Adds a client's unmapped notifications, page by page, the newest first.
async fn count(
    index: &UnmappedIndex,
    client: &ClientId,
    since: Option<Timestamp>,
    codes: &mut Codes,
) -> anyhow::Result<()> {
    let mut cursor: Option<Cursor> = None;
    let mut seen = std::collections::BTreeSet::new();
    loop {
        let query = UnmappedQuery {
            span: Span { since, until: None },
            cursor,
            ..UnmappedQuery::default()
        };
        let page = index.of(client, &query).await?;
        for found in page.notifications {
            let key = (found.aggregator.to_string(), found.pushed_type.clone());
            let code = codes.entry(key.clone()).or_insert_with(|| UnmappedCode {
                aggregator: key.0.clone(),
                pushed_type: found.pushed_type.clone(),
                notifications: 0,
                clients: 0,
                newest: found.received_at,
                notification_id: found.notification_id.clone(),
            });
            code.notifications += 1;
            code.clients += usize::from(seen.insert(key));
            if found.received_at > code.newest {
                code.newest = found.received_at;
                code.notification_id = found.notification_id;
            }
        }
        match page.cursor {
            Some(next) => cursor = Some(next),
            None => return Ok(()),
        }
    }
}

fn text(codes: &[UnmappedCode]) -> String {
    let row = |code: &UnmappedCode| {
        let pushed = if code.pushed_type.is_empty() {
            "(unreadable)".to_owned()
        } else {
            code.pushed_type.clone()
        };
        [
            code.aggregator.clone(),
            pushed,
            code.notifications.to_string(),
            code.clients.to_string(),
            code.newest.to_string(),
            code.notification_id.clone(),
        ]
    };
    table(
        [
            "AGGREGATOR",
            "CODE",
            "NOTIFICATIONS",
            "CLIENTS",
            "NEWEST",
            "NOTIFICATION",
        ],
        codes.iter().map(row),
        "Every pushed code is known.",
    )
}
