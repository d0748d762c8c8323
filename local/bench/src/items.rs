//! Sizes of the stored items, by DynamoDB's billing rules.

use std::collections::HashMap;

use anyhow::Context as _;
use aws_sdk_dynamodb::types::AttributeValue;
use local::stack::Stack;
use serde::Serialize;

use crate::figure::{number, rounded};

/// Bytes in a write unit.
const WRITE_UNIT: usize = 1024;
/// Extra bytes for a list or a map, and for each of its entries.
const COLLECTION: usize = 3;
const ENTRY: usize = 1;

/// The items of one run, by kind.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StoredItems {
    /// Notifications.
    pub notification: ItemSize,
    /// Their deliveries.
    pub delivery: ItemSize,
    /// Shipments first seen in a push.
    pub shipment: ItemSize,
}

/// Means over the items of one kind.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ItemSize {
    /// Size as DynamoDB counts it.
    pub bytes: f64,
    /// Write units to write one item.
    pub write_units: f64,
}

type Item = HashMap<String, AttributeValue>;

pub(super) async fn measure(stack: &Stack) -> anyhow::Result<StoredItems> {
    let notifications = all(stack, "NotificationsTable").await?;
    let (deliveries, notifications): (Vec<Item>, Vec<Item>) =
        notifications.into_iter().partition(is_delivery);
    Ok(StoredItems {
        notification: mean(&notifications),
        delivery: mean(&deliveries),
        shipment: mean(&all(stack, "ShipmentsTable").await?),
    })
}

/// A delivery's sort key is the notification's, `#` and the endpoint.
fn is_delivery(item: &Item) -> bool {
    matches!(item.get("sk"), Some(AttributeValue::S(sort)) if sort.contains('#'))
}

async fn all(stack: &Stack, table: &str) -> anyhow::Result<Vec<Item>> {
    let name = stack.resources().tables.get(table);
    let scan = stack
        .backends()
        .dynamodb_client()
        .scan()
        .table_name(name.with_context(|| format!("the template has no {table}"))?);
    let pages = scan.into_paginator().items().send();
    Ok(pages.collect::<Result<Vec<_>, _>>().await?)
}

fn mean(items: &[Item]) -> ItemSize {
    let sizes: Vec<usize> = items.iter().map(item_bytes).collect();
    let sum = |sizes: &mut dyn Iterator<Item = usize>| {
        number(u64::try_from(sizes.sum::<usize>()).unwrap_or(u64::MAX))
    };
    let count = number(u64::try_from(sizes.len().max(1)).unwrap_or(u64::MAX));
    let units = &mut sizes.iter().map(|size| size.div_ceil(WRITE_UNIT));
    ItemSize {
        bytes: rounded(sum(&mut sizes.iter().copied()) / count),
        write_units: rounded(sum(units) / count),
    }
}

fn item_bytes(item: &Item) -> usize {
    item.iter()
        .map(|(name, value)| name.len() + value_bytes(value))
        .sum()
}

/// Size of a value. A kind that we do not store counts as its debug text.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the SDK's enum is open and has kinds that our tables do not use"
)]
fn value_bytes(value: &AttributeValue) -> usize {
    match value {
        AttributeValue::S(text) => text.len(),
        AttributeValue::N(digits) => digits.len().div_ceil(2) + 1,
        AttributeValue::B(bytes) => bytes.as_ref().len(),
        AttributeValue::Bool(_) | AttributeValue::Null(_) => 1,
        AttributeValue::L(values) => {
            let values = values.iter().map(|value| ENTRY + value_bytes(value));
            COLLECTION + values.sum::<usize>()
        }
        AttributeValue::M(fields) => COLLECTION + fields.len() * ENTRY + item_bytes(fields),
        AttributeValue::Ss(texts) => texts.iter().map(String::len).sum(),
        other => format!("{other:?}").len(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_values_count() {
        let item = Item::from([
            ("pk".to_owned(), AttributeValue::S("abc".to_owned())),
            ("at".to_owned(), AttributeValue::N("1234".to_owned())),
            (
                "list".to_owned(),
                AttributeValue::L(vec![AttributeValue::Bool(true)]),
            ),
        ]);
        assert_eq!(item_bytes(&item), (2 + 3) + (2 + 3) + (4 + 3 + 1 + 1));
    }
}
