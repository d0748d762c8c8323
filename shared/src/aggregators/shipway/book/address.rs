//! Converts addresses to Shipway's form and reports what Shipway does not support.

use crate::aggregators::address::ShipmentEnd;
use crate::aggregators::shipway::wire::ShipwayContact;
use crate::domain::address::Address;
use crate::domain::personal::Personal;
use crate::partners::violations::Violations;

pub(crate) fn contact<'a>(
    address: &'a Address,
    pointer: &'static str,
    violations: &mut Violations,
) -> Option<ShipwayContact<'a>> {
    let end = ShipmentEnd { address, pointer };
    end.check_india(violations);
    let phone = end.indian_phone(violations);
    let zipcode = end.pincode(violations);
    Some(ShipwayContact {
        firstname: joined(
            [Some(&address.first_name), address.middle_name.as_ref()],
            " ",
        ),
        lastname: address.last_name.as_ref().map_or("", Personal::expose),
        phone: phone?.expose().to_owned(),
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
