//! Invalid orders: each error has the vendor's code and HTTP 200.

use serde_json::{Value, json};

use crate::clickpost::{Running, abroad, ask, forward, forward_with, returned, text};

async fn code_and_message(running: &Running, body: &Value) -> (u64, String) {
    let (http, answer) = running.create(body).await;
    assert_eq!(http, 200, "{answer}");
    assert_eq!(answer["meta"]["success"], false, "{answer}");
    assert!(answer.get("result").is_none());
    let meta = &answer["meta"];
    (meta["status"].as_u64().unwrap(), text(&meta["message"]))
}

fn path_of(pointer: &str) -> String {
    pointer.trim_start_matches('/').replace('/', ".")
}

#[tokio::test]
async fn each_field_is_checked_and_named() {
    let running = Running::start().await;
    let wrong_values = [
        ("/shipment_details/order_type", json!("CASH"), 307),
        ("/shipment_details/order_type", Value::Null, 307),
        ("/additional/priority", json!("SOON"), 308),
        ("/shipment_details/delivery_type", json!("RETURN"), 309),
        ("/shipment_details/items", Value::Null, 312),
        ("/shipment_details/items", json!([]), 312),
        ("/shipment_details/items", json!("Jeans"), 313),
        ("/shipment_details/items/1/sku", Value::Null, 313),
        ("/shipment_details/items/0/quantity", json!("1"), 313),
        ("/shipment_details/items/0/price", Value::Null, 313),
        ("/shipment_details/cod_value", json!(5), 315),
        ("/shipment_details/cod_value", Value::Null, 328),
        ("/shipment_details/courier_partner", json!("4"), 302),
        ("/shipment_details/courier_partner", json!(777), 302),
        ("/shipment_details/courier_partner", Value::Null, 302),
        ("/shipment_details/weight", json!(0.2), 314),
        ("/shipment_details/length", Value::Null, 328),
        ("/shipment_details/invoice_date", json!("27/02/2025"), 314),
        ("/shipment_details/invoice_value", json!("much"), 314),
        (
            "/shipment_details/invoice_number",
            json!("9".repeat(51)),
            314,
        ),
        ("/shipment_details/reference_number", json!("SHIP-ä"), 314),
        ("/shipment_details/reference_number", Value::Null, 328),
        ("/pickup_info/pickup_name", json!("n".repeat(101)), 314),
        ("/pickup_info/pickup_phone", json!("12345"), 314),
        ("/pickup_info/pickup_pincode", json!("5601"), 314),
        ("/pickup_info/pickup_country", json!("US"), 314),
        ("/pickup_info/pickup_time", json!("tomorrow"), 314),
        ("/pickup_info/email", Value::Null, 328),
        ("/pickup_info/tin", Value::Null, 328),
        ("/drop_info/drop_address", json!("a".repeat(501)), 314),
        ("/drop_info/drop_city", json!(" "), 328),
        ("/drop_info/drop_pincode", json!(38000), 314),
    ];
    for (pointer, wrong, code) in wrong_values {
        let mut order = forward("SHIP-1");
        order["additional"]["priority"] = json!("NORMAL");
        *order.pointer_mut(pointer).unwrap() = wrong;
        let (status, message) = code_and_message(&running, &order).await;
        assert_eq!(status, code, "{pointer}: {message}");
        let path = path_of(pointer);
        assert!(
            message.starts_with(&format!("{path} ")) && !message.contains(';'),
            "{message}"
        );
    }
    running.awb(&forward("SHIP-1")).await;
}

#[tokio::test]
async fn all_errors_with_one_code_are_named() {
    let running = Running::start().await;
    let mut order = forward("SHIP-1");
    order["drop_info"] = Value::Null;
    let (code, message) = code_and_message(&running, &order).await;
    assert_eq!(code, 328);
    for field in [
        "name", "phone", "address", "city", "state", "pincode", "country",
    ] {
        let missing = format!("drop_info.drop_{field} is missing");
        assert!(message.contains(&missing), "{message}");
    }
}

#[tokio::test]
async fn the_vendors_examples_are_accepted() {
    let running = Running::start().await;
    let mut order = forward("Ship-1");
    order["pickup_info"]["pickup_email"] = order["pickup_info"]["email"].take();
    order["pickup_info"]["pickup_country"] = json!("India");
    order["pickup_info"]["pickup_time"] = json!("2025-10-27T11:52:36+05:30");
    order["pickup_info"]["pickup_pincode"] = json!(560_102);
    order["pickup_info"]["tin"] = json!("");
    running.awb(&order).await;
}

#[tokio::test]
async fn cash_on_delivery_has_a_value() {
    let running = Running::start().await;
    let mut order = forward("SHIP-1");
    order["shipment_details"]["order_type"] = json!("COD");
    assert_eq!(code_and_message(&running, &order).await.0, 315);
    order["shipment_details"]["cod_value"] = json!(230.5);
    running.awb(&order).await;
}

#[tokio::test]
async fn a_return_needs_a_reason_and_a_courier_that_does_returns() {
    let running = Running::start().await;
    let mut order = returned("RET-1");
    order["shipment_details"]["rvp_reason"] = Value::Null;
    assert_eq!(code_and_message(&running, &order).await.0, 310);
    order["additional"]["rvp_reason"] = json!("r".repeat(501));
    assert_eq!(code_and_message(&running, &order).await.0, 310);
    order["additional"]["rvp_reason"] = json!("Too small");
    order["shipment_details"]["courier_partner"] = json!(4);
    assert_eq!(code_and_message(&running, &order).await.0, 311);
    order["shipment_details"]["courier_partner"] = json!(25);
    running.awb(&order).await;

    let mut exchange = returned("RET-2");
    exchange["shipment_details"]["order_type"] = json!("EXCHANGE");
    exchange["shipment_details"]["rvp_reason"] = Value::Null;
    running.awb(&exchange).await;
}

#[tokio::test]
async fn the_account_must_be_one_of_the_couriers() {
    let running = Running::start().await;
    for (courier, account, code) in [
        (4, json!("unknown"), 351),
        (4, json!("bluedart-air"), 351),
        (5, json!("bluedart-closed"), 353),
        (6, Value::Null, 352),
    ] {
        let mut order = forward_with(courier, "SHIP-1");
        order["shipment_details"]["account_code"] = account.clone();
        let (status, _) = code_and_message(&running, &order).await;
        assert_eq!(status, code, "{account}");
    }
    let mut order = forward_with(6, "SHIP-1");
    order["additional"]["account_code"] = json!("xpressbees-express");
    running.awb(&order).await;
}

#[tokio::test]
async fn couriers_have_their_own_requirements() {
    let running = Running::start().await;
    let mut order = forward_with(113, "SHIP-1");
    assert_eq!(code_and_message(&running, &order).await.0, 355);
    order["additional"]["vendor_code"] = json!("WH-1");
    running.awb(&order).await;
    let long = forward_with(5, "SHIP-12345678901234567");
    assert_eq!(code_and_message(&running, &long).await.0, 314);
}

#[tokio::test]
async fn an_international_order_is_checked_in_its_own_spelling() {
    let running = Running::start().await;
    let wrong_values = [
        ("/drop_info/country_code", json!("India"), 314),
        ("/drop_info/postal_code", Value::Null, 328),
        ("/pickup_info/name", Value::Null, 328),
        ("/shipment_details/currency_code", Value::Null, 328),
        (
            "/shipment_details/items/0/carta_porte/embalaje",
            json!(""),
            313,
        ),
    ];
    for (pointer, wrong, code) in wrong_values {
        let mut order = abroad("INT-1");
        if pointer.contains("carta_porte") {
            order["drop_info"]["country_code"] = json!("MX");
            for item in order["shipment_details"]["items"].as_array_mut().unwrap() {
                item["carta_porte"] = json!({
                    "bienesTransp": "1", "materialPeligroso": "No", "embalaje": "2", "claveUnidad": "3",
                });
            }
        }
        *order.pointer_mut(pointer).unwrap() = wrong;
        let (http, answer) = running.create_abroad(&order).await;
        let message = text(&answer["meta"]["message"]);
        assert_eq!(
            (http, &answer["meta"]["status"]),
            (200, &json!(code)),
            "{message}"
        );
        assert!(message.starts_with(&path_of(pointer)), "{message}");
    }
    let mut order = abroad("INT-1");
    order["shipment_details"]["currency_code"] = json!("Riyal");
    let (http, answer) = running.create_abroad(&order).await;
    assert_eq!((http, &answer["meta"]["status"]), (400, &json!(400)));
    let (_, unprefixed) = running.create(&abroad("INT-1")).await;
    assert_eq!(unprefixed["meta"]["status"], 328);
}

#[tokio::test]
async fn a_body_that_is_not_an_object_is_refused() {
    let running = Running::start().await;
    for (body, code) in [("", 328), ("no JSON", 314), ("[]", 314)] {
        let url = running.api("/v3/create-order/");
        let (http, answer) = ask(running.client.post(url).body(body)).await;
        assert_eq!((http, &answer["meta"]["status"]), (200, &json!(code)));
    }
}
