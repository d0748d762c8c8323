//! The lists of outbound orders: those of a client, newest first, and those with a tracking id.

use aws_sdk_dynamodb::types::AttributeValue;

use crate::aws::DynamoDb;
use crate::domain::fulfilling::tracking::TrackingId;
use crate::domain::span::Span;
use crate::domain::text::{ClientId, SalesOrderNumber, Text};
use crate::store::cursor::{Cursor, IndexKey};
use crate::store::failure::StoreFailure;
use crate::store::items::key_of;
use crate::store::keys::{Key, outbound_tracking, unknown_outbound};

/// The key of the index by client.
const OF_CLIENT: IndexKey = IndexKey {
    of: "clientOf",
    at: "acceptedAt",
};

/// A question for outbound orders.
#[derive(Debug, Clone)]
pub struct OutboundQuery<'a> {
    /// The client.
    pub client: &'a ClientId,
    /// Those that only a warehouse told of, instead of those that were accepted. One that was accepted later may be among them.
    pub is_unknown: bool,
    /// When they were accepted, or when the warehouse told of them.
    pub span: Span,
    /// Where an earlier page ended.
    pub cursor: Option<Cursor>,
    /// The page size.
    pub most: i32,
}

/// The lists.
#[derive(Debug, Clone)]
pub struct OutboundIndex {
    client: DynamoDb,
    table: String,
}

impl OutboundIndex {
    /// The lists of the outbound orders in the table with this name.
    pub fn new(client: DynamoDb, table: String) -> Self {
        Self { client, table }
    }

    /// The numbers of a page of orders, newest first, each with the cursor after it; and the cursor of the next page, absent at the
    /// end.
    pub async fn page(
        &self,
        query: &OutboundQuery<'_>,
    ) -> Result<(Vec<(SalesOrderNumber, Cursor)>, Option<Cursor>), StoreFailure> {
        let Some((first, last)) = query.span.milliseconds() else {
            return Ok((Vec::new(), None));
        };
        let of = if query.is_unknown {
            unknown_outbound(query.client)
        } else {
            query.client.to_string()
        };
        let start = query.cursor.as_ref();
        let start = start.map(|cursor| cursor.key(query.client, OF_CLIENT, &of));
        let read = self
            .client
            .query()
            .table_name(&self.table)
            .index_name("ofClient")
            .key_condition_expression("clientOf = :of AND acceptedAt BETWEEN :first AND :last")
            .expression_attribute_values(":of", AttributeValue::S(of))
            .expression_attribute_values(":first", AttributeValue::N(first.to_string()))
            .expression_attribute_values(":last", AttributeValue::N(last.to_string()))
            .scan_index_forward(false)
            .limit(query.most)
            .set_exclusive_start_key(start);
        let found = self.client.send(read).await?;
        let end = found.last_evaluated_key.as_ref();
        let cursor = end.and_then(|end| Cursor::after(end, OF_CLIENT));
        // A warehouse may have told of an order several times.
        let mut numbers: Vec<(SalesOrderNumber, Cursor)> = Vec::new();
        let found = found.items().iter();
        for (number, cursor) in
            found.filter_map(|item| Some((number(&key_of(item))?, Cursor::after(item, OF_CLIENT)?)))
        {
            if numbers.iter().all(|(known, _)| *known != number) {
                numbers.push((number, cursor));
            }
        }
        Ok((numbers, cursor))
    }

    /// The number of the client's newest order with this tracking id; `None` if it has none. An order is found a moment after it
    /// was accepted.
    pub async fn with_tracking(
        &self,
        client: &ClientId,
        tracking: &TrackingId,
    ) -> Result<Option<SalesOrderNumber>, StoreFailure> {
        let of = outbound_tracking(client, tracking);
        let query = self
            .client
            .query()
            .table_name(&self.table)
            .index_name("ofTracking")
            .key_condition_expression("trackingOf = :of")
            .expression_attribute_values(":of", AttributeValue::S(of))
            .scan_index_forward(false)
            .limit(1);
        let found = self.client.send(query).await?;
        let newest = found.items().first();
        Ok(newest.and_then(|item| number(&key_of(item))))
    }
}

/// The order's number in the key of its item.
pub(super) fn number(key: &Key) -> Option<SalesOrderNumber> {
    let (_, number) = key.pk.split_once('#')?;
    Text::stored(number).ok()
}
