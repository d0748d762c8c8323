//! Clickpost.
//!
//! | call | route |
//! |---|---|
//! | `recommend` | `POST /clickpost/api/v1/recommendation_api/`, international `POST /clickpost/api/v2/recommendation/` |
//! | `predictSla` | `POST /clickpost/api/v2/predicted_sla_api/` |
//! | `createOrder`, `createReturn` | `POST /clickpost/api/v3/create-order/`, international `…/v4/…` |
//! | `getLabel` | `GET` of the same, and `GET /clickpost/api/v1/fetch/shippinglabel/` |
//! | `cancel` | `GET /clickpost/api/v1/cancel-order/` |
//! | `track` | `GET /clickpost/api/v2/track-order/` |
//! | `fetchAccounts` | `GET /clickpost/api/v1/fetch-accounts` |
//! | (not a call) | `GET /clickpost/labels/{awb}.pdf`, `GET /clickpost/commercial-invoices/{awb}.pdf` |
//!
//! The vendor's whole path follows `/clickpost`. Nearly every answer is HTTP 200, with the result in `meta.status`. Orders
//! are idempotent by their reference number. `docs/simulators.md` lists the inputs with special behaviour.

mod answer;
mod book;
mod cancellation;
mod couriers;
mod dialect;
mod fields;
mod items;
mod lookup;
mod named;
mod notification;
mod order;
mod order_fields;
mod order_request;
mod parameters;
mod prediction;
mod recommendation;
mod refusal;
mod return_request;
mod routes;
mod scan;
mod status;
mod tracking;
mod version;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::response::{IntoResponse, Response};
use futures::future::BoxFuture;
use serde_json::Value;

use crate::Vendor;
use crate::calls::VendorRequest;
use crate::control::AdvanceRefusal;
use crate::desk::Desk;
use crate::journey::{Advance, Step};
use crate::push::Pusher;
use crate::ways::Direction;
use answer::{Answer, Teller};
use book::Book;
use dialect::Dialect;
use order::Order;
use order_request::OrderRequest;
use parameters::Parameters;
use refusal::Refusal;
use scan::Scan;
use version::Version;

pub(super) const ALIAS: &str = "clickpost";

const RECOMMEND: &str = "recommend";
const PREDICT_SLA: &str = "predictSla";
const CREATE_ORDER: &str = "createOrder";
const CREATE_RETURN: &str = "createReturn";
const GET_LABEL: &str = "getLabel";
const CANCEL: &str = "cancel";
const TRACK: &str = "track";
const FETCH_ACCOUNTS: &str = "fetchAccounts";

const CALLS: &[&str] = &[
    RECOMMEND,
    PREDICT_SLA,
    CREATE_ORDER,
    CREATE_RETURN,
    GET_LABEL,
    CANCEL,
    TRACK,
    FETCH_ACCOUNTS,
];

/// The credentials that Clickpost requires, as query parameters.
#[derive(Default)]
pub struct ClickpostConfig {
    /// Required in `username`, except for recommendations and the list of accounts.
    pub username: String,
    /// Required in `key`.
    pub key: String,
}

/// The simulator.
pub(super) struct Clickpost {
    desk: Desk,
    base_url: String,
    config: ClickpostConfig,
    book: Mutex<Book>,
}

type Operation = fn(&Clickpost, &VendorRequest) -> Result<Answer, Refusal>;

impl Clickpost {
    pub(super) fn new(base_url: &str, config: ClickpostConfig, pusher: Pusher) -> Self {
        Self {
            desk: Desk::new(CALLS, pusher),
            base_url: base_url.to_owned(),
            config,
            book: Mutex::new(Book::open()),
        }
    }

    async fn serve(
        &self,
        call: &'static str,
        request: VendorRequest,
        operation: Operation,
    ) -> Response {
        let refuse = |message| {
            Refusal::ordered(usual_refusal(call), &request.body(), message).into_response()
        };
        let effect = || {
            self.admit(call, &request)
                .and_then(|()| operation(self, &request))
                .map_or_else(IntoResponse::into_response, IntoResponse::into_response)
        };
        self.desk.serve(call, &request, refuse, effect).await
    }

    fn admit(&self, call: &str, request: &VendorRequest) -> Result<(), Refusal> {
        let parameters = Parameters::of(request.uri());
        let takes_key_alone = call == RECOMMEND || call == FETCH_ACCOUNTS;
        let is_admitted = parameters.get("key") == Some(&self.config.key)
            && (takes_key_alone || parameters.get("username") == Some(&self.config.username));
        if is_admitted {
            Ok(())
        } else {
            Err(Refusal::unauthorized())
        }
    }

    fn create_in_india(&self, request: &VendorRequest) -> Result<Answer, Refusal> {
        self.create(request, Version::V3)
    }

    fn create_abroad(&self, request: &VendorRequest) -> Result<Answer, Refusal> {
        self.create(request, Version::V4)
    }

    fn create(&self, request: &VendorRequest, version: Version) -> Result<Answer, Refusal> {
        let request = OrderRequest::read(request.body(), version)?;
        let placing = self.book().place(request)?;
        Ok(self.teller().placing(&placing))
    }

    fn fetch(&self, request: &VendorRequest) -> Result<Answer, Refusal> {
        let parameters = Parameters::of(request.uri());
        lookup::order(&self.book(), &self.teller(), &parameters)
    }

    fn fetch_label(&self, request: &VendorRequest) -> Result<Answer, Refusal> {
        let parameters = Parameters::of(request.uri());
        lookup::label(&mut self.book(), &self.teller(), &parameters)
    }

    fn cancel(&self, request: &VendorRequest) -> Result<Answer, Refusal> {
        cancellation::cancel(&mut self.book(), &Parameters::of(request.uri()))
    }

    fn track(&self, request: &VendorRequest) -> Result<Answer, Refusal> {
        tracking::track(&self.book(), &Parameters::of(request.uri()))
    }

    fn teller(&self) -> Teller<'_> {
        Teller {
            base_url: &self.base_url,
            username: &self.config.username,
        }
    }

    /// The order for a document's file name, if it is a forward order.
    fn order_of_file(&self, file_name: &str) -> Option<Order> {
        let order = self.book().by_waybill(file_name.strip_suffix(".pdf")?)?;
        (order.direction() == Direction::Forward).then_some(order)
    }

    async fn push_way(
        &self,
        awb: &str,
        to: &str,
        dialect: Option<&str>,
    ) -> Result<Advance, AdvanceRefusal> {
        let dialect = Dialect::named(dialect)?;
        let unknown = || AdvanceRefusal::UnknownAwb(awb.to_owned());
        let order = self.book().by_waybill(awb).ok_or_else(unknown)?;
        let direction = order.direction();
        let way = direction
            .way_to(to)
            .ok_or_else(|| AdvanceRefusal::UnknownState {
                to: to.to_owned(),
                direction,
            })?;
        let pusher = &self.desk.pusher;
        let target = pusher.target().ok_or(AdvanceRefusal::NoPushTarget)?;
        let notification = |step: &Step| self.notification(awb, step, dialect);
        let mut journey = order.journey.lock().await;
        Ok(journey
            .advance(awb, way, notification, pusher, &target)
            .await)
    }

    /// Stores the step as a scan, once, and builds its push.
    fn notification(&self, awb: &str, step: &Step, dialect: Dialect) -> Value {
        let mut book = self.book();
        let scan = Scan::of(step.state, step.time.clone());
        let Some(order) = book.change(awb, |order| order.keep(scan.clone())) else {
            return Value::Null;
        };
        let forward = book.forward_of(&order);
        notification::of(&order, forward.as_ref(), &scan, dialect)
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Vendor for Clickpost {
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
        routes::routes(self)
    }
}

/// The code of a refusal that a test requested without a code.
fn usual_refusal(call: &str) -> u16 {
    match call {
        CREATE_ORDER | CREATE_RETURN => refusal::COURIER_REFUSED,
        CANCEL => refusal::CANNOT_CANCEL,
        PREDICT_SLA => refusal::NOT_SUBSCRIBED,
        _ => refusal::BAD_REQUEST,
    }
}
