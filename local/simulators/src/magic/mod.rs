//! An aggregator that implements RMS Magic.
//!
//! | call | route |
//! |---|---|
//! | `getCouriers` | `POST /magic/get-couriers` |
//! | `generateShippingLabel` | `POST /magic/generate-shipping-label` |
//! | `getShippingLabel` | `GET /magic/get-shipping-label?orderId=` or `?orderNumber=[&shipmentCode=]` |
//! | `generateReturnAwb` | `POST /magic/generate-return-awb` |
//! | `getReturnAwb` | `GET /magic/get-return-awb?orderId=` or `?orderNumber=[&shipmentCode=]` |
//! | (not a call) | `GET /magic/labels/{awb}.pdf`, without credentials |
//!
//! It is not idempotent, because the documents do not promise it: generating twice for one order number creates two orders.
//! The look-up by order number is RMS's extension of the standard.

mod book;
mod couriers;
mod fields;
mod label_request;
mod lookup;
mod notification;
mod refusal;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Json, Response};
use axum::routing::{get, post};
use futures::future::BoxFuture;
use http::StatusCode;
use http::header::CONTENT_TYPE;
use serde_json::{Value, json};

use crate::Vendor;
use crate::calls::VendorRequest;
use crate::control::AdvanceRefusal;
use crate::desk::Desk;
use crate::journey::Advance;
use crate::push::Pusher;
use crate::ways::Direction;
use book::{Book, Order};
use label_request::LabelRequest;
use lookup::Lookup;
use refusal::Refusal;

pub(super) const ALIAS: &str = "magic";

const GET_COURIERS: &str = "getCouriers";
const GENERATE_SHIPPING_LABEL: &str = "generateShippingLabel";
const GET_SHIPPING_LABEL: &str = "getShippingLabel";
const GENERATE_RETURN_AWB: &str = "generateReturnAwb";
const GET_RETURN_AWB: &str = "getReturnAwb";

const CALLS: &[&str] = &[
    GET_COURIERS,
    GENERATE_SHIPPING_LABEL,
    GET_SHIPPING_LABEL,
    GENERATE_RETURN_AWB,
    GET_RETURN_AWB,
];

/// The credentials that the aggregator requires.
#[derive(Default)]
pub struct MagicConfig {
    /// Required in `authDomainName`, if given.
    pub auth_domain_name: Option<String>,
    /// Required in `authUsername`.
    pub auth_username: String,
    /// Required in `authPassword`.
    pub auth_password: String,
    /// Whether order ids begin at a random number, so that they do not collide with data kept from an earlier run.
    /// Otherwise they begin as in the standard's samples.
    pub random_order_ids: bool,
}

/// The simulator.
pub(super) struct Magic {
    desk: Desk,
    base_url: String,
    config: MagicConfig,
    book: Mutex<Book>,
}

type Operation = fn(&Magic, &VendorRequest) -> Result<Value, Refusal>;

impl Magic {
    pub(super) fn new(base_url: &str, config: MagicConfig, pusher: Pusher) -> Self {
        Self {
            desk: Desk::new(CALLS, pusher),
            base_url: base_url.to_owned(),
            book: Mutex::new(Book::open(config.random_order_ids)),
            config,
        }
    }

    async fn serve(&self, call: &str, request: VendorRequest, operation: Operation) -> Response {
        let refuse = |message| Refusal::not_serviceable(message).into_response();
        let effect = || match self
            .admit(&request)
            .and_then(|()| operation(self, &request))
        {
            Ok(answer) => Json(answer).into_response(),
            Err(refusal) => refusal.into_response(),
        };
        self.desk.serve(call, &request, refuse, effect).await
    }

    fn admit(&self, request: &VendorRequest) -> Result<(), Refusal> {
        let config = &self.config;
        let domain_name = config.auth_domain_name.as_deref();
        let admitted = request.header("authUsername") == Some(&config.auth_username)
            && request.header("authPassword") == Some(&config.auth_password)
            && domain_name.is_none_or(|name| request.header("authDomainName") == Some(name));
        if admitted {
            Ok(())
        } else {
            Err(Refusal::Unauthorized)
        }
    }

    fn generate_shipping_label(&self, request: &VendorRequest) -> Result<Value, Refusal> {
        let request = LabelRequest::read(&request.body(), Direction::Forward)?;
        let order = self.book().enter(request);
        Ok(self.label_answer(&order))
    }

    fn get_shipping_label(&self, request: &VendorRequest) -> Result<Value, Refusal> {
        let order = Lookup::read(request.uri())?.find(&self.book(), Direction::Forward)?;
        Ok(self.label_answer(&order))
    }

    fn generate_return_awb(&self, request: &VendorRequest) -> Result<Value, Refusal> {
        let request = LabelRequest::read(&request.body(), Direction::Return)?;
        let order = self.book().enter(request);
        Ok(return_answer(&order))
    }

    fn get_return_awb(&self, request: &VendorRequest) -> Result<Value, Refusal> {
        let order = Lookup::read(request.uri())?.find(&self.book(), Direction::Return)?;
        Ok(return_answer(&order))
    }

    fn label_answer(&self, order: &Order) -> Value {
        json!({
            "orderId": order.id,
            "orderNumber": order.request.order_number,
            "awb": order.awb,
            "carrierName": order.carrier_name,
            "shippingLabelUrl": format!("{}/{ALIAS}/labels/{}.pdf", self.base_url, order.awb),
        })
    }

    fn label_pdf(&self, file_name: &str) -> Option<Vec<u8>> {
        let awb = file_name.strip_suffix(".pdf")?;
        let order = self.book().by_awb(awb)?;
        (order.request.direction == Direction::Forward).then(|| order.label().pdf())
    }

    async fn push_way(
        &self,
        awb: &str,
        to: &str,
        dialect: Option<&str>,
    ) -> Result<Advance, AdvanceRefusal> {
        if let Some(dialect) = dialect {
            return Err(AdvanceRefusal::unknown_dialect(dialect, &[]));
        }
        let unknown = || AdvanceRefusal::UnknownAwb(awb.to_owned());
        let order = self.book().by_awb(awb).ok_or_else(unknown)?;
        let direction = order.request.direction;
        let way = direction
            .way_to(to)
            .ok_or_else(|| AdvanceRefusal::UnknownState {
                to: to.to_owned(),
                direction,
            })?;
        let pusher = &self.desk.pusher;
        let target = pusher.target().ok_or(AdvanceRefusal::NoPushTarget)?;
        let forward_awb = self.book().forward_awb(&order);
        let notification = |step: &_| notification::of(&order, forward_awb.as_deref(), step);
        let mut journey = order.journey.lock().await;
        Ok(journey
            .advance(awb, way, notification, pusher, &target)
            .await)
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn return_answer(order: &Order) -> Value {
    json!({
        "orderId": order.id,
        "orderNumber": order.request.order_number,
        "returnAwb": order.awb,
        "carrierName": order.carrier_name,
    })
}

impl Vendor for Magic {
    fn desk(&self) -> &Desk {
        &self.desk
    }

    fn advance<'a>(
        &'a self,
        awb: &'a str,
        to: &'a str,
        dialect: Option<&'a str>,
    ) -> BoxFuture<'a, Result<Advance, AdvanceRefusal>> {
        Box::pin(self.push_way(awb, to, dialect))
    }

    fn routes(self: Arc<Self>) -> Router {
        routes(self)
    }
}

/// The aggregator's routes.
fn routes(magic: Arc<Magic>) -> Router {
    Router::new()
        .route("/magic/get-couriers", post(get_couriers))
        .route(
            "/magic/generate-shipping-label",
            post(generate_shipping_label),
        )
        .route("/magic/get-shipping-label", get(get_shipping_label))
        .route("/magic/generate-return-awb", post(generate_return_awb))
        .route("/magic/get-return-awb", get(get_return_awb))
        .route("/magic/labels/{file_name}", get(label))
        .with_state(magic)
}

async fn get_couriers(State(magic): State<Arc<Magic>>, request: VendorRequest) -> Response {
    magic
        .serve(GET_COURIERS, request, |_, request| {
            couriers::recommend(&request.body())
        })
        .await
}

async fn generate_shipping_label(
    State(magic): State<Arc<Magic>>,
    request: VendorRequest,
) -> Response {
    magic
        .serve(
            GENERATE_SHIPPING_LABEL,
            request,
            Magic::generate_shipping_label,
        )
        .await
}

async fn get_shipping_label(State(magic): State<Arc<Magic>>, request: VendorRequest) -> Response {
    magic
        .serve(GET_SHIPPING_LABEL, request, Magic::get_shipping_label)
        .await
}

async fn generate_return_awb(State(magic): State<Arc<Magic>>, request: VendorRequest) -> Response {
    magic
        .serve(GENERATE_RETURN_AWB, request, Magic::generate_return_awb)
        .await
}

async fn get_return_awb(State(magic): State<Arc<Magic>>, request: VendorRequest) -> Response {
    magic
        .serve(GET_RETURN_AWB, request, Magic::get_return_awb)
        .await
}

async fn label(State(magic): State<Arc<Magic>>, Path(file_name): Path<String>) -> Response {
    match magic.label_pdf(&file_name) {
        Some(pdf) => ([(CONTENT_TYPE, "application/pdf")], pdf).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
