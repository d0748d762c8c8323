//! The Shiprocket simulator over HTTP: the documented calls and their peculiarities, the faults, and the webhook.

mod abroad;
mod advance;
mod assignment;
mod cancellation;
mod creation;
mod exchange;
mod faults;
mod reads;
mod serviceability;
mod sessions;

use reqwest::{Client, Method, RequestBuilder};
use serde_json::{Value, json};
use simulators::sink::{self, Sink};
use simulators::{PushTarget, ShiprocketConfig, Simulators, SimulatorsConfig, router};

use crate::serving::{bind, client, read, serve};

/// The simulators, with a sink in place of RMS, and a token.
struct Running {
    simulators: Simulators,
    url: String,
    rms: Sink,
    client: Client,
    token: String,
}

/// The ids of an order.
struct Order {
    id: u64,
    shipment_id: u64,
}

impl Running {
    async fn start() -> Self {
        let (listener, url) = bind().await;
        let simulators = Simulators::new(SimulatorsConfig {
            base_url: url.clone(),
            shiprocket: ShiprocketConfig {
                email: "api@brand.example".to_owned(),
                password: "correct horse".to_owned(),
            },
            ..SimulatorsConfig::default()
        })
        .unwrap();
        serve(listener, router(simulators.clone()));
        let mut running = Self {
            simulators,
            url,
            rms: Sink::default(),
            client: client(),
            token: String::new(),
        };
        running.push_to_the_sink().await;
        running.token = running.log_in().await;
        running
    }

    async fn push_to_the_sink(&self) {
        let (listener, url) = bind().await;
        serve(listener, sink::router(self.rms.clone()));
        let target = PushTarget {
            url: format!("{url}/notification/push/a-token"),
            headers: [("x-api-key".to_owned(), "webhook-key".to_owned())].into(),
        };
        self.simulators
            .set_push_target("shiprocket", target)
            .unwrap();
    }

    async fn log_in(&self) -> String {
        let who = json!({ "email": "api@brand.example", "password": "correct horse" });
        let (status, body) = self.post("auth/login", &who).await;
        assert_eq!(status, 200, "{body}");
        text(&body["token"])
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let url = format!("{}/shiprocket/v1/external/{path}", self.url);
        self.client.request(method, url).bearer_auth(&self.token)
    }

    async fn get(&self, path: &str) -> (u16, Value) {
        ask(self.request(Method::GET, path)).await
    }

    async fn post(&self, path: &str, body: &Value) -> (u16, Value) {
        ask(self.request(Method::POST, path).json(body)).await
    }

    /// A control route.
    async fn control(&self, method: Method, path: &str, body: &Value) -> (u16, Value) {
        let url = format!("{}/shiprocket/{path}", self.url);
        let answer = self.client.request(method, url).json(body).send().await;
        read(answer.unwrap()).await
    }

    async fn make(&self, path: &str, body: &Value) -> Order {
        let (status, order) = self.post(path, body).await;
        assert_eq!(status, 200, "{order}");
        Order {
            id: order["order_id"].as_u64().unwrap(),
            shipment_id: order["shipment_id"].as_u64().unwrap(),
        }
    }

    async fn forward_order(&self, order_id: &str) -> Order {
        self.make("orders/create/adhoc", &forward(order_id)).await
    }

    async fn return_order(&self, order_id: &str) -> Order {
        self.make("orders/create/return", &returned(order_id)).await
    }

    async fn assign(&self, order: &Order, courier_id: u64) -> (u16, Value) {
        let body = json!({ "shipment_id": order.shipment_id, "courier_id": courier_id });
        self.post("courier/assign/awb", &body).await
    }

    async fn label(&self, order: &Order) -> (u16, Value) {
        let body = json!({ "shipment_id": [order.shipment_id] });
        self.post("courier/generate/label", &body).await
    }

    /// An AWB for a forward shipment.
    async fn forward_awb(&self, order_id: &str) -> String {
        let order = self.forward_order(order_id).await;
        awb_of(&self.assign(&order, 43).await.1)
    }

    async fn return_awb(&self, order_id: &str) -> String {
        let order = self.return_order(order_id).await;
        let body = json!({ "shipment_id": order.shipment_id, "courier_id": 81, "is_return": 1 });
        awb_of(&self.post("courier/assign/awb", &body).await.1)
    }

    /// Number of orders.
    async fn count_orders(&self) -> u64 {
        let (_, orders) = self.get("orders").await;
        orders["meta"]["pagination"]["total"].as_u64().unwrap()
    }
}

/// The status and the body; an empty one is null.
async fn ask(request: RequestBuilder) -> (u16, Value) {
    let answer = request.send().await.unwrap();
    let status = answer.status().as_u16();
    let body = answer.bytes().await.unwrap();
    let read = (!body.is_empty()).then(|| serde_json::from_slice(&body).unwrap());
    (status, read.unwrap_or_default())
}

fn awb_of(assigned: &Value) -> String {
    assert_eq!(assigned["awb_assign_status"], 1, "{assigned}");
    text(&assigned["response"]["data"]["awb_code"])
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

/// A valid forward order.
fn forward(order_id: &str) -> Value {
    json!({
        "order_id": order_id,
        "order_date": "2025-03-16 12:31",
        "pickup_location": "Primary",
        "billing_customer_name": "Noor",
        "billing_address": "1 Example Street",
        "billing_city": "Ahmedabad",
        "billing_pincode": 380_015,
        "billing_state": "Gujarat",
        "billing_country": "India",
        "billing_email": "noor@example.com",
        "billing_phone": "9000000002",
        "shipping_is_billing": true,
        "order_items": [
            { "name": "Jeans", "sku": "jeans-1", "units": 1, "selling_price": "100" },
            { "name": "Shirt", "sku": "shirt-2", "units": 2, "selling_price": 65.0 },
        ],
        "payment_method": "Prepaid",
        "sub_total": 230,
        "length": 50,
        "breadth": 40,
        "height": 10,
        "weight": 0.2,
    })
}

/// A valid return.
fn returned(order_id: &str) -> Value {
    json!({
        "order_id": order_id,
        "order_date": "2025-03-16",
        "pickup_customer_name": "Noor",
        "pickup_address": "1 Example Street",
        "pickup_city": "Ahmedabad",
        "pickup_state": "Gujarat",
        "pickup_country": "India",
        "pickup_pincode": "380015",
        "pickup_email": "noor@example.com",
        "pickup_phone": "9000000002",
        "shipping_customer_name": "Asha",
        "shipping_address": "2 Example Street",
        "shipping_city": "Bengaluru",
        "shipping_country": "India",
        "shipping_pincode": 560_048,
        "shipping_state": "Karnataka",
        "shipping_phone": "9000000001",
        "order_items": [{ "name": "Jeans", "sku": "jeans-1", "units": 1, "selling_price": 100 }],
        "payment_method": "PREPAID",
        "sub_total": 100,
        "length": 11,
        "breadth": 11,
        "height": 11,
        "weight": 0.5,
    })
}
