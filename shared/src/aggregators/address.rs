//! What adapters need of an address, with one reading and one wording for all of them.

use crate::domain::address::Address;
use crate::domain::country::Country;
use crate::domain::courier::Route;
use crate::domain::personal::Personal;
use crate::domain::phone::{PhoneNumber, WrittenPhone, WrongPhone};
use crate::domain::postal_code::{NO_PINCODE, pincode};
use crate::domain::text::CountryCode;
use crate::partners::violations::Violations;

/// What the country must be for an account that ships only within India.
const ABROAD: &str = "must be India: this account ships only within India";

/// The pickup or the drop of a shipment, with its name in our contract.
#[derive(Debug, Clone, Copy)]
pub struct ShipmentEnd<'a> {
    /// The address.
    pub address: &'a Address,
    /// `/pickupAddress` or `/dropAddress`.
    pub pointer: &'static str,
}

impl<'a> ShipmentEnd<'a> {
    /// Reports another country than India. The code decides if there is one; the name alone is free text.
    pub fn check_india(self, violations: &mut Violations) {
        let is_india = self.address.known_country().is_some_and(Country::is_india);
        if !is_india {
            let field = match self.address.country_code {
                Some(_) => "countryCode",
                None => "country",
            };
            self.wrong(violations, field, ABROAD);
        }
    }

    /// The digits of an Indian pincode.
    pub fn pincode(self, violations: &mut Violations) -> Option<String> {
        let found = pincode(&self.address.zip);
        if found.is_none() {
            self.wrong(violations, "zip", NO_PINCODE);
        }
        found
    }

    /// The ten digits of an Indian phone number.
    pub fn indian_phone(self, violations: &mut Violations) -> Option<Personal> {
        self.phone(violations, WrittenPhone::within_india)
    }

    /// A phone number of any country.
    pub fn phone_abroad(self, violations: &mut Violations) -> Option<PhoneNumber> {
        self.phone(violations, WrittenPhone::anywhere)
    }

    fn phone<T>(
        self,
        violations: &mut Violations,
        read: impl FnOnce(WrittenPhone<'a>) -> Result<T, WrongPhone>,
    ) -> Option<T> {
        let Some(written) = self.address.written_phone() else {
            self.wrong(violations, "phone", "is missing: the courier calls it");
            return None;
        };
        read(written)
            .map_err(|wrong| self.wrong(violations, wrong.field(), &wrong.to_string()))
            .ok()
    }

    /// The two-letter code of the country, by a listed name if the address has none.
    pub fn country_code(self, violations: &mut Violations) -> Option<&'a str> {
        let told = self.address.country_code.as_ref().map(CountryCode::as_str);
        let code = told.or_else(|| Some(self.address.known_country()?.code()));
        if code.is_none() {
            self.wrong(
                violations,
                "countryCode",
                "is required: this account ships across borders",
            );
        }
        code
    }

    /// The English name of the country, or what the client wrote if the country is not known.
    pub fn country_name(self) -> &'a str {
        match self.address.known_country() {
            Some(known) => known.name(),
            None => &self.address.country,
        }
    }

    /// Reports an error of a field.
    pub fn wrong(self, violations: &mut Violations, field: &str, detail: &str) {
        violations.add(format!("{}/{field}", self.pointer), detail);
    }
}

/// The pincodes of a route within India, of the pickup and the drop.
pub fn pincodes_within_india(route: &Route, violations: &mut Violations) -> Option<[String; 2]> {
    let countries = [
        ("/pickupCountryCode", &route.pickup_country),
        ("/dropCountryCode", &route.drop_country),
    ];
    for (pointer, country) in countries {
        if country.as_ref().is_some_and(|code| code.as_str() != "IN") {
            violations.add(pointer, ABROAD);
        }
    }
    let mut read = |pointer, text: &str| {
        let found = pincode(text);
        if found.is_none() {
            violations.add(pointer, NO_PINCODE);
        }
        found
    };
    let pickup = read("/pickupPincode", &route.pickup_pincode);
    let drop = read("/dropPincode", &route.drop_pincode);
    Some([pickup?, drop?])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::fields::read_value;
    use crate::contract::shipment::read_address;
    use crate::partners::failure::PartnerFailure;
    use serde_json::json;

    fn address(country: &str, country_code: Option<&str>) -> Address {
        let body = json!({
            "firstName": "Asha", "addressLine1": "1 MG Road", "city": "Kochi", "state": "Kerala", "zip": "682024",
            "country": country, "countryCode": country_code, "phone": "98470 00001",
        });
        read_value(&body, read_address).unwrap()
    }

    /// The pointer of the error of a domestic account, if there is one.
    fn fault(address: &Address) -> Option<String> {
        let pointer = "/dropAddress";
        let mut violations = Violations::default();
        ShipmentEnd { address, pointer }.check_india(&mut violations);
        match violations.unless_any(Some(())) {
            Err(PartnerFailure::Invalid(found)) => Some(found.first()?.pointer.clone()),
            _ => None,
        }
    }

    #[test]
    fn one_reading_of_india_serves_all_accounts() {
        for name in ["India", "INDIA", "IN", "IND", "Bharat", "Bhārat", "भारत"] {
            let address = address(name, None);
            assert_eq!(fault(&address), None, "{name}");
            let pointer = "/dropAddress";
            let end = ShipmentEnd {
                address: &address,
                pointer,
            };
            assert_eq!(end.country_name(), "India", "{name}");
        }
        assert_eq!(fault(&address("Hindustan", Some("in"))), None);
        for name in ["Singapore", "Indien", "Hindustan"] {
            let pointer = fault(&address(name, None));
            assert_eq!(pointer.as_deref(), Some("/dropAddress/country"), "{name}");
        }
        let pointer = fault(&address("India", Some("SG")));
        assert_eq!(pointer.as_deref(), Some("/dropAddress/countryCode"));
    }

    #[test]
    fn a_country_abroad_has_its_english_name() {
        let pointer = "/dropAddress";
        for (name, code, expected) in [
            ("US", Some("US"), "United States"),
            ("UAE", None, "United Arab Emirates"),
            ("KSA", Some("sa"), "Saudi Arabia"),
            ("Deutschland", Some("DE"), "Germany"),
            ("Deutschland", None, "Deutschland"),
            ("Kosovo", Some("XK"), "Kosovo"),
        ] {
            let address = address(name, code);
            let end = ShipmentEnd {
                address: &address,
                pointer,
            };
            assert_eq!(end.country_name(), expected, "{name}");
        }
    }
}
