//! Finds notifications: of an order, of an AWB, or those whose delivery to an endpoint fails.

use jiff::Timestamp;

use crate::domain::delivery::{DeliveryRecord, DeliveryState, instant};
use crate::domain::endpoint_key::EndpointKey;
use crate::domain::shipment_id::ShipmentId;
use crate::domain::text::{Awb, ClientId, OrderNumber};
use crate::flows::failure::FlowFailure;
use crate::store::booking::shipments::Shipments;
use crate::store::configuring::endpoints::Endpoints;
use crate::store::cursor::Cursor;
use crate::store::delivering::parked::{EndpointLane, Parked, ParkedDeliveries};
use crate::store::delivering::undelivered::{UndeliveredIndex, Waiting, WantedDeliveries};
use crate::store::keys::Key;
use crate::store::messaging::history::{History, Kept, NotificationHead};

/// What finding needs.
#[derive(Debug)]
pub struct SearchDependencies {
    /// The shipments, to find one by its AWB.
    pub shipments: Shipments,
    /// The notifications and deliveries.
    pub history: History,
    /// The deliveries that are not delivered.
    pub undelivered: UndeliveredIndex,
    /// The endpoints, for their lanes.
    pub endpoints: Endpoints,
    /// What is parked in them.
    pub parked: ParkedDeliveries,
}

/// A span of time: its beginning belongs to it, its end does not.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Span {
    /// Its beginning.
    pub since: Option<Timestamp>,
    /// Its end.
    pub until: Option<Timestamp>,
}

/// A notification that was found.
#[derive(Debug)]
pub struct FoundNotification {
    /// Its key.
    pub key: Key,
    /// What is known of it.
    pub head: NotificationHead,
}

/// A delivery that was found.
#[derive(Debug)]
pub struct FoundDelivery {
    /// Its key.
    pub key: Key,
    /// The notification.
    pub head: NotificationHead,
    /// Where it stands.
    pub record: DeliveryRecord,
}

impl Span {
    /// Whether a moment, in epoch milliseconds, belongs to it.
    pub fn holds(self, at: i64) -> bool {
        let at = instant(at);
        self.since.is_none_or(|since| since <= at) && self.until.is_none_or(|until| at < until)
    }
}

/// All notifications of an order, in the order of their arrival.
pub async fn of_order(
    archive: &SearchDependencies,
    client: &ClientId,
    order_number: &OrderNumber,
    span: Span,
) -> Result<Vec<FoundNotification>, FlowFailure> {
    let kept = archive.history.of_order(client, order_number).await?;
    Ok(by_arrival([kept], span))
}

/// All notifications of the shipments with an AWB, in the order of their arrival.
pub async fn of_awb(
    archive: &SearchDependencies,
    client: &ClientId,
    awb: &Awb,
    span: Span,
) -> Result<Vec<FoundNotification>, FlowFailure> {
    let mut kept = Vec::new();
    for shipment in shipments_with(&archive.shipments, client, awb).await? {
        kept.push(archive.history.of_shipment(&shipment).await?);
    }
    Ok(by_arrival(kept, span))
}

/// The shipments with an AWB: one, unless two accounts were given the same.
pub(in crate::flows) async fn shipments_with(
    shipments: &Shipments,
    client: &ClientId,
    awb: &Awb,
) -> Result<Vec<ShipmentId>, FlowFailure> {
    let mut found: Vec<ShipmentId> = Vec::new();
    for facts in shipments.by_awb(client, awb).await? {
        let id = facts.id(client);
        if !found.contains(&id) {
            found.push(id);
        }
    }
    Ok(found)
}

fn by_arrival(kept: impl IntoIterator<Item = Kept>, span: Span) -> Vec<FoundNotification> {
    let mut found: Vec<_> = kept
        .into_iter()
        .flat_map(|kept| kept.notifications)
        .filter(|(_, head)| span.holds(head.received_at))
        .map(|(key, head)| FoundNotification { key, head })
        .collect();
    found.sort_by(|one, other| {
        let place = |found: &FoundNotification| (found.head.received_at, found.key.clone());
        place(one).cmp(&place(other))
    });
    found
}

/// A page of the deliveries that stand where they are wanted.
pub async fn undelivered(
    archive: &SearchDependencies,
    wanted: &WantedDeliveries<'_>,
) -> Result<(Vec<FoundDelivery>, Option<Cursor>), FlowFailure> {
    let page = archive.undelivered.of(wanted).await?;
    let mut kept = archive.history.of_deliveries(&page.deliveries).await?;
    let found = page.deliveries.into_iter().filter_map(|key| {
        let record = kept.deliveries.remove(&key)?;
        let head = kept.notifications.get(&key.notification())?.clone();
        Some(FoundDelivery { key, head, record })
    });
    let found = found.filter(|found| stands(&found.record, wanted.state));
    Ok((found.collect(), page.cursor))
}

/// A page of what is parked for an endpoint: lane by lane, the oldest of a lane first.
pub async fn parked(
    archive: &SearchDependencies,
    endpoint: &EndpointKey,
    span: Span,
    cursor: Option<&Cursor>,
    most: i32,
) -> Result<(Vec<FoundDelivery>, Option<Cursor>), FlowFailure> {
    let (places, cursor) = parked_places(archive, endpoint, cursor, most).await?;
    let keys: Vec<Key> = places
        .iter()
        .map(|parked| parked.delivery.record())
        .collect();
    let mut kept = archive.history.of_deliveries(&keys).await?;
    let found = places
        .into_iter()
        .filter(|parked| span.holds(parked.delivery.accepted_at));
    let found = found.filter_map(|parked| {
        let key = parked.delivery.record();
        let head = kept.notifications.get(&key.notification())?.clone();
        let record = kept.deliveries.remove(&key);
        let record = record.unwrap_or_else(|| DeliveryRecord::new(None));
        Some(FoundDelivery { key, head, record })
    });
    Ok((found.collect(), cursor))
}

async fn parked_places(
    archive: &SearchDependencies,
    endpoint: &EndpointKey,
    cursor: Option<&Cursor>,
    most: i32,
) -> Result<(Vec<Parked>, Option<Cursor>), FlowFailure> {
    let EndpointKey {
        client_id,
        endpoint_id,
    } = endpoint;
    let known = archive.endpoints.find(client_id, endpoint_id).await?;
    let lanes = known.map_or(0, |known| known.lanes);
    let begin = cursor.and_then(|cursor| cursor.of_lane(endpoint));
    let (first, mut after) = begin.map_or((0, None), |(lane, place)| (lane.lane, Some(place)));
    let mut places: Vec<Parked> = Vec::new();
    for lane in first..lanes {
        let of = EndpointLane {
            endpoint: endpoint.clone(),
            lane,
        };
        let room = most - i32::try_from(places.len()).unwrap_or(most);
        let page = archive
            .parked
            .first(&of, after.take().as_ref(), room)
            .await?;
        places.extend(page);
        if let Some(last) = places
            .last()
            .filter(|_| places.len() >= usize::try_from(most).unwrap_or_default())
        {
            let cursor = Cursor::in_lane(lane, &last.key);
            return Ok((places, Some(cursor)));
        }
    }
    Ok((places, None))
}

/// Whether a delivery is still what the index said when it was asked.
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
