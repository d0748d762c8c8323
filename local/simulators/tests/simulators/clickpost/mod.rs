//! The Clickpost simulator over HTTP: the vendor's calls, codes and peculiarities, the faults, and the webhooks.

mod advance;
mod bad_input;
mod calls;
mod cancel;
mod create;
mod faults;
mod predict;
mod queue;
mod recommend;
mod track;

use reqwest::{Client, RequestBuilder};
use serde_json::{Value, json};
use simulators::sink::{self, Sink};
use simulators::{ClickpostConfig, PushTarget, Simulators, SimulatorsConfig, router};

use crate::serving::{bind, client, read, serve};

const CREDENTIALS: &str = "username=brand&key=correct-horse";

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
            clickpost: ClickpostConfig {
                username: "brand".to_owned(),
                key: "correct-horse".to_owned(),
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
            url: format!("{url}/notifications"),
            headers: [("webhook_key".to_owned(), "push-secret".to_owned())].into(),
        };
        self.simulators
            .set_push_target("clickpost", target)
            .unwrap();
    }

    /// A URL below the vendor's `/api`, with the credentials.
    fn api(&self, path: &str) -> String {
        let mark = if path.contains('?') { '&' } else { '?' };
        format!("{}/clickpost/api{path}{mark}{CREDENTIALS}", self.url)
    }

    async fn get(&self, path: &str) -> (u16, Value) {
        ask(self.client.get(self.api(path))).await
    }

    async fn post(&self, path: &str, body: &Value) -> (u16, Value) {
        ask(self.client.post(self.api(path)).json(body)).await
    }

    fn creation(&self, body: &Value) -> RequestBuilder {
        self.client.post(self.api("/v3/create-order/")).json(body)
    }

    async fn create(&self, body: &Value) -> (u16, Value) {
        ask(self.creation(body)).await
    }

    async fn create_abroad(&self, body: &Value) -> (u16, Value) {
        self.post("/v4/create-order/", body).await
    }

    /// The AWB of an order that is created at once.
    async fn awb(&self, body: &Value) -> String {
        let (_, answer) = self.create(body).await;
        assert_eq!(answer["meta"]["status"], 200, "{answer}");
        text(&answer["result"]["waybill"])
    }

    async fn set_faults(&self, next: &Value) -> (u16, Value) {
        let url = format!("{}/clickpost/faults", self.url);
        ask(self.client.put(url).json(&json!({ "next": next }))).await
    }

    async fn advance(&self, awb: &str, to: &str) -> (u16, Value) {
        self.advance_by(&json!({ "awb": awb, "to": to })).await
    }

    async fn advance_in(&self, dialect: &str, awb: &str, to: &str) -> (u16, Value) {
        self.advance_by(&json!({ "awb": awb, "to": to, "dialect": dialect }))
            .await
    }

    async fn advance_by(&self, body: &Value) -> (u16, Value) {
        let url = format!("{}/clickpost/advance", self.url);
        ask(self.client.post(url).json(body)).await
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

/// A valid order for India, with Delhivery.
fn forward(reference_number: &str) -> Value {
    json!({
        "pickup_info": {
            "pickup_name": "Central warehouse",
            "pickup_phone": "9000000001",
            "email": "warehouse@brand.example",
            "pickup_address": "1 Example Street",
            "pickup_city": "Bengaluru",
            "pickup_state": "Karnataka",
            "pickup_pincode": "560102",
            "pickup_country": "IN",
            "pickup_time": "2025-03-01T19:00:00Z",
            "tin": "29EXAMPLE0000Z1",
        },
        "drop_info": {
            "drop_name": "Noor",
            "drop_phone": 9_000_000_002_u64,
            "drop_address": "2 Example Road",
            "drop_city": "Ahmedabad",
            "drop_state": "Gujarat",
            "drop_pincode": "380001",
            "drop_country": "IN",
        },
        "shipment_details": {
            "order_type": "PREPAID",
            "delivery_type": "FORWARD",
            "cod_value": 0,
            "invoice_value": 230.5,
            "invoice_number": "INV-1",
            "invoice_date": "2025-02-27",
            "courier_partner": 4,
            "account_code": "delhivery-surface",
            "reference_number": reference_number,
            "order_id": "ORDER-1",
            "weight": 200,
            "length": 50,
            "breadth": 40,
            "height": 10,
            "items": [
                { "sku": "jeans-1", "description": "Jeans", "quantity": 1, "price": 100 },
                { "sku": "shirt-2", "description": "Shirt", "quantity": 2, "price": 65.25 },
            ],
        },
        "additional": { "async": false, "label": true },
    })
}

/// The same with another courier and its only account.
fn forward_with(courier: i64, reference_number: &str) -> Value {
    let mut order = forward(reference_number);
    order["shipment_details"]["courier_partner"] = json!(courier);
    order["shipment_details"]["account_code"] = Value::Null;
    order
}

/// A valid order for a return, with Delhivery.
fn returned(reference_number: &str) -> Value {
    let mut order = forward_with(25, reference_number);
    order["pickup_info"]["tin"] = Value::Null;
    order["shipment_details"]["delivery_type"] = json!("RVP");
    order["shipment_details"]["rvp_reason"] = json!("Too small");
    order
}

/// A valid international order, with Naqel.
fn abroad(reference_number: &str) -> Value {
    let mut order = forward_with(138, reference_number);
    order["shipment_details"]["currency_code"] = json!("SAR");
    order["pickup_info"] = json!({
        "name": "Gulf warehouse",
        "phone": "40000001",
        "phone_code": "+971",
        "email": "gulf@brand.example",
        "address": "Unit 3",
        "city": "Dubai",
        "state": "",
        "postal_code": "Example Quarter",
        "country_code": "AE",
        "time": "2025-08-17T07:23:07",
    });
    order["drop_info"] = json!({
        "name": "Layla",
        "phone": "50000002",
        "phone_code": "+966",
        "address": "4 Example Lane",
        "city": "Riyadh",
        "state": "",
        "postal_code": "Example District",
        "country_code": "SA",
    });
    order
}
