//! The Shipway simulator over HTTP: the documents' calls, the faults, and the ways of shipments.

mod account;
mod advance;
mod changes;
mod faults;
mod orders;
mod returns;
mod tracking;

use reqwest::{Client, RequestBuilder};
use serde_json::{Value, json};
use simulators::sink::{self, Sink};
use simulators::{PushTarget, ShipwayConfig, Simulators, SimulatorsConfig, router};

use crate::serving::{bind, client, read, serve};

const EMAIL: &str = "ops@brand.example";
const LICENSE_KEY: &str = "k3y";

/// The simulators, with a sink in place of RMS.
struct Running {
    simulators: Simulators,
    url: String,
    rms: Sink,
    client: Client,
}

impl Running {
    async fn start() -> Self {
        let (listener, url) = bind().await;
        let simulators = Simulators::new(SimulatorsConfig {
            base_url: url.clone(),
            shipway: ShipwayConfig {
                email: EMAIL.to_owned(),
                license_key: LICENSE_KEY.to_owned(),
            },
            ..SimulatorsConfig::default()
        })
        .unwrap();
        serve(listener, router(simulators.clone()));
        let running = Self {
            simulators,
            url,
            rms: Sink::default(),
            client: client(),
        };
        running.push_to_the_sink().await;
        running
    }

    async fn push_to_the_sink(&self) {
        let (listener, url) = bind().await;
        serve(listener, sink::router(self.rms.clone()));
        let target = PushTarget {
            url: format!("{url}/webhooks/a-token"),
            headers: [("x-proof".to_owned(), "given".to_owned())].into(),
        };
        self.simulators.set_push_target("shipway", target).unwrap();
    }

    /// A read call of Shipway's API.
    async fn get(&self, route: &str) -> Value {
        succeeded(self.api(self.client.get(self.at(route)))).await
    }

    /// A write call of Shipway's API.
    async fn post(&self, route: &str, body: &Value) -> Value {
        succeeded(self.posting(route, body)).await
    }

    fn posting(&self, route: &str, body: &Value) -> RequestBuilder {
        self.api(self.client.post(self.at(route))).json(body)
    }

    fn at(&self, route: &str) -> String {
        format!("{}/shipway/api/{route}", self.url)
    }

    fn api(&self, request: RequestBuilder) -> RequestBuilder {
        let _ = self;
        request.basic_auth(EMAIL, Some(LICENSE_KEY))
    }

    /// Pushes and books an order; returns its AWB.
    async fn booked(&self, order_id: &str) -> String {
        let answer = self.post("v2orders", &booking(order_id)).await;
        text(&answer["awb_response"]["AWB"])
    }

    /// The order's row in the list, if present.
    async fn row(&self, order_id: &str) -> Option<Value> {
        let found = self.get(&format!("getorders?orderid={order_id}")).await;
        found["message"].as_array().map(|rows| rows[0].clone())
    }

    async fn set_faults(&self, next: &Value) {
        let url = format!("{}/shipway/faults", self.url);
        let put = self.client.put(url).json(&json!({ "next": next }));
        assert_eq!(put.send().await.unwrap().status(), 200);
    }

    async fn advance(&self, body: Value) -> (u16, Value) {
        let url = format!("{}/shipway/advance", self.url);
        ask(self.client.post(url).json(&body)).await
    }
}

async fn ask(request: RequestBuilder) -> (u16, Value) {
    read(request.send().await.unwrap()).await
}

/// Shipway answers 200 for success and failure.
async fn succeeded(request: RequestBuilder) -> Value {
    let (status, body) = ask(request).await;
    assert_eq!(status, 200, "{body}");
    body
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

/// A valid order that is only pushed.
fn order(order_id: &str) -> Value {
    json!({
        "order_id": order_id,
        "products": [
            { "product": "Jeans", "price": "100", "product_code": "jeans-1", "product_quantity": "1" },
            { "product": "Shirt", "price": 65, "product_code": "shirt-2", "product_quantity": 2 },
        ],
        "payment_type": "P",
        "order_total": "230",
        "email": "noor@mail.example",
        "billing_firstname": "Noor",
        "billing_phone": "9000000002",
        "billing_country": "India",
        "billing_zipcode": "380001",
        "shipping_firstname": "Noor",
        "shipping_lastname": "Jahan",
        "shipping_phone": "9000000003",
        "shipping_address": "2 Example Street",
        "shipping_city": "Ahmedabad",
        "shipping_state": "Gujarat",
        "shipping_country": "India",
        "shipping_zipcode": "380001",
        "order_weight": "200",
        "box_length": "50",
        "box_breadth": "40",
        "box_height": "10",
        "order_date": "2026-03-16 12:31:02",
    })
}

/// The same, with a booking.
fn booking(order_id: &str) -> Value {
    let mut order = order(order_id);
    order["carrier_id"] = json!("7102");
    order["warehouse_id"] = json!("6201");
    order["return_warehouse_id"] = json!("6201");
    order
}

/// A valid return that is to be picked up.
fn returned(order_id: &str) -> Value {
    let mut order = order(order_id);
    order["return_order_status"] = json!("R");
    order["return_reason_id"] = json!("41012");
    order["refund_payment_id"] = json!("6");
    order["carrier_id"] = json!("7101");
    order["return_warehouse_id"] = json!("6202");
    order
}
