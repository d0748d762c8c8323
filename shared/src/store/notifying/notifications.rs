//! The table of notifications: one conditional put stores an event and tells whether it already existed.
//!
//! An event with its own id is stored only once. An event without one is identified by its digest, and a repeat after
//! ten minutes is a new event: it is stored as the next *occurrence* of the first one, which counts them.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::{AttributeValue, Put};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;

use crate::aws::DynamoDb;
use crate::domain::event_kind::UnreadField;
use crate::domain::notification::{Identity, NotificationType};
use crate::domain::shipment_id::ShipmentId;
use crate::domain::text::{
    AccountAlias, AggregatorName, Awb, EndpointId, OrderNumber, RequestId, ShipmentCode,
};
use crate::store::batch_read;
use crate::store::expiry::expiry;
use crate::store::failure::StoreFailure;
use crate::store::items::{attributes, from_item, item, key_of};
use crate::store::keys::Key;
use crate::store::message_keys::MessageKey;
use crate::store::messaging::messages::outgoing_body;
use crate::store::messaging::once::{delivered_to, put_once, recorded, send_to_more};
use crate::store::notifying::exceptions::ExceptionPlace;
use crate::store::notifying::unmapped::UnmappedPlace;
use crate::store::packed::unpack;
use crate::store::transaction::Part;

/// Within this time, a repeat without an id is the same event.
const REPEAT_WINDOW_MS: i64 = 10 * 60 * 1000;

/// The table.
#[derive(Debug, Clone)]
pub struct Notifications {
    pub(super) client: DynamoDb,
    pub(super) table: String,
}

/// A stored notification.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StoredNotification {
    /// The client's order number.
    pub order_number: OrderNumber,
    /// One of several parcels of the order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shipment_code: Option<ShipmentCode>,
    /// The pushed AWB.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub awb: Option<Awb>,
    /// The round of the pushed name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub round: Option<u32>,
    /// Another order of the client that the push named, although its AWB belongs to this one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contradicts: Option<OrderNumber>,
    /// The account that pushed it, or that a return order is about; absent if there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alias: Option<AccountAlias>,
    /// Whether RMS itself made it, about a return order; absent if an aggregator pushed it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub by_rms: bool,
    /// The account's aggregator; absent in old items.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub aggregator: Option<AggregatorName>,
    /// Its result: ACCEPTED, UNMAPPED or IGNORED. It changes only from UNMAPPED, by a replay.
    pub status: String,
    /// Whether it is a test of the push URL.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub test: bool,
    /// Why it could not be read; empty if it was.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unread: Vec<UnreadField>,
    /// The type as pushed; empty if it could not be read.
    pub pushed_type: String,
    /// The mapped type.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notification_type: Option<NotificationType>,
    /// Whether the type comes from the account's configuration, because the aggregator's table does not know the code.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub mapped_by_account: bool,
    /// When it got its type, in epoch milliseconds, if it was stored as unmapped and replayed later.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replayed_at: Option<i64>,
    /// When it arrived, in epoch milliseconds.
    pub received_at: i64,
    /// When it happened, in epoch milliseconds, if the push says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub occurred_at: Option<i64>,
    /// The push's request id; absent in old items.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<RequestId>,
    /// The original push, compressed, perhaps with the body for endpoints behind it.
    pub raw: ByteBuf,
    /// The length of the push, if the body for endpoints is behind it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub raw_length: Option<usize>,
    /// The compressed body for endpoints, if it was made later than the push; absent if it is behind it, or not forwarded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payload: Option<ByteBuf>,
    /// The endpoints that it was queued for; absent if there are none, and in old items.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sent_to: Vec<EndpointId>,
    /// When it expires, in epoch seconds; absent if it is kept forever.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<i64>,
    /// Its entry in the index of unmapped notifications; absent for others. A replayed one keeps it until it is queued.
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    pub unmapped: Option<UnmappedPlace>,
    /// Its entry in the index of delivery exceptions; absent for others, so that the index contains no others.
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    pub exception: Option<ExceptionPlace>,
    /// A random number that identifies the writer among writers of the same content.
    pub writer: u64,
    /// The number of the newest occurrence of an event without an id; on the first occurrence only.
    #[serde(default)]
    pub occurrences: u32,
    /// When the newest occurrence arrived, in epoch milliseconds; on the first occurrence only.
    #[serde(default)]
    pub newest_at: i64,
}

/// Whether an event already existed.
#[derive(Debug)]
pub enum Stored {
    /// It is new.
    New(MessageKey),
    /// It existed, with this content.
    Before(MessageKey, Box<StoredNotification>),
}

impl StoredNotification {
    /// One that RMS itself makes about an order at `at`, which expires after so many days; not forwarded yet.
    pub fn by_rms(
        order_number: OrderNumber,
        status: &str,
        pushed_type: String,
        raw: ByteBuf,
        at: Timestamp,
        ttl_days: u32,
    ) -> Self {
        Self {
            order_number,
            shipment_code: None,
            awb: None,
            round: None,
            contradicts: None,
            alias: None,
            by_rms: true,
            aggregator: None,
            status: status.to_owned(),
            test: false,
            unread: Vec::new(),
            pushed_type,
            notification_type: None,
            mapped_by_account: false,
            replayed_at: None,
            received_at: at.as_millisecond(),
            occurred_at: None,
            request_id: None,
            raw,
            raw_length: None,
            payload: None,
            sent_to: Vec::new(),
            expires_at: expiry(at, ttl_days),
            unmapped: None,
            exception: None,
            writer: fastrand::u64(..),
            occurrences: 0,
            newest_at: at.as_millisecond(),
        }
    }

    /// When it was accepted for forwarding, in epoch milliseconds: on arrival, or when it was replayed.
    pub fn accepted_at(&self) -> i64 {
        self.replayed_at.unwrap_or(self.received_at)
    }

    /// The original push.
    pub fn raw(&self) -> Result<Vec<u8>, StoreFailure> {
        let mut raw = unpack(&self.raw).map_err(|error| StoreFailure::CorruptBody(error.into()))?;
        if let Some(length) = self.raw_length {
            raw.truncate(length);
        }
        Ok(raw)
    }

    /// The body for endpoints, if it is forwarded.
    pub fn payload(&self) -> Result<Option<String>, StoreFailure> {
        outgoing_body(
            self.payload.as_ref(),
            self.raw_length.map(|length| (&self.raw, length)),
        )
    }
}

impl Notifications {
    /// The table with this name.
    pub fn new(client: DynamoDb, table: String) -> Self {
        Self { client, table }
    }

    /// The write that stores a notification of RMS itself; it fails if the notification exists.
    pub fn part(
        &self,
        key: &MessageKey,
        notification: &StoredNotification,
    ) -> Result<Part, StoreFailure> {
        let put = Put::builder()
            .table_name(&self.table)
            .set_item(Some(item(&key.key(), notification)?))
            .condition_expression("attribute_not_exists(pk)");
        Ok(put.build()?.into())
    }

    /// Stores an event unless it exists.
    pub async fn store(
        &self,
        shipment: &ShipmentId,
        identity: &Identity,
        notification: &StoredNotification,
    ) -> Result<Stored, StoreFailure> {
        self.store_unless(None, shipment, identity, notification)
            .await
    }

    /// The same for an event whose first occurrence was looked for before, and perhaps found.
    pub async fn store_unless(
        &self,
        known: Option<StoredNotification>,
        shipment: &ShipmentId,
        identity: &Identity,
        notification: &StoredNotification,
    ) -> Result<Stored, StoreFailure> {
        let key = |occurrence| {
            MessageKey::of_notification(shipment, notification.alias.as_ref(), identity, occurrence)
        };
        let first = match known {
            Some(known) => Some(known),
            None => self.put(&key(0).key(), notification).await?,
        };
        let Some(first) = first else {
            return Ok(Stored::New(key(0)));
        };
        let occurrence = match identity {
            Identity::Event(_) => 0,
            Identity::Digest(_) => self.occurrence(&key(0).key(), &first, notification).await?,
        };
        if occurrence == 0 {
            return Ok(Stored::Before(key(0), Box::new(first)));
        }
        // The count may have been raised by an instance that died before its put: this put completes it.
        match self.put(&key(occurrence).key(), notification).await? {
            None => Ok(Stored::New(key(occurrence))),
            Some(before) => Ok(Stored::Before(key(occurrence), Box::new(before))),
        }
    }

    /// Puts a notification; returns the existing one, if any.
    async fn put(
        &self,
        key: &Key,
        notification: &StoredNotification,
    ) -> Result<Option<StoredNotification>, StoreFailure> {
        let is_own = |met: &StoredNotification| met.writer == notification.writer;
        put_once(&self.client, &self.table, key, notification, is_own).await
    }

    /// The occurrence number of an event: the newest one, or the next if that is long ago. The first occurrence, which
    /// counts them, expires together with the newest.
    async fn occurrence(
        &self,
        first: &Key,
        met: &StoredNotification,
        notification: &StoredNotification,
    ) -> Result<u32, StoreFailure> {
        let now = notification.received_at;
        if now - met.newest_at < REPEAT_WINDOW_MS {
            return Ok(met.occurrences);
        }
        let raised = self
            .client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(attributes(first)))
            .update_expression(match notification.expires_at {
                Some(_) => "SET occurrences = :next, newestAt = :now, expiresAt = :expiry",
                None => "SET occurrences = :next, newestAt = :now REMOVE expiresAt",
            })
            .condition_expression("newestAt = :met")
            .expression_attribute_values(":next", number(i64::from(met.occurrences) + 1))
            .expression_attribute_values(":now", number(now))
            .expression_attribute_values(":met", number(met.newest_at));
        let raised = match notification.expires_at {
            Some(expiry) => raised.expression_attribute_values(":expiry", number(expiry)),
            None => raised,
        };
        let raised = self.client.send(raised).await;
        match raised.map_err(SdkError::into_service_error) {
            // The loser of this race is a repeat of the winner's push.
            Ok(_) | Err(UpdateItemError::ConditionalCheckFailedException(_)) => {
                Ok(met.occurrences + 1)
            }
            Err(error) => Err(StoreFailure::unavailable(error)),
        }
    }

    /// The notifications under these different keys, with as few reads as possible. One that was just stored may be
    /// missing.
    pub async fn under(
        &self,
        keys: &[Key],
    ) -> Result<BTreeMap<Key, StoredNotification>, StoreFailure> {
        let found = batch_read::read_all(&self.client, &self.table, keys, None, false).await?;
        let found = found.into_iter();
        found
            .map(|item| Ok((key_of(&item), from_item(item)?)))
            .collect()
    }

    /// The same, as they are now.
    pub async fn under_now(
        &self,
        keys: &[Key],
    ) -> Result<BTreeMap<Key, StoredNotification>, StoreFailure> {
        let found = batch_read::read_all(&self.client, &self.table, keys, None, true).await?;
        let found = found.into_iter();
        found
            .map(|item| Ok((key_of(&item), from_item(item)?)))
            .collect()
    }

    /// The notification under a key.
    pub async fn get(&self, key: &Key) -> Result<Option<StoredNotification>, StoreFailure> {
        let found = self
            .client
            .get_item()
            .table_name(&self.table)
            .set_key(Some(attributes(key)));
        let found = self.client.send(found).await?;
        Ok(found.item.map(from_item).transpose()?)
    }

    /// Adds endpoints to those that a notification was queued for.
    pub async fn send_to_more(
        &self,
        key: &MessageKey,
        endpoints: &[EndpointId],
    ) -> Result<(), StoreFailure> {
        send_to_more(&self.client, &self.table, key, endpoints).await
    }

    /// Those of these different deliveries that have a record.
    pub async fn recorded(&self, deliveries: &[Key]) -> Result<BTreeSet<Key>, StoreFailure> {
        recorded(&self.client, &self.table, deliveries).await
    }

    /// The endpoints for which a delivery of this notification has a record.
    pub async fn delivered_to(&self, key: &MessageKey) -> Result<Vec<String>, StoreFailure> {
        delivered_to(&self.client, &self.table, key).await
    }
}

fn number(value: i64) -> AttributeValue {
    AttributeValue::N(value.to_string())
}
