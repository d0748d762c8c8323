//! The state of a claimed order after an attempt.

use crate::domain::claim::Standing;

/// The effect of a failed attempt at the aggregator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FailedAttempt {
    /// The aggregator refused it. This also decides an earlier attempt with an unknown outcome: an aggregator that had
    /// booked it would not refuse it.
    Refused,
    /// It had no effect.
    WithoutEffect,
    /// It may have taken effect.
    Unclear,
}

/// The state of a claim that was taken over, until more is known.
pub fn doubt(standing: Standing) -> Standing {
    if standing == Standing::Pending {
        Standing::Pending
    } else {
        Standing::Uncertain
    }
}

/// The state of a claim after a failed attempt. `doubt` is its earlier state, if an earlier attempt may have taken
/// effect.
pub fn standing_after(failed: FailedAttempt, doubt: Option<Standing>) -> Standing {
    match failed {
        FailedAttempt::Refused => Standing::Released,
        FailedAttempt::WithoutEffect => doubt.unwrap_or(Standing::Released),
        FailedAttempt::Unclear => doubt.unwrap_or(Standing::Uncertain),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_refusal_ends_an_earlier_doubt() {
        let (released, uncertain, pending) =
            (Standing::Released, Standing::Uncertain, Standing::Pending);
        for (failed, doubt, after) in [
            (FailedAttempt::Refused, None, released),
            (FailedAttempt::Refused, Some(uncertain), released),
            (FailedAttempt::Refused, Some(pending), released),
            (FailedAttempt::WithoutEffect, None, released),
            (FailedAttempt::WithoutEffect, Some(uncertain), uncertain),
            (FailedAttempt::WithoutEffect, Some(pending), pending),
            (FailedAttempt::Unclear, None, uncertain),
            (FailedAttempt::Unclear, Some(uncertain), uncertain),
            (FailedAttempt::Unclear, Some(pending), pending),
        ] {
            let standing = standing_after(failed, doubt);
            assert_eq!(standing, after, "{failed:?} {doubt:?}");
        }
    }

    #[test]
    fn a_queued_order_stays_queued_until_more_is_known() {
        assert_eq!(doubt(Standing::Pending), Standing::Pending);
        for standing in [Standing::Claimed, Standing::Uncertain] {
            assert_eq!(doubt(standing), Standing::Uncertain);
        }
    }
}
