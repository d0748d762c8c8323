//! How far an order in a sales channel is.

use rust_decimal::Decimal;

use crate::domain::selling::open_rows::OpenRows;

/// How far an order is: what a request may still do with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fulfilment {
    /// The channel's word for the order's status; some shops lose it.
    pub status: Option<String>,
    /// Whether it has the status of an acknowledged order, or is further on.
    pub is_acknowledged: bool,
    /// Whether all of it is cancelled.
    pub is_cancelled: bool,
    /// The number of cancelled pieces.
    pub cancelled_pieces: Decimal,
    /// What can be invoiced.
    pub invoicing: OpenRows,
    /// What can be shipped.
    pub shipping: OpenRows,
}

/// A change of an order's status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StatusChange {
    /// The client's system has the order.
    Acknowledge,
    /// The order is cancelled, as far as it is not fulfilled.
    Cancel,
}

impl StatusChange {
    /// Whether an order has made the change. `cancelled_before` is the number of pieces that were cancelled before it was asked
    /// to: of an order that is fulfilled in part, only the rest is cancelled.
    pub fn is_made(self, order: &Fulfilment, cancelled_before: Option<Decimal>) -> bool {
        match self {
            Self::Acknowledge => order.is_acknowledged,
            Self::Cancel => {
                order.is_cancelled
                    || cancelled_before.is_some_and(|before| order.cancelled_pieces > before)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rest_of_an_order_is_cancelled_if_more_pieces_are_than_before() {
        let order = |is_cancelled, cancelled: i64| Fulfilment {
            status: None,
            is_acknowledged: false,
            is_cancelled,
            cancelled_pieces: cancelled.into(),
            invoicing: OpenRows::default(),
            shipping: OpenRows::default(),
        };
        let is_made = |order: &Fulfilment, before: Option<i64>| {
            StatusChange::Cancel.is_made(order, before.map(Decimal::from))
        };
        assert!(is_made(&order(true, 2), None));
        assert!(is_made(&order(true, 2), Some(2)));
        assert!(is_made(&order(false, 2), Some(1)));
        assert!(!is_made(&order(false, 2), Some(2)));
        assert!(!is_made(&order(false, 2), None));
        assert!(!StatusChange::Acknowledge.is_made(&order(true, 2), Some(Decimal::ONE)));
    }
}
