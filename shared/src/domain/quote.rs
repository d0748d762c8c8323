//! What a shipment with a courier costs, and when it is expected to arrive, as far as the aggregator says so.

use jiff::civil::Date;

use crate::domain::money::{Amount, Currency};
use crate::domain::text::Zone;

/// An aggregator's statement about a courier on a route. What it does not say is absent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Quote {
    /// The price of the shipment.
    pub price: Option<Price>,
    /// The charge for cash on delivery.
    pub cod_charge: Option<Price>,
    /// The aggregator's own name for the distance between pickup and drop.
    pub zone: Option<Zone>,
    /// When the shipment is expected to arrive.
    pub delivery: Option<DeliveryDates>,
}

/// An amount with its currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Price {
    /// The amount.
    pub amount: Amount,
    /// Its currency.
    pub currency: Currency,
}

/// The days between which a shipment is expected to arrive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DeliveryDates {
    earliest: Date,
    latest: Date,
}

impl DeliveryDates {
    /// The dates that are expected `today`; `None` if they are not in order, or past: a shipment that has not begun cannot
    /// have arrived.
    pub fn expected(earliest: Date, latest: Date, today: Date) -> Option<Self> {
        let can_be = earliest <= latest && today <= latest;
        can_be.then_some(Self { earliest, latest })
    }

    /// The first of the days.
    pub fn earliest(self) -> Date {
        self.earliest
    }

    /// The last of the days.
    pub fn latest(self) -> Date {
        self.latest
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn expected_dates_are_in_order_and_not_past() {
        let today = date(2026, 11, 21);
        let expected = |earliest, latest| DeliveryDates::expected(earliest, latest, today);
        let dates = expected(date(2026, 11, 24), date(2026, 11, 26)).unwrap();
        assert_eq!(dates.earliest(), date(2026, 11, 24));
        assert_eq!(dates.latest(), date(2026, 11, 26));
        assert!(expected(today, today).is_some());
        assert_eq!(expected(date(2026, 11, 26), date(2026, 11, 24)), None);
        assert_eq!(expected(date(2026, 11, 18), date(2026, 11, 20)), None);
    }
}
