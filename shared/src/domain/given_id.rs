//! Ids that aggregators give to orders. Two orders of an account never have the same one: whatever an aggregator
//! answers, a second order does not get the AWB or the order id of the first.

use std::fmt;

use crate::domain::shipment::ShipmentType;
use crate::domain::shipment_id::ShipmentId;
use crate::domain::text::{AggregatorOrderId, Awb};

/// An id that an aggregator gave to an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GivenId {
    /// The AWB. Each parcel of an order has its own.
    Awb(Awb),
    /// The aggregator's order id. Parcels of one order may share it.
    OrderId(AggregatorOrderId),
}

impl fmt::Display for GivenId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Awb(awb) => write!(formatter, "AWB {awb}"),
            Self::OrderId(order_id) => write!(formatter, "orderId {order_id}"),
        }
    }
}

/// An id that was given to an order although another order of the account has it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the aggregator gave the {given} to {}, but {} has it", named(.to), named(.of))]
pub struct TakenId {
    /// The id.
    pub given: GivenId,
    /// The order to which it was given now.
    pub to: ShipmentId,
    /// The order that has it.
    pub of: ShipmentId,
}

impl TakenId {
    /// The order that has it, in words.
    pub fn owner(&self) -> String {
        named(&self.of)
    }
}

/// What happens if another order of the account has an id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TakeOver {
    /// The id is refused.
    Never,
    /// An operator said that the id belongs to this order now.
    AsToldByAnOperator,
}

/// A shipment in words: which order, and which of its parcels.
fn named(id: &ShipmentId) -> String {
    let order = match id.shipment_type {
        ShipmentType::Forward => "order",
        ShipmentType::Return => "return order",
    };
    let parcel = id.shipment_code.as_ref();
    let parcel = parcel.map_or_else(String::new, |code| format!("parcel {code} of "));
    format!("{parcel}{order} {}", id.order_number)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(shipment_type: ShipmentType, order: &str, code: Option<&str>) -> ShipmentId {
        ShipmentId {
            client_id: "demo".parse().unwrap(),
            shipment_type,
            order_number: order.parse().unwrap(),
            shipment_code: code.map(|code| code.parse().unwrap()),
        }
    }

    #[test]
    fn both_orders_are_named() {
        let awb = TakenId {
            given: GivenId::Awb("71902671".parse().unwrap()),
            to: id(ShipmentType::Return, "R-1", None),
            of: id(ShipmentType::Forward, "A-1", Some("p2")),
        };
        assert_eq!(
            awb.to_string(),
            "the aggregator gave the AWB 71902671 to return order R-1, but parcel p2 of order A-1 has it"
        );
        let order_id = TakenId {
            given: GivenId::OrderId("11012".parse().unwrap()),
            ..awb
        };
        assert!(
            order_id
                .to_string()
                .contains("the orderId 11012 to return order R-1")
        );
    }
}
