//! The handler with an event as AWS sends it, on real tables and queues.

mod accepted;
mod confirmed;
mod shown;

use std::collections::BTreeMap;

use lambda_http::{Body, Response, request};
use local::backends::BackendOptions;
use local::handler_world::{HandlerWorld, HttpEvent};
use outbound_order::{App, handle};
use serde_json::{Value, json};

use crate::answer;

const PATH: &str = "/v3/fulfillment/outbound/oms";

/// A handler that accepts the event's caller.
struct Ordering {
    world: HandlerWorld,
    app: App,
    event: HttpEvent,
}

impl Ordering {
    async fn start() -> Self {
        Self::on(HandlerWorld::start().await.unwrap()).await
    }

    /// The same, with counted calls.
    async fn counting() -> Self {
        let options = BackendOptions {
            count_calls: true,
            ..BackendOptions::default()
        };
        Self::on(HandlerWorld::start_on(options).await.unwrap()).await
    }

    async fn on(world: HandlerWorld) -> Self {
        let event = HttpEvent::of("outbound-order").unwrap();
        world.admit(&event).await.unwrap();
        Self {
            app: App::new(&world.start_of("outbound-order").unwrap()).unwrap(),
            world,
            event,
        }
    }

    /// The order of the event with another number.
    fn order(&self, number: &str) -> Value {
        let mut order = self.event.body().unwrap();
        order["so_number"] = json!(number);
        order
    }

    fn orders(&self, numbers: std::ops::Range<u32>) -> Value {
        numbers
            .map(|number| self.order(&format!("SO-{number}")))
            .collect()
    }

    async fn answer(&self, event: &HttpEvent) -> Response<Body> {
        handle(&self.app, request::from_str(&event.to_string()).unwrap()).await
    }

    async fn send(&self, body: &Value) -> Response<Body> {
        self.answer(&self.event.clone().with_body(body)).await
    }

    /// Sends orders that are accepted, and returns the key of their group.
    async fn accepted(&self, body: &Value) -> String {
        let answer = self.send(body).await;
        assert_eq!(answer.status(), 202, "{}", answer::text(&answer));
        let group = &answer::json(&answer)["data"]["group_key"];
        group.as_str().unwrap().to_owned()
    }

    async fn confirm(&self, group: &str, items: &Value) -> Response<Body> {
        let path = format!("{PATH}/confirmations");
        let event = self.event.clone().asking("POST", &path, "");
        let body = json!({ "group_key": group, "items": items });
        self.answer(&event.with_body(&body)).await
    }

    async fn get(&self, path: &str, query: &str) -> Response<Body> {
        let mut event = self.event.clone().asking("GET", path, query);
        if let Some((_, number)) = path.rsplit_once("/oms/") {
            event = event.with_path_parameter("so_number", number);
        }
        self.answer(&event).await
    }

    /// An order as callers see it.
    async fn shown(&self, number: &str) -> Value {
        let answer = self.get(&format!("{PATH}/{number}"), "").await;
        assert_eq!(answer.status(), 200, "{}", answer::text(&answer));
        answer::json(&answer)["data"].clone()
    }

    /// Takes the tasks from the delivery queue, with their payloads read as JSON.
    async fn queued(&self) -> Vec<Value> {
        let sqs = self.world.backends.sqs_client();
        let url = self.world.queue_url("DeliveryQueue").unwrap();
        let mut tasks = Vec::new();
        loop {
            let receive = sqs.receive_message().queue_url(&url);
            let received = receive.max_number_of_messages(10).send().await.unwrap();
            let messages = received.messages.unwrap_or_default();
            if messages.is_empty() {
                return tasks;
            }
            for message in messages {
                let handle = message.receipt_handle.unwrap();
                let delete = sqs.delete_message().queue_url(&url).receipt_handle(handle);
                delete.send().await.unwrap();
                let mut task: Value = serde_json::from_str(&message.body.unwrap()).unwrap();
                let payload = task["payload"].take();
                task["payload"] = serde_json::from_str(payload.as_str().unwrap()).unwrap();
                tasks.push(task);
            }
        }
    }

    async fn items(&self, table: &str) -> usize {
        let table = self.world.table(table).unwrap();
        let scan = self.world.backends.dynamodb_client().scan();
        let items = scan.table_name(table).into_paginator().items().send();
        items.collect::<Result<Vec<_>, _>>().await.unwrap().len()
    }

    /// The calls of each operation since `before`.
    fn calls_since(&self, before: &BTreeMap<String, u64>) -> BTreeMap<String, u64> {
        let calls = self.world.backends.calls().into_iter();
        let since = calls.map(|(name, count)| {
            let before = before.get(&name).copied().unwrap_or_default();
            (name.rsplit('.').next().unwrap().to_owned(), count - before)
        });
        since.filter(|(_, count)| *count > 0).collect()
    }
}

/// The errors of an envelope, and their pointers.
fn pointers(answer: &Response<Body>) -> Vec<String> {
    let body = answer::json(answer);
    let errors = body["metadata"]["errors"].as_array().unwrap().iter();
    let pointers = errors.map(|error| error["pointer"].as_str().unwrap_or("none").to_owned());
    pointers.collect()
}

fn code(answer: &Response<Body>) -> String {
    let body = answer::json(answer);
    let code = body["metadata"]["errors"][0]["code"].as_str();
    code.unwrap_or_default().to_owned()
}
