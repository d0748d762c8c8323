//! An aggregator that implements RMS Magic: its codes are our notification types.

use serde_json::{Value, json};

use crate::vendors::{Push, Vendor};

pub(super) const VENDOR: Vendor = Vendor {
    alias: "magic",
    name: "MAGIC",
    creates: "POST /generate-shipping-label",
    purchase: "generateShippingLabel",
    code,
    unknown_code: "BEAMED_UP",
    push,
    unmapped: Vec::new,
    delivered: &[
        "AWB_GENERATED",
        "PICKED_UP",
        "TRANSIT",
        "OUT_FOR_DELIVERY",
        "DELIVERED",
    ],
    returned_to_origin: &[
        "AWB_GENERATED",
        "PICKED_UP",
        "TRANSIT",
        "OUT_FOR_DELIVERY",
        "FAILED_DELIVERY",
        "RTO",
        "RTO_DELIVERED",
    ],
    return_picked_up: &["RETURN_ORDER_PLACED", "OUT_FOR_PICKUP", "RETURN_PICKED_UP"],
    failed_delivery: || json!({}),
    awb_is_pushed: false,
    proof: None,
    at_home: |_| (),
};

fn code(word: &str) -> Option<&'static str> {
    Some(match word {
        "PICKED_UP" => "PICKED_UP",
        "TRANSIT" => "TRANSIT",
        "OUT_FOR_DELIVERY" => "OUT_FOR_DELIVERY",
        "DELIVERED" => "DELIVERED",
        "CANCELLED" => "CANCELLED",
        _ => return None,
    })
}

fn push(push: &Push<'_>) -> Value {
    let Push {
        order,
        awb,
        code,
        minute,
    } = push;
    json!({
        "eventId": format!("{awb}-{code}-{minute:02}"),
        "eventTime": format!("2026-11-28T10:{minute:02}:00+05:30"),
        "forwardOrderCode": order.unwrap_or(awb),
        "forwardAwb": awb,
        "notificationType": code,
        "shipmentType": "FORWARD",
        "logisticAggregatorName": "MAGIC",
        "returnOrderInfo": null,
        "items": [],
    })
}
