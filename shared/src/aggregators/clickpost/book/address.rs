//! Converts addresses to Clickpost's form and reports what Clickpost does not support.

use crate::aggregators::address::ShipmentEnd;
use crate::aggregators::clickpost::wire::{AddressAbroad, IndianDrop, IndianPickup};
use crate::domain::address::Address;
use crate::domain::personal::Personal;
use crate::partners::violations::Violations;

/// The maximum length of a contact name.
const LONGEST_NAME: usize = 100;
/// The maximum length of an address, with all its lines.
const LONGEST_STREET: usize = 500;
/// The maximum length of a city or state name.
const LONGEST_CITY: usize = 200;
const INDIA: &str = "IN";

/// Additional data of a pickup.
pub(crate) struct PickupExtras<'a> {
    pub(crate) time: String,
    pub(crate) tin: Option<&'a str>,
    pub(crate) email: Option<&'a str>,
}

/// The data that domestic pickups and drops share.
struct IndianEnd<'a> {
    name: Personal,
    phone: Personal,
    street: Personal,
    state: &'a str,
    pincode: String,
}

/// The pickup or drop of a shipment, for Clickpost.
#[derive(Clone, Copy)]
pub(crate) struct ClickpostEnd<'a> {
    pub(crate) end: ShipmentEnd<'a>,
}

impl<'a> ClickpostEnd<'a> {
    /// As a domestic pickup.
    pub(crate) fn indian_pickup(
        self,
        pickup: PickupExtras<'a>,
        violations: &mut Violations,
    ) -> Option<IndianPickup<'a>> {
        let indian = self.indian(violations)?;
        let email = self.email().or(pickup.email).unwrap_or_default();
        Some(IndianPickup {
            pickup_name: indian.name,
            pickup_phone: indian.phone,
            email,
            pickup_email: email,
            pickup_address: indian.street,
            pickup_city: &self.end.address.city,
            pickup_state: indian.state,
            pickup_pincode: indian.pincode,
            pickup_country: INDIA,
            pickup_time: pickup.time,
            tin: pickup.tin,
            pickup_district: self.end.address.district.as_deref(),
        })
    }

    /// As a domestic drop.
    pub(crate) fn indian_drop(self, violations: &mut Violations) -> Option<IndianDrop<'a>> {
        let indian = self.indian(violations)?;
        Some(IndianDrop {
            drop_name: indian.name,
            drop_phone: indian.phone,
            drop_email: self.end.address.email.as_ref(),
            drop_address: indian.street,
            drop_city: &self.end.address.city,
            drop_state: indian.state,
            drop_pincode: indian.pincode,
            drop_country: INDIA,
            drop_district: self.end.address.district.as_deref(),
        })
    }

    /// As a pickup or drop of an international shipment.
    pub(crate) fn abroad(
        self,
        time: Option<String>,
        email: Option<&'a str>,
        violations: &mut Violations,
    ) -> Option<AddressAbroad<'a>> {
        let country_code = self.end.country_code(violations);
        let phone = self.end.phone_abroad(violations)?;
        Some(AddressAbroad {
            name: self.end.address.full_name(),
            phone: phone.national,
            phone_code: format!("+{}", phone.calling_code),
            email: self.email().or(email),
            address: self.end.address.street(),
            city: &self.end.address.city,
            state: &self.end.address.state,
            postal_code: self.area(),
            country_code: country_code?,
            district: self.end.address.district.as_deref(),
            time,
        })
    }

    fn indian(self, violations: &mut Violations) -> Option<IndianEnd<'a>> {
        self.end.check_india(violations);
        let Address { city, state, .. } = self.end.address;
        self.check_length(violations, "city", city, LONGEST_CITY);
        self.check_length(violations, "state", state, LONGEST_CITY);
        let name = self.end.address.full_name();
        self.check_length(violations, "firstName", name.expose(), LONGEST_NAME);
        let street = self.end.address.street();
        self.check_length(violations, "addressLine1", street.expose(), LONGEST_STREET);
        let pincode = self.end.pincode(violations);
        let phone = self.end.indian_phone(violations);
        Some(IndianEnd {
            name,
            phone: phone?,
            street,
            state,
            pincode: pincode?,
        })
    }

    fn check_length(self, violations: &mut Violations, field: &str, text: &str, longest: usize) {
        if text.chars().count() > longest {
            let what = match field {
                "firstName" => "with middle and last name ",
                "addressLine1" => "with the other address lines ",
                _ => "",
            };
            let detail = format!("{what}must have at most {longest} characters");
            self.end.wrong(violations, field, &detail);
        }
    }

    /// The postal code, or what Clickpost takes instead where there is none: the name of the area.
    fn area(self) -> &'a str {
        let Address {
            zip,
            district,
            city,
            ..
        } = self.end.address;
        match (zip.trim(), district) {
            ("", Some(district)) => district,
            ("", None) => city,
            (_, _) => zip,
        }
    }

    fn email(self) -> Option<&'a str> {
        self.end.address.email.as_ref().map(Personal::expose)
    }
}
