//! Return orders of the demo client, and what its systems received about them.

use local::sink::ReceivedRequest;
use serde_json::{Value, json};

use crate::demo;
use crate::notifications::world::{Answer, World};

/// The pieces of each return order.
pub(super) const PIECES: [&str; 3] = ["I10097", "I10098", "I10099"];

impl World {
    /// Adds a return order.
    pub(super) async fn add_return(&self, code: &str) {
        demo::add_return(&self.stack, code, &PIECES).await;
    }

    /// Reports results of a return order.
    pub(super) async fn process(&self, code: &str, body: &Value) -> Answer {
        let path = format!("/return-orders/{code}/processing");
        self.call(&path, body).await
    }

    /// Reports results of a return order, asserts that they were taken, and returns the ids of the messages.
    pub(super) async fn processed(&self, code: &str, body: &Value) -> [String; 2] {
        let answer = self.process(code, body).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        message_ids(&answer)
    }
}

/// The ids of the messages of an answer: `RETURN_ORDER_ACK`, then `RETURNS_PROCESSING_UPDATE`.
pub(super) fn message_ids(answer: &Answer) -> [String; 2] {
    let id = |index: usize, kind: &str| {
        let message = &answer.body["messages"][index];
        assert_eq!(message["kind"], kind, "{answer:?}");
        message["messageId"].as_str().unwrap().to_owned()
    };
    [
        id(0, "RETURN_ORDER_ACK"),
        id(1, "RETURNS_PROCESSING_UPDATE"),
    ]
}

pub(super) fn passed(code: &str) -> Value {
    json!({ "itemCode": code, "qcStatus": "PASS" })
}

pub(super) fn failed(code: &str) -> Value {
    json!({
        "itemCode": code, "qcStatus": "FAIL", "qcReason": "STAIN_DAMAGE",
        "imageUrls": ["https://increff.com/img.jpg"],
    })
}

pub(super) fn results(items: &[Value]) -> Value {
    json!({ "orderItems": items })
}

/// Those that an endpoint of the demo received, by the path of its URL.
pub(super) fn at(received: &[ReceivedRequest], path: &str) -> Vec<ReceivedRequest> {
    let received = received.iter();
    let here = received.filter(|request| request.path == path);
    here.cloned().collect()
}
