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
use jiff::Timestamp;
use local::handler_world::HandlerWorld;
use local::sink::Behaviour;
use logistics::domain::statistics::{Counts, hour_of};
use serde_json::{Value, json};

use crate::notification_forward::world::{another, answer, app, event, left, task, young};

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
async fn what_ended_is_counted_with_its_age() {
    let world = HandlerWorld::start().await.unwrap();
    let app = app(&world);
    assert!(left(&app, young()).await.is_empty());
    assert!(left(&app, another(1)).await.is_empty());
    answer(&world, 500);
    assert_eq!(left(&app, another(2)).await.len(), 1);
    // The age of the event's own task is that of one that is given up.
    let mut old = another(3);
    let mut task = task(&old);
    task["acceptedAt"] = json!(0);
    old["Records"][0]["body"] = json!(task.to_string());
    // An instance writes twice at once: the third one is another instance's.
    let other = self::app(&world);
    assert!(left(&other, old).await.is_empty());
    let (today, _) = hour_of(Timestamp::now());
    let demo = world.demo.client_id.parse().unwrap();
    let statistics = world.start_of("console").unwrap().statistics().unwrap();
    let counted = statistics.of_endpoints(&demo, (today.minus(1), today));
    let mut sum = Counts::default();
    for day in counted.await.unwrap() {
        assert_eq!(day.name, "demo-sink");
        sum.add(&day.counts);
    }
    assert_eq!(sum.totals(), (0, 2, 1));
    assert_eq!(sum.ages.iter().sum::<u64>(), 2);
    assert!(sum.age_within(100).unwrap() <= 2, "{sum:?}");
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
