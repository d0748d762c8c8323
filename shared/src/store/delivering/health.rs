//! The table of endpoint health: whether an endpoint accepts deliveries, separate from its configuration.
//!
//! It is read consistently and cached for one batch at most. An endpoint that never failed has no item. A change of a
//! suspension increments the version and requires the version on which it was decided, so that of two concurrent
//! instances one has to decide again.

mod item;

use std::collections::BTreeMap;

use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemInputBuilder;
use aws_sdk_dynamodb::types::{AttributeValue, KeysAndAttributes, ReturnValue, Update};
use jiff::Timestamp;
use serde::Deserialize;
use serde_dynamo::to_attribute_value;

use crate::aws::DynamoDb;
use crate::domain::endpoint_key::EndpointKey;
use crate::domain::health::{Health, Suspension, SuspensionReason};
use crate::domain::slowness::MOST_HANGS;
use crate::domain::text::{ClientId, EndpointId};
use crate::store::attributes::{millisecond, number, written};
use crate::store::batch_read::{self, Found, Wanted};
use crate::store::delivering::health::item::{HealthItem, stored};
use crate::store::failure::StoreFailure;
use crate::store::items::{from_item, from_items};
use crate::store::pages::all_items;
use crate::store::transaction::{self, Part};

/// The sparse index of suspended endpoints.
const INDEX: &str = "suspended";
/// Its key attribute with its only value.
const MARK: (&str, &str) = ("suspendedMark", "1");
/// The condition that the endpoint is suspended.
const IS_SUSPENDED: &str = "attribute_exists(suspension)";

/// The table.
#[derive(Debug, Clone)]
pub struct EndpointHealths {
    client: DynamoDb,
    table: String,
}

/// The lease with which an instance works on a suspension.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lease {
    /// Its holder.
    pub holder: String,
    /// The endpoint's health when the lease was taken.
    pub health: Health,
    /// The number of leases in this suspension.
    pub turns: u32,
    /// Whether the previous holder did not release it: it may have crashed.
    pub was_left: bool,
}

impl EndpointHealths {
    /// The table with this name.
    pub fn new(client: DynamoDb, table: String) -> Self {
        Self { client, table }
    }

    /// The current health of an endpoint.
    pub async fn read(&self, endpoint: &EndpointKey) -> Result<Health, StoreFailure> {
        let read = self
            .client
            .get_item()
            .table_name(&self.table)
            .set_key(Some(endpoint.attributes()))
            .consistent_read(true);
        let found = self.client.send(read).await?;
        let item: Option<HealthItem> = found.item.map(from_item).transpose()?;
        Ok(item.unwrap_or_default().into())
    }

    /// An endpoint's health and the items of another table, with one consistent read.
    pub async fn read_with(
        &self,
        endpoint: &EndpointKey,
        beside: Wanted,
    ) -> Result<(Health, Found), StoreFailure> {
        let keys = KeysAndAttributes::builder()
            .keys(endpoint.attributes())
            .consistent_read(true)
            .build()?;
        let own = Wanted {
            table: self.table.clone(),
            keys,
        };
        let mut found = batch_read::read(&self.client, [own, beside]).await?;
        let item = found.of(&self.table).pop();
        let item: Option<HealthItem> = item.map(from_item).transpose()?;
        Ok((item.unwrap_or_default().into(), found))
    }

    /// The health of a client's endpoints, by id; endpoints that never failed are left out.
    pub async fn of_client(
        &self,
        client_id: &ClientId,
    ) -> Result<BTreeMap<EndpointId, Health>, StoreFailure> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Named {
            endpoint_id: EndpointId,
            #[serde(flatten)]
            item: HealthItem,
        }
        let query = self
            .client
            .query()
            .table_name(&self.table)
            .key_condition_expression("clientId = :client")
            .expression_attribute_values(":client", AttributeValue::S(client_id.to_string()));
        let found = all_items(&self.client, query).await?;
        let items: Vec<Named> = from_items(found)?;
        let named = |named: Named| (named.endpoint_id, named.item.into());
        Ok(items.into_iter().map(named).collect())
    }

    /// The suspended endpoints of all clients: the only query that is not limited to one client.
    pub async fn suspended(&self) -> Result<Vec<EndpointKey>, StoreFailure> {
        let query = self
            .client
            .query()
            .table_name(&self.table)
            .index_name(INDEX)
            .key_condition_expression("#mark = :mark")
            .expression_attribute_names("#mark", MARK.0)
            .expression_attribute_values(":mark", AttributeValue::S(MARK.1.to_owned()));
        let found = all_items(&self.client, query).await?;
        Ok(from_items(found)?)
    }

    /// Records that the endpoint is failing, unless that is already recorded.
    pub async fn fails(
        &self,
        endpoint: &EndpointKey,
        since: Timestamp,
    ) -> Result<(), StoreFailure> {
        let update = self
            .update(endpoint)
            .update_expression("SET failingSince = :since")
            .condition_expression("attribute_not_exists(failingSince)")
            .expression_attribute_values(":since", millisecond(since));
        written(&self.client, update).await.map(|_| ())
    }

    /// Records that the endpoint accepted a delivery, if it had been failing since then.
    pub async fn takes(
        &self,
        endpoint: &EndpointKey,
        since: Timestamp,
    ) -> Result<(), StoreFailure> {
        let update = self
            .update(endpoint)
            .update_expression("REMOVE failingSince")
            .condition_expression("failingSince = :since")
            .expression_attribute_values(":since", millisecond(since));
        written(&self.client, update).await.map(|_| ())
    }

    /// Records that an attempt hung, and returns the endpoint's health after it.
    pub async fn hangs(
        &self,
        endpoint: &EndpointKey,
        at: Timestamp,
    ) -> Result<Health, StoreFailure> {
        let update = self
            .update(endpoint)
            .update_expression("SET failingSince = if_not_exists(failingSince, :at) ADD hangs :one")
            .expression_attribute_values(":at", millisecond(at))
            .expression_attribute_values(":one", number(1))
            .return_values(ReturnValue::AllNew);
        let updated = self.client.send(update).await?;
        let item: Option<HealthItem> = updated.attributes.map(from_item).transpose()?;
        Ok(item.unwrap_or_default().into())
    }

    /// Takes off one hang, because the endpoint accepted a delivery.
    pub async fn eases(&self, endpoint: &EndpointKey) -> Result<(), StoreFailure> {
        let update = self
            .update(endpoint)
            .update_expression("ADD hangs :minus")
            .condition_expression("hangs > :zero")
            .expression_attribute_values(":minus", AttributeValue::N("-1".to_owned()))
            .expression_attribute_values(":zero", number(0));
        written(&self.client, update).await.map(|_| ())
    }

    /// Suspends an endpoint whose health was `seen`: it has been failing, or has hung, ever since. `false`: it accepted
    /// a delivery in the meantime, or another instance was first.
    pub async fn suspend(
        &self,
        endpoint: &EndpointKey,
        seen: &Health,
        suspension: &Suspension,
    ) -> Result<bool, StoreFailure> {
        let update = if suspension.reason == SuspensionReason::Slow {
            self.changing(endpoint, seen.version, "hangs >= :hangs")
                .expression_attribute_values(":hangs", number(MOST_HANGS.into()))
        } else {
            let Some(since) = seen.failing_since else {
                return Ok(false);
            };
            self.changing(endpoint, seen.version, "failingSince = :since")
                .expression_attribute_values(":since", millisecond(since))
        };
        let mut set = "SET version = :next, suspension = :suspension, suspendedMark = :mark, \
                       turns = :zero, hangs = :zero"
            .to_owned();
        let mut update = update
            .expression_attribute_values(":mark", AttributeValue::S(MARK.1.to_owned()))
            .expression_attribute_values(":zero", number(0))
            .expression_attribute_values(":suspension", stored(suspension)?);
        if let Some(slowness) = seen.slowness_with(suspension) {
            set.push_str(", slowness = :slowness");
            update = update.expression_attribute_values(":slowness", to_attribute_value(slowness)?);
        }
        written(&self.client, update.update_expression(set)).await
    }

    /// Updates a suspension. `false`: another instance changed it since it was read.
    pub async fn change(
        &self,
        endpoint: &EndpointKey,
        seen: u64,
        suspension: &Suspension,
    ) -> Result<bool, StoreFailure> {
        let update = self
            .changing(endpoint, seen, IS_SUSPENDED)
            .update_expression("SET version = :next, suspension = :suspension, hangs = :zero")
            .expression_attribute_values(":zero", number(0))
            .expression_attribute_values(":suspension", stored(suspension)?);
        written(&self.client, update).await
    }

    /// Resumes an endpoint without a probe, and resets the time since which it fails. `false`: another instance changed
    /// the suspension since it was read. `others` are written in the same transaction.
    pub async fn lift(
        &self,
        endpoint: &EndpointKey,
        seen: u64,
        suspension: &Suspension,
        others: Vec<Part>,
    ) -> Result<bool, StoreFailure> {
        let update = Update::builder()
            .table_name(&self.table)
            .set_key(Some(endpoint.attributes()))
            .update_expression(
                "SET version = :next, suspension = :suspension REMOVE failingSince, hangs",
            )
            .condition_expression(format!("version = :seen AND {IS_SUSPENDED}"))
            .expression_attribute_values(":seen", number(seen))
            .expression_attribute_values(":next", number(seen + 1))
            .expression_attribute_values(":suspension", stored(suspension)?)
            .build()?;
        let parts = others.into_iter().chain([update.into()]);
        transaction::write(&self.client, parts).await
    }

    /// Ends a suspension: the endpoint is active again. `false`: another instance changed it since it was read.
    pub async fn end(&self, endpoint: &EndpointKey, seen: u64) -> Result<bool, StoreFailure> {
        let update = self
            .changing(endpoint, seen, IS_SUSPENDED)
            .update_expression(
                "SET version = :next REMOVE suspension, suspendedMark, turns, failingSince, hangs",
            );
        written(&self.client, update).await
    }

    /// Takes the lease on a suspension, if there is one and its lease is free.
    pub async fn lease(
        &self,
        endpoint: &EndpointKey,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<Option<Lease>, StoreFailure> {
        let holder = format!("{:032x}", fastrand::u128(..));
        let update = self
            .update(endpoint)
            .update_expression(
                "SET leaseHolder = :holder, leaseUntil = :until ADD turns :one",
            )
            .condition_expression(
                "attribute_exists(suspension) AND (attribute_not_exists(leaseUntil) OR leaseUntil < :now)",
            )
            .expression_attribute_values(":holder", AttributeValue::S(holder.clone()))
            .expression_attribute_values(":until", millisecond(until))
            .expression_attribute_values(":now", millisecond(now))
            .expression_attribute_values(":one", number(1))
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
        let before: HealthItem = before.map(from_item).transpose()?.unwrap_or_default();
        Ok(Some(Lease {
            holder,
            turns: before.turns,
            was_left: before.lease_holder.is_some(),
            health: before.into(),
        }))
    }

    /// Releases the lease.
    pub async fn release(&self, endpoint: &EndpointKey, lease: &Lease) -> Result<(), StoreFailure> {
        let update = self
            .update(endpoint)
            .update_expression("REMOVE leaseHolder, leaseUntil")
            .condition_expression("leaseHolder = :holder")
            .expression_attribute_values(":holder", AttributeValue::S(lease.holder.clone()));
        written(&self.client, update).await.map(|_| ())
    }

    fn update(&self, endpoint: &EndpointKey) -> UpdateItemInputBuilder {
        self.client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(endpoint.attributes()))
    }

    /// An update to the next version that also requires the condition `holds`.
    fn changing(&self, endpoint: &EndpointKey, seen: u64, holds: &str) -> UpdateItemInputBuilder {
        let update = self
            .update(endpoint)
            .expression_attribute_values(":next", number(seen + 1));
        if seen == 0 {
            return update
                .condition_expression(format!("attribute_not_exists(version) AND {holds}"));
        }
        update
            .condition_expression(format!("version = :seen AND {holds}"))
            .expression_attribute_values(":seen", number(seen))
    }
}
