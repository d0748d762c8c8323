//! Shipper. It ships within Indonesia, and has no code for a parcel that is out for delivery.

use serde_json::{Value, json};

use crate::vendors::{Push, Vendor};

pub(super) const VENDOR: Vendor = Vendor {
    alias: "shipper",
    name: "SHIPPER",
    creates: "POST /v3/order",
    purchase: "createOrder",
    code,
    unknown_code: "1360",
    push,
    unmapped,
    delivered: &["READY_TO_SHIP", "TRANSIT", "DELIVERED"],
    // The simulator pushes the way back with a code that has no notification type.
    returned_to_origin: &[],
    return_picked_up: &[],
    failed_delivery,
    awb_is_pushed: true,
    proof: Some("auth"),
    at_home,
};

fn code(word: &str) -> Option<&'static str> {
    Some(match word {
        "TRANSIT" => "1180",
        "UNDELIVERED" => "1330",
        "DELIVERED" => "2000",
        "CANCELLED" => "999",
        _ => return None,
    })
}

fn push(push: &Push<'_>) -> Value {
    let status =
        json!({ "code": push.code.parse::<u32>().unwrap(), "name": "", "description": "" });
    json!({
        "order_id": "6149a1c0d48465d30e2b5b85",
        "order_tracking_id": "6149a1c98f62b9082bdfebf9",
        "external_id": push.order,
        "status_date": format!("2026-11-28T10:{:02}:00+00:00", push.minute),
        "internal_status": status,
        "external_status": status,
        "awb": push.awb,
    })
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
    vec![told("1001"), told("1370"), told("1410"), told("1420")]
}

fn failed_delivery() -> Value {
    json!({
        "Courier Status": "Tidak Ada Penerima",
        "Reason": "Tidak Ada Penerima",
        "Reason Code": "1330",
    })
}

/// From Jakarta to Bandung, by a courier that is named.
fn at_home(request: &mut Value) {
    let places = [
        ("pickup", "10330", 30101, -6.1926, 106.8386),
        ("drop", "40115", 31501, -6.906, 107.619),
    ];
    for (end, zip, area, latitude, longitude) in places {
        if let Some(address) = request.get_mut(format!("{end}Address")) {
            address["zip"] = json!(zip);
            address["country"] = json!("Indonesia");
            address["phone"] = json!("+62 812 3456 7890");
            address["areaId"] = json!(area);
        } else {
            request[format!("{end}Pincode")] = json!(zip);
            request[format!("{end}AreaId")] = json!(area);
            request[format!("{end}Latitude")] = json!(latitude);
            request[format!("{end}Longitude")] = json!(longitude);
        }
    }
    request["currencyCode"] = json!("IDR");
    if request.get("dropAddress").is_some() {
        request["courierId"] = json!(1);
    }
}
