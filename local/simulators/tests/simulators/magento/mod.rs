//! The Magento simulator over HTTP: the shop's routes, its quirks, the ways to authenticate, and the control routes.

mod admission;
mod fulfilment;
mod inventory;
mod orders;
mod traps;

use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};
use simulators::{MagentoConfig, Simulators, SimulatorsConfig, router};

use crate::serving::{bind, client, read, serve};

/// The simulators, with a shop that takes its integration's token as Bearer.
struct Running {
    simulators: Simulators,
    url: String,
}

impl Running {
    async fn start() -> Self {
        Self::with(MagentoConfig {
            access_token: "at-demo".to_owned(),
            integration_as_bearer: true,
            input_limits: true,
            ..MagentoConfig::default()
        })
        .await
    }

    async fn with(magento: MagentoConfig) -> Self {
        Self::at("http://shop.example", magento).await
    }

    /// A shop that knows itself by this URL.
    async fn at(base_url: &str, magento: MagentoConfig) -> Self {
        let (listener, url) = bind().await;
        let simulators = Simulators::new(SimulatorsConfig {
            base_url: base_url.to_owned(),
            magento,
            ..SimulatorsConfig::default()
        })
        .unwrap();
        serve(listener, router(simulators.clone()));
        Self { simulators, url }
    }

    /// A shop with this order.
    async fn selling(order: &Value) -> Self {
        let running = Self::start().await;
        running.store(&json!([order])).await;
        running
    }

    /// A shop call without credentials.
    fn bare(&self, method: Method, path: &str) -> RequestBuilder {
        let url = format!("{}/magento/rest/default/V1{path}", self.url);
        client().request(method, url)
    }

    async fn get(&self, path: &str) -> (u16, Value) {
        ask(self.bare(Method::GET, path).bearer_auth("at-demo")).await
    }

    async fn post(&self, path: &str, body: &Value) -> (u16, Value) {
        let request = self.bare(Method::POST, path).bearer_auth("at-demo");
        ask(request.json(body)).await
    }

    async fn put(&self, path: &str, body: &Value) -> (u16, Value) {
        let request = self.bare(Method::PUT, path).bearer_auth("at-demo");
        ask(request.json(body)).await
    }

    /// A control route.
    async fn control(&self, method: Method, path: &str, body: &Value) -> (u16, Value) {
        let url = format!("{}/magento{path}", self.url);
        ask(client().request(method, url).json(body)).await
    }

    async fn store(&self, orders: &Value) {
        let (status, stored) = self.control(Method::POST, "/orders", orders).await;
        assert_eq!(status, 200, "{stored}");
    }

    async fn trap(&self, traps: &Value) {
        assert_eq!(self.control(Method::PUT, "/traps", traps).await.0, 200);
    }

    /// `{order, shipments, invoices}`.
    async fn order(&self, id: u64) -> Value {
        let (status, found) = self
            .control(Method::GET, &format!("/orders/{id}"), &Value::Null)
            .await;
        assert_eq!(status, 200, "{found}");
        found
    }

    /// The ids of a search's orders.
    async fn ids(&self, query: &str) -> Vec<u64> {
        let (status, page) = self.get(&format!("/orders?{query}")).await;
        assert_eq!(status, 200, "{page}");
        let rows = page["items"].as_array().unwrap();
        rows.iter()
            .map(|row| row["entity_id"].as_u64().unwrap())
            .collect()
    }
}

async fn ask(request: RequestBuilder) -> (u16, Value) {
    read(request.send().await.unwrap()).await
}

/// An order of two simple products: two of A at 19.99, one of B at 5.
fn order(id: u64) -> Value {
    json!({
        "entity_id": id,
        "order_currency_code": "INR",
        "base_currency_code": "INR",
        "items": [
            { "item_id": 11, "sku": "A", "product_type": "simple", "qty_ordered": 2, "price": 19.99, "price_incl_tax": 23.59 },
            { "item_id": 12, "sku": "B", "product_type": "simple", "qty_ordered": 1, "price": 5, "price_incl_tax": 5.9 },
        ],
    })
}
