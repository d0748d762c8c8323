//! Why a change of an order failed.

use std::time::Duration;

use crate::flows::failure::FlowFailure;
use crate::partners::failure::PartnerFailure;

/// Why a change failed, before it is known what that means for its claim.
#[derive(Debug)]
pub(super) enum ChangeFailure {
    /// A call to the channel failed.
    Channel(PartnerFailure),
    /// Something else failed, or the request cannot be done.
    Flow(FlowFailure),
    /// The effect of an earlier attempt may still appear for this time.
    Unsettled(Duration),
    /// The channel answered, but it did not make the change; this is what it has.
    NotMade(String),
}

impl From<PartnerFailure> for ChangeFailure {
    fn from(failure: PartnerFailure) -> Self {
        Self::Channel(failure)
    }
}

impl From<FlowFailure> for ChangeFailure {
    fn from(failure: FlowFailure) -> Self {
        Self::Flow(failure)
    }
}
