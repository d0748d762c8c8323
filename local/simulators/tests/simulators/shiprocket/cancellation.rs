//! Cancelling.

use serde_json::{Value, json};

use crate::shiprocket::{Running, text};

const CANCEL: &str = "orders/cancel";
const CANCEL_SHIPMENTS: &str = "orders/cancel/shipment/awbs";

#[tokio::test]
async fn an_order_is_cancelled_with_an_empty_answer_and_not_twice() {
    let running = Running::start().await;
    let order = running.forward_order("A-1").await;
    let body = json!({ "ids": [order.id] });
    assert_eq!(running.post(CANCEL, &body).await, (204, Value::Null));
    let (_, shown) = running.get(&format!("orders/show/{}", order.id)).await;
    assert_eq!(
        (&shown["data"]["status"], &shown["data"]["status_code"]),
        (&json!("CANCELED"), &json!(5))
    );
    let (status, answer) = running.post(CANCEL, &body).await;
    assert_eq!(status, 400);
    assert!(text(&answer["message"]).contains("already cancelled"));
}

#[tokio::test]
async fn ids_other_than_its_order_ids_cause_a_500() {
    let running = Running::start().await;
    let order = running.forward_order("A-1").await;
    for ids in [json!([order.id, order.shipment_id]), json!(["A-1"])] {
        let (status, body) = running.post(CANCEL, &json!({ "ids": ids })).await;
        assert_eq!(status, 500);
        assert_eq!(body["message"], "Trying to get property of non-object");
    }
    let (status, body) = running.post(CANCEL, &json!({ "ids": order.id })).await;
    assert_eq!(
        (status, text(&body["message"]).contains("foreach")),
        (500, true)
    );
    assert_eq!(running.post(CANCEL, &json!({})).await.0, 422);
    let (_, shown) = running.get(&format!("orders/show/{}", order.id)).await;
    assert_eq!(shown["data"]["status"], "NEW", "all or nothing");
}

#[tokio::test]
async fn a_shipment_is_cancelled_in_two_steps() {
    let running = Running::start().await;
    let awb = running.forward_awb("A-1").await;
    let body = json!({ "awbs": [awb] });
    assert_eq!(
        running.post(CANCEL_SHIPMENTS, &body).await,
        (204, Value::Null)
    );
    let (_, orders) = running.get("orders?search=A-1").await;
    assert_eq!(orders["data"][0]["status_code"], 18);
    running.advance(&awb, "CANCELLED").await;
    let (_, orders) = running.get("orders?search=A-1").await;
    assert_eq!(orders["data"][0]["status_code"], 5);
    let (status, answer) = running.post(CANCEL_SHIPMENTS, &body).await;
    assert_eq!(
        (
            status,
            text(&answer["message"]).contains("already cancelled")
        ),
        (400, true)
    );
}

#[tokio::test]
async fn a_shipment_in_transit_is_not_cancelled() {
    let running = Running::start().await;
    let forward = running.forward_awb("A-1").await;
    running.advance(&forward, "PICKED_UP").await;
    let returned = running.return_awb("R-1").await;
    running.advance(&returned, "OUT_FOR_PICKUP").await;
    for awb in [forward, returned, "123".to_owned()] {
        let body = json!({ "awbs": [awb] });
        assert_eq!(running.post(CANCEL_SHIPMENTS, &body).await.0, 400, "{awb}");
    }
}
