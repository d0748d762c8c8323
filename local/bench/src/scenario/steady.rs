//! Pushes at a steady pace, and how long each takes to arrive.

use std::collections::HashMap;
use std::time::Duration;

use anyhow::Context as _;
use indicatif::ProgressIterator as _;
use jiff::Timestamp;
use serde_json::Value;
use simulators::sink::ReceivedRequest;
use tokio::task::JoinSet;
use tokio::time::interval;

use crate::pushes::Pusher;
use crate::scenario::progress::bar;

/// One push.
#[derive(Debug, Clone)]
pub(super) struct Told {
    order: String,
    pub(super) at: Timestamp,
    pub(super) took: Duration,
}

/// Pushes at a steady pace, regardless of how long the answers take. `name` begins the order numbers.
pub(super) async fn push_steadily(
    aggregator: &Pusher,
    name: &str,
    pace: Duration,
    count: usize,
) -> anyhow::Result<Vec<Told>> {
    push_in_turn(&[aggregator], name, pace, count).await
}

/// The same by several aggregators, one after the other.
pub(super) async fn push_in_turn(
    aggregators: &[&Pusher],
    name: &str,
    pace: Duration,
    count: usize,
) -> anyhow::Result<Vec<Told>> {
    let mut ticks = interval(pace);
    let mut under_way = JoinSet::new();
    let in_turn = aggregators.iter().cycle().take(count);
    let progress = bar(count, "pushed");
    for (shipment, aggregator) in in_turn.progress_with(progress).enumerate() {
        ticks.tick().await;
        let aggregator: Pusher = (*aggregator).clone();
        let shipment = format!("{name}{shipment}");
        under_way.spawn(async move {
            let at = Timestamp::now();
            let took = aggregator.push(&shipment, 0).await?;
            anyhow::Ok(Told {
                order: format!("ORDER-{shipment}"),
                at,
                took,
            })
        });
    }
    let mut told = Vec::with_capacity(count);
    while let Some(one) = under_way.join_next().await {
        told.push(one??);
    }
    Ok(told)
}

/// The latency of each delivery of these pushes, from the push to its arrival, in milliseconds.
pub(super) fn latencies(told: &[Told], arrived: &[ReceivedRequest]) -> anyhow::Result<Vec<f64>> {
    let told: HashMap<&str, Timestamp> = told
        .iter()
        .map(|one| (one.order.as_str(), one.at))
        .collect();
    let mut latencies = Vec::new();
    for request in arrived {
        let body: Value = serde_json::from_str(&request.body)?;
        let order = body.get("forwardOrderCode").and_then(Value::as_str);
        let order = order.context("received a notification without an order number")?;
        let Some(at) = told.get(order) else {
            continue;
        };
        let received: Timestamp = request.received_at.parse()?;
        latencies.push(received.duration_since(*at).as_secs_f64() * 1000.0);
    }
    Ok(latencies)
}
