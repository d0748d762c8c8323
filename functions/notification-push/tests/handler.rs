//! The handler, fed with the event that AWS sends, on real tables and the real queue.

use insta::{assert_json_snapshot, assert_snapshot};
use lambda_http::{Body, Response, request};
use local::handler_world::{HandlerWorld, HttpEvent, Logged};
use logistics::domain::endpoint::WebhookEndpoint;
use logistics::domain::signing::SigningSecrets;
use logistics::flows::notifying::dependencies::PushDependencies;
use logistics::store::message_keys::notification_key;
use notification_push::handle;
use serde_json::Value;

use crate::answer::{json, text};

/// A handler whose caller, the one of the event, is let in.
async fn admitted() -> (HandlerWorld, PushDependencies, HttpEvent) {
    let world = HandlerWorld::start().await.unwrap();
    let event = HttpEvent::of("notification-push").unwrap();
    world.admit(&event).await.unwrap();
    let start = world.start_of("notification-push").unwrap();
    let dependencies = start.push().unwrap();
    (world, dependencies, event)
}

async fn answer(dependencies: &PushDependencies, event: &HttpEvent) -> Response<Body> {
    handle(dependencies, request::from_str(&event.to_string()).unwrap()).await
}

/// What waits in the delivery queue.
async fn waiting(world: &HandlerWorld) -> Vec<Value> {
    let received = world
        .backends
        .sqs_client()
        .receive_message()
        .queue_url(world.queue_url("DeliveryQueue").unwrap())
        .max_number_of_messages(10)
        .send()
        .await
        .unwrap();
    let messages = received.messages.unwrap_or_default();
    let body = |message: &aws_sdk_sqs::types::Message| message.body().unwrap().to_owned();
    messages
        .iter()
        .map(|message| serde_json::from_str(&body(message)).unwrap())
        .collect()
}

async fn stored(world: &HandlerWorld) -> usize {
    let table = world.table("NotificationsTable").unwrap();
    let scan = world.backends.dynamodb_client().scan().table_name(table);
    scan.send().await.unwrap().items().len()
}

#[tokio::test]
async fn a_push_is_stored_and_on_its_way_when_it_is_answered() {
    let (world, dependencies, event) = admitted().await;
    let first = answer(&dependencies, &event).await;
    assert_eq!(first.status(), 200);
    assert_snapshot!(text(&first), @r#"{"notifications":[{"notificationId":"ntf_eda4649e9909cd818d1a_Faf5570f543aa62c30ef3dc98c8e0ab03","status":"ACCEPTED"}]}"#);
    assert_eq!(stored(&world).await, 1);
    let mut waiting = waiting(&world).await;
    assert_eq!(waiting.len(), 1);
    let payload = waiting[0]["payload"].take();
    let payload: Value = serde_json::from_str(payload.as_str().unwrap()).unwrap();
    assert_json_snapshot!(waiting, { "[].acceptedAt" => "[now]" }, @r#"
    [
      {
        "acceptedAt": "[now]",
        "clientId": "demo",
        "deliveryId": "dlv_eda4649e9909cd818d1a_Faf5570f543aa62c30ef3dc98c8e0ab03_demo-sink",
        "endpointId": "demo-sink",
        "generation": 0,
        "kind": "delivery.v1",
        "messageKind": "NOTIFICATION",
        "payload": null,
        "record": {
          "pk": "demo#eda4649e9909cd818d1a",
          "sk": "Faf5570f543aa62c30ef3dc98c8e0ab03#demo-sink"
        },
        "requestId": "JKJaXmPLvHcESHA=",
        "resend": false
      }
    ]
    "#);
    assert_json_snapshot!(payload, { ".notificationUpdateTime" => "[now]" }, @r#"
    {
      "courierName": "Delhivery",
      "eventTime": "2026-11-20T09:15:00Z",
      "forwardAwb": "12541231",
      "forwardOrderCode": "asdf1234",
      "forwardShipmentCode": null,
      "items": [
        {
          "itemId": null,
          "quantity": 1,
          "sku": "sku-1"
        }
      ],
      "logisticAggregatorInfo": {
        "logisticAggregatorMetaData": {},
        "logisticAggregatorName": "NARVAR"
      },
      "notificationType": "TRANSIT",
      "notificationUpdateTime": "[now]",
      "returnOrderInfo": null,
      "warehouseCode": "wh-1"
    }
    "#);
}

#[tokio::test]
async fn a_repeat_names_the_endpoints_that_it_is_sent_to_besides() {
    let (world, dependencies, event) = admitted().await;
    let first = json(&answer(&dependencies, &event).await);
    let id = first["notifications"][0]["notificationId"].as_str();
    let demo = world.demo.client_id.parse().unwrap();
    let key = notification_key(&demo, id.unwrap()).unwrap();
    let named = async || {
        let stored = dependencies.notifications.get(&key).await.unwrap();
        let ids = stored.unwrap().sent_to;
        ids.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    assert_eq!(named().await, ["demo-sink"]);
    let secrets = SigningSecrets::new("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".into());
    let url = world.sink_url().parse().unwrap();
    let second = WebhookEndpoint::new(demo, "second".parse().unwrap(), url, secrets);
    let configured = world
        .start_of("configuration")
        .unwrap()
        .endpoints()
        .unwrap();
    configured.endpoints.add(&second).await.unwrap();
    // What was remembered of the endpoints is forgotten by a new instance.
    let later = world.start_of("notification-push").unwrap().push().unwrap();
    for _ in 0..2 {
        let repeat = json(&answer(&later, &event).await);
        assert_eq!(repeat["notifications"][0]["status"], "DUPLICATE");
        assert_eq!(named().await, ["demo-sink", "second"]);
    }
}

#[tokio::test]
async fn a_push_without_its_proof_is_not_even_read() {
    let (world, dependencies, event) = admitted().await;
    let wrong = event.with_header("authpassword", Some("wrong"));
    let answer = answer(&dependencies, &wrong.with_body(&Value::Null)).await;
    assert_eq!(answer.status(), 401);
    assert_json_snapshot!(json(&answer), @r#"
    {
      "detail": "the push credential is unknown",
      "instance": "JKJaXmPLvHcESHA=",
      "status": 401,
      "title": "Missing or invalid API key or push credential",
      "type": "https://github.com/rms-logistics/rms-logistics/blob/main/docs/errors.md#unauthenticated"
    }
    "#);
    assert_eq!(stored(&world).await, 0);
    assert!(waiting(&world).await.is_empty());
}

#[tokio::test]
async fn a_push_that_cannot_be_read_is_told_why() {
    let (world, dependencies, event) = admitted().await;
    let mut body = event.body().unwrap();
    body["shipmentType"] = "RETURN".into();
    let answer = answer(&dependencies, &event.with_body(&body)).await;
    assert_eq!(answer.status(), 422);
    assert_json_snapshot!(json(&answer), @r#"
    {
      "detail": "/returnOrderInfo is missing, but shipmentType is RETURN",
      "errors": [
        {
          "detail": "is missing, but shipmentType is RETURN",
          "pointer": "/returnOrderInfo"
        }
      ],
      "instance": "JKJaXmPLvHcESHA=",
      "status": 422,
      "title": "Invalid request",
      "type": "https://github.com/rms-logistics/rms-logistics/blob/main/docs/errors.md#invalid-request"
    }
    "#);
    assert_eq!(stored(&world).await, 0);
}

#[tokio::test]
async fn a_push_leaves_one_line_with_all_that_finds_it() {
    let (_world, dependencies, event) = admitted().await;
    let logged = Logged::from_now();
    let answer = answer(&dependencies, &event).await;
    let lines = logged.with("request_id", "JKJaXmPLvHcESHA=").unwrap();
    let [line] = &lines[..] else {
        panic!("{lines:#?}")
    };
    let id = &json(&answer)["notifications"][0]["notificationId"];
    assert_eq!(line["message_id"], *id);
    assert_json_snapshot!(line, {
        ".timestamp" => "[now]",
        ".message_id" => "[id]",
    }, @r#"
    {
      "alias": "magic",
      "client_id": "demo",
      "deliveries": 1,
      "level": "INFO",
      "message": "notification received",
      "message_id": "[id]",
      "method": "POST",
      "order_number": "asdf1234",
      "partner": "RMS_MAGIC",
      "push_status": "ACCEPTED",
      "request_id": "JKJaXmPLvHcESHA=",
      "route": "/rms-magic/notification/push",
      "shipment_type": "FORWARD",
      "timestamp": "[now]"
    }
    "#);
}
