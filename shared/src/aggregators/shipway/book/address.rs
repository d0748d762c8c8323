//! Converts addresses to Shipway's form and reports what Shipway does not support.

use crate::aggregators::india;
use crate::aggregators::shipway::wire::ShipwayContact;
use crate::domain::address::Address;
use crate::domain::personal::Personal;
use crate::partners::violations::Violations;

pub(crate) fn contact<'a>(
    address: &'a Address,
    pointer: &str,
    violations: &mut Violations,
) -> Option<ShipwayContact<'a>> {
    check_country(address, pointer, violations);
    let phone = address.phone.as_ref().and_then(india::mobile);
    if phone.is_none() {
        let detail = "must be an Indian mobile number of 10 digits, with or without +91";
        violations.add(format!("{pointer}/phone"), detail);
    }
    let zipcode = pincode(&address.zip);
    if zipcode.is_none() {
        violations.add(format!("{pointer}/zip"), NOT_A_PINCODE);
    }
    Some(ShipwayContact {
        firstname: joined(
            [Some(&address.first_name), address.middle_name.as_ref()],
            " ",
        ),
        lastname: address.last_name.as_ref().map_or("", Personal::expose),
        phone: phone?,
        address: address.line1.expose(),
        address2: joined([address.line2.as_ref(), address.line3.as_ref()], ", "),
        city: &address.city,
        state: &address.state,
        zipcode: zipcode?,
    })
}

fn joined(parts: [Option<&Personal>; 2], between: &str) -> String {
    let parts: Vec<&str> = parts.into_iter().flatten().map(Personal::expose).collect();
    parts.join(between)
}

/// The error for another country.
pub(crate) const NOT_INDIA: &str =
    "must be India: shipping across borders is not supported for Shipway";

/// The error for an invalid pincode.
pub(crate) const NOT_A_PINCODE: &str = "must be an Indian pincode of 6 digits";

/// The country code decides if there is one; the name alone is free text.
fn check_country(address: &Address, pointer: &str, violations: &mut Violations) {
    match &address.country_code {
        Some(code) if code.as_str() == "IN" => {}
        Some(_) => violations.add(format!("{pointer}/countryCode"), NOT_INDIA),
        None => {
            let country = address.country.trim().to_lowercase();
            if !matches!(country.as_str(), "india" | "in" | "ind" | "bharat") {
                violations.add(format!("{pointer}/country"), NOT_INDIA);
            }
        }
    }
}

/// Six digits not beginning with 0; blanks between them are ignored.
pub(crate) fn pincode(zip: &str) -> Option<String> {
    let zip: String = zip.split_whitespace().collect();
    let is_pincode =
        zip.len() == 6 && !zip.starts_with('0') && zip.bytes().all(|byte| byte.is_ascii_digit());
    is_pincode.then_some(zip)
}
