//! The handler with an event as AWS sends it, on real tables and queues, with the simulator of the demo's channel.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use channel_read::{App, handle};
use jiff::Timestamp;
use lambda_runtime::{Context, LambdaEvent};
use local::backends::{BackendOptions, Interceptor, Moment};
use local::handler_world::{HandlerWorld, sent_by_aws};
use logistics::domain::returning::state::ReturnOrderState;
use logistics::flows::returning::read_return::{PresentReturn, ReturnSource, read_return};
use logistics::store::configuring::channel_accounts::ChannelAccounts;
use logistics::store::notifying::unmapped::{Unmapped, UnmappedIndex, UnmappedQuery};
use serde_json::{Value, json};

const ID: &str = "65f0c0ffee0123456789abcd";

struct Reading {
    world: HandlerWorld,
    app: App,
    event: Value,
    /// How long messages are hidden from now on, in seconds, in the order of the calls.
    hidden: Arc<Mutex<Vec<u64>>>,
}

/// Records for how long the queue is asked to hide messages.
fn recording(hidden: &Arc<Mutex<Vec<u64>>>) -> Interceptor {
    let hidden = Arc::clone(hidden);
    Interceptor::new(move |call| {
        let is_asked = call.target == "AmazonSQS.ChangeMessageVisibilityBatch";
        if is_asked && call.moment == Moment::BeforeEffect {
            let request: Value = serde_json::from_slice(&call.request).unwrap();
            let entries = request["Entries"].as_array().unwrap().iter();
            let seconds = entries.map(|entry| entry["VisibilityTimeout"].as_u64().unwrap());
            hidden.lock().unwrap().extend(seconds);
        }
        None
    })
}

impl Reading {
    async fn start() -> Self {
        let hidden = Arc::default();
        let options = BackendOptions {
            interceptor: Some(recording(&hidden)),
            ..BackendOptions::default()
        };
        let world = HandlerWorld::start_on(options).await.unwrap();
        Self {
            hidden,
            app: App::new(&world.start_of("channel-read").unwrap()).unwrap(),
            event: serde_json::from_str(&sent_by_aws("channel-read").unwrap()).unwrap(),
            world,
        }
    }

    /// Changes the request at the channel, without a webhook.
    async fn set(&self, request: Value) {
        let url = &self.world.demo.channels["return-prime"].base_url;
        let mut request = request;
        request["id"] = json!(ID);
        let body = json!({ "request": request, "push": false });
        let http = simulators::http_client::client().unwrap();
        let request = http.post(format!("{url}/requests")).body(body.to_string());
        assert_eq!(request.send().await.unwrap().status(), 200);
    }

    /// Handles the event, and returns the ids of the messages that are to be repeated.
    async fn handled(&self, event: &Value) -> Vec<String> {
        let mut context = Context::default();
        let deadline = Timestamp::now() + Duration::from_secs(45);
        context.deadline = u64::try_from(deadline.as_millisecond()).unwrap();
        let event = LambdaEvent::new(serde_json::from_value(event.clone()).unwrap(), context);
        let failures = handle(&self.app, event).await.batch_item_failures;
        let ids = failures.into_iter().map(|failure| failure.item_identifier);
        ids.collect()
    }

    async fn read(&self) {
        assert_eq!(self.handled(&self.event).await, [""; 0]);
    }

    async fn present(&self) -> Option<PresentReturn> {
        let source = ReturnSource::of(&self.app.reading.returning);
        let client = "demo".parse().unwrap();
        let code = "RET777".parse().unwrap();
        read_return(source, &client, &code).await.unwrap()
    }

    /// The state and the time line.
    async fn told(&self) -> (ReturnOrderState, Vec<String>) {
        let timeline = self.present().await.unwrap().timeline;
        let lines = timeline.entries.into_iter();
        (timeline.state, lines.map(|line| line.event).collect())
    }

    /// The statuses that are listed as unmapped, each with its channel and its return order.
    async fn unmapped(&self) -> Vec<String> {
        let table = self.world.table("NotificationsTable").unwrap();
        let index = UnmappedIndex::new(self.world.backends.dynamodb_client(), table);
        let client = "demo".parse().unwrap();
        let found = index.of(&client, &UnmappedQuery::default()).await.unwrap();
        let found = found.notifications.into_iter();
        let line = |one: Unmapped| {
            format!(
                "{} {} {}",
                one.aggregator, one.order_number, one.pushed_type
            )
        };
        found.map(line).collect()
    }

    /// How many tasks wait in the delivery queue.
    async fn tasks(&self) -> usize {
        let sqs = self.world.backends.sqs_client();
        let url = self.world.queue_url("DeliveryQueue").unwrap();
        let receive = sqs.receive_message().queue_url(&url);
        let received = receive.max_number_of_messages(10).send().await.unwrap();
        received.messages.unwrap_or_default().len()
    }

    fn calls(&self) -> usize {
        self.world.simulators.calls("return-prime").unwrap().len()
    }
}

fn request(status: &str) -> Value {
    json!({
        "request_number": "RET777", "status": status, "created_at": "2026-11-20T09:00:00Z",
        "order": { "id": 1, "name": "#1042" },
        "line_items": [{ "id": 14, "quantity": 2, "reason": "Small", "original_product": { "sku": "S" } }],
    })
}

fn with_awb(status: &str) -> Value {
    let mut request = request(status);
    request["line_items"][0]["shipping"] =
        json!([{ "awb": "RP-AWB-1", "shipping_company": "Delhivery" }]);
    request
}

#[tokio::test]
async fn an_approved_request_becomes_one_return_order_that_the_client_is_told_of() {
    let reading = Reading::start().await;
    reading.set(with_awb("approved")).await;
    reading.read().await;
    let present = reading.present().await.unwrap();
    let order = &present.stored.order;
    assert_eq!(order.forward_order_code.as_str(), "1042");
    let items: Vec<_> = order
        .items
        .iter()
        .map(|item| item.item_code.as_str())
        .collect();
    assert_eq!(items, ["14", "14-2"]);
    assert_eq!(present.timeline.awb.as_ref().unwrap().as_str(), "RP-AWB-1");
    assert_eq!(present.timeline.state, ReturnOrderState::AwbAssigned);
    // The main endpoint and the order system are told that it was placed.
    assert_eq!(reading.tasks().await, 2);
    reading.read().await;
    assert!(reading.present().await.unwrap().stored.events.is_empty());
    assert_eq!(reading.calls(), 2);
}

#[tokio::test]
async fn later_readings_add_the_awb_and_what_happened_each_once() {
    let reading = Reading::start().await;
    reading.set(request("requested")).await;
    reading.read().await;
    assert_eq!(
        reading.told().await,
        (ReturnOrderState::Created, vec!["CREATED".to_owned()])
    );
    reading.set(with_awb("approved")).await;
    reading.read().await;
    let mut received = with_awb("inspected");
    received["received"] = json!({ "status": true, "created_at": "2026-11-23T09:00:00Z" });
    reading.set(received).await;
    reading.read().await;
    reading.set(json!({ "status": "Odd_Status" })).await;
    for _ in 0..2 {
        reading.read().await;
    }
    let unmapped = reading.unmapped().await;
    assert_eq!(unmapped, ["RETURN_PRIME RET777 Odd_Status"]);
    let (state, mut lines) = reading.told().await;
    assert_eq!(state, ReturnOrderState::Received);
    lines.sort();
    assert_eq!(
        lines,
        [
            "AWB_ASSIGNED",
            "CREATED",
            "INSPECTED",
            "Odd_Status",
            "RECEIVED"
        ]
    );
}

#[tokio::test]
async fn a_rejected_request_is_cancelled_and_makes_no_return_order_if_none_was_there() {
    let reading = Reading::start().await;
    reading.set(request("rejected")).await;
    reading.read().await;
    assert!(reading.present().await.is_none());
    reading.set(json!({ "status": "approved" })).await;
    reading.read().await;
    reading.set(json!({ "status": "archived" })).await;
    for _ in 0..2 {
        reading.read().await;
    }
    let (state, lines) = reading.told().await;
    assert_eq!(state, ReturnOrderState::Cancelled);
    assert_eq!(lines, ["CREATED", "CANCELLED"]);
}

#[tokio::test]
async fn a_failed_reading_is_repeated_and_nothing_is_stored_before() {
    let reading = Reading::start().await;
    reading.set(request("approved")).await;
    for kind in ["refuse", "garbage", "reset"] {
        let fault = json!({ "next": [{ "call": "readRequest", "kind": kind }] });
        reading
            .world
            .simulators
            .set_faults("return-prime", fault)
            .unwrap();
        let failed = reading.handled(&reading.event).await;
        assert_eq!(
            failed,
            [reading.event["Records"][0]["messageId"].as_str().unwrap()]
        );
        assert!(reading.present().await.is_none(), "{kind}");
    }
    reading.read().await;
    assert!(reading.present().await.is_some());
}

#[tokio::test]
async fn a_failed_reading_is_repeated_45_seconds_after_its_batch_began() {
    let reading = Reading::start().await;
    reading.set(request("approved")).await;
    let slow = json!({ "call": "readRequest", "kind": "slow", "delayMs": 1500 });
    let refused = json!({ "call": "readRequest", "kind": "refuse" });
    for (fault, least) in [(&refused, 42), (&slow, 0)] {
        let faults = json!({ "next": [fault] });
        let simulators = &reading.world.simulators;
        simulators.set_faults("return-prime", faults).unwrap();
        let failed = reading.handled(&reading.event).await;
        let hidden = std::mem::take(&mut *reading.hidden.lock().unwrap());
        match (failed.as_slice(), hidden.as_slice()) {
            // Its message is hidden for what is left of the 45 seconds.
            ([_], [seconds]) => assert!((least..=45).contains(seconds), "{seconds}"),
            // After a moment, in case that the function ends before it can say more: until shortly after its timeout.
            ([], [seconds]) if least == 0 => assert!((46..=50).contains(seconds), "{seconds}"),
            other => panic!("{fault}: {other:?}"),
        }
    }
    assert!(reading.present().await.is_some());
}

#[tokio::test]
async fn the_messages_about_a_request_are_answered_by_one_reading() {
    let reading = Reading::start().await;
    reading.set(request("approved")).await;
    let mut event = reading.event.clone();
    let mut second = event["Records"][0].clone();
    second["messageId"] = json!("second");
    let body = second["body"]
        .as_str()
        .unwrap()
        .replace("JKJaXmPLvHcESHA=", "other");
    second["body"] = json!(body);
    let mut odd = second.clone();
    odd["messageId"] = json!("odd");
    odd["body"] = json!("{}");
    event["Records"]
        .as_array_mut()
        .unwrap()
        .extend([second, odd]);
    assert_eq!(reading.handled(&event).await, ["odd"]);
    assert_eq!(reading.calls(), 1);
}

#[tokio::test]
async fn an_unusable_request_and_a_code_of_another_order_are_left_alone() {
    let reading = Reading::start().await;
    reading
        .set(json!({ "request_number": "RET777", "status": "approved" }))
        .await;
    reading.read().await;
    assert!(reading.present().await.is_none());
    reading.set(request("approved")).await;
    reading.read().await;
    let mut other = with_awb("received");
    other["order"]["name"] = json!("#2000");
    reading.set(other).await;
    reading.read().await;
    assert_eq!(reading.told().await.0, ReturnOrderState::Created);
}

#[tokio::test]
async fn nothing_is_read_for_a_disabled_account() {
    let reading = Reading::start().await;
    reading.set(request("approved")).await;
    let accounts = ChannelAccounts::new(
        reading.world.backends.dynamodb_client(),
        reading.world.table("ChannelAccountsTable").unwrap(),
        reading.world.backends.vault(),
    );
    let client = "demo".parse().unwrap();
    let present = accounts
        .present(&client, &"return-prime".parse().unwrap())
        .await;
    let mut disabled = (*present.unwrap().unwrap()).clone();
    disabled.alias = "disabled".parse().unwrap();
    disabled.enabled = false;
    accounts.add(&disabled).await.unwrap();
    let event = reading
        .event
        .to_string()
        .replace("return-prime", "disabled");
    let failed = reading
        .handled(&serde_json::from_str(&event).unwrap())
        .await;
    assert_eq!((failed.len(), reading.calls()), (0, 0));
}
