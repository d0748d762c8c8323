//! Queued orders: repeated until they are created or refused.

use serde_json::{Value, json};

use crate::clickpost::{Running, forward, forward_with, returned, text};

#[tokio::test]
async fn a_queued_order_is_done_with_the_second_repeat() {
    let running = Running::start().await;
    let mut order = forward("SHIP-1");
    order["additional"]["async"] = json!(true);

    let (http, queued) = running.create(&order).await;
    assert_eq!((http, &queued["meta"]["status"]), (200, &json!(202)));
    assert_eq!(queued["meta"]["success"], true);
    assert!(queued["order_id"].is_u64());
    assert_eq!(queued["result"]["waybill"], Value::Null);
    assert_eq!(queued["result"]["label"], Value::Null);

    let (http, waiting) = running.create(&order).await;
    assert_eq!((http, &waiting["meta"]["status"]), (200, &json!(102)));
    assert_eq!(waiting["meta"]["success"], false);
    assert_eq!(waiting["result"]["waybill"], Value::Null);

    let (_, done) = running.create(&order).await;
    assert_eq!(done["meta"]["status"], 200);
    assert_eq!(done["order_id"], queued["order_id"]);
    assert!(done["result"]["waybill"].is_string() && done["result"]["label"].is_string());

    let (_, again) = running.create(&order).await;
    assert_eq!(again["meta"]["status"], 323);
    assert_eq!(again["result"]["waybill"], done["result"]["waybill"]);
}

#[tokio::test]
async fn a_courier_without_a_synchronous_api_always_queues() {
    let running = Running::start().await;
    let mut back = returned("RET-1");
    back["shipment_details"]["courier_partner"] = json!(55);
    for order in [forward_with(55, "SHIP-1"), back] {
        let (http, queued) = running.create(&order).await;
        assert_eq!((http, &queued["meta"]["status"]), (202, &json!(202)));
        assert_eq!(running.create(&order).await.1["meta"]["status"], 102);
        assert_eq!(running.create(&order).await.1["meta"]["status"], 200);
    }
}

#[tokio::test]
async fn a_queued_order_that_the_courier_refuses_stays_refused_until_it_is_corrected() {
    let running = Running::start().await;
    let mut order = forward_with(55, "SHIP-1");
    order["drop_info"]["drop_pincode"] = json!("000000");
    let mut statuses = Vec::new();
    for _ in 0..4 {
        statuses.push(running.create(&order).await.1["meta"]["status"].take());
    }
    assert_eq!(statuses, [202, 102, 319, 319]);
    let (_, refusal) = running.create(&order).await;
    assert_eq!(refusal["reference_number"], "SHIP-1");
    assert!(refusal.get("result").is_none());
    assert!(text(&refusal["meta"]["message"]).starts_with("Ekart: "));

    let (_, again) = running.create(&forward_with(55, "SHIP-1")).await;
    assert_eq!(again["meta"]["status"], 202);
}
