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
    /// Booked: the answer is recorded.
    Booked,
    /// Refused, or settled as never booked: any content may be booked.
    Released,
    /// Cancelled at the aggregator: any content may be booked.
    Cancelled,
}

/// What a request must know of the claim that it met.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Met {
    /// Where the order stands.
    pub standing: Standing,
    /// Whether it was claimed for the same content.
    pub same_content: bool,
    /// When the holder's lease ends.
    pub lease_until: Option<Timestamp>,
}

/// What a request does about a claim that it met.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// Claim it: nothing stands in the way.
    Claim,
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
pub fn decide(met: Met, now: Timestamp) -> Decision {
    match met.standing {
        Standing::Observed | Standing::Released | Standing::Cancelled => Decision::Claim,
        Standing::Claimed | Standing::Uncertain | Standing::Pending | Standing::Booked
            if !met.same_content =>
        {
            Decision::OtherContent
        }
        Standing::Booked => Decision::Replay,
        Standing::Uncertain | Standing::Pending | Standing::Claimed => {
            let left = met
                .lease_until
                .map_or(0, |until| until.as_millisecond() - now.as_millisecond());
            match u64::try_from(left) {
                Ok(left) if left > 0 => Decision::Wait(Duration::from_millis(left)),
                Ok(_) | Err(_) => Decision::Reconcile,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn met(standing: Standing, same_content: bool, lease: Option<i64>) -> Decision {
        let at = |second| Timestamp::from_second(second).unwrap();
        decide(
            Met {
                standing,
                same_content,
                lease_until: lease.map(at),
            },
            at(100),
        )
    }

    #[test]
    fn a_free_order_is_claimed_with_any_content() {
        for standing in [Standing::Observed, Standing::Released, Standing::Cancelled] {
            assert_eq!(met(standing, false, None), Decision::Claim);
        }
    }

    #[test]
    fn other_content_is_refused_while_an_order_is_taken() {
        for standing in [
            Standing::Claimed,
            Standing::Uncertain,
            Standing::Pending,
            Standing::Booked,
        ] {
            assert_eq!(met(standing, false, Some(200)), Decision::OtherContent);
        }
    }

    #[test]
    fn a_live_lease_is_waited_for_and_a_dead_one_reconciled() {
        assert_eq!(
            met(Standing::Claimed, true, Some(103)),
            Decision::Wait(Duration::from_secs(3))
        );
        assert_eq!(met(Standing::Claimed, true, Some(100)), Decision::Reconcile);
        assert_eq!(met(Standing::Uncertain, true, None), Decision::Reconcile);
        assert_eq!(met(Standing::Pending, true, None), Decision::Reconcile);
        assert_eq!(met(Standing::Booked, true, None), Decision::Replay);
    }
}
