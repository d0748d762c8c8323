//! Shiprocket's two status tables. The same number has different meanings in them, so they are never mixed: a push is
//! mapped by its shipment status, and by its order status only if there is no other.

use StatusSense::{Both, Ignored, OfForward, OfReturn, PickedUp, Unclear};

use crate::aggregators::status::AggregatorStatus;
use crate::domain::notification::{Meaning, NotificationType as Word};
use crate::domain::shipment::ShipmentType;
use crate::domain::status_mappings::CodeMeanings;

/// The table of a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum StatusTable {
    /// `shipment_status_id`.
    Shipment,
    /// `current_status_id`, `status_code`.
    Order,
}

/// The meaning of a code.
#[derive(Debug, Clone, Copy)]
enum StatusSense {
    /// The same for forward shipments and returns.
    Both(Word),
    /// Picked up, for which returns have their own notification type.
    PickedUp,
    /// Only defined for returns; unknown for a forward shipment.
    OfReturn(Word),
    /// Only defined for forward shipments; unknown for a return.
    OfForward(Word),
    /// News of a shipment; its name clearly matches none of our notification types.
    Unclear,
    /// A step of an order before the courier has the shipment; not relevant for clients.
    Ignored,
}

/// A code, its name at Shiprocket, and its meaning.
type Row = (u32, &'static str, StatusSense);

impl StatusTable {
    /// The code with its table, as text.
    pub(super) fn pushed_type(self, code: u32) -> String {
        match self {
            Self::Shipment => format!("S{code}"),
            Self::Order => format!("O{code}"),
        }
    }

    /// The meaning of a code.
    pub(super) fn meaning(self, code: u32, of: ShipmentType) -> Meaning {
        let row = self.rows().iter().find(|(known, ..)| *known == code);
        row.map_or(Meaning::Unmapped, |(_, _, says)| says.meaning(of))
    }

    /// Whether a code is only used for returns.
    pub(super) fn is_of_return(self, code: u32) -> bool {
        let name = self.rows().iter().find(|(known, ..)| *known == code);
        name.is_some_and(|(_, name, _)| name.starts_with("Return "))
    }

    fn name(self) -> &'static str {
        match self {
            Self::Shipment => "shipment_status_id",
            Self::Order => "current_status_id",
        }
    }

    fn rows(self) -> &'static [Row] {
        match self {
            Self::Shipment => &SHIPMENT,
            Self::Order => &ORDER,
        }
    }
}

impl StatusSense {
    fn meaning(self, of: ShipmentType) -> Meaning {
        match (self, of) {
            (Both(word), _)
            | (OfReturn(word), ShipmentType::Return)
            | (OfForward(word), ShipmentType::Forward) => Meaning::Word(word),
            (PickedUp, ShipmentType::Forward) => Meaning::Word(Word::PickedUp),
            (PickedUp, ShipmentType::Return) => Meaning::Word(Word::ReturnPickedUp),
            (OfReturn(_), ShipmentType::Forward)
            | (OfForward(_), ShipmentType::Return)
            | (Unclear, _) => Meaning::Unmapped,
            (Ignored, _) => Meaning::Ignored,
        }
    }
}

/// The meanings of a code that is marked with its table; `None` if it is not one.
pub(super) fn meanings(code: &str) -> Option<CodeMeanings> {
    let (table, number) = code.split_at_checked(1)?;
    let table = match table {
        "S" => StatusTable::Shipment,
        "O" => StatusTable::Order,
        _ => return None,
    };
    let number: u32 = number.parse().ok()?;
    // The same number with other digits, such as zeros before it, is in no push.
    (table.pushed_type(number) == code).then_some(CodeMeanings {
        forward: table.meaning(number, ShipmentType::Forward),
        returning: table.meaning(number, ShipmentType::Return),
    })
}

/// All codes of both tables.
pub(super) fn all() -> Vec<AggregatorStatus> {
    let rows = |table: StatusTable| {
        table
            .rows()
            .iter()
            .map(move |(code, name, says)| AggregatorStatus {
                table: table.name(),
                code: table.pushed_type(*code),
                name,
                forward: says.meaning(ShipmentType::Forward),
                returning: says.meaning(ShipmentType::Return),
            })
    };
    rows(StatusTable::Shipment)
        .chain(rows(StatusTable::Order))
        .collect()
}

/// `shipment_status_id`. The vendor's documentation truncates the name of 79.
const SHIPMENT: [Row; 60] = [
    (1, "AWB Assigned", Both(Word::AwbGenerated)),
    (2, "Label Generated", Both(Word::ReadyToShip)),
    (3, "Pickup Scheduled/Generated", Both(Word::PickupScheduled)),
    (4, "Pickup Queued", Both(Word::PickupQueue)),
    (5, "Manifest Generated", Ignored),
    (6, "Shipped", Both(Word::Shipped)),
    (7, "Delivered", Both(Word::Delivered)),
    (8, "Cancelled", Both(Word::Cancelled)),
    (9, "RTO Initiated", Both(Word::Rto)),
    (10, "RTO Delivered", Both(Word::RtoDelivered)),
    (11, "Pending", Ignored),
    (12, "Lost", Both(Word::Lost)),
    (13, "Pickup Error", Both(Word::PickupError)),
    (14, "RTO Acknowledged", Both(Word::RtoAcknowledged)),
    (15, "Pickup Rescheduled", Both(Word::PickupRescheduled)),
    (
        16,
        "Cancellation Requested",
        Both(Word::CancellationRequested),
    ),
    (17, "Out For Delivery", Both(Word::OutForDelivery)),
    (18, "In Transit", Both(Word::Transit)),
    (19, "Out For Pickup", Both(Word::OutForPickup)),
    (20, "Pickup Exception", Both(Word::PickupError)),
    (21, "Undelivered", Both(Word::Undelivered)),
    (22, "Delayed", Both(Word::Delayed)),
    (23, "Partial Delivered", Both(Word::PartialDelivered)),
    (24, "Destroyed", Both(Word::Damaged)),
    (25, "Damaged", Both(Word::Damaged)),
    (26, "Fulfilled", Both(Word::Fulfilled)),
    (27, "Pickup Booked", Both(Word::PickupScheduled)),
    (
        38,
        "Reached at Destination Hub",
        Both(Word::ReachedDestinationHub),
    ),
    (39, "Misrouted", Both(Word::Misrouted)),
    (40, "RTO NDR", Both(Word::Rto)),
    (41, "RTO OFD", Both(Word::Rto)),
    (42, "Picked Up", PickedUp),
    (43, "Self Fulfilled", Both(Word::Fulfilled)),
    (44, "Disposed Off", Unclear),
    (45, "Cancelled Before Dispatched", Both(Word::Cancelled)),
    (46, "RTO In Transit", Both(Word::Rto)),
    (47, "QC Failed", Unclear),
    (48, "Reached Warehouse", Unclear),
    (49, "Custom Cleared", Unclear),
    (50, "In Flight", Both(Word::Transit)),
    (51, "Handover to Courier", PickedUp),
    (52, "Shipment Booked", Unclear),
    (54, "In Transit Overseas", Both(Word::Transit)),
    (55, "Connection Aligned", Unclear),
    (56, "Reached Overseas Warehouse", Unclear),
    (57, "Custom Cleared Overseas", Unclear),
    (59, "Box Packing", Ignored),
    (60, "FC Allocated", Ignored),
    (61, "Picklist Generated", Ignored),
    (62, "Ready To Pack", Ignored),
    (63, "Packed", Ignored),
    (67, "FC Manifest Generated", Ignored),
    (68, "Processed At Warehouse", Unclear),
    (71, "Handover Exception", Unclear),
    (72, "Packed Exception", Unclear),
    (75, "RTO Lock", Unclear),
    (76, "Untraceable", Unclear),
    (77, "Issue Related To The Recipient", Unclear),
    (78, "Reached Back At Seller City", OfForward(Word::Rto)),
    (79, "Rider A…", Unclear),
];

/// `current_status_id`: mapped by name, as in the other table.
const ORDER: [Row; 82] = [
    (1, "New", Ignored),
    (2, "Invoiced", Both(Word::Invoiced)),
    (3, "Ready To Ship", Both(Word::ReadyToShip)),
    (4, "Pickup Scheduled", Both(Word::PickupScheduled)),
    (5, "Canceled", Both(Word::Cancelled)),
    (6, "Shipped", Both(Word::Shipped)),
    (7, "Delivered", Both(Word::Delivered)),
    (8, "ePayment Failed", Both(Word::PaymentFailed)),
    (9, "Returned", Unclear),
    (10, "Unmapped", Unclear),
    (11, "Unfulfillable", Both(Word::Unfulfillable)),
    (12, "Pickup Queue", Both(Word::PickupQueue)),
    (13, "Pickup Rescheduled", Both(Word::PickupRescheduled)),
    (14, "Pickup Error", Both(Word::PickupError)),
    (15, "RTO Initiated", Both(Word::Rto)),
    (16, "RTO Delivered", Both(Word::RtoDelivered)),
    (17, "RTO Acknowledged", Both(Word::RtoAcknowledged)),
    (
        18,
        "Cancellation Requested",
        Both(Word::CancellationRequested),
    ),
    (19, "Out for Delivery", Both(Word::OutForDelivery)),
    (20, "In Transit", Both(Word::Transit)),
    (21, "Return Pending", Unclear),
    (22, "Return Initiated", Unclear),
    (23, "Return Pickup Queued", OfReturn(Word::PickupQueue)),
    (24, "Return Pickup Error", OfReturn(Word::PickupError)),
    (25, "Return In Transit", OfReturn(Word::Transit)),
    (26, "Return Delivered", OfReturn(Word::Delivered)),
    (27, "Return Cancelled", OfReturn(Word::Cancelled)),
    (
        28,
        "Return Pickup Generated",
        OfReturn(Word::PickupScheduled),
    ),
    (
        29,
        "Return Cancellation Requested",
        OfReturn(Word::CancellationRequested),
    ),
    (
        30,
        "Return Pickup Cancelled",
        OfReturn(Word::PickupCancelled),
    ),
    (
        31,
        "Return Pickup Rescheduled",
        OfReturn(Word::PickupRescheduled),
    ),
    (32, "Return Picked Up", OfReturn(Word::ReturnPickedUp)),
    (33, "Lost", Both(Word::Lost)),
    (34, "Out For Pickup", Both(Word::OutForPickup)),
    (35, "Pickup Exception", Both(Word::PickupError)),
    (36, "Undelivered", Both(Word::Undelivered)),
    (37, "Delivery Delayed", Both(Word::Delayed)),
    (38, "Partial Delivered", Both(Word::PartialDelivered)),
    (39, "Destroyed", Both(Word::Damaged)),
    (40, "Damaged", Both(Word::Damaged)),
    (41, "Fulfilled", Both(Word::Fulfilled)),
    (42, "Archived", Both(Word::Archived)),
    (
        43,
        "Reached Destination Hub",
        Both(Word::ReachedDestinationHub),
    ),
    (44, "Misrouted", Both(Word::Misrouted)),
    (45, "RTO OFD", Both(Word::Rto)),
    (46, "RTO NDR", Both(Word::Rto)),
    (47, "Return Out For Pickup", OfReturn(Word::OutForPickup)),
    (
        48,
        "Return Out For Delivery",
        OfReturn(Word::OutForDelivery),
    ),
    (49, "Return Pickup Exception", OfReturn(Word::PickupError)),
    (50, "Return Undelivered", OfReturn(Word::Undelivered)),
    (51, "Picked Up", PickedUp),
    (52, "Self Fulfilled", Both(Word::Fulfilled)),
    (53, "Disposed Off", Unclear),
    (54, "Canceled before Dispatched", Both(Word::Cancelled)),
    (55, "RTO In-Transit", Both(Word::Rto)),
    (57, "QC Failed", Unclear),
    (58, "Reached Warehouse", Unclear),
    (59, "Custom Cleared", Unclear),
    (60, "In Flight", Both(Word::Transit)),
    (61, "Handover to Courier", PickedUp),
    (62, "Booked", Unclear),
    (64, "In Transit Overseas", Both(Word::Transit)),
    (65, "Connection Aligned", Unclear),
    (66, "Reached Overseas Warehouse", Unclear),
    (67, "Custom Cleared Overseas", Unclear),
    (68, "Return Acknowledged", Unclear),
    (69, "Box Packing", Ignored),
    (70, "Pickup Booked", Both(Word::PickupScheduled)),
    (71, "Darkstore Scheduled", Ignored),
    (72, "Allocation in Progress", Ignored),
    (73, "FC Allocated", Ignored),
    (74, "Picklist Generated", Ignored),
    (75, "Ready to Pack", Ignored),
    (76, "Packed", Ignored),
    (80, "FC Manifest Generated", Ignored),
    (81, "Processed at Warehouse", Unclear),
    (82, "Packed Exception", Unclear),
    (83, "Handover Exception", Unclear),
    (87, "RTO Lock", Unclear),
    (88, "Untraceable", Unclear),
    (89, "Issue Related To The Recipient", Unclear),
    (90, "Reached Back At Seller City", OfForward(Word::Rto)),
];
