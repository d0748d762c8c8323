//! The shops that orders are read from: the stack's, and an equal one for the client that it is compared with, which signs nothing.

use anyhow::ensure;
use jiff::Timestamp;
use local::http_server::HttpServer;
use serde_json::{Map, Value, json};
use simulators::{MagentoConfig, Simulators, SimulatorsConfig};

/// An order in the shop's shape.
const ORDER: &str = include_str!("../../../../../docs/examples/magento-order.json");
/// How many orders are put into a shop with one request.
const AT_ONCE: usize = 500;

/// The orders with ids from 1 to this, which changed now.
pub(super) fn orders(count: usize) -> anyhow::Result<Vec<Value>> {
    let order: Map<String, Value> = serde_json::from_str(ORDER)?;
    let now = shop_time(Timestamp::now());
    let orders = (1..=count).map(|id| {
        let mut order = order.clone();
        order.insert("entity_id".to_owned(), json!(id));
        order.insert("updated_at".to_owned(), json!(now));
        Value::Object(order)
    });
    Ok(orders.collect())
}

/// A time as a shop writes it.
pub(super) fn shop_time(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M:%S").to_string()
}

/// Puts orders into a shop; `url` is that of its simulator.
pub(super) async fn sell(url: &str, orders: &[Value]) -> anyhow::Result<()> {
    let http = simulators::http_client::client()?;
    for orders in orders.chunks(AT_ONCE) {
        let request = http.post(format!("{url}/orders")).json(orders);
        let status = request.send().await?.status();
        ensure!(status == 200, "the orders were not stored: {status}");
    }
    Ok(())
}

/// A shop that accepts a token alone.
pub(super) struct OpenShop {
    pub(super) token: &'static str,
    server: HttpServer,
}

impl OpenShop {
    pub(super) async fn start() -> anyhow::Result<Self> {
        let token = "the-token-of-an-integration";
        let simulators = Simulators::new(SimulatorsConfig {
            magento: MagentoConfig {
                access_token: token.to_owned(),
                integration_as_bearer: true,
                ..MagentoConfig::default()
            },
            ..SimulatorsConfig::default()
        })?;
        let server = HttpServer::on_free_port(simulators::router(simulators)).await?;
        Ok(Self { token, server })
    }

    pub(super) fn url(&self) -> String {
        format!("{}/magento", self.server.url())
    }

    pub(super) async fn stop(self) {
        self.server.stop().await;
    }
}
