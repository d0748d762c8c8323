//! The handler with an event as AWS sends it, on real tables, with the simulator of a shop.

mod concurrent;
mod documents;
mod lost_answers;
mod status;
mod traps;

use std::time::Duration;

use channel_changes::{App, handle};
use lambda_http::{Body, Response, request};
use local::handler_world::{HandlerWorld, HttpEvent};
use logistics::flows::channelling::change_order::Waits;
use serde_json::{Value, json};

use crate::answer::{json, text};

/// The demo's shop.
const SHOP: &str = "magento";

/// Waits that a test can afford.
const SHORT: Waits = Waits {
    whole: Duration::from_secs(3),
    settles_within: Duration::from_millis(400),
    between_looks: Duration::from_millis(50),
    least_for_sending: Duration::from_millis(500),
    before_cancelling_again: Duration::from_millis(10),
};

struct Changing {
    world: HandlerWorld,
    app: App,
    event: HttpEvent,
}

impl Changing {
    async fn start() -> Self {
        Self::waiting(SHORT).await
    }

    async fn waiting(waits: Waits) -> Self {
        let world = HandlerWorld::start().await.unwrap();
        let event = HttpEvent::of("channel-changes").unwrap();
        world.admit(&event).await.unwrap();
        let mut app = App::new(&world.start_of("channel-changes").unwrap()).unwrap();
        assert_eq!(app.changes.waits, Waits::USUAL);
        app.changes.waits = waits;
        Self { world, app, event }
    }

    async fn control(&self, method: &str, path: &str, body: &Value) -> Value {
        let base = &self.world.demo.channels[SHOP].base_url;
        let http = simulators::http_client::client().unwrap();
        let method = method.parse().unwrap();
        let request = http.request(method, format!("{base}/{path}"));
        let answer = request.body(body.to_string()).send().await.unwrap();
        assert!(answer.status().is_success(), "{path}: {}", answer.status());
        let text = answer.text().await.unwrap();
        serde_json::from_str(&text).unwrap_or_default()
    }

    async fn sell(&self, order: &Value) {
        self.control("POST", "orders", &json!([order])).await;
    }

    async fn trap(&self, traps: &Value) {
        self.control("PUT", "traps", traps).await;
    }

    fn fault(&self, faults: &Value) {
        let faults = json!({ "next": faults });
        self.world.simulators.set_faults(SHOP, faults).unwrap();
    }

    /// What the shop has: `{order, shipments, invoices}`.
    async fn shop(&self, id: u64) -> Value {
        self.control("GET", &format!("orders/{id}"), &Value::Null)
            .await
    }

    /// Number of shipments or invoices that the shop has of an order.
    async fn count(&self, id: u64, list: &str) -> usize {
        self.shop(id).await[list].as_array().unwrap().len()
    }

    /// Number of comments that the shop has of an order.
    async fn comments(&self, id: u64) -> usize {
        let comments = &self.shop(id).await["order"]["status_histories"];
        comments.as_array().map_or(0, Vec::len)
    }

    /// The paths of the calls that change something, after `/V1`.
    fn sent(&self) -> Vec<String> {
        let calls = self.world.simulators.calls(SHOP).unwrap().into_iter();
        let calls = calls.filter(|call| call.method != "GET");
        let path = |path: &str| path.split_once("/V1").unwrap().1.to_owned();
        calls.map(|call| path(&call.path)).collect()
    }

    async fn ask(&self, method: &str, path: &str, ids: &[(&str, &str)]) -> Response<Body> {
        self.send(self.asking(method, path, ids)).await
    }

    fn asking(&self, method: &str, path: &str, ids: &[(&str, &str)]) -> HttpEvent {
        let event = self.event.clone().without_path_parameters();
        let mut event = event.asking(method, &format!("/channels/{SHOP}/{path}"), "");
        for (name, value) in [("alias", SHOP)].iter().chain(ids) {
            event = event.with_path_parameter(name, value);
        }
        event
    }

    async fn send(&self, event: HttpEvent) -> Response<Body> {
        handle(&self.app, request::from_str(&event.to_string()).unwrap()).await
    }

    async fn of_order(&self, method: &str, id: u64, what: &str) -> Response<Body> {
        let id = id.to_string();
        let path = format!("orders/{id}/{what}");
        self.ask(method, &path, &[("channelOrderId", &id)]).await
    }

    async fn post(&self, id: u64, what: &str, body: &Value) -> Response<Body> {
        let id = id.to_string();
        let path = format!("orders/{id}/{what}");
        let event = self.asking("POST", &path, &[("channelOrderId", &id)]);
        self.send(event.with_body(body)).await
    }
}

/// An order with three pieces of one article, item `10 * id + 1`, and one of another, item `10 * id + 2`.
fn order(id: u64) -> Value {
    let item = |index: u64, ordered: u64| {
        json!({
            "item_id": id * 10 + index, "product_type": "simple", "sku": format!("SKU-{index}"), "name": "Shirt",
            "qty_ordered": ordered, "price": 10, "price_incl_tax": 10,
        })
    };
    json!({
        "entity_id": id, "increment_id": format!("{id:09}"), "created_at": "2026-11-01 08:00:00",
        "order_currency_code": "INR", "grand_total": 40, "status": "pending", "state": "new",
        "items": [item(1, 3), item(2, 1)],
    })
}

fn tracks(number: &str) -> Value {
    json!([{ "trackNumber": number, "carrierCode": "custom", "title": "Blue Dart" }])
}

/// A shipment of some pieces of the first article.
fn pieces(id: u64, quantity: u64) -> Value {
    json!({
        "items": [{ "itemId": (id * 10 + 1).to_string(), "quantity": quantity }], "tracks": tracks("AWB-1"),
    })
}

fn kind(answer: &Response<Body>) -> (u16, String) {
    let body = json(answer);
    let kind = body["type"].as_str().unwrap_or_else(|| panic!("{body}"));
    let kind = kind.rsplit('#').next().unwrap().to_owned();
    (answer.status().as_u16(), kind)
}

fn problem(status: u16, slug: &str) -> (u16, String) {
    (status, slug.to_owned())
}

fn is_replayed(answer: &Response<Body>) -> bool {
    let header = answer.headers().get("idempotent-replayed");
    header.is_some_and(|header| header == "true")
}

fn pointers(answer: &Response<Body>) -> Vec<String> {
    assert_eq!(kind(answer), problem(422, "invalid-request"));
    let body = json(answer);
    let errors = body["errors"].as_array().unwrap().iter();
    errors
        .map(|error| error["pointer"].as_str().unwrap().to_owned())
        .collect()
}

/// The words of a shop that refused.
fn refusal(answer: &Response<Body>) -> String {
    assert_eq!(kind(answer), problem(422, "refused-by-channel"));
    let body = json(answer);
    assert_eq!(body["channel"]["name"], "MAGENTO");
    body["channel"]["message"].as_str().unwrap().to_owned()
}
