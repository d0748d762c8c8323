//! The handler with an event as AWS sends it, on real tables and queues.

use lambda_http::{Body, Response, request};
use local::handler_world::stored::{attempted, notification, shipment};
use local::handler_world::{HandlerWorld, HttpEvent};
use logistics::domain::delivery::{DeliveryRecord, DeliveryState, instant};
use logistics::domain::notification::{Identity, NotificationType};
use logistics::domain::shipment::ShipmentType;
use logistics::store::keys::Key;
use logistics::store::notifying::notifications::{Notifications, Stored};
use recover_endpoint::{App, handle};
use serde_json::{Value, json};

use crate::answer::json;

const FIRST: i64 = 1_700_000_000_000;
const ENDPOINT: &str = "demo-sink";

struct Recovering {
    world: HandlerWorld,
    app: App,
    event: HttpEvent,
    notifications: Notifications,
}

impl Recovering {
    async fn start() -> Self {
        let world = HandlerWorld::start().await.unwrap();
        let event = HttpEvent::of("recover-endpoint").unwrap();
        world.admit(&event).await.unwrap();
        let start = world.start_of("recover-endpoint").unwrap();
        Self {
            app: App::new(&start).unwrap(),
            notifications: start.notifications().unwrap(),
            world,
            event,
        }
    }

    /// A failed delivery of a notification that arrived this many seconds after the first and failed an hour later.
    async fn fail(&self, order: &str, second: i64, kind: NotificationType) -> Key {
        let client = &self.world.demo.client_id;
        let shipment = shipment(client, order, ShipmentType::Forward, None).unwrap();
        let at = FIRST + second * 1000;
        let mut notification = notification(&shipment, at).unwrap();
        notification.notification_type = Some(kind);
        let identity = Identity::Event(second.to_string());
        let stored = self
            .notifications
            .store(&shipment, &identity, &notification);
        let (Stored::New(key) | Stored::Before(key, _)) = stored.await.unwrap();
        let key = key.delivery(&ENDPOINT.parse().unwrap());
        for record in attempted(at + 3_600_000, &[DeliveryState::Failed]) {
            let put = self.app.recovery.deliveries.put(&key, &record, 0);
            assert!(put.await.unwrap());
        }
        key
    }

    async fn record(&self, key: &Key) -> DeliveryRecord {
        self.app
            .recovery
            .deliveries
            .get(key)
            .await
            .unwrap()
            .unwrap()
    }

    async fn ask(&self, endpoint: &str, body: &Value) -> Response<Body> {
        let event = self
            .event
            .clone()
            .with_body(body)
            .with_path_parameter("id", endpoint);
        handle(&self.app, request::from_str(&event.to_string()).unwrap()).await
    }

    /// How many matched, and how many were queued.
    async fn recover(&self, body: &Value) -> (u64, u64) {
        let answer = self.ask(ENDPOINT, body).await;
        let body = json(&answer);
        assert_eq!(answer.status(), 200, "{body}");
        assert_eq!(body["cursor"], Value::Null);
        let count = |name: &str| body[name].as_u64().unwrap();
        (count("matched"), count("queued"))
    }

    /// The tasks in the queue, in the order of their lane. Each is deleted, so that the next one is visible.
    async fn tasks(&self) -> Vec<Value> {
        let url = self.world.queue_url("DeliveryQueue").unwrap();
        let sqs = self.world.backends.sqs_client();
        let mut tasks = Vec::new();
        loop {
            let received = sqs
                .receive_message()
                .queue_url(&url)
                .max_number_of_messages(10);
            let messages = received.send().await.unwrap().messages.unwrap_or_default();
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

#[tokio::test]
async fn the_event_s_dry_run_counts_and_changes_nothing() {
    let world = Recovering::start().await;
    let key = world.fail("A", 1, NotificationType::Shipped).await;
    let before = world.record(&key).await;
    assert_eq!(world.recover(&json!({ "dryRun": true })).await, (1, 0));
    // The event selects failures of the last days; this one is years old.
    let event = request::from_str(&world.event.to_string()).unwrap();
    let answer = json(&handle(&world.app, event).await);
    assert_eq!(
        answer,
        json!({ "matched": 0, "queued": 0, "expired": 0, "cursor": null })
    );
    assert_eq!(world.record(&key).await, before);
    assert!(world.tasks().await.is_empty());
}

#[tokio::test]
async fn a_failed_delivery_is_queued_once_under_its_old_id() {
    let world = Recovering::start().await;
    let key = world.fail("A", 1, NotificationType::Shipped).await;
    assert_eq!(world.recover(&json!({})).await, (1, 1));
    assert_eq!(world.recover(&json!({})).await, (0, 0));
    let tasks = world.tasks().await;
    assert_eq!(tasks.len(), 1);
    let task = &tasks[0];
    assert_eq!(task["deliveryId"], key.delivery_id());
    assert_eq!(task["record"], json!({ "pk": key.pk, "sk": key.sk }));
    assert_eq!(task["acceptedAt"], FIRST + 1000);
    assert_eq!(task["generation"], 1);
    assert_eq!(
        (&task["resend"], &task["replayed"]),
        (&json!(true), &json!(true))
    );
    let record = world.record(&key).await;
    assert_eq!(record.state, DeliveryState::Pending);
    assert_eq!((record.generation(), record.attempts), (1, 1));
}

#[tokio::test]
async fn two_concurrent_recoveries_queue_a_delivery_once() {
    let world = Recovering::start().await;
    for second in 0..10 {
        world.fail("A", second, NotificationType::Shipped).await;
    }
    let everything = json!({});
    let (one, other) = tokio::join!(world.recover(&everything), world.recover(&everything));
    assert_eq!(one.1 + other.1, 10, "{one:?} {other:?}");
    assert_eq!(world.tasks().await.len(), 10);
}

#[tokio::test]
async fn a_lane_is_queued_in_the_order_of_acceptance() {
    let world = Recovering::start().await;
    for second in [3, 1, 2] {
        world.fail("A", second, NotificationType::Shipped).await;
    }
    assert_eq!(world.recover(&json!({ "orderNumber": "A" })).await, (3, 3));
    let tasks = world.tasks().await;
    let accepted: Vec<_> = tasks
        .iter()
        .map(|task| task["acceptedAt"].clone())
        .collect();
    assert_eq!(
        accepted,
        [1, 2, 3].map(|second| json!(FIRST + second * 1000))
    );
}

#[tokio::test]
async fn only_deliveries_that_match_all_fields_are_recovered() {
    let world = Recovering::start().await;
    world.fail("A", 1, NotificationType::Shipped).await;
    world.fail("A", 2, NotificationType::Delivered).await;
    world.fail("B", 3, NotificationType::Shipped).await;
    let failed = |second: i64| instant(FIRST + second * 1000 + 3_600_000).to_string();
    for (wanted, matched) in [
        (json!({}), 3),
        (json!({ "status": "failed" }), 3),
        (json!({ "orderNumber": "A" }), 2),
        (
            json!({ "orderNumber": "A", "notificationType": "SHIPPED" }),
            1,
        ),
        (json!({ "notificationType": "SHIPPED" }), 2),
        (json!({ "since": failed(2) }), 2),
        (json!({ "since": failed(2), "until": failed(3) }), 1),
        (json!({ "orderNumber": "A", "until": failed(2) }), 1),
        (json!({ "awb": "unknown" }), 0),
    ] {
        let mut body = wanted.clone();
        body["dryRun"] = json!(true);
        assert_eq!(world.recover(&body).await, (matched, 0), "{wanted}");
    }
}

#[tokio::test]
async fn an_interrupted_recovery_is_completed_by_its_repeat() {
    let world = Recovering::start().await;
    let key = world.fail("A", 1, NotificationType::Shipped).await;
    let recovered = world.record(&key).await.recovered(instant(FIRST));
    let written = world.app.recovery.deliveries.recover(&key, &recovered);
    assert!(written.await.unwrap());
    // The function was killed here, before it sent the message.
    assert_eq!(world.recover(&json!({})).await, (0, 0));
    let tasks = world.tasks().await;
    assert_eq!(tasks.len(), 1);
    assert_eq!(tasks[0]["generation"], 1);
    assert_eq!(world.record(&key).await, recovered);
}

#[tokio::test]
async fn expired_deliveries_are_counted_and_stay_failed() {
    let world = Recovering::start().await;
    let key = world.fail("A", 1, NotificationType::Shipped).await;
    let notification = key.message();
    let attribute = aws_sdk_dynamodb::types::AttributeValue::S;
    let dynamodb = world.world.backends.dynamodb_client();
    dynamodb
        .delete_item()
        .table_name(world.world.table("NotificationsTable").unwrap())
        .key("pk", attribute(notification.pk))
        .key("sk", attribute(notification.sk))
        .send_with(&dynamodb)
        .await
        .unwrap();
    let answer = json(&world.ask(ENDPOINT, &json!({})).await);
    assert_eq!(
        answer,
        json!({ "matched": 1, "queued": 0, "expired": 1, "cursor": null })
    );
    assert_eq!(world.record(&key).await.state, DeliveryState::Failed);
}

#[tokio::test]
async fn an_unknown_endpoint_is_404_and_wrong_fields_are_named() {
    let world = Recovering::start().await;
    for endpoint in ["none", "a b", ""] {
        let answer = world.ask(endpoint, &json!({})).await;
        assert_eq!(answer.status(), 404, "{endpoint:?}");
    }
    for (body, pointer) in [
        (json!({ "status": "parked" }), "/status"),
        (json!({ "cursor": "nonsense" }), "/cursor"),
        (json!({ "since": 5 }), "/since"),
    ] {
        let answer = world.ask(ENDPOINT, &body).await;
        assert_eq!(answer.status(), 422, "{body}");
        assert_eq!(json(&answer)["errors"][0]["pointer"], pointer);
    }
}

#[tokio::test]
async fn one_call_processes_500_and_the_next_continues_from_its_cursor() {
    let world = Recovering::start().await;
    for second in 0..503 {
        world
            .fail(
                &format!("order-{second}"),
                second,
                NotificationType::Shipped,
            )
            .await;
    }
    let first = json(&world.ask(ENDPOINT, &json!({ "dryRun": true })).await);
    assert_eq!(first["matched"], 500);
    let rest = json!({ "cursor": first["cursor"] });
    assert_eq!(world.recover(&rest).await, (3, 3));
    let mut tasks = world.tasks().await;
    tasks.sort_by_key(|task| task["acceptedAt"].as_i64());
    let accepted: Vec<_> = tasks
        .iter()
        .map(|task| task["acceptedAt"].clone())
        .collect();
    assert_eq!(
        accepted,
        [500, 501, 502].map(|second| json!(FIRST + second * 1000))
    );
}
