//! The index of notifications with an unmapped code, and of those that could not be read: by client, newest first.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::aws::DynamoDb;
use crate::domain::shipment::ShipmentType;
use crate::domain::span::Span;
use crate::domain::text::{AccountAlias, AggregatorName, ClientId, OrderNumber};
use crate::store::cursor::{Cursor, IndexKey};
use crate::store::failure::StoreFailure;
use crate::store::items::from_item;
use crate::store::keys::Key;
use crate::store::message_keys::message_id;
use crate::store::notifying::client_index::{ClientIndex, Filter, Wanted};

pub(super) const INDEX: ClientIndex = ClientIndex {
    name: "unmapped",
    key: IndexKey {
        of: "unmappedOf",
        at: "unmappedAt",
    },
};
/// The page size.
const PAGE: i32 = 100;

/// The entry of a notification in the index.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UnmappedPlace {
    /// The client.
    unmapped_of: ClientId,
    /// When it arrived, in epoch milliseconds.
    unmapped_at: i64,
}

impl UnmappedPlace {
    /// The entry of a client's notification that arrived at `now`.
    pub fn new(client: &ClientId, now: Timestamp) -> Self {
        Self {
            unmapped_of: client.clone(),
            unmapped_at: now.as_millisecond(),
        }
    }
}

/// Whether a notification with this pushed type could not be read: every status that can be read has characters.
pub fn is_unreadable(pushed_type: &str) -> bool {
    pushed_type.is_empty()
}

/// A query for unmapped notifications.
#[derive(Debug, Clone, Default)]
pub struct UnmappedQuery {
    /// Only those of this aggregator.
    pub aggregator: Option<AggregatorName>,
    /// Only those that could not be read.
    pub unreadable_only: bool,
    /// When they arrived.
    pub span: Span,
    /// Where an earlier page ended.
    pub cursor: Option<Cursor>,
}

/// A notification with an unmapped code.
#[derive(Debug, Clone)]
pub struct Unmapped {
    /// Its id in the API.
    pub notification_id: String,
    /// The aggregator of the code, or the channel.
    pub aggregator: AggregatorName,
    /// The account that pushed it; absent if a channel's request shows the code.
    pub alias: Option<AccountAlias>,
    /// Its order.
    pub order_number: OrderNumber,
    /// Forward or return.
    pub shipment_type: ShipmentType,
    /// The pushed code.
    pub pushed_type: String,
    /// When it arrived.
    pub received_at: Timestamp,
}

/// A page of unmapped notifications.
#[derive(Debug)]
pub struct UnmappedPage {
    /// Newest first.
    pub notifications: Vec<Unmapped>,
    /// The cursor of the next page; absent at the end.
    pub cursor: Option<Cursor>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct UnmappedItem {
    pk: String,
    sk: String,
    order_number: OrderNumber,
    #[serde(default)]
    alias: Option<AccountAlias>,
    pushed_type: String,
    unmapped_at: i64,
    aggregator: AggregatorName,
}

/// The index.
#[derive(Debug, Clone)]
pub struct UnmappedIndex {
    pub(super) client: DynamoDb,
    pub(super) table: String,
}

impl UnmappedIndex {
    /// The index of the notifications table with this name.
    pub fn new(client: DynamoDb, table: String) -> Self {
        Self { client, table }
    }

    /// A page of a client's matching notifications.
    pub async fn of(
        &self,
        client: &ClientId,
        query: &UnmappedQuery,
    ) -> Result<UnmappedPage, StoreFailure> {
        let filter = Filter::default();
        let filter = match &query.aggregator {
            Some(name) => filter.with("aggregator = :aggregator", ":aggregator", name.as_str()),
            None => filter,
        };
        let wanted = Wanted {
            client,
            span: query.span,
            filter: if query.unreadable_only {
                filter.with("pushedType = :nothing", ":nothing", "")
            } else {
                filter
            },
            oldest_first: false,
            limit: Some(PAGE),
        };
        let start = INDEX.start(client, query.cursor.as_ref());
        let page = INDEX.page((&self.client, &self.table), &wanted, start);
        let page = page.await?;
        let notifications = page.entries.into_iter();
        let notifications =
            notifications.map(|item| Ok(Unmapped::from(from_item::<UnmappedItem>(item)?)));
        Ok(UnmappedPage {
            notifications: notifications.collect::<Result<_, StoreFailure>>()?,
            cursor: INDEX.after(page.last.as_ref()),
        })
    }
}

impl From<UnmappedItem> for Unmapped {
    fn from(item: UnmappedItem) -> Self {
        let key = Key {
            pk: item.pk,
            sk: item.sk,
        };
        Self {
            notification_id: message_id(&key),
            shipment_type: key.shipment_type(),
            aggregator: item.aggregator,
            alias: item.alias,
            order_number: item.order_number,
            pushed_type: item.pushed_type,
            received_at: Timestamp::from_millisecond(item.unmapped_at).unwrap_or_default(),
        }
    }
}
