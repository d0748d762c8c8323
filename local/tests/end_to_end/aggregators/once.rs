//! Nothing is bought twice, no matter where a purchase is interrupted.

use futures::future::join_all;
use serde_json::{Value, json};

use crate::aggregators::requests;
use crate::aggregators::world::{LABELS, RETURNS, World};
use crate::vendors::{Vendor, natives};

#[tokio::test]
async fn after_an_unreadable_or_broken_answer_a_repeat_finds_the_same_order() {
    for kind in ["garbage", "reset"] {
        let world = World::start().await;
        for &Vendor { alias, .. } in natives(|_| true) {
            world.fault(alias, "createOrder", kind).await;
            let doubtful = world.label(alias, alias).await;
            doubtful.problem(504, "outcome-unknown");
            let label = world.label(alias, alias).await.ok();
            assert!(label["awb"].is_string(), "{alias} {kind}");
            assert_eq!(world.label(alias, alias).await.ok(), label);
        }
        // Shipway's and Shipper's orders are looked up; the others return the existing order for the same order number.
        assert_eq!(world.created("shipper"), 1, "{kind}");
        assert_eq!(world.created("shipway"), 1, "{kind}");
        assert_eq!(world.asked("shipway", "/getorders"), 1, "{kind}");
        assert_eq!(world.created("clickpost"), 2, "{kind}");
        let awbs = world.calls("shiprocket");
        let assigned = awbs.iter().filter(|call| call.path.contains("/assign/awb"));
        assert_eq!(assigned.count(), 1, "{kind}");
    }
}

#[tokio::test]
async fn a_server_error_that_had_no_effect_is_bought_by_the_repeat() {
    let world = World::start().await;
    for &Vendor { alias, .. } in natives(|_| true) {
        world.fault(alias, "createOrder", "status").await;
        let doubtful = world.label(alias, alias).await;
        doubtful.problem(504, "outcome-unknown");
        world.label(alias, alias).await.ok();
    }
}

#[tokio::test]
async fn a_refusal_has_the_aggregator_s_message_and_frees_the_order_number() {
    let world = World::start().await;
    for &Vendor { alias, name, .. } in natives(|_| true) {
        let fault =
            json!([{ "call": "createOrder", "kind": "refuse", "message": "no such street" }]);
        world.faults(alias, fault).await;
        let problem = world
            .label(alias, alias)
            .await
            .problem(422, "refused-by-aggregator");
        assert_eq!(problem["aggregator"]["name"], name);
        let message = problem["aggregator"]["message"].as_str().unwrap();
        assert!(message.contains("no such street"), "{alias} {message}");
        let mut other = requests::label(alias, alias);
        other["orderDetails"]["orderAmount"] = json!(240);
        world.post(LABELS, &other).await.ok();
    }
}

#[tokio::test]
async fn many_at_once_buy_one_label() {
    let world = World::start().await;
    for &Vendor { alias, .. } in natives(|_| true) {
        let answers = join_all((0..8).map(|_| world.label(alias, alias))).await;
        let awbs = answers.iter().filter(|answer| answer.status == 200);
        let mut awbs: Vec<Value> = awbs.map(|answer| answer.json()["awb"].clone()).collect();
        awbs.dedup();
        assert_eq!(awbs.len(), 1, "{alias}");
        assert_eq!(world.created(alias), 1, "{alias}");
        for answer in answers.iter().filter(|answer| answer.status != 200) {
            answer.problem(409, "in-progress");
        }
    }
}

#[tokio::test]
async fn a_crash_after_the_purchase_is_reconciled() {
    let world = World::start().await;
    for &Vendor { alias, .. } in natives(|_| true) {
        let label = world.label(alias, alias).await.ok();
        world.crash(alias).await;
        let again = world.label(alias, alias).await;
        assert!(!again.is_replayed(), "{alias}");
        assert_eq!(again.ok()["awb"], label["awb"], "{alias}");
    }
}

#[tokio::test]
async fn an_interrupted_assignment_is_resumed_without_another_order() {
    for kind in ["garbage", "reset", "status"] {
        let world = World::start().await;
        world.fault("shiprocket", "assignAwb", kind).await;
        let doubtful = world.label("shiprocket", "A-1").await;
        doubtful.problem(504, "outcome-unknown");
        let label = world.label("shiprocket", "A-1").await.ok();
        assert!(label["awb"].is_string());
        assert_eq!(world.created("shiprocket"), 1, "{kind}");
    }
}

#[tokio::test]
async fn an_interrupted_label_is_made_later_for_the_same_awb() {
    for kind in ["garbage", "status", "refuse"] {
        let world = World::start().await;
        world.fault("shiprocket", "generateLabel", kind).await;
        let bought = world.label("shiprocket", "A-1").await.ok();
        assert_eq!(bought["shippingLabelUrl"], Value::Null, "{kind}");
        let label = world.get(LABELS, "A-1").await.ok();
        assert_eq!(label["awb"], bought["awb"], "{kind}");
        assert!(label["shippingLabelUrl"].is_string(), "{kind}");
        assert_eq!(world.asked("shiprocket", "/assign/awb"), 1, "{kind}");
    }
}

#[tokio::test]
async fn after_an_empty_wallet_another_courier_takes_the_same_order() {
    let world = World::start().await;
    for (alias, poor, rich) in [("shiprocket", 901, 24), ("shipway", 7109, 7101)] {
        let mut request = requests::label(alias, alias);
        request["courierId"] = json!(poor);
        let refused = world.post(LABELS, &request).await;
        refused.problem(422, "refused-by-aggregator");
        request["courierId"] = json!(rich);
        let label = world.post(LABELS, &request).await.ok();
        assert!(label["awb"].is_string(), "{alias}");
    }
    assert_eq!(world.created("shiprocket"), 1);
}

#[tokio::test]
async fn an_interrupted_return_is_not_bought_twice() {
    let world = World::start().await;
    for alias in ["clickpost", "shiprocket"] {
        world.fault(alias, "createReturn", "garbage").await;
        let doubtful = world.return_awb(alias, alias).await;
        doubtful.problem(504, "outcome-unknown");
        let returned = world.return_awb(alias, alias).await.ok();
        assert!(returned["returnAwb"].is_string(), "{alias}");
    }
    // Shipway lists no returns: only an operator or a push can settle the outcome.
    world.fault("shipway", "createReturn", "garbage").await;
    for _ in 0..2 {
        let doubtful = world.return_awb("shipway", "R-1").await;
        doubtful.problem(504, "outcome-unknown");
    }
    assert_eq!(world.asked("shipway", "/Createreturns"), 1);
    assert_eq!(world.get(RETURNS, "R-1").await.status, 504);
}
