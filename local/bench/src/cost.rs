//! The cost of a million notifications: measured calls, items and durations times the price table.
//!
//! Each shipment is unknown before its first notification, and each notification goes to one endpoint. A batch of ten
//! shares receiving, deleting and forwarding. Logs, data transfer and storage are not included.

use local::template::Template;
use serde::Serialize;

use crate::budgets::COST_USD;
use crate::figure::{Figure, number, rounded};
use crate::items::StoredItems;
use crate::memory::PUSH;
use crate::prices::{
    FUNCTION_GB_SECOND, FUNCTION_REQUEST, GATEWAY_REQUEST, Price, QUEUE_REQUEST, TABLE_READ_UNIT,
    TABLE_WRITE_UNIT,
};
use crate::pushes::STEPS;
use crate::traffic::{Calls, Traffic};
use anyhow::Context as _;

/// Deliveries in a batch; what a batch needs once is shared among them.
const BATCH: f64 = 10.0;
/// A push with an AWB is looked for by order number, by aggregator order id and by AWB, each an eventually consistent
/// read. In the same batch read it asks for the version of the client's configuration, consistently. Each key of a batch
/// is billed by itself.
const UNITS_OF_A_PUSH_S_BATCH_READ: f64 = 3.0 * UNITS_OF_A_READ + UNITS_OF_A_CONSISTENT_READ;
/// A batch of deliveries asks for the health of an endpoint and for the endpoint itself, both consistently.
const UNITS_OF_A_DELIVERY_S_BATCH_READ: f64 = 2.0 * UNITS_OF_A_CONSISTENT_READ;
/// An eventually consistent read of up to 4 KB, found or not.
const UNITS_OF_A_READ: f64 = 0.5;
/// A consistent one.
const UNITS_OF_A_CONSISTENT_READ: f64 = 1.0;

/// In USD per million notifications.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Cost {
    /// The total.
    pub per_million_usd: Figure,
    /// The parts of the total.
    pub breakdown: Vec<Line>,
    /// Sizes of the written items.
    pub items: StoredItems,
}

/// One thing that is billed.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Line {
    /// Step of the notification.
    pub step: &'static str,
    /// What is billed.
    pub what: &'static str,
    /// Units per notification.
    pub units: f64,
    /// Cost of a million notifications.
    pub usd: f64,
    /// Source of the price.
    pub source: &'static str,
}

pub(super) fn compute(traffic: &Traffic) -> anyhow::Result<Cost> {
    let gb = memory_gb()?;
    let gb_seconds = |ms: f64| ms / 1000.0 * gb;
    let breakdown = vec![
        line("accept", GATEWAY_REQUEST, 1.0),
        line("accept", FUNCTION_REQUEST, 1.0),
        line(
            "accept",
            FUNCTION_GB_SECOND,
            gb_seconds(traffic.cpu.accepted_billed_ms),
        ),
        line("accept", TABLE_WRITE_UNIT, accepted_writes(traffic)),
        line(
            "accept",
            TABLE_READ_UNIT,
            accepted(traffic, |calls| {
                batch_reads(calls) * UNITS_OF_A_PUSH_S_BATCH_READ + other_reads(calls)
            }),
        ),
        line("accept", QUEUE_REQUEST, accepted(traffic, queue_requests)),
        line("deliver", QUEUE_REQUEST, 2.0 / BATCH),
        line("deliver", FUNCTION_REQUEST, 1.0 / BATCH),
        line(
            "deliver",
            FUNCTION_GB_SECOND,
            gb_seconds(traffic.cpu.delivered_billed_ms),
        ),
        line("deliver", TABLE_WRITE_UNIT, delivered_writes(traffic)),
        line(
            "deliver",
            TABLE_READ_UNIT,
            UNITS_OF_A_DELIVERY_S_BATCH_READ / BATCH
                + other_reads(&traffic.calls.delivered.operations),
        ),
    ];
    let total = breakdown.iter().map(|line| line.usd).sum();
    Ok(Cost {
        per_million_usd: Figure::new(total, COST_USD),
        breakdown,
        items: traffic.items,
    })
}

fn line(step: &'static str, price: Price, units: f64) -> Line {
    Line {
        step,
        what: price.what,
        units: (units * 1e6).round() / 1e6,
        usd: rounded(units * price.micro_usd),
        source: price.source,
    }
}

/// Memory of the push function; the forward function has the same.
fn memory_gb() -> anyhow::Result<f64> {
    let template = Template::of_workspace()?;
    let mut functions = template.functions.iter();
    let push = functions.find(|function| function.binary == PUSH);
    let push = push.context("the template has no push function")?;
    Ok(f64::from(push.memory_mb) / 1024.0)
}

/// The mean over a shipment's notifications; the first one needs more calls.
fn accepted(traffic: &Traffic, of: impl Fn(&Calls) -> f64) -> f64 {
    let first = of(&traffic.calls.accepted_first.operations);
    let other = of(&traffic.calls.accepted.operations);
    (first - other) * share_of_firsts() + other
}

fn share_of_firsts() -> f64 {
    1.0 / number(u64::try_from(STEPS.len()).unwrap_or(u64::MAX))
}

/// A later notification writes only its own item; the first one also writes the shipment.
fn accepted_writes(traffic: &Traffic) -> f64 {
    let own = writes(&traffic.calls.accepted.operations);
    let more = writes(&traffic.calls.accepted_first.operations) - own;
    own * traffic.items.notification.write_units
        + more * share_of_firsts() * traffic.items.shipment.write_units
}

/// Each delivery writes one record, by itself or together with others.
fn delivered_writes(traffic: &Traffic) -> f64 {
    let updates = of(
        &traffic.calls.delivered.operations,
        "DynamoDB_20120810.UpdateItem",
    );
    (1.0 + updates) * traffic.items.delivery.write_units
}

fn writes(calls: &Calls) -> f64 {
    of(calls, "DynamoDB_20120810.PutItem") + of(calls, "DynamoDB_20120810.UpdateItem")
}

fn batch_reads(calls: &Calls) -> f64 {
    of(calls, "DynamoDB_20120810.BatchGetItem")
}

/// What is read once a minute is read consistently.
fn other_reads(calls: &Calls) -> f64 {
    let calls = of(calls, "DynamoDB_20120810.GetItem") + of(calls, "DynamoDB_20120810.Query");
    calls * UNITS_OF_A_CONSISTENT_READ
}

fn queue_requests(calls: &Calls) -> f64 {
    of(calls, "AmazonSQS.SendMessage")
}

fn of(calls: &Calls, operation: &str) -> f64 {
    calls.get(operation).copied().unwrap_or_default()
}
