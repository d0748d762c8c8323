//! Return requests of the demo's returns app: pushed, not pushed, pushed in either shape, and while the app does not answer.

use local::handler_world::sent_by_aws;
use logistics::domain::returning::state::ReturnOrderState;
use logistics::domain::returning::timeline::ReturnTimeline;
use logistics::store::returning::return_orders::{ReturnOrders, StoredReturn};
use serde_json::{Value, json};

use crate::notifications::answer::Answer;
use crate::notifications::world::{World, body, eventually};

pub(crate) const PRIME: &str = "return-prime";
pub(crate) const POLL: &str = "channel-poll";

/// The object id of a request.
pub(crate) fn id(number: u64) -> String {
    format!("{number:024x}")
}

/// A request with two pieces.
pub(crate) fn request(number: u64, status: &str) -> Value {
    json!({
        "id": id(number), "request_number": format!("RET{number}"), "status": status,
        "order": { "id": 5_566_778_899_u64, "name": "#1042" },
        "customer": { "name": "Asha Example" },
        "line_items": [{
            "id": 14_500_000_000_001_u64, "quantity": 2, "reason": "Too small",
            "original_product": { "sku": "KUR-M", "title": "Kurta", "price": "799.50" },
        }],
    })
}

pub(crate) fn with_awb(number: u64, status: &str) -> Value {
    let mut request = request(number, status);
    let awb = json!([{ "awb": format!("RP-{number}"), "shipping_company": "Delhivery" }]);
    request["line_items"][0]["shipping"] = awb;
    request
}

impl World {
    /// Changes a request at the returns app, which pushes it as `control` says.
    pub(crate) async fn prime(&self, request: &Value, control: &Value) -> Answer {
        let mut body = control.clone();
        body["request"] = request.clone();
        let url = format!("{}/{PRIME}/requests", self.stack.simulator_url());
        Answer::of(self.http.post(url).json(&body)).await
    }

    /// The same, with a webhook that must be received.
    pub(crate) async fn primed(&self, request: &Value, control: &Value) {
        let answer = self.prime(request, control).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        for pushed in answer.body["pushed"].as_array().unwrap() {
            assert_eq!(pushed["body"]["status"], "QUEUED", "{answer:?}");
        }
    }

    /// The stored return order.
    pub(crate) async fn kept(&self, number: u64) -> Option<StoredReturn> {
        let table = self.table("ReturnOrdersTable").to_owned();
        let returns = ReturnOrders::new(self.dynamodb(), table);
        let client = self.demo().client_id.parse().unwrap();
        let code = format!("RET{number}").parse().unwrap();
        returns.read(&client, &code).await.unwrap()
    }

    /// Waits until a return order has this state.
    pub(crate) async fn becomes(&self, number: u64, state: ReturnOrderState) -> StoredReturn {
        let what = format!("RET{number} as {state}");
        eventually(&what, async || {
            let kept = self.kept(number).await?;
            (state_of(&kept) == state).then_some(kept)
        })
        .await
    }

    /// Waits until everything that was named was read.
    pub(crate) async fn all_read(&self) {
        eventually("an empty queue of readings", async || {
            (self.depth("ChannelReadQueue").await == 0).then_some(())
        })
        .await;
        assert_eq!(self.depth("ChannelReadDeadLetterQueue").await, 0);
    }

    /// Runs the poll once.
    pub(crate) async fn poll(&self) -> bool {
        let event = sent_by_aws(POLL).unwrap();
        self.stack.invoke(POLL, event).await.is_ok()
    }

    fn prime_fault(&self, faults: &Value) {
        let simulators = self.stack.simulators().unwrap();
        let faults = json!({ "next": faults });
        simulators.set_faults(PRIME, faults).unwrap();
    }

    /// The codes of the return orders that the main endpoint was told of.
    pub(crate) fn placed(&self) -> Vec<String> {
        let received = self.sink().received().into_iter();
        let told = received.filter(|request| request.path == "/webhooks/rms");
        let told = told.map(|request| body(&request));
        let placed = told.filter(|body| body["notificationType"] == "RETURN_ORDER_PLACED");
        placed
            .map(|body| {
                let code = &body["returnOrderInfo"]["returnOrderId"];
                code.as_str().unwrap().to_owned()
            })
            .collect()
    }
}

fn state_of(kept: &StoredReturn) -> ReturnOrderState {
    ReturnTimeline::of(&kept.order, kept.created_at, &kept.events, &[]).state
}

#[tokio::test]
async fn a_pushed_request_becomes_one_return_order_in_either_shape_however_often() {
    let world = World::start().await;
    for (number, shape) in [(1, "nested"), (2, "flat")] {
        let control = json!({ "topic": "request/approved", "shape": shape, "times": 2 });
        world.primed(&with_awb(number, "approved"), &control).await;
        let kept = world.becomes(number, ReturnOrderState::AwbAssigned).await;
        assert_eq!(kept.order.forward_order_code.as_str(), "1042");
        assert_eq!(kept.order.location_code.as_str(), "wh-1");
        let codes: Vec<_> = kept
            .order
            .items
            .iter()
            .map(|item| item.item_code.as_str())
            .collect();
        assert_eq!(codes, ["14500000000001", "14500000000001-2"]);
        assert_eq!(kept.order.awb.unwrap().as_str(), format!("RP-{number}"));
    }
    world.all_read().await;
    world.settled().await;
    let mut placed = world.placed();
    placed.sort();
    assert_eq!(placed, ["RET1", "RET2"]);
}

#[tokio::test]
async fn a_request_is_followed_to_its_end() {
    let world = World::start().await;
    let created = json!({ "topic": "request/created" });
    world.primed(&request(1, "requested"), &created).await;
    world.becomes(1, ReturnOrderState::Created).await;
    world.primed(&with_awb(1, "approved"), &json!({})).await;
    world.becomes(1, ReturnOrderState::AwbAssigned).await;
    world.primed(&with_awb(1, "received"), &json!({})).await;
    world.becomes(1, ReturnOrderState::Received).await;
    world.primed(&request(2, "approved"), &json!({})).await;
    world.becomes(2, ReturnOrderState::Created).await;
    world.primed(&request(2, "rejected"), &json!({})).await;
    world.becomes(2, ReturnOrderState::Cancelled).await;
}

#[tokio::test]
async fn a_webhook_is_not_believed_and_needs_the_token() {
    let world = World::start().await;
    let url = &world.demo().channels[PRIME].webhook_url;
    let mut other = url.clone();
    other.replace_range(other.len() - 4.., "0000");
    let forged = json!({ "request": with_awb(1, "received") });
    let send = async |url: &str, body: &Value| Answer::of(world.http.post(url).json(body)).await;
    assert_eq!(send(&other, &forged).await.status, 401);
    assert_eq!(
        send(url, &json!({ "request": { "id": "RET1" } }))
            .await
            .status,
        422
    );
    // Return Prime knows the request in another state.
    world
        .primed(&request(1, "requested"), &json!({ "push": false }))
        .await;
    assert_eq!(send(url, &forged).await.status, 200);
    let kept = world.becomes(1, ReturnOrderState::Created).await;
    assert_eq!(kept.order.awb, None);
}

#[tokio::test]
async fn a_webhook_is_durable_while_return_prime_does_not_answer() {
    let world = World::start().await;
    let down = json!({ "call": "readRequest", "kind": "status", "status": 503 });
    world.prime_fault(&json!([down]));
    let began = std::time::Instant::now();
    world.primed(&with_awb(1, "approved"), &json!({})).await;
    world.becomes(1, ReturnOrderState::AwbAssigned).await;
    assert!(began.elapsed() < std::time::Duration::from_mins(1));
    world.all_read().await;
    world.settled().await;
    assert_eq!(world.placed(), ["RET1"]);
}

#[tokio::test]
async fn the_poll_finds_what_was_never_pushed_although_pages_repeat_and_one_fails() {
    let world = World::start().await;
    let quiet = json!({ "push": false });
    for number in 1..26 {
        world.primed(&request(number, "approved"), &quiet).await;
    }
    let fine = json!({ "call": "listRequests", "kind": "slow", "delayMs": 0 });
    world.prime_fault(&json!([fine, { "call": "listRequests", "kind": "timeoutBeforeEffect" }]));
    assert!(world.poll().await);
    assert!(world.poll().await);
    for number in 1..26 {
        world.becomes(number, ReturnOrderState::Created).await;
    }
    world.all_read().await;
    world.settled().await;
    assert_eq!(world.placed().len(), 25);
    // A change of an old request that no webhook told.
    world.primed(&with_awb(7, "received"), &quiet).await;
    assert!(world.poll().await);
    world.becomes(7, ReturnOrderState::Received).await;
    world.all_read().await;
    world.settled().await;
    assert_eq!(world.placed().len(), 25);
}

#[tokio::test]
async fn a_scheduled_function_of_a_running_stack_is_fired_from_outside() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join(".local/stack.json");
    let world = World::with(local::stack::Options {
        publish: Some(path.clone()),
        ..local::stack::Options::default()
    })
    .await;
    let quiet = json!({ "push": false });
    world.primed(&request(1, "approved"), &quiet).await;
    local::stack::fire(&path, POLL).await.unwrap();
    world.becomes(1, ReturnOrderState::Created).await;
    let unknown = local::stack::fire(&path, "get-label").await;
    let told = unknown.unwrap_err().to_string();
    assert!(told.contains("channel-poll, notification-resume"), "{told}");
}
