//! Deliveries parked for suspended endpoints: one partition per lane, in the order of the queue.
//!
//! The body stays with the message, so that parking and fetching a delivery are cheap. A delivery that is read here may
//! have been delivered already, by an instance that died before removing it; the delivery's record tells.
//!
//! An index has all of an endpoint's parked deliveries by age. It lags a little behind, and has none that an earlier version
//! parked: it says where to look first.

use aws_sdk_dynamodb::types::AttributeValue;
use serde::{Deserialize, Serialize};

use crate::aws::DynamoDb;
use crate::domain::endpoint_key::EndpointKey;
use crate::store::cursor::Cursor;
use crate::store::failure::StoreFailure;
use crate::store::items::{attributes, from_item, item, key_of};
use crate::store::keys::Key;
use crate::store::pages::count_items;

const INDEX: &str = "ofEndpoint";
/// The partition of the index.
const OF: &str = "parkedOf";
/// How many of an endpoint's oldest deliveries are read from the index at once.
const OLDEST: i32 = 250;
/// The value of a cursor's order for parked deliveries.
const PARKED: &str = "parked";
/// More digits than a queue's sequence number has, so that sequence numbers sort as text.
const SEQUENCE_DIGITS: usize = 40;

/// The table.
#[derive(Debug, Clone)]
pub struct ParkedDeliveries {
    client: DynamoDb,
    table: String,
}

/// A lane of an endpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EndpointLane {
    /// The endpoint.
    pub endpoint: EndpointKey,
    /// The lane's number.
    pub lane: u16,
}

/// A delivery that waits until its endpoint recovers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parked {
    /// Its key: the lane and the position in it.
    pub key: Key,
    /// The delivery.
    pub delivery: ParkedDelivery,
}

/// The lanes of an endpoint's oldest parked deliveries, according to the index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OldestLanes {
    /// The lanes, that of the oldest delivery first.
    pub lanes: Vec<u16>,
    /// Whether the index has no deliveries in other lanes.
    pub is_all: bool,
}

/// A delivery without its body and request id, which stay with the message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ParkedDelivery {
    record_pk: String,
    record_sk: String,
    /// When the message was accepted, in epoch milliseconds.
    pub accepted_at: i64,
    /// How often it was recovered.
    #[serde(default)]
    pub generation: u32,
    /// Whether it was replayed or recovered.
    #[serde(default)]
    pub replayed: bool,
}

impl EndpointLane {
    /// The key in this lane of the message with this sequence number.
    pub fn place(&self, sequence_number: &str) -> Key {
        Key {
            pk: self.partition(),
            sk: format!("{sequence_number:0>SEQUENCE_DIGITS$}"),
        }
    }

    fn partition(&self) -> String {
        format!("{}#{}", of(&self.endpoint), self.lane)
    }
}

/// The partition of an endpoint in the index: the beginning of its lanes' partitions.
fn of(endpoint: &EndpointKey) -> String {
    let EndpointKey {
        client_id,
        endpoint_id,
    } = endpoint;
    format!("{client_id}#{endpoint_id}")
}

impl ParkedDelivery {
    /// The delivery with this record.
    pub fn new(record: &Key, accepted_at: i64, generation: u32, replayed: bool) -> Self {
        Self {
            record_pk: record.pk.clone(),
            record_sk: record.sk.clone(),
            accepted_at,
            generation,
            replayed,
        }
    }

    /// The key of its record.
    pub fn record(&self) -> Key {
        Key {
            pk: self.record_pk.clone(),
            sk: self.record_sk.clone(),
        }
    }
}

impl Cursor {
    /// The cursor after a parked delivery of a lane.
    pub fn in_lane(lane: u16, place: &Key) -> Self {
        Self {
            order: PARKED.to_owned(),
            sort: place.sk.clone(),
            at: i64::from(lane),
        }
    }

    /// The lane and the position of a cursor, if it is valid for them.
    pub fn of_lane(&self, endpoint: &EndpointKey) -> Option<(EndpointLane, Key)> {
        let lane = EndpointLane {
            endpoint: endpoint.clone(),
            lane: u16::try_from(self.at).ok()?,
        };
        let place = lane.place(&self.sort);
        (self.order == PARKED).then_some((lane, place))
    }
}

impl ParkedDeliveries {
    /// The table with this name.
    pub fn new(client: DynamoDb, table: String) -> Self {
        Self { client, table }
    }

    /// Parks a delivery. Parking it twice writes the same item.
    pub async fn put(&self, parked: &Parked) -> Result<(), StoreFailure> {
        let mut item = item(&parked.key, &parked.delivery)?;
        if let Some((endpoint, _)) = endpoint_and_lane(&parked.key) {
            item.insert(OF.to_owned(), AttributeValue::S(endpoint.to_owned()));
        }
        let put = self.client.put_item().table_name(&self.table);
        self.client.send(put.set_item(Some(item))).await?;
        Ok(())
    }

    /// Removes a delivery that is no longer parked.
    pub async fn remove(&self, place: &Key) -> Result<(), StoreFailure> {
        let delete = self.client.delete_item().table_name(&self.table);
        let delete = delete.set_key(Some(attributes(place)));
        self.client.send(delete).await?;
        Ok(())
    }

    /// The first deliveries of a lane, in order, after `after` if given. Fewer than `most` means that there are no
    /// more.
    pub async fn first(
        &self,
        lane: &EndpointLane,
        after: Option<&Key>,
        most: i32,
    ) -> Result<Vec<Parked>, StoreFailure> {
        let query = self
            .client
            .query()
            .table_name(&self.table)
            .key_condition_expression("pk = :pk")
            .expression_attribute_values(":pk", AttributeValue::S(lane.partition()))
            .set_exclusive_start_key(after.map(attributes))
            .consistent_read(true)
            .limit(most);
        let found = self.client.send(query).await?;
        let parked = |item| {
            let key = key_of(&item);
            let delivery = from_item(item)?;
            Ok(Parked { key, delivery })
        };
        found
            .items
            .unwrap_or_default()
            .into_iter()
            .map(parked)
            .collect()
    }

    /// The lanes of the endpoint's oldest deliveries.
    pub async fn oldest_lanes(&self, endpoint: &EndpointKey) -> Result<OldestLanes, StoreFailure> {
        let query = self
            .client
            .query()
            .table_name(&self.table)
            .index_name(INDEX)
            .key_condition_expression("#of = :of")
            .expression_attribute_names("#of", OF)
            .expression_attribute_values(":of", AttributeValue::S(of(endpoint)))
            .limit(OLDEST);
        let found = self.client.send(query).await?;
        let mut lanes = Vec::new();
        for item in found.items() {
            match endpoint_and_lane(&key_of(item)) {
                Some((_, lane)) if !lanes.contains(&lane) => lanes.push(lane),
                Some(_) | None => {}
            }
        }
        Ok(OldestLanes {
            lanes,
            is_all: found.last_evaluated_key.is_none(),
        })
    }

    /// How many deliveries are parked in a lane.
    pub async fn count(&self, lane: &EndpointLane) -> Result<usize, StoreFailure> {
        let query = self
            .client
            .query()
            .table_name(&self.table)
            .key_condition_expression("pk = :pk")
            .expression_attribute_values(":pk", AttributeValue::S(lane.partition()));
        let count = count_items(&self.client, query, u64::MAX).await?;
        Ok(usize::try_from(count).unwrap_or(usize::MAX))
    }
}

/// The partition of the endpoint in the index, and the lane, of a key that [`EndpointLane::place`] made.
fn endpoint_and_lane(key: &Key) -> Option<(&str, u16)> {
    let (endpoint, lane) = key.pk.rsplit_once('#')?;
    Some((endpoint, lane.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lane_is_sorted_by_sequence_numbers_of_any_length() {
        let lane = EndpointLane {
            endpoint: EndpointKey {
                client_id: "demo".parse().unwrap(),
                endpoint_id: "sink".parse().unwrap(),
            },
            lane: 7,
        };
        let numbers = ["9", "10", "18894763458162607104", "118894763458162607104"];
        let places = numbers.map(|number| lane.place(number));
        assert!(places.is_sorted(), "{places:?}");
        assert!(places.iter().all(|place| place.pk == "demo#sink#7"));
    }
}
