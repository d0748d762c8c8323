//! The Shipper simulator over HTTP: prices, orders, their refusals, the faults, and the pushes.

mod advance;
mod cancel;
mod faults;
mod invalid_orders;
mod orders;
mod papers;
mod prices;
mod refused_prices;

use reqwest::{Client, RequestBuilder};
use serde_json::{Value, json};
use simulators::sink::{self, Sink};
use simulators::{PushTarget, ShipperConfig, Simulators, SimulatorsConfig, router};

use crate::serving::{bind, client, read, serve};

const API_KEY: &str = "k3y";

/// The simulators, with a sink in place of RMS.
struct Running {
    simulators: Simulators,
    url: String,
    /// Where the pushes go.
    push_url: String,
    rms: Sink,
    client: Client,
}

impl Running {
    async fn start() -> Self {
        let mut running = Self::without_push_url().await;
        let (listener, url) = bind().await;
        serve(listener, sink::router(running.rms.clone()));
        running.push_url = format!("{url}/webhooks/a-token");
        let target = PushTarget {
            url: running.push_url.clone(),
            headers: [("x-proof".to_owned(), "given".to_owned())].into(),
        };
        running
            .simulators
            .set_push_target("shipper", target)
            .unwrap();
        running
    }

    async fn without_push_url() -> Self {
        let (listener, url) = bind().await;
        let simulators = Simulators::new(SimulatorsConfig {
            base_url: url.clone(),
            shipper: ShipperConfig {
                api_key: API_KEY.to_owned(),
            },
            ..SimulatorsConfig::default()
        })
        .unwrap();
        serve(listener, router(simulators.clone()));
        Self {
            simulators,
            url,
            push_url: String::new(),
            rms: Sink::default(),
            client: client(),
        }
    }

    fn at(&self, route: &str) -> String {
        format!("{}/shipper/v3/{route}", self.url)
    }

    async fn get(&self, route: &str) -> (u16, Value) {
        let request = self.client.get(self.at(route));
        ask(request.header("X-API-Key", API_KEY)).await
    }

    async fn post(&self, route: &str, body: &Value) -> (u16, Value) {
        ask(self.posting(route, body)).await
    }

    fn posting(&self, route: &str, body: &Value) -> RequestBuilder {
        let request = self.client.post(self.at(route)).json(body);
        request.header("X-API-Key", API_KEY)
    }

    /// Creates an order; returns its id.
    async fn created(&self, order: &Value) -> String {
        let (status, answer) = self.post("order", order).await;
        assert_eq!(status, 201, "{answer}");
        text(&answer["data"]["order_id"])
    }

    async fn detail(&self, order_id: &str) -> Value {
        let (status, answer) = self.get(&format!("order/{order_id}")).await;
        assert_eq!(status, 200, "{answer}");
        answer["data"].clone()
    }

    async fn cancel(&self, order_id: &str, body: &Value) -> (u16, Value) {
        let request = self.client.delete(self.at(&format!("order/{order_id}")));
        ask(request.header("X-API-Key", API_KEY).json(body)).await
    }

    async fn set_faults(&self, next: &Value) -> u16 {
        let url = format!("{}/shipper/faults", self.url);
        let put = self.client.put(url).json(&json!({ "next": next }));
        put.send().await.unwrap().status().as_u16()
    }

    async fn advance(&self, body: Value) -> (u16, Value) {
        let url = format!("{}/shipper/advance", self.url);
        ask(self.client.post(url).json(&body)).await
    }

    /// The bodies that RMS received, oldest first.
    fn pushed(&self) -> Vec<Value> {
        let received = self.rms.received();
        let bodies = received
            .iter()
            .map(|request| serde_json::from_str(&request.body));
        bodies.collect::<Result<_, _>>().unwrap()
    }
}

async fn ask(request: RequestBuilder) -> (u16, Value) {
    read(request.send().await.unwrap()).await
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

/// All messages of a refusal with the code of invalid input.
fn invalid(answer: &(u16, Value)) -> String {
    let (status, body) = answer;
    assert_eq!(*status, 400, "{body}");
    assert_eq!(body["metadata"]["http_status_code"], 400);
    assert_eq!(body["metadata"]["http_status"], "Bad Request");
    assert_eq!(body.get("data"), None);
    let errors = body["metadata"]["errors"].as_array().unwrap();
    assert!(errors.iter().all(|error| error["code"] == 10005), "{body}");
    let messages = errors.iter().map(|error| text(&error["message"]));
    messages.collect::<Vec<_>>().join("; ")
}

/// A request for prices from Jakarta to Bandung.
fn parcel() -> Value {
    json!({
        "origin": { "area_id": 30101 },
        "destination": { "area_id": 31501 },
        "for_order": true,
        "cod": false,
        "length": 10,
        "width": 10,
        "height": 10,
        "weight": 0.18,
        "item_value": 120_000,
    })
}

/// A valid order from Jakarta to Bandung.
fn order(external_id: &str) -> Value {
    json!({
        "consignee": { "name": "Sari", "phone_number": "6281200000001" },
        "consigner": { "name": "Toko Contoh", "phone_number": "081200000002" },
        "courier": { "rate_id": 1, "cod": false, "use_insurance": false },
        "coverage": "domestic",
        "destination": { "address": "Jl. Contoh No. 2", "area_id": 31501 },
        "origin": { "address": "Jl. Gudang (Blok A), No. 1", "area_id": 30101 },
        "external_id": external_id,
        "package": {
            "height": 10,
            "length": 30,
            "width": 20,
            "weight": 1.1231,
            "price": 120_000,
            "package_type": 2,
            "items": [
                { "name": "Kemeja", "price": 40_000, "qty": 2 },
                { "name": "Celana", "price": 40_000, "qty": 1 },
            ],
        },
        "payment_type": "postpay",
    })
}

/// The value with another one at the pointer; `null` is a field that is missing.
fn with(mut value: Value, pointer: &str, other: Value) -> Value {
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    value.pointer_mut(parent).unwrap()[name] = other;
    value
}
