//! The log lines of an attempt.

use insta::assert_json_snapshot;
use local::handler_world::{HandlerWorld, Logged};
use serde_json::json;

use crate::notification_forward::world::{again, answer, app, left, task, young};

#[tokio::test]
async fn each_attempt_writes_one_log_line_with_the_id_of_the_request_that_caused_it() {
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
        "[]._aws" => "[metrics]",
        "[].OldestWaiting" => "[age]",
        "[].DeliveryAge" => "[age]",
    }, @r#"
    [
      {
        "FailedAttempts": 1,
        "OldestWaiting": "[age]",
        "_aws": "[metrics]",
        "client_id": "demo",
        "delivery_id": "dlv_eda4649e9909cd818d1a_Faf5570f543aa62c30ef3dc98c8e0ab03_demo-sink",
        "duration_ms": "[duration]",
        "endpoint_id": "demo-sink",
        "level": "INFO",
        "message": "delivery attempted",
        "outcome": "REJECTED",
        "request_id": "JKJaXmPLvHcESHA=",
        "retry_in_ms": "[wait]",
        "state": "PENDING",
        "status": 500,
        "timestamp": "[now]"
      },
      {
        "DeliveryAge": "[age]",
        "_aws": "[metrics]",
        "client_id": "demo",
        "delivery_id": "dlv_eda4649e9909cd818d1a_Faf5570f543aa62c30ef3dc98c8e0ab03_demo-sink",
        "duration_ms": "[duration]",
        "endpoint_id": "demo-sink",
        "level": "INFO",
        "message": "delivery attempted",
        "outcome": "ACCEPTED",
        "request_id": "JKJaXmPLvHcESHA=",
        "timestamp": "[now]"
      }
    ]
    "#);
}
