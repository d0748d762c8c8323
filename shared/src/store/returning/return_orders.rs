//! The table of return orders, each with its events in one partition.
//!
//! Every change gives the order a new version, on the condition that it still has the version that was read, in one
//! transaction with what the change causes. The order sorts before its events, so it is read first: events that are newer
//! than the version that was read make the change fail, and missing ones cannot go unnoticed. The code of a cancelled
//! return may be used again: a new round begins, and the events of the earlier ones are left out.

use aws_sdk_dynamodb::types::{Put, Update};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;

use crate::aws::DynamoDb;
use crate::domain::returning::code::ReturnOrderCode;
use crate::domain::returning::event::{DatedReturnEvent, ReturnEvent};
use crate::domain::returning::return_order::ReturnOrder;
use crate::domain::text::{Awb, ClientId};
use crate::store::attributes::{instant, number};
use crate::store::batch_read::{Found, Wanted};
use crate::store::failure::StoreFailure;
use crate::store::items::{attributes, from_item, item, key_of};
use crate::store::keys::{
    return_event, return_events, return_order, return_partition, returns_of_order_partition,
};
use crate::store::packed::{pack_json, unpack_json};
use crate::store::pages::whole_partition;
use crate::store::transaction::{Part, UNEXPECTED, write, write_or_say_why};

/// The maximum packed size of a return order; a DynamoDB item holds 400 KB.
const LARGEST_ORDER: usize = 300 * 1000;

/// The table.
#[derive(Debug, Clone)]
pub struct ReturnOrders {
    client: DynamoDb,
    table: String,
}

/// A return order that is to be stored.
#[derive(Debug, Clone)]
pub struct NewReturn<'a> {
    /// The order.
    pub order: &'a ReturnOrder,
    /// When it was accepted.
    pub created_at: Timestamp,
    /// A digest of the content that a repeat must match.
    pub content: &'a str,
    /// The cancelled return whose code it takes over.
    pub replaces: Option<&'a StoredReturn>,
}

/// A stored return order with the events of its round.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredReturn {
    /// The order.
    pub order: ReturnOrder,
    /// When it was accepted.
    pub created_at: Timestamp,
    /// A digest of the content that a repeat must match.
    pub content: String,
    /// How often its code was used.
    pub round: u32,
    /// How often it was changed, through all rounds.
    version: u64,
    /// Its events, in no particular order.
    pub events: Vec<DatedReturnEvent>,
}

/// A return order as it was announced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownReturn {
    /// The order.
    pub order: ReturnOrder,
    /// When it was accepted.
    pub created_at: Timestamp,
}

impl StoredReturn {
    /// Its AWB, as far as the order and its own events tell it.
    pub fn awb(&self) -> Option<&Awb> {
        let assigned = self.events.iter().find_map(|dated| match &dated.event {
            ReturnEvent::AwbAssigned { awb, .. } => Some(awb),
            ReturnEvent::Cancelled
            | ReturnEvent::Received
            | ReturnEvent::Processed(_)
            | ReturnEvent::PartnerStatus { .. } => None,
        });
        self.order.awb.as_ref().or(assigned)
    }
}

/// The result of adding an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Appended {
    /// It is stored, with everything that belongs to it.
    Added,
    /// It was stored before; nothing was written.
    Known,
    /// The return order was changed meanwhile; nothing was written: read it and decide again.
    Outdated,
}

/// The item of an order.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::store) struct ReturnOrderItem {
    order: ByteBuf,
    created_at: i64,
    content: String,
    round: u32,
    version: u64,
    forward_of: String,
    client_of: String,
}

/// The item of an event.
#[derive(Serialize, Deserialize)]
pub(in crate::store) struct ReturnEventItem {
    event: ByteBuf,
}

impl ReturnOrders {
    /// The table with this name.
    pub fn new(client: DynamoDb, table: String) -> Self {
        Self { client, table }
    }

    /// Whether a return order is too large to be stored: one with 500 pieces fits, unless it is full of random characters.
    pub fn is_too_large(order: &ReturnOrder) -> bool {
        pack_json(order).is_ok_and(|order| order.len() > LARGEST_ORDER)
    }

    /// Stores a return order together with `also`; `false` if its code is in use, or the return that it replaces was
    /// changed: nothing was written.
    pub async fn create(
        &self,
        client: &ClientId,
        new: &NewReturn<'_>,
        also: impl IntoIterator<Item = Part>,
    ) -> Result<bool, StoreFailure> {
        let order = self.put_order(client, new)?;
        write(&self.client, [order].into_iter().chain(also)).await
    }

    fn put_order(&self, client: &ClientId, new: &NewReturn<'_>) -> Result<Part, StoreFailure> {
        let order = new.order;
        let before = new.replaces;
        let value = ReturnOrderItem {
            order: pack_json(order)?,
            created_at: new.created_at.as_millisecond(),
            content: new.content.to_owned(),
            round: before.map_or(1, |before| before.round + 1),
            version: before.map_or(1, |before| before.version + 1),
            forward_of: returns_of_order_partition(client, &order.forward_order_code),
            client_of: client.to_string(),
        };
        let key = return_order(client, &order.return_order_code);
        let put = Put::builder()
            .table_name(&self.table)
            .set_item(Some(item(&key, &value)?));
        let put = match before {
            None => put.condition_expression("attribute_not_exists(pk)"),
            Some(before) => put
                .condition_expression("version = :seen")
                .expression_attribute_values(":seen", number(before.version)),
        };
        Ok(put.build()?.into())
    }

    /// The read request that tells whether the client has a return order with this code.
    pub fn wanted(
        &self,
        client: &ClientId,
        code: &ReturnOrderCode,
    ) -> Result<Wanted, StoreFailure> {
        let key = return_order(client, code);
        Wanted::new(&self.table, &[key], Some("pk"), true)
    }

    /// Whether one was found.
    pub fn was_found(&self, found: &mut Found) -> bool {
        !found.of(&self.table).is_empty()
    }

    /// The return order without its events, which may be outdated; `None` if the client has none with this code.
    pub async fn order(
        &self,
        client: &ClientId,
        code: &ReturnOrderCode,
    ) -> Result<Option<KnownReturn>, StoreFailure> {
        let read = self
            .client
            .get_item()
            .table_name(&self.table)
            .set_key(Some(attributes(&return_order(client, code))));
        let found = self.client.send(read).await?;
        let known = |found: ReturnOrderItem| {
            Ok(KnownReturn {
                order: unpack_json(&found.order)?,
                created_at: instant(found.created_at)?,
            })
        };
        found.item.map(|item| known(from_item(item)?)).transpose()
    }

    /// The return order with its events; `None` if the client has none with this code.
    pub async fn read(
        &self,
        client: &ClientId,
        code: &ReturnOrderCode,
    ) -> Result<Option<StoredReturn>, StoreFailure> {
        let partition = return_partition(client, code);
        let items = whole_partition(&self.client, &self.table, partition).await?;
        let mut items = items.into_iter();
        let Some(first) = items.next() else {
            return Ok(None);
        };
        let found: ReturnOrderItem = from_item(first)?;
        let events = return_events(found.round);
        let events = items.filter(|item| key_of(item).sk.starts_with(&events));
        let events = events.map(|item| {
            let found: ReturnEventItem = from_item(item)?;
            unpack_json(&found.event)
        });
        Ok(Some(StoredReturn {
            order: unpack_json(&found.order)?,
            created_at: instant(found.created_at)?,
            content: found.content,
            round: found.round,
            version: found.version,
            events: events.collect::<Result<_, StoreFailure>>()?,
        }))
    }

    /// Adds an event to the return order that was read, together with `also`.
    pub async fn append(
        &self,
        client: &ClientId,
        seen: &StoredReturn,
        event: &DatedReturnEvent,
        also: impl IntoIterator<Item = Part>,
    ) -> Result<Appended, StoreFailure> {
        let code = &seen.order.return_order_code;
        let key = return_event(client, code, seen.round, &event.identity);
        let value = ReturnEventItem {
            event: pack_json(event)?,
        };
        let put = Put::builder()
            .table_name(&self.table)
            .set_item(Some(item(&key, &value)?))
            .condition_expression("attribute_not_exists(pk)")
            .build()?;
        let advance = Update::builder()
            .table_name(&self.table)
            .set_key(Some(attributes(&return_order(client, code))))
            .update_expression("SET version = :next")
            .condition_expression("version = :seen")
            .expression_attribute_values(":seen", number(seen.version))
            .expression_attribute_values(":next", number(seen.version + 1))
            .build()?;
        let parts = [Part::from(put), Part::from(advance)];
        let why = write_or_say_why(&self.client, parts.into_iter().chain(also)).await?;
        Ok(match why {
            None => Appended::Added,
            Some(reasons) => {
                let of_event = reasons.first().and_then(|reason| reason.code());
                if of_event == Some(UNEXPECTED) {
                    Appended::Known
                } else {
                    Appended::Outdated
                }
            }
        })
    }
}
