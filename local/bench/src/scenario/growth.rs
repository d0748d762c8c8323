//! What a unit of work costs as its surroundings grow: endpoints, accounts, events of a shipment, events of a push, and stored
//! notifications. From ten on, a unit must not become dearer.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::{Context as _, ensure};
use dynoxide::{AttributeValue, Item};
use local::stack::{Options, Stack};
use logistics::flows::configuring::mint_api_key::new_id;
use serde::Serialize;
use serde_json::Value;
use simulators::http_client;

use crate::Binaries;
use crate::budgets::GROWTH_RATIO;
use crate::figure::{Figure, number, quantile, rounded};
use crate::memory::PUSH;
use crate::process::cpu_time;
use crate::progress;
use crate::pushes::{Pusher, STEPS};
use crate::scenario::history;
use crate::scenario::import::Table;
use crate::scenario::large::{Aggregator, feed, of_one_shipment};

const TRACK: &str = "get-shipment";
const SIZES: [usize; 5] = [1, 10, 100, 1000, 10_000];
/// Cost is compared with that at this size: below it, what a request costs by itself outweighs its units.
const FROM: usize = 10;
/// A body with more events is larger than a push may be.
const MOST_EVENTS: usize = 1900;
/// Requests before measuring: they connect and read the configuration.
const WARM_UP: usize = 5;
/// The least work of a round: the kernel counts processor time in units of 10 ms.
const LEAST: Duration = Duration::from_millis(400);
const ROUNDS: usize = 5;

/// Microseconds of processor time for each unit, by size.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Growth {
    /// A message of a push to a client with that many endpoints.
    pub endpoints: Curve,
    /// A push to a client with that many accounts.
    pub accounts: Curve,
    /// An event of a shipment, read with that many.
    pub events_of_a_shipment: Curve,
    /// A push to a shipment with that many events.
    pub push_to_a_shipment: Curve,
    /// An event of a push with that many.
    pub events_of_a_push: Curve,
    /// A push with that many stored notifications.
    pub stored_notifications: Curve,
}

/// The cost of a unit by size.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Curve {
    /// Microseconds of processor time.
    pub cpu_us: BTreeMap<usize, f64>,
    /// The highest from ten on, as a multiple of that at ten.
    pub ratio: Figure,
}

/// Measures everything that grows.
pub(super) async fn measure(binaries: &Binaries) -> anyhow::Result<Growth> {
    Ok(Growth {
        endpoints: curve(binaries, "endpoints", &SIZES, endpoints).await?,
        accounts: curve(binaries, "accounts", &SIZES, accounts).await?,
        events_of_a_shipment: curve(binaries, "events of a shipment", &SIZES, tracked).await?,
        push_to_a_shipment: curve(binaries, "events before a push", &SIZES, followed).await?,
        events_of_a_push: curve(
            binaries,
            "events of a push",
            &[1, 10, 100, 1000, MOST_EVENTS],
            events,
        )
        .await?,
        stored_notifications: curve(binaries, "stored notifications", &SIZES, stored).await?,
    })
}

/// Measures each size with a stack of its own.
async fn curve(
    binaries: &Binaries,
    what: &str,
    sizes: &[usize],
    cost: impl AsyncFn(&Stack, usize) -> anyhow::Result<f64>,
) -> anyhow::Result<Curve> {
    let mut cpu_us = BTreeMap::new();
    for &size in sizes {
        progress(&format!("{size} {what}"));
        let stack = Stack::start(Options {
            hold_queues: true,
            instance_limit: 1,
            ..binaries.options()
        })
        .await?;
        cpu_us.insert(size, rounded(cost(&stack, size).await?));
        stack.stop().await;
    }
    let at_ten = cpu_us.get(&FROM).copied().unwrap_or_default();
    let highest = cpu_us.range(FROM..).map(|(_, cost)| *cost);
    let highest = highest.fold(0.0, f64::max);
    Ok(Curve {
        ratio: Figure::new(highest / at_ten, GROWTH_RATIO),
        cpu_us,
    })
}

/// A client with that many endpoints that want notifications: copies of the one that does.
async fn endpoints(stack: &Stack, size: usize) -> anyhow::Result<f64> {
    copies(stack, "EndpointsTable", ("endpointId", "demo-sink"), size).await?;
    let push = pushes(stack).await?;
    let (sent, size) = (waiting(stack).await?, u64::try_from(size)?);
    ensure!(
        sent > 0 && sent.is_multiple_of(size),
        "{sent} messages were sent to {size} endpoints"
    );
    Ok(push / number(size))
}

/// The messages in the delivery queue, which is held.
async fn waiting(stack: &Stack) -> anyhow::Result<u64> {
    let queue = stack.resources().queue_urls.get("DeliveryQueue");
    let asked = stack.backends().sqs_client().get_queue_attributes();
    let asked = asked.queue_url(queue.context("the template has no DeliveryQueue")?);
    let told = asked.attribute_names("All".into()).send().await?;
    let counts = told.attributes.context("the queue has no attributes")?;
    let count = counts.get(&"ApproximateNumberOfMessages".into());
    Ok(count.context("the queue has no length")?.parse()?)
}

/// A client with that many accounts: copies of one of them.
async fn accounts(stack: &Stack, size: usize) -> anyhow::Result<f64> {
    copies(stack, "AccountsTable", ("alias", "magic"), size).await?;
    pushes(stack).await
}

async fn stored(stack: &Stack, size: usize) -> anyhow::Result<f64> {
    history::fill(stack, size).await?;
    pushes(stack).await
}

/// Reads the first page of a shipment with that many events.
async fn tracked(stack: &Stack, size: usize) -> anyhow::Result<f64> {
    happen(stack, size).await?;
    let demo = stack.demo().context("the stack has no demo")?;
    let client = http_client::client()?;
    let url = format!("{}/shipments/GROWN", stack.base_url());
    let read = async |_| {
        let answer = client.get(&url).bearer_auth(&demo.api_key).send().await?;
        let status = answer.status();
        let body: Value = answer.json().await?;
        let events = body.get("events").and_then(Value::as_array);
        let shown = events.map_or(0, Vec::len);
        ensure!(
            status == 200 && shown == size.min(1000),
            "the shipment was answered with {status} and {shown} events"
        );
        Ok(())
    };
    let page = cpu_us(stack, TRACK, read).await?;
    Ok(page / number(u64::try_from(size)?))
}

/// Pushes one more event to a shipment with that many.
async fn followed(stack: &Stack, size: usize) -> anyhow::Result<f64> {
    happen(stack, size).await?;
    let aggregator = Aggregator::new(stack)?;
    let push = async |request| {
        let one = of_one_shipment("GROWN", size + request, 1);
        aggregator.push(&one).await.map(drop)
    };
    cpu_us(stack, PUSH, push).await
}

/// A push with that many events.
async fn events(stack: &Stack, size: usize) -> anyhow::Result<f64> {
    let aggregator = Aggregator::new(stack)?;
    let push = async |request| {
        let events = feed(&format!("F{request}-"), size);
        aggregator.push(&events).await.map(drop)
    };
    let push = cpu_us(stack, PUSH, push).await?;
    Ok(push / number(u64::try_from(size)?))
}

/// Pushes of one event each, as a shipment goes its way.
async fn pushes(stack: &Stack) -> anyhow::Result<f64> {
    let pusher = Pusher::new(stack)?;
    let push = async |request: usize| {
        let shipment = format!("G{}", request / STEPS.len());
        pusher
            .push(&shipment, request % STEPS.len())
            .await
            .map(drop)
    };
    cpu_us(stack, PUSH, push).await
}

/// That many events of one shipment.
async fn happen(stack: &Stack, size: usize) -> anyhow::Result<()> {
    let aggregator = Aggregator::new(stack)?;
    for first in (0..size).step_by(1000) {
        let events = of_one_shipment("GROWN", first, (size - first).min(1000));
        aggregator.push(&events).await?;
    }
    Ok(())
}

/// Adds copies of an item of the demo's client to a table, so that they are that many. The item is the one with this id.
async fn copies(
    stack: &Stack,
    table: &str,
    (id, model): (&str, &str),
    size: usize,
) -> anyhow::Result<()> {
    let table = Table::of(stack, table)?;
    let model = table.one_where(id, model)?;
    let copy = |_| {
        let mut copy: Item = model.clone();
        copy.insert(id.to_owned(), AttributeValue::S(format!("x{}", new_id())));
        Ok(copy)
    };
    table.fill(size.saturating_sub(1), copy).await
}

/// Microseconds of processor time that a function needs for a request: the median of several rounds, since a single one may meet
/// anything else that the machine does.
async fn cpu_us(
    stack: &Stack,
    function: &str,
    request: impl AsyncFn(usize) -> anyhow::Result<()>,
) -> anyhow::Result<f64> {
    let mut made = 0;
    while made < WARM_UP {
        request(made).await?;
        made += 1;
    }
    let mut rounds = Vec::with_capacity(ROUNDS);
    for _ in 0..ROUNDS {
        let (begun, before) = (made, cpu_time(stack, function)?);
        let spent = loop {
            request(made).await?;
            made += 1;
            let spent = cpu_time(stack, function)?.saturating_sub(before);
            if spent >= LEAST {
                break spent;
            }
        };
        rounds.push(spent.as_secs_f64() * 1e6 / number(u64::try_from(made - begun)?));
    }
    Ok(quantile(&rounds, 0.5))
}
