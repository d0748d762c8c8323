//! Tells where a shipment is: the fold of its notifications, and what each of them did.

use crate::domain::claim::Standing;
use crate::domain::claim_record::ShipmentRecord;
use crate::domain::delivery::instant;
use crate::domain::facts::ShipmentFacts;
use crate::domain::present_booking::{EventOrigin, EventPlace, PresentBooking};
use crate::domain::shipment::{ForwardState, ReturnState, ShipmentType};
use crate::domain::shipment_id::ShipmentId;
use crate::domain::text::Awb;
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
    /// What is known of it; absent when pushes alone tell of it, and no AWB.
    pub facts: Option<ShipmentFacts>,
    /// The AWBs that it had before.
    pub earlier_awbs: Vec<Awb>,
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

/// The events of a shipment's present booking, and of what came before it.
struct Events<'a> {
    booking: PresentBooking<'a>,
    heads: Vec<(Key, NotificationHead)>,
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
    Ok(tracked(shipments, id, known, heads).await?)
}

/// A shipment as its record and its notifications say.
pub(in crate::flows::notifying) async fn tracked(
    shipments: &Shipments,
    id: &ShipmentId,
    known: Option<ShipmentRecord>,
    heads: Vec<(Key, NotificationHead)>,
) -> Result<Tracked, StoreFailure> {
    let events = Events {
        booking: PresentBooking::of(known.as_ref()),
        heads,
    };
    let state = state(id.shipment_type, known.as_ref(), events.present());
    let events = events.time_line(id.shipment_type);
    let earlier_awbs = known.as_ref().map(|known| known.earlier_awbs.clone());
    let facts = match known {
        Some(known) => Some(known.facts),
        None => pushed_facts(shipments, id, &events).await?,
    };
    Ok(Tracked {
        state,
        facts,
        earlier_awbs: earlier_awbs.unwrap_or_default(),
        events,
    })
}

/// What pushes say of a shipment that was booked elsewhere: by its newest AWB.
async fn pushed_facts(
    shipments: &Shipments,
    id: &ShipmentId,
    events: &[TrackedEvent],
) -> Result<Option<ShipmentFacts>, StoreFailure> {
    let newest = events
        .iter()
        .rev()
        .find_map(|event| event.head.awb.as_ref());
    let Some(awb) = newest else {
        return Ok(None);
    };
    let found = shipments.by_awb(&id.client_id, awb).await?;
    Ok(found
        .into_iter()
        .find(|facts| facts.id(&id.client_id) == *id))
}

/// Whether nothing more is expected to happen to a shipment.
pub async fn is_over(
    shipments: &Shipments,
    history: &History,
    id: &ShipmentId,
) -> Result<bool, StoreFailure> {
    let (known, kept) = futures::try_join!(shipments.get(id), history.of_shipment(id))?;
    let events = Events {
        booking: PresentBooking::of(known.as_ref()),
        heads: kept.notifications().collect(),
    };
    Ok(match id.shipment_type {
        ShipmentType::Forward => forward_state(events.present()).is_final(),
        ShipmentType::Return => return_state(events.present()).is_final(),
    })
}

impl Events<'_> {
    fn place(&self, head: &NotificationHead) -> EventPlace {
        self.booking.place(&EventOrigin {
            alias: &head.alias,
            awb: head.awb.as_ref(),
            round: head.round,
            received_at: head.received_at,
        })
    }

    /// The events of the present booking, as the fold takes them.
    fn present(&self) -> Vec<DatedEvent> {
        let is_present = |head| self.place(head) == EventPlace::Present;
        let present = self.heads.iter().filter(|(_, head)| is_present(head));
        let present = present.filter_map(dated);
        present.chain(self.booking.cancellation()).collect()
    }

    fn time_line(&self, shipment_type: ShipmentType) -> Vec<TrackedEvent> {
        let effects = effects(shipment_type, self.present());
        let effect = |key: &Key, head: &NotificationHead| {
            head.notification_type?;
            match self.place(head) {
                EventPlace::Earlier => Some(EventEffect::Superseded),
                EventPlace::OtherAccount => Some(EventEffect::OtherAccount),
                EventPlace::Present => {
                    let mut effects = effects.iter();
                    let of_this = effects.find(|(dated, _)| dated.place == key.sk);
                    of_this.map(|(_, effect)| *effect)
                }
            }
        };
        let mut events: Vec<TrackedEvent> = self
            .heads
            .iter()
            .map(|(key, head)| TrackedEvent {
                effect: effect(key, head),
                key: key.clone(),
                head: head.clone(),
            })
            .collect();
        events.sort_by_key(|event| (happened(&event.head), event.key.sk.clone()));
        events
    }
}

/// An event as the fold takes it; by its arrival if it does not say when it happened.
fn dated((key, head): &(Key, NotificationHead)) -> Option<DatedEvent> {
    Some(DatedEvent {
        at: happened(head),
        place: key.sk.clone(),
        event: head.notification_type?,
        is_time_told: head.occurred_at.is_some(),
    })
}

fn happened(head: &NotificationHead) -> jiff::Timestamp {
    instant(head.occurred_at.unwrap_or(head.received_at))
}

/// The fold of the events. A booking says as much as the event that tells of it.
fn state(
    shipment_type: ShipmentType,
    known: Option<&ShipmentRecord>,
    events: Vec<DatedEvent>,
) -> String {
    let is_booked = known.is_some_and(|known| known.standing == Standing::Booked);
    match shipment_type {
        ShipmentType::Forward => {
            let least = is_booked.then_some(ForwardState::LabelReady);
            let state = forward_state(events);
            least.map_or(state, |least| state.max(least)).to_string()
        }
        ShipmentType::Return => {
            let least = is_booked.then_some(ReturnState::AwbReady);
            let state = return_state(events);
            least.map_or(state, |least| state.max(least)).to_string()
        }
    }
}
