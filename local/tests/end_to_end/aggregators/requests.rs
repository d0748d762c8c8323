//! Requests that every native aggregator accepts.

use serde_json::{Value, json};

use crate::vendors::find;

/// A request for a label.
pub(crate) fn label(alias: &str, order_number: &str) -> Value {
    let mut request = json!({
        "logisticAccountAlias": alias,
        "pickupAddress": {
            "firstName": "Asha",
            "lastName": "Rao",
            "addressLine1": "House 12, 4th Cross Road",
            "city": "Bengaluru",
            "state": "Karnataka",
            "zip": "560102",
            "country": "India",
            "email": "asha@brand.example",
            "phone": "+91 98765 43210",
        },
        "dropAddress": {
            "firstName": "Noor",
            "lastName": "Khan",
            "addressLine1": "Flat 7, Lake Road",
            "city": "Ahmedabad",
            "state": "Gujarat",
            "zip": "380001",
            "country": "India",
            "email": "noor@example.com",
            "phone": "9123456780",
        },
        "orderDetails": {
            "orderNumber": order_number,
            "paymentType": "PREPAID",
            "orderAmount": 230,
            "orderDate": "2026-11-20T12:31:02+05:30",
            "shipmentType": "FORWARD",
            "orderLineItems": [
                { "name": "jeans", "sku": "sku-1", "sellingPricePerUnit": 100, "quantity": 1 },
                { "name": "t-shirt", "sku": "sku-2", "sellingPricePerUnit": 130, "quantity": 1 },
            ],
        },
        "shipmentDimension": { "length": 30, "breadth": 20, "height": 10, "weight": 450 },
        "warehouseCode": "wh-1",
    });
    at_home(alias, &mut request);
    request
}

fn at_home(alias: &str, request: &mut Value) {
    if let Some(vendor) = find(alias) {
        (vendor.at_home)(request);
    }
}

/// A request for a return AWB: from the customer to the warehouse.
pub(crate) fn return_awb(alias: &str, order_number: &str) -> Value {
    let mut request = label(alias, order_number);
    let pickup = request["pickupAddress"].take();
    request["pickupAddress"] = request["dropAddress"].take();
    request["dropAddress"] = pickup;
    request["orderDetails"]["shipmentType"] = json!("RETURN");
    request["returnReason"] = json!("Wrong product");
    request
}

/// A request for couriers on the label's route.
pub(crate) fn route(alias: &str) -> Value {
    let mut request = json!({
        "logisticAccountAlias": alias,
        "pickupPincode": "560102",
        "dropPincode": "380001",
        "paymentType": "PREPAID",
        "shipmentType": "FORWARD",
        "orderAmount": 230,
        "shipmentDimension": { "length": 30, "breadth": 20, "height": 10, "weight": 450 },
        "items": [{ "name": "jeans", "sku": "sku-1", "sellingPricePerUnit": 230, "quantity": 1 }],
    });
    at_home(alias, &mut request);
    request
}
