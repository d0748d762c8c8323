//! Finds the state of an order: of the shipment that is the whole order, and of each parcel.

use std::collections::BTreeMap;

use crate::domain::claim_record::ShipmentRecord;
use crate::domain::shipment_id::ShipmentId;
use crate::domain::text::ShipmentCode;
use crate::flows::failure::FlowFailure;
use crate::flows::notifying::track_shipment::{ABSENT, Tracked, tracked};
use crate::store::booking::shipments::Shipments;
use crate::store::keys::Key;
use crate::store::messaging::head::NotificationHead;
use crate::store::messaging::history::History;

/// An order with all its parcels.
#[derive(Debug)]
pub struct TrackedOrder {
    /// The shipment that is the whole order; absent if there are only parcels.
    pub whole: Option<Tracked>,
    /// Its parcels, by code.
    pub parcels: Vec<(ShipmentCode, Tracked)>,
}

/// The stored data of one shipment.
#[derive(Default)]
struct Known {
    record: Option<ShipmentRecord>,
    heads: Vec<(Key, NotificationHead)>,
}

/// Finds the shipments of an order in the direction of `order`, which has no shipment code, with all of their events.
pub async fn track_order(
    shipments: &Shipments,
    history: &History,
    order: &ShipmentId,
) -> Result<TrackedOrder, FlowFailure> {
    let (records, notifications) = futures::try_join!(
        shipments.of_order(order),
        history.notifications_of_order(order)
    )?;
    let mut known: BTreeMap<Option<ShipmentCode>, Known> = BTreeMap::new();
    for (id, record) in records {
        known.entry(id.shipment_code).or_default().record = Some(record);
    }
    for (key, head) in notifications {
        let of = known.entry(head.shipment_code.clone()).or_default();
        of.heads.push((key, head));
    }
    if known.is_empty() {
        return Err(FlowFailure::NotFound(ABSENT));
    }
    let mut whole = None;
    let mut parcels = Vec::new();
    for (shipment_code, Known { record, heads }) in known {
        let id = ShipmentId {
            shipment_code,
            ..order.clone()
        };
        let tracked = tracked(shipments, &id, record, heads).await?;
        match id.shipment_code {
            Some(code) => parcels.push((code, tracked)),
            None => whole = Some(tracked),
        }
    }
    Ok(TrackedOrder { whole, parcels })
}
