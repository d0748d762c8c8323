//! What operators are told of an endpoint.

use local::handler_world::HandlerWorld;
use logistics::domain::message::MessageKind;
use serde_json::{Value, json};

use crate::notification_forward::world::{answer, app, left, task, young};

/// The operator events in the delivery queue, each with its endpoint. They are of one subject, so the queue hands them out one
/// by one.
async fn told(world: &HandlerWorld) -> Vec<(String, Value)> {
    let sqs = world.backends.sqs_client();
    let queue = world.queue_url("DeliveryQueue").unwrap();
    let mut told = Vec::new();
    loop {
        let receive = sqs.receive_message().queue_url(&queue);
        let Some(messages) = receive.send().await.unwrap().messages else {
            return told;
        };
        for message in messages {
            let task: Value = serde_json::from_str(message.body().unwrap()).unwrap();
            assert_eq!(task["messageKind"], "OPERATOR_EVENT");
            let body = serde_json::from_str(task["payload"].as_str().unwrap()).unwrap();
            told.push((task["endpointId"].as_str().unwrap().to_owned(), body));
            let handle = message.receipt_handle.unwrap();
            let delete = sqs.delete_message().queue_url(&queue);
            delete.receipt_handle(handle).send().await.unwrap();
        }
    }
}

#[tokio::test]
async fn an_endpoint_that_is_gone_is_told_to_another_one_once_for_all_its_deliveries() {
    let world = HandlerWorld::start().await.unwrap();
    world
        .add_endpoint("ops", &[MessageKind::OperatorEvent])
        .await
        .unwrap();
    let app = app(&world);
    answer(&world, 410);
    let first = young();
    let mut second = young();
    let mut other = task(&second);
    other["record"]["sk"] = json!("Fother#demo-sink");
    other["deliveryId"] = json!("dlv_other_demo-sink");
    second["Records"][0]["body"] = json!(other.to_string());
    for event in [first, second] {
        assert!(left(&app, event).await.is_empty());
    }
    let told = told(&world).await;
    let events: Vec<_> = told
        .iter()
        .map(|(endpoint, body)| {
            [
                json!(endpoint),
                body["event"].clone(),
                body["reason"].clone(),
            ]
        })
        .collect();
    assert!(
        told.iter()
            .all(|(_, body)| body["endpointId"] == "demo-sink")
    );
    let expected = json!([
        ["ops", "ENDPOINT_DISABLED", "GONE"],
        ["ops", "DELIVERIES_GIVEN_UP", "REJECTED"],
        ["ops", "DELIVERIES_GIVEN_UP", "DISABLED"],
    ]);
    assert_eq!(json!(events), expected);
}

#[tokio::test]
async fn an_endpoint_is_not_told_of_itself() {
    let world = HandlerWorld::start().await.unwrap();
    let app = app(&world);
    answer(&world, 410);
    assert!(left(&app, young()).await.is_empty());
    assert!(told(&world).await.is_empty());
}
