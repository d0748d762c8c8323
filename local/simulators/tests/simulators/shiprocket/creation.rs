//! Creating orders, and their requirements.

use serde_json::{Value, json};

use crate::shiprocket::{Running, forward, returned, text};

const FORWARD: &str = "orders/create/adhoc";
const RETURN: &str = "orders/create/return";

#[tokio::test]
async fn an_order_is_created_with_its_own_ids() {
    let running = Running::start().await;
    let (status, body) = running.post(FORWARD, &forward("A-1")).await;
    assert_eq!(status, 200, "{body}");
    assert!(body["order_id"].is_u64() && body["shipment_id"].is_u64());
    assert_ne!(body["order_id"], body["shipment_id"]);
    assert_eq!(
        (&body["status"], &body["status_code"], &body["awb_code"]),
        (&json!("NEW"), &json!(1), &Value::Null)
    );
    assert_eq!(body["onboarding_completed_now"], 0);
    assert_eq!(body.as_object().unwrap().len(), 8);
}

#[tokio::test]
async fn a_known_order_id_is_answered_with_the_old_order() {
    let running = Running::start().await;
    let old = running.forward_order("A-1").await;
    running.assign(&old, 43).await;
    let mut other = forward("A-1");
    other["sub_total"] = json!(999);
    let (status, body) = running.post(FORWARD, &other).await;
    assert_eq!(status, 200);
    assert_eq!(body["order_id"], old.id);
    assert_eq!(
        (&body["status_code"], &body["courier_company_id"]),
        (&json!(3), &json!(43))
    );
    assert!(body["awb_code"].is_string());
    assert_eq!(running.count_orders().await, 1);
}

#[tokio::test]
async fn a_cancelled_order_keeps_its_order_id() {
    let running = Running::start().await;
    let old = running.forward_order("A-1").await;
    running
        .post("orders/cancel", &json!({ "ids": [old.id] }))
        .await;
    let (status, body) = running.post(FORWARD, &forward("A-1")).await;
    assert_eq!((status, &body["order_id"]), (200, &json!(old.id)));
    assert_eq!(
        (&body["status"], &body["status_code"]),
        (&json!("CANCELED"), &json!(5))
    );
    assert_eq!(running.count_orders().await, 1);
}

#[tokio::test]
async fn an_unknown_pickup_location_is_200_and_no_order() {
    let running = Running::start().await;
    let mut order = forward("A-1");
    order["pickup_location"] = json!("primary");
    let (status, body) = running.post(FORWARD, &order).await;
    assert_eq!((status, &body["order_id"]), (200, &Value::Null));
    assert!(text(&body["message"]).starts_with("Wrong Pickup location entered"));
    assert_eq!(running.count_orders().await, 0);
    order["pickup_location"] = json!("Annex");
    assert!(running.post(FORWARD, &order).await.1["order_id"].is_u64());
}

#[tokio::test]
async fn each_mandatory_field_is_required_and_named() {
    let running = Running::start().await;
    let wrong_values = [
        ("order_id", json!("x".repeat(51))),
        ("order_id", Value::Null),
        ("order_date", json!("16/03/2025")),
        ("pickup_location", json!("p".repeat(37))),
        ("billing_customer_name", json!("")),
        ("billing_city", json!("c".repeat(31))),
        ("billing_state", json!(" ")),
        ("billing_pincode", json!({})),
        ("billing_email", Value::Null),
        ("shipping_is_billing", Value::Null),
        ("order_items", json!([])),
        ("payment_method", json!("CASH")),
        ("sub_total", json!("much")),
        ("length", json!(0.5)),
        ("height", Value::Null),
        ("weight", json!(0)),
        ("order_type", json!("LUXURY")),
    ];
    for (field, wrong) in wrong_values {
        let mut order = forward("A-1");
        order[field] = wrong;
        let (status, body) = running.post(FORWARD, &order).await;
        assert_eq!(
            (status, &body["status_code"]),
            (422, &json!(422)),
            "{field}"
        );
        let errors = body["errors"].as_object().unwrap();
        assert_eq!(errors.keys().collect::<Vec<_>>(), [field], "{body}");
    }
    assert_eq!(running.post(FORWARD, &json!("no JSON")).await.0, 422);
    assert_eq!(running.count_orders().await, 0);
}

#[tokio::test]
async fn each_line_is_read_and_no_sku_may_be_repeated() {
    let running = Running::start().await;
    for field in ["name", "sku", "units", "selling_price"] {
        let mut order = forward("A-1");
        order["order_items"][1][field] = Value::Null;
        let (status, body) = running.post(FORWARD, &order).await;
        assert_eq!(status, 422);
        assert!(
            body["errors"][format!("order_items.1.{field}")].is_array(),
            "{body}"
        );
    }
    let mut order = forward("A-1");
    order["order_items"][0]["units"] = json!(1.5);
    let (status, body) = running.post(FORWARD, &order).await;
    assert_eq!(status, 422);
    assert!(body["errors"]["order_items.0.units"].is_array(), "{body}");
    let mut order = forward("A-1");
    order["order_items"][1]["sku"] = json!("jeans-1");
    let (status, body) = running.post(FORWARD, &order).await;
    assert_eq!(status, 422);
    assert_eq!(
        body["errors"]["order_items"],
        json!(["SKU cannot be repeated"])
    );
}

#[tokio::test]
async fn a_delivery_address_is_required_if_the_flag_says_so() {
    let running = Running::start().await;
    let mut order = forward("A-1");
    order["shipping_is_billing"] = json!(0);
    let (status, body) = running.post(FORWARD, &order).await;
    assert_eq!(status, 422);
    assert_eq!(body["errors"].as_object().unwrap().len(), 7, "{body}");
    assert_eq!(body["errors"]["shipping_email"], Value::Null);
}

#[tokio::test]
async fn an_unknown_channel_is_400() {
    let running = Running::start().await;
    let mut order = forward("A-1");
    order["channel_id"] = json!(1);
    assert_eq!(running.post(FORWARD, &order).await.0, 400);
    order["channel_id"] = json!("4917302");
    assert_eq!(running.post(FORWARD, &order).await.0, 200);
}

#[tokio::test]
async fn a_return_is_made_once() {
    let running = Running::start().await;
    let (status, body) = running.post(RETURN, &returned("R-1")).await;
    assert_eq!(status, 200, "{body}");
    assert_eq!(
        (&body["status"], &body["status_code"]),
        (&json!("RETURN PENDING"), &json!(21))
    );
    assert_eq!(body.as_object().unwrap().len(), 5);

    let (status, body) = running.post(RETURN, &returned("R-1")).await;
    assert_eq!(status, 422);
    assert!(text(&body["errors"]["order_id"][0]).contains("already been taken"));
    let forward = running.post(FORWARD, &forward("R-1")).await;
    assert_eq!(
        forward.1["status"], "NEW",
        "the directions do not know each other's ids"
    );
}

#[tokio::test]
async fn a_return_names_both_ends_and_is_prepaid() {
    let running = Running::start().await;
    for field in [
        "pickup_email",
        "pickup_state",
        "shipping_phone",
        "shipping_pincode",
    ] {
        let mut order = returned("R-1");
        order[field] = json!("");
        let (status, body) = running.post(RETURN, &order).await;
        assert_eq!(status, 422);
        assert!(body["errors"][field].is_array(), "{body}");
    }
    let mut order = returned("R-1");
    order["payment_method"] = json!("COD");
    assert_eq!(running.post(RETURN, &order).await.0, 422);
}

#[tokio::test]
async fn a_quality_check_needs_a_picture_and_one_sku() {
    let running = Running::start().await;
    let mut order = returned("R-1");
    order["order_items"][0]["qc_enable"] = json!(true);
    let (status, body) = running.post(RETURN, &order).await;
    assert_eq!(status, 422);
    assert!(body["errors"]["order_items.0.qc_product_name"].is_array());
    assert!(body["errors"]["order_items.0.qc_product_image"].is_array());

    order["order_items"][0]["qc_product_name"] = json!("Jeans");
    order["order_items"][0]["qc_product_image"] = json!("https://img.example/jeans.jpg");
    let second = json!({ "name": "Shirt", "sku": "shirt-2", "units": 1, "selling_price": 65 });
    let mut two = order.clone();
    two["order_items"].as_array_mut().unwrap().push(second);
    let (status, body) = running.post(RETURN, &two).await;
    assert_eq!(
        (status, body["errors"]["order_items"].is_array()),
        (422, true)
    );
    order["order_items"][0]["qc_brand_tag"] = json!(2);
    assert_eq!(running.post(RETURN, &order).await.0, 422);
    order["order_items"][0]["qc_brand_tag"] = json!(1);
    assert_eq!(running.post(RETURN, &order).await.0, 200);
}
