//! Converts an address to Shipper's form and reports what Shipper does not support.

use crate::aggregators::address::ShipmentEnd;
use crate::aggregators::shipper::units::{PlacePointers, place};
use crate::aggregators::shipper::wire::{ShipperContact, ShipperEnd};
use crate::domain::address::Address;
use crate::domain::personal::Personal;
use crate::partners::violations::Violations;

const COUNTRY: &str = "ID";
const CALLING_CODE: &str = "62";
const ABROAD: &str = "must be Indonesia: this account ships only within Indonesia";
const FOREIGN_PHONE: &str =
    "must be an Indonesian phone number, because this account ships only within Indonesia";
/// The symbols that Shipper accepts in an address, besides letters, digits and blanks.
const SYMBOLS: &str = "#&'.-=+,()";

/// The names of an address in our contract.
#[derive(Debug)]
pub(crate) struct ShipperAddress {
    pointer: &'static str,
    place: PlacePointers,
}

impl ShipperAddress {
    /// Where the parcel is fetched.
    pub(crate) const PICKUP: Self = Self {
        pointer: "/pickupAddress",
        place: PlacePointers {
            area: "/pickupAddress/areaId",
            latitude: "/pickupAddress/latitude",
            longitude: "/pickupAddress/longitude",
        },
    };
    /// Where the parcel is delivered.
    pub(crate) const DROP: Self = Self {
        pointer: "/dropAddress",
        place: PlacePointers {
            area: "/dropAddress/areaId",
            latitude: "/dropAddress/latitude",
            longitude: "/dropAddress/longitude",
        },
    };
}

/// An address in Shipper's two parts.
pub(crate) struct ShipperParty {
    pub(crate) contact: ShipperContact,
    pub(crate) end: ShipperEnd,
}

/// Converts an address.
pub(crate) fn adapted(
    address: &Address,
    named: &ShipperAddress,
    violations: &mut Violations,
) -> Option<ShipperParty> {
    let end = ShipmentEnd {
        address,
        pointer: named.pointer,
    };
    check_country(end, violations);
    let phone = phone(end, violations);
    let street = street(end, violations);
    let place = place(address.place, named.place, violations);
    Some(ShipperParty {
        contact: ShipperContact {
            name: address.full_name().expose().to_owned(),
            phone_number: phone?,
        },
        end: ShipperEnd {
            address: street?,
            place: place?,
        },
    })
}

fn check_country(end: ShipmentEnd<'_>, violations: &mut Violations) {
    let country = end.address.known_country();
    if country.is_none_or(|country| country.code() != COUNTRY) {
        let field = match end.address.country_code {
            Some(_) => "countryCode",
            None => "country",
        };
        end.wrong(violations, field, ABROAD);
    }
}

/// The digits after the calling code 62, with it.
fn phone(end: ShipmentEnd<'_>, violations: &mut Violations) -> Option<String> {
    let phone = end.phone_abroad(violations)?;
    if phone.calling_code != CALLING_CODE {
        end.wrong(violations, "phone", FOREIGN_PHONE);
        return None;
    }
    Some(format!("{CALLING_CODE}{}", phone.national.expose()))
}

/// The lines of the address with the symbols that Shipper accepts: a stroke becomes a hyphen, as in `RT 01/RW 02`, any
/// other symbol a blank.
fn street(end: ShipmentEnd<'_>, violations: &mut Violations) -> Option<String> {
    let street = end.address.street();
    let accepted = |character: char| {
        if character.is_alphanumeric() || SYMBOLS.contains(character) {
            character
        } else if character == '/' {
            '-'
        } else {
            ' '
        }
    };
    let street: String = Personal::expose(&street).chars().map(accepted).collect();
    let words: Vec<&str> = street.split_whitespace().collect();
    let street = words.join(" ");
    let says_something = street.chars().any(char::is_alphanumeric);
    if !says_something {
        end.wrong(
            violations,
            "addressLine1",
            "must have letters or digits: Shipper accepts no other symbols than # & ' . - = + , ( )",
        );
    }
    says_something.then_some(street)
}
