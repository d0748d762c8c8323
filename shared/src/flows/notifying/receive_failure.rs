//! Why a push is not accepted.

use crate::aggregators::PushRejection;
use crate::contract::fields::Unreadable;
use crate::domain::text::AggregatorName;
use crate::queue::sender::NotSent;
use crate::store::failure::StoreFailure;

/// Why a push was not accepted.
#[derive(Debug, thiserror::Error)]
pub enum ReceiveFailure {
    /// The body could not be parsed: do not retry.
    #[error("the push could not be parsed")]
    Unreadable(Unreadable),
    /// The body contains a wrong proof.
    #[error("the push's proof is invalid")]
    Unproved,
    /// The push is too large to be stored: do not retry.
    #[error("the push is too large to be stored")]
    TooLarge,
    /// This version has no adapter for the account's aggregator: retry until a version with one is deployed.
    #[error("no adapter for the aggregator {0}")]
    UnknownAggregator(AggregatorName),
    /// The notification cannot be encoded, which is a bug: do not retry.
    #[error("the notification cannot be encoded")]
    NotEncoded(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The push was not stored: retry.
    #[error("the push was not stored")]
    NotStored(#[from] StoreFailure),
    /// The notification is stored, but not queued: retry.
    #[error("the notification was not sent")]
    NotSent(#[from] NotSent),
    /// The time for the request ended: retry; the repeat continues with the rest.
    #[error("the time ended before the whole push was stored and sent")]
    OutOfTime,
}

impl From<PushRejection> for ReceiveFailure {
    fn from(rejection: PushRejection) -> Self {
        match rejection {
            PushRejection::Unreadable(unreadable) => Self::Unreadable(unreadable),
            PushRejection::Unproved => Self::Unproved,
        }
    }
}
