//! What a request for an exchange does about the claims of its two halves.
//!
//! Both claims are made together and have the same content, but they may end differently: one half may be booked while
//! the other was refused or is unknown. A repeat then works only on the half that is not booked. Nothing here ever says
//! "order again" while the outcome of an earlier attempt is unknown.

use std::time::Duration;

use jiff::Timestamp;

use crate::domain::claim::{ClaimDecision, Goal, MetClaim, Standing, decide};

/// One half of an exchange.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExchangedHalf {
    /// The replacement.
    Forward,
    /// The return.
    Return,
}

/// What a request does about both claims.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ExchangeDecision {
    /// Claim what is free, take over the rest, then order and book what is missing.
    Work {
        /// What to do about the forward claim.
        forward: ClaimDecision,
        /// What to do about the claim of the return.
        returned: ClaimDecision,
        /// Whether an earlier attempt may have ordered the exchange: then it is looked up first.
        may_exist: bool,
    },
    /// Return the recorded response of both.
    Replay,
    /// Refuse: these numbers have shipments of their own, or those of another exchange.
    Reused(Vec<ExchangedHalf>),
    /// Refuse: this half was cancelled, or its number was used for another shipment, while the other half stands. An
    /// exchange is not ordered by halves.
    HalfEnded(ExchangedHalf),
    /// Another request is in progress: retry after this time.
    Wait(Duration),
}

/// Decides what a request does about the claims `forward` and `returned` at `now`; `None` if there is none.
pub fn decide_exchange(
    forward: Option<MetClaim>,
    returned: Option<MetClaim>,
    now: Timestamp,
) -> ExchangeDecision {
    let about = |met: Option<MetClaim>| {
        met.map_or(ClaimDecision::Claim, |met| decide(Goal::Booking, met, now))
    };
    let halves = [
        (ExchangedHalf::Forward, about(forward)),
        (ExchangedHalf::Return, about(returned)),
    ];
    let reused: Vec<ExchangedHalf> = halves
        .iter()
        .filter(|(_, decision)| *decision == ClaimDecision::OtherContent)
        .map(|(half, _)| *half)
        .collect();
    if !reused.is_empty() {
        return ExchangeDecision::Reused(reused);
    }
    let waits = halves.iter().filter_map(|(_, decision)| wait(decision));
    if let Some(longest) = waits.max() {
        return ExchangeDecision::Wait(longest);
    }
    let begins = [forward, returned].map(begins_anew);
    if let Some(half) = begun_alone(&halves, begins) {
        return ExchangeDecision::HalfEnded(half);
    }
    let [(_, forward), (_, returned)] = halves;
    if forward == ClaimDecision::Replay && returned == ClaimDecision::Replay {
        return ExchangeDecision::Replay;
    }
    ExchangeDecision::Work {
        may_exist: was_tried(&forward) || was_tried(&returned),
        forward,
        returned,
    }
}

fn wait(decision: &ClaimDecision) -> Option<Duration> {
    match decision {
        ClaimDecision::Wait(left) => Some(*left),
        ClaimDecision::Claim
        | ClaimDecision::ClaimNewRound
        | ClaimDecision::Continue
        | ClaimDecision::Replay
        | ClaimDecision::OtherContent
        | ClaimDecision::Reconcile => None,
    }
}

/// Whether a request would book a half under its number once more: what the earlier attempt ordered is gone.
fn begins_anew(met: Option<MetClaim>) -> bool {
    met.is_some_and(|met| match met.standing {
        Standing::Cancelled => true,
        Standing::Released => !met.same_content,
        Standing::Observed
        | Standing::Claimed
        | Standing::Uncertain
        | Standing::Pending
        | Standing::Ordered
        | Standing::Booked => false,
    })
}

/// The half that would begin anew while the other one is that of an earlier attempt.
fn begun_alone(
    halves: &[(ExchangedHalf, ClaimDecision); 2],
    [first_begins, second_begins]: [bool; 2],
) -> Option<ExchangedHalf> {
    let [(first, of_first), (second, of_second)] = halves;
    if first_begins && was_tried(of_second) {
        Some(*first)
    } else if second_begins && was_tried(of_first) {
        Some(*second)
    } else {
        None
    }
}

/// Whether an earlier attempt with the same content may have ordered this half.
fn was_tried(decision: &ClaimDecision) -> bool {
    match decision {
        ClaimDecision::Continue | ClaimDecision::Replay | ClaimDecision::Reconcile => true,
        ClaimDecision::Claim
        | ClaimDecision::ClaimNewRound
        | ClaimDecision::OtherContent
        | ClaimDecision::Wait(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::claim::Standing;

    fn met(standing: Standing) -> MetClaim {
        MetClaim {
            standing,
            same_content: true,
            lease_until: None,
            has_progress: false,
        }
    }

    fn with_progress(standing: Standing) -> MetClaim {
        MetClaim {
            has_progress: true,
            ..met(standing)
        }
    }

    fn other(standing: Standing) -> MetClaim {
        MetClaim {
            same_content: false,
            ..met(standing)
        }
    }

    fn decided(forward: Option<MetClaim>, returned: Option<MetClaim>) -> ExchangeDecision {
        decide_exchange(forward, returned, Timestamp::from_second(100).unwrap())
    }

    fn work(forward: ClaimDecision, returned: ClaimDecision, may_exist: bool) -> ExchangeDecision {
        ExchangeDecision::Work {
            forward,
            returned,
            may_exist,
        }
    }

    #[test]
    fn free_numbers_are_claimed_and_nothing_is_looked_up() {
        let claim = || work(ClaimDecision::Claim, ClaimDecision::Claim, false);
        assert_eq!(decided(None, None), claim());
        let observed = Some(met(Standing::Observed));
        assert_eq!(decided(observed, None), claim());
        let released = Some(other(Standing::Released));
        assert_eq!(decided(released, released), claim());
    }

    #[test]
    fn two_booked_halves_are_replayed() {
        let booked = Some(met(Standing::Booked));
        assert_eq!(decided(booked, booked), ExchangeDecision::Replay);
    }

    #[test]
    fn a_booked_half_stands_while_the_other_one_is_finished() {
        let booked = Some(met(Standing::Booked));
        for (standing, decision) in [
            (with_progress(Standing::Released), ClaimDecision::Continue),
            (met(Standing::Ordered), ClaimDecision::Continue),
            (met(Standing::Uncertain), ClaimDecision::Reconcile),
            (met(Standing::Pending), ClaimDecision::Reconcile),
            (met(Standing::Claimed), ClaimDecision::Reconcile),
        ] {
            let expected = work(ClaimDecision::Replay, decision, true);
            assert_eq!(decided(booked, Some(standing)), expected);
            let expected = work(decision, ClaimDecision::Replay, true);
            assert_eq!(decided(Some(standing), booked), expected);
        }
    }

    #[test]
    fn an_unknown_outcome_of_either_half_is_looked_up_before_anything_is_ordered() {
        let uncertain = Some(met(Standing::Uncertain));
        let released = Some(met(Standing::Released));
        for (forward, returned) in [
            (uncertain, released),
            (released, uncertain),
            (uncertain, None),
        ] {
            let decision = decided(forward, returned);
            let looks = matches!(
                decision,
                ExchangeDecision::Work {
                    may_exist: true,
                    ..
                }
            );
            assert!(looks, "{decision:?}");
        }
    }

    #[test]
    fn every_number_with_other_content_is_named() {
        use ExchangedHalf::{Forward, Return};
        let label = Some(other(Standing::Booked));
        assert_eq!(
            decided(label, None),
            ExchangeDecision::Reused(vec![Forward])
        );
        assert_eq!(decided(None, label), ExchangeDecision::Reused(vec![Return]));
        let both = ExchangeDecision::Reused(vec![Forward, Return]);
        assert_eq!(decided(label, label), both);
    }

    #[test]
    fn a_cancelled_half_alone_is_not_ordered_again() {
        use ExchangedHalf::{Forward, Return};
        let (cancelled, booked) = (Some(met(Standing::Cancelled)), Some(met(Standing::Booked)));
        assert_eq!(
            decided(cancelled, booked),
            ExchangeDecision::HalfEnded(Forward)
        );
        assert_eq!(
            decided(booked, cancelled),
            ExchangeDecision::HalfEnded(Return)
        );
        let round = || ClaimDecision::ClaimNewRound;
        assert_eq!(decided(cancelled, cancelled), work(round(), round(), false));
    }

    #[test]
    fn a_number_that_another_shipment_used_since_is_not_paired_with_the_half_that_is_left() {
        use ExchangedHalf::{Forward, Return};
        let refused = Some(with_progress(Standing::Released));
        for used in [
            other(Standing::Released),
            MetClaim {
                has_progress: true,
                ..other(Standing::Released)
            },
        ] {
            let ended = ExchangeDecision::HalfEnded;
            assert_eq!(decided(Some(used), refused), ended(Forward));
            assert_eq!(decided(refused, Some(used)), ended(Return));
        }
        // What nothing was ordered for can be ordered.
        let claim = || ClaimDecision::Claim;
        let (free, used) = (met(Standing::Released), other(Standing::Released));
        assert_eq!(
            decided(Some(free), Some(used)),
            work(claim(), claim(), false)
        );
    }

    #[test]
    fn the_longer_lease_is_waited_for() {
        let leased = |second| {
            Some(MetClaim {
                lease_until: Some(Timestamp::from_second(second).unwrap()),
                ..met(Standing::Claimed)
            })
        };
        let wait = |seconds| ExchangeDecision::Wait(Duration::from_secs(seconds));
        assert_eq!(decided(leased(105), leased(120)), wait(20));
        assert_eq!(decided(leased(105), Some(met(Standing::Booked))), wait(5));
    }
}
