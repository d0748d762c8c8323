//! What may be done with a claimed order, by its state: read, cancel or settle it.

use crate::domain::claim::Standing;

/// The state of a claim for reading, cancelling or settling an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClaimState {
    /// The state of the order.
    pub standing: Standing,
    /// Whether another request is currently processing it.
    pub is_leased: bool,
    /// Whether its sequence of calls, or an earlier one, has created something at the aggregator.
    pub has_progress: bool,
}

/// How a booking is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReadBooking {
    /// From the record.
    Recorded,
    /// Another request is in progress: read it later.
    InProgress,
    /// Ask the aggregator for the result.
    LookUp,
    /// There is nothing to read.
    NotFound,
}

/// How an order is cancelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CancelBooking {
    /// Ask the aggregator to cancel it.
    Cancel,
    /// First ask the aggregator for the result.
    LookUp,
    /// It was cancelled before.
    Replay,
    /// Another request is in progress: cancel it later.
    InProgress,
    /// The aggregator has queued it: cancel it later.
    Queued,
    /// There is nothing to cancel.
    NotFound,
}

/// How an operator's settlement is handled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SettleClaim {
    /// Record it.
    Record,
    /// Another request is in progress: settle it later.
    InProgress,
    /// A booking is recorded: the settlement must agree with it.
    Compare,
    /// The order is already released, as the settlement says.
    AlreadyReleased,
    /// The order is not uncertain.
    NotUncertain,
}

impl ClaimState {
    /// How the booking is read.
    pub fn read(self) -> ReadBooking {
        match self.standing {
            Standing::Booked => ReadBooking::Recorded,
            Standing::Claimed if self.is_leased => ReadBooking::InProgress,
            Standing::Claimed | Standing::Uncertain | Standing::Pending | Standing::Ordered => {
                ReadBooking::LookUp
            }
            Standing::Observed | Standing::Released | Standing::Cancelled => ReadBooking::NotFound,
        }
    }

    /// How the order is cancelled.
    pub fn cancel(self) -> CancelBooking {
        match self.standing {
            Standing::Booked | Standing::Ordered => CancelBooking::Cancel,
            // A later step was refused after an order had been created at the aggregator, or its AWB is still to come.
            Standing::Released | Standing::Pending if self.has_progress => CancelBooking::Cancel,
            Standing::Claimed if self.is_leased => CancelBooking::InProgress,
            Standing::Claimed | Standing::Uncertain => CancelBooking::LookUp,
            Standing::Pending => CancelBooking::Queued,
            Standing::Cancelled => CancelBooking::Replay,
            Standing::Released | Standing::Observed => CancelBooking::NotFound,
        }
    }

    /// How a settlement is handled; `is_booked` tells whether it contains a booking.
    pub fn settle(self, is_booked: bool) -> SettleClaim {
        match self.standing {
            Standing::Claimed if self.is_leased => SettleClaim::InProgress,
            Standing::Claimed | Standing::Uncertain | Standing::Pending => SettleClaim::Record,
            Standing::Booked => SettleClaim::Compare,
            Standing::Released if !is_booked => SettleClaim::AlreadyReleased,
            Standing::Released | Standing::Cancelled | Standing::Observed | Standing::Ordered => {
                SettleClaim::NotUncertain
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Standing; 8] = [
        Standing::Observed,
        Standing::Claimed,
        Standing::Uncertain,
        Standing::Pending,
        Standing::Ordered,
        Standing::Booked,
        Standing::Released,
        Standing::Cancelled,
    ];

    fn state(standing: Standing) -> ClaimState {
        ClaimState {
            standing,
            is_leased: false,
            has_progress: false,
        }
    }

    #[test]
    fn an_order_that_is_neither_booked_nor_free_is_looked_up() {
        use ReadBooking::{LookUp, NotFound, Recorded};
        assert_eq!(
            ALL.map(|standing| state(standing).read()),
            [
                NotFound, LookUp, LookUp, LookUp, LookUp, Recorded, NotFound, NotFound
            ]
        );
    }

    #[test]
    fn an_order_that_may_still_be_booked_is_not_cancelled() {
        use CancelBooking::{Cancel, LookUp, NotFound, Queued, Replay};
        assert_eq!(
            ALL.map(|standing| state(standing).cancel()),
            [
                NotFound, LookUp, LookUp, Queued, Cancel, Cancel, NotFound, Replay
            ]
        );
        for standing in [Standing::Released, Standing::Pending] {
            let known_there = ClaimState {
                has_progress: true,
                ..state(standing)
            };
            assert_eq!(known_there.cancel(), Cancel, "{standing}");
        }
    }

    #[test]
    fn only_an_uncertain_claim_is_settled() {
        use SettleClaim::{AlreadyReleased, Compare, NotUncertain, Record};
        let settled = |is_booked| ALL.map(|standing| state(standing).settle(is_booked));
        let mut expected = [
            NotUncertain,
            Record,
            Record,
            Record,
            NotUncertain,
            Compare,
            NotUncertain,
            NotUncertain,
        ];
        assert_eq!(settled(true), expected);
        expected[6] = AlreadyReleased;
        assert_eq!(settled(false), expected);
    }

    #[test]
    fn a_claim_of_another_request_is_not_touched() {
        let leased = ClaimState {
            is_leased: true,
            ..state(Standing::Claimed)
        };
        assert_eq!(leased.read(), ReadBooking::InProgress);
        assert_eq!(leased.cancel(), CancelBooking::InProgress);
        assert_eq!(leased.settle(true), SettleClaim::InProgress);
        // A lease without a held claim has no meaning.
        let leased = ClaimState {
            is_leased: true,
            ..state(Standing::Uncertain)
        };
        assert_eq!(leased.read(), ReadBooking::LookUp);
    }
}
