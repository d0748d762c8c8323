//! Requests for returns.

use std::collections::BTreeSet;
use std::time::Duration;

use channel_poll::{App, handle};
use jiff::Timestamp;
use lambda_runtime::{Context, LambdaEvent};
use local::handler_world::{HandlerWorld, sent_by_aws};
use logistics::domain::channel_return::ChannelReturn;
use logistics::queue::return_reading::ReturnReading;
use logistics::store::returning::return_orders::NewReturn;
use serde_json::{Value, json};

struct Polling {
    world: HandlerWorld,
    app: App,
}

impl Polling {
    async fn start() -> Self {
        let world = HandlerWorld::start().await.unwrap();
        Self {
            app: App::new(&world.start_of("channel-poll").unwrap()).unwrap(),
            world,
        }
    }

    /// Places requests at the channel, without webhooks.
    async fn place(&self, numbers: std::ops::Range<u32>) {
        let url = &self.world.demo.channels["return-prime"].base_url;
        let http = simulators::http_client::client().unwrap();
        for number in numbers {
            let body = json!({ "request": request(number), "push": false });
            let request = http.post(format!("{url}/requests")).body(body.to_string());
            assert_eq!(request.send().await.unwrap().status(), 200);
        }
    }

    async fn run(&self) {
        let mut context = Context::default();
        let deadline = Timestamp::now() + Duration::from_mins(5);
        context.deadline = u64::try_from(deadline.as_millisecond()).unwrap();
        let event = sent_by_aws("channel-poll").unwrap();
        let event = LambdaEvent::new(serde_json::from_str(&event).unwrap(), context);
        handle(&self.app, event).await.unwrap();
    }

    /// Takes the requests from the queue of readings.
    async fn queued(&self) -> Vec<String> {
        let sqs = self.world.backends.sqs_client();
        let url = self.world.queue_url("ChannelReadQueue").unwrap();
        let mut ids = Vec::new();
        loop {
            let receive = sqs.receive_message().queue_url(&url);
            let received = receive.max_number_of_messages(10).send().await.unwrap();
            let messages = received.messages.unwrap_or_default();
            if messages.is_empty() {
                return ids;
            }
            for message in messages {
                let handle = message.receipt_handle.unwrap();
                let delete = sqs.delete_message().queue_url(&url).receipt_handle(handle);
                delete.send().await.unwrap();
                let reading = ReturnReading::parse(&message.body.unwrap()).unwrap();
                assert_eq!(reading.alias.as_str(), "return-prime");
                ids.push(reading.return_id.to_string());
            }
        }
    }

    /// The pages that were asked for, in order.
    fn pages(&self) -> Vec<String> {
        let calls = self
            .world
            .simulators
            .calls("return-prime")
            .unwrap()
            .into_iter();
        calls
            .map(|call| {
                let query = call.path.split_once("page=").unwrap().1;
                query.split('&').next().unwrap().to_owned()
            })
            .collect()
    }

    fn fault(&self, faults: &Value) {
        let faults = json!({ "next": faults });
        self.world
            .simulators
            .set_faults("return-prime", faults)
            .unwrap();
    }
}

fn id(number: u32) -> String {
    format!("{number:024x}")
}

fn request(number: u32) -> Value {
    json!({
        "id": id(number), "request_number": format!("RET{number}"), "status": "approved",
        "order": { "id": 1, "name": "#1042" },
        "line_items": [{ "id": number, "quantity": 1, "reason": "Small", "original_product": { "sku": "S" } }],
    })
}

#[tokio::test]
async fn every_request_is_queued_once_although_pages_repeat_requests() {
    let polling = Polling::start().await;
    polling.place(1..26).await;
    polling.run().await;
    let queued = polling.queued().await;
    let expected: BTreeSet<_> = (1..26).map(id).collect();
    assert_eq!(queued.iter().cloned().collect::<BTreeSet<_>>(), expected);
    assert_eq!(queued.len(), 25);
    assert_eq!(polling.pages(), ["1", "2", "3"]);
}

#[tokio::test]
async fn a_request_that_shows_nothing_new_is_not_queued() {
    let polling = Polling::start().await;
    polling.place(1..3).await;
    let known = known(1);
    let client = "demo".parse().unwrap();
    let new = NewReturn {
        order: &known.order,
        created_at: Timestamp::now(),
        content: "",
        replaces: None,
    };
    let returns = &polling.app.returns.returns;
    assert!(returns.create(&client, &new, []).await.unwrap());
    polling.run().await;
    assert_eq!(polling.queued().await, [id(2)]);
}

/// The request as it is kept.
fn known(number: u32) -> ChannelReturn {
    let order = json!({
        "returnOrderCode": format!("RET{number}"), "forwardOrderCode": "1042", "locationCode": "wh-1",
        "items": [{ "itemCode": number.to_string(), "reason": "Small", "channelSkuCode": "S" }],
        "orderType": "CUSTOMER_RETURN",
    });
    ChannelReturn {
        order: serde_json::from_value(order).unwrap(),
        steps: Vec::new(),
    }
}

#[tokio::test]
async fn a_walk_that_fails_is_continued_at_its_page_by_the_next_run() {
    let polling = Polling::start().await;
    polling.place(1..26).await;
    let slow = json!({ "call": "listRequests", "kind": "slow", "delayMs": 0 });
    polling.fault(&json!([slow, { "call": "listRequests", "kind": "status", "status": 503 }]));
    polling.run().await;
    assert_eq!(polling.queued().await.len(), 10);
    polling.run().await;
    assert_eq!(polling.pages(), ["1", "2", "2", "3"]);
    // The last request of the first page is also the first of the second.
    assert_eq!(polling.queued().await.len(), 16);
    polling.run().await;
    assert_eq!(polling.pages()[4..], ["1", "2", "3"]);
}

#[tokio::test]
async fn one_run_at_a_time_works_on_an_account() {
    let polling = Polling::start().await;
    polling.place(1..2).await;
    let (client, alias) = ("demo".parse().unwrap(), "return-prime".parse().unwrap());
    let polls = &polling.app.returns.polls;
    let (now, lasts) = (Timestamp::now(), Duration::from_secs(30));
    let lease = polls.lease(&client, &alias, now, lasts).await.unwrap();
    let lease = lease.unwrap();
    polling.run().await;
    assert_eq!(polling.pages(), [""; 0]);
    polls.release(&lease).await.unwrap();
    polling.run().await;
    assert_eq!(polling.queued().await, [id(1)]);
    // A run that was killed did not release its lease: it ends.
    let left = polls.lease(&client, &alias, now, Duration::ZERO).await;
    assert!(left.unwrap().is_some());
    let taken = polls.lease(&client, &alias, Timestamp::now(), lasts).await;
    assert!(taken.unwrap().is_some());
}
