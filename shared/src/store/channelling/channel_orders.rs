//! The table of orders in sales channels: what is known about each, and from which events.
//!
//! Every event gives an order a new version, on the condition that it still has the version that was read, in one transaction
//! with the message that the event causes. Of two events at the same time one is decided on what the other one left.

use aws_sdk_dynamodb::types::Put;
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;

use crate::aws::DynamoDb;
use crate::domain::channel_order::history::OrderHistory;
use crate::store::attributes::number;
use crate::store::failure::StoreFailure;
use crate::store::items::{attributes, from_item, item};
use crate::store::keys::Key;
use crate::store::packed::{pack_json, unpack_json};
use crate::store::transaction::{Part, write};

/// The table.
#[derive(Debug, Clone)]
pub struct ChannelOrders {
    client: DynamoDb,
    table: String,
}

/// A stored order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredChannelOrder {
    /// What is known about it.
    pub history: OrderHistory,
    /// How often it was written.
    version: u64,
}

/// The item of an order.
#[derive(Serialize, Deserialize)]
pub(in crate::store) struct ChannelOrderItem {
    history: ByteBuf,
    version: u64,
}

impl ChannelOrders {
    /// The table with this name.
    pub fn new(client: DynamoDb, table: String) -> Self {
        Self { client, table }
    }

    /// The order with this key; `None` if no event of it is known.
    pub async fn read(&self, key: &Key) -> Result<Option<StoredChannelOrder>, StoreFailure> {
        let read = self
            .client
            .get_item()
            .table_name(&self.table)
            .set_key(Some(attributes(key)))
            // What is decided on it is written on the condition that it is current.
            .consistent_read(true);
        let found = self.client.send(read).await?;
        let Some(found) = found.item else {
            return Ok(None);
        };
        let found: ChannelOrderItem = from_item(found)?;
        Ok(Some(StoredChannelOrder {
            history: unpack_json(&found.history)?,
            version: found.version,
        }))
    }

    /// Writes what is known now, together with `also`; `false` if the order was written since it was read as `seen`, or another
    /// part could not be written: then nothing was.
    pub async fn write(
        &self,
        key: &Key,
        seen: Option<&StoredChannelOrder>,
        history: &OrderHistory,
        also: Vec<Part>,
    ) -> Result<bool, StoreFailure> {
        let value = ChannelOrderItem {
            history: pack_json(history)?,
            version: seen.map_or(1, |seen| seen.version + 1),
        };
        let put = Put::builder()
            .table_name(&self.table)
            .set_item(Some(item(key, &value)?));
        let put = match seen {
            None => put.condition_expression("attribute_not_exists(pk)"),
            Some(seen) => put
                .condition_expression("version = :seen")
                .expression_attribute_values(":seen", number(seen.version)),
        };
        let order = Part::from(put.build()?);
        write(&self.client, [order].into_iter().chain(also)).await
    }
}
