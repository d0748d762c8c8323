//! `GET getorders`: the orders by the documented filters, 100 per page.
//!
//! The documents do not list a row's fields. These are the fields that public clients read, except for the label:
//! `shipping_url` in a row is an assumption, based on the name in the booking's answer.

use serde_json::{Value, json};

use crate::calls::VendorRequest;
use crate::shipway::Shipway;
use crate::shipway::answer::with;
use crate::shipway::book::{Book, Order, Shipment, Stage};
use crate::shipway::carriers::Carrier;
use crate::shipway::fields::Parameters;
use crate::shipway::indian_time;
use crate::shipway::refusal::Refusal;
use crate::shipway::status::{self, Status};

const PAGE: usize = 100;
const LETTERS: [&str; 4] = ["O", "A", "E", "G"];

/// As (name in a row, name in the request).
const SENT_FIELDS: [(&str, &str); 8] = [
    ("order_total", "order_total"),
    ("shipping_cost", "shipping"),
    ("discount", "discount"),
    ("email", "email"),
    ("weight", "order_weight"),
    ("box_length", "box_length"),
    ("box_breadth", "box_breadth"),
    ("box_height", "box_height"),
];

/// Likewise, after the `b_` or `s_` of a row and the `billing_` or `shipping_` of a request.
const ADDRESS_FIELDS: [(&str, &str); 9] = [
    ("firstname", "firstname"),
    ("lastname", "lastname"),
    ("address", "address"),
    ("address_2", "address2"),
    ("city", "city"),
    ("state", "state"),
    ("country", "country"),
    ("zipcode", "zipcode"),
    ("phone", "phone"),
];

pub(super) fn find(shipway: &Shipway, request: &VendorRequest) -> Result<Value, Refusal> {
    let parameters = Parameters::of(request.uri());
    parameters.one_of("status", &LETTERS)?;
    let page = match parameters.get("page").map(str::parse::<usize>) {
        None => 1,
        Some(Ok(page @ 1..)) => page,
        Some(_) => {
            let wrong = "page must be a number from 1".to_owned();
            return Err(Refusal::InvalidRequest(vec![wrong]));
        }
    };
    let book = shipway.book();
    let orders = book.orders().iter().rev();
    let found: Vec<Value> = orders
        .filter(|order| Row::of(&book, order).matches(&parameters))
        .skip((page - 1).saturating_mul(PAGE))
        .take(PAGE)
        .map(|order| Row::of(&book, order).written(shipway))
        .collect();
    let message = if found.is_empty() {
        json!("No orders found")
    } else {
        Value::Array(found)
    };
    Ok(json!({ "success": 1, "error": "", "message": message }))
}

/// An order with its shipment.
struct Row<'a> {
    order: &'a Order,
    shipment: Option<&'a Shipment>,
}

impl<'a> Row<'a> {
    fn of(book: &'a Book, order: &'a Order) -> Self {
        let shipment = book.shipment_of(order);
        Self { order, shipment }
    }

    fn matches(&self, parameters: &Parameters) -> bool {
        let is = |name, value: &str| parameters.get(name).is_none_or(|wanted| wanted == value);
        let date = self.date();
        let day = date.get(..10).unwrap_or_default();
        is("orderid", &self.order.request.order_id)
            && is("awb_number", self.awb())
            && is("status", self.letter())
            && is("shipment_status", self.status_code())
            && parameters.get("date_from").is_none_or(|from| day >= from)
            && parameters.get("date_to").is_none_or(|to| day <= to)
    }

    fn written(&self, shipway: &Shipway) -> Value {
        let carrier = self.shipment.map(|shipment| shipment.carrier);
        let row = json!({
            "order_id": self.order.request.order_id,
            "ezyslip_order_id": self.order.number.to_string(),
            "order_date": self.date(),
            "status": self.letter(),
            "name": carrier.map_or("", |carrier| carrier.name),
            "carrier_title": carrier.map_or("", |carrier| carrier.title),
            "carrier_id": carrier.map_or_else(String::new, Carrier::id),
            "tracking_number": self.awb(),
            "shipment_status": self.status_code(),
            "shipment_status_name": self.status().map(|status| status.description),
            "shipment_status_scan": self.scans(),
            "products": self.order.request.value("products"),
            "order_tags": [],
        });
        let labelled = carrier.filter(|carrier| carrier.lists_label());
        let label = labelled.map(|_| ("shipping_url", json!(shipway.label_url(self.awb()))));
        with(with(row, self.repeated()), label)
    }

    /// The pushed request of the order.
    fn repeated(&self) -> impl Iterator<Item = (String, Value)> {
        let text = |field: &str| json!(self.order.request.text(field));
        let sent = SENT_FIELDS.map(|(ours, theirs)| (ours.to_owned(), text(theirs)));
        let addresses = [("b", "billing"), ("s", "shipping")].map(|(short, long)| {
            ADDRESS_FIELDS.map(|(ours, theirs)| {
                (format!("{short}_{ours}"), text(&format!("{long}_{theirs}")))
            })
        });
        sent.into_iter().chain(addresses.into_iter().flatten())
    }

    fn scans(&self) -> Value {
        let scans = self.shipment.map(|shipment| shipment.scans.as_slice());
        scans
            .unwrap_or_default()
            .iter()
            .map(|scan| {
                json!({
                    "status": scan.status.description,
                    "datetime": indian_time::of(&scan.time),
                    "sub_status": "",
                })
            })
            .collect()
    }

    fn awb(&self) -> &str {
        self.order.awb.as_deref().unwrap_or_default()
    }

    fn date(&self) -> String {
        let date = self.order.request.text("order_date");
        if date.is_empty() {
            self.order.pushed_at.clone()
        } else {
            date
        }
    }

    /// The order's letter: new, processing, manifested, dispatched. Held and cancelled orders have no letter of their own.
    fn letter(&self) -> &'static str {
        let dispatched = self.shipment.and_then(Shipment::picked_up_at);
        match (self.order.stage, dispatched) {
            (_, Some(_)) => "G",
            (Stage::New | Stage::OnHold | Stage::Cancelled, None) => "O",
            (Stage::Processing, None) => "A",
            (Stage::Manifested, None) => "E",
        }
    }

    fn status(&self) -> Option<&'static Status> {
        match self.order.stage {
            Stage::New => None,
            Stage::OnHold => Some(&status::ON_HOLD),
            Stage::Cancelled => Some(&status::CANCELLED),
            Stage::Processing | Stage::Manifested => self.shipment.map(Shipment::status),
        }
    }

    fn status_code(&self) -> &'static str {
        self.status().map_or("", |status| status.code)
    }
}
