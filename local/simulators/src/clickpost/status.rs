//! The vendor's statuses for the states of a shipment.

/// A status code with its descriptions.
pub(super) struct Status {
    pub(super) code: u16,
    /// In `PascalCase`, as in webhooks; the documentation's tables have `UPPER_SNAKE`.
    pub(super) description: &'static str,
    /// Number and name, if the vendor has a bucket for it.
    pub(super) bucket: Option<(u8, &'static str)>,
    /// The event with which a merchant selects it.
    pub(super) event: Option<u16>,
    /// The courier's status, and its remark.
    pub(super) word: &'static str,
    pub(super) remark: &'static str,
}

type Bucket = Option<(u8, &'static str)>;

const ORDER_PLACED: Bucket = Some((1, "Order Placed"));
const SHIPPED: Bucket = Some((2, "Shipped"));
const OUT_FOR_DELIVERY: Bucket = Some((4, "Out for delivery"));
const FAILED_DELIVERY: Bucket = Some((5, "Failed delivery"));
const DELIVERED: Bucket = Some((6, "Delivered"));
const RETURNED: Bucket = Some((7, "Returned"));
const RETURN_REQUEST: Bucket = Some((8, "Return Request Placed"));

/// A code that is not in the vendor's tables, for a state without a code.
const UNLISTED: u16 = 33;

/// The status of a state for merchants that receive all statuses.
#[rustfmt::skip]
pub(super) fn of(state: &str) -> Status {
    match state {
        "ORDER_PLACED" => status(1, "OrderPlaced", ORDER_PLACED, None, "Manifested", "Shipment details manifested"),
        "AWB_GENERATED" => status(28, "AwbRegistered", ORDER_PLACED, Some(9), "Registered", "AWB registered"),
        "OUT_FOR_PICKUP" => status(25, "OutForPickup", ORDER_PLACED, Some(1), "Out for Pickup", "Rider is on the way to the pickup"),
        "PICKED_UP" | "RETURN_PICKED_UP" => status(4, "PickedUp", SHIPPED, Some(2), "Picked Up", "Shipment picked up"),
        "PICKUP_CANCELLED" => status(3, "PickupFailed", ORDER_PLACED, Some(16), "Pickup Failed", "Nobody handed the parcel over"),
        "IN_TRANSIT" => status(5, "InTransit", SHIPPED, Some(2), "In Transit", "Arrived at the sorting centre"),
        "OUT_FOR_DELIVERY" => status(6, "OutForDelivery", OUT_FOR_DELIVERY, Some(3), "Dispatched", "Out for delivery"),
        "DELIVERED" => status(8, "Delivered", DELIVERED, Some(5), "Delivered", "Delivered to consignee"),
        "FAILED_DELIVERY" => status(9, "FailedDelivery", FAILED_DELIVERY, Some(4), "Pending", "Consignee not at home"),
        "CANCELLED" => status(10, "Cancelled", None, Some(10), "Cancelled", "Shipment cancelled"),
        "RTO" => status(12, "RTO", RETURNED, None, "RTO", "Goes back to the shipper"),
        "RTO_DELIVERED" => status(14, "RTO-Delivered", RETURNED, Some(12), "RTO Delivered", "Delivered to shipper"),
        "LOST" => status(16, "Lost", None, Some(19), "Lost", "Shipment lost"),
        "RETURN_ORDER_PLACED" => status(101, "Return Order Placed", RETURN_REQUEST, Some(11), "Return Order Placed", "Return Order Placed"),
        "RETURN_APPROVED" => status(102, "Return Request Approved", RETURN_REQUEST, Some(22), "Return Request Approved", "Return Request Approved"),
        _ => status(UNLISTED, "Unlisted", None, None, "Unlisted", "Unlisted"),
    }
}

/// The status of a state for merchants that selected events. No event has the code of a shipment that is to be returned to
/// origin, but one event has the code of a shipment on its way back.
pub(super) fn selectable(state: &str) -> Status {
    match state {
        "RTO" => status(
            21,
            "RTO-InTransit",
            RETURNED,
            Some(6),
            "RTO In Transit",
            "On the way back to the shipper",
        ),
        _ => of(state),
    }
}

const fn status(
    code: u16,
    description: &'static str,
    bucket: Bucket,
    event: Option<u16>,
    word: &'static str,
    remark: &'static str,
) -> Status {
    Status {
        code,
        description,
        bucket,
        event,
        word,
        remark,
    }
}
