//! Ids and codes: short strings, each with its own type and rule.
//!
//! One generic type is used for all, so that ids cannot be mixed up and each rule is defined in one place.

use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use uuid::Uuid;

/// The rule for a kind of text.
pub trait Rule {
    /// The valid values, as the end of the sentence "must be …".
    const ALLOWED: &'static str;
    /// Whether `value` is valid.
    fn allows(value: &str) -> bool;
}

/// A string that satisfies the rule `R`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Text<R> {
    value: String,
    rule: PhantomData<R>,
}

/// The value does not satisfy the rule of its kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("must be {0}")]
pub struct NotAllowed(pub &'static str);

impl<R: Rule> Text<R> {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.value
    }
}

impl<R: Rule> FromStr for Text<R> {
    type Err = NotAllowed;

    fn from_str(value: &str) -> Result<Self, NotAllowed> {
        if R::allows(value) {
            Ok(Self {
                value: value.to_owned(),
                rule: PhantomData,
            })
        } else {
            Err(NotAllowed(R::ALLOWED))
        }
    }
}

impl<R> fmt::Display for Text<R> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.value)
    }
}

impl<R> Serialize for Text<R> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.value)
    }
}

impl<'de, R: Rule> Deserialize<'de> for Text<R> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

/// Whether a text is not empty, not too long, and has no control characters and no blanks at its ends.
pub(in crate::domain) fn printable(value: &str, longest: usize) -> bool {
    let length = value.chars().count();
    (1..=longest).contains(&length)
        && !value.chars().any(char::is_control)
        && value.trim().len() == value.len()
}

fn name(value: &str) -> bool {
    (1..=64).contains(&value.len())
        && value
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-')
}

const NAME: &str = "1 to 64 characters of A-Z, a-z, 0-9, _ and -";
const CODE: &str = "1 to 100 printable characters without blanks at its ends";

/// The rule of a client id.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ClientIdRule {}
/// A tenant: a brand or a seller.
pub type ClientId = Text<ClientIdRule>;

impl Rule for ClientIdRule {
    const ALLOWED: &'static str = NAME;
    fn allows(value: &str) -> bool {
        name(value)
    }
}

/// The rule of an alias.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AccountAliasRule {}
/// Names a logistic account; unique within the client.
pub type AccountAlias = Text<AccountAliasRule>;

impl Rule for AccountAliasRule {
    const ALLOWED: &'static str = NAME;
    fn allows(value: &str) -> bool {
        name(value)
    }
}

/// The rule of an endpoint id.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EndpointIdRule {}
/// Names a webhook endpoint; unique within the client.
pub type EndpointId = Text<EndpointIdRule>;

impl Rule for EndpointIdRule {
    const ALLOWED: &'static str = NAME;
    fn allows(value: &str) -> bool {
        name(value)
    }
}

/// The rule of an API key's id.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum KeyIdRule {}
/// Names an API key; unique within the client.
pub type KeyId = Text<KeyIdRule>;

impl Rule for KeyIdRule {
    const ALLOWED: &'static str = NAME;
    fn allows(value: &str) -> bool {
        name(value)
    }
}

/// The rule of a request id.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RequestIdRule {}
/// The gateway's id of a request, or our id of a scheduled run: its response, log lines and messages contain it.
pub type RequestId = Text<RequestIdRule>;

impl Rule for RequestIdRule {
    const ALLOWED: &'static str = "1 to 100 visible ASCII characters";
    fn allows(value: &str) -> bool {
        (1..=100).contains(&value.len()) && value.bytes().all(|byte| byte.is_ascii_graphic())
    }
}

impl From<Uuid> for RequestId {
    fn from(id: Uuid) -> Self {
        Self {
            value: id.to_string(),
            rule: PhantomData,
        }
    }
}

/// The rule of an order number.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OrderNumberRule {}
/// The client's own id of an order or a return order.
pub type OrderNumber = Text<OrderNumberRule>;

impl Rule for OrderNumberRule {
    const ALLOWED: &'static str = CODE;
    fn allows(value: &str) -> bool {
        printable(value, 100)
    }
}

/// The rule of a shipment code.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ShipmentCodeRule {}
/// Distinguishes several parcels of one order.
pub type ShipmentCode = Text<ShipmentCodeRule>;

impl Rule for ShipmentCodeRule {
    const ALLOWED: &'static str = CODE;
    fn allows(value: &str) -> bool {
        printable(value, 100)
    }
}

/// The rule of an AWB.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AwbRule {}
/// The courier's tracking number (air waybill).
pub type Awb = Text<AwbRule>;

impl Rule for AwbRule {
    const ALLOWED: &'static str = CODE;
    fn allows(value: &str) -> bool {
        printable(value, 100)
    }
}

/// The rule of an aggregator's order id.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AggregatorOrderIdRule {}
/// The aggregator's own id of an order: `orderId` on the wire.
pub type AggregatorOrderId = Text<AggregatorOrderIdRule>;

impl Rule for AggregatorOrderIdRule {
    const ALLOWED: &'static str = CODE;
    fn allows(value: &str) -> bool {
        printable(value, 100)
    }
}

/// The rule of a courier id.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CourierIdRule {}
/// The aggregator's id of a courier: a whole number on the wire, opaque to us.
pub type CourierId = Text<CourierIdRule>;

impl Rule for CourierIdRule {
    const ALLOWED: &'static str = "a whole number from 0 to 9223372036854775807";
    /// Only as JSON writes a number, because it is sent as JSON: neither `+5` nor `007`.
    fn allows(value: &str) -> bool {
        value
            .parse::<i64>()
            .is_ok_and(|number| number >= 0 && number.to_string() == value)
    }
}

/// The rule of a country code.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CountryCodeRule {}
/// An ISO 3166-1 alpha-2 country code.
pub type CountryCode = Text<CountryCodeRule>;

impl Rule for CountryCodeRule {
    const ALLOWED: &'static str = "a country code of two capital letters, such as IN";
    fn allows(value: &str) -> bool {
        value.len() == 2 && value.bytes().all(|byte| byte.is_ascii_uppercase())
    }
}

/// The rule of a calling code.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CallingCodeRule {}
/// A country's calling code, digits only.
pub type CallingCode = Text<CallingCodeRule>;

impl Rule for CallingCodeRule {
    const ALLOWED: &'static str = "a calling code of 1 to 3 digits, such as 91";
    fn allows(value: &str) -> bool {
        (1..=3).contains(&value.len()) && value.bytes().all(|byte| byte.is_ascii_digit())
    }
}

/// The rule of a tariff code.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum HsCodeRule {}
/// A Harmonized System code, the customs classification of goods; HSN in India.
pub type HsCode = Text<HsCodeRule>;

impl Rule for HsCodeRule {
    const ALLOWED: &'static str = "a tariff code of 4 to 12 digits, such as 62034200";
    fn allows(value: &str) -> bool {
        (4..=12).contains(&value.len()) && value.bytes().all(|byte| byte.is_ascii_digit())
    }
}

/// The rule of a warehouse code.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum WarehouseCodeRule {}
/// The client's own code of a warehouse.
pub type WarehouseCode = Text<WarehouseCodeRule>;

impl Rule for WarehouseCodeRule {
    const ALLOWED: &'static str = CODE;
    fn allows(value: &str) -> bool {
        printable(value, 100)
    }
}

/// The rule of an aggregator's name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AggregatorNameRule {}
/// The name under which an aggregator's adapter is registered.
pub type AggregatorName = Text<AggregatorNameRule>;

impl Rule for AggregatorNameRule {
    const ALLOWED: &'static str = NAME;
    fn allows(value: &str) -> bool {
        name(value)
    }
}

/// The rule of a channel's order id.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ChannelOrder {}
/// A sales channel's own id of an order.
pub type ChannelOrderId = Text<ChannelOrder>;

impl Rule for ChannelOrder {
    const ALLOWED: &'static str = CODE;
    fn allows(value: &str) -> bool {
        printable(value, 100)
    }
}

/// The rule of a sales order's number.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SalesOrder {}
/// The number of a sales order: `so_number` on the wire.
pub type SalesOrderNumber = Text<SalesOrder>;

impl Rule for SalesOrder {
    const ALLOWED: &'static str = "1 to 50 characters of A-Z, a-z, 0-9, _ and -";
    fn allows(value: &str) -> bool {
        name(value) && value.len() <= 50
    }
}

/// The rule of a subject's code.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {}
/// The code of a message's subject, whatever its kind: an order number, a channel's order id, …
pub type SubjectCode = Text<Subject>;

impl Rule for Subject {
    const ALLOWED: &'static str = CODE;
    fn allows(value: &str) -> bool {
        printable(value, 100)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_number_is_printable_and_at_most_100_characters() {
        assert!("asdf 1234/ä".parse::<OrderNumber>().is_ok());
        assert!("x".repeat(100).parse::<OrderNumber>().is_ok());
        for wrong in ["", " ", "a\n", "a ", &"x".repeat(101), "a\u{0}b"] {
            assert!(wrong.parse::<OrderNumber>().is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn an_alias_has_no_special_characters() {
        assert!("magic-2_B".parse::<AccountAlias>().is_ok());
        for wrong in ["", "a b", "a/b", "ä", &"x".repeat(65)] {
            assert!(wrong.parse::<AccountAlias>().is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn a_courier_id_is_a_whole_number() {
        assert!("1001".parse::<CourierId>().is_ok());
        for wrong in [
            "-1",
            "+1",
            "007",
            "-0",
            "1.5",
            "",
            "one",
            "99999999999999999999",
        ] {
            assert!(wrong.parse::<CourierId>().is_err(), "{wrong:?}");
        }
    }
}
