//! A handler with its event, the orders that it knows, and what it stored and queued.

use jiff::Timestamp;
use lambda_http::{Body, Response, request};
use local::backends::BackendOptions;
use local::handler_world::{HandlerWorld, HttpEvent};
use logistics::domain::fulfilling::outbound_order::OutboundOrder;
use logistics::domain::fulfilling::timeline::OutboundTimeline;
use logistics::domain::text::ClientId;
use logistics::store::fulfilling::outbound_orders::{FoundOutbound, OutboundOrders};
use serde_json::{Value, json};
use warehouse_reports::{App, handle};

use crate::answer::text;

pub(super) const FUNCTION: &str = "warehouse-reports";
/// The order of the event, by its first name.
pub(super) const ORDER: &str = "SO_571120";
/// The document of the event.
pub(super) const DOCUMENT: &str = "22010700077875";
/// The delivery of the event.
pub(super) const DELIVERY: &str = "D-571020-CGK";

pub(super) struct Reporting {
    pub(super) world: HandlerWorld,
    pub(super) app: App,
    pub(super) event: HttpEvent,
}

/// An answer with its envelope.
#[derive(Debug)]
pub(super) struct Answered {
    pub(super) status: u16,
    pub(super) is_replayed: bool,
    pub(super) body: Value,
}

impl Answered {
    fn of(response: &Response<Body>) -> Self {
        Self {
            status: response.status().as_u16(),
            is_replayed: response.headers().contains_key("idempotent-replayed"),
            body: serde_json::from_str(text(response)).unwrap(),
        }
    }

    /// The order, the message and the flags of an accepted report.
    pub(super) fn recorded(&self) -> (String, String, Vec<String>) {
        assert_eq!(self.status, 200, "{self:?}");
        let data = &self.body["data"];
        let text = |name: &str| data[name].as_str().unwrap().to_owned();
        let flags = data["flags"].as_array().unwrap().iter();
        let flags = flags.map(|flag| flag.as_str().unwrap().to_owned());
        (text("so_number"), text("message_id"), flags.collect())
    }

    /// The pointers of a refused report.
    pub(super) fn pointers(&self) -> Vec<String> {
        assert_eq!(self.status, 422, "{self:?}");
        let errors = self.body["metadata"]["errors"].as_array().unwrap();
        let pointer = |error: &Value| -> String {
            assert_eq!(error["code"], "invalid-request");
            error["pointer"].as_str().unwrap().to_owned()
        };
        errors.iter().map(pointer).collect()
    }
}

impl Reporting {
    pub(super) async fn start() -> Self {
        Self::start_on(BackendOptions::default()).await
    }

    pub(super) async fn start_on(options: BackendOptions) -> Self {
        let world = HandlerWorld::start_on(options).await.unwrap();
        let event = HttpEvent::of(FUNCTION).unwrap();
        world.admit(&event).await.unwrap();
        Self {
            app: App::new(&world.start_of(FUNCTION).unwrap()).unwrap(),
            world,
            event,
        }
    }

    pub(super) async fn send(&self, event: &HttpEvent) -> Answered {
        let request = request::from_str(&event.to_string()).unwrap();
        Answered::of(&handle(&self.app, request).await)
    }

    /// Reports a goods issue.
    pub(super) async fn issue(&self, body: &Value) -> Answered {
        self.send(&self.event.clone().with_body(body)).await
    }

    /// The goods issue of the event with other values.
    pub(super) fn goods_issue(&self, others: &[(&str, Value)]) -> Value {
        let mut body = self.event.body().unwrap();
        for (name, value) in others {
            body[*name] = value.clone();
        }
        body
    }

    /// Reports a status of the order.
    pub(super) async fn status(&self, body: &Value) -> Answered {
        let event = self.event.clone();
        let event = event.asking("POST", "/v3/fulfillment/order-status", "");
        self.send(&event.with_body(body)).await
    }

    fn orders(&self) -> OutboundOrders {
        let table = self.world.table("OutboundOrdersTable").unwrap();
        OutboundOrders::new(self.world.backends.dynamodb_client(), table)
    }

    /// Adds an order of the demo client.
    pub(super) async fn add_order(&self, number: &str, tracking: &str) {
        let order = OutboundOrder {
            number: number.parse().unwrap(),
            order_type: None,
            tracking: tracking.parse().unwrap(),
            warehouse: "WH-BAL".parse().unwrap(),
            group: format!("group-{number}").parse().unwrap(),
            content: String::new(),
            accepted_at: Timestamp::now(),
            deadline: Timestamp::now(),
            unconfirmed_at: None,
            result: None,
            due_at: None,
        };
        let created = self.orders().create(&demo(), &[order], []).await;
        assert!(created.unwrap());
    }

    /// What is stored about an order of the demo client.
    pub(super) async fn found(&self, number: &str) -> Option<FoundOutbound> {
        let number = number.parse().unwrap();
        self.orders().read(&demo(), &number).await.unwrap()
    }

    /// The time line of an order: times and names.
    pub(super) async fn timeline(&self, number: &str) -> Vec<(String, String)> {
        let found = self.found(number).await.unwrap();
        let timeline = OutboundTimeline::of(found.order.as_ref(), &found.events);
        let entries = timeline.entries.into_iter();
        entries
            .map(|entry| (entry.at.to_string(), entry.event))
            .collect()
    }

    /// The state of an order in the warehouse.
    pub(super) async fn warehouse_state(&self, number: &str) -> String {
        let found = self.found(number).await.unwrap();
        let timeline = OutboundTimeline::of(found.order.as_ref(), &found.events);
        timeline.warehouse.unwrap().to_string()
    }

    /// The tasks in the delivery queue, by endpoint.
    pub(super) async fn tasks(&self) -> Vec<Value> {
        let (sqs, mut tasks) = (self.world.backends.sqs_client(), Vec::new());
        let queue = self.world.queue_url("DeliveryQueue").unwrap();
        loop {
            let received = sqs.receive_message().queue_url(&queue);
            let received = received.max_number_of_messages(10).send().await.unwrap();
            let messages = received.messages.unwrap_or_default();
            if messages.is_empty() {
                break;
            }
            for message in messages {
                let body = message.body.unwrap();
                tasks.push(serde_json::from_str::<Value>(&body).unwrap());
                // The rest of its group waits for that.
                let delete = sqs.delete_message().queue_url(&queue);
                let delete = delete.receipt_handle(message.receipt_handle.unwrap());
                delete.send().await.unwrap();
            }
        }
        let key = |task: &Value| task["endpointId"].as_str().unwrap().to_owned();
        tasks.sort_by_key(key);
        tasks
    }
}

pub(super) fn demo() -> ClientId {
    "demo".parse().unwrap()
}

/// A status of an order.
pub(super) fn status(order: &str, code: &str, time: &str) -> Value {
    json!({
        "warehouse_id": "WH-BAL", "order_no": order, "order_type": "SO", "client_id": 11_223_344, "status": "of the warehouse",
        "status_code": code, "status_time": time,
    })
}

/// The endpoint and the kind of each task.
pub(super) fn ways(tasks: &[Value]) -> Vec<String> {
    let text = |task: &Value, name: &str| task[name].as_str().unwrap().to_owned();
    let way = |task| text(task, "endpointId") + " " + &text(task, "messageKind");
    tasks.iter().map(way).collect()
}
