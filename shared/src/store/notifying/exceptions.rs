//! The index of delivery exceptions: notifications that say that something went wrong on the way, by client, newest first.
//!
//! It is sparse: only such a notification costs the index a write. An entry stays when the shipment moves on; its state says
//! whether it did.

use aws_sdk_dynamodb::types::AttributeValue;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::aws::DynamoDb;
use crate::domain::notification::NotificationType;
use crate::domain::shipment::ShipmentType;
use crate::domain::span::Span;
use crate::domain::text::{AccountAlias, AggregatorName, ClientId, OrderNumber};
use crate::store::cursor::{Cursor, IndexKey};
use crate::store::failure::StoreFailure;
use crate::store::items::from_item;
use crate::store::keys::Key;
use crate::store::message_keys::message_id;
use crate::store::notifying::client_index::{ClientIndex, Filter, Wanted};

/// The index key.
pub(super) const PLACES: IndexKey = IndexKey {
    of: "exceptionOf",
    at: "exceptionAt",
};
const INDEX: ClientIndex = ClientIndex {
    name: "exceptions",
    key: PLACES,
};
/// The page size.
const PAGE: i32 = 100;

/// The entry of a notification in the index.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ExceptionPlace {
    /// The client.
    exception_of: ClientId,
    /// When it arrived, in epoch milliseconds.
    exception_at: i64,
}

impl ExceptionPlace {
    /// The entry of a client's notification that arrived at `now`.
    pub fn new(client: &ClientId, now: Timestamp) -> Self {
        Self {
            exception_of: client.clone(),
            exception_at: now.as_millisecond(),
        }
    }

    /// The values of the attributes of the index's key.
    pub(super) fn attributes(self) -> (AttributeValue, AttributeValue) {
        (
            AttributeValue::S(self.exception_of.to_string()),
            AttributeValue::N(self.exception_at.to_string()),
        )
    }
}

/// A query for delivery exceptions.
#[derive(Debug, Clone, Default)]
pub struct ExceptionQuery {
    /// Only those of this aggregator.
    pub aggregator: Option<AggregatorName>,
    /// When they arrived.
    pub span: Span,
    /// Where an earlier page ended.
    pub cursor: Option<Cursor>,
}

/// A notification about a delivery exception.
#[derive(Debug, Clone)]
pub struct DeliveryException {
    /// Its id in the API.
    pub notification_id: String,
    /// What went wrong.
    pub notification_type: NotificationType,
    /// The pushed code.
    pub pushed_type: String,
    /// The aggregator.
    pub aggregator: Option<AggregatorName>,
    /// The account that pushed it.
    pub alias: Option<AccountAlias>,
    /// Its order.
    pub order_number: OrderNumber,
    /// Forward or return.
    pub shipment_type: ShipmentType,
    /// When it arrived.
    pub received_at: Timestamp,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ExceptionItem {
    pk: String,
    sk: String,
    order_number: OrderNumber,
    #[serde(default)]
    alias: Option<AccountAlias>,
    #[serde(default)]
    aggregator: Option<AggregatorName>,
    notification_type: NotificationType,
    pushed_type: String,
    exception_at: i64,
}

/// The index.
#[derive(Debug, Clone)]
pub struct ExceptionIndex {
    client: DynamoDb,
    table: String,
}

impl ExceptionIndex {
    /// The index of the notifications table with this name.
    pub fn new(client: DynamoDb, table: String) -> Self {
        Self { client, table }
    }

    /// A page of a client's matching notifications, and the cursor of the next one; absent at the end.
    pub async fn of(
        &self,
        client: &ClientId,
        query: &ExceptionQuery,
    ) -> Result<(Vec<DeliveryException>, Option<Cursor>), StoreFailure> {
        let filter = Filter::default();
        let wanted = Wanted {
            client,
            span: query.span,
            filter: match &query.aggregator {
                Some(name) => filter.with("aggregator = :aggregator", ":aggregator", name.as_str()),
                None => filter,
            },
            oldest_first: false,
            limit: Some(PAGE),
        };
        let start = INDEX.start(client, query.cursor.as_ref());
        let page = INDEX.page((&self.client, &self.table), &wanted, start);
        let page = page.await?;
        let cursor = INDEX.after(page.last.as_ref());
        let items = page.entries.into_iter();
        let read = items.map(|item| Ok(from_item::<ExceptionItem>(item)?.into()));
        Ok((read.collect::<Result<_, StoreFailure>>()?, cursor))
    }
}

impl From<ExceptionItem> for DeliveryException {
    fn from(item: ExceptionItem) -> Self {
        let key = Key {
            pk: item.pk,
            sk: item.sk,
        };
        Self {
            notification_id: message_id(&key),
            shipment_type: key.shipment_type(),
            notification_type: item.notification_type,
            pushed_type: item.pushed_type,
            aggregator: item.aggregator,
            alias: item.alias,
            order_number: item.order_number,
            received_at: Timestamp::from_millisecond(item.exception_at).unwrap_or_default(),
        }
    }
}
