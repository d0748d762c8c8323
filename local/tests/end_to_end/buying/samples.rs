//! The documented requests, each for a given order number.

use serde_json::{Value, json};

/// The documented request for a label.
pub(crate) fn label(order_number: &str) -> Value {
    json!({
        "pickupAddress": {
            "firstName": "Ram",
            "lastName": "Patel",
            "middleName": "",
            "addressLine1": "1205, 15th Main Road",
            "addressLine2": "HSR layout",
            "addressLine3": "",
            "city": "Bangalore",
            "state": "Karnataka",
            "zip": "560102",
            "country": "India",
            "email": "abc@example.com",
            "phone": "9999999999",
        },
        "dropAddress": {
            "firstName": "Shyam",
            "lastName": "Sharma",
            "middleName": "",
            "addressLine1": "A-101, Balaji Residency",
            "addressLine2": "Stadium road",
            "addressLine3": "Motera",
            "city": "Ahmedabad",
            "state": "Gujarat",
            "zip": "395007",
            "country": "India",
            "email": "abc@example.com",
            "phone": "9999999999",
        },
        "orderDetails": {
            "orderNumber": order_number,
            "paymentType": "PREPAID",
            "orderAmount": 230,
            "orderDate": "2022-03-16T12:31:02+05:30",
            "shipmentType": "FORWARD",
            "orderLineItems": [
                { "name": "jeans", "sku": "sku-1", "sellingPricePerUnit": 100, "quantity": 1 },
                { "name": "t-shirt", "sku": "sku-2", "sellingPricePerUnit": 130, "quantity": 1 },
            ],
        },
        "shipmentDimension": { "length": 50, "breadth": 50, "height": 50, "weight": 200 },
        "courierId": 1,
        "warehouseCode": "wh-1",
        "logisticAccountAlias": "magic",
    })
}

/// The same as a request for a return AWB.
pub(crate) fn return_awb(order_number: &str) -> Value {
    let mut request = label(order_number);
    request["orderDetails"]["shipmentType"] = json!("RETURN");
    request["returnReason"] = json!("Wrong product");
    request
}

/// The documented request for recommendations.
pub(crate) fn route() -> Value {
    json!({
        "pickupPincode": "560102",
        "dropPincode": "110019",
        "paymentType": "PREPAID",
        "shipmentType": "FORWARD",
        "orderAmount": 1200,
        "logisticAccountAlias": "magic",
    })
}

/// An operator's settlement of an order that was booked.
pub(crate) fn settlement(order_number: &str) -> Value {
    json!({
        "orderNumber": order_number,
        "awb": "71902671",
        "orderId": "77001",
        "carrierName": "Delhivery",
        "shippingLabelUrl": "https://shipping-label-pdf.example/asdf1234",
    })
}

/// A request without one of its fields.
pub(crate) fn without(mut request: Value, field: &str) -> Value {
    request.as_object_mut().unwrap().remove(field).unwrap();
    request
}

/// A request with another value at a JSON pointer.
pub(crate) fn with(mut request: Value, pointer: &str, value: Value) -> Value {
    *request.pointer_mut(pointer).unwrap() = value;
    request
}

/// The pointers of a JSON value and of all values in it.
pub(crate) fn pointers(value: &Value) -> Vec<String> {
    let inner: Vec<(String, &Value)> = match value {
        Value::Object(fields) => fields
            .iter()
            .map(|(name, value)| (name.clone(), value))
            .collect(),
        Value::Array(entries) => entries
            .iter()
            .enumerate()
            .map(|(index, value)| (index.to_string(), value))
            .collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Vec::new(),
    };
    let inner = inner.into_iter().flat_map(|(name, value)| {
        pointers(value)
            .into_iter()
            .map(move |pointer| format!("/{name}{pointer}"))
    });
    std::iter::once(String::new()).chain(inner).collect()
}
