//! Converts addresses to Clickpost's form and reports what Clickpost does not support.

use crate::aggregators::clickpost::wire::{AddressAbroad, IndianDrop, IndianPickup};
use crate::aggregators::india;
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
const INDIAN_CALLING_CODE: &str = "91";
/// The number of digits of an international phone number.
const PHONE_DIGITS: std::ops::RangeInclusive<usize> = 4..=15;

/// The pickup or drop of a shipment, with its name in our contract.
#[derive(Clone, Copy)]
pub(crate) struct ShipmentEnd<'a> {
    pub(crate) address: &'a Address,
    pub(crate) pointer: &'static str,
}

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

impl<'a> ShipmentEnd<'a> {
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
            pickup_city: &self.address.city,
            pickup_state: indian.state,
            pickup_pincode: indian.pincode,
            pickup_country: INDIA,
            pickup_time: pickup.time,
            tin: pickup.tin,
            pickup_district: self.address.district.as_deref(),
        })
    }

    /// As a domestic drop.
    pub(crate) fn indian_drop(self, violations: &mut Violations) -> Option<IndianDrop<'a>> {
        let indian = self.indian(violations)?;
        Some(IndianDrop {
            drop_name: indian.name,
            drop_phone: indian.phone,
            drop_email: self.address.email.as_ref(),
            drop_address: indian.street,
            drop_city: &self.address.city,
            drop_state: indian.state,
            drop_pincode: indian.pincode,
            drop_country: INDIA,
            drop_district: self.address.district.as_deref(),
        })
    }

    /// As a pickup or drop of an international shipment.
    pub(crate) fn abroad(
        self,
        time: Option<String>,
        email: Option<&'a str>,
        violations: &mut Violations,
    ) -> Option<AddressAbroad<'a>> {
        let country_code = self.address.country_code.as_ref();
        if country_code.is_none() {
            self.wrong(
                violations,
                "countryCode",
                "is required: this account ships across borders",
            );
        }
        let phone = self.phone_abroad(violations);
        let (phone_code, phone) = phone?;
        Some(AddressAbroad {
            name: self.address.full_name(),
            phone,
            phone_code,
            email: self.email().or(email),
            address: self.address.street(),
            city: &self.address.city,
            state: &self.address.state,
            postal_code: &self.address.zip,
            country_code: country_code?.as_str(),
            district: self.address.district.as_deref(),
            time,
        })
    }

    fn indian(self, violations: &mut Violations) -> Option<IndianEnd<'a>> {
        self.check_country(violations);
        let Address { city, state, .. } = self.address;
        self.check_length(violations, "city", city, LONGEST_CITY);
        self.check_length(violations, "state", state, LONGEST_CITY);
        let name = self.address.full_name();
        self.check_length(violations, "firstName", name.expose(), LONGEST_NAME);
        let street = self.address.street();
        self.check_length(violations, "addressLine1", street.expose(), LONGEST_STREET);
        let pincode = self.pincode(violations);
        let phone = self.indian_phone(violations);
        Some(IndianEnd {
            name,
            phone: phone?,
            street,
            state,
            pincode: pincode?,
        })
    }

    fn check_country(self, violations: &mut Violations) {
        const ABROAD: &str = "must be India: this account ships only within India";
        let Address {
            country,
            country_code,
            ..
        } = self.address;
        let named = ["india", "in"].contains(&country.trim().to_lowercase().as_str());
        match country_code {
            Some(code) if code.as_str() != INDIA => self.wrong(violations, "countryCode", ABROAD),
            None if !named => self.wrong(violations, "country", ABROAD),
            Some(_) | None => {}
        }
    }

    fn check_length(self, violations: &mut Violations, field: &str, text: &str, longest: usize) {
        if text.chars().count() > longest {
            let what = match field {
                "firstName" => "with middle and last name ",
                "addressLine1" => "with the other address lines ",
                _ => "",
            };
            let detail = format!("{what}must have at most {longest} characters");
            self.wrong(violations, field, &detail);
        }
    }

    fn pincode(self, violations: &mut Violations) -> Option<String> {
        let found = pincode(&self.address.zip);
        if found.is_none() {
            self.wrong(violations, "zip", NO_PINCODE);
        }
        found
    }

    fn indian_phone(self, violations: &mut Violations) -> Option<Personal> {
        let mobile = self.address.phone.as_ref().and_then(india::mobile);
        if mobile.is_none() {
            self.wrong(
                violations,
                "phone",
                "must be an Indian phone number of 10 digits",
            );
        }
        mobile.map(Personal::from)
    }

    /// The calling code with `+`, and the number without it. If the calling code is unknown, the number is not split.
    fn phone_abroad(self, violations: &mut Violations) -> Option<(Option<String>, Personal)> {
        let Some(written) = self.address.phone.as_ref() else {
            self.wrong(violations, "phone", "is missing");
            return None;
        };
        let Some(phone) = compact(written.expose()) else {
            self.wrong(violations, "phone", "must be a phone number");
            return None;
        };
        let country = self.address.country_code.as_ref();
        let is_indian = country.is_some_and(|code| code.as_str() == INDIA);
        let code = match &self.address.calling_code {
            Some(code) => code.as_str(),
            None if is_indian => INDIAN_CALLING_CODE,
            None => return Some((None, phone.into())),
        };
        let local = match phone.strip_prefix('+') {
            Some(full) => full.strip_prefix(code).map(str::to_owned),
            None if code == INDIAN_CALLING_CODE => india::mobile(written).or(Some(phone)),
            None => Some(phone),
        };
        if local.is_none() {
            self.wrong(
                violations,
                "phoneCode",
                "does not match the calling code at the start of phone",
            );
        }
        Some((Some(format!("+{code}")), local?.into()))
    }

    fn email(self) -> Option<&'a str> {
        self.address.email.as_ref().map(Personal::expose)
    }

    fn wrong(self, violations: &mut Violations, field: &str, detail: &str) {
        violations.add(format!("{}/{field}", self.pointer), detail);
    }
}

/// The error for a postal code that is not an Indian pincode.
pub(crate) const NO_PINCODE: &str = "must be an Indian pincode of 6 digits";

/// The six digits of an Indian pincode, without a space in the middle.
pub(crate) fn pincode(zip: &str) -> Option<String> {
    let digits: String = zip.chars().filter(|c| *c != ' ').collect();
    (digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_digit())).then_some(digits)
}

/// A phone number without separators: digits, after a `+` if it begins with a calling code.
fn compact(phone: &str) -> Option<String> {
    let bare: String = phone
        .chars()
        .filter(|c| !matches!(c, ' ' | '-' | '(' | ')' | '.'))
        .collect();
    let bare = match bare.strip_prefix("00") {
        Some(full) => format!("+{full}"),
        None => bare,
    };
    let digits = bare.strip_prefix('+').unwrap_or(&bare);
    let is_number = digits.bytes().all(|byte| byte.is_ascii_digit());
    (is_number && PHONE_DIGITS.contains(&digits.len())).then_some(bare)
}
