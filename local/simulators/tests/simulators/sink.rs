//! The client sink over HTTP, as tests and users of the local stack use it.

use std::time::{Duration, Instant};

use reqwest::{Client, Response};
use serde_json::{Value, json};
use simulators::sink::{Sink, router};

use crate::serving::{PATIENCE, bind, client, read, serve};

struct Running {
    sink: Sink,
    url: String,
    client: Client,
}

impl Running {
    async fn start() -> Self {
        let sink = Sink::default();
        let (listener, url) = bind().await;
        serve(listener, router(sink.clone()));
        let client = client();
        Self { sink, url, client }
    }

    async fn post(&self, path: &str, body: &str) -> reqwest::Result<Response> {
        let url = format!("{}{path}", self.url);
        self.client.post(url).body(body.to_owned()).send().await
    }

    async fn received(&self, query: &str) -> Value {
        let url = format!("{}/received{query}", self.url);
        read(self.client.get(url).send().await.unwrap()).await.1
    }

    async fn behave(&self, behaviour: &Value) -> Response {
        let url = format!("{}/behaviour", self.url);
        let put = self.client.put(url).body(behaviour.to_string());
        put.send().await.unwrap()
    }

    async fn status(&self) -> u16 {
        let answer = self.post("/webhooks/orders", "{}").await.unwrap();
        answer.status().as_u16()
    }
}

#[tokio::test]
async fn a_request_is_kept_as_it_came() {
    let running = Running::start().await;
    let body = "{ \"a\" : 1.50 }\n";
    let request = running
        .client
        .post(format!("{}/webhooks/orders?x=1", running.url));
    let request = request.header("Webhook-Id", "msg_1").body(body);
    assert_eq!(request.send().await.unwrap().status(), 200);

    let listed = running.received("").await;
    assert_eq!(listed["next"], 1);
    let kept = &listed["requests"][0];
    assert_eq!(kept["method"], "POST");
    assert_eq!(kept["path"], "/webhooks/orders?x=1");
    assert_eq!(kept["headers"]["webhook-id"], "msg_1");
    assert_eq!(kept["body"], body);
    let received_at = kept["receivedAt"].as_str().unwrap();
    assert!(
        received_at.parse::<jiff::Timestamp>().is_ok(),
        "{received_at}"
    );
    assert_eq!(received_at.len(), "2025-01-31T08:15:30.250Z".len());
}

#[tokio::test]
async fn since_continues_where_the_last_read_ended() {
    let running = Running::start().await;
    running.post("/a", "1").await.unwrap();
    running.post("/b", "2").await.unwrap();
    assert_eq!(
        running.received("?since=1").await["requests"][0]["path"],
        "/b"
    );
    let nothing_new = running.received("?since=2").await;
    assert_eq!(nothing_new, json!({ "next": 2, "requests": [] }));
}

#[tokio::test]
async fn after_a_delete_indexes_start_again_at_0() {
    let running = Running::start().await;
    running.post("/a", "1").await.unwrap();
    let url = format!("{}/received", running.url);
    let emptied = read(running.client.delete(url).send().await.unwrap()).await;
    assert_eq!(emptied, (200, json!({ "next": 0, "requests": [] })));

    assert_eq!(
        running.received("?since=1").await,
        json!({ "next": 0, "requests": [] })
    );
    running.post("/b", "2").await.unwrap();
    assert_eq!(
        running.received("?since=0").await["requests"][0]["path"],
        "/b"
    );
}

#[tokio::test]
async fn a_behaviour_holds_until_the_next_one() {
    let running = Running::start().await;
    let set = json!({ "status": 503, "retryAfter": 7, "headers": { "X-Why": "test" } });
    let shown = json!({
        "status": 503, "failNext": null, "retryAfter": 7, "delayMs": 0,
        "headers": { "X-Why": "test" }, "reset": false,
    });
    assert_eq!(read(running.behave(&set).await).await, (200, shown));
    for _ in 0..3 {
        let answer = running.post("/webhooks/orders", "{}").await.unwrap();
        assert_eq!(answer.status(), 503);
        assert_eq!(answer.headers()["retry-after"], "7");
        assert_eq!(answer.headers()["x-why"], "test");
    }
    running.behave(&json!({})).await;
    let answer = running.post("/webhooks/orders", "{}").await.unwrap();
    assert_eq!(answer.status(), 200);
    assert!(!answer.headers().contains_key("retry-after"));
    assert_eq!(
        running.received("").await["next"],
        4,
        "failed ones are kept too"
    );
}

#[tokio::test]
async fn fail_next_applies_to_n_requests_and_then_answers_200() {
    let running = Running::start().await;
    running
        .behave(&json!({ "status": 500, "failNext": 2, "retryAfter": null }))
        .await;
    let answers = [
        running.status().await,
        running.status().await,
        running.status().await,
        running.status().await,
    ];
    assert_eq!(answers, [500, 500, 200, 200]);
}

#[tokio::test]
async fn a_reset_cuts_the_answer_after_its_status() {
    let running = Running::start().await;
    running
        .behave(&json!({ "reset": true, "failNext": 1 }))
        .await;
    let answer = running.post("/webhooks/orders", "{}").await.unwrap();
    assert_eq!(answer.status(), 200);
    assert!(answer.bytes().await.is_err(), "the body must break off");
    assert_eq!(running.status().await, 200, "the next one is whole");
    assert_eq!(running.received("").await["next"], 2);
}

#[tokio::test]
async fn a_delayed_request_is_kept_before_it_is_answered() {
    let running = Running::start().await;
    running.behave(&json!({ "delayMs": 60_000 })).await;
    let unanswered = running.post("/webhooks/orders", "late");
    let kept = running.sink.wait_for(1, PATIENCE);
    tokio::select! {
        answer = unanswered => panic!("answered too early: {answer:?}"),
        kept = kept => assert_eq!(kept.unwrap()[0].body, "late"),
    }
}

#[tokio::test]
async fn a_delay_delays_the_answer() {
    let running = Running::start().await;
    running.behave(&json!({ "delayMs": 120 })).await;
    let begin = Instant::now();
    assert_eq!(running.status().await, 200);
    assert!(begin.elapsed() >= Duration::from_millis(120));
}

#[tokio::test]
async fn an_invalid_behaviour_is_refused_and_changes_nothing() {
    let running = Running::start().await;
    let impossible = [
        json!({ "status": 100 }),
        json!({ "status": 600 }),
        json!({ "status": "up" }),
        json!({ "headers": { "no name": "x" } }),
        json!({ "headers": { "x": "a\nb" } }),
    ];
    for behaviour in impossible {
        let (status, body) = read(running.behave(&behaviour).await).await;
        assert_eq!(status, 422, "{behaviour}");
        assert!(body["message"].is_string(), "{behaviour}");
    }
    assert_eq!(running.status().await, 200);
}

#[tokio::test]
async fn waiting_ends_at_the_time_limit() {
    let sink = Sink::default();
    let error = sink
        .wait_for(1, Duration::from_millis(5))
        .await
        .unwrap_err();
    assert_eq!(error.to_string(), "expected 1 requests, received 0");
}
