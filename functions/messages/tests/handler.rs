//! The handler with an event as AWS sends it, on real tables.

use insta::assert_json_snapshot;
use lambda_http::{Body, Response, request};
use local::handler_world::stored::{attempted, notification, shipment};
use local::handler_world::{HandlerWorld, HttpEvent};
use logistics::domain::delivery::DeliveryState;
use logistics::domain::message::{Message, MessageKind, MessageSubject, Routing, SubjectKind};
use logistics::domain::notification::Identity;
use logistics::domain::shipment::ShipmentType;
use logistics::store::message_keys::MessageKey;
use logistics::store::messaging::kind_index::KindPlace;
use logistics::store::messaging::messages::StoredMessage;
use logistics::store::notifying::notifications::{Notifications, Stored};
use logistics::store::packed::pack;
use messages::{App, handle};
use serde_json::{Value, json};

const FIRST: i64 = 1_700_000_000_000;

struct Reading {
    app: App,
    event: HttpEvent,
    notifications: Notifications,
    _world: HandlerWorld,
}

impl Reading {
    async fn start() -> Self {
        let world = HandlerWorld::start().await.unwrap();
        let event = HttpEvent::of("messages").unwrap();
        world.admit(&event).await.unwrap();
        let start = world.start_of("messages").unwrap();
        Self {
            app: App::new(&start).unwrap(),
            notifications: start.notifications().unwrap(),
            event,
            _world: world,
        }
    }

    /// The n-th message of a kind about the order ABCD, a second after the one before.
    async fn message(&self, client: &str, kind: MessageKind, number: i64) -> MessageKey {
        let client = client.parse().unwrap();
        let created_at = FIRST + number * 1000;
        let subject = MessageSubject::new(SubjectKind::ForwardOrder, "ABCD").unwrap();
        let key = MessageKey::of(&Message {
            client_id: &client,
            routing: Routing {
                kind,
                notification_type: None,
                shipment_type: None,
                alias: None,
                warehouse: None,
            },
            subject: subject.clone(),
            identity: vec![number.to_string()],
            content: String::new(),
            correction: false,
            body: String::new(),
        });
        let stored = StoredMessage {
            subject: subject.code().to_owned(),
            subject_kind: subject.kind(),
            created_at,
            request_id: Some("req-1".parse().unwrap()),
            content: String::new(),
            correction: false,
            payload: pack(format!("{{\"number\":{number}}}").as_bytes()).unwrap(),
            sent_to: Vec::new(),
            expires_at: None,
            writer: 0,
            place: KindPlace::new(&client, kind, created_at),
        };
        let put = self.app.searching.messages.put(&key, &stored);
        assert!(put.await.unwrap().is_none());
        key
    }

    async fn notification(&self, order: &str, status: &str) -> MessageKey {
        let shipment = shipment("demo", order, ShipmentType::Forward, None).unwrap();
        let mut stored = notification(&shipment, FIRST).unwrap();
        status.clone_into(&mut stored.status);
        stored.payload = Some(pack(b"{\"notificationType\":\"DELIVERED\"}").unwrap());
        let identity = Identity::Event(status.to_owned());
        let stored = self.notifications.store(&shipment, &identity, &stored);
        let (Stored::New(key) | Stored::Before(key, _)) = stored.await.unwrap();
        key
    }

    async fn fail(&self, message: &MessageKey) {
        let key = message.delivery(&"demo-sink".parse().unwrap());
        for record in attempted(FIRST + 3_600_000, &[DeliveryState::Failed]) {
            let put = self.app.searching.deliveries.put(&key, &record, 0);
            assert!(put.await.unwrap());
        }
    }

    async fn answer(&self, event: HttpEvent) -> Response<Body> {
        handle(&self.app, request::from_str(&event.to_string()).unwrap()).await
    }

    async fn ask(&self, query: &str) -> Response<Body> {
        self.answer(self.event.clone().asking("GET", "/messages", query))
            .await
    }

    async fn get(&self, id: &str) -> Response<Body> {
        let event = self.event.clone().asking("GET", "/messages/id", "");
        self.answer(event.with_path_parameter("messageId", id))
            .await
    }
}

fn json_of(answer: &Response<Body>) -> Value {
    let body = serde_json::from_slice(answer.body().as_ref()).unwrap();
    assert_eq!(answer.status(), 200, "{body}");
    body
}

fn ids(answer: &Response<Body>) -> Vec<String> {
    let body = json_of(answer);
    let messages = body["messages"].as_array().unwrap();
    messages
        .iter()
        .map(|message| message["messageId"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn the_event_lists_the_messages_about_a_subject() {
    let world = Reading::start().await;
    let invoice = world.message("demo", MessageKind::Invoice, 1).await;
    world.fail(&invoice).await;
    world.notification("ABCD", "ACCEPTED").await;
    world.notification("ABCD", "UNMAPPED").await;
    world.notification("EFGH", "ACCEPTED").await;
    world.message("other", MessageKind::Invoice, 2).await;
    let answer = world.answer(world.event.clone()).await;
    assert_json_snapshot!(json_of(&answer));
}

#[tokio::test]
async fn messages_of_a_kind_come_newest_first_page_by_page() {
    let world = Reading::start().await;
    let mut stored = Vec::new();
    for number in 0..52 {
        stored.push(
            world
                .message("demo", MessageKind::Invoice, number)
                .await
                .message_id(),
        );
    }
    world.message("demo", MessageKind::Pgi, 1).await;
    world.message("other", MessageKind::Invoice, 99).await;
    let first = world.ask("kind=INVOICE").await;
    let cursor = json_of(&first)["cursor"].as_str().unwrap().to_owned();
    let mut found = ids(&first);
    assert_eq!(found.len(), 50);
    let second = world.ask(&format!("kind=INVOICE&cursor={cursor}")).await;
    assert_eq!(json_of(&second)["cursor"], Value::Null);
    found.extend(ids(&second));
    stored.reverse();
    assert_eq!(found, stored);
    // From the third second, which is the 48th from the end, up to the fifth.
    let span = "kind=INVOICE&since=2023-11-14T22:13:22Z&until=2023-11-14T22:13:24Z";
    assert_eq!(ids(&world.ask(span).await), stored[48..50]);
}

#[tokio::test]
async fn undelivered_messages_of_all_kinds_are_listed() {
    let world = Reading::start().await;
    let invoice = world.message("demo", MessageKind::Invoice, 1).await;
    let notification = world.notification("ABCD", "ACCEPTED").await;
    for message in [&invoice, &notification] {
        world.fail(message).await;
    }
    let answer = world.ask("endpointId=demo-sink&status=failed").await;
    let mut found = ids(&answer);
    found.sort();
    assert_eq!(found, [invoice.message_id(), notification.message_id()]);
    let delivery = &json_of(&answer)["messages"][0]["deliveries"][0];
    assert_eq!(delivery["state"], "FAILED");
    assert_eq!(delivery["attemptCount"], 1);
    assert_eq!(delivery["lastAttempt"]["at"], "2023-11-14T23:13:20Z");
    assert!(delivery["lastAttempt"]["end"].is_string());
    assert!(ids(&world.ask("endpointId=demo-sink&status=parked").await).is_empty());
}

#[tokio::test]
async fn one_message_has_its_body_and_its_attempts() {
    let world = Reading::start().await;
    let invoice = world.message("demo", MessageKind::Invoice, 1).await;
    world.fail(&invoice).await;
    assert_json_snapshot!(json_of(&world.get(&invoice.message_id()).await));
    let notification = world.notification("ABCD", "ACCEPTED").await;
    let body = json_of(&world.get(&notification.message_id()).await);
    assert_eq!(body["body"], json!({ "notificationType": "DELIVERED" }));
}

#[tokio::test]
async fn messages_not_sent_and_those_of_another_client_are_not_found() {
    let world = Reading::start().await;
    let unmapped = world.notification("ABCD", "UNMAPPED").await.message_id();
    let theirs = world
        .message("other", MessageKind::Invoice, 1)
        .await
        .message_id();
    let wrong_prefix = theirs.replace("msg_", "ntf_");
    for id in [
        unmapped.as_str(),
        &theirs,
        &wrong_prefix,
        "msg_1",
        "nonsense",
    ] {
        assert_eq!(world.get(id).await.status(), 404, "{id}");
    }
}

#[tokio::test]
async fn invalid_queries_are_refused() {
    let world = Reading::start().await;
    for query in [
        "",
        "since=2026-01-01T00:00:00Z",
        "subject=A&kind=INVOICE",
        "subject=A&cursor=x",
        "endpointId=demo-sink",
        "endpointId=demo-sink&status=delivered",
        "kind=NOTIFICATION",
        "kind=INVOICES",
        "kind=INVOICE&status=failed",
        "kind=INVOICE&since=yesterday",
        "kind=INVOICE&cursor=x",
        "subject=%20",
    ] {
        let answer = world.ask(query).await;
        assert_eq!(answer.status(), 400, "{query}");
        let problem: Value = serde_json::from_slice(answer.body().as_ref()).unwrap();
        assert!(
            problem["type"]
                .as_str()
                .unwrap()
                .ends_with("#invalid-parameter"),
            "{query}"
        );
    }
}
