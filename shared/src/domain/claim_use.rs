//! What may be done with a claimed order by its state: read, cancel or settle it.

use crate::domain::claim::Standing;

/// What is known of a claim when an order is read, cancelled or settled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClaimState {
    /// Where the order stands.
    pub standing: Standing,
    /// Whether another request works on it at this moment.
    pub is_leased: bool,
    /// Whether its sequence of calls, or an earlier one, has left something at the aggregator.
    pub has_progress: bool,
}

/// How a booking is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReadBooking {
    /// From the record.
    Recorded,
    /// Another request is working on it: read it later.
    InProgress,
    /// The aggregator is asked what became of it.
    LookUp,
    /// There is nothing to read.
    NotFound,
}

/// How an order is cancelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CancelBooking {
    /// The aggregator is asked to cancel it.
    Cancel,
    /// The aggregator is asked first what became of it.
    LookUp,
    /// It was cancelled before.
    Replay,
    /// Another request is working on it: cancel it later.
    InProgress,
    /// The aggregator has queued it: cancel it later.
    Queued,
    /// There is nothing to cancel.
    NotFound,
}

/// How an operator's settlement is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SettleClaim {
    /// It is recorded.
    Record,
    /// Another request is working on the order: settle it later.
    InProgress,
    /// A booking is recorded: the settlement must agree with it.
    Compare,
    /// The order is released, as the settlement says.
    AlreadyReleased,
    /// Nothing is uncertain about the order.
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
            // The refusal of a later step left an order at the aggregator.
            Standing::Released if self.has_progress => CancelBooking::Cancel,
            Standing::Claimed if self.is_leased => CancelBooking::InProgress,
            Standing::Claimed | Standing::Uncertain => CancelBooking::LookUp,
            Standing::Pending => CancelBooking::Queued,
            Standing::Cancelled => CancelBooking::Replay,
            Standing::Released | Standing::Observed => CancelBooking::NotFound,
        }
    }

    /// How a settlement is taken; `is_booked` says whether it names a booking.
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
    fn what_is_not_booked_and_not_free_is_looked_up_when_it_is_read() {
        use ReadBooking::{LookUp, NotFound, Recorded};
        assert_eq!(
            ALL.map(|standing| state(standing).read()),
            [
                NotFound, LookUp, LookUp, LookUp, LookUp, Recorded, NotFound, NotFound
            ]
        );
    }

    #[test]
    fn nothing_is_cancelled_that_may_still_be_booked() {
        use CancelBooking::{Cancel, LookUp, NotFound, Queued, Replay};
        assert_eq!(
            ALL.map(|standing| state(standing).cancel()),
            [
                NotFound, LookUp, LookUp, Queued, Cancel, Cancel, NotFound, Replay
            ]
        );
        let left_behind = ClaimState {
            has_progress: true,
            ..state(Standing::Released)
        };
        assert_eq!(left_behind.cancel(), Cancel);
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
    fn a_claim_that_another_request_works_on_is_left_alone() {
        let leased = ClaimState {
            is_leased: true,
            ..state(Standing::Claimed)
        };
        assert_eq!(leased.read(), ReadBooking::InProgress);
        assert_eq!(leased.cancel(), CancelBooking::InProgress);
        assert_eq!(leased.settle(true), SettleClaim::InProgress);
        // A lease that no claim holds means nothing.
        let leased = ClaimState {
            is_leased: true,
            ..state(Standing::Uncertain)
        };
        assert_eq!(leased.read(), ReadBooking::LookUp);
    }
}
