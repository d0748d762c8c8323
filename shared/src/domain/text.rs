//! Ids and codes: short strings, each with its own type and rule.
//!
//! One generic type is used for all, so that ids cannot be mixed up and each rule is defined in one place.
//!
//! Invisible characters ([`is_invisible`]) would make two different ids look alike. A client's request with one is refused
//! before it is parsed here (`contract/values.rs`, `edge/request.rs`). The ids of a partner's push or answer are parsed
//! without them: refusing would lose an event, or an AWB that is paid for. Stored ids are read as they are.

mod described;
mod invisible;
mod shape;

use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use uuid::Uuid;

pub use invisible::{has_invisible, is_invisible};
pub use shape::Shape;

/// A kind of text.
pub trait Rule {
    /// Its name in the API's description.
    const NAME: &'static str;
    /// Its valid values.
    const SHAPE: Shape;
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
    /// A stored value: unlike a parsed one, it keeps invisible characters, because keys contain it.
    pub fn stored(value: &str) -> Result<Self, NotAllowed> {
        if R::SHAPE.allows(value) {
            Ok(Self {
                value: value.to_owned(),
                rule: PhantomData,
            })
        } else {
            Err(NotAllowed(R::SHAPE.words))
        }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.value
    }
}

/// Parses a text without its invisible characters.
impl<R: Rule> FromStr for Text<R> {
    type Err = NotAllowed;

    fn from_str(value: &str) -> Result<Self, NotAllowed> {
        Self::stored(&invisible::without(value))
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
        let value = String::deserialize(deserializer)?;
        Self::stored(&value).map_err(serde::de::Error::custom)
    }
}

/// The rule of a client id.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ClientIdRule {}
/// A tenant: a brand or a seller.
pub type ClientId = Text<ClientIdRule>;

impl Rule for ClientIdRule {
    const NAME: &'static str = "ClientId";
    const SHAPE: Shape = Shape::NAME;
}

/// The rule of an alias.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AccountAliasRule {}
/// Names a logistic account; unique within the client.
pub type AccountAlias = Text<AccountAliasRule>;

impl Rule for AccountAliasRule {
    const NAME: &'static str = "AccountAlias";
    const SHAPE: Shape = Shape::NAME;
}

/// The rule of an endpoint id.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EndpointIdRule {}
/// Names a webhook endpoint; unique within the client.
pub type EndpointId = Text<EndpointIdRule>;

impl Rule for EndpointIdRule {
    const NAME: &'static str = "EndpointId";
    const SHAPE: Shape = Shape::NAME;
}

/// The rule of an API key's id.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum KeyIdRule {}
/// Names an API key; unique within the client.
pub type KeyId = Text<KeyIdRule>;

impl Rule for KeyIdRule {
    const NAME: &'static str = "KeyId";
    const SHAPE: Shape = Shape::NAME;
}

/// The rule of a request id.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RequestIdRule {}
/// The gateway's id of a request, or our id of a scheduled run: its response, log lines and messages contain it.
pub type RequestId = Text<RequestIdRule>;

impl Rule for RequestIdRule {
    const NAME: &'static str = "RequestId";
    const SHAPE: Shape = Shape::VISIBLE_ASCII;
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
    const NAME: &'static str = "OrderNumber";
    const SHAPE: Shape = Shape::CODE;
}

/// The rule of a shipment code.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ShipmentCodeRule {}
/// Distinguishes several parcels of one order.
pub type ShipmentCode = Text<ShipmentCodeRule>;

impl Rule for ShipmentCodeRule {
    const NAME: &'static str = "ShipmentCode";
    const SHAPE: Shape = Shape::CODE;
}

/// The rule of an AWB.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AwbRule {}
/// The courier's tracking number (air waybill).
pub type Awb = Text<AwbRule>;

impl Rule for AwbRule {
    const NAME: &'static str = "Awb";
    const SHAPE: Shape = Shape::CODE;
}

/// The rule of an aggregator's order id.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AggregatorOrderIdRule {}
/// The aggregator's own id of an order: `orderId` on the wire.
pub type AggregatorOrderId = Text<AggregatorOrderIdRule>;

impl Rule for AggregatorOrderIdRule {
    const NAME: &'static str = "AggregatorOrderId";
    const SHAPE: Shape = Shape::CODE;
}

/// The rule of a courier id.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CourierIdRule {}
/// The aggregator's id of a courier: a whole number on the wire, opaque to us.
pub type CourierId = Text<CourierIdRule>;

impl Rule for CourierIdRule {
    const NAME: &'static str = "CourierId";
    const SHAPE: Shape = Shape::WHOLE_NUMBER;
}

/// The rule of a country code.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CountryCodeRule {}
/// An ISO 3166-1 alpha-2 country code.
pub type CountryCode = Text<CountryCodeRule>;

impl Rule for CountryCodeRule {
    const NAME: &'static str = "CountryCode";
    const SHAPE: Shape = Shape::COUNTRY_CODE;
}

/// The rule of a calling code.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CallingCodeRule {}
/// A country's calling code, digits only.
pub type CallingCode = Text<CallingCodeRule>;

impl Rule for CallingCodeRule {
    const NAME: &'static str = "CallingCode";
    const SHAPE: Shape = Shape::CALLING_CODE;
}

/// The rule of a tariff code.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum HsCodeRule {}
/// A Harmonized System code, the customs classification of goods; HSN in India.
pub type HsCode = Text<HsCodeRule>;

impl Rule for HsCodeRule {
    const NAME: &'static str = "HsCode";
    const SHAPE: Shape = Shape::TARIFF_CODE;
}

/// The rule of a warehouse code.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum WarehouseCodeRule {}
/// The client's own code of a warehouse.
pub type WarehouseCode = Text<WarehouseCodeRule>;

impl Rule for WarehouseCodeRule {
    const NAME: &'static str = "WarehouseCode";
    const SHAPE: Shape = Shape::CODE;
}

/// The rule of an aggregator's name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AggregatorNameRule {}
/// The name under which an aggregator's adapter is registered.
pub type AggregatorName = Text<AggregatorNameRule>;

impl Rule for AggregatorNameRule {
    const NAME: &'static str = "AggregatorName";
    const SHAPE: Shape = Shape::NAME;
}

/// The rule of a channel's name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ChannelNameRule {}
/// The name under which a sales channel's adapter is registered.
pub type ChannelName = Text<ChannelNameRule>;

impl Rule for ChannelNameRule {
    const NAME: &'static str = "ChannelName";
    const SHAPE: Shape = Shape::NAME;
}

/// The rule of a channel's order id.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ChannelOrder {}
/// A sales channel's own id of an order.
pub type ChannelOrderId = Text<ChannelOrder>;

impl Rule for ChannelOrder {
    const NAME: &'static str = "ChannelOrderId";
    const SHAPE: Shape = Shape::CODE;
}

/// The rule of a channel's return id.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ChannelReturnIdRule {}
/// A sales channel's own id of a return request; part of URLs.
pub type ChannelReturnId = Text<ChannelReturnIdRule>;

impl Rule for ChannelReturnIdRule {
    const NAME: &'static str = "ChannelReturnId";
    const SHAPE: Shape = Shape::NAME;
}

/// The rule of a sales order's number.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SalesOrder {}
/// The number of a sales order: `so_number` on the wire.
pub type SalesOrderNumber = Text<SalesOrder>;

impl Rule for SalesOrder {
    const NAME: &'static str = "SalesOrderNumber";
    const SHAPE: Shape = Shape::SHORT_NAME;
}

/// The rule of a zone.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ZoneRule {}
/// An aggregator's own name for the distance between pickup and drop, on which its price depends.
pub type Zone = Text<ZoneRule>;

impl Rule for ZoneRule {
    const NAME: &'static str = "Zone";
    const SHAPE: Shape = Shape::CODE;
}

/// The rule of a subject's code.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {}
/// The code of a message's subject, whatever its kind: an order number, a channel's order id, …
pub type SubjectCode = Text<Subject>;

impl Rule for Subject {
    const NAME: &'static str = "SubjectCode";
    const SHAPE: Shape = Shape::CODE;
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
    fn an_id_is_parsed_without_invisible_characters_and_read_from_a_table_as_it_is() {
        let parsed: OrderNumber = "\u{feff}A\u{200b}-\u{202e}1\u{ad}".parse().unwrap();
        assert_eq!(parsed.as_str(), "A-1");
        assert!("\u{200b}".parse::<OrderNumber>().is_err());
        let stored: OrderNumber = serde_json::from_str("\"A\u{200b}1\"").unwrap();
        assert_eq!(stored.as_str(), "A\u{200b}1");
        assert_eq!(OrderNumber::stored(stored.as_str()), Ok(stored));
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
