//! One read of items from several tables. Each table creates its own request and takes its own items; the owner of the
//! main table reads.

use std::collections::HashMap;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::{AttributeValue, KeysAndAttributes};

use crate::store::failure::StoreFailure;

type Item = HashMap<String, AttributeValue>;

/// The read request of one table.
#[derive(Debug)]
pub struct Wanted {
    pub(super) table: String,
    pub(super) keys: KeysAndAttributes,
}

/// The items of a read.
#[derive(Debug)]
pub struct Found {
    tables: HashMap<String, Vec<Item>>,
}

impl Found {
    /// The items of a table, in no particular order.
    pub(super) fn of(&mut self, table: &str) -> Vec<Item> {
        self.tables.remove(table).unwrap_or_default()
    }
}

/// Reads all items, or fails.
pub(super) async fn read(
    client: &Client,
    wanted: impl IntoIterator<Item = Wanted>,
) -> Result<Found, StoreFailure> {
    let wanted = wanted.into_iter();
    let wanted = wanted.map(|Wanted { table, keys }| (table, keys));
    let found = client
        .batch_get_item()
        .set_request_items(Some(wanted.collect()))
        .send()
        .await?;
    if found
        .unprocessed_keys
        .is_some_and(|unprocessed| !unprocessed.is_empty())
    {
        return Err(StoreFailure::Incomplete);
    }
    Ok(Found {
        tables: found.responses.unwrap_or_default(),
    })
}
