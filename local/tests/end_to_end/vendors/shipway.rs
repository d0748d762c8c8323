//! Shipway. It has no code for a pickup.

use serde_json::{Value, json};

use crate::vendors::{Push, Vendor};

pub(super) const VENDOR: Vendor = Vendor {
    alias: "shipway",
    name: "SHIPWAY",
    creates: "/v2orders",
    purchase: "createOrder",
    code,
    unknown_code: "XYZ",
    push,
    unmapped,
    delivered: &["AWB_GENERATED", "TRANSIT", "OUT_FOR_DELIVERY", "DELIVERED"],
    returned_to_origin: &[
        "AWB_GENERATED",
        "TRANSIT",
        "OUT_FOR_DELIVERY",
        "UNDELIVERED",
        "RTO",
        "RTO_DELIVERED",
    ],
    return_picked_up: &["PICKUP_SCHEDULED", "OUT_FOR_PICKUP", "RETURN_PICKED_UP"],
    failed_delivery,
    awb_is_pushed: false,
    proof: None,
    at_home: |_| (),
};

fn code(word: &str) -> Option<&'static str> {
    Some(match word {
        "TRANSIT" => "INT",
        "OUT_FOR_DELIVERY" => "OOD",
        "DELIVERED" => "DEL",
        "CANCELLED" => "CAN",
        _ => return None,
    })
}

fn push(push: &Push<'_>) -> Value {
    json!({ "status_feed": [{
        "order_id": push.order,
        "awbno": push.awb,
        "current_status": push.code,
        "status_time": format!("2026-11-28 10:{:02}:00", push.minute),
    }]})
}

fn unmapped() -> Vec<(Value, &'static str)> {
    let told = |code| {
        let order = Some("web-1");
        let told = push(&Push {
            order,
            awb: "70000001",
            code,
            minute: 0,
        });
        (told, code)
    };
    vec![told("NFIDS"), told("ROTH")]
}

fn failed_delivery() -> Value {
    json!({ "Remark": "Undelivered" })
}
