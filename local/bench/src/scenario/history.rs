//! Whether stored notifications slow pushes down. Of two stacks one has a history. Both get the same pushes in turn, so
//! that other load on the machine affects both.

use std::time::Duration;

use anyhow::Context as _;
use dynoxide::{AttributeValue, Item};
use local::handler_world::stored;
use local::stack::{Options, Stack};
use logistics::domain::notification::Identity;
use logistics::domain::shipment::ShipmentType;
use logistics::store::message_keys::MessageKey;
use serde::Serialize;

use crate::Binaries;
use crate::budgets::HISTORY_RATIO;
use crate::figure::{Figure, number, quantile, rounded};
use crate::memory::PUSH;
use crate::process::{cpu_time, resident_mb};
use crate::pushes::{Pusher, STEPS};
use crate::scenario::import::Table;
use crate::scenario::progress::bar;

/// Pushes before measuring: they open connections and read the configuration.
const WARM_UP: usize = 20;

/// The measurements.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct History {
    /// Number of notifications stored before.
    pub stored: usize,
    /// Number of notifications pushed to each stack, one after the other.
    pub pushes: usize,
    /// Measurements with an empty table.
    pub empty: Accepted,
    /// Measurements with the stored notifications.
    pub full: Accepted,
    /// The median with the stored notifications, as a multiple of that without.
    pub p50_ratio: Figure,
    /// CPU time with the stored notifications, as a multiple of that without.
    pub cpu_ratio: Figure,
}

/// The push function's figures.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Accepted {
    /// Push latency at the gateway: the median.
    pub accept_p50_ms: f64,
    /// Push latency at the gateway: the 99th percentile.
    pub accept_p99_ms: f64,
    /// CPU time of the function per push.
    pub cpu_ms: f64,
    /// Resident memory of the function at the end, in MB (10^6 bytes).
    pub memory_mb: f64,
}

/// Pushes to a stack without a history and to a stack with this many notifications.
pub(super) async fn measure(
    binaries: &Binaries,
    stored: usize,
    pushes: usize,
) -> anyhow::Result<History> {
    let mut sides = [Side::start(binaries).await?, Side::start(binaries).await?];
    fill(&sides[1].stack, stored).await?;
    for side in &mut sides {
        side.warm_up().await?;
    }
    let progress = bar(pushes, "pushed");
    for push in 0..pushes {
        // The second push competes with the work started by the first, so the order alternates.
        let [empty, full] = &mut sides;
        let (first, second) = if push % 2 == 0 {
            (empty, full)
        } else {
            (full, empty)
        };
        first.push(push).await?;
        second.push(push).await?;
        progress.inc(1);
    }
    progress.finish_and_clear();
    let [empty, full] = &sides;
    let (empty, full) = (empty.figures()?, full.figures()?);
    for side in sides {
        side.stack.stop().await;
    }
    let ratio = |full: f64, empty: f64| Figure::new(full / empty, HISTORY_RATIO);
    Ok(History {
        stored,
        pushes,
        p50_ratio: ratio(full.accept_p50_ms, empty.accept_p50_ms),
        cpu_ratio: ratio(full.cpu_ms, empty.cpu_ms),
        empty,
        full,
    })
}

/// One of the two stacks.
struct Side {
    stack: Stack,
    aggregator: Pusher,
    took_ms: Vec<f64>,
    cpu_before: Duration,
}

impl Side {
    async fn start(binaries: &Binaries) -> anyhow::Result<Self> {
        let stack = Stack::start(Options {
            instance_limit: 1,
            ..binaries.options()
        })
        .await?;
        Ok(Self {
            aggregator: Pusher::new(&stack)?,
            stack,
            took_ms: Vec::new(),
            cpu_before: Duration::ZERO,
        })
    }

    async fn warm_up(&mut self) -> anyhow::Result<()> {
        for shipment in 0..WARM_UP {
            self.aggregator.push(&format!("W{shipment}"), 0).await?;
        }
        self.cpu_before = cpu_time(&self.stack, PUSH)?;
        Ok(())
    }

    async fn push(&mut self, number: usize) -> anyhow::Result<()> {
        let shipment = format!("H{}", number / STEPS.len());
        let took = self.aggregator.push(&shipment, number % STEPS.len());
        self.took_ms.push(took.await?.as_secs_f64() * 1000.0);
        Ok(())
    }

    fn figures(&self) -> anyhow::Result<Accepted> {
        let spent = cpu_time(&self.stack, PUSH)?.saturating_sub(self.cpu_before);
        let count = number(u64::try_from(self.took_ms.len().max(1))?);
        Ok(Accepted {
            accept_p50_ms: quantile(&self.took_ms, 0.5),
            accept_p99_ms: quantile(&self.took_ms, 0.99),
            cpu_ms: rounded(spent.as_secs_f64() * 1000.0 / count),
            memory_mb: rounded(resident_mb(&self.stack, PUSH)?),
        })
    }
}

/// Writes this many notifications: copies of one pushed notification, each with its own key.
pub(super) async fn fill(stack: &Stack, stored: usize) -> anyhow::Result<()> {
    let client = &stack.demo().context("the stack has no demo")?.client_id;
    Pusher::new(stack)?.push("MODEL", 0).await?;
    let table = Table::of(stack, "NotificationsTable")?;
    let model = table.one_with("raw")?;
    table
        .fill(stored, |number| copy(&model, client, number))
        .await
}

fn copy(model: &Item, client: &str, number: usize) -> anyhow::Result<Item> {
    let order = format!("ORDER-STORED-{}", number / STEPS.len());
    let shipment = stored::shipment(client, &order, ShipmentType::Forward, None)?;
    let identity = Identity::Event(number.to_string());
    let key = MessageKey::of_notification(&shipment, Some(&"magic".parse()?), &identity, 0).key();
    let mut item = model.clone();
    item.insert("pk".to_owned(), AttributeValue::S(key.pk));
    item.insert("sk".to_owned(), AttributeValue::S(key.sk));
    Ok(item)
}
