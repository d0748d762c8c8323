//! The events, and the handler's results.

use std::time::Duration;

use jiff::Timestamp;
use lambda_runtime::{Context, LambdaEvent};
use local::handler_world::{HandlerWorld, sent_by_aws};
use local::sink::Behaviour;
use logistics::domain::delivery::DeliveryRecord;
use logistics::store::keys::Key;
use notification_forward::{App, handle};
use serde_json::{Value, json};

pub(crate) fn app(world: &HandlerWorld) -> App {
    App::new(&world.start_of("notification-forward").unwrap()).unwrap()
}

pub(crate) fn event() -> Value {
    serde_json::from_str(&sent_by_aws("notification-forward").unwrap()).unwrap()
}

/// The task in the event's message.
pub(crate) fn task(event: &Value) -> Value {
    serde_json::from_str(event["Records"][0]["body"].as_str().unwrap()).unwrap()
}

/// The event of a notification accepted just now, too recent to be given up.
pub(crate) fn young() -> Value {
    let mut event = event();
    let mut task = task(&event);
    task["acceptedAt"] = json!(Timestamp::now().as_millisecond());
    event["Records"][0]["body"] = json!(task.to_string());
    event
}

/// The ids of the messages that are to be retried.
pub(crate) async fn left(app: &App, event: Value) -> Vec<String> {
    left_after(app, event, Duration::from_secs(30)).await
}

/// The same, of an invocation with this much time.
pub(crate) async fn left_after(app: &App, event: Value, time: Duration) -> Vec<String> {
    let mut context = Context::default();
    let deadline = Timestamp::now() + time;
    context.deadline = u64::try_from(deadline.as_millisecond()).unwrap();
    let event = LambdaEvent::new(serde_json::from_value(event).unwrap(), context);
    let response = handle(app, event).await;
    let failures = response.batch_item_failures.into_iter();
    failures.map(|failure| failure.item_identifier).collect()
}

/// The record with a key.
pub(crate) async fn record_at(app: &App, key: &Key) -> DeliveryRecord {
    let deliveries = &app.forwarding.attempting.deliveries;
    deliveries.get(key).await.unwrap().unwrap()
}

/// The second receive of a message.
pub(crate) fn again(event: &Value) -> Value {
    let mut event = event.clone();
    event["Records"][0]["attributes"]["ApproximateReceiveCount"] = json!("2");
    event
}

/// The event of another notification for the same endpoint.
pub(crate) fn another(number: u32) -> Value {
    let mut event = young();
    let mut task = task(&event);
    task["deliveryId"] = json!(format!("dlv_another_{number}_demo-sink"));
    task["record"]["sk"] = json!(format!("another-{number}#demo-sink"));
    event["Records"][0]["body"] = json!(task.to_string());
    event
}

pub(crate) fn answer(world: &HandlerWorld, status: u16) {
    let behaviour = Behaviour {
        status,
        ..Behaviour::default()
    };
    world.sink.behave(behaviour).unwrap();
}

pub(crate) async fn record(world: &HandlerWorld, event: &Value) -> DeliveryRecord {
    let deliveries = app(world).forwarding.attempting.deliveries;
    let task = task(event);
    let text = |name: &str| task["record"][name].as_str().unwrap().to_owned();
    let key = Key {
        pk: text("pk"),
        sk: text("sk"),
    };
    deliveries.get(&key).await.unwrap().unwrap()
}
