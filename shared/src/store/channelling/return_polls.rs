//! The table of polls: how far the requests for returns of a channel account were listed.
//!
//! A walk lists all pages since a time. Where it is, is written after each page, so that a run that ends early is continued by
//! the next one; the time from which the next walk lists is written when a walk is complete. One run at a time works on an
//! account, under a lease.

use std::collections::HashMap;
use std::time::Duration;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValue};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_dynamo::{from_item, to_attribute_value};

use crate::domain::return_walk::ReturnWalk;
use crate::domain::text::{AccountAlias, ClientId};
use crate::store::failure::StoreFailure;

/// The table.
#[derive(Debug, Clone)]
pub struct ReturnPolls {
    client: Client,
    table: String,
}

/// The lease with which a run works on an account.
#[derive(Debug, Clone)]
pub struct PollLease {
    client_id: ClientId,
    alias: AccountAlias,
    holder: String,
    /// When the last complete walk began.
    pub walked_at: Option<Timestamp>,
    /// A walk that is not complete.
    pub walk: Option<ReturnWalk>,
}

/// The item of an account.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct PollItem {
    #[serde(default)]
    walked_at: Option<i64>,
    #[serde(default)]
    walk: Option<WalkItem>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct WalkItem {
    began_at: i64,
    since: i64,
    page: u32,
}

impl ReturnPolls {
    /// The table with this name.
    pub fn new(client: Client, table: String) -> Self {
        Self { client, table }
    }

    /// Takes the lease on an account for this long; `None` if another run has it.
    pub async fn lease(
        &self,
        client_id: &ClientId,
        alias: &AccountAlias,
        now: Timestamp,
        lasts: Duration,
    ) -> Result<Option<PollLease>, StoreFailure> {
        let holder = format!("{:032x}", fastrand::u128(..));
        let update = self
            .update(client_id, alias)
            .update_expression("SET leaseHolder = :holder, leaseUntil = :until")
            .condition_expression("attribute_not_exists(leaseUntil) OR leaseUntil < :now")
            .expression_attribute_values(":holder", AttributeValue::S(holder.clone()))
            .expression_attribute_values(":until", millisecond(now + lasts))
            .expression_attribute_values(":now", millisecond(now))
            .return_values(ReturnValue::AllOld);
        let before = match update.send().await.map_err(SdkError::into_service_error) {
            Ok(updated) => updated.attributes,
            Err(UpdateItemError::ConditionalCheckFailedException(_)) => return Ok(None),
            Err(error) => return Err(StoreFailure::Unavailable(error.into())),
        };
        let before: PollItem = before.map(from_item).transpose()?.unwrap_or_default();
        Ok(Some(PollLease {
            client_id: client_id.clone(),
            alias: alias.clone(),
            holder,
            walked_at: before.walked_at.and_then(time),
            walk: before.walk.and_then(WalkItem::read),
        }))
    }

    /// Writes where a walk is, and extends the lease; `false` if another run has it now.
    pub async fn reach(
        &self,
        lease: &PollLease,
        walk: &ReturnWalk,
        now: Timestamp,
        lasts: Duration,
    ) -> Result<bool, StoreFailure> {
        let walk = WalkItem {
            began_at: walk.began_at.as_millisecond(),
            since: walk.since.as_millisecond(),
            page: walk.page,
        };
        let update = self
            .held(lease)
            .update_expression("SET walk = :walk, leaseUntil = :until")
            .expression_attribute_values(":walk", to_attribute_value(walk)?)
            .expression_attribute_values(":until", millisecond(now + lasts));
        written(update).await
    }

    /// Ends a complete walk, and releases the lease.
    pub async fn complete(&self, lease: &PollLease, walk: &ReturnWalk) -> Result<(), StoreFailure> {
        let update = self
            .held(lease)
            .update_expression("SET walkedAt = :at REMOVE walk, leaseHolder, leaseUntil")
            .expression_attribute_values(":at", millisecond(walk.began_at));
        written(update).await.map(|_| ())
    }

    /// Releases the lease: the next run continues.
    pub async fn release(&self, lease: &PollLease) -> Result<(), StoreFailure> {
        let update = self
            .held(lease)
            .update_expression("REMOVE leaseHolder, leaseUntil");
        written(update).await.map(|_| ())
    }

    fn held(&self, lease: &PollLease) -> UpdateItemFluentBuilder {
        self.update(&lease.client_id, &lease.alias)
            .condition_expression("leaseHolder = :holder")
            .expression_attribute_values(":holder", AttributeValue::S(lease.holder.clone()))
    }

    fn update(&self, client_id: &ClientId, alias: &AccountAlias) -> UpdateItemFluentBuilder {
        let text = |value: &str| AttributeValue::S(value.to_owned());
        let key = HashMap::from([
            ("clientId".to_owned(), text(client_id.as_str())),
            ("alias".to_owned(), text(alias.as_str())),
        ]);
        self.client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(key))
    }
}

impl WalkItem {
    fn read(self) -> Option<ReturnWalk> {
        Some(ReturnWalk {
            began_at: time(self.began_at)?,
            since: time(self.since)?,
            page: self.page,
        })
    }
}

fn time(millisecond: i64) -> Option<Timestamp> {
    Timestamp::from_millisecond(millisecond).ok()
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
