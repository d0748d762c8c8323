//! What is known after a call that sets stock.

use std::time::Duration;

use crate::partners::failure::{PartnerFailure, Refusal};

/// A round of a write and a read is begun only if this is left.
pub(super) const LEAST_TIME: Duration = Duration::from_secs(2);
/// The longest pause that a shop may ask for before a call is repeated.
const LONGEST_PAUSE: Duration = Duration::from_secs(3);
/// The pause if it does not say how long.
const PAUSE: Duration = Duration::from_secs(1);

/// The result of a write.
#[derive(Debug)]
pub(super) enum Written {
    /// The shop answered with a success.
    Done,
    /// The shop refused it, for this reason.
    Refused(String),
    /// There was no clear answer, or the shop was too busy; to be repeated after this pause.
    Lost(Duration),
}

impl Written {
    /// Sorts failures by what is done next; `Err` if all further calls would fail too.
    pub(super) fn of(written: Result<(), PartnerFailure>) -> Result<Self, PartnerFailure> {
        match written {
            Ok(()) => Ok(Self::Done),
            Err(PartnerFailure::Refused(refusal)) => Ok(Self::Refused(reason(refusal))),
            Err(failure) => lost(failure).map(Self::Lost),
        }
    }
}

/// The pause before a call is repeated that got no clear answer; `Err` if repeating it is no use.
pub(super) fn lost(failure: PartnerFailure) -> Result<Duration, PartnerFailure> {
    match failure {
        PartnerFailure::Throttled(after) => Ok(after.unwrap_or(PAUSE).min(LONGEST_PAUSE)),
        PartnerFailure::NotSent(_)
        | PartnerFailure::Unreachable
        | PartnerFailure::OutcomeUnknown
        | PartnerFailure::Unreadable => Ok(Duration::ZERO),
        PartnerFailure::NotConfigured(_)
        | PartnerFailure::Invalid(_)
        | PartnerFailure::Refused(_)
        | PartnerFailure::BadCredentials
        | PartnerFailure::LacksRight(_) => Err(failure),
    }
}

fn reason(refusal: Refusal) -> String {
    refusal
        .message
        .unwrap_or_else(|| "no reason given".to_owned())
}
