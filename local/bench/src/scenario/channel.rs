//! A poll of 10,000 changed orders, the same list again with nothing to tell, and by our own route, beside the same listing by
//! another client; and the stock of 1,000 articles. The queues are held, so that deliveries do not compete with the poll.
//!
//! The poll and the other client send the same requests, for pages of 100. The other client parses what comes. The poll signs, and
//! compares each order with what it told of it, by a hash of the shop's text: it translates only what differs. Our route translates
//! every order, and answers with pages of 50.

mod listing;
mod other_client;
mod shop;
mod stock;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use anyhow::{Context as _, ensure};
use jiff::Timestamp;
use local::backends::{Interceptor, Moment};
use local::stack::{Options, Stack};
use serde::Serialize;
use serde_json::{Value, json};
use simulators::http_client;
use tokio::time::Instant;

use crate::Binaries;
use crate::budgets::{LISTING_RATIO, POLL_CALLS, POLL_CPU_MS, POLL_MEMORY_MB};
use crate::figure::{Figure, number, rounded};
use crate::process::{cpu_time, resident_mb};
use listing::OwnListing;
use other_client::OtherListing;
use shop::OpenShop;

const POLL: &str = "channel-poll";
/// The shop, and the demo's account there.
const SHOP: &str = "magento";
/// The event of the schedule.
const ORDERS: &str = r#"{"poll":"orders"}"#;
/// The changed orders.
const CHANGED: usize = 10_000;
/// The orders in a page of the poll.
const PAGE: usize = 100;
/// The runs that one poll may take: each ends before its function's timeout.
const MOST_RUNS: usize = 20;

/// The measurements.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Channel {
    /// The changed orders.
    pub orders: usize,
    /// The runs that told them.
    pub runs: usize,
    /// How long they took; the simulator's speed is that of its build.
    pub seconds: f64,
    /// CPU time of the function for each order.
    pub cpu_per_order_ms: Figure,
    /// AWS calls for each order.
    pub calls_per_order: Figure,
    /// Resident memory of the function at the end, in MB (10^6 bytes).
    pub memory_mb: Figure,
    /// The same before the first order.
    pub memory_before_mb: f64,
    /// CPU time of the function for each order when all are listed again and nothing is told.
    pub unchanged_cpu_per_order_ms: f64,
    /// The requests to the shop for that.
    pub unchanged_requests: usize,
    /// The same listing by the other client, or why there is none.
    pub other_client: Beside,
    /// CPU time of our poll with nothing to tell, as a multiple of the other client's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub listing_ratio: Option<Figure>,
    /// The same listing by our route.
    pub route: OwnListing,
    /// CPU time of that, as a multiple of the other client's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub route_ratio: Option<f64>,
    /// Calls of the shop for the stock of 1,000 articles.
    pub stock_calls: Figure,
    /// Seconds for that, if each call takes 100 ms.
    pub stock_seconds: Figure,
}

/// What another client took.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub enum Beside {
    /// Its figures.
    Measured(OtherListing),
    /// Why there are none.
    Missing(String),
}

/// Measures the channel's functions.
pub(super) async fn measure(binaries: &Binaries) -> anyhow::Result<Channel> {
    let calls = Arc::new(AtomicU64::new(0));
    let stack = Stack::start(Options {
        template: rarely_polling()?,
        hold_queues: true,
        instance_limit: 1,
        interceptor: Some(counting(&calls)),
        ..binaries.options()
    })
    .await?;
    switch_on(&stack).await?;
    // The first run starts the process and opens its connections.
    poll(&stack).await?;
    let memory_before_mb = rounded(resident_mb(&stack, POLL)?);

    let begun_at = Timestamp::now();
    let orders = shop::orders(CHANGED)?;
    let url = format!("{}/{SHOP}", stack.simulator_url());
    shop::sell(&url, &orders).await?;
    let begun = Run::now(&stack, &calls)?;
    let mut runs = 0;
    while told(&stack).await? < CHANGED {
        ensure!(runs < MOST_RUNS, "{runs} runs did not tell all orders");
        poll(&stack).await?;
        runs += 1;
    }
    let changed = begun.until_now(&stack, &calls)?;
    let memory = resident_mb(&stack, POLL)?;

    let before = requests(&stack)?;
    let begun = Run::now(&stack, &calls)?;
    poll(&stack).await?;
    let unchanged = begun.until_now(&stack, &calls)?;
    let unchanged_requests = requests(&stack)? - before;
    let route = listing::list(&stack, begun_at).await?;
    ensure!(
        route.items == CHANGED,
        "our route found {} orders",
        route.items
    );
    let other_client = beside(&orders, begun_at).await?;
    let (stock_calls, stock_seconds) = stock::measure(&stack).await?;
    stack.stop().await;

    let times_the_other = |seconds: f64| match &other_client {
        Beside::Measured(other) => Some(seconds / other.cpu_seconds),
        Beside::Missing(_) => None,
    };
    let listing_ratio = times_the_other(unchanged.cpu.as_secs_f64());
    let listing_ratio = listing_ratio.map(|ratio| Figure::new(ratio, LISTING_RATIO));
    let route_ratio = times_the_other(route.cpu_seconds).map(rounded);
    let count = number(u64::try_from(CHANGED)?);
    let per_order = |cpu: Duration| cpu.as_secs_f64() * 1000.0 / count;
    Ok(Channel {
        orders: CHANGED,
        runs,
        seconds: rounded(changed.took.as_secs_f64()),
        cpu_per_order_ms: Figure::new(per_order(changed.cpu), POLL_CPU_MS),
        calls_per_order: Figure::new(number(changed.calls) / count, POLL_CALLS),
        memory_mb: Figure::new(memory, POLL_MEMORY_MB),
        memory_before_mb,
        unchanged_cpu_per_order_ms: rounded(per_order(unchanged.cpu)),
        unchanged_requests,
        other_client,
        listing_ratio,
        route,
        route_ratio,
        stock_calls,
        stock_seconds,
    })
}

/// The template with a schedule that does not poll during the scenario.
fn rarely_polling() -> anyhow::Result<PathBuf> {
    let usual = std::fs::read_to_string(Options::default().template)?;
    let template = usual.replace("rate(1 minute)", "rate(600 minutes)");
    ensure!(template != usual, "the template polls at other intervals");
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/bench-channel");
    std::fs::create_dir_all(&directory)?;
    let path = directory.join("template.yaml");
    std::fs::write(&path, template)?;
    Ok(path)
}

/// What counts the function's AWS calls.
fn counting(calls: &Arc<AtomicU64>) -> Interceptor {
    let calls = Arc::clone(calls);
    Interceptor::new(move |call| {
        if call.caller == POLL && call.moment == Moment::BeforeEffect {
            calls.fetch_add(1, Ordering::Relaxed);
        }
        None
    })
}

/// The counters at one moment, or what was used since one.
struct Run {
    cpu: Duration,
    calls: u64,
    begun: Instant,
    took: Duration,
}

impl Run {
    fn now(stack: &Stack, calls: &AtomicU64) -> anyhow::Result<Self> {
        Ok(Self {
            cpu: cpu_time(stack, POLL)?,
            calls: calls.load(Ordering::Relaxed),
            begun: Instant::now(),
            took: Duration::ZERO,
        })
    }

    fn until_now(self, stack: &Stack, calls: &AtomicU64) -> anyhow::Result<Self> {
        Ok(Self {
            cpu: cpu_time(stack, POLL)?.saturating_sub(self.cpu),
            calls: calls.load(Ordering::Relaxed) - self.calls,
            took: self.begun.elapsed(),
            begun: self.begun,
        })
    }
}

async fn poll(stack: &Stack) -> anyhow::Result<()> {
    stack.invoke(POLL, ORDERS.to_owned()).await?;
    Ok(())
}

/// Switches the polling of the demo's account on.
async fn switch_on(stack: &Stack) -> anyhow::Result<()> {
    let demo = stack.demo().context("the stack has no demo")?;
    let http = http_client::client()?;
    let url = format!("{}/channel-accounts/{SHOP}", stack.base_url());
    let request = http.get(&url).bearer_auth(&demo.api_key);
    let mut account: Value = request.send().await?.json().await?;
    let settings = account.get_mut("settings").and_then(Value::as_object_mut);
    let settings = settings.context("the account has no settings")?;
    settings.insert("pollOrders".to_owned(), json!(true));
    let request = http.put(&url).bearer_auth(&demo.api_key).json(&account);
    let status = request.send().await?.status();
    ensure!(status == 200, "polling was not switched on: {status}");
    Ok(())
}

/// How many orders were told: each is a message in the table of notifications.
async fn told(stack: &Stack) -> anyhow::Result<usize> {
    let table = stack.resources().tables.get("NotificationsTable");
    let table = table.context("the template has no NotificationsTable")?;
    let dynamodb = stack.backends().dynamodb_client();
    let mut count = 0;
    let mut pages = dynamodb
        .scan()
        .table_name(table)
        .select(aws_sdk_dynamodb::types::Select::Count)
        .into_paginator()
        .send();
    while let Some(page) = pages.next().await {
        count += usize::try_from(page?.count())?;
    }
    Ok(count)
}

/// The requests to the shop so far.
fn requests(stack: &Stack) -> anyhow::Result<usize> {
    let simulators = stack.simulators().context("the stack has no simulators")?;
    Ok(simulators.calls(SHOP)?.len())
}

/// Lists the same orders with another client.
async fn beside(orders: &[Value], since: Timestamp) -> anyhow::Result<Beside> {
    let shop = OpenShop::start().await?;
    shop::sell(&shop.url(), orders).await?;
    let since = shop::shop_time(since);
    let listing = other_client::list(&shop, PAGE, &since).await;
    shop.stop().await;
    Ok(match listing {
        Ok(listing) => {
            let items = listing.items;
            ensure!(
                items == orders.len(),
                "the other client found {items} orders"
            );
            Beside::Measured(listing)
        }
        Err(error) => Beside::Missing(format!("{error:#}")),
    })
}
