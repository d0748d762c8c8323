//! The index of orders about which something is to be told: those that the OMS did not confirm in time, and those whose
//! message may not have been sent because a function ended early.
//!
//! It is sparse: an order leaves it when its message is on its way. Its entries are spread over a few partitions, so that a
//! list of new orders does not write into one.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use jiff::Timestamp;

use crate::aws::DynamoDb;
use crate::digest::Sha256;
use crate::domain::text::{ClientId, SalesOrderNumber, Text};
use crate::store::attributes::millisecond;
use crate::store::failure::StoreFailure;
use crate::store::fulfilling::outbound_index::number;
use crate::store::items::key_of;

/// How many partitions the index has. A smaller number would leave orders behind.
const SHARDS: u8 = 8;
/// The page size.
const PAGE: i32 = 100;

/// The index.
#[derive(Debug, Clone)]
pub struct DueOrders {
    client: DynamoDb,
    table: String,
}

/// A page of due orders.
#[derive(Debug, Default)]
pub struct DuePage {
    /// The orders with their clients, the one that is due for longest first.
    pub orders: Vec<(ClientId, SalesOrderNumber)>,
    /// Where the next page begins; absent at the end.
    pub next: Option<DueCursor>,
}

/// The end of a page.
#[derive(Debug, Clone)]
pub struct DueCursor(HashMap<String, AttributeValue>);

impl DueOrders {
    /// The index of the outbound orders in the table with this name.
    pub fn new(client: DynamoDb, table: String) -> Self {
        Self { client, table }
    }

    /// The partitions.
    pub fn shards() -> impl Iterator<Item = u8> {
        0..SHARDS
    }

    /// A page of the orders in a partition that are due at `now`.
    pub async fn page(
        &self,
        shard: u8,
        now: Timestamp,
        after: Option<DueCursor>,
    ) -> Result<DuePage, StoreFailure> {
        let query = self
            .client
            .query()
            .table_name(&self.table)
            .index_name("due")
            .key_condition_expression("dueOf = :shard AND dueAt <= :now")
            .expression_attribute_values(":shard", AttributeValue::S(shard.to_string()))
            .expression_attribute_values(":now", millisecond(now))
            .limit(PAGE)
            .set_exclusive_start_key(after.map(|cursor| cursor.0));
        let found = self.client.send(query).await?;
        let orders = found.items().iter().filter_map(|item| {
            let key = key_of(item);
            Some((Text::stored(key.client()).ok()?, number(&key)?))
        });
        Ok(DuePage {
            orders: orders.collect(),
            next: found.last_evaluated_key.map(DueCursor),
        })
    }
}

/// The partition of an order.
pub(super) fn shard(client: &ClientId, number: &SalesOrderNumber) -> String {
    let digest = Sha256::new()
        .chain_update(client.as_str())
        .chain_update("#")
        .chain_update(number.as_str())
        .finalize();
    let first = digest.first().copied().unwrap_or_default();
    (first % SHARDS).to_string()
}
