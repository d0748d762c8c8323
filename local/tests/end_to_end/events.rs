//! Events that an RMS Magic aggregator pushes.

use serde_json::{Value, json};

/// A forward event with an event id.
pub(crate) fn event(order: &str, kind: &str) -> Value {
    let mut event = event_without_id(order, kind);
    event["eventId"] = json!(format!("{order}-{kind}"));
    event
}

/// A forward event as in document 002.
pub(crate) fn event_without_id(order: &str, kind: &str) -> Value {
    json!({
        "forwardOrderCode": order,
        "forwardAwb": format!("AWB-{order}"),
        "carrierName": "Delhivery",
        "notificationType": kind,
        "shipmentType": "FORWARD",
        "logisticAggregatorName": "NARVAR",
        "warehouseCode": "wh-1",
        "returnOrderInfo": null,
        "items": [{ "sku": "sku-1", "quantity": 1 }],
    })
}
