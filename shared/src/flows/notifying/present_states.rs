//! Finds the present states of the shipments that a list of notifications is about.
//!
//! A state is computed from all events of a shipment and stored nowhere, so each shipment costs a query; their records are read
//! together.

use std::collections::{BTreeMap, BTreeSet};

use futures::{StreamExt as _, TryStreamExt as _, stream};

use crate::domain::shipment_id::ShipmentId;
use crate::domain::text::ClientId;
use crate::flows::notifying::track_shipment::state;
use crate::store::booking::shipments::Shipments;
use crate::store::failure::StoreFailure;
use crate::store::keys::Key;
use crate::store::messaging::head::NotificationHead;
use crate::store::messaging::history::History;

/// How many shipments are read side by side.
const AT_ONCE: usize = 16;

/// A shipment with its state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PresentState {
    /// The shipment.
    pub id: ShipmentId,
    /// The name of its state.
    pub state: String,
}

/// The notifications of a shipment.
struct Events {
    /// What their keys begin with.
    of: Key,
    id: ShipmentId,
    heads: Vec<(Key, NotificationHead)>,
}

/// The present states of the shipments of these notifications, by notification. A shipment with so many events that one read does
/// not find them all has none.
pub async fn present_states(
    shipments: &Shipments,
    history: &History,
    client: &ClientId,
    notifications: &[Key],
) -> Result<BTreeMap<Key, PresentState>, StoreFailure> {
    let of: BTreeSet<Key> = notifications.iter().map(Key::of_its_shipment).collect();
    let found: Vec<Option<Events>> = stream::iter(of)
        .map(|of| events(history, client, of))
        .buffer_unordered(AT_ONCE)
        .try_collect()
        .await?;
    let found: Vec<Events> = found.into_iter().flatten().collect();
    let keys: Vec<Key> = found.iter().map(|events| events.id.key()).collect();
    let records = shipments.records(&keys, false).await?;
    let states = found.into_iter().map(|events| {
        let record = records.get(&events.id.key());
        let state = state(events.id.shipment_type, record, events.heads);
        let id = events.id;
        (events.of, PresentState { id, state })
    });
    let states: BTreeMap<Key, PresentState> = states.collect();
    let each = notifications.iter().filter_map(|key| {
        let state = states.get(&key.of_its_shipment())?;
        Some((key.clone(), state.clone()))
    });
    Ok(each.collect())
}

async fn events(
    history: &History,
    client: &ClientId,
    of: Key,
) -> Result<Option<Events>, StoreFailure> {
    let heads = history.if_few(of.clone()).await?.unwrap_or_default();
    let id = heads.first().map(|(key, head)| ShipmentId {
        client_id: client.clone(),
        shipment_type: key.shipment_type(),
        order_number: head.order_number.clone(),
        shipment_code: head.shipment_code.clone(),
    });
    Ok(id.map(|id| Events { of, id, heads }))
}
