//! The handler, fed with the event that AWS sends, on real tables, towards the client's sink.

use aws_sdk_dynamodb::types::AttributeValue;
use aws_sdk_sqs::types::{Message, MessageSystemAttributeName, SendMessageBatchRequestEntry};
use futures::StreamExt as _;
use insta::assert_json_snapshot;
use jiff::{SignedDuration, Timestamp};
use lambda_runtime::{Context, LambdaEvent};
use local::handler_world::stored::attempted;
use local::handler_world::{HandlerWorld, Logged, sent_by_aws};
use local::sink::Behaviour;
use logistics::domain::delivery::{AttemptEnd, DeliveryRecord, DeliveryState};
use logistics::domain::endpoint::{Disabled, DisabledReason, WebhookEndpoint};
use logistics::domain::endpoint_key::EndpointKey;
use logistics::domain::health::{
    Draining, Health, MOST_WAITING, Stage, Suspension, SuspensionReason,
};
use logistics::store::{delivering::parked::EndpointLane, keys::Key};
use notification_forward::{App, handle};
use serde_json::{Value, json};

fn app(world: &HandlerWorld) -> App {
    App::new(&world.start_of("notification-forward").unwrap()).unwrap()
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

/// The record under a key.
async fn record_at(app: &App, key: &Key) -> DeliveryRecord {
    let deliveries = &app.forwarder.attempting.deliveries;
    deliveries.get(key).await.unwrap().unwrap()
}

/// A later hand-out of a message.
fn again(event: &Value) -> Value {
    let mut event = event.clone();
    event["Records"][0]["attributes"]["ApproximateReceiveCount"] = json!("2");
    event
}

/// The event of another notification for the same endpoint.
fn another(number: u32) -> Value {
    let mut event = young();
    let mut task = task(&event);
    task["deliveryId"] = json!(format!("dlv_another_{number}_demo-sink"));
    task["record"]["sk"] = json!(format!("another-{number}#demo-sink"));
    event["Records"][0]["body"] = json!(task.to_string());
    event
}

fn answer(world: &HandlerWorld, status: u16) {
    let behaviour = Behaviour {
        status,
        ..Behaviour::default()
    };
    world.sink.behave(behaviour).unwrap();
}

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
    update.send().await.unwrap();
}

async fn record(world: &HandlerWorld, event: &Value) -> DeliveryRecord {
    let deliveries = app(world).forwarder.attempting.deliveries;
    let task = task(event);
    let text = |name: &str| task["record"][name].as_str().unwrap().to_owned();
    let key = Key {
        pk: text("pk"),
        sk: text("sk"),
    };
    deliveries.get(&key).await.unwrap().unwrap()
}

#[tokio::test]
async fn a_refused_payload_is_given_up_while_the_endpoint_takes_others() {
    let world = HandlerWorld::start().await.unwrap();
    let [app, other_instance] = [app(&world), app(&world)];
    let refused = young();
    answer(&world, 422);
    for _ in 0..8 {
        assert_eq!(left(&app, again(&refused)).await.len(), 1);
    }
    // The endpoint took something, but not while this one was refused.
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
async fn a_failure_of_another_kind_begins_the_count_of_refusals_anew() {
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
async fn an_endpoint_that_is_gone_is_switched_off_once_and_only_where_it_led() {
    let world = HandlerWorld::start().await.unwrap();
    // Each instance asks the table.
    let endpoints = || app(&world).forwarder.attempting.endpoints;
    let (client, id) = ("demo".parse().unwrap(), "demo-sink".parse().unwrap());
    let found = async || endpoints().find(&client, &id).await.unwrap().unwrap();
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
    assert!(!endpoints().disable(&moved, disabled).await.unwrap());
    assert!(found().await.enabled);

    answer(&world, 410);
    let app = app(&world);
    assert!(left(&app, young()).await.is_empty());
    assert_eq!(record(&world, &young()).await.state, DeliveryState::Failed);
    let after = found().await;
    assert!(!after.enabled);
    assert_eq!(after.disabled.unwrap().reason, DisabledReason::Gone);
    // Who comes late changes nothing.
    assert!(!endpoints().disable(&before, disabled).await.unwrap());
    assert_eq!(found().await.disabled, after.disabled);

    // This instance knows it at once.
    answer(&world, 200);
    assert!(left(&app, another(1)).await.is_empty());
    assert_eq!(world.sink.received().len(), 1);
    let record = record(&world, &another(1)).await;
    assert_eq!(record.first[0].end, AttemptEnd::Disabled);
}

#[tokio::test]
async fn what_an_address_of_before_calls_gone_is_delivered_to_the_new_one() {
    let world = HandlerWorld::start().await.unwrap();
    let app = app(&world);
    assert!(left(&app, another(1)).await.is_empty());
    let endpoints = self::app(&world).forwarder.attempting.endpoints;
    let (client, id) = ("demo".parse().unwrap(), "demo-sink".parse().unwrap());
    let before = endpoints.find(&client, &id).await.unwrap().unwrap();
    let url = before.url.join("/moved").unwrap();
    set(&world, "url", AttributeValue::S(url.to_string())).await;

    // This instance still knows the old address.
    answer(&world, 410);
    let event = young();
    assert_eq!(left(&app, event.clone()).await.len(), 1);
    assert_eq!(record(&world, &event).await.state, DeliveryState::Pending);
    answer(&world, 200);
    assert!(left(&app, again(&event)).await.is_empty());
    let received = world.sink.received();
    let paths: Vec<&str> = received.iter().map(|request| &*request.path).collect();
    assert_eq!(paths, ["/webhooks/rms", "/webhooks/rms", "/moved"]);
}

#[tokio::test]
async fn an_endpoint_says_itself_when_its_deliveries_are_given_up() {
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
    let aside = aside(&world).await;
    let bodies: Vec<_> = aside
        .iter()
        .map(|message| message.body().unwrap())
        .collect();
    assert_eq!(bodies, ["no task"]);
}

/// What is in the dead-letter queue.
async fn aside(world: &HandlerWorld) -> Vec<Message> {
    let received = world
        .backends
        .sqs_client()
        .receive_message()
        .queue_url(world.queue_url("DeliveryDeadLetterQueue").unwrap())
        .max_number_of_messages(10)
        .message_system_attribute_names(MessageSystemAttributeName::All)
        .message_attribute_names("All");
    received.send().await.unwrap().messages.unwrap_or_default()
}

#[tokio::test]
async fn what_goes_aside_says_why_and_from_which_lane() {
    let world = HandlerWorld::start().await.unwrap();
    let mut event = event();
    let mut unreadable = event["Records"][0].clone();
    unreadable["body"] = json!("no task");
    unreadable["messageId"] = json!("first");
    let mut brought_back = unreadable.clone();
    brought_back["messageId"] = json!("second");
    // The queue's own redrive leaves a message in its own group, and what stands beside it.
    brought_back["attributes"]["MessageGroupId"] = json!("first");
    brought_back["messageAttributes"] =
        json!({ "lane": { "dataType": "String", "stringValue": "demo:demo-sink:3" } });
    event["Records"] = json!([unreadable, brought_back]);
    let lane = event["Records"][0]["attributes"]["MessageGroupId"].clone();
    assert!(left(&app(&world), event).await.is_empty());

    let aside = aside(&world).await;
    assert_eq!(aside.len(), 2);
    for message in aside {
        let system = message.attributes.unwrap();
        let group = system[&MessageSystemAttributeName::MessageGroupId].as_str();
        let beside = message.message_attributes.unwrap();
        let text = |name: &str| beside[name].string_value().unwrap();
        assert_eq!(text("reason"), "the message cannot be read");
        match group {
            "first" => assert_eq!(text("lane"), lane),
            _ => assert_eq!((group, text("lane")), ("second", "demo:demo-sink:3")),
        }
    }
}

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
        let deliveries = &app.forwarder.attempting.deliveries;
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

fn endpoint_key() -> EndpointKey {
    EndpointKey {
        client_id: "demo".parse().unwrap(),
        endpoint_id: "demo-sink".parse().unwrap(),
    }
}

/// The lane of the event's message.
fn lane() -> EndpointLane {
    EndpointLane {
        endpoint: endpoint_key(),
        lane: 19,
    }
}

async fn health(app: &App) -> Health {
    let healths = &app.forwarder.attempting.healths;
    healths.read(&endpoint_key()).await.unwrap()
}

/// Notes that the endpoint has taken nothing for so long.
async fn failing_for(app: &App, minutes: i64) {
    let since = Timestamp::now() - SignedDuration::from_mins(minutes);
    let healths = &app.forwarder.attempting.healths;
    healths.fails(&endpoint_key(), since).await.unwrap();
}

/// Suspends the endpoint, as far as this says.
async fn suspended(app: &App, stage: Stage) {
    failing_for(app, 15).await;
    let suspension = Suspension {
        stage,
        ..Suspension::new(Timestamp::now(), SuspensionReason::Failing, 32)
    };
    let seen = health(app).await;
    let healths = &app.forwarder.attempting.healths;
    let suspended = healths.suspend(&endpoint_key(), &seen, &suspension).await;
    assert!(suspended.unwrap());
}

#[tokio::test]
async fn what_arrives_for_a_suspended_endpoint_is_parked_in_the_order_of_the_queue() {
    let world = HandlerWorld::start().await.unwrap();
    let app = app(&world);
    suspended(&app, Stage::Suspended).await;
    let mut batch = young();
    let first = another(1)["Records"][0].clone();
    batch["Records"].as_array_mut().unwrap().push(first);
    batch["Records"][1]["messageId"] = json!("second");
    batch["Records"][1]["attributes"]["SequenceNumber"] = json!("18894763458162607105");
    assert!(left(&app, batch.clone()).await.is_empty());
    assert!(world.sink.received().is_empty());
    let parked = app.forwarder.parked.first(&lane(), None, 10).await.unwrap();
    let expected = [
        task(&batch)["record"]["sk"].clone(),
        json!("another-1#demo-sink"),
    ];
    let found: Vec<_> = parked
        .iter()
        .map(|parked| json!(parked.delivery.record().sk))
        .collect();
    assert_eq!(found, expected);
}

#[tokio::test]
async fn while_a_lane_closes_its_messages_wait_and_an_open_lane_delivers() {
    let world = HandlerWorld::start().await.unwrap();
    let app = app(&world);
    let draining = Draining {
        parking: [1].into(),
        closing: [19].into(),
    };
    suspended(&app, Stage::Draining(draining)).await;
    let event = young();
    assert_eq!(left(&app, event.clone()).await.len(), 1);
    assert!(world.sink.received().is_empty());
    let parked = app.forwarder.parked.first(&lane(), None, 10).await.unwrap();
    assert!(parked.is_empty());
    let mut open = event;
    open["Records"][0]["attributes"]["MessageGroupId"] = json!("demo:demo-sink:2");
    assert!(left(&app, open).await.is_empty());
    assert_eq!(world.sink.received().len(), 1);
}

#[tokio::test]
async fn an_endpoint_that_took_nothing_for_a_quarter_of_an_hour_is_suspended() {
    let world = HandlerWorld::start().await.unwrap();
    let app = app(&world);
    answer(&world, 500);
    failing_for(&app, 14).await;
    assert_eq!(left(&app, young()).await.len(), 1);
    assert_eq!(health(&app).await.suspension, None);
    let since = health(&app).await.failing_since.unwrap();
    let healths = &app.forwarder.attempting.healths;
    healths.takes(&endpoint_key(), since).await.unwrap();
    failing_for(&app, 15).await;
    assert_eq!(left(&app, another(1)).await.len(), 1);
    let suspension = health(&app).await.suspension.unwrap();
    assert_eq!(suspension.reason, SuspensionReason::Failing);
    assert_eq!((suspension.lanes, suspension.stage), (32, Stage::Suspended));
    assert_eq!(healths.suspended().await.unwrap(), [endpoint_key()]);
}

#[tokio::test]
async fn any_success_ends_the_failing_and_a_failure_begins_it() {
    let world = HandlerWorld::start().await.unwrap();
    let app = app(&world);
    failing_for(&app, 60).await;
    assert!(left(&app, young()).await.is_empty());
    assert_eq!(health(&app).await.failing_since, None);
    answer(&world, 429);
    let before = Timestamp::now().as_millisecond();
    assert_eq!(left(&app, another(1)).await.len(), 1);
    let since = health(&app).await.failing_since.unwrap();
    assert!(since.as_millisecond() >= before);
    assert_eq!(left(&app, another(2)).await.len(), 1);
    assert_eq!(health(&app).await.failing_since, Some(since));
}

#[tokio::test]
async fn an_endpoint_that_takes_nothing_is_suspended_sooner_when_much_waits() {
    let world = HandlerWorld::start().await.unwrap();
    let app = app(&world);
    let client = world.backends.sqs_client();
    let url = world.queue_url("DeliveryQueue").unwrap();
    let fill = futures::stream::iter(0..MOST_WAITING / 10).for_each_concurrent(8, async |number| {
        let entries = (0..10).map(|index| {
            SendMessageBatchRequestEntry::builder()
                .id(format!("{index}"))
                .message_body("x")
                .message_group_id(format!("{index}"))
                .message_deduplication_id(format!("{number}-{index}"))
                .build()
                .unwrap()
        });
        let entries: Vec<_> = entries.collect();
        let send = client
            .send_message_batch()
            .queue_url(&url)
            .set_entries(Some(entries));
        send.send().await.unwrap();
    });
    answer(&world, 500);
    failing_for(&app, 1).await;
    assert_eq!(left(&app, young()).await.len(), 1);
    assert_eq!(health(&app).await.suspension, None);
    fill.await;
    // The queue was asked a moment ago: another instance asks anew.
    let app = self::app(&world);
    assert_eq!(left(&app, another(1)).await.len(), 1);
    let suspension = health(&app).await.suspension.unwrap();
    assert_eq!(suspension.reason, SuspensionReason::Backlog);
}

#[tokio::test]
async fn each_attempt_leaves_one_line_with_the_id_of_the_request_that_caused_it() {
    let world = HandlerWorld::start().await.unwrap();
    let app = app(&world);
    let mut event = young();
    let mut task = task(&event);
    task["requestId"] = json!("JKJaXmPLvHcESHA=");
    event["Records"][0]["body"] = json!(task.to_string());
    let logged = Logged::from_now();
    answer(&world, 500);
    assert_eq!(left(&app, event.clone()).await.len(), 1);
    answer(&world, 200);
    assert!(left(&app, again(&event)).await.is_empty());
    let lines = logged.with("request_id", "JKJaXmPLvHcESHA=").unwrap();
    assert!(lines[0]["retry_in_ms"].as_u64().unwrap() > 1_000);
    assert_json_snapshot!(lines, {
        "[].timestamp" => "[now]",
        "[].duration_ms" => "[duration]",
        "[].retry_in_ms" => "[wait]",
    }, @r#"
    [
      {
        "client_id": "demo",
        "delivery_id": "dlv_eda4649e9909cd818d1a_Faf5570f543aa62c30ef3dc98c8e0ab03_demo-sink",
        "duration_ms": "[duration]",
        "endpoint_id": "demo-sink",
        "kind": "NOTIFICATION",
        "level": "INFO",
        "message": "delivery attempted",
        "message_id": "ntf_eda4649e9909cd818d1a_Faf5570f543aa62c30ef3dc98c8e0ab03",
        "outcome": "REJECTED",
        "request_id": "JKJaXmPLvHcESHA=",
        "retry_in_ms": "[wait]",
        "state": "PENDING",
        "status": 500,
        "timestamp": "[now]"
      },
      {
        "client_id": "demo",
        "delivery_id": "dlv_eda4649e9909cd818d1a_Faf5570f543aa62c30ef3dc98c8e0ab03_demo-sink",
        "duration_ms": "[duration]",
        "endpoint_id": "demo-sink",
        "kind": "NOTIFICATION",
        "level": "INFO",
        "message": "delivery attempted",
        "message_id": "ntf_eda4649e9909cd818d1a_Faf5570f543aa62c30ef3dc98c8e0ab03",
        "outcome": "ACCEPTED",
        "request_id": "JKJaXmPLvHcESHA=",
        "state": "DELIVERED",
        "status": 200,
        "timestamp": "[now]"
      }
    ]
    "#);
}
