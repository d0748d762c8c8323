//! A push with many events is taken with one request: every event once, each shipment in its order, with few calls.

use std::collections::{BTreeMap, HashSet};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use local::backends::{BackendCall, Instead, Interceptor, Moment};
use local::stack::Options;
use logistics::domain::endpoint::WebhookEndpoint;
use logistics::domain::signing::SigningSecrets;
use reqwest::StatusCode;
use serde_json::json;
use tempfile::TempDir;

use crate::aggregators::requests;
use crate::notifications::feeds::{BATCHING, Counter, feed_of, scan, statuses, types};
use crate::notifications::kills::kill_all;
use crate::notifications::tenants::SIGNING_SECRET;
use crate::notifications::world::{Answer, World, body};

fn ids(answer: &Answer) -> Vec<&str> {
    let events = answer.body["notifications"].as_array().unwrap();
    let ids = events.iter().map(|event| &event["notificationId"]);
    ids.map(|id| id.as_str().unwrap()).collect()
}

fn calls(counts: &[(&str, usize)]) -> BTreeMap<String, usize> {
    let counts = counts.iter();
    counts
        .map(|(name, count)| ((*name).to_owned(), *count))
        .collect()
}

async fn counting() -> (World, Counter) {
    let counter = Counter::default();
    let world = World::with(Options {
        interceptor: Some(counter.interceptor()),
        ..Options::default()
    })
    .await;
    (world, counter)
}

#[tokio::test]
async fn many_events_arrive_once_and_those_of_each_shipment_in_order() {
    let world = World::start().await;
    let feed = feed_of("F", 150, 4);
    // A debug build on a busy machine may need more time than a request has.
    let first = world.push_feed_until_taken(&feed).await;
    let told = world.told_by_order(600).await;
    assert_eq!(told.len(), 150);
    for (order, told) in told {
        assert_eq!(told, types(4), "{order}");
    }
    let again = world.push_feed_until_taken(&feed).await;
    assert_eq!(statuses(&again), ["DUPLICATE"; 600]);
    assert_eq!(ids(&again), ids(&first));
    world.settled().await;
    assert_eq!(world.sink().received().len(), 600);
}

#[tokio::test]
async fn the_events_of_one_shipment_arrive_in_the_order_of_the_push() {
    let world = World::start().await;
    let mut feed = Vec::new();
    for minute in 0..120 {
        let mut event = scan(Some("O"), Some("AO"), minute % 4);
        event["status_time"] = json!(format!(
            "2026-11-28 {:02}:{:02}:00",
            minute / 60,
            minute % 60
        ));
        feed.push(event);
    }
    let answer = world.push_feed(&feed).await;
    assert_eq!(statuses(&answer), ["ACCEPTED"; 120]);
    let expected: Vec<String> = (0..30).flat_map(|_| types(4)).collect();
    assert_eq!(world.told_by_order(120).await["O"], expected);
}

#[tokio::test]
async fn events_that_name_one_shipment_differently_keep_their_order() {
    let world = World::start().await;
    let request = requests::label(BATCHING, "X");
    let label = world.call("/shipping-labels", &request).await;
    assert_eq!(label.status, 200, "{label:?}");
    let awb = label.body["awb"].as_str().unwrap();
    // The first event of an unknown shipment tells to which order its AWB belongs.
    let feed = [
        scan(Some("X"), None, 0),
        scan(Some("U"), Some("AU"), 0),
        scan(Some("another"), Some(awb), 1),
        scan(None, Some("AU"), 1),
        scan(None, Some(awb), 2),
        scan(Some("U"), None, 2),
        scan(Some("X"), Some(awb), 3),
        scan(None, Some("AU"), 3),
    ];
    let answer = world.push_feed(&feed).await;
    assert_eq!(statuses(&answer), ["ACCEPTED"; 8]);
    let told = world.told_by_order(8).await;
    assert_eq!(told.keys().collect::<Vec<_>>(), ["U", "X"]);
    assert_eq!(told["X"], types(4));
    assert_eq!(told["U"], types(4));
}

#[tokio::test]
async fn an_event_twice_in_one_push_is_forwarded_once() {
    let world = World::start().await;
    let event = scan(Some("O"), Some("AO"), 0);
    let feed = [event.clone(), scan(Some("P"), Some("AP"), 0), event];
    let answer = world.push_feed(&feed).await;
    assert_eq!(statuses(&answer), ["ACCEPTED", "ACCEPTED", "DUPLICATE"]);
    let told = world.told_by_order(2).await;
    assert_eq!((&told["O"], &told["P"]), (&types(1), &types(1)));
}

#[tokio::test]
async fn an_empty_push_is_taken() {
    let world = World::start().await;
    let answer = world.push_feed(&[]).await;
    assert_eq!(statuses(&answer), <[&str; 0]>::default());
}

#[tokio::test]
async fn a_push_of_one_event_makes_one_read_one_write_and_one_send() {
    let (world, counter) = counting().await;
    world.push_feed(&[scan(Some("W"), Some("AW"), 0)]).await;
    counter.take();
    let first = [scan(Some("O"), Some("AO"), 0)];
    assert_eq!(statuses(&world.push_feed(&first).await), ["ACCEPTED"]);
    let unknown = [("BatchGetItem", 1), ("PutItem", 2), ("SendMessage", 1)];
    assert_eq!(counter.take(), calls(&unknown));
    let second = [scan(Some("O"), Some("AO"), 1)];
    assert_eq!(statuses(&world.push_feed(&second).await), ["ACCEPTED"]);
    let known = [("BatchGetItem", 1), ("PutItem", 1), ("SendMessage", 1)];
    assert_eq!(counter.take(), calls(&known));
}

#[tokio::test]
async fn a_large_push_reads_writes_and_sends_in_batches_and_its_repeat_writes_nothing() {
    let (world, counter) = counting().await;
    world.push_feed(&[scan(Some("W"), Some("AW"), 0)]).await;
    world.told_by_order(1).await;
    counter.take();
    let feed = feed_of("F", 200, 1);
    assert_eq!(statuses(&world.push_feed(&feed).await), ["ACCEPTED"; 200]);
    // Each event has six keys, and each portion of a hundred asks for the version of the configuration.
    let reads = 2 * (7 + 1);
    let mut made = counter.take();
    // Of 25 shipments or of 25 notifications; fewer, or one, if the answers of other calls come late.
    let writes = ["BatchExecuteStatement", "PutItem"];
    let writes: usize = writes.iter().filter_map(|name| made.remove(*name)).sum();
    assert!((16..40).contains(&writes), "{writes} writes");
    let others = [("BatchGetItem", reads), ("SendMessageBatch", 20)];
    assert_eq!(made, calls(&others));
    world.told_by_order(201).await;
    let again = world.push_feed(&feed).await;
    assert_eq!(statuses(&again), ["DUPLICATE"; 200]);
    // For each portion one read more, of the deliveries.
    assert_eq!(counter.take(), calls(&[("BatchGetItem", reads + 2)]));
}

#[tokio::test]
async fn a_repeat_sends_to_the_endpoints_that_have_no_record() {
    let world = World::start().await;
    let feed = feed_of("F", 30, 2);
    assert_eq!(statuses(&world.push_feed(&feed).await), ["ACCEPTED"; 60]);
    world.told_by_order(60).await;
    let endpoint = WebhookEndpoint::new(
        world.demo().client_id.parse().unwrap(),
        "second".parse().unwrap(),
        world.sink_path("/second").parse().unwrap(),
        SigningSecrets::new(SIGNING_SECRET.into()),
    );
    world.endpoints().add(&endpoint).await.unwrap();
    // A new process has no endpoints cached.
    kill_all(&world.stack, "notification-push");
    let repeat = world.push_feed(&feed).await;
    assert_eq!(statuses(&repeat), ["DUPLICATE"; 60]);
    world.arrived(120).await;
    world.settled().await;
    let mut received = world.sink().received();
    received.retain(|request| request.path == "/second");
    assert_eq!(received.len(), 60);
    let key = world.key(ids(&repeat)[0]);
    let named = world.item(&key).await.remove("sentTo").unwrap();
    assert_eq!(named.as_l().unwrap().len(), 2);
}

/// Whether a call puts items.
fn puts(call: &BackendCall) -> bool {
    call.target.ends_with(".PutItem") || call.target.ends_with(".BatchExecuteStatement")
}

/// Fails the writes of one order's notifications, and what is written together with them.
#[derive(Clone, Default)]
struct Trouble {
    order: Arc<Mutex<Option<&'static str>>>,
}

impl Trouble {
    fn answer(&self, call: &BackendCall) -> Option<Instead> {
        let order = (*self.order.lock().unwrap())?;
        let request = String::from_utf8_lossy(&call.request);
        let is_struck = call.moment == Moment::BeforeEffect
            && puts(call)
            && request.contains("NotificationsTable")
            && request.contains(&format!(r#"{{"S":"{order}"}}"#));
        is_struck.then(|| Instead {
            status: StatusCode::BAD_REQUEST,
            body: r#"{"__type":"com.amazonaws#AccessDeniedException"}"#.to_owned(),
        })
    }
}

#[tokio::test]
async fn if_an_event_cannot_be_stored_the_repeat_completes_the_push_in_order() {
    let trouble = Trouble::default();
    let interceptor = trouble.clone();
    let world = World::with(Options {
        interceptor: Some(Interceptor::new(move |call| interceptor.answer(call))),
        ..Options::default()
    })
    .await;
    *trouble.order.lock().unwrap() = Some("F-20");
    let feed = feed_of("F", 40, 3);
    let failed = world.push_feed(&feed).await;
    failed.is_problem(503, "unavailable");
    assert_eq!(failed.header("retry-after"), "5");
    // What was stored before the failure was also sent.
    let stored = world.items_in("NotificationsTable").await;
    assert!(stored > 0);
    *trouble.order.lock().unwrap() = None;
    let repeat = world.push_feed(&feed).await;
    assert!(statuses(&repeat).contains(&"DUPLICATE"));
    for (order, told) in world.told_by_order(120).await {
        assert_eq!(told, types(3), "{order}");
    }
}

/// Loses the answer of the first batch of writes, and notes that.
fn losing(is_lost: &Arc<AtomicBool>) -> Interceptor {
    let is_lost = Arc::clone(is_lost);
    Interceptor::new(move |call| {
        let is_batch =
            call.moment == Moment::AfterEffect && call.target.ends_with(".BatchExecuteStatement");
        (is_batch && !is_lost.swap(true, Ordering::Relaxed)).then(|| Instead {
            status: StatusCode::INTERNAL_SERVER_ERROR,
            body: r#"{"__type":"com.amazonaws#InternalServerError"}"#.to_owned(),
        })
    })
}

#[tokio::test]
async fn events_that_were_written_by_a_batch_whose_answer_was_lost_are_new() {
    let is_lost = Arc::default();
    let world = World::with(Options {
        interceptor: Some(losing(&is_lost)),
        ..Options::default()
    })
    .await;
    // They were observed before, so the first batch writes notifications.
    world.push_feed(&[scan(Some("F-0"), Some("AF-0"), 3)]).await;
    world.push_feed(&[scan(Some("F-1"), Some("AF-1"), 3)]).await;
    let feed = feed_of("F", 2, 3);
    let answer = world.push_feed(&feed).await;
    assert_eq!(statuses(&answer), ["ACCEPTED"; 6]);
    assert!(is_lost.load(Ordering::Relaxed));
    for (order, told) in world.told_by_order(8).await {
        assert_eq!(told[1..], types(3), "{order}");
    }
}

/// The product's template with this timeout of the push function in seconds.
fn hurried_template(seconds: u32) -> TempDir {
    let template = std::fs::read_to_string(Options::default().template).unwrap();
    let code = "CodeUri: functions/notification-push\n";
    assert_eq!(template.matches(code).count(), 1);
    let template = template.replace(code, &format!("{code}      Timeout: {seconds}\n"));
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("template.yaml"), template).unwrap();
    directory
}

/// Throttles each write of the push function once; counts the writes that it lets through.
#[derive(Clone, Default)]
struct Throttle {
    seen: Arc<Mutex<HashSet<Bytes>>>,
    written: Arc<AtomicUsize>,
}

impl Throttle {
    fn answer(&self, call: &BackendCall) -> Option<Instead> {
        if call.moment == Moment::AfterEffect || !puts(call) {
            return None;
        }
        if self.seen.lock().unwrap().insert(call.request.clone()) {
            return Some(Instead {
                status: StatusCode::BAD_REQUEST,
                body: r#"{"__type":"com.amazonaws#ThrottlingException"}"#.to_owned(),
            });
        }
        self.written.fetch_add(1, Ordering::Relaxed);
        None
    }

    /// The writes since this was last asked.
    fn take(&self) -> usize {
        self.written.swap(0, Ordering::Relaxed)
    }
}

#[tokio::test]
async fn a_push_that_needs_more_time_is_answered_in_time_and_its_repeats_continue() {
    let template = hurried_template(6);
    let throttle = Throttle::default();
    let interceptor = throttle.clone();
    let world = World::with(Options {
        template: template.path().join("template.yaml"),
        interceptor: Some(Interceptor::new(move |call| interceptor.answer(call))),
        ..Options::default()
    })
    .await;
    let feed = feed_of("F", 300, 1);
    let mut refused = 0;
    let last = loop {
        throttle.take();
        let answer = world.push_feed(&feed).await;
        if answer.status == 200 {
            break answer;
        }
        answer.is_problem(503, "unavailable");
        // On a busy machine a write can fail for good too. That answer names another time and may follow no write; it is
        // not the one that this is about.
        if answer.header("retry-after") == "1" {
            assert!(throttle.take() > 0, "nothing was written");
            refused += 1;
        }
    };
    assert!(refused > 0, "the time was enough for one push");
    assert_eq!(statuses(&last)[..10], ["DUPLICATE"; 10]);
    for (order, told) in world.told_by_order(300).await {
        assert_eq!(told, types(1), "{order}");
    }
}

#[tokio::test]
async fn unknown_codes_of_a_push_with_several_events_are_told_to_operators_once_each() {
    let world = World::start().await;
    let sink = world.stack.sink_url();
    let ops = world
        .http
        .put(format!("{}/webhook-endpoints/ops", world.stack.base_url()))
        .bearer_auth(&world.demo().api_key)
        .json(&json!({ "url": format!("{sink}/webhooks/ops"), "messages": ["OPERATOR_EVENT"] }));
    assert_eq!(ops.send().await.unwrap().status(), StatusCode::CREATED);
    let unknown = ["XX1", "XX2", "XX1"];
    let unknown = unknown.iter().zip(0..).map(|(code, order)| {
        let mut event = scan(Some(&format!("U-{order}")), None, 0);
        event["current_status"] = json!(code);
        event
    });
    let feed: Vec<_> = unknown.chain([scan(Some("U-9"), None, 0)]).collect();
    let answer = world.push_feed(&feed).await;
    let expected = ["UNMAPPED", "UNMAPPED", "UNMAPPED", "ACCEPTED"];
    assert_eq!(statuses(&answer), expected);
    // A repeat is nothing new.
    assert_eq!(statuses(&world.push_feed(&feed).await), ["DUPLICATE"; 4]);
    let arrived = world.arrived(3).await;
    world.settled().await;
    assert_eq!(world.sink().received().len(), 3);
    let told = arrived.iter().filter(|sent| sent.path == "/webhooks/ops");
    let told = told.map(|sent| body(sent)["reason"].clone());
    assert_eq!(told.collect::<Vec<_>>(), ["XX1", "XX2"]);
}
