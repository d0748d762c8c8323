//! Messages that go to the dead-letter queue.

use aws_sdk_sqs::types::{Message, MessageSystemAttributeName};
use local::handler_world::HandlerWorld;
use serde_json::json;

use crate::notification_forward::world::{app, event, left};

#[tokio::test]
async fn only_the_unreadable_message_goes_to_the_dead_letter_queue() {
    let world = HandlerWorld::start().await.unwrap();
    let mut event = event();
    let mut unreadable = event["Records"][0].clone();
    unreadable["messageId"] = json!("c80e8021-a70a-42c7-a470-796e1186f753");
    unreadable["body"] = json!("no task");
    event["Records"]
        .as_array_mut()
        .unwrap()
        .insert(0, unreadable);
    assert!(left(&app(&world), event).await.is_empty());
    assert_eq!(world.sink.received().len(), 1);
    let aside = aside(&world).await;
    let bodies: Vec<_> = aside
        .iter()
        .map(|message| message.body().unwrap())
        .collect();
    assert_eq!(bodies, ["no task"]);
}

/// The messages in the dead-letter queue.
async fn aside(world: &HandlerWorld) -> Vec<Message> {
    let received = world
        .backends
        .sqs_client()
        .receive_message()
        .queue_url(world.queue_url("DeliveryDeadLetterQueue").unwrap())
        .max_number_of_messages(10)
        .message_system_attribute_names(MessageSystemAttributeName::All)
        .message_attribute_names("All");
    received.send().await.unwrap().messages.unwrap_or_default()
}

#[tokio::test]
async fn dead_letters_have_their_reason_and_lane() {
    let world = HandlerWorld::start().await.unwrap();
    let mut event = event();
    let mut unreadable = event["Records"][0].clone();
    unreadable["body"] = json!("no task");
    unreadable["messageId"] = json!("first");
    let mut brought_back = unreadable.clone();
    brought_back["messageId"] = json!("second");
    // The queue's own redrive keeps a message's group and attributes.
    brought_back["attributes"]["MessageGroupId"] = json!("first");
    brought_back["messageAttributes"] =
        json!({ "lane": { "dataType": "String", "stringValue": "demo:demo-sink:3" } });
    event["Records"] = json!([unreadable, brought_back]);
    let lane = event["Records"][0]["attributes"]["MessageGroupId"].clone();
    assert!(left(&app(&world), event).await.is_empty());

    let aside = aside(&world).await;
    assert_eq!(aside.len(), 2);
    for message in aside {
        let system = message.attributes.unwrap();
        let group = system[&MessageSystemAttributeName::MessageGroupId].as_str();
        let beside = message.message_attributes.unwrap();
        let text = |name: &str| beside[name].string_value().unwrap();
        assert_eq!(text("reason"), "the message cannot be read");
        match group {
            "first" => assert_eq!(text("lane"), lane),
            _ => assert_eq!((group, text("lane")), ("second", "demo:demo-sink:3")),
        }
    }
}
