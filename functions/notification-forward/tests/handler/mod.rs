//! The handler with an event as AWS sends it, on real tables, with the client sink.

mod aside;
mod corrections;
mod given_up;
mod logged;
mod recovered;
mod slow;
mod suspended;
mod told;
mod world;

use insta::assert_json_snapshot;
use local::handler_world::HandlerWorld;
use local::sink::Behaviour;
use serde_json::{Value, json};

use crate::notification_forward::world::{app, event, left, task, young};

#[tokio::test]
async fn a_notification_reaches_the_client_as_it_was_serialised() {
    let world = HandlerWorld::start().await.unwrap();
    let event = event();
    let task = task(&event);
    assert!(left(&app(&world), event).await.is_empty());
    let received = world.sink.received();
    assert_eq!(received.len(), 1);
    let request = &received[0];
    assert_eq!(
        (&*request.method, &*request.path),
        ("POST", "/webhooks/rms")
    );
    assert_eq!(request.body, task["payload"].as_str().unwrap());
    assert_eq!(
        request.headers["webhook-id"],
        task["deliveryId"].as_str().unwrap()
    );
    assert!(request.headers["webhook-signature"].starts_with("v1,"));
    let payload: Value = serde_json::from_str(&request.body).unwrap();
    assert_json_snapshot!(payload, @r#"
    {
      "courierName": "Delhivery",
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
      "notificationUpdateTime": 1795166100,
      "returnOrderInfo": null,
      "warehouseCode": "wh-1"
    }
    "#);
}

#[tokio::test]
async fn a_repeated_event_delivers_once() {
    let world = HandlerWorld::start().await.unwrap();
    let app = app(&world);
    assert!(left(&app, event()).await.is_empty());
    let mut again = event();
    again["Records"][0]["attributes"]["ApproximateReceiveCount"] = json!("2");
    assert!(left(&app, again).await.is_empty());
    assert_eq!(world.sink.received().len(), 1);
}

#[tokio::test]
async fn refused_messages_are_returned_to_the_queue() {
    let world = HandlerWorld::start().await.unwrap();
    let refusing = Behaviour {
        status: 500,
        fail_next: Some(1),
        ..Behaviour::default()
    };
    world.sink.behave(refusing).unwrap();
    let app = app(&world);
    let mut event = young();
    let id = event["Records"][0]["messageId"]
        .as_str()
        .unwrap()
        .to_owned();
    assert_eq!(left(&app, event.clone()).await, [id]);

    event["Records"][0]["attributes"]["ApproximateReceiveCount"] = json!("2");
    assert!(left(&app, event).await.is_empty());
    let received = world.sink.received();
    assert_eq!(received.len(), 2);
    assert_eq!(
        received[0].headers["webhook-id"],
        received[1].headers["webhook-id"]
    );
}
