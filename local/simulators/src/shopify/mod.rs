//! A Shopify shop: its webhooks of orders. Nothing calls it, so it has no calls and no faults.
//!
//! `POST /shopify/orders` sends a webhook, signed with the secret of the shop's app; see [`order`] and [`hook`].

mod hook;
mod order;

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use futures::future::BoxFuture;

use crate::Vendor;
use crate::control::AdvanceRefusal;
use crate::desk::Desk;
use crate::journey::Advance;
use crate::push::Pusher;

pub(super) const ALIAS: &str = "shopify";

/// The shop and its app.
#[derive(Default)]
pub struct ShopifyConfig {
    /// The app's client secret, which signs webhooks.
    pub client_secret: String,
    /// The shop's own domain, such as `brand.myshopify.com`.
    pub shop_domain: String,
}

/// The simulator.
pub(super) struct Shopify {
    desk: Desk,
    config: ShopifyConfig,
}

impl Shopify {
    pub(super) fn new(config: ShopifyConfig, pusher: Pusher) -> Self {
        Self {
            desk: Desk::new(&[], pusher),
            config,
        }
    }
}

impl Vendor for Shopify {
    fn desk(&self) -> &Desk {
        &self.desk
    }

    /// A shop has no shipments under way: the carrier's aggregator pushes their states.
    fn advance<'a>(
        &'a self,
        awb: &'a str,
        _to: &'a str,
        _dialect: Option<&'a str>,
    ) -> BoxFuture<'a, Result<Advance, AdvanceRefusal>> {
        Box::pin(async move { Err(AdvanceRefusal::UnknownAwb(awb.to_owned())) })
    }

    fn routes(self: Arc<Self>) -> Router {
        Router::new()
            .route("/shopify/orders", post(send_order))
            .with_state(self)
    }
}

async fn send_order(State(shop): State<Arc<Shopify>>, body: Bytes) -> Response {
    match hook::send(&shop, &body).await {
        Ok(sent) => sent.into_response(),
        Err(refusal) => refusal.into_response(),
    }
}
