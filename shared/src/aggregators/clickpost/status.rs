//! Maps Clickpost's codes to our vocabulary. A code that is missing here is not in the vendor's documentation either.

use Meaning::{Ignored, Unmapped, Word};

use crate::aggregators::status::AggregatorStatus;
use crate::domain::notification::Meaning;
use crate::domain::notification::NotificationType::{
    AwbGenerated, Cancelled, Damaged, Delayed, Delivered, ExchangeDelivered, ExchangePickup,
    FailedDelivery, Lost, OutForDelivery, OutForPickup, PickedUp, PickupCancelled, PickupQueue,
    ReachedDestinationHub, ReturnOrderPlaced, ReturnPickedUp, Rto, RtoDelivered, ShipmentStuck,
    Shipped, SlaBreached, Transit,
};
use crate::domain::status_mappings::CodeMeanings;

/// The table of courier scans and return requests.
const STATUSES: &str = "clickpost_status_code";
/// The table of the events that take precedence over the status.
const EVENTS: &str = "notification_event_id";
/// The table of the other events.
const EVENTS_ALONE: &str = "notification_event_id, where no status is pushed";

/// `clickpost_status_code`, Clickpost's name, and the meaning. Codes 22, 24, 29, 33 to 40 and most codes above 1000 are
/// not documented anywhere.
const BY_STATUS: [(i64, &str, Meaning); 32] = [
    (1, "ORDER_PLACED", Ignored),
    (2, "PICKUP_PENDING", Word(PickupQueue)),
    (3, "PICKUP_FAILED", Word(PickupCancelled)),
    (4, "PICKED_UP", Word(PickedUp)),
    (5, "INTRANSIT", Word(Transit)),
    (6, "OUT_FOR_DELIVERY", Word(OutForDelivery)),
    (7, "NOT_SERVICEABLE", Word(FailedDelivery)),
    (8, "DELIVERED", Word(Delivered)),
    (9, "FAILED_DELIVERY", Word(FailedDelivery)),
    (10, "CANCELLED_ORDER", Word(Cancelled)),
    (11, "RTO_REQUESTED", Word(Rto)),
    (12, "RTO", Word(Rto)),
    (13, "RTO_OUT_FOR_DELIVERY", Word(Rto)),
    (14, "RTO_DELIVERED", Word(RtoDelivered)),
    (15, "RTO_FAILED", Word(Rto)),
    (16, "LOST", Word(Lost)),
    (17, "DAMAGED", Word(Damaged)),
    (18, "SHIPMENT_DELAYED", Word(Delayed)),
    (19, "CONTACT_CUSTOMER_CARE", Word(ShipmentStuck)),
    (20, "SHIPMENT_HELD", Word(ShipmentStuck)),
    (21, "RTO_INTRANSIT", Word(Rto)),
    (23, "EXPIRED", Unmapped),
    (25, "OUT_FOR_PICKUP", Word(OutForPickup)),
    (26, "RTO_CONTACT_CUSTOMER_CARE", Word(Rto)),
    (27, "RTO_SHIPMENT_DELAYED", Word(Rto)),
    (28, "AWB REGISTERED", Word(AwbGenerated)),
    (30, "EXCHANGE_PICKUP", Word(ExchangePickup)),
    (31, "EXCHANGE_INTRANSIT", Word(ExchangePickup)),
    (32, "EXCHANGE_DELIVERED", Word(ExchangeDelivered)),
    (101, "RETURN REQUEST PLACED", Word(ReturnOrderPlaced)),
    (102, "RETURN REQUEST APPROVED", Unmapped),
    (1004, "DESTINATION_HUB_IN", Word(ReachedDestinationHub)),
];

/// The events that say more than the status sent with them: no status reports them, or no documented one.
const BY_EVENT: [(i64, &str, Meaning); 7] = [
    (9, "AWB generated", Word(AwbGenerated)),
    (17, "stuck", Word(ShipmentStuck)),
    (18, "SLA breached", Word(SlaBreached)),
    (23, "return rejected", Unmapped),
    (29, "exchange approved", Unmapped),
    (30, "exchange placed", Unmapped),
    (31, "exchange rejected", Unmapped),
];

/// The events that only repeat their status, for pushes without a status.
const BY_EVENT_ALONE: [(i64, &str, Meaning); 17] = [
    (1, "out for pickup", Word(OutForPickup)),
    (2, "shipped", Word(Shipped)),
    (3, "out for delivery", Word(OutForDelivery)),
    (4, "failed delivery", Word(FailedDelivery)),
    (5, "delivered", Word(Delivered)),
    (6, "RTO in transit", Word(Rto)),
    (10, "cancelled", Word(Cancelled)),
    (11, "return placed", Word(ReturnOrderPlaced)),
    (12, "RTO delivered", Word(RtoDelivered)),
    (13, "destination hub", Word(ReachedDestinationHub)),
    (14, "exchange pickup", Word(ExchangePickup)),
    (15, "exchange delivered", Word(ExchangeDelivered)),
    (16, "pickup cancelled", Word(PickupCancelled)),
    (19, "lost", Word(Lost)),
    (20, "damaged", Word(Damaged)),
    (22, "return approved", Unmapped),
    (80, "expired", Unmapped),
];

/// The code of a push, marked with its table, and its meaning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ReadStatus {
    /// `S` with a status, or `E` with an event.
    pub(super) code: String,
    /// Its meaning.
    pub(super) meaning: Meaning,
}

/// The combination of a status and an event; `None` if both are missing.
pub(super) fn said(status: Option<i64>, event: Option<i64>, is_return: bool) -> Option<ReadStatus> {
    let told = event.and_then(|event| Some((event, found(&BY_EVENT, event)?)));
    let (table, code, meaning) = match (told, status, event) {
        (Some((event, meaning)), _, _) => ('E', event, meaning),
        (None, Some(status), _) => {
            let meaning = found(&BY_STATUS, status).unwrap_or(Unmapped);
            ('S', status, meaning)
        }
        (None, None, Some(event)) => {
            let meaning = found(&BY_EVENT_ALONE, event).unwrap_or(Unmapped);
            ('E', event, meaning)
        }
        (None, None, None) => return None,
    };
    Some(ReadStatus {
        code: format!("{table}{code}"),
        meaning: of(meaning, is_return),
    })
}

/// The meanings of a code that is marked with its table; `None` if it is not one.
pub(super) fn meanings(code: &str) -> Option<CodeMeanings> {
    let (table, number) = code.split_at_checked(1)?;
    let number: i64 = number.parse().ok()?;
    let read = |is_return| match table {
        "S" => said(Some(number), None, is_return),
        "E" => said(None, Some(number), is_return),
        _ => None,
    };
    let (forward, returning) = (read(false)?, read(true)?);
    // The same number with other digits, such as zeros before it, is in no push.
    (forward.code == code).then_some(CodeMeanings {
        forward: forward.meaning,
        returning: returning.meaning,
    })
}

/// All tables.
pub(super) fn all() -> Vec<AggregatorStatus> {
    let status = |table: &'static str| {
        move |(code, name, meaning): &(i64, &'static str, Meaning)| AggregatorStatus {
            table,
            code: code.to_string(),
            name,
            forward: of(*meaning, false),
            returning: of(*meaning, true),
        }
    };
    let statuses = BY_STATUS.iter().map(status(STATUSES));
    statuses
        .chain(BY_EVENT.iter().map(status(EVENTS)))
        .chain(BY_EVENT_ALONE.iter().map(status(EVENTS_ALONE)))
        .collect()
}

fn found(table: &[(i64, &str, Meaning)], code: i64) -> Option<Meaning> {
    table
        .iter()
        .find(|(known, _, _)| *known == code)
        .map(|(_, _, meaning)| *meaning)
}

/// Pickups from a customer have their own notification type.
fn of(meaning: Meaning, is_return: bool) -> Meaning {
    if is_return && meaning == Word(PickedUp) {
        Word(ReturnPickedUp)
    } else {
        meaning
    }
}
