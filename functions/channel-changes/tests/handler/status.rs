//! Acknowledging and cancelling: what the shop has is read back.

use super::*;

#[tokio::test]
async fn an_order_is_acknowledged_once() {
    let changing = Changing::start().await;
    changing.sell(&order(1)).await;
    let first = changing.of_order("POST", 1, "acknowledge").await;
    let acknowledged = json!({ "channelOrderId": "1", "status": "processing" });
    assert_eq!(
        (json(&first), is_replayed(&first)),
        (acknowledged.clone(), false)
    );
    let repeat = changing.of_order("POST", 1, "acknowledge").await;
    assert_eq!((json(&repeat), is_replayed(&repeat)), (acknowledged, true));
    assert_eq!(changing.sent(), ["/orders/1/comments"]);
    // Since then the order is further on.
    changing.of_order("POST", 1, "invoices").await;
    changing.of_order("POST", 1, "handover").await;
    let late = changing.of_order("POST", 1, "acknowledge").await;
    assert_eq!(json(&late)["status"], "complete");
    assert_eq!(changing.comments(1).await, 1);
}

#[tokio::test]
async fn an_order_that_is_further_on_gets_no_comment() {
    let changing = Changing::start().await;
    let mut complete = order(1);
    complete["status"] = json!("picked");
    complete["state"] = json!("complete");
    changing.sell(&complete).await;
    let answer = changing.of_order("POST", 1, "acknowledge").await;
    assert_eq!(answer.status(), 200);
    assert_eq!(json(&answer)["status"], "picked");
    assert_eq!(changing.sent(), [""; 0]);
}

#[tokio::test]
async fn an_order_is_cancelled_once_and_never_by_its_label() {
    let changing = Changing::start().await;
    changing.sell(&order(1)).await;
    for replayed in [false, true] {
        let answer = changing.of_order("POST", 1, "cancel").await;
        assert_eq!(answer.status(), 200, "{answer:?}");
        assert_eq!(
            json(&answer),
            json!({ "channelOrderId": "1", "status": "canceled" })
        );
        assert_eq!(is_replayed(&answer), replayed);
    }
    // Trap 4: a saved status would be only a label.
    assert_eq!(changing.sent(), ["/orders/1/cancel"]);
    assert_eq!(
        changing.shop(1).await["order"]["items"][0]["qty_canceled"],
        3
    );
}

#[tokio::test]
async fn the_rest_of_an_order_is_cancelled() {
    let changing = Changing::start().await;
    changing.sell(&order(1)).await;
    let part = json!({ "items": [{ "itemId": "11", "quantity": 1 }] });
    assert_eq!(changing.post(1, "invoices", &part).await.status(), 201);
    for _ in 0..2 {
        let answer = changing.of_order("POST", 1, "cancel").await;
        assert_eq!(answer.status(), 200, "{answer:?}");
        assert_eq!(json(&answer)["status"], "processing");
    }
    assert_eq!(
        changing.shop(1).await["order"]["items"][0]["qty_canceled"],
        2
    );
}

#[tokio::test]
async fn an_order_that_cannot_be_cancelled_is_refused_with_its_status() {
    let changing = Changing::start().await;
    changing.sell(&order(1)).await;
    changing.of_order("POST", 1, "invoices").await;
    changing.of_order("POST", 1, "handover").await;
    let answer = changing.of_order("POST", 1, "cancel").await;
    assert_eq!(
        refusal(&answer),
        "it was not done: the order's status is complete"
    );
}
