//! The account's pickup locations, by nickname.

use serde_json::{Value, json};

use crate::shiprocket::company;
use crate::shiprocket::order_request::Party;

struct PickupLocation {
    id: u32,
    nickname: &'static str,
    city: &'static str,
    state: &'static str,
    pincode: &'static str,
}

/// The first is the account's primary one.
const LOCATIONS: [PickupLocation; 2] = [
    PickupLocation {
        id: 5_210_417,
        nickname: "Primary",
        city: "Bengaluru",
        state: "Karnataka",
        pincode: "560048",
    },
    PickupLocation {
        id: 5_210_418,
        nickname: "Annex",
        city: "Pune",
        state: "Maharashtra",
        pincode: "411014",
    },
];

/// A nickname must match exactly.
pub(super) fn exists(nickname: &str) -> bool {
    LOCATIONS
        .iter()
        .any(|location| location.nickname == nickname)
}

/// The nickname of the location with this id.
pub(super) fn nickname(id: &str) -> Option<&'static str> {
    let mut locations = LOCATIONS.iter();
    let location = locations.find(|location| location.id.to_string() == id)?;
    Some(location.nickname)
}

/// The sender; empty if no location has this nickname.
pub(super) fn party(nickname: &str) -> Party {
    let location = LOCATIONS
        .iter()
        .find(|location| location.nickname == nickname);
    location.map(PickupLocation::party).unwrap_or_default()
}

/// Answers `settings/company/pickup`.
pub(super) fn listed() -> Value {
    json!({ "data": {
        "shipping_address": all(),
        "allow_more": "true",
        "is_blackbox_seller": false,
        "company_name": company::NAME,
        "recent_addresses": [],
    }})
}

/// The answer to an order from an unknown location: 200, although no order was created.
pub(super) fn unknown() -> Value {
    json!({
        "message": "Wrong Pickup location entered. Please choose one location from the data given",
        "data": { "data": all() },
    })
}

fn all() -> Vec<Value> {
    let first = LOCATIONS.first().map(|location| location.id);
    LOCATIONS
        .iter()
        .map(|location| location.listed(first == Some(location.id)))
        .collect()
}

impl PickupLocation {
    fn party(&self) -> Party {
        Party {
            name: company::CONTACT.to_owned(),
            address: company::STREET.to_owned(),
            city: self.city.to_owned(),
            state: self.state.to_owned(),
            country: "India".to_owned(),
            pincode: self.pincode.to_owned(),
            phone: company::PHONE.to_owned(),
            email: company::EMAIL.to_owned(),
        }
    }

    fn listed(&self, is_primary: bool) -> Value {
        json!({
            "id": self.id,
            "pickup_location": self.nickname,
            "address_type": null,
            "address": company::STREET,
            "address_2": "",
            "city": self.city,
            "state": self.state,
            "country": "India",
            "pin_code": self.pincode,
            "email": company::EMAIL,
            "phone": company::PHONE,
            "name": company::CONTACT,
            "company_id": company::ID,
            "status": 1,
            "phone_verified": 1,
            "lat": null,
            "long": null,
            "rto_address_id": self.id,
            "is_primary_location": is_primary,
        })
    }
}
