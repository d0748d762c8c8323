//! The records of deliveries, each stored next to its message.
//!
//! A delivery has no record until its first attempt has ended, or until it is suspected of crashing the function. One
//! instance at a time works on a lane, so a record has one writer. If a message becomes visible during an attempt, the
//! second writer finds a changed version and continues from it.

use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::put_item::PutItemError;
use aws_sdk_dynamodb::operation::put_item::builders::PutItemInputBuilder;
use aws_sdk_dynamodb::types::AttributeValue;

use crate::aws::DynamoDb;
use crate::aws::direct::SdkAnswer;
use crate::domain::delivery::{DeliveryRecord, DeliveryState};
use crate::store::delivering::undelivered::UndeliveredPlace;
use crate::store::failure::StoreFailure;
use crate::store::items::{attributes, from_item, item, key_of};
use crate::store::keys::Key;
use crate::store::pages::all_items;

/// The records.
#[derive(Debug, Clone)]
pub struct Deliveries {
    client: DynamoDb,
    table: String,
}

impl Deliveries {
    /// The records in the table with this name.
    pub fn new(client: DynamoDb, table: String) -> Self {
        Self { client, table }
    }

    /// The record of a delivery, if it has one.
    pub async fn get(&self, key: &Key) -> Result<Option<DeliveryRecord>, StoreFailure> {
        let read = self
            .client
            .get_item()
            .table_name(&self.table)
            .set_key(Some(attributes(key)))
            .consistent_read(true);
        let found = self.client.send(read).await?;
        Ok(found.item.map(from_item).transpose()?)
    }

    /// Writes a record if there is none, or replaces one with `before` attempts; `false` if there is a different one
    /// now.
    pub async fn put(
        &self,
        key: &Key,
        record: &DeliveryRecord,
        before: u32,
    ) -> Result<bool, StoreFailure> {
        let put = self
            .writing(key, record)?
            .condition_expression("attribute_not_exists(pk) OR attempts = :before")
            .expression_attribute_values(":before", AttributeValue::N(before.to_string()));
        let is_new = before == 0;
        written(if is_new {
            self.client.put_new(put).await
        } else {
            self.client.send(put).await
        })
    }

    /// Replaces the record of a failed delivery with that of a recovered one with the same number of attempts; `false`
    /// if it was recovered in the meantime.
    pub async fn recover(
        &self,
        key: &Key,
        recovered: &DeliveryRecord,
    ) -> Result<bool, StoreFailure> {
        let attempts = AttributeValue::N(recovered.attempts.to_string());
        let failed = AttributeValue::S(DeliveryState::Failed.to_string());
        let put = self
            .writing(key, recovered)?
            .condition_expression("#state = :failed AND attempts = :attempts")
            .expression_attribute_names("#state", "state")
            .expression_attribute_values(":failed", failed)
            .expression_attribute_values(":attempts", attempts);
        written(self.client.send(put).await)
    }

    /// All deliveries of a message, by endpoint.
    pub async fn of(&self, message: &Key) -> Result<Vec<(Key, DeliveryRecord)>, StoreFailure> {
        let begin = format!("{}#", message.sk);
        let query = self
            .client
            .query()
            .table_name(&self.table)
            .key_condition_expression("pk = :pk AND begins_with(sk, :sk)")
            .expression_attribute_values(":pk", AttributeValue::S(message.pk.clone()))
            .expression_attribute_values(":sk", AttributeValue::S(begin))
            .consistent_read(true);
        let items = all_items(&self.client, query).await?;
        let deliveries = items.into_iter();
        deliveries
            .map(|item| Ok((key_of(&item), from_item(item)?)))
            .collect()
    }

    /// Undelivered deliveries have an entry in the index; others do not.
    fn writing(
        &self,
        key: &Key,
        record: &DeliveryRecord,
    ) -> Result<PutItemInputBuilder, StoreFailure> {
        let mut item = item(key, record)?;
        if let Some(place) = UndeliveredPlace::of(key, record) {
            item.extend(place.attributes());
        }
        let put = self.client.put_item().table_name(&self.table);
        Ok(put.set_item(Some(item)))
    }
}

/// Whether a record was written; `false` if the condition failed.
fn written(put: SdkAnswer<PutItemInputBuilder>) -> Result<bool, StoreFailure> {
    match put.map_err(SdkError::into_service_error) {
        Ok(_) => Ok(true),
        Err(PutItemError::ConditionalCheckFailedException(_)) => Ok(false),
        Err(error) => Err(StoreFailure::unavailable(error)),
    }
}
