//! Money: exact, never a float.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// A non-negative amount in the currency of its order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Amount(Decimal);

/// The value is not a valid amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be from 0 to 100000000000 with at most 4 decimals")]
pub struct NotAnAmount;

/// With four decimals it has 15 digits: as many as a JSON number keeps exactly in any double-precision float.
const LARGEST: u64 = 100_000_000_000;

impl Amount {
    /// The number.
    pub fn value(self) -> Decimal {
        self.0
    }
}

impl TryFrom<Decimal> for Amount {
    type Error = NotAnAmount;

    fn try_from(value: Decimal) -> Result<Self, NotAnAmount> {
        let value = value.normalize();
        if value.is_sign_negative() && !value.is_zero()
            || value > Decimal::from(LARGEST)
            || value.scale() > 4
        {
            return Err(NotAnAmount);
        }
        Ok(Self(value.abs()))
    }
}

/// An ISO 4217 currency code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Currency([u8; 3]);

/// The value is not a currency code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be a currency code of three capital letters, such as INR")]
pub struct NotACurrency;

impl Currency {
    /// The Indian rupee: the default currency of an order.
    pub const INR: Self = Self(*b"INR");

    /// The code.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("INR")
    }
}

impl std::str::FromStr for Currency {
    type Err = NotACurrency;

    fn from_str(value: &str) -> Result<Self, NotACurrency> {
        <[u8; 3]>::try_from(value.as_bytes())
            .ok()
            .filter(|code| code.iter().all(u8::is_ascii_uppercase))
            .map(Self)
            .ok_or(NotACurrency)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_is_exact_and_not_negative() {
        let amount = |text: &str| Amount::try_from(text.parse::<Decimal>().unwrap());
        assert_eq!(amount("230.00").unwrap().value().to_string(), "230");
        assert_eq!(amount("0.1").unwrap().value().to_string(), "0.1");
        assert!(amount("-0.01").is_err());
        assert!(amount("100000000000.01").is_err());
        assert!(amount("0.00001").is_err());
    }

    #[test]
    fn a_currency_is_three_capital_letters() {
        assert_eq!("AED".parse::<Currency>().unwrap().as_str(), "AED");
        for wrong in ["inr", "IN", "INRX", "I₹"] {
            assert!(wrong.parse::<Currency>().is_err());
        }
    }
}
