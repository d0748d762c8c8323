//! Finds shipments without movement: booked some days ago, not over, and without an event since.
//!
//! No table knows when a shipment last moved: to write that down would cost as much as the notification. So a part of the
//! shipments that were booked before is read, and the answer says which part.

use futures::{StreamExt as _, TryStreamExt as _, stream};
use jiff::{SignedDuration, Timestamp};

use crate::domain::delivery::instant;
use crate::domain::shipment_id::ShipmentId;
use crate::domain::span::Span;
use crate::domain::text::{AccountAlias, ClientId};
use crate::flows::failure::FlowFailure;
use crate::flows::notifying::track_shipment::track_shipment;
use crate::store::booking::shipments::Shipments;
use crate::store::messaging::history::History;

/// How many shipments are read at once at most.
const MOST: i32 = 25;
/// How many are read side by side.
const AT_ONCE: usize = 8;
/// How long after its booking a shipment is looked for.
const LONGEST: SignedDuration = SignedDuration::from_hours(60 * 24);

/// Which shipments are looked for.
#[derive(Debug, Clone)]
pub struct StillQuery {
    /// The client.
    pub client: ClientId,
    /// The account.
    pub alias: AccountAlias,
    /// How long they have not moved.
    pub quiet: SignedDuration,
    /// Only those that were booked before this time, where an earlier part ended.
    pub before: Option<Timestamp>,
}

/// A shipment without movement.
#[derive(Debug)]
pub struct StillShipment {
    /// The shipment.
    pub id: ShipmentId,
    /// Its state.
    pub state: String,
    /// When it was booked.
    pub booked_at: Timestamp,
    /// Its last event; absent if there was none.
    pub last_event: Option<Timestamp>,
}

/// What was found in a part of the shipments.
#[derive(Debug)]
pub struct StillShipments {
    /// The shipments without movement, the latest booking first.
    pub shipments: Vec<StillShipment>,
    /// How many were looked at.
    pub looked_at: usize,
    /// Where the next part begins: only shipments that were booked before this time; absent at the end.
    pub next: Option<Timestamp>,
}

/// Looks at the latest bookings that are old enough: a query, and two reads for each of them.
pub async fn find_still(
    shipments: &Shipments,
    history: &History,
    query: &StillQuery,
    now: Timestamp,
) -> Result<StillShipments, FlowFailure> {
    let quiet_since = now - query.quiet;
    let span = Span {
        since: Some(now - LONGEST),
        until: Some(query.before.unwrap_or(quiet_since).min(quiet_since)),
    };
    let booked = shipments
        .open_in(&query.client, &query.alias, span, MOST)
        .await?;
    let looked_at = booked.shipments.len();
    let last = booked.shipments.last().map(|(_, at)| *at);
    let still: Vec<Option<StillShipment>> = stream::iter(booked.shipments)
        .map(|(id, booked_at)| still(shipments, history, id, booked_at, quiet_since))
        .buffered(AT_ONCE)
        .try_collect()
        .await?;
    Ok(StillShipments {
        shipments: still.into_iter().flatten().collect(),
        looked_at,
        next: last.filter(|_| booked.is_cut),
    })
}

async fn still(
    shipments: &Shipments,
    history: &History,
    id: ShipmentId,
    booked_at: Timestamp,
    quiet_since: Timestamp,
) -> Result<Option<StillShipment>, FlowFailure> {
    let tracked = track_shipment(shipments, history, &id).await?;
    let last_event = tracked.events.last().map(|event| instant(event.place().0));
    let is_quiet = last_event.is_none_or(|at| at < quiet_since);
    Ok((is_quiet && !tracked.is_over).then_some(StillShipment {
        id,
        state: tracked.state,
        booked_at,
        last_event,
    }))
}
