//! A shop that fails, and what the next run makes of it.

use serde_json::{Value, json};

use crate::channel_poll::order_world::{OrderPolling, ago, order};

/// A call that is answered in order.
fn fine() -> Value {
    json!({ "call": "listOrders", "kind": "slow", "delayMs": 0 })
}

fn broken(status: u16) -> Value {
    json!({ "call": "listOrders", "kind": "status", "status": status })
}

#[tokio::test]
async fn a_walk_that_fails_is_continued_after_its_last_page() {
    let polling = OrderPolling::start().await;
    let orders: Vec<_> = (1..=150).map(|id| order(id, "pending", &ago(9))).collect();
    polling.sell(&orders).await;
    polling.fault(&json!([fine(), broken(503)]));
    assert_eq!(polling.told_orders().await.len(), 100);
    let poll = polling.poll().await;
    assert_eq!(poll.walk.unwrap().after.unwrap().id.as_str(), "100");
    // A change while the walk is under way: of an order that was told, and of one that was not.
    let changed = [
        order(5, "processing", &ago(1)),
        order(120, "processing", &ago(1)),
    ];
    polling.sell(&changed).await;
    let told = polling.told().await;
    assert_eq!(told.len(), 51);
    let states = |id: &str| {
        let of = told.iter().filter(|told| told.order == id);
        of.map(|told| told.body["status"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(states("5"), ["processing"]);
    assert_eq!(states("120"), ["processing"]);
    assert_eq!(polling.told_orders().await, [""; 0]);
}

#[tokio::test]
async fn a_shop_that_is_down_is_called_more_rarely_and_told_from_when_it_is_up() {
    let polling = OrderPolling::start().await;
    polling.sell(&[order(1, "pending", &ago(0))]).await;
    polling.fault(&json!([broken(503), broken(503), broken(503)]));
    for _ in 0..3 {
        assert_eq!(polling.told_orders().await, [""; 0]);
    }
    // After the second failure the third run did not call.
    assert_eq!(polling.calls(), 2);
    let poll = polling.poll().await;
    assert_eq!(poll.failures, 2);
    let why = "the channel did not answer, or answered that it failed";
    assert_eq!(poll.last_error.as_deref(), Some(why));
    assert!(poll.not_before.unwrap() > poll.last_run_at.unwrap());
    polling.end_wait().await;
    assert_eq!(polling.told_orders().await, [""; 0]);
    polling.end_wait().await;
    assert_eq!(polling.told_orders().await, ["1"]);
    let poll = polling.poll().await;
    assert_eq!(
        (poll.failures, poll.not_before, poll.last_error),
        (0, None, None)
    );
    assert!(poll.caught_up_at > poll.last_run_at.unwrap());
}

#[tokio::test]
async fn each_failure_is_told_in_words_without_secrets() {
    let html = json!({ "call": "listOrders", "kind": "garbage" });
    let refused =
        json!({ "call": "listOrders", "kind": "refuse", "message": "The store is closed." });
    let told = [
        (
            html,
            "the channel's answer cannot be read: it may be a maintenance page, or too large",
        ),
        (broken(429), "the channel limits the rate of calls"),
        (refused, "the channel refused: The store is closed."),
    ];
    for (fault, words) in told {
        let polling = OrderPolling::start().await;
        polling.fault(&json!([fault]));
        assert_eq!(polling.told_orders().await, [""; 0]);
        assert_eq!(polling.poll().await.last_error.as_deref(), Some(words));
    }
}
