//! Changed orders: each change is told once.

use std::collections::BTreeSet;
use std::time::Duration;

use jiff::{Timestamp, ToSpan as _};
use lambda_http::request;
use local::handler_world::HttpEvent;
use serde_json::json;

use crate::answer::json;
use crate::channel_poll::order_world::{ALIAS, OrderPolling, SHOP, ago, now, order};

#[tokio::test]
async fn each_change_is_told_once_as_the_order_is_read() {
    let polling = OrderPolling::start().await;
    assert_eq!(polling.told_orders().await, [""; 0]);
    polling.sell(&[order(7, "pending", &ago(2))]).await;
    let told = polling.told().await;
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].body, read(&polling, "7").await);
    assert_eq!(polling.told_orders().await, [""; 0]);
    // A change and a cancellation.
    polling.sell(&[order(7, "processing", &ago(1))]).await;
    let changed = polling.told().await;
    assert_eq!(changed[0].body["status"], "processing");
    polling.control("PUT", "traps", &json!({})).await;
    polling.sell(&[order(7, "canceled", &ago(0))]).await;
    let cancelled = polling.told().await;
    assert_eq!(cancelled[0].body["status"], "canceled");
    let ids: BTreeSet<_> = [&told, &changed, &cancelled].map(|told| &told[0].id).into();
    assert_eq!(ids.len(), 3);
    assert_eq!(polling.told_orders().await, [""; 0]);
}

/// The order as `GET /channels/{alias}/orders/{channelOrderId}` shows it.
async fn read(polling: &OrderPolling, id: &str) -> serde_json::Value {
    let event = HttpEvent::of("channel-orders").unwrap();
    polling.world.admit(&event).await.unwrap();
    let start = polling.world.start_of("channel-orders").unwrap();
    let app = channel_orders::App::new(&start).unwrap();
    let path = format!("/channels/{SHOP}/orders/{id}");
    let event = event.without_path_parameters().asking("GET", &path, "");
    let event = event
        .with_path_parameter("alias", SHOP)
        .with_path_parameter("channelOrderId", id);
    let request = request::from_str(&event.to_string()).unwrap();
    json(&channel_orders::handle(&app, request).await)
}

#[tokio::test]
async fn all_orders_of_many_pages_and_of_one_second_are_told_once() {
    let polling = OrderPolling::start().await;
    let second = ago(5);
    let orders: Vec<_> = (1..=250).map(|id| order(id, "pending", &second)).collect();
    polling.sell(&orders).await;
    let told = polling.told_orders().await;
    let all: BTreeSet<String> = (1..=250).map(|id: u64| id.to_string()).collect();
    assert_eq!(told.iter().cloned().collect::<BTreeSet<_>>(), all);
    assert_eq!(told.len(), 250);
    assert_eq!(polling.told_orders().await, [""; 0]);
}

#[tokio::test]
async fn pages_without_changes_are_read_and_compared_and_nothing_is_written() {
    let polling = OrderPolling::start().await;
    let orders: Vec<_> = (1..=250).map(|id| order(id, "pending", &ago(5))).collect();
    polling.sell(&orders).await;
    assert_eq!(polling.told_orders().await.len(), 250);
    let names = ["UpdateItem", "BatchGetItem", "TransactWriteItems"];
    let before = names.map(|name| polling.operations(name));
    let calls = polling.calls();
    polling.run().await;
    assert_eq!(polling.calls() - calls, 3);
    let mut used = names.map(|name| polling.operations(name));
    for (now, before) in used.iter_mut().zip(before) {
        *now -= before;
    }
    // The lease is taken and returned.
    assert_eq!(used, [2, 3, 0]);
}

#[tokio::test]
async fn an_order_is_told_again_if_it_is_read_otherwise_and_not_if_only_its_text_changes() {
    let polling = OrderPolling::start().await;
    let mut paid = order(7, "pending", &ago(5));
    paid["payment"] = json!({ "method": "by-hand" });
    polling.sell(&[paid.clone()]).await;
    let told = polling.told().await;
    assert_eq!(told[0].body["paymentType"], "PREPAID");
    assert_eq!(polling.told_orders().await, [""; 0]);
    paid["a_field_of_a_module"] = json!(1);
    polling.sell(&[paid.clone()]).await;
    assert_eq!(polling.told_orders().await, [""; 0]);
    polling.set("codMethods", "by-hand").await;
    let told = polling.told().await;
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].body["paymentType"], "COD");
    assert_eq!(polling.told_orders().await, [""; 0]);
}

#[tokio::test]
async fn an_order_of_a_shop_that_is_ten_minutes_behind_is_told() {
    let polling = OrderPolling::start().await;
    polling.sell(&[order(1, "pending", &ago(0))]).await;
    assert_eq!(polling.told_orders().await, ["1"]);
    polling.sell(&[order(2, "pending", &ago(600))]).await;
    assert_eq!(polling.told_orders().await, ["2"]);
    assert_eq!(polling.told_orders().await, [""; 0]);
}

#[tokio::test]
async fn what_changed_before_polling_was_switched_on_is_not_told() {
    let polling = OrderPolling::start().await;
    polling.sell(&[order(1, "pending", &ago(3600))]).await;
    assert_eq!(polling.told_orders().await, [""; 0]);
    // Off and on again: what changed meanwhile is not told either.
    polling.switch(None).await;
    let calls = polling.calls();
    polling.sell(&[order(2, "pending", &ago(0))]).await;
    assert_eq!(polling.told_orders().await, [""; 0]);
    assert_eq!(polling.calls(), calls);
    polling.switch(Some(now() + 1.hour())).await;
    assert_eq!(polling.told_orders().await, [""; 0]);
    polling.switch(Some(now())).await;
    assert_eq!(polling.told_orders().await, ["2"]);
}

#[tokio::test]
async fn a_disabled_account_is_not_polled() {
    let polling = OrderPolling::start().await;
    polling.disable().await;
    polling.sell(&[order(1, "pending", &ago(0))]).await;
    assert_eq!(polling.told_orders().await, [""; 0]);
    assert_eq!(polling.calls(), 0);
}

#[tokio::test]
async fn an_order_that_changes_back_within_a_second_is_told_each_time() {
    let polling = OrderPolling::start().await;
    let second = ago(1);
    let mut ids = BTreeSet::new();
    for status in ["pending", "holded", "pending"] {
        polling.sell(&[order(1, status, &second)]).await;
        let told = polling.told().await;
        assert_eq!(told.len(), 1, "{status}");
        assert_eq!(told[0].body["status"], status);
        ids.insert(told[0].id.clone());
    }
    assert_eq!(ids.len(), 3);
}

#[tokio::test]
async fn a_run_without_time_leaves_the_rest_to_the_next_one() {
    let polling = OrderPolling::start().await;
    polling.sell(&[order(1, "pending", &ago(0))]).await;
    polling.run_for(Duration::from_secs(30)).await;
    assert_eq!(polling.calls(), 0);
    assert_eq!(polling.told_orders().await, ["1"]);
}

#[tokio::test]
async fn one_run_at_a_time_works_on_an_account() {
    let polling = OrderPolling::start().await;
    polling.sell(&[order(1, "pending", &ago(0))]).await;
    let (client, alias) = ("demo".parse().unwrap(), ALIAS.parse().unwrap());
    let polls = &polling.app.orders.polls;
    let lasts = Duration::from_secs(30);
    let (now, past) = (Timestamp::now(), Timestamp::now() - 1.minute());
    let taken = polls.lease(&client, &alias, now, lasts).await.unwrap();
    let (lease, poll) = taken.unwrap();
    assert_eq!(poll, None);
    assert_eq!(polling.told_orders().await, [""; 0]);
    assert_eq!(polling.calls(), 0);
    // The lease of a run that was killed ends, and that run can write nothing any more.
    let poll = logistics::domain::selling::order_poll::OrderPoll::next(poll, None, now);
    assert!(polls.keep(&lease, &poll, past, lasts).await.unwrap());
    assert_eq!(polling.told_orders().await, ["1"]);
    assert!(!polls.keep(&lease, &poll, now, lasts).await.unwrap());
}

#[tokio::test]
async fn two_runs_at_the_same_time_tell_each_change_once() {
    let polling = OrderPolling::start().await;
    polling.add_endpoint("erp").await;
    let orders: Vec<_> = (1..=30).map(|id| order(id, "pending", &ago(3))).collect();
    polling.sell(&orders).await;
    tokio::join!(polling.run(), polling.run());
    let told = polling.queued().await;
    let ids: BTreeSet<_> = told.iter().map(|told| &told.id).collect();
    assert_eq!((told.len(), ids.len()), (60, 60));
}
