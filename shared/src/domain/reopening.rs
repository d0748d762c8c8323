//! What takes a shipment out of a final state: scans that only a moving parcel can have.
//!
//! Aggregators mark shipments as cancelled, delivered or lost by mistake and continue to push their scans. Such a scan
//! counts if its sender says that it happened after the event that led to the final state; late reports of earlier
//! scans change nothing.

use crate::domain::notification::NotificationType;
use crate::domain::shipment::{ForwardState, ReturnState};

/// Whether only a moving parcel can have this scan.
fn is_of_a_moving_parcel(event: NotificationType) -> bool {
    use NotificationType as N;
    matches!(
        event,
        N::PickedUp
            | N::ReturnPickedUp
            | N::Shipped
            | N::Transit
            | N::ReachedDestinationHub
            | N::Misrouted
            | N::OutForDelivery
            | N::FailedDelivery
            | N::Undelivered
            | N::Delivered
            | N::Rto
            | N::RtoDelivered
            | N::ExchangePickup
            | N::ExchangeDelivered
    )
}

/// Whether a delivered parcel cannot have this scan. Hub scans are not included, because hubs report late and with
/// wrong times.
fn is_not_delivered(event: NotificationType) -> bool {
    use NotificationType as N;
    matches!(
        event,
        N::OutForDelivery | N::FailedDelivery | N::Undelivered | N::Rto | N::RtoDelivered
    )
}

impl ForwardState {
    /// The state to which a later `event` takes this final state back.
    pub fn reopened_by(self, event: NotificationType) -> Option<Self> {
        let reopens = match self {
            Self::Cancelled | Self::Lost => is_of_a_moving_parcel(event),
            Self::Delivered => is_not_delivered(event),
            Self::ReturnedToOrigin
            | Self::Created
            | Self::LabelReady
            | Self::PickedUp
            | Self::InTransit
            | Self::OutForDelivery
            | Self::ReturningToOrigin => false,
        };
        Self::reached_by(event).filter(|_| reopens)
    }
}

impl ReturnState {
    /// The state to which a later `event` takes this final state back.
    pub fn reopened_by(self, event: NotificationType) -> Option<Self> {
        let reopens = match self {
            Self::Cancelled | Self::Lost => is_of_a_moving_parcel(event),
            Self::Received => is_not_delivered(event),
            Self::Requested
            | Self::AwbReady
            | Self::OutForPickup
            | Self::PickedUp
            | Self::InTransit
            | Self::OutForDelivery => false,
        };
        Self::reached_by(event).filter(|reached| reopens && *reached != self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use strum::IntoEnumIterator;

    #[test]
    fn only_scans_of_a_moving_parcel_reopen_a_cancelled_or_lost_shipment() {
        for event in NotificationType::iter() {
            let moves = is_of_a_moving_parcel(event);
            let forward = ForwardState::Cancelled.reopened_by(event);
            let expected = ForwardState::reached_by(event).filter(|_| moves);
            assert_eq!(forward, expected, "{event}");
        }
        for event in [
            NotificationType::AwbGenerated,
            NotificationType::Cancelled,
            NotificationType::PickupScheduled,
            NotificationType::Lost,
        ] {
            assert_eq!(ForwardState::Cancelled.reopened_by(event), None);
            assert_eq!(ReturnState::Cancelled.reopened_by(event), None);
        }
    }

    #[test]
    fn a_hub_scan_does_not_reopen_a_delivered_shipment() {
        use NotificationType as N;
        for event in [N::Transit, N::ReachedDestinationHub, N::PickedUp] {
            assert_eq!(ForwardState::Delivered.reopened_by(event), None);
            assert_eq!(ReturnState::Received.reopened_by(event), None);
        }
        let returning = ForwardState::Delivered.reopened_by(N::Rto);
        assert_eq!(returning, Some(ForwardState::ReturningToOrigin));
        let undelivered = ReturnState::Received.reopened_by(N::Undelivered);
        assert_eq!(undelivered, Some(ReturnState::OutForDelivery));
    }

    #[test]
    fn a_shipment_back_at_its_origin_stays_there() {
        for event in NotificationType::iter() {
            assert_eq!(ForwardState::ReturnedToOrigin.reopened_by(event), None);
        }
    }
}
