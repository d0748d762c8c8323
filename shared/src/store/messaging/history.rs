//! Messages and their deliveries without bodies: for lists, timelines and recoveries.

use std::collections::{BTreeMap, HashMap};

use aws_sdk_dynamodb::operation::query::builders::QueryInputBuilder;
use aws_sdk_dynamodb::types::{AttributeValue, KeysAndAttributes};

use crate::aws::DynamoDb;
use crate::domain::delivery::DeliveryRecord;
use crate::domain::message::MessageKind;
use crate::domain::shipment_id::ShipmentId;
use crate::domain::text::{ClientId, OrderNumber};
use crate::store::failure::StoreFailure;
use crate::store::items::{attributes, from_item, key_of};
use crate::store::keys::Key;
use crate::store::message_keys::messages_partition;
use crate::store::messaging::head::{MessageHead, NotificationHead};
use crate::store::pages::Pages;

/// The attributes that are read; the original push and the body are not.
const READ: [&str; 28] = [
    "pk",
    "sk",
    "requestId",
    "sentTo",
    "subject",
    "subjectKind",
    "createdAt",
    "orderNumber",
    "shipmentCode",
    "awb",
    "round",
    "contradicts",
    "alias",
    "byRms",
    "aggregator",
    "status",
    "test",
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
/// What only notifications have: without it a query returns the records of their deliveries, too.
const IS_NOTIFICATION: &str = "attribute_exists(receivedAt)";
/// The maximum number of keys per read.
const KEYS_AT_ONCE: usize = 100;

/// The table of messages, read without bodies.
#[derive(Debug, Clone)]
pub struct History {
    client: DynamoDb,
    table: String,
}

/// Messages and deliveries by their keys.
#[derive(Debug, Default)]
pub struct Kept {
    /// The messages.
    pub messages: BTreeMap<Key, MessageHead>,
    /// The deliveries that have a record.
    pub deliveries: BTreeMap<Key, DeliveryRecord>,
}

impl History {
    /// The table with this name.
    pub fn new(client: DynamoDb, table: String) -> Self {
        Self { client, table }
    }

    /// All messages of the subjects with this code: of every kind and parcel, and of an order's forward and return
    /// shipment.
    pub async fn of_subject(&self, client: &ClientId, code: &str) -> Result<Kept, StoreFailure> {
        let partition = messages_partition(client, code);
        self.beginning_with(partition, None).await
    }

    /// All notifications of one shipment, with their deliveries.
    pub async fn of_shipment(&self, id: &ShipmentId) -> Result<Kept, StoreFailure> {
        self.beginning_with(id.messages(), Some(id.notification_prefix()))
            .await
    }

    /// All notifications of one shipment, without their deliveries.
    pub async fn notifications_of(
        &self,
        id: &ShipmentId,
    ) -> Result<Vec<(Key, NotificationHead)>, StoreFailure> {
        self.notifications(id.messages(), Some(id.notification_prefix()))
            .await
    }

    /// All notifications of the order's shipments in the same direction, without their deliveries.
    pub async fn notifications_of_order(
        &self,
        order: &ShipmentId,
    ) -> Result<Vec<(Key, NotificationHead)>, StoreFailure> {
        self.notifications(order.messages(), Some(order.order_prefix().to_owned()))
            .await
    }

    /// All notifications with this order number, of every parcel and in both directions, without their deliveries.
    pub async fn notifications_with_number(
        &self,
        client: &ClientId,
        number: &OrderNumber,
    ) -> Result<Vec<(Key, NotificationHead)>, StoreFailure> {
        let partition = messages_partition(client, number.as_str());
        self.notifications(partition, None).await
    }

    /// A message and its deliveries.
    pub async fn of_message(&self, key: &Key) -> Result<Kept, StoreFailure> {
        let mut kept = self
            .beginning_with(key.pk.clone(), Some(key.sk.clone()))
            .await?;
        // The keys of later occurrences of an event begin with the key of the first one.
        kept.messages.retain(|found, _| found == key);
        kept.deliveries.retain(|found, _| found.message() == *key);
        Ok(kept)
    }

    /// The notifications whose keys begin with this one, of a shipment; `None` if they are more than one read finds.
    pub async fn if_few(
        &self,
        beginning: Key,
    ) -> Result<Option<Vec<(Key, NotificationHead)>>, StoreFailure> {
        let query = self.query(beginning.pk, Some(beginning.sk));
        let query = query.filter_expression(IS_NOTIFICATION);
        let found = self.client.send(query.consistent_read(false)).await?;
        if found.last_evaluated_key.is_some() {
            return Ok(None);
        }
        read_notifications(found.items.unwrap_or_default()).map(Some)
    }

    async fn notifications(
        &self,
        partition: String,
        prefix: Option<String>,
    ) -> Result<Vec<(Key, NotificationHead)>, StoreFailure> {
        let query = self.query(partition, prefix);
        let query = query.filter_expression(IS_NOTIFICATION);
        let mut pages = Pages::of(&self.client, query);
        let mut found = Vec::new();
        while let Some(page) = pages.next().await? {
            found.extend(read_notifications(page.items.unwrap_or_default())?);
        }
        Ok(found)
    }

    async fn beginning_with(
        &self,
        partition: String,
        prefix: Option<String>,
    ) -> Result<Kept, StoreFailure> {
        let query = self.query(partition, prefix);
        let mut pages = Pages::of(&self.client, query);
        let mut kept = Kept::default();
        while let Some(page) = pages.next().await? {
            kept.add_all(page.items.unwrap_or_default())?;
        }
        Ok(kept)
    }

    fn query(&self, partition: String, prefix: Option<String>) -> QueryInputBuilder {
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
            // The caller may have just received the id of the message.
            .consistent_read(true);
        match prefix {
            Some(prefix) => query.expression_attribute_values(":sk", AttributeValue::S(prefix)),
            None => query,
        }
    }

    /// These deliveries and their messages.
    pub async fn of_deliveries(&self, deliveries: &[Key]) -> Result<Kept, StoreFailure> {
        let mut keys: Vec<Key> = deliveries
            .iter()
            .flat_map(|key| [key.clone(), key.message()])
            .collect();
        keys.sort();
        keys.dedup();
        self.under(&keys).await
    }

    /// The messages and deliveries under these different keys.
    pub async fn under(&self, keys: &[Key]) -> Result<Kept, StoreFailure> {
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
                .build()?,
        );
        while let Some(rest) = wanted {
            let read = self
                .client
                .batch_get_item()
                .request_items(&self.table, rest);
            let found = self.client.send(read).await?;
            let items = found
                .responses
                .and_then(|mut tables| tables.remove(&self.table));
            let is_progress = items.as_ref().is_some_and(|items| !items.is_empty());
            kept.add_all(items.unwrap_or_default())?;
            wanted = found
                .unprocessed_keys
                .and_then(|mut tables| tables.remove(&self.table));
            if wanted.is_some() && !is_progress {
                return Err(StoreFailure::Incomplete);
            }
        }
        Ok(())
    }
}

impl Kept {
    fn add_all(&mut self, items: Vec<HashMap<String, AttributeValue>>) -> Result<(), StoreFailure> {
        items.into_iter().try_for_each(|item| self.add(item))
    }

    fn add(&mut self, item: HashMap<String, AttributeValue>) -> Result<(), StoreFailure> {
        let key = key_of(&item);
        if key.is_of_a_delivery() {
            self.deliveries.insert(key, from_item(item)?);
        } else if let Some(head) = MessageHead::read(&key, item)? {
            self.messages.insert(key, head);
        }
        Ok(())
    }
}

/// The notifications among items: another kind of a later version may have the attribute, too.
fn read_notifications(
    items: Vec<HashMap<String, AttributeValue>>,
) -> Result<Vec<(Key, NotificationHead)>, StoreFailure> {
    let items = items.into_iter().map(|item| (key_of(&item), item));
    items
        .filter(|(key, _)| key.kind() == Some(MessageKind::Notification))
        .map(|(key, item)| Ok((key, from_item(item)?)))
        .collect()
}

/// Uses placeholders, because some names are reserved words of DynamoDB.
fn projection() -> (String, HashMap<String, String>) {
    let names = READ.iter().enumerate();
    let names: Vec<_> = names
        .map(|(index, name)| (format!("#n{index}"), (*name).to_owned()))
        .collect();
    let expression: Vec<_> = names.iter().map(|(name, _)| name.as_str()).collect();
    (expression.join(", "), names.into_iter().collect())
}
