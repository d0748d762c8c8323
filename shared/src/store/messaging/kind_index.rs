//! The index of messages by client and kind, the newest first.
//!
//! It is sparse: notifications have no place in it, because each would cost a write more. They are found by their subject
//! or by the endpoint that did not take them.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::AttributeValue;
use serde::{Deserialize, Serialize};

use crate::domain::message::MessageKind;
use crate::domain::span::Span;
use crate::domain::text::ClientId;
use crate::store::cursor::{Cursor, IndexKey};
use crate::store::failure::StoreFailure;
use crate::store::items::key_of;
use crate::store::keys::Key;

const INDEX: &str = "ofKind";
/// Its key.
const PLACES: IndexKey = IndexKey {
    of: "kindOf",
    at: "kindAt",
};

/// The place of a message in the index.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct KindPlace {
    /// The client and the kind.
    kind_of: String,
    /// When it was accepted, in epoch milliseconds.
    kind_at: i64,
}

impl KindPlace {
    /// The place of a client's message of that kind.
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

/// Which messages are looked for.
#[derive(Debug, Clone)]
pub struct KindQuery<'a> {
    /// The client.
    pub client: &'a ClientId,
    /// Their kind; not NOTIFICATION, of which there is none in the index.
    pub kind: MessageKind,
    /// When they were accepted.
    pub span: Span,
    /// Those after the last one of an earlier page.
    pub cursor: Option<Cursor>,
    /// How many are read at once.
    pub most: i32,
}

/// The index.
#[derive(Debug, Clone)]
pub struct KindIndex {
    client: Client,
    table: String,
}

impl KindIndex {
    /// The index of the table of messages of that name.
    pub fn new(client: Client, table: String) -> Self {
        Self { client, table }
    }

    /// The keys of a page of messages, the newest first, and where it goes on; absent at the end.
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
        let found = self
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
            .set_exclusive_start_key(start)
            .send()
            .await?;
        let end = found.last_evaluated_key.as_ref();
        let cursor = end.and_then(|end| Cursor::after(end, PLACES));
        Ok((found.items().iter().map(key_of).collect(), cursor))
    }
}
