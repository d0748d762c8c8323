//! Shipway's status codes and their steps.

use crate::control::AdvanceRefusal;
use crate::ways::Direction;

/// A code with its description.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Status {
    pub(super) code: &'static str,
    pub(super) description: &'static str,
    /// Whether the carrier has or had the parcel, so that it can no longer be cancelled.
    pub(super) dispatched: bool,
}

/// Nothing is known of a shipment yet.
pub(super) const PENDING: Status = before("NFI", "Status Pending");
pub(super) const ON_HOLD: Status = before("ONH", "On Hold");
pub(super) const CANCELLED: Status = before("CAN", "Canceled");
pub(super) const RETURN_CANCELLED: Status = before("RCAN", "Return Request Cancelled");

/// As (state on the way, its status).
static FORWARD: [(&str, Status); 8] = [
    ("AWB_GENERATED", before("SCH", "Shipment Booked")),
    ("IN_TRANSIT", after("INT", "In Transit")),
    ("OUT_FOR_DELIVERY", after("OOD", "Out For Delivery")),
    ("FAILED_DELIVERY", after("UND", "Undelivered")),
    ("DELIVERED", after("DEL", "Delivered")),
    ("RTO", after("RTO", "RTO")),
    ("RTO_DELIVERED", after("RTD", "RTO Delivered")),
    ("CANCELLED", CANCELLED),
];

static RETURN: [(&str, Status); 7] = [
    ("RETURN_ORDER_PLACED", before("RSCH", "Pickup Scheduled")),
    ("OUT_FOR_PICKUP", before("ROOP", "Out for Pickup")),
    ("RETURN_PICKED_UP", after("RPKP", "Picked Up")),
    ("IN_TRANSIT", after("RINT", "Return In Transit")),
    ("DELIVERED", after("RDEL", "Return Delivered")),
    ("PICKUP_CANCELLED", before("PCAN", "Pickup Cancelled")),
    ("CANCELLED", RETURN_CANCELLED),
];

/// The only state that Shipway does not push, because it pushes the next one: in transit.
const SILENT: &str = "PICKED_UP";

const fn before(code: &'static str, description: &'static str) -> Status {
    Status {
        code,
        description,
        dispatched: false,
    }
}

const fn after(code: &'static str, description: &'static str) -> Status {
    Status {
        code,
        description,
        dispatched: true,
    }
}

/// The status of a state; `None` if Shipway has no code for it.
pub(super) fn of(direction: Direction, state: &str) -> Option<&'static Status> {
    let known: &'static [(&str, Status)] = match direction {
        Direction::Forward => &FORWARD,
        Direction::Return => &RETURN,
    };
    known
        .iter()
        .find(|(told, _)| *told == state)
        .map(|(_, status)| status)
}

/// The states that Shipway pushes on the way to a state.
pub(super) fn way_to(direction: Direction, to: &str) -> Result<Vec<&'static str>, AdvanceRefusal> {
    let way = direction
        .way_to(to)
        .ok_or_else(|| AdvanceRefusal::UnknownState {
            to: to.to_owned(),
            direction,
        })?;
    match way.last() {
        Some(&end) if end != SILENT && of(direction, end).is_none() => {
            Err(AdvanceRefusal::NoCode {
                vendor: "Shipway",
                state: end,
            })
        }
        Some(_) | None => Ok(way
            .iter()
            .copied()
            .filter(|state| of(direction, state).is_some())
            .collect()),
    }
}
