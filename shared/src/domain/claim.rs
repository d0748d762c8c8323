//! The claim on an order: what makes buying a label happen once.
//!
//! Whoever wants to book claims the order first. A second request meets the claim and learns from it what to do: give
//! the same answer, wait, or find out what became of an interrupted one. Nothing here ever says "book again" while the
//! outcome of an earlier booking is unknown.

use std::time::Duration;

use jiff::Timestamp;

/// How long a claim is held by whoever works on it: as long as a function can run. After that its holder is dead.
pub const LEASE: Duration = Duration::from_secs(30);

/// Where a claimed order stands.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize, strum::Display,
)]
#[serde(rename_all = "UPPERCASE")]
#[strum(serialize_all = "UPPERCASE")]
pub enum Standing {
    /// Known from notifications alone: nobody asked us for it.
    Observed,
    /// Somebody is booking it, until its lease ends.
    Claimed,
    /// A booking was attempted and its outcome is unknown.
    Uncertain,
    /// The aggregator queued it.
    Pending,
    /// The order exists at the aggregator, without an AWB: a label continues it.
    Ordered,
    /// Booked: the answer is recorded.
    Booked,
    /// Refused, or settled as never booked: any content may be booked.
    Released,
    /// Cancelled at the aggregator: any content may be booked.
    Cancelled,
}

/// What a request wants of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Goal {
    /// That it exists at the aggregator.
    Order,
    /// That a courier will carry it.
    Booking,
}

/// What a request must know of the claim that it met.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MetClaim {
    /// Where the order stands.
    pub standing: Standing,
    /// Whether it was claimed for the same content.
    pub same_content: bool,
    /// When the holder's lease ends.
    pub lease_until: Option<Timestamp>,
    /// Whether its sequence of calls has left something at the aggregator.
    pub has_progress: bool,
}

/// What a request does about a claim that it met.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClaimDecision {
    /// Claim it: nothing stands in the way.
    Claim,
    /// Claim it under another name at the aggregator, which still knows the former order by the one before.
    ClaimAnew,
    /// Take it over and go on from where its sequence of calls stopped.
    Continue,
    /// Give the recorded answer.
    Replay,
    /// Refuse: the order number was used for something else.
    OtherContent,
    /// Somebody is at it: come back after this long.
    Wait(Duration),
    /// Take it over and ask the aggregator what became of it.
    Reconcile,
}

/// Decides what a request for `met` does at `now`.
pub fn decide(goal: Goal, met: MetClaim, now: Timestamp) -> ClaimDecision {
    match met.standing {
        Standing::Observed => ClaimDecision::Claim,
        Standing::Released if !met.has_progress => ClaimDecision::Claim,
        Standing::Released if met.same_content => ClaimDecision::Continue,
        Standing::Cancelled | Standing::Released => ClaimDecision::ClaimAnew,
        Standing::Claimed
        | Standing::Uncertain
        | Standing::Pending
        | Standing::Ordered
        | Standing::Booked
            if !met.same_content =>
        {
            ClaimDecision::OtherContent
        }
        Standing::Booked => ClaimDecision::Replay,
        Standing::Ordered if goal == Goal::Order => ClaimDecision::Replay,
        Standing::Ordered => ClaimDecision::Continue,
        Standing::Uncertain | Standing::Pending | Standing::Claimed => {
            let left = met
                .lease_until
                .map_or(0, |until| until.as_millisecond() - now.as_millisecond());
            match u64::try_from(left) {
                Ok(left) if left > 0 => ClaimDecision::Wait(Duration::from_millis(left)),
                Ok(_) | Err(_) => ClaimDecision::Reconcile,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn met(standing: Standing, same_content: bool, lease: Option<i64>) -> ClaimDecision {
        asked(Goal::Booking, standing, same_content, lease, false)
    }

    fn asked(
        goal: Goal,
        standing: Standing,
        same_content: bool,
        lease: Option<i64>,
        has_progress: bool,
    ) -> ClaimDecision {
        let at = |second| Timestamp::from_second(second).unwrap();
        let met = MetClaim {
            standing,
            same_content,
            lease_until: lease.map(at),
            has_progress,
        };
        decide(goal, met, at(100))
    }

    #[test]
    fn a_free_order_is_claimed_with_any_content() {
        for standing in [Standing::Observed, Standing::Released] {
            assert_eq!(met(standing, false, None), ClaimDecision::Claim);
        }
        assert_eq!(
            met(Standing::Cancelled, false, None),
            ClaimDecision::ClaimAnew
        );
    }

    #[test]
    fn what_a_refusal_left_at_the_aggregator_is_continued_with_the_same_content_alone() {
        let released = |same| asked(Goal::Booking, Standing::Released, same, None, true);
        assert_eq!(released(true), ClaimDecision::Continue);
        assert_eq!(released(false), ClaimDecision::ClaimAnew);
    }

    #[test]
    fn a_label_continues_an_order_and_an_order_is_not_made_twice() {
        let ordered = |goal| asked(goal, Standing::Ordered, true, None, true);
        assert_eq!(ordered(Goal::Order), ClaimDecision::Replay);
        assert_eq!(ordered(Goal::Booking), ClaimDecision::Continue);
        assert_eq!(
            asked(Goal::Order, Standing::Booked, true, None, true),
            ClaimDecision::Replay
        );
    }

    #[test]
    fn other_content_is_refused_while_an_order_is_taken() {
        for standing in [
            Standing::Claimed,
            Standing::Uncertain,
            Standing::Pending,
            Standing::Ordered,
            Standing::Booked,
        ] {
            assert_eq!(met(standing, false, Some(200)), ClaimDecision::OtherContent);
        }
    }

    #[test]
    fn a_live_lease_is_waited_for_and_a_dead_one_reconciled() {
        assert_eq!(
            met(Standing::Claimed, true, Some(103)),
            ClaimDecision::Wait(Duration::from_secs(3))
        );
        assert_eq!(
            met(Standing::Claimed, true, Some(100)),
            ClaimDecision::Reconcile
        );
        assert_eq!(
            met(Standing::Uncertain, true, None),
            ClaimDecision::Reconcile
        );
        assert_eq!(met(Standing::Pending, true, None), ClaimDecision::Reconcile);
        assert_eq!(met(Standing::Booked, true, None), ClaimDecision::Replay);
    }
}
