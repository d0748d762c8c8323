//! A shipment's events in the order in which they happened: the effect of each, and the resulting state.
//!
//! Repeated events and the order of arrival have no influence.

use jiff::Timestamp;
use serde::Serialize;

use crate::domain::notification::NotificationType;
use crate::domain::shipment::{ForwardState, ReturnState, ShipmentType, Transition};

/// An event of a shipment: its time, its order among events of the same time, and its type.
pub type DatedEvent = (Timestamp, String, NotificationType);

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

/// The effects of a shipment's events, in the order in which they happened.
pub fn effects(
    shipment_type: ShipmentType,
    events: Vec<DatedEvent>,
) -> Vec<(DatedEvent, EventEffect)> {
    match shipment_type {
        ShipmentType::Forward => traced(ForwardState::Created, events, ForwardState::on),
        ShipmentType::Return => traced(ReturnState::Requested, events, ReturnState::on),
    }
}

fn traced<S: Copy>(
    mut state: S,
    mut events: Vec<DatedEvent>,
    on: fn(S, NotificationType) -> Transition<S>,
) -> Vec<(DatedEvent, EventEffect)> {
    events.sort();
    events
        .into_iter()
        .map(|event| {
            let transition = on(state, event.2);
            if let Transition::Advance(next) = transition {
                state = next;
            }
            (event, transition.into())
        })
        .collect()
}

/// Computes the state of a forward shipment from its events in any order.
pub fn forward_state(events: Vec<DatedEvent>) -> ForwardState {
    fold(ForwardState::Created, events, ForwardState::on)
}

/// Computes the state of a return from its events in any order.
pub fn return_state(events: Vec<DatedEvent>) -> ReturnState {
    fold(ReturnState::Requested, events, ReturnState::on)
}

fn fold<S: Copy>(
    start: S,
    mut events: Vec<DatedEvent>,
    on: fn(S, NotificationType) -> Transition<S>,
) -> S {
    events.sort();
    events
        .into_iter()
        .fold(start, |state, (_, _, event)| match on(state, event) {
            Transition::Advance(next) => next,
            Transition::Informational | Transition::AlreadyThere | Transition::OutOfOrder => state,
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use strum::IntoEnumIterator;

    #[test]
    fn each_event_has_its_effect_in_the_order_in_which_it_happened() {
        use NotificationType as N;
        let event = |second, what| (Timestamp::from_second(second).unwrap(), String::new(), what);
        let arrived = vec![
            event(4, N::Delivered),
            event(1, N::PickedUp),
            event(5, N::Transit),
            event(2, N::Delayed),
            event(3, N::Shipped),
        ];
        let effects = effects(ShipmentType::Forward, arrived);
        let effects: Vec<_> = effects
            .into_iter()
            .map(|((_, _, what), effect)| (what, effect))
            .collect();
        assert_eq!(
            effects,
            [
                (N::PickedUp, EventEffect::Advance),
                (N::Delayed, EventEffect::Informational),
                (N::Shipped, EventEffect::AlreadyThere),
                (N::Delivered, EventEffect::Advance),
                (N::Transit, EventEffect::OutOfOrder),
            ]
        );
    }

    fn events() -> impl Strategy<Value = Vec<DatedEvent>> {
        let event = proptest::sample::select(NotificationType::iter().collect::<Vec<_>>());
        proptest::collection::vec((0_i64..50, 0_u8..5, event), 0..20).prop_map(|events| {
            events
                .into_iter()
                .map(|(second, tie, event)| {
                    (
                        Timestamp::from_second(second).unwrap(),
                        tie.to_string(),
                        event,
                    )
                })
                .collect()
        })
    }

    proptest! {
        #[test]
        fn the_order_of_arrival_and_repeats_do_not_change_the_state(arrived in events(), seed: u64) {
            let mut shuffled = arrived.clone();
            shuffled.extend(arrived.iter().take(5).cloned());
            fastrand::Rng::with_seed(seed).shuffle(&mut shuffled);
            prop_assert_eq!(forward_state(arrived.clone()), forward_state(shuffled.clone()));
            prop_assert_eq!(return_state(arrived), return_state(shuffled));
        }
    }

    /// Events of a shipment in order, one per minute.
    fn journey(events: &[NotificationType]) -> Vec<DatedEvent> {
        let dated = |(minute, event): (usize, &NotificationType)| {
            let at = Timestamp::from_second(i64::try_from(minute).unwrap() * 60).unwrap();
            (at, format!("event-{minute}"), *event)
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
            (F::Cancelled, journey(&[N::AwbGenerated, N::CancellationRequested, N::Cancelled, N::PickedUp])),
            (F::Lost, journey(&[N::PickedUp, N::Transit, N::ShipmentStuck, N::Lost, N::Delivered])),
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
                assert_eq!(forward_state(arrived.clone()), *state, "{arrived:?}");
            }
            let arrived = arrival(&returning, &mut random);
            assert_eq!(
                return_state(arrived.clone()),
                ReturnState::Received,
                "{arrived:?}"
            );
        }
    }
}
