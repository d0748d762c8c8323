//! A Lambda function for the tests of the local stack. The event selects what it does.
//!
//! For an HTTP event the path decides; by default the answer is the event and the process id. For a batch of messages the
//! bodies decide: `fail…` fails on its first receive, `crash…` ends the process.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "the tests capture and read its output"
)]

use std::path::Path;
use std::time::Duration;

use lambda_runtime::{Error, LambdaEvent, run, service_fn};
use serde_json::{Value, json};

#[tokio::main]
async fn main() -> Result<(), Error> {
    let variables: std::collections::BTreeMap<String, String> = std::env::vars().collect();
    if variables.get("START").is_some_and(|start| start == "fail") {
        eprintln!("no configuration");
        std::process::exit(4);
    }
    let variables = &json!(variables);
    run(service_fn(|event| handle(event, variables.clone()))).await
}

async fn handle(event: LambdaEvent<Value>, variables: Value) -> Result<Value, Error> {
    let payload = event.payload;
    if let Some(records) = payload.get("Records").and_then(Value::as_array) {
        return Ok(handle_batch(records));
    }
    let path = payload.get("rawPath").and_then(Value::as_str);
    match path.unwrap_or_default() {
        "/crash" => std::process::exit(3),
        "/error" => Err("it went wrong".into()),
        "/hang" => std::future::pending().await,
        "/meet" => meet(&payload).await,
        "/answer" => {
            let body = payload.get("body").and_then(Value::as_str);
            Ok(serde_json::from_str(body.unwrap_or_default())?)
        }
        _ => Ok(json!({
            "event": payload,
            "process": std::process::id(),
            "deadline": event.context.deadline,
            "variables": variables,
        })),
    }
}

fn handle_batch(records: &[Value]) -> Value {
    let text = |record: &Value, pointer: &str| {
        let value = record.pointer(pointer).and_then(Value::as_str);
        value.unwrap_or_default().to_owned()
    };
    let mut failures = Vec::new();
    println!("batch of {}", records.len());
    for record in records {
        let body = text(record, "/body");
        let receives = text(record, "/attributes/ApproximateReceiveCount");
        println!("received {body} for the {receives}. time");
        if body.starts_with("crash") {
            std::process::exit(3);
        }
        if body.starts_with("fail") && receives == "1" {
            failures.push(json!({ "itemIdentifier": text(record, "/messageId") }));
        }
    }
    json!({ "batchItemFailures": failures })
}

/// Returns when two processes are here at the same time: each writes a file into the directory given in the query.
async fn meet(payload: &Value) -> Result<Value, Error> {
    let directory = payload.pointer("/queryStringParameters/directory");
    let directory = Path::new(directory.and_then(Value::as_str).unwrap_or_default());
    std::fs::write(directory.join(std::process::id().to_string()), "")?;
    while std::fs::read_dir(directory)?.count() < 2 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    Ok(json!("met"))
}
