//! `cargo local dlq`: buried messages are listed, shown and replayed, and nothing is lost or delivered twice.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use aws_sdk_sqs::types::{Message, MessageSystemAttributeName};
use clap::Parser;
use local::backends::{Instead, Interceptor, Moment};
use local::stack::Options;
use logistics::domain::delivery::DeliveryRecord;
use logistics::queue::task::{DeliveryTask, Task};
use logistics::store::delivering::deliveries::Deliveries;
use logistics::store::keys::Key;
use operator::dlq::{self, DlqCommand};
use reqwest::StatusCode;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::notifications::world::{World, event, told, webhook_id};

#[derive(Debug, Parser)]
struct CommandLine {
    #[command(subcommand)]
    command: DlqCommand,
}

/// A stack whose delivery queue is not polled until it is released.
struct Graveyard {
    world: World,
    directory: TempDir,
}

impl Graveyard {
    async fn dig() -> Self {
        Self::with(None).await
    }

    async fn with(interceptor: Option<Interceptor>) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let world = World::with(Options {
            hold_queues: true,
            publish: Some(directory.path().join("stack.json")),
            interceptor,
            ..Options::default()
        })
        .await;
        Self { world, directory }
    }

    /// The output of the command.
    async fn said(&self, words: &[&str]) -> anyhow::Result<String> {
        let words = ["dlq"].iter().chain(words);
        let line = CommandLine::try_parse_from(words)?;
        let published = self.directory.path().join("stack.json");
        let (text, _) = dlq::run(line.command, &published).await?;
        Ok(text)
    }

    async fn json(&self, words: &[&str]) -> Value {
        let said = self.said(&[words, &["--json"]].concat()).await.unwrap();
        serde_json::from_str(&said).unwrap()
    }

    /// The messages in a listing.
    async fn listed(&self) -> Vec<Value> {
        let listing = self.json(&["list"]).await;
        listing["messages"].as_array().unwrap().clone()
    }

    async fn replayed(&self, words: &[&str]) -> u64 {
        let answer = self.json(&[&["replay"], words].concat()).await;
        answer["replayed"].as_u64().unwrap()
    }

    /// Makes the function bury every message in the delivery queue, as if each had crashed it.
    async fn bury(&self) {
        let client = self.world.stack.backends().sqs_client();
        let url = &self.world.stack.resources().queue_urls["DeliveryQueue"];
        loop {
            let received = client
                .receive_message()
                .queue_url(url)
                .max_number_of_messages(10)
                .message_system_attribute_names(MessageSystemAttributeName::All);
            let messages = received.send().await.unwrap().messages.unwrap_or_default();
            if messages.is_empty() {
                break;
            }
            for message in messages {
                self.crash(&message).await;
                let delete = client.delete_message().queue_url(url);
                let delete = delete.receipt_handle(message.receipt_handle.unwrap());
                delete.send().await.unwrap();
            }
        }
    }

    async fn crash(&self, message: &Message) {
        let body = message.body.as_ref().unwrap();
        if let Ok(Task::Delivery(task)) = serde_json::from_str(body) {
            self.mark_as_deadly(&task).await;
        }
        let attributes = message.attributes.as_ref().unwrap();
        let record = json!({
            "messageId": message.message_id,
            "receiptHandle": message.receipt_handle,
            "body": body,
            "attributes": {
                "ApproximateReceiveCount": "50",
                "MessageGroupId": attributes[&MessageSystemAttributeName::MessageGroupId],
            },
            "messageAttributes": {},
        });
        let event = json!({ "Records": [record] }).to_string();
        let answer = self.world.stack.invoke("notification-forward", event).await;
        let answer: Value = serde_json::from_slice(&answer.unwrap()).unwrap();
        assert_eq!(answer["batchItemFailures"], json!([]));
    }

    /// Sets a delivery's record to the maximum number of crashes.
    async fn mark_as_deadly(&self, task: &DeliveryTask) {
        let key = Key {
            pk: task.record.pk.clone(),
            sk: task.record.sk.clone(),
        };
        let table = self.world.table("NotificationsTable").to_owned();
        let record = DeliveryRecord {
            begun: 5,
            ..DeliveryRecord::new(None)
        };
        let deliveries = Deliveries::new(self.world.dynamodb(), table);
        assert!(deliveries.put(&key, &record, 0).await.unwrap());
    }

    async fn pushed(&self, order: &str, kind: &str) -> String {
        self.world.pushed(&event(order, kind), "ACCEPTED").await
    }

    /// Starts polling again.
    fn release(&mut self) {
        Arc::get_mut(&mut self.world.stack)
            .unwrap()
            .release_queues();
    }
}

fn without_age(mut listed: Vec<Value>) -> Vec<Value> {
    for one in &mut listed {
        assert!(one["ageSeconds"].as_i64().unwrap() >= 0);
        one["ageSeconds"] = Value::Null;
    }
    listed
}

#[tokio::test]
async fn a_listing_shows_every_message_and_no_personal_data() {
    let graveyard = Graveyard::dig().await;
    assert_eq!(
        graveyard.said(&["list"]).await.unwrap(),
        "The dead-letter queues are empty."
    );
    let id = graveyard.pushed("private-order", "SHIPPED").await;
    let strange = ["private garbage", "{\"kind\":\"delivery.v2\"}", "[]"];
    for body in strange {
        let world = &graveyard.world;
        world.send("DeliveryQueue", "demo:demo-sink:7", body).await;
    }
    graveyard.bury().await;

    let listed = graveyard.listed().await;
    assert_eq!(listed.len(), 4);
    let unreadable: Vec<_> = listed
        .iter()
        .filter(|one| one["clientId"].is_null())
        .collect();
    assert_eq!(unreadable.len(), strange.len());
    for one in &unreadable {
        assert_eq!(one["reason"], "the message cannot be read");
        assert_eq!(one["lane"], "demo:demo-sink:7");
    }
    assert!(unreadable.iter().any(|one| one["kind"] == "delivery.v2"));
    let task = listed
        .iter()
        .find(|one| !one["clientId"].is_null())
        .unwrap();
    assert_eq!(
        task["reason"],
        "the message crashed the function repeatedly"
    );
    assert_eq!(task["kind"], "delivery.v1");
    assert_eq!(task["clientId"], "demo");
    assert_eq!(task["endpointId"], "demo-sink");
    assert_eq!(task["deliveryId"], webhook_id(&id, "demo-sink"));
    assert_eq!(task["orderHash"], id.split('_').nth(1).unwrap());

    // All messages were made visible again: the next command sees the same.
    assert_eq!(
        without_age(graveyard.listed().await),
        without_age(listed.clone())
    );
    let text = graveyard.said(&["list"]).await.unwrap();
    // Below the names of the columns.
    assert_eq!(text.lines().count(), 5, "{text}");
    for said in [text, json!(listed).to_string()] {
        for private in ["private", "AWB-", "sku-1", "Delhivery"] {
            assert!(!said.contains(private), "{private} in {said}");
        }
    }
}

#[tokio::test]
async fn one_message_is_shown_and_its_payload_only_on_request() {
    let graveyard = Graveyard::dig().await;
    graveyard.pushed("private-order", "SHIPPED").await;
    let world = &graveyard.world;
    world
        .send("DeliveryQueue", "a group", "private garbage")
        .await;
    graveyard.bury().await;
    for one in graveyard.listed().await {
        let id = one["messageId"].as_str().unwrap();
        let shown = graveyard.json(&["show", id]).await;
        assert_eq!(shown["messageId"], id);
        assert!(!shown.to_string().contains("private"), "{shown}");
        let text = graveyard.said(&["show", id]).await.unwrap();
        assert!(text.contains(id) && !text.contains("private"), "{text}");

        let whole = graveyard.json(&["show", id, "--payload"]).await;
        let payload = whole["payload"].as_str().unwrap();
        if one["clientId"].is_null() {
            assert_eq!(payload, "private garbage");
            assert!(shown.get("task").is_none());
        } else {
            let payload: Value = serde_json::from_str(payload).unwrap();
            assert_eq!(payload["forwardOrderCode"], "private-order");
            assert_eq!(shown["task"]["deliveryId"], one["deliveryId"]);
        }
    }
    let error = graveyard.said(&["show", "unknown"]).await.unwrap_err();
    assert!(error.to_string().contains("unknown"), "{error}");
}

#[tokio::test]
async fn each_filter_replays_its_own_and_leaves_the_rest() {
    let mut graveyard = Graveyard::dig().await;
    let world = &graveyard.world;
    world
        .add_endpoint("demo", "second", &world.sink_path("/second"))
        .await;
    let mut ids = Vec::new();
    for (order, kind) in [
        ("a", "SHIPPED"),
        ("a", "DELIVERED"),
        ("b", "SHIPPED"),
        ("c", "LOST"),
    ] {
        ids.push(graveyard.pushed(order, kind).await);
    }
    let world = &graveyard.world;
    world.send("DeliveryQueue", "a group", "garbage").await;
    graveyard.bury().await;
    let listed = graveyard.listed().await;
    assert_eq!(listed.len(), 9);

    for unmatched in [
        ["--order", "x"],
        ["--awb", "a"],
        ["--endpoint", "sink"],
        ["--since", "2999-01-01T00:00:00Z"],
    ] {
        assert_eq!(graveyard.replayed(&unmatched).await, 0, "{unmatched:?}");
    }
    assert_eq!(
        graveyard
            .replayed(&["--order", "a", "--endpoint", "second"])
            .await,
        2
    );
    assert_eq!(graveyard.replayed(&["--order", "a"]).await, 2);
    assert_eq!(graveyard.replayed(&["--awb", "AWB-b"]).await, 2);
    assert_eq!(graveyard.replayed(&["--endpoint", "second"]).await, 1);
    let since = listed[0]["buriedAt"].as_str().unwrap();
    let answer = graveyard.json(&["replay", "--since", since]).await;
    assert_eq!(answer["replayed"], 1);
    let left = graveyard.listed().await;
    assert_eq!(left.len(), 1);
    assert_eq!(answer["skipped"][0]["messageId"], left[0]["messageId"]);
    assert_eq!(answer["skipped"][0]["reason"], "the message cannot be read");

    // The function was stopped until now. It delivers in the lanes' order, with the ids of the deliveries.
    graveyard.release();
    let arrived = graveyard.world.arrived(8).await;
    for (path, endpoint) in [("/webhooks/rms", "demo-sink"), ("/second", "second")] {
        let mut there = arrived.clone();
        there.retain(|request| request.path == path);
        let place = |what: &str| told(&there).iter().position(|told| told == what).unwrap();
        assert!(place("a SHIPPED") < place("a DELIVERED"));
        for id in &ids {
            let webhook_id = webhook_id(id, endpoint);
            let request = there
                .iter()
                .find(|request| request.headers["webhook-id"] == webhook_id)
                .unwrap();
            assert_eq!(request.headers["webhook-replayed"], "true");
        }
    }
}

#[tokio::test]
async fn a_replay_that_is_repeated_delivers_once() {
    let fails = Arc::new(AtomicBool::new(false));
    let failing = Arc::clone(&fails);
    let interceptor = Interceptor::new(move |call| {
        let is_deletion = call.target.ends_with("DeleteMessage")
            && call.moment == Moment::BeforeEffect
            && String::from_utf8_lossy(&call.request).contains("DeadLetter");
        (is_deletion && failing.load(Ordering::SeqCst)).then(|| Instead {
            status: StatusCode::INTERNAL_SERVER_ERROR,
            body: "{}".to_owned(),
        })
    });
    let mut graveyard = Graveyard::with(Some(interceptor)).await;
    graveyard.pushed("once", "SHIPPED").await;
    graveyard.bury().await;
    let message_id = graveyard.listed().await[0]["messageId"].clone();
    let shown = graveyard
        .json(&["show", message_id.as_str().unwrap(), "--payload"])
        .await;

    // The copy is sent, but the message cannot be deleted: it is still in the queue and visible.
    fails.store(true, Ordering::SeqCst);
    let error = graveyard.said(&["replay"]).await.unwrap_err();
    let error = format!("{error:#}");
    assert!(error.contains("it is safe to replay it again"), "{error}");
    fails.store(false, Ordering::SeqCst);
    assert_eq!(graveyard.listed().await[0]["messageId"], message_id);
    assert_eq!(graveyard.replayed(&[]).await, 1);
    assert_eq!(graveyard.replayed(&[]).await, 0);
    graveyard.release();
    graveyard.world.arrived(1).await;
    graveyard.world.settled().await;

    // The record prevents a second delivery even after the queue's deduplication has expired.
    let mut task = shown["task"].clone();
    task["payload"] = shown["payload"].clone();
    let lane = shown["lane"].as_str().unwrap();
    let world = &graveyard.world;
    world
        .send("DeliveryDeadLetterQueue", lane, &task.to_string())
        .await;
    assert_eq!(graveyard.replayed(&[]).await, 1);
    graveyard.world.settled().await;
    assert_eq!(graveyard.world.sink().received().len(), 1);
}

/// A message moved by SQS keeps its group, and the queue shows only the head of a group.
#[tokio::test]
async fn messages_hidden_in_a_group_are_announced_and_replayed_in_order() {
    let graveyard = Graveyard::dig().await;
    let tasks = ["first", "second", "third"]
        .map(|id| crate::notifications::batches::Message::new(id, "", "sink"));
    for task in &tasks {
        let world = &graveyard.world;
        world
            .send("DeliveryDeadLetterQueue", "demo:sink:3", &task.body())
            .await;
    }
    let listing = graveyard.json(&["list"]).await;
    assert_eq!(listing["mayBeMore"], true);
    let first = &listing["messages"][0];
    assert_eq!(first["deliveryId"], "dlv_batch_first_sink");
    assert_eq!(first["lane"], "demo:sink:3");
    assert_eq!(graveyard.replayed(&[]).await, 3);
    assert_eq!(graveyard.world.depth("DeliveryQueue").await, 3);
    assert_eq!(graveyard.world.depth("DeliveryDeadLetterQueue").await, 0);
}
