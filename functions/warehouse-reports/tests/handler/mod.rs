//! The handler with an event as AWS sends it, on real tables and queues.

mod refused;
mod unusual;
mod world;

use local::backends::BackendOptions;
use logistics::domain::endpoint::Filter;
use logistics::domain::message::MessageKind;
use logistics::queue::sender::Sender;
use serde_json::json;
use world::{DELIVERY, DOCUMENT, ORDER, Reporting, status, ways};

#[tokio::test]
async fn a_goods_issue_is_recorded_and_goes_to_client_and_warehouse_as_it_was_pushed() {
    let world = Reporting::start().await;
    world.add_order(ORDER, "T-1").await;
    let answer = world.send(&world.event).await;
    let (order, message, flags) = answer.recorded();
    assert_eq!((order.as_str(), flags.len()), (ORDER, 0));
    assert!(message.starts_with("msg_") && !answer.is_replayed);
    assert_eq!(answer.body["metadata"]["http_status_code"], 200);
    let timeline = world.timeline(ORDER).await;
    let issued = ("2026-11-20T09:15:00Z".to_owned(), "GOODS_ISSUED".to_owned());
    assert!(timeline.contains(&issued), "{timeline:?}");
    let tasks = world.tasks().await;
    assert_eq!(ways(&tasks), ["demo-sink PGI", "wms PGI"]);
    let event: serde_json::Value = serde_json::from_str(&world.event.to_string()).unwrap();
    for task in tasks {
        assert_eq!(task["payload"], event["body"]);
    }
}

#[tokio::test]
async fn the_bytes_of_a_report_are_forwarded_unchanged() {
    let world = Reporting::start().await;
    world.add_order(ORDER, "T-1").await;
    let body = concat!(
        r#"{ "of_nobody" : 123456789012345678901234567890, "order_no":"SO_571120","warehouse_id":"W", "big":1.10, "#,
        r#""status_code":80,"status_time":"2026-11-20 16:15:00","remark":"\u00e4 ä"  }"#,
    );
    let event = world.event.clone();
    let event = event.asking("POST", "/v3/fulfillment/order-status", "");
    let mut event: serde_json::Value = serde_json::from_str(&event.to_string()).unwrap();
    event["body"] = json!(body);
    let request = lambda_http::request::from_str(&event.to_string()).unwrap();
    let answer = warehouse_reports::handle(&world.app, request).await;
    assert_eq!(answer.status(), 200, "{answer:?}");
    let tasks = world.tasks().await;
    assert_eq!(ways(&tasks), ["demo-sink ORDER_STATUS", "oms ORDER_STATUS"]);
    for task in tasks {
        assert_eq!(task["payload"], body);
    }
}

#[tokio::test]
async fn the_same_report_is_one_message_and_another_body_is_another_one() {
    let world = Reporting::start().await;
    world.add_order(ORDER, "T-1").await;
    let first = world.send(&world.event).await;
    for _ in 0..2 {
        let again = world.send(&world.event).await;
        assert!(again.is_replayed);
        assert_eq!(again.body["data"], first.body["data"]);
    }
    assert_eq!(world.found(ORDER).await.unwrap().events.len(), 1);
    assert_eq!(world.tasks().await.len(), 2);
    let other = world.goods_issue(&[("shop_code", json!("CS2"))]);
    let other = world.issue(&other).await;
    assert!(!other.is_replayed);
    assert_ne!(other.recorded().1, first.recorded().1);
    assert_eq!(world.found(ORDER).await.unwrap().events.len(), 2);
}

#[tokio::test]
async fn the_first_name_that_is_known_decides_and_then_the_delivery() {
    let world = Reporting::start().await;
    for (number, tracking) in [("SO_A", "T-1"), ("SO_D", DELIVERY), (DOCUMENT, "T-3")] {
        world.add_order(number, tracking).await;
    }
    let order = async |reference: &str, document: &str| {
        let body = world.goods_issue(&[
            ("so_reference_a", json!(reference)),
            ("doc_no", json!(document)),
        ]);
        world.issue(&body).await.recorded()
    };
    for (reference, document, expected) in [
        ("SO_A", DOCUMENT, "SO_A"),
        ("", DOCUMENT, DOCUMENT),
        ("SO_unknown", DOCUMENT, DOCUMENT),
        ("", "another", "SO_D"),
        ("SO_unknown", "another", "SO_D"),
        ("of / another form", "another", "SO_D"),
    ] {
        let (number, _, flags) = order(reference, document).await;
        assert_eq!(
            (number.as_str(), flags.len()),
            (expected, 0),
            "{reference} {document}"
        );
    }
}

#[tokio::test]
async fn an_endpoint_gets_what_it_lists_and_of_its_warehouses() {
    let world = Reporting::start().await;
    let wanted = [("others", "WH-9"), ("here", "WH-BAL")];
    for (id, warehouse) in wanted {
        let kinds = [MessageKind::Pgi, MessageKind::OrderStatus];
        let filter = Filter {
            warehouse_codes: Some(vec![warehouse.parse().unwrap()]),
            ..Filter::default()
        };
        world.world.add_filtered(id, &kinds, filter).await.unwrap();
    }
    world.send(&world.event).await.recorded();
    let status = status(ORDER, "80", "2026-11-20 16:15:00");
    world.status(&status).await.recorded();
    let mut tasks = world.tasks().await;
    tasks.retain(|task| wanted.iter().any(|(id, _)| task["endpointId"] == *id));
    let mut ways = ways(&tasks);
    ways.sort_unstable();
    assert_eq!(ways, ["here ORDER_STATUS", "here PGI"]);
}

#[tokio::test]
async fn a_repeat_after_a_failed_send_is_marked_as_resend() {
    let mut world = Reporting::start().await;
    let queue_url = world.world.queue_url("DeliveryQueue").unwrap();
    let sender = |url| Sender::new(world.world.backends.sqs_client(), url);
    let (missing, present) = (sender(format!("{queue_url}-missing")), sender(queue_url));
    world.app.reports.publishing.queue = missing;
    let failed = world.send(&world.event).await;
    assert_eq!(failed.status, 503, "{failed:?}");
    world.app.reports.publishing.queue = present;
    let answer = world.send(&world.event).await;
    assert!(answer.is_replayed);
    let tasks = world.tasks().await;
    assert_eq!(ways(&tasks), ["demo-sink PGI", "wms PGI"]);
    assert!(tasks.iter().all(|task| task["resend"] == true));
    assert_eq!(world.found(ORDER).await.unwrap().events.len(), 1);
}

#[tokio::test]
async fn a_report_is_three_reads_one_transaction_and_one_send() {
    let world = Reporting::start_on(BackendOptions {
        count_calls: true,
        ..BackendOptions::default()
    })
    .await;
    world.add_order(ORDER, "T-1").await;
    // The key is read once a minute.
    world
        .status(&status(ORDER, "60", "2026-11-20 16:00:00"))
        .await
        .recorded();
    let before = world.world.backends.calls();
    world.send(&world.event).await.recorded();
    let mut after = world.world.backends.calls();
    after.retain(|name, count| {
        *count -= before.get(name).unwrap_or(&0);
        *count > 0
    });
    let calls: Vec<_> = after
        .iter()
        .map(|(name, count)| (name.as_str(), *count))
        .collect();
    let expected = [
        ("AmazonSQS.SendMessageBatch", 1),
        // The report and the orders that it names.
        ("DynamoDB_20120810.BatchGetItem", 1),
        // The endpoints, and the account with the time zone.
        ("DynamoDB_20120810.Query", 2),
        ("DynamoDB_20120810.TransactWriteItems", 1),
    ];
    assert_eq!(calls, expected);
}
