//! Batches as in AWS, with several messages of a group. The tests invoke the function directly, because the embedded SQS
//! returns one message of a group at a time. (`.ci/second-opinion` runs all of these tests with an SQS that returns several.)

use std::sync::Arc;

use local::sink::Behaviour;
use local::stack::Options;
use serde_json::{Value, json};

use crate::notifications::world::{World, body, event};

/// A message of the delivery queue in Lambda's form.
pub(crate) struct Message<'a> {
    pub(crate) id: &'a str,
    pub(crate) group: &'a str,
    pub(crate) endpoint: &'a str,
    pub(crate) receive_count: u32,
}

impl<'a> Message<'a> {
    pub(crate) fn new(id: &'a str, group: &'a str, endpoint: &'a str) -> Self {
        Self {
            id,
            group,
            endpoint,
            receive_count: 1,
        }
    }

    pub(crate) fn body(&self) -> String {
        json!({
            "kind": "delivery.v1",
            "clientId": "demo",
            "endpointId": self.endpoint,
            "deliveryId": format!("dlv_batch_{}_{}", self.id, self.endpoint),
            "record": { "pk": "demo#batch", "sk": format!("{}#{}", self.id, self.endpoint) },
            "acceptedAt": jiff::Timestamp::now().as_millisecond(),
            "generation": 0,
            "resend": false,
            "payload": json!({ "message": self.id }).to_string(),
        })
        .to_string()
    }

    fn record(&self) -> Value {
        json!({
            "messageId": self.id,
            "receiptHandle": format!("handle-of-{}", self.id),
            "body": self.body(),
            "attributes": {
                "ApproximateReceiveCount": self.receive_count.to_string(),
                "MessageGroupId": self.group,
            },
            "messageAttributes": {},
            "eventSource": "aws:sqs",
            "eventSourceARN": "arn:aws:sqs:us-east-1:000000000000:DeliveryQueue.fifo",
            "awsRegion": "us-east-1",
        })
    }
}

impl World {
    /// Runs the function on a batch; returns the messages that it reports as failed.
    pub(crate) async fn forward(&self, batch: &[Message<'_>]) -> Vec<String> {
        let records: Vec<Value> = batch.iter().map(Message::record).collect();
        let event = json!({ "Records": records }).to_string();
        let answer = self.stack.invoke("notification-forward", event).await;
        let answer: Value = serde_json::from_slice(&answer.unwrap()).unwrap();
        let failures = answer["batchItemFailures"].as_array().unwrap();
        failures
            .iter()
            .map(|failure| failure["itemIdentifier"].as_str().unwrap().to_owned())
            .collect()
    }

    /// Number of attempts of a message of a batch.
    async fn attempts(&self, id: &str, endpoint: &str) -> Option<String> {
        let key = logistics::store::keys::Key {
            pk: "demo#batch".to_owned(),
            sk: format!("{id}#{endpoint}"),
        };
        let item = self.item(&key).await;
        Some(item.get("attempts")?.as_n().unwrap().clone())
    }

    fn messages(&self) -> Vec<String> {
        let received = self.sink().received();
        received
            .iter()
            .map(|request| body(request)["message"].as_str().unwrap().to_owned())
            .collect()
    }
}

#[tokio::test]
async fn a_group_is_processed_in_sequence() {
    let world = World::start().await;
    let ids: Vec<String> = (0..10).map(|number| format!("m{number}")).collect();
    let batch: Vec<_> = ids
        .iter()
        .map(|id| Message::new(id, "lane", "demo-sink"))
        .collect();
    assert!(world.forward(&batch).await.is_empty());
    assert_eq!(world.messages(), ids);
}

#[tokio::test]
async fn after_a_failed_head_no_message_of_its_group_is_attempted() {
    let world = World::start().await;
    let failing = format!("{}/nowhere", world.stack.simulator_url());
    world.add_endpoint("demo", "failing", &failing).await;
    let batch = [
        Message::new("a1", "a", "failing"),
        Message::new("b1", "b", "demo-sink"),
        Message::new("a2", "a", "demo-sink"),
        Message::new("b2", "b", "demo-sink"),
        Message::new("a3", "a", "demo-sink"),
    ];
    assert_eq!(world.forward(&batch).await, ["a1", "a2", "a3"]);
    assert_eq!(world.messages(), ["b1", "b2"]);
    assert_eq!(world.attempts("a1", "failing").await.unwrap(), "1");
    assert_eq!(world.attempts("a2", "demo-sink").await, None);
    assert_eq!(world.attempts("b2", "demo-sink").await.unwrap(), "1");
}

#[tokio::test]
async fn a_message_fails_in_the_middle_of_its_group() {
    let world = World::start().await;
    world.behave(Behaviour {
        status: 500,
        fail_next: Some(1),
        ..Behaviour::default()
    });
    let again = ["first", "second"].map(|id| Message::new(id, "lane", "demo-sink"));
    assert_eq!(world.forward(&again).await, ["first", "second"]);
    assert!(world.forward(&again).await.is_empty());
    assert_eq!(world.messages(), ["first", "first", "second"]);
    // Received again, because its deletion was lost: the delivery has already ended.
    let late = [Message {
        receive_count: 3,
        ..Message::new("second", "lane", "demo-sink")
    }];
    assert!(world.forward(&late).await.is_empty());
    assert_eq!(world.messages().len(), 3);
}

#[tokio::test]
async fn a_poisoned_message_holds_up_no_other_of_its_group() {
    let world = World::start().await;
    let mut records: Vec<Value> = ["one", "two", "three"]
        .iter()
        .map(|id| Message::new(id, "lane", "demo-sink").record())
        .collect();
    records[1]["body"] = json!("{ poison");
    let event = json!({ "Records": records }).to_string();
    let answer = world.stack.invoke("notification-forward", event).await;
    let answer: Value = serde_json::from_slice(&answer.unwrap()).unwrap();
    assert_eq!(answer["batchItemFailures"], json!([]));
    assert_eq!(world.messages(), ["one", "three"]);
    assert_eq!(world.buried(1).await, ["{ poison"]);
}

/// Each failure of a group's head returns the rest of the group unattempted, which still counts as a receive.
#[tokio::test]
async fn a_message_that_waited_long_behind_others_is_not_buried() {
    let world = World::start().await;
    let patient = [Message {
        receive_count: 50,
        ..Message::new("patient", "lane", "demo-sink")
    }];
    assert!(world.forward(&patient).await.is_empty());
    assert_eq!(world.messages(), ["patient"]);
    assert_eq!(world.depth("DeliveryDeadLetterQueue").await, 0);
}

/// A queue that returns several messages of a group delivers them in batches of ten, and they are returned together.
#[tokio::test]
async fn a_lane_s_backlog_is_delivered_in_order_despite_failures_of_its_heads() {
    let mut world = World::with(Options {
        hold_queues: true,
        ..Options::default()
    })
    .await;
    world.behave(Behaviour {
        status: 500,
        fail_next: Some(2),
        ..Behaviour::default()
    });
    let steps: Vec<String> = (0..15).map(|step| step.to_string()).collect();
    for step in &steps {
        let mut push = event("backlog", "TRANSIT");
        push["eventId"] = json!(step);
        push["items"][0]["sku"] = json!(step);
        world.pushed(&push, "ACCEPTED").await;
    }
    Arc::get_mut(&mut world.stack).unwrap().release_queues();
    let arrived = world.arrived(steps.len() + 2).await;
    world.settled().await;
    let told: Vec<Value> = arrived
        .iter()
        .map(|request| body(request)["items"][0]["sku"].take())
        .collect();
    // The head fails twice, and no later message is attempted meanwhile.
    assert_eq!(told[..2], ["0", "0"]);
    assert_eq!(told[2..], steps);
    assert_eq!(world.sink().received().len(), steps.len() + 2);
}
