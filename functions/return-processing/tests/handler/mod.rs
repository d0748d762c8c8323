//! The handler with an event as AWS sends it, on real tables and queues.

mod refused;
mod repeated;
mod world;

use aws_sdk_dynamodb::types::AttributeValue;
use insta::assert_json_snapshot;
use local::backends::BackendOptions;
use logistics::domain::message::MessageKind;
use logistics::domain::notification::NotificationType;
use logistics::domain::returning::event::ReturnEvent;
use serde_json::{Value, json};
use world::{CODE, FAILED, PASSED, Processing, correction, failed, passed, results};

/// The body of the messages about the pieces of the event, byte for byte.
const BODY: &str = concat!(
    r#"{"returnOrderCode":"H893RUOT123","forwardOrderCode":"forwardOrder1","locationCode":"Wid234","orderItems":["#,
    r#"{"itemCode":"I10098","channelSkuCode":"sku-I10098","qcStatus":"FAIL","qcReason":"STAIN_DAMAGE","#,
    r#""imageUrls":["https://increff.com/img.jpg","https://increff.com/img2.jpg"]},"#,
    r#"{"itemCode":"I10097","channelSkuCode":"sku-I10097","qcStatus":"PASS","qcReason":null,"imageUrls":[]}]}"#,
);

/// The endpoint and the kind of each task, in order.
fn ways(tasks: &[Value]) -> Vec<String> {
    let text = |task: &Value, name: &str| task[name].as_str().unwrap().to_owned();
    let way = |task| text(task, "endpointId") + " " + &text(task, "messageKind");
    tasks.iter().map(way).collect()
}

#[tokio::test]
async fn results_are_recorded_and_both_messages_are_queued_before_the_response() {
    let world = Processing::start().await;
    let answer = world.send(&world.event).await;
    let (state, ids) = answer.told();
    assert_eq!((state, ids.len()), ("PARTIALLY_PROCESSED", 2));
    assert!(!answer.is_replayed());
    assert_json_snapshot!(answer.body);
    assert_eq!(world.messages().await, 2);
    let timeline = world.timeline().await;
    assert_eq!(timeline.state.to_string(), state);
    assert_eq!(timeline.results.len(), 2);
    let tasks = world.tasks().await;
    assert_eq!(
        ways(&tasks),
        ["acks RETURN_ORDER_ACK", "returns RETURNS_PROCESSING_UPDATE"]
    );
    for (task, id) in tasks.iter().zip(ids) {
        assert_eq!(task["payload"], BODY);
        assert!(task["correction"] != true && task["resend"] != true);
        let (_, record) = id.split_once('_').unwrap();
        let delivery = format!("dlv_{record}_{}", task["endpointId"].as_str().unwrap());
        assert_eq!(task["deliveryId"], delivery);
    }
}

#[tokio::test]
async fn pieces_are_processed_with_several_calls_and_each_tells_its_own() {
    let world = Processing::start().await;
    let first = world.process(&results(&[passed(PASSED)])).await;
    let second = world.process(&results(&[failed(FAILED)])).await;
    let third = world.process(&results(&[passed("I10099")])).await;
    let (states, ids): (Vec<_>, Vec<_>) = [&first, &second, &third]
        .iter()
        .map(|answer| answer.told())
        .unzip();
    assert_eq!(
        states,
        ["PARTIALLY_PROCESSED", "PARTIALLY_PROCESSED", "PROCESSED"]
    );
    let mut ids = ids.concat();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 6);
    let tasks = world.tasks().await;
    let acks = tasks.iter().filter(|task| task["endpointId"] == "acks");
    let told = acks.map(|task| {
        let body: Value = serde_json::from_str(task["payload"].as_str().unwrap()).unwrap();
        let items = body["orderItems"].as_array().unwrap();
        assert_eq!(items.len(), 1);
        items[0]["itemCode"].as_str().unwrap().to_owned()
    });
    assert_eq!(told.collect::<Vec<_>>(), [PASSED, FAILED, "I10099"]);
}

#[tokio::test]
async fn a_correction_is_another_message_of_the_same_form() {
    let world = Processing::start().await;
    let first = world.process(&results(&[passed(PASSED)])).await;
    let corrected = world.process(&correction(&[failed(PASSED)])).await;
    assert_ne!(first.told().1, corrected.told().1);
    assert!(!corrected.is_replayed());
    let timeline = world.timeline().await;
    let result = &timeline.results[&PASSED.parse().unwrap()];
    assert_eq!(result.item.qc_status.to_string(), "FAIL");
    assert!(result.corrected_at.is_some());
    let tasks = world.tasks().await;
    let is_correction = tasks.iter().map(|task| task["correction"] == true);
    let corrections: Vec<_> = is_correction.collect();
    assert_eq!(corrections, [false, false, true, true]);
    let again = world.process(&correction(&[failed(PASSED)])).await;
    assert_eq!(again.told(), corrected.told());
    assert!(again.is_replayed());
}

#[tokio::test]
async fn messages_that_no_endpoint_wants_are_stored_too() {
    let world = Processing::start().await;
    let table = world.world.table("EndpointsTable").unwrap();
    for id in ["acks", "returns"] {
        let text = |value: &str| AttributeValue::S(value.to_owned());
        let delete = world.world.backends.dynamodb_client().delete_item();
        let delete = delete
            .table_name(&table)
            .key("clientId", text("demo"))
            .key("endpointId", text(id));
        delete
            .send_with(&world.world.backends.dynamodb_client())
            .await
            .unwrap();
    }
    assert_eq!(world.send(&world.event).await.told().1.len(), 2);
    assert_eq!((world.messages().await, world.tasks().await.len()), (2, 0));
    world
        .world
        .add_endpoint("late", &[MessageKind::ReturnOrderAck])
        .await
        .unwrap();
    assert!(world.send(&world.event).await.is_replayed());
    let tasks = world.tasks().await;
    assert_eq!(ways(&tasks), ["late RETURN_ORDER_ACK"]);
    assert_eq!(tasks[0]["resend"], true);
}

#[tokio::test]
async fn an_endpoint_that_wants_both_kinds_gets_them_in_order() {
    let world = Processing::start().await;
    let both = [
        MessageKind::ReturnsProcessingUpdate,
        MessageKind::ReturnOrderAck,
    ];
    world.world.add_endpoint("both", &both).await.unwrap();
    assert_eq!(world.send(&world.event).await.status(), 200);
    let mut tasks = world.tasks().await;
    tasks.retain(|task| task["endpointId"] == "both");
    assert_eq!(
        ways(&tasks),
        ["both RETURN_ORDER_ACK", "both RETURNS_PROCESSING_UPDATE"]
    );
}

#[tokio::test]
async fn a_call_is_one_transaction_and_one_send_for_ten_messages() {
    let world = Processing::start_on(BackendOptions {
        count_calls: true,
        ..BackendOptions::default()
    })
    .await;
    // The key is read once a minute.
    world.process(&results(&[passed("I10099")])).await.told();
    let calls = async |body: &Value| {
        let before = world.world.backends.calls();
        world.process(body).await.told();
        let mut after = world.world.backends.calls();
        after.retain(|name, count| {
            *count -= before.get(name).unwrap_or(&0);
            *count > 0
        });
        after.into_iter().collect::<Vec<_>>()
    };
    let named = |calls: &[(&str, u64)]| -> Vec<(String, u64)> {
        let calls = calls.iter();
        calls
            .map(|(name, count)| ((*name).to_owned(), *count))
            .collect()
    };
    // The return order and the pushes about it; its parcel with the version of the configuration.
    let one_send = [
        ("AmazonSQS.SendMessageBatch", 1),
        ("DynamoDB_20120810.BatchGetItem", 1),
        ("DynamoDB_20120810.Query", 2),
        ("DynamoDB_20120810.TransactWriteItems", 1),
    ];
    assert_eq!(calls(&results(&[passed(PASSED)])).await, named(&one_send));
    for number in 0..12 {
        let kinds = [MessageKind::ReturnsProcessingUpdate];
        let id = format!("more-{number}");
        world.world.add_endpoint(&id, &kinds).await.unwrap();
    }
    // The changed configuration is seen at once: its endpoints are read again.
    let mut two_sends = one_send;
    two_sends[0].1 = 2;
    two_sends[2].1 = 3;
    assert_eq!(calls(&results(&[failed(FAILED)])).await, named(&two_sends));
}

#[tokio::test]
async fn any_code_is_named_in_the_body() {
    let world = Processing::start().await;
    for code in ["R/1 #?%", "50%25", "ä b", "processing"] {
        world.add("demo", code).await;
        let mut body = results(&[passed(PASSED)]);
        body["returnOrderCode"] = json!(code);
        let event = world.event.clone();
        let event = event.asking("POST", "/return-orders/processing", "");
        let event = event.without_path_parameters().with_body(&body);
        let answer = world.send(&event).await;
        assert_eq!(answer.told().0, "PARTIALLY_PROCESSED");
        assert_eq!(answer.body["returnOrderCode"], code);
        assert_eq!(world.stored(code).await.events.len(), 1);
        // The path has it as the gateway decoded it.
        let in_path = world
            .event
            .clone()
            .with_path_parameter("returnOrderCode", code);
        let again = world
            .send(&in_path.with_body(&results(&[passed(PASSED)])))
            .await;
        assert_eq!(again.told(), answer.told());
    }
    let stored = world.stored(CODE).await;
    assert!(stored.events.is_empty());
}

#[tokio::test]
async fn a_return_that_arrived_or_is_lost_is_processed() {
    for way in [true, false] {
        let world = Processing::start().await;
        if way {
            world.happens(CODE, ReturnEvent::Received).await;
        } else {
            world.is_pushed(NotificationType::Lost).await;
        }
        let answer = world.send(&world.event).await;
        assert_eq!(answer.told().0, "PARTIALLY_PROCESSED");
    }
}
