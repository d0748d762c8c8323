//! Deliveries that are attempted again after they were given up.

use jiff::Timestamp;
use local::handler_world::HandlerWorld;
use local::handler_world::stored::attempted;
use local::sink::Behaviour;
use logistics::domain::delivery::DeliveryState;
use logistics::store::keys::Key;
use notification_forward::App;
use serde_json::{Value, json};

use crate::notification_forward::world::{app, event, left, record_at, task};

#[tokio::test]
async fn only_what_is_replayed_says_so() {
    let world = HandlerWorld::start().await.unwrap();
    let app = app(&world);
    assert!(left(&app, event()).await.is_empty());
    let mut again = event();
    let mut task = task(&again);
    task["replayed"] = json!(true);
    task["record"]["sk"] = json!("another#demo-sink");
    again["Records"][0]["body"] = json!(task.to_string());
    assert!(left(&app, again).await.is_empty());
    let received = world.sink.received();
    let says: Vec<_> = received
        .iter()
        .map(|request| request.headers.get("webhook-replayed").map(String::as_str))
        .collect();
    assert_eq!(says, [None, Some("true")]);
    assert_eq!(
        received[0].headers["webhook-id"],
        received[1].headers["webhook-id"]
    );
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
        let deliveries = &app.forwarding.attempting.deliveries;
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
    let record = record_at(&app, &key).await;
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
    let record = record_at(&app, &key).await;
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
    let record = record_at(&app, &key).await;
    assert!(record.awaits_its_recovery());
}
