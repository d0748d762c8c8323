//! Cancelling.

use serde_json::{Value, json};

use crate::clickpost::{Running, forward, forward_with};

impl Running {
    async fn cancel(&self, awb: &str, cp_id: i64, account_code: &str) -> (u16, Value) {
        self.get(&format!(
            "/v1/cancel-order/?waybill={awb}&cp_id={cp_id}&account_code={account_code}"
        ))
        .await
    }
}

fn status(answer: &(u16, Value)) -> (u16, u64) {
    (answer.0, answer.1["meta"]["status"].as_u64().unwrap())
}

#[tokio::test]
async fn an_order_is_cancelled_once() {
    let running = Running::start().await;
    let awb = running.awb(&forward("SHIP-1")).await;
    let done = json!({ "meta": { "status": 200, "message": "SUCCESS", "success": true } });
    assert_eq!(
        running.cancel(&awb, 4, "delhivery-surface").await,
        (200, done)
    );
    let again = running.cancel(&awb, 4, "delhivery-surface").await;
    assert_eq!(status(&again), (200, 600));
    assert_eq!(again.1["meta"]["success"], true);

    let (_, reordered) = running.create(&forward("SHIP-1")).await;
    assert_eq!(reordered["meta"]["status"], 323);
    assert_eq!(reordered["result"]["waybill"], awb);
}

#[tokio::test]
async fn an_aggregator_behind_it_cancels_later() {
    let running = Running::start().await;
    let awb = running.awb(&forward_with(9001, "SHIP-1")).await;
    let accepted = running.cancel(&awb, 9001, "shiprocket-pool").await;
    assert_eq!(status(&accepted), (202, 202));
    let again = running.cancel(&awb, 9001, "shiprocket-pool").await;
    assert_eq!(status(&again), (200, 600));
}

#[tokio::test]
async fn an_impossible_cancellation_is_refused() {
    let running = Running::start().await;
    let awb = running.awb(&forward("SHIP-1")).await;
    let refused = running.cancel("123", 4, "delhivery-surface").await;
    assert_eq!(status(&refused), (400, 350));
    assert_eq!(refused.1["meta"]["success"], false);
    let other_courier = running.cancel(&awb, 5, "bluedart-air").await;
    assert_eq!(status(&other_courier), (400, 350));
    let unknown_courier = running.cancel(&awb, 777, "delhivery-surface").await;
    assert_eq!(status(&unknown_courier), (200, 351));
    assert_eq!(status(&running.cancel(&awb, 4, "other").await), (200, 351));
    let (http, missing) = running
        .get(&format!("/v1/cancel-order/?waybill={awb}&cp_id=4"))
        .await;
    assert_eq!((http, &missing["meta"]["status"]), (200, &json!(400)));
    assert_eq!(
        missing["meta"]["message"],
        "missing parameters: account_code"
    );

    running.advance(&awb, "DELIVERED").await;
    let too_late = running.cancel(&awb, 4, "delhivery-surface").await;
    assert_eq!(status(&too_late), (400, 350));
}

#[tokio::test]
async fn tracking_shows_a_cancellation_only_if_requested() {
    let running = Running::start().await;
    for (reference, manually, code) in [("SHIP-1", "False", 1), ("SHIP-2", "True", 10)] {
        let awb = running.awb(&forward(reference)).await;
        let account = format!("delhivery-surface&manually_update_status={manually}");
        assert_eq!(status(&running.cancel(&awb, 4, &account).await), (200, 200));
        let (_, tracked) = running
            .get(&format!("/v2/track-order/?waybill={awb}&cp_id=4"))
            .await;
        let latest = &tracked["result"][&awb]["latest_status"];
        assert_eq!(latest["clickpost_status_code"], code);
    }
    assert!(running.pushed().is_empty(), "nothing is pushed by itself");
}

#[tokio::test]
async fn a_shipment_pushed_as_cancelled_is_cancelled() {
    let running = Running::start().await;
    let awb = running.awb(&forward("SHIP-1")).await;
    running.advance(&awb, "CANCELLED").await;
    let cancelled = running.cancel(&awb, 4, "delhivery-surface").await;
    assert_eq!(status(&cancelled), (200, 600));
}
