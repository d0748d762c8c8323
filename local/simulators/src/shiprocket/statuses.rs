//! The two tables of statuses, limited to the states used here. The same number has different meanings in them: 19 is Out
//! for Delivery of an order and Out For Pickup of a shipment.

use crate::ways::Direction;

/// One line of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Status {
    pub(super) id: u16,
    pub(super) name: &'static str,
}

/// The status of an order and of its shipment, each from its own table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Standing {
    pub(super) order: Status,
    /// Absent if the shipment's table has no status for it.
    pub(super) shipment: Option<Status>,
}

/// The status of the courier's first scan.
pub(super) const MANIFEST_GENERATED: Status = status(5, "Manifest Generated");

pub(super) const NEW: Standing = standing(status(1, "New"), None);
pub(super) const RETURN_PENDING: Standing = standing(status(21, "Return Pending"), None);

const AWB_ASSIGNED: Status = status(1, "AWB Assigned");
const CANCELLED: Status = status(8, "Cancelled");
const CANCELLATION_REQUESTED: Status = status(16, "Cancellation Requested");

impl Status {
    /// The text in the reads and the newer webhook.
    pub(super) fn upper_case(self) -> String {
        self.name.to_uppercase()
    }
}

impl Standing {
    /// The status once there is an AWB.
    pub(super) fn with_awb(direction: Direction) -> Self {
        let order = match direction {
            Direction::Forward => status(3, "Ready To Ship"),
            Direction::Return => RETURN_PENDING.order,
        };
        standing(order, Some(AWB_ASSIGNED))
    }

    pub(super) fn cancelled(direction: Direction) -> Self {
        let order = match direction {
            Direction::Forward => status(5, "Canceled"),
            Direction::Return => status(27, "Return Cancelled"),
        };
        standing(order, Some(CANCELLED))
    }

    /// The shipment's cancellation was requested and has not taken effect yet.
    pub(super) fn cancellation_requested(direction: Direction) -> Self {
        let order = match direction {
            Direction::Forward => status(18, "Cancellation Requested"),
            Direction::Return => status(29, "Return Cancellation Requested"),
        };
        standing(order, Some(CANCELLATION_REQUESTED))
    }

    pub(super) fn is_cancelled(self) -> bool {
        self.shipment == Some(CANCELLED)
    }

    /// The status after a step; `None` if Shiprocket has none.
    pub(super) fn reached(direction: Direction, state: &str) -> Option<Self> {
        if state == "CANCELLED" {
            return Some(Self::cancelled(direction));
        }
        match direction {
            Direction::Forward => forward(state),
            Direction::Return => returned(state),
        }
    }
}

fn forward(state: &str) -> Option<Standing> {
    let (order, shipment) = match state {
        "AWB_GENERATED" => return Some(Standing::with_awb(Direction::Forward)),
        "PICKED_UP" => (status(51, "Picked Up"), status(42, "Picked Up")),
        "IN_TRANSIT" => (status(20, "In Transit"), status(18, "In Transit")),
        "OUT_FOR_DELIVERY" => (
            status(19, "Out for Delivery"),
            status(17, "Out For Delivery"),
        ),
        "DELIVERED" => (status(7, "Delivered"), status(7, "Delivered")),
        "FAILED_DELIVERY" => (status(36, "Undelivered"), status(21, "Undelivered")),
        "RTO" => (status(15, "RTO Initiated"), status(9, "RTO Initiated")),
        "RTO_DELIVERED" => (status(16, "RTO Delivered"), status(10, "RTO Delivered")),
        "LOST" => (status(33, "Lost"), status(12, "Lost")),
        _ => return None,
    };
    Some(standing(order, Some(shipment)))
}

/// The shipment's table has no statuses for returns; if no other status fits, there is none.
fn returned(state: &str) -> Option<Standing> {
    let (order, shipment) = match state {
        "RETURN_ORDER_PLACED" => return Some(RETURN_PENDING),
        "OUT_FOR_PICKUP" => (
            status(47, "Return Out For Pickup"),
            Some(status(19, "Out For Pickup")),
        ),
        "RETURN_PICKED_UP" => (
            status(32, "Return Picked Up"),
            Some(status(42, "Picked Up")),
        ),
        "IN_TRANSIT" => (
            status(25, "Return In Transit"),
            Some(status(18, "In Transit")),
        ),
        "DELIVERED" => (status(26, "Return Delivered"), Some(status(7, "Delivered"))),
        "PICKUP_CANCELLED" => (status(30, "Return Pickup Cancelled"), None),
        _ => return None,
    };
    Some(standing(order, shipment))
}

const fn status(id: u16, name: &'static str) -> Status {
    Status { id, name }
}

const fn standing(order: Status, shipment: Option<Status>) -> Standing {
    Standing { order, shipment }
}
