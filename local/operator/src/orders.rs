//! `orders in-doubt`: the orders whose outcome is not known, in all clients' accounts.
//!
//! They are found by an index that holds only such orders. Without `--client` the whole index is read, which is as short as
//! the list of what is in doubt and of what is being booked at the moment.

use std::path::Path;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::AttributeValue;
use clap::Subcommand;
use jiff::Timestamp;
use logistics::config::SHIPMENTS_TABLE;
use logistics::domain::claim_record::ShipmentRecord;
use logistics::domain::doubt::Doubt;
use logistics::domain::shipment_id::ShipmentId;
use logistics::domain::text::ClientId;
use logistics::store::keys::Key;
use serde::Serialize;

use crate::stack::{Stack, StackArguments};
use crate::text_table::{age, or_dash, table};

const INDEX: &str = "in-doubt";

/// Which orders to list.
#[derive(Debug, Clone, Subcommand)]
pub enum OrdersCommand {
    /// List the orders whose outcome at the aggregator is not known, the oldest first. Repeat the client's request, or look the
    /// order up at the aggregator and settle it with POST /shipping-labels/settle.
    InDoubt {
        /// Only the orders of this client.
        #[arg(long, value_name = "CLIENT")]
        client: Option<ClientId>,
        /// Which stack.
        #[command(flatten)]
        stack: StackArguments,
    },
}

/// An order in doubt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the API's own terms")]
pub struct OrderInDoubt {
    pub client_id: String,
    pub order_number: String,
    pub shipment_type: String,
    pub shipment_code: Option<String>,
    pub alias: String,
    pub aggregator: String,
    /// Why: `UNCERTAIN`, the aggregator gave no clear answer; or `INTERRUPTED`, the request that booked it never ended.
    pub reason: Doubt,
    /// When its doubt began.
    pub since: Timestamp,
    pub age_seconds: i64,
}

/// Runs the command and returns the text to print.
pub async fn run(command: OrdersCommand, published_at: &Path) -> anyhow::Result<String> {
    let OrdersCommand::InDoubt { client, stack } = command;
    let open = stack.stack(published_at)?;
    let found = in_doubt(&open, client.as_ref(), Timestamp::now()).await?;
    stack.said(&found, |orders| text(orders))
}

/// The orders in doubt at `now`, of all clients or of one.
pub(crate) async fn in_doubt(
    stack: &Stack,
    client: Option<&ClientId>,
    now: Timestamp,
) -> anyhow::Result<Vec<OrderInDoubt>> {
    let start = stack.start(&[SHIPMENTS_TABLE]).await?;
    let shipments = start.shipments()?;
    let mut orders = Vec::new();
    for (id, since) in entries(stack, client).await? {
        // The index is a little late: the record says what holds now.
        let record = shipments.get(&id).await?;
        let order = record.and_then(|record| order_in_doubt(&id, &record, since, now));
        orders.extend(order);
    }
    orders.sort_by_key(|order| order.since);
    Ok(orders)
}

type Item = std::collections::HashMap<String, AttributeValue>;

async fn entries(
    stack: &Stack,
    client: Option<&ClientId>,
) -> anyhow::Result<Vec<(ShipmentId, Timestamp)>> {
    let dynamodb = &stack.tables.client;
    let table = stack.tables.name("ShipmentsTable").await?;
    let items: Vec<Item> = if let Some(client) = client {
        let query = Client::query(dynamodb).table_name(table);
        let query = query.index_name(INDEX);
        let query = query.key_condition_expression("doubtOf = :client");
        let client = AttributeValue::S(client.to_string());
        let query = query.expression_attribute_values(":client", client);
        let pages = query.into_paginator().items().send();
        pages.collect::<Result<_, _>>().await?
    } else {
        let scan = dynamodb.scan().table_name(table).index_name(INDEX);
        let pages = scan.into_paginator().items().send();
        pages.collect::<Result<_, _>>().await?
    };
    Ok(items.iter().filter_map(entry).collect())
}

fn entry(item: &Item) -> Option<(ShipmentId, Timestamp)> {
    let text = |name: &str| item.get(name)?.as_s().ok().cloned();
    let client: ClientId = text("doubtOf")?.parse().ok()?;
    let key = Key {
        pk: text("pk")?,
        sk: text("sk")?,
    };
    let at = item.get("doubtAt")?.as_n().ok()?.parse().ok()?;
    let since = Timestamp::from_millisecond(at).ok()?;
    Some((ShipmentId::of_key(&client, &key)?, since))
}

fn order_in_doubt(
    id: &ShipmentId,
    record: &ShipmentRecord,
    since: Timestamp,
    now: Timestamp,
) -> Option<OrderInDoubt> {
    let reason = Doubt::of(record, now)?;
    Some(OrderInDoubt {
        client_id: id.client_id.to_string(),
        order_number: id.order_number.to_string(),
        shipment_type: id.shipment_type.to_string(),
        shipment_code: id.shipment_code.as_ref().map(ToString::to_string),
        alias: record.facts.alias.to_string(),
        aggregator: record.facts.aggregator.to_string(),
        reason,
        since,
        age_seconds: now.duration_since(since).as_secs(),
    })
}

fn text(orders: &[OrderInDoubt]) -> String {
    let row = |order: &OrderInDoubt| {
        [
            order.client_id.clone(),
            order.order_number.clone(),
            order.shipment_type.clone(),
            or_dash(order.shipment_code.as_ref()),
            order.alias.clone(),
            order.aggregator.clone(),
            order.reason.to_string(),
            age(order.age_seconds),
        ]
    };
    table(
        [
            "CLIENT",
            "ORDER",
            "TYPE",
            "CODE",
            "ACCOUNT",
            "AGGREGATOR",
            "REASON",
            "AGE",
        ],
        orders.iter().map(row),
        "No order is in doubt.",
    )
}
