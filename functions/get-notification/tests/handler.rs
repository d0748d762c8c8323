//! The handler, fed with the event that AWS sends, on real tables.

use get_notification::{App, handle};
use insta::assert_json_snapshot;
use lambda_http::{Body, Response, request};
use local::handler_world::stored::{attempted, notification, shipment};
use local::handler_world::{HandlerWorld, HttpEvent};
use logistics::domain::delivery::DeliveryState;
use logistics::domain::notification::Identity;
use logistics::domain::shipment::ShipmentType;
use logistics::store::message_keys::MessageKey;
use logistics::store::notifying::notifications::Stored;
use logistics::store::packed::pack;
use serde_json::Value;

use crate::answer::json;

const AT: i64 = 1_700_000_000_000;

struct Reading {
    world: HandlerWorld,
    app: App,
    event: HttpEvent,
}

impl Reading {
    async fn start() -> Self {
        let world = HandlerWorld::start().await.unwrap();
        let event = HttpEvent::of("get-notification").unwrap();
        world.admit(&event).await.unwrap();
        let start = world.start_of("get-notification").unwrap();
        Self {
            app: App::new(&start).unwrap(),
            world,
            event,
        }
    }

    async fn store(&self, client: &str, raw: &[u8], payload: Option<&str>) -> MessageKey {
        let shipment = shipment(client, "asdf1234", ShipmentType::Return, Some("p1")).unwrap();
        let mut notification = notification(&shipment, AT).unwrap();
        notification.raw = pack(raw).unwrap();
        notification.payload = payload.map(|payload| pack(payload.as_bytes()).unwrap());
        let identity = Identity::Event(String::from_utf8_lossy(raw).into_owned());
        let stored = self
            .app
            .notifications
            .store(&shipment, &identity, &notification);
        match stored.await.unwrap() {
            Stored::New(key) | Stored::Before(key, _) => key,
        }
    }

    async fn get(&self, id: &str) -> Response<Body> {
        let event = self.event.clone().with_path_parameter("token", id);
        handle(&self.app, request::from_str(&event.to_string()).unwrap()).await
    }
}

#[tokio::test]
async fn a_notification_is_told_with_its_bodies_and_its_attempts() {
    let world = Reading::start().await;
    let client = &world.world.demo.client_id;
    let key = world
        .store(
            client,
            br#"{"code": 8}"#,
            Some(r#"{"notificationType":"DELIVERED"}"#),
        )
        .await;
    let delivery = key.delivery(&"demo-sink".parse().unwrap());
    for record in attempted(AT + 500, &[DeliveryState::Pending, DeliveryState::Failed]) {
        let put = world
            .app
            .deliveries
            .put(&delivery, &record, record.attempts - 1);
        assert!(put.await.unwrap());
    }
    let answer = world.get(&key.message_id()).await;
    assert_eq!(answer.status(), 200);
    assert_json_snapshot!(json(&answer), {
        ".notificationId" => "[id]", ".deliveries[].deliveryId" => "[id]",
    }, @r#"
    {
      "aggregator": "CLICKPOST",
      "awb": null,
      "contradicts": null,
      "deliveries": [
        {
          "attemptCount": 2,
          "attempts": [
            {
              "at": "2023-11-14T22:13:20.5Z",
              "durationMs": 7,
              "end": "REJECTED",
              "status": 422
            },
            {
              "at": "2023-11-14T22:13:20.5Z",
              "durationMs": 7,
              "end": "REJECTED",
              "status": 422
            }
          ],
          "deliveryId": "[id]",
          "endpointId": "demo-sink",
          "recoveries": 0,
          "state": "FAILED"
        }
      ],
      "expiresAt": null,
      "logisticAccountAlias": "clickpost",
      "notificationId": "[id]",
      "notificationType": "DELIVERED",
      "occurredAt": "2023-11-14T22:12:20Z",
      "orderNumber": "asdf1234",
      "payload": {
        "notificationType": "DELIVERED"
      },
      "pushedType": "8",
      "raw": {
        "code": 8
      },
      "receivedAt": "2023-11-14T22:13:20Z",
      "shipmentCode": "p1",
      "shipmentType": "RETURN",
      "status": "ACCEPTED"
    }
    "#);
    assert_eq!(
        json(&answer)["deliveries"][0]["deliveryId"],
        key.delivery_id(&"demo-sink".parse().unwrap())
    );
}

#[tokio::test]
async fn a_delivery_without_a_record_waits_for_its_first_attempt() {
    let world = Reading::start().await;
    let client = &world.world.demo.client_id;
    let shipment = shipment(client, "asdf1234", ShipmentType::Forward, None).unwrap();
    let mut notification = notification(&shipment, AT).unwrap();
    notification.raw = pack(b"{}").unwrap();
    let endpoint = |id: &str| id.parse().unwrap();
    // Two repeats at once may both have added an endpoint.
    notification.sent_to = ["oms", "demo-sink", "oms"].map(endpoint).into();
    let identity = Identity::Event("e1".to_owned());
    let notifications = &world.app.notifications;
    let stored = notifications.store(&shipment, &identity, &notification);
    let (Stored::New(key) | Stored::Before(key, _)) = stored.await.unwrap();
    for record in attempted(AT + 500, &[DeliveryState::Failed]) {
        let failed = key.delivery(&endpoint("demo-sink"));
        let put = world.app.deliveries.put(&failed, &record, 0);
        assert!(put.await.unwrap());
    }
    let answer = json(&world.get(&key.message_id()).await);
    let states: Vec<String> = answer["deliveries"]
        .as_array()
        .unwrap()
        .iter()
        .map(|delivery| {
            let text = |name: &str| delivery[name].as_str().unwrap();
            let attempts = &delivery["attemptCount"];
            format!("{} {} {attempts}", text("endpointId"), text("state"))
        })
        .collect();
    assert_eq!(states, ["demo-sink FAILED 1", "oms PENDING 0"]);
    assert_eq!(
        answer["deliveries"][1]["deliveryId"],
        key.delivery_id(&endpoint("oms"))
    );
    assert_eq!(answer["deliveries"][1]["attempts"], serde_json::json!([]));
}

#[tokio::test]
async fn what_is_no_json_is_told_as_text() {
    let world = Reading::start().await;
    let client = &world.world.demo.client_id;
    let key = world.store(client, b"awb=1&status=8", None).await;
    let answer = json(&world.get(&key.message_id()).await);
    assert_eq!(answer["raw"], "awb=1&status=8");
    assert_eq!(answer["payload"], Value::Null);
    assert_eq!(answer["deliveries"], serde_json::json!([]));
}

#[tokio::test]
async fn another_client_s_notification_is_absent_like_one_that_is_none() {
    let world = Reading::start().await;
    let theirs = world.store("other", b"{}", None).await.message_id();
    let made_up = format!("{theirs}-7");
    for id in [theirs.as_str(), &made_up, "ntf_1", "", "a#b"] {
        let answer = world.get(id).await;
        assert_eq!(answer.status(), 404, "{id}");
        assert_eq!(json(&answer)["detail"], "notification not found");
    }
}

#[tokio::test]
async fn nobody_reads_without_a_key() {
    let world = Reading::start().await;
    let event = world.event.clone().with_header("authorization", None);
    let answer = handle(&world.app, request::from_str(&event.to_string()).unwrap()).await;
    assert_eq!(answer.status(), 401);
}
