//! Shiprocket, according to its public API documents and its users' reports.
//!
//! All vendor calls are below `/shiprocket/v1/external`, which stands for `https://apiv2.shiprocket.in/v1/external`:
//!
//! | call | route |
//! |---|---|
//! | `login` | `POST auth/login`; `POST auth/logout` cannot be faulted |
//! | `recommend` | `GET courier/serviceability/`, `GET international/courier/serviceability` |
//! | `createOrder` | `POST orders/create/adhoc`, `POST international/orders/create/adhoc` |
//! | `createReturn` | `POST orders/create/return` |
//! | `createExchange` | `POST orders/create/exchange` |
//! | `assignAwb` | `POST courier/assign/awb`, `POST international/courier/assign/awb` |
//! | `generateLabel` | `POST courier/generate/label` |
//! | `getLabel` | `GET orders/show/{id}`, `GET orders`, `GET shipments/{id}` |
//! | `cancel` | `POST orders/cancel`, `POST orders/cancel/shipment/awbs` |
//! | `track` | `GET courier/track/awb/{awb}`, `courier/track/shipment/{id}`, `courier/track?order_id=` |
//! | (no faults) | `GET settings/company/pickup` |
//! | (not a call) | `GET /shiprocket/labels/{awb}.pdf`, without a token |
//! | (not a call) | `POST /shiprocket/expire-tokens` ends all tokens at once |
//!
//! Many failures are answered with 200 and an error in the body. Creating an order, assigning a courier and creating the
//! label are three calls, and each may be the last that took effect.

mod answer;
mod assignment;
mod book;
mod calls;
mod cancellation;
mod company;
mod couriers;
mod creation;
mod exchange;
mod fields;
mod ist;
mod kind;
mod labels;
mod operations;
mod order_items;
mod order_request;
mod pickup_locations;
mod query;
mod reads;
mod refusal;
mod routes;
mod scans;
mod serviceability;
mod sessions;
mod statuses;
mod tracking;
mod webhook;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::response::{IntoResponse, Response};
use futures::future::BoxFuture;
use serde_json::Value;

use crate::Vendor;
use crate::calls::VendorRequest;
use crate::clock;
use crate::control::AdvanceRefusal;
use crate::desk::Desk;
use crate::journey::{Advance, Step};
use crate::push::Pusher;
use book::{Book, Order};
use operations::Operation;
use refusal::Refusal;
use sessions::Sessions;
use statuses::Standing;
use webhook::{DIALECTS, Dialect};

pub(super) const ALIAS: &str = "shiprocket";

/// The API user that `auth/login` admits.
#[derive(Default)]
pub struct ShiprocketConfig {
    /// The API user's e-mail address.
    pub email: String,
    /// The API user's password.
    pub password: String,
}

/// The simulator.
pub(super) struct Shiprocket {
    desk: Desk,
    base_url: String,
    config: ShiprocketConfig,
    sessions: Sessions,
    book: Mutex<Book>,
}

impl Shiprocket {
    pub(super) fn new(base_url: &str, config: ShiprocketConfig, pusher: Pusher) -> Self {
        Self {
            desk: Desk::new(calls::CALLS, pusher),
            base_url: base_url.to_owned(),
            config,
            sessions: Sessions::default(),
            book: Mutex::new(Book::open()),
        }
    }

    async fn serve(&self, call: &str, request: VendorRequest, operation: Operation) -> Response {
        let refuse = |message| calls::refuse(call, message);
        let effect = || match self.admit(call, &request) {
            Ok(()) => operation(self, &request).into_response(),
            Err(refusal) => refusal.into_response(),
        };
        self.desk.serve(call, &request, refuse, effect).await
    }

    /// Every call except the login needs a token.
    fn admit(&self, call: &str, request: &VendorRequest) -> Result<(), Refusal> {
        if call == calls::LOGIN {
            return Ok(());
        }
        let token = bearer(request).ok_or(Refusal::Unauthenticated("Token not provided"))?;
        if self.sessions.admits(token, clock::instant()) {
            Ok(())
        } else {
            Err(Refusal::Unauthenticated("Token has expired"))
        }
    }

    fn label_url(&self, awb: &str) -> String {
        format!("{}/{ALIAS}/labels/{awb}.pdf", self.base_url)
    }

    fn label_pdf(&self, file_name: &str) -> Option<Vec<u8>> {
        let awb = file_name.strip_suffix(".pdf")?;
        self.book().by_awb(awb)?.label_pdf()
    }

    async fn push_way(
        &self,
        awb: &str,
        to: &str,
        dialect: Option<&str>,
    ) -> Result<Advance, AdvanceRefusal> {
        let order = self.book().by_awb(awb).cloned();
        let unknown_awb = || AdvanceRefusal::UnknownAwb(awb.to_owned());
        let order = order.ok_or_else(unknown_awb)?;
        let journey = order.parcel.as_ref().map(|parcel| &parcel.journey);
        let journey = journey.ok_or_else(unknown_awb)?;
        let way = way_to(&order, to)?;
        let dialect = Dialect::named(dialect).ok_or_else(|| unknown_dialect(dialect))?;
        let pusher = &self.desk.pusher;
        let target = pusher.target().ok_or(AdvanceRefusal::NoPushTarget)?;
        let notification = |step: &Step| self.notification(awb, dialect, step);
        let mut journey = journey.lock().await;
        Ok(journey
            .advance(awb, way, notification, pusher, &target)
            .await)
    }

    /// The body of a step's push. This records the step, if it is new.
    fn notification(&self, awb: &str, dialect: Dialect, step: &Step) -> Value {
        let mut book = self.book();
        book.happen(awb, step);
        let order = book.by_awb(awb);
        order
            .and_then(|order| Some(dialect.body(order, order.parcel.as_ref()?, step)))
            .unwrap_or_default()
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Vendor for Shiprocket {
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

/// A way in which every step has a Shiprocket status.
fn way_to(order: &Order, to: &str) -> Result<&'static [&'static str], AdvanceRefusal> {
    let direction = order.direction();
    direction
        .way_to(to)
        .filter(|way| {
            way.iter()
                .all(|state| Standing::reached(direction, state).is_some())
        })
        .ok_or_else(|| AdvanceRefusal::UnknownState {
            to: to.to_owned(),
            direction,
        })
}

fn unknown_dialect(dialect: Option<&str>) -> AdvanceRefusal {
    AdvanceRefusal::UnknownDialect {
        dialect: dialect.unwrap_or_default().to_owned(),
        known: DIALECTS,
    }
}

fn bearer(request: &VendorRequest) -> Option<&str> {
    request.header("authorization")?.strip_prefix("Bearer ")
}
