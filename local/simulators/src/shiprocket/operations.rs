//! The operation of each route: it takes the parts of the request, locks the book once, and returns an answer.

use http::Uri;
use serde_json::{Value, json};

use crate::calls::VendorRequest;
use crate::clock;
use crate::shiprocket::answer::Answer;
use crate::shiprocket::assignment::{self, Namespace};
use crate::shiprocket::book::Order;
use crate::shiprocket::fields::Reader;
use crate::shiprocket::kind::Kind;
use crate::shiprocket::query::{Parameters, last_part};
use crate::shiprocket::refusal::Refusal;
use crate::shiprocket::{
    ALIAS, Shiprocket, bearer, cancellation, company, creation, exchange, ist, labels, reads,
    serviceability, tracking,
};

pub(super) type Operation = fn(&Shiprocket, &VendorRequest) -> Answer;

impl Shiprocket {
    pub(super) fn login(&self, request: &VendorRequest) -> Answer {
        self.token(&form_or_json(request.body())).into()
    }

    fn token(&self, body: &Value) -> Result<Value, Refusal> {
        let mut reader = Reader::of(body);
        let (email, password) = (reader.text("email"), reader.text("password"));
        reader.finish()?;
        if (&email, &password) != (&self.config.email, &self.config.password) {
            let message = "Invalid email and password combination";
            return Err(Refusal::Unauthenticated(message));
        }
        let now = clock::instant();
        Ok(json!({
            "id": company::API_USER_ID,
            "first_name": "API",
            "last_name": "USER",
            "email": email,
            "company_id": company::ID,
            "created_at": ist::date_and_time(now),
            "token": self.sessions.open(now),
        }))
    }

    pub(super) fn logout(&self, request: &VendorRequest) -> Answer {
        self.sessions.close(bearer(request).unwrap_or_default());
        Answer::Body(json!({ "message": "Logged out" }))
    }

    pub(super) fn recommend(&self, request: &VendorRequest) -> Answer {
        serviceability::domestic(&self.book(), &Parameters::of(request.uri())).into()
    }

    pub(super) fn recommend_abroad(&self, request: &VendorRequest) -> Answer {
        serviceability::abroad(&self.book(), &Parameters::of(request.uri())).into()
    }

    pub(super) fn create_order(&self, request: &VendorRequest) -> Answer {
        let now = clock::instant();
        creation::forward(&mut self.book(), &request.body(), Kind::Domestic, now).into()
    }

    pub(super) fn create_order_abroad(&self, request: &VendorRequest) -> Answer {
        let now = clock::instant();
        creation::forward(&mut self.book(), &request.body(), Kind::International, now).into()
    }

    pub(super) fn create_return(&self, request: &VendorRequest) -> Answer {
        creation::returned(&mut self.book(), &request.body(), clock::instant()).into()
    }

    pub(super) fn create_exchange(&self, request: &VendorRequest) -> Answer {
        exchange::create(&mut self.book(), &request.body(), clock::instant()).into()
    }

    pub(super) fn assign_awb(&self, request: &VendorRequest) -> Answer {
        let now = clock::instant();
        assignment::assign(&mut self.book(), &request.body(), Namespace::Home, now).into()
    }

    pub(super) fn assign_awb_abroad(&self, request: &VendorRequest) -> Answer {
        let now = clock::instant();
        assignment::assign(&mut self.book(), &request.body(), Namespace::Abroad, now).into()
    }

    pub(super) fn generate_label(&self, request: &VendorRequest) -> Answer {
        let url = |awb: &str| self.label_url(awb);
        labels::generate(&mut self.book(), &request.body(), url).into()
    }

    pub(super) fn cancel_orders(&self, request: &VendorRequest) -> Answer {
        cancellation::orders(&mut self.book(), &request.body(), clock::instant()).into()
    }

    pub(super) fn cancel_shipments(&self, request: &VendorRequest) -> Answer {
        cancellation::shipments(&mut self.book(), &request.body(), clock::instant()).into()
    }

    pub(super) fn order(&self, request: &VendorRequest) -> Answer {
        let book = self.book();
        let order = id_in(request.uri()).and_then(|id| book.by_id(id));
        let shown = order.map(reads::order);
        shown.ok_or_else(|| reads::unknown_order(None)).into()
    }

    pub(super) fn orders(&self, request: &VendorRequest) -> Answer {
        self.listed(request, "orders", |_| true)
    }

    pub(super) fn returns(&self, request: &VendorRequest) -> Answer {
        self.listed(request, "orders/processing/return", Order::is_return)
    }

    fn listed(&self, request: &VendorRequest, path: &str, is_here: fn(&Order) -> bool) -> Answer {
        let url = format!("{}/{ALIAS}/v1/external/{path}", self.base_url);
        let query = Parameters::of(request.uri());
        Answer::Body(reads::orders(&self.book(), is_here, &query, &url))
    }

    /// An unknown shipment is an empty object.
    pub(super) fn shipment(&self, request: &VendorRequest) -> Answer {
        let book = self.book();
        let order = id_in(request.uri()).and_then(|id| book.by_shipment(id));
        let shipment = order.map(|order| reads::shipment(order, |awb| self.label_url(awb)));
        Answer::Body(shipment.unwrap_or_else(|| json!({})))
    }

    pub(super) fn track_awb(&self, request: &VendorRequest) -> Answer {
        Answer::Body(tracking::of(self.book().by_awb(last_part(request.uri()))))
    }

    pub(super) fn track_shipment(&self, request: &VendorRequest) -> Answer {
        let book = self.book();
        let order = id_in(request.uri()).and_then(|id| book.by_shipment(id));
        Answer::Body(tracking::of(order))
    }

    pub(super) fn track_order(&self, request: &VendorRequest) -> Answer {
        tracking::by_order(&self.book(), &Parameters::of(request.uri())).into()
    }
}

fn id_in(uri: &Uri) -> Option<u64> {
    last_part(uri).parse().ok()
}

/// A log-in may also be sent as a form.
fn form_or_json(body: Value) -> Value {
    match body.as_str() {
        Some(form) => Parameters::of_form(form).into_json(),
        None => body,
    }
}
