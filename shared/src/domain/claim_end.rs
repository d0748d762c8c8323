//! What is known of a claimed order after an attempt.

use crate::domain::claim::Standing;

/// What a failed attempt did at the aggregator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FailedAttempt {
    /// The aggregator refused it. That decides even an earlier attempt whose outcome is unknown: an aggregator that had
    /// booked it would not refuse it.
    Refused,
    /// It had no effect.
    WithoutEffect,
    /// It may have had its effect.
    Unclear,
}

/// Where a claim that was taken over stands until more is known.
pub fn doubt(standing: Standing) -> Standing {
    if standing == Standing::Pending {
        Standing::Pending
    } else {
        Standing::Uncertain
    }
}

/// Where a claim stands after a failed attempt. `doubt` says where it stood before if an earlier attempt may have had an
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
    fn what_was_queued_stays_queued_until_more_is_known() {
        assert_eq!(doubt(Standing::Pending), Standing::Pending);
        for standing in [Standing::Claimed, Standing::Uncertain] {
            assert_eq!(doubt(standing), Standing::Uncertain);
        }
    }
}
