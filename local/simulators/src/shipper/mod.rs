//! Shipper (shipper.id), as at `https://merchant-api.shipper.id`: its logistics API below `/shipper/v3/`, its labels at
//! `/shipper/labels/{awb}.pdf`. [`mod@routes`] has the routes.
//!
//! Every answer is in the vendor's envelope, with the HTTP status also in its `metadata`. Prices come from the small tables
//! of [`mod@rates`] and [`mod@areas`]. A new order has no AWB: the AWB comes with the first push.
//!
//! `docs/simulators.md` lists the assumptions where the documents say nothing.

mod areas;
mod book;
mod cancellation;
mod creation;
mod detail;
mod envelope;
mod fields;
mod labels;
mod listing;
mod measure;
mod notification;
mod order;
mod order_request;
mod pickup;
mod place;
mod pricing;
mod pricing_request;
mod quote;
mod rates;
mod refusal;
mod routes;
mod statuses;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::response::Response;
use futures::future::BoxFuture;
use serde_json::Value;

use crate::Vendor;
use crate::calls::VendorRequest;
use crate::control::AdvanceRefusal;
use crate::desk::Desk;
use crate::journey::{Advance, Step};
use crate::push::{PushTarget, Pusher};
use book::Book;
use envelope::Answer;
use refusal::Refusal;
use routes::CALLS;

pub(super) const ALIAS: &str = "shipper";

/// The account's credentials.
#[derive(Default)]
pub struct ShipperConfig {
    /// Required in `X-API-Key`; with an empty one, every request is refused.
    pub api_key: String,
}

/// The simulator.
pub(super) struct Shipper {
    desk: Desk,
    base_url: String,
    config: ShipperConfig,
    book: Mutex<Book>,
}

impl Shipper {
    pub(super) fn new(base_url: &str, config: ShipperConfig, pusher: Pusher) -> Self {
        Self {
            desk: Desk::new(CALLS, pusher),
            base_url: base_url.to_owned(),
            config,
            book: Mutex::new(Book::open()),
        }
    }

    async fn serve(
        &self,
        call: &str,
        request: &VendorRequest,
        operation: impl FnOnce() -> Result<Answer, Refusal>,
    ) -> Response {
        let refuse = |message| Refusal::ordered(message).told(request);
        let effect = || match self.admit(request).and_then(|()| operation()) {
            Ok(answer) => answer.told(request),
            Err(refusal) => refusal.told(request),
        };
        self.desk.serve(call, request, refuse, effect).await
    }

    fn admit(&self, request: &VendorRequest) -> Result<(), Refusal> {
        let key = request.header("x-api-key").unwrap_or_default();
        if !key.is_empty() && key == self.config.api_key {
            Ok(())
        } else {
            Err(Refusal::Unauthorized)
        }
    }

    /// Pushes the way of the order with this AWB or, if there is none, of the newest with this external id.
    async fn push_way(&self, named: &str, to: &str) -> Result<Advance, AdvanceRefusal> {
        let unknown = || AdvanceRefusal::UnknownAwb(named.to_owned());
        let order = self.book().named(named).cloned().ok_or_else(unknown)?;
        let way = statuses::way_to(to, order.is_cancelled_before_its_awb())?;
        let pusher = &self.desk.pusher;
        let target = pusher.target().ok_or(AdvanceRefusal::NoPushTarget)?;
        let notification = |step: &Step| self.notification(&order.id, step, &target);
        let mut journey = order.journey.lock().await;
        let advance = journey
            .advance(named, &way, notification, pusher, &target)
            .await;
        Ok(Advance {
            awb: self.book().awb_of(&order.id),
            ..advance
        })
    }

    /// Stores the step, once, and builds its push.
    fn notification(&self, order_id: &str, step: &Step, target: &PushTarget) -> Value {
        let mut book = self.book();
        let told = book.happened(order_id, step);
        told.map_or(Value::Null, |(order, status)| {
            let auth = notification::auth(&self.config.api_key, &target.url);
            notification::of(&auth, order, step, status)
        })
    }

    fn label_url(&self, awb: &str) -> String {
        format!("{}/{ALIAS}/labels/{awb}.pdf", self.base_url)
    }

    fn label_pdf(&self, file_name: &str) -> Option<Vec<u8>> {
        let awb = file_name.strip_suffix(".pdf")?;
        let order = self.book().by_awb(awb).cloned()?;
        order.label()
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Vendor for Shipper {
    fn desk(&self) -> &Desk {
        &self.desk
    }

    fn advance<'a>(
        &'a self,
        awb: &'a str,
        to: &'a str,
        dialect: Option<&'a str>,
    ) -> BoxFuture<'a, Result<Advance, AdvanceRefusal>> {
        Box::pin(async move {
            match dialect {
                None => self.push_way(awb, to).await,
                Some(other) => Err(AdvanceRefusal::unknown_dialect(other, &[])),
            }
        })
    }

    fn routes(self: Arc<Self>) -> Router {
        routes::routes(self)
    }
}
