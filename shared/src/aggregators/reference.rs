//! The name of a booking at an aggregator.
//!
//! An aggregator has one name space for forward orders, returns and parcels of an order, and never frees a name, not
//! even after a cancellation. The name of a plain forward order is its order number; others have suffixes, each after a
//! `+`: `+P<code>` for one of several parcels, `+R` for a return, `+2` for the second booking with the same order
//! number. A `+` in the client's own number is doubled, so that no two bookings share a name, and names in pushes can
//! be parsed.

use std::collections::BTreeMap;

use crate::domain::shipment::ShipmentType;
use crate::domain::text::{AggregatorOrderId, Awb, OrderNumber, ShipmentCode};

/// The reference of a booking. An adapter uses the most suitable id for its aggregator.
#[derive(Debug, Clone, Copy)]
pub struct BookingReference<'a> {
    /// Label or return AWB.
    pub shipment_type: ShipmentType,
    /// The client's order number.
    pub order_number: &'a OrderNumber,
    /// One of several parcels of the order.
    pub shipment_code: Option<&'a ShipmentCode>,
    /// How often the order number was booked, including this booking; cancelled ones count.
    pub round: u32,
    /// The aggregator's id, if known.
    pub order_id: Option<&'a AggregatorOrderId>,
    /// The AWB, if known.
    pub awb: Option<&'a Awb>,
    /// The ids from the sequence of creating calls.
    pub reached: &'a BTreeMap<String, String>,
}

impl BookingReference<'_> {
    /// The name of the booking at an aggregator that lets us choose it.
    pub fn name(&self) -> String {
        let mut name = escaped(self.order_number.as_str());
        if let Some(code) = self.shipment_code {
            name.push_str("+P");
            name.push_str(&escaped(code.as_str()));
        }
        if self.shipment_type == ShipmentType::Return {
            name.push_str("+R");
        }
        if self.round > 1 {
            name.push('+');
            name.push_str(&self.round.to_string());
        }
        name
    }
}

fn escaped(text: &str) -> String {
    text.replace('+', "++")
}

/// The content of a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedBooking {
    /// The client's order number.
    pub order_number: OrderNumber,
    /// One of several parcels of the order.
    pub shipment_code: Option<ShipmentCode>,
    /// Forward or return; unknown if we did not create the name.
    pub shipment_type: Option<ShipmentType>,
    /// The booking round that this name belongs to; absent for names that we did not create.
    pub round: Option<u32>,
}

impl NamedBooking {
    /// An order number that is not one of our names.
    pub fn plain(order_number: OrderNumber) -> Self {
        Self {
            order_number,
            shipment_code: None,
            shipment_type: None,
            round: None,
        }
    }
}

/// Parses a name. A name that we did not create is an order number; `None` if it is not a valid one.
pub fn named(name: &str) -> Option<NamedBooking> {
    ours(name).or_else(|| name.parse().ok().map(NamedBooking::plain))
}

fn ours(name: &str) -> Option<NamedBooking> {
    let mut parts = parts(name).into_iter();
    let order_number = parts.next()?.parse().ok()?;
    let mut shipment_code = None;
    let mut shipment_type = ShipmentType::Forward;
    let mut round = 1;
    for part in parts {
        match part.split_at_checked(1)? {
            ("P", code) => shipment_code = Some(code.parse().ok()?),
            ("R", "") => shipment_type = ShipmentType::Return,
            _ => round = part.parse().ok()?,
        }
    }
    Some(NamedBooking {
        order_number,
        shipment_code,
        shipment_type: Some(shipment_type),
        round: Some(round),
    })
}

/// Splits at each single `+`; a doubled one is a literal `+`.
fn parts(name: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut characters = name.chars().peekable();
    while let Some(character) = characters.next() {
        let ends_part = character == '+' && characters.next_if_eq(&'+').is_none();
        if ends_part {
            parts.push(String::new());
        } else if let Some(part) = parts.last_mut() {
            part.push(character);
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn name(shipment_type: ShipmentType, order: &str, code: Option<&str>, round: u32) -> String {
        let order_number = order.parse().unwrap();
        let shipment_code = code.map(|code| code.parse().unwrap());
        let reference = BookingReference {
            shipment_type,
            order_number: &order_number,
            shipment_code: shipment_code.as_ref(),
            round,
            order_id: None,
            awb: None,
            reached: &BTreeMap::new(),
        };
        reference.name()
    }

    #[test]
    fn a_plain_order_is_named_by_its_number_and_others_have_a_suffix() {
        use ShipmentType::{Forward, Return};
        assert_eq!(name(Forward, "A-1", None, 1), "A-1");
        assert_eq!(name(Return, "A-1", None, 1), "A-1+R");
        assert_eq!(name(Return, "A-1", Some("2"), 3), "A-1+P2+R+3");
        assert_eq!(name(Forward, "A+R", None, 1), "A++R");
    }

    #[test]
    fn a_name_that_is_not_ours_is_an_order_number() {
        let foreign = named("web+shop").unwrap();
        assert_eq!(foreign.order_number.as_str(), "web+shop");
        assert_eq!(foreign.shipment_type, None);
        assert_eq!(named(""), None);
    }

    proptest! {
        #[test]
        fn every_name_is_read_back(
            order in "[A-Z+P2 -]{1,12}".prop_filter("trimmed", |text| text.trim().len() == text.len()),
            code in proptest::option::of("[A-Z+R2-]{1,6}"),
            is_return: bool,
            round in 1_u32..12,
        ) {
            let shipment_type = if is_return { ShipmentType::Return } else { ShipmentType::Forward };
            let read = named(&name(shipment_type, &order, code.as_deref(), round)).unwrap();
            prop_assert_eq!(read.order_number.as_str(), order);
            prop_assert_eq!(read.shipment_code.map(|code| code.as_str().to_owned()), code);
            prop_assert_eq!(read.shipment_type, Some(shipment_type));
            prop_assert_eq!(read.round, Some(round));
        }
    }
}
