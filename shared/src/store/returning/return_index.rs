//! The lists of return orders, newest first: those of a client, and those of one of its orders.

use aws_sdk_dynamodb::types::AttributeValue;

use crate::aws::DynamoDb;
use crate::domain::returning::code::ReturnOrderCode;
use crate::domain::span::Span;
use crate::domain::text::{ClientId, OrderNumber, Text};
use crate::store::cursor::{Cursor, IndexKey};
use crate::store::failure::StoreFailure;
use crate::store::items::key_of;
use crate::store::keys::returns_of_order_partition;

/// The key of the index by forward order.
const OF_FORWARD: IndexKey = IndexKey {
    of: "forwardOf",
    at: "createdAt",
};
/// The key of the index by client.
const OF_CLIENT: IndexKey = IndexKey {
    of: "clientOf",
    at: "createdAt",
};

/// A question for return orders.
#[derive(Debug, Clone)]
pub struct ReturnQuery<'a> {
    /// The client.
    pub client: &'a ClientId,
    /// Only the returns of this order.
    pub forward_order: Option<&'a OrderNumber>,
    /// When they were created.
    pub span: Span,
    /// Where an earlier page ended.
    pub cursor: Option<Cursor>,
    /// The page size.
    pub most: i32,
}

/// The lists.
#[derive(Debug, Clone)]
pub struct ReturnIndex {
    client: DynamoDb,
    table: String,
}

impl ReturnIndex {
    /// The lists of the return orders in the table with this name.
    pub fn new(client: DynamoDb, table: String) -> Self {
        Self { client, table }
    }

    /// The codes of a page of return orders, newest first, each with the cursor after it; and the cursor of the next page, absent
    /// at the end.
    pub async fn page(
        &self,
        query: &ReturnQuery<'_>,
    ) -> Result<(Vec<(ReturnOrderCode, Cursor)>, Option<Cursor>), StoreFailure> {
        let Some((first, last)) = query.span.milliseconds() else {
            return Ok((Vec::new(), None));
        };
        let (name, index, of) = match query.forward_order {
            Some(order) => {
                let of = returns_of_order_partition(query.client, order);
                ("ofForward", OF_FORWARD, of)
            }
            None => ("ofClient", OF_CLIENT, query.client.to_string()),
        };
        let start = query.cursor.as_ref();
        let start = start.map(|cursor| cursor.key(query.client, index, &of));
        let read = self
            .client
            .query()
            .table_name(&self.table)
            .index_name(name)
            .key_condition_expression("#of = :of AND createdAt BETWEEN :first AND :last")
            .expression_attribute_names("#of", index.of)
            .expression_attribute_values(":of", AttributeValue::S(of))
            .expression_attribute_values(":first", AttributeValue::N(first.to_string()))
            .expression_attribute_values(":last", AttributeValue::N(last.to_string()))
            .scan_index_forward(false)
            .limit(query.most)
            .set_exclusive_start_key(start);
        let found = self.client.send(read).await?;
        let end = found.last_evaluated_key.as_ref();
        let cursor = end.and_then(|end| Cursor::after(end, index));
        let codes = found.items().iter().filter_map(|item| {
            let key = key_of(item);
            let (_, code) = key.pk.split_once('#')?;
            Some((Text::stored(code).ok()?, Cursor::after(item, index)?))
        });
        Ok((codes.collect(), cursor))
    }
}
