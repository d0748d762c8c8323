//! What waits for its first attempt is shown as waiting: behind a failing head of its lane, and after a send that failed.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use local::backends::{BackendCall, Instead, Interceptor, Moment};
use local::sink::Behaviour;
use local::stack::Options;
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::notifications::invoices::{delivery_id, invoice};
use crate::notifications::world::{
    Answer, World, are_backends_elsewhere, event, leave_out, webhook_id,
};

const ENDPOINT: &str = "demo-sink";

impl World {
    /// Reads as the demo client.
    async fn read(&self, path: &str) -> Value {
        let url = format!("{}{path}", self.stack.base_url());
        let key = &self.demo().api_key;
        let answer = Answer::of(self.http.get(url).bearer_auth(key)).await;
        assert_eq!(answer.status, 200, "{path}: {answer:?}");
        answer.body
    }

    /// The state and the number of attempts of the only delivery of a message, which is the same wherever it is shown.
    async fn only_delivery(&self, message_id: &str, subject: &str) -> (String, u64) {
        let whole = self.read(&format!("/messages/{message_id}")).await;
        let [delivery] = &whole["deliveries"].as_array().unwrap()[..] else {
            panic!("{whole}");
        };
        assert_eq!(delivery["deliveryId"], delivery_id(message_id, ENDPOINT));
        assert_eq!(delivery["endpointId"], ENDPOINT);
        if message_id.starts_with("ntf_") {
            let notification = self.read(&format!("/notifications/{message_id}")).await;
            assert_eq!(notification["deliveries"], whole["deliveries"]);
        }
        let listed = self.read(&format!("/messages?subject={subject}")).await;
        let mut messages = listed["messages"].as_array().unwrap().iter();
        let message = messages.find(|message| message["messageId"] == *message_id);
        let listed = &message.unwrap()["deliveries"];
        let expected: Value = json!([{
            "deliveryId": delivery["deliveryId"], "endpointId": ENDPOINT, "state": delivery["state"],
        }]);
        assert_eq!(*listed, expected);
        let attempts = delivery["attemptCount"].as_u64().unwrap();
        assert_eq!(
            delivery["attempts"].as_array().unwrap().len() as u64,
            attempts
        );
        (delivery["state"].as_str().unwrap().to_owned(), attempts)
    }
}

#[tokio::test]
async fn what_waits_behind_the_head_of_its_lane_is_shown_as_waiting() {
    let world = World::start().await;
    world.behave(Behaviour {
        status: 503,
        ..Behaviour::default()
    });
    let head = world.pushed(&event("queued", "SHIPPED"), "ACCEPTED").await;
    world.record(&head, ENDPOINT, 1).await;
    let second = world
        .pushed(&event("queued", "DELIVERED"), "ACCEPTED")
        .await;
    let invoice = world.invoiced(&invoice("queued", &json!(1)), false).await;
    let waiting = ("PENDING".to_owned(), 0);
    for behind in [&second, &invoice] {
        assert_eq!(world.only_delivery(behind, "queued").await, waiting);
    }
    let (state, attempts) = world.only_delivery(&head, "queued").await;
    assert!(state == "PENDING" && attempts > 0);
    world.behave(Behaviour::default());
    let arrived = world.arrived(4).await;
    let last: Vec<&str> = arrived[arrived.len() - 2..]
        .iter()
        .map(|request| request.headers["webhook-id"].as_str())
        .collect();
    let expected = [
        webhook_id(&second, ENDPOINT),
        delivery_id(&invoice, ENDPOINT),
    ];
    assert_eq!(last, expected);
    world.settled().await;
    let delivered = ("DELIVERED".to_owned(), 1);
    for behind in [&second, &invoice] {
        assert_eq!(world.only_delivery(behind, "queued").await, delivered);
    }
    // What is stored and not sent has no delivery.
    let unmapped = world
        .pushed(&event("queued", "SOMETHING_NEW"), "UNMAPPED")
        .await;
    let unmapped = world.read(&format!("/notifications/{unmapped}")).await;
    assert_eq!(unmapped["deliveries"], json!([]));
}

#[tokio::test]
async fn what_was_sent_by_a_repeat_is_shown_as_waiting_too() {
    if are_backends_elsewhere() {
        return leave_out("it makes the embedded queue fail");
    }
    let is_down = Arc::new(AtomicBool::new(true));
    let down = is_down.clone();
    let interceptor = Interceptor::new(move |call: &BackendCall| {
        let is_send = call.target.contains(".SendMessage") && call.moment == Moment::BeforeEffect;
        (is_send && down.load(Ordering::SeqCst)).then(|| Instead {
            status: StatusCode::SERVICE_UNAVAILABLE,
            body: "{}".to_owned(),
        })
    });
    let world = World::with(Options {
        interceptor: Some(interceptor),
        ..Options::default()
    })
    .await;
    world.behave(Behaviour {
        status: 503,
        ..Behaviour::default()
    });
    let (push, order) = (event("late", "SHIPPED"), invoice("late", &json!(1)));
    assert_eq!(world.push(&push).await.status, 503);
    assert_eq!(world.call("/invoices", &order).await.status, 503);
    is_down.store(false, Ordering::SeqCst);
    let head = world.pushed(&push, "DUPLICATE").await;
    world.record(&head, ENDPOINT, 1).await;
    let invoice = world.invoiced(&order, true).await;
    let waiting = ("PENDING".to_owned(), 0);
    assert_eq!(world.only_delivery(&invoice, "late").await, waiting);
    world.behave(Behaviour::default());
    world.settled().await;
    let (state, _) = world.only_delivery(&invoice, "late").await;
    assert_eq!(state, "DELIVERED");
}
