//! Repeats, calls at the same time, and calls that meet another writer.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use futures::future::join_all;
use lambda_http::http::StatusCode;
use local::backends::{BackendCall, BackendOptions, Instead, Interceptor, Moment};
use logistics::queue::sender::Sender;
use serde_json::{Value, json};

use super::world::{CODE, FAILED, PASSED, Processing, correction, failed, passed, results};

#[tokio::test]
async fn a_repeat_is_the_same_messages_and_sends_only_what_has_no_record() {
    let world = Processing::start().await;
    let first = world.send(&world.event).await;
    assert_eq!(world.tasks().await.len(), 2);
    let mut turned = world.event.body().unwrap();
    turned["orderItems"].as_array_mut().unwrap().reverse();
    for event in [world.event.clone(), world.event.clone().with_body(&turned)] {
        let again = world.send(&event).await;
        assert_eq!(again.body, first.body);
        assert!(again.is_replayed());
    }
    assert_eq!(world.messages().await, 2);
    assert_eq!(world.stored(CODE).await.events.len(), 1);
    // The queue dropped the further tasks, because they have the same deduplication ids.
    assert_eq!(world.tasks().await.len(), 0);
}

#[tokio::test]
async fn a_repeat_after_a_later_call_changes_nothing() {
    let world = Processing::start().await;
    let body = results(&[passed(PASSED)]);
    let first = world.process(&body).await;
    world.process(&correction(&[failed(PASSED)])).await.told();
    world
        .process(&results(&[passed(FAILED), passed("I10099")]))
        .await
        .told();
    let again = world.process(&body).await;
    assert!(again.is_replayed());
    let (state, ids) = again.told();
    assert_eq!((state, ids), ("PROCESSED", first.told().1));
    let timeline = world.timeline().await;
    let result = &timeline.results[&PASSED.parse().unwrap()];
    assert_eq!(result.item.qc_status.to_string(), "FAIL");
    assert_eq!(world.messages().await, 6);
}

#[tokio::test]
async fn a_repeat_after_a_failed_send_is_marked_as_resend() {
    let mut world = Processing::start().await;
    let queue_url = world.world.queue_url("DeliveryQueue").unwrap();
    let sender = |url| Sender::new(world.world.backends.sqs_client(), url);
    let (missing, present) = (sender(format!("{queue_url}-missing")), sender(queue_url));
    world.app.processing.publishing.queue = missing;
    let failed = world.send(&world.event).await;
    assert_eq!(failed.status(), 503, "{}", failed.body);
    assert!(failed.response.headers().contains_key("retry-after"));
    assert_eq!(world.messages().await, 2);
    world.app.processing.publishing.queue = present;
    let answer = world.send(&world.event).await;
    assert_eq!(answer.told().1.len(), 2);
    let tasks = world.tasks().await;
    let resent: Vec<_> = tasks.iter().map(|task| &task["resend"]).collect();
    assert_eq!(resent, [&json!(true), &json!(true)]);
}

#[tokio::test]
async fn the_same_call_many_times_at_once_is_one_call() {
    let world = Processing::start().await;
    let answers = join_all((0..6).map(|_| world.send(&world.event))).await;
    let first = answers[0].told();
    assert!(answers.iter().all(|answer| answer.told() == first));
    let created = answers.iter().filter(|answer| !answer.is_replayed());
    assert_eq!(created.count(), 1);
    assert_eq!(world.stored(CODE).await.events.len(), 1);
    assert_eq!(world.messages().await, 2);
}

#[tokio::test]
async fn parts_that_come_at_once_are_all_taken() {
    let world = Processing::start().await;
    let parts = [PASSED, FAILED, "I10099"].map(|code| results(&[passed(code)]));
    let answers = join_all(parts.iter().map(|part| world.process(part))).await;
    for answer in &answers {
        answer.told();
    }
    assert_eq!(world.timeline().await.state.to_string(), "PROCESSED");
    assert_eq!(world.messages().await, 6);
}

/// Another writer is faster this many times.
fn outrun(times: u32) -> BackendOptions {
    let left = Arc::new(AtomicU32::new(times));
    let interceptor = Interceptor::new(move |call: &BackendCall| {
        let is_write =
            call.target.ends_with(".TransactWriteItems") && call.moment == Moment::BeforeEffect;
        let request: Value = serde_json::from_slice(&call.request).unwrap_or_default();
        let is_appending = is_write && request.to_string().contains("ORDER#");
        let take = |left: u32| left.checked_sub(1);
        let is_hit = is_appending
            && left
                .fetch_update(Ordering::Relaxed, Ordering::Relaxed, take)
                .is_ok();
        let reasons = ["None", "ConditionalCheckFailed", "None", "None"];
        is_hit.then(|| Instead {
            status: StatusCode::BAD_REQUEST,
            body: json!({
                "__type": "com.amazonaws.dynamodb.v20120810#TransactionCanceledException",
                "message": "Transaction cancelled, please refer cancellation reasons for specific reasons",
                "CancellationReasons": reasons.map(|code| json!({ "Code": code })),
            })
            .to_string(),
        })
    });
    BackendOptions {
        interceptor: Some(interceptor),
        ..BackendOptions::default()
    }
}

#[tokio::test]
async fn a_call_that_meets_another_writer_is_judged_again() {
    let world = Processing::start_on(outrun(2)).await;
    let answer = world.send(&world.event).await;
    assert_eq!(answer.told().0, "PARTIALLY_PROCESSED");
    assert_eq!((world.messages().await, world.tasks().await.len()), (2, 2));
}

#[tokio::test]
async fn a_call_that_always_meets_another_writer_is_refused_for_now() {
    let world = Processing::start_on(outrun(u32::MAX)).await;
    let answer = world.send(&world.event).await;
    assert_eq!(answer.problem(), (409, "in-progress", vec![]));
    assert!(answer.response.headers().contains_key("retry-after"));
    assert_eq!((world.messages().await, world.tasks().await.len()), (0, 0));
}
