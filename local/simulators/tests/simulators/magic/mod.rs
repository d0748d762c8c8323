//! The RMS Magic simulator over HTTP: the documents' calls, the faults, and the ways of shipments.

mod advance;
mod calls;
mod faults;
mod label;

use reqwest::{Client, RequestBuilder, Response};
use serde_json::{Value, json};
use simulators::sink::{self, Sink};
use simulators::{MagicConfig, PushTarget, Simulators, SimulatorsConfig, router};

use crate::serving::{bind, client, read, serve};

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
            magic: MagicConfig {
                auth_domain_name: Some("brand.example".to_owned()),
                auth_username: "rms".to_owned(),
                auth_password: "correct horse".to_owned(),
                ..MagicConfig::default()
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
            url: format!("{url}/rms-magic/notification/push"),
            headers: [("authUsername".to_owned(), "magic-push".to_owned())].into(),
        };
        self.simulators.set_push_target("magic", target).unwrap();
    }

    fn get(&self, path: &str) -> RequestBuilder {
        authenticated(self.client.get(format!("{}{path}", self.url)))
    }

    fn post(&self, path: &str, body: &Value) -> RequestBuilder {
        let post = self.client.post(format!("{}{path}", self.url));
        authenticated(post).json(body)
    }

    fn generate(&self, order_number: &str) -> RequestBuilder {
        self.post("/magic/generate-shipping-label", &forward(order_number))
    }

    /// An AWB for a forward shipment.
    async fn forward_awb(&self, order_number: &str) -> String {
        let (status, label) = ask(self.generate(order_number)).await;
        assert_eq!(status, 200, "{label}");
        label["awb"].as_str().unwrap().to_owned()
    }

    async fn set_faults(&self, next: &Value) -> Response {
        let url = format!("{}/magic/faults", self.url);
        let put = self
            .client
            .put(url)
            .body(json!({ "next": next }).to_string());
        put.send().await.unwrap()
    }

    async fn advance(&self, awb: &str, to: &str) -> (u16, Value) {
        ask(self.post("/magic/advance", &json!({ "awb": awb, "to": to }))).await
    }

    /// Whether an order with this number was created.
    async fn has_order(&self, order_number: &str) -> bool {
        let path = format!("/magic/get-shipping-label?orderNumber={order_number}");
        ask(self.get(&path)).await.0 == 200
    }
}

fn authenticated(request: RequestBuilder) -> RequestBuilder {
    request
        .header("authDomainName", "brand.example")
        .header("authUsername", "rms")
        .header("authPassword", "correct horse")
}

async fn ask(request: RequestBuilder) -> (u16, Value) {
    read(request.send().await.unwrap()).await
}

/// A valid label request.
fn forward(order_number: &str) -> Value {
    json!({
        "pickupAddress": address("Asha", "Bengaluru"),
        "dropAddress": address("Noor", "Ahmedabad"),
        "orderDetails": {
            "orderNumber": order_number,
            "paymentType": "PREPAID",
            "orderAmount": 230,
            "orderDate": "2025-03-16T12:31:02+05:30",
            "shipmentType": "FORWARD",
            "orderLineItems": [
                { "name": "Jeans", "sku": "jeans-1", "sellingPricePerUnit": 100, "quantity": 1 },
                { "name": "Shirt", "sku": "shirt-2", "sellingPricePerUnit": 65.0, "quantity": 2 },
            ],
        },
        "shipmentDimension": { "length": 50, "breadth": 40, "height": 10, "weight": 200 },
        "courierId": 1002,
        "warehouseCode": "wh-1",
    })
}

/// A valid request for a return AWB.
fn returned(order_number: &str) -> Value {
    let mut request = forward(order_number);
    request["orderDetails"]["shipmentType"] = json!("RETURN");
    request["returnReason"] = json!("Wrong product");
    request
}

fn address(first_name: &str, city: &str) -> Value {
    json!({
        "firstName": first_name,
        "addressLine1": "1 Example Street",
        "city": city,
        "state": "Some State",
        "zip": "560102",
        "country": "India",
    })
}
