//! How far the changed orders of channel accounts were read, in the table of polls, each under the lease of the run that works on
//! it. The item of an account's requests for returns is another one.

use std::collections::HashMap;
use std::time::Duration;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValue};
use jiff::Timestamp;
use serde::Deserialize;
use serde_dynamo::{from_item, to_attribute_value};

use crate::domain::selling::order_poll::OrderPoll;
use crate::domain::text::{AccountAlias, ClientId};
use crate::store::failure::StoreFailure;

/// The table.
#[derive(Debug, Clone)]
pub struct OrderPolls {
    client: Client,
    table: String,
}

/// The lease with which a run works on an account.
#[derive(Debug)]
pub struct OrderPollLease {
    client_id: ClientId,
    alias: AccountAlias,
    holder: String,
}

/// The item of an account.
#[derive(Debug, Default, Deserialize)]
struct PollItem {
    #[serde(default)]
    poll: Option<OrderPoll>,
}

impl OrderPolls {
    /// The table with this name.
    pub fn new(client: Client, table: String) -> Self {
        Self { client, table }
    }

    /// What is known about an account's poll; `None` before the first run.
    pub async fn read(
        &self,
        client_id: &ClientId,
        alias: &AccountAlias,
    ) -> Result<Option<OrderPoll>, StoreFailure> {
        let found = self
            .client
            .get_item()
            .table_name(&self.table)
            .set_key(Some(key(client_id, alias)))
            .send()
            .await?;
        let found: Option<PollItem> = found.item.map(from_item).transpose()?;
        Ok(found.and_then(|found| found.poll))
    }

    /// Takes the lease on an account for this long, and returns it with what earlier runs left; `None` if another run has it.
    pub async fn lease(
        &self,
        client_id: &ClientId,
        alias: &AccountAlias,
        now: Timestamp,
        lasts: Duration,
    ) -> Result<Option<(OrderPollLease, Option<OrderPoll>)>, StoreFailure> {
        let lease = OrderPollLease {
            client_id: client_id.clone(),
            alias: alias.clone(),
            holder: format!("{:032x}", fastrand::u128(..)),
        };
        let update = self
            .update(&lease)
            .update_expression("SET leaseHolder = :holder, leaseUntil = :until")
            .condition_expression("attribute_not_exists(leaseUntil) OR leaseUntil < :now")
            .expression_attribute_values(":until", millisecond(now + lasts))
            .expression_attribute_values(":now", millisecond(now))
            .return_values(ReturnValue::AllOld);
        let before = match update.send().await.map_err(SdkError::into_service_error) {
            Ok(updated) => updated.attributes,
            Err(UpdateItemError::ConditionalCheckFailedException(_)) => return Ok(None),
            Err(error) => return Err(StoreFailure::Unavailable(error.into())),
        };
        let before: PollItem = before.map(from_item).transpose()?.unwrap_or_default();
        Ok(Some((lease, before.poll)))
    }

    /// Writes how far a poll is, and extends the lease; `false` if another run has it now.
    pub async fn keep(
        &self,
        lease: &OrderPollLease,
        poll: &OrderPoll,
        now: Timestamp,
        lasts: Duration,
    ) -> Result<bool, StoreFailure> {
        let update = self
            .held(lease, poll)?
            .update_expression("SET poll = :poll, leaseUntil = :until")
            .expression_attribute_values(":until", millisecond(now + lasts));
        written(update).await
    }

    /// Writes how far a poll is, and returns the lease, unless another run has it now.
    pub async fn release(
        &self,
        lease: &OrderPollLease,
        poll: &OrderPoll,
    ) -> Result<(), StoreFailure> {
        let update = self
            .held(lease, poll)?
            .update_expression("SET poll = :poll REMOVE leaseHolder, leaseUntil");
        written(update).await.map(|_| ())
    }

    fn held(
        &self,
        lease: &OrderPollLease,
        poll: &OrderPoll,
    ) -> Result<UpdateItemFluentBuilder, StoreFailure> {
        let update = self.update(lease);
        Ok(update
            .condition_expression("leaseHolder = :holder")
            .expression_attribute_values(":poll", to_attribute_value(poll)?))
    }

    fn update(&self, lease: &OrderPollLease) -> UpdateItemFluentBuilder {
        self.client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(key(&lease.client_id, &lease.alias)))
            .expression_attribute_values(":holder", AttributeValue::S(lease.holder.clone()))
    }
}

/// The key of an account's item. No alias has a `#`.
fn key(client_id: &ClientId, alias: &AccountAlias) -> HashMap<String, AttributeValue> {
    HashMap::from([
        (
            "clientId".to_owned(),
            AttributeValue::S(client_id.to_string()),
        ),
        (
            "alias".to_owned(),
            AttributeValue::S(format!("orders#{alias}")),
        ),
    ])
}

fn millisecond(at: Timestamp) -> AttributeValue {
    AttributeValue::N(at.as_millisecond().to_string())
}

/// Whether the condition held.
async fn written(update: UpdateItemFluentBuilder) -> Result<bool, StoreFailure> {
    match update.send().await.map_err(SdkError::into_service_error) {
        Ok(_) => Ok(true),
        Err(UpdateItemError::ConditionalCheckFailedException(_)) => Ok(false),
        Err(error) => Err(StoreFailure::Unavailable(error.into())),
    }
}
