//! Helpers: a shop that sends webhooks, and what the client's order system received.

use local::sink::ReceivedRequest;
use serde_json::{Value, json};

use crate::notifications::answer::Answer;
use crate::notifications::world::{World, body};

/// The path of the demo's order system at the sink.
const OMS: &str = "/webhooks/oms";

/// What one order's update tells: the change, whether the order is on hold, and what was cancelled.
pub(crate) type Told = (String, bool, Value);

impl World {
    /// Makes the shop send the webhook of an order.
    pub(crate) async fn shop_sends(&self, order: &Value) -> Answer {
        let url = format!("{}/shopify/orders", self.stack.simulator_url());
        Answer::of(self.http.post(url).json(order)).await
    }

    /// The same, with a webhook that must be received. Returns what became of each that was sent.
    pub(crate) async fn shop_sent(&self, order: &Value) -> Vec<String> {
        let answer = self.shop_sends(order).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        let pushed = answer.body["pushed"].as_array().unwrap().iter();
        let received = pushed.filter(|attempt| attempt["status"] == 200);
        received
            .map(|attempt| attempt["body"]["status"].as_str().unwrap().to_owned())
            .collect()
    }

    /// Calls a control route of the simulator of a Magento shop.
    pub(crate) async fn shop(&self, method: &str, path: &str, body: &Value) -> Value {
        let url = format!("{}/magento/{path}", self.stack.simulator_url());
        let request = self.http.request(method.parse().unwrap(), url).json(body);
        let answer = request.send().await.unwrap();
        assert!(answer.status().is_success(), "{path}: {}", answer.status());
        answer.json().await.unwrap_or_default()
    }

    /// Calls the API as the demo client.
    pub(crate) async fn as_demo(&self, method: &str, path: &str, body: &Value) -> Answer {
        let url = format!("{}{path}", self.stack.base_url());
        let request = self.http.request(method.parse().unwrap(), url);
        let request = request.bearer_auth(&self.demo().api_key);
        let request = if body.is_null() {
            request
        } else {
            request.json(body)
        };
        Answer::of(request).await
    }

    /// Number of stored messages about an order of the shop.
    pub(crate) async fn messages_about(&self, order: &Value) -> usize {
        let path = format!("/messages?subject={order}");
        let listed = self.as_demo("GET", &path, &Value::Null).await;
        listed.body["messages"].as_array().unwrap().len()
    }
}

/// Whether a request is an update of an order for the order system.
pub(crate) fn is_update(request: &ReceivedRequest) -> bool {
    request.path == OMS && request.headers["rms-message-kind"] == "ORDER_UPDATE"
}

pub(crate) fn told(requests: &[ReceivedRequest]) -> Vec<Told> {
    let updates = requests.iter().filter(|request| is_update(request));
    updates
        .map(|request| {
            let body = body(request);
            let change = body["change"].as_str().unwrap().to_owned();
            (
                change,
                body["onHold"] == true,
                body["cancelledItems"].clone(),
            )
        })
        .collect()
}

/// An order with two lines of three pieces, triggered in this minute.
pub(crate) fn order(id: u64, minute: u8, tags: &[&str]) -> Value {
    let line = |number: u64| json!({ "id": number, "sku": format!("SKU-{number}"), "quantity": 3 });
    json!({
        "id": id, "name": "#1001", "topic": "orders/updated", "tags": tags, "lineItems": [line(1), line(2)],
        "triggeredAt": format!("2026-11-21T10:{minute:02}:00.123456789Z"),
    })
}
