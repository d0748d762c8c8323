//! Questions about prices, and recommendations with dates of delivery, compared with pushes in the same run; and lists of outbound
//! orders.

mod lists;

use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use local::stack::{Options, Stack};
use serde::Serialize;
use serde_json::{Value, json};
use simulators::{Simulators, http_client};

use crate::Binaries;
use crate::budgets::{CPU_PRICE_MS, DATES_RATIO, PRICE_CALLS};
use crate::figure::{Figure, number, quantile, rounded};
use crate::process::cpu_time;
use crate::pushes::{Pusher, STEPS};
use crate::scenario::progress::bar;
use lists::Lists;

const PRICE: &str = "price-shipment";
/// Requests of each kind before measuring: they open connections and read the configuration.
const WARM_UP: usize = 20;
/// Requests of each kind to measure.
const REQUESTS: usize = 500;
/// The accounts of the demo that price, and that predict dates.
const PRICING: &str = "shipper";
const PREDICTING: &str = "clickpost";
/// How long the couriers of a route take at the simulator: longer than the dates, as in the case that must cost nothing.
const SLOW_MS: u64 = 20;

/// The measurements.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Fulfilment {
    /// Prices of goods.
    pub priced: Timed,
    /// Pushes, in turn with them.
    pub pushed: Timed,
    /// Calls to the provider for a price.
    pub price_calls: Figure,
    /// CPU time of the function's process for a price.
    pub price_cpu_ms: Figure,
    /// Recommendations of a forward route, for which dates are asked.
    pub with_dates: Timed,
    /// Recommendations of a return, in turn with them: no dates are asked for.
    pub without_dates: Timed,
    /// The median with dates, as a multiple of that without.
    pub dates_ratio: Figure,
    /// Lists of outbound orders.
    pub lists: Lists,
}

/// The times of requests of one kind, at the gateway.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Timed {
    /// Their number.
    pub count: usize,
    /// The median.
    pub p50_ms: f64,
    /// The 99th percentile.
    pub p99_ms: f64,
}

impl Timed {
    fn of(took: &[Duration]) -> Self {
        let took_ms: Vec<f64> = took
            .iter()
            .map(|took| took.as_secs_f64() * 1000.0)
            .collect();
        Self {
            count: took.len(),
            p50_ms: quantile(&took_ms, 0.5),
            p99_ms: quantile(&took_ms, 0.99),
        }
    }
}

/// Measures prices, recommendations with and without dates, and lists.
pub(super) async fn measure(binaries: &Binaries) -> anyhow::Result<Fulfilment> {
    let stack = Stack::start(Options {
        hold_queues: true,
        instance_limit: 1,
        ..binaries.options()
    })
    .await?;
    let run = Run::new(&stack)?;
    run.price("W", WARM_UP).await?;
    let (cpu, calls) = (
        cpu_time(&stack, PRICE)?,
        run.simulators.calls(PRICING)?.len(),
    );
    let (priced, pushed) = run.price("P", REQUESTS).await?;
    let cpu = cpu_time(&stack, PRICE)?.saturating_sub(cpu);
    let calls = run.simulators.calls(PRICING)?.len() - calls;

    run.recommend(WARM_UP).await?;
    let (with_dates, without_dates) = run.recommend(REQUESTS).await?;
    stack.stop().await;
    let lists = lists::measure(binaries).await?;
    let each = number(u64::try_from(REQUESTS)?);
    Ok(Fulfilment {
        price_calls: Figure::new(number(u64::try_from(calls)?) / each, PRICE_CALLS),
        price_cpu_ms: Figure::new(rounded(cpu.as_secs_f64() * 1000.0 / each), CPU_PRICE_MS),
        dates_ratio: Figure::new(with_dates.p50_ms / without_dates.p50_ms, DATES_RATIO),
        priced,
        pushed,
        with_dates,
        without_dates,
        lists,
    })
}

/// A client, and the aggregators.
struct Run {
    client: reqwest::Client,
    base_url: String,
    api_key: String,
    aggregator: Pusher,
    simulators: Simulators,
}

impl Run {
    fn new(stack: &Stack) -> anyhow::Result<Self> {
        let simulators = stack.simulators().context("the stack has no simulators")?;
        let demo = stack.demo().context("the stack has no demo")?;
        Ok(Self {
            client: http_client::client()?,
            base_url: stack.base_url().to_owned(),
            api_key: demo.api_key.clone(),
            aggregator: Pusher::new(stack)?,
            simulators: simulators.clone(),
        })
    }

    /// Asks for prices, in turn with pushes. `name` begins the pushed orders.
    async fn price(&self, name: &str, count: usize) -> anyhow::Result<(Timed, Timed)> {
        let progress = bar(count, "priced");
        let (mut priced, mut pushed) = (Vec::new(), Vec::new());
        let goods = goods();
        for order in 0..count {
            let path = "/v3/fulfillment/pricing/domestic";
            priced.push(self.ask(path, &goods, "/data/pricings/0").await?);
            let (shipment, step) = (order / STEPS.len(), order % STEPS.len());
            pushed.push(
                self.aggregator
                    .push(&format!("{name}{shipment}"), step)
                    .await?,
            );
            progress.inc(1);
        }
        progress.finish_and_clear();
        Ok((Timed::of(&priced), Timed::of(&pushed)))
    }

    /// Asks for couriers with dates, in turn with couriers without.
    async fn recommend(&self, count: usize) -> anyhow::Result<(Timed, Timed)> {
        let slow = json!({ "call": "recommend", "kind": "slow", "delayMs": SLOW_MS });
        let faults = json!({ "next": vec![slow; 2 * count] });
        self.simulators.set_faults(PREDICTING, faults)?;
        let progress = bar(count, "recommended");
        let (mut with, mut without) = (Vec::new(), Vec::new());
        for _ in 0..count {
            let path = "/courier-recommendations";
            let dated = "/couriers/0/deliveryBy/latest";
            with.push(self.ask(path, &route("FORWARD"), dated).await?);
            without.push(
                self.ask(path, &route("RETURN"), "/couriers/0/courierId")
                    .await?,
            );
            progress.inc(1);
        }
        progress.finish_and_clear();
        Ok((Timed::of(&with), Timed::of(&without)))
    }

    /// The time of a request whose answer has a value at `pointer`; any other answer is an error.
    async fn ask(&self, path: &str, body: &Value, pointer: &str) -> anyhow::Result<Duration> {
        let request = self.client.post(format!("{}{path}", self.base_url));
        let request = request.bearer_auth(&self.api_key).json(body);
        let began = Instant::now();
        let answer = request.send().await?;
        let status = answer.status();
        let body: Value = answer.json().await?;
        let took = began.elapsed();
        let is_there = body.pointer(pointer).is_some();
        ensure!(
            status == 200 && is_there,
            "{path} answered {status}: {body}"
        );
        Ok(took)
    }
}

fn goods() -> Value {
    let sku = json!({ "height": 10, "length": 20, "width": 10, "weight": 0.45, "quantity": 2 });
    json!({
        "origin": { "area_id": 30101 }, "destination": { "area_id": 31501 }, "for_order": true,
        "order_price": 210_000, "skus": [sku],
    })
}

fn route(shipment_type: &str) -> Value {
    json!({
        "logisticAccountAlias": PREDICTING, "pickupPincode": "560102", "dropPincode": "380001",
        "paymentType": "PREPAID", "shipmentType": shipment_type, "orderAmount": 1200,
    })
}
