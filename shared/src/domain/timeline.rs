//! A shipment's events in the order in which they happened: the effect of each, and the resulting state.
//!
//! Repeated events and the order of arrival have no influence, but for events that happened at the same time: many aggregators
//! tell whole seconds. Of those, the one that arrived first is the first.

use jiff::Timestamp;
use serde::Serialize;

use crate::domain::notification::NotificationType;
use crate::domain::shipment::{ForwardState, ReturnState, Transition};

/// An event of a shipment, as input for its state.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct DatedEvent {
    /// When it happened.
    pub at: Timestamp,
    /// When it arrived, in epoch milliseconds: its order among events of the same time.
    pub received_at: i64,
    /// Its order among events that also arrived at the same time.
    pub place: String,
    /// Its type.
    pub event: NotificationType,
    /// Whether the sender says when it happened; otherwise `at` is the time of arrival.
    pub is_time_told: bool,
}

/// The effect of an event on a shipment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[schema(as = Effect)]
pub enum EventEffect {
    /// The shipment moved on.
    Advance,
    /// The event is informational: it does not tell where the shipment is.
    Informational,
    /// The shipment was already in this state.
    AlreadyThere,
    /// The shipment had this state before, or had ended.
    OutOfOrder,
    /// The shipment was in a final state by mistake: it moves again.
    Reopened,
    /// It belongs to an earlier booking of the order, or to an earlier AWB: it has no effect.
    Superseded,
    /// It was pushed by another account than the one that booked the shipment: it has no effect.
    OtherAccount,
}

impl<S> From<Transition<S>> for EventEffect {
    fn from(transition: Transition<S>) -> Self {
        match transition {
            Transition::Advance(_) => Self::Advance,
            Transition::Informational => Self::Informational,
            Transition::AlreadyThere => Self::AlreadyThere,
            Transition::OutOfOrder => Self::OutOfOrder,
        }
    }
}

/// The timeline of a forward shipment, from its events in any order.
pub fn forward(events: Vec<DatedEvent>) -> Timeline<ForwardState> {
    let rules = Rules {
        on: ForwardState::on,
        reopened_by: ForwardState::reopened_by,
    };
    Timeline::of(ForwardState::Created, events, &rules)
}

/// The timeline of a return, from its events in any order.
pub fn returning(events: Vec<DatedEvent>) -> Timeline<ReturnState> {
    let rules = Rules {
        on: ReturnState::on,
        reopened_by: ReturnState::reopened_by,
    };
    Timeline::of(ReturnState::Requested, events, &rules)
}

/// What events do to the states of one direction.
struct Rules<S> {
    on: fn(S, NotificationType) -> Transition<S>,
    reopened_by: fn(S, NotificationType) -> Option<S>,
}

/// A state, and how it was reached.
#[derive(Debug)]
pub struct Timeline<S> {
    /// The state.
    pub state: S,
    /// When it was reached.
    since: Timestamp,
    /// The events with their effects, in the order in which they happened.
    pub effects: Vec<(DatedEvent, EventEffect)>,
}

impl<S: Copy> Timeline<S> {
    fn of(start: S, mut events: Vec<DatedEvent>, rules: &Rules<S>) -> Self {
        events.sort();
        let mut timeline = Self {
            state: start,
            since: Timestamp::MIN,
            effects: Vec::with_capacity(events.len()),
        };
        for event in events {
            let effect = timeline.take(&event, rules);
            timeline.effects.push((event, effect));
        }
        timeline
    }

    fn take(&mut self, event: &DatedEvent, rules: &Rules<S>) -> EventEffect {
        let is_later = event.is_time_told && event.at > self.since;
        let reopened = (rules.reopened_by)(self.state, event.event);
        if let Some(reopened) = reopened.filter(|_| is_later) {
            self.reach(reopened, event);
            return EventEffect::Reopened;
        }
        let transition = (rules.on)(self.state, event.event);
        if let Transition::Advance(next) = transition {
            self.reach(next, event);
        }
        transition.into()
    }

    fn reach(&mut self, state: S, event: &DatedEvent) {
        self.state = state;
        self.since = event.at;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use strum::IntoEnumIterator;

    fn state_of(events: Vec<DatedEvent>) -> ForwardState {
        forward(events).state
    }

    fn return_state_of(events: Vec<DatedEvent>) -> ReturnState {
        returning(events).state
    }

    /// The effects of a forward shipment's events, in order.
    fn effects(events: Vec<DatedEvent>) -> Vec<(NotificationType, EventEffect)> {
        let effects = forward(events).effects.into_iter();
        effects
            .map(|(dated, effect)| (dated.event, effect))
            .collect()
    }

    #[test]
    fn each_event_has_its_effect_in_the_order_in_which_it_happened() {
        use NotificationType as N;
        let event = |second, event| DatedEvent {
            at: Timestamp::from_second(second).unwrap(),
            received_at: 0,
            place: String::new(),
            event,
            is_time_told: true,
        };
        let arrived = vec![
            event(4, N::Delivered),
            event(1, N::PickedUp),
            event(5, N::Transit),
            event(2, N::Delayed),
            event(3, N::Shipped),
        ];
        assert_eq!(
            effects(arrived),
            [
                (N::PickedUp, EventEffect::Advance),
                (N::Delayed, EventEffect::Informational),
                (N::Shipped, EventEffect::AlreadyThere),
                (N::Delivered, EventEffect::Advance),
                (N::Transit, EventEffect::OutOfOrder),
            ]
        );
    }

    #[test]
    fn events_of_the_same_second_count_in_the_order_in_which_they_arrived() {
        use NotificationType as N;
        let event = |received_at, place: &str, event| DatedEvent {
            at: Timestamp::from_second(1).unwrap(),
            received_at,
            place: place.to_owned(),
            event,
            is_time_told: true,
        };
        let arrived = vec![
            event(1_900, "a", N::OutForDelivery),
            event(1_100, "c", N::PickedUp),
            event(1_500, "b", N::Transit),
        ];
        assert_eq!(
            effects(arrived),
            [
                (N::PickedUp, EventEffect::Advance),
                (N::Transit, EventEffect::Advance),
                (N::OutForDelivery, EventEffect::Advance),
            ]
        );
    }

    fn events() -> impl Strategy<Value = Vec<DatedEvent>> {
        let event = proptest::sample::select(NotificationType::iter().collect::<Vec<_>>());
        let events = (0_i64..50, 0_i64..3, 0_u8..5, event, proptest::bool::ANY);
        let dated =
            |(second, received_at, place, event, is_time_told): (i64, i64, u8, _, _)| DatedEvent {
                at: Timestamp::from_second(second).unwrap(),
                received_at,
                place: place.to_string(),
                event,
                is_time_told,
            };
        proptest::collection::vec(events.prop_map(dated), 0..20)
    }

    proptest! {
        #[test]
        fn the_order_of_arrival_and_repeats_do_not_change_the_state(arrived in events(), seed: u64) {
            let mut shuffled = arrived.clone();
            shuffled.extend(arrived.iter().take(5).cloned());
            fastrand::Rng::with_seed(seed).shuffle(&mut shuffled);
            prop_assert_eq!(state_of(arrived.clone()), state_of(shuffled.clone()));
            prop_assert_eq!(return_state_of(arrived), return_state_of(shuffled));
        }
    }

    /// Events of a shipment in order, one per minute.
    fn journey(events: &[NotificationType]) -> Vec<DatedEvent> {
        let dated = |(minute, event): (usize, &NotificationType)| DatedEvent {
            at: Timestamp::from_second(i64::try_from(minute).unwrap() * 60).unwrap(),
            received_at: 0,
            place: format!("event-{minute}"),
            event: *event,
            is_time_told: true,
        };
        events.iter().enumerate().map(dated).collect()
    }

    /// Each event arrives one to three times, in random order.
    fn arrival(journey: &[DatedEvent], random: &mut fastrand::Rng) -> Vec<DatedEvent> {
        let mut arrived: Vec<_> = journey
            .iter()
            .flat_map(|event| std::iter::repeat_n(event.clone(), random.usize(1..=3)))
            .collect();
        random.shuffle(&mut arrived);
        arrived
    }

    #[test]
    fn ten_thousand_orders_of_arrival_result_in_the_same_state() {
        use ForwardState as F;
        use NotificationType as N;
        #[rustfmt::skip]
        let forward = [
            (F::Delivered, journey(&[
                N::AwbGenerated, N::PickedUp, N::Transit, N::OutForDelivery, N::Undelivered, N::Delayed, N::OutForDelivery,
                N::Delivered, N::Transit,
            ])),
            (F::ReturnedToOrigin, journey(&[
                N::AwbGenerated, N::PickedUp, N::OutForDelivery, N::Undelivered, N::Rto, N::Transit, N::RtoDelivered,
            ])),
            (F::Cancelled, journey(&[N::AwbGenerated, N::CancellationRequested, N::Cancelled, N::ReadyToShip])),
            (F::InTransit, journey(&[N::AwbGenerated, N::Cancelled, N::PickedUp, N::Transit])),
            (F::Lost, journey(&[N::PickedUp, N::Transit, N::ShipmentStuck, N::Lost, N::Delayed])),
            (F::Delivered, journey(&[N::PickedUp, N::Lost, N::OutForDelivery, N::Delivered, N::Transit])),
            (F::ReturnedToOrigin, journey(&[N::OutForDelivery, N::Delivered, N::Rto, N::Transit, N::RtoDelivered, N::Rto])),
            (F::OutForDelivery, journey(&[N::OutForDelivery, N::Transit, N::PickedUp, N::PartialDelivered])),
        ];
        let returning = journey(&[
            N::ReturnOrderPlaced,
            N::OutForPickup,
            N::PickupError,
            N::OutForPickup,
            N::ReturnPickedUp,
            N::Transit,
            N::Delivered,
            N::Cancelled,
        ]);
        let mut random = fastrand::Rng::with_seed(1);
        for _ in 0..10_000 {
            for (state, journey) in &forward {
                let arrived = arrival(journey, &mut random);
                assert_eq!(state_of(arrived.clone()), *state, "{arrived:?}");
            }
            let arrived = arrival(&returning, &mut random);
            assert_eq!(
                return_state_of(arrived.clone()),
                ReturnState::Received,
                "{arrived:?}"
            );
        }
    }

    #[test]
    fn only_a_later_scan_with_a_pushed_time_reopens_a_final_state() {
        use NotificationType as N;
        let cancelled = journey(&[N::AwbGenerated, N::Cancelled, N::PickedUp]);
        assert_eq!(state_of(cancelled.clone()), ForwardState::PickedUp);
        let effects = forward(cancelled.clone()).effects;
        assert_eq!(effects.last().unwrap().1, EventEffect::Reopened);
        let mut untold = cancelled.clone();
        untold.last_mut().unwrap().is_time_told = false;
        assert_eq!(state_of(untold), ForwardState::Cancelled);
        let mut at_once = cancelled;
        let ended = at_once[1].at;
        at_once.last_mut().unwrap().at = ended;
        assert_eq!(state_of(at_once), ForwardState::Cancelled);
    }
}
