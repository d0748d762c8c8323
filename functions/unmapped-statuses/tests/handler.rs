//! The handler with an event as AWS sends it, on real tables and queues. What is replayed was pushed by the function that
//! receives pushes, and mapped by the one that configures accounts.

use std::collections::BTreeMap;

use lambda_http::{Body, Response, request};
use local::handler_world::stored::{facts, shipment};
use local::handler_world::{HandlerWorld, HttpEvent};
use logistics::domain::booking::{Booking, MetaData};
use logistics::domain::claim::Standing;
use logistics::domain::claim_record::{SeenClaim, ShipmentRecord};
use logistics::domain::delivery::instant;
use logistics::domain::given_id::TakeOver;
use logistics::domain::shipment::ShipmentType;
use logistics::domain::shipment_id::ShipmentId;
use logistics::flows::notifying::dependencies::PushDependencies;
use logistics::store::booking::given_ids::Recorded;
use logistics::store::message_keys::notification_key;
use logistics::store::notifying::notifications::StoredNotification;
use serde_json::{Value, json};
use unmapped_statuses::{App, handle};

use crate::answer::json;

const ALIAS: &str = "magic";

struct Unmapped {
    world: HandlerWorld,
    app: App,
    event: HttpEvent,
    pushes: PushDependencies,
    push: HttpEvent,
    configuration: configuration::App,
}

impl Unmapped {
    async fn start() -> Self {
        let world = HandlerWorld::start().await.unwrap();
        let event = HttpEvent::of("unmapped-statuses").unwrap();
        world.admit(&event).await.unwrap();
        let push = HttpEvent::of("notification-push").unwrap();
        world.admit(&push).await.unwrap();
        let start = |function| world.start_of(function).unwrap();
        Self {
            app: App::new(&start("unmapped-statuses")).unwrap(),
            pushes: start("notification-push").push().unwrap(),
            configuration: configuration::App::new(&start("configuration")).unwrap(),
            world,
            event,
            push,
        }
    }

    /// Pushes an event; returns its id and its result.
    async fn push(&self, order: &str, kind: &str) -> (String, String) {
        self.push_numbered(order, kind, 0).await
    }

    /// The same for one of several events of a kind.
    async fn push_numbered(&self, order: &str, kind: &str, number: u8) -> (String, String) {
        let body = json!({
            "eventId": format!("{order}-{kind}-{number}"), "forwardOrderCode": order, "forwardAwb": format!("AWB-{order}"),
            "notificationType": kind, "shipmentType": "FORWARD", "logisticAggregatorName": "NARVAR", "items": [],
        });
        let event = self.push.clone().with_body(&body).to_string();
        let answer = notification_push::handle(&self.pushes, request::from_str(&event).unwrap());
        let answer = json(&answer.await);
        let told = &answer["notifications"][0];
        let text = |name: &str| told[name].as_str().unwrap().to_owned();
        (text("notificationId"), text("status"))
    }

    async fn configure(&self, event: HttpEvent) -> Response<Body> {
        let event = event.with_path_parameter("alias", ALIAS).to_string();
        configuration::handle(&self.configuration, request::from_str(&event).unwrap()).await
    }

    /// Replaces the mappings of the account, and whether it forwards notifications.
    async fn map_and(&self, mappings: Value, enabled: bool) {
        let path = "/logistic-accounts/{alias}";
        let read = self.event.clone().asking("GET", path, "");
        let mut account = json(&self.configure(read).await);
        account["statusMappings"] = mappings;
        account["notificationsEnabled"] = json!(enabled);
        let write = self.event.clone().asking("PUT", path, "");
        let answer = self.configure(write.with_body(&account)).await;
        assert_eq!(answer.status(), 200, "{:?}", answer.body());
    }

    async fn map(&self, mappings: Value) {
        self.map_and(mappings, true).await;
    }

    async fn replay(&self, body: &Value) -> Response<Body> {
        let event = self.event.clone().with_body(body).to_string();
        handle(&self.app, request::from_str(&event).unwrap()).await
    }

    /// How many matched, how many were translated, and how many deliveries were queued.
    async fn replayed(&self, code: &str, dry_run: bool) -> (u64, u64, u64) {
        let body = json!({ "logisticAccountAlias": ALIAS, "code": code, "dryRun": dry_run });
        let answer = self.replay(&body).await;
        let body = json(&answer);
        assert_eq!(answer.status(), 200, "{body}");
        assert_eq!(body["cursor"], Value::Null);
        let count = |name: &str| body[name].as_u64().unwrap();
        (count("matched"), count("translated"), count("queued"))
    }

    async fn list(&self, query: &str) -> Value {
        let (status, body) = self.ask(query).await;
        assert_eq!(status, 200, "{body}");
        body
    }

    async fn ask(&self, query: &str) -> (u16, Value) {
        let event = self
            .event
            .clone()
            .asking("GET", "/unmapped-statuses", query);
        let answer = handle(&self.app, request::from_str(&event.to_string()).unwrap()).await;
        (answer.status().as_u16(), json(&answer))
    }

    async fn stored(&self, id: &str) -> StoredNotification {
        let client = self.world.demo.client_id.parse().unwrap();
        let key = notification_key(&client, id).unwrap();
        let notifications = &self.app.unmapped.notifications;
        notifications.get(&key).await.unwrap().unwrap()
    }

    /// The tasks in the queue, in the order of their lane. Each is deleted, so that the next one is visible.
    async fn tasks(&self) -> Vec<Value> {
        let url = self.world.queue_url("DeliveryQueue").unwrap();
        let sqs = self.world.backends.sqs_client();
        let mut tasks = Vec::new();
        loop {
            let received = sqs.receive_message().queue_url(&url);
            let received = received.max_number_of_messages(10).send().await;
            let messages = received.unwrap().messages.unwrap_or_default();
            if messages.is_empty() {
                return tasks;
            }
            for message in messages {
                tasks.push(serde_json::from_str(&message.body.unwrap()).unwrap());
                let delete = sqs.delete_message().queue_url(&url);
                let delete = delete.receipt_handle(message.receipt_handle.unwrap());
                delete.send().await.unwrap();
            }
        }
    }
}

/// A booking of the account.
async fn book(world: &Unmapped, order: &str) -> ShipmentId {
    let client = &world.world.demo.client_id;
    let id = shipment(client, order, ShipmentType::Forward, None).unwrap();
    let shipments = &world.app.replay.shipments;
    let facts = facts(&id, ALIAS, "RMS_MAGIC").unwrap();
    let claim = ShipmentRecord {
        standing: Standing::Claimed,
        holder: "test".to_owned(),
        ..ShipmentRecord::observed(facts.clone())
    };
    world.pushes.shipments.claim(&id, &claim).await.unwrap();
    let booking = Booking {
        order_id: None,
        awb: format!("AWB-{order}").parse().unwrap(),
        carrier_name: None,
        label_url: None,
        commercial_invoice_url: None,
        meta_data: MetaData::new(),
        own_ids: BTreeMap::new(),
    };
    let seen = SeenClaim {
        standing: Standing::Claimed,
        holder: "test",
    };
    let booked = shipments.book(&id, seen, &facts, &booking, TakeOver::Never);
    assert!(matches!(booked.await.unwrap(), Recorded::Done));
    id
}

/// The payload of a task.
fn payload(task: &Value) -> Value {
    serde_json::from_str(task["payload"].as_str().unwrap()).unwrap()
}

#[tokio::test]
async fn the_event_s_dry_run_counts() {
    let world = Unmapped::start().await;
    let answer = world.replay(&world.event.body().unwrap()).await;
    assert_eq!(answer.status(), 422);
    assert_eq!(json(&answer)["errors"][0]["pointer"], "/code");
    world.push("A", "TELEPORTED").await;
    world.map(json!({ "TELEPORTED": "TRANSIT" })).await;
    assert_eq!(world.replayed("TELEPORTED", true).await, (1, 0, 0));
    assert_eq!(world.replayed("TELEPORTED", true).await, (1, 0, 0));
    assert!(world.tasks().await.is_empty());
}

#[tokio::test]
async fn codes_are_listed_with_counts_times_and_an_example() {
    let world = Unmapped::start().await;
    assert_eq!(
        world.list("").await,
        json!({ "unmappedStatuses": [], "countedSince": null, "isMore": false })
    );
    let (first, status) = world.push("A", "TELEPORTED").await;
    assert_eq!(status, "UNMAPPED");
    world.push("B", "BEAMED_UP").await;
    let (last, _) = world.push("C", "TELEPORTED").await;
    world.push("C", "DELIVERED").await;
    world.map(json!({ "BEAMED_UP": "TRANSIT" })).await;
    let listed = world.list("").await;
    let codes = listed["unmappedStatuses"].as_array().unwrap();
    let codes: Vec<_> = codes
        .iter()
        .map(|one| (&one["code"], &one["count"], &one["notificationType"]))
        .collect();
    assert_eq!(
        codes,
        [
            (&json!("TELEPORTED"), &json!(2), &Value::Null),
            (&json!("BEAMED_UP"), &json!(1), &json!("TRANSIT")),
        ]
    );
    let newest = &listed["unmappedStatuses"][0];
    assert_eq!(newest["aggregator"], "RMS_MAGIC");
    assert_eq!(newest["logisticAccountAlias"], ALIAS);
    assert_eq!(newest["example"]["notificationId"], json!(last));
    assert_eq!(newest["example"]["orderNumber"], "C");
    assert_eq!(newest["example"]["raw"]["eventId"], "C-TELEPORTED-0");
    let at = world.stored(&first).await.received_at;
    let at = instant(at).to_string();
    assert_eq!(newest["firstSeenAt"], json!(at));
    for (query, count) in [
        ("code=BEAMED_UP", 1),
        ("code=beamed_up", 0),
        ("logisticAccountAlias=magic", 2),
        ("logisticAccountAlias=clickpost", 0),
        ("aggregator=RMS_MAGIC&code=TELEPORTED", 1),
        ("aggregator=CLICKPOST", 0),
        ("until=2020-01-01T00:00:00Z", 0),
        ("since=2020-01-01T00:00:00Z", 2),
    ] {
        let listed = world.list(query).await;
        let codes = listed["unmappedStatuses"].as_array().unwrap();
        assert_eq!(codes.len(), count, "{query}");
    }
}

#[tokio::test]
async fn a_code_that_is_longer_than_any_is_refused() {
    let world = Unmapped::start().await;
    for (length, expected) in [(500, 200), (501, 400)] {
        let (status, body) = world.ask(&format!("code={}", "x".repeat(length))).await;
        assert_eq!(status, expected, "{body}");
    }
}

#[tokio::test]
async fn what_was_unmapped_is_sent_once_in_order_and_leaves_the_list() {
    let world = Unmapped::start().await;
    let (first, _) = world.push("A", "TELEPORTED").await;
    let (second, _) = world.push("A", "BEAMED_UP").await;
    world.push("A", "DELIVERED").await;
    assert_eq!(world.tasks().await.len(), 1);
    world
        .map(json!({ "TELEPORTED": "SHIPPED", "BEAMED_UP": "TRANSIT" }))
        .await;
    // The push of what was stored as unmapped is still a repeat.
    let (repeated, status) = world.push("A", "TELEPORTED").await;
    assert_eq!((&repeated, &*status), (&first, "DUPLICATE"));
    assert_eq!(world.replayed("TELEPORTED", false).await, (1, 1, 1));
    assert_eq!(world.replayed("BEAMED_UP", false).await, (1, 1, 1));
    for code in ["TELEPORTED", "BEAMED_UP"] {
        assert_eq!(world.replayed(code, false).await, (0, 0, 0));
    }
    let tasks = world.tasks().await;
    let told: Vec<_> = tasks
        .iter()
        .map(|task| payload(task)["notificationType"].clone())
        .collect();
    assert_eq!(told, ["SHIPPED", "TRANSIT"]);
    for (task, id) in tasks.iter().zip([&first, &second]) {
        let rest = id.strip_prefix("ntf_").unwrap();
        assert_eq!(task["deliveryId"], json!(format!("dlv_{rest}_demo-sink")));
        let stored = world.stored(id).await;
        assert_eq!(stored.status, "ACCEPTED");
        assert!(stored.mapped_by_account && stored.unmapped.is_none());
        let received = stored.received_at;
        assert_eq!(payload(task)["notificationUpdateTime"], received / 1000);
        // Its attempts begin with the replay, however long ago it arrived.
        assert_eq!(task["acceptedAt"], json!(stored.replayed_at.unwrap()));
        assert!(stored.replayed_at.unwrap() > received);
    }
    assert_eq!(world.list("").await["unmappedStatuses"], json!([]));
    // A repeat of a replayed push sends nothing more than the queue has.
    assert_eq!(world.push("A", "TELEPORTED").await.1, "DUPLICATE");
    assert!(world.tasks().await.is_empty());
}

#[tokio::test]
async fn two_concurrent_replays_send_each_notification_once_and_in_order() {
    let world = Unmapped::start().await;
    let orders = ["A", "B", "C"];
    let mut ids = BTreeMap::new();
    for number in 0..5 {
        for order in orders {
            let (id, _) = world.push_numbered(order, "TELEPORTED", number).await;
            let (_, id) = id.rsplit_once('_').unwrap();
            let of_order: &mut Vec<_> = ids.entry(order).or_default();
            of_order.push(id.to_owned());
        }
    }
    world.map(json!({ "TELEPORTED": "TRANSIT" })).await;
    tokio::join!(
        world.replayed("TELEPORTED", false),
        world.replayed("TELEPORTED", false)
    );
    // What one of them left to the other, if both were at an order at once.
    world.replayed("TELEPORTED", false).await;
    assert_eq!(world.replayed("TELEPORTED", false).await, (0, 0, 0));
    let tasks = world.tasks().await;
    assert_eq!(tasks.len(), 15);
    for order in orders {
        let of_order = tasks
            .iter()
            .filter(|task| payload(task)["forwardOrderCode"] == order);
        let sent: Vec<_> = of_order
            .map(|task| task["deliveryId"].to_string())
            .collect();
        for (sent, id) in sent.iter().zip(&ids[order]) {
            assert!(sent.contains(id.as_str()), "{sent} instead of {id}");
        }
    }
}

#[tokio::test]
async fn one_call_replays_200_and_the_next_continues_from_its_cursor() {
    let world = Unmapped::start().await;
    for order in 0..203 {
        world.push(&format!("order-{order}"), "TELEPORTED").await;
    }
    world.map(json!({ "TELEPORTED": "TRANSIT" })).await;
    assert_eq!(world.replayed("TELEPORTED", true).await, (203, 0, 0));
    let mut body = json!({ "logisticAccountAlias": ALIAS, "code": "TELEPORTED" });
    let first = json(&world.replay(&body).await);
    assert_eq!(
        (&first["translated"], &first["queued"]),
        (&json!(200), &json!(200))
    );
    body["cursor"] = first["cursor"].clone();
    let rest = json(&world.replay(&body).await);
    assert_eq!(
        rest,
        json!({ "matched": 3, "translated": 3, "queued": 3, "cursor": null })
    );
    assert_eq!(world.tasks().await.len(), 203);
}

#[tokio::test]
async fn a_replay_that_would_forward_nothing_is_refused() {
    let world = Unmapped::start().await;
    world.push("A", "TELEPORTED").await;
    let refused = async |body: Value, status: u16, pointer: &str| {
        let answer = world.replay(&body).await;
        assert_eq!(answer.status(), status, "{body}");
        let errors = json(&answer);
        assert_eq!(errors["errors"][0]["pointer"], pointer, "{errors}");
    };
    let body = json!({ "logisticAccountAlias": ALIAS, "code": "TELEPORTED" });
    refused(body.clone(), 422, "/code").await;
    world.map(json!({ "TELEPORTED": "TRANSIT" })).await;
    world.map(json!({})).await;
    refused(body.clone(), 422, "/code").await;
    world
        .map_and(json!({ "TELEPORTED": "TRANSIT" }), false)
        .await;
    refused(body.clone(), 422, "/logisticAccountAlias").await;
    world.map(json!({ "TELEPORTED": "TRANSIT" })).await;
    let mut wrong = body.clone();
    wrong["cursor"] = json!("nonsense");
    refused(wrong, 422, "/cursor").await;
    let absent = json!({ "logisticAccountAlias": "none", "code": "TELEPORTED" });
    let answer = json(&world.replay(&absent).await);
    assert!(
        answer["type"]
            .as_str()
            .unwrap()
            .ends_with("unknown-account-alias")
    );
    // Nothing of this changed anything.
    assert_eq!(world.replayed("TELEPORTED", false).await, (1, 1, 1));
    // A code that RMS knows needs no mapping.
    assert_eq!(world.replayed("DELIVERED", false).await, (0, 0, 0));
}

#[tokio::test]
async fn a_code_that_means_cancelled_releases_the_booking_when_it_is_replayed() {
    let world = Unmapped::start().await;
    let id = book(&world, "A").await;
    assert_eq!(world.push("A", "CALLED_OFF").await.1, "UNMAPPED");
    let standing = async || {
        let shipments = &world.app.replay.shipments;
        shipments.get(&id).await.unwrap().unwrap().standing
    };
    assert_eq!(standing().await, Standing::Booked);
    world.map(json!({ "CALLED_OFF": "CANCELLED" })).await;
    assert_eq!(world.replayed("CALLED_OFF", false).await, (1, 1, 1));
    assert_eq!(standing().await, Standing::Cancelled);
}

#[tokio::test]
async fn a_code_of_a_type_that_nobody_wants_gets_it_and_queues_nothing() {
    let world = Unmapped::start().await;
    let (id, _) = world.push("A", "TELEPORTED").await;
    world.map(json!({ "TELEPORTED": "TRANSIT" })).await;
    let path = "/webhook-endpoints/{id}";
    let body = json!({ "url": format!("{}/webhooks/rms", world.world.sink_url()), "notificationTypes": ["DELIVERED"] });
    let write = world.event.clone().asking("PUT", path, "");
    let write = write
        .with_path_parameter("id", "demo-sink")
        .with_body(&body);
    assert_eq!(world.configure(write).await.status(), 200);
    assert_eq!(world.replayed("TELEPORTED", false).await, (1, 1, 0));
    let stored = world.stored(&id).await;
    assert_eq!(stored.status, "ACCEPTED");
    assert!(stored.sent_to.is_empty() && stored.unmapped.is_none());
}
