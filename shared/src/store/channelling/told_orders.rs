//! What a poll told last of each order of a channel, in the table of channels' orders.
//!
//! A record is written in one transaction with the message that tells the change, on the condition that it still is as it was
//! read: of two runs at the same time only one tells a change.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::{AttributeValue, Put};
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;

use crate::aws::DynamoDb;
use crate::store::batch_read;
use crate::store::failure::StoreFailure;
use crate::store::items::{from_item, item, key_of};
use crate::store::keys::Key;
use crate::store::transaction::{Part, write};

/// The table.
#[derive(Debug, Clone)]
pub struct ToldOrders {
    client: DynamoDb,
    table: String,
}

/// What was told last of an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToldOrder {
    /// The digest of what was told.
    pub digest: ByteBuf,
    /// The digest of the channel's text that was read for it; absent if that is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<ByteBuf>,
    /// How many messages told something of it.
    pub number: u64,
}

impl ToldOrders {
    /// The table with this name.
    pub fn new(client: DynamoDb, table: String) -> Self {
        Self { client, table }
    }

    /// The records under these different keys.
    pub async fn read(&self, keys: &[Key]) -> Result<HashMap<Key, ToldOrder>, StoreFailure> {
        // What is decided on a record is written on the condition that it is current.
        let found = batch_read::read_all(&self.client, &self.table, keys, None, true).await?;
        let told = found.into_iter().map(|found| {
            let key = key_of(&found);
            Ok((key, from_item(found)?))
        });
        told.collect()
    }

    /// The write of a record in a transaction; it fails if another run was faster.
    pub fn part(&self, key: &Key, told: &ToldOrder) -> Result<Part, StoreFailure> {
        let put = Put::builder()
            .table_name(&self.table)
            .set_item(Some(item(key, told)?));
        let put = match told.number.checked_sub(1) {
            None | Some(0) => put.condition_expression("attribute_not_exists(pk)"),
            Some(before) => put
                .condition_expression("#number = :before")
                .expression_attribute_names("#number", "number")
                .expression_attribute_values(":before", AttributeValue::N(before.to_string())),
        };
        Ok(put.build()?.into())
    }

    /// Writes these parts; `false` if another run was faster: then nothing was written.
    pub async fn write(&self, parts: Vec<Part>) -> Result<bool, StoreFailure> {
        write(&self.client, parts).await
    }
}
