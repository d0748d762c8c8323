//! The name of a booking at an aggregator.
//!
//! An aggregator has one name space for forward orders, returns and parcels of an order, and never frees a name, not
//! even after a cancellation. The name of a plain forward order is its order number; others have suffixes: `-.P<code>` for
//! one of several parcels, `-.R` for a return, `-.2` for the second booking with the same order number. What looks like the
//! mark of a suffix in the client's own number is changed, so that no two bookings share a name, and names in pushes can be
//! parsed.
//!
//! Names are printed as Code 39. Its readers can take a `+`, `$`, `%` or `/` and the letter after it for another
//! character, so that older names, `+R`, are read as a small letter. Bookings that have such a name keep it
//! ([`Naming`]).

use std::collections::BTreeMap;

use crate::domain::naming::Naming;
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
    /// How its name is written.
    pub naming: Naming,
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
        let mark = self.naming.mark();
        let mut name = self.escaped(self.order_number.as_str());
        if let Some(code) = self.shipment_code {
            let code = self.escaped(code.as_str());
            name.extend([mark, "P", &code]);
        }
        if self.shipment_type == ShipmentType::Return {
            name.extend([mark, "R"]);
        }
        if self.round > 1 {
            name.extend([mark, &self.round.to_string()]);
        }
        name
    }

    /// A text without marks: a `+` is doubled, in both forms, so that the name of a plain order is the same in both; the
    /// full stop of a `-.` is doubled.
    fn escaped(&self, text: &str) -> String {
        let text = text.replace('+', "++");
        match self.naming {
            Naming::Plus => text,
            Naming::Dash => text.replace("-.", "-.."),
        }
    }
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

/// Parses a name in any form. A name that we did not create is an order number; `None` if it is not a valid one.
pub fn named(name: &str) -> Option<NamedBooking> {
    ours(parts(name))
        .or_else(|| ours(older_parts(name)))
        .or_else(|| name.parse().ok().map(NamedBooking::plain))
}

fn ours(parts: Vec<String>) -> Option<NamedBooking> {
    let mut parts = parts.into_iter();
    let order_number = parts.next()?.parse().ok()?;
    let mut shipment_code = None;
    let mut shipment_type = ShipmentType::Forward;
    let mut round = 1;
    for part in parts {
        match part.split_at_checked(1)? {
            ("P", code) => shipment_code = Some(code.parse().ok()?),
            ("R", "") => shipment_type = ShipmentType::Return,
            _ => round = part.parse().ok().filter(|round| *round > 1)?,
        }
    }
    Some(NamedBooking {
        order_number,
        shipment_code,
        shipment_type: Some(shipment_type),
        round: Some(round),
    })
}

/// Splits at each mark of both forms: a single `+`, or a `-.` that no full stop follows.
fn parts(name: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut rest = name;
    while let Some(character) = rest.chars().next() {
        let literals = [("++", "+"), ("-..", "-.")];
        let literal = literals
            .into_iter()
            .find(|(doubled, _)| rest.starts_with(doubled));
        let marks = [Naming::Plus.mark(), Naming::Dash.mark()];
        let mark = marks.into_iter().find(|mark| rest.starts_with(mark));
        let length = match (literal, mark) {
            (Some((doubled, text)), _) => {
                push(&mut parts, text);
                doubled.len()
            }
            (None, Some(mark)) => {
                parts.push(String::new());
                mark.len()
            }
            (None, None) => {
                push(&mut parts, character.encode_utf8(&mut [0; 4]));
                character.len_utf8()
            }
        };
        rest = rest.get(length..).unwrap_or_default();
    }
    parts
}

fn push(parts: &mut [String], text: &str) {
    if let Some(part) = parts.last_mut() {
        part.push_str(text);
    }
}

/// Splits at each single `+`; a doubled one is a literal `+`.
fn older_parts(name: &str) -> Vec<String> {
    let kept = name.replace("++", "\u{0}");
    kept.split('+')
        .map(|part| part.replace('\u{0}', "+"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn name(
        naming: Naming,
        shipment_type: ShipmentType,
        order: &str,
        code: Option<&str>,
        round: u32,
    ) -> String {
        let order_number = order.parse().unwrap();
        let shipment_code = code.map(|code| code.parse().unwrap());
        let reference = BookingReference {
            shipment_type,
            order_number: &order_number,
            shipment_code: shipment_code.as_ref(),
            round,
            naming,
            order_id: None,
            awb: None,
            reached: &BTreeMap::new(),
        };
        reference.name()
    }

    #[test]
    fn a_plain_order_is_named_by_its_number_and_others_have_a_suffix() {
        use ShipmentType::{Forward, Return};
        for naming in [Naming::Plus, Naming::Dash] {
            assert_eq!(name(naming, Forward, "A-1", None, 1), "A-1");
            assert_eq!(name(naming, Forward, "A+R", None, 1), "A++R");
        }
        let dash = Naming::Dash;
        assert_eq!(name(dash, Return, "A-1", None, 1), "A-1-.R");
        assert_eq!(name(dash, Return, "A-1", Some("2"), 3), "A-1-.P2-.R-.3");
        assert_eq!(name(dash, Forward, "A-.R", None, 1), "A-..R");
        assert_eq!(name(dash, Return, "A-", None, 1), "A--.R");
    }

    #[test]
    fn names_of_older_bookings_stay_and_are_read() {
        use ShipmentType::{Forward, Return};
        let plus = Naming::Plus;
        assert_eq!(name(plus, Return, "A-1", Some("2"), 3), "A-1+P2+R+3");
        for (old, order, code, shipment_type, round) in [
            ("A-1+R", "A-1", None, Return, 1),
            ("A-1+P2+R+3", "A-1", Some("2"), Return, 3),
            ("A-1+2", "A-1", None, Forward, 2),
            ("A++1+R", "A+1", None, Return, 1),
            ("A-.1+R", "A-.1", None, Return, 1),
        ] {
            let read = named(old).unwrap();
            assert_eq!(read.order_number.as_str(), order, "{old}");
            assert_eq!(read.shipment_code.as_ref().map(ShipmentCode::as_str), code);
            assert_eq!(read.shipment_type, Some(shipment_type), "{old}");
            assert_eq!(read.round, Some(round), "{old}");
        }
    }

    #[test]
    fn a_suffix_has_only_what_every_reader_of_code_39_takes_as_it_is() {
        let name = name(Naming::Dash, ShipmentType::Return, "A1", Some("2"), 3);
        let survives = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || "-. ".contains(c);
        assert!(name.chars().all(survives), "{name}");
    }

    #[test]
    fn a_name_that_is_not_ours_is_an_order_number() {
        for name in ["web+shop", "web-.shop", "A-.", "A+1", "A+"] {
            let foreign = named(name).unwrap();
            assert_eq!(foreign.order_number.as_str(), name);
            assert_ne!(foreign.shipment_type, Some(ShipmentType::Return));
        }
        assert_eq!(named("web+shop").unwrap().shipment_type, None);
        assert_eq!(named(""), None);
    }

    proptest! {
        #[test]
        fn every_name_is_read_back(
            order in "[A-Z+P2 .-]{1,12}".prop_filter("trimmed", |text| text.trim().len() == text.len()),
            code in proptest::option::of("[A-Z+R2.-]{1,6}"),
            is_return: bool,
            round in 1_u32..12,
        ) {
            let shipment_type = if is_return { ShipmentType::Return } else { ShipmentType::Forward };
            let name = name(Naming::Dash, shipment_type, &order, code.as_deref(), round);
            let read = named(&name).unwrap();
            prop_assert_eq!(read.order_number.as_str(), order);
            prop_assert_eq!(read.shipment_code.map(|code| code.as_str().to_owned()), code);
            prop_assert_eq!(read.shipment_type, Some(shipment_type));
            prop_assert_eq!(read.round, Some(round));
        }

        #[test]
        fn every_older_name_is_read_back(
            order in "[A-Z+P2 -]{1,12}".prop_filter("trimmed", |text| text.trim().len() == text.len()),
            code in proptest::option::of("[A-Z+R2-]{1,6}"),
            is_return: bool,
            round in 1_u32..12,
        ) {
            let shipment_type = if is_return { ShipmentType::Return } else { ShipmentType::Forward };
            let name = name(Naming::Plus, shipment_type, &order, code.as_deref(), round);
            let read = named(&name).unwrap();
            prop_assert_eq!(read.order_number.as_str(), order);
            prop_assert_eq!(read.shipment_code.map(|code| code.as_str().to_owned()), code);
            prop_assert_eq!(read.shipment_type, Some(shipment_type));
            prop_assert_eq!(read.round, Some(round));
        }
    }
}
