//! Pushing, booking and finding orders.

use serde_json::{Value, json};

use crate::shipway::{Running, booking, order, text};

#[tokio::test]
async fn an_order_without_carrier_and_warehouse_is_only_pushed() {
    let running = Running::start().await;
    let mut nulls = order("A-2");
    nulls["carrier_id"] = Value::Null;
    nulls["warehouse_id"] = Value::Null;
    for (id, request) in [("A-1", order("A-1")), ("A-2", nulls)] {
        let answer = running.post("v2orders", &request).await;
        assert_eq!(answer["success"], true);
        assert!(answer["awb_response"].is_null(), "{answer}");
        let row = running.row(id).await.unwrap();
        assert_eq!(
            (&row["status"], &row["tracking_number"]),
            (&json!("O"), &json!(""))
        );
        assert!(row["shipping_url"].is_null());
    }
}

#[tokio::test]
async fn an_order_with_carrier_and_warehouse_is_booked() {
    let running = Running::start().await;
    let answer = running.post("v2orders", &booking("A-1")).await;
    assert_eq!(answer["success"], true);
    let awb_response = &answer["awb_response"];
    let awb = text(&awb_response["AWB"]);
    assert!(awb.len() == 13 && awb.bytes().all(|byte| byte.is_ascii_digit()));
    let label = format!("{}/shipway/labels/{awb}.pdf", running.url);
    assert_eq!(
        awb_response,
        &json!({
            "success": true,
            "message": "AWB assigned",
            "AWB": awb,
            "carrier_id": "7102",
            "carrier_name": "Xpressbees",
            "shipping_url": label,
        })
    );
    let fetched = running.client.get(&label).send().await.unwrap();
    assert_eq!(fetched.headers()["content-type"], "application/pdf");
    let pdf = fetched.text().await.unwrap();
    assert!(pdf.contains("(From: Bengaluru)") && pdf.contains("(To: Ahmedabad)"));
    assert_eq!(running.simulators.calls("shipway").unwrap().len(), 1);
    let unknown = running.client.get(label.replace(&awb, "1")).send().await;
    assert_eq!(unknown.unwrap().status(), 404);
}

#[tokio::test]
async fn an_empty_carrier_lets_shipway_choose() {
    let running = Running::start().await;
    let mut request = booking("A-1");
    request["carrier_id"] = json!("");
    let answer = running.post("v2orders", &request).await;
    assert_eq!(answer["awb_response"]["carrier_id"], "7101");
}

#[tokio::test]
async fn numbers_are_taken_as_text_and_as_numbers() {
    let running = Running::start().await;
    let mut request = booking("A-1");
    for (field, number) in [
        ("carrier_id", 7102),
        ("warehouse_id", 6201),
        ("order_weight", 200),
    ] {
        request[field] = json!(number);
    }
    request["shipping_phone"] = json!(9_000_000_003_u64);
    let answer = running.post("v2orders", &request).await;
    assert_eq!(answer["awb_response"]["success"], true, "{answer}");
}

#[tokio::test]
async fn an_order_stays_pushed_when_its_booking_fails() {
    for (field, value, words) in [
        ("carrier_id", "7109", "wallet"),
        ("carrier_id", "2", "Carrier 2"),
        ("shipping_zipcode", "000000", "pincode"),
    ] {
        let running = Running::start().await;
        let mut request = booking("A-1");
        request[field] = json!(value);
        let answer = running.post("v2orders", &request).await;
        assert_eq!(answer["success"], true);
        let awb_response = &answer["awb_response"];
        assert_eq!(awb_response["success"], false);
        assert!(text(&awb_response["error"][0]).contains(words), "{answer}");
        assert!(awb_response["AWB"].is_null());
        let row = running.row("A-1").await.unwrap();
        assert_eq!(row["tracking_number"], "");

        let answer = running.post("v2orders", &booking("A-1")).await;
        assert_eq!(
            answer["awb_response"]["success"], true,
            "it can be booked yet"
        );
    }
}

#[tokio::test]
async fn pushing_an_order_again_replaces_it_until_it_is_booked() {
    let running = Running::start().await;
    running.post("v2orders", &order("A-1")).await;
    let number = running.row("A-1").await.unwrap()["ezyslip_order_id"].clone();
    let mut request = booking("A-1");
    request["order_total"] = json!("199");
    let awb = text(&running.post("v2orders", &request).await["awb_response"]["AWB"]);
    let row = running.row("A-1").await.unwrap();
    assert_eq!(
        (&row["order_total"], &row["ezyslip_order_id"]),
        (&json!("199"), &number)
    );

    for again in [order("A-1"), booking("A-1")] {
        let answer = running.post("v2orders", &again).await;
        assert_eq!(answer["success"], false);
        assert!(text(&answer["message"]).contains(&awb), "{answer}");
        assert!(answer["awb_response"].is_null());
    }
    assert_eq!(running.row("A-1").await.unwrap(), row);
}

#[tokio::test]
async fn errors_of_an_order_are_named() {
    let running = Running::start().await;
    for (field, wrong) in [
        ("order_id", json!(" ")),
        ("products", json!([])),
        ("payment_type", json!("COD")),
        ("billing_phone", Value::Null),
        ("billing_country", Value::Null),
        ("billing_zipcode", Value::Null),
        ("shipping_phone", json!("+919000000003")),
        ("shipping_country", Value::Null),
        ("shipping_zipcode", Value::Null),
        ("order_weight", json!("0.2 kg")),
        ("box_length", json!(-1)),
        ("order_date", json!("2026-03-16T12:31:02Z")),
    ] {
        let mut request = booking("A-1");
        request[field] = wrong;
        let answer = running.post("v2orders", &request).await;
        assert_eq!(answer["success"], false, "{field}");
        assert!(text(&answer["message"]).contains(field), "{answer}");
    }
    for field in ["product", "price"] {
        let mut request = booking("A-1");
        request["products"][1][field] = Value::Null;
        let answer = running.post("v2orders", &request).await;
        assert!(text(&answer["message"]).contains(field), "{answer}");
    }
    assert_eq!(running.row("A-1").await, None);
}

#[tokio::test]
async fn a_booked_order_is_found_with_its_shipment() {
    let running = Running::start().await;
    let awb = running.booked("A-1").await;
    running.booked("A-2").await;
    let row = running.row("A-1").await.unwrap();
    for (field, value) in [
        ("order_id", "A-1"),
        ("tracking_number", &awb),
        ("carrier_id", "7102"),
        ("name", "Xpressbees"),
        ("carrier_title", "Xpressbees Surface"),
        ("status", "A"),
        ("shipment_status", "NFI"),
        ("shipment_status_name", "Status Pending"),
        ("order_date", "2026-03-16 12:31:02"),
        ("order_total", "230"),
        ("s_city", "Ahmedabad"),
        ("s_zipcode", "380001"),
        ("b_firstname", "Noor"),
        ("weight", "200"),
    ] {
        assert_eq!(row[field], value, "{field}");
    }
    let label = format!("{}/shipway/labels/{awb}.pdf", running.url);
    assert_eq!(row["shipping_url"], label);
    let by_awb = running.get(&format!("getorders?awb_number={awb}")).await;
    assert_eq!(
        by_awb,
        json!({ "success": 1, "error": "", "message": [row] })
    );
}

#[tokio::test]
async fn the_list_of_orders_may_lack_the_label() {
    let running = Running::start().await;
    let mut request = booking("A-1");
    request["carrier_id"] = json!("7108");
    let answer = running.post("v2orders", &request).await;
    assert!(answer["awb_response"]["shipping_url"].is_string());
    let row = running.row("A-1").await.unwrap();
    assert_eq!(row["tracking_number"], answer["awb_response"]["AWB"]);
    assert!(row.get("shipping_url").is_none());
}

#[tokio::test]
async fn finding_no_order_is_a_success_with_a_text() {
    let running = Running::start().await;
    running.booked("A-1").await;
    let none = json!({ "success": 1, "error": "", "message": "No orders found" });
    for asked in [
        "orderid=A-9",
        "awb_number=1",
        "status=E",
        "shipment_status=DEL",
        "date_from=2026-03-17",
        "date_to=2026-03-15",
        "page=2",
    ] {
        assert_eq!(
            running.get(&format!("getorders?{asked}")).await,
            none,
            "{asked}"
        );
    }
    let found = running
        .get("getorders?status=A&date_from=2026-03-16&date_to=2026-03-16&page=1")
        .await;
    assert_eq!(found["message"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_page_has_a_hundred_orders_newest_first() {
    let running = Running::start().await;
    for number in 0..=100 {
        running
            .post("v2orders", &order(&format!("A-{number}")))
            .await;
    }
    let first = running.get("getorders").await;
    assert_eq!(first["message"].as_array().unwrap().len(), 100);
    assert_eq!(first["message"][0]["order_id"], "A-100");
    let second = running.get("getorders?page=2").await;
    assert_eq!(second["message"].as_array().unwrap().len(), 1);
    assert_eq!(second["message"][0]["order_id"], "A-0");
}

#[tokio::test]
async fn each_run_has_different_awbs() {
    let (first, second) = (Running::start().await, Running::start().await);
    assert_ne!(first.booked("A-1").await, second.booked("A-1").await);
}
