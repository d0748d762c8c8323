//! The index of messages by client and kind, newest first.
//!
//! It is sparse: notifications have no entry, because each would cost an additional write. They are found by subject or
//! by endpoint if undelivered.

use aws_sdk_dynamodb::types::AttributeValue;
use serde::{Deserialize, Serialize};

use crate::aws::DynamoDb;
use crate::domain::message::MessageKind;
use crate::domain::span::Span;
use crate::domain::text::ClientId;
use crate::store::cursor::{Cursor, IndexKey};
use crate::store::failure::StoreFailure;
use crate::store::items::key_of;
use crate::store::keys::Key;

const INDEX: &str = "ofKind";
/// The index key.
const PLACES: IndexKey = IndexKey {
    of: "kindOf",
    at: "kindAt",
};

/// The entry of a message in the index.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct KindPlace {
    /// The client and the kind.
    kind_of: String,
    /// When it was accepted, in epoch milliseconds.
    kind_at: i64,
}

impl KindPlace {
    /// The entry of a client's message of a kind.
    pub fn new(client: &ClientId, kind: MessageKind, created_at: i64) -> Self {
        Self {
            kind_of: partition(client, kind),
            kind_at: created_at,
        }
    }
}

fn partition(client: &ClientId, kind: MessageKind) -> String {
    format!("{client}#{kind}")
}

/// A query for messages.
#[derive(Debug, Clone)]
pub struct KindQuery<'a> {
    /// The client.
    pub client: &'a ClientId,
    /// Their kind, which is not NOTIFICATION: the index has no notifications.
    pub kind: MessageKind,
    /// When they were accepted.
    pub span: Span,
    /// Where an earlier page ended.
    pub cursor: Option<Cursor>,
    /// The page size.
    pub most: i32,
}

/// The index.
#[derive(Debug, Clone)]
pub struct KindIndex {
    client: DynamoDb,
    table: String,
}

impl KindIndex {
    /// The index of the messages table with this name.
    pub fn new(client: DynamoDb, table: String) -> Self {
        Self { client, table }
    }

    /// The keys of a page of messages, newest first, and the cursor of the next page; absent at the end.
    pub async fn page(
        &self,
        query: &KindQuery<'_>,
    ) -> Result<(Vec<Key>, Option<Cursor>), StoreFailure> {
        let Some((first, last)) = query.span.milliseconds() else {
            return Ok((Vec::new(), None));
        };
        let of = partition(query.client, query.kind);
        let start = query.cursor.as_ref();
        let start = start.map(|cursor| cursor.key(query.client, PLACES, &of));
        let read = self
            .client
            .query()
            .table_name(&self.table)
            .index_name(INDEX)
            .key_condition_expression("kindOf = :of AND kindAt BETWEEN :first AND :last")
            .expression_attribute_values(":of", AttributeValue::S(of))
            .expression_attribute_values(":first", AttributeValue::N(first.to_string()))
            .expression_attribute_values(":last", AttributeValue::N(last.to_string()))
            .scan_index_forward(false)
            .limit(query.most)
            .set_exclusive_start_key(start);
        let found = self.client.send(read).await?;
        let end = found.last_evaluated_key.as_ref();
        let cursor = end.and_then(|end| Cursor::after(end, PLACES));
        Ok((found.items().iter().map(key_of).collect(), cursor))
    }
}
