//! What is kept of notifications and their deliveries, read without the bodies: for lists, time lines and recoveries.

use std::collections::{BTreeMap, HashMap};

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::{AttributeValue, KeysAndAttributes};
use serde::Deserialize;
use serde_dynamo::from_item;

use crate::domain::delivery::DeliveryRecord;
use crate::domain::notification::NotificationType;
use crate::domain::shipment_id::ShipmentId;
use crate::domain::text::{AccountAlias, AggregatorName, ClientId, OrderNumber, ShipmentCode};
use crate::store::failure::StoreFailure;
use crate::store::items::{attributes, key_of};
use crate::store::keys::{Key, notifications_partition};

/// All that is read; the push as it came and the payload are not.
const READ: [&str; 18] = [
    "pk",
    "sk",
    "orderNumber",
    "shipmentCode",
    "alias",
    "aggregator",
    "status",
    "pushedType",
    "notificationType",
    "receivedAt",
    "occurredAt",
    "state",
    "attempts",
    "first",
    "last",
    "begun",
    "recovery",
    "expiresAt",
];
/// The most keys that the table reads at once.
const KEYS_AT_ONCE: usize = 100;

/// The table of notifications, without bodies.
#[derive(Debug, Clone)]
pub struct History {
    client: Client,
    table: String,
}

/// A notification without its bodies.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NotificationHead {
    /// The client's order number.
    pub order_number: OrderNumber,
    /// One of several parcels of the order.
    #[serde(default)]
    pub shipment_code: Option<ShipmentCode>,
    /// The account that pushed it.
    pub alias: AccountAlias,
    /// The account's aggregator; old items do not say it.
    #[serde(default)]
    pub aggregator: Option<AggregatorName>,
    /// What became of it when it came.
    pub status: String,
    /// The pusher's own word.
    pub pushed_type: String,
    /// Our word for it.
    #[serde(default)]
    pub notification_type: Option<NotificationType>,
    /// When it came, in epoch milliseconds.
    pub received_at: i64,
    /// When it happened, in epoch milliseconds, where the pusher says so.
    #[serde(default)]
    pub occurred_at: Option<i64>,
}

/// Notifications and deliveries by their keys.
#[derive(Debug, Default)]
pub struct Kept {
    /// The notifications.
    pub notifications: BTreeMap<Key, NotificationHead>,
    /// The deliveries that have a record.
    pub deliveries: BTreeMap<Key, DeliveryRecord>,
}

impl History {
    /// The table of that name.
    pub fn new(client: Client, table: String) -> Self {
        Self { client, table }
    }

    /// All of an order, forward and return, every parcel.
    pub async fn of_order(
        &self,
        client: &ClientId,
        order_number: &OrderNumber,
    ) -> Result<Kept, StoreFailure> {
        let partition = notifications_partition(client, order_number);
        self.beginning_with(partition, None).await
    }

    /// All of one shipment.
    pub async fn of_shipment(&self, id: &ShipmentId) -> Result<Kept, StoreFailure> {
        let partition = notifications_partition(&id.client_id, &id.order_number);
        self.beginning_with(partition, Some(id.notification_prefix()))
            .await
    }

    async fn beginning_with(
        &self,
        partition: String,
        prefix: Option<String>,
    ) -> Result<Kept, StoreFailure> {
        let (expression, names) = projection();
        let query = self
            .client
            .query()
            .table_name(&self.table)
            .key_condition_expression(match prefix {
                Some(_) => "pk = :pk AND begins_with(sk, :sk)",
                None => "pk = :pk",
            })
            .expression_attribute_values(":pk", AttributeValue::S(partition))
            .projection_expression(expression)
            .set_expression_attribute_names(Some(names))
            // Whoever was just told of a notification may ask for it.
            .consistent_read(true);
        let query = match prefix {
            Some(prefix) => query.expression_attribute_values(":sk", AttributeValue::S(prefix)),
            None => query,
        };
        let mut items = query.into_paginator().items().send();
        let mut kept = Kept::default();
        while let Some(item) = items.next().await {
            kept.add(item?)?;
        }
        Ok(kept)
    }

    /// These deliveries, and the notifications that they belong to.
    pub async fn of_deliveries(&self, deliveries: &[Key]) -> Result<Kept, StoreFailure> {
        let mut keys: Vec<Key> = deliveries
            .iter()
            .flat_map(|key| [key.clone(), key.notification()])
            .collect();
        keys.sort();
        keys.dedup();
        let mut kept = Kept::default();
        for keys in keys.chunks(KEYS_AT_ONCE) {
            self.read(keys, &mut kept).await?;
        }
        Ok(kept)
    }

    async fn read(&self, keys: &[Key], kept: &mut Kept) -> Result<(), StoreFailure> {
        let (expression, names) = projection();
        let mut wanted = Some(
            KeysAndAttributes::builder()
                .set_keys(Some(keys.iter().map(attributes).collect()))
                .projection_expression(expression)
                .set_expression_attribute_names(Some(names))
                .consistent_read(true)
                .build()
                .map_err(|error| StoreFailure::Unavailable(error.into()))?,
        );
        while let Some(rest) = wanted {
            let found = self
                .client
                .batch_get_item()
                .request_items(&self.table, rest)
                .send()
                .await?;
            let items = found
                .responses
                .and_then(|mut tables| tables.remove(&self.table));
            let is_progress = items.as_ref().is_some_and(|items| !items.is_empty());
            for item in items.unwrap_or_default() {
                kept.add(item)?;
            }
            wanted = found
                .unprocessed_keys
                .and_then(|mut tables| tables.remove(&self.table));
            if wanted.is_some() && !is_progress {
                return Err(StoreFailure::Unavailable(
                    "a batch read was cut short".into(),
                ));
            }
        }
        Ok(())
    }
}

impl Kept {
    fn add(&mut self, item: HashMap<String, AttributeValue>) -> Result<(), StoreFailure> {
        let key = key_of(&item);
        if key.is_of_a_delivery() {
            self.deliveries.insert(key, from_item(item)?);
        } else {
            self.notifications.insert(key, from_item(item)?);
        }
        Ok(())
    }
}

/// Under stand-in names: some of the real ones are words of the query language.
fn projection() -> (String, HashMap<String, String>) {
    let names = READ.iter().enumerate();
    let names: Vec<_> = names
        .map(|(index, name)| (format!("#n{index}"), (*name).to_owned()))
        .collect();
    let expression: Vec<_> = names.iter().map(|(name, _)| name.as_str()).collect();
    (expression.join(", "), names.into_iter().collect())
}
