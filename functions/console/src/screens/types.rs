//! The notification types, grouped by what they say about a shipment.

use logistics::domain::notification::NotificationType;
use logistics::domain::shipment::{ForwardState, ReturnState, Transition};
use strum::IntoEnumIterator as _;

/// Types that say the same kind of thing.
pub(crate) struct TypeGroup {
    pub(crate) name: &'static str,
    pub(crate) types: Vec<String>,
}

/// The groups in the order of a journey.
const GROUPS: [&str; 8] = [
    "Booked",
    "On its way",
    "At the consignee",
    "Delivered",
    "Back to the origin",
    "Cancelled or lost",
    "Returns only",
    "For information",
];

/// All types.
pub(crate) fn type_groups() -> Vec<TypeGroup> {
    let group = |name| TypeGroup {
        name,
        types: NotificationType::iter()
            .filter(|kind| group_of(*kind) == name)
            .map(|kind| kind.to_string())
            .collect(),
    };
    GROUPS.into_iter().map(group).collect()
}

/// The group of a type, by the state to which it leads.
fn group_of(kind: NotificationType) -> &'static str {
    let [
        booked,
        moving,
        there,
        delivered,
        back,
        ended,
        returns,
        informational,
    ] = GROUPS;
    match ForwardState::Created.on(kind) {
        Transition::Advance(state) => match state {
            ForwardState::Created | ForwardState::LabelReady => booked,
            ForwardState::PickedUp | ForwardState::InTransit => moving,
            ForwardState::OutForDelivery => there,
            ForwardState::Delivered => delivered,
            ForwardState::ReturningToOrigin | ForwardState::ReturnedToOrigin => back,
            ForwardState::Cancelled | ForwardState::Lost => ended,
        },
        Transition::Informational | Transition::AlreadyThere | Transition::OutOfOrder => {
            match ReturnState::Requested.on(kind) {
                Transition::Informational => informational,
                Transition::Advance(_) | Transition::AlreadyThere | Transition::OutOfOrder => {
                    returns
                }
            }
        }
    }
}
