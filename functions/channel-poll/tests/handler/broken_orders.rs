//! Orders that the shop cannot list, or that RMS cannot read, do not stop the others.

use serde_json::{Value, json};

use crate::channel_poll::order_world::{OrderPolling, ago, order};

/// An order without a currency.
fn unreadable(id: u64, updated_at: &str) -> Value {
    let mut order = order(id, "pending", updated_at);
    order["order_currency_code"] = Value::Null;
    order
}

#[tokio::test]
async fn an_order_that_cannot_be_read_is_named_and_told_when_it_can() {
    let polling = OrderPolling::start().await;
    let orders = [
        order(1, "pending", &ago(5)),
        unreadable(2, &ago(4)),
        order(3, "pending", &ago(3)),
    ];
    polling.sell(&orders).await;
    assert_eq!(polling.told_orders().await, ["1", "3"]);
    let words = polling.poll().await.last_error.unwrap();
    assert_eq!(
        words,
        "1 order is left out until it can be read: 2 (order_currency_code is missing or invalid)"
    );
    assert_eq!(polling.told_orders().await, [""; 0]);
    // It changes in the shop: told at once.
    polling.sell(&[order(2, "pending", &ago(1))]).await;
    assert_eq!(polling.told_orders().await, ["2"]);
    assert_eq!(polling.poll().await.last_error, None);
}

#[tokio::test]
async fn an_order_that_cannot_be_read_is_read_again_after_lists_begin_behind_it() {
    let polling = OrderPolling::start().await;
    polling.sell(&[unreadable(2, &ago(500))]).await;
    assert_eq!(polling.told_orders().await, [""; 0]);
    // RMS can read it now, although its time of change is the same: too old for a list.
    polling.sell(&[order(2, "pending", &ago(5000))]).await;
    assert_eq!(polling.told_orders().await, [""; 0]);
    polling.end_wait().await;
    assert_eq!(polling.told_orders().await, ["2"]);
    assert_eq!(polling.poll().await.left_out, []);
}

#[tokio::test]
async fn an_order_that_breaks_lists_is_told_by_its_id_and_searched_only_once() {
    let polling = OrderPolling::start().await;
    let orders: Vec<_> = (1..=9).map(|id| order(id, "pending", &ago(9))).collect();
    polling.sell(&orders).await;
    let poison = json!({ "12": { "poison": [4] } });
    polling.control("PUT", "traps", &poison).await;
    let mut told = polling.told_orders().await;
    told.sort();
    assert_eq!(told, ["1", "2", "3", "4", "5", "6", "7", "8", "9"]);
    assert_eq!(polling.poll().await.last_error, None);
    let calls = polling.calls();
    assert_eq!(polling.told_orders().await, [""; 0]);
    assert_eq!(polling.calls(), calls + 1);
    // It changes, which lists cannot show.
    polling.sell(&[order(4, "processing", &ago(0))]).await;
    polling.end_wait().await;
    assert_eq!(polling.told_orders().await, ["4"]);
    // It no longer breaks lists.
    polling.control("PUT", "traps", &json!({})).await;
    polling.sell(&[order(4, "complete", &ago(0))]).await;
    polling.end_wait().await;
    assert_eq!(polling.told_orders().await, ["4"]);
}
