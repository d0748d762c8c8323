//! The operator's commands on real tables and queues.

mod doctor;

use aws_sdk_sqs::types::MessageAttributeValue;
use clap::Parser;
use jiff::{SignedDuration, Timestamp};
use local::handler_world::HandlerWorld;
use local::handler_world::stored::facts;
use logistics::domain::claim::Standing;
use logistics::domain::claim_record::ShipmentRecord;
use logistics::domain::shipment::ShipmentType;
use logistics::domain::shipment_id::ShipmentId;
use logistics::store::booking::shipments::Shipments;
use operator::command::{self, OperatorCommand, Told};
use operator::dlq::Source;
use serde_json::{Value, json};
use tempfile::TempDir;

#[derive(Debug, Parser)]
struct CommandLine {
    #[command(subcommand)]
    command: OperatorCommand,
}

/// A stack without functions, which has published itself.
struct Operated {
    world: HandlerWorld,
    directory: TempDir,
}

impl Operated {
    async fn start() -> Self {
        let world = HandlerWorld::start().await.unwrap();
        let directory = tempfile::tempdir().unwrap();
        let published = serde_json::to_vec(&world.running_stack()).unwrap();
        std::fs::write(directory.path().join("stack.json"), published).unwrap();
        Self { world, directory }
    }

    async fn told(&self, line: &str) -> anyhow::Result<Told> {
        let words = ["rms"].into_iter().chain(line.split(' '));
        let command = CommandLine::try_parse_from(words)?.command;
        let file = self.directory.path().join("stack.json");
        command::run(command, &file, |_| anyhow::bail!("no local stack")).await
    }

    async fn text(&self, line: &str) -> String {
        self.told(line).await.unwrap().text
    }

    async fn json(&self, line: &str) -> Value {
        serde_json::from_str(&self.text(&format!("{line} --json")).await).unwrap()
    }

    fn shipments(&self) -> Shipments {
        let table = self.world.table("ShipmentsTable").unwrap();
        Shipments::new(self.world.backends.dynamodb_client(), table)
    }

    fn order(&self, number: &str) -> ShipmentId {
        ShipmentId {
            client_id: self.world.demo.client_id.parse().unwrap(),
            shipment_type: ShipmentType::Forward,
            order_number: number.parse().unwrap(),
            shipment_code: None,
        }
    }

    /// An order that was claimed at this time, and whose claim stands like this now.
    async fn claimed(&self, number: &str, at: Timestamp, now: Standing) {
        let id = self.order(number);
        let facts = facts(&id, "magic", "RMS_MAGIC").unwrap();
        let claim = ShipmentRecord::claimed(facts, "digest".to_owned(), "holder".to_owned(), at);
        let shipments = self.shipments();
        shipments.claim(&id, &claim).await.unwrap();
        if now != Standing::Claimed {
            assert!(shipments.stand(&id, claim.seen(), now).await.unwrap());
        }
    }

    /// Puts a message into a queue; one that the function buries has a lane.
    async fn send(&self, queue: &str, group: &str, body: &str, lane: Option<&str>) {
        let lane = lane.map(|lane| {
            let lane = MessageAttributeValue::builder().string_value(lane);
            lane.data_type("String").build().unwrap()
        });
        let lane = lane.map(|lane| [("lane".to_owned(), lane)].into());
        self.world
            .backends
            .sqs_client()
            .send_message()
            .queue_url(self.world.queue_url(queue).unwrap())
            .message_body(body)
            .message_group_id(group)
            .message_deduplication_id(format!("{group} {body}"))
            .set_message_attributes(lane)
            .send_with(&self.world.backends.sqs_client())
            .await
            .unwrap();
    }
}

const READING: &str = r#"{"kind":"return.v1","clientId":"demo","alias":"returns","returnId":"65f0c0ffee0123456789abcd","requestId":"r-1"}"#;

#[tokio::test]
async fn orders_in_doubt_are_those_without_a_known_outcome() {
    let operated = Operated::start().await;
    assert_eq!(
        operated.text("orders in-doubt").await,
        "No order is in doubt."
    );
    let now = Timestamp::now();
    let before = now - SignedDuration::from_mins(20);
    for (number, at, standing) in [
        ("uncertain", now, Standing::Uncertain),
        ("interrupted", before, Standing::Claimed),
        ("being-booked", now, Standing::Claimed),
        ("released", now, Standing::Released),
        ("queued", now, Standing::Pending),
        ("ordered", now, Standing::Ordered),
        ("booked", now, Standing::Booked),
    ] {
        operated.claimed(number, at, standing).await;
    }
    let client = operated.world.demo.client_id.clone();
    for line in [
        "orders in-doubt".to_owned(),
        format!("orders in-doubt --client {client}"),
    ] {
        let found = operated.json(&line).await;
        let found = found.as_array().unwrap();
        let named = |order: &Value| (order["orderNumber"].clone(), order["reason"].clone());
        let mut named: Vec<_> = found.iter().map(named).collect();
        named.sort_by_key(|(number, _)| number.to_string());
        assert_eq!(
            named,
            [
                (json!("interrupted"), json!("INTERRUPTED")),
                (json!("uncertain"), json!("UNCERTAIN")),
            ]
        );
        assert_eq!(found[0]["clientId"], client);
        assert_eq!(found[0]["alias"], "magic");
    }
    assert_eq!(
        operated.json("orders in-doubt --client another").await,
        json!([])
    );
    let text = operated.text("orders in-doubt").await;
    assert_eq!(text.lines().count(), 3, "{text}");
}

#[tokio::test]
async fn an_order_that_is_taken_over_is_in_doubt_again_since_it_began() {
    let operated = Operated::start().await;
    operated
        .claimed("again", Timestamp::now(), Standing::Ordered)
        .await;
    assert_eq!(operated.json("orders in-doubt").await, json!([]));
    let (shipments, id) = (operated.shipments(), operated.order("again"));
    let ordered = shipments.get(&id).await.unwrap().unwrap();
    let lease = Timestamp::now() - SignedDuration::from_secs(1);
    let taken = shipments.take_over(&id, ordered.seen(), "next", lease);
    assert!(taken.await.unwrap());
    let found = operated.json("orders in-doubt").await;
    assert_eq!(found[0]["reason"], "INTERRUPTED");
    let since = found[0]["since"].clone();
    let claimed = shipments.get(&id).await.unwrap().unwrap();
    let taken = shipments.take_over(&id, claimed.seen(), "third", lease);
    assert!(taken.await.unwrap());
    assert_eq!(operated.json("orders in-doubt").await[0]["since"], since);
}

#[tokio::test]
async fn a_client_and_its_keys_are_listed_created_and_revoked() {
    let operated = Operated::start().await;
    let created = operated.json("client create Acme").await;
    let client = created["clientId"].as_str().unwrap();
    let listed = operated.json("client list").await;
    let acme = json!({ "clientId": client, "apiKeys": 1 });
    assert!(listed.as_array().unwrap().contains(&acme), "{listed}");

    let line = format!("key create {client} --label OMS --scope shipping --days 30");
    let new = operated.json(&line).await;
    let (key_id, key) = (
        new["keyId"].as_str().unwrap(),
        new["apiKey"].as_str().unwrap(),
    );
    let list = format!("key list {client}");
    let keys = operated.json(&list).await;
    let oms = keys.as_array().unwrap().iter();
    let oms = oms.clone().find(|key| key["keyId"] == key_id).unwrap();
    assert_eq!(oms["scopes"], json!(["shipping"]));
    assert!(oms["expiresAt"].is_string());
    let text = operated.text(&list).await;
    assert!(text.contains("OMS") && !text.contains(key), "{text}");

    operated
        .text(&format!("key revoke {client} {key_id}"))
        .await;
    assert_eq!(operated.json(&list).await.as_array().unwrap().len(), 1);
    let again = operated
        .told(&format!("key revoke {client} {key_id}"))
        .await;
    assert_eq!(again.unwrap_err().to_string(), "not found");
    let line = format!("key create {client} --label a --scope everything");
    let wrong = operated.told(&line).await.unwrap_err();
    assert!(wrong.to_string().contains("everything"), "{wrong}");
}

#[tokio::test]
async fn dead_letters_of_every_queue_are_listed_by_one_id_replayed_and_dropped() {
    let operated = Operated::start().await;
    let dead = Source::Deliveries.dead_letters();
    operated
        .send(dead, "in-the-log", "garbage", Some("demo:demo-sink:7"))
        .await;
    let returns = Source::Returns.dead_letters();
    operated.send(returns, "a request", READING, None).await;

    let listed = operated.json("dlq list").await;
    let of = |queue: &str| {
        let mut messages = listed["messages"].as_array().unwrap().iter();
        messages
            .find(|message| message["queue"] == queue)
            .unwrap()
            .clone()
    };
    // The id is the one that the function logged, and not a second one of the dead-letter queue.
    assert_eq!(of("deliveries")["messageId"], "in-the-log");
    let reading = of("returns");
    assert_eq!(reading["alias"], "returns");
    assert_eq!(reading["returnId"], "65f0c0ffee0123456789abcd");
    assert_eq!(reading["kind"], "return.v1");
    let shown = operated.json("dlq show in-the-log --payload").await;
    assert_eq!(shown["payload"], "garbage");
    let one = operated.json("dlq list --queue returns").await;
    assert_eq!(one["messages"].as_array().unwrap().len(), 1);

    let none = operated.json("dlq replay --order 1").await;
    assert_eq!(none["replayed"], 0);
    let replayed = operated.told("dlq replay --json").await.unwrap();
    assert!(!replayed.is_well, "a message was skipped");
    let replayed: Value = serde_json::from_str(&replayed.text).unwrap();
    assert_eq!(replayed["replayed"], 1);
    assert_eq!(replayed["skipped"][0]["messageId"], "in-the-log");
    let text = operated.text("dlq replay").await;
    assert!(text.contains("dlq drop"), "{text}");
    let sqs = operated.world.backends.sqs_client();
    let received = sqs
        .receive_message()
        .queue_url(operated.world.queue_url("ChannelReadQueue").unwrap());
    let received = received.send().await.unwrap().messages.unwrap();
    assert_eq!(received[0].body.as_deref(), Some(READING));

    let dropped = operated.json("dlq drop in-the-log unknown").await;
    assert_eq!(
        dropped,
        json!({ "dropped": ["in-the-log"], "notFound": ["unknown"] })
    );
    assert_eq!(
        operated.text("dlq list").await,
        "The dead-letter queues are empty."
    );
    let error = operated.told("dlq drop in-the-log").await.unwrap_err();
    assert!(error.to_string().contains("in-the-log"), "{error}");
    assert!(operated.told("dlq drop").await.is_err());
    assert!(operated.told("dlq replay").await.unwrap().is_well);
}

#[tokio::test]
async fn recovery_and_unknown_codes_need_no_key() {
    let operated = Operated::start().await;
    let client = &operated.world.demo.client_id;
    let endpoint = "demo-sink";
    let recovered = operated.json(&format!("recover {client} {endpoint}")).await;
    assert_eq!(
        recovered,
        json!({ "matched": 0, "queued": 0, "expired": 0 })
    );
    let error = operated.told(&format!("recover {client} none")).await;
    assert_eq!(error.unwrap_err().to_string(), "not found");
    assert_eq!(
        operated.text("unmapped").await,
        "Every pushed code is known."
    );
}

#[tokio::test]
async fn a_sweep_queues_the_requests_for_returns_that_no_webhook_named() {
    let operated = Operated::start().await;
    let url = &operated.world.demo.channels["return-prime"].base_url;
    let request: Value = serde_json::from_str(include_str!(
        "../../../../docs/examples/return-prime-request.json"
    ))
    .unwrap();
    let body = json!({ "request": request["request"], "push": false }).to_string();
    let http = simulators::http_client::client().unwrap();
    let placed = http.post(format!("{url}/requests")).body(body).send();
    assert_eq!(placed.await.unwrap().status(), 200);

    assert_eq!(
        operated.json("returns sweep").await,
        json!({ "swept": true })
    );
    let sqs = operated.world.backends.sqs_client();
    let received = sqs
        .receive_message()
        .queue_url(operated.world.queue_url("ChannelReadQueue").unwrap());
    let received = received.send().await.unwrap().messages.unwrap_or_default();
    let body = received[0].body.as_deref().unwrap();
    assert!(body.contains("return.v1"), "{body}");
    let incomplete = operated.told("returns sweep --aws").await.unwrap_err();
    assert!(incomplete.to_string().contains("--keyring"), "{incomplete}");
}
