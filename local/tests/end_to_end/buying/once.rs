//! One order gets one AWB, no matter how many requests arrive at the same time.

use futures::future::join_all;
use serde_json::json;

use crate::answer::Answer;
use crate::buying::samples::{self, with};
use crate::buying::world::{LABELS, RETURNS, World};

/// Asserts that each of many answers to one order is the booking or says that it is in progress; returns the AWB.
fn only_awb(answers: &[Answer], field: &str) -> String {
    let (booked, waiting): (Vec<_>, Vec<_>) =
        answers.iter().partition(|answer| answer.status == 200);
    for answer in waiting {
        answer.problem(409, "in-progress");
        assert!((1..=2).contains(&answer.retry_after()), "{answer:?}");
    }
    let mut awbs: Vec<_> = booked
        .iter()
        .map(|answer| answer.ok()[field].as_str().unwrap().to_owned())
        .collect();
    awbs.dedup();
    assert_eq!(awbs.len(), 1, "{awbs:?}");
    awbs.remove(0)
}

#[tokio::test]
async fn sixty_four_requests_at_once_buy_one_label() {
    let world = World::start().await;
    let answers = join_all((0..64).map(|_| world.label("A-1"))).await;
    let awb = only_awb(&answers, "awb");
    assert_eq!(world.purchases("A-1"), 1);
    let repeat = world.label("A-1").await;
    assert!(repeat.is_replayed());
    assert_eq!(repeat.ok()["awb"], awb);
}

#[tokio::test]
async fn many_requests_at_once_buy_one_return_awb() {
    let world = World::start().await;
    let request = samples::return_awb("R-1");
    let answers = join_all((0..24).map(|_| world.post(RETURNS, &request))).await;
    only_awb(&answers, "returnAwb");
    assert_eq!(world.purchases("R-1"), 1);
}

#[tokio::test]
async fn of_different_contents_at_once_one_is_bought() {
    let world = World::start().await;
    let requests: Vec<_> = (1..=16)
        .map(|amount| {
            with(
                samples::label("A-1"),
                "/orderDetails/orderAmount",
                json!(amount),
            )
        })
        .collect();
    let answers = join_all(requests.iter().map(|request| world.post(LABELS, request))).await;
    let (booked, refused): (Vec<_>, Vec<_>) =
        answers.iter().partition(|answer| answer.status == 200);
    assert_eq!(booked.len(), 1);
    for answer in refused {
        answer.problem(422, "order-number-reused");
    }
    assert_eq!(world.purchases("A-1"), 1);
}

#[tokio::test]
async fn many_repeats_at_once_of_an_unknown_outcome_buy_at_most_one_label() {
    let world = World::start().await;
    for (order_number, fault, purchases) in [
        ("A-1", json!({ "kind": "status", "status": 500 }), 2),
        ("A-2", json!({ "kind": "garbage" }), 1),
    ] {
        world.fault("generateShippingLabel", fault).await;
        let answer = world.label(order_number).await;
        answer.problem(504, "outcome-unknown");
        let answers = join_all((0..24).map(|_| world.label(order_number))).await;
        let awb = only_awb(&answers, "awb");
        assert_eq!(world.purchases(order_number), purchases);
        assert_eq!(world.at_aggregator(order_number).await.unwrap()["awb"], awb);
    }
}
