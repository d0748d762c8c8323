//! The operator's commands on real tables and queues.

use std::collections::BTreeMap;

use aws_sdk_sqs::types::MessageAttributeValue;
use clap::Parser;
use jiff::{SignedDuration, Timestamp};
use local::handler_world::HandlerWorld;
use local::handler_world::stored::{attempted, facts, notification};
use local::template::Template;
use logistics::domain::account::{PartnerAccount, PartnerKind};
use logistics::domain::claim::Standing;
use logistics::domain::claim_record::ShipmentRecord;
use logistics::domain::delivery::DeliveryState;
use logistics::domain::endpoint::{Disabled, DisabledReason};
use logistics::domain::endpoint_key::EndpointKey;
use logistics::domain::health::{Stage, Suspension, SuspensionReason};
use logistics::domain::notification::Identity;
use logistics::domain::shipment::ShipmentType;
use logistics::domain::shipment_id::ShipmentId;
use logistics::domain::text::ClientId;
use logistics::store::booking::shipments::Shipments;
use logistics::store::notifying::notifications::Stored;
use logistics::store::notifying::unmapped::UnmappedPlace;
use operator::command::{self, OperatorCommand, Told};
use operator::dlq::Source;
use operator::doctor::{EXPECTED_TABLES, State, alarms};
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
            .send()
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
async fn a_doctor_finds_a_new_stack_well_and_says_what_is_wrong() {
    let operated = Operated::start().await;
    let well = operated.told("doctor").await.unwrap();
    assert!(well.is_well, "{}", well.text);
    assert!(well.text.ends_with("Nothing is wrong."), "{}", well.text);
    // The page shows it, except for how far the clocks are apart, and with one of the tables.
    let words = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
    let page = include_str!("../../../../docs/deploy.md")
        .lines()
        .map(words);
    let page: Vec<_> = page.collect();
    let shown = well.text.lines().map(words);
    let shown = shown.filter(|line| !line.contains(" clock ") && !line.contains(" table "));
    let missing: Vec<_> = shown.filter(|line| !page.contains(line)).collect();
    assert!(missing.is_empty(), "docs/deploy.md has not: {missing:?}");

    operated
        .send("DeliveryDeadLetterQueue", "a", "b", None)
        .await;
    let dynamodb = operated.world.backends.dynamodb_client();
    let audit = operated.world.table("AuditTable").unwrap();
    dynamodb
        .delete_table()
        .table_name(audit)
        .send()
        .await
        .unwrap();
    let ill = operated.told("doctor --json").await.unwrap();
    assert!(!ill.is_well);
    let diagnosis: Value = serde_json::from_str(&ill.text).unwrap();
    assert_eq!(diagnosis["isWell"], false);
    let findings = diagnosis["findings"].as_array().unwrap().iter();
    let wrong: Vec<_> = findings.filter(|one| one["state"] == "wrong").collect();
    let what: Vec<_> = wrong
        .iter()
        .map(|one| one["what"].as_str().unwrap())
        .collect();
    assert_eq!(what, ["table AuditTable", "queue DeliveryDeadLetterQueue"]);
    assert!(wrong.iter().all(|one| one["advice"].is_string()));
}

/// The check of this name finds this.
async fn assert_found(operated: &Operated, what: &str, expected: &str) {
    let told = operated.told("doctor --json").await.unwrap();
    assert!(!told.is_well, "{what}");
    let diagnosis: Value = serde_json::from_str(&told.text).unwrap();
    let findings = diagnosis["findings"].as_array().unwrap().iter();
    let wrong: Vec<_> = findings.filter(|one| one["state"] == "wrong").collect();
    let one = wrong.iter().find(|one| one["what"] == what);
    let one = one.unwrap_or_else(|| panic!("{what}: {wrong:?}"));
    let found = one["found"].as_str().unwrap();
    assert!(found.starts_with(expected), "{what}: {found}");
    assert!(one["advice"].is_string(), "{what}");
}

#[tokio::test]
async fn a_doctor_names_what_waits_for_somebody() {
    let operated = Operated::start().await;
    let start = operated.world.start_of("console").unwrap();
    let client: ClientId = operated.world.demo.client_id.parse().unwrap();
    let order = operated.order("waits");
    let now = Timestamp::now();

    // A doubt that has just begun is one, too.
    operated.claimed("waits", now, Standing::Uncertain).await;
    let doubt = format!("1: {client}/waits (");
    assert_found(&operated, "orders in doubt", &doubt).await;

    let account = PartnerAccount {
        client_id: &client,
        alias: &"magic".parse().unwrap(),
        kind: PartnerKind::Aggregator,
        partner: "RMS_MAGIC",
        credentials: &BTreeMap::new(),
        urls: &BTreeMap::new(),
    };
    let sessions = start.sessions().unwrap();
    sessions.note_standing(account, true, now).await.unwrap();
    let refused = format!("1: {client}/magic (RMS_MAGIC, since ");
    assert_found(&operated, "accounts with refused credentials", &refused).await;

    let long_ago = now - SignedDuration::from_hours(8 * 24);
    for (code, at) in [("NEW\u{1b}", now), ("OLD", long_ago)] {
        let mut stored = notification(&order, at.as_millisecond()).unwrap();
        stored.unmapped = Some(UnmappedPlace::new(&client, at));
        code.clone_into(&mut stored.pushed_type);
        let identity = Identity::Event(code.to_owned());
        let notifications = start.notifications().unwrap();
        let stored = notifications.store(&order, &identity, &stored);
        let (Stored::New(key) | Stored::Before(key, _)) = stored.await.unwrap();
        let delivery = key.delivery(&"demo-sink".parse().unwrap());
        for record in attempted(at.as_millisecond(), &[DeliveryState::Failed]) {
            let deliveries = start.deliveries().unwrap();
            assert!(deliveries.put(&delivery, &record, 0).await.unwrap());
        }
    }
    let code = format!("1: {client}/CLICKPOST NEW\\u{{1b}}");
    assert_found(&operated, "unknown codes in the last 7 days", &code).await;
    let given_up = format!("1: {client}/demo-sink (1)");
    let what = "deliveries given up in the last 7 days";
    assert_found(&operated, what, &given_up).await;

    let desk = start.endpoints().unwrap();
    let id = "demo-sink".parse().unwrap();
    let endpoint = desk.endpoints.present(&client, &id).await.unwrap().unwrap();
    let disabled = Disabled {
        reason: DisabledReason::Gone,
        at: now,
    };
    let done = desk.endpoints.disable(&endpoint, disabled, &desk.versions);
    assert!(done.await.unwrap());
    let disabled = format!("1: {client}/demo-sink (GONE)");
    assert_found(&operated, "disabled webhook endpoints", &disabled).await;

    let healths = start.healths().unwrap();
    let key = EndpointKey {
        client_id: client.clone(),
        endpoint_id: id,
    };
    healths.fails(&key, now).await.unwrap();
    let suspension = Suspension {
        since: now,
        reason: SuspensionReason::Failing,
        lanes: 1,
        not_before: None,
        held_until: None,
        stage: Stage::Suspended,
    };
    let seen = healths.read(&key).await.unwrap();
    assert!(healths.suspend(&key, &seen, &suspension).await.unwrap());
    let suspended = format!("1: {client}/demo-sink");
    assert_found(&operated, "suspended webhook endpoints", &suspended).await;
}

#[tokio::test]
async fn a_keyring_that_kms_cannot_unwrap_is_found() {
    let operated = Operated::start().await;
    let mut running = operated.world.running_stack();
    running.sealing_keyring = "AAAA".to_owned();
    let file = operated.directory.path().join("stack.json");
    std::fs::write(file, serde_json::to_vec(&running).unwrap()).unwrap();
    let told = operated.told("doctor").await.unwrap();
    assert!(!told.is_well);
    let wrong = told.text.lines().find(|line| line.starts_with("WRONG"));
    assert!(wrong.unwrap().contains("keyring"), "{}", told.text);
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

#[test]
fn alarms_are_well_if_there_are_some_and_none_is_on() {
    let alarm = |name: &str, state: &str| json!({ "AlarmName": name, "StateValue": state });
    let judged = |alarms: &[Value]| {
        let described = json!({ "MetricAlarms": alarms, "CompositeAlarms": [] });
        alarms::judge(&described.to_string()).unwrap()
    };
    let quiet = [
        alarm("rms-Errors-1", "OK"),
        alarm("rms-Age-2", "INSUFFICIENT_DATA"),
    ];
    assert_eq!(judged(&quiet).state, State::Well);
    let on = judged(&[quiet[0].clone(), alarm("rms-Dead-3", "ALARM")]);
    assert_eq!(
        (on.state, on.found.as_str()),
        (State::Wrong, "on: rms-Dead-3")
    );
    assert_eq!(judged(&[]).state, State::Wrong);
    assert!(alarms::judge("Unable to locate credentials").is_err());
}

#[test]
fn the_doctor_knows_every_table_and_queue_of_the_template() {
    let template = Template::of_workspace().unwrap();
    let expected = EXPECTED_TABLES.iter().map(|table| {
        let indexes = table.indexes.iter().map(ToString::to_string);
        (
            table.logical_id.to_owned(),
            table.time_to_live.map(str::to_owned),
            indexes.collect::<Vec<_>>(),
        )
    });
    let found = template.tables.iter().map(|table| {
        let mut indexes: Vec<_> = table.indexes.iter().map(|one| one.name.clone()).collect();
        indexes.sort();
        (
            table.logical_id.clone(),
            table.time_to_live.clone(),
            indexes,
        )
    });
    assert_eq!(expected.collect::<Vec<_>>(), found.collect::<Vec<_>>());

    let with_dead_letters = template.queues.iter().filter_map(|queue| {
        let redrive = queue.redrive.as_ref()?;
        Some((queue.logical_id.as_str(), redrive.queue.as_str()))
    });
    let known = Source::ALL.map(|source| (source.queue(), source.dead_letters()));
    assert_eq!(with_dead_letters.collect::<Vec<_>>(), known);
}
