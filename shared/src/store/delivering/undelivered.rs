//! The index of undelivered deliveries: by endpoint and state, in order of time.
//!
//! It is sparse. A delivery has an entry from its first failed attempt until it is delivered, so that a delivery that
//! succeeds at once costs nothing here. A recovered delivery keeps its entry as failed until it is attempted again: if
//! its message is lost before it is sent, a repeated recovery finds it there.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;

use crate::aws::DynamoDb;
use crate::domain::delivery::{DeliveryRecord, DeliveryState};
use crate::domain::span::Span;
use crate::domain::text::{ClientId, EndpointId};
use crate::store::cursor::{Cursor, IndexKey};
use crate::store::failure::StoreFailure;
use crate::store::items::key_of;
use crate::store::keys::Key;
use crate::store::pages::count_items;

const INDEX: &str = "undelivered";
/// The index key.
const PLACES: IndexKey = IndexKey {
    of: "undeliveredOf",
    at: "undeliveredAt",
};

/// The entry of a delivery in the index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::store) struct UndeliveredPlace {
    of: String,
    at: i64,
}

/// The state of an undelivered delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Waiting {
    /// Its attempts have failed so far, and it will be retried.
    Pending,
    /// It was given up.
    Failed,
}

impl UndeliveredPlace {
    /// The entry of a delivery, if it has one.
    pub(in crate::store) fn of(key: &Key, record: &DeliveryRecord) -> Option<Self> {
        let latest = record.latest()?.at;
        let (state, at) = match record.state {
            DeliveryState::Delivered => return None,
            DeliveryState::Failed => (Waiting::Failed, latest),
            DeliveryState::Pending if record.awaits_its_recovery() => (Waiting::Failed, latest),
            DeliveryState::Pending => (Waiting::Pending, began(record)?),
        };
        Some(Self {
            of: partition(key.client(), key.endpoint(), state),
            at,
        })
    }

    /// The attributes for the delivery's item.
    pub(in crate::store) fn attributes(self) -> [(String, AttributeValue); 2] {
        [
            (PLACES.of.to_owned(), AttributeValue::S(self.of)),
            (PLACES.at.to_owned(), number(self.at)),
        ]
    }
}

/// When its attempts began: this never changes, so that the index is written only once.
fn began(record: &DeliveryRecord) -> Option<i64> {
    let first = record.first.first().map(|attempt| attempt.at);
    record.recovery.map(|recovery| recovery.at).or(first)
}

fn partition(client: &str, endpoint: &str, state: Waiting) -> String {
    let state = match state {
        Waiting::Pending => DeliveryState::Pending,
        Waiting::Failed => DeliveryState::Failed,
    };
    format!("{client}#{endpoint}#{state}")
}

fn number(value: i64) -> AttributeValue {
    AttributeValue::N(value.to_string())
}

/// A query for deliveries.
#[derive(Debug, Clone)]
pub struct UndeliveredQuery<'a> {
    /// The client.
    pub client: &'a ClientId,
    /// The endpoint.
    pub endpoint: &'a EndpointId,
    /// Their state.
    pub state: Waiting,
    /// When they failed, or their attempts began.
    pub span: Span,
    /// Where an earlier page ended.
    pub cursor: Option<Cursor>,
    /// Whether the oldest come first.
    pub oldest_first: bool,
    /// The page size.
    pub most: i32,
}

/// A page of the index.
#[derive(Debug)]
pub struct UndeliveredPage {
    /// The keys of the deliveries. The index lags a little behind the records: read the record for the exact state.
    pub deliveries: Vec<Key>,
    /// The cursor of the next page; absent at the end.
    pub cursor: Option<Cursor>,
}

/// The index.
#[derive(Debug, Clone)]
pub struct UndeliveredIndex {
    client: DynamoDb,
    table: String,
}

impl UndeliveredIndex {
    /// The index of the notifications table with this name.
    pub fn new(client: DynamoDb, table: String) -> Self {
        Self { client, table }
    }

    /// A page of the matching deliveries.
    pub async fn of(&self, query: &UndeliveredQuery<'_>) -> Result<UndeliveredPage, StoreFailure> {
        let Some((first, last)) = query.span.milliseconds() else {
            return Ok(UndeliveredPage {
                deliveries: Vec::new(),
                cursor: None,
            });
        };
        let of = partition(query.client.as_str(), query.endpoint.as_str(), query.state);
        let start = query.cursor.as_ref();
        let start: Option<HashMap<_, _>> =
            start.map(|cursor| cursor.key(query.client, PLACES, &of));
        let read = self
            .client
            .query()
            .table_name(&self.table)
            .index_name(INDEX)
            .key_condition_expression(
                "undeliveredOf = :of AND undeliveredAt BETWEEN :first AND :last",
            )
            .expression_attribute_values(":of", AttributeValue::S(of))
            .expression_attribute_values(":first", number(first))
            .expression_attribute_values(":last", number(last))
            .scan_index_forward(query.oldest_first)
            .limit(query.most)
            .set_exclusive_start_key(start);
        let found = self.client.send(read).await?;
        let end = found.last_evaluated_key.as_ref();
        Ok(UndeliveredPage {
            cursor: end.and_then(|end| Cursor::after(end, PLACES)),
            deliveries: found.items().iter().map(key_of).collect(),
        })
    }

    /// The number of an endpoint's deliveries in a state, up to `most`.
    pub async fn count(
        &self,
        client: &ClientId,
        endpoint: &EndpointId,
        state: Waiting,
        most: u64,
    ) -> Result<u64, StoreFailure> {
        let of = partition(client.as_str(), endpoint.as_str(), state);
        let query = self
            .client
            .query()
            .table_name(&self.table)
            .index_name(INDEX)
            .key_condition_expression("undeliveredOf = :of")
            .expression_attribute_values(":of", AttributeValue::S(of));
        count_items(&self.client, query, most).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::delivery::{Attempt, AttemptEnd, instant};

    fn key() -> Key {
        Key {
            pk: "demo#0123".to_owned(),
            sk: "F01-2#sink".to_owned(),
        }
    }

    fn tried(record: DeliveryRecord, at: i64, state: DeliveryState) -> DeliveryRecord {
        let attempt = Attempt {
            at,
            duration_ms: 1,
            end: AttemptEnd::Rejected,
            cause: None,
            status: Some(500),
        };
        record.after(attempt, state)
    }

    fn place(record: &DeliveryRecord) -> Option<(String, i64)> {
        UndeliveredPlace::of(&key(), record).map(|place| (place.of, place.at))
    }

    #[test]
    fn only_failed_deliveries_have_an_entry() {
        let new = DeliveryRecord::new(None);
        assert_eq!(place(&new), None);
        let delivered = tried(new.clone(), 1, DeliveryState::Delivered);
        assert_eq!(place(&delivered), None);
        let pending = ("demo#sink#PENDING".to_owned(), 1);
        let once = tried(new, 1, DeliveryState::Pending);
        assert_eq!(place(&once), Some(pending.clone()));
        let twice = tried(once, 2, DeliveryState::Pending);
        assert_eq!(place(&twice), Some(pending));
        let failed = tried(twice.clone(), 3, DeliveryState::Failed);
        assert_eq!(place(&failed), Some(("demo#sink#FAILED".to_owned(), 3)));
        let delivered = tried(twice, 3, DeliveryState::Delivered);
        assert_eq!(place(&delivered), None);
    }

    #[test]
    fn a_recovered_delivery_keeps_its_entry_until_it_is_attempted() {
        let failed = tried(DeliveryRecord::new(None), 1, DeliveryState::Failed);
        let recovered = failed.clone().recovered(instant(5));
        assert_eq!(place(&recovered), place(&failed));
        let again = tried(recovered.clone(), 6, DeliveryState::Pending);
        assert_eq!(place(&again), Some(("demo#sink#PENDING".to_owned(), 5)));
        let delivered = tried(recovered, 6, DeliveryState::Delivered);
        assert_eq!(place(&delivered), None);
    }
}
