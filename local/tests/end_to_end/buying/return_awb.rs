//! Return AWBs: bought, repeated, read back.

use serde_json::json;

use crate::buying::samples::{self, with, without};
use crate::buying::world::{LABELS, RETURNS, World};

#[tokio::test]
async fn a_return_gets_the_documented_answer_and_its_repeat_the_same() {
    let world = World::start().await;
    let first = world.post(RETURNS, &samples::return_awb("R-1")).await;
    let made = first.ok();
    let awb = &made["returnAwb"];
    assert!(awb.as_str().is_some_and(|awb| !awb.is_empty()));
    assert_eq!(
        made,
        json!({ "orderId": "11012", "orderNumber": "R-1", "returnAwb": awb, "carrierName": "Delhivery" })
    );
    assert!(!first.is_replayed());

    let repeat = with(samples::return_awb("R-1"), "/courierId", json!(1002));
    let repeat = world.post(RETURNS, &repeat).await;
    assert_eq!(repeat.ok(), made);
    assert!(repeat.is_replayed());
    assert_eq!(world.purchases("R-1"), 1);

    for (pointer, value) in [
        ("/returnReason", json!("Too small")),
        ("/orderDetails/orderAmount", json!(231)),
    ] {
        let other = with(samples::return_awb("R-1"), pointer, value);
        let answer = world.post(RETURNS, &other).await;
        answer.problem(422, "order-number-reused");
    }
}

#[tokio::test]
async fn a_return_is_read_back_by_either_id() {
    let world = World::start().await;
    for order_number in ["R-1", "R,ä/#&%2 5"] {
        let made = world
            .post(RETURNS, &samples::return_awb(order_number))
            .await;
        let made = made.ok();
        let order_id = made["orderId"].as_str().unwrap();
        for query in [("orderNumber", order_number), ("orderId", order_id)] {
            assert_eq!(world.get(RETURNS, &[query]).await.ok(), made);
            world.get(LABELS, &[query]).await.problem(404, "not-found");
        }
    }
    let unknown = world.get(RETURNS, &[("orderNumber", "R-2")]).await;
    unknown.problem(404, "not-found");
    let unknown = world.get(RETURNS, &[("orderId", "9")]).await;
    unknown.problem(404, "not-found");
    let neither = world.get(RETURNS, &[]).await;
    neither.problem(400, "invalid-parameter");
    let both = [("orderNumber", "R-1"), ("orderId", "11012")];
    let both = world.get(RETURNS, &both).await;
    both.problem(400, "invalid-parameter");
}

#[tokio::test]
async fn an_order_and_its_return_may_have_the_same_number() {
    let world = World::start().await;
    let label = world.label("A-1").await.ok();
    let back = world.post(RETURNS, &samples::return_awb("A-1")).await.ok();
    assert_ne!(label["awb"], back["returnAwb"]);
    assert_eq!(world.read_label("A-1").await.ok(), label);
    let query = [("orderNumber", "A-1")];
    assert_eq!(world.get(RETURNS, &query).await.ok(), back);
}

#[tokio::test]
async fn a_return_must_have_the_return_type_and_a_reason() {
    let world = World::start().await;
    let no_reason = without(samples::return_awb("R-1"), "returnReason");
    let answer = world.post(RETURNS, &no_reason).await;
    assert_eq!(answer.invalid_pointers(), ["/returnReason"]);
    let forward = with(
        samples::return_awb("R-1"),
        "/orderDetails/shipmentType",
        json!("FORWARD"),
    );
    let answer = world.post(RETURNS, &forward).await;
    assert_eq!(answer.invalid_pointers(), ["/orderDetails/shipmentType"]);
    let answer = world.post(RETURNS, &samples::label("R-1")).await;
    assert_eq!(
        answer.invalid_pointers(),
        ["/orderDetails/shipmentType", "/returnReason"]
    );
    let answer = world.post(LABELS, &samples::return_awb("R-1")).await;
    assert_eq!(answer.invalid_pointers(), ["/orderDetails/shipmentType"]);
    assert!(world.calls().is_empty());
    assert_eq!(world.stored().await, 0);
}
