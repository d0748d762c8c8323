//! Tracks a shipment: its state, computed from its notifications, and the effect of each notification.

use std::collections::HashMap;

use crate::domain::claim::Standing;
use crate::domain::claim_record::ShipmentRecord;
use crate::domain::delivery::instant;
use crate::domain::facts::ShipmentFacts;
use crate::domain::present_booking::{EventOrigin, EventPlace, PresentBooking};
use crate::domain::shipment::{ForwardState, ReturnState, ShipmentType};
use crate::domain::shipment_id::ShipmentId;
use crate::domain::text::Awb;
use crate::domain::timeline::{DatedEvent, EventEffect, forward, returning};
use crate::flows::failure::FlowFailure;
use crate::store::booking::shipments::Shipments;
use crate::store::failure::StoreFailure;
use crate::store::keys::Key;
use crate::store::messaging::head::NotificationHead;
use crate::store::messaging::history::History;

/// The error text for a shipment that does not exist.
pub(in crate::flows::notifying) const ABSENT: &str = "shipment not found";

/// A shipment with its timeline.
#[derive(Debug)]
pub struct Tracked {
    /// The name of its state.
    pub state: String,
    /// Whether no more events are expected.
    pub is_over: bool,
    /// Its facts; absent if it is known only from pushes without an AWB.
    pub facts: Option<ShipmentFacts>,
    /// Its earlier AWBs.
    pub earlier_awbs: Vec<Awb>,
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
    /// Its effect; absent if its code is not mapped, or if it is a test.
    pub effect: Option<EventEffect>,
}

impl TrackedEvent {
    /// When it happened, in epoch milliseconds, and its key.
    pub fn place(&self) -> (i64, &Key) {
        (self.head.happened_at(), &self.key)
    }

    /// Its order among the events of its shipment, as [`DatedEvent`] has it.
    fn order(&self) -> (i64, i64, &Key) {
        let (at, key) = self.place();
        (at, self.head.received_at, key)
    }

    /// The event as input for the state of a return order; `None` if it has no effect on the current booking, or if RMS
    /// itself made it.
    pub fn of_parcel(&self) -> Option<DatedEvent> {
        match self.effect? {
            EventEffect::Superseded | EventEffect::OtherAccount => None,
            EventEffect::Advance
            | EventEffect::Informational
            | EventEffect::AlreadyThere
            | EventEffect::OutOfOrder
            | EventEffect::Reopened => dated(&self.key, &self.head).filter(|_| !self.head.by_rms),
        }
    }
}

/// The events of a shipment's current booking and of earlier ones.
struct Events<'a> {
    booking: PresentBooking<'a>,
    heads: Vec<(Key, NotificationHead)>,
}

/// Finds a shipment and all of its events.
pub async fn track_shipment(
    shipments: &Shipments,
    history: &History,
    id: &ShipmentId,
) -> Result<Tracked, FlowFailure> {
    let (known, heads) = futures::try_join!(shipments.get(id), history.notifications_of(id))?;
    if known.is_none() && heads.is_empty() {
        return Err(FlowFailure::NotFound(ABSENT));
    }
    Ok(tracked(shipments, id, known, heads).await?)
}

/// A shipment from its record and its notifications.
pub(in crate::flows) async fn tracked(
    shipments: &Shipments,
    id: &ShipmentId,
    known: Option<ShipmentRecord>,
    heads: Vec<(Key, NotificationHead)>,
) -> Result<Tracked, StoreFailure> {
    let events = Events {
        booking: PresentBooking::of(known.as_ref()),
        heads,
    };
    let Folded {
        state,
        is_over,
        effects,
    } = events.folded(id.shipment_type, known.as_ref());
    let events = events.with(&effects);
    let earlier_awbs = known.as_ref().map(|known| known.earlier_awbs.clone());
    let facts = match known {
        Some(known) => Some(known.facts),
        None => pushed_facts(shipments, id, &events).await?,
    };
    Ok(Tracked {
        state,
        is_over,
        facts,
        earlier_awbs: earlier_awbs.unwrap_or_default(),
        events,
    })
}

/// The name of a shipment's state, from its record and its notifications.
pub(in crate::flows::notifying) fn state(
    shipment_type: ShipmentType,
    known: Option<&ShipmentRecord>,
    heads: Vec<(Key, NotificationHead)>,
) -> String {
    let events = Events {
        booking: PresentBooking::of(known),
        heads,
    };
    events.folded(shipment_type, known).state
}

/// The facts of a shipment that was booked elsewhere, from the pushes of its newest AWB.
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

/// Whether no more events are expected for a shipment.
pub async fn is_over(
    shipments: &Shipments,
    history: &History,
    id: &ShipmentId,
) -> Result<bool, StoreFailure> {
    let (known, heads) = futures::try_join!(shipments.get(id), history.notifications_of(id))?;
    let events = Events {
        booking: PresentBooking::of(known.as_ref()),
        heads,
    };
    Ok(match id.shipment_type {
        ShipmentType::Forward => forward(events.present()).state.is_final(),
        ShipmentType::Return => returning(events.present()).state.is_final(),
    })
}

impl Events<'_> {
    /// The events of the current booking, as input for the state.
    fn present(&self) -> Vec<DatedEvent> {
        let is_present = |head| place(self.booking, head) == EventPlace::Present;
        let present = self.heads.iter().filter(|(_, head)| is_present(head));
        let present = present.filter_map(|(key, head)| dated(key, head));
        present.chain(self.booking.cancellation()).collect()
    }

    fn folded(&self, shipment_type: ShipmentType, known: Option<&ShipmentRecord>) -> Folded {
        let is_booked = known.is_some_and(|known| known.standing == Standing::Booked);
        folded(shipment_type, is_booked, self.present())
    }

    /// The events with their effects, in the order in which they happened.
    fn with(self, effects: &Effects) -> Vec<TrackedEvent> {
        let booking = self.booking;
        let effect = |key: &Key, head: &NotificationHead| {
            head.notification_type.filter(|_| !head.test)?;
            match place(booking, head) {
                EventPlace::Earlier => Some(EventEffect::Superseded),
                EventPlace::OtherAccount => Some(EventEffect::OtherAccount),
                EventPlace::Present => effects.get(&key.sk).copied(),
            }
        };
        let mut events: Vec<TrackedEvent> = self
            .heads
            .into_iter()
            .map(|(key, head)| TrackedEvent {
                effect: effect(&key, &head),
                key,
                head,
            })
            .collect();
        events.sort_by(|one, other| one.order().cmp(&other.order()));
        events
    }
}

fn place(booking: PresentBooking<'_>, head: &NotificationHead) -> EventPlace {
    booking.place(&EventOrigin {
        alias: head.alias.as_ref().filter(|_| !head.by_rms),
        awb: head.awb.as_ref(),
        round: head.round,
        received_at: head.received_at,
    })
}

/// An event as input for the state, with its time of arrival if it has no time of its own. A test has no effect.
pub(in crate::flows) fn dated(key: &Key, head: &NotificationHead) -> Option<DatedEvent> {
    let event = head.notification_type.filter(|_| !head.test)?;
    Some(DatedEvent {
        at: instant(head.happened_at()),
        received_at: head.received_at,
        place: key.sk.clone(),
        event,
        is_time_told: head.occurred_at.is_some(),
    })
}

/// The effects of events of the current booking, by their sort keys.
type Effects = HashMap<String, EventEffect>;

/// The state computed from the events, and their effects.
struct Folded {
    state: String,
    is_over: bool,
    effects: Effects,
}

/// Computes the state. A booking counts like the event that reports it.
fn folded(shipment_type: ShipmentType, is_booked: bool, events: Vec<DatedEvent>) -> Folded {
    let (state, is_over, effects) = match shipment_type {
        ShipmentType::Forward => {
            let least = is_booked.then_some(ForwardState::LabelReady);
            let timeline = forward(events);
            let state = least.map_or(timeline.state, |least| timeline.state.max(least));
            (state.to_string(), state.is_final(), timeline.effects)
        }
        ShipmentType::Return => {
            let least = is_booked.then_some(ReturnState::AwbReady);
            let timeline = returning(events);
            let state = least.map_or(timeline.state, |least| timeline.state.max(least));
            (state.to_string(), state.is_final(), timeline.effects)
        }
    };
    let effects = effects.into_iter();
    let effects = effects.map(|(dated, effect)| (dated.place, effect));
    Folded {
        state,
        is_over,
        effects: effects.collect(),
    }
}
