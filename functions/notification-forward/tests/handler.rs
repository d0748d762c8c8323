//! The handler, fed with the event that AWS sends, on real tables, towards the client's sink.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "the helpers of these tests fail like the tests themselves"
)]

use insta::assert_json_snapshot;
use jiff::Timestamp;
use lambda_runtime::{Context, LambdaEvent};
use local::handler_world::stored::attempted;
use local::handler_world::{HandlerWorld, sent_by_aws};
use local::sink::Behaviour;
use logistics::domain::delivery::DeliveryState;
use logistics::flows::forward_notification::{Forwarder, Suspects};
use logistics::queue::{batch::Batches, sender::Sender};
use logistics::store::{
    deliveries::Deliveries, endpoints::Endpoints, keys::Key, notifications::Notifications,
};
use notification_forward::{App, handle};
use serde_json::{Value, json};

fn app(world: &HandlerWorld) -> App {
    let (dynamodb, sqs) = (
        world.backends.dynamodb_client(),
        world.backends.sqs_client(),
    );
    let table = |logical_id| world.table(logical_id).unwrap();
    let queue_url = |logical_id| world.queue_url(logical_id).unwrap();
    App {
        batches: Batches::new(sqs.clone(), queue_url("DeliveryQueue")),
        forwarder: Forwarder {
            endpoints: Endpoints::new(dynamodb.clone(), table("EndpointsTable")),
            notifications: Notifications::new(dynamodb.clone(), table("NotificationsTable")),
            deliveries: Deliveries::new(dynamodb, table("NotificationsTable")),
            outbound: world.outbound(&[]).unwrap(),
            dead_letters: Sender::new(sqs, queue_url("DeliveryDeadLetterQueue")),
            ttl_days: 90,
            suspects: Suspects::default(),
        },
    }
}

fn event() -> Value {
    serde_json::from_str(&sent_by_aws("notification-forward").unwrap()).unwrap()
}

/// What stands in the message of the event.
fn task(event: &Value) -> Value {
    serde_json::from_str(event["Records"][0]["body"].as_str().unwrap()).unwrap()
}

/// The event of a notification that was accepted just now, so that it is too early to give it up.
fn young() -> Value {
    let mut event = event();
    let mut task = task(&event);
    task["acceptedAt"] = json!(Timestamp::now().as_millisecond());
    event["Records"][0]["body"] = json!(task.to_string());
    event
}

/// The ids of the messages that are left.
async fn left(app: &App, event: Value) -> Vec<String> {
    let mut context = Context::default();
    context.deadline = u64::try_from(Timestamp::now().as_millisecond()).unwrap() + 30_000;
    let event = LambdaEvent::new(serde_json::from_value(event).unwrap(), context);
    let response = handle(app, event).await;
    let failures = response.batch_item_failures.into_iter();
    failures.map(|failure| failure.item_identifier).collect()
}

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
async fn what_the_client_does_not_take_is_left() {
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

#[tokio::test]
async fn one_message_that_nobody_can_read_goes_aside_alone() {
    let world = HandlerWorld::start().await.unwrap();
    let mut event = event();
    let mut unreadable = event["Records"][0].clone();
    unreadable["messageId"] = json!("c80e8021-a70a-42c7-a470-796e1186f753");
    unreadable["body"] = json!("no task");
    event["Records"]
        .as_array_mut()
        .unwrap()
        .insert(0, unreadable);
    assert!(left(&app(&world), event).await.is_empty());
    assert_eq!(world.sink.received().len(), 1);
    let aside = world
        .backends
        .sqs_client()
        .receive_message()
        .queue_url(world.queue_url("DeliveryDeadLetterQueue").unwrap())
        .send()
        .await
        .unwrap();
    let aside = aside.messages.unwrap();
    let bodies: Vec<_> = aside
        .iter()
        .map(|message| message.body().unwrap())
        .collect();
    assert_eq!(bodies, ["no task"]);
}

/// The event of a delivery that was recovered so many times, of a notification that is older than any give-up age.
fn recovered(generation: u32) -> Value {
    let mut event = event();
    let mut task = task(&event);
    task["acceptedAt"] = json!(1_700_000_000_000_i64);
    task["generation"] = json!(generation);
    task["resend"] = json!(true);
    task["replayed"] = json!(true);
    event["Records"][0]["body"] = json!(task.to_string());
    event
}

/// The record of the event's delivery, once failed and recovered just now.
async fn recover(app: &App, event: &Value) -> Key {
    let record = &task(event)["record"];
    let key = Key {
        pk: record["pk"].as_str().unwrap().to_owned(),
        sk: record["sk"].as_str().unwrap().to_owned(),
    };
    for failed in attempted(1_700_000_000_000, &[DeliveryState::Failed]) {
        let deliveries = &app.forwarder.deliveries;
        assert!(deliveries.put(&key, &failed, 0).await.unwrap());
        let recovered = failed.recovered(Timestamp::now());
        assert!(deliveries.recover(&key, &recovered).await.unwrap());
    }
    key
}

#[tokio::test]
async fn a_recovered_delivery_says_so_and_its_age_counts_from_its_recovery() {
    let world = HandlerWorld::start().await.unwrap();
    let app = app(&world);
    let event = recovered(1);
    let key = recover(&app, &event).await;
    world
        .sink
        .behave(Behaviour {
            status: 500,
            fail_next: Some(1),
            ..Behaviour::default()
        })
        .unwrap();
    assert_eq!(left(&app, event.clone()).await.len(), 1);
    let record = app.forwarder.deliveries.get(&key).await.unwrap().unwrap();
    assert_eq!(record.state, DeliveryState::Pending);
    assert!(left(&app, event.clone()).await.is_empty());
    let received = world.sink.received();
    assert_eq!(received.len(), 2);
    for request in received {
        assert_eq!(request.headers["webhook-replayed"], "true");
        assert_eq!(
            request.headers["webhook-id"],
            task(&event)["deliveryId"].as_str().unwrap()
        );
    }
    let record = app.forwarder.deliveries.get(&key).await.unwrap().unwrap();
    assert_eq!(
        (record.state, record.attempts, record.generation()),
        (DeliveryState::Delivered, 3, 1)
    );
}

#[tokio::test]
async fn a_message_from_before_the_recovery_is_dropped() {
    let world = HandlerWorld::start().await.unwrap();
    let app = app(&world);
    let event = recovered(0);
    let key = recover(&app, &event).await;
    assert!(left(&app, event).await.is_empty());
    assert!(world.sink.received().is_empty());
    let record = app.forwarder.deliveries.get(&key).await.unwrap().unwrap();
    assert!(record.awaits_its_recovery());
}

#[tokio::test]
async fn a_first_delivery_does_not_call_itself_replayed() {
    let world = HandlerWorld::start().await.unwrap();
    assert!(left(&app(&world), event()).await.is_empty());
    let received = world.sink.received();
    assert!(!received[0].headers.contains_key("webhook-replayed"));
}
