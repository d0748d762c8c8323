use serde_json::json;

use super::*;
use crate::contract::fields::{Unreadable, read_value};

fn item(code: &str) -> Value {
    json!({
        "itemCode": code, "reason": "Different Size", "enableDoorStepQc": "true", "channelSkuCode": "10007345",
        "name": "Name", "brand": "Brand1", "color": "Black", "category": "Footwear", "subCategory": "Shoe",
        "serialNumber": "100", "price": 100.00, "finalAmountPaid": 100.00, "imageUrl": "xyz", "storeCreditsUsed": 0.0,
        "subTaxItemData": [{ "type": "type", "rate": 10, "taxPerUnit": 10, "taxTotal": 10 }],
    })
}

fn address() -> Value {
    json!({
        "name": "customerName", "line1": "address line 1", "line2": "address line 2", "line3": "address line 3",
        "city": "Bengaluru", "state": "Karnataka", "zip": "560076", "country": "INDIA", "email": "email.com",
        "phone": "9999999999",
    })
}

fn whole() -> Value {
    json!({
        "forwardOrderCode": "108", "returnOrderCode": "100078", "locationCode": "Wid234",
        "returnOrderTime": "2020-10-16T20:22:28.000+05:30", "returnOrderStatus": "RETURN_CREATED",
        "expectedDate": "2020-10-16T20:22:28.000+05:30", "orderItems": [item("I10098_1"), item("I10098_2")],
        "orderType": "CUSTOMER_RETURN", "awbNumber": "HYN402", "transporter": "transporter", "currencyCode": "INR",
        "regionType": "INDIAN", "returnReason": "damaged product", "sellerGstin": "29AADCP7081J1ZY",
        "consigneeGstin": "29AAHCT2518N1ZW",
        "shipmentDimension": { "breadth": 10, "height": 10, "length": 10, "weight": 1 },
        "dropAddress": address(), "pickupAddress": address(),
        "orderDetails": {
            "codValue": 0, "invoiceNumber": "INV-10", "invoiceTime": "2020-10-16T20:22:28.000+05:30",
            "invoiceValue": 100.00, "isCod": false, "forwardShipmentNumber": "101",
        },
    })
}

fn pointers(body: &Value) -> Vec<String> {
    match read_value(body, read) {
        Err(Unreadable::Invalid(found)) => found.into_iter().map(|wrong| wrong.pointer).collect(),
        Err(Unreadable::NotJson(detail)) => panic!("{detail}"),
        Ok(_) => Vec::new(),
    }
}

#[test]
fn the_sample_is_read_whole() {
    let order = read_value(&whole(), read).unwrap();
    let first = order.items.first().unwrap();
    assert!(first.enable_door_step_qc);
    assert_eq!(first.image_url.as_deref(), Some("xyz"));
    assert_eq!(first.sub_taxes.len(), 1);
    assert_eq!(order.awb, Some("HYN402".parse().unwrap()));
    let details = order.order_details.unwrap();
    assert_eq!(details.is_cod, Some(false));
    assert_eq!(
        details.forward_shipment_number,
        Some("101".parse().unwrap())
    );
    let time = order.return_order_time.unwrap();
    assert_eq!(time.to_string(), "2020-10-16T14:52:28Z");
}

#[test]
fn a_return_order_needs_only_its_codes_type_and_items() {
    let least = json!({
        "forwardOrderCode": "108", "returnOrderCode": "100078", "locationCode": "W", "orderType": "SELF_SHIP",
        "orderItems": [{ "itemCode": "1", "reason": "r", "channelSkuCode": "s" }],
    });
    let order = read_value(&least, read).unwrap();
    assert!(!order.items.first().unwrap().enable_door_step_qc);
    assert_eq!(
        pointers(&json!({})),
        [
            "/forwardOrderCode",
            "/returnOrderCode",
            "/locationCode",
            "/orderItems",
            "/orderType"
        ]
    );
    let mut empty = least;
    empty["orderItems"] = json!([{}]);
    assert_eq!(
        pointers(&empty),
        [
            "/orderItems/0/itemCode",
            "/orderItems/0/reason",
            "/orderItems/0/channelSkuCode"
        ]
    );
}

#[test]
fn the_door_step_check_is_a_boolean_or_its_word() {
    for (given, is_on) in [
        (json!(true), true),
        (json!("false"), false),
        (json!(null), false),
    ] {
        let mut body = whole();
        body["orderItems"][0]["enableDoorStepQc"] = given;
        let order = read_value(&body, read).unwrap();
        assert_eq!(order.items.first().unwrap().enable_door_step_qc, is_on);
    }
    for wrong in [json!("yes"), json!(1), json!("TRUE")] {
        let mut body = whole();
        body["orderItems"][0]["enableDoorStepQc"] = wrong;
        assert_eq!(pointers(&body), ["/orderItems/0/enableDoorStepQc"]);
    }
}

#[test]
fn a_repeated_item_code_is_refused_and_a_repeated_sku_is_not() {
    let mut body = whole();
    body["orderItems"] = json!([item("a"), item("b"), item("a")]);
    assert_eq!(pointers(&body), ["/orderItems/2/itemCode"]);
}

#[test]
fn more_than_500_items_are_refused() {
    let mut body = whole();
    let items = |count: usize| (0..count).map(|index| item(&index.to_string())).collect();
    body["orderItems"] = Value::Array(items(500));
    assert!(read_value(&body, read).is_ok());
    body["orderItems"] = Value::Array(items(10_000));
    assert_eq!(pointers(&body), ["/orderItems"]);
}

#[test]
fn a_self_shipped_return_has_no_awb() {
    let mut body = whole();
    body["orderType"] = json!("SELF_SHIP");
    assert_eq!(pointers(&body), ["/awbNumber"]);
    for absent in [json!(null), json!("")] {
        body["awbNumber"] = absent;
        assert!(read_value(&body, read).is_ok());
    }
}

#[test]
fn every_wrong_field_is_named() {
    let mut body = whole();
    body["orderType"] = json!("RETURN");
    body["currencyCode"] = json!("rupee");
    body["regionType"] = json!("EARTH");
    body["expectedDate"] = json!("tomorrow");
    body["orderItems"][1]["price"] = json!(-1);
    body["shipmentDimension"]["weight"] = json!(0);
    body["pickupAddress"]["zip"] = json!(560_076.5);
    body["orderDetails"]["isCod"] = json!("no");
    let mut found = pointers(&body);
    found.sort();
    assert_eq!(
        found,
        [
            "/currencyCode",
            "/expectedDate",
            "/orderDetails/isCod",
            "/orderItems/1/price",
            "/orderType",
            "/pickupAddress/zip",
            "/regionType",
            "/shipmentDimension/weight"
        ]
    );
}

#[test]
fn a_stored_return_order_is_the_one_that_was_read() {
    let order = read_value(&whole(), read).unwrap();
    let stored = serde_json::to_string(&order).unwrap();
    assert_eq!(serde_json::from_str::<ReturnOrder>(&stored).unwrap(), order);
}
