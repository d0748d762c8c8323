//! Calls that are refused: nothing of them is recorded or sent.

use logistics::domain::notification::NotificationType;
use logistics::domain::returning::event::ReturnEvent;
use serde_json::{Value, json};

use super::world::{CODE, FAILED, PASSED, Processing, correction, failed, passed, results};

const INVALID: &str = "invalid-request";

impl Processing {
    /// Asserts that a call about the return order of the event is refused and changes nothing.
    async fn refuses(&self, body: &Value, slug: &str, pointers: &[&str]) {
        let events = self.stored(CODE).await.events.len();
        let messages = self.messages().await;
        let answer = self.process(body).await;
        assert_eq!(answer.problem(), (422, slug, pointers.to_vec()));
        assert_eq!(self.stored(CODE).await.events.len(), events);
        assert_eq!(self.messages().await, messages);
    }
}

#[tokio::test]
async fn another_result_is_refused_unless_it_is_a_correction() {
    let world = Processing::start().await;
    world.process(&results(&[passed(PASSED)])).await.told();
    let body = results(&[passed("I10099"), failed(PASSED), passed(FAILED)]);
    world
        .refuses(&body, "already-processed", &["/orderItems/1"])
        .await;
    // The same result is no other one.
    let body = results(&[passed("I10099"), passed(PASSED)]);
    assert_eq!(world.process(&body).await.told().0, "PARTIALLY_PROCESSED");
}

#[tokio::test]
async fn no_piece_of_a_cancelled_return_is_processed() {
    let world = Processing::start().await;
    let body = results(&[passed(PASSED)]);
    let first = world.process(&body).await;
    world.happens(CODE, ReturnEvent::Cancelled).await;
    // What is recorded outranks a cancellation that was learned of later.
    assert_eq!(world.process(&body).await.told(), first.told());

    world.add("demo", "other").await;
    world.happens("other", ReturnEvent::Cancelled).await;
    let of_other = world.event.clone();
    let of_other = of_other.with_path_parameter("returnOrderCode", "other");
    for body in [results(&[passed(PASSED)]), correction(&[failed(PASSED)])] {
        let answer = world.send(&of_other.clone().with_body(&body)).await;
        assert_eq!(answer.problem(), (422, "return-cancelled", vec![]));
    }
    assert_eq!(world.stored("other").await.events.len(), 1);
}

#[tokio::test]
async fn a_return_whose_cancellation_was_pushed_is_not_processed() {
    let world = Processing::start().await;
    world.is_pushed(NotificationType::Cancelled).await;
    let body = results(&[passed(PASSED)]);
    world.refuses(&body, "return-cancelled", &[]).await;
}

#[tokio::test]
async fn unknown_pieces_are_named() {
    let world = Processing::start().await;
    let body = correction(&[passed("X"), passed(PASSED), failed("Y")]);
    let wrong = ["/orderItems/0/itemCode", "/orderItems/2/itemCode"];
    world.refuses(&body, INVALID, &wrong).await;
}

#[tokio::test]
async fn a_return_order_that_the_client_does_not_have_is_not_found() {
    let world = Processing::start().await;
    world.add("other", "theirs").await;
    for code in ["theirs", "none", "h893ruot123", " x", &"x".repeat(101)] {
        let event = world
            .event
            .clone()
            .with_path_parameter("returnOrderCode", code);
        let answer = world.send(&event).await;
        assert_eq!(answer.problem(), (404, "not-found", vec![]), "{code}");
        assert_eq!(answer.body["detail"], "return order not found");
    }
    assert!(world.stored_of("other", "theirs").await.events.is_empty());
    assert_eq!(world.messages().await, 0);
}

#[tokio::test]
async fn invalid_results_are_refused_with_every_wrong_field() {
    let world = Processing::start().await;
    let mut passed_with = passed(PASSED);
    passed_with["imageUrls"] = json!(["https://increff.com/img.jpg"]);
    passed_with["qcReason"] = json!("OTHER_DAMAGE");
    let mut without_reason = failed(FAILED);
    without_reason["qcReason"] = json!(null);
    let mut insecure = failed("I10099");
    insecure["imageUrls"] = json!([
        "https://a.example/1",
        "http://a.example/2",
        "file:///etc/passwd"
    ]);
    let body = results(&[passed_with, without_reason, insecure, passed(PASSED)]);
    let wrong = [
        "/orderItems/0/qcReason",
        "/orderItems/0/imageUrls",
        "/orderItems/1/qcReason",
        "/orderItems/2/imageUrls/1",
        "/orderItems/2/imageUrls/2",
        "/orderItems/3/itemCode",
    ];
    world.refuses(&body, INVALID, &wrong).await;
    let many: Vec<_> = (0..10_000)
        .map(|number| passed(&format!("I{number}")))
        .collect();
    for body in [results(&many), results(&[]), json!({})] {
        world.refuses(&body, INVALID, &["/orderItems"]).await;
    }
    world.refuses(&json!([]), INVALID, &[""]).await;
}

#[tokio::test]
async fn a_body_that_contradicts_the_path_is_refused() {
    let world = Processing::start().await;
    world.add("demo", "R2").await;
    let mut body = results(&[passed(PASSED)]);
    body["returnOrderCode"] = json!("R2");
    world.refuses(&body, INVALID, &["/returnOrderCode"]).await;
    assert!(world.stored("R2").await.events.is_empty());
    body["returnOrderCode"] = json!(CODE);
    world.process(&body).await.told();
}

#[tokio::test]
async fn the_body_must_name_the_return_order_if_the_path_does_not() {
    let world = Processing::start().await;
    let event = world.event.clone();
    let event = event.asking("POST", "/return-orders/processing", "");
    let event = event.without_path_parameters();
    let answer = world
        .send(&event.with_body(&results(&[passed(PASSED)])))
        .await;
    assert_eq!(answer.problem(), (422, INVALID, vec!["/returnOrderCode"]));
}

#[tokio::test]
async fn a_key_without_the_scope_is_refused() {
    let world = Processing::start().await;
    let mut caller = world.world.caller().unwrap();
    caller.scopes.retain(|scope| scope.to_string() != "returns");
    let key = "rms_without-returns";
    world.world.add_key(key, "test", &caller).await.unwrap();
    let event = world
        .event
        .clone()
        .with_header("authorization", Some(&format!("Bearer {key}")));
    assert_eq!(world.send(&event).await.status(), 403);
    let event = world.event.clone().with_header("authorization", None);
    assert_eq!(world.send(&event).await.status(), 401);
}
