//! Exchanges: one call creates a forward order for the replacement and a return for the article that it replaces. The vendor
//! does not document what a known order id gets; here it is 422, and neither order is created.

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::shiprocket::book::{Book, Order};
use crate::shiprocket::fields::{Reader, is_set};
use crate::shiprocket::kind::Kind;
use crate::shiprocket::order_items::Item;
use crate::shiprocket::order_request::{
    LONGEST_ORDER_ID, OrderRequest, Party, SHORTEST_SIDE, channel,
};
use crate::shiprocket::pickup_locations;
use crate::shiprocket::refusal::Refusal;
use crate::ways::Direction;

/// The number of return reasons.
const REASONS: u32 = 44;

/// Answers `orders/create/exchange`.
pub(super) fn create(book: &mut Book, body: &Value, now: Timestamp) -> Result<Value, Refusal> {
    let (forward, returned) = read(body)?;
    for (field, direction, request) in [
        ("exchange_order_id", Direction::Forward, &forward),
        ("return_order_id", Direction::Return, &returned),
    ] {
        if book.by_order_number(direction, &request.order_id).is_some() {
            let message = format!("The {} has already been taken.", field.replace('_', " "));
            return Err(Refusal::field(field, message));
        }
    }
    let forward = book.enter(forward, now);
    let returned = book.enter(returned, now);
    Ok(json!({
        "success": true,
        "data": { "forward_orders": created(&forward), "return_orders": created(&returned) },
    }))
}

fn created(order: &Order) -> Value {
    json!({
        "order_id": order.id,
        "channel_order_id": order.request.order_id,
        "shipment_id": order.shipment_id,
        "status": order.standing.order.upper_case(),
        "status_code": order.standing.order.id,
        "awb_code": "",
        "courier_company_id": "",
        "courier_name": "",
    })
}

/// Both orders of a valid body.
fn read(body: &Value) -> Result<(OrderRequest, OrderRequest), Refusal> {
    let mut reader = Reader::of(body);
    reader.order_date();
    let pickup_location = reader.location("seller_pickup_location_id");
    let seller = pickup_locations::party(&reader.location("seller_shipping_location_id"));
    let sub_total = reader.number("sub_total");
    let wants_quality_check =
        reader.quality_checks(Kind::Return) || reader.value("qc_check").is_some_and(is_set);
    reader.prepaid();
    reader.reason();
    let articles = reader.articles();
    let replacements = reader.replacements(&articles);
    let order = |order_id, customer, items, sides, weight| OrderRequest {
        kind: Kind::Domestic,
        order_id,
        pickup_location: String::new(),
        customer,
        seller: None,
        items,
        is_cod: false,
        currency: "INR".to_owned(),
        sub_total,
        sides,
        weight,
        wants_quality_check: false,
        lost_its_address: false,
    };
    let forward = order(
        reader.text_up_to("exchange_order_id", LONGEST_ORDER_ID),
        reader.buyer("buyer_shipping"),
        replacements,
        reader.sides("exchange"),
        reader.number_above("exchange_weight", 0.0),
    );
    let returned = order(
        reader.text_up_to("return_order_id", LONGEST_ORDER_ID),
        reader.buyer("buyer_pickup"),
        articles,
        reader.sides("return"),
        reader.number_above("return_weight", 0.0),
    );
    reader.finish()?;
    channel(body)?;
    Ok((
        OrderRequest {
            pickup_location,
            ..forward
        },
        OrderRequest {
            kind: Kind::Return,
            seller: Some(seller),
            wants_quality_check,
            ..returned
        },
    ))
}

/// Checks only for exchanges.
impl Reader<'_> {
    /// The nickname of the location with the id in this field.
    fn location(&mut self, field: &str) -> String {
        let id = self.code(field);
        let nickname = pickup_locations::nickname(&id);
        if nickname.is_none() && !id.is_empty() {
            self.wrong(
                field,
                format!("The selected {} is invalid.", field.replace('_', " ")),
            );
        }
        nickname.unwrap_or_default().to_owned()
    }

    fn buyer(&mut self, role: &str) -> Party {
        Party {
            name: self.text(&format!("{role}_first_name")),
            address: self.text(&format!("{role}_address")),
            city: self.text(&format!("{role}_city")),
            state: self.text(&format!("{role}_state")),
            country: self.text(&format!("{role}_country")),
            pincode: self.code(&format!("{role}_pincode")),
            phone: self.code(&format!("{role}_phone")),
            email: self
                .optional_code(&format!("{role}_email"))
                .unwrap_or_default(),
        }
    }

    fn sides(&mut self, half: &str) -> [f64; 3] {
        ["length", "breadth", "height"]
            .map(|side| self.number_above(&format!("{half}_{side}"), SHORTEST_SIDE))
    }

    fn prepaid(&mut self) {
        let method = self.text("payment_method");
        if !method.is_empty() && !method.eq_ignore_ascii_case("prepaid") {
            self.wrong("payment_method", "The selected payment method is invalid.");
        }
    }

    /// The number of a reason, as a text.
    fn reason(&mut self) {
        let reason = self.text("return_reason");
        let number = reason.parse().ok();
        let is_known = number.is_some_and(|number: u32| (1..=REASONS).contains(&number));
        if !reason.is_empty() && !is_known {
            self.wrong("return_reason", "The selected return reason is invalid.");
        }
    }

    /// The returned articles; the HSN code is mandatory.
    fn articles(&mut self) -> Vec<Item> {
        let items = self.items(Kind::Return);
        for index in 0..items.len() {
            self.code(&format!("order_items.{index}.hsn"));
        }
        items
    }

    /// What replaces them, in the same quantity and at the same price.
    fn replacements(&mut self, articles: &[Item]) -> Vec<Item> {
        let replacement = |(index, article): (usize, &Item)| Item {
            name: self.text(&format!("order_items.{index}.exchange_item_name")),
            sku: self.text(&format!("order_items.{index}.exchange_item_sku")),
            units: article.units,
            selling_price: article.selling_price,
            hsn: article.hsn.clone(),
        };
        articles.iter().enumerate().map(replacement).collect()
    }
}
