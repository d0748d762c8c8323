//! The fields of an order's body, in both spellings: the Indian one with prefixes and the international one. The
//! international recommendation request has the same body.

use serde_json::Value;

use crate::clickpost::fields::{MALFORMED, MISSING, Reader};
use crate::clickpost::items::Item;
use crate::clickpost::refusal::{BAD_REQUEST, Refusal};
use crate::clickpost::version::Version;
use crate::ways::Direction;

const ORDER_TYPES: [&str; 3] = ["PREPAID", "COD", "EXCHANGE"];
const DELIVERY_TYPES: [&str; 2] = ["FORWARD", "RVP"];
const PRIORITIES: [&str; 2] = ["NORMAL", "URGENT"];
const DIMENSIONS: [&str; 4] = ["weight", "length", "breadth", "height"];

/// The stored fields of a valid body.
#[derive(Debug)]
pub(super) struct OrderFields {
    pub(super) direction: Direction,
    pub(super) order_type: String,
    pub(super) cod_value: f64,
    pub(super) invoice_number: String,
    pub(super) currency_code: String,
    pub(super) reference_number: String,
    pub(super) order_id: Option<String>,
    pub(super) channel_name: Option<String>,
    pub(super) pickup_city: String,
    pub(super) drop_city: String,
    pub(super) drop_postal_code: String,
    pub(super) items: Vec<Item>,
}

impl OrderFields {
    /// Reads a body; reports all errors that have the same code as the first one.
    pub(super) fn read(body: &Value, version: Version) -> Result<Self, Refusal> {
        let mut reader = Reader::of(body)?;
        let order_type = reader.order_type("shipment_details.order_type");
        let direction = reader.direction("shipment_details.delivery_type");
        reader.priority();
        reader.parties(version, direction);
        reader.parcel();
        let fields = Self {
            direction,
            cod_value: reader.cod_value(&order_type),
            order_type,
            invoice_number: reader.text("shipment_details.invoice_number", 50),
            currency_code: reader.currency(version)?,
            reference_number: reader.reference_number(),
            order_id: reader.optional_text(&["shipment_details.order_id", "additional.order_id"]),
            channel_name: reader.optional_text(&["additional.channel_name"]),
            pickup_city: reader.text(&version.field("pickup", "city"), 200),
            drop_city: reader.text(&version.field("drop", "city"), 200),
            drop_postal_code: reader.postal_code(version, "drop"),
            items: reader.items(version),
        };
        reader.finish()?;
        Ok(fields)
    }
}

/// Checks only for orders.
impl Reader<'_> {
    pub(super) fn direction(&mut self, path: &str) -> Direction {
        match self.one_of(path, &DELIVERY_TYPES, 309).as_str() {
            "RVP" => Direction::Return,
            _ => Direction::Forward,
        }
    }

    pub(super) fn order_type(&mut self, path: &str) -> String {
        self.one_of(path, &ORDER_TYPES, 307)
    }

    fn priority(&mut self) {
        if self.at("additional.priority").is_some() {
            self.one_of("additional.priority", &PRIORITIES, 308);
        }
    }

    fn parties(&mut self, version: Version, direction: Direction) {
        self.party(version, "pickup");
        self.time(&version.field("pickup", "time"));
        self.party(version, "drop");
        if version == Version::V3 {
            self.sender(direction);
        }
    }

    /// An address without the city and the drop's postal code, which are read where they are stored.
    fn party(&mut self, version: Version, party: &str) {
        self.text(&version.field(party, "name"), 100);
        self.text(&version.field(party, "address"), 500);
        match version {
            Version::V3 => {
                self.digits(&version.field(party, "phone"), &(10..=11));
                self.text(&version.field(party, "state"), 200);
                self.india(&version.field(party, "country"));
            }
            Version::V4 => {
                self.loose(&version.field(party, "phone"));
                self.country_code(&version.field(party, "country_code"));
            }
        }
        if party == "pickup" {
            self.postal_code(version, party);
        }
    }

    /// The tables and the examples use different names for the e-mail address. The tax number is in every example of a forward
    /// order, possibly blank, and in no example of a return.
    fn sender(&mut self, direction: Direction) {
        let addresses = ["pickup_info.email", "pickup_info.pickup_email"];
        if self.optional_text(&addresses).is_none() {
            self.problem(MISSING, "pickup_info.email", "is missing");
        }
        if direction == Direction::Forward && !self.is_text("pickup_info.tin") {
            self.problem(MISSING, "pickup_info.tin", "is missing");
        }
    }

    fn postal_code(&mut self, version: Version, party: &str) -> String {
        match version {
            Version::V3 => self.digits(&version.field(party, "pincode"), &(6..=6)),
            Version::V4 => self.loose(&version.field(party, "postal_code")),
        }
    }

    /// The tables say `IN`, one official example `India`.
    fn india(&mut self, path: &str) {
        self.read(path, "IN", |value| {
            matches!(value.as_str(), Some("IN" | "India")).then_some(())
        });
    }

    fn country_code(&mut self, path: &str) {
        self.read(path, "a country code of two capital letters", |value| {
            value
                .as_str()
                .filter(|code| is_capitals(code, 2))
                .map(|_| ())
        });
    }

    /// An invalid currency is the only error of an international order that is answered HTTP 400.
    fn currency(&mut self, version: Version) -> Result<String, Refusal> {
        if version == Version::V3 {
            return Ok("INR".to_owned());
        }
        let path = "shipment_details.currency_code";
        let code = self.loose(path);
        if code.is_empty() || is_capitals(&code, 3) {
            return Ok(code);
        }
        let message = format!("{path} must be a currency code of three capital letters");
        Err(Refusal::with_http_400(BAD_REQUEST, message))
    }

    fn parcel(&mut self) {
        for dimension in DIMENSIONS {
            self.positive_integer(&format!("shipment_details.{dimension}"));
        }
        self.amount("shipment_details.invoice_value");
        self.date("shipment_details.invoice_date");
    }

    fn cod_value(&mut self, order_type: &str) -> f64 {
        let path = "shipment_details.cod_value";
        let is_there = self.at(path).is_some();
        let value = self.amount(path);
        let is_cash = value > 0.0;
        match order_type {
            "PREPAID" if is_cash => self.problem(315, path, "must be 0 for PREPAID"),
            "COD" if is_there && !is_cash => self.problem(315, path, "must be above 0 for COD"),
            _ => {}
        }
        value
    }

    fn reference_number(&mut self) -> String {
        let path = "shipment_details.reference_number";
        let expected = "a text of printable ASCII alone (Code 39)";
        self.read(path, expected, |value| {
            let text = value.as_str()?;
            text.chars().all(is_code_39).then(|| text.to_owned())
        })
    }
}

fn is_capitals(text: &str, count: usize) -> bool {
    text.len() == count && text.bytes().all(|byte| byte.is_ascii_uppercase())
}

/// Full Code 39: the vendor's examples have lower-case letters, which only the full form supports.
fn is_code_39(character: char) -> bool {
    matches!(character, ' '..='~')
}

/// The reason of a return, from either place: the vendor's example and its tables disagree.
pub(super) fn rvp_reason(body: &Value) -> Result<Option<String>, Refusal> {
    let reader = Reader::of(body)?;
    let reason = reader.optional_text(&["shipment_details.rvp_reason", "additional.rvp_reason"]);
    match &reason {
        Some(reason) if reason.chars().count() > 500 => Err(Refusal::of(
            310,
            "rvp_reason must have at most 500 characters",
        )),
        Some(_) | None => Ok(reason),
    }
}

/// The error for a reference number that is too long for a courier's barcode.
pub(super) fn too_long_a_reference(longest: usize) -> Refusal {
    let message =
        format!("shipment_details.reference_number must have at most {longest} characters");
    Refusal::of(MALFORMED, message)
}
