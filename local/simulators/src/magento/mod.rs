//! Magento 2 (Adobe Commerce), a shop. Its REST routes are below `/magento/rest/{storeCode}/V1`; see [`route`].
//!
//! | control route | |
//! |---|---|
//! | `POST /magento/orders` | stores a list of orders in Magento's own shape, replacing those with the same `entity_id` |
//! | `GET /magento/orders/{entityId}` | `{order, shipments, invoices}` |
//! | `PUT /magento/stock` | `{items: [{sku, sourceCode, quantity}]}` |
//! | `PUT /magento/traps` | the quirks that are on; see [`traps`] |
//! | `POST /magento/expire-tokens` | ends all admin tokens |
//!
//! Adobe's cloud service is the same shop below `/magento/cloud/{tenant}/V1`; see [`cloud`].

mod admission;
mod cloud;
mod fulfilment;
mod inventory;
mod invoices;
mod items;
mod keys;
mod oauth;
mod orders;
mod projection;
mod refusal;
mod route;
mod search;
mod setup;
mod shipments;
mod shop;
mod traps;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get, post, put};
use futures::future::BoxFuture;
use serde_json::Value;

use crate::Vendor;
use crate::calls::VendorRequest;
use crate::clock;
use crate::control::AdvanceRefusal;
use crate::desk::Desk;
use crate::journey::Advance;
use crate::push::Pusher;
use admission::Admission;
use refusal::Refusal;
use route::Route;
use shop::Shop;

pub(super) const ALIAS: &str = "magento";

const CALLS: &[&str] = &[
    "listOrders",
    "getOrder",
    "comment",
    "cancel",
    "createInvoice",
    "listInvoices",
    "createShipment",
    "ship",
    "getShipment",
    "sourceItems",
    "stockItem",
];

/// The credentials that the shop knows. With an empty value every call is refused.
#[derive(Default)]
pub struct MagentoConfig {
    /// OAuth 1.0a: the integration's consumer key.
    pub consumer_key: String,
    /// OAuth 1.0a: the secret of the consumer key.
    pub consumer_secret: String,
    /// The integration's access token.
    pub access_token: String,
    /// OAuth 1.0a: the secret of the access token.
    pub access_token_secret: String,
    /// The shop's setting `oauth/consumer/enable_integration_as_bearer`: the access token alone is enough.
    pub integration_as_bearer: bool,
    /// The admin's user name.
    pub username: String,
    /// The admin's password.
    pub password: String,
    /// Adobe's cloud service: the client ID.
    pub client_id: String,
    /// Adobe's cloud service: the secret of the client ID.
    pub client_secret: String,
    /// Adobe's cloud service: the organization ID.
    pub organization_id: String,
    /// The shop's setting `webapi/validation/input_limit_enabled`, which shops do not have by default: 20 rows in a page unless
    /// it says otherwise, 300 at most, 20 source items in a call.
    pub input_limits: bool,
    /// ACL resources that are denied to every caller, for example `Magento_Sales::cancel`.
    pub missing_rights: Vec<String>,
}

/// The simulator.
pub(super) struct Magento {
    desk: Desk,
    config: MagentoConfig,
    base_url: String,
    shop: Mutex<Shop>,
    admission: Mutex<Admission>,
}

impl Magento {
    pub(super) fn new(base_url: &str, config: MagentoConfig, pusher: Pusher) -> Self {
        Self {
            desk: Desk::new(CALLS, pusher),
            base_url: base_url.to_owned(),
            shop: Mutex::new(Shop {
                input_limits: config.input_limits,
                ..Shop::default()
            }),
            config,
            admission: Mutex::default(),
        }
    }

    async fn serve(&self, path: &str, request: VendorRequest) -> Response {
        let route = Route::of(request.method(), path);
        let call = route.as_ref().map_or("", Route::call);
        let refuse = |message: Option<String>| {
            let message = message.unwrap_or_else(|| "The request was refused.".to_owned());
            Refusal::invalid(message).into_response()
        };
        let effect = || match self.answer(route.as_ref(), &request) {
            Ok(answer) => axum::Json(answer).into_response(),
            Err(refusal) => refusal.into_response(),
        };
        self.desk.serve(call, &request, refuse, effect).await
    }

    fn answer(&self, route: Option<&Route>, request: &VendorRequest) -> Result<Value, Refusal> {
        let route = route.ok_or_else(Refusal::no_route)?;
        let url = format!("{}{}", self.base_url, request.uri().path());
        self.admission().check(
            &self.config,
            &url,
            request,
            route.resource(),
            clock::instant(),
        )?;
        route.answer(&mut self.shop(), request)
    }

    fn admission(&self) -> MutexGuard<'_, Admission> {
        let admission = self.admission.lock();
        admission.unwrap_or_else(PoisonError::into_inner)
    }

    fn shop(&self) -> MutexGuard<'_, Shop> {
        self.shop.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Vendor for Magento {
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
            .route("/magento/rest/V1/{*path}", any(call_default))
            .route("/magento/rest/{store}/V1/{*path}", any(call))
            .merge(cloud::routes())
            .route("/magento/orders", post(setup::store_orders))
            .route("/magento/orders/{id}", get(setup::read_order))
            .route("/magento/stock", put(setup::set_stock))
            .route("/magento/traps", put(setup::set_traps))
            .route("/magento/expire-tokens", post(setup::expire_tokens))
            .with_state(self)
    }
}

async fn call(
    State(magento): State<Arc<Magento>>,
    Path((_store, path)): Path<(String, String)>,
    request: VendorRequest,
) -> Response {
    if path == "integration/admin/token" {
        return issue(&magento, &request);
    }
    magento.serve(&path, request).await
}

/// Without a store code in the path, the shop takes its default store view.
async fn call_default(
    State(magento): State<Arc<Magento>>,
    Path(path): Path<String>,
    request: VendorRequest,
) -> Response {
    call(State(magento), Path((String::new(), path)), request).await
}

fn issue(magento: &Magento, request: &VendorRequest) -> Response {
    magento.desk.calls.record(request);
    let now = clock::instant();
    match magento.admission().issue(&magento.config, request, now) {
        Ok(token) => axum::Json(token).into_response(),
        Err(refusal) => refusal.into_response(),
    }
}
