//! Shipway, as at `https://app.shipway.com`: its API below `/shipway/api/`, its labels at `/shipway/labels/{awb}.pdf`.
//!
//! Almost every answer is HTTP 200 with a success flag that differs from route to route: [`mod@routes`] has the routes,
//! [`mod@envelope`] their refusals. `v2orders` and `Createreturns` answer on two levels: an order stays pushed when its
//! booking fails.
//!
//! `docs/simulators.md` lists the assumptions where the documents say nothing.

mod answer;
mod book;
mod carriers;
mod envelope;
mod fields;
mod indian_time;
mod listing;
mod notification;
mod order_changes;
mod order_request;
mod pushing;
mod refusal;
mod return_reasons;
mod routes;
mod status;
mod tracking;
mod warehouses;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::response::{IntoResponse, Json, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use futures::future::BoxFuture;
use serde_json::Value;

use crate::Vendor;
use crate::calls::VendorRequest;
use crate::control::AdvanceRefusal;
use crate::desk::Desk;
use crate::journey::{Advance, Step};
use crate::push::Pusher;
use book::Book;
use notification::Dialect;
use routes::{CALLS, Route};

pub(super) const ALIAS: &str = "shipway";

/// The account's credentials.
#[derive(Default)]
pub struct ShipwayConfig {
    /// The account's e-mail address; the user name of its Basic authentication.
    pub email: String,
    /// The account's licence key; the password of its Basic authentication.
    pub license_key: String,
}

/// The simulator.
pub(super) struct Shipway {
    desk: Desk,
    base_url: String,
    config: ShipwayConfig,
    book: Mutex<Book>,
}

/// The default message of a refusal.
const REFUSED: &str = "Something went wrong, please contact support";

impl Shipway {
    pub(super) fn new(base_url: &str, config: ShipwayConfig, pusher: Pusher) -> Self {
        Self {
            desk: Desk::new(CALLS, pusher),
            base_url: base_url.to_owned(),
            config,
            book: Mutex::new(Book::open()),
        }
    }

    async fn serve(&self, route: &'static Route, request: VendorRequest) -> Response {
        let say_no = |message: &str| Json((route.envelope)(&request, message)).into_response();
        let refuse = |message: Option<String>| say_no(message.as_deref().unwrap_or(REFUSED));
        let effect = || {
            if !self.admits(&request) {
                return refusal::unauthorized();
            }
            match (route.operation)(self, &request) {
                Ok(answer) => Json(answer).into_response(),
                Err(refusal) => say_no(&refusal.to_string()),
            }
        };
        self.desk.serve(route.call, &request, refuse, effect).await
    }

    fn admits(&self, request: &VendorRequest) -> bool {
        let account = format!("{}:{}", self.config.email, self.config.license_key);
        let demanded = format!("Basic {}", STANDARD.encode(account));
        request.header("authorization") == Some(&demanded)
    }

    async fn push_way(
        &self,
        awb: &str,
        to: &str,
        dialect: Option<&str>,
    ) -> Result<Advance, AdvanceRefusal> {
        let dialect = Dialect::named(dialect)?;
        let unknown = || AdvanceRefusal::UnknownAwb(awb.to_owned());
        let shipment = self.book().shipment(awb).cloned().ok_or_else(unknown)?;
        let direction = shipment.direction();
        let way = status::way_to(direction, to)?;
        let pusher = &self.desk.pusher;
        let target = pusher.target().ok_or(AdvanceRefusal::NoPushTarget)?;
        let target = dialect.target(target);
        let notification = |step: &Step| {
            let status = status::of(direction, step.state).unwrap_or(&status::PENDING);
            let told = self.book().happened(awb, step, status);
            told.map_or(Value::Null, |shipment| {
                dialect.notification(&self.config, &self.tracking_url(awb), &shipment)
            })
        };
        let mut journey = shipment.journey.lock().await;
        Ok(journey
            .advance(awb, &way, notification, pusher, &target)
            .await)
    }

    fn label_url(&self, awb: &str) -> String {
        format!("{}/{ALIAS}/labels/{awb}.pdf", self.base_url)
    }

    /// A page for people, which does not exist.
    fn tracking_url(&self, awb: &str) -> String {
        format!("{}/{ALIAS}/t/{awb}", self.base_url)
    }

    fn label_pdf(&self, file_name: &str) -> Option<Vec<u8>> {
        let awb = file_name.strip_suffix(".pdf")?;
        let shipment = self.book().shipment(awb).cloned()?;
        Some(shipment.label())
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Vendor for Shipway {
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
