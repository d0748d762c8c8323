//! Simulators of the aggregators, of Return Prime, and of a Magento and a Shopify shop: HTTP services that follow each vendor's documents, below
//! `/<alias>/`. And a simulator of the client's system: the [`sink`].
//!
//! All of them have the same control routes for tests:
//!
//! | route | |
//! |---|---|
//! | `GET /<alias>/calls` | the vendor calls received, in order |
//! | `PUT /<alias>/faults` | the faults of the next calls; see [`faults`] |
//! | `POST /<alias>/advance` | pushes a shipment's notifications up to a state; see [`journey`] |
//!
//! `PUT` and `GET /exchanges` record calls with their answers; see [`exchanges`].
//!
//! They were written from the documents alone: this crate does not depend on the product's, so that a misreading shows as a
//! disagreement. State is in memory; nothing is pushed without a request.
//!
//! To add a vendor: add a folder with its routes on a [`desk::Desk`], and its lines in [`SimulatorsConfig`] and
//! [`Simulators::new`].

mod calls;
mod clickpost;
mod clock;
mod connection;
mod control;
mod desk;
mod exchanges;
mod faults;
pub mod http_client;
mod journey;
mod label;
mod magento;
mod magic;
mod push;
mod return_prime;
mod shipper;
mod shiprocket;
mod shipway;
mod shopify;
pub mod sink;
mod ways;

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Router;
use axum::middleware::from_fn_with_state;
use futures::future::BoxFuture;
use serde_json::Value;

pub use calls::Call;
pub use clickpost::ClickpostConfig;
pub use magento::MagentoConfig;
pub use magic::MagicConfig;
pub use push::PushTarget;
pub use return_prime::ReturnPrimeConfig;
pub use shipper::ShipperConfig;
pub use shiprocket::ShiprocketConfig;
pub use shipway::ShipwayConfig;
pub use shopify::ShopifyConfig;

use clickpost::Clickpost;
use control::AdvanceRefusal;
use desk::Desk;
use exchanges::Exchanges;
use journey::Advance;
use magento::Magento;
use magic::Magic;
use push::Pusher;
use return_prime::ReturnPrime;
use shipper::Shipper;
use shiprocket::Shiprocket;
use shipway::Shipway;
use shopify::Shopify;

/// The configuration of the simulators.
#[derive(Default)]
pub struct SimulatorsConfig {
    /// The absolute URL of the simulators, used in links to labels. For example `http://127.0.0.1:4010`.
    pub base_url: String,
    /// The RMS Magic aggregator.
    pub magic: MagicConfig,
    /// Clickpost.
    pub clickpost: ClickpostConfig,
    /// Shiprocket.
    pub shiprocket: ShiprocketConfig,
    /// Shipway.
    pub shipway: ShipwayConfig,
    /// Return Prime.
    pub return_prime: ReturnPrimeConfig,
    /// Shipper.
    pub shipper: ShipperConfig,
    /// The Magento shop.
    pub magento: MagentoConfig,
    /// The Shopify shop.
    pub shopify: ShopifyConfig,
}

/// One simulator.
trait Vendor: Send + Sync {
    fn desk(&self) -> &Desk;

    /// Pushes a shipment's notifications up to a state, in one of the vendor's dialects.
    fn advance<'a>(
        &'a self,
        awb: &'a str,
        to: &'a str,
        dialect: Option<&'a str>,
    ) -> BoxFuture<'a, Result<Advance, AdvanceRefusal>>;

    /// The vendor's routes.
    fn routes(self: Arc<Self>) -> Router;
}

/// All simulators; clones share their state.
#[derive(Clone)]
pub struct Simulators {
    vendors: Arc<BTreeMap<&'static str, Arc<dyn Vendor>>>,
}

/// There is no simulator with this alias.
#[derive(Debug, thiserror::Error)]
#[error("unknown simulator {0:?}")]
pub struct UnknownSimulator(pub String);

impl Simulators {
    /// Creates the simulators; fails only if no HTTP client can be built.
    pub fn new(config: SimulatorsConfig) -> anyhow::Result<Self> {
        let url = config.base_url.trim_end_matches('/');
        let client = http_client::client()?;
        let pusher = || Pusher::new(client.clone());
        let vendors: [(&'static str, Arc<dyn Vendor>); 8] = [
            (
                magic::ALIAS,
                Arc::new(Magic::new(url, config.magic, pusher())),
            ),
            (
                clickpost::ALIAS,
                Arc::new(Clickpost::new(url, config.clickpost, pusher())),
            ),
            (
                shiprocket::ALIAS,
                Arc::new(Shiprocket::new(url, config.shiprocket, pusher())),
            ),
            (
                shipway::ALIAS,
                Arc::new(Shipway::new(url, config.shipway, pusher())),
            ),
            (
                return_prime::ALIAS,
                Arc::new(ReturnPrime::new(config.return_prime, pusher())),
            ),
            (
                shipper::ALIAS,
                Arc::new(Shipper::new(url, config.shipper, pusher())),
            ),
            (
                magento::ALIAS,
                Arc::new(Magento::new(url, config.magento, pusher())),
            ),
            (
                shopify::ALIAS,
                Arc::new(Shopify::new(config.shopify, pusher())),
            ),
        ];
        Ok(Self {
            vendors: Arc::new(vendors.into()),
        })
    }

    /// Sets the target to which `advance` pushes.
    pub fn set_push_target(&self, alias: &str, target: PushTarget) -> Result<(), UnknownSimulator> {
        self.vendor(alias)?.desk().pusher.set_target(target);
        Ok(())
    }

    /// The vendor calls that the simulator received, in order.
    pub fn calls(&self, alias: &str) -> Result<Vec<Call>, UnknownSimulator> {
        Ok(self.vendor(alias)?.desk().calls.all())
    }

    /// Replaces the faults of the next calls; the body is that of `PUT /<alias>/faults`.
    pub fn set_faults(&self, alias: &str, body: Value) -> anyhow::Result<()> {
        let desk = self.vendor(alias)?.desk();
        desk.faults.replace(serde_json::from_value(body)?)?;
        Ok(())
    }

    fn vendor(&self, alias: &str) -> Result<&Arc<dyn Vendor>, UnknownSimulator> {
        let vendor = self.vendors.get(alias);
        vendor.ok_or_else(|| UnknownSimulator(alias.to_owned()))
    }

    async fn advance(
        &self,
        alias: &str,
        awb: &str,
        to: &str,
        dialect: Option<&str>,
    ) -> Result<Advance, AdvanceRefusal> {
        self.vendor(alias)?.advance(awb, to, dialect).await
    }
}

/// All simulators as one HTTP service.
pub fn router(simulators: Simulators) -> Router {
    let vendors = simulators.vendors.values();
    let routes: Vec<Router> = vendors.map(|vendor| Arc::clone(vendor).routes()).collect();
    let control = control::routes().with_state(simulators);
    let exchanges = Exchanges::default();
    let all = routes.into_iter().fold(control, Router::merge);
    all.merge(exchanges::routes(exchanges.clone()))
        .layer(from_fn_with_state(exchanges, exchanges::record))
}
