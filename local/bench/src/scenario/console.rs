//! The console's pages, each beside the same read through the API, in turn. The queues are held, so that no delivery competes
//! with them.

pub(super) mod pages;
pub(super) mod visitor;

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::Context as _;
use local::stack::{Options, Stack};
use serde::Serialize;

use crate::Binaries;
use crate::budgets::{
    CPU_PAGE_MS, CPU_PAGE_RATIO, FIRST_PAGE_REQUESTS, LONG_SHIPMENT_MS, PAGE_KB, PAGE_READS,
    SCRIPT_KB,
};
use crate::figure::{Figure, number, quantile, rounded};
use crate::process::cpu_time;
use crate::pushes::{FAILED, Pusher, STEPS};
use crate::scenario::calls::{Counter, is_read};
use crate::scenario::progress::bar;
use pages::{LATE, LONG, Page, SHORT, pages};
use visitor::Visitor;

pub(super) const CONSOLE: &str = "console";
/// Events of the long shipment.
const EVENTS: usize = 1_000;
/// Requests of each kind before measuring: they open connections and read the session, the key and the configuration.
const WARM_UP: usize = 5;
/// Requests of each kind to measure.
const REQUESTS: usize = 100;
/// Bytes in a kilobyte of a page, as the budgets count it.
const KB: f64 = 1024.0;

/// The measurements.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ConsolePages {
    /// The pages, by name.
    pub pages: BTreeMap<&'static str, PageFigures>,
    /// The script, packed.
    pub script_kb: Figure,
    /// Requests for the first page.
    pub first_page_requests: Figure,
    /// The median of the page of a shipment with 1,000 events.
    pub long_shipment_ms: Figure,
}

/// A page, and the same read through the API.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PageFigures {
    /// Time at the gateway: the median.
    pub p50_ms: f64,
    /// The same of the routes of the API, one after the other.
    pub api_p50_ms: f64,
    /// Table reads of a page, without those of the session.
    pub reads: f64,
    /// Table reads beyond those of the routes and those that `docs/console.md` names.
    pub reads_beyond: Figure,
    /// CPU time of a page.
    pub cpu_ms: Figure,
    /// CPU time of the routes of the API, of all functions that answer them.
    pub api_cpu_ms: f64,
    /// The page's CPU time as a multiple of the API's; absent if the page asks no route.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cpu_ratio: Option<Figure>,
    /// Its size, packed.
    pub packed_kb: Figure,
}

/// Measures all pages.
pub(super) async fn measure(binaries: &Binaries) -> anyhow::Result<ConsolePages> {
    let counter = Counter::default();
    let stack = Stack::start(Options {
        hold_queues: true,
        instance_limit: 1,
        interceptor: Some(counter.interceptor()),
        ..binaries.options()
    })
    .await?;
    let id = fill(&stack).await?;
    let visitor = Visitor::sign_in(&stack).await?;
    let run = Run {
        stack: &stack,
        visitor: &visitor,
        counter,
        keys: authenticating(&stack)?,
    };
    let mut figures = BTreeMap::new();
    let demo = stack.demo().context("the stack has no demo")?;
    let endpoints: Vec<&str> = demo.endpoints.keys().map(String::as_str).collect();
    for page in pages(&id, &endpoints) {
        figures.insert(page.name, run.page(&page).await?);
    }
    let first = visitor.first_page().await?;
    let long = figures.get(LONG).context("the long shipment has no page")?;
    let outcome = ConsolePages {
        long_shipment_ms: Figure::new(long.p50_ms, LONG_SHIPMENT_MS),
        pages: figures,
        script_kb: Figure::new(kb(first.script_bytes), SCRIPT_KB),
        first_page_requests: Figure::new(number(first.requests), FIRST_PAGE_REQUESTS),
    };
    stack.stop().await;
    Ok(outcome)
}

/// Pushes a short and a long shipment; returns the id of a notification.
async fn fill(stack: &Stack) -> anyhow::Result<String> {
    let aggregator = Pusher::new(stack)?;
    let progress = bar(EVENTS, "pushed");
    // Only the late shipments have exceptions.
    let events = (0..).filter(|number| number % STEPS.len() != FAILED);
    for number in events.take(EVENTS) {
        aggregator.push_event(LONG, number).await?;
        progress.inc(1);
    }
    progress.finish_and_clear();
    for number in 0..4 {
        aggregator.push_event(SHORT, number).await?;
    }
    for number in 0..LATE {
        for step in [FAILED, FAILED + 1] {
            aggregator.push(&format!("late-{number}"), step).await?;
        }
    }
    visitor::a_notification(stack, &format!("ORDER-{SHORT}")).await
}

/// The tables whose calls find the caller of a route and the visitor of a page.
fn authenticating(stack: &Stack) -> anyhow::Result<Vec<String>> {
    let table = |name: &str| {
        let table = stack.resources().tables.get(name);
        table
            .cloned()
            .with_context(|| format!("the template has no {name}"))
    };
    Ok(vec![table("ApiKeysTable")?, table("KeyUsesTable")?])
}

/// The pages of a signed-in visitor, and the counted calls.
struct Run<'a> {
    stack: &'a Stack,
    visitor: &'a Visitor,
    counter: Counter,
    keys: Vec<String>,
}

/// What a number of requests cost: their times, and the reads and the CPU time of each.
struct Cost {
    took_ms: Vec<f64>,
    reads: f64,
    cpu_ms: f64,
}

impl Run<'_> {
    async fn page(&self, page: &Page) -> anyhow::Result<PageFigures> {
        let functions: Vec<&str> = page.routes.iter().map(|route| route.function).collect();
        for _ in 0..WARM_UP {
            self.visitor.open(page).await?;
            self.visitor.ask(page).await?;
        }
        let console = self.cost(&[CONSOLE], async || self.visitor.open(page).await);
        let console = console.await?;
        let api = self.cost(&functions, async || self.visitor.ask(page).await);
        let api = api.await?;
        let ratio = console.cpu_ms / api.cpu_ms.max(f64::MIN_POSITIVE);
        let asks = !page.routes.is_empty();
        // To read and fold 1,000 events takes its time, which has a budget of its own.
        let most_cpu = match page.name {
            LONG => LONG_SHIPMENT_MS,
            _ => CPU_PAGE_MS,
        };
        let beyond = console.reads - api.reads - number(page.more_reads);
        Ok(PageFigures {
            p50_ms: quantile(&console.took_ms, 0.5),
            api_p50_ms: quantile(&api.took_ms, 0.5),
            reads: rounded(console.reads),
            reads_beyond: Figure::new(beyond, PAGE_READS),
            cpu_ms: Figure::new(console.cpu_ms, most_cpu),
            api_cpu_ms: rounded(api.cpu_ms),
            cpu_ratio: asks.then(|| Figure::new(ratio, CPU_PAGE_RATIO)),
            packed_kb: Figure::new(kb(self.visitor.size(page).await?), PAGE_KB),
        })
    }

    /// Makes the requests that these functions answer.
    async fn cost(
        &self,
        functions: &[&str],
        mut request: impl AsyncFnMut() -> anyhow::Result<Duration>,
    ) -> anyhow::Result<Cost> {
        let mut functions = functions.to_vec();
        functions.sort_unstable();
        functions.dedup();
        let cpu = || -> anyhow::Result<Duration> {
            let times = functions.iter().map(|name| cpu_time(self.stack, name));
            times.sum()
        };
        let (before, cpu_before) = (self.counter.so_far(), cpu()?);
        let mut took_ms = Vec::with_capacity(REQUESTS);
        for _ in 0..REQUESTS {
            took_ms.push(request().await?.as_secs_f64() * 1000.0);
        }
        let each = number(u64::try_from(REQUESTS)?);
        let cpu_ms = cpu()?.saturating_sub(cpu_before).as_secs_f64() * 1000.0 / each;
        let calls = functions.iter().flat_map(|name| {
            let calls = self.counter.since(&before, name, &self.keys);
            calls
                .into_iter()
                .filter(|(operation, _)| is_read(operation))
        });
        let reads: u64 = calls.map(|(_, calls)| calls).sum();
        Ok(Cost {
            took_ms,
            // Rounded to hundredths: what is cached for a minute is not read by each page.
            reads: (number(reads) / each * 100.0).round() / 100.0,
            cpu_ms,
        })
    }
}

fn kb(bytes: usize) -> f64 {
    number(u64::try_from(bytes).unwrap_or(u64::MAX)) / KB
}
