//! Clickpost.

use serde_json::{Value, json};

use crate::vendors::{Push, Vendor};

pub(super) const VENDOR: Vendor = Vendor {
    alias: "clickpost",
    name: "CLICKPOST",
    creates: "POST /api/v3/create-order/",
    purchase: "createOrder",
    code,
    unknown_code: "1005",
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
        "FAILED_DELIVERY",
        "RTO",
        "RTO_DELIVERED",
    ],
    return_picked_up: &["RETURN_ORDER_PLACED", "OUT_FOR_PICKUP", "RETURN_PICKED_UP"],
    failed_delivery,
    awb_is_pushed: false,
    proof: None,
    at_home: |_| (),
};

fn code(word: &str) -> Option<&'static str> {
    Some(match word {
        "PICKED_UP" => "4",
        "TRANSIT" => "5",
        "OUT_FOR_DELIVERY" => "6",
        "DELIVERED" => "8",
        "CANCELLED" => "10",
        _ => return None,
    })
}

fn push(push: &Push<'_>) -> Value {
    json!({
        "waybill": push.awb,
        "cp_id": 4,
        "clickpost_status_code": push.code.parse::<u32>().unwrap(),
        "clickpost_status_description": "OutForDelivery",
        "status": "OFD",
        "timestamp": format!("2026-11-28T10:{:02}:00Z", push.minute),
        "account_code": "delhivery-surface",
        "additional": { "order_id": push.order },
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
        told["additional"]["is_rvp"] = json!(is_return);
        told
    };
    let mut rejected = told("101", true);
    rejected["notification_event"] = json!(23);
    vec![
        (told("23", false), "S23"),
        (told("102", true), "S102"),
        (rejected, "E23"),
    ]
}

fn failed_delivery() -> Value {
    json!({
        "Courier Status": "Pending",
        "Location": "Ahmedabad",
        "Reason": "Customer Unavailable",
        "Reason Code": "1",
        "Remark": "Consignee not at home",
    })
}
