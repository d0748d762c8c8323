//! The requests that push an order or a return, and the documented requirements.

use serde_json::Value;

use crate::shipway::fields::{self, Reader};
use crate::shipway::refusal::Refusal;
use crate::shipway::return_reasons;
use crate::ways::Direction;

/// Required fields of the buyer.
const BUYER: [&str; 2] = ["country", "zipcode"];
const AMOUNTS: [&str; 8] = [
    "order_total",
    "discount",
    "shipping",
    "taxes",
    "gift_card_amt",
    "box_length",
    "box_breadth",
    "box_height",
];
/// In grams.
const WEIGHT: &str = "order_weight";

/// Refund targets by payment type; "0" is no refund.
const REFUNDS_OF_COD: [&str; 6] = ["0", "1", "2", "3", "4", "5"];
const REFUNDS_OF_PREPAID: [&str; 4] = ["0", "4", "5", "6"];

/// A valid request. Fields that Shipway only repeats stay as sent.
#[derive(Debug)]
pub(super) struct OrderRequest {
    pub(super) direction: Direction,
    pub(super) order_id: String,
    pub(super) booking: Option<Booking>,
    body: Value,
}

/// The booking part of a request; without it the order is only pushed.
#[derive(Clone, Debug)]
pub(super) struct Booking {
    /// `None` lets Shipway choose.
    pub(super) carrier_id: Option<String>,
    /// The origin of a forward shipment, or the destination of a return.
    pub(super) warehouse_id: String,
}

impl OrderRequest {
    /// Reads the body of an order.
    pub(super) fn forward(body: Value) -> Result<Self, Refusal> {
        let mut reader = Reader::of(&body);
        let order_id = reader.order();
        reader.buyer("billing");
        reader.products(|_, _| ());
        reader.finish()?;
        let booking = booking(&body, "warehouse_id");
        Ok(Self {
            direction: Direction::Forward,
            order_id,
            booking,
            body,
        })
    }

    /// Reads the body of a return.
    pub(super) fn returned(body: Value) -> Result<Self, Refusal> {
        let mut reader = Reader::of(&body);
        let order_id = reader.order();
        reader.one_of("return_order_status", &["R", "E"]);
        reader.refund();
        let reason = reader.required("return_reason_id");
        reader.known_reason("return_reason_id", &reason);
        reader.products(|reader, product| {
            if let Some(reason) = product.get("return_reason_id").and_then(fields::text) {
                reader.known_reason("products.return_reason_id", &reason);
            }
        });
        reader.finish()?;
        let booking = booking(&body, "return_warehouse_id");
        Ok(Self {
            direction: Direction::Return,
            order_id,
            booking,
            body,
        })
    }

    /// A field as text; empty if missing.
    pub(super) fn text(&self, field: &str) -> String {
        self.body
            .get(field)
            .and_then(fields::text)
            .unwrap_or_default()
    }

    /// A field as sent.
    pub(super) fn value(&self, field: &str) -> Value {
        self.body.get(field).cloned().unwrap_or_default()
    }
}

/// A null carrier counts as missing; an empty one lets Shipway choose.
fn booking(body: &Value, warehouse: &str) -> Option<Booking> {
    let carrier = body.get("carrier_id").filter(|id| !id.is_null())?;
    Some(Booking {
        carrier_id: fields::text(carrier),
        warehouse_id: body.get(warehouse).and_then(fields::text)?,
    })
}

/// Checks only for these requests.
impl Reader<'_> {
    /// Checks the fields that orders and returns have in common; returns the order id.
    fn order(&mut self) -> String {
        let order_id = self.required("order_id");
        self.one_of("payment_type", &["P", "C"]);
        self.buyer("shipping");
        for amount in AMOUNTS {
            self.optional_number(amount);
        }
        self.optional_number(WEIGHT);
        self.optional_time("order_date");
        order_id
    }

    fn buyer(&mut self, which: &str) {
        self.phone(&format!("{which}_phone"));
        for field in BUYER {
            self.required(&format!("{which}_{field}"));
        }
    }

    /// A list, or an object by SKU.
    fn products(&mut self, further: impl Fn(&mut Self, &Value)) {
        let products: Vec<&Value> = match self.value("products") {
            Some(Value::Array(list)) => list.iter().collect(),
            Some(Value::Object(by_sku)) => by_sku.values().collect(),
            Some(_) | None => Vec::new(),
        };
        if products.is_empty() {
            self.note("products is required".to_owned());
        }
        for product in products {
            self.product(product);
            further(self, product);
        }
    }

    fn product(&mut self, product: &Value) {
        if product.get("product").and_then(fields::text).is_none() {
            self.note("products.product is required".to_owned());
        }
        let price = product.get("price").and_then(fields::text);
        if price.is_none_or(|price| price.parse::<f64>().is_err()) {
            self.note("products.price must be a number".to_owned());
        }
    }

    fn refund(&mut self) {
        let allowed: &[&str] = match self.optional("payment_type").as_deref() {
            Some("C") => &REFUNDS_OF_COD,
            _ => &REFUNDS_OF_PREPAID,
        };
        if self.optional("refund_payment_id").is_some() {
            self.one_of("refund_payment_id", allowed);
        }
    }

    fn known_reason(&mut self, field: &str, reason: &str) {
        if !reason.is_empty() && !return_reasons::is_known(reason) {
            self.note(format!("{field} is not one of the account's reasons"));
        }
    }
}
