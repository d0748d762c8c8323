//! Work that does not go on by itself: suspended endpoints, orders in doubt.

use anyhow::Context as _;
use aws_sdk_dynamodb::types::Select;
use jiff::Timestamp;

use crate::doctor::Finding;
use crate::orders::in_doubt;
use crate::stack::Stack;

/// A client that repeats its request settles an order before that.
const PATIENCE_SECONDS: i64 = 600;

/// Examines what waits for somebody.
pub(super) async fn examine(stack: &Stack, now: Timestamp) -> Vec<Finding> {
    vec![suspended(stack).await, doubts(stack, now).await]
}

async fn suspended(stack: &Stack) -> Finding {
    let what = "suspended webhook endpoints";
    match suspensions(stack).await {
        Ok(0) => Finding::well(what, "none"),
        Ok(count) => Finding::wrong(
            what,
            count.to_string(),
            "the log lines `endpoint suspended` name them; attempts say the cause: see docs/delivery.md",
        ),
        Err(error) => Finding::failed(what, &error),
    }
}

/// The index holds only suspended endpoints, so that it can be read as a whole.
async fn suspensions(stack: &Stack) -> anyhow::Result<i32> {
    let table = stack.tables.name("EndpointHealthTable").await?;
    let scan = stack.tables.client.scan().table_name(table);
    let scan = scan.index_name("suspended").select(Select::Count);
    let mut pages = scan.into_paginator().send();
    let mut count = 0;
    while let Some(page) = pages.next().await {
        count += page
            .context("cannot read the index of suspended endpoints")?
            .count;
    }
    Ok(count)
}

async fn doubts(stack: &Stack, now: Timestamp) -> Finding {
    let what = "orders in doubt for more than ten minutes";
    match in_doubt(stack, None, now).await {
        Ok(orders) => {
            let old = orders
                .iter()
                .filter(|order| order.age_seconds > PATIENCE_SECONDS);
            match old.count() {
                0 => Finding::well(what, "none"),
                count => Finding::wrong(
                    what,
                    count.to_string(),
                    "`orders in-doubt` lists them; repeat the request, or look at the aggregator and settle it",
                ),
            }
        }
        Err(error) => Finding::failed(what, &error),
    }
}
