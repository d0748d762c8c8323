//! Hold, manifest and cancel.

use serde_json::{Value, json};

use crate::shipway::{Running, order, returned, text};

#[tokio::test]
async fn new_and_held_orders_are_cancelled_and_no_others() {
    let running = Running::start().await;
    for order_id in ["new", "held"] {
        running.post("v2orders", &order(order_id)).await;
    }
    running.booked("booked").await;
    running
        .post("Onholdorders", &json!({ "order_ids": ["held"] }))
        .await;
    assert_eq!(running.row("held").await.unwrap()["shipment_status"], "ONH");

    let ids = json!({ "order_ids": ["new", "held", "booked", "unknown"] });
    let answer = running.post("Cancelorders/", &ids).await;
    let told = answer.as_array().unwrap();
    let flags: Vec<_> = told
        .iter()
        .map(|each| (text(&each["order_id"]), each["success"] == true))
        .collect();
    let expected = [
        ("new", true),
        ("held", true),
        ("booked", false),
        ("unknown", false),
    ];
    assert_eq!(flags, expected.map(|(id, done)| (id.to_owned(), done)));
    assert!(
        told.iter()
            .all(|each| each["error"] != each["success"] && each["message"].is_string())
    );
    assert_eq!(running.row("new").await.unwrap()["shipment_status"], "CAN");
    assert_eq!(running.row("booked").await.unwrap()["status"], "A");
}

#[tokio::test]
async fn only_new_orders_are_held() {
    let running = Running::start().await;
    running.post("v2orders", &order("A-1")).await;
    running.booked("A-2").await;
    let ids = json!({ "order_ids": ["A-1", "A-2"] });
    let answer = running.post("Onholdorders", &ids).await;
    assert_eq!(
        (&answer[0]["success"], &answer[1]["success"]),
        (&json!(true), &json!(false))
    );
}

#[tokio::test]
async fn shipments_are_cancelled_until_the_carrier_has_them() {
    let running = Running::start().await;
    let (near, far) = (running.booked("near").await, running.booked("far").await);
    running
        .advance(json!({ "awb": far, "to": "IN_TRANSIT" }))
        .await;
    let awbs = json!({ "awb_number": [near, far, "1", "2"] });
    let answer = running.post("Cancel/", &awbs).await;
    assert_eq!(
        answer,
        json!({
            "error": false,
            "success": true,
            "message": "1 of 4 shipments cancelled",
            "invalid_tracking_numbers": "1,2",
            "shipment_success_tracking_numbers": near,
            "shipment_failed_tracking_numbers": far,
        })
    );
    let again = running
        .post("Cancel", &json!({ "awb_number": [near] }))
        .await;
    assert_eq!(
        (&again["error"], &again["success"]),
        (&json!(true), &json!(false))
    );
    assert_eq!(again["shipment_failed_tracking_numbers"], near);
}

#[tokio::test]
async fn the_order_of_a_cancelled_shipment_is_new_again() {
    let running = Running::start().await;
    let awb = running.booked("A-1").await;
    running
        .post("Cancel", &json!({ "awb_number": [awb] }))
        .await;
    let row = running.row("A-1").await.unwrap();
    assert_eq!(
        (&row["status"], &row["tracking_number"]),
        (&json!("O"), &json!(""))
    );
    let tracked = running.get(&format!("tracking?awb_numbers={awb}")).await;
    assert_eq!(tracked[0]["tracking_details"]["shipment_status"], "CAN");
    assert_ne!(running.booked("A-1").await, awb);
}

#[tokio::test]
async fn a_return_is_cancelled_by_its_awb() {
    let running = Running::start().await;
    let answer = running.post("Createreturns", &returned("R-1")).await;
    let awb = text(&answer["awb_response"]["AWB"]);
    let answer = running
        .post("Cancel", &json!({ "awb_number": [awb] }))
        .await;
    assert_eq!(answer["success"], true);
    let tracked = running.get(&format!("tracking?awb_numbers={awb}")).await;
    assert_eq!(tracked[0]["tracking_details"]["shipment_status"], "RCAN");
}

#[tokio::test]
async fn booked_orders_are_manifested() {
    let running = Running::start().await;
    running.booked("A-1").await;
    let ids = json!({ "order_ids": ["A-1", "A-9"] });
    let answer = running.post("Createmanifest", &ids).await;
    assert_eq!(answer["status"], true);
    assert!(answer["manifest ids"].is_string());
    assert_eq!(answer["order ids"], json!(["A-1"]));
    assert_eq!(answer["error_response"], json!(["A-9"]));
    assert_eq!(running.row("A-1").await.unwrap()["status"], "E");

    let none = running
        .post("Createmanifest", &json!({ "order_ids": ["A-9"] }))
        .await;
    assert_eq!(
        (&none["error"], &none["success"]),
        (&json!(true), &json!(false))
    );
}

#[tokio::test]
async fn a_request_without_an_order_or_shipment_is_refused() {
    let running = Running::start().await;
    for (route, field) in [
        ("Cancelorders", "order_ids"),
        ("Onholdorders", "order_ids"),
        ("Createmanifest", "order_ids"),
        ("Cancel", "awb_number"),
    ] {
        for wrong in [Value::Null, json!([]), json!("A-1"), json!([{}])] {
            let answer = running.post(route, &json!({ field: wrong })).await;
            assert_eq!(answer["success"], false, "{route}");
            assert!(text(&answer["message"]).contains(field), "{answer}");
        }
    }
}
