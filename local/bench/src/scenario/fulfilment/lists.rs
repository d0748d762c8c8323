//! Lists of 100 outbound orders, in turn with lists of one, where each AWS call takes so long that the times are those of round
//! trips: of the calls that are made one after the other, and not of the processor, which has its own figure.
//!
//! The time of a list of one is that of one order's round trips. If 100 orders came by themselves and their round trips ran side
//! by side, all would be durable after the same time: the list is compared with that. It takes one round trip more, because its
//! orders and their messages do not fit into one transaction.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use local::backends::{Interceptor, Moment};
use local::stack::{Options, Stack};
use serde::Serialize;
use serde_json::{Value, json};
use simulators::http_client;

use crate::Binaries;
use crate::budgets::{LIST_CALLS, LIST_RATIO};
use crate::figure::{Figure, number, quantile, rounded};
use crate::process::cpu_time;

const FUNCTION: &str = "outbound-order";
/// The round trip of an AWS call: much longer than in AWS, and than the emulators and the function need for a list.
const ROUND_TRIP: Duration = Duration::from_millis(500);
/// The orders of a long list: the most that a request may have.
const ORDERS: usize = 100;
/// The lists of each length before measuring: they open connections and read the API key.
const WARM_UP: usize = 2;
/// The lists of each length to measure.
const LISTS: usize = 7;

/// The measurements. The times are medians, at the gateway.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Lists {
    /// The round trip of each AWS call.
    pub round_trip_ms: f64,
    /// A list of one order.
    pub one: AcceptedList,
    /// A list of 100 orders.
    pub hundred: AcceptedList,
    /// AWS calls for a list of 100 orders.
    pub calls: Figure,
    /// The time of a list of 100 orders, as a multiple of that of a list of one.
    pub ratio: Figure,
}

/// Lists of one length.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AcceptedList {
    /// The median of the times.
    pub p50_ms: f64,
    /// The median of the numbers of AWS calls.
    pub calls: f64,
    /// CPU time of the function for a list.
    pub cpu_ms: f64,
}

/// Measures lists.
pub(super) async fn measure(binaries: &Binaries) -> anyhow::Result<Lists> {
    let calls = Arc::new(AtomicU64::new(0));
    let stack = Stack::start(Options {
        hold_queues: true,
        instance_limit: 1,
        interceptor: Some(counting(&calls)),
        round_trip: ROUND_TRIP,
        ..binaries.options()
    })
    .await?;
    let platform = Platform::new(&stack)?;
    for list in 0..WARM_UP {
        platform.accept("W", list, 1).await?;
        platform.accept("V", list, ORDERS).await?;
    }
    let (mut one, mut hundred) = (Runs::default(), Runs::default());
    for list in 0..LISTS {
        for (runs, name, orders) in [(&mut one, "A", 1), (&mut hundred, "B", ORDERS)] {
            let before = (calls.load(Ordering::Relaxed), cpu_time(&stack, FUNCTION)?);
            runs.took_ms
                .push(platform.accept(name, list, orders).await?);
            runs.calls
                .push(number(calls.load(Ordering::Relaxed) - before.0));
            runs.cpu += cpu_time(&stack, FUNCTION)?.saturating_sub(before.1);
        }
    }
    stack.stop().await;
    let (one, hundred) = (one.medians(), hundred.medians());
    Ok(Lists {
        round_trip_ms: ROUND_TRIP.as_secs_f64() * 1000.0,
        calls: Figure::new(hundred.calls, LIST_CALLS),
        ratio: Figure::new(hundred.p50_ms / one.p50_ms, LIST_RATIO),
        one,
        hundred,
    })
}

/// What counts the function's AWS calls.
fn counting(calls: &Arc<AtomicU64>) -> Interceptor {
    let calls = Arc::clone(calls);
    Interceptor::new(move |call| {
        if call.caller == FUNCTION && call.moment == Moment::BeforeEffect {
            calls.fetch_add(1, Ordering::Relaxed);
        }
        None
    })
}

/// The lists of one length.
#[derive(Default)]
struct Runs {
    took_ms: Vec<f64>,
    calls: Vec<f64>,
    cpu: Duration,
}

impl Runs {
    fn medians(&self) -> AcceptedList {
        let lists = u32::try_from(self.took_ms.len().max(1)).unwrap_or(u32::MAX);
        AcceptedList {
            p50_ms: quantile(&self.took_ms, 0.5),
            calls: quantile(&self.calls, 0.5),
            cpu_ms: rounded((self.cpu / lists).as_secs_f64() * 1000.0),
        }
    }
}

/// The client's platform.
struct Platform {
    client: reqwest::Client,
    url: String,
    api_key: String,
}

impl Platform {
    fn new(stack: &Stack) -> anyhow::Result<Self> {
        let demo = stack.demo().context("the stack has no demo")?;
        Ok(Self {
            client: http_client::client()?,
            url: format!("{}/v3/fulfillment/outbound/oms", stack.base_url()),
            api_key: demo.api_key.clone(),
        })
    }

    /// Sends a list of new orders, which must be accepted. Returns the time in milliseconds.
    async fn accept(&self, name: &str, list: usize, orders: usize) -> anyhow::Result<f64> {
        let orders: Vec<Value> = (0..orders)
            .map(|order| outbound_order(&format!("{name}-{list}-{order}")))
            .collect();
        let request = self.client.post(&self.url).bearer_auth(&self.api_key);
        let request = request.json(&orders);
        let began = Instant::now();
        let answer = request.send().await?;
        let status = answer.status();
        let body = answer.text().await?;
        let took = began.elapsed();
        ensure!(status == 202, "a list was answered with {status}: {body}");
        Ok(took.as_secs_f64() * 1000.0)
    }
}

fn outbound_order(number: &str) -> Value {
    json!({
        "warehouse_id": "WH-TGR04", "customer_id": "C-1001", "so_number": number, "order_type": "SO", "platform": "ERP",
        "order_identification_code": 1, "internal_order_status": "NEW", "delivery_no": format!("T-{number}"), "tenant_name": "Brand Store",
        "consignee": "Budi Santoso", "consignee_phone": "628123456789", "consignee_email": "budi@example.com",
        "consignee_full_address": "Jalan Kenanga 1", "consignee_state": "DKI Jakarta", "consignee_province": "DKI Jakarta", "consignee_city": "Jakarta",
        "zipcode": "10110", "cod": false,
        "details": [{ "sku": "SKU-1", "qty": 2 }, { "sku": "SKU-2", "qty": 1 }],
    })
}
