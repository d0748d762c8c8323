//! Where a shipment is picked up and where it is dropped.

use crate::domain::personal::Personal;

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
    /// State, province or emirate.
    pub state: String,
    /// Pincode or postal code.
    pub zip: String,
    /// Country, as the client names it.
    pub country: String,
    /// E-mail address of the contact.
    pub email: Option<Personal>,
    /// Phone number of the contact.
    pub phone: Option<Personal>,
}
