//! The pickup and drop addresses of a shipment.

use crate::domain::country::Country;
use crate::domain::personal::Personal;
use crate::domain::phone::WrittenPhone;
use crate::domain::place::Place;
use crate::domain::text::{CallingCode, CountryCode, Text};

/// A postal address with its contact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// First name of the contact.
    pub first_name: Personal,
    /// Middle name of the contact.
    pub middle_name: Option<Personal>,
    /// Last name of the contact.
    pub last_name: Option<Personal>,
    /// First line of the address.
    pub line1: Personal,
    /// Second line of the address.
    pub line2: Option<Personal>,
    /// Third line of the address.
    pub line3: Option<Personal>,
    /// City.
    pub city: String,
    /// State, province or emirate; empty if the country has none.
    pub state: String,
    /// Pincode or postal code; empty if the country has none.
    pub zip: String,
    /// Country, as the client writes it.
    pub country: String,
    /// E-mail address of the contact.
    pub email: Option<Personal>,
    /// Phone number of the contact.
    pub phone: Option<Personal>,
    /// The country, as a code.
    pub country_code: Option<CountryCode>,
    /// The calling code of the phone number.
    pub calling_code: Option<CallingCode>,
    /// District, if the address has one.
    pub district: Option<String>,
    /// Where it is, for aggregators that need more than the postal code.
    pub place: Place,
}

impl Address {
    /// The country, by its code, or by a listed name if there is no code; `None` if neither is known.
    pub fn known_country(&self) -> Option<Country> {
        match &self.country_code {
            Some(code) => Country::of_code(code),
            None => Country::named(&self.country),
        }
    }

    /// The phone number, with what says its calling code.
    pub fn written_phone(&self) -> Option<WrittenPhone<'_>> {
        Some(WrittenPhone {
            number: self.phone.as_ref()?,
            calling_code: self.calling_code.as_ref().map(Text::as_str),
            country: self.known_country(),
        })
    }

    /// Everything that tells a person.
    pub fn personal(&self) -> impl Iterator<Item = &Personal> {
        let given = [
            &self.middle_name,
            &self.last_name,
            &self.line2,
            &self.line3,
            &self.email,
            &self.phone,
        ];
        let given = given.into_iter().flatten();
        [&self.first_name, &self.line1].into_iter().chain(given)
    }

    /// First, middle and last name.
    pub fn full_name(&self) -> Personal {
        joined(
            [
                Some(&self.first_name),
                self.middle_name.as_ref(),
                self.last_name.as_ref(),
            ],
            " ",
        )
    }

    /// The lines of the address, joined.
    pub fn street(&self) -> Personal {
        joined(
            [Some(&self.line1), self.line2.as_ref(), self.line3.as_ref()],
            ", ",
        )
    }
}

fn joined(parts: [Option<&Personal>; 3], between: &str) -> Personal {
    let parts: Vec<&str> = parts.into_iter().flatten().map(Personal::expose).collect();
    Personal::from(parts.join(between))
}
