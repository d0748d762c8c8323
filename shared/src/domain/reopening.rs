//! What takes a shipment out of a final state: scans that only a moving parcel has.
//!
//! Aggregators cancel, deliver and lose shipments by mistake and go on pushing scans of them. Such a scan counts when its
//! pusher says that it happened later than the event that ended the shipment; late news of before changes nothing.

use crate::domain::notification::NotificationType;
use crate::domain::shipment::{ForwardState, ReturnState};

/// Whether only a parcel that is on its way has this scan.
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

/// Whether a parcel that was really delivered cannot have this scan. Hubs report what passed them late and with wrong
/// times, so their scans are not among these.
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
    fn only_scans_of_a_moving_parcel_reopen_what_was_cancelled_or_lost() {
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
    fn what_was_delivered_is_not_reopened_by_a_hub() {
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
    fn what_is_back_at_its_origin_stays_there() {
        for event in NotificationType::iter() {
            assert_eq!(ForwardState::ReturnedToOrigin.reopened_by(event), None);
        }
    }
}
