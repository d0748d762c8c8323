//! Cancelling one half of an exchange, or both.

use serde_json::json;

use crate::exchanges::world::{LABELS, RETURNS, World};

#[tokio::test]
async fn a_half_is_cancelled_alone_and_the_exchange_is_ordered_again_only_after_both() {
    let world = World::start().await;
    for (order, first, second, pointer) in [
        (
            "A",
            (LABELS, "A-E"),
            (RETURNS, "A-R"),
            "/exchangeOrderNumber",
        ),
        ("B", (RETURNS, "B-R"), (LABELS, "B-E"), "/returnOrderCode"),
    ] {
        let pair = world.exchange(order).await.ok();
        let ordered = world.asked("/orders/create/exchange");
        let cancelled = world.delete(first.0, first.1).await.ok();
        assert_eq!(
            cancelled,
            json!({ "orderNumber": first.1, "status": "CANCELLED" })
        );
        world.get(first.0, first.1).await.problem(404, "not-found");
        world.get(second.0, second.1).await.ok();
        let refused = world.exchange(order).await;
        let problem = refused.problem(422, "order-number-reused");
        let errors = problem["errors"].as_array().unwrap();
        assert_eq!(errors.len(), 1, "{problem}");
        assert_eq!(errors[0]["pointer"], pointer);
        assert_eq!(world.asked("/orders/create/exchange"), ordered);

        world.delete(second.0, second.1).await.ok();
        let again = world.exchange(order).await.ok();
        assert_ne!(again["forward"]["awb"], pair["forward"]["awb"]);
        assert_ne!(again["return"]["returnAwb"], pair["return"]["returnAwb"]);
        assert!(world.exchange(order).await.is_replayed());
    }
}

#[tokio::test]
async fn what_a_refused_awb_left_can_be_cancelled_by_halves() {
    let world = World::start().await;
    world
        .faults(json!([{ "call": "assignAwb", "kind": "refuse" }]))
        .await;
    let refused = world.exchange("A").await;
    refused.problem(422, "refused-by-aggregator");
    world.delete(LABELS, "A-E").await.ok();
    let half = world.exchange("A").await;
    half.problem(422, "order-number-reused");
    world.delete(RETURNS, "A-R").await.ok();
    assert!(world.living().await.is_empty());
    world.exchange("A").await.ok();
    assert_eq!(world.living().await.len(), 2);
}
