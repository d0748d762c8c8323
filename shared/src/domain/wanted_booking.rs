//! The booking that a caller refers to.

use crate::domain::facts::ShipmentFacts;
use crate::domain::shipment::ShipmentType;
use crate::domain::text::{AccountAlias, AggregatorOrderId, OrderNumber, ShipmentCode};

/// A reference to a booking.
#[derive(Debug, Clone)]
pub struct WantedBooking {
    /// Label or return AWB.
    pub shipment_type: ShipmentType,
    /// The id.
    pub by: WantedBy,
    /// The account, if the aggregator's id is ambiguous.
    pub alias: Option<AccountAlias>,
}

/// The id of a referenced booking.
#[derive(Debug, Clone)]
pub enum WantedBy {
    /// The aggregator's id.
    OrderId(AggregatorOrderId),
    /// The client's order number, with a code if the order has several parcels.
    OrderNumber(OrderNumber, Option<ShipmentCode>),
}

/// Several shipments have this id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ambiguous;

impl WantedBooking {
    /// The only shipment with the id among those that were found; `None` if there is none.
    pub fn only(&self, mut found: Vec<ShipmentFacts>) -> Result<Option<ShipmentFacts>, Ambiguous> {
        found.retain(|facts| self.is(facts));
        let only = found.pop();
        if found.is_empty() {
            Ok(only)
        } else {
            Err(Ambiguous)
        }
    }

    fn is(&self, facts: &ShipmentFacts) -> bool {
        let alias = self.alias.as_ref();
        facts.shipment_type == self.shipment_type && alias.is_none_or(|alias| *alias == facts.alias)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::facts::tests::facts as facts_of;

    fn facts(alias: &str, shipment_type: ShipmentType) -> ShipmentFacts {
        ShipmentFacts {
            shipment_type,
            alias: alias.parse().unwrap(),
            ..facts_of("1")
        }
    }

    fn wanted(alias: Option<&str>) -> WantedBooking {
        WantedBooking {
            shipment_type: ShipmentType::Forward,
            by: WantedBy::OrderId("7".parse().unwrap()),
            alias: alias.map(|alias| alias.parse().unwrap()),
        }
    }

    #[test]
    fn an_id_of_two_accounts_is_ambiguous_without_an_account() {
        let (north, south) = ("north", "south");
        let found = || {
            vec![
                facts(north, ShipmentType::Forward),
                facts(south, ShipmentType::Forward),
                facts(north, ShipmentType::Return),
            ]
        };
        assert_eq!(wanted(None).only(found()), Err(Ambiguous));
        let only = wanted(Some(south)).only(found()).unwrap().unwrap();
        assert_eq!(only.alias.as_str(), south);
        assert_eq!(wanted(Some("west")).only(found()), Ok(None));
        assert_eq!(wanted(None).only(Vec::new()), Ok(None));
    }
}
