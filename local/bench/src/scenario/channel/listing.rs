//! The list of the same orders by our route, page by page.

use anyhow::{Context as _, ensure};
use jiff::Timestamp;
use local::stack::Stack;
use serde::Serialize;
use serde_json::Value;
use simulators::http_client;

use crate::figure::{number, rounded};
use crate::process::cpu_time;
use crate::scenario::channel::SHOP;

const FUNCTION: &str = "channel-orders";

/// What the listing took.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OwnListing {
    /// The orders.
    pub items: usize,
    /// The requests to our route, each of one page.
    pub requests: usize,
    /// CPU time of the function for each order, with the page that it answers.
    pub cpu_per_order_ms: f64,
    /// CPU time of the function for all.
    #[serde(skip)]
    pub(super) cpu_seconds: f64,
}

/// Lists the orders that changed since then.
pub(super) async fn list(stack: &Stack, since: Timestamp) -> anyhow::Result<OwnListing> {
    let demo = stack.demo().context("the stack has no demo")?;
    let http = http_client::client()?;
    let url = format!(
        "{}/channels/{SHOP}/orders?updatedSince={since}",
        stack.base_url()
    );
    let ask = async |cursor: &str| {
        let request = http
            .get(format!("{url}{cursor}"))
            .bearer_auth(&demo.api_key);
        let answer = request.send().await?;
        let status = answer.status();
        let page: Value = answer.json().await?;
        ensure!(
            status == 200,
            "the orders were not listed: {status}: {page}"
        );
        anyhow::Ok(page)
    };
    // The first page starts the process and opens its connections.
    ask("").await?;
    let begun = cpu_time(stack, FUNCTION)?;
    let (mut items, mut requests, mut cursor) = (0, 0, String::new());
    loop {
        let page = ask(&cursor).await?;
        requests += 1;
        let orders = page.get("orders").and_then(Value::as_array);
        items += orders.map_or(0, Vec::len);
        match page.get("cursor").and_then(Value::as_str) {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    let cpu_seconds = cpu_time(stack, FUNCTION)?
        .saturating_sub(begun)
        .as_secs_f64();
    let count = number(u64::try_from(items.max(1))?);
    Ok(OwnListing {
        items,
        requests,
        cpu_per_order_ms: rounded(cpu_seconds * 1000.0 / count),
        cpu_seconds,
    })
}
