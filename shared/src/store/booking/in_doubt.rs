//! The index of orders in doubt: those whose outcome is not known, because a request is booking them, ended early, or got no
//! clear answer. It is sparse: an order has an entry from its claim until its outcome is recorded.

use std::collections::HashMap;

use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemInputBuilder;
use aws_sdk_dynamodb::types::AttributeValue;
use aws_sdk_dynamodb::types::builders::UpdateBuilder;
use jiff::Timestamp;

use crate::clock;
use crate::domain::claim_record::ShipmentRecord;
use crate::domain::shipment_id::ShipmentId;
use crate::domain::text::ClientId;
use crate::store::booking::shipments::Shipments;
use crate::store::failure::StoreFailure;
use crate::store::items::key_of;
use crate::store::keys::Key;

const INDEX: &str = "in-doubt";

/// Begins the doubt, or lets one continue that began earlier; takes the values of [`values`].
pub(super) const BEGINS: &str = "doubtOf = :doubtOf, doubtAt = if_not_exists(doubtAt, :doubtAt)";
/// Ends the doubt, and an unknown outcome if that is what it was, as the attributes of a `REMOVE`.
pub(super) const ENDS: &str = "doubtOf, doubtAt, uncertain, uncertainAt";

/// The attributes of an order whose doubt begins now.
pub(super) fn attributes(id: &ShipmentId) -> [(String, AttributeValue); 2] {
    let at = clock::now().as_millisecond().to_string();
    [
        (
            "doubtOf".to_owned(),
            AttributeValue::S(id.client_id.to_string()),
        ),
        ("doubtAt".to_owned(), AttributeValue::N(at)),
    ]
}

/// An update that may contain [`BEGINS`].
pub(super) trait Begins: Sized {
    /// Sets its values.
    fn in_doubt(self, id: &ShipmentId) -> Self;
}

impl Begins for UpdateItemInputBuilder {
    fn in_doubt(self, id: &ShipmentId) -> Self {
        values(id).into_iter().fold(self, |update, (name, value)| {
            update.expression_attribute_values(name, value)
        })
    }
}

impl Begins for UpdateBuilder {
    fn in_doubt(self, id: &ShipmentId) -> Self {
        values(id).into_iter().fold(self, |update, (name, value)| {
            update.expression_attribute_values(name, value)
        })
    }
}

fn values(id: &ShipmentId) -> [(String, AttributeValue); 2] {
    attributes(id).map(|(name, value)| (format!(":{name}"), value))
}

/// An order with an entry in the index.
#[derive(Debug)]
pub struct DoubtfulOrder {
    /// The order.
    pub id: ShipmentId,
    /// When its doubt began.
    pub since: Timestamp,
    /// What holds now: the index is a little late.
    pub record: ShipmentRecord,
}

/// The orders whose doubt began first.
#[derive(Debug)]
pub struct DoubtfulOrders {
    /// The orders, the oldest first.
    pub orders: Vec<DoubtfulOrder>,
    /// Whether there are more.
    pub is_cut: bool,
}

impl Shipments {
    /// A client's orders in the index, the oldest first: a query, and a batch read if there are any.
    pub async fn in_doubt(
        &self,
        client: &ClientId,
        most: i32,
    ) -> Result<DoubtfulOrders, StoreFailure> {
        let query = self
            .client
            .query()
            .table_name(&self.table)
            .index_name(INDEX)
            .key_condition_expression("doubtOf = :client")
            .expression_attribute_values(":client", AttributeValue::S(client.to_string()))
            .limit(most);
        let found = self.client.send(query).await?;
        let is_cut = found.last_evaluated_key.is_some();
        let entries: Vec<(Key, Timestamp)> = found.items().iter().filter_map(entry).collect();
        let keys: Vec<Key> = entries.iter().map(|(key, _)| key.clone()).collect();
        let mut records = self.records(&keys, true).await?;
        let orders = entries.into_iter().filter_map(|(key, since)| {
            Some(DoubtfulOrder {
                id: ShipmentId::of_key(client, &key)?,
                since,
                record: records.remove(&key)?,
            })
        });
        Ok(DoubtfulOrders {
            orders: orders.collect(),
            is_cut,
        })
    }
}

fn entry(item: &HashMap<String, AttributeValue>) -> Option<(Key, Timestamp)> {
    let at = item.get("doubtAt")?.as_n().ok()?.parse().ok()?;
    Some((key_of(item), Timestamp::from_millisecond(at).ok()?))
}
