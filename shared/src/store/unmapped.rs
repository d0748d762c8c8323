//! The index of notifications for which we had no word: by client, the newest first.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::AttributeValue;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_dynamo::from_item;

use crate::domain::shipment::ShipmentType;
use crate::domain::text::{AccountAlias, AggregatorName, ClientId, OrderNumber};
use crate::store::failure::StoreFailure;
use crate::store::keys::{Key, notification_id};

const INDEX: &str = "unmapped";
/// How many are read at once.
const PAGE: i32 = 100;

/// The place of a notification in the index.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UnmappedPlace {
    /// The client.
    unmapped_of: ClientId,
    /// When it came, in epoch milliseconds.
    unmapped_at: i64,
    /// Whose code it is.
    aggregator: AggregatorName,
}

impl UnmappedPlace {
    /// The place of a client's notification that came at `now`.
    pub fn new(client: &ClientId, aggregator: &AggregatorName, now: Timestamp) -> Self {
        Self {
            unmapped_of: client.clone(),
            unmapped_at: now.as_millisecond(),
            aggregator: aggregator.clone(),
        }
    }
}

/// Which of them are wanted.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// Those of this aggregator.
    pub aggregator: Option<AggregatorName>,
    /// Those that came at this moment or later.
    pub since: Option<Timestamp>,
    /// Those that came before this moment.
    pub until: Option<Timestamp>,
    /// Those after the last one of an earlier page.
    pub cursor: Option<Cursor>,
}

/// Where a page ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    order: String,
    sort: String,
    at: i64,
}

/// What is no cursor of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be the cursor of an earlier answer")]
pub struct NotACursor;

/// A notification for which we had no word.
#[derive(Debug, Clone)]
pub struct Unmapped {
    /// Its id in the API.
    pub notification_id: String,
    /// Whose code it is.
    pub aggregator: AggregatorName,
    /// The account that pushed it.
    pub alias: AccountAlias,
    /// The order that it is about.
    pub order_number: OrderNumber,
    /// Forward or return.
    pub shipment_type: ShipmentType,
    /// The pusher's code.
    pub pushed_type: String,
    /// When it came.
    pub received_at: Timestamp,
}

/// One page of them.
#[derive(Debug)]
pub struct Page {
    /// The newest first.
    pub notifications: Vec<Unmapped>,
    /// Where it goes on; absent at the end.
    pub cursor: Option<Cursor>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Item {
    pk: String,
    sk: String,
    order_number: OrderNumber,
    alias: AccountAlias,
    pushed_type: String,
    unmapped_at: i64,
    aggregator: AggregatorName,
}

/// The index.
#[derive(Debug, Clone)]
pub struct UnmappedIndex {
    client: Client,
    table: String,
}

impl UnmappedIndex {
    /// The index of the table of notifications of that name.
    pub fn new(client: Client, table: String) -> Self {
        Self { client, table }
    }

    /// Those of a client that are wanted, a page at once.
    pub async fn of(&self, client: &ClientId, wanted: &Wanted) -> Result<Page, StoreFailure> {
        let since = wanted.since.map_or(0, Timestamp::as_millisecond);
        let until = wanted
            .until
            .map_or(i64::MAX, |until| until.as_millisecond() - 1);
        if since > until {
            return Ok(Page {
                notifications: Vec::new(),
                cursor: None,
            });
        }
        let query = self
            .client
            .query()
            .table_name(&self.table)
            .index_name(INDEX)
            .key_condition_expression(
                "unmappedOf = :client AND unmappedAt BETWEEN :since AND :until",
            )
            .expression_attribute_values(":client", AttributeValue::S(client.to_string()))
            .expression_attribute_values(":since", AttributeValue::N(since.to_string()))
            .expression_attribute_values(":until", AttributeValue::N(until.to_string()))
            .scan_index_forward(false)
            .limit(PAGE);
        let query = match &wanted.aggregator {
            Some(name) => query
                .filter_expression("aggregator = :aggregator")
                .expression_attribute_values(":aggregator", AttributeValue::S(name.to_string())),
            None => query,
        };
        let start = wanted.cursor.as_ref().map(|cursor| cursor.key(client));
        let found = query.set_exclusive_start_key(start).send().await?;
        let cursor = found.last_evaluated_key.map(from_item).transpose()?;
        let notifications = found.items.unwrap_or_default().into_iter();
        let notifications =
            notifications.map(|item| Ok(Unmapped::from(from_item::<_, Item>(item)?)));
        Ok(Page {
            notifications: notifications.collect::<Result<_, StoreFailure>>()?,
            cursor: cursor.map(|last: LastKey| last.cursor(client)),
        })
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct LastKey {
    pk: String,
    sk: String,
    unmapped_at: i64,
}

impl LastKey {
    fn cursor(self, client: &ClientId) -> Cursor {
        let order = self.pk.strip_prefix(&format!("{client}#"));
        Cursor {
            order: order.unwrap_or_default().to_owned(),
            sort: self.sk,
            at: self.unmapped_at,
        }
    }
}

impl Cursor {
    /// The key that it stands for among the client's own: another client's cannot be said.
    fn key(&self, client: &ClientId) -> std::collections::HashMap<String, AttributeValue> {
        let text = |value: String| AttributeValue::S(value);
        [
            ("pk", text(format!("{client}#{}", self.order))),
            ("sk", text(self.sort.clone())),
            ("unmappedOf", text(client.to_string())),
            ("unmappedAt", AttributeValue::N(self.at.to_string())),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .into()
    }
}

impl std::fmt::Display for Cursor {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let text = format!("{} {} {}", self.at, self.order, self.sort);
        formatter.write_str(&URL_SAFE_NO_PAD.encode(text))
    }
}

impl std::str::FromStr for Cursor {
    type Err = NotACursor;

    fn from_str(text: &str) -> Result<Self, NotACursor> {
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| NotACursor)?;
        let text = String::from_utf8(bytes).map_err(|_| NotACursor)?;
        let mut parts = text.splitn(3, ' ').map(str::to_owned);
        let (Some(at), Some(order), Some(sort)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(NotACursor);
        };
        let at = at.parse().map_err(|_| NotACursor)?;
        Ok(Self { order, sort, at })
    }
}

impl From<Item> for Unmapped {
    fn from(item: Item) -> Self {
        let shipment_type = if item.sk.starts_with('R') {
            ShipmentType::Return
        } else {
            ShipmentType::Forward
        };
        Self {
            notification_id: notification_id(&Key {
                pk: item.pk,
                sk: item.sk,
            }),
            aggregator: item.aggregator,
            alias: item.alias,
            order_number: item.order_number,
            shipment_type,
            pushed_type: item.pushed_type,
            received_at: Timestamp::from_millisecond(item.unmapped_at).unwrap_or_default(),
        }
    }
}
