//! Cancelling, and reusing the order number.

use serde_json::{Value, json};

use crate::aggregators::requests;
use crate::aggregators::world::{LABELS, ORDERS, RETURNS, World};
use crate::vendors::{BookReturns, Cancel, Vendor, natives};

#[tokio::test]
async fn a_label_is_cancelled_and_its_order_number_can_be_reused() {
    let world = World::start().await;
    for &Vendor { alias, .. } in natives(|vendor| vendor.can(Cancel)) {
        let first = world.label(alias, alias).await.ok();
        let cancelled = world.delete(LABELS, alias).await;
        assert_eq!(
            cancelled.ok(),
            json!({ "orderNumber": alias, "status": "CANCELLED" })
        );
        let asked = world.calls(alias).len();
        let repeat = world.delete(LABELS, alias).await;
        assert_eq!((repeat.ok(), repeat.is_replayed()), (cancelled.ok(), true));
        assert_eq!(world.calls(alias).len(), asked, "{alias}");
        world.get(LABELS, alias).await.problem(404, "not-found");

        let mut other = requests::label(alias, alias);
        other["orderDetails"]["orderAmount"] = json!(240);
        let second = world.post(LABELS, &other).await.ok();
        assert_ne!(
            second["awb"], first["awb"],
            "{alias} returns a cancelled order"
        );
        assert_eq!(world.get(LABELS, alias).await.ok(), second);
    }
}

#[tokio::test]
async fn notifications_of_the_second_booking_belong_to_the_order() {
    for &Vendor { alias, .. } in natives(|vendor| vendor.can(Cancel)) {
        let world = World::start().await;
        world.label(alias, "asdf1234").await.ok();
        world.delete(LABELS, "asdf1234").await.ok();
        let label = world.label(alias, "asdf1234").await.ok();
        let awb = label["awb"].as_str().unwrap();
        world.advance(alias, awb, "DELIVERED", None).await;
        let arrived = world.arrived(1).await;
        assert_eq!(arrived[0]["forwardOrderCode"], "asdf1234", "{alias}");
        assert_eq!(arrived[0]["forwardAwb"], awb, "{alias}");
    }
}

#[tokio::test]
async fn a_return_is_cancelled() {
    let world = World::start().await;
    for &Vendor { alias, .. } in natives(|vendor| vendor.can(Cancel) && vendor.can(BookReturns)) {
        world.return_awb(alias, alias).await.ok();
        let cancelled = world.delete(RETURNS, alias).await;
        assert!(
            [200, 202].contains(&cancelled.status),
            "{alias} {cancelled:?}"
        );
        world.delete(LABELS, alias).await.problem(404, "not-found");
    }
}

#[tokio::test]
async fn a_cancellation_that_takes_effect_later_is_202_until_then() {
    let world = World::start().await;
    let mut request = requests::label("clickpost", "A-1");
    request["courierId"] = json!(9001);
    world.post(LABELS, &request).await.ok();
    let later = world.delete(LABELS, "A-1").await;
    assert_eq!(later.status, 202, "{later:?}");
    assert_eq!(later.json()["status"], "CANCELLATION_REQUESTED");
    let done = world.delete(LABELS, "A-1").await.ok();
    assert_eq!(done["status"], "CANCELLED");
}

#[tokio::test]
async fn an_interrupted_cancellation_is_repeated() {
    let world = World::start().await;
    for &Vendor { alias, .. } in natives(|vendor| vendor.can(Cancel)) {
        world.label(alias, alias).await.ok();
        world.fault(alias, "cancel", "garbage").await;
        let doubtful = world.delete(LABELS, alias).await;
        doubtful.problem(504, "outcome-unknown");
        let done = world.delete(LABELS, alias).await;
        assert_eq!(done.status, 200, "{alias} {done:?}");
    }
}

#[tokio::test]
async fn a_refused_cancellation_is_reported_and_changes_nothing() {
    let world = World::start().await;
    for &Vendor { alias, .. } in natives(|vendor| vendor.can(Cancel)) {
        let label = world.label(alias, alias).await.ok();
        world.fault(alias, "cancel", "refuse").await;
        let refused = world.delete(LABELS, alias).await;
        refused.problem(422, "refused-by-aggregator");
        assert_eq!(world.get(LABELS, alias).await.ok(), label);
    }
}

#[tokio::test]
async fn an_order_without_a_label_is_cancelled_too() {
    let world = World::start().await;
    for alias in ["shiprocket", "shipway"] {
        let request = requests::label(alias, alias);
        assert_eq!(world.post(ORDERS, &request).await.status, 201);
        assert_eq!(
            world.delete(LABELS, alias).await.ok()["status"],
            "CANCELLED"
        );
        let label = world.label(alias, alias).await.ok();
        assert_ne!(label["awb"], Value::Null, "{alias}");
    }
}

#[tokio::test]
async fn an_order_left_at_the_aggregator_by_a_refusal_can_be_cancelled() {
    let world = World::start().await;
    for (alias, poor) in [("shiprocket", 901), ("shipway", 7109)] {
        let mut request = requests::label(alias, alias);
        request["courierId"] = json!(poor);
        world
            .post(LABELS, &request)
            .await
            .problem(422, "refused-by-aggregator");
        assert_eq!(
            world.delete(LABELS, alias).await.ok()["status"],
            "CANCELLED"
        );
        world.label(alias, alias).await.ok();
    }
}
