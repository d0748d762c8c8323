//! `POST order`: the documented requirements of a domestic order.

use serde_json::{Value, json};

use crate::shipper::fields::Reader;
use crate::shipper::measure::Volume;
use crate::shipper::place::Place;
use crate::shipper::quote::{Parcel, Quote};
use crate::shipper::rates::Rate;
use crate::shipper::refusal::Refusal;

/// A valid request, and the price that it locks.
#[derive(Debug)]
pub(super) struct OrderRequest {
    pub(super) consignee: Person,
    pub(super) consigner: Person,
    pub(super) origin: End,
    pub(super) destination: End,
    /// The merchant's own id; the vendor does not require it to be unique.
    pub(super) external_id: String,
    pub(super) payment_type: String,
    pub(super) package_type: u64,
    pub(super) items: Vec<Item>,
    pub(super) parcel: Parcel,
    pub(super) quote: Quote,
    body: Value,
}

/// A sender or a receiver.
#[derive(Debug)]
pub(super) struct Person {
    pub(super) name: String,
    pub(super) phone_number: String,
}

/// The address of an end.
#[derive(Debug)]
pub(super) struct End {
    pub(super) address: String,
    pub(super) direction: String,
}

#[derive(Debug)]
pub(super) struct Item {
    pub(super) name: String,
    /// In rupiahs.
    pub(super) price: u64,
    pub(super) qty: u64,
}

impl OrderRequest {
    pub(super) fn read(body: Value) -> Result<Self, Refusal> {
        let mut reader = Reader::of(&body);
        let receiver = person(&mut reader, "consignee");
        let sender = person(&mut reader, "consigner");
        let origin = end(&mut reader, "origin");
        let destination = end(&mut reader, "destination");
        reader.one_of("coverage", &["domestic"]);
        let payment_type = reader.one_of("payment_type", &["postpay", "cash"]);
        let external_id = reader.optional_text("external_id").unwrap_or_default();
        let package_type = reader.whole("package.package_type");
        let items = reader.list("package.items", item);
        let rate_id = reader.whole("courier.rate_id");
        let parcel = parcel(&mut reader);
        reader.finish()?;
        let parcel = parcel.ok_or(Refusal::InvalidRate)?;
        let quote = locked(&parcel, rate_id)?;
        Ok(Self {
            consignee: receiver,
            consigner: sender,
            origin,
            destination,
            external_id,
            payment_type,
            package_type,
            items,
            parcel,
            quote,
            body,
        })
    }

    /// A field as sent.
    pub(super) fn sent(&self, pointer: &str) -> Value {
        self.body.pointer(pointer).cloned().unwrap_or_default()
    }
}

fn person(reader: &mut Reader<'_>, who: &str) -> Person {
    Person {
        name: reader.text(&format!("{who}.name")),
        phone_number: reader.phone(&format!("{who}.phone_number")),
    }
}

impl Person {
    pub(super) fn told(&self) -> Value {
        json!({ "name": self.name, "phone_number": self.phone_number })
    }
}

fn end(reader: &mut Reader<'_>, end: &str) -> End {
    // Prices can do with coordinates, an order cannot.
    reader.whole(&format!("{end}.area_id"));
    End {
        address: reader.address(&format!("{end}.address")),
        direction: reader.direction(&format!("{end}.direction")),
    }
}

fn item(reader: &mut Reader<'_>) -> Item {
    let item = Item {
        name: reader.text("name"),
        price: reader.whole("price"),
        qty: reader.whole("qty"),
    };
    if item.qty == 0 {
        reader.note("qty must be 1 or more");
    }
    item
}

/// `None` only after a note.
fn parcel(reader: &mut Reader<'_>) -> Option<Parcel> {
    let is_cod = reader.optional_flag("courier.cod");
    if is_cod && reader.whole("courier.cod_amount") == 0 {
        reader.note("courier.cod_amount must be above 0");
    }
    let weight = reader.measure("package.weight");
    let volume = Volume::of(reader.sides("package."));
    let value = reader.whole("package.price");
    let wants_insurance = reader.optional_flag("courier.use_insurance");
    let origin = Place::read(reader, "origin");
    let destination = Place::read(reader, "destination");
    Some(Parcel {
        origin: origin?,
        destination: destination?,
        weight,
        volume,
        value,
        is_cod,
        wants_insurance,
    })
}

/// The price of the rate, which the parcel must be able to have.
fn locked(parcel: &Parcel, rate_id: u64) -> Result<Quote, Refusal> {
    let rate = Rate::with_id(rate_id).ok_or(Refusal::InvalidRate)?;
    if rate.kind.needs_coordinates() && !parcel.has_coordinates() {
        return Err(Refusal::invalid(
            "lat and lng of origin and destination are required for this rate",
        ));
    }
    let quote = parcel.quote(rate).ok_or(Refusal::InvalidRate)?;
    if quote.must_use_insurance && !parcel.wants_insurance {
        return Err(Refusal::invalid(
            "courier.use_insurance must be true: insurance is compulsory",
        ));
    }
    Ok(quote)
}
