//! `recover`: sends deliveries that were given up to an endpoint again, all of them and not only a page.

use std::path::Path;

use clap::Args;
use indicatif::ProgressBar;
use jiff::Timestamp;
use logistics::config::{
    DELIVERY_QUEUE_URL, ENDPOINTS_TABLE, NOTIFICATIONS_TABLE, SHIPMENTS_TABLE,
};
use logistics::contract::recovery::RecoveryRequest;
use logistics::domain::span::Span;
use logistics::domain::text::{ClientId, EndpointId, OrderNumber};
use logistics::flows::delivering::recover_deliveries::recover_deliveries;
use serde::Serialize;

use crate::number::number;
use crate::stack::StackArguments;

/// Which deliveries.
#[derive(Debug, Clone, Args)]
pub struct RecoverArguments {
    /// The client's id.
    client: ClientId,
    /// The webhook endpoint's id.
    endpoint: EndpointId,
    /// Only deliveries that failed at this time or later.
    #[arg(long, value_name = "RFC3339")]
    since: Option<Timestamp>,
    /// Only deliveries that failed before this time.
    #[arg(long, value_name = "RFC3339")]
    until: Option<Timestamp>,
    /// Only the notifications of this order.
    #[arg(long, value_name = "N")]
    order: Option<OrderNumber>,
    /// Only count them.
    #[arg(long)]
    dry_run: bool,
    /// Which stack.
    #[command(flatten)]
    stack: StackArguments,
}

/// The result.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct RecoveredAll {
    /// Failed deliveries that match.
    matched: usize,
    /// Those that are now waiting for attempts.
    queued: usize,
    /// Those whose messages no longer exist.
    expired: usize,
}

/// Runs the command and returns the text to print.
pub async fn run(arguments: RecoverArguments, published_at: &Path) -> anyhow::Result<String> {
    let stack = arguments.stack.stack(published_at)?;
    let needed = [
        ENDPOINTS_TABLE,
        SHIPMENTS_TABLE,
        NOTIFICATIONS_TABLE,
        DELIVERY_QUEUE_URL,
    ];
    let recovery = stack.start(&needed).await?.recovery()?;
    let (client, endpoint) = (&arguments.client, &arguments.endpoint);
    let mut request = RecoveryRequest {
        span: Span {
            since: arguments.since,
            until: arguments.until,
        },
        order_number: arguments.order.clone(),
        dry_run: arguments.dry_run,
        ..RecoveryRequest::default()
    };
    let mut all = RecoveredAll::default();
    let progress = ProgressBar::new_spinner();
    loop {
        let page = recover_deliveries(&recovery, client, endpoint, &request, Timestamp::now());
        let page = page.await?;
        all.matched += page.matched;
        all.queued += page.queued;
        all.expired += page.expired;
        progress.set_message(format!("{} queued", all.queued));
        progress.tick();
        match page.cursor {
            Some(cursor) => request.cursor = Some(cursor.to_string()),
            None => break,
        }
    }
    progress.finish_and_clear();
    arguments.stack.said(&all, |all| {
        format!(
            "{}, {}, {}.",
            number(
                all.matched,
                ["failed delivery matches", "failed deliveries match"]
            ),
            number(all.queued, ["is queued", "are queued"]),
            number(all.expired, ["has expired", "have expired"])
        )
    })
}
