//! The states of a shipment, and how events change them.
//!
//! The state of a shipment is computed from its events: it is not stored while the shipment moves, so it cannot
//! regress. Each state has a rank; an event leads to at most one state, and only upwards. Final states ignore all later
//! events, except the scans of [`crate::domain::reopening`].

use serde::{Deserialize, Serialize};

use crate::domain::notification::NotificationType;

/// The direction of a shipment.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    strum::Display,
    strum::EnumString,
    utoipa::ToSchema,
)]
#[serde(rename_all = "UPPERCASE")]
#[strum(serialize_all = "UPPERCASE")]
pub enum ShipmentType {
    /// To the consignee.
    Forward,
    /// Back from the customer.
    Return,
}

impl ShipmentType {
    /// The other direction.
    #[must_use]
    pub fn turned(self) -> Self {
        match self {
            Self::Forward => Self::Return,
            Self::Return => Self::Forward,
        }
    }
}

/// The effect of an event on a state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::Display)]
pub enum Transition<S> {
    /// The shipment moved on.
    Advance(S),
    /// The event is informational: it does not tell where the shipment is.
    Informational,
    /// The shipment is already in this state.
    AlreadyThere,
    /// The shipment had this state before, or has ended.
    OutOfOrder,
}

/// The states of a forward shipment, in their order.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    strum::Display,
    strum::EnumIter,
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
#[expect(missing_docs, reason = "terms of the field")]
pub enum ForwardState {
    Created,
    LabelReady,
    PickedUp,
    InTransit,
    OutForDelivery,
    ReturningToOrigin,
    ReturnedToOrigin,
    Delivered,
    Cancelled,
    Lost,
}

impl ForwardState {
    /// Whether no state can follow.
    pub fn is_final(self) -> bool {
        matches!(
            self,
            Self::ReturnedToOrigin | Self::Delivered | Self::Cancelled | Self::Lost
        )
    }

    /// The effect of `event` on this state.
    pub fn on(self, event: NotificationType) -> Transition<Self> {
        step(self, Self::is_final(self), Self::reached_by(event))
    }

    /// The state that an event leads to, if any.
    pub(in crate::domain) fn reached_by(event: NotificationType) -> Option<Self> {
        use NotificationType as N;
        match event {
            N::AwbGenerated | N::ShippingLabelGenerated | N::ReadyToShip => Some(Self::LabelReady),
            N::PickedUp | N::Shipped | N::ExchangePickup => Some(Self::PickedUp),
            N::Transit | N::ReachedDestinationHub | N::Misrouted => Some(Self::InTransit),
            N::OutForDelivery | N::FailedDelivery | N::Undelivered => Some(Self::OutForDelivery),
            N::Delivered | N::ExchangeDelivered => Some(Self::Delivered),
            N::Rto => Some(Self::ReturningToOrigin),
            N::RtoDelivered | N::RtoAcknowledged => Some(Self::ReturnedToOrigin),
            N::Cancelled => Some(Self::Cancelled),
            N::Lost => Some(Self::Lost),
            N::OutForPickup
            | N::ReturnPickedUp
            | N::ReturnOrderPlaced
            | N::PickupCancelled
            | N::ShipmentStuck
            | N::SlaBreached
            | N::Damaged
            | N::Invoiced
            | N::PickupScheduled
            | N::PaymentFailed
            | N::Unfulfillable
            | N::PickupQueue
            | N::PickupRescheduled
            | N::PickupError
            | N::CancellationRequested
            | N::Delayed
            | N::PartialDelivered
            | N::Fulfilled
            | N::Archived
            | N::InvoiceGenerated => None,
        }
    }
}

/// The states of a return, in their order.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    strum::Display,
    strum::EnumIter,
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
#[expect(missing_docs, reason = "terms of the field")]
pub enum ReturnState {
    Requested,
    AwbReady,
    OutForPickup,
    PickedUp,
    InTransit,
    OutForDelivery,
    Received,
    Cancelled,
    Lost,
}

impl ReturnState {
    /// Whether no state can follow.
    pub fn is_final(self) -> bool {
        matches!(self, Self::Received | Self::Cancelled | Self::Lost)
    }

    /// The effect of `event` on this state.
    pub fn on(self, event: NotificationType) -> Transition<Self> {
        step(self, Self::is_final(self), Self::reached_by(event))
    }

    /// The state that an event leads to, if any.
    pub(in crate::domain) fn reached_by(event: NotificationType) -> Option<Self> {
        use NotificationType as N;
        match event {
            N::ReturnOrderPlaced => Some(Self::Requested),
            N::AwbGenerated | N::ShippingLabelGenerated | N::ReadyToShip => Some(Self::AwbReady),
            N::OutForPickup => Some(Self::OutForPickup),
            N::ReturnPickedUp | N::PickedUp | N::ExchangeDelivered | N::Shipped => {
                Some(Self::PickedUp)
            }
            N::Transit | N::ReachedDestinationHub | N::Misrouted => Some(Self::InTransit),
            N::OutForDelivery | N::FailedDelivery | N::Undelivered => Some(Self::OutForDelivery),
            N::Delivered | N::RtoDelivered | N::RtoAcknowledged => Some(Self::Received),
            N::Cancelled => Some(Self::Cancelled),
            N::Lost => Some(Self::Lost),
            N::Rto
            | N::ExchangePickup
            | N::PickupCancelled
            | N::ShipmentStuck
            | N::SlaBreached
            | N::Damaged
            | N::Invoiced
            | N::PickupScheduled
            | N::PaymentFailed
            | N::Unfulfillable
            | N::PickupQueue
            | N::PickupRescheduled
            | N::PickupError
            | N::CancellationRequested
            | N::Delayed
            | N::PartialDelivered
            | N::Fulfilled
            | N::Archived
            | N::InvoiceGenerated => None,
        }
    }
}

fn step<S: Copy + Ord>(current: S, is_final: bool, reached: Option<S>) -> Transition<S> {
    match reached {
        None => Transition::Informational,
        Some(state) if state == current => Transition::AlreadyThere,
        Some(state) if !is_final && state > current => Transition::Advance(state),
        Some(_) => Transition::OutOfOrder,
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::{Debug, Write};

    use super::*;
    use proptest::prelude::*;
    use strum::{EnumMessage, IntoEnumIterator};

    fn table<S: Copy + Debug + IntoEnumIterator>(
        on: fn(S, NotificationType) -> Transition<S>,
    ) -> String {
        let mut table = String::new();
        for state in S::iter() {
            writeln!(table, "{state:?}").unwrap();
            for event in NotificationType::iter() {
                writeln!(table, "  {event} -> {:?}", on(state, event)).unwrap();
            }
        }
        table
    }

    #[test]
    fn the_whole_forward_table() {
        insta::assert_snapshot!(table(ForwardState::on));
    }

    #[test]
    fn the_whole_return_table() {
        insta::assert_snapshot!(table(ReturnState::on));
    }

    const COMMITTED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/notifications.md");
    const INTRODUCTION: &str = "\
# Notification types

The types of notifications that a client receives. The set is closed: an unknown type of an aggregator is stored as
received, answered `UNMAPPED` and not forwarded. In RMS Magic pushes `IN_TRANSIT` is read as `TRANSIT` and `RETURN_PICKUP`
as `RETURN_PICKED_UP`.

A type moves a forward shipment or a return to a state, but never back: the states are listed below in their order. A final
state changes only by a scan that only a moving parcel has, if its pusher gives a time later than that of the final state: after
`CANCELLED` and `LOST` by any pickup, transit, delivery or RTO scan; after `DELIVERED` by a delivery attempt or an RTO scan, but
not by the scan of a hub, which may be late. A shipment that is back at its origin keeps that state. An informational type does
not change the state. `RTO` is about a forward shipment that was not accepted; goods that a customer sends back are a return,
which is a separate shipment.

Generated from the code by `UPDATE_DOCS=1 cargo test -p logistics`.

| type | what happened | forward shipment | return |
|---|---|---|---|
";

    /// The states in their order. Final states have no order: the first one reached is final.
    fn states<S: Copy + ToString + IntoEnumIterator>(is_final: fn(S) -> bool) -> String {
        let moving: Vec<_> = S::iter().filter(|state| !is_final(*state)).collect();
        let ends: Vec<_> = S::iter().filter(|state| is_final(*state)).collect();
        let named = |states: &[S], between: &str| {
            let names: Vec<_> = states
                .iter()
                .map(|state| format!("`{}`", state.to_string()))
                .collect();
            names.join(between)
        };
        format!("{}; final: {}", named(&moving, " → "), named(&ends, ", "))
    }

    #[test]
    fn the_documented_vocabulary_is_current() {
        fn cell(state: Option<impl ToString>) -> String {
            state.map_or_else(
                || "informational".to_owned(),
                |state| format!("`{}`", state.to_string()),
            )
        }
        let mut page = INTRODUCTION.to_owned();
        for word in NotificationType::iter() {
            let description = word.get_documentation().unwrap();
            let forward = cell(ForwardState::reached_by(word));
            let returning = cell(ReturnState::reached_by(word));
            writeln!(
                page,
                "| `{word}` | {description} | {forward} | {returning} |"
            )
            .unwrap();
        }
        let forward = states(ForwardState::is_final);
        let returning = states(ReturnState::is_final);
        write!(
            page,
            "\nForward shipment: {forward}.\n\nReturn: {returning}.\n"
        )
        .unwrap();
        crate::docs::hold(COMMITTED, &page);
    }

    #[test]
    fn final_states_ignore_events() {
        for state in ForwardState::iter().filter(|state| state.is_final()) {
            for event in NotificationType::iter() {
                assert!(!matches!(state.on(event), Transition::Advance(_)));
            }
        }
        for state in ReturnState::iter().filter(|state| state.is_final()) {
            for event in NotificationType::iter() {
                assert!(!matches!(state.on(event), Transition::Advance(_)));
            }
        }
    }

    proptest! {
        #[test]
        fn a_state_never_regresses(event in proptest::sample::select(NotificationType::iter().collect::<Vec<_>>())) {
            for state in ForwardState::iter() {
                if let Transition::Advance(next) = state.on(event) {
                    prop_assert!(next > state);
                }
            }
        }
    }
}
