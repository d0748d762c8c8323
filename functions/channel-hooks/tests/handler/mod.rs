//! The handler with an event as AWS sends it, on real tables and queues.

mod world;

use futures::future::join_all;
use insta::assert_json_snapshot;
use logistics::queue::sender::Sender;
use serde_json::{Value, json};

use crate::channel_hooks::world::{Answer, EVENT_ID, Hooks, SIGNATURE, at, shop, token};

/// An order of two lines with three pieces each, of which so many are not cancelled.
fn order(tags: &str, current: [u64; 2]) -> Value {
    let line = |id: u64, current: u64| {
        json!({
            "id": id, "sku": format!("SKU-{id}"), "quantity": 3, "current_quantity": current,
        })
    };
    json!({
        "id": 820_982_911_946_154_508_u64, "name": "#1001", "tags": tags, "cancelled_at": null,
        "updated_at": "2026-11-21T10:00:00Z", "line_items": [line(1, current[0]), line(2, current[1])],
        "email": "jon@customer.example",
    })
}

fn cancelled(line: u64, quantity: u64) -> Value {
    json!({ "itemId": line.to_string(), "sku": format!("SKU-{line}"), "quantity": quantity })
}

#[tokio::test]
async fn an_event_is_stored_and_queued_before_the_response() {
    let hooks = Hooks::start().await;
    let event = hooks.signed(&hooks.event.body().unwrap(), "secret");
    let answer = hooks.send(&event).await;
    assert_eq!(answer.received(), "ACCEPTED");
    assert_eq!(hooks.stored().await, [1, 1]);
    let waiting = hooks.waiting().await;
    assert_eq!(waiting.len(), 1);
    let id = answer.body["messageId"].as_str().unwrap();
    let wanted = id.replace("msg_", "dlv_") + "_oms";
    assert_eq!(waiting[0].0["deliveryId"], wanted);
    assert_json_snapshot!(waiting[0].1, @r#"
    {
      "cancelledItems": [],
      "change": "CREATED",
      "channel": "SHOPIFY",
      "channelOrderId": "820982911946154508",
      "isReplacement": true,
      "onHold": true,
      "orderCode": "1001",
      "shopDomain": "brand.myshopify.com",
      "tags": [
        "exchange",
        "exchange-hold"
      ],
      "updatedAt": "2026-11-20T09:15:00Z"
    }
    "#);
}

#[tokio::test]
async fn a_repeat_is_the_same_message_and_is_sent_once() {
    let hooks = Hooks::start().await;
    let event = hooks.hook(1, &order("", [3, 3]));
    let first = hooks.send(&event).await;
    let again = hooks.send(&event).await;
    assert_eq!(again.received(), "DUPLICATE");
    assert_eq!(again.body["messageId"], first.body["messageId"]);
    assert_eq!(hooks.stored().await, [1, 1]);
    // The queue dropped the second task, because it has the same deduplication id.
    assert_eq!(hooks.waiting().await.len(), 1);
}

#[tokio::test]
async fn a_hold_its_release_and_cancellations_are_told_in_order() {
    let hooks = Hooks::start().await;
    let mut without_tags = order("", [3, 3]);
    without_tags.as_object_mut().unwrap().remove("tags");
    let mut all_cancelled = order("vip", [0, 0]);
    all_cancelled["cancelled_at"] = json!(at(7));
    let events = [
        (order("vip", [3, 3]), "ACCEPTED"),
        (order("vip, Exchange-Hold", [3, 3]), "ACCEPTED"),
        // Without tags an event says nothing about the hold, and without lines nothing about quantities.
        (without_tags, "UNCHANGED"),
        (json!({ "id": 820_982_911_946_154_508_u64 }), "UNCHANGED"),
        (order("vip", [3, 3]), "ACCEPTED"),
        (order("vip", [2, 3]), "ACCEPTED"),
        (order("vip", [2, 3]), "UNCHANGED"),
        (all_cancelled, "ACCEPTED"),
    ];
    for (minute, (order, status)) in (1..).zip(&events) {
        assert_eq!(hooks.sent(minute, order).await, *status, "{minute}");
    }
    let expected = [
        ("CREATED", false, json!([])),
        ("HELD", true, json!([])),
        ("RELEASED", false, json!([])),
        ("LINES_CANCELLED", false, json!([cancelled(1, 1)])),
        (
            "CANCELLED",
            false,
            json!([cancelled(1, 2), cancelled(2, 3)]),
        ),
    ];
    let expected = expected.map(|(change, held, items)| (change.to_owned(), held, items));
    assert_eq!(hooks.changes().await, expected);
}

#[tokio::test]
async fn an_older_event_after_a_newer_one_changes_and_sends_nothing() {
    let hooks = Hooks::start().await;
    let (plain, older) = (order("", [3, 3]), order("exchange-hold", [1, 3]));
    assert_eq!(hooks.sent(5, &plain).await, "ACCEPTED");
    assert_eq!(hooks.sent(4, &older).await, "OUTDATED");
    assert_eq!(hooks.stored().await, [1, 1]);
    assert_eq!(hooks.sent(6, &plain).await, "UNCHANGED");
    assert_eq!(hooks.changes().await.len(), 1);
    // The repeat of an event that was told is no older event, although a newer one is known.
    let again = hooks.send(&hooks.hook(5, &plain)).await;
    assert_eq!(again.received(), "DUPLICATE");
    assert!(again.body["messageId"].is_string());
}

#[tokio::test]
async fn an_unproved_webhook_is_refused_unread() {
    let hooks = Hooks::start().await;
    let right = hooks.hook(1, &order("", [3, 3]));
    let with = |name, value| right.clone().with_header(name, value);
    for event in [
        hooks.signed(&order("", [3, 3]), "wrong"),
        hooks.signed(&json!("no order"), "wrong"),
        right.clone().with_body(&order("", [3, 2])),
        with(SIGNATURE, None),
        with("x-shopify-shop-domain", Some("other.myshopify.com")),
        with("x-shopify-shop-domain", None),
        right.clone().with_path_parameter("token", "unknown"),
        hooks.event.clone(),
    ] {
        let answer = hooks.send(&event).await;
        assert_eq!(answer.status, 401, "{}", answer.body);
    }
    assert_eq!(hooks.stored().await, [0, 0]);
    assert!(hooks.waiting().await.is_empty());
}

#[tokio::test]
async fn the_secret_before_a_rotation_proves_a_webhook() {
    let hooks = Hooks::start().await;
    let answer = hooks.send(&hooks.signed(&order("", [3, 3]), "old")).await;
    assert_eq!(answer.received(), "ACCEPTED");
}

#[tokio::test]
async fn other_topics_and_disabled_accounts_are_ignored() {
    let hooks = Hooks::start().await;
    let topic = hooks.hook(1, &json!("no order"));
    let topic = topic.with_header("x-shopify-topic", Some("orders/paid"));
    hooks.add(&shop("closed", false)).await;
    let closed = hooks.hook(1, &order("", [3, 3]));
    let closed = closed.with_path_parameter("token", &token("closed"));
    let unproved = closed.clone().with_body(&json!({}));
    for event in [topic, closed] {
        let answer = hooks.send(&event).await;
        assert_eq!(answer.received(), "IGNORED");
        assert_eq!(answer.body["messageId"], Value::Null);
    }
    assert_eq!(hooks.send(&unproved).await.status, 401);
    assert_eq!(hooks.stored().await, [0, 0]);
}

#[tokio::test]
async fn a_proved_body_that_is_no_order_is_refused() {
    let hooks = Hooks::start().await;
    for (body, status) in [(json!([1]), 400), (json!({ "name": "#1" }), 422)] {
        let answer = hooks.send(&hooks.hook(1, &body)).await;
        assert_eq!(answer.status, status, "{}", answer.body);
    }
    let large = json!({ "id": 1, "note": "x".repeat(1024 * 1024) });
    assert_eq!(hooks.send(&hooks.hook(1, &large)).await.status, 413);
    let fits = json!({ "id": 1, "note": "x".repeat(1024 * 1024 - 100) });
    assert_eq!(hooks.sent(2, &fits).await, "ACCEPTED");
    assert_eq!(hooks.stored().await, [1, 1]);
}

#[tokio::test]
async fn two_hundred_and_fifty_tags_are_told() {
    let hooks = Hooks::start().await;
    let tags: Vec<String> = (1..=250).map(|number| format!("tag {number}")).collect();
    let order = order(&tags.join(", "), [3, 3]);
    assert_eq!(hooks.sent(1, &order).await, "ACCEPTED");
    assert_eq!(hooks.waiting().await[0].1["tags"], json!(tags));
}

#[tokio::test]
async fn the_repeat_after_a_failed_send_sends_the_stored_message() {
    let mut hooks = Hooks::start().await;
    let queue_url = hooks.world.queue_url("DeliveryQueue").unwrap();
    let sender = |url| Sender::new(hooks.world.backends.sqs_client(), url);
    let (missing, present) = (sender(format!("{queue_url}-missing")), sender(queue_url));
    hooks.app.publishing.queue = missing;
    let held = hooks.hook(1, &order("exchange-hold", [3, 3]));
    assert_eq!(hooks.send(&held).await.status, 503);
    assert_eq!(hooks.stored().await, [1, 1]);
    hooks.app.publishing.queue = present;
    // A newer event does not hide that the first one was not sent.
    assert_eq!(hooks.sent(2, &order("", [3, 3])).await, "ACCEPTED");
    assert_eq!(hooks.send(&held).await.received(), "DUPLICATE");
    let waiting = hooks.waiting().await;
    let sent: Vec<_> = waiting
        .iter()
        .map(|(task, body)| {
            let resend = task.get("resend").is_some_and(|resend| *resend == true);
            (body["change"].as_str().unwrap(), &body["onHold"], resend)
        })
        .collect();
    let (yes, no) = (json!(true), json!(false));
    assert_eq!(sent, [("RELEASED", &no, false), ("CREATED", &yes, true)]);
}

#[tokio::test]
async fn an_event_that_arrives_several_times_at_once_is_one_message() {
    let hooks = Hooks::start().await;
    let event = hooks.hook(1, &order("", [3, 3]));
    let answers = join_all((0..6).map(|_| hooks.send(&event))).await;
    let statuses: Vec<_> = answers.iter().map(Answer::received).collect();
    let accepted = statuses.iter().filter(|status| *status == "ACCEPTED");
    assert_eq!(accepted.count(), 1, "{statuses:?}");
    for answer in &answers {
        assert_eq!(answer.body["messageId"], answers[0].body["messageId"]);
    }
    assert_eq!(hooks.stored().await, [1, 1]);
}

#[tokio::test]
async fn events_of_one_order_at_the_same_instant_are_all_judged_on_each_other() {
    let hooks = Hooks::start().await;
    let events: Vec<_> = (0..5)
        .map(|number| {
            let order = order(&format!("tag-{number}"), [3, 3]);
            let id = format!("simultaneous-{number}");
            hooks.hook(1, &order).with_header(EVENT_ID, Some(&id))
        })
        .collect();
    for answer in join_all(events.iter().map(|event| hooks.send(event))).await {
        assert_eq!(answer.received(), "ACCEPTED");
    }
    let changes = hooks.changes().await.into_iter();
    let mut changes: Vec<_> = changes.map(|(change, ..)| change).collect();
    changes.sort_unstable();
    let expected = ["CREATED", "UPDATED", "UPDATED", "UPDATED", "UPDATED"];
    assert_eq!(changes, expected);
    assert_eq!(hooks.stored().await, [5, 1]);
}

#[tokio::test]
async fn orders_of_two_shops_with_the_same_id_are_two_orders() {
    let hooks = Hooks::start().await;
    hooks.add(&shop("second", true)).await;
    let first = hooks.hook(1, &order("", [3, 3]));
    let second = first.clone().with_path_parameter("token", &token("second"));
    let (first, second) = (hooks.send(&first).await, hooks.send(&second).await);
    assert_eq!(
        (first.received(), second.received()),
        ("ACCEPTED".to_owned(), "ACCEPTED".to_owned())
    );
    assert_ne!(first.body["messageId"], second.body["messageId"]);
    assert_eq!(hooks.stored().await, [2, 2]);
    for (change, ..) in hooks.changes().await {
        assert_eq!(change, "CREATED");
    }
}
