//! The table of polls: an item for each poll of a channel account. One run at a time works on it, under a lease.

use std::collections::HashMap;
use std::time::Duration;

use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemInputBuilder;
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValue};
use jiff::Timestamp;
use serde::de::DeserializeOwned;

use crate::aws::DynamoDb;
use crate::domain::text::ClientId;
use crate::store::attributes::{self, millisecond};
use crate::store::failure::StoreFailure;
use crate::store::items::from_item;

/// The table.
#[derive(Debug, Clone)]
pub(super) struct PollTable {
    client: DynamoDb,
    table: String,
}

/// A lease on an item.
#[derive(Debug, Clone)]
pub(super) struct HeldPoll {
    client_id: ClientId,
    name: String,
    holder: String,
}

impl PollTable {
    pub(super) fn new(client: DynamoDb, table: String) -> Self {
        Self { client, table }
    }

    /// A client's item with this name; `None` before the first run.
    pub(super) async fn read<T: DeserializeOwned>(
        &self,
        client_id: &ClientId,
        name: &str,
    ) -> Result<Option<T>, StoreFailure> {
        let found = self
            .client
            .get_item()
            .table_name(&self.table)
            .set_key(Some(key(client_id, name)));
        let found = self.client.send(found).await?;
        Ok(found.item.map(from_item).transpose()?)
    }

    /// Takes the lease on a client's item with this name for this long, and returns it with what earlier runs left; `None` if
    /// another run has it.
    pub(super) async fn lease<T: DeserializeOwned + Default>(
        &self,
        client_id: &ClientId,
        name: String,
        now: Timestamp,
        lasts: Duration,
    ) -> Result<Option<(HeldPoll, T)>, StoreFailure> {
        let held = HeldPoll {
            client_id: client_id.clone(),
            name,
            holder: format!("{:032x}", fastrand::u128(..)),
        };
        let update = self
            .update(&held)
            .update_expression("SET leaseHolder = :holder, leaseUntil = :until")
            .condition_expression("attribute_not_exists(leaseUntil) OR leaseUntil < :now")
            .expression_attribute_values(":until", millisecond(now + lasts))
            .expression_attribute_values(":now", millisecond(now))
            .return_values(ReturnValue::AllOld);
        let before = match self
            .client
            .send(update)
            .await
            .map_err(SdkError::into_service_error)
        {
            Ok(updated) => updated.attributes,
            Err(UpdateItemError::ConditionalCheckFailedException(_)) => return Ok(None),
            Err(error) => return Err(StoreFailure::unavailable(error)),
        };
        let before = before.map(from_item).transpose()?;
        Ok(Some((held, before.unwrap_or_default())))
    }

    /// An update of an item on the condition that the lease on it is still held.
    pub(super) fn held(&self, held: &HeldPoll) -> UpdateItemInputBuilder {
        self.update(held)
            .condition_expression("leaseHolder = :holder")
    }

    fn update(&self, held: &HeldPoll) -> UpdateItemInputBuilder {
        self.client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(key(&held.client_id, &held.name)))
            .expression_attribute_values(":holder", AttributeValue::S(held.holder.clone()))
    }

    /// Makes an update; `false` if its condition fails.
    pub(super) async fn written(
        &self,
        update: UpdateItemInputBuilder,
    ) -> Result<bool, StoreFailure> {
        attributes::written(&self.client, update).await
    }
}

/// The key of an item: the table calls its name the alias.
fn key(client_id: &ClientId, name: &str) -> HashMap<String, AttributeValue> {
    HashMap::from([
        (
            "clientId".to_owned(),
            AttributeValue::S(client_id.to_string()),
        ),
        ("alias".to_owned(), AttributeValue::S(name.to_owned())),
    ])
}
