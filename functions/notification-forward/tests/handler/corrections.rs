//! Messages that correct earlier ones: every attempt says so.

use jiff::Timestamp;
use local::handler_world::HandlerWorld;
use local::handler_world::stored::correction;
use serde_json::{Value, json};

use crate::notification_forward::world::{again, answer, app, left, task, young};

/// What the attempts say, in order.
fn said(world: &HandlerWorld) -> Vec<Option<String>> {
    let received = world.sink.received().into_iter();
    received
        .map(|request| request.headers.get("rms-correction").cloned())
        .collect()
}

fn with_task(mut event: Value, task: &Value) -> Value {
    event["Records"][0]["body"] = json!(task.to_string());
    event
}

#[tokio::test]
async fn the_first_attempt_of_a_correction_and_every_further_one_say_so() {
    let world = HandlerWorld::start().await.unwrap();
    let app = app(&world);
    let mut task = task(&young());
    task["correction"] = json!(true);
    let event = with_task(young(), &task);
    answer(&world, 503);
    assert_eq!(left(&app, event.clone()).await.len(), 1);
    answer(&world, 204);
    assert!(left(&app, again(&event)).await.is_empty());
    let yes = Some("true".to_owned());
    assert_eq!(said(&world), [yes.clone(), yes]);
}

#[tokio::test]
async fn a_message_of_an_earlier_version_is_no_correction() {
    let world = HandlerWorld::start().await.unwrap();
    assert!(task(&young()).get("correction").is_none());
    assert!(left(&app(&world), young()).await.is_empty());
    assert_eq!(said(&world), [None]);
}

#[tokio::test]
async fn a_recovered_or_large_correction_is_known_by_the_stored_message() {
    let world = HandlerWorld::start().await.unwrap();
    let at = Timestamp::now().as_millisecond();
    let (key, stored) = correction("demo", "R1", at, "{\"returnOrderCode\":\"R1\"}").unwrap();
    let start = world.start_of("notification-forward").unwrap();
    let put = start.messages().unwrap().put(&key, &stored).await;
    assert!(put.unwrap().is_none());
    let record = key.delivery(&"demo-sink".parse().unwrap());
    let mut task = task(&young());
    task["messageKind"] = json!("RETURN_ORDER_ACK");
    task["deliveryId"] = json!(record.delivery_id());
    task["record"] = json!({ "pk": record.pk, "sk": record.sk });
    task["resend"] = json!(true);
    task.as_object_mut().unwrap().remove("payload");
    assert!(
        left(&app(&world), with_task(young(), &task))
            .await
            .is_empty()
    );
    assert_eq!(said(&world), [Some("true".to_owned())]);
    assert_eq!(
        world.sink.received()[0].body,
        "{\"returnOrderCode\":\"R1\"}"
    );
}
