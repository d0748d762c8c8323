//! Postal codes.

use crate::domain::country::{Country, PostalCodes};
use crate::domain::text::is_invisible;

/// What an Indian postal code must be.
pub const NO_PINCODE: &str = "must be an Indian pincode of 6 digits that does not begin with 0";

/// The digits of an Indian pincode. Blanks, such as the one that people write in its middle, are dropped.
pub fn pincode(text: &str) -> Option<String> {
    let digits: String = text
        .chars()
        .filter(|&c| !c.is_whitespace() && !is_invisible(c))
        .collect();
    let is_pincode = digits.len() == 6
        && !digits.starts_with('0')
        && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_pincode.then_some(digits)
}

/// Why a postal code cannot be the one of an address in this country; an absent one is empty. Nothing but its presence is
/// checked if the country is unknown.
pub fn fault(country: Option<Country>, text: &str) -> Option<&'static str> {
    let is_absent = text.trim().is_empty();
    match country {
        Some(country) if country.is_india() && !is_absent => {
            pincode(text).is_none().then_some(NO_PINCODE)
        }
        Some(country) if country.postal_codes() != PostalCodes::Required => None,
        Some(_) | None => is_absent.then_some("is missing"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault_in(country: &str, text: &str) -> Option<&'static str> {
        fault(Country::named(country), text)
    }

    #[test]
    fn an_indian_pincode_has_six_digits() {
        for text in [
            "682024",
            "682 024",
            " 682024",
            "682\u{a0}024",
            "6 8 2 0 2 4",
            "682024\u{200e}",
        ] {
            assert_eq!(pincode(text).as_deref(), Some("682024"), "{text}");
        }
        for text in [
            "",
            "68202",
            "6820244",
            "082024",
            "000000",
            "68202A",
            "६८२०२४",
            "682-024",
        ] {
            assert_eq!(pincode(text), None, "{text}");
        }
    }

    #[test]
    fn an_address_may_lack_only_the_postal_code_that_its_country_does_not_have() {
        for country in ["India", "United States", "Singapore", "Atlantis"] {
            assert_eq!(fault_in(country, ""), Some("is missing"), "{country}");
        }
        for country in [
            "AE", "Qatar", "HK", "KSA", "KW", "BH", "OM", "JO", "EG", "TH", "PH", "VN", "ID", "IE",
        ] {
            assert_eq!(fault_in(country, ""), None, "{country}");
            assert_eq!(fault_in(country, "Jumeirah"), None, "{country}");
        }
        assert_eq!(fault_in("IN", "12345"), Some(NO_PINCODE));
        assert_eq!(fault_in("US", "12345"), None);
        assert_eq!(fault_in("Atlantis", "1"), None);
    }
}
