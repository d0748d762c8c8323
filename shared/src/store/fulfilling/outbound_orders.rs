//! The table of outbound orders, each with what the warehouse says about it in one partition.
//!
//! An order is stored once, on the condition that its number is free. The OMS's first result is a change on the condition that
//! there is none. An event is stored once by its identity, whether its order is known or not: the state is folded when the
//! partition is read.

use std::collections::BTreeMap;

use aws_sdk_dynamodb::types::Put;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;

use crate::aws::DynamoDb;
use crate::domain::fulfilling::event::DatedFulfilmentEvent;
use crate::domain::fulfilling::outbound_order::OutboundOrder;
use crate::domain::fulfilling::warehouse_report::ReportFlag;
use crate::domain::text::{ClientId, SalesOrderNumber};
use crate::store::batch_read::read_all;
use crate::store::failure::StoreFailure;
use crate::store::fulfilling::order_item::OutboundOrderItem;
use crate::store::items::{from_item, item, key_of};
use crate::store::keys::{
    OUTBOUND_ORDER, outbound_event, outbound_order, outbound_partition, unknown_outbound,
};
use crate::store::packed::{pack_json, unpack_json};
use crate::store::pages::whole_partition;
use crate::store::transaction::{MOST_WRITES, Part, write};

/// The table.
#[derive(Debug, Clone)]
pub struct OutboundOrders {
    pub(super) client: DynamoDb,
    pub(super) table: String,
}

/// What is stored under an order's number.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FoundOutbound {
    /// The order; absent if only the warehouse told of it.
    pub order: Option<OutboundOrder>,
    /// What the warehouse said about it, in no particular order.
    pub events: Vec<DatedFulfilmentEvent>,
}

/// The item of an event.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::store) struct OutboundEventItem {
    event: ByteBuf,
    /// Its entry in the index by client, among those of unknown orders; absent if the order was known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    client_of: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    accepted_at: Option<i64>,
}

impl OutboundOrders {
    /// The table with this name.
    pub fn new(client: DynamoDb, table: String) -> Self {
        Self { client, table }
    }

    /// Stores new orders, and `also`. `false` if a number is in use: nothing was written. The orders are written by
    /// one transaction, with as much of `also` as fits; the rest follows. After a failure between them a repeat finds the orders.
    pub async fn create(
        &self,
        client: &ClientId,
        orders: &[OutboundOrder],
        also: impl IntoIterator<Item = Part>,
    ) -> Result<bool, StoreFailure> {
        let order = |order| self.put_order(client, order);
        let mut parts = orders.iter().map(order).collect::<Result<Vec<_>, _>>()?;
        parts.extend(also);
        let rest = parts.split_off(parts.len().min(MOST_WRITES));
        if !write(&self.client, parts).await? {
            return Ok(false);
        }
        for parts in rest.chunks(MOST_WRITES) {
            if !write(&self.client, parts.iter().cloned()).await? {
                return Err(StoreFailure::Contended);
            }
        }
        Ok(true)
    }

    fn put_order(&self, client: &ClientId, order: &OutboundOrder) -> Result<Part, StoreFailure> {
        let key = outbound_order(client, &order.number);
        let put = Put::builder()
            .table_name(&self.table)
            .set_item(Some(item(&key, &OutboundOrderItem::new(client, order))?))
            .condition_expression("attribute_not_exists(pk)");
        Ok(put.build()?.into())
    }

    /// Those of these different orders that the client has, without their events.
    pub async fn known(
        &self,
        client: &ClientId,
        numbers: &[SalesOrderNumber],
    ) -> Result<BTreeMap<SalesOrderNumber, OutboundOrder>, StoreFailure> {
        let key = |number| outbound_order(client, number);
        let keys: Vec<_> = numbers.iter().map(key).collect();
        // What is decided on them is written on the condition that it still holds; a repeat may come at once.
        let found = read_all(&self.client, &self.table, &keys, None, true).await?;
        let order = |found| {
            let order = from_item::<OutboundOrderItem>(found)?.order()?;
            Ok((order.number.clone(), order))
        };
        found.into_iter().map(order).collect()
    }

    /// The order with its events; `None` if nothing is known under this number.
    pub async fn read(
        &self,
        client: &ClientId,
        number: &SalesOrderNumber,
    ) -> Result<Option<FoundOutbound>, StoreFailure> {
        let partition = outbound_partition(client, number);
        let items = whole_partition(&self.client, &self.table, partition).await?;
        if items.is_empty() {
            return Ok(None);
        }
        let mut read = FoundOutbound::default();
        for found in items {
            if key_of(&found).sk == OUTBOUND_ORDER {
                read.order = Some(from_item::<OutboundOrderItem>(found)?.order()?);
            } else {
                let found: OutboundEventItem = from_item(found)?;
                read.events.push(unpack_json(&found.event)?);
            }
        }
        Ok(Some(read))
    }

    /// Stores an event that arrived at `now` together with `also`; `false` if it was stored before: nothing was written. The order
    /// need not be known.
    pub async fn append(
        &self,
        client: &ClientId,
        number: &SalesOrderNumber,
        event: &DatedFulfilmentEvent,
        now: Timestamp,
        also: impl IntoIterator<Item = Part>,
    ) -> Result<bool, StoreFailure> {
        let key = outbound_event(client, number, &event.identity);
        let is_unknown = event.flags.contains(&ReportFlag::UnknownOrder);
        let value = OutboundEventItem {
            event: pack_json(event)?,
            client_of: is_unknown.then(|| unknown_outbound(client)),
            accepted_at: is_unknown.then(|| now.as_millisecond()),
        };
        let put = Put::builder()
            .table_name(&self.table)
            .set_item(Some(item(&key, &value)?))
            .condition_expression("attribute_not_exists(pk)")
            .build()?;
        let parts = [Part::from(put)].into_iter().chain(also);
        write(&self.client, parts).await
    }
}
