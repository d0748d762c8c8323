use serde_json::{Value, json};

use super::*;
use crate::domain::personal::Personal;

fn order(change: impl FnOnce(&mut Value)) -> ReturnOrder {
    let address = json!({
        "name": "Asha Rao", "line1": "1 MG Road", "city": "Bengaluru", "state": "KA", "zip": "560001", "country": "INDIA",
        "email": "asha@example.com", "phone": "9999999999",
    });
    let mut order = json!({
        "returnOrderCode": "R-1", "forwardOrderCode": "F-1", "locationCode": "wh-1", "orderType": "CUSTOMER_RETURN",
        "items": [{
            "itemCode": "i-1", "reason": "too small", "channelSkuCode": "sku-1", "name": "jeans", "price": 100,
            "finalAmountPaid": 90, "enableDoorStepQc": true, "brand": "B", "imageUrl": "xyz",
        }],
        "currencyCode": "INR", "regionType": "INDIAN", "returnReason": "size", "sellerGstin": "29ABCDE1234F1Z5",
        "dimension": {}, "dropAddress": address, "pickupAddress": address,
        "orderDetails": {
            "codValue": 0, "invoiceNumber": "INV-1", "invoiceTime": "2026-11-20T20:00:00Z", "invoiceValue": 100, "isCod": false,
        },
    });
    change(&mut order);
    serde_json::from_value(order).unwrap()
}

fn bare() -> ReturnOrder {
    order(|order| {
        let known = order.as_object_mut().unwrap();
        for name in [
            "currencyCode",
            "regionType",
            "returnReason",
            "sellerGstin",
            "dimension",
            "dropAddress",
            "pickupAddress",
            "orderDetails",
        ] {
            known.remove(name);
        }
        let item = order["items"][0].as_object_mut().unwrap();
        for name in ["name", "price", "finalAmountPaid"] {
            item.remove(name);
        }
    })
}

fn forward() -> ShipmentRequest {
    let full = purchase(&order(|_| ())).request().unwrap();
    let warehouse = Address {
        line1: Personal::from("Warehouse road".to_owned()),
        ..full.drop.clone()
    };
    ShipmentRequest {
        purpose: Purpose::Forward,
        pickup: warehouse,
        drop: full.pickup.clone(),
        ..full
    }
}

fn purchase(order: &ReturnOrder) -> ReturnPurchase<'_> {
    ReturnPurchase {
        order,
        placed_at: Timestamp::UNIX_EPOCH,
        forward: None,
        region: Region::Domestic,
        account_gstin: None,
        needs_invoice: true,
    }
}

fn wrong(purchase: &ReturnPurchase<'_>) -> String {
    let wrong = purchase.request().unwrap_err();
    let fields: Vec<_> = wrong.into_iter().map(|wrong| wrong.field).collect();
    fields.join(" ")
}

#[test]
fn every_missing_field_is_named() {
    let order = bare();
    insta::assert_snapshot!(wrong(&purchase(&order)), @"orderItems/0/name orderItems/0/price orderItems/0/finalAmountPaid currencyCode regionType returnReason shipmentDimension pickupAddress dropAddress orderDetails sellerGstin");
}

#[test]
fn every_missing_part_is_named() {
    let order = order(|order| {
        order["dropAddress"] = json!({});
        order["orderDetails"] = json!({});
    });
    insta::assert_snapshot!(wrong(&purchase(&order)), @"dropAddress/city dropAddress/country dropAddress/state dropAddress/zip dropAddress/name dropAddress/line1 dropAddress/email dropAddress/phone orderDetails/isCod orderDetails/invoiceValue orderDetails/codValue orderDetails/invoiceNumber orderDetails/invoiceTime");
}

#[test]
fn only_an_aggregator_that_asks_for_it_needs_the_invoice() {
    let order = order(|order| {
        order["sellerGstin"] = Value::Null;
        order["orderDetails"]["invoiceNumber"] = Value::Null;
        order["orderDetails"]["invoiceTime"] = Value::Null;
    });
    let asks = purchase(&order);
    assert_eq!(
        wrong(&asks),
        "orderDetails/invoiceNumber orderDetails/invoiceTime sellerGstin"
    );
    let never = ReturnPurchase {
        needs_invoice: false,
        ..asks
    };
    assert!(never.request().is_ok());
    let of_account = ReturnPurchase {
        account_gstin: Some("29ABCDE1234F1Z5"),
        ..asks
    };
    assert_eq!(
        wrong(&of_account),
        "orderDetails/invoiceNumber orderDetails/invoiceTime"
    );
}

#[test]
fn the_forward_shipment_fills_the_gaps() {
    let (mut order, forward) = (bare(), forward());
    order.return_reason = Some("size".to_owned());
    let filled = ReturnPurchase {
        forward: Some(&forward),
        account_gstin: Some("29ABCDE1234F1Z5"),
        ..purchase(&order)
    };
    let request = filled.request().unwrap();
    assert_eq!(request.pickup, forward.drop);
    assert_eq!(request.drop, forward.pickup);
    assert_eq!(request.parcel, forward.parcel);
    assert_eq!(request.lines[0].name, "jeans");
    assert_eq!(request.invoice, forward.invoice);
}

#[test]
fn what_the_return_order_says_wins() {
    let forward = forward();
    let order = order(|order| {
        order["pickupAddress"] = json!({ "line1": "2 Park Street", "phone": "8888888888" });
    });
    let filled = ReturnPurchase {
        forward: Some(&forward),
        ..purchase(&order)
    };
    let pickup = filled.request().unwrap().pickup;
    assert_eq!(pickup.line1.expose(), "2 Park Street");
    assert_eq!(pickup.phone.unwrap().expose(), "8888888888");
    assert_eq!(pickup.first_name, forward.drop.first_name);
}

#[test]
fn a_piece_is_a_line_with_its_code_and_its_wish_for_a_check_at_the_door() {
    let order = order(|_| ());
    let request = purchase(&order).request().unwrap();
    let line = &request.lines[0];
    assert_eq!(line.item_id.as_deref(), Some("i-1"));
    assert_eq!(line.quantity, 1);
    let check = line.quality_check.as_ref().unwrap();
    assert_eq!(check.brand.as_deref(), Some("B"));
    assert!(check.image_urls.is_empty());
    assert_eq!(request.parcel.weight.value(), Decimal::from(200));
    let invoice = request.invoice.unwrap();
    // It is the next day already in India.
    assert_eq!(invoice.date.unwrap().to_string(), "2026-11-21");
}

#[test]
fn cash_on_delivery_needs_its_value() {
    let order = order(|order| order["orderDetails"]["isCod"] = json!(true));
    assert_eq!(wrong(&purchase(&order)), "orderDetails/codValue");
}

#[test]
fn an_address_abroad_may_lack_what_its_country_does_not_have() {
    let order = order(|order| {
        let from = order["pickupAddress"].as_object_mut().unwrap();
        from.remove("state");
        from.remove("zip");
        from.insert("country".to_owned(), json!("UAE"));
    });
    let request = purchase(&order).request().unwrap();
    assert_eq!([&*request.pickup.state, &*request.pickup.zip], ["", ""]);
}

#[test]
fn an_indian_pincode_has_its_form() {
    let order = order(|order| order["pickupAddress"]["zip"] = json!("1234"));
    assert_eq!(wrong(&purchase(&order)), "pickupAddress/zip");
}
