//! Converts addresses to Shiprocket's form.

use std::collections::BTreeMap;

use crate::aggregators::india::mobile;
use crate::aggregators::shiprocket::wire::{
    BillingAddress, PickupAddress, Pincode, ShippingAddress,
};
use crate::domain::account::{LogisticAccount, Region};
use crate::domain::address::Address;
use crate::domain::order::ShipmentRequest;
use crate::domain::personal::Personal;
use crate::domain::text::Text;
use crate::partners::violations::Violations;

/// An address in Shiprocket's form.
#[derive(Clone)]
pub(crate) struct ShiprocketAddress<'a> {
    customer_name: Personal,
    last_name: Option<&'a Personal>,
    address: &'a Personal,
    address_2: Option<Personal>,
    city: &'a str,
    pincode: String,
    state: &'a str,
    country: &'a str,
    phone: Personal,
}

/// Converts an address and reports what Shiprocket does not support.
pub(crate) fn contact<'a>(
    violations: &mut Violations,
    pointer: &str,
    region: Region,
    address: &'a Address,
) -> ShiprocketAddress<'a> {
    let names = [Some(&address.first_name), address.middle_name.as_ref()];
    let lines = [address.line2.as_ref(), address.line3.as_ref()];
    ShiprocketAddress {
        customer_name: joined(names, " ").unwrap_or_default(),
        last_name: address.last_name.as_ref(),
        address: &address.line1,
        address_2: joined(lines, ", "),
        city: &address.city,
        pincode: pincode(violations, pointer, region, &address.zip),
        // Shiprocket requires a state in every address; if there is none, the city is sent.
        state: if address.state.is_empty() {
            &address.city
        } else {
            &address.state
        },
        country: country(&address.country),
        phone: phone(violations, pointer, region, address),
    }
}

impl<'a> ShiprocketAddress<'a> {
    /// As the billing address of an order; with a calling code for international orders.
    pub(crate) fn billing(self, email: Personal, isd_code: Option<String>) -> BillingAddress<'a> {
        let indian = self.pincode.parse().ok().filter(|_| isd_code.is_none());
        BillingAddress {
            customer_name: self.customer_name,
            last_name: self.last_name,
            address: self.address,
            address_2: self.address_2,
            city: self.city,
            pincode: indian.map_or(Pincode::Foreign(self.pincode), Pincode::Indian),
            state: self.state,
            country: self.country,
            email,
            phone: self.phone,
            isd_code,
        }
    }

    /// As the shipping address.
    pub(crate) fn shipping(self, email: Option<Personal>) -> ShippingAddress<'a> {
        ShippingAddress {
            customer_name: self.customer_name,
            last_name: self.last_name,
            address: self.address,
            address_2: self.address_2,
            city: self.city,
            pincode: self.pincode,
            state: self.state,
            country: self.country,
            email,
            phone: self.phone,
        }
    }

    /// As an address of the buyer in an exchange, whose fields begin with `role`.
    pub(crate) fn buyer(self, role: &str, email: Option<Personal>) -> BTreeMap<String, Personal> {
        let fields = [
            ("first_name", Some(self.customer_name)),
            ("last_name", self.last_name.cloned()),
            ("email", email),
            ("address", Some(self.address.clone())),
            ("address_2", self.address_2),
            ("city", Some(Personal::from(self.city.to_owned()))),
            ("state", Some(Personal::from(self.state.to_owned()))),
            ("country", Some(Personal::from(self.country.to_owned()))),
            ("pincode", Some(Personal::from(self.pincode))),
            ("phone", Some(self.phone)),
        ];
        let named =
            |(name, value): (&str, Option<Personal>)| Some((format!("{role}_{name}"), value?));
        fields.into_iter().filter_map(named).collect()
    }

    /// As the pickup address of a return.
    pub(crate) fn pickup(self, email: Personal) -> PickupAddress<'a> {
        PickupAddress {
            customer_name: self.customer_name,
            last_name: self.last_name,
            address: self.address,
            address_2: self.address_2,
            city: self.city,
            pincode: self.pincode,
            state: self.state,
            country: self.country,
            email,
            phone: self.phone,
        }
    }
}

fn joined(parts: [Option<&Personal>; 2], between: &str) -> Option<Personal> {
    let parts: Vec<&str> = parts.into_iter().flatten().map(Personal::expose).collect();
    (!parts.is_empty()).then(|| Personal::from(parts.join(between)))
}

/// The pincode without a space in the middle.
fn pincode(violations: &mut Violations, pointer: &str, region: Region, zip: &str) -> String {
    if region == Region::International {
        return zip.to_owned();
    }
    let digits = zip.replace(' ', "");
    let is_pincode = digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_digit());
    if !is_pincode {
        violations.add(format!("{pointer}/zip"), "must be a pincode of 6 digits");
    }
    digits
}

/// Shiprocket identifies countries by name.
fn country(country: &str) -> &str {
    let is_code = ["IN", "IND"]
        .iter()
        .any(|code| country.eq_ignore_ascii_case(code));
    if is_code { "India" } else { country }
}

fn phone(
    violations: &mut Violations,
    pointer: &str,
    region: Region,
    address: &Address,
) -> Personal {
    let pointer = format!("{pointer}/phone");
    let Some(phone) = &address.phone else {
        violations.add(pointer, "is required by Shiprocket");
        return Personal::default();
    };
    let (digits, right) = match region {
        Region::Domestic => (mobile(phone), "must be an Indian phone number of 10 digits"),
        Region::International => (
            foreign_number(phone.expose(), address),
            "must be a phone number of at most 15 digits",
        ),
    };
    if digits.is_none() {
        violations.add(pointer, right);
    }
    Personal::from(digits.unwrap_or_default())
}

/// The digits of an international number without its calling code, which Shiprocket expects separately.
fn foreign_number(phone: &str, address: &Address) -> Option<String> {
    let is_number = |character: char| {
        character.is_ascii_digit() || matches!(character, ' ' | '-' | '+' | '(' | ')' | '.')
    };
    let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
    let international = match phone.trim_start().strip_prefix('+') {
        Some(_) => Some(digits.as_str()),
        None => digits.strip_prefix("00"),
    };
    let code = address.calling_code.as_ref().map_or("", Text::as_str);
    let local = international.and_then(|digits| digits.strip_prefix(code));
    let local = local.unwrap_or(&digits);
    ((1..=15).contains(&local.len()) && phone.chars().all(is_number)).then(|| local.to_owned())
}

/// The calling code of an international address.
pub(crate) fn isd_code(address: &Address) -> String {
    let code = address.calling_code.as_ref().map_or("", Text::as_str);
    format!("+{code}")
}

/// The contact's e-mail address, otherwise the account's default, because Shiprocket requires one.
pub(crate) fn email(
    violations: &mut Violations,
    pointer: &str,
    account: &LogisticAccount,
    request: &ShipmentRequest,
    address: &Address,
) -> Personal {
    let usual = || account.setting("defaultEmail", request.warehouse.as_ref());
    let email = address
        .email
        .clone()
        .or_else(|| Some(Personal::from(usual()?.to_owned())));
    email.unwrap_or_else(|| {
        violations.add(
            format!("{pointer}/email"),
            "is required by Shiprocket: send it, or set defaultEmail in the account's settings",
        );
        Personal::default()
    })
}
