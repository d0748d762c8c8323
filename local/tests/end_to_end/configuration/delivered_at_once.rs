//! What a client changes of an endpoint applies to the next delivery, also by an instance that delivered to it before.

use local::sink::{Behaviour, ReceivedRequest};
use local::stack::Options;
use serde_json::{Value, json};

use crate::configuration::pushing::Pushing;
use crate::configuration::world::World;
use crate::patience::PATIENCE;
use crate::signed::is_signed_with;

const ENDPOINT: &str = "/webhook-endpoints/oms";

/// A client with an endpoint to which something was delivered.
struct Delivering {
    world: World,
    pushing: Pushing,
    /// The secret that the endpoint was made with.
    first_secret: String,
}

impl Delivering {
    async fn start() -> Self {
        let world = World::of_one_instance().await;
        let pushing = world.account_made("magic").await;
        let url = format!("{}/oms", world.stack.sink_url());
        let made = world.put(ENDPOINT, &json!({ "url": url })).await;
        let delivering = Self {
            first_secret: made.text("/signingSecret"),
            world,
            pushing,
        };
        let request = delivering.next("warm").await;
        assert!(delivering.is_signed_with_the_first(&request));
        delivering
    }

    /// Pushes, and answers what the client then gets.
    async fn next(&self, order: &str) -> ReceivedRequest {
        let sink = self.world.stack.sink().unwrap();
        sink.clear();
        self.world.pushed(&self.pushing, order, "ACCEPTED").await;
        sink.wait_for(1, PATIENCE).await.unwrap().remove(0)
    }

    /// Changes the endpoint.
    async fn change(&self, fields: &Value) -> Value {
        let mut body = json!({ "url": format!("{}/oms", self.world.stack.sink_url()) });
        for (name, value) in fields.as_object().unwrap() {
            body[name] = value.clone();
        }
        let put = self.world.put(ENDPOINT, &body).await;
        assert_eq!(put.status, 200, "{put:?}");
        put.body
    }

    /// Replaces the endpoint's secret, and answers the new one.
    async fn rotate(&self) -> String {
        let path = format!("{ENDPOINT}/rotate-secret");
        let rotated = self.world.call("POST", &path, None).await;
        rotated.text("/signingSecret")
    }

    fn is_signed_with_the_first(&self, request: &ReceivedRequest) -> bool {
        is_signed_with(&self.first_secret, request, &request.body)
    }
}

#[tokio::test]
async fn a_new_secret_signs_from_its_answer_on_and_the_one_before_beside_it() {
    let delivering = Delivering::start().await;
    for rotation in 0..3 {
        let secret = delivering.rotate().await;
        let request = delivering.next(&format!("rotated-{rotation}")).await;
        assert!(is_signed_with(&secret, &request, &request.body));
        assert!(delivering.is_signed_with_the_first(&request));
    }
}

#[tokio::test]
async fn what_waits_for_its_next_attempt_is_signed_with_the_new_secret_too() {
    let delivering = Delivering::start().await;
    let sink = delivering.world.stack.sink().unwrap();
    let refusing = Behaviour {
        status: 500,
        fail_next: Some(1),
        ..Behaviour::default()
    };
    sink.behave(refusing).unwrap();
    let refused = delivering.next("waiting").await;
    let secret = delivering.rotate().await;
    assert!(!is_signed_with(&secret, &refused, &refused.body));
    let retried = sink.wait_for(2, PATIENCE).await.unwrap().remove(1);
    assert_eq!(retried.headers["webhook-id"], refused.headers["webhook-id"]);
    assert!(is_signed_with(&secret, &retried, &retried.body));
}

#[tokio::test]
async fn url_method_headers_and_scheme_apply_from_the_next_delivery_on() {
    let delivering = Delivering::start().await;
    let moved = format!("{}/moved", delivering.world.stack.sink_url());
    delivering.change(&json!({ "url": moved })).await;
    assert_eq!(delivering.next("url").await.path, "/moved");

    delivering.change(&json!({ "method": "PUT" })).await;
    let request = delivering.next("method").await;
    assert_eq!((&*request.method, &*request.path), ("PUT", "/oms"));

    for token in ["one", "two"] {
        let headers = json!({ "headers": { "x-token": token } });
        delivering.change(&headers).await;
        assert_eq!(delivering.next(token).await.headers["x-token"], token);
    }
    delivering.change(&json!({ "headers": {} })).await;
    let request = delivering.next("no headers").await;
    assert!(!request.headers.contains_key("x-token"));

    let shown = delivering
        .change(&json!({ "signatureScheme": "v1a" }))
        .await;
    assert!(shown["publicKey"].is_string(), "{shown}");
    let request = delivering.next("scheme").await;
    let signatures: Vec<_> = request.headers["webhook-signature"].split(' ').collect();
    assert!(signatures[0].starts_with("v1a,"), "{signatures:?}");
}

#[tokio::test]
async fn what_is_accepted_and_delivered_takes_no_further_call_for_it() {
    let world = World::with(Options {
        count_calls: true,
        instance_limit: 1,
        ..Options::default()
    })
    .await;
    let pushing = world.account_made("magic").await;
    let url = format!("{}/oms", world.stack.sink_url());
    world.put(ENDPOINT, &json!({ "url": url })).await;
    let sink = world.stack.sink().unwrap();
    for number in 0..3 {
        let order = format!("warm-{number}");
        world.pushed(&pushing, &order, "ACCEPTED").await;
    }
    sink.wait_for(3, PATIENCE).await.unwrap();
    let path = "/messages?endpointId=oms&status=pending";
    assert_eq!(world.get(path).await.body["messages"], json!([]));
    let before = world.stack.calls();
    world.pushed(&pushing, "counted", "ACCEPTED").await;
    sink.wait_for(4, PATIENCE).await.unwrap();
    let made = |name: &str| {
        let count = |calls: &std::collections::BTreeMap<String, u64>| {
            calls.get(name).copied().unwrap_or_default()
        };
        count(&world.stack.calls()) - count(&before)
    };
    // The record of the delivery comes after the client has it.
    let delivered = async {
        while made("DynamoDB_20120810.PutItem") < 3 {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(PATIENCE, delivered).await.unwrap();
    for (operation, count) in [
        // To accept, and to deliver.
        ("BatchGetItem", 1 + 1),
        // The shipment, which was unknown, and the notification; the delivery.
        ("PutItem", 2 + 1),
        ("GetItem", 0),
        ("Query", 0),
    ] {
        let name = format!("DynamoDB_20120810.{operation}");
        assert_eq!(made(&name), count, "{operation}");
    }
    assert_eq!(made("AmazonSQS.SendMessage"), 1);
    // The sums of the push and of the delivery, which are written for many at once under load.
    let sums = made("DynamoDB_20120810.UpdateItem");
    assert!(sums <= 2, "{sums}");
}
