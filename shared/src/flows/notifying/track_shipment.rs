//! Tracks a shipment: its state, computed from its notifications, and the effect of each notification.

use crate::domain::claim::Standing;
use crate::domain::claim_record::ShipmentRecord;
use crate::domain::delivery::instant;
use crate::domain::facts::ShipmentFacts;
use crate::domain::shipment::{ForwardState, ReturnState, ShipmentType};
use crate::domain::shipment_id::ShipmentId;
use crate::domain::timeline::{DatedEvent, EventEffect, effects, forward_state, return_state};
use crate::flows::failure::FlowFailure;
use crate::store::booking::shipments::Shipments;
use crate::store::failure::StoreFailure;
use crate::store::keys::Key;
use crate::store::messaging::head::NotificationHead;
use crate::store::messaging::history::History;

/// A shipment with its timeline.
#[derive(Debug)]
pub struct Tracked {
    /// The name of its state.
    pub state: String,
    /// Its facts; absent if it is known only from notifications.
    pub facts: Option<ShipmentFacts>,
    /// Its events, in the order in which they happened.
    pub events: Vec<TrackedEvent>,
}

/// One notification of a shipment.
#[derive(Debug)]
pub struct TrackedEvent {
    /// Its key.
    pub key: Key,
    /// Its head.
    pub head: NotificationHead,
    /// Its effect; absent if its code is not mapped.
    pub effect: Option<EventEffect>,
}

/// Finds a shipment and all of its events.
pub async fn track_shipment(
    shipments: &Shipments,
    history: &History,
    id: &ShipmentId,
) -> Result<Tracked, FlowFailure> {
    let (known, kept) = futures::try_join!(shipments.get(id), history.of_shipment(id))?;
    let heads: Vec<(Key, NotificationHead)> = kept.notifications().collect();
    if known.is_none() && heads.is_empty() {
        return Err(FlowFailure::NotFound("shipment not found"));
    }
    let dated: Vec<DatedEvent> = heads.iter().filter_map(dated).collect();
    Ok(Tracked {
        state: state(id.shipment_type, known.as_ref(), dated.clone()),
        events: time_line(heads, &effects(id.shipment_type, dated)),
        facts: known.map(|known| known.facts),
    })
}

/// Whether no more events are expected for a shipment.
pub async fn is_over(history: &History, id: &ShipmentId) -> Result<bool, StoreFailure> {
    let heads = history.of_shipment(id).await?.notifications();
    let events: Vec<DatedEvent> = heads.filter_map(|head| dated(&head)).collect();
    Ok(match id.shipment_type {
        ShipmentType::Forward => forward_state(events).is_final(),
        ShipmentType::Return => return_state(events).is_final(),
    })
}

/// A dated event for the fold, with its time of arrival if it has no time of its own.
fn dated((key, head): &(Key, NotificationHead)) -> Option<DatedEvent> {
    Some((happened(head), key.sk.clone(), head.notification_type?))
}

fn happened(head: &NotificationHead) -> jiff::Timestamp {
    instant(head.occurred_at.unwrap_or(head.received_at))
}

fn time_line(
    heads: Vec<(Key, NotificationHead)>,
    effects: &[(DatedEvent, EventEffect)],
) -> Vec<TrackedEvent> {
    let effect = |key: &Key| {
        let of_this = effects.iter().find(|((_, sort, _), _)| *sort == key.sk);
        of_this.map(|(_, effect)| *effect)
    };
    let mut events: Vec<TrackedEvent> = heads
        .into_iter()
        .map(|(key, head)| TrackedEvent {
            effect: effect(&key),
            key,
            head,
        })
        .collect();
    events.sort_by_key(|event| (happened(&event.head), event.key.sk.clone()));
    events
}

/// The folded state. A booking and our own cancellation count like the events that report them.
fn state(
    shipment_type: ShipmentType,
    known: Option<&ShipmentRecord>,
    events: Vec<DatedEvent>,
) -> String {
    let standing = known.map(|known| known.standing);
    let is_booked = standing == Some(Standing::Booked);
    let is_cancelled = standing == Some(Standing::Cancelled);
    match shipment_type {
        ShipmentType::Forward => {
            let state = forward_state(events);
            if is_cancelled && !state.is_final() {
                return ForwardState::Cancelled.to_string();
            }
            let least = is_booked.then_some(ForwardState::LabelReady);
            least.map_or(state, |least| state.max(least)).to_string()
        }
        ShipmentType::Return => {
            let state = return_state(events);
            if is_cancelled && !state.is_final() {
                return ReturnState::Cancelled.to_string();
            }
            let least = is_booked.then_some(ReturnState::AwbReady);
            least.map_or(state, |least| state.max(least)).to_string()
        }
    }
}
