//! A request can be found in the logs by the id of its answer, in every function that handled it.

use local::backends::{Instead, Interceptor, Moment};
use local::log::LogLine;
use local::stack::{Options, Stack};
use reqwest::{Method, RequestBuilder, StatusCode};
use serde_json::{Value, json};

use crate::answer::Answer;
use crate::buying::samples;
use crate::demo;
use crate::events::event;
use crate::notifications::invoices::invoice;
use crate::patience::PATIENCE;

/// A line of a function.
#[derive(Debug, PartialEq)]
struct Line {
    function: String,
    fields: Value,
}

impl Line {
    fn of(line: &LogLine) -> Option<Self> {
        Some(Self {
            function: line.source.clone(),
            fields: serde_json::from_str(&line.text).ok()?,
        })
    }

    fn is(&self, message: &str) -> bool {
        self.fields["message"] == message
    }

    /// The values of these fields.
    fn values<const COUNT: usize>(&self, names: [&str; COUNT]) -> [Value; COUNT] {
        names.map(|name| self.fields[name].clone())
    }
}

struct World {
    stack: Stack,
    http: reqwest::Client,
}

impl World {
    async fn with(options: Options) -> Self {
        Self {
            stack: Stack::start(options).await.unwrap(),
            http: simulators::http_client::client().unwrap(),
        }
    }

    async fn start() -> Self {
        Self::with(Options::default()).await
    }

    fn as_demo(&self, method: Method, path: &str) -> RequestBuilder {
        let url = format!("{}{path}", self.stack.base_url());
        let key = &self.stack.demo().unwrap().api_key;
        self.http.request(method, url).bearer_auth(key)
    }

    async fn label(&self, order_number: &str) -> Answer {
        let request = self.as_demo(Method::POST, "/shipping-labels");
        Answer::to(request.json(&samples::label(order_number))).await
    }

    async fn fault(&self, call: &str, kind: &str) {
        let next = json!([{ "call": call, "kind": kind }]);
        demo::set_faults(&self.stack, &self.http, "magic", next).await;
    }

    async fn push(&self, event: &Value) -> Answer {
        Answer::to(demo::push(&self.stack, &self.http, "magic", event)).await
    }

    /// Waits for a line of a request with this message, and returns all lines of the request.
    async fn lines(&self, request_id: &str, message: &str) -> Vec<Line> {
        let log = self.stack.log();
        let is_about = |line: &Line| line.fields["request_id"] == request_id;
        let awaited = log.wait_for(|line| {
            Line::of(line).is_some_and(|line| is_about(&line) && line.is(message))
        });
        let awaited = tokio::time::timeout(PATIENCE, awaited).await;
        let lines = log.lines();
        assert!(awaited.is_ok(), "{message} of {request_id}: {lines:#?}");
        lines.iter().filter_map(Line::of).filter(is_about).collect()
    }

    /// The only line about an answer. No other line about it is an error.
    async fn line_of(&self, answer: &Answer, message: &str) -> Line {
        let request_id = answer.header("x-request-id").unwrap();
        let lines = self.lines(request_id, message).await;
        let (mut of_it, others): (Vec<_>, Vec<_>) =
            lines.into_iter().partition(|line| line.is(message));
        assert_eq!(of_it.len(), 1, "{of_it:#?}");
        assert!(
            others.iter().all(|line| line.fields["level"] != "ERROR"),
            "{others:#?}"
        );
        let line = of_it.remove(0);
        assert_eq!(line.fields["status"], answer.status);
        assert!(line.fields["duration_ms"].is_u64(), "{line:?}");
        // Ordinary lines do without it.
        let has_invocation = line.fields["invocation_id"].is_string();
        assert_eq!(has_invocation, line.fields["level"] != "INFO", "{line:?}");
        line
    }

    /// The only line about a problem, found by its `instance`.
    async fn line_of_problem(&self, answer: &Answer, message: &str, slug: &str) -> Line {
        let problem = answer.problem(answer.status, slug);
        assert_eq!(answer.header("x-request-id"), problem["instance"].as_str());
        let line = self.line_of(answer, message).await;
        assert_eq!(line.fields["problem"], slug);
        line
    }
}

const BOOKING: [&str; 5] = [
    "client_id",
    "alias",
    "partner",
    "order_number",
    "shipment_type",
];

/// The fields of lines about a label for the demo client's order.
fn booking(order_number: &str) -> [Value; 5] {
    ["demo", "magic", "RMS_MAGIC", order_number, "FORWARD"].map(Value::from)
}

#[tokio::test]
async fn a_push_is_found_in_every_function_that_handled_it() {
    let world = World::start().await;
    let pushed = world.push(&event("A-1", "SHIPPED")).await;
    let notification = pushed.ok()["notifications"][0].clone();
    let request_id = pushed.header("x-request-id").unwrap();
    let lines = world.lines(request_id, "delivery attempted").await;
    let [received, attempted] = &lines[..] else {
        panic!("{lines:#?}")
    };
    assert_eq!(received.function, "notification-push");
    assert!(received.is("notification received"), "{received:?}");
    let names = [
        "client_id",
        "alias",
        "order_number",
        "message_id",
        "deliveries",
        "Accepted",
        "Sent",
    ];
    let id = &notification["notificationId"];
    let expected = json!(["demo", "magic", "A-1", id, 1, 1, 1]);
    assert_eq!(json!(received.values(names)), expected);
    assert_eq!(attempted.function, "notification-forward");
    let arrived = world.stack.sink().unwrap().wait_for(1, PATIENCE).await;
    let arrived = arrived.unwrap().remove(0);
    let sent = |name: &str| {
        let header = arrived.headers.iter().find(|(sent, _)| *sent == name);
        header.map(|(_, value)| value.as_str())
    };
    assert_eq!(sent("x-request-id"), Some(request_id));
    let names = ["client_id", "endpoint_id", "delivery_id", "outcome"];
    let expected = json!(["demo", "demo-sink", sent("webhook-id"), "ACCEPTED"]);
    assert_eq!(json!(attempted.values(names)), expected);
    assert!(attempted.fields["DeliveryAge"].is_u64(), "{attempted:?}");
}

/// The most bytes of log that a notification to one endpoint costs, in all functions together.
const MOST_BYTES: usize = 900;

#[tokio::test]
async fn a_delivered_notification_costs_few_bytes_of_log_even_alone() {
    let world = World::start().await;
    // The first invocation of an instance also says that it was cold.
    for order in ["A-1", "A-2"] {
        let pushed = world.push(&event(order, "SHIPPED")).await;
        let request_id = pushed.header("x-request-id").unwrap();
        world.lines(request_id, "delivery attempted").await;
        let of_functions = |line: &LogLine| {
            let is_theirs = ["notification-push", "notification-forward"];
            is_theirs.contains(&line.source.as_str()) && Line::of(line).is_some()
        };
        let lines = world.stack.log().lines();
        let about: Vec<_> = lines.iter().filter(|line| of_functions(line)).collect();
        // Every line of these functions is about one of the notifications: none is written beside them.
        let newest = &about[about.len() - 2..];
        assert!(
            newest.iter().all(|line| line.text.contains(request_id)),
            "{newest:#?}"
        );
        // The gateway of AWS makes shorter ids.
        let text = |line: &&LogLine| line.text.replace(request_id, "JKJaXmPLvHcESHA=");
        let bytes: usize = newest.iter().map(|line| text(line).len() + 1).sum();
        assert!(
            order == "A-1" || bytes <= MOST_BYTES,
            "{bytes} bytes: {newest:#?}"
        );
    }
}

#[tokio::test]
async fn an_invoice_is_found_in_every_function_that_handled_it() {
    let world = World::start().await;
    let request = world.as_demo(Method::POST, "/invoices");
    let sent = Answer::to(request.json(&invoice("A-1", &json!(1)))).await;
    sent.ok();
    let request_id = sent.header("x-request-id").unwrap();
    let lines = world.lines(request_id, "delivery attempted").await;
    let names = ["client_id", "kind"];
    let expected = json!(["demo", "INVOICE"]);
    for line in &lines {
        assert_eq!(json!(line.values(names)), expected);
    }
    let [accepted, attempted] = &lines[..] else {
        panic!("{lines:#?}")
    };
    assert_eq!(accepted.function, "invoices");
    assert_eq!(accepted.fields["order_number"], "A-1");
    assert_eq!(accepted.fields["message_id"], sent.json()["messageId"]);
    assert_eq!(attempted.function, "notification-forward");
    let arrived = world.stack.sink().unwrap().wait_for(1, PATIENCE).await;
    let headers = &arrived.unwrap()[0].headers;
    assert_eq!(headers["x-request-id"], request_id);
}

#[tokio::test]
async fn a_label_writes_one_line_that_names_the_order() {
    let world = World::start().await;
    let bought = world.label("A-1").await;
    bought.ok();
    let line = world.line_of(&bought, "request answered").await;
    assert_eq!(line.function, "generate-label");
    assert_eq!(line.values(BOOKING), booking("A-1"));
    assert_eq!(
        line.values(["method", "route"]),
        ["POST", "/shipping-labels"]
    );
}

#[tokio::test]
async fn an_answer_that_cannot_be_read_is_found_by_the_problem_and_by_the_order() {
    let world = World::start().await;
    world.fault("generateShippingLabel", "garbage").await;
    let failed = world.label("A-1").await;
    let line = world
        .line_of_problem(&failed, "request failed", "outcome-unknown")
        .await;
    assert_eq!(line.fields["level"], "WARN");
    assert_eq!(line.values(BOOKING), booking("A-1"));
    assert_eq!(line.fields["error"], "the outcome is unknown");
    let request_id = failed.header("x-request-id").unwrap();
    let lines = world.lines(request_id, "partner call failed").await;
    let calls = lines.iter().filter(|line| line.is("partner call failed"));
    let calls: Vec<_> = calls.collect();
    let [call] = calls[..] else {
        panic!("{lines:#?}")
    };
    assert_eq!(call.values(BOOKING), booking("A-1"));
    let shape = call.values(["operation", "outcome", "status", "bytes"]);
    assert_eq!(json!(shape), json!(["book", "outcome-unknown", 200, 34]));
    world.fault("getShippingLabel", "garbage").await;
    let failed = world.label("A-1").await;
    let line = world
        .line_of_problem(&failed, "request failed", "outcome-unknown")
        .await;
    assert_eq!(line.values(BOOKING), booking("A-1"));
    let causes = "the outcome is unknown: the partner's response could not be parsed";
    assert_eq!(line.fields["error"], causes);
    let lines = world.stack.log().lines();
    assert!(
        lines.iter().all(|line| !line.text.contains("Bad Gateway")),
        "{lines:#?}"
    );
}

#[tokio::test]
async fn a_missing_answer_is_found_too() {
    let world = World::start().await;
    world
        .fault("generateShippingLabel", "timeoutAfterEffect")
        .await;
    let failed = world.label("A-1").await;
    let line = world
        .line_of_problem(&failed, "request failed", "outcome-unknown")
        .await;
    assert_eq!(line.values(BOOKING), booking("A-1"));
    assert!(
        line.fields["duration_ms"].as_u64().unwrap() > 1000,
        "{line:?}"
    );
}

#[tokio::test]
async fn a_refused_request_is_found_too() {
    let world = World::start().await;
    let url = |path: &str| format!("{}{path}", world.stack.base_url());
    let unknown = Answer::to(world.http.get(url("/shipping-labels?orderNumber=A-1"))).await;
    let line = world
        .line_of_problem(&unknown, "request refused", "unauthenticated")
        .await;
    assert_eq!(
        line.values(["client_id", "order_number"]),
        [Value::Null, Value::Null]
    );
    let invalid = world
        .as_demo(Method::POST, "/shipping-labels")
        .json(&json!({}));
    let invalid = Answer::to(invalid).await;
    let line = world
        .line_of_problem(&invalid, "request refused", "invalid-request")
        .await;
    assert_eq!(line.fields["client_id"], "demo");
    let nowhere = Answer::to(world.http.get(url("/nowhere/secret-token"))).await;
    let line = world
        .line_of_problem(&nowhere, "request refused", "not-found")
        .await;
    assert_eq!(line.values(["method", "route"]), ["GET", "$default"]);
    let lines = world.stack.log().lines();
    assert!(
        lines.iter().all(|line| !line.text.contains("secret-token")),
        "{lines:#?}"
    );
}

#[tokio::test]
async fn a_failure_of_the_store_is_found_with_its_causes() {
    let outage = Interceptor::new(|call| {
        let is_read = call.caller == "generate-label"
            && call.target.ends_with(".GetItem")
            && call.moment == Moment::BeforeEffect;
        is_read.then(|| Instead {
            status: StatusCode::INTERNAL_SERVER_ERROR,
            body: r#"{"__type":"com.amazonaws#InternalServerError","message":"an outage"}"#.into(),
        })
    });
    let world = World::with(Options {
        interceptor: Some(outage),
        ..Options::default()
    })
    .await;
    let failed = world.label("A-1").await;
    let line = world
        .line_of_problem(&failed, "request failed", "unavailable")
        .await;
    assert_eq!(line.fields["level"], "ERROR");
    let causes = line.fields["error"].as_str().unwrap();
    assert!(causes.contains("storage is unavailable: "), "{causes}");
    assert!(causes.contains("an outage"), "{causes}");
}
