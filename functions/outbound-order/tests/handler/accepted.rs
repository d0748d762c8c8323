//! Orders that are accepted, all or none.

use std::collections::BTreeSet;

use insta::assert_json_snapshot;
use logistics::domain::message::MessageKind;
use logistics::queue::sender::Sender;
use serde_json::{Value, json};

use super::{Ordering, code, pointers};
use crate::answer::{json as read, text};

#[tokio::test]
async fn an_order_is_stored_and_queued_before_the_response() {
    let ordering = Ordering::start().await;
    let answer = ordering.answer(&ordering.event).await;
    assert_eq!(answer.status(), 202, "{}", text(&answer));
    assert!(!answer.headers().contains_key("idempotent-replayed"));
    assert_json_snapshot!(read(&answer), { ".metadata.timestamp" => "[now]", ".data.group_key" => "[group]" }, @r#"
    {
      "data": {
        "group_key": "[group]",
        "so_numbers": [
          "SO-1001"
        ]
      },
      "metadata": {
        "http_status": "Accepted",
        "http_status_code": 202,
        "path": "/v3/fulfillment/outbound/oms",
        "timestamp": "[now]"
      }
    }
    "#);
    let queued = ordering.queued().await;
    assert_eq!(queued.len(), 1);
    assert_eq!(queued[0]["endpointId"], "oms");
    assert_eq!(queued[0]["messageKind"], "OUTBOUND_ORDER");
    let payload = &queued[0]["payload"];
    assert_eq!(payload["order"], ordering.event.body().unwrap());
    assert_eq!(payload["group_key"], read(&answer)["data"]["group_key"]);
    assert_eq!(ordering.items("OutboundOrdersTable").await, 1);
    assert_eq!(ordering.items("NotificationsTable").await, 1);
}

#[tokio::test]
async fn a_hundred_orders_take_few_calls() {
    let ordering = Ordering::counting().await;
    // The key is cached from now on.
    ordering.accepted(&ordering.order("first")).await;
    let before = ordering.world.backends.calls();
    ordering.accepted(&ordering.orders(0..100)).await;
    let calls = ordering.calls_since(&before);
    assert!(calls.values().sum::<u64>() <= 14, "{calls:?}");
    let queued = ordering.queued().await;
    let numbers: BTreeSet<_> = queued
        .iter()
        .map(|task| task["payload"]["order"]["so_number"].to_string())
        .collect();
    assert_eq!((queued.len(), numbers.len()), (101, 101));
}

#[tokio::test]
async fn a_repeat_gets_the_same_group_and_sends_nothing_twice() {
    let ordering = Ordering::start().await;
    let list = ordering.orders(0..3);
    let group = ordering.accepted(&list).await;
    let again = ordering.send(&list).await;
    assert_eq!(again.status(), 202, "{}", text(&again));
    assert_eq!(again.headers()["idempotent-replayed"], "true");
    assert_eq!(read(&again)["data"]["group_key"], json!(group));
    // A part of the list, and fields in another order, are the same orders.
    let part = ordering.send(&list[1]).await;
    assert_eq!(read(&part)["data"]["group_key"], json!(group));
    assert_eq!(read(&part)["data"]["so_numbers"], json!(["SO-1"]));
    assert_eq!(ordering.queued().await.len(), 3);
    assert_eq!(ordering.items("NotificationsTable").await, 3);
}

#[tokio::test]
async fn old_and_new_orders_or_other_content_are_refused_with_their_places() {
    let ordering = Ordering::start().await;
    let group = ordering.accepted(&ordering.orders(0..2)).await;
    let mixed = ordering.send(&ordering.orders(1..4)).await;
    assert_eq!(mixed.status(), 422);
    assert_eq!(code(&mixed), "order-number-reused");
    assert_eq!(pointers(&mixed), ["/0/so_number"]);
    assert!(text(&mixed).contains(&group), "{}", text(&mixed));
    let mut other = ordering.order("SO-1");
    other["details"][0]["qty"] = json!(3);
    let changed = ordering.send(&other).await;
    assert_eq!(
        (changed.status().as_u16(), code(&changed)),
        (422, "order-number-reused".to_owned())
    );
    assert_eq!(pointers(&changed), ["/so_number"]);
    let in_list = ordering.send(&json!([ordering.order("SO-0"), other])).await;
    assert_eq!(pointers(&in_list), ["/0/so_number", "/1/so_number"]);
    // Nothing of the refused lists was stored.
    assert_eq!(ordering.items("OutboundOrdersTable").await, 2);
    assert_eq!(ordering.queued().await.len(), 2);
}

#[tokio::test]
async fn one_bad_order_refuses_the_whole_list() {
    let ordering = Ordering::start().await;
    let mut list = ordering.orders(0..4);
    list[2]["delivery_no"] = json!("");
    let answer = ordering.send(&list).await;
    assert_eq!(answer.status(), 422);
    assert_eq!(code(&answer), "invalid-request");
    assert_eq!(pointers(&answer), ["/2/delivery_no"]);
    let repeated = json!([list[0], list[1], list[3], list[1]]);
    assert_eq!(pointers(&ordering.send(&repeated).await), ["/3/so_number"]);
    for size in [0, 101] {
        let answer = ordering.send(&ordering.orders(0..size)).await;
        assert_eq!(
            (answer.status().as_u16(), pointers(&answer)),
            (422, vec![String::new()])
        );
    }
    assert_eq!(ordering.items("OutboundOrdersTable").await, 0);
    assert_eq!(ordering.items("NotificationsTable").await, 0);
}

#[tokio::test]
async fn an_order_that_is_too_large_to_be_stored_is_named() {
    let ordering = Ordering::start().await;
    // Letters without a pattern.
    let mut seed = 1_u64;
    let mut letter = || {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        char::from(b'0' + u8::try_from((seed >> 33) % 64).unwrap())
    };
    let noise: String = (0..600_000).map(|_| letter()).collect();
    let mut list = ordering.orders(0..2);
    list[1]["remark"] = json!(noise);
    let answer = ordering.send(&list).await;
    assert_eq!(answer.status(), 422, "{}", text(&answer));
    assert_eq!(pointers(&answer), ["/1"]);
    assert_eq!(ordering.items("OutboundOrdersTable").await, 0);
}

#[tokio::test]
async fn a_large_order_is_passed_on_whole() {
    let ordering = Ordering::start().await;
    let mut order = ordering.order("large");
    let lines: Vec<Value> = (0..500)
        .map(|line| json!({ "sku": format!("SKU-{line}"), "qty": 1, "note": "x".repeat(900) }))
        .collect();
    order["details"] = json!(lines);
    ordering.accepted(&order).await;
    assert_eq!(ordering.items("NotificationsTable").await, 1);
}

#[tokio::test]
async fn an_endpoint_that_does_not_want_orders_gets_none() {
    let ordering = Ordering::start().await;
    for (id, kind) in [
        ("others", MessageKind::OutboundConfirmation),
        ("second-oms", MessageKind::OutboundOrder),
    ] {
        ordering.world.add_endpoint(id, &[kind]).await.unwrap();
    }
    ordering.accepted(&ordering.order("SO-1")).await;
    let queued = ordering.queued().await;
    let endpoints: BTreeSet<_> = queued
        .iter()
        .map(|task| task["endpointId"].to_string())
        .collect();
    assert_eq!(
        endpoints.into_iter().collect::<Vec<_>>(),
        ["\"oms\"", "\"second-oms\""]
    );
}

#[tokio::test]
async fn a_repeat_after_a_failed_send_sends_everything() {
    let mut ordering = Ordering::start().await;
    let queue_url = ordering.world.queue_url("DeliveryQueue").unwrap();
    let sender = |url| Sender::new(ordering.world.backends.sqs_client(), url);
    let (missing, present) = (sender(format!("{queue_url}-missing")), sender(queue_url));
    ordering.app.fulfilling.publishing.queue = missing;
    let list = ordering.orders(0..3);
    let failed = ordering.send(&list).await;
    assert_eq!(failed.status(), 503, "{}", text(&failed));
    assert!(failed.headers().contains_key("retry-after"));
    assert_eq!(code(&failed), "unavailable");
    ordering.app.fulfilling.publishing.queue = present;
    let answer = ordering.send(&list).await;
    assert_eq!(answer.status(), 202, "{}", text(&answer));
    let queued = ordering.queued().await;
    assert_eq!(queued.len(), 3);
    assert!(queued.iter().all(|task| task["resend"] == json!(true)));
}

#[tokio::test]
async fn the_problems_of_the_edge_have_the_envelope() {
    let ordering = Ordering::start().await;
    let unknown = ordering.event.clone().with_header("authorization", None);
    let answer = ordering.answer(&unknown).await;
    assert_eq!(
        (answer.status().as_u16(), code(&answer)),
        (401, "unauthenticated".to_owned())
    );
    assert!(answer.headers().contains_key("www-authenticate"));
    let text_plain = ordering
        .event
        .clone()
        .with_header("content-type", Some("text/plain"));
    let answer = ordering.answer(&text_plain).await;
    assert_eq!(
        (answer.status().as_u16(), code(&answer)),
        (415, "unsupported-media-type".to_owned())
    );
    let large = json!([{ "so_number": "x".repeat(1024 * 1024) }]);
    let answer = ordering.send(&large).await;
    assert_eq!(
        (answer.status().as_u16(), code(&answer)),
        (413, "body-too-large".to_owned())
    );
}
