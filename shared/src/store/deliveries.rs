//! The records of deliveries, each beside its notification.
//!
//! A delivery has no record until its first attempt has ended, or until it is suspected of ending no attempt. A lane is worked on by one instance at a time, so a
//! record has one writer; should a message have become visible during an attempt, the second writer finds the version
//! changed and counts on from there.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::put_item::PutItemError;
use aws_sdk_dynamodb::types::AttributeValue;
use serde_dynamo::from_item;

use crate::domain::delivery::DeliveryRecord;
use crate::store::failure::StoreFailure;
use crate::store::items::{attributes, item};
use crate::store::keys::Key;

/// The records.
#[derive(Debug, Clone)]
pub struct Deliveries {
    client: Client,
    table: String,
}

impl Deliveries {
    /// The records in the table of that name.
    pub fn new(client: Client, table: String) -> Self {
        Self { client, table }
    }

    /// The record of a delivery, once it has one.
    pub async fn get(&self, key: &Key) -> Result<Option<DeliveryRecord>, StoreFailure> {
        let found = self
            .client
            .get_item()
            .table_name(&self.table)
            .set_key(Some(attributes(key)))
            .consistent_read(true)
            .send()
            .await?;
        Ok(found.item.map(from_item).transpose()?)
    }

    /// Writes a record where there is none, or over one with `before` attempts; `false` if there is another one by now.
    pub async fn put(
        &self,
        key: &Key,
        record: &DeliveryRecord,
        before: u32,
    ) -> Result<bool, StoreFailure> {
        let put = self
            .client
            .put_item()
            .table_name(&self.table)
            .set_item(Some(item(key, record)?));
        let put = put
            .condition_expression("attribute_not_exists(pk) OR attempts = :before")
            .expression_attribute_values(":before", AttributeValue::N(before.to_string()));
        match put.send().await.map_err(SdkError::into_service_error) {
            Ok(_) => Ok(true),
            Err(PutItemError::ConditionalCheckFailedException(_)) => Ok(false),
            Err(error) => Err(StoreFailure::Unavailable(error.into())),
        }
    }
}
