//! When deliveries are given up.

use std::time::Duration;

use aws_sdk_dynamodb::types::AttributeValue;
use jiff::Timestamp;
use local::handler_world::HandlerWorld;
use local::sink::Behaviour;
use logistics::domain::delivery::{AttemptEnd, DeliveryState};
use logistics::domain::endpoint::{Disabled, DisabledReason, WebhookEndpoint};
use serde_json::json;

use crate::notification_forward::world::{
    again, another, answer, app, event, left, record, task, young,
};

/// Time limit for an attempt to arrive.
const PATIENCE: Duration = Duration::from_secs(10);

/// Changes an attribute of the stored endpoint.
async fn set(world: &HandlerWorld, name: &str, value: AttributeValue) {
    let update = world
        .backends
        .dynamodb_client()
        .update_item()
        .table_name(world.table("EndpointsTable").unwrap())
        .key("clientId", AttributeValue::S("demo".to_owned()))
        .key("endpointId", AttributeValue::S("demo-sink".to_owned()))
        .update_expression("SET #name = :value")
        .expression_attribute_names("#name", name)
        .expression_attribute_values(":value", value);
    update
        .send_with(&world.backends.dynamodb_client())
        .await
        .unwrap();
}

#[tokio::test]
async fn a_refused_payload_is_given_up_while_the_endpoint_accepts_others() {
    let world = HandlerWorld::start().await.unwrap();
    let [app, other_instance] = [app(&world), app(&world)];
    let refused = young();
    answer(&world, 422);
    for _ in 0..8 {
        assert_eq!(left(&app, again(&refused)).await.len(), 1);
    }
    // The endpoint accepted another delivery, but not since this one was refused.
    answer(&world, 200);
    assert!(left(&app, another(1)).await.is_empty());
    answer(&world, 422);
    assert_eq!(left(&other_instance, again(&refused)).await.len(), 1);
    assert_eq!(left(&app, again(&refused)).await.len(), 1);
    assert_eq!(record(&world, &refused).await.state, DeliveryState::Pending);

    answer(&world, 200);
    assert!(left(&app, another(2)).await.is_empty());
    answer(&world, 422);
    assert!(left(&app, again(&refused)).await.is_empty());
    let record = record(&world, &refused).await;
    assert_eq!((record.state, record.attempts), (DeliveryState::Failed, 11));
}

#[tokio::test]
async fn a_failure_of_another_kind_resets_the_count_of_refusals() {
    let world = HandlerWorld::start().await.unwrap();
    let app = app(&world);
    let failing = young();
    let mut others = 0;
    for (status, times) in [(400, 7), (429, 1), (400, 7)] {
        for _ in 0..times {
            answer(&world, status);
            assert_eq!(left(&app, again(&failing)).await.len(), 1, "{status}");
            answer(&world, 200);
            others += 1;
            assert!(left(&app, another(others)).await.is_empty());
        }
    }
    answer(&world, 400);
    assert!(left(&app, again(&failing)).await.is_empty());
    assert_eq!(record(&world, &failing).await.attempts, 16);
}

#[tokio::test]
async fn a_gone_endpoint_is_disabled_once_and_only_at_the_url_that_answered() {
    let world = HandlerWorld::start().await.unwrap();
    // Each instance reads the table.
    let endpoints = || app(&world).forwarding.attempting.endpoints;
    let versions = app(&world).forwarding.attempting.versions;
    let disable = async |endpoint: &WebhookEndpoint, disabled| {
        let done = endpoints().disable(endpoint, disabled, &versions).await;
        done.unwrap()
    };
    let (client, id) = ("demo".parse().unwrap(), "demo-sink".parse().unwrap());
    let found = async || endpoints().present(&client, &id).await.unwrap().unwrap();
    let before = found().await;
    assert!(before.enabled);

    let disabled = Disabled {
        reason: DisabledReason::Gone,
        at: Timestamp::from_millisecond(1_795_166_100_000).unwrap(),
    };
    let moved = WebhookEndpoint {
        url: "https://example.com/moved".parse().unwrap(),
        ..(*before).clone()
    };
    assert!(!disable(&moved, disabled).await);
    assert!(found().await.enabled);

    answer(&world, 410);
    let app = app(&world);
    assert!(left(&app, young()).await.is_empty());
    assert_eq!(record(&world, &young()).await.state, DeliveryState::Failed);
    let after = found().await;
    assert!(!after.enabled);
    assert_eq!(after.disabled.unwrap().reason, DisabledReason::Gone);
    // A later attempt changes nothing.
    assert!(!disable(&before, disabled).await);
    assert_eq!(found().await.disabled, after.disabled);

    // In this instance it takes effect at once.
    answer(&world, 200);
    assert!(left(&app, another(1)).await.is_empty());
    assert_eq!(world.sink.received().len(), 1);
    let record = record(&world, &another(1)).await;
    assert_eq!(record.first[0].end, AttemptEnd::Disabled);
}

#[tokio::test]
async fn a_delivery_for_which_the_old_url_answers_gone_goes_to_the_new_one() {
    let world = HandlerWorld::start().await.unwrap();
    let app = app(&world);
    assert!(left(&app, another(1)).await.is_empty());
    let endpoints = &app.forwarding.attempting.endpoints;
    let (client, id) = ("demo".parse().unwrap(), "demo-sink".parse().unwrap());
    let before = endpoints.present(&client, &id).await.unwrap().unwrap();
    let url = before.url.join("/moved").unwrap();

    // The URL changes while the old one delays its response.
    let gone = Behaviour {
        status: 410,
        delay_ms: 500,
        ..Behaviour::default()
    };
    world.sink.behave(gone).unwrap();
    let event = young();
    let moving = async {
        world.sink.wait_for(2, PATIENCE).await.unwrap();
        set(&world, "url", AttributeValue::S(url.to_string())).await;
    };
    let (still, ()) = tokio::join!(left(&app, event.clone()), moving);
    assert_eq!(still.len(), 1);
    assert_eq!(record(&world, &event).await.state, DeliveryState::Pending);
    answer(&world, 200);
    assert!(left(&app, again(&event)).await.is_empty());
    let received = world.sink.received();
    let paths: Vec<&str> = received.iter().map(|request| &*request.path).collect();
    assert_eq!(paths, ["/webhooks/rms", "/webhooks/rms", "/moved"]);
}

#[tokio::test]
async fn the_give_up_age_is_the_endpoint_s() {
    let world = HandlerWorld::start().await.unwrap();
    answer(&world, 500);
    let aged = |hours: i64| {
        let mut event = event();
        let mut task = task(&event);
        let age = hours * 3_600_000;
        task["acceptedAt"] = json!(Timestamp::now().as_millisecond() - age);
        task["record"]["sk"] = json!(format!("aged-{hours}#demo-sink"));
        event["Records"][0]["body"] = json!(task.to_string());
        event
    };
    assert_eq!(left(&app(&world), aged(75)).await.len(), 1);
    assert!(left(&app(&world), aged(77)).await.is_empty());

    let two_hours = AttributeValue::N("7200".to_owned());
    set(&world, "giveUpAfterSeconds", two_hours).await;
    assert_eq!(left(&app(&world), aged(1)).await.len(), 1);
    assert!(left(&app(&world), aged(2)).await.is_empty());
}

#[tokio::test]
async fn an_endpoint_that_is_gone_gets_no_further_attempt_in_the_same_batch() {
    let world = HandlerWorld::start().await.unwrap();
    let app = app(&world);
    let (mut batch, second) = (another(1), another(2));
    let mut record_of_second = second["Records"][0].clone();
    record_of_second["messageId"] = json!("the second");
    let records = batch["Records"].as_array_mut().unwrap();
    records.push(record_of_second);
    answer(&world, 410);
    assert!(left(&app, batch).await.is_empty());
    assert_eq!(world.sink.received().len(), 1);
    let record = record(&world, &second).await;
    assert_eq!(record.first[0].end, AttemptEnd::Disabled);
}
