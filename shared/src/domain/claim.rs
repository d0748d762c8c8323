//! The claim on an order, which makes sure that a label is bought only once.
//!
//! A request claims the order before it books. A second request finds the claim and learns from it what to do: return
//! the same response, wait, or determine the result of an interrupted request. Nothing here ever says "book again"
//! while the outcome of an earlier booking is unknown.

use std::time::Duration;

use jiff::Timestamp;

/// How long a request holds a claim: the maximum run time of a function. After that, its holder has ended.
pub const LEASE: Duration = Duration::from_secs(30);

/// The state of a claimed order.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    serde::Serialize,
    serde::Deserialize,
    strum::Display,
    strum::IntoStaticStr,
)]
#[serde(rename_all = "UPPERCASE")]
#[strum(serialize_all = "UPPERCASE")]
pub enum Standing {
    /// Known only from notifications: it was not booked through RMS.
    Observed,
    /// A request is booking it, until its lease ends.
    Claimed,
    /// A booking was attempted and its outcome is unknown.
    Uncertain,
    /// The aggregator queued it.
    Pending,
    /// The order exists at the aggregator, without an AWB: a label continues it.
    Ordered,
    /// Booked: the response is recorded.
    Booked,
    /// Refused, or settled as never booked: any content may be booked.
    Released,
    /// Cancelled at the aggregator: any content may be booked.
    Cancelled,
}

impl Standing {
    /// Its name, as it is stored.
    pub fn word(self) -> &'static str {
        self.into()
    }
}

/// The goal of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Goal {
    /// The order exists at the aggregator.
    Order,
    /// A courier will carry it.
    Booking,
}

/// The properties of an existing claim that determine a request's decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MetClaim {
    /// The state of the order.
    pub standing: Standing,
    /// Whether it was claimed for the same content.
    pub same_content: bool,
    /// When the holder's lease expires.
    pub lease_until: Option<Timestamp>,
    /// Whether its sequence of calls has created something at the aggregator.
    pub has_progress: bool,
}

/// What a request does about an existing claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClaimDecision {
    /// Claim the order: nothing prevents it.
    Claim,
    /// Claim the order with a new name at the aggregator, which still has the previous order under the old name.
    ClaimNewRound,
    /// Take over the claim and continue its sequence of calls.
    Continue,
    /// Return the recorded response.
    Replay,
    /// Refuse: the order number was used for other content.
    OtherContent,
    /// Another request is in progress: retry after this time.
    Wait(Duration),
    /// Take over the claim and ask the aggregator for the result.
    Reconcile,
}

/// Decides what a request does about the claim `met` at `now`.
pub fn decide(goal: Goal, met: MetClaim, now: Timestamp) -> ClaimDecision {
    match met.standing {
        Standing::Observed => ClaimDecision::Claim,
        Standing::Released if !met.has_progress => ClaimDecision::Claim,
        Standing::Released if met.same_content => ClaimDecision::Continue,
        Standing::Cancelled | Standing::Released => ClaimDecision::ClaimNewRound,
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
            ClaimDecision::ClaimNewRound
        );
    }

    #[test]
    fn an_order_left_by_a_refusal_is_continued_only_with_the_same_content() {
        let released = |same| asked(Goal::Booking, Standing::Released, same, None, true);
        assert_eq!(released(true), ClaimDecision::Continue);
        assert_eq!(released(false), ClaimDecision::ClaimNewRound);
    }

    #[test]
    fn a_label_continues_an_order_and_an_order_is_not_created_twice() {
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
    fn a_request_waits_for_a_live_lease_and_reconciles_an_expired_one() {
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
