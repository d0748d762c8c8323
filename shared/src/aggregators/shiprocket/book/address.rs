//! Converts addresses to Shiprocket's form.

use std::collections::BTreeMap;

use crate::aggregators::address::ShipmentEnd;
use crate::aggregators::shiprocket::wire::{
    BillingAddress, PickupAddress, Pincode, ShippingAddress,
};
use crate::domain::account::{LogisticAccount, Region};
use crate::domain::address::Address;
use crate::domain::order::ShipmentRequest;
use crate::domain::personal::Personal;
use crate::domain::phone::PhoneNumber;
use crate::partners::violations::Violations;

const INDIAN_CALLING_CODE: &str = "91";
/// What is sent where addresses have no postal code: Shiprocket requires one in every address and does not say what it is then.
const NO_POSTAL_CODE: &str = "00000";

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
    isd_code: String,
}

/// Converts an address and reports what Shiprocket does not support.
pub(crate) fn contact<'a>(
    violations: &mut Violations,
    pointer: &'static str,
    region: Region,
    address: &'a Address,
) -> ShiprocketAddress<'a> {
    let end = ShipmentEnd { address, pointer };
    if region == Region::Domestic {
        end.check_india(violations);
    }
    let names = [Some(&address.first_name), address.middle_name.as_ref()];
    let phone = phone(violations, region, end);
    let lines = [address.line2.as_ref(), address.line3.as_ref()];
    ShiprocketAddress {
        customer_name: joined(names, " ").unwrap_or_default(),
        last_name: address.last_name.as_ref(),
        address: &address.line1,
        address_2: joined(lines, ", "),
        city: &address.city,
        pincode: pincode(violations, region, end),
        // Shiprocket requires a state in every address; if there is none, the city is sent.
        state: if address.state.is_empty() {
            &address.city
        } else {
            &address.state
        },
        country: end.country_name(),
        phone: phone.national,
        isd_code: format!("+{}", phone.calling_code),
    }
}

impl<'a> ShiprocketAddress<'a> {
    /// The calling code of the phone number.
    pub(crate) fn isd_code(&self) -> String {
        self.isd_code.clone()
    }

    /// As the billing address of an order; with a calling code for international orders.
    pub(crate) fn billing(self, email: Personal, region: Region) -> BillingAddress<'a> {
        let isd_code = Some(self.isd_code).filter(|_| region == Region::International);
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

/// The postal code: of six digits within India, elsewhere as it came.
fn pincode(violations: &mut Violations, region: Region, end: ShipmentEnd<'_>) -> String {
    match region {
        Region::Domestic => end.pincode(violations).unwrap_or_default(),
        Region::International if end.address.zip.trim().is_empty() => NO_POSTAL_CODE.to_owned(),
        Region::International => end.address.zip.clone(),
    }
}

/// The digits after the calling code, which Shiprocket expects separately.
fn phone(violations: &mut Violations, region: Region, end: ShipmentEnd<'_>) -> PhoneNumber {
    let read = match region {
        Region::Domestic => end.indian_phone(violations).map(|national| PhoneNumber {
            calling_code: INDIAN_CALLING_CODE.to_owned(),
            national,
        }),
        Region::International => end.phone_abroad(violations),
    };
    read.unwrap_or_else(|| PhoneNumber {
        calling_code: String::new(),
        national: Personal::default(),
    })
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
