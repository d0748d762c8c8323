//! The changes that a push makes to the booking of its shipment.
//!
//! An AWB is bound to the shipment for which it was booked or with which it was first pushed. The binding is written
//! once, so an AWB that is already bound changes a booking only by its cancellation.

use jiff::Timestamp;

use crate::domain::claim::Standing;
use crate::domain::text::Awb;

/// How a pushed AWB is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AwbBinding {
    /// Unknown.
    Unbound,
    /// RMS booked it, or it replaced one that RMS booked.
    Booked,
    /// It was first pushed at this time.
    PushedAt(Timestamp),
}

/// The claim of a push's shipment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClaimOfPush<'a> {
    /// Its state.
    pub standing: Standing,
    /// Its AWB, if it is booked.
    pub awb: Option<&'a Awb>,
    /// Its round, if the record was read.
    pub round: Option<u32>,
    /// When the attempt with this claim began, if the record was read.
    pub claimed_at: Option<Timestamp>,
    /// Whether the pushing account booked it.
    pub is_of_the_account: bool,
}

/// The relevant data of a push.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PushSays<'a> {
    /// The pushed AWB.
    pub awb: Option<&'a Awb>,
    /// How that AWB is known.
    pub binding: AwbBinding,
    /// The round of the pushed name.
    pub round: Option<u32>,
    /// Whether it reports that the shipment is cancelled.
    pub is_cancelled: bool,
}

/// The change to record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PushNews {
    /// Nothing.
    Nothing,
    /// A shipment that was booked elsewhere and has no AWB yet.
    Shipment,
    /// An AWB of a shipment; no booking changes.
    Awb,
    /// An AWB that was cancelled before any other push of it: it never becomes a booking.
    DeadAwb,
    /// The booking of a claim with an unknown outcome, or of an order that the aggregator queued.
    Booking,
    /// A new AWB of a booked shipment: its courier was changed.
    Replacement,
    /// The cancellation of a booked shipment, or of an order without an AWB.
    Cancellation,
}

/// Decides which change a push makes to its shipment, which may have a claim.
pub fn news(says: PushSays<'_>, claim: Option<ClaimOfPush<'_>>) -> PushNews {
    let Some(claim) = claim else {
        return match (says.awb, says.binding) {
            (None, _) => PushNews::Shipment,
            (Some(_), AwbBinding::Booked) => PushNews::Nothing,
            (Some(_), AwbBinding::Unbound | AwbBinding::PushedAt(_)) => PushNews::Awb,
        };
    };
    let is_of_round = says
        .round
        .is_none_or(|round| claim.round.is_none_or(|known| known == round));
    let may_change = claim.is_of_the_account && is_of_round;
    match (says.awb, says.binding) {
        (None, _) | (Some(_), AwbBinding::Booked) => {
            // The AWB takes precedence over the name.
            let is_present = match says.awb {
                Some(awb) => claim.awb == Some(awb),
                None => is_of_round,
            };
            let exists = matches!(
                claim.standing,
                Standing::Booked | Standing::Ordered | Standing::Pending
            );
            if says.is_cancelled && exists && is_present && claim.is_of_the_account {
                PushNews::Cancellation
            } else {
                PushNews::Nothing
            }
        }
        (Some(_), AwbBinding::PushedAt(at)) => {
            let is_since = claim.claimed_at.is_some_and(|claimed_at| at >= claimed_at);
            if is_since && may_change && may_settle(says, claim) {
                PushNews::Booking
            } else {
                PushNews::Nothing
            }
        }
        (Some(_), AwbBinding::Unbound) => unbound(says, claim, may_change),
    }
}

fn unbound(says: PushSays<'_>, claim: ClaimOfPush<'_>, may_change: bool) -> PushNews {
    match claim.standing {
        Standing::Uncertain | Standing::Claimed | Standing::Pending if says.is_cancelled => {
            PushNews::DeadAwb
        }
        Standing::Uncertain | Standing::Pending if may_change => PushNews::Booking,
        // The request that holds the claim is about to record it.
        Standing::Claimed => PushNews::Nothing,
        Standing::Booked if may_change && !says.is_cancelled => PushNews::Replacement,
        Standing::Booked
        | Standing::Uncertain
        | Standing::Observed
        | Standing::Pending
        | Standing::Ordered
        | Standing::Released
        | Standing::Cancelled => PushNews::Awb,
    }
}

fn may_settle(says: PushSays<'_>, claim: ClaimOfPush<'_>) -> bool {
    let is_open = matches!(claim.standing, Standing::Uncertain | Standing::Pending);
    is_open && !says.is_cancelled
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn awb(text: &str) -> Awb {
        text.parse().unwrap()
    }

    fn claim(standing: Standing, awb: Option<&Awb>) -> ClaimOfPush<'_> {
        ClaimOfPush {
            standing,
            awb,
            round: Some(2),
            claimed_at: Some(at(100)),
            is_of_the_account: true,
        }
    }

    fn says(awb: Option<&Awb>, binding: AwbBinding) -> PushSays<'_> {
        PushSays {
            awb,
            binding,
            round: None,
            is_cancelled: false,
        }
    }

    #[test]
    fn only_a_new_awb_settles_an_uncertain_booking() {
        settles(Standing::Uncertain);
    }

    #[test]
    fn only_a_new_awb_completes_a_queued_booking() {
        settles(Standing::Pending);
    }

    fn settles(standing: Standing) {
        let new = awb("A2");
        let uncertain = claim(standing, None);
        let asked = |says| news(says, Some(uncertain));
        let unbound = says(Some(&new), AwbBinding::Unbound);
        assert_eq!(asked(unbound), PushNews::Booking);
        let since = says(Some(&new), AwbBinding::PushedAt(at(100)));
        assert_eq!(asked(since), PushNews::Booking);
        for (not, expected) in [
            (says(Some(&new), AwbBinding::Booked), PushNews::Nothing),
            (
                says(Some(&new), AwbBinding::PushedAt(at(99))),
                PushNews::Nothing,
            ),
            (says(None, AwbBinding::Unbound), PushNews::Nothing),
            (
                PushSays {
                    is_cancelled: true,
                    ..unbound
                },
                PushNews::DeadAwb,
            ),
            (
                PushSays {
                    round: Some(1),
                    ..unbound
                },
                PushNews::Awb,
            ),
        ] {
            assert_eq!(asked(not), expected, "{not:?}");
        }
        let foreign = ClaimOfPush {
            is_of_the_account: false,
            ..uncertain
        };
        assert_eq!(news(unbound, Some(foreign)), PushNews::Awb);
    }

    #[test]
    fn a_booked_shipment_accepts_a_new_awb_but_not_an_earlier_one() {
        let (present, new) = (awb("A2"), awb("N1"));
        let booked = claim(Standing::Booked, Some(&present));
        let asked = |says| news(says, Some(booked));
        let unbound = says(Some(&new), AwbBinding::Unbound);
        assert_eq!(asked(unbound), PushNews::Replacement);
        let first_round = PushSays {
            round: Some(1),
            ..unbound
        };
        assert_eq!(asked(first_round), PushNews::Awb);
        let cancelled = PushSays {
            is_cancelled: true,
            ..unbound
        };
        assert_eq!(asked(cancelled), PushNews::Awb);
        for binding in [AwbBinding::Booked, AwbBinding::PushedAt(at(1_000))] {
            assert_eq!(asked(says(Some(&new), binding)), PushNews::Nothing);
        }
    }

    #[test]
    fn only_the_current_awb_is_cancelled() {
        let (present, earlier) = (awb("A2"), awb("A1"));
        let booked = claim(Standing::Booked, Some(&present));
        let cancelled = |awb, round| PushSays {
            awb,
            binding: AwbBinding::Booked,
            round,
            is_cancelled: true,
        };
        let asked = |says| news(says, Some(booked));
        assert_eq!(
            asked(cancelled(Some(&present), None)),
            PushNews::Cancellation
        );
        assert_eq!(asked(cancelled(None, None)), PushNews::Cancellation);
        assert_eq!(asked(cancelled(None, Some(2))), PushNews::Cancellation);
        assert_eq!(asked(cancelled(None, Some(1))), PushNews::Nothing);
        let named_otherwise = cancelled(Some(&present), Some(1));
        assert_eq!(asked(named_otherwise), PushNews::Cancellation);
        assert_eq!(asked(cancelled(Some(&earlier), None)), PushNews::Nothing);
        for standing in [Standing::Ordered, Standing::Pending] {
            let ordered = claim(standing, None);
            let order = news(cancelled(None, None), Some(ordered));
            assert_eq!(order, PushNews::Cancellation, "{standing}");
        }
        let again = claim(Standing::Cancelled, Some(&present));
        assert_eq!(
            news(cancelled(Some(&present), None), Some(again)),
            PushNews::Nothing
        );
    }

    #[test]
    fn a_shipment_booked_elsewhere_is_bound_to_its_first_awb() {
        let pushed = awb("F1");
        let shipment = says(None, AwbBinding::Unbound);
        assert_eq!(news(shipment, None), PushNews::Shipment);
        let unbound = says(Some(&pushed), AwbBinding::Unbound);
        assert_eq!(news(unbound, None), PushNews::Awb);
        let observed = claim(Standing::Observed, None);
        assert_eq!(news(unbound, Some(observed)), PushNews::Awb);
        let bound = says(Some(&pushed), AwbBinding::PushedAt(at(1)));
        assert_eq!(news(bound, Some(observed)), PushNews::Nothing);
    }
}
