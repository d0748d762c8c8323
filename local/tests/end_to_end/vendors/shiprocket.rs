//! Shiprocket.

use serde_json::{Value, json};

use crate::vendors::{Push, Vendor};

pub(super) const VENDOR: Vendor = Vendor {
    alias: "shiprocket",
    name: "SHIPROCKET",
    creates: "/orders/create/adhoc",
    purchase: "assignAwb",
    code,
    unknown_code: "999",
    push,
    unmapped,
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
        "UNDELIVERED",
        "RTO",
        "RTO_DELIVERED",
    ],
    // The status of a return that was placed is not forwarded.
    return_picked_up: &["OUT_FOR_PICKUP", "RETURN_PICKED_UP"],
    failed_delivery,
    awb_is_pushed: false,
    proof: None,
    at_home: |_| (),
};

fn code(word: &str) -> Option<&'static str> {
    Some(match word {
        "PICKED_UP" => "42",
        "TRANSIT" => "18",
        "OUT_FOR_DELIVERY" => "17",
        "DELIVERED" => "7",
        "CANCELLED" => "8",
        _ => return None,
    })
}

fn push(push: &Push<'_>) -> Value {
    json!({
        "awb": push.awb,
        "courier_name": "Delhivery",
        "current_status": "OUT FOR DELIVERY",
        "current_status_id": 0,
        "shipment_status": "OUT FOR DELIVERY",
        "shipment_status_id": push.code.parse::<u32>().unwrap(),
        "current_timestamp": format!("28 11 2026 10:{:02}:00", push.minute),
        "order_id": push.order,
        "scans": [],
    })
}

fn unmapped() -> Vec<(Value, &'static str)> {
    let told = |code, is_return| {
        let order = Some("web-1");
        let mut told = push(&Push {
            order,
            awb: "70000001",
            code,
            minute: 0,
        });
        told["is_return"] = json!(u8::from(is_return));
        told
    };
    let mut of_order = told("0", true);
    of_order["shipment_status_id"] = Value::Null;
    of_order["current_status_id"] = json!(57);
    vec![
        (told("47", true), "S47"),
        (told("76", false), "S76"),
        (of_order, "O57"),
    ]
}

fn failed_delivery() -> Value {
    json!({
        "Attempt Count": "1",
        "Courier Status": "UND",
        "Location": "Ahmedabad Hub",
        "Reason": "Consignee not available",
        "Remark": "Consignee not available",
    })
}
