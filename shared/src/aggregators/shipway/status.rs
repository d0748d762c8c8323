//! Maps Shipway's status codes.

use crate::aggregators::status::AggregatorStatus;
use crate::domain::notification::{Meaning, NotificationType as Word};
use crate::domain::shipment::ShipmentType;
use crate::domain::shipment::ShipmentType::{Forward, Return};

/// Shipway has one table of codes.
const TABLE: &str = "status";

/// A code, Shipway's name for it, the shipment type that it implies, and its meaning.
///
/// Codes of both types are listed as forward; the name of the order then decides.
const CODES: [(&str, &str, ShipmentType, Meaning); 23] = [
    (
        "SCH",
        "Shipment Booked",
        Forward,
        Meaning::Word(Word::AwbGenerated),
    ),
    ("INT", "In Transit", Forward, Meaning::Word(Word::Transit)),
    (
        "OOD",
        "Out For Delivery",
        Forward,
        Meaning::Word(Word::OutForDelivery),
    ),
    ("DEL", "Delivered", Forward, Meaning::Word(Word::Delivered)),
    (
        "UND",
        "Undelivered",
        Forward,
        Meaning::Word(Word::Undelivered),
    ),
    ("RTO", "RTO", Forward, Meaning::Word(Word::Rto)),
    (
        "RTD",
        "RTO Delivered",
        Forward,
        Meaning::Word(Word::RtoDelivered),
    ),
    ("CAN", "Canceled", Forward, Meaning::Word(Word::Cancelled)),
    (
        "ONH",
        "On Hold",
        Forward,
        Meaning::Word(Word::ShipmentStuck),
    ),
    (
        "PCAN",
        "Pickup Cancelled",
        Forward,
        Meaning::Word(Word::PickupCancelled),
    ),
    ("NFI", "Status Pending", Forward, Meaning::Ignored),
    ("NFIDS", "NFID", Forward, Meaning::Unmapped),
    (
        "RSCH",
        "Pickup Scheduled",
        Return,
        Meaning::Word(Word::PickupScheduled),
    ),
    (
        "ROOP",
        "Out for Pickup",
        Return,
        Meaning::Word(Word::OutForPickup),
    ),
    (
        "RPKP",
        "Picked Up",
        Return,
        Meaning::Word(Word::ReturnPickedUp),
    ),
    (
        "RINT",
        "Return In Transit",
        Return,
        Meaning::Word(Word::Transit),
    ),
    (
        "RDEL",
        "Return Delivered",
        Return,
        Meaning::Word(Word::Delivered),
    ),
    (
        "RPSH",
        "Pickup Rescheduled",
        Return,
        Meaning::Word(Word::PickupRescheduled),
    ),
    (
        "RSMD",
        "Pickup Delayed",
        Return,
        Meaning::Word(Word::Delayed),
    ),
    (
        "RPF",
        "Pickup Failed",
        Return,
        Meaning::Word(Word::PickupError),
    ),
    (
        "RCAN",
        "Return Request Cancelled",
        Return,
        Meaning::Word(Word::Cancelled),
    ),
    (
        "RCLO",
        "Return Request Closed",
        Return,
        Meaning::Word(Word::Archived),
    ),
    ("ROTH", "Others", Return, Meaning::Unmapped),
];

/// The meaning of a code; a missing code is unmapped.
pub(super) fn meaning(code: &str) -> Meaning {
    let found = CODES.iter().find(|(known, ..)| *known == code);
    found.map_or(Meaning::Unmapped, |(_, _, _, meaning)| *meaning)
}

/// Whether only returns have this code. An unknown code says nothing, whatever its first letter is.
pub(super) fn is_of_returns(code: &str) -> bool {
    CODES
        .iter()
        .any(|(known, _, shipment_type, _)| *known == code && *shipment_type == Return)
}

/// Whether this code means that a shipment was cancelled.
pub(super) fn is_cancelled(code: &str) -> bool {
    matches!(code, "CAN" | "RCAN")
}

/// The whole table.
pub(super) fn all() -> Vec<AggregatorStatus> {
    let status =
        |(code, name, _, meaning): &(&str, &'static str, ShipmentType, Meaning)| AggregatorStatus {
            table: TABLE,
            code: (*code).to_owned(),
            name,
            forward: *meaning,
            returning: *meaning,
        };
    CODES.iter().map(status).collect()
}
