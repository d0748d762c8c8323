//! The request for an order and Shiprocket's requirements: forward, international, or a return.

use jiff::civil::{Date, DateTime};
use serde_json::Value;

use crate::shiprocket::fields::Reader;
use crate::shiprocket::kind::Kind;
use crate::shiprocket::order_items::Item;
use crate::shiprocket::refusal::Refusal;

/// The account's only sales channel.
pub(super) const CHANNEL_ID: u32 = 4_917_302;

pub(super) const LONGEST_ORDER_ID: usize = 50;
const LONGEST_PICKUP_LOCATION: usize = 36;
const LONGEST_CITY: usize = 30;

/// In centimetres; a side must be longer.
pub(super) const SHORTEST_SIDE: f64 = 0.5;

/// The stored fields of a valid request.
#[derive(Debug)]
pub(super) struct OrderRequest {
    pub(super) kind: Kind,
    /// The merchant's order id.
    pub(super) order_id: String,
    /// The nickname of the location; empty for a return, which is picked up at the customer.
    pub(super) pickup_location: String,
    /// The recipient of a forward order, or the sender of a return.
    pub(super) customer: Party,
    /// The recipient of a return.
    pub(super) seller: Option<Party>,
    pub(super) items: Vec<Item>,
    pub(super) is_cod: bool,
    pub(super) currency: String,
    pub(super) sub_total: f64,
    /// Length, breadth, height; centimetres.
    pub(super) sides: [f64; 3],
    /// Kilograms.
    pub(super) weight: f64,
    pub(super) wants_quality_check: bool,
    /// International only: the order was created, but its address was lost, so no courier can be assigned.
    pub(super) lost_its_address: bool,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Party {
    pub(super) name: String,
    pub(super) address: String,
    pub(super) city: String,
    pub(super) state: String,
    pub(super) country: String,
    pub(super) pincode: String,
    pub(super) phone: String,
    pub(super) email: String,
}

impl OrderRequest {
    /// Reads a body; reports every missing or invalid field.
    pub(super) fn read(body: &Value, kind: Kind) -> Result<Self, Refusal> {
        let mut reader = Reader::of(body);
        let order_id = reader.text_up_to("order_id", LONGEST_ORDER_ID);
        reader.order_date();
        let pickup_location = reader.pickup_location(kind);
        let (customer, seller) = reader.parties(kind);
        let request = Self {
            kind,
            order_id,
            pickup_location,
            customer,
            seller,
            items: reader.items(kind),
            is_cod: reader.is_cod(kind),
            currency: reader.currency(kind),
            sub_total: reader.number("sub_total"),
            sides: ["length", "breadth", "height"]
                .map(|side| reader.number_above(side, SHORTEST_SIDE)),
            weight: reader.number_above("weight", 0.0),
            wants_quality_check: reader.quality_checks(kind),
            lost_its_address: kind == Kind::International && reader.lacks_delivery(),
        };
        reader.optional_one_of("order_type", &["ESSENTIALS", "NON ESSENTIALS"]);
        reader.finish()?;
        channel(body)?;
        Ok(request)
    }

    pub(super) fn destination(&self) -> &Party {
        self.seller.as_ref().unwrap_or(&self.customer)
    }
}

/// Refuses an unknown channel.
pub(super) fn channel(body: &Value) -> Result<(), Refusal> {
    let channel = Reader::of(body).optional_code("channel_id");
    match channel {
        Some(channel) if channel != CHANNEL_ID.to_string() => {
            Err(Refusal::invalid("Given channel id does not exist"))
        }
        Some(_) | None => Ok(()),
    }
}

/// Checks only for these requests.
impl Reader<'_> {
    /// `YYYY-MM-DD`, with or without `HH:MM`.
    pub(super) fn order_date(&mut self) {
        let date = self.text("order_date");
        let is_read = Date::strptime("%Y-%m-%d", &date).is_ok()
            || DateTime::strptime("%Y-%m-%d %H:%M", &date).is_ok();
        if !date.is_empty() && !is_read {
            self.wrong("order_date", "The order date is not a valid date.");
        }
    }

    fn pickup_location(&mut self, kind: Kind) -> String {
        match kind {
            Kind::Domestic | Kind::International => {
                self.text_up_to("pickup_location", LONGEST_PICKUP_LOCATION)
            }
            Kind::Return => String::new(),
        }
    }

    /// The customer, and for a return the seller.
    fn parties(&mut self, kind: Kind) -> (Party, Option<Party>) {
        if kind == Kind::Return {
            let mut seller = self.party("shipping");
            seller.email = self.optional_code("shipping_email").unwrap_or_default();
            let mut customer = self.party("pickup");
            customer.email = self.text("pickup_email");
            return (customer, Some(seller));
        }
        let mut billing = self.party("billing");
        billing.email = self.text("billing_email");
        if billing.city.chars().count() > LONGEST_CITY {
            let message = "The billing city may not be greater than 30 characters.";
            self.wrong("billing_city", message);
        }
        if kind == Kind::International {
            self.country_by_name("billing_country", &billing.country);
        }
        if self.flag("shipping_is_billing") != Some(false) {
            return (billing, None);
        }
        let mut shipping = self.party("shipping");
        shipping.email = self.optional_code("shipping_email").unwrap_or_default();
        if kind == Kind::International {
            self.country_by_name("shipping_country", &shipping.country);
        }
        (shipping, None)
    }

    fn party(&mut self, prefix: &str) -> Party {
        Party {
            name: self.text(&format!("{prefix}_customer_name")),
            address: self.text(&format!("{prefix}_address")),
            city: self.text(&format!("{prefix}_city")),
            state: self.text(&format!("{prefix}_state")),
            country: self.text(&format!("{prefix}_country")),
            pincode: self.code(&format!("{prefix}_pincode")),
            phone: self.code(&format!("{prefix}_phone")),
            email: String::new(),
        }
    }

    /// International orders have the country's name; only serviceability uses its code.
    fn country_by_name(&mut self, field: &str, country: &str) {
        if (1..=3).contains(&country.chars().count()) {
            let message = format!("The selected {} is invalid.", field.replace('_', " "));
            self.wrong(field, message);
        }
    }

    /// The delivery address of an international order is taken from its own fields; the flag is accepted and ignored. Without
    /// the dialling code the address and the phone are dropped.
    fn lacks_delivery(&self) -> bool {
        ["isd_code", "shipping_pincode", "shipping_phone"]
            .iter()
            .any(|field| self.value(field).is_none())
    }

    fn is_cod(&mut self, kind: Kind) -> bool {
        let method = self.text("payment_method");
        let allowed = match kind {
            Kind::Domestic => ["COD", "Prepaid"].contains(&method.as_str()),
            Kind::International => method == "Prepaid",
            Kind::Return => method.eq_ignore_ascii_case("Prepaid"),
        };
        if !allowed && !method.is_empty() {
            self.wrong("payment_method", "The selected payment method is invalid.");
        }
        method == "COD"
    }

    fn currency(&mut self, kind: Kind) -> String {
        if kind != Kind::International {
            return "INR".to_owned();
        }
        self.optional_one_of("reasonOfExport", &["0", "1", "2", "3"]);
        self.optional_one_of("Terms_Of_Invoice", &["FOB", "CIF"]);
        self.optional_one_of("igstPaymentStatus", &["A", "B", "C"]);
        self.text("currency")
    }
}
