//! Finds undelivered deliveries of an endpoint: failed, retrying and parked ones.

use crate::domain::delivery::{DeliveryRecord, DeliveryState};
use crate::domain::endpoint_key::EndpointKey;
use crate::domain::span::Span;
use crate::flows::failure::FlowFailure;
use crate::store::configuring::endpoints::Endpoints;
use crate::store::cursor::Cursor;
use crate::store::delivering::parked::{EndpointLane, Parked, ParkedDeliveries};
use crate::store::delivering::undelivered::{UndeliveredIndex, UndeliveredQuery, Waiting};
use crate::store::keys::Key;
use crate::store::messaging::head::MessageHead;
use crate::store::messaging::history::History;

/// A delivery.
#[derive(Debug)]
pub struct FoundDelivery {
    /// Its key.
    pub key: Key,
    /// Its message.
    pub head: MessageHead,
    /// Its record.
    pub record: DeliveryRecord,
}

/// A page of the deliveries in a state.
pub async fn undelivered(
    index: &UndeliveredIndex,
    history: &History,
    query: &UndeliveredQuery<'_>,
) -> Result<(Vec<FoundDelivery>, Option<Cursor>), FlowFailure> {
    let page = index.of(query).await?;
    let mut kept = history.of_deliveries(&page.deliveries).await?;
    let found = page.deliveries.into_iter().filter_map(|key| {
        let record = kept.deliveries.remove(&key)?;
        let head = kept.messages.get(&key.message())?.clone();
        Some(FoundDelivery { key, head, record })
    });
    let found = found.filter(|found| stands(&found.record, query.state));
    Ok((found.collect(), page.cursor))
}

/// Whether a delivery still has the state of the index entry.
fn stands(record: &DeliveryRecord, state: Waiting) -> bool {
    match (record.state, state) {
        (DeliveryState::Failed, Waiting::Failed) | (DeliveryState::Pending, Waiting::Pending) => {
            true
        }
        (DeliveryState::Delivered, _)
        | (DeliveryState::Failed, Waiting::Pending)
        | (DeliveryState::Pending, Waiting::Failed) => false,
    }
}

/// A query for parked deliveries.
#[derive(Debug)]
pub struct ParkedQuery<'a> {
    /// The endpoint.
    pub endpoint: &'a EndpointKey,
    /// The time span in which their messages were accepted.
    pub span: Span,
    /// Where an earlier page ended.
    pub cursor: Option<&'a Cursor>,
    /// The page size.
    pub most: i32,
}

/// The stores for finding parked deliveries.
#[derive(Debug, Clone, Copy)]
pub struct ParkedPlaces<'a> {
    /// The endpoints, for their lanes.
    pub endpoints: &'a Endpoints,
    /// The parked deliveries.
    pub parked: &'a ParkedDeliveries,
    /// Their messages and records.
    pub history: &'a History,
}

/// A page of an endpoint's parked deliveries: lane by lane, oldest first within a lane.
pub async fn parked(
    places: ParkedPlaces<'_>,
    query: &ParkedQuery<'_>,
) -> Result<(Vec<FoundDelivery>, Option<Cursor>), FlowFailure> {
    let (found, cursor) = page(places, query).await?;
    let keys: Vec<Key> = found
        .iter()
        .map(|parked| parked.delivery.record())
        .collect();
    let mut kept = places.history.of_deliveries(&keys).await?;
    let found = found
        .into_iter()
        .filter(|parked| query.span.holds(parked.delivery.accepted_at));
    let found = found.filter_map(|parked| {
        let key = parked.delivery.record();
        let head = kept.messages.get(&key.message())?.clone();
        let record = kept.deliveries.remove(&key);
        let record = record.unwrap_or_else(|| DeliveryRecord::new(None));
        Some(FoundDelivery { key, head, record })
    });
    Ok((found.collect(), cursor))
}

async fn page(
    places: ParkedPlaces<'_>,
    query: &ParkedQuery<'_>,
) -> Result<(Vec<Parked>, Option<Cursor>), FlowFailure> {
    let ParkedQuery {
        endpoint,
        cursor,
        most,
        ..
    } = *query;
    let EndpointKey {
        client_id,
        endpoint_id,
    } = endpoint;
    let known = places.endpoints.present(client_id, endpoint_id).await?;
    let lanes = known.map_or(0, |known| known.lanes);
    let begin = cursor.and_then(|cursor| cursor.of_lane(endpoint));
    let (first, mut after) = begin.map_or((0, None), |(lane, place)| (lane.lane, Some(place)));
    let mut found: Vec<Parked> = Vec::new();
    for lane in first..lanes {
        let of = EndpointLane {
            endpoint: endpoint.clone(),
            lane,
        };
        let room = most - i32::try_from(found.len()).unwrap_or(most);
        let page = places
            .parked
            .first(&of, after.take().as_ref(), room)
            .await?;
        found.extend(page);
        if let Some(last) = found
            .last()
            .filter(|_| found.len() >= usize::try_from(most).unwrap_or_default())
        {
            let cursor = Cursor::in_lane(lane, &last.key);
            return Ok((found, Some(cursor)));
        }
    }
    Ok((found, None))
}
