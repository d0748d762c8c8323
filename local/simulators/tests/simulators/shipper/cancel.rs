//! Cancellations.

use serde_json::{Value, json};

use crate::shipper::{Running, invalid, order};

fn reason() -> Value {
    json!({ "reason": "Stok habis" })
}

#[tokio::test]
async fn an_order_is_cancelled_once() {
    let running = Running::start().await;
    let id = running.created(&order("SO-1")).await;
    let (status, answer) = running.cancel(&id, &reason()).await;
    assert_eq!((status, &answer["data"]), (200, &Value::Null));
    assert_eq!(answer["metadata"]["path"], format!("/v3/order/{id}"));
    let detail = running.detail(&id).await;
    assert_eq!(detail["shipment_status"]["code"], 999);
    assert_eq!(detail["shipment_status"]["reason"], "Stok habis");
    let told = invalid(&running.cancel(&id, &reason()).await);
    assert!(told.contains("cancelled already"), "{told}");
    assert!(running.pushed().is_empty(), "nothing is pushed by itself");
}

#[tokio::test]
async fn an_order_without_a_parcel_at_the_courier_can_be_cancelled_with_an_awb() {
    let running = Running::start().await;
    let id = running.created(&order("SO-1")).await;
    let to = |to: &str| json!({ "externalId": "SO-1", "to": to });
    running.advance(to("1020")).await;
    assert_eq!(running.cancel(&id, &reason()).await.0, 200);

    let id = running.created(&order("SO-1")).await;
    running.advance(to("PICKED_UP")).await;
    let told = invalid(&running.cancel(&id, &reason()).await);
    assert!(told.contains("the courier has the parcel"), "{told}");
    assert_eq!(running.detail(&id).await["shipment_status"]["code"], 1040);
}

#[tokio::test]
async fn a_reason_and_a_known_order_are_required() {
    let running = Running::start().await;
    let id = running.created(&order("SO-1")).await;
    for body in [json!({}), json!({ "reason": "" }), json!({ "reason": 1 })] {
        let told = invalid(&running.cancel(&id, &body).await);
        assert!(told.contains("reason"), "{told}");
    }
    assert_eq!(running.cancel("26UNKNOWN0001", &reason()).await.0, 404);
    assert_eq!(running.detail(&id).await["shipment_status"]["code"], 1000);
}

#[tokio::test]
async fn an_order_that_shipper_cancelled_is_cancelled_already() {
    let running = Running::start().await;
    let id = running.created(&order("SO-1")).await;
    running
        .advance(json!({ "externalId": "SO-1", "to": "CANCELLED" }))
        .await;
    let told = invalid(&running.cancel(&id, &reason()).await);
    assert!(told.contains("cancelled already"), "{told}");
}

#[tokio::test]
async fn a_cancelled_order_without_an_awb_is_pushed_without_one() {
    let running = Running::start().await;
    let id = running.created(&order("SO-1")).await;
    running.cancel(&id, &reason()).await;
    let (status, answer) = running
        .advance(json!({ "externalId": "SO-1", "to": "CANCELLED" }))
        .await;
    assert_eq!(status, 200, "{answer}");
    assert_eq!(answer["awb"], "");
    let pushed = running.pushed();
    assert_eq!(pushed.len(), 1);
    assert_eq!(pushed[0]["internal_status"]["code"], 999);
    assert_eq!(pushed[0]["external_status"]["code"], 999);
    assert_eq!(pushed[0].get("awb"), None);
    let trackings = running.detail(&id).await["trackings"].clone();
    assert_eq!(trackings.as_array().unwrap().len(), 2, "cancelled once");
}
