//! The webhook of a requested or approved return: it concerns the order, before there is a shipment.

use serde_json::{Map, Value, json};

use crate::clickpost::dialect::Dialect;
use crate::clickpost::items::Item;
use crate::clickpost::named::named;
use crate::clickpost::order::Order;
use crate::clickpost::scan::Scan;
use crate::clickpost::status::{self, Status};

/// No courier is assigned yet.
const NO_COURIER: i8 = -1;

/// The push of a step of a return request.
pub(super) fn of(order: &Order, forward: Option<&Order>, scan: &Scan, dialect: Dialect) -> Value {
    let payload = payload(order, forward, scan);
    match dialect {
        Dialect::All | Dialect::Selected => payload,
        Dialect::Wrapped => wrapped(order, scan, &payload),
    }
}

fn payload(order: &Order, forward: Option<&Order>, scan: &Scan) -> Value {
    let mut payload = requested(scan);
    payload.extend(named([
        ("waybill", json!("")),
        ("cp_id", json!(NO_COURIER)),
        ("account_code", Value::Null),
        ("notification_event", json!(event(scan))),
        ("additional", additional(order, forward, scan)),
    ]));
    Value::Object(payload)
}

fn requested(scan: &Scan) -> Map<String, Value> {
    let Status {
        code,
        description,
        bucket,
        word,
        remark,
        ..
    } = status::of(scan.state);
    named([
        ("location", json!("")),
        ("remark", json!(remark)),
        ("status", json!(word)),
        ("clickpost_status_code", json!(code)),
        ("clickpost_status_description", json!(description)),
        (
            "clickpost_status_bucket",
            json!(bucket.map(|(number, _)| number)),
        ),
        (
            "clickpost_status_bucket_description",
            bucket_description(scan),
        ),
        ("timestamp", json!(scan.request_time())),
    ])
}

/// The vendor's example of an approval has the event's number instead of its name.
fn bucket_description(scan: &Scan) -> Value {
    let Status {
        bucket,
        event,
        description,
        ..
    } = status::of(scan.state);
    match scan.state {
        "RETURN_APPROVED" => json!(event),
        _ => json!(bucket.map(|_| description)),
    }
}

fn additional(order: &Order, forward: Option<&Order>, scan: &Scan) -> Value {
    let items = &order.request.fields.items;
    let reason = order.request.rvp_reason.as_deref();
    let item_info: Vec<Value> = (1..)
        .zip(items)
        .map(|(id, line)| item(id, line, reason))
        .collect();
    json!({
        "latest_status": requested(scan),
        "is_rvp": true,
        "notification_event_id": event(scan),
        "forward_awb": forward.and_then(Order::waybill),
        "forward_reference_number": forward.map(|order| &order.request.fields.reference_number),
        "forward_order_id": order.request.fields.order_id,
        "return_reference_number": order.request.fields.reference_number,
        "self_shipped": false,
        "drop_store_id": null,
        "source": null,
        "item_info": item_info,
    })
}

fn item(id: u32, item: &Item, reason: Option<&str>) -> Value {
    json!({
        "id": id,
        "sku": item.sku,
        "quantity": item.quantity,
        "description": item.description,
        "return_reason": reason,
        "return_sub_reason": null,
        "refund_mode": null,
        "return_mode": null,
        "customer_comment": null,
        "images": [],
        "customer_uploaded_images": [],
        "shopify_line_item_id": null,
    })
}

/// The documented envelope, including `"None"`.
fn wrapped(order: &Order, scan: &Scan, payload: &Value) -> Value {
    json!({
        "payload": payload,
        "internal": {
            "tracking_id": order.tracking_id,
            "key": "None",
            "enterprise_user_profile_id": 100_200,
            "url": "None",
            "notification_event": event(scan),
            "is_custom": true,
        },
    })
}

fn event(scan: &Scan) -> Option<u16> {
    status::of(scan.state).event
}
