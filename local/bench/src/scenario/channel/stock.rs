//! The stock of 1,000 articles, at a shop that takes 100 ms for each call.

use anyhow::{Context as _, ensure};
use local::stack::Stack;
use serde_json::{Value, json};
use simulators::http_client;
use tokio::time::Instant;

use crate::budgets::{STOCK_CALLS, STOCK_SECONDS};
use crate::figure::{Figure, number};
use crate::scenario::channel::SHOP;

const ARTICLES: usize = 1000;
const CALL_MS: u64 = 100;
/// More calls than are needed.
const SLOW_CALLS: usize = 500;

/// Sets the stock of all articles with one request. Returns the calls of the shop and the seconds.
pub(super) async fn measure(stack: &Stack) -> anyhow::Result<(Figure, Figure)> {
    let simulators = stack.simulators().context("the stack has no simulators")?;
    let demo = stack.demo().context("the stack has no demo")?;
    let http = http_client::client()?;
    let skus: Vec<String> = (0..ARTICLES)
        .map(|article| format!("SKU-{article}"))
        .collect();
    let known: Vec<Value> = skus
        .iter()
        .map(|sku| json!({ "sku": sku, "sourceCode": "default", "quantity": 1 }))
        .collect();
    let url = format!("{}/{SHOP}/stock", stack.simulator_url());
    let stored = http
        .put(url)
        .json(&json!({ "items": known }))
        .send()
        .await?;
    ensure!(stored.status() == 200, "the articles were not stored");
    let slow = json!({ "call": "sourceItems", "kind": "slow", "delayMs": CALL_MS });
    simulators.set_faults(SHOP, json!({ "next": vec![slow; SLOW_CALLS] }))?;

    let items: Vec<Value> = skus
        .iter()
        .map(|sku| json!({ "sku": sku, "quantity": 5 }))
        .collect();
    let before = simulators.calls(SHOP)?.len();
    let begun = Instant::now();
    let url = format!("{}/channels/{SHOP}/inventory", stack.base_url());
    let request = http.put(url).bearer_auth(&demo.api_key);
    let answer = request.json(&json!({ "items": items })).send().await?;
    let seconds = begun.elapsed().as_secs_f64();
    let calls = simulators.calls(SHOP)?.len() - before;
    let body: Value = answer.json().await?;
    let items = body.get("items").and_then(Value::as_array);
    let set = items.into_iter().flatten();
    let set = set
        .filter(|item| item.get("ok") == Some(&json!(true)))
        .count();
    ensure!(set == ARTICLES, "only {set} articles have their stock");
    Ok((
        Figure::new(number(u64::try_from(calls)?), STOCK_CALLS),
        Figure::new(seconds, STOCK_SECONDS),
    ))
}
