//! The answers about orders.

use axum::response::Json;
use http::StatusCode;
use serde_json::{Map, Value, json};

use crate::clickpost::ALIAS;
use crate::clickpost::book::Placing;
use crate::clickpost::couriers::Habit;
use crate::clickpost::items::Item;
use crate::clickpost::order::Order;
use crate::clickpost::order_request::Queue;
use crate::clickpost::version::Version;
use crate::ways::Direction;

/// A status and a body.
pub(super) type Answer = (StatusCode, Json<Value>);

/// An answer with HTTP 200.
pub(super) fn ok(body: Value) -> Answer {
    (StatusCode::OK, Json(body))
}

/// Builds the answers about orders: it knows the URLs of their documents and the account.
pub(super) struct Teller<'a> {
    pub(super) base_url: &'a str,
    pub(super) username: &'a str,
}

impl Teller<'_> {
    /// The answer to a request for an order.
    pub(super) fn placing(&self, placing: &Placing) -> Answer {
        match placing {
            Placing::Made(order) => ok(self.made(order)),
            Placing::AlreadyMade(order) => ok(self.already_made(order)),
            Placing::Queued(order) => queued(order),
            Placing::StillQueued(order) => still_queued(order),
        }
    }

    fn made(&self, order: &Order) -> Value {
        match order.request.version {
            Version::V3 => self.made_in_india(order),
            Version::V4 => self.made_abroad(order),
        }
    }

    /// The newer shape: `result.order_id` is the merchant's, the vendor's numbers are outside.
    fn made_in_india(&self, order: &Order) -> Value {
        let request = &order.request;
        let mut result = self.result(order);
        result.insert("order_id".to_owned(), json!(request.fields.order_id));
        result.insert("account_code".to_owned(), json!(request.account.code));
        json!({
            "meta": {
                "status": 200,
                "message": "Order Placed Successfully",
                "success": true,
                "username": self.username,
                "reference_number": request.fields.reference_number,
            },
            "result": result,
            "order_id": order.number,
            "tracking_id": order.tracking_id,
        })
    }

    fn made_abroad(&self, order: &Order) -> Value {
        let mut result = self.older_result(order);
        let url = self.commercial_invoice_url(order);
        result.insert("commercial_invoice_url".to_owned(), json!(url));
        with_meta(200, "Order Placed Successfully", &result)
    }

    fn already_made(&self, order: &Order) -> Value {
        with_meta(
            323,
            "You have already placed this order",
            &self.older_result(order),
        )
    }

    /// The answer to fetching an order.
    pub(super) fn fetched(&self, order: &Order) -> Answer {
        let result = self.older_result(order);
        ok(with_meta(200, "Order Placed Successfully", &result))
    }

    /// The older shape: `result.order_id` is the vendor's, as is `result.tracking_id`.
    fn older_result(&self, order: &Order) -> Map<String, Value> {
        let mut result = self.result(order);
        result.insert("order_id".to_owned(), json!(order.number));
        result.insert("tracking_id".to_owned(), json!(order.tracking_id));
        result
    }

    fn result(&self, order: &Order) -> Map<String, Value> {
        let request = &order.request;
        let fields = [
            ("waybill", json!(order.waybill())),
            ("reference_number", json!(request.fields.reference_number)),
            ("label", json!(self.label_url(order))),
            ("courier_partner_id", json!(request.courier.cp_id)),
            ("courier_name", json!(request.courier.name)),
            ("sort_code", json!(sort_code(order))),
            ("security_key", json!(order.security_key)),
        ];
        let children = order
            .has(Habit::MultiPiece)
            .then(|| ("children", self.children(order)));
        fields
            .into_iter()
            .chain(children)
            .map(|(name, value)| (name.to_owned(), value))
            .collect()
    }

    fn children(&self, order: &Order) -> Value {
        let pieces = (1..).zip(&order.request.fields.items);
        pieces
            .map(|(piece, item)| self.child(order, piece, item))
            .collect()
    }

    fn child(&self, order: &Order, piece: u32, item: &Item) -> Value {
        let waybill = format!("{}-{piece:04}", order.waybill().unwrap_or_default());
        let mut sent = item.sent.clone();
        if let Value::Object(fields) = &mut sent {
            fields.insert("waybill".to_owned(), json!(waybill));
        }
        json!({
            "item": sent,
            "waybill": waybill,
            "reference_number": order.request.fields.reference_number,
            "label": self.label_url(order),
        })
    }

    /// The label's URL; null for returns, and if no label was requested.
    pub(super) fn label_url(&self, order: &Order) -> Option<String> {
        let waybill = order.waybill().filter(|_| order.has_label)?;
        Some(format!("{}/{ALIAS}/labels/{waybill}.pdf", self.base_url))
    }

    fn commercial_invoice_url(&self, order: &Order) -> Option<String> {
        let is_forward = order.direction() == Direction::Forward;
        let waybill = order.waybill().filter(|_| is_forward)?;
        let base_url = self.base_url;
        Some(format!(
            "{base_url}/{ALIAS}/commercial-invoices/{waybill}.pdf"
        ))
    }
}

fn with_meta(status: u16, message: &str, result: &Map<String, Value>) -> Value {
    json!({ "meta": { "status": status, "success": true, "message": message }, "result": result })
}

/// HTTP 200 if queueing was requested, 202 if the courier requires it: the vendor gives both.
fn queued(order: &Order) -> Answer {
    let http = match order.request.queue {
        Queue::ByCourier => StatusCode::ACCEPTED,
        Queue::AskedFor | Queue::No => StatusCode::OK,
    };
    let message = "Order accepted, it will be processed shortly";
    (http, Json(waiting(order, 202, true, message)))
}

fn still_queued(order: &Order) -> Answer {
    ok(waiting(order, 102, false, "Order is still processing"))
}

fn waiting(order: &Order, status: u16, success: bool, message: &str) -> Value {
    json!({
        "meta": { "status": status, "success": success, "message": message },
        "result": {
            "waybill": null,
            "label": null,
            "reference_number": order.request.fields.reference_number,
        },
        "order_id": order.number,
    })
}

/// The couriers' code for the two places; international couriers have none.
fn sort_code(order: &Order) -> Option<String> {
    let fields = &order.request.fields;
    let short = |city: &str| {
        let letters = city.chars().filter(|letter| letter.is_alphabetic());
        letters.take(3).collect::<String>().to_uppercase()
    };
    let code = || {
        format!(
            "{}/{}",
            short(&fields.pickup_city),
            short(&fields.drop_city)
        )
    };
    (order.request.version == Version::V3).then(code)
}
