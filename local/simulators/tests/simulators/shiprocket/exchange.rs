//! Exchanges: one call creates two orders, each with its own ids.

use serde_json::{Value, json};

use crate::shiprocket::{Order, Running, awb_of, forward, returned, text};

const EXCHANGE: &str = "orders/create/exchange";

/// A valid exchange.
fn exchange(forward_id: &str, return_id: &str) -> Value {
    let mut body = json!({
        "exchange_order_id": forward_id,
        "return_order_id": return_id,
        "seller_pickup_location_id": "5210417",
        "seller_shipping_location_id": "5210418",
        "order_date": "2025-03-16",
        "payment_method": "prepaid",
        "order_items": [{
            "name": "Jeans", "sku": "jeans-1", "units": 1, "selling_price": 100, "hsn": "62034200",
            "exchange_item_name": "Jeans XL", "exchange_item_sku": "jeans-xl",
        }],
        "sub_total": 100,
        "return_reason": "28",
    });
    for (field, value) in [
        ("first_name", "Noor"),
        ("address", "1 Example Street"),
        ("city", "Ahmedabad"),
        ("state", "Gujarat"),
        ("country", "India"),
        ("pincode", "380015"),
        ("phone", "9000000002"),
    ] {
        body[format!("buyer_shipping_{field}")] = json!(value);
        body[format!("buyer_pickup_{field}")] = json!(value);
    }
    for (field, value) in [
        ("length", 11.0),
        ("breadth", 11.0),
        ("height", 11.0),
        ("weight", 0.5),
    ] {
        body[format!("return_{field}")] = json!(value);
        body[format!("exchange_{field}")] = json!(value);
    }
    body
}

fn order(of: &Value) -> Order {
    Order {
        id: of["order_id"].as_u64().unwrap(),
        shipment_id: of["shipment_id"].as_u64().unwrap(),
    }
}

#[tokio::test]
async fn one_call_creates_a_forward_order_and_a_return() {
    let running = Running::start().await;
    let (status, body) = running.post(EXCHANGE, &exchange("EX-1", "R-1")).await;
    assert_eq!((status, &body["success"]), (200, &json!(true)), "{body}");
    let (sent, back) = (
        &body["data"]["forward_orders"],
        &body["data"]["return_orders"],
    );
    assert_eq!(
        (&sent["channel_order_id"], &sent["status_code"]),
        (&json!("EX-1"), &json!(1))
    );
    assert_eq!(
        (&back["channel_order_id"], &back["status_code"]),
        (&json!("R-1"), &json!(21))
    );
    assert_eq!(
        (&sent["awb_code"], &back["awb_code"]),
        (&json!(""), &json!(""))
    );
    assert_ne!(sent["order_id"], back["order_id"]);
    assert_eq!(running.count_orders().await, 2);

    let sent = order(sent);
    let shown = running.get(&format!("orders/show/{}", sent.id)).await.1;
    assert_eq!(shown["data"]["channel_order_id"], "EX-1");
    awb_of(&running.assign(&sent, 43).await.1);
    assert_eq!(running.label(&sent).await.1["label_created"], 1);
    let assigned = json!({ "shipment_id": order(back).shipment_id, "is_return": 1 });
    awb_of(&running.post("courier/assign/awb", &assigned).await.1);
}

#[tokio::test]
async fn a_known_id_of_either_order_creates_neither() {
    let running = Running::start().await;
    running.make("orders/create/adhoc", &forward("EX-1")).await;
    running.make("orders/create/return", &returned("R-1")).await;
    for (ids, field) in [
        (("EX-1", "R-2"), "exchange_order_id"),
        (("EX-2", "R-1"), "return_order_id"),
    ] {
        let (status, body) = running.post(EXCHANGE, &exchange(ids.0, ids.1)).await;
        assert_eq!(status, 422);
        let message = text(&body["errors"][field][0]);
        assert!(message.ends_with("has already been taken."), "{message}");
    }
    assert_eq!(running.count_orders().await, 2);
}

#[tokio::test]
async fn each_mandatory_field_of_an_exchange_is_required_and_named() {
    let running = Running::start().await;
    for (field, wrong) in [
        ("exchange_order_id", json!("x".repeat(51))),
        ("return_order_id", Value::Null),
        ("seller_pickup_location_id", json!("7")),
        ("seller_shipping_location_id", json!("")),
        ("order_date", json!("16/03/2025")),
        ("payment_method", json!("COD")),
        ("buyer_shipping_first_name", json!("")),
        ("buyer_pickup_phone", Value::Null),
        ("order_items", json!([])),
        ("sub_total", json!("much")),
        ("return_length", json!(0.5)),
        ("exchange_weight", json!(0)),
        ("return_reason", json!("45")),
        ("return_reason", json!("Size not as expected")),
    ] {
        let mut body = exchange("EX-1", "R-1");
        body[field] = wrong;
        let (status, body) = running.post(EXCHANGE, &body).await;
        assert_eq!(status, 422, "{field}");
        let errors = body["errors"].as_object().unwrap();
        assert_eq!(errors.keys().collect::<Vec<_>>(), [field], "{body}");
    }
    for field in [
        "name",
        "sku",
        "hsn",
        "exchange_item_name",
        "exchange_item_sku",
    ] {
        let mut body = exchange("EX-1", "R-1");
        body["order_items"][0][field] = Value::Null;
        let (_, body) = running.post(EXCHANGE, &body).await;
        assert!(
            body["errors"][format!("order_items.0.{field}")].is_array(),
            "{body}"
        );
    }
    assert_eq!(running.count_orders().await, 0);
}

#[tokio::test]
async fn an_exchange_may_be_refused_or_lose_its_response() {
    let running = Running::start().await;
    let body = exchange("EX-1", "R-1");
    running.befall("createExchange", "refuse", Some("no")).await;
    let (status, answer) = running.post(EXCHANGE, &body).await;
    assert_eq!(
        (status, &answer["errors"]["exchange_order_id"]),
        (422, &json!(["no"]))
    );
    assert_eq!(running.count_orders().await, 0);

    running.befall("createExchange", "garbage", None).await;
    let asked = running.request(reqwest::Method::POST, EXCHANGE).json(&body);
    asked.send().await.unwrap();
    assert_eq!(running.count_orders().await, 2, "it took effect");
}
