//! Tells where a shipment is: the fold of its notifications, and what each of them did.

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

/// What a caller is told who asks for a shipment that is not there.
pub(in crate::flows::notifying) const ABSENT: &str = "shipment not found";

/// A shipment with its time line.
#[derive(Debug)]
pub struct Tracked {
    /// The word for where it is.
    pub state: String,
    /// What is known of it; absent when it is known from its notifications alone.
    pub facts: Option<ShipmentFacts>,
    /// What happened, in the order in which it happened.
    pub events: Vec<TrackedEvent>,
}

/// One notification of a shipment.
#[derive(Debug)]
pub struct TrackedEvent {
    /// Its key.
    pub key: Key,
    /// What is known of it.
    pub head: NotificationHead,
    /// What it did; absent when we have no word for it.
    pub effect: Option<EventEffect>,
}

/// Finds a shipment and all that happened to it.
pub async fn track_shipment(
    shipments: &Shipments,
    history: &History,
    id: &ShipmentId,
) -> Result<Tracked, FlowFailure> {
    let (known, kept) = futures::try_join!(shipments.get(id), history.of_shipment(id))?;
    let heads: Vec<(Key, NotificationHead)> = kept.notifications().collect();
    if known.is_none() && heads.is_empty() {
        return Err(FlowFailure::NotFound(ABSENT));
    }
    Ok(tracked(id.shipment_type, known, heads))
}

/// A shipment as its record and its notifications say.
pub(in crate::flows::notifying) fn tracked(
    shipment_type: ShipmentType,
    known: Option<ShipmentRecord>,
    heads: Vec<(Key, NotificationHead)>,
) -> Tracked {
    let dated: Vec<DatedEvent> = heads.iter().filter_map(dated).collect();
    Tracked {
        state: state(shipment_type, known.as_ref(), dated.clone()),
        events: time_line(heads, &effects(shipment_type, dated)),
        facts: known.map(|known| known.facts),
    }
}

/// Whether nothing more is expected to happen to a shipment.
pub async fn is_over(history: &History, id: &ShipmentId) -> Result<bool, StoreFailure> {
    let heads = history.of_shipment(id).await?.notifications();
    let events: Vec<DatedEvent> = heads.filter_map(|head| dated(&head)).collect();
    Ok(match id.shipment_type {
        ShipmentType::Forward => forward_state(events).is_final(),
        ShipmentType::Return => return_state(events).is_final(),
    })
}

/// An event as the fold takes it; by its arrival if it does not say when it happened.
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

/// The fold of the events. A booking says as much as the event that tells of it, and so does a cancellation of ours.
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
