//! The international namespace.

use serde_json::{Value, json};

use crate::shiprocket::{Order, Running, awb_of, forward, text};

const CREATE: &str = "international/orders/create/adhoc";
const ASSIGN: &str = "international/courier/assign/awb";
const SERVICEABILITY: &str = "international/courier/serviceability";

/// A valid order from abroad.
fn abroad(order_id: &str) -> Value {
    let mut order = forward(order_id);
    let address = [
        ("customer_name", "Mia"),
        ("address", "3 Example Street"),
        ("city", "Berlin"),
        ("state", "Berlin"),
        ("country", "Germany"),
        ("pincode", "10115"),
        ("phone", "3000000"),
    ];
    for (field, value) in address {
        order[format!("billing_{field}")] = json!(value);
        order[format!("shipping_{field}")] = json!(value);
    }
    for item in order["order_items"].as_array_mut().unwrap() {
        item["hsn"] = json!("62034200");
    }
    order["shipping_is_billing"] = json!(false);
    order["isd_code"] = json!("+49");
    order["currency"] = json!("EUR");
    order["reasonOfExport"] = json!(2);
    order["Terms_Of_Invoice"] = json!("FOB");
    order["igstPaymentStatus"] = json!("A");
    order
}

async fn assign(running: &Running, path: &str, order: &Order) -> (u16, Value) {
    let body = json!({ "shipment_id": order.shipment_id, "courier_id": 302 });
    running.post(path, &body).await
}

#[tokio::test]
async fn a_shipment_goes_abroad_and_its_label_is_made_as_at_home() {
    let running = Running::start().await;
    let order = running.make(CREATE, &abroad("X-1")).await;
    assert_eq!(assign(&running, "courier/assign/awb", &order).await.0, 400);
    awb_of(&assign(&running, ASSIGN, &order).await.1);
    assert_eq!(running.label(&order).await.1["label_created"], 1);
    let (_, shown) = running.get(&format!("orders/show/{}", order.id)).await;
    assert_eq!(shown["data"]["is_international"], 1);
    assert_eq!(shown["data"]["currency"], "EUR");
}

#[tokio::test]
async fn a_lost_address_is_reported_at_the_awb_with_the_wrong_field_names() {
    let running = Running::start().await;
    let mut no_dialling_code = abroad("X-1");
    no_dialling_code["isd_code"] = Value::Null;
    let mut by_the_flag = abroad("X-2");
    by_the_flag["shipping_is_billing"] = json!(true);
    by_the_flag["shipping_pincode"] = Value::Null;
    for order in [no_dialling_code, by_the_flag] {
        let order = running.make(CREATE, &order).await;
        let (status, body) = assign(&running, ASSIGN, &order).await;
        assert_eq!(status, 400);
        assert!(text(&body["message"]).contains("Delivery pincode is empty"));
    }
}

#[tokio::test]
async fn international_orders_have_their_own_requirements() {
    let running = Running::start().await;
    let wrong_values = [
        ("/order_items/0/hsn", json!("620342"), "order_items.0.hsn"),
        ("/order_items/0/hsn", Value::Null, "order_items.0.hsn"),
        ("/billing_country", json!("DE"), "billing_country"),
        ("/shipping_country", json!("DEU"), "shipping_country"),
        ("/currency", Value::Null, "currency"),
        ("/payment_method", json!("COD"), "payment_method"),
        ("/reasonOfExport", json!(4), "reasonOfExport"),
        ("/Terms_Of_Invoice", json!("EXW"), "Terms_Of_Invoice"),
        ("/igstPaymentStatus", json!("D"), "igstPaymentStatus"),
    ];
    for (pointer, wrong, field) in wrong_values {
        let mut order = abroad("X-1");
        *order.pointer_mut(pointer).unwrap() = wrong;
        let (status, body) = running.post(CREATE, &order).await;
        assert_eq!(status, 422, "{pointer}");
        let errors = body["errors"].as_object().unwrap();
        assert_eq!(errors.keys().collect::<Vec<_>>(), [field], "{body}");
    }
}

#[tokio::test]
async fn couriers_abroad_are_found_by_country_or_by_order() {
    let running = Running::start().await;
    let order = running.make(CREATE, &abroad("X-1")).await;
    let by_country =
        format!("{SERVICEABILITY}?pickup_postcode=560048&delivery_country=DE&weight=1&cod=0");
    for question in [
        by_country.clone(),
        format!("{SERVICEABILITY}?order_id={}", order.id),
    ] {
        let (status, body) = running.get(&question).await;
        assert_eq!((status, &body["status"]), (200, &json!(200)));
        assert_eq!(body["data"]["recommended_courier_company_id"], 302);
        let first = &body["data"]["available_courier_companies"][0];
        assert!(first["rate"]["rate"].is_number(), "{first}");
        assert_eq!(first["estimated_delivery_days"], "8 - 12");
    }
    for nowhere in [
        by_country.replace("=DE", "=AQ"),
        by_country.replace("cod=0", "cod=1"),
    ] {
        assert_eq!(running.get(&nowhere).await.1["status"], 404);
    }
    for wrong in [
        by_country.replace("=DE", "=Germany"),
        by_country.replace("weight=1", ""),
    ] {
        assert_eq!(running.get(&wrong).await.0, 400);
    }
}
