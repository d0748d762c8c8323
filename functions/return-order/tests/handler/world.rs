//! A handler with the demo client, and helpers for return orders.

use lambda_http::{Body, Response, request};
use local::handler_world::{HandlerWorld, HttpEvent};
use logistics::wiring::Start;
use return_order::{App, handle};
use serde_json::{Value, json};

use crate::answer::{json as read, text};

/// The code of the event's return order.
pub(crate) const CODE: &str = "R-100078";

pub(crate) struct Returning {
    pub(crate) world: HandlerWorld,
    pub(crate) app: App,
    pub(crate) event: HttpEvent,
}

impl Returning {
    pub(crate) async fn start() -> Self {
        let world = HandlerWorld::start().await.unwrap();
        let event = HttpEvent::of("return-order").unwrap();
        world.admit(&event).await.unwrap();
        let push = HttpEvent::of("notification-push").unwrap();
        world.admit(&push).await.unwrap();
        Self {
            app: App::new(&world.start_of("return-order").unwrap()).unwrap(),
            world,
            event,
        }
    }

    pub(crate) fn start_of(&self, function: &str) -> Start {
        self.world.start_of(function).unwrap()
    }

    pub(crate) async fn send(&self, event: &HttpEvent) -> Response<Body> {
        handle(&self.app, parsed(event)).await
    }

    pub(crate) async fn create(&self, change: impl FnOnce(&mut Value)) -> Response<Body> {
        let mut body = self.event.body().unwrap();
        change(&mut body);
        self.send(&self.event.clone().with_body(&body)).await
    }

    pub(crate) async fn get(&self, code: &str) -> Response<Body> {
        let event = self.event.clone().asking("GET", "/return-orders/…", "");
        let event = event.with_path_parameter("returnOrderCode", code);
        self.send(&event).await
    }

    pub(crate) async fn cancel(&self, code: &str) -> Response<Body> {
        let event = self.event.clone().asking("DELETE", "/return-orders/…", "");
        let event = event.with_path_parameter("returnOrderCode", code);
        self.send(&event).await
    }

    pub(crate) async fn put_awb(&self, code: &str, awb: &str) -> Response<Body> {
        let event = self.event.clone().asking("PUT", "/return-orders/…/awb", "");
        let event = event.with_path_parameter("returnOrderCode", code);
        let body = json!({ "awbNumber": awb, "transporter": "Delhivery" });
        self.send(&event.with_body(&body)).await
    }

    /// A push of the demo's RMS Magic account about a return.
    pub(crate) async fn push(&self, code: &str, awb: &str, word: &str) -> Value {
        let body = json!({
            "forwardOrderCode": "pushed-order", "forwardAwb": null, "notificationType": word, "shipmentType": "RETURN",
            "logisticAggregatorName": "MAGIC", "eventId": format!("{code} {awb} {word}"),
            "returnOrderInfo": { "returnOrderId": code, "returnAwb": awb, "carrierName": "Delhivery" },
            "items": [{ "sku": "10007345", "quantity": 1 }],
        });
        self.push_body(&body).await
    }

    /// A push of the demo's RMS Magic account.
    pub(crate) async fn push_body(&self, body: &Value) -> Value {
        let event = HttpEvent::of("notification-push").unwrap();
        let dependencies = self.start_of("notification-push").push().unwrap();
        let request = parsed(&event.with_body(body));
        let answer = notification_push::handle(&dependencies, request).await;
        assert_eq!(answer.status(), 200, "{}", text(&answer));
        read(&answer)["notifications"][0]["status"].clone()
    }

    /// Buys the label of the event of `generate-label`, with this SKU and without a shipment code; its request and answer.
    pub(crate) async fn label(&self, sku: &str) -> (Value, Value) {
        let event = HttpEvent::of("generate-label").unwrap();
        let mut body = event.body().unwrap();
        for end in ["pickupAddress", "dropAddress"] {
            body[end]["email"] = json!("a@brand.example");
            body[end]["phone"] = json!("9876543210");
        }
        body["shipmentCode"] = Value::Null;
        body["orderDetails"]["orderLineItems"][0]["sku"] = json!(sku);
        let app = generate_label::App::new(&self.start_of("generate-label")).unwrap();
        let event = event.with_body(&body);
        let answer = Box::pin(generate_label::handle(&app, parsed(&event))).await;
        assert_eq!(answer.status(), 200, "{}", text(&answer));
        (body, read(&answer))
    }

    /// The payloads in the delivery queue.
    pub(crate) async fn payloads(&self) -> Vec<Value> {
        let queue = self.world.queue_url("DeliveryQueue").unwrap();
        let sqs = self.world.backends.sqs_client();
        let mut payloads = Vec::new();
        loop {
            let received = sqs.receive_message().queue_url(&queue);
            let received = received.max_number_of_messages(10).send().await.unwrap();
            let messages = received.messages.unwrap_or_default();
            if messages.is_empty() {
                return payloads;
            }
            for message in messages {
                let task: Value = serde_json::from_str(&message.body.unwrap()).unwrap();
                if task["endpointId"] == "demo-sink" {
                    payloads.push(serde_json::from_str(task["payload"].as_str().unwrap()).unwrap());
                }
                let handle = message.receipt_handle.unwrap();
                let done = sqs
                    .delete_message()
                    .queue_url(&queue)
                    .receipt_handle(handle);
                done.send().await.unwrap();
            }
        }
    }

    /// How many return AWBs the demo's RMS Magic account bought.
    pub(crate) fn bought(&self) -> usize {
        let calls = self.world.simulators.calls("magic").unwrap();
        let is_purchase = |path: &str| path.contains("generate-return-awb");
        calls.iter().filter(|call| is_purchase(&call.path)).count()
    }
}

pub(crate) fn parsed(event: &HttpEvent) -> lambda_http::Request {
    request::from_str(&event.to_string()).unwrap()
}

/// A return order that is only registered, with this AWB.
pub(crate) fn registered(awb: Option<&str>) -> impl FnOnce(&mut Value) {
    move |body| {
        body["orderType"] = json!("RETURN_TO_ORIGIN");
        body["logisticAccountAlias"] = Value::Null;
        body["awbNumber"] = json!(awb);
        body["transporter"] = json!(awb.map(|_| "Bluedart"));
    }
}

pub(crate) fn pointers(answer: &Response<Body>) -> Vec<String> {
    let errors = read(answer)["errors"].clone();
    let errors = errors.as_array().cloned().unwrap_or_default();
    let pointer = |error: &Value| error["pointer"].as_str().unwrap().to_owned();
    errors.iter().map(pointer).collect()
}

pub(crate) fn slug(answer: &Response<Body>) -> String {
    let kind = read(answer)["type"].as_str().unwrap().to_owned();
    kind.rsplit('#').next().unwrap().to_owned()
}
